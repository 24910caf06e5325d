"""Build or not's answer: costs, points, rivals, the map, the hull, and which controls count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.special import ndtr, ndtri

from aipm_metrics.errors import RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.build_or_not import (
    BuildOrNotResult,
    BuildOrNotScenario,
    compare_options,
    how_sure,
)
from aipm_metrics.scenarios.build_or_not_knobs import ALONG, OPTIONS
from aipm_metrics.scenarios.build_or_not_plan import model_rates
from tests.aipm_metrics.scenarios.build_or_not_draws import draw_build, long_way

KNOBS = knobs_of(BuildOrNotScenario)


@pytest.fixture(scope="module")
def results() -> list[BuildOrNotResult]:
    return [compare_options(draw_build(seed)) for seed in range(30)]


# --- cost ---


def test_the_cost_is_its_outcomes_and_its_causes(results: list[BuildOrNotResult]) -> None:
    for r in results:
        told = {o.name: o for o in r.outcomes}
        parts = ("cost_misses", "cost_alarms", "cost_running", "cost_building")
        here, there = (told[p].value for p in parts), (told[p].compared for p in parts)
        assert sum(here) == pytest.approx(told["cost"].value, rel=1e-12)
        assert sum(there) == pytest.approx(told["cost"].compared, rel=1e-12)
        assert told["cost"].value == r.cost
        assert told["cost"].compared - r.cost == pytest.approx(r.saving, rel=1e-9, abs=1e-6)
        assert told["cost_misses"].value == pytest.approx(told["fn"].value * r.scenario.cost_fn)
        assert told["cost_alarms"].value == pytest.approx(told["fp"].value * r.scenario.cost_fp)
        slow = long_way(r.scenario, r.scenario.option, r.scenario.months)
        cost = sum(usd for name, usd in slow.items() if name not in {"tpr", "fpr"})
        assert r.cost == pytest.approx(cost, rel=1e-5)


def test_points_are_all_four_ways_and_the_cheapest_is_free(results: list[BuildOrNotResult]) -> None:
    for r in results:
        assert tuple(p.name for p in r.points) == OPTIONS
        assert min(p.price for p in r.points) == 0
        assert r.points[int(r.cheapest[r.row])].price == 0
        mine = next(p for p in r.points if p.name == r.scenario.option)
        assert mine.cost == r.cost
        for p in r.points:
            alone = r.scenario.model_copy(update={"option": p.name})
            assert compare_options(alone).cost == p.cost
            assert float(alone.costs({})) == pytest.approx(p.cost, rel=1e-12)


def test_the_choice_is_compared_with_today_or_with_the_best_of_the_rest(
    results: list[BuildOrNotResult],
) -> None:
    kinds = set()
    for r in results:
        s = r.scenario
        kinds.add(s.option == s.today)
        if s.option != s.today:
            assert r.rival == s.today
        else:
            rest = {p.name: p.cost for p in r.points if p.name != s.option}
            assert rest[r.rival] == min(rest.values())
            assert r.rival != s.option
    assert kinds == {True, False}


@pytest.mark.parametrize("name", [n for n, k in KNOBS.items() if k.scale != "choice"])
def test_many_values_of_a_knob_cost_what_each_does_alone(name: str) -> None:
    knob = KNOBS[name]
    for option in OPTIONS:
        s = BuildOrNotScenario(option=option, items_per_month=150_000)
        values = np.array([knob.default, *knob.spread(5)], float)
        values = np.round(values) if knob.whole else values
        alone = [compare_options(s.model_copy(update={name: v})).cost for v in values.tolist()]
        np.testing.assert_allclose(s.costs({name: values}), alone, rtol=1e-12)


def test_knobs_that_vary_together_broadcast() -> None:
    s = BuildOrNotScenario()
    months, auc = np.array([[3.0], [24.0], [60.0]]), np.array([0.8, 0.99])
    usd = s.costs({"months": months, "auc": auc})
    assert usd.shape == (3, 2)
    for (i, j), told in np.ndenumerate(usd):
        alone = s.model_copy(update={"months": float(months[i, 0]), "auc": float(auc[j])})
        assert told == pytest.approx(compare_options(alone).cost, rel=1e-12)


def test_the_answer_is_put_to_the_test_at_the_same_draws() -> None:
    r = compare_options(BuildOrNotScenario())
    sure = how_sure(r)
    assert sure.saving_now == pytest.approx(r.saving, rel=1e-9)
    assert sure.rival.model_dump()["option"] == r.rival
    assert np.isfinite(sure.cost).all()
    assert 0 <= sure.chance.value <= 1


# --- the map ---


@pytest.mark.parametrize(
    ("across", "up"),
    [("items", "AUC"), ("price of building", "time to launch"), ("positives", "cost of a miss"),
     ("AUC", "AUC"), ("decay of the model", "what rules find"),
     ("time per item", "cost of a false alarm")],
)  # fmt: skip
def test_the_map_shows_the_cheapest_way_of_any_cell(across: Any, up: Any) -> None:
    s = BuildOrNotScenario(across=across, up=up, items_per_month=120_000)
    found = compare_options(s).map
    assert getattr(s, ALONG[across]) in found.across.values
    assert getattr(s, ALONG[up]) in found.up.values
    rng = np.random.default_rng(1)
    for _ in range(12):
        j, i = rng.integers(found.up.values.size), rng.integers(found.across.values.size)
        at = {ALONG[up]: float(found.up.values[j]), ALONG[across]: float(found.across.values[i])}
        points = compare_options(s.model_copy(update=at)).points
        assert points[int(found.best[j, i])].price <= 1e-9 * points[0].cost


def test_a_map_of_one_knob_is_stripes() -> None:
    best = compare_options(BuildOrNotScenario(across="items", up="items")).map.best
    assert best.shape[0] == best.shape[1]
    assert (best == best[0]).all()
    assert len(set(best[0].tolist())) > 1


@pytest.mark.parametrize("which", ALONG)
def test_a_side_of_the_map_goes_up_within_its_limits_and_can_be_placed(which: Any) -> None:
    side = compare_options(BuildOrNotScenario(across=which)).map.across
    assert (np.diff(side.values) > 0).all()
    assert side.knob.low <= side.values[0]
    assert side.values[-1] <= side.knob.high
    places = side.place(side.values)
    assert np.isfinite(places).all()
    assert (np.diff(places) > 0).all()
    if side.knob.unit != "USD":  # the whole range
        assert side.values[[0, -1]].tolist() == [side.knob.low, side.knob.high]


# --- the hull ---


def highest(x: float, points: list[tuple[float, float]]) -> float:
    """Most positives found at so many false alarms by sending items one way or another."""
    best = max((y for px, y in points if px == x), default=0.0)
    for ax, ay in points:
        for bx, by in points:
            if ax < x < bx or (ax <= x <= bx and ax < bx):
                best = max(best, ay + (by - ay) * (x - ax) / (bx - ax))
    return best


def test_what_is_below_the_hull_is_outdone_by_a_mixture_and_nothing_else_is(
    results: list[BuildOrNotResult],
) -> None:
    seen: set[str] = set()
    for r in results:
        hull, s = r.hull, r.scenario
        curve = list(zip(hull.curve.fpr.tolist(), hull.curve.tpr.tolist(), strict=True))[::20]
        for option in OPTIONS:
            rest = [p for name, p in hull.points.items() if name not in {option, "a model"}]
            rest += [(0.0, 0.0), (1.0, 1.0)]
            mine = curve if option == "a model" else [hull.points[option]]
            if option != "a model":
                rest += curve
            over = [highest(x, rest) - y for x, y in mine]
            if option in hull.below:
                seen.add(option)
                assert min(over) > -1e-3
                assert max(over) > 0
            else:
                assert min(over) < 1e-9 or max(over) < 1e-3
        for x, y in hull.points.values():
            assert np.interp(x, hull.fpr, hull.tpr) >= y - 1e-4
        assert (np.diff(hull.fpr) >= 0).all()
        assert (np.diff(hull.tpr) >= 0).all()
        assert hull.points["a model"][1] == pytest.approx(float(model_rates(s, np.zeros(1)).tpr[0]))
    assert seen >= {"rules", "people"}


def test_a_useless_model_lies_below_the_others_and_good_people_outdo_doing_nothing() -> None:
    poor = compare_options(BuildOrNotScenario(auc=0.6)).hull
    assert "a model" in poor.below
    sure = compare_options(BuildOrNotScenario(people_fpr=0)).hull
    assert "nothing" in sure.below
    same = compare_options(BuildOrNotScenario(auc=0.5, rules_tpr=0.3, rules_fpr=0.3, people_tpr=0,
                                              people_fpr=0)).hull  # fmt: skip
    assert same.below == ()  # all on one line
    assert compare_options(BuildOrNotScenario(rules_tpr=0.6, rules_fpr=0.0)).hull.below == (
        "nothing",
    )


def test_a_model_outdoes_rules_with_few_alarms_where_its_curve_is_steep() -> None:
    """Rules find 60 % at 0.1 % false alarms; this model finds 74 % there."""
    told = compare_options(BuildOrNotScenario(auc=0.996, rules_tpr=0.6, rules_fpr=0.001))
    assert ndtr(ndtri(0.001) + np.sqrt(2) * ndtri(0.996)) == pytest.approx(0.745, abs=1e-3)
    assert "rules" in told.hull.below


def test_the_models_curve_has_its_own_area() -> None:
    curve = compare_options(BuildOrNotScenario(auc=0.9)).hull.curve
    assert np.trapezoid(curve.tpr, curve.fpr) == pytest.approx(0.9, abs=2e-3)
    middle = np.searchsorted(curve.fpr, 0.3)
    rise = ndtri(curve.tpr[middle]) - ndtri(curve.fpr[middle])
    assert rise == pytest.approx(np.sqrt(2) * ndtri(0.9))


# --- controls ---


def told(s: BuildOrNotScenario) -> str:
    """Everything shown that does not repeat a knob's own value."""
    r = compare_options(s)
    return repr([r.outcomes, r.points, r.map.best.tolist(), r.hull.points, r.rival,
                 [way.cost.tolist() for way in r.ways.values()]])  # fmt: skip


