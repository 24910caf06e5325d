"""The tables of Translate, in words: a finished result in, rows out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.sentences import flip_words
from aipm_metrics.sentences.metric_words import NAMES, metric_value, span
from aipm_metrics.sentences.translate_suspects import NOT_FOUND, as_said, near
from aipm_metrics.spoken import money, undefined, with_unit

if TYPE_CHECKING:
    from aipm_metrics.models.consistency import Interval
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.contract import Assumption, Outcome
    from aipm_metrics.scenarios.translate import TranslateResult

__all__ = [
    "ASSUMPTION_HEADER",
    "FLIP_HEADER",
    "METRIC_HEADER",
    "MISFIT_HEADER",
    "NOUNS",
    "OUTCOME_HEADER",
    "assumption_row",
    "flip_row",
    "metric_rows",
    "misfit_rows",
    "outcome_row",
]

MISFIT_HEADER = ("number", "you said", "the others leave it")
METRIC_HEADER = ("number", "you said", "follows", "rounding allows", "after the change")
FLIP_HEADER = flip_words.FLIP_HEADER
ASSUMPTION_HEADER = ("assumption", "value", "source", "moves the saving by")
OUTCOME_HEADER = ("outcome a month", "after", "now", "rounding allows now", "formula")
NOUNS = {
    "tickets_per_false_alarm": "the tickets a false alarm brings in",
    "tickets_per_missed": "the tickets a missed case brings in",
    "cost_per_ticket": "the cost of a ticket",
    "harm_per_missed": "the harm of a missed case",
    "items_per_person": "the number of cases a person has",
    "leave_after_wrongful": "the chance that a false alarm drives a person away",
    "leavers_per_missed": "the people who leave over a missed case",
    "value_per_person": "the value of a person",
}


def metric_rows(result: TranslateResult) -> list[tuple[str, ...]]:
    """Put the whole matrix and every metric in rows: said, follows, allowed, after."""
    reading = result.reading
    after = dict.fromkeys(METRICS, "")
    if result.after is not None:
        after = {name: metric_value(name, x) for name, x in result.after_values.items()}
    return [
        (
            NAMES[name], as_said(result, name), metric_value(name, reading.follows[name]),
            span(name, reading.spans[name]), after[name],
        )
        for name in METRICS
    ]  # fmt: skip


def misfit_rows(result: TranslateResult) -> list[tuple[str, str, str]]:
    """Put numbers that cannot all be true in rows: said, and what the others leave it."""
    single = {one.metrics[0]: one for one in result.reading.suspects if len(one.metrics) == 1}

    def leave(name: str, left: Interval) -> str:
        if undefined(left.low):
            return "they cannot be true without it either"
        if name not in single or single[name].nearest is None:
            return span(name, left)
        told = near(result, single[name])
        return f"{told}, the nearest of whole cases" if told else f"{NOT_FOUND}: no whole cases"

    return [
        (NAMES[name], as_said(result, name), leave(name, left))
        for name, left in result.reading.left_by_others.items()
    ]


def flip_row(flip: Flip) -> tuple[str, str, str, str]:
    """Say one flip point: what, its value now, the value that changes the answer, how far."""
    return flip_words.flip_row(flip, NOUNS[flip.knob.name])


def assumption_row(assumption: Assumption) -> tuple[str, ...]:
    """Put one assumption in a row of words."""
    knob, value = assumption.knob, assumption.value
    said = value if isinstance(value, str) else with_unit(value, knob.unit)
    swing = "" if undefined(assumption.swing) else f"{money(assumption.swing)} a month"
    return knob.label, said, knob.source, swing


def outcome_row(result: TranslateResult, outcome: Outcome) -> tuple[str, ...]:
    """Put one outcome in a row: exact figures, what rounding allows, the formula."""
    told = result.allowed.get(outcome.name)
    allowed = ""
    if told is not None and not undefined(told.low):
        endless = told.high == float("inf")
        allowed = f"{told.low:,.2f} " + ("or more" if endless else f"to {told.high:,.2f}")

    def exact(value: float) -> str:
        return "open" if undefined(value) else f"{value:,.4f} {outcome.unit}"

    return (
        outcome.label, exact(outcome.value), exact(outcome.compared), allowed, outcome.formula,
    )  # fmt: skip
