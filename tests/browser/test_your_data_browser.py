"""Somebody's own rows in real browsers: theirs alone, stopped, forgotten, and gone back from."""

from __future__ import annotations

import contextlib
import re
import socket
from typing import TYPE_CHECKING

import duckdb
import pytest
from playwright.sync_api import expect

from tests.aipm_metrics.rows.own_rows import csv_of, rows
from tests.browser.conftest import opened, server_process, settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

# A table that no engine is soon done with, and that takes no room.
SLOW = """CREATE VIEW slow AS
SELECT (hash(i) % 1000) / 1000.0 AS score, hash(i + 7) % 20 = 0 AS label
FROM range(20000000000) AS t(i)"""
COLUMNS = "score=score&label=label&event=true"


def attach(page: Page, content: bytes, name: str = "mine.csv") -> None:
    page.locator("input[type=file]").first.set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="Count these rows").click()
    page.get_by_text("rows counted").wait_for()
    settled(page)


def first_card(page: Page) -> str:
    return page.locator("[data-testid=stMetricValue]").first.inner_text()


def test_rows_are_seen_by_whoever_attached_them_and_nobody_else(
    server: str, browser: Browser, page: Page
) -> None:
    mine = csv_of(rows())
    attach(opened(page, f"{server}/your_data"), mine)
    assert first_card(page) == "2,900"
    other = browser.new_context().new_page()
    opened(other, f"{server}/your_data")
    expect(other.get_by_text("mine.csv")).to_have_count(0)
    opened(other, page.url)  # the link alone
    expect(other.get_by_text("rows never travel in a link")).to_be_visible()
    expect(other.locator("[data-testid=stMetric]")).to_have_count(0)
    attach(other, b"\n".join(mine.split(b"\n")[:1500]))  # another file of the same name
    expect(other.get_by_text("other rows than the link's")).to_be_visible()
    assert first_card(other) == "1,500"
    page.get_by_label("Threshold A", exact=True).fill("0.4")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"your_data\.a=0\.4&"))
    settled(page)
    assert first_card(page) == "2,900"
    other.context.close()


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Flags of a server that knows a slow table."""
    folder = tmp_path_factory.mktemp("warehouse")
    with duckdb.connect(folder / "w.duckdb") as made:
        made.execute(SLOW)
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f'[connections.warehouse]\nbackend = "duckdb"\ndatabase = "{folder / "w.duckdb"}"\n'
    )
    return [f"--secrets.files={secrets}"]


@contextlib.contextmanager
def counting(page: Page, log: Path, flags: list[str], port: int) -> Iterator[None]:
    """A server, and a page on which a count that takes for ever has begun."""
    with server_process(log, *flags, port=port) as (address, _):
        link = f"{address}/your_data?v=1&source=connection&connection=warehouse&name=slow&{COLUMNS}"
        opened(page, link)
        page.get_by_role("button", name="Count it").click()
        page.get_by_role("button", name="Cancel").wait_for()
        expect(page.get_by_text("slow: ")).to_be_visible()
        yield


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def test_a_count_can_be_stopped(page: Page, warehouse: list[str], tmp_path: Path) -> None:
    with counting(page, tmp_path / "log", warehouse, free_port()):
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_text("You stopped the count of slow")).to_be_visible()
        expect(page.get_by_role("button", name="Cancel")).to_have_count(0)
        # The engine is free again: the next count is not kept waiting.
        page.get_by_text("Upload", exact=True).click()
        page.get_by_role("button", name="Try the sample").click()
        page.get_by_text("rows counted").wait_for()


def test_a_server_started_again_says_that_the_count_was_not_finished(
    page: Page, warehouse: list[str], tmp_path: Path
) -> None:
    port = free_port()
    with counting(page, tmp_path / "log", warehouse, port):
        pass
    with server_process(tmp_path / "log2", *warehouse, port=port):
        expect(page.get_by_text("was not finished")).to_be_visible()
        expect(page.get_by_role("button", name="Count it")).to_be_visible()
        expect(page.locator("[data-testid=stMetric]")).to_have_count(0)


def test_back_undoes_a_knob_and_a_link_takes_the_rows_to_another_page(
    server: str, page: Page
) -> None:
    opened(page, f"{server}/your_data")
    page.get_by_role("button", name="Try the sample").click()
    page.get_by_text("rows counted").wait_for()
    settled(page)
    box = page.get_by_label("Threshold A", exact=True)
    box.fill("0.25")
    page.keyboard.press("Enter")
    expect(page.get_by_text("against A at 0.25")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("against A at 0.5")).to_be_visible()
    expect(box).to_have_value("0.5")
    page.get_by_role("link", name="Open in Moderation").click()
    page.get_by_role("heading", name="Where should the removal threshold sit?").wait_for()
    settled(page)
    expect(page.get_by_text("The page speaks of 5,000 rows of the sample")).to_be_visible()
    expect(page.get_by_role("spinbutton", name="Removal threshold")).to_have_value("0.035")
