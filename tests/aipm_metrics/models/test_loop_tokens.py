"""Tokens of a loop and their price, against every step billed by itself."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aipm_metrics.models.agent_loop import Visits, loop_cost
from aipm_metrics.models.loop_tokens import Loop
from aipm_metrics.models.pricing import Prices, Rates, fresh_tokens, request_cost

BASE = Rates(input=3, cache_read=0.3, cache_write=3.75, output=15)
PRICES = Prices(
    BASE,
    (
        (20_000, Rates(input=6, cache_read=0.6, cache_write=7.5, output=22.5)),
        (40_000, Rates(input=9, cache_read=0.9, cache_write=11, output=30)),
    ),
)
STEPS = 40
LOOPS = st.builds(
    Loop,
    prompt=st.floats(0, 30_000), growth=st.just(0.0) | st.floats(1e-3, 5_000),
    output=st.floats(0, 2_000), cached=st.floats(0, 1), writes=st.booleans(),
)  # fmt: skip


def billed(loop: Loop, step: int) -> Any:
    """One step's bill, its tokens told one kind at a time."""
    total = loop.prompt + (step - 1) * loop.growth
    before = loop.prompt + max(step - 2, 0) * loop.growth
    read = loop.cached * before
    rest = fresh_tokens(max(total, read), read)
    fresh, written = (0.0, rest) if loop.writes else (rest, 0.0)
    return request_cost(fresh, read, written, loop.output, prices=PRICES)


@given(LOOPS, st.integers(0, STEPS), st.integers(0, 2**32 - 1))
def test_the_cost_is_every_step_billed_by_itself(loop: Loop, last: int, seed: int) -> None:
    reached = np.sort(np.random.default_rng(seed).random(STEPS))[::-1]
    told = loop.cost(Visits.of(reached), last, PRICES)
    each = sum(reached[j - 1] * billed(loop, j) for j in range(1, last + 1))
    assert told.total == pytest.approx(each, rel=1e-9, abs=1e-12)
    assert min(told.prompt, told.context, told.writes, told.output) >= -1e-12


@given(LOOPS, st.floats(0, 1e6))
@example(Loop(prompt=0.1, growth=0.1, output=0), 0.3)
@example(Loop(prompt=10.0, growth=0.0, output=0), 10.0)
def test_the_last_step_within_a_length_is_the_last_one(loop: Loop, tokens: float) -> None:
    fit = int(loop.steps_within(tokens, STEPS))
    lengths = loop.prompt + np.arange(STEPS) * loop.growth
    assert fit == int((lengths <= tokens).sum())


@given(LOOPS, st.integers(0, STEPS))
def test_tokens_are_counted_once_each(loop: Loop, last: int) -> None:
    everything, worked = loop.tokens(Visits.of(np.ones(STEPS)), last)
    lengths = loop.prompt + np.arange(last) * loop.growth
    before = loop.prompt + np.maximum(np.arange(last) - 1, 0) * loop.growth
    assert everything == pytest.approx(lengths.sum() + last * loop.output, rel=1e-9, abs=1e-9)
    read = loop.cached * before.sum()
    assert everything - worked == pytest.approx(read, rel=1e-9, abs=1e-9 * (1 + everything))


@given(st.integers(0, STEPS), st.floats(0, 1e4), st.floats(0, 1e4), st.floats(0, 1e3))
def test_without_cache_and_tiers_it_is_the_closed_form(
    steps: int, prompt: float, added: float, output: float
) -> None:
    loop = Loop(prompt=prompt, growth=added + output, output=output)
    told = loop.cost(Visits.of(np.ones(STEPS)), steps, Prices(BASE))
    expected = float(loop_cost(steps, prompt, added, output, BASE))
    assert told.total == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert told.writes == 0


def test_a_cache_moves_money_from_input_to_reads_and_writes() -> None:
    visits = Visits.of(np.ones(STEPS))
    plain = Loop(prompt=5000, growth=100, output=50).cost(visits, 20, Prices(BASE))
    full = Loop(prompt=5000, growth=100, output=50, cached=1.0, writes=True)
    cached = full.cost(visits, 20, Prices(BASE))
    assert cached.output == plain.output
    assert cached.prompt == pytest.approx(plain.prompt * 0.1)
    assert cached.total < 0.3 * plain.total
    # What a step adds is written once: 19 steps of 100 tokens.
    assert cached.writes == pytest.approx(19 * 100 * 3.75 / 1e6, rel=1e-9)
    # A cache that never hits costs more than none.
    never = Loop(prompt=5000, growth=100, output=50, cached=0.0, writes=True)
    assert never.cost(visits, 20, Prices(BASE)).total > plain.total


def test_any_shape_of_knobs_and_limits_at_once() -> None:
    visits = Visits.of(np.random.default_rng(1).random((3, 1, STEPS)))
    growth, last = np.linspace(0, 3000, 4), np.array([5, 9, 30, 40])
    loop = Loop(prompt=1000.0, growth=growth, output=10.0, cached=0.5, writes=growth > 900)
    whole = loop.cost(visits, last, PRICES)
    assert whole.total.shape == (3, 4)
    for i in range(3):
        for j in range(4):
            one = Loop(prompt=1000, growth=growth[j], output=10, cached=0.5, writes=growth[j] > 900)
            alone = Visits(visits.calls[i, 0], visits.depth[i, 0], visits.again[i, 0])
            assert one.cost(alone, last[j], PRICES).total == pytest.approx(whole.total[i, j])
