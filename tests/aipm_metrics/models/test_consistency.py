"""Numbers that are true are never refused, impossible ones are, and intervals are tight."""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from aipm_metrics.models.consistency import Given, Region, inequalities
from aipm_metrics.models.metric_algebra import CELLS, METRICS, RATIOS, independent
from aipm_metrics.models.metric_reading import GIVEN
from tests.aipm_metrics.models.matrices import confusion, full, matrices, rounded, share, true

Cells = tuple[int, int, int, int]
W = Given.written
some = st.lists(st.sampled_from(GIVEN), min_size=1, max_size=7, unique=True)
SUFFICIENT = [
    names
    for names in combinations(GIVEN, 4)
    if len(independent(confusion((613, 89, 251, 4_001)), names)) == 4
]


@given(matrices, some, st.integers(1, 5))
def test_a_true_report_is_never_refused(cells: Cells, metrics: list[str], places: int) -> None:
    region = Region(rounded(metrics, cells, places))
    assert region.possible
    for name in METRICS:
        value = share(name, cells)
        if value is not None:
            low, high = region.exact(name)
            assert low <= value <= high


@given(full, st.sampled_from(SUFFICIENT))
def test_exact_numbers_give_exactly_the_matrix(cells: Cells, names: tuple[str, ...]) -> None:
    """From every sufficient set, without an error of any size."""
    rows = true(names, cells)
    region = Region(rows)
    assert region.possible
    assume(len(independent(confusion(cells), names)) == 4)
    for cell, n in zip(CELLS, cells, strict=True):
        assert region.exact(cell) == (n, n)
    assert all(region.interval(name).settled for name in METRICS)


@given(full, st.sampled_from(SUFFICIENT), st.data())
def test_a_fifth_number_that_is_off_is_refused(
    cells: Cells, names: tuple[str, ...], data: st.DataObject
) -> None:
    assume(len(independent(confusion(cells), names)) == 4)
    extra = data.draw(st.sampled_from([n for n in GIVEN if n not in names]))
    value = share(extra, cells)
    assert value is not None
    off = value * Fraction(1_000_001, 1_000_000)
    assert not Region([*true(names, cells), Given(extra, off, off, off)]).possible


@settings(max_examples=40)
@given(matrices, some, st.integers(1, 3))
def test_intervals_are_those_of_a_linear_program(
    cells: Cells, metrics: list[str], places: int
) -> None:
    """Charnes & Cooper: scale so that the denominator is 1, and the quotient is linear."""
    region = Region(rounded(metrics, cells, places))
    rows = [row for one in region.given for row in inequalities(one)]
    for name in ("precision", "recall", "f1", "fpr", "accuracy"):
        told = region.interval(name)
        if math.isnan(told.low):
            continue
        for sign, expected in ((1, told.low), (-1, told.high)):
            found = linprog(
                sign * np.array([*METRICS[name].part, 0.0]),
                A_ub=-np.array(rows, float) if rows else None,
                b_ub=np.zeros(len(rows)) if rows else None,
                A_eq=[[*METRICS[name].whole, 0.0]], b_eq=[1.0],
            )  # fmt: skip
            if found.status == 0:  # HiGHS may give up on counts beside shares
                assert sign * found.fun == pytest.approx(expected, abs=1e-6)


def test_the_published_report_that_cannot_be_true() -> None:
    """https://dataford.io/questions/evaluate-safety-review-precision-recall-tradeoff.

    Of 4,000 unsafe listings 2,160 are caught (recall 0.54); 4,800 are flagged, so precision is
    0.45. The report says 0.91. Before, 2,880 of 4,000 and 7,900 flagged: 0.3646, not 0.78.
    """
    for flagged, recall, precision, f1, implied in (
        (4800, 0.54, 0.91, 0.68, 0.45), (7900, 0.72, 0.78, 0.75, 0.3646),
    ):  # fmt: skip
        counts = [W("positives", 4000, "to the last one"), W("flagged", flagged, "to the last one")]
        ratios = [W("recall", recall, "to 1 %"), W("precision", precision, "to 1 %")]
        assert not Region([*counts, *ratios]).possible
        assert Region([*counts, ratios[0]]).as_written.interval("precision").low == pytest.approx(
            implied, abs=5e-5
        )
        assert Region([*ratios, W("f1", f1, "to 1 %")]).possible  # without counts nobody sees it


