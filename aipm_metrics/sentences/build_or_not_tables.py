"""Rows of words about building a model or not, for tables and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.sentences import flip_words
from aipm_metrics.sentences.build_or_not import cards_at
from aipm_metrics.sentences.build_or_not_spots import CENTS, DOING, NOUNS, every_spot
from aipm_metrics.spoken import count, money, share, undefined, with_unit

if TYPE_CHECKING:
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.build_or_not import BuildOrNotPoint, BuildOrNotResult
    from aipm_metrics.scenarios.contract import Assumption, Outcome

__all__ = [
    "ASSUMPTION_HEADER", "BREAK_EVEN_HEADER", "FLIP_HEADER", "OUTCOME_HEADER", "POINT_HEADER",
    "SPOT_HEADER", "assumption_row", "break_even_row", "flip_row", "outcome_row", "point_row",
    "spot_rows",
]  # fmt: skip

POINT_HEADER = ("way", "cost a month", "over the cheapest", "positives found", "negatives flagged")
BREAK_EVEN_HEADER = ("a model is the cheapest way", "now", "turns at")
FLIP_HEADER = flip_words.FLIP_HEADER
ASSUMPTION_HEADER = ("assumption", "value", "source", "moves the saving by")
OUTCOME_HEADER = ("outcome a month", "here", "compared", "formula")
SPOT_HEADER = ("months", "doing nothing", "rules", "people", "a model", "a model pays from",
               "known as")  # fmt: skip


def point_row(point: BuildOrNotPoint) -> tuple[str, ...]:
    """Put one way in a row of words."""
    price = "nothing is cheaper" if point.price < CENTS else f"{money(point.price)} more"
    return DOING[point.name], money(point.cost), price, share(point.tpr), share(point.fpr)


def break_even_row(flip: Flip) -> tuple[str, ...]:
    """Say where a model starts or stops being the cheapest way, along one knob."""
    unit, noun = flip.knob.unit, NOUNS[flip.knob.name]
    at = "nowhere in its range" if undefined(flip.at) else with_unit(flip.at, unit)
    return f"along {noun}", with_unit(flip.today, unit), at


def flip_row(flip: Flip) -> tuple[str, str, str, str]:
    """Say one flip point: what, its value now, the value that changes the answer, how far."""
    return flip_words.flip_row(flip, NOUNS[flip.knob.name])


def assumption_row(assumption: Assumption) -> tuple[str, ...]:
    """Put one assumption in a row of words."""
    knob, value = assumption.knob, assumption.value
    said = value if isinstance(value, str) else with_unit(value, knob.unit)
    swing = "" if undefined(assumption.swing) else f"{money(assumption.swing)} a month"
    return knob.label, said, knob.source, swing


def outcome_row(outcome: Outcome) -> tuple[str, ...]:
    """Put one outcome in a row: exact figures and the formula."""
    return (
        outcome.label, f"{outcome.value:,.2f} {outcome.unit}",
        f"{outcome.compared:,.2f} {outcome.unit}", outcome.formula,
    )  # fmt: skip


def spot_rows(result: BuildOrNotResult) -> list[tuple[str, ...]]:
    """Put every length of the plan in a row of words."""
    told = cards_at(every_spot(result))
    return [
        (count(n), *(card.value[row] for card in told), "chosen" if row == result.row else "")
        for row, n in enumerate(result.months)
    ]
