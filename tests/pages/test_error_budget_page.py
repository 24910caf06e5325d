"""The Error budget page through the app: what a link sets, what a knob changes, what it offers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.links import from_link
from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario, budget
from aipm_metrics.sentences.error_budget import cards
from pages._shared.frame import plain
from tests.pages.opening import link_of, live_part, page, said_on_cards, speak, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.testing.v1 import AppTest


def open_page(fields: Mapping[str, str] | None = None) -> AppTest:
    told = {f"error_budget.{name}": text for name, text in (fields or {}).items()}
    return page(told, name="error_budget")


def expected(scenario: ErrorBudgetScenario) -> list[tuple[str, str]]:
    return [(card.value, card.change) for card in cards(budget(scenario))]


@pytest.fixture(scope="module")
def default() -> AppTest:
    return open_page()


def test_the_page_shows_what_the_core_answers(default: AppTest) -> None:
    assert said_on_cards(default) == expected(ErrorBudgetScenario())
    assert default.title[0].value == ErrorBudgetScenario.question


def test_a_link_sets_the_knobs_and_the_link_offered_is_the_scenario_shown() -> None:
    told = ErrorBudgetScenario(
        slo=0.9955, rule="platform first", owner_slow="finance", calls_per_answer=7
    )
    app = open_page(
        {"slo": "0.9955", "rule": "platform first", "owner_slow": "finance",
         "calls_per_answer": "7"}
    )  # fmt: skip
    assert said_on_cards(app) == expected(told)
    scenario, refusals = from_link(link_of(app))
    assert not refusals
    assert scenario == told


def test_a_knob_changes_the_answer() -> None:
    app = open_page()
    app.number_input(key="error_budget.slo").set_value(0.998).run()
    assert said_on_cards(app) == expected(ErrorBudgetScenario(slo=0.998))
    app.number_input(key="error_budget.observed_wrong").set_value(0.02).run()
    assert said_on_cards(app) == expected(ErrorBudgetScenario(slo=0.998, observed_wrong=0.02))


def test_a_slider_of_nines_reaches_its_own_limits_and_no_further() -> None:
    app = open_page()
    slider = app.select_slider(key="error_budget.today_slo~slider")
    assert slider.options[0].replace("\N{NO-BREAK SPACE}", " ") == "80 %"
    assert slider.options[-1].replace("\N{NO-BREAK SPACE}", " ") == "99.999 %"
    assert len(set(slider.options)) == len(slider.options)
    slider.set_value(0.99999).run()
    assert not app.exception
    assert app.number_input(key="error_budget.today_slo").value == 0.99999


@pytest.mark.parametrize("slo", [0.8, 0.2345678901234567 + 0.7, 0.99999])
def test_the_dial_stands_at_the_chosen_slo_exactly(slo: float) -> None:
    app = open_page({"slo": repr(slo)})
    sent = live_part(app)
    assert sent
    row, table = sent
    assert table["dial"]["values"][row] == slo
    assert app.number_input(key="error_budget.slo").value == slo


def test_a_position_of_the_dial_is_answered_in_the_words_already_sent() -> None:
    app = open_page({"observed_wrong": "0.02", "slo": "0.8"})
    sent = live_part(app)
    assert sent
    for row in (3, 400, 900):
        slo = sent[1]["dial"]["values"][row]
        app.number_input(key="error_budget.slo").set_value(slo).run()
        assert not app.exception
        assert live_part(app) == (row, sent[1])
        assert said_on_cards(app) == expected(ErrorBudgetScenario(slo=slo, observed_wrong=0.02))


HOSTILE = {
    "slo": "99.9", "window": "31 days", "incident_minutes": "2.5", "rule": "<script>",
    "observed_down": "nan", "owner_wrong": "me",
}  # fmt: skip


def test_nonsense_falls_back_and_is_named_in_one_sentence() -> None:
    app = open_page(HOSTILE)
    assert said_on_cards(app) == expected(ErrorBudgetScenario())
    said = " ".join(markdown.value for markdown in app.markdown if "not taken" in markdown.value)
    for name in HOSTILE:
        assert plain(f"`{name}`") in said or "And" in said
    assert "whole number from 1" in said
    assert "<script>" not in said


CHANGED: dict[str, float | str] = {  # one of each group and kind; the core's tests take every one
    "today_slo": 0.995, "window": "7 days", "requests_per_month": 1e6, "observed_slow": 0.01,
    "rule": "equal", "owner_down": "finance", "incident_minutes": 45.0, "harm_capped": 3.0,
    "keep_degraded": 900.0, "calls_per_answer": 9.0, "fallback": "a second provider",
    "ticket_share": 0.2,
}  # fmt: skip


def test_every_kind_of_knob_changes_something_shown(default: AppTest) -> None:
    """A control that changes nothing is a defect."""
    app, before = open_page(), _shown(default)
    for name, value in CHANGED.items():
        app.session_state[f"error_budget.{name}"] = value
        app.run()
        assert not app.exception
        after = _shown(app)
        assert after != before, name
        before = after


def _shown(app: AppTest) -> list[str]:
    """Read what follows from the knobs; the table that repeats a knob's own value is left out."""
    tables = [t.value for t in app.table if t.value.columns[0] != "assumption"]
    sent = live_part(app)
    assert sent
    return [*map(str, said_on_cards(app)), *(str(t.to_dict()) for t in tables),
            *(c.value for c in app.caption), str(sent[1]["dial"]["marks"])]  # fmt: skip


