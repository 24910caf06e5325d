"""A line with a deadline: published numbers, quadrature, the chain of states, limits, laws."""

from collections import deque

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import gammaln

from aipm_metrics.models.confusion import Floats
from aipm_metrics.models.impatient_line import (
    ImpatientLine,
    batch_places,
    impatient_line,
    patient_line,
)
from aipm_metrics.models.queueing import (
    erlang_b,
    erlang_c,
    mmc_mean_wait,
    mmc_wait_tail,
)
from tests.aipm_metrics.models.queues import solved_chain


def mmcd(servers: int, rate: float, deadline: float, *, mu: float = 1.0) -> ImpatientLine:
    """M/M/c+D as a caller makes it."""
    return impatient_line(erlang_b(rate / mu, servers - 1), rate, servers * mu, deadline)


def shares(servers: int, rate: float, deadline: float, mu: float = 1.0) -> dict[str, float]:
    """Integrate Baccelli & Hebuterne's density of the offered wait, an independent way.

    ``f(x) = rate p[c-1] exp(-integral of (c mu - rate P(patience > y)) from 0 to x)``, theorem 2
    of their paper; the integral of patience is taken literally, a step at the deadline.
    """
    states = np.arange(servers)
    log_p = states * np.log(rate / mu) - gammaln(states + 1)
    p = np.exp(log_p - log_p[-1])  # in units of the last, so that nothing overflows

    def density(x: float) -> float:
        return rate * float(np.exp(rate * min(x, deadline) - servers * mu * x))

    # Beyond the deadline it falls as exp(-c mu x): 40 of its mean lives are the rest.
    before = quad(density, 0, deadline, epsabs=0, epsrel=1e-12)[0]
    beyond = quad(density, deadline, deadline + 40 / (servers * mu), epsabs=0, epsrel=1e-12)[0]
    waits = quad(lambda x: x * density(x), 0, deadline, epsabs=0, epsrel=1e-12)[0]
    whole = p.sum() + before + beyond
    return {
        "at_once": p.sum() / whole,
        "left": beyond / whole,
        "mean_wait": (waits + deadline * beyond) / whole,
        "served_late": quad(density, deadline / 3, deadline, epsabs=0, epsrel=1e-12)[0] / whole,
    }


# --- numbers known beforehand ---

# Worked out elsewhere from Barrer (1957), Operations Research 5, 650-656; mu = 1; cut, not
# rounded, at the seventh digit. Quadrature says the same below.
TOLD = {
    "9 a unit, ten servers": (10, 9.0, 1.0, 0.0315972, 0.5745270),
    "12 a unit, ten servers": (10, 12.0, 1.0, 0.1774236, 0.9444830),
    "0.9 a unit, one server": (1, 0.9, 2.0, 0.2187637, 0.7031126),
    "20 a unit, ten servers": (10, 20.0, 0.5, 0.5002379, 0.9971051),
    "7.2 a unit, eight servers": (8, 7.2, 1.0, 0.0440064, np.nan),
    "14.4 a unit, sixteen servers": (16, 14.4, 1.0, 0.0133763, np.nan),
}


@pytest.mark.parametrize(("c", "rate", "deadline", "left", "waits"), TOLD.values(), ids=TOLD)
def test_shares_that_leave_and_wait(
    c: int, rate: float, deadline: float, left: float, waits: float
) -> None:
    line = mmcd(c, rate, deadline)
    assert float(line.left) == pytest.approx(left, abs=1e-7)
    if not np.isnan(waits):
        assert float(1 - line.at_once) == pytest.approx(waits, abs=1e-7)


@pytest.mark.parametrize("near", [-1e-3, -1e-9, -1e-13, 0.0, 1e-13, 1e-9, 1e-3])
def test_arrivals_as_fast_as_the_servers_are_an_ordinary_case(near: float) -> None:
    """Ten servers, ten a unit, deadline 1: 6.82 % leave; the formula's own divides by nought."""
    exact = shares(10, 10 + near, 1.0)
    line = mmcd(10, 10 + near, 1.0)
    assert float(line.left) == pytest.approx(0.0682, abs=2e-4)
    assert float(line.left) == pytest.approx(exact["left"], rel=1e-9)
    assert float(line.mean_wait) == pytest.approx(exact["mean_wait"], rel=1e-9)


# --- an independent oracle ---

