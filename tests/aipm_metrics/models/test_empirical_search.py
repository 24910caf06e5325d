"""The best threshold on counted rows."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.rate_cost import RateCost

PAIRS = st.lists(st.tuples(st.integers(-5, 5), st.integers(0, 1)), min_size=2, max_size=30).filter(
    lambda rows: {y for _, y in rows} == {0, 1}
)
USD = st.integers(0, 20)
Pairs = list[tuple[int, int]]
TOY = EmpiricalAxis(Empirical.from_rows([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]))


def axis(rows: Pairs) -> EmpiricalAxis:
    score, label = zip(*rows, strict=True)
    return EmpiricalAxis(Empirical.from_rows(score, label))


def everywhere(rows: Pairs) -> list[tuple[float, Rates]]:
    """Every threshold that differs and its rates, by counting."""
    positives, negatives = ([s for s, y in rows if y == kind] for kind in (1, 0))
    return [
        (
            t,
            Rates(
                sum(s >= t for s in positives) / len(positives),
                sum(s >= t for s in negatives) / len(negatives),
            ),
        )
        for t in [*sorted({float(s) for s, _ in rows}), np.inf]
    ]


# --- laws ---


@given(PAIRS, USD, USD, USD, st.floats(0, 1), st.floats(0, 21))
def test_the_choice_is_the_strictest_of_the_cheapest_that_keep_every_limit(
    rows: Pairs, miss: int, false: int, stake: int, floor: float, limit: float
) -> None:
    cost = RateCost(per_miss=miss, per_false=false, at_stake=stake, chance=0.5, exposures=4)
    load = RateCost(per_miss=1, per_false=20)
    allowed = [
        (t, float(cost(r)))
        for t, r in everywhere(rows)
        if r.tpr >= floor and float(load(r)) <= limit
    ]
    choice = axis(rows).cheapest(cost, load=load, limit=limit, floor=floor)
    if not allowed:
        assert choice is None
        return
    lowest = min(usd for _, usd in allowed)
    assert choice is not None
    assert choice.threshold == max(t for t, usd in allowed if usd <= lowest * (1 + 1e-12))
    assert float(cost(choice.rates)) == pytest.approx(lowest, rel=1e-12)


@given(PAIRS, st.floats(0.01, 0.99))
def test_the_choice_is_the_strictest_of_highest_f1(rows: Pairs, prevalence: float) -> None:
    found = []
    for t, r in everywhere(rows):
        caught, wronged = prevalence * r.tpr, (1 - prevalence) * r.fpr
        found.append((t, 2 * caught / (caught + wronged + prevalence)))
    best = max(f1 for _, f1 in found)
    choice = axis(rows).highest_f1(prevalence)
    assert choice.threshold == max(t for t, f1 in found if f1 >= best * (1 - 1e-12))


@given(PAIRS, USD, USD)
def test_the_rates_told_with_a_choice_are_those_at_its_threshold(
    rows: Pairs, miss: int, false: int
) -> None:
    held = axis(rows)
    choice = held.cheapest(RateCost(per_miss=miss, per_false=false))
    assert choice is not None
    assert held.rates(choice.threshold) == choice.rates


# --- limits ---


def test_when_all_thresholds_cost_the_same_nothing_is_flagged() -> None:
    choice = TOY.cheapest(RateCost(per_miss=0, per_false=0))
    assert choice is not None
    assert (choice.threshold, choice.rates) == (np.inf, Rates(0.0, 0.0))


def test_a_price_on_misses_alone_flags_down_to_the_lowest_positive_and_no_further() -> None:
    choice = TOY.cheapest(RateCost(per_miss=1, per_false=0))
    assert choice is not None
    assert choice.threshold == 0.35


# --- published numbers ---


def test_the_thresholds_of_scikit_learns_toy_rows() -> None:
    """Rows of the docstring of scikit-learn's roc_curve: of the two best accuracies, the top."""
    fewest = TOY.cheapest(RateCost(per_miss=2, per_false=2))
    assert fewest is not None
    assert fewest.threshold == 0.8
    assert TOY.highest_f1(0.5).threshold == 0.35


def test_flagging_nothing_is_among_the_thresholds() -> None:
    thresholds, rates = TOY.every
    assert thresholds.tolist() == [0.1, 0.35, 0.4, 0.8, np.inf]
    assert rates.tpr.tolist() == [1, 1, 0.5, 0.5, 0]
    assert rates.fpr.tolist() == [1, 0.5, 0.5, 0, 0]


# --- refusals ---


def test_limits_that_exclude_each_other_leave_no_choice() -> None:
    load = RateCost(per_miss=0, per_false=10)
    assert TOY.cheapest(load, load=load, limit=4.9, floor=0.9) is None
    assert TOY.cheapest(load, load=load, limit=5.0, floor=0.9) is not None


def test_what_is_fixed_moves_no_threshold_however_large() -> None:
    free, billed = (
        TOY.cheapest(RateCost(per_miss=2, per_false=1, fixed=bill)) for bill in (0.0, 1e18)
    )
    assert free == billed