WHERE: dict[str, dict[str, Any]] = {"rules_build": {"today": "people"},
                                    "people_hours": {"items_per_month": 500_000}}  # fmt: skip


@pytest.mark.parametrize("name", KNOBS)
def test_every_control_in_use_changes_something_shown(name: str) -> None:
    base = BuildOrNotScenario.model_validate(WHERE.get(name, {}))
    assert name not in base.idle(base.__dict__, with_rows=False)
    knob, here = KNOBS[name], getattr(base, name)
    values: list[Any] = [c for c in knob.choices if c != here]
    if not values:
        spread = [0.7 * here, 1.04 * here]
        values = [float(np.round(v) if knob.whole else v) for v in spread]
    before = told(base)
    for value in values:
        assert told(base.model_copy(update={name: value})) != before, value


@pytest.mark.parametrize("today", OPTIONS)
def test_idle_controls_change_nothing(today: Any) -> None:
    base = BuildOrNotScenario(today=today)
    idle = base.idle(base.__dict__, with_rows=False)
    assert idle == {
        "nothing": set(), "people": set(), "rules": {"rules_build"},
        "a model": {"model_build", "launch_months"},
    }[today]  # fmt: skip
    other = {name: float(KNOBS[name].spread(9)[5]) for name in idle}
    assert told(base.model_copy(update=other)) == told(base)
    assert {a.knob.name for a in compare_options(base).assumptions}.isdisjoint(idle)