servers_drawn = st.integers(1, 60)


@given(c=servers_drawn, busy=st.floats(0.05, 3), deadline=st.floats(0.01, 20), mu=st.floats(0.1, 5))
def test_every_share_is_what_quadrature_says(
    c: int, busy: float, deadline: float, mu: float
) -> None:
    rate = busy * c * mu
    if (rate - c * mu) * deadline > 400:  # the oracle's density overflows; ours must not
        deadline = 400 / (rate - c * mu)
    exact, line = shares(c, rate, deadline, mu), mmcd(c, rate, deadline, mu=mu)
    assert float(line.at_once) == pytest.approx(exact["at_once"], rel=1e-7, abs=1e-12)
    assert float(line.left) == pytest.approx(exact["left"], rel=1e-7, abs=1e-12)
    assert float(line.mean_wait) == pytest.approx(exact["mean_wait"], rel=1e-7, abs=1e-12)
    late = float(line.served_over(deadline / 3))
    assert late == pytest.approx(exact["served_late"], rel=1e-7, abs=1e-12)


@given(c=servers_drawn, busy=st.floats(0.05, 20), deadline=st.floats(1e-3, 1e4))
def test_what_is_served_keeps_the_servers_as_busy_as_they_are(
    c: int, busy: float, deadline: float
) -> None:
    """Flow balance: served a unit of time = mean number of busy servers, at mu = 1."""
    rate = busy * c
    line = mmcd(c, rate, deadline)
    # While a place is free the states are those of Erlang's loss line with one server fewer.
    below = rate * (1 - erlang_b(rate, c - 1))
    at_work = below * line.at_once + c * (1 - line.at_once)
    assert rate * float(1 - line.left) == pytest.approx(float(at_work), rel=1e-9)


@given(c=servers_drawn, busy=st.floats(0.05, 20), deadline=st.floats(1e-3, 1e3))
def test_shares_of_customers_add_up(c: int, busy: float, deadline: float) -> None:
    line = mmcd(c, busy * c, deadline)
    total = float(line.at_once + line.served_over(0.0) + line.left)
    assert total == pytest.approx(1, abs=1e-12)
    assert float(line.served_over(-1.0)) == pytest.approx(float(1 - line.left), abs=1e-15)
    waits = np.linspace(0, 1.2 * deadline, 31)
    late = line.served_over(waits)
    assert (np.diff(late) <= 1e-15).all()
    assert (late[waits >= deadline] == 0).all()


@given(c=servers_drawn, busy=st.floats(0.05, 3), deadline=st.floats(0.01, 20))
def test_the_unit_of_time_does_not_matter(c: int, busy: float, deadline: float) -> None:
    a, b = mmcd(c, busy * c, deadline), mmcd(c, busy * c / 60, deadline * 60, mu=1 / 60)
    np.testing.assert_allclose(a.left, b.left, rtol=1e-9, atol=1e-300)
    np.testing.assert_allclose(a.mean_wait * 60, b.mean_wait, rtol=1e-9)
    np.testing.assert_allclose(a.served_over(0.4 * deadline), b.served_over(24 * deadline),
                               rtol=1e-9, atol=1e-300)  # fmt: skip


# --- limits ---


@pytest.mark.parametrize(("c", "rate"), [(1, 0.5), (1, 0.95), (10, 7.0), (10, 9.9), (150, 140.0)])
@pytest.mark.parametrize("deadline", [1e4, 1e5])
def test_without_a_deadline_to_speak_of_it_is_the_line_without_one(
    c: int, rate: float, deadline: float
) -> None:
    line = mmcd(c, rate, deadline)
    assert float(line.left) == pytest.approx(0, abs=1e-12)
    assert float(1 - line.at_once) == pytest.approx(float(erlang_c(rate, c)), rel=1e-9)
    assert float(line.mean_wait) == pytest.approx(float(mmc_mean_wait(rate, 1.0, c)), rel=1e-9)
    for wait in (0.1, 1.0, 7.0):
        tail = float(mmc_wait_tail(rate, 1.0, c, wait))
        assert float(line.served_over(wait)) == pytest.approx(tail, rel=1e-9)