@pytest.mark.parametrize(
    ("said", "possible"),
    [
        ([("precision", 0.91, "to 1 %"), ("recall", 0.54, "to 1 %"), ("f1", 0.68, "to 1 %")], True),
        ([("precision", 0.91, "to 1 %"), ("recall", 0.54, "to 1 %"), ("f1", 0.7, "to 1 %")], False),
        ([("positives", 101, "to the last one"), ("volume", 99, "to the last one")], False),
        ([("positives", 100, "to the last one"), ("volume", 100, "to the last one")], True),
        ([("prevalence", 0.5, "to 1 %"), ("accuracy", 0.2, "to 1 %"), ("recall", 0.9, "to 1 %")],
         False),
        ([("precision", 0.0, "exact"), ("f1", 0.5, "to 1 %")], False),
        ([("recall", 1.0, "exact"), ("precision", 1.0, "exact"), ("fpr", 0.1, "to 1 %")], False),
    ],
)  # fmt: skip
def test_small_reports(said: list[tuple[str, float, str]], *, possible: bool) -> None:
    assert Region([W(*one) for one in said]).possible is possible


def test_rounding_is_allowed_for_up_to_its_very_end_and_no_further() -> None:
    """F1 of precision 0.915 and recall 0.545 is 0.68312: the most 0.91 and 0.54 allow."""
    said = [W("precision", 0.91, "to 1 %"), W("recall", 0.54, "to 1 %")]
    edge = Fraction(2) * Fraction(915, 1000) * Fraction(545, 1000) / Fraction(1460, 1000)
    for value, possible in ((edge, True), (edge + Fraction(1, 10**12), False)):
        assert Region([*said, Given("f1", value, value, value)]).possible is possible


def test_a_ratio_of_nothing_cannot_have_been_given() -> None:
    """Nothing is flagged, so nobody can have seen a precision."""
    nothing = Given("flagged", Fraction(0), Fraction(0), Fraction(0))
    assert Region([nothing]).possible
    assert not Region([nothing, W("precision", 0.9, "to 1 %")]).possible
    assert math.isnan(Region([nothing]).interval("precision").low)


def test_nothing_given_leaves_everything_open() -> None:
    nothing = Region([])
    assert nothing.possible
    for name in METRICS:
        told = nothing.interval(name)
        assert (told.low, told.high) == (0, 1 if name in RATIOS else math.inf)


@given(matrices, some)
def test_more_numbers_never_widen_an_interval(cells: Cells, metrics: list[str]) -> None:
    said = rounded(metrics, cells, 2)
    wide, narrow = Region(said[:-1]), Region(said)
    for name in METRICS:
        outer, inner = wide.interval(name), narrow.interval(name)
        if not math.isnan(inner.low):
            assert outer.low <= inner.low <= inner.high <= outer.high


@given(matrices, some, st.integers(1, 3))
def test_as_written_lies_within_what_rounding_allows(
    cells: Cells, metrics: list[str], places: int
) -> None:
    region = Region(rounded(metrics, cells, places))
    assert region.as_written.possible
    for name in METRICS:
        outer, inner = region.interval(name), region.as_written.interval(name)
        if not math.isnan(inner.low):
            assert outer.low <= inner.low <= inner.high <= outer.high


@given(matrices, some)
def test_a_weighted_sum_lies_where_its_cells_do(cells: Cells, metrics: list[str]) -> None:
    region = Region(rounded(metrics, cells, 2))
    told = region.weighted((0.0, 0.25, 0.4, 0.0))
    assert told.low <= 0.25 * cells[1] + 0.4 * cells[2] + 1e-6
    assert told.high >= 0.25 * cells[1] + 0.4 * cells[2] - 1e-6
    one = region.weighted((0.0, 1.0, 0.0, 0.0))
    assert (one.low, one.high) == pytest.approx(
        (region.interval("fp").low, region.interval("fp").high)
    )
