"""A Chromium that a test drives."""

from __future__ import annotations

import importlib.util
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome


@contextmanager
def start_chromium(profile: Path, width: int, height: int) -> Iterator[Chrome]:
    """A Chromium with a profile of its own, which resolves no name and keeps a log of all requests and messages."""
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("there is no Chromium: apt-get install chromium chromium-driver fonts-liberation")
    if importlib.util.find_spec("selenium") is None:
        pytest.skip("selenium is not installed: pip install -e '.[studio,dev]'")
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    options = ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    # Chromium's own sandbox does not start as root, nor its shared memory in a small container
    for option in ("headless=new", "no-sandbox", "disable-dev-shm-usage", "disable-background-networking", "lang=en"):
        options.add_argument(f"--{option}")
    options.add_argument("--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
    options.add_argument(f"--user-data-dir={profile}")
    chrome = Chrome(options, Service(driver))
    try:
        set_size(chrome, width, height)
        yield chrome
    finally:
        chrome.quit()


def set_size(chrome: Chrome, width: int, height: int, *, mobile: bool = False) -> None:
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
