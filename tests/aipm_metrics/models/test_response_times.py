"""Wait and work together: against quadrature, exact closed forms, limits and laws."""

from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aipm_metrics.models.impatient_line import ImpatientLine, impatient_line
from aipm_metrics.models.queueing import erlang_b, mmc_sojourn_tail
from aipm_metrics.models.response_times import Work, answered_over

Family = Literal["lognormal", "gamma"]
FAMILIES: tuple[Family, Family] = ("lognormal", "gamma")


def line_of(servers: int, rate: float, deadline: float, mean: float, cv: float) -> ImpatientLine:
    stretch = (1 + cv**2) / 2
    return impatient_line(
        erlang_b(rate * mean, servers - 1), rate, servers / mean, deadline, stretch
    )


def frozen(family: Family, mean: float, cv: float) -> Any:
    """The same time, from scipy's own distributions."""
    if family == "gamma":
        return stats.gamma(cv**-2, scale=mean * cv**2)
    sigma = np.sqrt(np.log1p(cv**2))
    return stats.lognorm(sigma, scale=mean * np.exp(-(sigma**2) / 2))


NODES, WEIGHTS = np.polynomial.legendre.leggauss(60)


def late_by_quadrature(line: ImpatientLine, work: Any, limit: float) -> float:
    """P(served, wait + work > limit): over the wait, where the core goes over the work."""
    deadline, slope = float(line.deadline), float(line.slope)
    scale = 1 / max(abs(slope), 1e-9)
    steps = scale * np.array([0.3, 1, 5, 12, 40])
    parts = work.ppf([1e-6, 1e-4, *np.linspace(0.01, 0.99, 30), 0.9999])
    seams = [*steps, *(deadline - steps), limit, *(limit - parts)]
    edges = np.unique([0.0, deadline, *(x for x in seams if 0 < x < deadline)])
    half = np.diff(edges)[:, None] / 2
    x = edges[:-1, None] + half * (1 + NODES)
    end, far = (line.first, x) if slope >= 0 else (line.last, deadline - x)
    late = end * np.exp(-abs(slope) * far) * work.sf(limit - x)
    return float(line.at_once * work.sf(limit) + (half * WEIGHTS * late).sum())


# --- the time alone ---


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("cv", [0.05, 0.5, 1.0, 4.0])
def test_the_times_are_scipys(family: Family, cv: float) -> None:
    work, known = Work(2.5, cv, family), frozen(family, 2.5, cv)
    times = np.array([0.0, 0.01, 1.0, 2.5, 7.0, 100.0])
    np.testing.assert_allclose(work.below(times), known.cdf(times), rtol=1e-9, atol=1e-15)
    parts = np.array([1e-6, 0.1, 0.5, 0.95, 0.999999])
    np.testing.assert_allclose(work.quantile(parts), known.ppf(parts), rtol=1e-7)
    assert (work.below([-1.0, 0.0]) == 0).all()
    assert known.mean() == pytest.approx(2.5)
    assert known.std() / known.mean() == pytest.approx(cv)


@pytest.mark.parametrize("cv", [0.05, 0.3, 1.0, 2.0, 4.0])
def test_many_quantiles_at_once_are_those_of_one_at_a_time(cv: float) -> None:
    """A curve is drawn through them first; 2e-8 is what it may be off."""
    low = np.geomspace(1e-12, 0.5, 3000)
    parts = np.concatenate([low, 1 - low, [0.0, 1.0]])
    work = Work(3.0, cv, "gamma")
    many, few = work.quantile(parts), [work.quantile(p) for p in np.split(parts, [2000, 4000])]
    np.testing.assert_allclose(many[:-2], np.concatenate(few)[:-2], rtol=2e-8)
    assert many[-1] == np.inf
    assert 0 <= many[-2] < 1e-3 * many[0] or cv < 1
    known = frozen("gamma", 3.0, cv)
    np.testing.assert_allclose(known.cdf(many[:6000]), parts[:6000], rtol=1e-7)


# Median, 95 % and 99 % of a lognormal of mean 1: exp(z s - s**2 / 2), s**2 = ln(1 + cv**2).
@pytest.mark.parametrize(
    ("cv", "told"),
    [(0.5, (0.894427, 1.945318, 2.684112)), (1.0, (0.707107, 2.781129, 4.904916)),
     (2.0, (0.447214, 3.603847, 8.555465))],
)  # fmt: skip
def test_quantiles_of_a_lognormal(cv: float, told: tuple[float, ...]) -> None:
    found = Work(1.0, cv, "lognormal").quantile(np.array([0.5, 0.95, 0.99]))
    np.testing.assert_allclose(found, told, atol=5.1e-7)


# --- wait and work ---

