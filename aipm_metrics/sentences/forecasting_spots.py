"""Sentences about a buffer on a forecast, for one buffer or for every one at once.

A spot is a buffer with its month and what it is compared with. Words are written as phrases over
spots. Over 250 lines, for the paragraph is one. Axis letter: `t` positions of the hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.phrases import Phrase, column, either, phrase
from aipm_metrics.spoken import money, share, undefined, with_unit
from aipm_metrics.spoken_columns import STRINGS, counts, decimals, moneys, shares, with_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.forecasting import ForecastingResult
    from aipm_metrics.scenarios.forecasting_month import Month

__all__ = [
    "CENTS", "HALF", "LEANING", "NOUNS", "Spots", "aloud_at", "buffer_words", "chosen_spot",
    "every_spot", "out_of_a_hundred", "than_forecast",
]  # fmt: skip

CENTS = 0.005  # USD; less is not a difference
HALF = 0.5  # of a ride or an hour
LEANING = 0.0005  # of demand: a bias below this is none to speak of
HUNDRED = 100
NOUNS = {
    "guarantee": "the pay guarantee",
    "quit_cost": "the cost of drivers who leave",
    "margin": "the margin of a ride",
    "rider_value": "what a rider is worth",
    "surge_cost": "the cost of surge",
    "new_bias": "the bias of the new forecast",
    "new_spread": "the spread of the new forecast",
}


@dataclass(frozen=True)
class Spots:
    """Buffers and what is said of each.

    Attributes
    ----------
    result
    here : Month, (t,) each
    rows : (t,) ints
        Where they stand among all positions.
    """

    result: ForecastingResult
    here: Month
    rows: NDArray[np.intp]

    @cached_property
    def buffers(self) -> Floats:
        """Shares of the forecast sent on top of it, (t,)."""
        return self.result.buffers[self.rows]

    @cached_property
    def is_today(self) -> Any:
        """Where it is what happens today, (t,) bools."""
        return self.result.is_today[self.rows]

    def there(self, read: Callable[[Month], Any]) -> Floats:
        """Read the month of the comparison point, (t,)."""
        today, cheapest = (float(read(m)) for m in (self.result.today, self.result.cheapest))
        return np.where(self.is_today, cheapest, today)

    def read(self, read: Callable[[Month], Any]) -> Floats:
        """Read the month here, (t,)."""
        return np.broadcast_to(np.asarray(read(self.here), float), self.rows.shape)

    def value(self, read: Callable[[Month], Any]) -> Phrase:
        """Say how many a month; less than half of one is none to speak of."""
        many = self.read(read)
        return either((many > 0) & (many < HALF), "under 1", column(counts(many)))

    def changed(self, read: Callable[[Month], Any], what: str = "", none: str = "") -> Phrase:
        """Say by how much a number differs from the comparison point's: "690 more rides"."""
        here, there = self.read(read), self.there(read)
        apart = np.abs(here - there)
        more = column(counts(apart)) + either(here > there, " more", " fewer") + what
        return either(apart < HALF, none or f"as many{what}", more)

    @cached_property
    def number(self) -> Phrase:
        """Say the buffer."""
        return buffer_words(self.buffers)

    @cached_property
    def rival(self) -> Phrase:
        """Name the comparison point."""
        return either(self.is_today, "the lowest cost", "today")

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


def buffer_words(buffers: Any) -> Phrase:
    """Say buffers as drivers over or under the forecast, in short.

    Examples
    --------
    >>> said = buffer_words(np.array([-0.1, 0, 0.085]))
    >>> [said[i].replace(chr(160), " ") for i in range(3)]
    ['10 % fewer', 'as forecast', '8.5 % more']
    """
    values = np.ravel(np.asarray(buffers, float))
    moved = column(shares(np.abs(values))) + either(values > 0, " more", " fewer")
    return either(values == 0, "as forecast", moved)


def than_forecast(buffer: float) -> str:
    """Say one buffer within a sentence.

    Examples
    --------
    >>> than_forecast(0), than_forecast(0.5).replace(chr(160), " ")
    ('as many as the forecast says', '50 % more than the forecast says')
    """
    if buffer == 0:
        return "as many as the forecast says"
    return f"{buffer_words(buffer)[0]} than the forecast says"


def out_of_a_hundred(part: Any) -> Phrase:
    """Say a share of zone-hours as so many of 100; the ends are said to be near, not reached.

    Examples
    --------
    >>> said = out_of_a_hundred(np.array([0.781, 0.999, 0.002]))
    >>> said[0], said[1], said[2]
    ('78 of 100', 'nearly all', 'hardly any')
    """
    values = np.ravel(np.asarray(part, float)) * HUNDRED
    inner = column(decimals(values, 0)) + " of 100"
    return either(
        values >= HUNDRED - HALF, "nearly all", either(values < HALF, "hardly any", inner)
    )


def every_spot(result: ForecastingResult) -> Spots:
    """Every buffer a hand can choose."""
    return Spots(result, result.sweep, np.arange(result.buffers.size))