@pytest.mark.parametrize("deadline", [1e-6, 1.0, 600.0, 1e5])
@pytest.mark.parametrize("over", [1.5, 20.0, 1e6])
def test_deep_overload_serves_what_can_be_served_and_never_overflows(
    deadline: float, over: float
) -> None:
    c = 50
    line = mmcd(c, over * c, deadline)
    told = [line.at_once, line.left, line.first, line.last, line.mean_wait, line.served_over(0)]
    assert np.isfinite(told).all()
    assert 1 / over * 0.9 <= float(1 - line.left) <= 1 / over + 1e-15
    if (over - 1) * c * deadline > 40:
        assert float(line.left) == pytest.approx(1 - 1 / over, rel=1e-12)
        # Everybody has waited nearly as long as they would.
        assert float(line.mean_wait) == pytest.approx(deadline, abs=2 / (c * (over - 1)))


def test_no_time_to_wait_is_a_line_where_nobody_may() -> None:
    assert float(mmcd(10, 9.0, 1e-12).left) == pytest.approx(float(erlang_b(9, 10)), rel=1e-9)


# --- services that are not exponential ---


@pytest.mark.parametrize("stretch", [0.5, 1.0, 2.5])
def test_stretching_is_a_change_of_the_unit_of_waits(stretch: float) -> None:
    short = impatient_line(erlang_b(9, 9), 9.0, 10.0, 1.0)
    long = impatient_line(erlang_b(9, 9), 9.0, 10.0, stretch, stretch)
    np.testing.assert_allclose([long.left, long.at_once], [short.left, short.at_once], rtol=1e-12)
    np.testing.assert_allclose(long.mean_wait, short.mean_wait * stretch, rtol=1e-12)


def test_stretched_without_a_deadline_it_is_allen_and_cunneen() -> None:
    line = impatient_line(erlang_b(7, 9), 7.0, 10.0, 1e5, (1 + 1.5**2) / 2)
    expected = float(mmc_mean_wait(7, 1, 10)) * (1 + 1.5**2) / 2
    assert float(line.mean_wait) == pytest.approx(expected, rel=1e-9)


# --- people stop looking, the work is done all the same ---


@settings(max_examples=25)  # an integral of an Erlang formula each
@given(c=servers_drawn, busy=st.floats(0.05, 0.99), deadline=st.floats(0.01, 20))
def test_a_patient_line_is_the_line_without_deadlines_cut_at_one(
    c: int, busy: float, deadline: float
) -> None:
    rate = busy * c
    line = patient_line(erlang_c(rate, c), c - rate, deadline)
    gone = float(mmc_wait_tail(rate, 1.0, c, deadline))
    assert float(line.left) == pytest.approx(gone, rel=1e-9, abs=1e-300)
    for part in (0.0, 0.3, 0.9):
        late = float(mmc_wait_tail(rate, 1.0, c, part * deadline)) - gone
        assert float(line.served_over(part * deadline)) == pytest.approx(late, rel=1e-6, abs=1e-13)
    assert float(line.at_once) == pytest.approx(1 - float(erlang_c(rate, c)), abs=1e-12)
    # The mean of the smaller of the wait and the deadline is the area under the tail.
    area = quad(lambda x: float(mmc_wait_tail(rate, 1.0, c, x)), 0, deadline, epsabs=1e-13)[0]
    assert float(line.mean_wait) == pytest.approx(area, rel=1e-7, abs=1e-12)


@pytest.mark.parametrize("decay", [0.0, -3.0])
def test_where_a_patient_line_cannot_keep_up_everybody_goes(decay: float) -> None:
    line = patient_line(1.0, decay, 2.0)
    assert (float(line.left), float(line.at_once), float(line.mean_wait)) == (1.0, 0.0, 2.0)
    assert float(line.served_over(-1.0)) == 0


# --- a batch ---


def batch(rate: float, base: float, per_active: float, length: float, cap: int) -> dict[str, float]:
    """Mean in the batch, time per token and mean wait, from this module alone."""

    def time_in(k: int) -> float:
        return length * (base + per_active * k)

    last, below = batch_places(rate, cap, time_in)
    line = impatient_line(last, rate, cap / time_in(cap), 1e5)
    active = float(below * line.at_once + cap * (1 - line.at_once))
    return {
        "active": active, "tpot_ms": active / (rate * length) * 1e3,
        "wait_s": float(line.mean_wait),
    }  # fmt: skip


