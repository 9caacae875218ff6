"""Label Studio as an annotator sees it: a real Chromium on a real server, both on this machine."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import msgspec
import pytest

from chromium import start_chromium
from qatynas.document import Mention
from qatynas.exports.label_studio import list_accounts
from qatynas.label_config import render_label_config
from qatynas.label_studio import LabelsRow, RelationRow, Task, collect_regions, to_reading
from qatynas.schema import load_schema
from qatynas.studio.client import Client
from qatynas.studio.server import find_account
from studio_page import (
    HEIGHT,
    PATIENCE,
    WIDTH,
    await_one,
    click,
    draw_span,
    list_requests,
    log_in,
    read_drawn_spans,
    read_shown_values,
    save_screenshot,
    select_region,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from selenium.webdriver import Chrome

    from qatynas.label_studio import Annotation, Region
    from qatynas.studio.server import Account, Server

ANNOTATIONS = Path(__file__).parents[1] / "annotations"
SCREENSHOT = ANNOTATIONS / "screenshot.png"  # delete it, and the test makes it anew
LARGEST = 300_000  # bytes of the screenshot
RELEASE = "mfa-kz-2025-08-02-kyrgyzstan"
ANNOTATOR = "reader-browser@qatynas.example"
PASSWORD = "kept-by-this-test-alone"  # noqa: S105
TEXT = "Қазақстан мен 😀 Қырғызстан Шолпан-Атада кездесті. Әңгіме ұзаққа созылды."


@pytest.fixture(scope="module")
def release() -> Task:
    return msgspec.json.decode((ANNOTATIONS / "tasks" / f"{RELEASE}.json").read_bytes(), type=Task)


@pytest.fixture(scope="module")
def account(studio: Server, studio_folder: Path) -> Account:
    """The ready-made account of the running server."""
    account = find_account(studio_folder)
    assert account is not None
    assert account.url == studio.url
    return account


@pytest.fixture(scope="module")
def project(account: Account, release: Task) -> int:
    """A project with the official release and with a text that nobody has read."""
    emails = list_accounts([release])
    with Client(account.url, account.token) as client:
        project = client.make_project("browser", render_label_config(load_schema()))
        client.make_users(emails)
        client.send_tasks(project, [msgspec.to_builtins(release), {"data": {"doc_id": "unread", "text": TEXT}}])
    return project


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Chrome]:
    with start_chromium(tmp_path / "profile", WIDTH, HEIGHT) as chrome:
        yield chrome


def open_task(browser: Chrome, account: Account, project: int, doc_id: str) -> None:
    task = next(task for task in fetch(account, project) if task["data"]["doc_id"] == doc_id)
    browser.get(f"{account.url}/projects/{project}/data?task={task['id']}")
    await_one(browser, ".lsf-htx-richtext")


def fetch(account: Account, project: int) -> list[dict[str, Any]]:
    with Client(account.url, account.token) as client:
        tasks: list[dict[str, Any]] = json.loads(client.fetch_snapshot(project))
    return tasks


def find_gold(task: Task) -> Annotation:
    (gold,) = (annotation for annotation in task.annotations if annotation.ground_truth)
    return gold


def await_values(browser: Chrome, region: Region) -> set[str]:
    """What the selected region shows once it shows what it should, or at last: its fields come one after another."""
    from selenium.common.exceptions import TimeoutException
    from selenium.webdriver.support.wait import WebDriverWait

    with suppress(TimeoutException):
        WebDriverWait(browser, PATIENCE).until(lambda browser: read_shown_values(browser) == expect_values(region))
    return read_shown_values(browser)


def expect_values(region: Region) -> set[str]:
    return {name if given is True else str(given) for name, given in region.attributes.items()}


def read_mentions(task: dict[str, Any], email: str) -> tuple[Mention, ...]:
    """The mentions of an annotator's one annotation, read as the data set reads them."""
    read = msgspec.convert(task, Task)
    (annotation,) = (one for one in read.annotations if list_accounts([Task(read.data, [one])]) == [email])
    return to_reading(read, annotation).mentions


