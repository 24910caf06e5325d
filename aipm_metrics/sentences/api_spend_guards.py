"""Words about what stands beside the limit: cap, alert, rate limit, window, cache, own GPUs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aipm_metrics.sentences.api_spend_spots import steps_said, tasks_said
from aipm_metrics.spoken import count, money, share, undefined, with_unit

if TYPE_CHECKING:
    from aipm_metrics.scenarios.api_spend import ApiSpendResult
    from aipm_metrics.scenarios.api_spend_hosting import Hosting

__all__ = [
    "GUARD_HEADER",
    "HOSTING_HEADER",
    "described_volumes",
    "guard_rows",
    "hosting_line",
    "hosting_rows",
]

GUARD_HEADER = ("guard", "set at", "what it does at this limit")
HOSTING_HEADER = ("a month", "API", "own GPUs")
DAY, MINUTE = 24.0, 60.0
SOON = 1 / 60  # hours; an alert less than a minute early is none
MOST_TASKS = 1e9  # the most that can be set
FEWEST = 2  # a write that costs more than input cannot pay sooner


def guard_rows(result: ApiSpendResult) -> list[tuple[str, str, str]]:
    """Put every guard in a row of words: how it is set, and what it does."""
    s, here = result.scenario, result.chosen
    rows = [
        ("spend cap", f"{money(s.cap)} a month", _cap(result)),
        ("its meter", f"{with_unit(s.lag_minutes, 'min')} late", _meter(result)),
        ("soft alert", f"{money(s.alert_share * s.cap)}", _alert(float(here.notice))),
        ("rate limit", f"{_calls(s.calls_per_minute)} a minute", _rate(result)),
        ("context window", f"{count(result.window)} tokens", _window(result)),
    ]
    if s.caching == "on":
        rows.append(("prompt cache", f"{share(s.cache_share)} is read from it", _cache(result)))
    return rows


def _cap(result: ApiSpendResult) -> str:
    here = result.chosen
    if math.isinf(here.hours_to_cap):
        return f"Not reached: the month needs {money(here.wanted)}."
    day = math.floor(here.hours_to_cap / DAY) + 1
    return f"Reached on day {day}; {_kept_out(here.blocked)}."


def _calls(many: float) -> str:
    said = count(many)
    return f"{said} call{'' if said == '1' else 's'}"


def _kept_out(many: float) -> str:
    said = tasks_said(many)
    return f"{said} {'is' if said == '1 task' else 'are'} kept out"


def _meter(result: ApiSpendResult) -> str:
    rate = result.chosen.calls_per_s * MINUTE
    return (
        f"At the peak's {_calls(rate)} a minute, {money(result.overshoot)} is spent before "
        "it shows."
    )


def _alert(notice: float) -> str:
    if undefined(notice) or math.isinf(notice):
        return "Nothing is spent, so there is nothing to see."
    if notice < SOON:
        return "Seen no sooner than the cap is reached."
    early = f"{count(notice)} hours" if notice >= 1 else f"{count(notice * MINUTE)} minutes"
    return f"Seen {early} before the cap, if every hour were like the peak."


def _rate(result: ApiSpendResult) -> str:
    here = result.chosen
    if undefined(result.hourly_bound):
        return "No call is made."
    bound = f"It lets at most {money(result.hourly_bound)} be spent an hour"
    if here.let_through < 1:
        return f"{bound}, and only {share(here.let_through)} of the tasks through."
    if here.peak > here.calls_per_s:
        return f"{bound}, and holds calls back at the peak."
    return f"{bound}; the peak needs {_calls(here.peak * MINUTE)} a minute."


def _window(result: ApiSpendResult) -> str:
    if result.window_steps == 0:
        return "Not even the first step fits."
    if result.window_steps < len(result.run):
        return f"Full after {steps_said(result.window_steps)}; a higher limit changes nothing."
    return f"Room for all {result.window_steps:,} steps that can be allowed."


def _cache(result: ApiSpendResult) -> str:
    uses = result.cache_uses
    base = result.prices.base
    if base.cache_read > base.input:
        return "It never pays: reading from it costs more than fresh input."
    if math.isinf(uses):
        return "It never pays: reading from it saves nothing."
    if uses <= 1:
        return "Keeping input costs nothing extra: it pays at once."
    n = math.ceil(uses)
    return f"Input that is kept pays from {'its second use' if n == FEWEST else f'use {n:,}'} on."


def hosting_line(result: ApiSpendResult) -> str:
    """Say which is cheaper, and from where on."""
    h = result.hosting
    if undefined(h.api_price):
        return "No token is worked through, so there is nothing to host."
    cheaper, size = ("save", h.saving) if h.saving > 0 else ("cost", -h.saving)
    more = "" if h.saving > 0 else " more"
    said = f"Own GPUs would {cheaper} {money(size)}{more} a month"
    if math.isinf(h.break_even_tasks):
        return (
            f"{said}, and never pay: at this peak a million tokens cost {money(h.own_price)} on "
            f"them and {money(h.api_price)} from the API."
        )
    if h.break_even_tasks > MOST_TASKS:
        return f"{said}, and always cost less at no number of tasks within reach."
    aside = ", were none kept out" if h.kept_out else ""
    return (
        f"{said}; from about {tasks_said(h.break_even_tasks)} a month on{aside}, they always cost "
        "less."
    )


def hosting_rows(result: ApiSpendResult) -> list[tuple[str, str, str]]:
    """Lay API and own servers side by side in rows of words."""
    s, h = result.scenario, result.hosting
    tax = f"{money(h.own_price)}, {money(h.without_peak)} were every hour like the peak"
    busy = "" if undefined(h.busy) else f"{share(h.busy)}; at {share(h.needed)} both cost the same"
    if h.needed > h.most and busy:
        busy = f"{share(h.busy)}; as busy as the peak lets them be, they cost more than the API"
    servers = f"{count(h.servers)} server{'' if h.servers == 1 else 's'}"
    return [
        ("the bill", money(h.api_bill), f"{money(h.own_bill)}: {servers} and "
         f"{money(s.upkeep)} of upkeep"),
        ("per million tokens not read from a cache", money(h.api_price), tax),
        ("busy on average", "", busy),
        ("always costs less from", "", _from(h)),
    ]  # fmt: skip


def _from(h: Hosting) -> str:
    if math.isinf(h.break_even_tasks):
        return "never"
    if h.break_even_tasks > MOST_TASKS:
        return "not within reach"
    aside = ", were none kept out" if h.kept_out else ""
    return f"about {tasks_said(h.break_even_tasks)} on, {count(h.break_even)} million tokens{aside}"


def described_volumes(result: ApiSpendResult) -> str:
    """Describe the picture of both bills to whoever cannot see it."""
    v = result.volumes
    return (
        f"Bills a month from {count(v.tasks[0])} to {tasks_said(v.tasks[-1])}: the API's grows "
        "with every task, that of own GPUs by whole servers. " + hosting_line(result)
    )
