"""Own servers: published prices per million tokens, whole servers, and where they break even."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.self_hosting import (
    HOURS_A_MONTH,
    break_even_tokens,
    break_even_utilisation,
    servers_needed,
    usd_per_million,
)

POSITIVE = st.floats(1e-3, 1e6)


@pytest.mark.parametrize(
    ("price", "speed", "busy", "usd"),
    [(2.5, 700, 1, 0.99206), (2.5, 700, 0.1, 9.9206), (3.6, 1000, 1, 1.0)],
    ids=["inference-perf issue 139", "a tenth of its time", "by hand"],
)
def test_price_of_a_million(price: float, speed: float, busy: float, usd: float) -> None:
    assert usd_per_million(price, speed, busy) == pytest.approx(usd, rel=1e-4)


def test_a_server_that_never_works_has_no_price_per_token() -> None:
    assert usd_per_million(2.5, 700, 0) == np.inf


@given(POSITIVE, POSITIVE, POSITIVE)
def test_at_break_even_both_cost_the_same(price: float, speed: float, bought: float) -> None:
    busy = break_even_utilisation(price, speed, bought)
    assert usd_per_million(price, speed, busy) == pytest.approx(bought, rel=1e-9)
    month = price * HOURS_A_MONTH
    million = break_even_tokens(month, bought)
    assert million * bought == pytest.approx(month, rel=1e-9)
    # Its share of all that the server could do is that utilisation.
    capacity = speed * 3600 * HOURS_A_MONTH / 1e6
    assert million / capacity == pytest.approx(busy, rel=1e-9)


def test_one_server_against_three_dollars() -> None:
    """2.50 USD an hour, 700 tokens a second, 3 USD per million, 730 hours."""
    assert break_even_utilisation(2.5, 700, 3) == pytest.approx(0.33069, rel=1e-4)
    assert break_even_tokens(2.5 * HOURS_A_MONTH, 3) == pytest.approx(608.33, rel=1e-5)
    assert pytest.approx(1839.6) == 700 * 3600 * HOURS_A_MONTH / 1e6
    assert break_even_tokens(1825, 0) == np.inf


@given(POSITIVE, st.floats(1, 10), POSITIVE, st.floats(0.01, 1))
def test_servers_keep_to_the_target_at_the_peak_and_one_fewer_would_not(
    load: float, peak: float, speed: float, target: float
) -> None:
    n = float(servers_needed(load, peak, speed, target))
    assert n == int(n) >= (1 if load * peak / (speed * target) > 1e-9 else 0)
    busiest = load * peak / speed
    assert busiest <= n * target * (1 + 1e-8) + 1e-8
    assert busiest > (n - 1) * target * (1 - 1e-9)
    # The peak tax: on average they idle by the peak's ratio more.
    assert load / (max(n, 1) * speed) <= target / peak * (1 + 1e-8) + 1e-8


def test_without_a_load_there_is_no_server() -> None:
    assert servers_needed([0, 1e-3], 3, 500, 0.7).tolist() == [0, 1]
