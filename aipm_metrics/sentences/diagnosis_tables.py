"""Diagnosis' tables: a finished result in, rows of words out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.explanation_evidence import STUDIES
from aipm_metrics.ranges import without_range
from aipm_metrics.sentences.diagnosis import POINTS, cards_at, dial_marks
from aipm_metrics.sentences.diagnosis_spots import (
    CENTS,
    EXPLAINED,
    FAST,
    NO_AI,
    NOUNS,
    cut_of,
    every_spot,
)
from aipm_metrics.sentences.flip_words import FLIP_HEADER, flip_row
from aipm_metrics.spoken import count, money, share, span, undefined, with_unit

if TYPE_CHECKING:
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.contract import Assumption, Outcome
    from aipm_metrics.scenarios.diagnosis import DesignPoint, DiagnosisResult

__all__ = [
    "ASSUMPTION_HEADER", "BENEFIT_HEADER", "DESIGN_HEADER", "FLIP_HEADER", "OUTCOME_HEADER",
    "POINT_HEADER", "RELIANCE_HEADER", "SPOT_HEADER", "STUDY_HEADER", "WAIT_HEADER",
    "assumption_row", "benefit_rows", "design_rows", "flip_line", "outcome_row", "point_row",
    "reliance_rows", "spot_rows", "study_rows", "wait_table",
]  # fmt: skip

READINGS = 1_000
SOME = 8  # thresholds between the named ones
DESIGN_HEADER = (
    "design", "AI looked at in", "sensitivity", "specificity", "missed a month",
    "needless a month", "minutes a woman", "read a day", "cost a month",
)  # fmt: skip
POINT_HEADER = (
    "choice", "design", "AI's threshold", "cost a month", "over the cheapest", "missed a month",
    "needless a month",
)  # fmt: skip
RELIANCE_HEADER = (
    "of 1,000 readings that look", "they differ", "resolved rightly", "over-reliance",
    "under-reliance",
)  # fmt: skip
BENEFIT_HEADER = (
    "who decides", "net cancers found of 1,000 women", "net work-ups spared of 1,000 women",
)  # fmt: skip
DECIDERS = {
    "ai": "the AI alone", "clinician": "the clinician alone", "everybody": "a work-up for all",
    "nobody": "a work-up for none", FAST: "with the fast AI", EXPLAINED: "with the explained AI",
}  # fmt: skip
WAIT_HEADER = ("study", "what was measured", "fast", "slow", "measured there?", "trust", "in use")
STUDY_HEADER = ("who", "what explaining did", "speaks to", "source")
ASSUMPTION_HEADER = ("assumption", "value", "range", "source", "moves the saving by")
OUTCOME_HEADER = ("outcome", "here", "compared", "formula")
SPOT_HEADER = (
    "AI's threshold", "cancers missed", "needless work-ups", "minutes a woman", "read a day",
    "cost", "known as",
)  # fmt: skip


def design_rows(result: DiagnosisResult) -> list[tuple[str, ...]]:
    """Lay the three designs side by side, at the chosen threshold."""
    rows: list[tuple[str, ...]] = []
    for design, m in result.designs.items():
        chosen = " (chosen)" if design == result.scenario.design else ""
        used = "" if design == NO_AI else share(float(m.use))
        rows.append(
            (f"{design}{chosen}", used, share(float(m.rates.tpr)), share(float(m.rates.tnr)),
             count(float(m.confusion.fn)), count(float(m.confusion.fp)), count(float(m.minutes)),
             count(float(m.read_a_day)), money(float(m.cost)))
        )  # fmt: skip
    return rows


def point_row(result: DiagnosisResult, point: DesignPoint) -> tuple[str, ...]:
    """Put one operating point in a row of words."""
    more = "nothing is cheaper" if point.price < CENTS else f"{money(point.price)} more"
    at = "" if undefined(point.threshold) else cut_of(result, point.threshold)
    cells = point.there.confusion
    return (POINTS[point.name], point.design, at, money(point.cost), more,
            count(float(cells.fn)), count(float(cells.fp)))  # fmt: skip


def reliance_rows(result: DiagnosisResult) -> list[tuple[str, ...]]:
    """Say what becomes of the readings on which the two differ."""
    return [
        (design, *(count(float(part) * READINGS)
                   for part in (found.disagree, found.appropriate, found.over, found.under)))
        for design, found in ((d, m.reliance) for d, m in result.designs.items() if d != NO_AI)
    ]  # fmt: skip


def benefit_rows(result: DiagnosisResult) -> list[tuple[str, ...]]:
    """Say each one's net benefit at the threshold probability, the best first."""
    found = sorted(result.decision_curve.at_probability.items(), key=lambda one: -one[1][0])
    return [(DECIDERS[name], _of_women(net), _of_women(spared)) for name, (net, spared) in found]


def _of_women(share_: float) -> str:
    return f"{'-' if share_ < 0 else ''}{count(abs(share_) * READINGS)}"


def wait_table(result: DiagnosisResult) -> list[tuple[str, ...]]:
    """Put every study of waiting in a row of words."""
    return [
        (row.table.title, row.table.measure, f"{count(row.fast)} at {count(row.fast_s)} s",
         f"{count(row.slow)} at {count(row.slow_s)} s", "yes" if row.inside else "outside",
         row.table.trust, "yes" if row.in_use else "")
        for row in result.waits
    ]  # fmt: skip


def study_rows() -> list[tuple[str, ...]]:
    """Put every study of explaining in a row of words."""
    return [(study.who, study.found, study.towards, study.source) for study in STUDIES]


def flip_line(flip: Flip) -> tuple[str, str, str, str]:
    """Say one flip point: what, its value now, the value that changes the answer, how far."""
    return flip_row(flip, NOUNS[flip.knob.name])


def assumption_row(assumption: Assumption) -> tuple[str, ...]:
    """Put one assumption in a row of words."""
    knob, value = assumption.knob, assumption.value
    said = value if isinstance(value, str) else with_unit(value, knob.unit)
    if undefined(assumption.swing):
        why = without_range(knob) or "it is counted, not assumed"
        return knob.label, said, "none", knob.source, f"undefined: {why}"
    ends = span(assumption.low, assumption.high, knob.unit)
    return knob.label, said, ends, knob.source, f"{money(assumption.swing)} a month"


def outcome_row(outcome: Outcome) -> tuple[str, ...]:
    """Put one outcome in a row: exact figures and the formula."""
    unit = f"{outcome.unit} a {outcome.per}"
    return (outcome.label, f"{outcome.value:,.4g} {unit}" if abs(outcome.value) < 100
            else f"{outcome.value:,.2f} {unit}",
            f"{outcome.compared:,.4g} {unit}" if abs(outcome.compared) < 100
            else f"{outcome.compared:,.2f} {unit}", outcome.formula)  # fmt: skip


def spot_rows(result: DiagnosisResult) -> list[tuple[str, ...]]:
    """Put a dozen thresholds in rows of words: the chosen one, the named ones, some between."""
    spots = every_spot(result)
    named = {row: words for row, words, _ in dial_marks(result)}
    some = np.linspace(0, result.curves.threshold.size - 1, SOME).round().astype(int).tolist()
    told = cards_at(spots)
    return [
        (spots.cut[row], *(card.value[row] for card in told),
         " and ".join([*(["chosen"] if row == result.row else []), *([named[row]] if row in named
                                                                     else [])]))
        for row in sorted({*some, *named, result.row})
    ]  # fmt: skip
