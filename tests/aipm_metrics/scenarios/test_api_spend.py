"""The chain from a step limit to tasks and money, against the long way and a loop played out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from aipm_metrics.errors import RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.agent_loop import loop_cost, step_chances
from aipm_metrics.models.pricing import Rates, cap_overshoot
from aipm_metrics.scenarios.api_spend import ApiSpendResult, ApiSpendScenario, spend
from aipm_metrics.scenarios.api_spend_chain import MOST_STEPS
from tests.aipm_metrics.scenarios.spend_brute_force import (
    drawn,
    month_at,
    near_defaults,
    step_cost,
)

if TYPE_CHECKING:
    from collections.abc import Callable

KNOBS = knobs_of(ApiSpendScenario)
FREE: dict[str, Any] = {"failure_chance": 0, "runaway_share": 0, "good_share": 1, "cap": 1e10,
                        "calls_per_minute": 1e8}  # fmt: skip
OWN: dict[str, Any] = {"model": "own prices", "own_input": 3, "own_output": 15, "caching": "off"}


def some(draw: Callable[[np.random.Generator], ApiSpendScenario], n: int) -> list[ApiSpendScenario]:
    rng = np.random.default_rng(20261125)
    return [draw(rng) for _ in range(n)]


@pytest.fixture(scope="module")
def results() -> list[ApiSpendResult]:
    return [spend(s) for s in [*some(near_defaults, 30), *some(drawn, 20)]]


# --- the long way ---


@pytest.mark.parametrize("scenario", [*some(near_defaults, 12), *some(drawn, 8)], ids=range(20))
def test_the_month_is_the_long_way_at_any_limit(scenario: ApiSpendScenario) -> None:
    sweep = spend(scenario).sweep
    for limit in (1, 2, 7, 23, int(scenario.step_limit)):
        here, slow = sweep.at(limit - 1), month_at(scenario, limit)
        size = slow["cost"] + 1e-9
        for name, usd in slow.pop("cost_by_cause").items():
            assert here.cost_by_cause[name] == pytest.approx(usd, rel=1e-8, abs=1e-10 * size)
        for name, value in slow.items():
            if name != "broken":
                assert getattr(here, name) == pytest.approx(value, rel=1e-8, abs=1e-9), name
        assert here.broken == pytest.approx(slow["broken"], abs=1e-7 * scenario.tasks_per_month)


@pytest.mark.parametrize("scenario", some(near_defaults, 3), ids=range(3))
def test_no_limit_is_cheaper_than_the_lowest_cost_by_the_long_way(
    scenario: ApiSpendScenario,
) -> None:
    result = spend(scenario)
    slow = [month_at(scenario, limit) for limit in range(1, 61)]
    cost = np.array([m["cost"] for m in slow])
    best = result.lowest_cost
    assert best.cost <= cost.min() * (1 + 1e-9)
    if best.limit <= len(slow):
        assert best.cost == pytest.approx(cost.min(), rel=1e-9)
        assert cost[int(best.limit) - 1] == pytest.approx(cost.min(), rel=1e-9)
    per = np.array([sum(v for k, v in m["cost_by_cause"].items() if k != "people") / m["good"]
                    for m in slow])  # fmt: skip
    cheap = result.points[1]
    assert cheap.per_good <= per.min() * (1 + 1e-9)


def test_points_are_the_best_of_all_limits_and_the_first_of_equals(
    results: list[ApiSpendResult],
) -> None:
    for r in results:
        cost, wanted = np.asarray(r.sweep.cost), np.asarray(r.sweep.wanted)
        assert r.lowest_cost.cost <= cost.min() * (1 + 1e-12)
        assert (cost[: int(r.lowest_cost.limit) - 1] > cost.min()).all()
        within = wanted <= r.scenario.cap
        assert r.within_cap.feasible == within.any()
        if within.any():
            assert r.within_cap.cost == pytest.approx(cost[within].min())
            assert wanted[int(r.within_cap.limit) - 1] <= r.scenario.cap
        net = r.points[2]
        assert net.net_value >= np.max(r.sweep.net_value) - 1e-9 * abs(net.net_value)
        for p in r.points:
            assert p.price >= 0 or np.isnan(p.price)
        last = np.asarray(r.sweep.last)
        assert r.points[4].limit == max(int(last[-1]), 1)


def played(s: ApiSpendScenario, many: int, rng: np.random.Generator) -> dict[str, Any]:
    """Tasks that need a random number of steps, attempts that fail, a limit; each billed."""
    limit, most = int(s.step_limit), int(s.max_retries) + 1
    needs = 1 + rng.negative_binomial(
        s.steps_shape, s.steps_shape / (s.steps_shape + s.mean_steps - 1), many
    )
    wild = rng.random(many) < s.runaway_share
    last = np.where(wild, limit, np.minimum(needs, limit))
    tries = rng.geometric(1 - s.failure_chance, (many, limit))
    dead = tries > most
    died_at = np.where(dead.any(axis=1), dead.argmax(axis=1) + 1, limit + 1)
    reached = np.minimum(last, died_at)
    price = np.array([sum(step_cost(s, j).values()) for j in range(1, limit + 1)])
    through = np.where(dead, 0, 1)
    failed = np.minimum(tries, most) - through
    billed = (through + failed * s.billed_share) * price
    taken = np.arange(limit) < reached[:, None]
    alive = died_at > last
    return {
        "usd": (billed * taken).sum(axis=1), "calls": (np.minimum(tries, most) * taken).sum(axis=1),
        "finished": alive & ~wild & (needs <= limit), "cut_off": alive & ~wild & (needs > limit),
        "stopped": alive & wild,
    }  # fmt: skip


@pytest.mark.parametrize(
    "knobs",
    [
        {"step_limit": 12},
        {"step_limit": 40, "failure_chance": 0.2, "max_retries": 1, "steps_shape": 1},
        {"step_limit": 60, "caching": "off", "runaway_share": 0.3, "model": "Claude Haiku 5.5"},
    ],
    ids=["tight", "failing", "runaways over a tier"],
)
def test_the_loop_played_out_costs_what_the_formula_says(knobs: dict[str, Any]) -> None:
    s = ApiSpendScenario.model_validate({"cap": 1e10, "calls_per_minute": 1e8, **knobs})
    many = 20_000
    seen, here = played(s, many, np.random.default_rng(7)), spend(s).chosen
    formulas = {
        "usd": here.spend, "calls": here.calls, "finished": here.finished,
        "cut_off": here.cut_off, "stopped": here.stopped,
    }  # fmt: skip
    for name, value in formulas.items():
        error = max(seen[name].std(ddof=1) / np.sqrt(many), 1 / many)  # none of many is not never
        assert abs(seen[name].mean() - value / s.tasks_per_month) < 4 * error, name


# --- laws ---


def test_every_task_is_somewhere_and_every_dollar_has_a_cause(
    results: list[ApiSpendResult],
) -> None:
    for r in results:
        m, n = r.sweep, r.scenario.tasks_per_month
        everywhere = m.finished + m.cut_off + m.stopped + m.broken + m.blocked
        np.testing.assert_allclose(everywhere, n, rtol=1e-9)
        np.testing.assert_allclose(sum(m.cost_by_cause.values()), m.cost, rtol=1e-12)
        assert all((np.asarray(usd) >= -1e-9 * m.cost).all() for usd in m.cost_by_cause.values())
        np.testing.assert_allclose(m.handed, n - np.asarray(m.good), rtol=1e-9, atol=1e-9 * n)
        paid = np.asarray(m.spend)
        assert (paid <= np.maximum(r.scenario.cap + m.overshoot, 0) * (1 + 1e-9)).all()
        assert (paid <= np.asarray(m.wanted) * (1 + 1e-9)).all()


def test_without_guards_a_higher_limit_finishes_more_and_costs_the_model_more() -> None:
    for s in some(near_defaults, 20):
        free = s.model_copy(update={"cap": 1e10, "calls_per_minute": 1e8})
        m = spend(free).sweep
        assert (np.diff(m.finished) >= -1e-9).all()
        assert (np.diff(m.cut_off) <= 1e-9).all()
        assert (np.diff(m.spend) >= -1e-9 * np.max(m.spend)).all()


TOKENS = ("prompt_tokens", "added_tokens", "output_tokens")


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(TOKENS), st.integers(0, 2**32 - 1), st.floats(1.01, 2))
def test_more_tokens_never_cost_the_model_less(name: str, seed: int, times: float) -> None:
    s = near_defaults(np.random.default_rng(seed)).model_copy(
        update={"cap": 1e10, "calls_per_minute": 1e8}
    )
    more = s.model_copy(update={name: getattr(s, name) * times})
    here, there = spend(s), spend(more)
    # A window that is full sooner is another matter.
    both = min(here.window_steps, there.window_steps)
    a, b = (np.asarray(r.sweep.spend)[: max(both - 1, 0)] for r in (here, there))
    assert (b >= a * (1 - 1e-12)).all()


def test_the_cost_jumps_only_where_a_tier_begins() -> None:
    """The input of the third step is 100,000 tokens at a prompt of 90,400."""
    base = ApiSpendScenario.model_validate(
        {**FREE, "model": "Claude Haiku 5.5", "step_limit": 3, "mean_steps": 1, "steps_shape": 1,
         "runaway_share": 0.5, "good_share": 1}
    )  # fmt: skip
    edge = 100_000 - 2 * (base.added_tokens + base.output_tokens)
    prompts = edge + np.array([-2e-3, -1e-3, 0.0, 1e-3, 2e-3])
    usd = base.costs({"prompt_tokens": prompts})
    smooth = abs(usd[1] - usd[0])
    assert usd[2] - usd[1] == pytest.approx(smooth, rel=1e-2)
    assert usd[4] - usd[3] == pytest.approx(smooth, rel=6)
    jump = usd[3] - usd[2]
    assert jump > 1e4 * smooth
    # Five times the price of one step of every runaway, output included.
    third = sum(step_cost(base.model_copy(update={"prompt_tokens": float(edge)}), 3).values())
    assert jump == pytest.approx(base.tasks_per_month * 0.5 * third * 4, rel=1e-4)


def test_without_cache_tiers_and_chance_it_is_the_closed_form() -> None:
    """Every task runs to the limit: a loop of so many steps, times the tasks."""
    rates = Rates(input=3, cache_read=3, cache_write=3, output=15)
    for steps, usd in ((1, 0.0135), (5, 0.1125), (10, 0.3375), (20, 1.125)):
        s = ApiSpendScenario.model_validate(
            {**FREE, **OWN, "step_limit": steps, "prompt_tokens": 2000, "added_tokens": 1000,
             "output_tokens": 500, "runaway_share": 0.5, "mean_steps": 1, "tasks_per_month": 1000}
        )  # fmt: skip
        told = spend(s)
        assert told.run[steps - 1] == pytest.approx(usd, rel=1e-9)
        assert told.run[steps - 1] == pytest.approx(float(loop_cost(steps, 2000, 1000, 500, rates)))
        assert told.cost_by_cause["runaways"] == pytest.approx(500 * usd, rel=1e-9)


def test_costs_are_the_runs_costs(results: list[ApiSpendResult]) -> None:
    for r in results[::5]:
        assert r.scenario.costs({}) == pytest.approx(r.cost, rel=1e-12)
        limits = np.array([1.0, 9.0, 77.0])
        np.testing.assert_allclose(
            r.scenario.costs({"step_limit": limits}), np.asarray(r.sweep.cost)[[0, 8, 76]]
        )


@pytest.mark.parametrize("model", ["own prices", "Claude Haiku 5.5"], ids=["one list", "tiers"])
@pytest.mark.parametrize("name", [n for n, k in KNOBS.items() if k.scale != "choice"])
def test_many_values_of_a_knob_cost_what_each_does_alone(name: str, model: str) -> None:
    knob = KNOBS[name]
    s = ApiSpendScenario(model=model, cap=2_000, step_limit=60)
    values = np.array([knob.default, *knob.spread(4)[1:3]], float)
    values = np.round(values) if knob.whole else values
    alone = [spend(s.model_copy(update={name: v})).cost for v in values.tolist()]
    np.testing.assert_allclose(s.costs({name: values}), alone, rtol=1e-9)


# --- the guards ---


def test_a_cap_that_is_reached_keeps_the_rest_of_the_month_out() -> None:
    told = spend(ApiSpendScenario(step_limit=150))
    here, s = told.chosen, told.scenario
    assert here.wanted > s.cap
    assert here.hours_to_cap == pytest.approx(s.cap / here.wanted * 730)
    assert told.spend == pytest.approx(s.cap + here.overshoot)
    assert here.blocked == pytest.approx(s.tasks_per_month * (1 - told.spend / here.wanted))
    expected = cap_overshoot(here.cost_per_call, here.calls_per_s, 15 * 60, s.latency_s)
    assert told.overshoot == pytest.approx(float(expected), rel=1e-12)
    loose = spend(s.model_copy(update={"cap": here.wanted})).chosen
    assert (loose.blocked, loose.hours_to_cap) == (0, np.inf)


def test_the_alert_leaves_what_the_peak_leaves() -> None:
    told = spend(ApiSpendScenario())
    here, s = told.chosen, told.scenario
    an_hour = here.cost_per_call * here.calls_per_s * 3600
    assert here.notice == pytest.approx(0.2 * s.cap / an_hour - 0.25)
    late = spend(s.model_copy(update={"lag_minutes": 10_080, "cap": 1_000})).chosen
    assert late.notice == 0


def test_a_rate_limit_is_itself_a_cap() -> None:
    told = spend(ApiSpendScenario(calls_per_minute=2))
    here = told.chosen
    assert here.let_through < 1
    assert here.calls == pytest.approx(2 * 60 * 730)
    assert told.spend <= told.hourly_bound * 730 * (1 + 1e-9)
    assert here.calls_per_s == pytest.approx(2 / 60)


def test_the_window_ends_a_loop_that_no_limit_ends() -> None:
    """100 tokens, 20 more a step, 10 put out: the step that sends 190 still fits into 200."""
    s = ApiSpendScenario.model_validate(
        {**OWN, "own_window": 200, "prompt_tokens": 100, "added_tokens": 10, "output_tokens": 10}
    )
    told = spend(s)
    assert told.window_steps == 5
    assert (np.asarray(told.sweep.last)[4:] == 5).all()
    assert np.ptp(np.asarray(told.sweep.cost)[4:]) == 0
    assert told.points[4].limit == 5
    none = spend(s.model_copy(update={"own_window": 100.0}))
    assert (none.window_steps, none.spend, none.chosen.finished) == (0, 0, 0)
    assert np.isnan(none.per_good)
    assert none.cost == pytest.approx(s.tasks_per_month * s.cost_per_handed)
    assert not none.points[1].feasible


def test_a_cache_that_never_hits_costs_more_than_none_and_a_good_one_less() -> None:
    off = spend(ApiSpendScenario(caching="off"))
    never, always = (spend(ApiSpendScenario(cache_share=share)) for share in (0, 1))
    assert always.spend < off.spend < never.spend
    assert off.chosen.cost_by_cause["writes"] == 0
    assert off.cache_uses == pytest.approx((2.5 - 0.1) / (2 - 0.1))


# --- what is shown of it ---


def test_the_crowd_is_whole_tasks_that_change_cells_only(results: list[ApiSpendResult]) -> None:
    for r in results:
        crowd, n = r.crowd, r.scenario.tasks_per_month
        assert crowd.of in {1_000, 10_000}
        people = crowd.people
        assert all((cell >= 0).all() for cell in people.values())
        assert (people["finished"] + people["cut off"] + people["lost"] == crowd.tasks).all()
        assert (people["stopped"] + people["kept out"] == crowd.runaways).all()
        np.testing.assert_allclose(people["finished"] / crowd.of, r.sweep.finished / n, atol=1.2e-3)
        np.testing.assert_allclose(people["stopped"] / crowd.of, r.sweep.stopped / n, atol=1.2e-3)


def test_compared_with_today_or_with_the_lowest_cost() -> None:
    here = spend(ApiSpendScenario())
    assert (here.compared_with, here.compared.limit) == ("today", 150)
    assert here.saving == pytest.approx(here.today.cost - here.cost)
    same = spend(ApiSpendScenario(step_limit=150))
    assert (same.compared_with, same.compared.limit) == ("lowest cost", same.lowest_cost.limit)
    assert same.saving < 0


def test_outcomes_explain_the_cost(results: list[ApiSpendResult]) -> None:
    for r in results[::7]:
        parts = [o for o in r.outcomes if o.unit == "USD" and o.name != "cost"]
        assert sum(o.value for o in parts) == pytest.approx(r.cost)
        assert sum(o.compared for o in parts) == pytest.approx(float(r.compared.cost))
        by_name = {o.name: o.value for o in r.outcomes}
        assert by_name["good"] + by_name["handed"] == pytest.approx(r.scenario.tasks_per_month)


@pytest.mark.parametrize("name", ApiSpendScenario.presets)
def test_a_preset_tells_its_story(name: str) -> None:
    told = spend(ApiSpendScenario.model_validate(ApiSpendScenario.presets[name]))
    if name == "the runaway agent":
        assert told.today.blocked > 0.5 * told.scenario.tasks_per_month
        assert told.today.cost_by_cause["runaways"] > 0.8 * told.today.spend
    elif name == "the cache that pays":
        off = told.scenario.model_copy(update={"caching": "off"})
        assert told.spend < spend(off).spend / 2
    else:
        assert 0.7 < told.hosting.own_bill / told.hosting.api_bill < 1.4


# --- refusals ---


def test_a_model_that_is_not_listed_is_refused_by_name() -> None:
    with pytest.raises(ValidationError, match=r"`model` must be one of .*own prices; got gpt-none"):
        ApiSpendScenario(model="gpt-none")


def test_half_a_step_is_refused() -> None:
    for name in ("step_limit", "today_limit", "max_retries"):
        with pytest.raises(ValidationError, match=f"`{name}` must be a whole number; got 7.5"):
            ApiSpendScenario.model_validate({name: 7.5})
    with pytest.raises(ValidationError, match="step_limit"):
        ApiSpendScenario(step_limit=MOST_STEPS + 1)


def test_rows_that_are_not_here_are_refused() -> None:
    with pytest.raises(RowsError, match="0123456789abcdef"):
        ApiSpendScenario(rows="0123456789abcdef").run()


def test_knobs_that_play_no_part_change_nothing() -> None:
    listed = ApiSpendScenario()
    values = listed.model_dump()
    idle = listed.idle(values, with_rows=False)
    assert idle == {"own_input", "own_cache_read", "own_cache_write", "own_output", "own_window"}
    off = ApiSpendScenario(caching="off", model="own prices")
    assert off.idle(off.model_dump(), with_rows=False) == {
        "cache_share", "own_cache_read", "own_cache_write",
    }  # fmt: skip
    for s in (listed, off):
        for name in s.idle(s.model_dump(), with_rows=False):
            assert s.costs({name: np.array([KNOBS[name].low])}) == pytest.approx(spend(s).cost)


@pytest.mark.parametrize("knobs", [{}, {"failure_chance": 0.5, "max_retries": 0}])
def test_the_formulas_that_are_shown_give_the_outcomes(knobs: dict[str, Any]) -> None:
    """Told by hand from the words of the formulas; no step here is above a price threshold."""
    r = spend(ApiSpendScenario.model_validate(knobs))
    s, told, price = r.scenario, {o.name: o.value for o in r.outcomes}, r.prices.base
    through, last = 1 - s.failure_chance ** (s.max_retries + 1), int(s.step_limit)
    k, chances = np.arange(1, last + 1), step_chances(s.mean_steps, s.steps_shape, last)
    tame = s.tasks_per_month * (1 - s.runaway_share) * float(r.chosen.served)
    left = 1 - np.concatenate([[0.0], np.cumsum(chances)])
    gone = tame * left[:-1] * through**k
    growth, read = s.added_tokens + s.output_tokens, s.cache_share * price.cache_read / 1e6
    by_hand = {
        "finished": tame * (chances * through**k).sum(),
        "cut_off": tame * left[-1] * through**last,
        "stopped": s.tasks_per_month * s.runaway_share * through**last,
        "cost_output": gone.sum() * s.output_tokens * price.output / 1e6,
        "cost_prompt": gone.sum() * s.prompt_tokens * read,
        "cost_context": (gone * np.maximum(k - 2, 0)).sum() * growth * read,
    }
    assert by_hand == pytest.approx({name: told[name] for name in by_hand})
