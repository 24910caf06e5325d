"""The Peak load page through the app: what a link sets, what a knob changes, what it offers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.links import from_link
from aipm_metrics.scenarios.peak_load import PeakLoadScenario, run_day
from aipm_metrics.sentences.peak_load import cards
from pages._shared.frame import plain
from tests.pages.opening import link_of, live_part, page, said_on_cards, speak, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.testing.v1 import AppTest


def open_page(fields: Mapping[str, str] | None = None) -> AppTest:
    told = {f"peak_load.{name}": text for name, text in (fields or {}).items()}
    return page(told, name="peak_load")


def expected(scenario: PeakLoadScenario) -> list[tuple[str, str]]:
    return [(value, change) for _, value, change in cards(run_day(scenario))]


@pytest.fixture(scope="module")
def default() -> AppTest:
    return open_page()


def test_the_page_shows_what_the_core_answers(default: AppTest) -> None:
    assert said_on_cards(default) == expected(PeakLoadScenario())
    assert default.title[0].value == PeakLoadScenario.question


def test_a_link_sets_the_knobs_and_the_link_offered_is_the_scenario_shown() -> None:
    app = open_page(
        {"servers": "12", "when_full": "no answer", "mean_rate": "3.25", "retries": "1"}
    )
    told = PeakLoadScenario(servers=12, when_full="no answer", mean_rate=3.25, retries=1)
    assert said_on_cards(app) == expected(told)
    scenario, refusals = from_link(link_of(app))
    assert not refusals
    assert scenario == told


def test_a_knob_changes_the_answer() -> None:
    app = open_page()
    app.number_input(key="peak_load.servers").set_value(13.0).run()
    assert said_on_cards(app) == expected(PeakLoadScenario(servers=13))
    app.number_input(key="peak_load.timeout_s").set_value(4.0).run()
    assert said_on_cards(app) == expected(PeakLoadScenario(servers=13, timeout_s=4))


@pytest.mark.parametrize("servers", [1, 31, 200])
def test_the_dial_stands_at_the_chosen_number(servers: int) -> None:
    app = open_page({"servers": str(servers)})
    sent = live_part(app)
    assert sent
    row, table = sent
    assert table["dial"]["values"][row] == servers
    assert app.number_input(key="peak_load.servers").value == servers


def test_a_position_of_the_dial_is_answered_in_the_words_already_sent() -> None:
    app = open_page({"burst_rate": "2", "servers": "1"})
    sent = live_part(app)
    assert sent
    assert sent[0] == 0
    for row in (3, 7, 20):
        app.number_input(key="peak_load.servers").set_value(float(row + 1)).run()
        assert not app.exception
        assert live_part(app) == (row, sent[1])
        assert said_on_cards(app) == expected(PeakLoadScenario(servers=row + 1, burst_rate=2))


HOSTILE = {
    "servers": "2.5", "mean_rate": "nan", "timeout_s": "1e309", "family": "<script>",
    "sla_share": "1", "retries": "9",
}  # fmt: skip


def test_nonsense_falls_back_and_is_named_in_one_sentence() -> None:
    app = open_page(HOSTILE)
    assert said_on_cards(app) == expected(PeakLoadScenario())
    said = " ".join(markdown.value for markdown in app.markdown if "not taken" in markdown.value)
    for name in HOSTILE:
        assert plain(f"`{name}`") in said or "And" in said
    assert "whole number from 1" in said
    assert "<script>" not in said


# One of each group; the core's tests take every knob.
CHANGED: dict[str, float | str] = {
    "today_servers": 9.0, "amplitude": 0.3, "burst_rate": 3.0, "service_s": 1.5,
    "service_cv": 2.0, "sla_s": 5.0, "sla_share": 0.9, "auc": 0.9, "server_price": 3.0,
    "when_full": "no answer", "engine": "a batching LLM", "evidence": "search, 2009",
    "scaling": "autoscaled",
}  # fmt: skip


def _shown(app: AppTest) -> list[str]:
    heads = {"point", "outcome a month", "instead", "answers come within"}
    tables = [str(t.value.to_dict()) for t in app.table if t.value.columns[0] in heads]
    assert len(tables) == len(heads)
    return [*map(str, said_on_cards(app)), *tables]


@pytest.mark.parametrize("name", CHANGED)
def test_every_kind_of_knob_changes_something_shown(name: str, default: AppTest) -> None:
    assert _shown(open_page({name: str(CHANGED[name])})) != _shown(default)


@pytest.mark.parametrize("preset", PeakLoadScenario.presets)
def test_a_preset_is_shown_whole(preset: str) -> None:
    told = PeakLoadScenario.presets[preset]
    app = open_page({name: str(value) for name, value in told.items()})
    scenario = PeakLoadScenario.model_validate(told)
    assert said_on_cards(app) == expected(scenario)
    assert not any("not taken" in markdown.value for markdown in app.markdown)
    tokens = [t for t in app.table if t.value.columns[0] == "mean time"]
    assert len(tokens) == (scenario.engine == "a batching LLM")


def test_panels_agree_at_one_setting() -> None:
    """Cards, tables, sentence and link tell of one and the same month."""
    app = open_page({"servers": "9", "burst_rate": "1"})
    scenario, _ = from_link(link_of(app))
    result = scenario.run()
    outcomes = next(t.value for t in app.table if "formula" in t.value.columns)
    shown = dict(zip(outcomes["outcome a month"], outcomes["here"], strict=True))
    assert float(re.sub(r"[^\d.]", "", shown["cost"])) == pytest.approx(result.cost, abs=0.01)
    points = next(t.value for t in app.table if "point" in t.value.columns)
    assert points["over the lowest"][0] == "nothing is cheaper"
    sent = live_part(app)
    assert sent
    row, table = sent
    aloud = [speak(table, sentence, row) for sentence in table["aloud"]]
    in_time, late, fallback, good, cost = values(app)
    assert f" {late} requests a month late and hand {fallback} to the fallback" in aloud[0]
    assert f"over the real day it is {in_time}" in aloud[1]
    assert f"It costs {cost} a month" in aloud[2]
    assert f"in time and right cost {good} of servers" in aloud[2]


def test_a_contradiction_between_promises_is_a_warning() -> None:
    app = open_page({"engine": "a batching LLM", "mean_rate": "6", "servers": "4"})
    assert [w.value for w in app.warning if "contradict one another" in w.value]
    fits = open_page({"engine": "a batching LLM", "mean_rate": "6", "servers": "4",
                      "per_token_ms": "20"})  # fmt: skip
    assert not fits.warning


@pytest.mark.parametrize(
    "more",
    [{"mean_rate": "300", "when_full": "no answer", "abandoned": "is still done"},
     {"mean_rate": "0.001"}, {"mean_rate": "1000", "engine": "a batching LLM"},
     {"server_price": "0", "call_price": "0", "fallback_price": "0", "cost_late": "0",
      "cost_fp": "0", "cost_fn": "0"}],
    ids=["collapsed", "nearly idle", "overrun", "free"],
)  # fmt: skip
def test_extremes_are_answered(more: dict[str, str]) -> None:
    app = open_page(more)
    told = {n: v if n in {"when_full", "abandoned", "engine"} else float(v)
            for n, v in more.items()}  # fmt: skip
    assert said_on_cards(app) == expected(PeakLoadScenario.model_validate(told))
    assert "nan" not in " ".join(map(str, said_on_cards(app)))


def test_what_is_folded_opens() -> None:
    app = open_page()
    for part in ("follows-peak_load-simulated", "follows-peak_load-evidence", "peak_load~sure"):
        app.session_state[part] = True
    app.run(timeout=120)
    assert not app.exception
    said = " ".join(m.value for m in app.markdown)
    assert "followed request by request" in said
    assert any("study" in t.value.columns for t in app.table)


def test_every_table_can_be_taken_away_once_the_menu_is_open() -> None:
    app = open_page()
    app.session_state["peak_load-tables"] = True
    app.run()
    offered = {button.proto.label for button in app.get("download_button")}
    assert {"Outcomes", "Moves", "Flip points", "Assumptions", "Operating points",
            "Every number"} <= offered  # fmt: skip
