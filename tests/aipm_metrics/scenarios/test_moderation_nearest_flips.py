"""Every threshold's nearest flip point, against one threshold at a time and a search on a grid."""

from collections.abc import Callable

import numpy as np
import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.confusion import Floats
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.flip_points import Flip, flip_of
from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario, moderate
from tests.aipm_metrics.scenario_draws import draw_runnable
from tests.aipm_metrics.scenarios.drawn import drawn_knobs

EVEN = 1e-9  # of the cost: of two choices closer than this, rounding says which is cheaper


def saving_along(result: ModerationResult, name: str) -> Callable[[Floats], Floats]:
    """Saving against the comparison point as one knob moves, from the costs alone."""
    # The rows' own prevalence is in the scenario of the result by now, as a value like any other.
    s = result.scenario.model_copy(update={"row_mix": "as set"})
    here, there = (
        s.model_copy(update={"threshold": t})
        for t in (s.threshold, float(result.compared.threshold))
    )
    return lambda x: there.costs({name: x}, result.rows) - here.costs({name: x}, result.rows)


def just_beside(flip: Flip) -> Floats:
    """Values a billionth of the range below and above, within the limits."""
    low, high = flip.knob.to_axis([flip.knob.low, flip.knob.high])
    step = 1e-9 * (high - low)
    return flip.knob.from_axis(flip.knob.to_axis(flip.at) + np.array([-step, step]))


def test_a_search_on_a_grid_finds_no_flip_that_is_nearer_or_missing() -> None:
    agreed, nowhere = 0, 0
    near = (ModerationScenario(**knobs) for knobs in drawn_knobs(np.random.default_rng(6), 40))
    cases = [*draw_runnable(np.random.default_rng(1), 40), *((s, None) for s in near)]
    for scenario, rows in cases:
        r = moderate(scenario, rows)
        if abs(r.saving) <= EVEN * r.cost:
            continue
        for flip in r.flips:
            difference = saving_along(r, flip.knob.name)
            searched = flip_of(flip.knob, flip.today, difference)
            assert flip.distance <= searched.distance * (1 + 1e-6) + 1e-9, (scenario, flip.knob)
            if np.isnan(flip.at):
                nowhere += 1
                continue
            # What the grid may have missed is a flip all the same: the sign differs beside it.
            below, above = difference(just_beside(flip))
            assert below * above < 0 or min(abs(below), abs(above)) <= EVEN * r.cost
            agreed += searched.distance == pytest.approx(flip.distance, rel=1e-6, abs=1e-9)
    assert agreed >= 100
    assert nowhere >= 100


def nearest_alone(
    scenario: ModerationScenario, rows: Empirical | None, threshold: float
) -> Flip | None:
    """Nearest flip of one threshold, or None where there is none."""
    first = moderate(scenario.model_copy(update={"threshold": threshold}), rows).flips[0]
    return None if np.isnan(first.at) else first


def test_every_row_has_the_nearest_flip_of_its_threshold_alone() -> None:
    rng, seen = np.random.default_rng(2), set()
    for scenario, rows in draw_runnable(np.random.default_rng(3), 60):
        r = moderate(scenario, rows)
        nearest, t = r.nearest_flips, r.curves.threshold
        today = np.flatnonzero(t == scenario.today_threshold)
        picked = np.unique([r.row, *today, *rng.integers(0, t.size, 4)])
        for row in picked.tolist():
            there = r.sweep.at(row)
            rival = r.cheapest if t[row] == scenario.today_threshold else r.today
            if abs(there.cost - rival.cost) <= EVEN * rival.cost:
                continue
            alone = nearest_alone(scenario, rows, float(t[row]))
            if alone is None:
                assert nearest.which[row] == -1
                assert np.isnan(nearest.at[row])
            else:
                assert nearest.knobs[nearest.which[row]] == alone.knob
                assert nearest.at[row] == pytest.approx(alone.at, rel=1e-9)
            seen.add(alone.knob.name if alone else "none")
    priced = {name for name, knob in knobs_of(ModerationScenario).items() if knob.priced}
    assert "none" in seen
    assert len(seen & priced) >= 8


def test_the_nearest_flip_is_the_least_of_all_of_them() -> None:
    for scenario, rows in draw_runnable(np.random.default_rng(4), 20):
        r = moderate(scenario, rows)
        which = int(r.nearest_flips.which[r.row])
        least = min(flip.distance for flip in r.flips)
        assert (which == -1) == (least == np.inf)
        if which >= 0:
            (mine,) = [f for f in r.flips if f.knob == r.nearest_flips.knobs[which]]
            assert mine.distance == pytest.approx(least, rel=1e-9, abs=1e-15)


def test_every_threshold_has_a_flip_or_none_and_all_lie_within_limits() -> None:
    for scenario, rows in draw_runnable(np.random.default_rng(5), 20):
        found = moderate(scenario, rows).nearest_flips
        np.testing.assert_array_equal(found.which == -1, np.isnan(found.at))
        for i, knob in enumerate(found.knobs):
            mine = found.at[found.which == i]
            assert ((mine >= knob.low) & (mine <= knob.high)).all()
