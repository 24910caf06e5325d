"""A month at Peak load: causes, prices and amounts, points, flips, and what else one could do."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.reported_score import ReportedScore
from aipm_metrics.ranges import is_uncertain
from aipm_metrics.scenarios.peak_load import PeakLoadResult, PeakLoadScenario, run_day
from aipm_metrics.scenarios.peak_load_month import PRICES
from tests.aipm_metrics.scenarios.peak_load_draws import draw_days

DRAWN = [run_day(s) for s in draw_days(np.random.default_rng(5), 20)]
PRESETS = {name: run_day(PeakLoadScenario.model_validate(told))
           for name, told in PeakLoadScenario.presets.items()}  # fmt: skip
RESULTS = {"defaults": run_day(PeakLoadScenario()), **PRESETS}
EVERY = pytest.mark.parametrize("r", [*RESULTS.values(), *DRAWN])


def at(r: PeakLoadResult, values: Any) -> Any:
    return np.broadcast_to(np.asarray(values, float), r.servers.shape)


# --- the money ---


@EVERY
def test_the_cost_is_its_causes_and_the_product_of_amounts_and_prices(r: PeakLoadResult) -> None:
    m = r.sweep
    causes = sum(at(r, usd) for usd in m.cost_by_cause.values())
    product = sum(at(r, m.amounts[name]) * m.prices[name] for name in PRICES)
    scale = np.abs(at(r, m.cost)) + 1
    assert (np.abs(causes - m.cost) <= 1e-9 * scale).all()
    assert (np.abs(product - m.cost) <= 1e-9 * scale).all()
    assert all((at(r, usd) >= 0).all() or name == "waiting"  # a study may find that waiting pays
               for name, usd in m.cost_by_cause.items())  # fmt: skip
    assert set(m.amounts) == set(m.prices) == set(PRICES)


@EVERY
def test_outcomes_are_consistent(r: PeakLoadResult) -> None:
    for month, read in ((r.chosen, "value"), (r.compared, "compared")):
        told = {o.name: getattr(o, read) for o in r.outcomes}
        assert told["cost"] == pytest.approx(float(month.cost), rel=1e-12)
        parts = [told[n] for n in told if n.startswith("cost_")]
        assert sum(parts) == pytest.approx(told["cost"], rel=1e-9, abs=1e-9)
        people = told["good"] + told["wrong_in_time"] + told["late"] + told["unanswered"]
        assert people == pytest.approx(float(month.requests), rel=1e-9)
        spend = told["cost_servers"] + told["cost_answers"]
        if told["good"]:
            assert told["price_per_good"] == pytest.approx(spend / told["good"], rel=1e-12)
        else:
            assert np.isnan(told["price_per_good"])
    assert len({o.name for o in r.outcomes}) == len(r.outcomes)
    assert r.saving == pytest.approx(float(r.compared.cost) - r.cost, abs=1e-9)


def test_a_month_by_hand() -> None:
    """One request a second, half a second each, ten servers: nobody waits, one in ten is positive.

    In 30.4375 days that are 2,629,800 requests; all are answered, and all answers are paid.
    """
    s = PeakLoadScenario(mean_rate=1, amplitude=0, service_s=0.5, servers=10, sla_s=600)
    m = run_day(s).chosen
    assert float(m.requests) == pytest.approx(2_629_800)
    rates = ReportedScore(Binormal.from_auc(0.96), 0.1).rates(0.3)
    fn = 2_629_800 * 0.1 * (1 - float(rates.tpr))
    fp = 2_629_800 * 0.9 * float(rates.fpr)
    assert (float(m.fn), float(m.fp)) == pytest.approx((fn, fp), rel=1e-9)
    assert (m.late, m.unanswered, m.fallback) == pytest.approx((0, 0, 0), abs=1e-2)
    usd = 10 * 730.5 * 2.5 + 2629.8 * 0.5 + fp * 0.02 + fn * 0.2
    assert float(m.cost) == pytest.approx(usd, rel=1e-9)
    assert float(m.in_time) == pytest.approx(1)


def test_the_fallback_changes_the_confusion_matrix() -> None:
    """What it answers is right as often as it is, not as often as the model."""
    s = PeakLoadScenario(servers=6)
    r = run_day(s)
    main, weak = r.quality
    share = float(r.chosen.fallback / r.chosen.requests)
    assert 0.1 < share < 0.9
    fn = r.chosen.fn / r.chosen.requests
    assert float(fn) == pytest.approx((1 - share) * main.fn + share * weak.fn, rel=1e-9)
    better = run_day(s.model_copy(update={"fallback_auc": 0.99}))
    assert float(better.chosen.fn) < float(r.chosen.fn)


# --- many values at once ---

BASES = {
    "defaults": PeakLoadScenario(),
    "a burst, a study": PeakLoadScenario(burst_rate=2, evidence="mobile pages, 2017"),
    "storm": PRESETS["the retry storm"].scenario,
    "batch": PRESETS["a chat LLM"].scenario,
    "autoscaled": PeakLoadScenario(scaling="autoscaled", servers=14),
}


FOLLOWED = {
    "servers",
    "mean_rate",
    "amplitude",
    "service_s",
    "cold_start_s",
    "cost_late",
    "burst_rate",
    "cost_unanswered",
    "per_active_ms",
    "prefill_ms",
    "service_cv",
    "leave_at_once",
}


@pytest.mark.parametrize("s", BASES.values(), ids=BASES)
def test_costs_of_many_values_are_each_runs_own(s: PeakLoadScenario) -> None:
    idle = s.idle(s.__dict__, with_rows=False)
    for name, knob in knobs_of(PeakLoadScenario).items():
        if not (is_uncertain(knob) or knob.decision) or name in idle:
            continue
        if s is not BASES["defaults"] and name not in FOLLOWED:
            continue
        values = knob.spread(6)[[1, 4]] if s is BASES["defaults"] else knob.spread(6)[[2]]
        values = np.round(values) if knob.whole else values
        alone = [s.model_copy(update={name: float(v)}).run().cost for v in values]
        np.testing.assert_allclose(s.costs({name: values}), alone, rtol=1e-8, err_msg=name)


@pytest.mark.parametrize("s", BASES.values(), ids=BASES)
def test_costs_broadcast(s: PeakLoadScenario) -> None:
    servers, rates = np.array([[6.0], [9.0], [12.0]]), np.array([2.0, 4.0])
    usd = s.costs({"servers": servers, "mean_rate": rates, "server_price": 3.0})  # type: ignore[dict-item]
    assert usd.shape == (3, 2)
    for i, j in ((0, 1), (2, 0)):
        one = s.model_copy(update={"servers": servers[i, 0], "mean_rate": rates[j],
                                   "server_price": 3.0})  # fmt: skip
        assert float(usd[i, j]) == pytest.approx(one.run().cost, rel=1e-8)


# --- points ---


@EVERY
def test_points_are_what_a_look_at_every_number_finds(r: PeakLoadResult) -> None:
    s, cost = r.scenario, at(r, r.sweep.cost)
    good = [float(r.sweep.at(i).price_per_good) for i in range(r.servers.size)]
    lowest, keeps, cheapest, mean = r.points
    assert lowest.servers == 1 + min(range(cost.size), key=lambda i: cost[i])
    kept = [n for n, share in zip(r.servers, at(r, r.sweep.in_time), strict=True)
            if share >= s.sla_share]  # fmt: skip
    would = [n for n, share in zip(r.servers, at(r, r.mean.in_time), strict=True)
             if share >= s.sla_share]  # fmt: skip
    for point, found in ((keeps, kept), (mean, would)):
        assert point.feasible == bool(found)
        if found:
            assert point.servers == found[0]
        else:
            assert np.isnan([point.servers, point.cost, point.price]).all()
            assert point.in_time < s.sla_share
    if cheapest.feasible:
        assert good[int(cheapest.servers) - 1] == np.nanmin(good)
    else:
        assert np.isnan(good).all()
    for p in r.points:
        if p.feasible:
            assert p.cost == cost[int(p.servers) - 1]
            assert p.price == p.cost - cost.min() >= 0
            assert p.in_time == at(r, r.sweep.in_time)[int(p.servers) - 1]


@EVERY
def test_a_hand_reaches_every_number_named_and_enough(r: PeakLoadResult) -> None:
    np.testing.assert_array_equal(r.servers, np.arange(1, r.servers.size + 1))
    assert max(r.scenario.servers, r.scenario.today_servers, 12) <= r.servers.size <= 200
    assert r.servers[r.row] == r.scenario.servers
    gone = float(r.day.over(r.day.given_up)[-1])
    assert gone < 0.01 or r.servers.size == 200 or r.scenario.scaling == "autoscaled"


def test_the_comparison_is_today_unless_that_is_the_choice() -> None:
    r = RESULTS["defaults"]
    assert (r.compared_with, r.rival_servers) == ("today", 8)
    same = run_day(PeakLoadScenario(servers=8))
    assert (same.compared_with, same.rival_servers) == ("lowest cost", 11)
    assert same.saving <= 0


# --- flips ---


def moved(r: PeakLoadResult, name: str, price: float, row: int) -> float:
    """Cost at a row were this price another."""
    month = r.sweep.at(row)
    return float(replace(month, prices={**month.prices, name: price}).cost)


@EVERY
def test_at_a_flip_both_sides_cost_the_same_and_beyond_it_the_other_wins(r: PeakLoadResult) -> None:
    here, there = r.row, r.row_of(r.rival_servers)
    s, named = r.scenario, {flip.knob.name for flip in r.flips}
    assert named == set(PRICES) - s.idle(s.__dict__, with_rows=False)
    assert [f.distance for f in r.flips] == sorted(f.distance for f in r.flips)
    for flip in r.flips:
        if np.isnan(flip.at):
            assert np.isinf(flip.distance)
            continue
        name = flip.knob.name
        assert flip.knob.low <= flip.at <= flip.knob.high
        cost, other = (moved(r, name, flip.at, row) for row in (here, there))
        assert cost == pytest.approx(other, rel=1e-9)
        step = max(abs(flip.at), 1e-3) * 1e-3
        below, above = (
            moved(r, name, flip.at + d, there) - moved(r, name, flip.at + d, here)
            for d in (-step, step)
        )
        assert below * above < 0


@EVERY
def test_a_price_that_has_no_flip_turns_nothing_within_its_limits(r: PeakLoadResult) -> None:
    here, there = r.row, r.row_of(r.rival_servers)
    for flip in r.flips:
        if np.isnan(flip.at) and here != there:
            name, knob = flip.knob.name, flip.knob
            ends = [moved(r, name, x, there) - moved(r, name, x, here)
                    for x in (knob.low, knob.high)]  # fmt: skip
            slack = 1e-6 * (abs(r.cost) + float(r.sweep.amounts[name].max() * knob.high))
            assert ends[0] * ends[1] >= 0 or min(map(abs, ends)) <= slack


@EVERY
def test_the_nearest_flip_of_every_row_is_that_of_choosing_it(r: PeakLoadResult) -> None:
    found = r.nearest_flips
    rows = {0, r.row, r.servers.size - 1, r.row_of(r.scenario.today_servers)}
    for row in rows:
        alone = replace(r, scenario=r.scenario.model_copy(update={"servers": float(row + 1)}),
                        row=row)  # fmt: skip
        nearest = alone.flips[0]
        if np.isinf(nearest.distance):
            assert found.which[row] == -1
            assert np.isnan(found.at[row])
        else:
            assert found.knobs[found.which[row]].name == nearest.knob.name
            assert found.at[row] == pytest.approx(nearest.at, rel=1e-12)


# --- moves and assumptions ---


@pytest.mark.parametrize("name", RESULTS)
def test_moves_are_what_they_say(name: str) -> None:
    r = RESULTS[name]
    for move in r.moves:
        alone = move.scenario.run()
        assert isinstance(alone, PeakLoadResult)
        assert float(move.month.cost) == pytest.approx(alone.cost, rel=1e-9)
        assert move.saving == pytest.approx(r.cost - alone.cost, rel=1e-7, abs=1e-4)
        differs = {n for n in knobs_of(PeakLoadScenario)
                   if getattr(move.scenario, n) != getattr(r.scenario, n)}  # fmt: skip
        assert len(differs) == 1, move.name
        PeakLoadScenario.model_validate(move.scenario.model_dump())  # within all limits
    assert len({m.name for m in r.moves}) == len(r.moves)


@pytest.mark.parametrize(
    ("told", "missing"),
    [({"servers": 200}, "one_more"), ({"servers": 1}, "one_fewer"),
     ({"timeout_s": 400}, "longer_timeout"), ({"timeout_s": 0.08}, "shorter_timeout")],
)  # fmt: skip
def test_a_move_beyond_a_limit_is_not_offered(told: dict[str, float], missing: str) -> None:
    names = {m.name for m in run_day(PeakLoadScenario.model_validate(told)).moves}
    assert missing not in names
    assert len(names) >= 4


def test_assumptions_name_what_is_in_use_the_one_that_moves_most_first() -> None:
    for r in RESULTS.values():
        s = r.scenario
        names = [a.knob.name for a in r.assumptions]
        assert set(names) == set(knobs_of(PeakLoadScenario)) - s.idle(s.__dict__, with_rows=False)
        swings = [a.swing for a in r.assumptions if not np.isnan(a.swing)]
        assert swings == sorted(swings, reverse=True)
        for a in r.assumptions:
            assert np.isnan(a.swing) == (a.knob.constraint or a.knob.decision
                                         or a.knob.scale == "choice")  # fmt: skip


def test_a_swing_is_the_saving_at_half_and_at_one_and_a_half() -> None:
    r = RESULTS["defaults"]
    told = {a.knob.name: a.swing for a in r.assumptions}
    for name in ("cost_late", "mean_rate", "service_s", "auc"):
        knob, value = knobs_of(PeakLoadScenario)[name], getattr(r.scenario, name)
        ends = np.clip([0.5 * value, 1.5 * value], knob.low, knob.high)
        savings = []
        for end in ends.tolist():
            mine, theirs = (r.scenario.model_copy(update={name: end, "servers": n}).run().cost
                            for n in (10.0, 8.0))  # fmt: skip
            savings.append(theirs - mine)
        assert told[name] == pytest.approx(abs(savings[0] - savings[1]), rel=1e-6)
