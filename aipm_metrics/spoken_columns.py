"""Whole columns of numbers as a person says them: the words of `spoken`, many at a time.

An axis of a thousand thresholds says a few thousand rounded numbers, and says the same ones
again whenever a knob moves. Each rounded number is said once, by the functions of `spoken`
themselves, and remembered; so a column and a single number never differ. A value on the very
edge between two roundings is said on its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from aipm_metrics import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

__all__ = [
    "STRINGS",
    "Words",
    "counts",
    "cuts",
    "decimals",
    "each",
    "moneys",
    "shares",
    "with_units",
]

Words: TypeAlias = "np.ndarray[Any, np.dtype[Any]]"  # of strings of any length
STRINGS = np.dtype(object)  # of Python strings: a word said before is handed on, not copied

EDGE = 1e-6  # of a rounding step; nearer to the edge than this, a value is said on its own
HAIR = 1e-12  # of a power of ten; nearer to one than this, a value is said on its own
PLACES = range(-20, 21)  # powers of ten that are remembered
STEPS = 1_001  # rounding steps within one power of ten, three digits at most
CENTS = 100.0  # USD below which cents are said


def each(say: Callable[[float], str], values: ArrayLike) -> Words:
    """Say every number of an array on its own.

    Examples
    --------
    >>> each(spoken.count, [9342.1, 16530.9]).tolist()
    ['9,300', '16,500']
    """
    return np.array([say(value) for value in np.ravel(values).tolist()], STRINGS)


class _Memory:
    """What has been said, by power of ten and rounding step; see the module."""

    def __init__(self, say: Callable[[float], str], least: int = PLACES[0]) -> None:
        self.say, self.least = say, least
        self.words = np.empty(len(PLACES) * STEPS, STRINGS)
        self.known = np.zeros(len(PLACES) * STEPS, bool)

    def __call__(self, values: Floats, size: Floats, digits: Any) -> Words:
        """Say values whose `size` is rounded to so many significant digits."""
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            power = np.log10(size)
            place = np.floor(power)
            steps = size / 10.0 ** (place - digits + 1)
            nearest = np.rint(steps)
            sure = (np.abs(np.abs(steps - nearest) - 0.5) > EDGE) & (values > 0)
            # A hair from a power of ten, the logarithm may stand on the other side of it.
            sure &= np.abs(power - np.rint(power)) > HAIR
            sure &= (place >= self.least) & (place <= PLACES[-1])
        place, nearest = np.where(sure, place, 0), np.where(sure, nearest, 0)
        key = ((place - PLACES[0]) * STEPS + nearest).astype(np.intp)
        unknown = np.flatnonzero(sure & ~self.known[key])
        for i in unknown.tolist():
            self.words[key[i]] = self.say(float(values[i]))
        self.known[key[unknown]] = True
        said = self.words[key]
        for i in np.flatnonzero(~sure).tolist():
            said[i] = self.say(float(values[i]))
        return said


class _Ruler:
    """What has been said of numbers between 0 and so many steps of one size."""

    def __init__(self, say: Callable[[float], str], per_one: float, most: float) -> None:
        self.say, self.per_one, self.most = say, per_one, most
        self.words = np.empty(round(most * per_one) + 1, STRINGS)
        self.known = np.zeros(self.words.size, bool)

    def __call__(self, values: Floats) -> Words:
        with np.errstate(invalid="ignore", over="ignore"):
            steps = values * self.per_one
            nearest = np.rint(steps)
            sure = np.abs(np.abs(steps - nearest) - 0.5) > EDGE
            sure &= (values > 0) & (values < self.most)
        key = np.where(sure, nearest, 0).astype(np.intp)
        unknown = np.flatnonzero(sure & ~self.known[key])
        for i in unknown.tolist():
            self.words[key[i]] = self.say(float(values[i]))
        self.known[key[unknown]] = True
        said = self.words[key]
        unsure = np.flatnonzero(~sure)
        said[unsure] = each(self.say, values[unsure])
        return said


_COUNTS, _MONEYS, _ONES_IN = (_Memory(f) for f in (spoken.count, spoken.money, spoken.one_in))
_CENTS = _Ruler(spoken.money, 100, CENTS)
_DECIMALS = {
    places: _Ruler(lambda v, p=places: f"{v:,.{p}f}", 10.0**places, most)  # type: ignore[misc]
    for places, most in ((0, 10_001.0), (3, 1.5))
}
# So close to 1 that a float has few digits left, a value is said on its own.
_LOW_SHARES, _HIGH_SHARES = _Memory(spoken.share), _Memory(spoken.share, least=-9)
_LOW_CUTS, _HIGH_CUTS = _Memory(spoken.threshold), _Memory(spoken.threshold, least=-9)


def counts(values: ArrayLike) -> Words:
    """Say how many, for every value; see `spoken.count`."""
    x = np.ravel(np.asarray(values, float))
    return _COUNTS(x, x, np.where(x < 9_950, 2, 3))


def moneys(values: ArrayLike) -> Words:
    """Say sums of money; see `spoken.money`."""
    x = np.ravel(np.asarray(values, float))
    said, small = _MONEYS(x, x, np.where(x < 9_950, 2, 3)), np.flatnonzero(x < CENTS)
    # Below a hundred, cents are said.
    said[small] = _CENTS(x[small])
    return said


def prices(values: ArrayLike) -> Words:
    """Say what one of many costs; see `spoken.price`."""
    x = np.ravel(np.asarray(values, float))
    said, small = moneys(x), np.flatnonzero(x < spoken.DIME)
    said[small] = each(spoken.price, x[small])
    return said


def ones_in(many: ArrayLike) -> Words:
    """Say rare shares as "1 in so many"; see `spoken.one_in`."""
    x = np.ravel(np.asarray(many, float))
    return _ONES_IN(x, x, 2)


def shares(values: ArrayLike) -> Words:
    """Say shares as percentages; see `spoken.share`."""
    return _both_ends(values, _LOW_SHARES, _HIGH_SHARES, 2)


def cuts(values: ArrayLike, flags_all_at: float) -> Words:
    """Say where a score is cut; see `spoken.cut`."""
    x = np.ravel(np.asarray(values, float))
    inside = np.isfinite(x) & (x > flags_all_at)
    said = np.empty(x.size, STRINGS)
    said[inside] = _both_ends(x[inside], _LOW_CUTS, _HIGH_CUTS, 3)
    said[~inside] = each(lambda value: spoken.cut(value, flags_all_at=flags_all_at), x[~inside])
    return said


def with_units(values: ArrayLike, unit: str) -> Words:
    """Say a knob's values in its own unit; see `spoken.with_unit`."""
    head, _, tail = unit.partition(" ")
    if head == "USD":
        return prices(values) + (f" {tail}" if tail else "")
    if head in {"share", "chance"}:
        return shares(values)
    if not unit or head == "probability":
        return each(spoken.threshold, values)
    return counts(values) + f"{spoken.NBSP}{unit}"


def decimals(values: ArrayLike, places: int) -> Words:
    """Write numbers with so many decimals.

    Examples
    --------
    >>> decimals([0.4517, 1.0], 3).tolist()
    ['0.452', '1.000']
    """
    x = np.ravel(np.asarray(values, float))
    if places not in _DECIMALS:
        return each(lambda value: f"{value:,.{places}f}", x)
    return _DECIMALS[places](x)


def _both_ends(values: ArrayLike, low: _Memory, high: _Memory, digits: int) -> Words:
    """Say probabilities so that they can be told from 0 and from 1."""
    x = np.ravel(np.asarray(values, float))
    rest = 1 - x
    upper = np.flatnonzero(rest < x)
    said = low(x, x, digits)
    said[upper] = high(x[upper], rest[upper], digits)
    return said
