"""How a flip point is said on every page: what, from, to, and how far that is from today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.spoken import count, share, undefined, with_unit

if TYPE_CHECKING:
    from aipm_metrics.models.flip_points import Flip

__all__ = ["FLIP_HEADER", "flip_row", "how_far"]

FLIP_HEADER = ("if this moved", "from", "to", "how far that is")
NBSP = "\N{NO-BREAK SPACE}"
PARTS = {"share", "chance"}  # units said in per cent, whose differences are points
# Units without a nought that a factor could count from, and how much in them is said.
SIGNED = {"log odds": "log odds", "o'clock": "h"}
HARDLY = 0.005


def flip_row(flip: Flip, noun: str) -> tuple[str, str, str, str]:
    """Say one flip point.

    Parameters
    ----------
    flip
    noun
        What the page calls the assumption.
    """
    unit = flip.knob.unit
    now = with_unit(flip.today, unit)
    if undefined(flip.at):
        return noun, now, "not within its range", ""
    return noun, now, with_unit(flip.at, unit), how_far(flip.today, flip.at, unit)


def how_far(today: float, at: float, unit: str) -> str:
    r"""Say how far a value is from today's: as a factor, else in points or in its own unit.

    Examples
    --------
    >>> how_far(30, 81, "USD"), how_far(30, 9, "USD"), how_far(0.5, 0.54, "share")
    ("2.7 times today's", "30\xa0% of today's", '4 points more')
    >>> how_far(0, 6, "min"), how_far(30, 27, "USD"), how_far(30, 30.01, "USD")
    ('6\xa0min more', '10\xa0% less', 'next to nothing')
    """
    more = "more" if at > today else "less"
    if unit in SIGNED or not (today > 0 and at > 0):
        return f"{with_unit(abs(at - today), SIGNED.get(unit, unit))} {more}"
    times = at / today
    if times >= 2:
        return f"{count(times)} times today's"
    if times <= 0.5:
        return f"{share(times)} of today's"
    if abs(times - 1) < HARDLY:
        return "next to nothing"
    if unit.partition(" ")[0] not in PARTS:
        return f"{share(abs(times - 1))} {more}"
    points = count(abs(at - today) * 100)
    return f"{points} point{'' if points == '1' else 's'} {more}"
