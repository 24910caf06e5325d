"""The AI's threshold under the hand, in a real Chromium: page, address and Python agree."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from aipm_metrics.links import to_link
from aipm_metrics.scenarios.diagnosis import DiagnosisScenario, diagnose
from aipm_metrics.sentences import diagnosis as words
from tests.browser.conftest import cards
from tests.browser.live_part import box_of, committed, drag_over, open_live, shown

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def agrees(page: Page, scenario: DiagnosisScenario) -> float:
    """See that everything shown is what the core says; return the threshold shown."""
    seen = shown(page)
    threshold = float(diagnose(scenario).curves.threshold[seen["row"]])
    told = diagnose(scenario.model_copy(update={"threshold": threshold}))
    assert seen["cards"] == [[card.label, card.value, card.change] for card in words.cards(told)]
    assert seen["aloud"] == " ".join(words.aloud(told))
    assert sorted(seen["people"]) == sorted([label, n] for label, n in words.people(told))
    return threshold


def test_a_drag_says_what_the_core_says_and_writes_it_down(server: str, page: Page) -> None:
    scenario = DiagnosisScenario(cut=0.7, follow_wrong_opaque=0.5)
    open_live(page, f"{server}{to_link(scenario)}")
    assert agrees(page, scenario) == 0.01
    track = box_of(page, ".track")
    drag_over(page, track, (0.41, 0.5), (0.1, 0.5))
    seen = {agrees(page, scenario)}
    for across in (0.3, 0.6, 0.95):
        page.mouse.move(*track.at(across))
        seen.add(agrees(page, scenario))
    page.mouse.up()
    committed(page)
    assert len(seen) == 4
    (field,) = parse_qs(urlsplit(page.url).query)["diagnosis.threshold"]
    assert float(field) == agrees(page, scenario.model_copy(update={"threshold": float(field)}))


def test_the_articles_case_is_a_preset_and_no_ai_a_click(server: str, page: Page) -> None:
    open_live(page, f"{server}/diagnosis")
    before = cards(page)
    page.get_by_role("button", name="Presets").click()
    page.get_by_role("menuitem", name="the 40 % cut that lost").click()
    lost = cards(page, unlike=before)
    name = "the 40 % cut that lost"
    preset = diagnose(DiagnosisScenario.model_validate(DiagnosisScenario.presets[name]))
    assert [text.split("\n")[1] for text in lost] == [card.value for card in words.cards(preset)]
    page.get_by_role("radio", name="no AI").first.click()
    without = cards(page, unlike=lost)
    told = diagnose(preset.scenario.model_copy(update={"design": "no AI"}))
    assert [text.split("\n")[1] for text in without] == [card.value for card in words.cards(told)]
