"""Costs by amount: row-by-row sums, Elkan's threshold as published, the best of all policies."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.amount_costs import (
    AmountCost,
    CostMatrix,
    cost_at_thresholds,
    cost_per_row,
    elkan_threshold,
)

PRICES = st.builds(AmountCost, st.floats(-50, 50), st.floats(-2, 2))
MATRICES = st.builds(CostMatrix, fn=PRICES, fp=PRICES, tn=PRICES, tp=PRICES)
ROWS = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.2, 0.5, 1.0]), st.integers(0, 1), st.floats(0, 500)),
    min_size=1, max_size=30,
)  # fmt: skip
# probabl, "Cost-sensitive learning to optimize business metrics" (calibration and cost-sensitive
# learning tutorial): refusing an honest payment 10, a fraud let through its amount and 20, an
# honest payment let through earns 2 %.
PAYMENTS = CostMatrix(fn=AmountCost(20, 1), fp=AmountCost(10), tn=AmountCost(0, -0.02))


def priced(columns: Any, costs: CostMatrix) -> Any:
    """Of four columns: rows of either class, and their amounts."""
    p, n, amount_p, amount_n = columns
    return cost_at_thresholds(p, n, amount_p, amount_n, costs)


# --- laws ---


@given(ROWS, MATRICES)
def test_sums_of_amounts_give_the_cost_that_rows_add_up_to(
    rows: list[tuple[float, int, float]], costs: CostMatrix
) -> None:
    score, label, amount = (np.array(column) for column in zip(*rows, strict=True))
    levels, place = np.unique(score, return_inverse=True)
    sums = [
        np.bincount(place, weights=kind * weight, minlength=levels.size)
        for weight in (np.ones_like(amount), amount)
        for kind in (label, 1 - label)
    ]
    found = priced(sums, costs)
    by_row = [cost_per_row(score, label, amount, costs, t).sum() for t in (*levels, np.inf)]
    assert found == pytest.approx(by_row, rel=1e-9, abs=1e-7)


@given(st.floats(0, 1), st.floats(0, 1e6), MATRICES)
def test_elkans_side_is_never_the_dearer_in_expectation(
    p: float, amount: float, costs: CostMatrix
) -> None:
    limit = elkan_threshold(amount, costs)
    flag = p * costs.tp.of(amount) + (1 - p) * costs.fp.of(amount)
    leave = p * costs.fn.of(amount) + (1 - p) * costs.tn.of(amount)
    slack = 1e-9 * (1 + abs(flag) + abs(leave))
    if p >= limit:
        assert flag <= leave + slack
    elif p < limit:
        assert leave <= flag + slack
    else:
        alarm = costs.fp.of(amount) - costs.tn.of(amount)
        miss = costs.fn.of(amount) - costs.tp.of(amount)
        assert np.isnan(limit)
        assert max(alarm, miss) <= 0  # mistakes are not dearer than being right


@given(st.floats(0, 1e6), st.floats(0.001, 1e3), MATRICES)
def test_neither_the_currency_nor_what_is_paid_anyway_moves_the_threshold(
    amount: float, unit: float, costs: CostMatrix
) -> None:
    def paid(price: AmountCost) -> AmountCost:
        return AmountCost(unit * price.fixed, unit * price.share)

    other = CostMatrix(fn=paid(costs.fn), fp=paid(costs.fp), tn=paid(costs.tn), tp=paid(costs.tp))
    one, two = elkan_threshold(amount, costs), elkan_threshold(amount, other)
    assert one == pytest.approx(two, rel=1e-6, nan_ok=True) or max(
        abs(costs.fp.of(amount) - costs.tn.of(amount)) < 1e-9 * (1 + amount),
        abs(costs.fn.of(amount) - costs.tp.of(amount)) < 1e-9 * (1 + amount),
    )


def test_where_amounts_do_not_count_the_optimum_is_one_threshold() -> None:
    """A miss at 9 and a false alarm at 1: 0.1 for all, and the cheapest of all thresholds."""
    costs = CostMatrix(fn=AmountCost(9), fp=AmountCost(1))
    assert elkan_threshold([0, 5, 1e9], costs) == pytest.approx([0.1] * 3)
    score = np.arange(20) / 20  # calibrated: 20 rows at each score, of which so many positive
    positives = (score * 20).round()
    found = cost_at_thresholds(positives, 20 - positives, 0 * score, 0 * score, costs)
    assert found[2] == found.min()  # 0.10


def test_groups_at_once_are_as_each_alone() -> None:
    rng = np.random.default_rng(2)
    counts, amounts = rng.integers(0, 9, (2, 3, 7)), rng.uniform(0, 99, (2, 3, 7))
    found = priced((*counts, *amounts), PAYMENTS)
    assert found.shape == (3, 8)
    for i in range(3):
        alone = priced((*counts[:, i], *amounts[:, i]), PAYMENTS)
        assert found[i] == pytest.approx(alone)


# --- limits ---


@pytest.mark.parametrize(
    ("fn", "fp", "limit"),
    [
        (5, 0, 0.0),  # false alarms are free
        (5, -1, 0.0),  # or welcome
        (0, 5, np.inf),  # misses are
        (-1, 5, np.inf),
        (0, 0, np.nan),  # nothing matters
        (-1, -1, np.nan),  # the wrong way round
    ],
)
def test_where_one_side_always_wins(fn: float, fp: float, limit: float) -> None:
    costs = CostMatrix(fn=AmountCost(fn), fp=AmountCost(fp))
    assert elkan_threshold(7, costs) == pytest.approx(limit, nan_ok=True)


# --- published numbers ---


@pytest.mark.parametrize(
    ("amount", "threshold"),
    [(0, 1 / 3), (10, 0.253731), (50, 0.135802), (100, 0.090909), (1000, 0.028571)],
    ids=lambda value: f"probabl tutorial, Elkan (2001) eq. 2: {value:g}",
)
def test_the_thresholds_of_a_card_payment(amount: float, threshold: float) -> None:
    """The tutorial's prose: "from ~0.02 to ~0.33"."""
    assert elkan_threshold(amount, PAYMENTS) == pytest.approx(threshold, abs=5e-7)


