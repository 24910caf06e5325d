"""What a change of a metric means for people and money: by hand, by law, at the limits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from aipm_metrics.errors import RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.metric_algebra import value_of
from aipm_metrics.models.metric_reading import GIVEN
from aipm_metrics.scenarios.moderation import ModerationScenario
from aipm_metrics.scenarios.moderation_chain import month as moderation_month
from aipm_metrics.scenarios.translate import CHANGEABLE, TranslateResult, TranslateScenario
from tests.aipm_metrics.scenarios.translate_draws import draw_translate

KNOBS = knobs_of(TranslateScenario)
HELD = KNOBS["held"].choices
EXACT = {
    "volume": 1000.0, "prevalence": 0.1, "prevalence_known": "exact", "precision": 0.8,
    "precision_known": "exact", "recall": 0.8, "recall_known": "exact",
}  # fmt: skip


def asked(**values: Any) -> TranslateResult:
    return TranslateScenario.model_validate({**EXACT, **values}).run()


def outcomes(result: TranslateResult) -> dict[str, tuple[float, float]]:
    return {o.name: (o.compared, o.value) for o in result.outcomes}


# --- by hand ---


def test_the_articles_five_per_cent_drop_in_precision() -> None:
    """80 caught at 76 % take 105.263 flagged: 5.263 more false alarms, 1.316 more tickets."""
    told = outcomes(asked(amount=-0.05, measure="per cent", cost_per_ticket=8.0))
    assert list(told["fp"]) == pytest.approx([20, 80 / 0.76 - 80])
    assert list(told["fn"]) == pytest.approx([20, 20])
    more = (80 / 0.76 - 100) * 0.25
    assert told["tickets"][1] - told["tickets"][0] == pytest.approx(more)
    assert told["cost_support"][1] - told["cost_support"][0] == pytest.approx(8 * more)


def test_five_points_are_another_thing_and_it_is_told_beside() -> None:
    result = asked(amount=-0.05, measure="points")
    assert result.change is not None
    assert result.otherwise is not None
    assert result.change.wanted == pytest.approx(0.75)
    assert result.otherwise.wanted == pytest.approx(0.76)
    assert result.otherwise.month is not None
    assert result.otherwise.month.cells.fp == pytest.approx(80 / 0.76 - 80)


def test_the_articles_fifteen_per_cent_fewer_false_negatives() -> None:
    """3 of 20 missed are caught; at a precision of 80 % they bring 0.75 false alarms along."""
    told = outcomes(asked(changed="share missed", amount=-0.15, held="precision"))
    assert list(told["fn"]) == pytest.approx([20, 17])
    assert list(told["fp"]) == pytest.approx([20, 20.75])
    saved = 3 * 0.4 - 0.75 * 0.25
    assert told["tickets"][0] - told["tickets"][1] == pytest.approx(saved)


def test_to_save_so_many_tickets_recall_must_reach() -> None:
    """Each point of recall catches one of 100: 0.4 tickets less. 4 tickets are 10 points."""
    result = asked(changed="recall", held="false positive rate", target_amount=4)
    assert result.target is not None
    assert result.target.wanted == pytest.approx(0.9, abs=1e-12)
    assert result.most == pytest.approx(20 * 0.4)


def test_what_cannot_be_saved_names_its_bound() -> None:
    result = asked(changed="recall", held="false positive rate", target_amount=9)
    assert result.target is not None
    assert math.isnan(result.target.wanted)
    assert result.target.month is None
    assert result.most == pytest.approx(8)


def test_wrongful_actions_drive_people_away_by_moderations_own_chain() -> None:
    """The same stream, the same rates: as many authors leave, at the same worth."""
    other = ModerationScenario(items_per_month=1000, prevalence=0.1, row_mix="as set")
    result = asked(leavers_per_missed=0)
    assert result.after is not None
    cells = result.after.cells
    rates = Rates(tpr=cells.recall, fpr=float(value_of("fpr", cells)))
    theirs = moderation_month(other, 0.5, rates)
    assert result.after.leaving == pytest.approx(float(theirs.authors_leaving))
    assert result.after.cost_by_cause["people"] == pytest.approx(
        float(theirs.cost_by_cause["authors"])
    )


def test_f1_moves_retention() -> None:
    result = asked(changed="F1", amount=0.05, measure="points", target="people leaving",
                   target_amount=1)  # fmt: skip
    told = outcomes(result)
    assert told["kept"][1] > told["kept"][0]
    assert told["leaving"][1] < told["leaving"][0]
    assert result.after is not None
    assert result.after.cells.f1 == pytest.approx(0.85)


# --- laws ---


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_laws_of_any_answer(seed: int) -> None:
    s = draw_translate(np.random.default_rng(seed))
    result = s.run()
    assert result.points == ()
    assert {o.name for o in result.outcomes} >= {"fp", "fn", "tickets", "leaving", "cost"}
    if result.now is None:
        assert math.isnan(result.cost)
        return
    change = result.change
    assert change is not None
    if result.after is None:
        assert math.isnan(result.cost)
        outside = not change.low - 1e-9 <= change.wanted <= change.high + 1e-9
        assert outside or math.isnan(change.wanted) or change.high - change.low < 1e-9
        return
    told = {o.name: o.value for o in result.outcomes}
    parts = told["cost_support"] + told["cost_harm"] + told["cost_people"]
    np.testing.assert_allclose(told["cost"], parts, rtol=1e-9, equal_nan=True)
    np.testing.assert_allclose(
        result.saving, {o.name: o.compared for o in result.outcomes}["cost"] - told["cost"],
        rtol=1e-9, atol=1e-6, equal_nan=True,
    )  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_a_target_saves_what_it_says(seed: int) -> None:
    s = draw_translate(np.random.default_rng(seed))
    result = s.run()
    target = result.target
    if target is None or result.now is None:
        return
    names = {
        "tickets": "tickets", "support cost": "cost_support", "false alarms": "fp",
        "missed": "fn", "people leaving": "leaving", "cost": "cost",
    }  # fmt: skip
    if math.isnan(target.wanted):
        assert not result.most > s.target_amount * (1 + 1e-6) or not target.low < target.high
        return
    assume(target.high - target.low > 1e-6)
    moved = s.model_copy(update={"measure": "points", "amount": target.wanted - target.start}).run()
    assume(moved.after is not None)  # at the very end of the line rounding may fall outside
    told = {o.name: (o.compared, o.value) for o in moved.outcomes}[names[s.target]]
    assert told[0] - told[1] == pytest.approx(s.target_amount, rel=1e-4, abs=1e-6 * told[0])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_what_makes_up_for_a_change_does(seed: int) -> None:
    s = draw_translate(np.random.default_rng(seed))
    result = s.run()
    up = result.make_up
    if up is None or up.month is None or result.now is None:
        return
    assert up.month.cost == pytest.approx(float(result.now.cost), rel=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_costs_are_those_of_running_each_scenario(seed: int) -> None:
    rng = np.random.default_rng(seed)
    s = draw_translate(rng)
    np.testing.assert_allclose(s.costs({}), s.run().cost, rtol=1e-6, equal_nan=True)
    for name in ("amount", "harm_per_missed", "leave_after_wrongful", "items_per_person"):
        values = np.array([KNOBS[name].default, getattr(s, name)])
        expected = [s.model_copy(update={name: value}).run().cost for value in values]
        np.testing.assert_allclose(
            s.costs({name: values}), expected, rtol=1e-6, equal_nan=True, err_msg=name
        )


def test_costs_follow_the_numbers_given() -> None:
    base = TranslateScenario.model_validate(EXACT)
    for name, values in (
        ("precision", [0.7, 0.8, 0.9]), ("recall", [0.5, 0.8, 0.95]),
        ("prevalence", [0.05, 0.1, 0.2]), ("volume", [500.0, 1000.0]),
    ):  # fmt: skip
        expected = [base.model_copy(update={name: value}).run().cost for value in values]
        np.testing.assert_allclose(base.costs({name: np.array(values)}), expected, rtol=1e-6)
    both = base.costs({"precision": np.array([[0.7], [0.9]]), "recall": np.array([0.5, 0.8, 0.9])})
    assert both.shape == (2, 3)
    one = base.model_copy(update={"precision": 0.9, "recall": 0.5}).run().cost
    assert both[1, 0] == pytest.approx(one)


def test_costs_of_numbers_that_settle_nothing_are_undefined() -> None:
    told = TranslateScenario.model_validate(
        TranslateScenario.presets["a report that cannot be true"]
    )
    assert np.isnan(told.costs({"harm_per_missed": np.array([1.0, 2.0])})).all()


def test_without_a_volume_support_is_known_and_the_whole_cost_is_not() -> None:
    result = asked(volume_known="not known", prevalence_known="not known", positives=100.0,
                   positives_known="to the last one")  # fmt: skip
    told = outcomes(result)
    assert told["fp"][1] == pytest.approx(80 / 0.76 - 80)
    assert math.isfinite(told["cost_support"][1])
    assert math.isnan(told["cost"][1])
    assert math.isnan(told["leaving"][1])
    varied = result.scenario.costs({"positives": np.array([100.0, 200.0])})
    assert np.isnan(varied).all()


# --- limits ---


@pytest.mark.parametrize("held", HELD)
@pytest.mark.parametrize("changed", CHANGEABLE)
def test_whatever_is_changed_something_else_is_held(changed: str, held: str) -> None:
    s = TranslateScenario.model_validate({"changed": changed, "held": held, "amount": -0.001})
    assert s.held_metric != s.changed_metric
    assert {s.held_metric, s.changed_metric} != {"recall", "fnr"}
    result = s.run()
    assert result.after is not None
    kept = value_of(s.held_metric, result.after.cells)
    assert result.now is not None
    assert kept == pytest.approx(value_of(s.held_metric, result.now.cells))


def test_a_change_of_nothing_changes_nothing() -> None:
    result = asked(amount=0.0)
    assert result.saving == pytest.approx(0, abs=1e-6)
    assert result.make_up is None


@pytest.mark.parametrize(
    "values",
    [
        {"precision": 1.0, "recall": 1.0}, {"precision": 1.0}, {"recall": 1.0},
        {"recall": 0.0, "precision": 0.0},
        {"prevalence": 1.0, "precision": 1.0}, {"prevalence": 0.0, "recall_known": "not known"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("held", HELD)
def test_the_edges_answer_or_say_they_are_undefined(values: dict[str, Any], held: str) -> None:
    for changed in CHANGEABLE:
        result = asked(**values, changed=changed, held=held)
        for outcome in result.outcomes:
            assert not math.isinf(outcome.value)


def test_accuracy_of_one_settles_by_its_limit() -> None:
    result = TranslateScenario(
        prevalence_known="not known", precision_known="not known", recall_known="not known",
        accuracy=1.0, accuracy_known="exact",
    ).run()  # fmt: skip
    assert result.reading.status == "open"
    assert result.reading.follows["fp"] == 0
    assert result.reading.follows["fn"] == 0


# --- controls ---


def told(result: TranslateResult) -> str:
    change = [(c.wanted, c.held) for c in (result.change, result.target, result.make_up) if c]
    return repr([result.outcomes, result.reading.said, result.reading.spans, change, result.most])


NUMBERS = {"volume": 1_900_000.0, "held": "share flagged", "target": "cost", "amount": -0.1}


@pytest.mark.parametrize("name", [n for n in KNOBS if n not in GIVEN])
def test_every_control_in_use_changes_the_answer(name: str) -> None:
    base = TranslateScenario()
    assert name not in base.idle(base.model_dump(), with_rows=False)
    knob = KNOBS[name]
    value = NUMBERS.get(name)
    if value is None and knob.scale == "choice":
        value = next(c for c in knob.choices if c != getattr(base, name))
    value = float(knob.spread(8)[3]) if value is None else value
    assert told(base.model_copy(update={name: value}).run()) != told(base.run()), name


@pytest.mark.parametrize("name", GIVEN)
def test_a_number_counts_when_it_is_known_and_is_idle_when_not(name: str) -> None:
    base = TranslateScenario()
    unknown = base.model_copy(update={f"{name}_known": "not known"})
    assert name in unknown.idle(unknown.model_dump(), with_rows=False)
    other = {name: getattr(base, name) * 0.97}
    assert told(unknown.model_copy(update=other).run()) == told(unknown.run())
    alone = {f"{n}_known": "not known" for n in GIVEN}
    rounding = KNOBS[f"{name}_known"].choices[2]
    known = base.model_copy(update={**alone, f"{name}_known": rounding})
    assert name not in known.idle(known.model_dump(), with_rows=False)
    assert told(known.model_copy(update=other).run()) != told(known.run())


def test_what_is_named_idle_changes_nothing() -> None:
    for preset in TranslateScenario.presets.values():
        s = TranslateScenario.model_validate(preset)
        for name in s.idle(s.model_dump(), with_rows=False):
            knob = KNOBS[name]
            other = (
                next(c for c in knob.choices if c != getattr(s, name))
                if knob.scale == "choice"
                else float(knob.spread(5)[2])
            )
            assert told(s.model_copy(update={name: other}).run()) == told(s.run()), name


@pytest.mark.parametrize("preset", TranslateScenario.presets)
def test_every_preset_is_a_scenario_of_its_own(preset: str) -> None:
    values = TranslateScenario.presets[preset]
    s = TranslateScenario.model_validate(values)
    assert s != TranslateScenario()
    assert told(s.run()) != told(TranslateScenario().run())


def test_the_flip_points_flip() -> None:
    s = TranslateScenario.model_validate(TranslateScenario.presets["save 1,000 tickets"])
    result = s.run()
    flip = result.flips[0]
    assert math.isfinite(flip.at)
    signs = []
    for factor in (0.999, 1.001):
        moved = s.model_copy(update={flip.knob.name: flip.at * factor}).run()
        signs.append(np.sign(moved.saving))
    assert signs[0] != signs[1]


def test_assumptions_name_every_knob_in_use_and_the_widest_first() -> None:
    result = TranslateScenario().run()
    named = {a.knob.name for a in result.assumptions}
    assert "precision" in named
    assert "precision_known" in named
    assert "f1" not in named
    swings = [a.swing for a in result.assumptions if not math.isnan(a.swing)]
    assert swings == sorted(swings, reverse=True)
    assert swings[0] > 0


# --- refusals ---


@pytest.mark.parametrize("name", [n for n, k in KNOBS.items() if k.scale != "choice"])
def test_a_value_outside_the_limits_is_refused_by_name(name: str) -> None:
    knob = KNOBS[name]
    for value in (knob.low - 1, knob.high * 1.01 + 1, np.nan):
        with pytest.raises(ValidationError, match=name if np.isfinite(value) else "finite"):
            TranslateScenario(**{name: value})
    for value in (knob.low, knob.high):
        assert getattr(TranslateScenario(**{name: value}), name) == value


def test_rows_that_are_not_here_are_asked_for() -> None:
    with pytest.raises(RowsError, match="Attach the file"):
        TranslateScenario(rows="00000000deadbeef").run()
