"""What a request costs: published bills, laws, and what is refused."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.pricing import (
    Prices,
    Rates,
    cache_break_even_uses,
    cap_overshoot,
    fresh_tokens,
    request_cost,
)

TOKENS = st.floats(0, 1e6)
PRICE = st.floats(0, 1e3)


def rates(input: float, cache_read: float, cache_write: float, output: float) -> Rates:
    return Rates(input=input, cache_read=cache_read, cache_write=cache_write, output=output)


GPT_4O = Prices(rates(2.5, 1.25, 2.5, 10))
SONNET = Prices(rates(3, 0.3, 3.75, 15), ((200_000, rates(6, 0.6, 7.5, 22.5)),))
BILLS: dict[str, tuple[Prices, tuple[float, float, float, float], float]] = {
    # genai-prices 0.2.3, its tests of `calc_price`
    "gpt-4o 1000 in 100 out (genai-prices)": (GPT_4O, (1000, 0, 0, 100), 0.0035),
    "gpt-4o 1500 in 400 out (genai-prices)": (GPT_4O, (1500, 0, 0, 400), 0.00775),
    "gpt-4o 1000 of them cached (genai-prices)": (GPT_4O, (500, 1000, 0, 400), 0.00650),
    "sonnet 4.5 at the threshold (genai-prices)": (SONNET, (200_000, 0, 0, 0), 0.60),
    "sonnet 4.5 one token above (genai-prices)": (SONNET, (200_001, 0, 0, 0), 1.200006),
    "sonnet 4.5 output pays the tier too (genai-prices)": (SONNET, (3e5, 0, 0, 1e5), 4.05),
    "sonnet 4.5 below the threshold (genai-prices)": (SONNET, (1e5, 0, 0, 1e5), 1.8),
    "sonnet 4.5 with a cache (genai-prices)": (SONNET, (1000, 8000, 1000, 1000), 0.02415),
    "haiku 4.5 with a cache (genai-prices)": (
        Prices(rates(1, 0.1, 1.25, 5)), (1000, 8000, 1000, 1000), 0.00805),
    "opus 4.5 with a cache (genai-prices)": (
        Prices(rates(5, 0.5, 6.25, 25)), (1000, 8000, 1000, 1000), 0.04025),
    "gpt-4o-mini 1M and 1M (genai-prices)": (
        Prices(rates(0.15, 0.075, 0.15, 0.6)), (1e6, 0, 0, 1e6), 0.75),
    "gpt-5 1M and 1M (genai-prices)": (
        Prices(rates(1.25, 0.125, 1.25, 10)), (1e6, 0, 0, 1e6), 11.25),
    "gemini 2.5 pro 1M and 1M (genai-prices)": (
        Prices(rates(1.25, 0.125, 1.25, 10), ((200_000, rates(2.5, 0.25, 2.5, 15)),)),
        (1e6, 0, 0, 1e6), 17.50),
    # microsoft/conductor, issue 427: one turn of 19,073 input tokens, nearly all of them cached
    "a cached turn (conductor 427)": (SONNET, (2, 18_971, 100, 0), 0.0060723),
}  # fmt: skip


@pytest.mark.parametrize(("prices", "tokens", "usd"), BILLS.values(), ids=BILLS)
def test_a_published_bill(
    prices: Prices, tokens: tuple[float, float, float, float], usd: float
) -> None:
    assert request_cost(*tokens, prices=prices) == pytest.approx(usd, rel=1e-9)


def test_counting_cached_tokens_twice_is_what_made_the_bill_tenfold() -> None:
    """microsoft/conductor, issue 427: input that includes what was cached, priced as if fresh."""
    right = request_cost(fresh_tokens(19_073, 18_971, 100), 18_971, 100, 0, prices=SONNET)
    twice = request_cost(19_073, 18_971, 100, 0, prices=SONNET)
    assert twice - right == pytest.approx((18_971 + 100) * 3 / 1e6, rel=1e-9)
    assert twice / right == pytest.approx(10.4, abs=0.05)


# --- laws ---


@given(st.tuples(*[TOKENS] * 4), st.tuples(*[PRICE] * 4), st.integers(0, 3), TOKENS)
def test_more_tokens_never_cost_less(
    tokens: tuple[float, ...], prices: tuple[float, ...], which: int, more: float
) -> None:
    other = list(tokens)
    other[which] += more
    here, there = (request_cost(*t, prices=prices) for t in (tokens, other))
    assert there >= here * (1 - 1e-12)
    assert there - here == pytest.approx(more * prices[which] / 1e6, rel=1e-9, abs=1e-9 * here)


@given(st.floats(1, 1e6), st.floats(0, 1), st.floats(0, 1e5))
def test_the_cost_jumps_only_where_a_tier_begins_and_by_all_tokens(
    above: float, mix: float, output: float
) -> None:
    low, high = rates(1, 0.5, 1.25, 4), rates(2, 1, 2.5, 6)
    tiered = Prices(low, ((above, high),))

    def cost(total: float) -> Any:
        return request_cost(total * (1 - mix), total * mix, 0, output, prices=tiered)

    at, beyond = above, above * (1 + 1e-9)
    assert cost(at * (1 - 1e-9)) == pytest.approx(cost(at * (1 - 2e-9)), rel=1e-8)
    whole = high(beyond * (1 - mix), beyond * mix, 0, output)
    assert cost(beyond) == pytest.approx(float(whole), rel=1e-9)
    assert cost(beyond) > cost(at * (1 - 1e-9))


def test_the_highest_tier_reached_holds() -> None:
    steps = tuple((1000.0 * n, rates(n, n, n, n)) for n in (1, 2, 3))
    listed = Prices(rates(0, 0, 0, 0), steps)
    totals = [1000, 1001, 2000, 2001, 3001]
    usd = request_cost(totals, 0, 0, 0, prices=listed) * 1e6 / np.array(totals)
    assert usd.tolist() == pytest.approx([0, 1, 1, 2, 3], rel=1e-9)


def test_four_numbers_a_mapping_and_a_list_are_one_price_list() -> None:
    named = {"output": 15, "input": 3, "cache_write": 3.75, "cache_read": 0.3}
    same: list[Any] = [
        (3, 0.3, 3.75, 15),
        named,
        rates(3, 0.3, 3.75, 15),
        Prices(rates(3, 0.3, 3.75, 15)),
    ]
    assert len({float(request_cost(10, 20, 30, 40, prices=told)) for told in same}) == 1


@given(TOKENS, TOKENS, TOKENS)
def test_leaves_add_up_to_the_total(fresh: float, read: float, write: float) -> None:
    left = fresh_tokens(fresh + read + write, read, write)
    assert left == pytest.approx(fresh, rel=1e-9, abs=1e-9 * (read + write))
    assert left >= 0


@given(PRICE.filter(lambda p: p > 1e-3), st.floats(0, 0.99), st.floats(1, 5))
def test_a_cache_pays_from_its_break_even_on(price: float, read: float, write: float) -> None:
    told = rates(price, read * price, write * price, 0)
    uses = float(cache_break_even_uses(told))
    assert uses >= 1
    for many, pays in ((uses * 1.01, True), (uses * 0.99, False)):
        cached = told.cache_write + (many - 1) * told.cache_read
        assert (cached < many * told.input) is pays or write == 1


@pytest.mark.parametrize(
    ("read", "write", "uses"),
    [
        (0.1, 1.25, 1.28),  # Anthropic, prompt caching: five minutes
        (0.1, 2.0, 2.11),  # Anthropic, prompt caching: one hour
        (0.1, 1.0, 1.0),
        (1.0, 1.25, np.inf),
        (1.0, 1.0, 1.0),
        (2.0, 0.5, np.inf),  # each read costs twice what fresh input does
    ],
)
def test_uses_from_which_a_cache_pays(read: float, write: float, uses: float) -> None:
    assert cache_break_even_uses(rates(1, read, write, 5)) == pytest.approx(uses, abs=0.005)


@pytest.mark.parametrize(
    ("cost", "rate", "lag", "latency", "usd"),
    [
        (0.10, 200 / 60, 0, 5, 1.6667),
        (0.10, 200 / 60, 60, 5, 21.6667),
        (0.10, 200 / 60, 900, 5, 301.6667),
        (0.02, 50, 10, 3, 13.0),
    ],
)
def test_a_cap_is_overshot_by_what_is_not_yet_reported(
    cost: float, rate: float, lag: float, latency: float, usd: float
) -> None:
    """Little (1961): L = lambda W, each worth the cost of a call."""
    assert cap_overshoot(cost, rate, lag, latency) == pytest.approx(usd, abs=1e-4)


def test_arrays_broadcast() -> None:
    assert np.shape(request_cost(np.ones(3), 0, np.ones((2, 1)), 0, prices=SONNET)) == (2, 3)
    assert np.shape(cap_overshoot(0.1, np.ones(3), np.ones((2, 1)), 5)) == (2, 3)
    assert isinstance(float(request_cost(1, 2, 3, 4, prices=SONNET)), float)


# --- refusals ---


@pytest.mark.parametrize("name", ["fresh", "cache_read", "cache_write", "output"])
def test_a_negative_count_is_refused_by_name(name: str) -> None:
    tokens = {"fresh": 1.0, "cache_read": 1.0, "cache_write": 1.0, "output": 1.0, name: -1.0}
    with pytest.raises(OutOfRangeError, match=rf"`{name}` must lie in \[0, inf\]; got -1"):
        request_cost(**tokens, prices=SONNET)


def test_more_cached_than_there_is_is_refused() -> None:
    """genai-prices 0.2.3 refuses it as well: 200 cached of 100."""
    with pytest.raises(OutOfRangeError, match=r"cache_read \+ cache_write.*\[0, 100\].*got 200"):
        fresh_tokens([500, 100], cache_read=200)


@pytest.mark.parametrize(
    ("prices", "got"),
    [((1, 2, 3), "3 numbers"), ((1, 2, 3, 4, 5), "5 numbers"), ({"input": 1}, "got input")],
)
def test_a_price_list_without_four_prices_is_refused(prices: Any, got: str) -> None:
    with pytest.raises(MetricsError, match=got):
        request_cost(1, 1, 1, 1, prices=prices)


@pytest.mark.parametrize("name", ["cost_per_call", "calls_per_s", "lag_s", "latency_s"])
def test_a_negative_input_of_the_overshoot_is_refused_by_name(name: str) -> None:
    told = {"cost_per_call": 1.0, "calls_per_s": 1.0, "lag_s": 1.0, "latency_s": 1.0, name: -1.0}
    with pytest.raises(OutOfRangeError, match=f"`{name}`"):
        cap_overshoot(**told)
