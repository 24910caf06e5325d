"""Two answers side by side: antisymmetric, nothing between equals, turning points that turn."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aipm_metrics.comparisons.compare import compare, turn_of
from aipm_metrics.comparisons.compared import Compared, Comparison, Turning
from aipm_metrics.comparisons.presets import pairs, starter
from aipm_metrics.errors import ComparisonError, RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.comparisons.toys import ToyScenario, draw_pair, moved

ROWS = Empirical.from_rows([0.1, 0.2, 0.4, 0.8, 0.9, 0.3], [0, 0, 1, 0, 1, 1])
OTHER = {"both": "both", "a": "b", "b": "a"}
SEEDS = st.integers(0, 10**6)
few = settings(max_examples=15, deadline=None)


def drawn(seed: int) -> tuple[Compared, Compared]:
    a, b, rows = draw_pair(seed)
    return compare(a, b, rows, rows), compare(b, a, rows, rows)


def costs_at(compared: Compared, turning: Turning, value: float) -> tuple[float, float]:
    """Cost of both as a whole new run of each side says, not as the search had it."""
    a, b = compared.comparison.a, compared.comparison.b
    name = turning.flip.knob.name
    a = a if turning.moved == "b" else moved(a, name, value)
    b = b if turning.moved == "a" else moved(b, name, value)
    return a.run(compared.rows_a).cost, b.run(compared.rows_b).cost


@few
@given(SEEDS)
def test_turned_round_every_difference_changes_its_sign_and_nothing_else(seed: int) -> None:
    there, back = drawn(seed)
    assert there.cost_difference == -back.cost_difference
    turned = {"a": "b", "b": "a"}
    assert there.cheaper == turned.get(back.cheaper, back.cheaper)
    for one, other in zip(there.outcomes, back.outcomes, strict=True):
        assert (one.a, one.b, one.outcome.name) == (other.b, other.a, other.outcome.name)
        assert one.difference == -other.difference
        assert one.verdict == turned.get(other.verdict, other.verdict)
    assert [(k.knob.name, k.a, k.b) for k in there.knobs] == [
        (k.knob.name, k.b, k.a) for k in back.knobs
    ]
    told = {(t.flip.knob.name, t.moved): t.flip.at for t in there.turnings}
    again = {(t.flip.knob.name, OTHER[t.moved]): t.flip.at for t in back.turnings}
    assert told.keys() == again.keys()
    for key, at in told.items():
        assert again[key] == pytest.approx(at, rel=1e-9, nan_ok=True)


@few
@given(SEEDS)
def test_a_scenario_beside_itself_differs_in_nothing(seed: int) -> None:
    a, _, rows = draw_pair(seed)
    compared = compare(a, a, rows, rows)
    assert compared.same
    assert compared.cheaper == "same"
    assert compared.cost_difference == 0
    assert {o.difference for o in compared.outcomes} == {0.0}
    assert compared.decisive is None
    assert all(math.isnan(t.flip.at) for t in compared.turnings)


@few
@given(SEEDS)
@example(1)
@example(3)
@example(64112)
def test_at_a_turning_point_both_cost_the_same(seed: int) -> None:
    """Or the cost jumps there, and with it from one side's favour into the other's.

    A model that tells nobody apart flags everybody or nobody, as prevalence passes a value.
    """
    compared, _ = drawn(seed)
    for turning in compared.turnings:
        at = turning.flip.at
        if not math.isnan(at):
            a, b = costs_at(compared, turning, at)
            below, above = (
                np.subtract(*costs_at(compared, turning, at * (1 + step))) for step in (-1e-9, 1e-9)
            )
            assert a == pytest.approx(b, rel=1e-9) or below * above < 0, turning


def test_random_pairs_do_have_turning_points_of_every_kind() -> None:
    """Else the law above would hold of nothing."""
    found = {
        turning.moved
        for seed in range(25)
        for turning in drawn(seed)[0].turnings
        if not math.isnan(turning.flip.at)
    }
    assert found == {"both", "a", "b"}


@pytest.mark.parametrize("name", pairs())
def test_past_a_turning_point_the_other_side_wins(name: str) -> None:
    compared = compare(*pairs()[name])
    for turning in compared.turnings:
        flip = turning.flip
        values = np.linspace(flip.knob.low, flip.knob.high, 5)
        if math.isnan(flip.at):
            sides = [np.subtract(*costs_at(compared, turning, value)) for value in values]
            assert len(set(np.sign(np.round(sides, 6))) - {0.0}) == 1, turning
        else:
            step = (flip.at - flip.today) * 1e-3
            ends = np.clip([flip.at - step, flip.at + step], flip.knob.low, flip.knob.high)
            before, past = (costs_at(compared, turning, float(value)) for value in ends)
            cheaper = "a" if before[0] < before[1] else "b"
            assert cheaper == compared.cheaper
            assert (past[0] < past[1]) == (compared.cheaper == "b")


@few
@given(SEEDS)
def test_money_parts_add_up_to_the_difference_of_the_cost(seed: int) -> None:
    compared, _ = drawn(seed)
    assert {o.outcome.name for o in compared.parts} <= {
        "cost_harm", "cost_late", "cost_viewers", "cost_authors", "cost_desk", "cost_model",
    }  # fmt: skip
    assert all(o.a != o.b for o in compared.parts)
    sizes = [abs(o.difference) for o in compared.parts]
    assert sizes == sorted(sizes, reverse=True)
    worth = compared.result_a.cost + compared.result_b.cost
    total = sum(o.difference for o in compared.parts)
    assert total == pytest.approx(compared.cost_difference, abs=1e-9 * worth)


@few
@given(SEEDS)
def test_knobs_listed_are_those_that_differ_and_play_a_part(seed: int) -> None:
    a, b, rows = draw_pair(seed)
    compared = compare(a, b, rows, rows)
    listed = {told.knob.name for told in compared.knobs}
    idle = [s.idle(s.model_dump(), with_rows=rows is not None) for s in (a, b)]
    for name in knobs_of(ModerationScenario):
        differs = getattr(a, name) != getattr(b, name)
        if name not in idle[0] | idle[1]:
            assert (name in listed) == differs, name
        elif name in idle[0] & idle[1] and name != "prevalence":  # rows have their own
            assert name not in listed, name


def test_a_turn_passes_through_both_ends_and_the_crossing() -> None:
    compared = compare(*starter())
    turning = compared.turnings[0]
    turn = turn_of(compared, turning)
    assert (np.diff(turn.values) > 0).all()
    now, at = (int(np.searchsorted(turn.values, v)) for v in (turning.flip.today, turning.flip.at))
    assert turn.values[at] == turning.flip.at
    assert turn.cost_a[at] == pytest.approx(turn.cost_b[at], rel=1e-9)
    assert turn.cost_a[now] == pytest.approx(compared.result_a.cost)
    assert turn.cost_b[now] == pytest.approx(compared.result_b.cost)
    assert turn.values[0] < min(turning.flip.at, turning.flip.today)
    assert turn.values[-1] > max(turning.flip.at, turning.flip.today)


def test_a_knob_moved_on_one_side_leaves_the_other_line_flat() -> None:
    compared = compare(*pairs()["Moderation: a quiet week against election night"])
    turning = next(t for t in compared.turnings if t.moved == "a")
    turn = turn_of(compared, turning)
    assert np.ptp(turn.cost_b) == 0
    assert np.ptp(turn.cost_a) > 0


def test_what_turns_in_both_decides_before_what_turns_in_one() -> None:
    compared = compare(*pairs()["Moderation: a quiet week against election night"])
    assert compared.turnings[0].moved != "both"
    assert compared.decisive is not None
    assert compared.decisive.moved == "both"


# A question nobody has heard of -----------------------------------------------------------------


def test_it_knows_no_question_by_its_name() -> None:
    """Ten buns and ten hungry: 20 + 50. Fifteen buns and five hungry: 30 + 25."""
    compared = compare(ToyScenario(), ToyScenario(buns=15))
    assert (compared.cost_difference, compared.cheaper, compared.per) == (-15, "b", "day")
    assert [(k.knob.name, k.a, k.b) for k in compared.knobs] == [("buns", 10, 15)]
    verdicts = {o.outcome.name: o.verdict for o in compared.outcomes}
    assert verdicts == {
        "hungry": "b", "buns": "neither", "ovens": "undefined", "cost_buns": "a",
        "cost_hunger": "b", "cost": "b",
    }  # fmt: skip
    # Five more buns at a price p save five people at 5 USD each: equal at p = 5.
    at = {t.flip.knob.name: t.flip.at for t in compared.turnings}
    assert at["price"] == pytest.approx(5)
    assert at["hunger"] == pytest.approx(2)


def test_two_questions_are_refused_in_words() -> None:
    with pytest.raises(ComparisonError, match="one question") as refused:
        Comparison(ToyScenario(), ModerationScenario())
    assert "How many buns?" in str(refused.value)
    assert ModerationScenario.question in str(refused.value)
    with pytest.raises(ComparisonError):
        compare(ModerationScenario(), ToyScenario())


def test_swapped_is_the_other_way_round() -> None:
    comparison = Comparison(*starter())
    assert comparison.swapped.swapped == comparison
    assert comparison.swapped.a == comparison.b


# Rows ---------------------------------------------------------------------------------------------


def test_one_side_may_speak_of_rows() -> None:
    a, b = ModerationScenario(), ModerationScenario(rows=ROWS.fingerprint)
    compared = compare(a, b, None, ROWS)
    assert compared.rows_differ
    assert not compared.same
    assert compared.result_b.cost == b.run(ROWS).cost
    shown = {told.knob.name: (told.a, told.b) for told in compared.knobs}
    assert shown["prevalence"] == (0.01, 0.5)  # three of six rows
    assert shown["auc"] == (0.96, None)


@pytest.mark.parametrize("side", ["a", "b"])
def test_rows_that_are_missing_or_others_are_refused(side: str) -> None:
    plain, on_rows = ModerationScenario(), ModerationScenario(rows="0123456789abcdef")
    both = (on_rows, plain) if side == "a" else (plain, on_rows)
    with pytest.raises(RowsError, match="not here"):
        compare(*both)
    given_rows = (ROWS, None) if side == "a" else (None, ROWS)
    with pytest.raises(RowsError, match=ROWS.fingerprint):
        compare(*both, *given_rows)