def test_panels_agree_at_one_setting() -> None:
    """Cards, tables, sentence and link tell of one and the same month."""
    app = open_page({"slo": "0.9909", "today_slo": "0.995"})
    scenario, _ = from_link(link_of(app))
    result = scenario.run()
    outcomes = next(t.value for t in app.table if "formula" in t.value.columns)
    shown = dict(zip(outcomes["outcome"], outcomes["here"], strict=True))
    assert float(re.sub(r"[^\d.]", "", shown["cost"])) == pytest.approx(result.cost, abs=0.01)
    spots = next(t.value for t in app.table if "until a page" in t.value.columns)
    mine = spots[spots["known as"].str.contains("chosen")]
    assert mine.iloc[0, 1:6].tolist() == [plain(value) for value in values(app)]
    sent = live_part(app)
    assert sent
    row, table = sent
    engineer = next(t.value for t in app.table if "value" in t.value.columns and len(t.value) == 5)
    told = [plain(speak(table, ratio["said"], row)) for ratio in table["ratios"]]
    assert engineer["value"].tolist() == told
    splits = next(t.value for t in app.table if "its cheapest SLO" in t.value.columns)
    assert plain(values(app)[4]) in splits["costs a month at this SLO"].tolist()
    for cell in table["people"]["cells"].values():
        assert len(cell["n"]) == len(table["dial"]["values"])
    sizes = [cell["n"][row] for cell in table["people"]["cells"].values()]
    assert sum(sizes) == table["people"]["of"]


def test_the_uncertainty_section_speaks_of_slos() -> None:
    app = open_page()
    app.session_state["error_budget~sure"] = True
    app.run()
    assert not app.exception
    said = " ".join(m.value for m in app.markdown)
    assert "cheapest SLO" in said
    assert "threshold" not in said


def test_every_file_can_be_taken_away_once_the_menu_is_open(default: AppTest) -> None:
    offered = {button.proto.label for button in default.get("download_button")}
    assert {"Download HTML", "OpenSLO (YAML)"} <= offered
    app = open_page()
    app.session_state["error_budget-tables"] = True
    app.run()
    assert {button.proto.label for button in app.get("download_button")} >= {
        "Outcomes", "Every SLO", "By mode", "By owner", "Splits", "Alerts", "Indicators",
        "Operating points", "Flip points", "Assumptions", "Some slos",
    }  # fmt: skip
