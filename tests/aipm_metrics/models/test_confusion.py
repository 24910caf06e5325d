"""Four cells, and the ratios read from them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.confusion import Confusion, Rates

COUNT = st.integers(0, 10**9)
SHARE = st.floats(0, 1)
RATIOS = ("precision", "recall", "specificity", "npv", "accuracy", "f1")


@st.composite
def confusions(draw: st.DrawFn) -> Confusion:
    return Confusion(tp=draw(COUNT), fp=draw(COUNT), fn=draw(COUNT), tn=draw(COUNT))


def mirrored(c: Confusion) -> Confusion:
    """The other class as the positive one."""
    return Confusion(tp=c.tn, fp=c.fn, fn=c.fp, tn=c.tp)


# --- laws ---


@given(confusions())
def test_every_ratio_is_a_share_or_undefined(c: Confusion) -> None:
    for name in RATIOS:
        value = getattr(c, name)
        assert np.isnan(value) or 0 <= value <= 1
    assert np.isnan(c.mcc) or -1 - 1e-12 <= c.mcc <= 1 + 1e-12


@given(confusions())
def test_a_ratio_is_undefined_exactly_when_its_denominator_is_empty(c: Confusion) -> None:
    assert np.isnan(c.precision) == (c.tp + c.fp == 0)
    assert np.isnan(c.recall) == (c.tp + c.fn == 0)
    assert np.isnan(c.specificity) == (c.tn + c.fp == 0)
    assert np.isnan(c.npv) == (c.tn + c.fn == 0)
    assert np.isnan(c.f1) == (c.tp + c.fp + c.fn == 0)
    assert np.isnan(c.accuracy) == (c.total == 0)


@given(confusions())
def test_seen_from_the_other_class_recall_is_specificity_and_precision_is_npv(
    c: Confusion,
) -> None:
    other = mirrored(c)
    pairs = [(other.recall, c.specificity), (other.precision, c.npv)]
    pairs += [(other.accuracy, c.accuracy), (other.mcc, c.mcc)]
    for theirs, ours in pairs:
        assert theirs == pytest.approx(ours, rel=1e-12, nan_ok=True)


@given(confusions(), st.integers(1, 1000))
def test_no_ratio_depends_on_how_many_cases_there_are(c: Confusion, k: int) -> None:
    more = Confusion(tp=k * c.tp, fp=k * c.fp, fn=k * c.fn, tn=k * c.tn)
    for name in (*RATIOS, "mcc"):
        assert getattr(more, name) == pytest.approx(getattr(c, name), rel=1e-9, nan_ok=True)


@given(confusions())
def test_f1_is_the_harmonic_mean_of_precision_and_recall(c: Confusion) -> None:
    if c.tp:
        assert c.f1 == pytest.approx(2 / (1 / c.precision + 1 / c.recall), rel=1e-9)


@given(SHARE, SHARE, SHARE, st.floats(1, 1e12))
def test_rates_become_cells_that_conserve_both_classes(
    tpr: float, fpr: float, prevalence: float, total: float
) -> None:
    c = Rates(tpr, fpr).confusion(prevalence, total)
    assert c.tp + c.fn == pytest.approx(prevalence * total, rel=1e-12, abs=1e-12 * total)
    assert c.fp + c.tn == pytest.approx((1 - prevalence) * total, rel=1e-12, abs=1e-12 * total)
    assert c.total == pytest.approx(total, rel=1e-12)
    assert min(c.tp, c.fp, c.fn, c.tn) >= 0
    assert c.accuracy == pytest.approx(
        prevalence * tpr + (1 - prevalence) * (1 - fpr), rel=1e-9, abs=1e-12
    )


@given(st.floats(0.01, 1), SHARE, st.floats(1e-5, 0.99999))
def test_precision_is_what_bayes_says(tpr: float, fpr: float, prevalence: float) -> None:
    odds = prevalence / (1 - prevalence)
    expected = odds * tpr / (odds * tpr + fpr)  # posterior odds are prior odds times tpr / fpr
    assert Rates(tpr, fpr).confusion(prevalence).precision == pytest.approx(expected, rel=1e-9)


# --- limits ---


def test_a_perfect_decision_has_every_ratio_one() -> None:
    c = Confusion(tp=3, fp=0, fn=0, tn=97)
    assert [getattr(c, name) for name in (*RATIOS, "mcc")] == [1.0] * 7


def test_a_perfectly_wrong_decision_correlates_minus_one() -> None:
    assert Confusion(tp=0, fp=50, fn=50, tn=0).mcc == -1


def test_large_counts_do_not_overflow_the_correlation() -> None:
    big = Confusion(tp=10**10, fp=10**10, fn=10**10, tn=3 * 10**10)
    assert big.mcc == pytest.approx(2 / np.sqrt(2 * 2 * 4 * 4), rel=1e-12)


def test_arrays_go_in_and_out_cell_by_cell() -> None:
    c = Rates(np.array([0.0, 0.5, 1.0]), np.array([0.0, 0.1, 1.0])).confusion(0.5, 10)
    assert np.isnan(c.precision[0])
    assert c.precision[1:] == pytest.approx([2.5 / 3, 0.5])
    assert c.flagged.tolist() == [0, 3, 10]


# --- published numbers ---


@pytest.mark.parametrize(
    ("prevalence", "tpr", "fpr", "ppv"),
    [
        pytest.param(
            0.01, 0.8, 0.096, 0.077640, id="Gigerenzer & Hoffrage 1995, after Eddy 1982: 7.8 %"
        ),
        pytest.param(0.01, 0.9, 0.09, 0.091743, id="Gigerenzer et al. 2007, PSPI 8: 9 of 98"),
        pytest.param(0.008, 0.9, 0.07, 0.093946, id="Gigerenzer 2002, ch. 4: 7 of 77"),
        pytest.param(0.005, 0.95, 0.01, 0.323129, id="by Bayes' rule: 475 of 1,470"),
    ],
)
def test_the_chance_of_illness_after_a_positive_test(
    prevalence: float, tpr: float, fpr: float, ppv: float
) -> None:
    assert round(Rates(tpr, fpr).confusion(prevalence).precision, 6) == ppv


def test_ten_in_a_thousand_women_as_gigerenzer_and_hoffrage_tell_it() -> None:
    """Gigerenzer & Hoffrage (1995), Psychological Review 102, p. 688: 8 of 10, 95 of 990."""
    c = Rates(tpr=0.8, fpr=95 / 990).confusion(0.01, 1000)
    assert (c.tp, c.fp, c.fn, c.tn) == pytest.approx((8, 95, 2, 895), rel=1e-12)
    assert round(c.precision, 3) == 0.078
