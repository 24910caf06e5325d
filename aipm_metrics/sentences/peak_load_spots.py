"""Sentences about a number of servers, for one number or for every one at once.

A spot is a number of servers with its month and what it is compared with. Words are written as
phrases over spots. Axis letter: `t` positions of the hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.phrases import Phrase, column, either, phrase
from aipm_metrics.spoken import count, with_unit
from aipm_metrics.spoken_columns import STRINGS, counts, decimals, moneys, shares, with_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.peak_load import PeakLoadResult
    from aipm_metrics.scenarios.peak_load_month import Month

__all__ = [
    "CENTS",
    "HALF",
    "NOUNS",
    "Spots",
    "aloud_at",
    "chosen_spot",
    "every_spot",
    "per_thousand",
]

CENTS = 0.005  # USD a month; less is not a difference
HALF = 0.5  # of a request
NOUNS = {
    "server_price": "the price of a server",
    "call_price": "the price of an answer",
    "fallback_price": "the price of a fallback answer",
    "cost_late": "the cost of a late answer",
    "value_per_request": "the worth of a request",
    "cost_unanswered": "the cost of no answer",
    "cost_fp": "the cost of a false alarm",
    "cost_fn": "the cost of a miss",
}


@dataclass(frozen=True)
class Spots:
    """Numbers of servers and what is said of each.

    Attributes
    ----------
    result
    here : Month, (t,) each
    rows : (t,) ints
        Where they stand among all positions.
    """

    result: PeakLoadResult
    here: Month
    rows: NDArray[np.intp]

    @cached_property
    def servers(self) -> Floats:
        """How many, (t,)."""
        return self.result.servers[self.rows]

    @cached_property
    def is_today(self) -> Any:
        """Where the number is today's own, (t,) bools."""
        return self.servers == self.result.scenario.today_servers

    def there(self, read: Callable[[Month], Any]) -> Floats:
        """Read the month of the comparison point, (t,)."""
        today, cheapest = (float(read(m)) for m in (self.result.today, self.result.cheapest))
        return np.where(self.is_today, cheapest, today)

    def read(self, read: Callable[[Month], Any]) -> Floats:
        """Read the month here, (t,)."""
        return np.broadcast_to(np.asarray(read(self.here), float), self.rows.shape)

    def value(self, read: Callable[[Month], Any]) -> Phrase:
        """Say how many requests a month; less than half of one is none to speak of."""
        many = self.read(read)
        return either((many > 0) & (many < HALF), "under 1", column(counts(many)))

    def changed(self, read: Callable[[Month], Any], none: str) -> Phrase:
        """Say by how much a number differs from the comparison point's."""
        here, there = self.read(read), self.there(read)
        apart = np.abs(here - there)
        more = column(counts(apart)) + either(here > there, " more", " fewer")
        return either(apart < HALF, none, more)

    @cached_property
    def number(self) -> Phrase:
        """Say the number of servers."""
        one = either(self.servers == 1, " server", " servers")
        return column(counts(self.servers)) + one

    @cached_property
    def rival(self) -> Phrase:
        """Name the comparison point and its number of servers."""
        today = count(self.result.scenario.today_servers)
        best = count(self.result.points[0].servers)
        return either(self.is_today, f"the lowest cost's {best}", f"today's {today}")

    @cached_property
    def saving(self) -> Floats:
        """USD a month saved against the comparison point, (t,)."""
        return self.there(lambda m: m.cost) - self.read(lambda m: m.cost)

    @cached_property
    def saved(self) -> Phrase:
        """Say the size of the saving, whichever way it goes."""
        return column(moneys(np.abs(self.saving)))

    @cached_property
    def cost(self) -> Phrase:
        """Say the cost a month."""
        return column(moneys(self.read(lambda m: m.cost)))

    @cached_property
    def per_good(self) -> Phrase:
        """Say the price of a thousand good outcomes."""
        return per_thousand(self.read(lambda m: m.price_per_good))


def per_thousand(usd: Floats) -> Phrase:
    """Say a price per good outcome, for a thousand of them."""
    return either(np.isnan(usd), "undefined: no answer is good", column(moneys(usd * 1000)))


def every_spot(result: PeakLoadResult) -> Spots:
    """Every number of servers a hand can choose."""
    return Spots(result, result.sweep, np.arange(result.servers.size))