# Without a cap the batch is negative binomial, n ~ NB(base / per_active + 1, rate L per_active):
# processor sharing whose speed depends on how many share it (Cohen 1979, "The multiple phase
# service network with generalized processor sharing", Acta Informatica 12, 245-284).
@pytest.mark.parametrize(
    ("rate", "active", "tpot"), [(2, 2.645235, 5.166475), (6, 13.049717, 8.495909)]
)
def test_a_batch_without_a_cap_is_negative_binomial(
    rate: float, active: float, tpot: float
) -> None:
    base, more, length = 0.004, 0.00032, 256
    taken = rate * length * more
    assert active == pytest.approx((base / more + 1) * taken / (1 - taken), abs=5e-7)
    found = batch(rate, base, more, length, 400)
    assert found["active"] == pytest.approx(active, abs=5.1e-7)
    assert found["tpot_ms"] == pytest.approx(tpot, abs=5.1e-7)
    assert found["wait_s"] == pytest.approx(0, abs=1e-12)


def test_a_cap_makes_requests_wait_and_tokens_faster() -> None:
    capped = batch(3, 0.008, 0.00065, 300, 24)
    assert capped["wait_s"] == pytest.approx(0.753, abs=5e-4)
    assert capped["tpot_ms"] == pytest.approx(20.38, abs=5e-3)
    assert batch(3, 0.008, 0.00065, 300, 500)["tpot_ms"] == pytest.approx(20.843373, abs=5e-7)


@given(
    places=st.integers(1, 40), rate=st.floats(0.05, 20), base=st.floats(0.05, 2),
    more=st.floats(0, 0.5),
)  # fmt: skip
def test_a_batch_with_room_is_the_chain_of_its_states(
    places: int, rate: float, base: float, more: float
) -> None:
    def time_in(k: int) -> float:
        return base + more * k

    last, mean = batch_places(rate, places, time_in)
    states = solved_chain(
        [rate] * (places - 1), [k / time_in(k) for k in range(1, places)]
    )  # states with a free place: 0 .. places - 1
    assert float(last) == pytest.approx(states[-1], rel=1e-6, abs=1e-12)
    assert float(mean) == pytest.approx(states @ np.arange(places), rel=1e-6, abs=1e-12)


def test_a_full_batch_with_a_deadline_agrees_with_a_walk_through_its_events() -> None:
    rate, places, deadline = 3.0, 6, 1.5

    def time_in(k: int) -> float:
        return 0.6 + 0.25 * k

    last, _ = batch_places(rate, places, time_in)
    line = impatient_line(last, rate, places / time_in(places), deadline)
    told = _walked(rate, [k / time_in(k) for k in range(1, places + 1)], deadline)
    for name, expected in (
        ("left", line.left), ("wait", line.mean_wait), ("late", line.served_over(0.5)),
    ):  # fmt: skip
        parts = told[name].reshape(50, -1).mean(axis=1)
        error = parts.std(ddof=1) / np.sqrt(parts.size)
        assert abs(parts.mean() - float(expected)) < 4 * error, name


def _walked(rate: float, leaving: list[float], deadline: float) -> dict[str, Floats]:
    """Walk from event to event: `leaving[k - 1]` is how fast k in the batch are done together."""
    rng = np.random.default_rng(11)
    n = 100_000
    gaps, moments = rng.exponential(1 / rate, n).tolist(), iter(rng.exponential(size=4 * n))
    waits, left = np.zeros(n), np.zeros(n)
    queue: deque[tuple[float, int]] = deque()
    now, inside, comes, who = 0.0, 0, gaps[0], 0
    done = np.inf
    while who < n:
        goes = queue[0][0] + deadline if queue else np.inf
        if comes <= done and comes <= goes:
            now = comes
            if inside < len(leaving):
                inside += 1
                done = now + next(moments) / leaving[inside - 1]
            else:
                queue.append((now, who))
            who += 1
            comes = now + gaps[who] if who < n else np.inf
        elif goes <= done:
            now = goes
            left[queue[0][1]], waits[queue.popleft()[1]] = 1, deadline
        else:
            now = done
            if queue:
                since, first = queue.popleft()
                waits[first] = now - since
            else:
                inside -= 1
            done = now + next(moments) / leaving[inside - 1] if inside else np.inf
    return {"left": left, "wait": waits, "late": ((waits > 0.5) & (left == 0)).astype(float)}
