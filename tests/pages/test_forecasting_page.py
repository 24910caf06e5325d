"""The Forecasting page through the app: what a link sets, what a knob changes, what it offers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aipm_metrics.links import from_link
from aipm_metrics.models.forecast_hours import ForecastHours
from aipm_metrics.rows.forecasts import OwnHours
from aipm_metrics.scenarios.forecasting import ForecastingScenario, forecast_outcomes
from aipm_metrics.sentences.forecasting import aloud, cards
from aipm_metrics.sentences.forecasting_duel import flag_line
from pages._shared.frame import plain
from tests.pages.opening import link_of, live_part, page, said_on_cards, speak, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.testing.v1 import AppTest


def open_page(fields: Mapping[str, str] | None = None) -> AppTest:
    told = {f"forecasting.{name}": text for name, text in (fields or {}).items()}
    return page(told, name="forecasting")


def expected(scenario: ForecastingScenario) -> list[tuple[str, str]]:
    return [(value, change) for _, value, change in cards(forecast_outcomes(scenario))]


@pytest.fixture(scope="module")
def default() -> AppTest:
    return open_page()


def test_the_page_shows_what_the_core_answers(default: AppTest) -> None:
    assert said_on_cards(default) == expected(ForecastingScenario())
    assert default.title[0].value == ForecastingScenario.question
    flag = flag_line(forecast_outcomes(ForecastingScenario()))
    assert plain(flag) in [warning.value for warning in default.warning]


def test_a_link_sets_the_knobs_and_the_link_offered_is_the_scenario_shown() -> None:
    told = ForecastingScenario(
        buffer=-0.125, law="negative binomial", demand=7.5, new_bias=0.031, guarantee=9.25
    )
    app = open_page(
        {"buffer": "-0.125", "law": "negative binomial", "demand": "7.5", "new_bias": "0.031",
         "guarantee": "9.25"}
    )  # fmt: skip
    assert said_on_cards(app) == expected(told)
    scenario, refusals = from_link(link_of(app))
    assert not refusals
    assert scenario == told
    sent = live_part(app)
    assert sent
    assert sent[1]["dial"]["values"][sent[0]] == -0.125


def test_a_knob_changes_the_answer_and_a_position_of_the_dial_was_already_sent() -> None:
    app = open_page()
    app.slider(key="forecasting.new_bias").set_value(0.0).run()
    assert said_on_cards(app) == expected(ForecastingScenario(new_bias=0))
    sent = live_part(app)
    assert sent
    for row in (5, 120):
        buffer = sent[1]["dial"]["values"][row]
        app.number_input(key="forecasting.buffer").set_value(buffer).run()
        told = ForecastingScenario(new_bias=0, buffer=buffer)
        assert said_on_cards(app) == expected(told)
        now = live_part(app)
        assert now
        assert now[1]["dial"]["values"][now[0]] == buffer
        said = [speak(now[1], part, now[0]) for part in now[1]["aloud"]]
        assert tuple(said) == aloud(forecast_outcomes(told))


HOSTILE = {"buffer": "9", "law": "<script>", "demand": "nan", "new_bias": "-3", "in_use": "mine"}


def test_nonsense_falls_back_and_is_named() -> None:
    app = open_page(HOSTILE)
    assert said_on_cards(app) == expected(ForecastingScenario())
    said = " ".join(markdown.value for markdown in app.markdown if "not taken" in markdown.value)
    assert plain("`buffer`") in said
    assert "<script>" not in said


@pytest.mark.parametrize("preset", list(ForecastingScenario.presets))
def test_a_preset_tells_its_story(preset: str) -> None:
    told = ForecastingScenario.presets[preset]
    app = open_page({name: str(value) for name, value in told.items()})
    scenario = ForecastingScenario.model_validate(told)
    assert said_on_cards(app) == expected(scenario)
    assert any("disagree" in warning.value for warning in app.warning)


def test_every_table_is_on_the_page(default: AppTest) -> None:
    headed = [str(header.value) for header in default.header]
    for question in (
        "Which forecast is better?", "A better forecast, or a better rule?",
        "Which quantile does each measure silently ask for?", "Who pays for each error?",
        "Which number would somebody defend, and at what price?",
    ):  # fmt: skip
        assert question in headed
    assert len(default.table) >= 8


def test_panels_agree_at_one_setting() -> None:
    """Cards, tables and link tell of one and the same month."""
    app = open_page({"buffer": "-0.1", "today_buffer": "-0.1", "in_use": "the old one"})
    scenario, _ = from_link(link_of(app))
    result = scenario.run()
    outcomes = next(t.value for t in app.table if "formula" in t.value.columns)
    shown = dict(zip(outcomes["outcome a month"], outcomes["here"], strict=True))
    assert float(re.sub(r"[^\d.]", "", shown["cost"])) == pytest.approx(result.cost, abs=0.01)
    payers = next(t.value for t in app.table if "who pays" in t.value.columns)
    assert payers["a month, here"].tolist()[-1] == plain(values(app)[4])
    rules = next(t.value for t in app.table if "old forecast" in t.value.columns)
    assert rules["old forecast"].tolist()[0] == plain(values(app)[4])
    duel = next(t.value for t in app.table if "better" in t.value.columns)
    assert duel["old"].tolist()[-1] == plain(values(app)[4])


def test_the_uncertainty_section_speaks_of_drivers() -> None:
    app = open_page()
    app.session_state["forecasting~sure"] = True
    app.run()
    assert not app.exception
    said = " ".join(m.value for m in app.markdown)
    assert "threshold" not in said


def test_every_table_can_be_taken_away() -> None:
    app = open_page()
    app.session_state["forecasting-tables"] = True
    app.run()
    offered = {button.proto.label for button in app.get("download_button")}
    assert {
        "Download HTML", "Outcomes", "Duel", "Rules", "Quantiles", "Who pays", "Operating points",
        "Flip points", "Assumptions", "Every number",
    } <= offered  # fmt: skip


def test_own_hours_take_the_place_of_the_law() -> None:
    rng = np.random.default_rng(3)
    actual = rng.poisson(12, 300).astype(float)
    hours = ForecastHours.of(actual, actual + rng.integers(0, 5, 300), np.full(300, 9.0))
    own = OwnHours("city.csv", hours, 310, 10)
    app = page({"rows": hours.fingerprint}, name="forecasting")
    assert hours.fingerprint in " ".join(m.value for m in app.markdown)  # attach it, it says
    app.session_state["hours"] = own
    app.run()
    assert not app.exception
    told = ForecastingScenario(rows=hours.fingerprint)
    result = forecast_outcomes(told, hours)
    assert said_on_cards(app) == [(value, change) for _, value, change in cards(result)]
    assert "forecasting.new_bias" not in {slider.key for slider in app.slider}
    assert any("your own 300 hours" in caption.value for caption in app.caption)
    assert any("10 of 310 rows" in caption.value for caption in app.caption)
