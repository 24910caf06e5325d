"""The probability a model reports, honest or not."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import integrate, stats
from scipy.special import expit, logit

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.reported_score import ReportedScore

AUC = st.floats(0.55, 0.9999)
SHARE = st.floats(1e-5, 0.5)
TEMPERATURE = st.floats(0.5, 2)
THRESHOLD = st.floats(1e-6, 1 - 1e-6)


@st.composite
def scores(draw: st.DrawFn) -> ReportedScore:
    return ReportedScore(Binormal.from_auc(draw(AUC)), draw(SHARE), draw(TEMPERATURE))


# --- laws ---


@given(scores(), THRESHOLD)
def test_a_threshold_is_reported_at_its_own_cutoff(score: ReportedScore, t: float) -> None:
    assert score.threshold_at(score.cutoff_at(t)) == pytest.approx(t, rel=1e-9)


@given(scores(), THRESHOLD)
def test_the_cutoff_solves_the_equation_of_the_reported_log_odds(
    score: ReportedScore, t: float
) -> None:
    d, x = score.model.separation, score.cutoff_at(t)
    reported = (logit(score.believed_prevalence) + d * x - d**2 / 2) / score.temperature
    assert reported == pytest.approx(logit(t), rel=1e-9, abs=1e-9)


@given(AUC, SHARE, THRESHOLD)
def test_an_honest_score_is_the_posterior(auc: float, prevalence: float, t: float) -> None:
    score = ReportedScore(Binormal.from_auc(auc), prevalence)
    assert score.model.posterior(score.cutoff_at(t), prevalence) == pytest.approx(t, rel=1e-9)


@given(scores(), THRESHOLD)
def test_temperature_divides_the_log_odds(score: ReportedScore, t: float) -> None:
    """Guo et al. (2017), "On calibration of modern neural networks", ICML, sec. 4.2."""
    honest = ReportedScore(score.model, score.believed_prevalence)
    said = honest.threshold_at(score.cutoff_at(t))
    assert logit(said) == pytest.approx(score.temperature * logit(t), rel=1e-6, abs=1e-9)


@given(scores(), st.tuples(THRESHOLD, THRESHOLD).map(sorted))
def test_a_stricter_threshold_never_flags_more(score: ReportedScore, pair: list[float]) -> None:
    rates = score.rates(np.array(pair))
    assert rates.tpr[1] <= rates.tpr[0]
    assert rates.fpr[1] <= rates.fpr[0]


@settings(max_examples=60, deadline=None)
@given(scores(), SHARE)
def test_the_mean_reported_is_that_of_adaptive_quadrature(
    score: ReportedScore, prevalence: float
) -> None:
    d = float(score.model.separation)

    def weighed(x: float) -> float:
        shown = expit((logit(score.believed_prevalence) + d * x - d**2 / 2) / score.temperature)
        bells = (1 - prevalence) * stats.norm.pdf(x) + prevalence * stats.norm.pdf(x, d)
        return float(shown * bells)

    expected, _ = integrate.quad(weighed, -10, d + 10, limit=500, epsabs=1e-11)
    assert score.mean(prevalence) == pytest.approx(expected, abs=1e-6)


@given(st.floats(0.5, 0.9999), SHARE)
def test_a_calibrated_score_is_right_on_average(auc: float, prevalence: float) -> None:
    assert ReportedScore(Binormal.from_auc(auc), prevalence).mean(prevalence) == pytest.approx(
        prevalence, rel=1e-9
    )


@settings(max_examples=40, deadline=None)
@given(scores(), st.tuples(st.floats(-6, 3), st.floats(0.01, 3)))
def test_the_densities_are_what_is_flagged_between_two_thresholds(
    score: ReportedScore, span: tuple[float, float]
) -> None:
    low, high = span[0], span[0] + span[1]
    at_low, at_high = (score.rates(float(expit(v))) for v in (low, high))
    expected = (at_low.fpr - at_high.fpr, at_low.tpr - at_high.tpr)
    for which in (0, 1):
        area, _ = integrate.quad(
            lambda v, i=which: float(score.densities(np.array([expit(v)]))[i][0]),
            low, high, limit=200,
        )  # fmt: skip
        assert area == pytest.approx(expected[which], abs=1e-6)


# --- limits ---


@given(scores())
def test_a_threshold_of_nought_flags_everything_and_one_of_one_nothing(
    score: ReportedScore,
) -> None:
    rates = score.rates([-1.0, 0.0, 1.0, 2.0, np.inf])
    assert rates.tpr.tolist() == rates.fpr.tolist() == [1, 1, 0, 0, 0]
    assert score.threshold_at([-np.inf, np.inf]).tolist() == [0, np.inf]


@given(SHARE, THRESHOLD)
def test_without_separation_everybody_is_flagged_when_the_score_reaches_the_threshold(
    share: float, t: float
) -> None:
    blind = ReportedScore(Binormal(0.0), share)
    assert float(blind.rates(t).fpr) == float(share >= t)
    assert float(blind.rates(share).tpr) == 1


@given(SHARE, TEMPERATURE, st.floats(1e-6, 0.1))
def test_without_separation_temperature_moves_the_one_score(
    share: float, temperature: float, step: float
) -> None:
    blind = ReportedScore(Binormal(0.0), share, temperature)
    one = float(expit(logit(share) / temperature))
    assert float(blind.threshold_at(0.0)) == pytest.approx(one, rel=1e-12)
    assert float(blind.rates(one * (1 - step)).fpr) == 1
    assert float(blind.rates(min(1.0, one * (1 + step))).fpr) == 0
    assert np.isnan(blind.densities(np.array([0.3]))).all()


# --- refusals ---


@pytest.mark.parametrize("temperature", [0.0, -1.0, np.nan])
def test_a_temperature_that_is_not_above_nought_is_refused(temperature: float) -> None:
    with pytest.raises(MetricsError, match="`temperature` must be above 0"):
        ReportedScore(Binormal(1.0), 0.1, temperature)


def test_a_believed_prevalence_outside_its_limits_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match=r"`believed_prevalence` must lie in \[0, 1\]"):
        ReportedScore(Binormal(1.0), 1.2)
