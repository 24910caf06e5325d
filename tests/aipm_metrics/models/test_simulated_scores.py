"""Closed forms against 200,000 scores drawn once, within four standard errors."""

import numpy as np
import pytest
from scipy.special import expit, logit

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.leaving import leaving_share
from aipm_metrics.models.reported_score import ReportedScore

N = 200_000
RNG = np.random.default_rng(1889)
NOISE = RNG.standard_normal(N)  # drawn once; every model below moves the same noise
POSITIVE = RNG.random(N) < 0.3
UNIFORM = RNG.random((20_000, 8))


def near(found: float, expected: float, error: float) -> bool:
    return abs(found - expected) <= 4 * error


@pytest.mark.parametrize("auc", [0.6, 0.8, 0.96])
def test_the_rates_drawn_are_the_rates_computed(auc: float) -> None:
    model = Binormal.from_auc(auc)
    x = NOISE + model.separation * POSITIVE
    for cutoff in (-1.0, 0.0, 1.0, 2.0):
        rates = model.rates(cutoff)
        for of, rate in ((POSITIVE, float(rates.tpr)), (~POSITIVE, float(rates.fpr))):
            drawn = x[of] >= cutoff
            assert near(drawn.mean(), rate, np.sqrt(rate * (1 - rate) / drawn.size))


@pytest.mark.parametrize("auc", [0.6, 0.8, 0.96])
def test_the_area_drawn_is_the_area_asked_for(auc: float) -> None:
    """Standard error by Hanley & McNeil (1982), Radiology 143, eq. 1."""
    x = NOISE + Binormal.from_auc(auc).separation * POSITIVE
    p, n = POSITIVE.sum(), (~POSITIVE).sum()
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    error = np.sqrt((auc * (1 - auc) + (p - 1) * (q1 - auc**2) + (n - 1) * (q2 - auc**2)) / (p * n))
    assert near(Empirical.from_rows(x, POSITIVE).auc, auc, error)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
@pytest.mark.parametrize("believed", [0.01, 0.3])
def test_the_mean_reported_is_the_mean_drawn(temperature: float, believed: float) -> None:
    model = Binormal.from_auc(0.9)
    d = float(model.separation)
    x = NOISE + d * POSITIVE
    shown = expit((logit(believed) + d * x - d**2 / 2) / temperature)
    expected = ReportedScore(model, believed, temperature).mean(0.3)
    assert near(shown.mean(), expected, shown.std() / np.sqrt(N) + 1e-3 / np.sqrt(N))


def test_among_those_reported_near_a_probability_that_share_is_positive() -> None:
    model = Binormal.from_auc(0.85)
    p = model.posterior(NOISE + model.separation * POSITIVE, 0.3)
    for low in (0.1, 0.3, 0.6):
        held = (p >= low) & (p < low + 0.05)
        error = np.sqrt(p[held].mean() * (1 - p[held].mean()) / held.sum())
        assert near(POSITIVE[held].mean(), p[held].mean(), error)


@pytest.mark.parametrize(("rate", "chance"), [(0.1, 0.2), (0.5, 0.5), (0.02, 1.0)])
def test_people_who_leave_at_the_first_wrong_that_drives_them_away(
    rate: float, chance: float
) -> None:
    gone = (rate * chance > UNIFORM).any(axis=1)
    expected = float(leaving_share(rate, chance, 8))
    assert near(gone.mean(), expected, np.sqrt(expected * (1 - expected) / gone.size))
