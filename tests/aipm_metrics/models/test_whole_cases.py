"""Whole cases against every matrix there is, and which numbers are to blame."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.models.consistency import Given, Region
from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.models.metric_reading import GIVEN
from aipm_metrics.models.suspects import can_be_true, find_suspects
from aipm_metrics.models.whole_cases import whole_cases
from tests.aipm_metrics.models.matrices import matrices, rounded, share

Cells = tuple[int, int, int, int]
MOST = 9
TO_NINE = range(MOST + 1)
EVERY = [c for c in product(TO_NINE, TO_NINE, TO_NINE, TO_NINE) if 0 < sum(c) <= MOST]
TABLE = {name: [share(name, cells) for cells in EVERY] for name in METRICS}
W = Given.written


def brute_force(said: list[Given]) -> bool:
    """Whether one of all matrices of at most nine cases has every number."""
    return any(
        all(
            (value := TABLE[one.metric][i]) is not None and one.low <= value <= one.high
            for one in said
        )
        for i in range(len(EVERY))
    )


@settings(max_examples=150)
@given(
    st.integers(1, MOST),
    st.dictionaries(st.sampled_from([n for n in GIVEN if n != "volume"]), st.integers(0, 100),
                    min_size=1, max_size=4),
)  # fmt: skip
def test_verdicts_are_those_of_trying_every_matrix(volume: int, picked: dict[str, int]) -> None:
    said = [W("volume", volume, "to the last one")]
    for name, percent in picked.items():
        if METRICS[name].is_ratio:
            said.append(W(name, percent / 100, "to 1 %"))
        else:
            said.append(W(name, percent % (volume + 2), "to the last one"))
    assert can_be_true(Region(said)) is brute_force(said)


@given(matrices, st.lists(st.sampled_from(GIVEN), min_size=1, max_size=6, unique=True))
def test_a_true_report_of_whole_cases_is_never_refused(cells: Cells, metrics: list[str]) -> None:
    assert whole_cases(Region(rounded(metrics, cells, 2))) is not False


def test_few_cases_have_few_ratios() -> None:
    seven = W("flagged", 7, "to the last one")
    for percent in range(101):
        precision = W("precision", percent / 100, "to 1 %")
        assert whole_cases(Region([seven, precision])) is (
            percent in {round(100 * n / 7) for n in range(8)}
        )


def test_numbers_meant_exactly_may_be_averages() -> None:
    said = [W("flagged", 7, "to the last one"), W("precision", 0.91, "exact")]
    assert whole_cases(Region(said)) is None
    assert can_be_true(Region(said))


def test_too_many_combinations_are_not_tried_and_no_verdict_is_made_up() -> None:
    said = [
        W("volume", 2e9, "to 1 digit"), W("precision", 0.5, "to 0.001 %"),
        Given("recall", Fraction(1, 3), Fraction(1, 3), Fraction(1, 3)),
        Given("fpr", Fraction(1, 7), Fraction(1, 7), Fraction(1, 7)),
    ]  # fmt: skip
    assert whole_cases(Region(said)) in {True, None}


# --- who is to blame ---


@given(matrices, st.sampled_from([n for n in GIVEN if METRICS[n].is_ratio]), st.integers(1, 99))
def test_without_a_suspect_the_rest_can_be_true_and_without_another_it_cannot(
    cells: Cells, wrong: str, percent: int
) -> None:
    names = ("volume", "positives", "flagged", "recall", "precision")
    said = rounded(names, cells, 2)
    said = [one for one in said if one.metric != wrong] + [W(wrong, percent / 100, "to 1 %")]
    suspects = find_suspects(said)
    assert bool(suspects) is not can_be_true(Region(said))
    singles = {one.metrics[0] for one in suspects if len(one.metrics) == 1}
    if suspects:
        assert wrong in singles
    for one in said:
        rest = Region(said).without([one.metric])
        assert (one.metric in singles) is (bool(suspects) and can_be_true(rest))


def test_a_suspect_would_have_to_lie_in_its_interval_and_nowhere_else() -> None:
    said = [
        W("positives", 4000, "to the last one"), W("flagged", 4800, "to the last one"),
        W("recall", 0.54, "to 1 %"),
    ]  # fmt: skip
    blamed = find_suspects([*said, W("precision", 0.91, "to 1 %")])[-1]
    assert blamed.metrics == ("precision",)
    (told,) = blamed.allowed
    for value, fits in (
        (told.low, True), (told.high, True), (told.low - 1e-6, False), (told.high + 1e-6, False),
    ):  # fmt: skip
        exact = Fraction(value)
        wide = Given("precision", exact, exact - Fraction(1, 10**9), exact + Fraction(1, 10**9))
        assert Region([*said, wide]).possible is fits
    assert blamed.typical[0] == pytest.approx(0.45)


def test_where_no_single_number_explains_it_two_are_named() -> None:
    """Recall disagrees with its counts, and so does precision with its own."""
    said = [
        W("volume", 1000, "to the last one"), W("positives", 100, "to the last one"),
        W("prevalence", 0.5, "to 1 %"), W("flagged", 100, "to the last one"),
        W("flagged_share", 0.7, "to 1 %"), W("accuracy", 0.9, "to 1 %"),
    ]  # fmt: skip
    suspects = find_suspects(said)
    assert suspects
    assert {len(one.metrics) for one in suspects} == {2}
