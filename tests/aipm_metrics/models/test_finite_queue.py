"""M/M/c/K and the chain under it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.birth_death import stationary_shares
from aipm_metrics.models.queueing import erlang_b, erlang_c, mmc_mean_wait, mmck
from tests.aipm_metrics.models.queues import solved_chain

RATES = st.lists(st.tuples(st.floats(0.05, 20), st.floats(0.05, 20)), min_size=1, max_size=12)


@given(RATES)
def test_shares_solve_the_balance_equations(rates: list[tuple[float, float]]) -> None:
    births, deaths = ([r[i] for r in rates] for i in (0, 1))
    shares = stationary_shares(births, deaths)
    assert shares.sum() == pytest.approx(1)
    assert shares == pytest.approx(solved_chain(births, deaths), rel=1e-6, abs=1e-9)


def test_a_chain_nobody_enters_stays_empty_and_a_long_one_does_not_overflow() -> None:
    assert stationary_shares([0.0, 1.0], [1.0, 1.0]).tolist() == [1, 0, 0]
    long = stationary_shares(np.full(2_000, 9.0), np.ones(2_000))
    assert long[-1] == pytest.approx(8 / 9)


@given(st.floats(0.01, 40), st.integers(1, 10), st.integers(0, 20))
def test_customers_are_conserved(rate: float, servers: int, room: int) -> None:
    queue = mmck(rate, 1, servers, servers + room)
    assert rate * (1 - queue.turned_away) == pytest.approx(servers * queue.busy, rel=1e-9)
    assert queue.mean_wait <= (room + 1) / servers


@pytest.mark.parametrize(
    ("rate", "mu", "servers", "places", "empty", "time", "full"),
    [
        pytest.param(40, 30, 3, 7, 0.255037, 0.036517, None, id="Octave queueing qsmmmk, M/M/3/7"),
        pytest.param(50, 10, 4, 6, None, None, 0.293543, id="Octave queueing qsmmmk, M/M/4/6"),
    ],
)
def test_published_values(
    rate: float, mu: float, servers: int, places: int,
    empty: float | None, time: float | None, full: float | None,
) -> None:  # fmt: skip
    queue = mmck(rate, mu, servers, places)
    for value, printed in (
        (queue.shares[0], empty), (queue.mean_wait + 1 / mu, time), (queue.turned_away, full),
    ):  # fmt: skip
        assert printed is None or value == pytest.approx(printed, abs=5e-7)


@settings(max_examples=30)
@given(st.floats(0.05, 0.8), st.integers(1, 20))
def test_no_room_to_wait_is_erlang_b_and_a_lot_of_it_is_erlang_c(busy: float, servers: int) -> None:
    rate = busy * servers
    small, large = mmck(rate, 1, servers, servers), mmck(rate, 1, servers, servers + 300)
    assert small.turned_away == pytest.approx(erlang_b(rate, servers), rel=1e-9)
    assert (small.mean_wait, small.delayed) == (0, 0)
    assert large.delayed == pytest.approx(erlang_c(rate, servers), rel=1e-9)
    assert large.mean_wait == pytest.approx(mmc_mean_wait(rate, 1, servers), rel=1e-9)


def test_limits_and_shapes() -> None:
    idle = mmck(0, 1, 2, 3)
    assert (idle.turned_away, idle.mean_wait, idle.delayed, idle.busy) == (0, 0, 0, 0)
    many = mmck([1.0, 2.0, 3.0], 1, 2, [[2], [5]])
    assert many.turned_away.shape == (2, 3)
    assert many.turned_away[1, 2] == pytest.approx(mmck(3, 1, 2, 5).turned_away, rel=1e-12)
    assert mmck(1e6, 1, 1, 10_000).turned_away == pytest.approx(1 - 1e-6)


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`places` must be at least `servers`"):
        mmck(1, 1, 3, 2)
    with pytest.raises(MetricsError, match=r"`places` must be whole and lie in \[1, 10000\]"):
        mmck(1, 1, 3, 1e6)
