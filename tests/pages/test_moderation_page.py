"""The Moderation page through the app: what a link sets, what a knob changes, what is refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import from_link, to_link
from aipm_metrics.scenarios import SCENARIOS
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.sentences.moderation import cards
from pages._shared.controls import STEPS_ON_SLIDER
from pages._shared.frame import plain
from tests.pages.opening import link_of, live_part, page, said_on_cards, speak, values

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest


def expected(scenario: ModerationScenario) -> list[str]:
    return [card.value for card in cards(moderate(scenario))]


def test_every_page_opens() -> None:
    for name in ("home", *(scenario.page for scenario in SCENARIOS)):
        assert page(name=name).title


def test_the_page_shows_what_the_core_answers() -> None:
    assert values(page()) == expected(ModerationScenario())


def test_a_link_sets_the_knobs() -> None:
    app = page({"moderation.threshold": "0.03", "moderation.prevalence": "0.002", "v": "1"})
    assert values(app) == expected(ModerationScenario(threshold=0.03, prevalence=0.002))


def test_a_knob_changes_the_answer() -> None:
    app = page()
    app.number_input(key="moderation.threshold").set_value(0.4).run()
    assert values(app) == expected(ModerationScenario(threshold=0.4))


def test_a_slider_moves_the_number_beside_it() -> None:
    app = page()
    stop = app.select_slider(key="moderation.today_threshold~slider").options[30]
    app.select_slider(key="moderation.today_threshold~slider").set_value(float(stop)).run()
    assert app.number_input(key="moderation.today_threshold").value == float(stop)
    result = moderate(ModerationScenario(today_threshold=float(stop)))
    assert said_on_cards(app) == [(card.value, card.change) for card in cards(result)]


@pytest.mark.parametrize("threshold", [1e-6, 0.15, 0.2345678901234567, 1 - 1e-6])
def test_the_dial_stands_at_the_chosen_threshold_exactly(threshold: float) -> None:
    app = page({"moderation.threshold": repr(threshold)})
    sent = live_part(app)
    assert sent
    row, table = sent
    assert table["dial"]["values"][row] == threshold
    assert app.number_input(key="moderation.threshold").value == threshold


def test_a_position_of_the_dial_is_answered_in_the_words_already_sent() -> None:
    """What a hand reads while it drags is what the server says once it lets go."""
    app = page({"moderation.prevalence": "0.02", "moderation.threshold": "0.000001"})
    sent = live_part(app)
    assert sent
    assert sent[0] == 0
    for row in (3, 400, 700, 1000):
        threshold = sent[1]["dial"]["values"][row]
        app.number_input(key="moderation.threshold").set_value(threshold).run()
        assert not app.exception
        assert live_part(app) == (row, sent[1])
        assert values(app) == expected(ModerationScenario(threshold=threshold, prevalence=0.02))


def test_a_threshold_off_the_grid_keeps_its_place_when_the_hand_has_moved_on() -> None:
    """Its row stays in the table, so that the table need not be sent anew for one row less."""
    app = page({"moderation.threshold": "0.2345678901234567"})
    sent = live_part(app)
    assert sent
    for row in (sent[0] - 1, sent[0] + 200, sent[0]):
        threshold = sent[1]["dial"]["values"][row]
        app.number_input(key="moderation.threshold").set_value(threshold).run()
        assert live_part(app) == (row, sent[1])
        assert values(app) == expected(ModerationScenario(threshold=threshold))
    app.number_input(key="moderation.threshold").set_value(0.3456789).run()
    other = live_part(app)
    assert other
    assert other[1]["dial"]["values"][other[0]] == 0.3456789
    assert 0.2345678901234567 not in other[1]["dial"]["values"]
    assert values(app) == expected(ModerationScenario(threshold=0.3456789))


def test_the_version_stands_in_the_address() -> None:
    assert page().query_params["v"] == str(ModerationScenario.version)


def test_the_link_offered_is_the_scenario_shown() -> None:
    app = page({"moderation.auc": "0.9", "moderation.calibration": "as trained"})
    scenario, refusals = from_link(link_of(app))
    assert not refusals
    assert scenario == ModerationScenario(auc=0.9, calibration="as trained")


def test_a_knob_that_is_not_shown_keeps_what_the_link_said() -> None:
    said = ModerationScenario(trained_prevalence=0.03, row_mix="as set")
    fields = dict(pair.split("=") for pair in to_link(said).partition("?")[2].split("&"))
    fields = {field: text.replace("%27", "'").replace("+", " ") for field, text in fields.items()}
    assert from_link(link_of(page(fields))) == (said, ())


@pytest.mark.parametrize("preset", ModerationScenario.presets)
def test_a_preset_is_a_scenario_of_its_own(preset: str) -> None:
    told = ModerationScenario.model_validate(ModerationScenario.presets[preset])
    assert told.run().cost != ModerationScenario().run().cost


HOSTILE: dict[str, str | list[str]] = {
    "moderation.auc": "7",
    "moderation.prevalence": "nan",
    "moderation.temperature": "1e309",
    "moderation.items_per_month": "٢٠٠٠",
    "moderation.threshold": " 0.3",
    "moderation.recall_floor": "0x1",
    "moderation.calibration": "<script>alert(1)</script>",
    "moderation.desk_hours": "9" * 10_000,
    "moderation.reviewer_wage": ["1", "2"],
    "moderation.<b>": "1",
    "admin": "true",
    "rows": "../../etc/passwd",
    "v": "99",
}


def test_nonsense_falls_back_and_is_named_in_one_sentence() -> None:
    app = page(HOSTILE)
    assert values(app) == expected(ModerationScenario())
    said = " ".join(markdown.value for markdown in app.markdown if "not taken" in markdown.value)
    for name in ("auc", "prevalence", "temperature"):
        assert plain(name) in said
    assert "<script>" not in said
    assert len(said) < 1_500


@pytest.mark.parametrize("field", HOSTILE)
def test_each_nonsense_alone_is_refused(field: str) -> None:
    app = page({field: HOSTILE[field]})
    assert values(app) == expected(ModerationScenario())
    assert any("not taken" in markdown.value for markdown in app.markdown)
    app.button(key="moderation:opened~dismiss").click().run()
    assert not any("not taken" in markdown.value for markdown in app.markdown)


def test_a_clean_link_says_nothing_of_refusals() -> None:
    app = page({"moderation.auc": "0.9", "v": "1", "utm_source": "mail"})
    assert not any("not taken" in markdown.value for markdown in app.markdown)


OTHER = {  # a value that differs from the default, where the middle of the range would not do
    "calibration": "as trained", "items_per_author": 40.0, "desk_hours": 100.0,
    "decision_delay": 30.0, "model_price": 5.0,
}  # fmt: skip
IN_PLAY = {  # what some play a part in
    "trained_prevalence": {"moderation.calibration": "as trained"},
    "views_half_life": {"moderation.decision_delay": "30"},
}


@pytest.mark.parametrize("name", [n for n in knobs_of(ModerationScenario) if n != "row_mix"])
def test_every_knob_changes_something_shown(name: str) -> None:
    """A control that changes nothing is a defect."""
    context = IN_PLAY.get(name, {})
    knob = knobs_of(ModerationScenario)[name]
    value = OTHER.get(name) or float(knob.from_axis(knob.to_axis(knob.default) * 0.9 + 0.01))
    before = page(context)
    after = page({**context, f"moderation.{name}": str(value)})
    assert _shown(before) != _shown(after)


def _shown(app: AppTest) -> list[str]:
    """Read what follows from the knobs; tables that repeat a knob's own value are left out."""
    answers = [t.value for t in app.table if t.value.columns[0] in {"point", "outcome a month"}]
    assert len(answers) == 2
    tables = (str(t.to_dict()) for t in answers)
    return [*map(str, said_on_cards(app)), *tables, *(c.value for c in app.caption)]


