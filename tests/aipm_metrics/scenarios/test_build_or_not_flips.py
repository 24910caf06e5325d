"""What would turn the choice, and from what volume on a model pays: both sides cost the same."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.build_or_not import (
    BuildOrNotResult,
    BuildOrNotScenario,
    compare_options,
)
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS
from tests.aipm_metrics.scenarios.build_or_not_draws import draw_build

KNOBS = knobs_of(BuildOrNotScenario)
LEAST, MOST = KNOBS["items_per_month"].low, KNOBS["items_per_month"].high


@pytest.fixture(scope="module")
def results() -> list[BuildOrNotResult]:
    inbox = BuildOrNotScenario.model_validate(BuildOrNotScenario.presets["a small inbox"])
    return [compare_options(s) for s in (inbox, *map(draw_build, range(11)))]


def cost_of(s: BuildOrNotScenario, option: str, **moved: Any) -> Any:
    many = {name: np.atleast_1d(np.asarray(v, float)) for name, v in moved.items()}
    return s.model_copy(update={"option": option}).costs(many)


def saved(r: BuildOrNotResult, name: str, values: Any) -> Any:
    s = r.scenario
    return cost_of(s, r.rival, **{name: values}) - cost_of(s, s.option, **{name: values})


# --- flips ---


def test_at_a_flip_both_sides_cost_the_same(results: list[BuildOrNotResult]) -> None:
    found: set[str] = set()
    for r in results:
        for flip in r.flips:
            if np.isnan(flip.at):
                continue
            found.add(flip.knob.name)
            here, there = (
                float(cost_of(r.scenario, o, **{flip.knob.name: flip.at})[0])
                for o in (r.scenario.option, r.rival)
            )
            assert here == pytest.approx(there, rel=1e-9), flip.knob.name
            low, high = flip.knob.to_axis([flip.knob.low, flip.knob.high])
            place = float(flip.knob.to_axis(flip.at))
            beside = np.clip(place + np.array([-1e-6, 1e-6]) * (high - low), low, high)
            signs = np.sign(saved(r, flip.knob.name, flip.knob.from_axis(beside)))
            assert signs[0] != signs[1], flip.knob.name
    assert found >= {"cost_fn", "cost_fp", "model_build", "wage", "items_per_month", "auc"}


def test_no_nearer_value_turns_the_choice(results: list[BuildOrNotResult]) -> None:
    for r in results[:6]:
        now = np.sign(r.saving)
        for flip in r.flips:
            end = flip.at
            ends = [end] if np.isfinite(end) else [flip.knob.low, flip.knob.high]
            for stop in ends:
                a, b = flip.knob.to_axis([flip.today, stop])
                between = flip.knob.from_axis(np.linspace(a, b, 60)[1:-1])
                signs = np.sign(saved(r, flip.knob.name, between))
                assert set(signs[signs != 0].tolist()) <= {now}, flip.knob.name


def test_flips_are_of_prices_in_use_nearest_first(results: list[BuildOrNotResult]) -> None:
    for r in results:
        idle = r.scenario.idle(r.scenario.__dict__, with_rows=False)
        names = {n for n, k in KNOBS.items() if k.priced} - idle
        assert {flip.knob.name for flip in r.flips} == names
        far = [flip.distance for flip in r.flips]
        assert far == sorted(far)


@pytest.mark.parametrize("seed", range(6))
def test_the_nearest_flip_of_every_plan_is_the_first_of_its_prices(seed: int) -> None:
    r = compare_options(draw_build(seed))
    nearest = r.nearest_flips
    names = [knob.name for knob in nearest.knobs]
    assert set(names).isdisjoint({"auc", "prevalence", "items_per_month"})
    for row in (0, 11, 33, 59, r.row):
        alone = compare_options(r.scenario.model_copy(update={"months": float(row + 1)}))
        prices = [flip for flip in alone.flips if flip.knob.name in names]
        if np.isnan(prices[0].at):
            assert nearest.which[row] == -1
            assert np.isnan(nearest.at[row])
        else:
            assert nearest.at[row] == pytest.approx(prices[0].at, rel=1e-9)
            assert names[nearest.which[row]] == prices[0].knob.name


# --- volumes ---


def ahead(s: BuildOrNotScenario, items: Any) -> Any:
    """USD a month by which a model is cheaper than all others."""
    cost = {o: cost_of(s, o, items_per_month=items) for o in OPTIONS}
    return np.min([cost[o] for o in OPTIONS[:3]], axis=0) - cost["a model"]


@pytest.mark.parametrize("seed", range(30))
def test_a_model_pays_between_both_ends_and_not_beyond(seed: int) -> None:
    s = draw_build(seed)
    r, v = compare_options(s), np.geomspace(LEAST, MOST, 4_001)
    low, high = float(r.volumes.low[r.row]), float(r.volumes.high[r.row])
    wins = ahead(s, v) > 0
    if np.isnan(low):
        assert not wins.any()
        return
    assert LEAST <= low < high <= MOST
    inside = v[(v > low * (1 + 1e-9)) & (v < high * (1 - 1e-9))]
    assert (ahead(s, inside) > 0).all()
    for end in {low, high} - {LEAST, MOST}:
        dearest = float(cost_of(s, "a model", items_per_month=end)[0])
        assert float(ahead(s, end)[0]) == pytest.approx(0, abs=1e-9 * dearest)
    outside = v[~((v >= low * (1 - 1e-9)) & (v <= high * (1 + 1e-9)))]
    beyond = outside[ahead(s, outside) > 0]
    if beyond.size:  # a second stretch: farther from today's number than this one
        far = np.abs(np.log(beyond / s.items_per_month)).min()
        mine = max(np.log(low / s.items_per_month), np.log(s.items_per_month / high), 0)
        assert far >= mine


STRETCH: dict[str, Any] = {
    # Rules that cost much to keep and err little: a model pays below them, and above nothing.
    "today": "nothing", "rules_run": 200_000, "rules_tpr": 0.95, "rules_fpr": 0.001,
    "rules_decay": 0, "launch_months": 0, "people_hours": 0, "model_build": 20_000,
}  # fmt: skip


def test_a_model_that_pays_over_a_stretch_only_is_said_to() -> None:
    s = BuildOrNotScenario.model_validate(STRETCH)
    r = compare_options(s)
    low, high = r.volumes.low[r.row], r.volumes.high[r.row]
    assert LEAST < low < high < MOST
    for items, wins in ((low * 0.99, False), (low * 1.01, True), (high * 0.99, True),
                        (high * 1.01, False)):  # fmt: skip
        there = compare_options(s.model_copy(update={"items_per_month": float(items)}))
        assert (OPTIONS[int(there.cheapest[there.row])] == "a model") == wins


def test_volumes_of_every_plan_are_those_of_each_alone() -> None:
    s = draw_build(4)
    r = compare_options(s)
    for months in (1, 20, 60):
        alone = compare_options(s.model_copy(update={"months": months}))
        np.testing.assert_array_equal(alone.volumes.low, r.volumes.low)
        assert (
            np.isnan(r.volumes.low[months - 1])
            == ~(ahead(alone.scenario, np.geomspace(LEAST, MOST, 4_001)) > 0).any()
        )


# --- break-evens and assumptions ---


def test_at_a_break_even_a_model_costs_what_the_best_of_the_others_does(
    results: list[BuildOrNotResult],
) -> None:
    found = set()
    for r in results:
        assert [f.knob.name for f in r.break_evens] == ["items_per_month", "auc", "prevalence"]
        for flip in r.break_evens:
            if np.isnan(flip.at):
                continue
            found.add(flip.knob.name)
            costs = {o: float(cost_of(r.scenario, o, **{flip.knob.name: flip.at})[0])
                     for o in OPTIONS}  # fmt: skip
            model = costs.pop("a model")
            assert model == pytest.approx(min(costs.values()), rel=1e-9)
        first = r.break_evens[0].at
        ends = (r.volumes.low[r.row], r.volumes.high[r.row])
        assert np.isnan(first) or first in ends
    assert found == {"items_per_month", "auc", "prevalence"}


def test_assumptions_are_every_knob_in_use_and_swing_as_told(
    results: list[BuildOrNotResult],
) -> None:
    for r in results[:6]:
        swings = [a.swing for a in r.assumptions]
        known = [x for x in swings if not np.isnan(x)]
        assert known == sorted(known, reverse=True)
        assert np.isnan(swings[len(known) :]).all()
        for a in r.assumptions:
            if np.isnan(a.swing):
                assert a.knob.scale == "choice" or a.knob.constraint or a.knob.decision
                continue
            ends = np.clip([0.5 * float(a.value), 1.5 * float(a.value)], a.knob.low, a.knob.high)
            low, high = saved(r, a.knob.name, ends)
            assert a.swing == pytest.approx(abs(high - low), rel=1e-9, abs=1e-9 * r.cost)
