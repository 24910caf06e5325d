"""Which assumption turns the choice of a step limit: every turn found is one, the nearest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.api_spend import ApiSpendResult, ApiSpendScenario, spend
from aipm_metrics.scenarios.api_spend_flips import HAIR
from tests.aipm_metrics.scenarios.spend_brute_force import near_defaults

if TYPE_CHECKING:
    from aipm_metrics.knobs import Knob

CASES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "at today's": {"step_limit": 150},
    "too low": {"step_limit": 4},
    "no cap": {"cap": 1e10, "step_limit": 90},
    "own prices": {"model": "own prices", "step_limit": 60},
    **{name: dict(preset) for name, preset in ApiSpendScenario.presets.items()},
}


@pytest.fixture(scope="module")
def results() -> dict[str, ApiSpendResult]:
    rng = np.random.default_rng(11)
    drawn = {f"drawn {i}": spend(near_defaults(rng)) for i in range(6)}
    return {name: spend(ApiSpendScenario.model_validate(k)) for name, k in CASES.items()} | drawn


def saving(r: ApiSpendResult, knob: Knob, value: float, limit: float, rival: float) -> float:
    here, there = (
        float(r.scenario.model_copy(update={"step_limit": at}).costs({knob.name: np.array(value)}))
        for at in (limit, rival)
    )
    return there - here


def beside(knob: Knob, at: float, way: float) -> float:
    """A value just on one side of a turn."""
    low, place, high = knob.to_axis([knob.low, at, knob.high])
    return float(knob.from_axis(np.clip(place + way * 1e-5 * (high - low), low, high)))


def test_at_every_flip_the_saving_changes_sign(results: dict[str, ApiSpendResult]) -> None:
    found = 0
    for r in results.values():
        limit, rival = r.scenario.step_limit, float(r.compared.limit)
        for flip in r.flips:
            if np.isnan(flip.at):
                continue
            found += 1
            below, above = (
                saving(r, flip.knob, beside(flip.knob, flip.at, way), limit, rival)
                for way in (-1, 1)
            )
            assert np.sign(below) * np.sign(above) < 0, (flip.knob.name, flip.at)
    assert found > 20


def test_the_nearest_of_every_limit_is_one_too(results: dict[str, ApiSpendResult]) -> None:
    for r in results.values():
        flips = r.nearest_flips
        for row in (0, 3, 19, 59, 199, 499):
            if flips.which[row] < 0:
                assert np.isnan(flips.at[row])
                continue
            knob, limit = flips.knobs[flips.which[row]], row + 1.0
            rival = r.cheapest.limit if limit == r.scenario.today_limit else r.today.limit
            at = float(flips.at[row])
            below, above = (
                saving(r, knob, beside(knob, at, way), limit, float(rival)) for way in (-1, 1)
            )
            assert np.sign(below) * np.sign(above) < 0, (row, knob.name, at)


def test_the_table_and_the_sentence_tell_of_one_flip(results: dict[str, ApiSpendResult]) -> None:
    for name, r in results.items():
        nearest, flips = r.flips[0], r.nearest_flips
        if flips.which[r.row] < 0:
            assert np.isnan(nearest.at), name
            continue
        told = flips.knobs[flips.which[r.row]]
        same = next(flip for flip in r.flips if flip.knob.name == told.name)
        # The finer search of the table may find a turn of another knob nearer by.
        assert same.distance <= nearest.distance * 1.2 + 1e-3, name
        assert flips.at[r.row] == pytest.approx(same.at, rel=1e-6), name


def test_no_turn_is_told_at_the_very_end_of_a_range(results: dict[str, ApiSpendResult]) -> None:
    for r in results.values():
        for flip in r.flips:
            if not np.isnan(flip.at):
                low, at, high = flip.knob.to_axis([flip.knob.low, flip.at, flip.knob.high])
                assert min(at - low, high - at) >= 0.9 * HAIR * (high - low)


def test_every_knob_in_use_is_an_assumption_with_its_swing() -> None:
    r = spend(ApiSpendScenario())
    names = [a.knob.name for a in r.assumptions]
    idle = r.scenario.idle(r.scenario.model_dump(), with_rows=False)
    assert sorted([*names, *idle]) == sorted(knobs_of(ApiSpendScenario))
    swings = [a.swing for a in r.assumptions if not np.isnan(a.swing)]
    assert swings == sorted(swings, reverse=True)
    wage = next(a for a in r.assumptions if a.knob.name == "cost_per_handed")
    ends = [saving(r, wage.knob, v, r.scenario.step_limit, 150) for v in (2.0, 6.0)]
    assert wage.swing == pytest.approx(abs(ends[1] - ends[0]))
