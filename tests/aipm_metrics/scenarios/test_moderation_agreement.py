"""Any two panels at one threshold agree, cell by cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import (
    HIGH,
    LOW,
    ModerationResult,
    ModerationScenario,
    moderate,
)
from tests.aipm_metrics.scenarios.drawn import near_defaults

SEEDS = st.integers(0, 2**32 - 1)
CELLS = ("tp", "fp", "fn", "tn")


def on_rows(rng: np.random.Generator) -> tuple[ModerationScenario, Empirical]:
    """Draw a scenario that speaks of rows, cut at two of their own scores."""
    label = np.append([0, 1], rng.random(200) < 0.3).astype(int)
    rows = Empirical.from_rows(np.round(rng.normal(label, 1), 1), label)
    first, second = rng.choice(rows.thresholds, 2, replace=False)
    mix = str(rng.choice(["the rows' own", "as set"]))
    knobs = near_defaults(rng) | {"threshold": first, "today_threshold": second, "row_mix": mix}
    return ModerationScenario(**knobs | {"rows": rows.fingerprint}), rows


def answers(seed: int) -> list[ModerationResult]:
    """One result on the simulated model, one on rows."""
    rng = np.random.default_rng(seed)
    scenario, rows = on_rows(rng)
    return [moderate(ModerationScenario(**near_defaults(rng))), moderate(scenario, rows)]


def cells(confusion: Confusion, i: int | None = None) -> list[float]:
    found = [getattr(confusion, name) for name in CELLS]
    return [float(x if i is None else x[i]) for x in found]


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_the_curve_at_the_chosen_threshold_is_the_confusion_told(seed: int) -> None:
    for result in answers(seed):
        for month in (result.chosen, result.compared):
            places = np.flatnonzero(result.curves.threshold == month.threshold)
            assert places.size == 1
            i = int(places[0])
            most = float(result.scenario.items_per_month)
            assert cells(result.sweep.confusion, i) == pytest.approx(
                cells(month.confusion), rel=1e-12, abs=1e-15 * most
            )
            assert result.sweep.cost[i] == pytest.approx(float(month.cost), rel=1e-12)
            assert result.curves.rates.tpr[i] == pytest.approx(float(month.rates.tpr), rel=1e-12)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_outcomes_are_the_confusion_and_the_causes(seed: int) -> None:
    for result in answers(seed):
        values = {o.name: o.value for o in result.outcomes}
        assert [values[name] for name in CELLS] == cells(result.confusion)
        assert values["cost"] == result.cost
        assert {
            cause: values[f"cost_{cause}"]
            for cause in ("harm", "late", "viewers", "authors", "desk", "model")
        } == result.cost_by_cause
        for name in ("desk_hours", "authors_leaving", "viewers_leaving"):
            assert values[name] == getattr(result, name)
        compared = {o.name: o.compared for o in result.outcomes}
        assert [compared[name] for name in CELLS] == cells(result.compared.confusion)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_choosing_an_operating_point_gives_the_numbers_it_promised(seed: int) -> None:
    rng = np.random.default_rng(seed)
    on_counted, rows = on_rows(rng)
    for s, held in ((ModerationScenario(**near_defaults(rng)), None), (on_counted, rows)):
        for point in moderate(s, held).points:
            inside = LOW <= point.threshold <= HIGH if held is None else point.threshold < np.inf
            if not (point.feasible and inside):
                continue
            there = moderate(s.model_copy(update={"threshold": point.threshold}), held)
            # A threshold near 1 holds fewer digits of its log odds than the search used.
            assert there.cost == pytest.approx(point.cost, rel=1e-8)
            assert there.desk_hours == pytest.approx(point.load, rel=1e-8, abs=1e-9)
            assert float(there.chosen.rates.tpr) == pytest.approx(point.tpr, rel=1e-8)
            assert there.confusion.precision == pytest.approx(point.precision, rel=1e-8)


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_positives_and_negatives_are_conserved_at_every_threshold(seed: int) -> None:
    """TP + FN = prevalence x items, FP + TN the rest; accuracy and precision as Bayes has them."""
    for result in answers(seed):
        s, swept = result.scenario, result.sweep.confusion
        positives = s.prevalence * s.items_per_month
        assert swept.tp + swept.fn == pytest.approx(positives, rel=1e-12)
        assert swept.fp + swept.tn == pytest.approx(s.items_per_month - positives, rel=1e-12)
        tpr, fpr = result.curves.rates.tpr, result.curves.rates.fpr
        assert swept.accuracy == pytest.approx(
            s.prevalence * tpr + (1 - s.prevalence) * (1 - fpr), rel=1e-12
        )
        flagged = s.prevalence * tpr + (1 - s.prevalence) * fpr
        some = flagged > 1e-300
        assert swept.precision[some] == pytest.approx(
            s.prevalence * tpr[some] / flagged[some], rel=1e-9
        )


@settings(max_examples=25, deadline=None)
@given(SEEDS)
def test_the_people_drawn_are_the_four_cells_to_within_one_person_each(seed: int) -> None:
    for result in answers(seed):
        people, total = result.people, result.scenario.items_per_month
        assert (sum(people.people.values()) == people.of).all()
        swept = zip(
            ("caught", "wronged", "missed", "left alone"),
            (getattr(result.sweep.confusion, name) for name in CELLS),
            strict=True,
        )
        for name, count in swept:
            exact = np.asarray(count) / total * people.of
            assert (np.abs(people.people[name] - exact) <= 1 + 1e-6).all()
            some = np.asarray(count) > 0
            with np.errstate(over="ignore"):  # one in more than a float can hold is one in inf
                expected = total / count[some]
            np.testing.assert_allclose(people.one_in[name][some], expected, rtol=1e-9)
            assert (people.one_in[name][~some] == np.inf).all()


def test_a_threshold_between_two_scores_flags_as_the_next_score_up() -> None:
    rows = Empirical.from_rows([0.1, 0.35, 0.4, 0.8], [0, 1, 0, 1])
    between, at = (
        moderate(ModerationScenario(threshold=t, rows=rows.fingerprint), rows) for t in (0.36, 0.4)
    )
    assert cells(between.confusion) == cells(at.confusion)
    assert float(at.chosen.rates.fpr) == 0.5
