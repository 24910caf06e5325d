"""What a person says about building a model or not: a finished result in, plain sentences out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.phrases import Phrase, column, either
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS
from aipm_metrics.sentences.build_or_not_spots import (
    CENTS,
    DOING,
    PLURAL,
    Spots,
    aloud_at,
    chosen_spot,
)
from aipm_metrics.spoken import count, money, one_in, undefined
from aipm_metrics.spoken_columns import counts, decimals, moneys, ones_in, shares

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not import BuildOrNotResult

__all__ = [
    "CELLS",
    "aloud",
    "cards",
    "cards_at",
    "comparison_at",
    "described",
    "dial_marks",
    "hull_line",
    "of_map",
    "of_people",
    "people_at",
    "ratios_at",
    "rival",
    "steps",
    "story",
    "worst_assumption",
]

LEAST_RARE = 1e307  # one in more than this is nobody
CELLS = {
    "caught": "positive, flagged",
    "missed": "positive, missed",
    "wronged": "negative, flagged",
    "left alone": "negative, left alone",
}


@dataclass(frozen=True, slots=True)
class CardAt:
    """One outcome at every spot: name, label, how much, how it differs."""

    name: str
    label: str
    value: Phrase
    change: Phrase


def story(result: BuildOrNotResult) -> str:
    """Say in one line what there is to find and how much of it."""
    s = result.scenario
    return (
        f"{count(s.items_per_month)} items a month, {one_in(1 / s.prevalence)} is a positive; "
        f"today: {DOING[s.today]}. {s.line}"
    )


def rival(result: BuildOrNotResult) -> str:
    """Name the comparison point."""
    return DOING[result.rival]


def cards(result: BuildOrNotResult) -> tuple[tuple[str, str, str], ...]:
    """Put the outcomes on cards: label, value, change."""
    return tuple((c.label, c.value[0], c.change[0]) for c in cards_at(chosen_spot(result)))


def cards_at(spots: Spots) -> tuple[CardAt, ...]:
    """Put the four ways, and the volume from which a model pays, on cards."""
    told = []
    for option in OPTIONS:
        more = spots.cost_of(option) - spots.lowest
        mark = " (your choice)" if option == spots.result.scenario.option else ""
        told.append(
            CardAt(
                option, f"{DOING[option]}, a month{mark}",
                column(moneys(spots.cost_of(option))),
                either(more < CENTS, "the cheapest", column(moneys(more)) + " more"),
            )
        )  # fmt: skip
    return (*told, _volume_card(spots))


def _volume_card(spots: Spots) -> CardAt:
    """Put the number of items that a model needs on a card; an upper end beside today's number."""
    found = spots.result.volumes
    low, high = found.low[spots.rows], found.high[spots.rows]
    never = np.isnan(low)
    pays, end = (column(counts(np.nan_to_num(v, nan=1.0))) for v in (low, high))
    now = f"now {count(spots.result.scenario.items_per_month)}"
    return CardAt(
        "volume", "items a month from which a model pays",
        either(never, "no volume", either(low <= found.least, "any volume", pays)),
        either(never, "over so long a plan",
               either(high < found.most, "up to " + end + "; " + now, now)),
    )  # fmt: skip


def ratios_at(spots: Spots) -> tuple[tuple[str, Phrase], ...]:
    """Model metrics of the choice, as a mean over the plan."""
    cells = spots.result.way.rates.confusion(spots.result.scenario.prevalence)

    def told(values: Floats, why: str) -> Phrase:
        there = np.broadcast_to(values, spots.result.months.shape)[spots.rows]
        said = column(shares(np.nan_to_num(there)))
        return either(np.isnan(there), f"undefined: {why}", said)

    return (
        ("recall", told(cells.recall, "nothing is positive")),
        ("precision", told(cells.precision, "nothing is flagged")),
        ("false positive rate", told(1 - cells.specificity, "nothing is negative")),
        ("share flagged", told(cells.flagged / cells.total, "")),
    )


def aloud(result: BuildOrNotResult) -> tuple[str, ...]:
    """Sentences to speak: what is cheapest, what the choice does, the volume, the flip point."""
    return tuple(said[0] for said in aloud_at(chosen_spot(result)))


