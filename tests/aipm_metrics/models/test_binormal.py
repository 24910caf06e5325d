"""Two bell curves of equal width."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import expit, logit

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.binormal import Binormal

SEPARATION = st.floats(0.01, 6)
CUTOFF = st.floats(-6, 10)
SHARE = st.floats(1e-5, 0.99999)

# --- laws ---


@given(SEPARATION, CUTOFF, st.floats(1e-3, 5))
def test_a_higher_cutoff_never_flags_more(d: float, x: float, step: float) -> None:
    lower, higher = Binormal(d).rates(x), Binormal(d).rates(x + step)
    assert higher.tpr <= lower.tpr
    assert higher.fpr <= lower.fpr


@given(SEPARATION, CUTOFF)
def test_positives_are_flagged_at_least_as_often_as_negatives(d: float, x: float) -> None:
    rates = Binormal(d).rates(x)
    assert 0 <= rates.fpr <= rates.tpr <= 1


@given(SEPARATION, CUTOFF)
def test_with_the_classes_swapped_misses_become_false_alarms(d: float, x: float) -> None:
    rates, swapped = Binormal(d).rates(x), Binormal(d).rates(d - x)
    assert swapped.tpr == pytest.approx(1 - rates.fpr, abs=1e-12)
    assert swapped.fpr == pytest.approx(1 - rates.tpr, abs=1e-12)


@given(SEPARATION, CUTOFF, SHARE)
def test_with_the_classes_swapped_the_posterior_is_the_other_chance(
    d: float, x: float, prevalence: float
) -> None:
    p, swapped = Binormal(d).posterior(x, prevalence), Binormal(d).posterior(d - x, 1 - prevalence)
    assert swapped == pytest.approx(1 - p, rel=1e-9, abs=1e-12)


@given(SEPARATION, st.floats(0.001, 0.999), SHARE)
def test_the_posterior_at_the_cutoff_of_a_probability_is_that_probability(
    d: float, probability: float, prevalence: float
) -> None:
    model = Binormal(d)
    assert model.posterior(model.cutoff_at(probability, prevalence), prevalence) == pytest.approx(
        probability, rel=1e-9
    )


@given(st.floats(0.5, 0.9999))
def test_the_area_asked_for_is_the_area_there_is(auc: float) -> None:
    assert Binormal.from_auc(auc).auc == pytest.approx(auc, rel=1e-12)


@given(st.floats(0.5, 6), st.floats(-1, 5), SHARE)
def test_the_posterior_is_the_ratio_of_weighed_densities(
    d: float, x: float, prevalence: float
) -> None:
    positive = prevalence * stats.norm.pdf(x, d)
    negative = (1 - prevalence) * stats.norm.pdf(x)
    expected = positive / (positive + negative)
    assert Binormal(d).posterior(x, prevalence) == pytest.approx(expected, rel=1e-9)


# --- limits ---


def test_infinite_cutoffs_flag_everything_and_nothing() -> None:
    rates = Binormal(2.0).rates([-np.inf, np.inf])
    assert rates.tpr.tolist() == rates.fpr.tolist() == [1, 0]


@given(SHARE, st.floats(0, 1))
def test_without_separation_everybody_has_the_prior_and_reaches_it_or_not(
    prevalence: float, probability: float
) -> None:
    blind = Binormal(0.0)
    assert blind.posterior([-np.inf, 0, 3, np.inf], prevalence) == pytest.approx(
        prevalence, rel=1e-12
    )
    expected = -np.inf if prevalence >= probability else np.inf
    reached = logit(prevalence) >= logit(probability)
    if reached == (prevalence >= probability):  # but for a rounding of the log odds
        assert blind.cutoff_at(probability, prevalence) == expected


def test_without_separation_a_tie_is_flagged() -> None:
    assert Binormal(0.0).cutoff_at(0.3, 0.3) == -np.inf


def test_certainty_lies_infinitely_far_away() -> None:
    assert Binormal(2.0).cutoff_at([0.0, 1.0], 0.1).tolist() == [-np.inf, np.inf]


# --- published numbers ---


@pytest.mark.parametrize(
    ("probability", "cutoff", "sensitivity", "specificity"),
    [(0.1, 1.0, 0.841345, 0.841345), (0.05, 0.626393, 0.915218, 0.734471),
     (0.2, 1.405465, 0.723923, 0.920058)],
)  # fmt: skip
def test_the_cutoff_for_a_target_posterior(
    probability: float, cutoff: float, sensitivity: float, specificity: float
) -> None:
    """x = d/2 + ln((1 - p)/p * t/(1 - t)) / d: Green & Swets (1966), ch. 1, log likelihood."""
    model = Binormal(2.0)
    x = model.cutoff_at(probability, 0.1)
    rates = model.rates(x)
    assert round(float(x), 6) == cutoff
    assert (round(float(rates.tpr), 6), round(float(1 - rates.fpr), 6)) == (
        sensitivity, specificity,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("flagged", "recall", "precision"),
    [(0.01, 0.2734, 0.5467), (0.02, 0.4012, 0.4012), (0.05, 0.5935, 0.2374), (0.1, 0.739, 0.1478)],
)
def test_flagging_the_top_few_percent(flagged: float, recall: float, precision: float) -> None:
    """d' = 2, 2 % positive; flagging as many as are positive, precision is recall.

    The binormal ROC curve of Pepe (2003), sec. 4.4, solved for the share flagged.
    """
    model, prevalence = Binormal(2.0), 0.02
    x = stats.norm.isf(flagged)
    low, high = x - 1, x + 3
    for _ in range(100):
        middle = (low + high) / 2
        share = model.rates(middle).confusion(prevalence).flagged
        low, high = (middle, high) if share > flagged else (low, middle)
    cells = model.rates(low).confusion(prevalence)
    assert (round(float(cells.recall), 4), round(float(cells.precision), 4)) == (recall, precision)


@given(st.floats(0, 5))
def test_the_area_is_that_under_the_curve_by_quadrature(d: float) -> None:
    """The ROC curve is Phi(d + Phi^-1(u)) (Pepe 2003, eq. 4.4): integrate tpr over fpr."""
    area, _ = integrate.quad(
        lambda x: float(Binormal(d).rates(x).tpr) * stats.norm.pdf(x), -9, 14, limit=200
    )
    assert Binormal(d).auc == pytest.approx(area, abs=1e-6)


@given(SEPARATION, CUTOFF)
def test_the_posterior_at_even_odds_is_the_logistic_of_the_log_likelihood_ratio(
    d: float, x: float
) -> None:
    ratio = stats.norm.logpdf(x, d) - stats.norm.logpdf(x)
    assert Binormal(d).posterior(x, 0.5) == pytest.approx(expit(ratio), rel=1e-9)


# --- refusals ---


@pytest.mark.parametrize("d", [-1.0, np.nan, np.inf])
def test_a_separation_that_is_no_distance_is_refused(d: float) -> None:
    with pytest.raises(MetricsError, match="`separation` must be finite and >= 0 sd"):
        Binormal(d)


@pytest.mark.parametrize("auc", [0.49, 1.0, np.nan, 1.2])
def test_an_area_the_model_cannot_have_is_refused(auc: float) -> None:
    with pytest.raises(OutOfRangeError, match=r"`auc` must lie in \[0.5, 1\]"):
        Binormal.from_auc(auc)


def test_a_probability_outside_its_limits_is_refused_by_name() -> None:
    with pytest.raises(OutOfRangeError, match=r"`prevalence` must lie in \[0, 1\]; got 1.2"):
        Binormal(1.0).posterior(0.0, 1.2)
    with pytest.raises(OutOfRangeError, match=r"`probability` must lie in \[0, 1\]; got -0.1"):
        Binormal(1.0).cutoff_at(-0.1, 0.5)
