"""The API spend page through the app: what a link sets, what a knob changes, what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.figures import api_spend as figures
from aipm_metrics.links import from_link
from aipm_metrics.phrases import column
from aipm_metrics.scenarios.api_spend import ApiSpendScenario, spend
from aipm_metrics.sentences import api_spend as words
from aipm_metrics.sentences.api_spend_spots import aloud_at, every_spot
from aipm_metrics.spoken_columns import moneys
from pages._shared.frame import plain
from tests.pages.opening import link_of, live_part, page, said_on_cards, speak, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.testing.v1 import AppTest

FIELD = "api_spend.step_limit"


def opened(fields: Mapping[str, Any] | None = None) -> AppTest:
    told = {f"api_spend.{name}": str(value) for name, value in (fields or {}).items()}
    return page(told, name="api_spend")


def expected(**knobs: Any) -> list[str]:
    return [card.value for card in words.cards(spend(ApiSpendScenario.model_validate(knobs)))]


def test_a_link_sets_the_knobs_and_the_page_shows_what_the_core_answers() -> None:
    knobs = {"step_limit": 60, "model": "Claude Sonnet 4.5", "caching": "off", "cap": 9000}
    app = opened(knobs)
    assert values(app) == expected(**knobs)
    scenario, refusals = from_link(link_of(app))
    assert (scenario, refusals) == (ApiSpendScenario.model_validate(knobs), ())


def test_the_dial_stands_at_the_limit_and_speaks_for_every_other() -> None:
    app = opened({"runaway_share": 0.05})
    sent = live_part(app)
    assert sent
    row, table = sent
    assert (row, table["dial"]["values"]) == (19, list(range(1, 501)))
    for limit in (1, 35, 500):
        app.number_input(key=FIELD).set_value(float(limit)).run()
        assert not app.exception
        assert live_part(app) == (limit - 1, table)
        assert values(app) == expected(step_limit=limit, runaway_share=0.05)


def test_the_page_sends_the_cores_own_numbers_and_words() -> None:
    app = opened({"cap": 12_000, "step_limit": 150})
    sent = live_part(app)
    assert sent
    row, table = sent
    r = spend(ApiSpendScenario(cap=12_000, step_limit=150))
    spots = every_spot(r)
    follows = {"cost": figures.cost_follows(r), "finish": figures.finish_follows(r),
               "good": figures.good_follows(r), "run": figures.run_follows(r)}  # fmt: skip
    for picture in table["pictures"]:
        told = follows[picture["name"]]
        np.testing.assert_allclose(picture["follow"]["x"], told.x, atol=1e-4)
        y = np.asarray(told.y, float)
        np.testing.assert_allclose(picture["follow"]["y"], y, rtol=1e-5, atol=1e-5 * np.ptp(y))
    for at in (0, 34, row, 499):
        for said, phrase in zip(table["aloud"], aloud_at(spots), strict=True):
            assert speak(table, said, at) == phrase[at]
        for card, told_ in zip(table["cards"], words.cards_at(spots), strict=True):
            assert speak(table, card["value"], at) == told_.value[at]
            assert speak(table, card["change"], at) == told_.change[at]
        for name, phrase in words.people_at(spots).items():
            cell = table["people"]["cells"][name]
            assert cell["n"][at] == r.crowd.people[name][at]
            assert speak(table, cell["said"], at) == phrase[at]
        for cause, (*_, usd) in zip(table["causes"], figures.cost_bars(r, dark=False), strict=True):
            assert speak(table, cause["said"], at) == column(moneys(usd))[at]


def test_panels_agree_at_one_setting() -> None:
    app = opened({"step_limit": 77})
    scenario, _ = from_link(link_of(app))
    outcomes = next(t.value for t in app.table if "formula" in t.value.columns)
    shown = dict(zip(outcomes["outcome a month"], outcomes["here"], strict=True))
    assert float(re.sub(r"[^\d.]", "", shown["cost"])) == pytest.approx(
        scenario.run().cost, abs=0.01
    )
    spots = next(t.value for t in app.table if "known as" in t.value.columns)
    chosen = spots[spots["known as"] == "chosen"]
    assert chosen.iloc[0, 1:6].tolist() == [plain(value) for value in values(app)]
    points = next(t.value for t in app.table if "point" in t.value.columns)
    assert points["over the lowest"][0] == "nothing is cheaper"


@pytest.mark.parametrize("name", ApiSpendScenario.presets)
def test_a_preset_is_what_its_link_says_and_reset_leads_back(name: str) -> None:
    preset = ApiSpendScenario.presets[name]
    app = opened(preset)
    assert values(app) == expected(**preset)
    app.button(key="api_spend~reset").click().run()
    assert values(app) == expected()


HOSTILE = {
    "step_limit": "20.5", "model": "<script>", "mean_steps": "0", "cap": "nan",
    "max_retries": "1e9", "caching": "maybe", "today_limit": "501",
}  # fmt: skip


def test_nonsense_falls_back_and_is_named_in_one_sentence() -> None:
    app = opened(HOSTILE)
    assert values(app) == expected()
    said = " ".join(markdown.value for markdown in app.markdown if "not taken" in markdown.value)
    assert "whole number from 1 to 500" in said
    assert "<script>" not in said


@pytest.mark.parametrize(
    ("key", "value", "knobs"),
    [
        ("api_spend.cap", 2_000.0, {"cap": 2_000}),
        ("api_spend.runaway_share", 0.1, {"runaway_share": 0.1}),
        ("api_spend.today_limit", 12.0, {"today_limit": 12}),
    ],
)
def test_a_knob_changes_the_answer(key: str, value: float, knobs: dict[str, Any]) -> None:
    app = opened()
    inputs = [*app.number_input, *app.slider]
    next(widget for widget in inputs if widget.key == key).set_value(value).run()
    result = spend(ApiSpendScenario.model_validate(knobs))
    assert said_on_cards(app) == [(card.value, card.change) for card in words.cards(result)]


def test_every_table_can_be_taken_away_once_the_menu_is_open() -> None:
    app = opened()
    app.session_state["api_spend-tables"] = True
    app.run()
    offered = {button.proto.label for button in app.get("download_button")}
    assert offered >= {
        "Outcomes", "Every limit", "Operating points", "Guards", "Own gpus", "Flip points",
        "Assumptions", "Some limits",
    }  # fmt: skip


def test_how_sure_speaks_of_step_limits() -> None:
    app = opened()
    app.session_state["api_spend~sure"] = True
    app.run()
    assert not app.exception
    said = " ".join(markdown.value for markdown in app.markdown)
    assert "cheapest step limit lies between" in said
    assert "threshold" not in said
