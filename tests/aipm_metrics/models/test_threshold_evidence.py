"""Whether A is cheaper than B: brute force, the posterior by draws, tables drawn anew, limits."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import ndtr

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.threshold_evidence import ThresholdEvidence, threshold_evidence

COSTS = st.floats(0.01, 1000)
PREVALENCE = st.none() | st.floats(0.001, 0.999)


@st.composite
def tables(draw: st.DrawFn) -> tuple[int, ...]:
    """Counts of two thresholds, in either order."""
    part = st.integers(0, 60)
    low_p, low_n, between_p, between_n, rest_p, rest_n = (draw(part) for _ in range(6))
    rest_p, rest_n = rest_p + 1, rest_n + 1
    higher, lower = (low_p, low_n), (low_p + between_p, low_n + between_n)
    a, b = (lower, higher) if draw(st.booleans()) else (higher, lower)
    return (*a, *b, lower[0] + rest_p, lower[1] + rest_n)


def of_each(table: Any, **costs: Any) -> ThresholdEvidence:
    """The evidence of many tables, (6, s), that are often alike: each kind is asked once."""
    kinds, place = np.unique(table, axis=1, return_inverse=True)
    found = threshold_evidence(*kinds, **costs)
    return ThresholdEvidence(
        **{field.name: getattr(found, field.name)[place] for field in fields(found)}
    )


def swapped(table: tuple[int, ...]) -> tuple[int, ...]:
    return (*table[2:4], *table[:2], *table[4:])


# --- laws ---


@given(tables(), COSTS, COSTS, PREVALENCE)
def test_swapping_the_two_mirrors_the_answer(
    table: tuple[int, ...], miss: float, false: float, prevalence: float | None
) -> None:
    one = threshold_evidence(*table, cost_fn=miss, cost_fp=false, prevalence=prevalence)
    other = threshold_evidence(*swapped(table), cost_fn=miss, cost_fp=false, prevalence=prevalence)
    assert one.difference == -other.difference
    assert one.cost_a == other.cost_b
    assert one.chance == pytest.approx(1 - other.chance, abs=1e-9, nan_ok=True)
    assert one.standard_error == other.standard_error
    assert one.labels_needed == other.labels_needed
    assert one.status == other.status
    if one.status == "said" and one.difference != 0:
        assert (one.chance > 0.5) == (one.difference < 0)


@given(tables(), COSTS, COSTS, PREVALENCE, st.sampled_from([0.01, 7.0, 1e5]))
def test_the_currency_changes_no_chance(
    table: tuple[int, ...], miss: float, false: float, prevalence: float | None, unit: float
) -> None:
    one = threshold_evidence(*table, cost_fn=miss, cost_fp=false, prevalence=prevalence)
    other = threshold_evidence(
        *table, cost_fn=unit * miss, cost_fp=unit * false, prevalence=prevalence
    )
    assert other.chance == pytest.approx(one.chance, abs=1e-9, nan_ok=True)
    assert other.difference == pytest.approx(unit * one.difference, rel=1e-9, abs=1e-12 * unit)
    assert other.standard_error == pytest.approx(unit * one.standard_error, rel=1e-9)


@given(tables(), COSTS, COSTS)
def test_costs_are_those_counted_row_by_row(
    table: tuple[int, ...], miss: float, false: float
) -> None:
    found = threshold_evidence(*table, cost_fn=miss, cost_fp=false)
    tp_a, fp_a, tp_b, fp_b, positives, negatives = table
    n = positives + negatives
    assert found.cost_a == pytest.approx((miss * (positives - tp_a) + false * fp_a) / n)
    assert found.cost_b == pytest.approx((miss * (positives - tp_b) + false * fp_b) / n)
    gap = found.cost_a - found.cost_b
    assert found.difference == pytest.approx(gap, rel=1e-7, abs=1e-9 * (miss + false))
    assert found.break_even == pytest.approx(false / (false + miss))


@given(tables(), COSTS, COSTS)
def test_the_rows_own_prevalence_as_a_number_gives_the_same_costs(
    table: tuple[int, ...], miss: float, false: float
) -> None:
    own = table[4] / (table[4] + table[5])
    one = threshold_evidence(*table, cost_fn=miss, cost_fp=false)
    other = threshold_evidence(*table, cost_fn=miss, cost_fp=false, prevalence=own)
    for name in ("cost_a", "cost_b", "difference", "break_even"):
        assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-9, abs=1e-12)


def test_counts_read_off_scored_rows_are_nested_and_priced() -> None:
    """One threshold against every other of real rows, at once."""
    rng = np.random.default_rng(11)
    label = rng.random(3000) < 0.2
    rows = Empirical.from_rows(np.round(rng.normal(size=3000) + 1.2 * label, 1), label)
    k = rows.thresholds.size // 2
    found = threshold_evidence(
        rows.tp[k], rows.fp[k], rows.tp, rows.fp, rows.positives, rows.negatives,
        cost_fn=4, cost_fp=1,
    )  # fmt: skip
    assert found.chance.shape == rows.thresholds.shape
    assert found.status[k] == "undefined"
    assert (found.status == "said").sum() > 20
    said = found.status == "said"
    assert ((found.chance[said] > 0.5) == (found.difference[said] < 0)).all()


def test_groups_at_once_are_as_each_alone() -> None:
    table = np.array([[14, 16, 10, 10, 20, 80], [3, 9, 5, 30, 9, 90], [4, 4, 4, 4, 5, 5]]).T
    for prevalence in (None, 0.03):
        costs: Any = {"cost_fn": 9.0, "cost_fp": 1.0, "prevalence": prevalence}
        found = threshold_evidence(*table, **costs)
        for i in range(3):
            alone = threshold_evidence(*table[:, i], **costs)
            for name in (field.name for field in fields(ThresholdEvidence)):
                both = getattr(found, name)[i], getattr(alone, name)
                assert both[0] == pytest.approx(both[1], rel=1e-12, nan_ok=True), name


# --- limits ---


def test_two_thresholds_with_no_row_between_them_cannot_be_told_apart() -> None:
    found = threshold_evidence(4, 6, 4, 6, 10, 90, cost_fn=5, cost_fp=1)
    assert found.difference == found.standard_error == 0
    assert np.isnan(found.chance)
    assert found.labels_needed == np.inf
    assert found.status == "undefined"


@pytest.mark.parametrize("prevalence", [None, 0.1])
def test_equal_costs_are_never_settled_by_more_rows(prevalence: float | None) -> None:
    """Three positives at 2 against six negatives at 1, in rows of which one in ten is positive."""
    found = threshold_evidence(
        6, 12, 3, 6, 10, 90, cost_fn=2, cost_fp=1, prevalence=prevalence
    )  # fmt: skip
    assert found.difference == 0
    assert found.labels_needed == np.inf
    assert 0.4 < found.chance < 0.6


@pytest.mark.parametrize("prevalence", [None, 0.1])
@pytest.mark.parametrize(("positives", "negatives"), [(0, 50), (50, 0), (0, 0)])
def test_without_a_class_nothing_is_said(
    positives: int, negatives: int, prevalence: float | None
) -> None:
    found = threshold_evidence(
        0, 0, positives // 2, negatives // 2, positives, negatives,
        cost_fn=1, cost_fp=1, prevalence=prevalence,
    )  # fmt: skip
    assert np.isnan([found.cost_a, found.chance, found.standard_error, found.labels_needed]).all()
    assert found.status == "undefined"


def test_where_nothing_costs_anything_nothing_is_said() -> None:
    assert threshold_evidence(5, 5, 1, 1, 9, 9, cost_fn=0, cost_fp=0).status == "undefined"


@pytest.mark.parametrize("prevalence", [None, 0.3])
def test_where_only_one_error_costs_the_answer_is_sure(prevalence: float | None) -> None:
    costs: Any = {"prevalence": prevalence}
    miss_only = threshold_evidence(50, 50, 10, 10, 90, 90, cost_fn=1, cost_fp=0, **costs)
    false_only = threshold_evidence(50, 50, 10, 10, 90, 90, cost_fn=0, cost_fp=1, **costs)
    assert miss_only.chance == pytest.approx(1, abs=1e-9)
    assert false_only.chance == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("prevalence", [None, 0.05])
def test_no_positive_between_is_no_certainty(prevalence: float | None) -> None:
    """Forty negatives and no positive: at a break-even of one in fifty, far from sure."""
    found = threshold_evidence(
        10, 50, 10, 10, 50, 950, cost_fn=49, cost_fp=1, prevalence=prevalence
    )  # fmt: skip
    assert found.difference > 0
    assert 0.1 < found.chance < 0.4
    assert found.standard_error > 0


def test_a_chance_that_only_the_prior_carries_is_too_few() -> None:
    """Twelve negatives, and a miss worth a thousand: the half row alone says flag."""
    found = threshold_evidence(5, 20, 5, 8, 40, 960, cost_fn=1000, cost_fp=1)
    assert found.difference > 0
    assert found.chance > 0.5
    assert found.status == "too few"


# --- many rows: the normal posterior ---


@pytest.mark.parametrize("prevalence", [None, 0.01])
def test_with_many_rows_the_chance_is_the_normal_one(prevalence: float | None) -> None:
    found = threshold_evidence(
        6000, 9000, 5600, 5000, 10_000, 90_000, cost_fn=10.2, cost_fp=1, prevalence=prevalence
    )  # half a row more moves 400 positives by an eighth of a per cent
    assert found.chance == pytest.approx(ndtr(-found.difference / found.standard_error), abs=5e-3)


@pytest.mark.parametrize("sure", [0.8, 0.95, 0.99])
@pytest.mark.parametrize("prevalence", [None, 0.02])
def test_with_as_many_labels_as_it_asks_for_one_is_as_sure(
    prevalence: float | None, sure: float
) -> None:
    table = np.array([130, 250, 100, 100, 200, 1800])
    costs: Any = {"cost_fn": 5.5 if prevalence is None else 30.0, "cost_fp": 1.0}
    now = threshold_evidence(*table, **costs, prevalence=prevalence, sure=sure)
    more = np.round(table * now.labels_needed / 2000).astype(int)
    then = threshold_evidence(*more, **costs, prevalence=prevalence, sure=sure)
    assert then.rows == pytest.approx(now.labels_needed, rel=0.01)
    assert max(then.chance, 1 - then.chance) == pytest.approx(sure, abs=0.01)


def test_however_clear_ten_rows_must_lie_between() -> None:
    found = threshold_evidence(100, 5, 95, 5, 200, 800, cost_fn=1000, cost_fp=1)
    assert found.labels_needed == 1000 * 10 / 5


# --- random ---


def test_the_posterior_by_draws_of_a_dirichlet_and_of_two_betas() -> None:
    rng, draws = np.random.default_rng(8), 100_000
    table = np.array([33, 61, 20, 12, 60, 540])
    p, q, rest = rng.dirichlet([13.5, 49.5, 600 - 13 - 49 + 0.5], draws).T
    assert rest.min() > 0
    fair = threshold_evidence(*table, cost_fn=4, cost_fp=1)
    share = float((4 * p > q).mean())
    assert fair.chance == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / draws))
    of_p, of_n = rng.beta(13.5, 47.5, draws), rng.beta(49.5, 491.5, draws)
    stated = threshold_evidence(*table, cost_fn=4, cost_fp=1, prevalence=0.08)
    share = float((4 * 0.08 * of_p > 0.92 * of_n).mean())
    assert stated.chance == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / draws))


@pytest.mark.parametrize("prevalence", [None, 0.2])
def test_the_chance_comes_true_as_often_as_it_says(prevalence: float | None) -> None:
    """Worlds drawn from the prior, a table from each: the rest of chance and truth is noise."""
    rng, worlds, size = np.random.default_rng(21), 20_000, 20
    if prevalence is None:
        shares = rng.dirichlet([0.5, 0.5, 0.5], worlds)
        p, q, rest = rng.multinomial(size, shares).T
        truth = 3 * shares[:, 0] > shares[:, 1]
        positives, negatives = p + rest, q  # whatever class the rest has, none of it lies between
    else:
        shares = rng.beta(0.5, 0.5, (worlds, 2))
        p, q = rng.binomial(size, shares).T
        truth = 3 * prevalence * shares[:, 0] > (1 - prevalence) * shares[:, 1]
        positives = negatives = np.full(worlds, size)
    none = np.zeros_like(p)
    found = of_each(
        (p, q, none, none, positives, negatives), cost_fn=3, cost_fp=1, prevalence=prevalence
    )
    keep = ~np.isnan(found.chance)
    apart = (truth - found.chance)[keep]
    assert keep.sum() > worlds / 2
    assert abs(apart.mean()) < 4 * apart.std() / np.sqrt(keep.sum())
    leaning = keep & (found.chance > 0.6) & (found.chance < 0.95)
    some = (truth - found.chance)[leaning]
    assert abs(some.mean()) < 4 * some.std() / np.sqrt(some.size)


@pytest.mark.parametrize("prevalence", [None, 0.3])
def test_tables_drawn_anew_stray_by_the_standard_error(prevalence: float | None) -> None:
    rng, sets, n = np.random.default_rng(13), 20_000, 400
    shares = np.array([0.3, 0.1, 0.1, 0.5])  # positives and negatives between, and the others
    if prevalence is None:
        p, q, rest_p, rest_n = rng.multinomial(n, shares, sets).T
    else:
        p, q = rng.binomial(80, 0.15, sets), rng.binomial(320, 0.125, sets)
        rest_p, rest_n = 80 - p, 320 - q
    none = np.zeros_like(p)
    found = of_each(
        (p, q, none, none, p + rest_p, q + rest_n), cost_fn=5, cost_fp=1, prevalence=prevalence
    )
    apart = (found.difference - found.difference.mean()) ** 2
    strayed, noise = apart.mean(), apart.std() / np.sqrt(sets)
    # A variance read off n rows is (n - 1) / n of the true one, on average.
    assert strayed == pytest.approx((found.standard_error**2).mean(), abs=4 * noise + strayed / 80)


# --- refusals ---


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tp_a": 21}, r"`tp_a` must lie in \[0, 20\]; got 21"),
        ({"fp_b": -1}, r"`fp_b` must lie in \[0, 80\]; got -1"),
        ({"tp_a": 9}, "`tp_a` and `fp_a` may not lie on different sides"),
        ({"cost_fn": -1.0}, r"`cost_fn` must lie in \[0, inf\]; got -1.0"),
        ({"cost_fp": np.nan}, r"`cost_fp` must lie in \[0, inf\]; got nan"),
        ({"prevalence": 1.2}, r"`prevalence` must lie in \[0, 1\]; got 1.2"),
        ({"sure": 0.5}, "`sure` must lie between 0.5 and 1, both excluded; got 0.5"),
        ({"sure": 1.0}, "`sure` must lie between 0.5 and 1, both excluded; got 1.0"),
    ],
)
def test_what_does_not_fit_is_refused(change: dict[str, float], said: str) -> None:
    good: dict[str, Any] = {
        "tp_a": 14, "fp_a": 16, "tp_b": 10, "fp_b": 10, "positives": 20, "negatives": 80,
        "cost_fn": 1.0, "cost_fp": 1.0,
    }  # fmt: skip
    with pytest.raises(MetricsError, match=said):
        threshold_evidence(**(good | change))
