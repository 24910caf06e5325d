"""A real server and a real Chromium, shared by the browser tests."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import find_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).parents[2]
PATIENCE = 60  # s, for a cold start on a busy machine
expect.set_options(timeout=30_000)  # ms; a busy machine is slow, not wrong


@contextlib.contextmanager
def running_server(log: Path) -> Iterator[str]:
    """Run the dashboard in a process of its own; give its address."""
    with server_process(log) as (address, _):
        yield address


@contextlib.contextmanager
def server_process(log: Path, *more_flags: str, port: int = 0) -> Iterator[tuple[str, int]]:
    """Run the dashboard in a process of its own; give its address and process id."""
    if not port:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    options = {
        "server.port": port,
        "server.address": "127.0.0.1",
        "server.headless": "true",
        "server.fileWatcherType": "none",
    }
    flags = [*(f"--{name}={value}" for name, value in options.items()), *more_flags]
    with log.open("w") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", "app.py", *flags],
            cwd=ROOT, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}/_stcore/health", server, log)
            yield address, server.pid
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError):
            if urllib.request.urlopen(url, timeout=1).read() == b"ok":
                return
        time.sleep(0.1)
    pytest.fail(f"The server did not come up:\n{log.read_text()[-2000:]}")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_server(tmp_path_factory.mktemp("server") / "log.txt") as address:
        yield address


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    quiet = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=quiet)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    fresh = browser.new_context(viewport={"width": 1440, "height": 1000})
    yield fresh
    fresh.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


def settled(page: Page) -> None:
    """Wait until the script has run and the page shows its answer."""
    page.wait_for_function(
        "() => document.querySelector('[data-testid=stApp]')"
        "?.getAttribute('data-test-script-state') === 'notRunning'"
        " && !document.querySelector('[data-stale=true]')"
    )


def opened(page: Page, address: str) -> Page:
    """Open an address and wait for its answer."""
    page.goto(address)
    page.get_by_role("heading", level=1).wait_for()
    settled(page)
    return page


def cards(page: Page, unlike: list[str] | None = None) -> list[str]:
    """Read the outcome cards once they stand still, and once they differ from `unlike`."""
    on_cards = page.locator(
        ".aipm-live[data-ready] [data-panel=cards] .card, [data-testid=stMetric]"
    )
    on_cards.nth(4).wait_for()
    deadline, last = time.monotonic() + PATIENCE, [""]
    while time.monotonic() < deadline:
        settled(page)
        shown: list[str] = on_cards.all_inner_texts()
        if shown == last and shown != unlike:
            return shown
        last = shown
        page.wait_for_timeout(300)
    return last