def chosen_spot(result: PeakLoadResult) -> Spots:
    """Only the scenario's own number."""
    row = np.array([result.row])
    return Spots(result, result.sweep.at(result.row), row)


def aloud_at(spots: Spots) -> tuple[Phrase, Phrase, Phrase, Phrase]:
    """Sentences to speak: whom it costs what, the average's promise, the money, the flip point."""
    return _choice(spots), _average(spots), _money(spots), _mind(spots)


def _choice(spots: Spots) -> Phrase:
    s = spots.result.scenario
    falls_back = s.when_full == "the fallback answers"
    read: Callable[[Month], Any] = (
        (lambda m: m.fallback) if falls_back else (lambda m: m.unanswered)
    )
    does = " and hand " if falls_back else " and leave "
    then = " to the fallback" if falls_back else " without an answer"
    return (
        "With " + spots.number + " we answer " + spots.value(lambda m: m.late)
        + " requests a month late" + does + spots.value(read) + then + ": "
        + spots.changed(lambda m: m.late, "as many") + " late and "
        + spots.changed(read, "as many") + then + ", against " + spots.rival + "."
    )  # fmt: skip


def _average(spots: Spots) -> Phrase:
    result, rows = spots.result, spots.rows
    promised, kept, worst = (
        np.asarray(values)[rows]
        for values in (result.mean.in_time, result.sweep.in_time, result.worst_in_time)
    )
    said = (
        "If every hour were average, " + column(shares(promised))
        + " would be answered in time; over the real day it is " + column(shares(kept))
        + ", and in the worst quarter of an hour " + column(shares(worst))
    )  # fmt: skip
    hours, unsafe = result.collapsed_hours[rows], result.unsafe_hours[rows]
    storm = (
        ". Retries take over and keep the servers too busy for " + column(decimals(hours, 1))
        + " hours: it has collapsed and stays collapsed"
    )  # fmt: skip
    near = (
        ". For " + column(decimals(unsafe, 1)) + " hours a rush of seconds could start retries "
        "that keep the servers too busy: this can collapse and stay collapsed"
    )  # fmt: skip
    return said + either(hours > 0, storm, either(unsafe > 0, near, "")) + "."


def _money(spots: Spots) -> Phrase:
    joined = either(
        spots.saving > CENTS,
        " and saves " + spots.saved + " against " + spots.rival,
        either(
            np.abs(spots.saving) < CENTS,
            ", the same as " + spots.rival,
            ", " + spots.saved + " more than " + spots.rival,
        ),
    )
    best = spots.result.points[0]
    extra = spots.read(lambda m: m.cost) - best.cost
    cheapest = either(
        extra < CENTS,
        "no number of servers is cheaper",
        f"{_servers(best.servers)} cheapest and would save " + column(moneys(extra))
        + either(spots.saving > CENTS, " more", ""),
    )  # fmt: skip
    good = either(
        np.isnan(spots.read(lambda m: m.price_per_good)),
        "",
        " A thousand answers in time and right cost " + spots.per_good + " of servers and models.",
    )
    return "It costs " + spots.cost + " a month" + joined + "; " + cheapest + "." + good


def _servers(n: float) -> str:
    """Say a number of servers as what a sentence is about."""
    return "1 server is" if n == 1 else f"{count(n)} servers are"


def _mind(spots: Spots) -> Phrase:
    flips = spots.result.nearest_flips
    which, at = flips.which[spots.rows], flips.at[spots.rows]
    moved = phrase("")
    for i, knob in enumerate(flips.knobs):
        mine = which == i
        if not mine.any():
            continue
        today = float(getattr(spots.result.scenario, knob.name))
        said = np.full(which.size, "", STRINGS)
        said[mine] = with_units(at[mine], knob.unit)
        verb = either(at > today, "rose above ", "fell below ")
        now = f" (now {with_unit(today, knob.unit)})"
        moved = either(mine, f"{NOUNS[knob.name]} " + verb + column(said) + now, moved)
    cheaper = either(spots.is_today, "The lowest cost", "Today's number")
    return either(
        which < 0,
        "No single price, anywhere in its range, would change my mind.",
        either(spots.saving >= 0, "I would go back to " + spots.rival + " only if ",
               cheaper + " is cheaper; I would be right only if ") + moved + ".",
    )  # fmt: skip