def test_the_thresholds_limit_for_a_card_payment_without_end() -> None:
    assert elkan_threshold(1e15, PAYMENTS) == pytest.approx(0.02 / 1.02, rel=1e-9)


# --- random ---


def test_of_calibrated_rows_the_rows_own_thresholds_cost_least() -> None:
    """Against every single threshold, and against the thresholds halved and doubled."""
    rng, n = np.random.default_rng(4), 100_000
    score, amount = rng.beta(0.3, 3, n), rng.lognormal(4, 1.2, n)
    label = rng.random(n) < score
    own = elkan_threshold(amount, PAYMENTS)
    best = cost_per_row(score, label, amount, PAYMENTS, own)
    for rival in (own / 2, 2 * own, 0.0, np.inf, *np.quantile(own, [0.1, 0.5, 0.9])):
        more = cost_per_row(score, label, amount, PAYMENTS, rival) - best
        assert more.mean() > 4 * more.std() / np.sqrt(n)


# --- refusals ---


@pytest.mark.parametrize("amount", [np.nan, np.inf])
def test_an_amount_that_is_no_number_is_refused(amount: float) -> None:
    with pytest.raises(MetricsError, match="`amount` must be finite; got"):
        elkan_threshold([1, amount], PAYMENTS)


def test_a_label_or_a_threshold_that_means_nothing_is_refused() -> None:
    with pytest.raises(MetricsError, match="`label` must be 0 or 1"):
        cost_per_row([0.5], [2], [1], PAYMENTS, 0.5)
    with pytest.raises(MetricsError, match="`threshold` must lie in"):
        cost_per_row([0.5], [1], [1], PAYMENTS, np.nan)