def chosen_spot(result: ForecastingResult) -> Spots:
    """Only the scenario's own buffer."""
    return Spots(result, result.sweep.at(result.row), np.array([result.row]))


def aloud_at(spots: Spots) -> tuple[Phrase, Phrase, Phrase, Phrase]:
    """Sentences to speak: which forecast is better, whom it costs what, money, the flip point."""
    return _accuracy(spots), _people(spots), _money(spots), _mind(spots)


def _accuracy(spots: Spots) -> Phrase:
    """Say how much better the new forecast is, and which way each one leans."""
    old, new = spots.result.duel.errors
    gained = spots.result.duel.gained("wape")
    if undefined(gained) or abs(gained) < LEANING:
        better = "By mean absolute error the new forecast is as accurate as the old one"
    else:
        better = (
            f"By mean absolute error the new forecast is {share(abs(gained))} "
            f"{'more' if gained > 0 else 'less'} accurate than the old one"
        )
    asked = float(spots.result.told.rides)
    hurt = [_hurt(e.bias / asked) for e in (new, old)]
    whom = f"both miss at the cost of {hurt[0]}"
    if hurt[0] != hurt[1]:
        whom = f"its misses fall on {hurt[0]}, the old one's on {hurt[1]}"
    lean = [_leans(e.bias / asked) for e in (new, old)]
    return phrase(f"{better}; it {lean[0]}, and the old one {lean[1]}: {whom}.")


def _leans(bias: float) -> str:
    """Say which way a forecast errs."""
    if abs(bias) < LEANING:
        return "runs neither high nor low"
    return f"runs {share(abs(bias))} {'high' if bias > 0 else 'low'}"


def _hurt(bias: float) -> str:
    """Say whom a forecast's misses fall on when it is sent as it is."""
    if abs(bias) < LEANING:
        return "drivers and riders"
    return "drivers" if bias > 0 else "riders"


def _people(spots: Spots) -> Phrase:
    """Say what becomes of riders and drivers."""
    new = spots.result.scenario.in_use == "the new one"
    sent = either(
        spots.buffers == 0,
        f"Sending what the {'new' if new else 'old'} forecast says",
        "Sending " + column(shares(np.abs(spots.buffers)))
        + either(spots.buffers > 0, " more", " fewer")
        + f" drivers than the {'new' if new else 'old'} forecast says",
    )  # fmt: skip
    here, there = spots.read(lambda m: m.pay), spots.there(lambda m: m.pay)
    same = np.abs(here - there) < CENTS
    hour = column(moneys(here))
    whose = either(spots.is_today, "the lowest cost's ", "today's ")
    pay = hour + either(same, ", as much as ", " instead of ") + whose + column(moneys(there))
    return (
        sent + ", there are drivers enough in "
        + out_of_a_hundred(spots.read(lambda m: m.enough))
        + " zone-hours: " + spots.changed(lambda m: m.lost, " rides")
        + " a month are not given, " + spots.changed(lambda m: m.idle, " driver-hours")
        + " stand idle, and a driver's hour pays " + pay + "."
    )  # fmt: skip


def _money(spots: Spots) -> Phrase:
    """Say the cost, what accuracy has to do with it, and the quantile that money asks for."""
    dearer = spots.saving < -CENTS
    joined = either(
        np.abs(spots.saving) < CENTS,
        ", the same as " + spots.rival,
        either(dearer, ", " + spots.saved + " more than ", ", " + spots.saved + " less than ")
        + spots.rival,
    )  # fmt: skip
    new = spots.result.scenario.in_use == "the new one"
    better = new and spots.result.duel.gained("wape") > LEANING
    although = either(dearer, ", although the forecast is more accurate", "") if better else ""
    over, under = spots.result.error_prices
    return (
        "It costs " + spots.cost + " a month" + joined + although + ". "
        + f"A ride too many costs {money(over)} and one too few {money(under)}"
        + _wanted(spots) + "."
    )  # fmt: skip


def _wanted(spots: Spots) -> Phrase:
    """Say the quantile that money asks for, and what it would save."""
    result = spots.result
    if undefined(result.quantile):
        return phrase(", so any number of drivers will do")
    best = result.points[0]
    extra = spots.read(lambda m: m.cost) - best.cost
    asks = f", so money asks for drivers enough in {out_of_a_hundred(best.enough)[0]} zone-hours: "
    there = than_forecast(best.buffer)
    return asks + either(
        extra < CENTS,
        "this is it",
        f"{there}, which would save " + column(moneys(extra))
        + either(spots.saving > CENTS, " more", ""),
    )  # fmt: skip


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
    cheaper = either(spots.is_today, "The lowest cost", "Today's plan")
    return either(
        which < 0,
        "No single price, anywhere in its range, would change my mind.",
        either(spots.saving >= 0, "I would change my mind if ",
               cheaper + " is cheaper; I would be right only if ") + moved + ".",
    )  # fmt: skip