def test_the_official_release_is_drawn(
    browser: Chrome, account: Account, project: int, release: Task, tmp_path: Path
) -> None:
    log_in(browser, f"{account.url}/user/login/", account.email, account.password)
    open_task(browser, account, project, RELEASE)
    gold = find_gold(release)
    rows = [row for row in gold.result if isinstance(row, LabelsRow)]
    await_one(browser, f".htx-highlight[class*='htx-highlight-{rows[-1].id}-']")
    assert read_drawn_spans(browser) == {row.id: row.value.text for row in rows}

    await_one(browser, "g[class*='relationItem']")
    script = "return [...document.querySelectorAll(`g[class*='relationItem']`)].map(e => e.textContent)"
    drawn = Counter(browser.execute_script(script))
    assert drawn == Counter(label for row in gold.result if isinstance(row, RelationRow) for label in row.labels)

    regions = {region.label: region for region in collect_regions(gold)}
    richest = max(collect_regions(gold), key=lambda region: len(region.attributes))
    for region in (regions["POSITION"], regions["DATE"], regions["CARDINAL"], richest):
        select_region(browser, region.id)
        assert await_values(browser, region) == expect_values(region), region

    picture = tmp_path / "screenshot.png"
    save_screenshot(browser, picture)
    assert picture.stat().st_size < LARGEST
    if not SCREENSHOT.exists():
        shutil.copyfile(picture, SCREENSHOT)
    assert set(list_requests(browser)) == {"127.0.0.1"}


def test_an_annotator_draws_a_span_and_names_it(browser: Chrome, account: Account, project: int) -> None:
    headers = {"Authorization": f"Token {account.token}"}
    invitation = httpx.get(f"{account.url}/api/invite", headers=headers, trust_env=False).json()["invite_url"]
    log_in(browser, f"{account.url}{urlsplit(invitation).path}?{urlsplit(invitation).query}", ANNOTATOR, PASSWORD)
    browser.delete_all_cookies()
    log_in(browser, f"{account.url}/user/login/", ANNOTATOR, PASSWORD)
    open_task(browser, account, project, "unread")
    draw_span(browser, "Шолпан-Атада", "GPE", "Шолпан-Ата")
    click(browser, "[data-testid='bottombar-submit-button']")
    await_one(browser, "[data-testid='bottombar-update-button']")

    (task,) = (task for task in fetch(account, project) if task["data"]["doc_id"] == "unread")
    start = TEXT.index("Шолпан-Атада")  # after a character that counts for two in the browser's own strings
    place = (start, start + len("Шолпан-Атада"))
    assert read_mentions(task, ANNOTATOR) == (Mention(*place, "GPE", "Шолпан-Ата"),)
    assert [row["value"]["start"] for row in task["annotations"][0]["result"]] == [start, start]
    assert set(list_requests(browser)) == {"127.0.0.1"}


def test_an_adjudicator_corrects_the_ground_truth(
    browser: Chrome, account: Account, project: int, release: Task
) -> None:
    """Who updates the starred reading neither takes it over nor takes its star, and changes nothing else in it."""
    gold = find_gold(release)
    email = gold.completed_by.email  # type: ignore[union-attr]
    row = {"type": "labels", "id": "m0", "from_name": "entity", "to_name": "text"}
    row["value"] = {"start": 0, "end": 9, "labels": ["GPE"], "text": "Қазақстан"}  # type: ignore[assignment]
    annotation = {"completed_by": {"email": email}, "ground_truth": True, "result": [row]}
    with Client(account.url, account.token) as client:
        task = {"data": {"doc_id": "adjudicated", "text": TEXT}, "annotations": [annotation]}
        client.send_tasks(project, [task])
    log_in(browser, f"{account.url}/user/login/", account.email, account.password)
    open_task(browser, account, project, "adjudicated")
    await_one(browser, ".htx-highlight")
    draw_span(browser, "Қырғызстан", "GPE", "Қырғызстан")
    click(browser, "[data-testid='bottombar-update-button']:not([disabled])")
    await_one(browser, "[data-testid='bottombar-update-button'][disabled]")

    (saved,) = (task for task in fetch(account, project) if task["data"]["doc_id"] == "adjudicated")
    assert [annotation["ground_truth"] for annotation in saved["annotations"]] == [True]
    start = TEXT.index("Қырғызстан")
    added = Mention(start, start + len("Қырғызстан"), "GPE", "Қырғызстан")
    assert read_mentions(saved, email) == (Mention(0, 9, "GPE", None), added)
    assert set(list_requests(browser)) == {"127.0.0.1"}
