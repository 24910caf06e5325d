"""Two answers side by side as cards and tables of words: a finished comparison in, rows out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.sentences.comparison import (
    MOVED,
    happens,
    joined,
    more_or_fewer,
    noun,
    reversals,
    value_said,
    verb,
    winner_of,
)
from aipm_metrics.spoken import count, money, undefined, with_unit

if TYPE_CHECKING:
    from aipm_metrics.comparisons.compared import (
        Compared,
        KnobDifference,
        OutcomeDifference,
        Turning,
    )

__all__ = [
    "CARDS_LINE",
    "KNOB_HEADER",
    "TURNING_HEADER",
    "changes",
    "knob_rows",
    "never_turning",
    "outcome_header",
    "outcome_rows",
    "turning_rows",
]

CARDS_LINE = "The large numbers are B's."
KNOB_HEADER = ("what differs", "A", "B")
TURNING_HEADER = ("if this moved", "in", "from", "past", "then")


def knob_rows(compared: Compared) -> tuple[tuple[str, str, str], ...]:
    """Put every knob that differs in a row of words."""
    rows = [_knob_row(told) for told in compared.knobs]
    if compared.rows_differ:
        told = (compared.comparison.a.rows, compared.comparison.b.rows)
        a, b = (f"rows {name}" if name else "the simulated model" for name in told)
        rows.insert(0, ("Scored by", a, b))
    return tuple(rows)


def _knob_row(told: KnobDifference) -> tuple[str, str, str]:
    a, b = (value_said(told.knob, value) for value in (told.a, told.b))
    if a == b:  # they differ further down than a person would say
        a, b = f"{told.a}", f"{told.b}"
    return told.knob.label, a, b


def changes(compared: Compared) -> tuple[tuple[str, str, str], ...]:
    """Put what happens to people, and the money, on cards: what, B's, the change from A's."""
    told = [
        (o.outcome.label, count(o.b), f"{_outcome_row(o)[3]} (A: {count(o.a)})")
        for o in compared.outcomes
        if happens(o)
    ]
    a, b = compared.result_a.cost, compared.result_b.cost
    per = f" a {compared.per}" if compared.per else ""
    return (*told, (f"cost{per}", money(b), f"{verb(b - a)} (A: {money(a)})"))


def outcome_header(compared: Compared) -> tuple[str, str, str, str, str]:
    """Head the table of outcomes."""
    return (f"outcome a {compared.per}" if compared.per else "outcome", "A", "B",
            "B against A", "better")  # fmt: skip


def outcome_rows(compared: Compared) -> tuple[tuple[str, ...], ...]:
    """Put every outcome in a row of words: both values, the difference, who does better."""
    return tuple(_outcome_row(o) for o in compared.outcomes)


def _outcome_row(o: OutcomeDifference) -> tuple[str, ...]:
    better = {"a": "A", "b": "B", "undefined": "undefined"}.get(o.verdict, "")
    if o.outcome.unit == "USD":
        change = verb(o.difference)
        return o.outcome.label, money(o.a), money(o.b), change, better
    if o.outcome.unit.startswith("USD "):  # a sum that is no part of the cost
        size, way = money(abs(o.difference)), "more" if o.difference > 0 else "less"
        change = {"undefined": "undefined", "$0": "the same"}.get(size, f"{size} {way}")
        return o.outcome.label, money(o.a), money(o.b), change, better
    change = more_or_fewer(o.difference)
    change = "undefined" if undefined(o.difference) else change
    return o.outcome.label, count(o.a), count(o.b), change, better


def turning_rows(compared: Compared) -> tuple[tuple[str, ...], ...]:
    """Put every turning point in a row of words, the nearest first."""
    then = {"A": "B wins", "B": "A wins"}.get(winner_of(compared))
    return tuple(
        (
            noun(t.flip.knob), MOVED[t.moved], with_unit(t.flip.today, t.flip.knob.unit),
            with_unit(t.flip.at, t.flip.knob.unit), then or _beside(t),
        )
        for t, _ in reversals(compared)
    )  # fmt: skip


def _beside(turning: Turning) -> str:
    return f"{str(turning.above).upper()} wins above it, {str(turning.below).upper()} below"


def never_turning(compared: Compared) -> str:
    """Name the assumptions that turn nothing, wherever in their range they are."""
    named = [
        noun(t.flip.knob) + ("" if t.moved == "both" else f" in {MOVED[t.moved]}")
        for t in compared.turnings
        if undefined(t.flip.at)
    ]
    if not named:
        return ""
    if not winner_of(compared):  # past nothing both still cost the same
        return f"No value of {joined(named)} has A win on one side of it and B on the other."
    return f"Nothing changes anywhere in the range of {joined(named)}."
