"""Spoken numbers: they parse back, keep their order, and never pass for 0, 1 or something else."""

import math
import re

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios import SCENARIOS
from aipm_metrics.spoken import (
    count,
    cut,
    duration,
    money,
    one_in,
    price,
    share,
    span,
    threshold,
    undefined,
    with_unit,
)
from tests.aipm_metrics.said import number, numbers

# Sizes that the screen can come to say; beyond them see test_reported_spoken.py.
SAYABLE = st.floats(1e-3, 9.9e14) | st.integers(0, 10**6).map(float)
PROBABILITY = st.floats(1e-9, 0.5) | st.floats(1e-9, 0.5).map(lambda p: 1 - p)
NAN = float("nan")


def within(said: str, value: float, digits: int) -> None:
    """The text reads back as `value` rounded to so many significant digits, no further off."""
    assert number(said) == pytest.approx(value, rel=0.501 * 10.0 ** (1 - digits), abs=1e-12)


@given(SAYABLE)
@example(9949.0)
@example(9950.0)
@example(999_500.0)
@example(999.6e9)
def test_a_count_reads_back_within_its_rounding(n: float) -> None:
    within(count(n), n, 2 if n < 9_950 else 3)
    assert re.fullmatch(r"[\d.,]+(\xa0(million|billion|trillion))?", count(n))


@given(st.integers(0, 99))
def test_small_whole_counts_are_exact(n: int) -> None:
    assert count(n) == str(n)


@given(st.floats(100, 9.9e14))
@example(99.996)
@example(999_500.0)
@example(9_949.9)
@example(9_950.1)
def test_money_reads_back_within_its_rounding(usd: float) -> None:
    within(money(usd), usd, 2)
    assert money(usd).startswith("$")
    assert number(money(-usd)) == -number(money(usd))


@given(st.floats(-99.99, 99.99))
def test_small_money_is_exact_to_the_cent(usd: float) -> None:
    assert abs(number(money(usd)) - usd) <= 0.00501


@given(st.floats(0, 9.9e14), st.floats(0, 9.9e14))
@example(99.994, 99.996)
@example(9_949.0, 9_951.0)
@example(9_999.0, 10_001.0)
@example(999_499.0, 999_501.0)
def test_money_and_counts_are_monotone(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert number(money(low)) <= number(money(high))
    if low >= 1e-3:
        assert number(count(low)) <= number(count(high))


@given(PROBABILITY)
def test_a_probability_reads_back_and_is_never_said_to_be_0_or_1(p: float) -> None:
    said = threshold(p)
    assert 0 < number(said) < 1
    assert abs(number(said) - p) <= 0.00501 * min(p, 1 - p)


@given(PROBABILITY)
def test_a_share_reads_back_and_is_never_said_to_be_none_or_all(p: float) -> None:
    said = share(p)
    assert said.endswith("\xa0%")
    assert 0 < number(said) < 1
    assert abs(number(said) - p) <= 0.0501 * min(p, 1 - p)


def test_thresholds_along_the_slider_are_told_apart_and_in_order() -> None:
    """The slider's own steps, and thresholds found by search on either side."""
    for scenario in SCENARIOS:
        for knob in knobs_of(scenario).values():
            if knob.in_score_units:
                said = [threshold(t) for t in knob.spread(200)]
                read = [number(text) for text in said]
                assert read[0] > 0
                assert read[-1] < 1
                assert (np.diff(read) > 0).all()


def test_the_ends_are_said_as_they_are() -> None:
    assert (threshold(0.0), threshold(1.0)) == ("0", "1")
    assert [number(share(p)) for p in (0.0, 1.0)] == [0, 1]
    assert number(money(0.0)) == 0
    assert count(0) == "0"


@given(st.floats(-1e6, 1e6).filter(lambda t: abs(t) > 1e-6))
def test_scores_of_any_scale_read_back(t: float) -> None:
    assert abs(number(threshold(t)) - t) <= max(0.0051 * abs(t), 1e-12)


def test_a_cut_says_its_ends_in_words() -> None:
    assert not numbers(cut(math.inf))
    assert not numbers(cut(NAN))
    assert number(cut(0.15)) == 0.15


@pytest.mark.parametrize("say", [count, money, share])
def test_what_is_undefined_is_said_to_be(say: object) -> None:
    assert callable(say)
    assert say(NAN) == "undefined"
    assert undefined(NAN)
    assert not undefined(0.0)


@given(st.floats(1, 1e12))
def test_one_in_so_many_reads_back(many: float) -> None:
    one, of = numbers(one_in(many))
    assert one == 1
    assert of == pytest.approx(many, rel=0.0501)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.page)
def test_every_knobs_value_is_said_in_its_own_unit(scenario: type) -> None:
    for name, knob in knobs_of(scenario).items():
        if knob.scale == "choice":
            continue
        for value in (knob.low, float(knob.default), knob.high):
            said = with_unit(value, knob.unit)
            head, *rest = numbers(said)
            assert not rest, (name, said)
            assert head == pytest.approx(value, rel=0.0501), (name, said)
            assert ("$" in said) is ("USD" in knob.unit)
            assert ("%" in said) is (knob.unit.split(" ")[0] in {"share", "chance"})
            assert "USD" not in said


def test_a_unit_follows_its_number_without_a_break() -> None:
    assert with_unit(6, "min") == "6\xa0min"
    assert with_unit(22, "USD an hour").endswith("an hour")


def test_a_duration_changes_its_unit_where_a_person_would() -> None:
    told = [duration(m) for m in (0, 0.999, 1, 119, 121, 4_319, 4_320, 43_200)]
    assert [said.replace("\xa0", " ") for said in told] == [
        "0 s", "60 s", "1 min", "120 min", "2 h", "72 h", "3 days", "30 days",
    ]  # fmt: skip
    assert (duration(float("inf")), duration(float("nan"))) == ("for ever", "undefined")


def test_a_price_keeps_two_digits_where_a_sum_would_keep_none() -> None:
    assert with_unit(0.0012, "USD per thousand posts") == "$0.0012 per thousand posts"
    assert (price(0), price(1e-9), price(0.25), price(1234)) == ("$0", "$0", "$0.25", "$1,200")
    assert money(0.0012) == "$0"


def test_a_range_says_its_unit_once() -> None:
    assert span(0.025, 0.075, "USD per thousand posts") == "$0.025 to $0.075 per thousand posts"
    assert span(1e6, 3e6, "posts a month") == "1\xa0million to 3\xa0million\xa0posts a month"
    assert (span(15, 45, "USD"), span(0.94, 0.98, "")) == ("$15 to $45", "0.94 to 0.98")
