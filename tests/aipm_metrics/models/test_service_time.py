"""How long one request occupies a server."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.integrate import quad

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.service_time import Family, ServiceTime

MEANS, CVS = st.floats(1e-3, 1e3), st.floats(0.05, 3)
FAMILIES: st.SearchStrategy[Family] = st.sampled_from(["lognormal", "gamma"])
SHARES = st.floats(1e-9, 1 - 1e-9)
each_family = pytest.mark.parametrize("family", ["lognormal", "gamma"])

# --- laws ---


@given(MEANS, CVS, FAMILIES, SHARES, SHARES)
def test_a_larger_share_takes_at_least_as_long(
    mean: float, cv: float, family: Family, a: float, b: float
) -> None:
    low, high = sorted([a, b])
    time = ServiceTime(mean, cv, family)
    assert 0 <= time.ppf(low) <= time.ppf(high)


@given(MEANS, CVS, FAMILIES, SHARES)
def test_the_share_beyond_a_quantile_is_what_is_left(
    mean: float, cv: float, family: Family, share: float
) -> None:
    time = ServiceTime(mean, cv, family)
    assert time.sf(time.isf(share)) == pytest.approx(share, rel=1e-9)
    assert time.sf(time.ppf(share)) == pytest.approx(1 - share, rel=1e-6, abs=1e-12)


@given(MEANS, CVS, FAMILIES, st.floats(0.01, 100), SHARES)
def test_another_unit_of_time_changes_the_numbers_and_nothing_else(
    mean: float, cv: float, family: Family, unit: float, share: float
) -> None:
    once, again = ServiceTime(mean, cv, family), ServiceTime(mean * unit, cv, family)
    assert again.ppf(share) == pytest.approx(once.ppf(share) * unit, rel=1e-9)


@given(st.integers(0, 99), MEANS, MEANS, CVS, FAMILIES)
def test_a_longer_mean_makes_every_drawn_job_longer(
    seed: int, a: float, b: float, cv: float, family: Family
) -> None:
    uniforms = np.random.default_rng(seed).random((3, 5))
    short, long = sorted([a, b])
    brief, slow = (ServiceTime(mean, cv, family).draw(uniforms) for mean in (short, long))
    assert brief.shape == (3, 5)
    assert (slow >= brief).all()


# --- limits ---


@each_family
def test_without_variation_every_job_takes_the_mean(family: Family) -> None:
    time = ServiceTime(2.0, 0.0, family)
    assert time.draw([0.0, 0.3, 0.999]).tolist() == [2, 2, 2]
    assert time.isf([0.0, 1.0]).tolist() == [2, 2]
    assert time.sf([0.0, 1.999, 2.0, math.inf]).tolist() == [1, 1, 0, 0]


@each_family
def test_little_variation_is_nearly_none(family: Family) -> None:
    """A thousandth of variation is nearly a bell curve around the mean."""
    time = ServiceTime(2.0, 1e-3, family)
    assert time.ppf([0.001, 0.5, 0.999]) == pytest.approx(
        stats.norm(2, 0.002).ppf([0.001, 0.5, 0.999]), rel=1e-5
    )


@each_family
def test_no_job_takes_less_than_no_time_and_none_forever(family: Family) -> None:
    time = ServiceTime(2.0, 1.5, family)
    assert time.sf([0.0, math.inf]).tolist() == [1, 0]
    assert time.ppf([0.0, 1.0]).tolist() == [0, math.inf]
    assert time.isf([1.0, 0.0]).tolist() == [0, math.inf]


# --- published numbers, and scipy ---


# Lognormal of mean 1, from tables of the normal: ln-variance ln(1 + cv^2), z .95 = 1.644854,
# z .99 = 2.326348.
@pytest.mark.parametrize(
    ("cv", "median", "p95", "p99"),
    [
        (0.5, 0.894427, 1.945318, 2.684112),
        (1.0, 0.707107, 2.781129, 4.904916),
        (1.5, 0.554700, 3.308260, 6.932999),
        (2.0, 0.447214, 3.603847, 8.555465),
    ],
)
def test_percentiles_of_a_lognormal_of_mean_one(
    cv: float, median: float, p95: float, p99: float
) -> None:
    percentiles = ServiceTime(1.0, cv).ppf([0.5, 0.95, 0.99])
    assert percentiles == pytest.approx([median, p95, p99], abs=5e-7)
    assert percentiles[0] == pytest.approx(1 / math.sqrt(1 + cv**2), rel=1e-12)


def peer(mean: float, cv: float, family: Family) -> stats.rv_continuous:
    if family == "gamma":
        return stats.gamma(1 / cv**2, scale=mean * cv**2)
    sigma = math.sqrt(math.log(1 + cv**2))
    return stats.lognorm(sigma, scale=mean / math.sqrt(1 + cv**2))


@given(MEANS, CVS, FAMILIES, SHARES)
def test_quantiles_agree_with_scipy_stats(
    mean: float, cv: float, family: Family, share: float
) -> None:
    ours, theirs = ServiceTime(mean, cv, family), peer(mean, cv, family)
    assert ours.ppf(share) == pytest.approx(theirs.ppf(share), rel=1e-9, abs=1e-300)
    assert ours.isf(share) == pytest.approx(theirs.isf(share), rel=1e-9, abs=1e-300)
    assert ours.sf(mean) == pytest.approx(theirs.sf(mean), rel=1e-9)


@each_family
@pytest.mark.parametrize("cv", [0.3, 1.0, 1.5])
def test_mean_and_variation_are_those_asked_for(family: Family, cv: float) -> None:
    """``E[S] = int sf``, ``E[S**2] = int 2 t sf``, by quadrature."""
    time = ServiceTime(3.0, cv, family)
    cuts = [0.5, 1, 3, 10, 30, 100, 1e3]

    def integral(power: int) -> float:
        ends = [0.0, *cuts, 1e5]
        return math.fsum(
            quad(lambda t: t**power * time.sf(t), a, b, epsabs=1e-12, epsrel=1e-10)[0]
            for a, b in pairwise(ends)
        )

    assert integral(0) == pytest.approx(3.0, rel=1e-6)
    assert 2 * integral(1) == pytest.approx(9 * (1 + cv**2), rel=1e-6)


@given(MEANS, SHARES)
def test_a_gamma_of_variation_one_is_exponential(mean: float, share: float) -> None:
    time = ServiceTime.exponential(mean)
    assert time == ServiceTime(mean, 1.0, "gamma")
    assert time.ppf(share) == pytest.approx(-mean * math.log1p(-share), rel=1e-12)
    assert time.sf(mean) == pytest.approx(math.exp(-1), rel=1e-12)


# --- random ---


@each_family
def test_drawn_jobs_have_the_mean_and_variation_asked_for(family: Family) -> None:
    drawn = ServiceTime(2.0, 0.5, family).draw(np.random.default_rng(3).random((200, 500)))
    for each, expected in ((drawn, 2.0), (drawn**2, 4 * 1.25)):
        means = each.mean(axis=1)
        error = means.std(ddof=1) / math.sqrt(means.size)
        assert abs(means.mean() - expected) <= 4 * error


# --- refusals ---


@pytest.mark.parametrize("mean", [0.0, -1.0, math.inf, math.nan])
def test_a_mean_must_be_a_positive_number(mean: float) -> None:
    with pytest.raises(MetricsError, match="`mean_s` must be a number of seconds above 0"):
        ServiceTime(mean, 1.0)


@pytest.mark.parametrize("cv", [-0.1, math.inf, math.nan])
def test_a_variation_has_limits(cv: float) -> None:
    with pytest.raises(OutOfRangeError, match=r"`cv` must lie in \[0, 100\]"):
        ServiceTime(1.0, cv)


def test_an_unknown_family_is_refused_with_those_there_are() -> None:
    with pytest.raises(MetricsError, match=r"`family` must be one of \('lognormal', 'gamma'\)"):
        ServiceTime(1.0, 1.0, "weibull")  # type: ignore[arg-type]


def test_what_is_no_share_or_no_time_is_refused() -> None:
    time = ServiceTime(1.0, 1.0)
    for ask in (time.ppf, time.isf):
        with pytest.raises(OutOfRangeError, match=r"`probability` must lie in \[0, 1\]; got 1.5"):
            ask([0.5, 1.5])
    with pytest.raises(OutOfRangeError, match=r"`time_s` must lie in \[0, inf\]"):
        time.sf(-1.0)
    with pytest.raises(OutOfRangeError, match="`uniforms` must lie in"):
        time.draw([0.2, 1.0])
