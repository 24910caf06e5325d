"""Draws: seeded by assumption, uniform on the knob's own scale, never outside their range."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.knobs import Knob, knobs_of
from aipm_metrics.models.draws import Chance, chance_below, moved_into, ranks, spread, uniforms
from aipm_metrics.ranges import is_uncertain
from aipm_metrics.scenarios.moderation import ModerationScenario

UNCERTAIN = [k for k in knobs_of(ModerationScenario).values() if is_uncertain(k)]
parts = st.floats(0, 1)


def ends(knob: Knob, a: float, b: float) -> tuple[float, float]:
    low, high = sorted(knob.low + part * (knob.high - knob.low) for part in (a, b))
    return min(low, knob.high), min(high, knob.high)


def test_a_seed_and_a_name_give_the_same_draws_and_another_of_either_gives_others() -> None:
    draws = [uniforms(seed, name) for seed in (0, 1, 10) for name in ("a", "b", "\u00e4", "ab")]
    again = [uniforms(seed, name) for seed in (0, 1, 10) for name in ("a", "b", "\u00e4", "ab")]
    for one, two in zip(draws, again, strict=True):
        assert (one == two).all()
    assert len({one[0] for one in draws}) == len(draws)


def test_draws_are_uniform_and_no_two_assumptions_move_together() -> None:
    draws = np.array([uniforms(3, k.name, 20_000) for k in UNCERTAIN])
    assert np.abs(draws.mean(axis=1) - 0.5).max() < 4 * np.sqrt(1 / 12 / 20_000)
    together = np.corrcoef(draws)[np.triu_indices(len(draws), 1)]
    assert np.abs(together).max() < 4.5 / np.sqrt(20_000)


@given(st.sampled_from(UNCERTAIN), parts, parts, st.integers(0, 99))
def test_draws_stay_in_their_range_and_spread_evenly_on_the_knobs_scale(
    knob: Knob, a: float, b: float, seed: int
) -> None:
    low, high = ends(knob, a, b)
    places = uniforms(seed, knob.name, 64)
    values = moved_into(knob, low, high, places)
    assert ((values >= low) & (values <= high)).all()
    assert (np.diff(values[np.argsort(places)]) >= 0).all()
    start, end = knob.to_axis([low, high])
    if end - start > 1e-3 * max(1.0, abs(start)):
        np.testing.assert_allclose((knob.to_axis(values) - start) / (end - start), places,
                                   atol=1e-6)  # fmt: skip


@given(st.sampled_from(UNCERTAIN), parts)
def test_a_range_without_width_gives_that_very_value(knob: Knob, a: float) -> None:
    value = ends(knob, a, a)[0]
    assert (moved_into(knob, value, value, uniforms(1, knob.name, 9)) == value).all()


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=1))
def test_wins_ties_and_losses_are_all_there_is(pairs: list[tuple[float, float]]) -> None:
    a, b = np.array(pairs).T
    there, back = chance_below(a, b), chance_below(b, a)
    assert there.wins + there.ties + there.losses == there.draws == len(pairs)
    assert (there.wins, there.ties, there.losses) == (back.losses, back.ties, back.wins)
    assert 0 <= there.value <= 1


def test_rounding_is_a_tie_and_a_cent_is_not() -> None:
    a = np.array([1e9, 1e9, 0.0])
    assert chance_below(a, a * [1 + 1e-15, 1 + 1e-11, 1]) == Chance(wins=1, ties=2, draws=3)


def test_the_standard_error_is_that_of_repeated_seeds() -> None:
    """Over 400 repetitions the counts scatter as the error says."""
    rng = np.random.default_rng(4)
    found = [chance_below(rng.random(500), np.full(500, 0.3)) for _ in range(400)]
    scatter = np.std([chance.value for chance in found], ddof=1)
    assert scatter == pytest.approx(np.sqrt(0.3 * 0.7 / 500), rel=0.15)
    assert np.mean([chance.error for chance in found]) == pytest.approx(scatter, rel=0.15)


@given(st.lists(st.floats(-1e6, 1e6), min_size=2))
def test_quantiles_of_a_spread_rise_and_are_values_that_were_drawn(values: list[float]) -> None:
    found = spread(np.array(values))
    assert found.low <= found.middle <= found.high
    assert {found.low, found.middle, found.high} <= set(values)
    assert found.error >= 0


@given(st.integers(1, 3000))
def test_ranks_are_the_least_that_enough_draws_do_not_exceed(draws: int) -> None:
    for share, rank in zip((5, 50, 95), ranks(draws).tolist(), strict=True):
        assert 100 * (rank + 1) >= share * draws
        assert 100 * rank < share * draws


def test_a_spread_may_end_at_infinity_without_a_mean_that_lies() -> None:
    found = spread(np.array([1.0, 2.0, np.inf, np.inf]))
    assert (found.low, found.high, found.mean) == (1, np.inf, np.inf)
    assert np.isnan(found.error)
