"""What a person says about a diagnosis: a finished result in, plain sentences out.

Long because it holds the words of the live part and of the lines around it; those of one
threshold are in `diagnosis_spots`, the tables in `diagnosis_tables`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.phrases import Phrase, column, either
from aipm_metrics.sentences.diagnosis_spots import (
    CENTS,
    NAMES,
    NO_AI,
    NOUNS,
    Spots,
    aloud_at,
    chosen_spot,
    lowest_line,
)
from aipm_metrics.spoken import count, duration, money, share, span, undefined
from aipm_metrics.spoken_columns import decimals, moneys, ones_in, shares

if TYPE_CHECKING:
    from aipm_metrics.scenarios.contract import Outcome
    from aipm_metrics.scenarios.diagnosis import DiagnosisResult

__all__ = [
    "CELLS", "POINTS", "Card", "CardAt", "aloud", "calibration_lines", "cards",
    "cards_at", "comparison_at", "described", "dial_marks", "evidence_line", "of_people", "people",
    "people_at", "ratios_at", "rival", "steps", "story", "worst_assumption", "worth_line",
]  # fmt: skip

LEAST_RARE = 1e307  # one in more than this is nobody
CELLS = {
    "caught": "cancers found", "missed": "cancers missed", "wronged": "needless work-ups",
    "left alone": "rightly sent home",
}  # fmt: skip
POINTS = {
    "explained": "explained costs least", "fast": "fast costs least", "no_ai": "no AI",
    "by_probability": "threshold probability",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CardAt:
    """One outcome at every spot: its name, its label, how much, and the change."""

    name: str
    label: str
    value: Phrase
    change: Phrase


@dataclass(frozen=True, slots=True)
class Card:
    """One outcome as it stands at the top of the page: what, how much, the change, the formula."""

    label: str
    value: str
    change: str
    detail: str


def story(result: DiagnosisResult) -> str:
    """Say in one line who is affected and what is at stake."""
    s = result.scenario
    slow, fast = duration(s.slow_wait_s / 60), duration(s.slow_wait_s * (1 - s.cut) / 60)
    return (
        f"{count(s.patients_per_day)} women a day; {share(s.prevalence)} of them have cancer. An "
        f"AI can answer in {fast} and say no more, or in {slow} and explain itself. {s.line}"
    )


def rival(result: DiagnosisResult) -> str:
    """Name the comparison point."""
    return NAMES[result.compared_design]


def cards(result: DiagnosisResult) -> tuple[Card, ...]:
    """Put the five outcomes on cards: cancers, work-ups, time, women read, money."""
    by_name = {outcome.name: outcome for outcome in result.outcomes}
    return tuple(
        Card(card.label, card.value[0], card.change[0], _detail(by_name[card.name]))
        for card in cards_at(chosen_spot(result))
    )


def _detail(outcome: Outcome) -> str:
    return f"{outcome.value:,.2f} {outcome.unit} a {outcome.per} = {outcome.formula}"


def cards_at(spots: Spots) -> tuple[CardAt, ...]:
    """Put the five outcomes of every spot on cards."""
    minutes = spots.said(lambda m: m.minutes, " longer", " shorter")
    a_day = spots.said(lambda m: m.read_a_day)
    verb = either(spots.saving > 0, "saves " + spots.saved, "costs " + spots.saved + " more")
    same = np.abs(spots.saving) < CENTS
    return (
        CardAt("fn", "cancers missed a month", spots.missed.value,
               spots.missed.changed(none="no change")),
        CardAt("fp", "needless work-ups a month", spots.workups.value,
               spots.workups.changed(none="no change")),
        CardAt("minutes", "minutes a woman", minutes.value, minutes.changed(none="no change")),
        CardAt("read_a_day", "women read a day", a_day.value, a_day.changed(none="no change")),
        CardAt("cost", "cost a month", spots.cost, either(same, "costs the same", verb)),
    )  # fmt: skip


def ratios_at(spots: Spots) -> tuple[tuple[str, Phrase], ...]:
    """Say what a radiologist would ask for of every spot, and what the three designs cost."""
    here, rows = spots.here, spots.rows
    costs = tuple(
        (f"{design} costs", column(moneys(np.broadcast_to(sweep.cost, rows.shape)
                                          if np.ndim(sweep.cost) == 0 else sweep.cost[rows])))
        for design, sweep in spots.result.sweeps.items()
    )  # fmt: skip
    return (
        ("sensitivity", column(shares(here.rates.tpr))),
        ("specificity", column(shares(here.rates.tnr))),
        ("AI alone: sensitivity", column(shares(here.alone.tpr))),
        ("AI alone: specificity", column(shares(here.alone.tnr))),
        *costs,
    )


def aloud(result: DiagnosisResult) -> tuple[str, ...]:
    """Sentences to speak; see `aloud_at`."""
    return tuple(said[0] for said in aloud_at(chosen_spot(result)))


def comparison_at(spots: Spots) -> Phrase:
    """Say what the changes of every spot are changes against."""
    return either(
        spots.is_today,
        "This is what choices are compared with, so it is compared with the cheapest instead: "
        + spots.rival + ".",
        "Compared with " + spots.rival + ".",
    )  # fmt: skip


def worth_line(result: DiagnosisResult) -> str:
    """Say the threshold probability as what one miss is worth."""
    return (
        f"One missed cancer is worth {count(result.worth)} needless work-ups: who holds that sends "
        f"a woman on from a chance of cancer of {share(result.probability)}."
    )


def calibration_lines(result: DiagnosisResult) -> tuple[str, ...]:
    """Say what the AI's chances are worth, and what believing them costs."""
    found = result.calibration
    if undefined(found.mean_reported):
        return ("These scores are no chances, so nobody can say whether they are honest, and there "
                "is no decision curve of the AI alone.",)  # fmt: skip
    lines = [
        f"On average the AI says {share(found.mean_reported)}, and {share(found.prevalence)} "
        "have cancer."
    ]
    if not undefined(found.said_at):
        lines.append(
            f"Where the chance is {share(result.probability)}, it says {share(found.said_at)}."
        )
    if found.alone < CENTS:
        lines.append("Believing its chances costs nothing: cut where they say, it is cut right.")
    else:
        lines.append(
            "Cut at the threshold probability as if its chances were right, the AI alone loses "
            f"{money(found.alone)} a month."
        )
    if found.team >= CENTS:
        lines.append(
            f"The team loses {money(found.team)} a month where its AI is cut at what would be "
            "best if it were honest."
        )
    return tuple(lines)


