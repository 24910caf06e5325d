"""The Build or not page through the app: what a link sets, what a knob changes, what it offers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.links import from_link
from aipm_metrics.scenarios.build_or_not import BuildOrNotScenario, compare_options
from aipm_metrics.sentences.build_or_not import cards
from pages._shared.frame import plain
from tests.pages.opening import link_of, live_part, page, said_on_cards, speak, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.testing.v1 import AppTest


def open_page(fields: Mapping[str, str] | None = None) -> AppTest:
    told = {f"build_or_not.{name}": text for name, text in (fields or {}).items()}
    return page(told, name="build_or_not")


def expected(scenario: BuildOrNotScenario) -> list[tuple[str, str]]:
    return [(value, change) for _, value, change in cards(compare_options(scenario))]


@pytest.fixture(scope="module")
def default() -> AppTest:
    return open_page()


def test_the_page_shows_what_the_core_answers(default: AppTest) -> None:
    assert said_on_cards(default) == expected(BuildOrNotScenario())
    assert default.title[0].value == BuildOrNotScenario.question


def test_a_link_sets_the_knobs_and_the_link_offered_is_the_scenario_shown() -> None:
    told = BuildOrNotScenario(
        months=37, option="people", today="nothing", decay=0.07, across="decay of the model"
    )
    app = open_page(
        {"months": "37", "option": "people", "today": "nothing", "decay": "0.07",
         "across": "decay of the model"}
    )  # fmt: skip
    assert said_on_cards(app) == expected(told)
    scenario, refusals = from_link(link_of(app))
    assert not refusals
    assert scenario == told


def test_a_knob_changes_the_answer_and_the_dial_only_where_it_stands() -> None:
    app = open_page()
    before = live_part(app)
    assert before
    app.number_input(key="build_or_not.months").set_value(48).run()
    assert said_on_cards(app) == expected(BuildOrNotScenario(months=48))
    assert live_part(app) == (47, before[1])
    app.number_input(key="build_or_not.model_build").set_value(20_000.0).run()
    assert said_on_cards(app) == expected(BuildOrNotScenario(months=48, model_build=20_000))
    row, table = live_part(app) or (0, {})
    assert row == 47
    assert table != before[1]


HOSTILE = {
    "months": "2.5", "option": "<script>", "auc": "1.2", "items_per_month": "nan",
    "launch_months": "-1", "across": "wages",
}  # fmt: skip


def test_nonsense_falls_back_and_is_named_in_one_sentence() -> None:
    app = open_page(HOSTILE)
    assert said_on_cards(app) == expected(BuildOrNotScenario())
    said = " ".join(markdown.value for markdown in app.markdown if "not taken" in markdown.value)
    for name in HOSTILE:
        assert plain(f"`{name}`") in said or "And" in said
    assert "<script>" not in said


CHANGED: dict[str, float | str] = {  # one of each group and kind; the core's tests take every one
    "option": "people", "today": "people", "prevalence": 0.05, "auc": 0.99, "decay": 0.1,
    "rules_tpr": 0.8, "people_hours": 100.0, "cost_fn": 55.0, "across": "AUC", "up": "positives",
}  # fmt: skip


def test_every_kind_of_knob_changes_something_shown(default: AppTest) -> None:
    """A control that changes nothing is a defect."""
    app, before = open_page(), _shown(default)
    for name, value in CHANGED.items():
        app.session_state[f"build_or_not.{name}"] = value
        app.run()
        assert not app.exception
        after = _shown(app)
        assert after != before, name
        before = after


def _shown(app: AppTest) -> list[str]:
    """Read what follows from the knobs; the table that repeats a knob's own value is left out."""
    tables = [t.value for t in app.table if t.value.columns[0] != "assumption"]
    charts = [chart.proto.spec for chart in app.get("plotly_chart")]
    return [*map(str, said_on_cards(app)), *(str(t.to_dict()) for t in tables), *charts,
            *(c.value for c in app.caption)]  # fmt: skip


def test_panels_agree_at_one_setting() -> None:
    """Cards, tables, sentence and link tell of one and the same plan."""
    app = open_page({"months": "40", "items_per_month": "300000"})
    scenario, _ = from_link(link_of(app))
    assert isinstance(scenario, BuildOrNotScenario)
    result = compare_options(scenario)
    outcomes = next(t.value for t in app.table if "formula" in t.value.columns)
    shown = dict(zip(outcomes["outcome a month"], outcomes["here"], strict=True))
    assert float(re.sub(r"[^\d.]", "", shown["cost"])) == pytest.approx(result.cost, abs=0.01)
    ways = next(t.value for t in app.table if "over the cheapest" in t.value.columns)
    assert ways["cost a month"].tolist() == [plain(v) for v in values(app)[:4]]
    turns = next(t.value for t in app.table if "turns at" in t.value.columns)
    assert turns["turns at"].iloc[0] == plain(values(app)[4] + "\N{NO-BREAK SPACE}items a month")
    flips = next(t.value for t in app.table if "if this moved" in t.value.columns)
    row, table = live_part(app) or (0, {})
    aloud = " ".join(plain(speak(table, said, row)) for said in table["aloud"])
    prices = flips[~flips["if this moved"].str.contains("number|share|AUC")].iloc[0]
    assert prices["if this moved"] in aloud
    assert prices["to"] in aloud
    assert values(app)[4] in " ".join(speak(table, said, row) for said in table["aloud"])
    sizes = [cell["n"][row] for cell in table["people"]["cells"].values()]
    assert sum(sizes) == table["people"]["of"]


def test_the_uncertainty_section_opens() -> None:
    app = open_page()
    app.session_state["build_or_not~sure"] = True
    app.run()
    assert not app.exception
    assert "threshold" not in " ".join(m.value for m in app.markdown)


def test_every_file_can_be_taken_away_once_the_menu_is_open(default: AppTest) -> None:
    offered = {button.proto.label for button in default.get("download_button")}
    assert "Download HTML" in offered
    app = open_page()
    app.session_state["build_or_not-tables"] = True
    app.run()
    assert {button.proto.label for button in app.get("download_button")} >= {
        "Outcomes", "Ways", "Break even points", "Flip points", "Assumptions", "Every length",
    }  # fmt: skip