def test_panels_agree_at_one_setting() -> None:
    """Cards, tables, sentence and link tell of one and the same month."""
    app = page({"moderation.threshold": "0.0824792290988", "moderation.today_threshold": "0.3"})
    scenario, _ = from_link(link_of(app))
    result = scenario.run()
    outcomes = next(t.value for t in app.table if "formula" in t.value.columns)
    shown = dict(zip(outcomes["outcome a month"], outcomes["here"], strict=True))
    cost = float(re.sub(r"[^\d.]", "", shown["cost"]))
    assert cost == pytest.approx(result.cost, abs=0.01)
    points = next(t.value for t in app.table if "point" in t.value.columns)
    assert points["over the lowest"][0] == "nothing is cheaper"
    assert points["cost a month"][0] == plain(values(app)[4])
    metrics = next(t.value for t in app.table if "metric" in t.value.columns)
    spots = next(t.value for t in app.table if "harmful left up" in t.value.columns)
    chosen = spots[spots["known as"] == "chosen"]
    assert chosen.iloc[0, 1:6].tolist() == [plain(value) for value in values(app)]
    sent = live_part(app)
    assert sent
    row, table = sent
    told = [plain(speak(table, ratio["said"], row)) for ratio in table["ratios"]]
    assert metrics["value"].tolist() == told
    assert chosen["threshold"].tolist() == [plain(speak(table, table["dial"]["said"], row))]


def test_every_table_can_be_taken_away_once_the_menu_is_open() -> None:
    app = page()

    def offered() -> list[str]:
        return [button.proto.label for button in app.get("download_button")]

    assert "Model metrics" not in offered()
    app.session_state["moderation-tables"] = True
    app.run()
    assert set(offered()) >= {
        "Outcomes", "Every threshold", "Operating points", "Flip points", "Assumptions",
        "Model metrics", "Some thresholds",
    }  # fmt: skip


def test_no_two_stops_of_a_slider_read_alike() -> None:
    knob = knobs_of(ModerationScenario)["prevalence"]
    stop = float(f"{knob.spread(STEPS_ON_SLIDER)[40]:.2g}")
    app = page({"v": "2", "moderation.prevalence": repr(stop * (1 + 1e-7))})
    (slider,) = [s for s in app.select_slider if s.label == "Harmful share on a slider"]
    assert len(set(slider.options)) == len(slider.options) == STEPS_ON_SLIDER
    assert slider.value == stop * (1 + 1e-7)
