"""The nearest values of a refuted number that whole cases allow, on either side of it.

Where only whole numbers refute a report, the number to blame lies between two values that the
others allow: of 7 flagged, 6 or 7 are right, and 91 % is between 86 % and 100 %. Every room that
`whole_cases` finds is looked through, in windows that widen away from the number. Nothing is
random.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from aipm_metrics.models.consistency import Given, Region
from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.models.whole_cases import ENDLESS, in_counts, room_of, sum_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_metrics.models.whole_cases import Room

__all__ = ["NearestWhole", "Quotient", "nearest_whole"]

FIRST = 8  # the first window, in half units
WIDER = 4  # times as wide as the one before


@dataclass(frozen=True, slots=True)
class Quotient:
    """A value of whole cases: so many of so many; of 1 where it is a count."""

    part: int
    whole: int

    @property
    def value(self) -> Fraction:
        """The value itself, exactly."""
        return Fraction(self.part, self.whole)


@dataclass(frozen=True, slots=True)
class NearestWhole:
    """The nearest values that whole cases allow; None where there is none, or none was found."""

    below: Quotient | None
    above: Quotient | None


def nearest_whole(rest: Region, said: Given) -> NearestWhole:
    """Find the nearest values of one number that the others allow, of whole cases.

    Parameters
    ----------
    rest
        What the others allow in fractions of cases.
    said
        The number, which no whole cases have.

    Examples
    --------
    >>> seven = Region([Given.written("flagged", 7, "to the last one")])
    >>> told = nearest_whole(seven, Given.written("precision", 0.91, "to 1 %"))
    >>> told.below, told.above
    (Quotient(part=6, whole=7), Quotient(part=7, whole=7))
    """
    return NearestWhole(_nearest(rest, said, "below"), _nearest(rest, said, "above"))


def _nearest(rest: Region, said: Given, side: Literal["below", "above"]) -> Quotient | None:
    for low, high in _windows(said, side):
        region = Region([*rest.given, Given(said.metric, said.value, low, high)])
        if not region.possible:
            continue
        room = room_of(region)
        if room is None:
            return None
        if (found := _end(room, said.metric, side)) is not None:
            return found
    return None


def _windows(said: Given, side: Literal["below", "above"]) -> Iterator[tuple[Fraction, Fraction]]:
    """Widen away from the number as far as a metric can go; each begins where it ends."""
    width = FIRST * max(said.value - said.low, said.high - said.value)
    last = Fraction(1 if METRICS[said.metric].is_ratio else ENDLESS)
    while True:
        if side == "above":
            low, high = min(said.high, last), min(said.high + width, last)
        else:
            low, high = max(said.low - width, Fraction(0)), said.low
        yield low, high
        if low == 0 if side == "below" else high == last:
            return
        width *= WIDER


def _end(room: Room, metric: str, side: Literal["below", "above"]) -> Quotient | None:
    """Return the value nearest to the number, of all there is room for.

    Along the count that is left free a quotient rises or falls throughout, so that its ends do.
    """
    told = METRICS[metric]
    part = in_counts(told.part, room.cells)
    whole = in_counts(told.whole, room.cells)
    found = []
    for free in (room.low, room.high):
        counts = room.counts(free)
        above = sum_of(part, counts)
        below = sum_of(whole, counts) if told.is_ratio else np.ones_like(above)
        if above.size:
            best = int((np.argmin if side == "above" else np.argmax)(above / below))
            found.append(Quotient(int(above[best]), int(below[best])))
    pick = min if side == "above" else max
    return pick(found, key=lambda one: one.value, default=None)
