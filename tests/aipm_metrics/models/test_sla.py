"""Limits that must fit one another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.sla import check_limits, inter_token_s

SECONDS = st.floats(0.001, 100)
TOKENS = st.integers(1, 5_000)


@given(SECONDS, st.floats(0.0001, 1), SECONDS, TOKENS)
def test_each_way_out_fits_and_just_so(
    first: float, each: float, whole: float, tokens: int
) -> None:
    check = check_limits(first, each, whole, tokens)
    assert check.consistent == (check.over_s == 0)
    for name, value in (
        ("first_token_s", check.first_token_s),
        ("per_token_s", check.per_token_s),
        ("end_to_end_s", check.end_to_end_s),
        ("output_tokens", check.output_tokens),
    ):
        if np.isnan(value) or value == 0:
            continue
        limits = {
            "first_token_s": first, "per_token_s": each, "end_to_end_s": whole,
            "output_tokens": tokens, name: value,
        }  # fmt: skip
        mended = check_limits(**limits)
        assert mended.over_s <= 1e-9 * whole
        worse = value * (1 - 1e-6) if name == "end_to_end_s" else value * (1 + 1e-6) + 1e-9
        worse = value + 1 if name == "output_tokens" else worse
        assert check_limits(**(limits | {name: worse})).needed_s > whole * (1 - 1e-9) or (
            name == "end_to_end_s" and check_limits(**(limits | {name: worse})).over_s > 0
        )


@given(SECONDS, st.floats(0.0001, 1), TOKENS)
def test_what_was_measured_on_an_answer_fits_its_own_end(
    first: float, each: float, tokens: int
) -> None:
    whole = first + (tokens - 1) * each
    assert check_limits(first, each, whole, tokens).consistent
    gap = inter_token_s(whole, first, tokens)
    assert np.isnan(gap) if tokens == 1 else gap == pytest.approx(each, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize(
    ("start", "end", "tokens", "gap"),
    [pytest.param(20, 100, 6, 16.0, id="NVIDIA AIPerf's own test: 80 ms over five gaps"),
     pytest.param(40, 120, 9, 10.0, id="80 ms over eight gaps")],
)  # fmt: skip
def test_inter_token_latency(start: float, end: float, tokens: int, gap: float) -> None:
    assert inter_token_s(end, start, tokens) == gap


@pytest.mark.parametrize(
    ("first", "each", "needed"),
    [pytest.param(2.0, 0.2, 60.6, id="MLPerf Llama2-70B server: 2000 ms and 200 ms"),
     pytest.param(0.45, 0.04, 12.17, id="MLPerf Llama2-70B interactive: 450 ms and 40 ms")],
)  # fmt: skip
def test_what_two_limits_allow_294_tokens(first: float, each: float, needed: float) -> None:
    assert check_limits(first, each, 1, 294).needed_s == pytest.approx(needed)


def test_limits() -> None:
    one = check_limits(1, 5, 1, 1)
    assert one.consistent
    assert np.isnan(one.per_token_s)
    assert one.output_tokens == 1
    hopeless = check_limits(3, 0.1, 2, 11)
    assert np.isnan(hopeless.per_token_s)
    assert hopeless.output_tokens == 0
    assert hopeless.first_token_s == pytest.approx(1)
    assert np.isnan(check_limits(3, 1, 2, 11).first_token_s)
    assert check_limits(1, 0, 1, 1e6).output_tokens == np.inf
    assert check_limits(0.2, 0.2, 5, 25).consistent  # but for rounding
    assert check_limits([1, 2], 0.1, [[5], [9]], 11).needed_s.shape == (2,)
    assert check_limits([1, 2], 0.1, [[5], [9]], 11).consistent.shape == (2, 2)


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`first_token_s` must be finite and >= 0"):
        check_limits(-1, 1, 1, 1)
    with pytest.raises(MetricsError, match=r"`output_tokens` must be at least 1; got 0\.5"):
        check_limits(1, 1, 1, 0.5)
    with pytest.raises(MetricsError, match="`end_to_end_s` must be finite"):
        check_limits(1, 1, np.inf, 1)
    with pytest.raises(MetricsError, match="`first_token_s` must not be above `end_to_end_s`"):
        inter_token_s(1, 2, 3)
