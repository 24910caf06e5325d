"""Warnings: alerts that cannot fire, too little traffic, promises that clash.

A finished result in, plain sentences out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.scenarios.error_budget_chain import call_of
from aipm_metrics.sentences.error_budget_spots import apart
from aipm_metrics.spoken import count, duration, share

if TYPE_CHECKING:
    from aipm_metrics.scenarios.error_budget import ErrorBudgetResult

__all__ = ["MONTH_LINE", "alert_notes", "point_notes", "sample_note", "spend_note", "traffic_note"]

ROUNDING = 1e-12  # what a share loses on its way through a link
MONTH_LINE = (
    "A month is 365.25 / 12 = 30.4375 days, whatever the window. Answers are taken to come evenly, "
    "and failures of different kinds to be independent."
)


def alert_notes(result: ErrorBudgetResult) -> tuple[str, ...]:
    """Warn of alerts that can never fire, that are always on, or that fire inside the budget."""
    notes = []
    if never := result.policy.never_fire:
        waits = " and ".join(
            f"the {alert.severity} over {duration(alert.long_min)}, which waits for "
            f"{share(alert.threshold)} of answers to fail," for alert in never
        )  # fmt: skip
        notes.append(
            f"At this SLO no burn rate exceeds {count(1 / (1 - result.scenario.slo))}: then "
            f"everything fails. So {waits} can never fire. The table goes on with a policy that "
            f"can: its fastest alert waits for {share(result.policy.proposed[0].threshold)}."
        )
    notes += [
        f"At what fails now the {here.alert.severity} over {duration(here.alert.long_min)} is "
        f"always on: {share(result.union)} fail, and it takes {share(here.alert.threshold)}."
        for here in result.alerts
        if here.always_on
    ]
    inside = [here.alert for here in result.alerts if here.alert.inside_budget]
    if inside:
        which = " and ".join(f"over {duration(alert.long_min)}" for alert in inside)
        notes.append(
            f"In so short a window the alert {which} fires at a burn rate below 1, which would "
            "never spend the budget."
        )
    return tuple(notes)


def traffic_note(result: ErrorBudgetResult) -> str:
    """Warn where there are too few answers for a budget or an alert to mean anything."""
    t = result.traffic
    if not t.low and not t.one_pages:
        return ""
    few = (
        f"Low traffic: the budget of a window is {count(t.budget)} answers, so one bad answer "
        f"spends {share(t.one_spends)} of it and burns {count(t.one_burns)} times too fast for an "
        "hour."
    )
    wakes = " With the alerts as set, that alone would page somebody." if t.one_pages else ""
    return f"{few}{wakes} Count over a longer window, or send test requests."


def sample_note(result: ErrorBudgetResult) -> str:
    """Say how many answers a claim takes."""
    n, s = result.traffic.to_claim, result.scenario
    return (
        f"To claim {share(s.slo)} with 99 % confidence takes {n:,} answers without a bad one; "
        f"there are {count(result.traffic.an_hour)} an hour."
    )


def spend_note(result: ErrorBudgetResult) -> str:
    """Say how answers that fail twice are counted; nothing where that changes no sum."""
    together, union = apart(result.sum_of_modes, result.union)
    if together == union:
        return ""
    return (
        f"The six shares add up to {together}, but {union} of answers fail: one that "
        "fails in two ways is counted once, for the first in this order."
    )


def point_notes(result: ErrorBudgetResult) -> tuple[str, ...]:
    """Say where promises and dependencies clash, and which points lie off the dial."""
    s, notes = result.scenario, []
    if s.promised > result.ceiling * (1 + ROUNDING):
        helped = "" if s.fallback == "none" else f", with {s.fallback}"
        notes.append(
            f"Users were promised {share(s.promised)}, but what an answer depends on allows "
            f"{share(result.ceiling)} at most: {count(s.calls_per_answer)} calls at "
            f"{share(call_of(s))} each{helped}."
        )
    claim = 1 - result.ceiling
    if s.rule == "platform first" and claim > 0.5 * (1 - s.slo):
        part = min(claim / (1 - s.slo), 1.0)
        notes.append(
            f"Dependencies claim {share(claim)} of answers, {share(part)} of the whole budget, "
            "before anybody else may spend any."
        )
    off = [point for point in result.points if not point.feasible]
    if off:
        said = " and ".join(share(point.slo) for point in off)
        notes.append(f"{said}: beyond the dial, which goes from 80 % to 99.999 %.")
    return tuple(notes)