LOADS = {"idle": 0.3, "busy": 0.9, "full": 1.0, "overloaded": 1.3, "deep": 3.0}


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("cv", [0.1, 0.5, 1.0, 3.0])
@pytest.mark.parametrize("busy", LOADS.values(), ids=LOADS)
@pytest.mark.parametrize("c", [1, 10])
def test_late_answers_against_quadrature(family: Family, cv: float, busy: float, c: int) -> None:
    mean, deadline = 2.0, 5.0
    line = line_of(c, busy * c / mean, deadline, mean, cv)
    limits = np.array([0.5, 2.0, 4.9, 5.0, 6.0, 12.0])  # below, at and above the timeout
    found = answered_over(line, Work(mean, cv, family), limits)
    known = frozen(family, mean, cv)
    exact = [late_by_quadrature(line, known, limit) for limit in limits.tolist()]
    np.testing.assert_allclose(found, exact, rtol=0, atol=1e-6)


@settings(max_examples=60)
@given(
    family=st.sampled_from(FAMILIES), cv=st.floats(0.1, 3), busy=st.floats(0.2, 3),
    c=st.integers(1, 60), deadline=st.floats(0.05, 60), limit=st.floats(0.05, 60),
)  # fmt: skip
def test_late_answers_against_quadrature_anywhere(
    family: Family, cv: float, busy: float, c: int, deadline: float, limit: float
) -> None:
    line = line_of(c, busy * c, deadline, 1.0, cv)
    found = float(answered_over(line, Work(1.0, cv, family), limit))
    exact = late_by_quadrature(line, frozen(family, 1.0, cv), limit)
    assert found == pytest.approx(exact, abs=1e-6)


@pytest.mark.parametrize("c", [1, 3, 10])
@pytest.mark.parametrize("busy", [0.2, 0.7, 0.95])
def test_exponential_work_without_a_timeout_is_the_textbooks_sojourn(c: int, busy: float) -> None:
    """Gross & Harris, "Fundamentals of Queueing Theory", M/M/c: a closed form."""
    line = line_of(c, busy * c, 5000.0, 1.0, 1.0)
    limits = np.array([0.1, 1.0, 3.0, 10.0])
    found = answered_over(line, Work(1.0, 1.0, "gamma"), limits)
    exact = [float(mmc_sojourn_tail(busy * c, 1.0, c, x)) for x in limits.tolist()]
    np.testing.assert_allclose(found, exact, atol=1e-6)


def test_one_server_and_exponential_work_is_one_exponential() -> None:
    """M/M/1: the time in the system is exponential of rate mu - rate."""
    line = line_of(1, 0.75, 5000.0, 1.0, 1.0)
    limits = np.array([0.5, 2.0, 8.0, 20.0])
    found = answered_over(line, Work(1.0, 1.0, "gamma"), limits)
    np.testing.assert_allclose(found, np.exp(-0.25 * limits), atol=1e-6)


# --- laws and limits ---


@settings(max_examples=60)
@given(
    family=st.sampled_from(FAMILIES), cv=st.floats(0.05, 4), busy=st.floats(0.05, 5),
    c=st.integers(1, 100), deadline=st.floats(0.05, 600),
)  # fmt: skip
def test_more_time_is_never_less_likely_to_do(
    family: Family, cv: float, busy: float, c: int, deadline: float
) -> None:
    line = line_of(c, busy * c, deadline, 1.0, cv)
    limits = np.concatenate([[-1.0, 0.0], np.geomspace(1e-3, 3000, 60)])
    late = answered_over(line, Work(1.0, cv, family), limits)
    served = float(1 - line.left)
    assert (np.diff(late) <= 2e-6).all()
    assert late[0] == pytest.approx(served, abs=1e-12)
    assert (late >= -1e-12).all()
    assert (late <= served + 1e-12).all()
    # At least as many as whose work alone is too long.
    known = frozen(family, 1.0, cv)
    assert (late >= served * known.sf(limits) - 2e-6).all()


def test_arrays_broadcast_and_each_is_what_it_is_alone() -> None:
    rates, limits = np.array([[3.0], [9.0], [14.0]]), np.array([0.5, 2.0, 4.0, 9.0])
    line = impatient_line(erlang_b(rates, 9), rates, 10.0, 3.0)
    work = Work(np.ones((3, 1)), np.array([[0.3], [1.0], [2.0]]), "lognormal")
    together = answered_over(line, work, limits)
    assert together.shape == (3, 4)
    for i, cv in enumerate((0.3, 1.0, 2.0)):
        alone = impatient_line(erlang_b(rates[i, 0], 9), rates[i, 0], 10.0, 3.0)
        told = [float(answered_over(alone, Work(1.0, cv, "lognormal"), x)) for x in limits]
        np.testing.assert_allclose(together[i], told, rtol=1e-12)
