"""API spend worked out the long way: one step after the other, one limit at a time.

Shares nothing with the code it checks but the price of one request, which has tests of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import stats

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.pricing import Prices, Rates, request_cost
from aipm_metrics.prices import price_list
from aipm_metrics.scenarios.api_spend import ApiSpendScenario

if TYPE_CHECKING:
    from aipm_metrics.knobs import Knob

__all__ = ["drawn", "month_at", "near_defaults", "step_cost"]

SECONDS = 730 * 3600
KNOBS = knobs_of(ApiSpendScenario)


def prices_of(s: ApiSpendScenario) -> tuple[Prices, float]:
    if s.model != "own prices":
        listed = price_list()[s.model]
        return listed.prices, listed.window
    own = (s.own_input, s.own_cache_read, s.own_cache_write, s.own_output)
    return Prices(Rates(**dict(zip(Rates.__slots__, own, strict=True)))), s.own_window


def fits(s: ApiSpendScenario, step: int) -> bool:
    total = s.prompt_tokens + (step - 1) * (s.added_tokens + s.output_tokens)
    return bool(total <= prices_of(s)[1] - s.output_tokens)


def step_cost(s: ApiSpendScenario, step: int) -> dict[str, float]:
    """What one step costs if it goes through at once, by what is paid for."""
    growth = s.added_tokens + s.output_tokens
    before, on = max(step - 2, 0) * growth, s.caching == "on"
    share = s.cache_share if on else 0.0
    prompt_read, context_read = share * s.prompt_tokens, share * before
    prompt_rest, context_rest = s.prompt_tokens - prompt_read, (step - 1) * growth - context_read
    prices, _ = prices_of(s)
    total = s.prompt_tokens + (step - 1) * growth
    rates = prices.base
    for above, dearer in prices.tiers:
        rates = dearer if total > above else rates
    written = prompt_rest + context_rest if on else 0.0
    parts = {
        "prompt": (prompt_read * rates.cache_read + (0 if on else prompt_rest) * rates.input),
        "context": (context_read * rates.cache_read + (0 if on else context_rest) * rates.input),
        "writes": written * rates.cache_write,
        "output": s.output_tokens * rates.output,
    }
    whole = request_cost(
        0 if on else prompt_rest + context_rest, prompt_read + context_read, written,
        s.output_tokens, prices=prices,
    )  # fmt: skip
    assert np.isclose(sum(parts.values()) / 1e6, whole, rtol=1e-9)
    return {name: usd / 1e6 for name, usd in parts.items()}


def month_at(s: ApiSpendScenario, limit: int) -> dict[str, Any]:
    """Everything a month holds at one limit."""
    last = 0
    while last < limit and fits(s, last + 1):
        last += 1
    fail, most = s.failure_chance, int(s.max_retries) + 1
    goes_through = 1 - fail**most
    tries = sum(fail**k for k in range(most))
    lost = tries - goes_through  # failed attempts a step
    needs = stats.nbinom(s.steps_shape, s.steps_shape / (s.steps_shape + s.mean_steps - 1))
    finished = cut_off = calls = 0.0
    parts = dict.fromkeys(("prompt", "context", "writes", "output", "retries", "runaways"), 0.0)
    wild = s.runaway_share
    for step in range(1, last + 1):
        alive = goes_through ** (step - 1)
        here, usd = (1 - wild) * needs.sf(step - 2) * alive, step_cost(s, step)
        for name, cost in usd.items():
            parts[name] += here * goes_through * cost
        parts["retries"] += here * lost * s.billed_share * sum(usd.values())
        parts["runaways"] += wild * alive * sum(usd.values()) * (
            goes_through + lost * s.billed_share)  # fmt: skip
        finished += (1 - wild) * needs.pmf(step - 1) * goes_through**step
        calls += (here + wild * alive) * tries
    cut_off = (1 - wild) * needs.sf(last - 1) * goes_through**last
    stopped = wild * goes_through**last
    return _guarded(s, parts, finished, cut_off, stopped, calls)


def _guarded(
    s: ApiSpendScenario, parts: dict[str, float], finished: float, cut_off: float,
    stopped: float, calls: float,
) -> dict[str, Any]:  # fmt: skip
    """Let cap and rate limit keep tasks out."""
    n = s.tasks_per_month
    wanted = n * sum(parts.values())
    per_call = wanted / (n * calls) if calls else 0.0
    let_in = min(1.0, s.calls_per_minute * 60 * 730 / (n * calls)) if calls else 1.0
    peak = min(n * calls / SECONDS * s.peak_to_mean, s.calls_per_minute / 60)
    overshoot = per_call * peak * (s.lag_minutes * 60 + s.latency_s)
    served = let_in
    if wanted * let_in > s.cap:
        served *= min(1.0, (s.cap + overshoot) / (wanted * let_in))
    good = n * served * finished * s.good_share
    causes = {name: n * served * usd for name, usd in parts.items()}
    causes["people"] = (n - good) * s.cost_per_handed
    return {
        "finished": n * served * finished, "cut_off": n * served * cut_off,
        "stopped": n * served * stopped, "good": good, "blocked": n * (1 - served),
        "broken": n * served * (1 - finished - cut_off - stopped),
        "calls": n * served * calls, "overshoot": overshoot, "wanted": wanted,
        "cost_by_cause": causes, "cost": sum(causes.values()),
    }  # fmt: skip


def one(knob: Knob, rng: np.random.Generator, near: float) -> float | str:
    if knob.scale == "choice":
        return str(rng.choice(knob.choices))
    low, here, high = knob.to_axis([knob.low, knob.default, knob.high])
    anywhere, beside = rng.uniform(low, high), here + near * rng.normal() * (high - low)
    place = float(np.clip(beside if near else anywhere, low, high))
    if not near and rng.random() < 0.1:
        place = float(rng.choice([low, high]))
    value = float(knob.from_axis(place))
    return float(round(value)) if knob.whole else value


def drawn(rng: np.random.Generator) -> ApiSpendScenario:
    """Every knob anywhere in its range, or at an end of it."""
    return ApiSpendScenario.model_validate({n: one(k, rng, 0.0) for n, k in KNOBS.items()})


def near_defaults(rng: np.random.Generator) -> ApiSpendScenario:
    """Every knob not too far from its default, where all parts of the cost count."""
    return ApiSpendScenario.model_validate({n: one(k, rng, 0.06) for n, k in KNOBS.items()})