def evidence_line(result: DiagnosisResult) -> str:
    """Say what the evidence is not, before any of it is shown."""
    del result
    return (
        "No clinical study of this exact trade was found: a shorter wait against an explanation. "
        "Studies of explanations hold the wait the same; studies of waiting are not about "
        "clinicians. So both effects are assumptions of yours, and the flip points say how far "
        "they may be off."
    )


def of_people(result: DiagnosisResult) -> str:
    """Head the picture of people."""
    return f"Of {result.people.of:,} women, what happens to whom?"


def described(result: DiagnosisResult, picture: str) -> str:
    """Describe a picture to whoever cannot see it; true wherever the threshold stands."""
    return {
        "people": f"{result.people.of:,} women as icons: those with cancer, found or missed, and "
        "those without, sent home or to a needless work-up.",
        "cost": "Cost of the three designs along the AI's threshold; cheapest is "
        f"{lowest_line(result)}. A line marks the threshold.",
        "roc": "Sensitivity against false alarms: the AI alone as a curve, the clinician alone as "
        "a dot, and the two teams as curves between them; a dot marks the chosen one.",
        "reliance": "Readings of 1,000 on which clinician and AI differ, along the AI's threshold: "
        "resolved rightly, followed where the AI is wrong, not followed where it is right.",
        "benefit": "Net benefit of 1,000 women along the threshold probability, of each team, the "
        "clinician alone, the AI alone, and work-ups for all or none.",
        "use": "Share of readings that look at the AI, along its wait, opaque and explained, with "
        "both designs marked.",
    }[picture]


def dial_marks(result: DiagnosisResult) -> tuple[tuple[int, str, str], ...]:
    """Name the positions of the dial worth a mark: row, words, and "best", "point" or "today"."""
    curves, s, cheapest = result.curves, result.scenario, result.lowest_cost.name
    worth = [
        (p.threshold, POINTS[p.name], "best" if p.name == cheapest else "point")
        for p in result.points
    ]
    if s.today_design != NO_AI:
        worth.append((s.today_threshold, "compared", "today"))
    found: dict[int, tuple[list[str], str]] = {}
    for at, name, kind in worth:
        if curves.low <= at <= curves.high:
            row = int(np.searchsorted(curves.threshold, at))
            names, first = found.get(row, ([], kind))
            found[row] = [*names, name], first
    return tuple((row, " and ".join(names), kind) for row, (names, kind) in sorted(found.items()))


def people(result: DiagnosisResult) -> tuple[tuple[str, str], ...]:
    """Say the four cells out of a round number of women."""
    said = people_at(chosen_spot(result))
    return tuple((label, said[cell][0]) for cell, label in CELLS.items())


def people_at(spots: Spots) -> dict[str, Phrase]:
    """Say the four cells of every spot; one that shows nobody is "1 in so many"."""
    found, said = spots.result.people, {}
    for cell in CELLS:
        n = np.broadcast_to(found.people[cell], spots.result.curves.threshold.shape)[spots.rows]
        words, nobody = decimals(n, 0), np.flatnonzero(n == 0)
        every = np.broadcast_to(found.one_in[cell], spots.result.curves.threshold.shape)
        many = every[spots.rows][nobody]
        words[nobody] = np.where(many > LEAST_RARE, "0", ones_in(many))
        said[cell] = column(words)
    return said


def steps(
    result: DiagnosisResult,
) -> tuple[tuple[str, str, tuple[str | int, ...], tuple[str | int, ...], tuple[str, ...]], ...]:
    """Tell the tradeoff one idea at a time.

    Returns
    -------
    tuple of (name, title, text, note, panels)
        The text is shown, the note is the speaker's; in both a number stands for that sentence
        of the paragraph to say aloud. Panels by name.
    """
    return (
        ("story", result.scenario.question, (story(result),),
         ("Say whose cancer is missed before you say how fast it is.",), ()),
        ("people", of_people(result), (0,), ("Move the threshold and count again.",),
         ("dial", "people")),
        ("picture", "What does each design cost?", (1,),
         (f"Cheapest is {lowest_line(result)}.",), ("dial", "cost")),
        ("readers", "What are the two together?", (worth_line(result),),
         ("A team can be worse than the clinician alone: where it follows what is wrong.",),
         ("dial", "roc", "reliance")),
        ("tradeoff", "Fast or explained?", (2,), (evidence_line(result),), ("dial", "cards")),
        ("mind", "What would change my mind?", (3,),
         ("Say it as a promise: what you will measure, and by when.",), ()),
    )  # fmt: skip


def worst_assumption(result: DiagnosisResult) -> str:
    """Name the assumption that moves the answer most."""
    first = result.assumptions[0]
    if undefined(first.swing) or first.swing < CENTS:
        return "No assumption moves the answer."
    return (
        f"What moves the answer most is {NOUNS[first.knob.name]}: from "
        f"{span(first.low, first.high, first.knob.unit)} the saving against {rival(result)} moves "
        f"by {money(first.swing)} a month."
    )
