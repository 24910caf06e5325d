"""From a step limit to tasks and money: the chain that API spend follows at any limit.

Tasks need a random number of steps; runaways never finish by themselves; the limit, or the end
of the context window, stops both. Every step is a call whose input has grown; attempts fail and
are tried again. A cap and a rate limit keep out what comes after them. What the agent does not
get right a person does. Any knob may be an array. Nothing here is random. Long because the chain is
told twice: whole for a page, and as bare cost for searches that ask for thousands.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.agent_loop import Visits, expected_attempts, gathered, work
from aipm_metrics.models.loop_tokens import Loop
from aipm_metrics.models.pricing import Prices, Rates, cap_overshoot
from aipm_metrics.models.self_hosting import HOURS_A_MONTH
from aipm_metrics.prices import price_list

if TYPE_CHECKING:
    from aipm_metrics.models.agent_loop import Work
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.loop_tokens import Parts
    from aipm_metrics.scenarios.api_spend import ApiSpendScenario

__all__ = [
    "CAUSES",
    "MOST_STEPS",
    "OWN",
    "Month",
    "cost_at",
    "loop_of",
    "month",
    "prices_of",
    "run_costs",
    "steps_in_window",
]

MOST_STEPS = 500  # the highest limit that can be set
OWN = "own prices"
CAUSES = ("prompt", "context", "writes", "output", "retries", "runaways", "people")
SECONDS_A_MONTH = HOURS_A_MONTH * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What happens in a month at one step limit; arrays (t,) where limits are.

    Attributes
    ----------
    limit, last : steps
        The limit, and the last step that it and the context window allow.
    finished, good, cut_off, stopped, broken, blocked : tasks
        Finished; finished and right; cut off though they would have finished; runaways
        stopped; given up because every attempt at a step failed; kept out by the cap or the
        rate limit. All but `good` add up to the tasks there are.
    calls : calls
        Attempts included.
    tokens, worked : tokens
        All of them, and those not read from a cache.
    cost_by_cause : dict of str to USD
    wanted : USD
        What would be spent without cap and rate limit.
    served, let_through : share
        Of the tasks, those that cap and rate limit let in, and those that the rate limit alone
        does.
    peak, calls_per_s : calls
        A second at the peak: wanted, and the rate limit applied.
    overshoot : USD
        Beyond the cap, should it be reached at the peak.
    cost_per_call, hours_to_cap : USD; hours
        ``nan`` without a call; ``inf`` where the month is over first.
    notice : hours
        From when the soft alert is seen to when the cap is reached, at the peak's rate.
    net_value : USD
        What good tasks are worth, less the cost.
    """

    limit: Any
    last: Any
    finished: Any
    good: Any
    cut_off: Any
    stopped: Any
    broken: Any
    blocked: Any
    calls: Any
    tokens: Any
    worked: Any
    cost_by_cause: dict[str, Any]
    wanted: Any
    served: Any
    let_through: Any
    peak: Any
    calls_per_s: Any
    overshoot: Any
    cost_per_call: Any
    hours_to_cap: Any
    notice: Any
    net_value: Any

    @property
    def cost(self) -> Any:
        """Money lost, USD: what the model is paid, and the people who finish its tasks."""
        return sum(self.cost_by_cause.values())

    @property
    def spend(self) -> Any:
        """What the model is paid, USD."""
        return self.cost - self.cost_by_cause["people"]

    @property
    def handed(self) -> Any:
        """Tasks that a person does after all."""
        tasks = self.finished + self.cut_off + self.stopped + self.broken + self.blocked
        return tasks - self.good

    @property
    def per_good(self) -> Any:
        """What the model is paid per task done right, USD; ``nan`` where none is."""
        good = np.asarray(self.good, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(good > 0, self.spend / good, np.nan)[()]

    def at(self, rows: Any) -> Month:
        """Pick one limit by its place (scalars), or several (arrays)."""

        def pick(values: Any) -> Any:
            if isinstance(values, dict):
                return {name: pick(each) for name, each in values.items()}
            picked = np.asarray(values)[rows]
            return picked if np.ndim(picked) else float(picked)

        return replace(self, **{f.name: pick(getattr(self, f.name)) for f in fields(self)})


@dataclass(frozen=True, slots=True)
class _Task:
    """One task on average, before any cap; see `Month`. A step is billed `billed` times."""

    finished: Any
    cut_off: Any
    stopped: Any
    calls: Any
    billed: Any
    spend: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Guarded:
    """What cap and rate limit let through of a month; see `Month`."""

    wanted: Any
    per_call: Any
    let_through: Any
    peak: Any
    through: Any
    overshoot: Any
    paid: Any
    served: Any


def month(s: ApiSpendScenario, limit: Any) -> Month:
    """Follow the chain from step limits to tasks and money; any knob may be an array."""
    last = np.minimum(np.asarray(limit).astype(np.intp), steps_in_window(s))
    told, loop, n = _work(s), loop_of(s), s.tasks_per_month
    task = _task(s, told, last)
    guarded = _guarded(s, task)
    whole = n * guarded.served
    good = whole * task.finished * s.good_share
    causes = {name: whole * usd for name, usd in task.spend.items()}
    causes["people"] = (n - good) * s.cost_per_handed
    tokens = _tokens(loop, told, last, s.runaway_share, task.billed)
    hour = np.nan_to_num(guarded.per_call) * guarded.through * 3600
    with np.errstate(divide="ignore", invalid="ignore"):
        reached = np.where(guarded.paid > s.cap, s.cap / (guarded.paid / HOURS_A_MONTH), np.inf)
        left = np.divide((1 - s.alert_share) * s.cap, hour)
    return Month(
        limit=limit, last=np.broadcast_to(last, np.shape(causes["people"])),
        finished=whole * task.finished, good=good, cut_off=whole * task.cut_off,
        stopped=whole * task.stopped,
        broken=whole * np.maximum(1 - task.finished - task.cut_off - task.stopped, 0.0),
        blocked=n - whole, calls=whole * task.calls, tokens=whole * tokens[0],
        worked=whole * tokens[1], cost_by_cause=causes, wanted=guarded.wanted,
        served=guarded.served, let_through=guarded.let_through, peak=guarded.peak,
        calls_per_s=guarded.through, overshoot=guarded.overshoot,
        cost_per_call=guarded.per_call, hours_to_cap=reached,
        notice=np.maximum(left - s.lag_minutes / 60, 0.0),
        net_value=good * s.value_per_good - sum(causes.values()),
    )  # fmt: skip


def cost_at(s: ApiSpendScenario, limit: Any) -> Floats:
    """Cost a month alone, USD, where a search asks for thousands; any knob may be an array."""
    last = np.minimum(np.asarray(limit).astype(np.intp), steps_in_window(s))
    task = _task(s, _work(s), last)
    whole = s.tasks_per_month * _guarded(s, task).served
    handed = s.tasks_per_month - whole * task.finished * s.good_share
    return np.asarray(whole * sum(task.spend.values()) + handed * s.cost_per_handed, float)


def _guarded(s: ApiSpendScenario, task: _Task) -> _Guarded:
    """Let the rate limit through what it lets through, and the cap what it has money for."""
    wanted, calls = s.tasks_per_month * sum(task.spend.values()), s.tasks_per_month * task.calls
    with np.errstate(divide="ignore", invalid="ignore"):
        per_call = np.where(calls > 0, wanted / calls, np.nan)
        let_in = np.where(calls > 0, s.calls_per_minute * 60 * HOURS_A_MONTH / calls, 1.0)
    by_rate = np.minimum(let_in, 1.0)
    peak = calls / SECONDS_A_MONTH * s.peak_to_mean
    through = np.minimum(peak, s.calls_per_minute / 60)
    over = cap_overshoot(np.nan_to_num(per_call), through, s.lag_minutes * 60, s.latency_s)
    paid = wanted * by_rate
    capped = np.minimum((s.cap + over) / np.maximum(paid, s.cap), 1.0)
    served = by_rate * np.where(paid > s.cap, capped, 1.0)
    return _Guarded(wanted, per_call, by_rate, peak, through, over, paid, served)


def _work(s: ApiSpendScenario) -> Work:
    return work(s.mean_steps, s.steps_shape, _survives(s), MOST_STEPS)


def _survives(s: ApiSpendScenario) -> Any:
    """Chance that a step goes through, retries included."""
    return 1 - np.power(s.failure_chance, np.add(s.max_retries, 1.0))


def _task(s: ApiSpendScenario, told: Work, last: Any) -> _Task:
    """Follow one task through its loop."""
    tries = expected_attempts(s.failure_chance, s.max_retries)
    survives, loop, prices, wild = _survives(s), loop_of(s), prices_of(s)[0], s.runaway_share
    tame, stray = (
        loop.cost(visits, last, prices) * share
        for visits, share in ((told.tasks, 1 - wild), (told.runaways, wild))
    )
    # A failed attempt is billed in part; what goes through, once.
    again = s.failure_chance * tries * s.billed_share
    calls = gathered(told.tasks.calls, last) * (1 - wild) + (
        gathered(told.runaways.calls, last) * wild
    )
    return _Task(
        finished=gathered(told.finished, last) * (1 - wild),
        cut_off=gathered(told.cut_off, last) * (1 - wild),
        stopped=gathered(told.stopped, last) * wild, calls=calls * tries,
        billed=survives + again, spend=_spend(tame, stray, survives, again),
    )  # fmt: skip


def _spend(tame: Parts, stray: Parts, survives: Any, again: Any) -> dict[str, Any]:
    """Split what one task costs on average by cause, USD."""
    once = tame * survives
    return {
        "prompt": once.prompt, "context": once.context, "writes": once.writes,
        "output": once.output, "retries": tame.total * again,
        "runaways": stray.total * (survives + again),
    }  # fmt: skip


def _tokens(loop: Loop, told: Work, last: Any, wild: Any, billed: Any) -> tuple[Any, Any]:
    """Tokens per task: all of them, and those from no cache."""
    tame, stray = loop.tokens(told.tasks, last), loop.tokens(told.runaways, last)
    everything, worked = (
        (a * (1 - wild) + b * wild) * billed for a, b in zip(tame, stray, strict=True)
    )
    return everything, worked


def loop_of(s: ApiSpendScenario) -> Loop:
    """Tokens of a step, and what the cache does about them."""
    cached = s.caching == "on"
    return Loop(
        prompt=s.prompt_tokens, growth=np.add(s.added_tokens, s.output_tokens),
        output=s.output_tokens, cached=s.cache_share if cached else 0.0, writes=cached,
    )  # fmt: skip


def prices_of(s: ApiSpendScenario) -> tuple[Prices, Any]:
    """Prices in use, and the context window: the model's, or one's own."""
    if s.model == OWN:
        own = Rates(
            input=s.own_input, cache_read=s.own_cache_read, cache_write=s.own_cache_write,
            output=s.own_output,
        )  # fmt: skip
        return Prices(own), s.own_window
    listed = price_list()[s.model]
    return listed.prices, listed.window


def steps_in_window(s: ApiSpendScenario) -> Any:
    """Count the steps until the context window is full, as many as can be set at most."""
    room = np.subtract(prices_of(s)[1], s.output_tokens)
    return loop_of(s).steps_within(room, MOST_STEPS)


def run_costs(s: ApiSpendScenario) -> Any:
    """Cost of one task that goes on for 1, 2, ... steps without a failure, USD, (t,).

    Past the end of the context window nothing is added.
    """
    last = np.minimum(np.arange(1, MOST_STEPS + 1), steps_in_window(s))
    return loop_of(s).cost(Visits.of(np.ones(MOST_STEPS)), last, prices_of(s)[0]).total
