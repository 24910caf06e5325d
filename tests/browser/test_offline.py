"""What is taken away works without a network: the page from a disk, and the pictures."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from playwright.sync_api import expect

from tests.browser.reading import agrees, drag, ready, shown, thumb

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

QUESTION = "How far apart do harmful and harmless posts score?"
PNG = b"\x89PNG\r\n\x1a\n"
SVG = "{http://www.w3.org/2000/svg}"


def saved(page: Page, button: str, folder: Path) -> Path:
    """Press a button and keep what it gives, under the name it gives."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def draws_its_question(path: Path) -> bool:
    """Whether a file is a drawing that asks the question it answers."""
    drawing = ElementTree.fromstring(path.read_text(encoding="utf-8"))
    assert drawing.tag == f"{SVG}svg"
    assert len(list(drawing.iter(f"{SVG}path"))) > 10
    return QUESTION in "".join(drawing.itertext())


def test_the_page_taken_away_drags_and_presents_from_a_disk(
    server: str, page: Page, browser: Browser, tmp_path: Path
) -> None:
    ready(page, f"{server}/moderation?v=2&moderation.threshold=0.03")
    mine = agrees(page)
    pictures_are_taken_away(page, tmp_path)
    kept = saved(page, "Download HTML", tmp_path)

    context = browser.new_context(viewport={"width": 1440, "height": 1000}, offline=True)
    away = context.new_page()
    asked, problems = heard(away)
    ready(away, kept.as_uri())
    first = shown(away)
    assert (first.row, first.cards, first.sentence, first.people, first.threshold) == (
        mine.row, mine.cards, mine.sentence, mine.people, mine.threshold,
    )  # fmt: skip
    held = drag(away, 200)
    assert shown(away) == held  # letting go changes nothing
    for name in ("threshold", "cards", "sentence", "people", "dot", "row"):
        assert getattr(held, name) != getattr(first, name), name
    assert draws_its_question(saved(away, 'Save "scores" as SVG', tmp_path))
    presents(away)
    expect(away).to_have_url(kept.as_uri())
    assert asked
    assert not [url for url in asked if not re.match("file:|data:|blob:", url)]
    assert not problems
    context.close()


def pictures_are_taken_away(page: Page, folder: Path) -> None:
    picture = saved(page, 'Save "cost" as PNG', folder)
    assert picture.name == "moderation-cost.png"
    assert picture.read_bytes().startswith(PNG)
    assert picture.stat().st_size > 20_000  # more than an empty sheet
    drawing = saved(page, 'Save "scores" as SVG', folder)
    assert drawing.name == "moderation-scores.svg"
    assert draws_its_question(drawing)


def heard(page: Page) -> tuple[list[str], list[object]]:
    """Collect what a page asks for, and what goes wrong in it."""
    asked: list[str] = []
    problems: list[object] = []

    def fail(problem: object) -> None:
        problems.append(problem)

    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", fail)
    return asked, problems


def presents(page: Page) -> None:
    before = shown(page)
    page.get_by_role("button", name="Present").click()
    presented = page.get_by_role("dialog", name="Presentation")
    page.keyboard.press("PageDown")
    expect(presented.locator(".place")).to_have_text("2 of 5")
    thumb(page).focus()
    page.keyboard.press("Home")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(presented.locator(".place")).to_have_text("4 of 5")
    assert shown(page).cards != before.cards
    expect(presented.locator(".card .value").first).to_have_text(shown(page).cards[0][1])
    page.keyboard.press("Escape")
    expect(presented).to_have_count(0)