def comparison_at(spots: Spots) -> Phrase:
    """Say what the choice is compared with."""
    s = spots.result.scenario
    if s.option == s.today:
        return "Your choice is what is done today; it is compared with " + spots.rival + "."
    return f"Your choice, {DOING[s.option]}, is compared with today's: " + spots.rival + "."


def of_people(result: BuildOrNotResult) -> str:
    """Head the picture of people."""
    option = DOING[result.scenario.option]
    return f"Of {result.people.of:,} items, what becomes of each with {option}?"


def of_map(result: BuildOrNotResult) -> str:
    """Head the map of the best choice."""
    return f"Which way is cheapest over {count(result.scenario.months)} months?"


def people_at(spots: Spots) -> dict[str, Phrase]:
    """Say the four cells of every spot; one that shows nobody is "1 in so many"."""
    found, said = spots.result.people, {}
    for cell in CELLS:
        n = np.broadcast_to(found.people[cell], spots.result.months.shape)[spots.rows]
        words, nobody = decimals(n, 0), np.flatnonzero(n == 0)
        many = np.broadcast_to(found.one_in[cell], spots.result.months.shape)[spots.rows][nobody]
        words[nobody] = np.where(many > LEAST_RARE, "0", ones_in(many))
        said[cell] = column(words)
    return said


def dial_marks(result: BuildOrNotResult) -> tuple[tuple[int, str, str], ...]:
    """Name the lengths of the plan at which another way becomes the cheapest."""
    best = result.cheapest
    turns = np.append(0, np.flatnonzero(best[1:] != best[:-1]) + 1)
    return tuple((int(row), f"{DOING[OPTIONS[best[row]]]} cheapest from", "best") for row in turns)


def described(result: BuildOrNotResult, picture: str) -> str:
    """Describe a picture to whoever cannot see it; true however long the plan is."""
    return {
        "people": f"{result.people.of:,} items as icons: positives and negatives, flagged or not.",
        "cost": "Cost a month of the four ways along the length of the plan; a line marks the "
        "chosen one.",
        "causes": "Cost a month of your choice by cause along the length of the plan.",
        "volume": "Number of items a month from which a model is the cheapest way, along the "
        "length of the plan, with today's number.",
        "roc": "Doing nothing, rules, people and the model's curve as positives found against "
        "negatives flagged, with their convex hull; a dot marks your choice.",
        "map": "The cheapest way over two knobs, as areas; a dot marks where things stand.",
    }[picture]


def hull_line(result: BuildOrNotResult) -> str:
    """Say which ways no price could make the best on quality alone."""
    inside = [DOING[option] for option in result.below_hull]
    if not inside:
        return (
            "Each way stands on the hull of all of them: some price of a miss makes it the best, "
            "running costs aside."
        )
    verb = "lie" if len(inside) > 1 or inside[0] in PLURAL else "lies"
    said = " and ".join(inside)
    return (
        f"{said[0].upper()}{said[1:]} {verb} below the hull: a mixture of their neighbours, some "
        "items the one way and some the other, finds more at as many false alarms. Only running "
        "costs can speak for it."
    )


def steps(
    result: BuildOrNotResult,
) -> tuple[tuple[str, str, tuple[str | int, ...], tuple[str | int, ...], tuple[str, ...]], ...]:
    """Tell the tradeoff one idea at a time; see `moderation.steps` for the shape."""
    return (
        ("story", result.scenario.question, (story(result),),
         ("Say what is done today before you say what could be built.",), ()),
        ("people", of_people(result), (), ("Count the missed ones aloud.",), ("dial", "people")),
        ("picture", "What does each way cost by then?", (0,),
         (hull_line(result),), ("dial", "cost")),
        ("tradeoff", "What do we choose, and whom does it cost what?", (1, 2), (),
         ("dial", "cards")),
        ("mind", "What would change my mind?", (3,),
         ("Say it as a promise: what you will measure, and by when.",), ()),
    )  # fmt: skip


def worst_assumption(result: BuildOrNotResult) -> str:
    """Name the assumption that moves the answer most."""
    first = result.assumptions[0]
    if undefined(first.swing) or first.swing < CENTS:
        return "No assumption moves the answer."
    return (
        f'What moves the answer most is "{first.knob.label}": from half to one and a half times '
        f"its value, the saving against {rival(result)} moves by {money(first.swing)} a month."
    )
