"""Erlang's two formulas."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.queueing import erlang_b, erlang_b_table, erlang_c, erlang_c_table
from tests.aipm_metrics.models.queues import exact_erlang_b, exact_erlang_c

LOAD = st.floats(0, 500)
SERVERS = st.integers(1, 300)

# --- laws ---


@given(LOAD, SERVERS)
def test_both_are_shares_and_more_wait_than_would_be_lost(load: float, servers: int) -> None:
    lost, delayed = erlang_b(load, servers), erlang_c(load, servers)
    assert 0 <= lost <= delayed <= 1
    assert (delayed == 1) == (load / servers >= 1)


@given(LOAD, SERVERS)
def test_a_server_more_never_hurts(load: float, servers: int) -> None:
    for formula in (erlang_b, erlang_c):
        assert formula(load, servers + 1) <= formula(load, servers)


@given(LOAD, LOAD, SERVERS)
def test_more_load_never_helps(a: float, b: float, servers: int) -> None:
    low, high = sorted([a, b])
    for formula in (erlang_b, erlang_c):
        assert formula(low, servers) <= formula(high, servers) * (1 + 1e-12)


@given(st.lists(LOAD, min_size=1, max_size=5), st.lists(SERVERS, min_size=1, max_size=5))
def test_grids_tables_and_single_values_agree_to_the_last_digit(
    loads: list[float], servers: list[int]
) -> None:
    for formula, table in ((erlang_b, erlang_b_table), (erlang_c, erlang_c_table)):
        grid = formula(np.array(loads)[:, None], servers)
        columns = np.array(servers) - 1
        assert grid.tolist() == [[formula(a, c) for c in servers] for a in loads]
        assert grid.tolist() == table(loads, max(servers))[:, columns].tolist()


@given(st.lists(st.tuples(LOAD, st.integers(0, 300)), min_size=1, max_size=8))
def test_pairs_with_loads_of_their_own_agree_to_the_last_digit(
    pairs: list[tuple[float, int]],
) -> None:
    """Their recursions end at different steps."""
    loads, servers = (np.array(column) for column in zip(*pairs, strict=True))
    assert erlang_b(loads, servers).tolist() == [erlang_b(a, c) for a, c in pairs]


# --- published numbers and other ways to count ---


@pytest.mark.parametrize(
    ("load", "servers", "lost", "delayed"),
    [
        pytest.param(1, 1, "0.5", "1", id="one erlang, one trunk"),
        pytest.param(1, 2, "0.2", "0.333333", id="one erlang, two trunks"),
        pytest.param(10, 16, "0.022302", "", id="Erlang B tables, ten erlangs: 16 are too few"),
        pytest.param(10, 17, "0.012949", "", id="and 17 lose under 2 %"),
        pytest.param(10, 14, "", "0.174132", id="pyworkforce tests: 100 calls in 30 min of 3 min"),
        pytest.param(10, 15, "", "0.102042", id="and with one agent more"),
        pytest.param(2.5, 6, "", "0.0474", id="30 calls an hour of 5 min: six answer 95 % at once"),
        pytest.param(0.8, 1, "", "0.8", id="M/M/1 waits when busy"),
    ],
)
def test_published_values(load: float, servers: int, lost: str, delayed: str) -> None:
    for value, printed in ((erlang_b(load, servers), lost), (erlang_c(load, servers), delayed)):
        if printed:
            digits = len(printed.partition(".")[2])
            assert round(float(value), digits) == float(printed)


@given(st.fractions(0, 40, max_denominator=20), st.integers(1, 60))
def test_fractions_with_factorials_agree_to_a_billionth(load: Fraction, servers: int) -> None:
    """Erlang (1917), as he wrote it."""
    exact = float(exact_erlang_b(load, servers))
    assert erlang_b(float(load), servers) == pytest.approx(exact, rel=1e-9, abs=1e-300)
    if load < servers:
        exact = float(exact_erlang_c(load, servers))
        assert erlang_c(float(load), servers) == pytest.approx(exact, rel=1e-9, abs=1e-300)


@settings(max_examples=50)
@given(st.floats(0.01, 600), st.integers(1, 1000))
def test_b_is_poisson_cut_off_at_the_servers(load: float, servers: int) -> None:
    """B = P(N = c | N <= c) for Poisson N, by scipy's log functions."""
    log = stats.poisson.logpmf(servers, load) - stats.poisson.logcdf(servers, load)
    assert erlang_b(load, servers) == pytest.approx(float(np.exp(log)), rel=1e-8, abs=1e-250)


def test_the_load_itself_meets_the_square_root_of_two_over_pi_c() -> None:
    """B(c, c) -> sqrt(2 / (pi c)): Jagerman (1974), Bell System Technical Journal 53, 525-551."""
    c = 100_000
    assert erlang_b(c, c) == pytest.approx(np.sqrt(2 / (np.pi * c)), rel=3e-3)


# --- limits ---


def test_without_load_nobody_waits_and_without_servers_all_are_lost() -> None:
    assert erlang_b(0, [0, 1, 5]).tolist() == [1, 0, 0]
    assert erlang_c(0, [1, 5]).tolist() == [0, 0]
    assert erlang_b([0.0, 3.0], 0).tolist() == [1, 1]


def test_as_much_load_as_servers_means_everybody_waits() -> None:
    assert erlang_c([4, 5, 1e6], 4).tolist() == [1, 1, 1]
    assert erlang_c(np.nextafter(4, 0), 4) == pytest.approx(1)


def test_shapes_broadcast_and_scalars_stay_scalars() -> None:
    assert np.shape(erlang_c(1.0, 2)) == ()
    assert erlang_c(np.ones((3, 1)), [1, 2]).shape == (3, 2)
    assert erlang_c(np.ones((2, 3, 1)), np.ones((3, 4), int)).shape == (2, 3, 4)
    assert erlang_c_table(np.ones((2, 3)), 4).shape == (2, 3, 4)
    assert erlang_b([], 3).shape == (0,)


# --- refusals ---


@pytest.mark.parametrize(
    ("load", "servers", "said"),
    [
        (-1, 1, "`load` must be finite and >= 0; got -1"),
        (np.nan, 1, "`load` must be finite"),
        (np.inf, 1, "`load` must be finite"),
        (1, 0, r"`servers` must be whole and lie in \[1, 100000\]; got 0"),
        (1, 1.5, "`servers` must be whole"),
        (1, [1, np.nan], "`servers` must be whole"),
        (1, 1e9, "got 1e"),
    ],
)
def test_what_cannot_be_is_refused_by_name(load: float, servers: float, said: str) -> None:
    with pytest.raises(MetricsError, match=said):
        erlang_c(load, servers)


def test_tables_refuse_too() -> None:
    with pytest.raises(MetricsError, match="`most` must be whole"):
        erlang_c_table([1.0], 0)