@pytest.mark.parametrize("preset", BuildOrNotScenario.presets)
def test_every_preset_answers_otherwise_than_the_defaults(preset: str) -> None:
    values = BuildOrNotScenario.presets[preset]
    s = BuildOrNotScenario.model_validate(values)
    assert compare_options(s).cost != compare_options(BuildOrNotScenario()).cost
    assert not set(values) & s.idle(s.__dict__, with_rows=False)


def test_presets_tell_their_story() -> None:
    def best(name: str) -> str:
        s = BuildOrNotScenario.model_validate(BuildOrNotScenario.presets[name])
        r = compare_options(s)
        return OPTIONS[int(r.cheapest[r.row])]

    assert best("a small inbox") == "people"
    assert best("rules that went stale") == "a model"
    assert best("rare and dear") == "people"


@pytest.mark.parametrize("pair", BuildOrNotScenario.pairs)
def test_every_pair_is_two_answers(pair: str) -> None:
    a, b = (BuildOrNotScenario.model_validate(side) for side in BuildOrNotScenario.pairs[pair])
    assert a.run().cost != b.run().cost


# --- refusals ---


@pytest.mark.parametrize("name", [n for n, k in KNOBS.items() if k.scale != "choice"])
def test_a_value_outside_the_limits_is_refused_by_name(name: str) -> None:
    knob = KNOBS[name]
    for value in (knob.low - 1, knob.high * 1.01 + 1, np.nan, np.inf):
        with pytest.raises(ValidationError, match=name):
            BuildOrNotScenario.model_validate({name: value})
    if knob.whole:
        with pytest.raises(ValidationError, match=f"`{name}` must be a whole number"):
            BuildOrNotScenario.model_validate({name: knob.low + 0.5})


def test_rows_that_are_not_here_are_refused() -> None:
    with pytest.raises(RowsError, match="fingerprint"):
        BuildOrNotScenario(rows="0123456789abcdef").run()
