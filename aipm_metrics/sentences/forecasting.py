"""What a person says about two forecasts: a finished result in, plain sentences out.

Those about one buffer are in `forecasting_spots`, those about the two forecasts side by side in
`forecasting_duel`. Over 250 lines, for each table has its header and its row side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.phrases import Phrase, column, either
from aipm_metrics.sentences import flip_words
from aipm_metrics.sentences.forecasting_spots import (
    CENTS,
    HALF,
    NOUNS,
    Spots,
    aloud_at,
    buffer_words,
    chosen_spot,
    every_spot,
    out_of_a_hundred,
    than_forecast,
)
from aipm_metrics.spoken import count, money, share, undefined, whole, with_unit
from aipm_metrics.spoken_columns import decimals, moneys, shares, with_units

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.contract import Assumption, Outcome
    from aipm_metrics.scenarios.forecasting import ForecastingPoint, ForecastingResult
    from aipm_metrics.scenarios.forecasting_month import Month

__all__ = [
    "ASSUMPTION_HEADER", "CELLS", "FLIP_HEADER", "OUTCOME_HEADER", "POINTS", "POINT_HEADER",
    "SPOT_HEADER", "CardAt", "aloud", "assumption_row", "cards", "cards_at", "comparison_at",
    "described", "dial_marks", "flip_row", "model_line", "of_people", "outcome_row",
    "people_at", "point_notes", "point_row", "ratios_at", "rival", "spot_rows", "steps", "story",
    "today_words", "worst_assumption",
]  # fmt: skip

POINTS = {
    "lowest_cost": "lowest cost",
    "as_forecast": "trust it",
    "median": "what MAE asks for",
    "mape": "what MAPE asks for",
}
CELLS = {
    "on_time": "ride on time",
    "rescued": "wait for surge",
    "lost": "no ride",
    "busy": "driver with a rider",
    "idle": "idle driver",
}
POINT_HEADER = (
    "point", "drivers sent", "enough in", "driver pay an hour", "cost a month", "over the lowest",
)  # fmt: skip
FLIP_HEADER = flip_words.FLIP_HEADER
ASSUMPTION_HEADER = ("assumption", "value", "source", "moves the saving by")
OUTCOME_HEADER = ("outcome a month", "here", "compared", "formula")
SPOT_HEADER = ("drivers sent", "rides not given", "idle hours", "driver pay an hour", "top-ups",
               "cost", "known as")  # fmt: skip
MANY = 0.01  # of hours below nothing before a law is said not to fit


@dataclass(frozen=True, slots=True)
class CardAt:
    """One outcome at every spot: name, label, how much, how it differs."""

    name: str
    label: str
    value: Phrase
    change: Phrase


def story(result: ForecastingResult) -> str:
    """Say in one line what is asked for and what is at stake."""
    s = result.scenario
    return (
        f"{count(float(result.told.rides))} rides are asked for in a zone-hour, "
        f"{count(s.zone_hours)} zone-hours "
        f"a month; drivers are sent by forecast. {s.line}"
    )


def rival(result: ForecastingResult) -> str:
    """Name the comparison point."""
    return "today" if result.compared_with == "today" else "the lowest cost"


def cards(result: ForecastingResult) -> tuple[tuple[str, str, str], ...]:
    """Put five outcomes on cards: label, value, change."""
    return tuple((c.label, c.value[0], c.change[0]) for c in cards_at(chosen_spot(result)))


def cards_at(spots: Spots) -> tuple[CardAt, ...]:
    """Put five outcomes of every spot on cards."""
    verb = either(spots.saving > 0, "saves " + spots.saved, "costs " + spots.saved + " more")
    pay = spots.read(lambda m: m.pay)
    return (
        CardAt("lost", "rides not given a month", spots.value(lambda m: m.lost),
               spots.changed(lambda m: m.lost, none="no change")),
        CardAt("idle", "idle driver-hours a month", spots.value(lambda m: m.idle),
               spots.changed(lambda m: m.idle, none="no change")),
        CardAt("pay", "driver pay an hour",
               either(np.isnan(pay), "undefined: nobody is sent", column(moneys(pay))),
               _moved(spots, lambda m: m.pay)),
        CardAt("top_ups", "top-ups a month", column(moneys(spots.read(lambda m: m.top_ups))),
               _moved(spots, lambda m: m.top_ups)),
        CardAt("cost", "cost of errors a month", spots.cost,
               either(np.abs(spots.saving) < CENTS, "costs the same", verb)),
    )  # fmt: skip


def _moved(spots: Spots, read: Callable[[Month], Any]) -> Phrase:
    """Say how a sum of money differs."""
    apart = np.nan_to_num(spots.read(read) - spots.there(read))
    said = column(moneys(np.abs(apart))) + either(apart > 0, " more", " less")
    return either(np.abs(apart) < CENTS, "no change", said)


def ratios_at(spots: Spots) -> tuple[tuple[str, Phrase], ...]:
    """Say what an operations person would ask for."""
    wait, use = spots.read(lambda m: m.wait), spots.read(lambda m: m.use)
    return (
        ("zone-hours with drivers enough", column(shares(spots.read(lambda m: m.enough)))),
        ("rides given", column(shares(spots.read(lambda m: m.served)))),
        ("mean wait", either(np.isnan(wait), "undefined: nobody gets a ride",
                             column(with_units(np.nan_to_num(wait), "min")))),
        ("drivers' time with a rider", either(np.isnan(use), "undefined: nobody is sent",
                                              column(shares(np.nan_to_num(use))))),
    )  # fmt: skip


def aloud(result: ForecastingResult) -> tuple[str, ...]:
    """Sentences to speak: accuracy, whom it costs what, the money, the flip point."""
    return tuple(said[0] for said in aloud_at(chosen_spot(result)))


def comparison_at(spots: Spots) -> Phrase:
    """Say what the changes of every spot are changes against."""
    s, best = spots.result.scenario, spots.result.points[0]
    return either(
        spots.is_today,
        "This is today's own plan, so it is compared with the lowest cost instead: "
        f"{than_forecast(best.buffer)}.",
        f"Compared with today: {today_words(s.today_buffer)}.",
    )


def today_words(buffer: float) -> str:
    """Say what happens today.

    Examples
    --------
    >>> today_words(0)
    'drivers are sent as the old forecast says'
    """
    if buffer == 0:
        return "drivers are sent as the old forecast says"
    return f"{share(abs(buffer))} {'more' if buffer > 0 else 'fewer'} than the old forecast says"


def of_people(result: ForecastingResult) -> str:
    """Head the picture of people."""
    del result
    return "Of 1,000 riders and 1,000 driver-hours, what becomes of each?"


def people_at(spots: Spots) -> dict[str, Phrase]:
    """Say the cells of every spot; one that shows nobody though it is not empty says so."""
    found = spots.result.people
    amounts = {
        "on_time": spots.here.on_time, "rescued": spots.here.rescued, "lost": spots.here.lost,
        "busy": np.asarray(spots.here.hours) - spots.here.idle, "idle": spots.here.idle,
    }  # fmt: skip
    said = {}
    for cell in CELLS:
        n = found[cell][spots.rows]
        some = np.broadcast_to(np.asarray(amounts[cell]) > HALF, n.shape)
        said[cell] = either((n == 0) & some, "under 1", column(decimals(n, 0)))
    return said


def dial_marks(result: ForecastingResult) -> tuple[tuple[int, str, str], ...]:
    """Name the positions of the dial worth a mark: row, words, and what kind it is."""
    found: dict[int, tuple[list[str], str]] = {}
    worth = [
        (p.buffer, POINTS[p.name], "best" if p.name == "lowest_cost" else "point")
        for p in result.points
        if p.feasible
    ]
    if result.is_today.any():
        worth.append((result.scenario.today_buffer, "today", "today"))
    for at, name, kind in worth:
        row = result.row_of(at)
        names, first = found.get(row, ([], kind))
        found[row] = [*names, name], first
    return tuple((row, " and ".join(names), kind) for row, (names, kind) in sorted(found.items()))


def described(result: ForecastingResult, picture: str) -> str:
    """Describe a picture to whoever cannot see it; true wherever the hand stands."""
    best = than_forecast(result.points[0].buffer)
    return {
        "people": "1,000 riders as icons: on time, waiting for surge, without a ride; and 1,000 "
        "driver-hours: with a rider, idle.",
        "cost": f"Cost by cause along the drivers sent, lowest at {best}; a line marks the chosen "
        "number.",
        "demand": "Chance of every demand in hours with this forecast; what lies below the drivers "
        "sent leaves drivers idle, what lies above leaves riders short.",
        "errors": "Share of rides not given and share of driver time idle along the drivers sent: "
        "one falls as the other rises.",
        "pay": "Driver pay an hour against the share of rides not given; a dot marks the chosen "
        "number of drivers.",
        "landscape": "Cost of sending what a forecast says, by its bias and its spread; both "
        "forecasts are marked, and lines join forecasts of equal accuracy.",
    }[picture]


def point_row(point: ForecastingPoint) -> tuple[str, ...]:
    """Put one operating point in a row of words."""
    name = POINTS[point.name]
    if not point.feasible:
        return name, "undefined", "", "", "", ""
    price = "nothing is cheaper" if point.price < CENTS else f"{money(point.price)} more"
    pay = "undefined" if undefined(point.pay) else money(point.pay)
    return (
        name, buffer_words(point.buffer)[0], f"{out_of_a_hundred(point.enough)[0]} zone-hours",
        pay, money(point.cost), price,
    )  # fmt: skip


def point_notes(result: ForecastingResult) -> tuple[str, ...]:
    """Say which law does not fit."""
    if result.below_nothing < MANY:
        return ()
    return (
        f"A normal demand would be below nothing in {share(result.below_nothing)} of zone-hours, "
        "which are taken as without demand. A lognormal demand cannot be.",
    )


def model_line(result: ForecastingResult) -> str:
    """Say what is compared and how it is worked out."""
    s = result.scenario
    if result.rows:
        return (
            f"These are your own {whole(result.rows.n_hours)} hours, counted; the prices and the "
            "number of zone-hours a month are the knobs'."
        )
    return (
        f"Demand is {s.law} around what each forecast knows. Every number is worked out in closed "
        "form from the law of the errors; nothing is drawn at random."
    )


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
    here, there = (
        "undefined" if undefined(v) else f"{v:,.2f} {outcome.unit}"
        for v in (outcome.value, outcome.compared)
    )
    return outcome.label, here, there, outcome.formula


def steps(
    result: ForecastingResult,
) -> tuple[tuple[str, str, tuple[str | int, ...], tuple[str | int, ...], tuple[str, ...]], ...]:
    """Tell the tradeoff one idea at a time; see `moderation.steps` for the shape."""
    return (
        ("story", result.scenario.question, (story(result),),
         ("Ask which way the forecast misses before how far.",), ()),
        ("accuracy", "Is the new forecast better?", (0,),
         ("Stop after the percentage. Let somebody say: ship it.",), ("demand",)),
        ("people", of_people(result), (1,), ("Count the idle drivers aloud; then move the dial.",),
         ("dial", "people")),
        ("tradeoff", "What does it cost, and what does money ask for?", (2,), (),
         ("dial", "cards", "cost")),
        ("mind", "What would change my mind?", (3,),
         ("Say it as a promise: what you will measure, and by when.",), ()),
    )  # fmt: skip


def worst_assumption(result: ForecastingResult) -> str:
    """Name the assumption that moves the answer most."""
    first = result.assumptions[0]
    if undefined(first.swing) or first.swing < CENTS:
        return "No assumption moves the answer."
    return (
        f'What moves the answer most is "{first.knob.label}": from half to one and a half times '
        f"its value, the saving against {rival(result)} moves by {money(first.swing)} a month."
    )


def spot_rows(result: ForecastingResult) -> list[tuple[str, ...]]:
    """Put every buffer in a row of words."""
    spots = every_spot(result)
    told, known = cards_at(spots), {row: name for row, name, _ in dial_marks(result)}
    rows = []
    for row in range(result.buffers.size):
        names = ([known[row]] if row in known else []) + (["chosen"] if row == result.row else [])
        rows.append((spots.number[row], *(card.value[row] for card in told), " and ".join(names)))
    return rows
