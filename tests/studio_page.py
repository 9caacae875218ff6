"""What a test does on Label Studio's pages: log in, click, draw the mouse over words, read what is shown."""

from __future__ import annotations

import json
from collections import Counter
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver import Chrome
    from selenium.webdriver.remote.webelement import WebElement

WIDTH, HEIGHT = 1400, 900
PATIENCE = 60.0  # seconds that a page may take on a busy machine
FIND_WORDS = """
const walker = document.createTreeWalker(document.querySelector(".lsf-htx-richtext"), NodeFilter.SHOW_TEXT);
for (let node = walker.nextNode(); node; node = walker.nextNode()) {
  const at = node.data.indexOf(arguments[0]);
  if (at < 0) continue;
  const range = document.createRange();
  range.setStart(node, at);
  range.setEnd(node, at + arguments[0].length);
  const box = range.getBoundingClientRect();
  return [box.left, box.right, (box.top + box.bottom) / 2];
}
"""
FIND_REGION = """
const span = document.querySelector(`.htx-highlight[class*='htx-highlight-${arguments[0]}-']`);
span.scrollIntoView({block: "center"});
for (const box of span.getClientRects())
  for (let x = box.left + 2; x < box.right; x += 3) {
    const y = (box.top + box.bottom) / 2;
    if (document.elementFromPoint(x, y)?.closest(".htx-highlight") === span) return [x, y];
  }
"""


def find_all(browser: Chrome, selector: str) -> list[WebElement]:
    return browser.find_elements("css selector", selector)


def await_one(browser: Chrome, selector: str, text: str | None = None) -> WebElement:
    """The first visible element that a selector finds, with this beginning where one is given, once there is one."""
    from selenium.common.exceptions import StaleElementReferenceException
    from selenium.webdriver.support.wait import WebDriverWait

    def look(browser: Chrome) -> WebElement | None:
        found = (element for element in find_all(browser, selector) if element.is_displayed())
        return next((element for element in found if text is None or element.text.startswith(text)), None)

    wait = WebDriverWait(browser, PATIENCE, ignored_exceptions=[StaleElementReferenceException])
    shown = wait.until(look, f"nothing shown for {selector!r}, text {text!r}")
    assert shown is not None
    return shown


def click(browser: Chrome, selector: str, text: str | None = None) -> None:
    """Click what `await_one` finds; a page that is being drawn anew takes it away now and then."""
    from selenium.common.exceptions import StaleElementReferenceException

    try:
        await_one(browser, selector, text).click()
    except StaleElementReferenceException:
        await_one(browser, selector, text).click()


def log_in(browser: Chrome, url: str, email: str, password: str) -> None:
    """Fill in the form of an address, which is the login or an invitation."""
    browser.get(url)
    await_one(browser, "[name=email]").send_keys(email)
    await_one(browser, "[name=password]").send_keys(password)
    form = browser.current_url
    await_one(browser, "[type=submit]").click()
    from selenium.webdriver.support.wait import WebDriverWait

    WebDriverWait(browser, PATIENCE).until(lambda browser: browser.current_url != form)


def list_requests(browser: Chrome) -> Counter[str]:
    """The hosts that the pages asked for anything since the last call; a page's own data and blobs have none."""
    hosts: Counter[str] = Counter()
    for entry in browser.get_log("performance"):  # type: ignore[no-untyped-call]
        message = json.loads(entry["message"])["message"]
        if message["method"] in {"Network.requestWillBeSent", "Network.webSocketCreated"}:
            asked = urlsplit(message["params"].get("request", message["params"])["url"])
            # the browser's own start page is made of chrome:// addresses, which leave no machine
            if asked.scheme not in {"data", "blob", "chrome", "chrome-untrusted", "devtools"}:
                hosts[asked.hostname or asked.scheme] += 1
    return hosts


def read_drawn_spans(browser: Chrome) -> dict[str, str]:
    """The text of each region on the page, by the id that Label Studio writes into its class."""
    script = "return [...document.querySelectorAll('.htx-highlight')].map(e => [e.className, e.textContent])"
    drawn: dict[str, str] = {}
    for names, text in browser.execute_script(script):
        (name,) = (name for name in names.split() if name.startswith("htx-highlight-"))
        region = name.removeprefix("htx-highlight-").rpartition("-")[0]
        drawn[region] = drawn.get(region, "") + text
    return drawn


def select_region(browser: Chrome, region: str) -> None:
    """Click a region where it is drawn and no other one lies over it."""
    await_one(browser, f".htx-highlight[class*='htx-highlight-{region}-']")
    point = browser.execute_script(FIND_REGION, region)
    move_mouse(browser, [("mousePressed", *point), ("mouseReleased", *point)])
    await_one(browser, "[data-testid='detailed-region']")


def move_mouse(browser: Chrome, path: list[tuple[str, float, float]]) -> None:
    for kind, x, y in path:
        event = {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
        browser.execute_cdp_cmd("Input.dispatchMouseEvent", event | {"buttons": int(kind != "mouseReleased")})


def read_shown_values(browser: Chrome) -> set[str]:
    """What the fields of the selected region show: numbers, chosen choices and texts."""
    script = """
    const pick = (selector, read) =>
      [...document.querySelectorAll(selector)].filter(e => e.offsetParent).map(read).filter(Boolean);
    return [...pick(".lsf-main-view__annotation input[type=number]", e => e.value),
            ...pick(".lsf-main-view__annotation input:checked", e => e.name),
            ...pick("[data-testid=textarea-region]", e => e.innerText.trim())];
    """
    return set(browser.execute_script(script))


def draw_span(browser: Chrome, words: str, label: str, name: str) -> None:
    """Choose a label, draw the mouse over the words, click the new region and type its name."""
    click(browser, ".lsf-label", label)
    known = set(read_drawn_spans(browser))
    left, right, y = browser.execute_script(FIND_WORDS, words)
    stops = [("Pressed", left + 1), ("Moved", (left + right) / 2), ("Moved", right - 1), ("Released", right - 1)]
    move_mouse(browser, [(f"mouse{kind}", x, y) for kind, x in stops])
    await_one(browser, "[class*='lsf-outliner-item__text']", words)
    (drawn,) = set(read_drawn_spans(browser)) - known
    select_region(browser, drawn)
    field = await_one(browser, "input[name=name]")
    field.send_keys(name + "\n")
    await_one(browser, "[data-testid='textarea-region']", name)


def save_screenshot(browser: Chrome, path: Path) -> None:
    """Write the page as a PNG of 256 colours, which is enough for a page and a third of the size."""
    from PIL import Image

    with Image.open(BytesIO(browser.get_screenshot_as_png())) as image:
        assert image.size == (WIDTH, HEIGHT)
        colours = image.convert("RGB").quantize(256, dither=Image.Dither.NONE)
        colours.save(path, optimize=True)
