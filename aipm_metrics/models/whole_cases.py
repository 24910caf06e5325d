"""Whether some whole numbers of cases have all the numbers given.

Half a case cannot be flagged. With few cases the possible values of a ratio lie far apart, and
0.91 may fall between two of them: of 7 flagged, 6 make 0.86 and 7 make 1.00 (the GRIM test of
Brown & Heathers 2017, Social Psychological and Personality Science 8, 363-369). Three counts are
tried out, the fourth is an interval between whole numbers. Nothing is random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.consistency import Region, inequalities
from aipm_metrics.models.metric_algebra import METRICS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.models.double_description import Ray

__all__ = ["ENDLESS", "Room", "in_counts", "room_of", "sum_of", "whole_cases"]

MOST = 400_000  # combinations tried out; more are left alone
ENDLESS = 10**12  # cases; more are no count of anything
LARGEST = 2**62  # products below this are exact in 64 bits
COUNTS = ("tp", "positives", "flagged", "volume")


def whole_cases(region: Region) -> bool | None:
    """Whether some matrix of whole numbers has all the numbers given.

    Parameters
    ----------
    region
        What they allow in fractions of cases.

    Returns
    -------
    bool or None
        None where it was not found out: too many combinations to try, or a number that is
        meant exactly and may be an average.

    Examples
    --------
    >>> from aipm_metrics.models.consistency import Given
    >>> seven = Given.written("flagged", 7, "to the last one")
    >>> precise = [seven, Given.written("precision", 0.91, "to 1 %")]
    >>> Region(precise).possible, whole_cases(Region(precise))
    (True, False)
    >>> whole_cases(Region([seven, Given.written("precision", 0.86, "to 1 %")]))
    True
    """
    if not region.possible:
        return False
    if not all(one.whole for one in region.given):
        return None
    rows = _rows(region)[0]
    middle = region.as_written.middle or region.middle
    if middle is not None and _fits(rows, _rounded(middle)):
        return True
    room = room_of(region)
    return None if room is None else bool(room.low.size)


@dataclass(frozen=True, slots=True)
class Room:
    """Every matrix of whole numbers that has some numbers, as rows of counts with one left free.

    Attributes
    ----------
    cells : weights of ``tp positives flagged volume`` for each of ``tp fp fn tn``
    others : indices of the three counts tried out
    tried : (n, 3) ints, their values
    free : index of the fourth
    low, high : (n,) ints
        The fourth may be any whole number from one to the other.
    """

    cells: tuple[Ray, Ray, Ray, Ray]
    others: tuple[int, ...]
    tried: NDArray[np.int64]
    free: int
    low: NDArray[np.int64]
    high: NDArray[np.int64]

    def counts(self, values: NDArray[np.int64]) -> NDArray[np.int64]:
        """``tp positives flagged volume`` where the free one has these values, (n, 4)."""
        out = np.empty((self.low.size, len(COUNTS)), dtype=np.int64)
        out[:, self.others] = self.tried
        out[:, self.free] = values
        return out


def room_of(region: Region) -> Room | None:
    """Find every matrix of whole numbers a region has; None where that is too much to try.

    Examples
    --------
    Of 7 flagged, 0 to 7 are right:

    >>> from aipm_metrics.models.consistency import Given
    >>> room = room_of(Region([Given.written("flagged", 7, "to the last one")]))
    >>> room.counts(room.high)[:, 0].tolist()
    [7]
    """
    rows, cells = _rows(region)
    ranges = [
        _range(region, name) if any(row[i] for row in rows) else (0, 0)
        for i, name in enumerate(COUNTS)
    ]
    sizes = [max(high - low + 1, 0) for low, high in ranges]
    fourth = int(np.argmax(sizes))
    tried = math.prod(size for i, size in enumerate(sizes) if i != fourth)
    largest = max(abs(weight) for row in rows for weight in row) * max(h for _, h in ranges)
    if tried > MOST or 5 * largest > LARGEST:
        return None
    return _search(rows, cells, ranges, fourth)


def in_counts(weights: tuple[int, ...], cells: tuple[Ray, Ray, Ray, Ray]) -> tuple[int, ...]:
    """Turn weights of ``tp fp fn tn`` into weights of the four counts."""
    return tuple(sum(weights[i] * cells[i][j] for i in range(4)) for j in range(4))


def sum_of(weights: tuple[int, ...], counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """Add up counts by their weights, (n, 4) to (n,)."""
    return np.asarray(counts @ np.array(weights, dtype=np.int64), dtype=np.int64)


def _rows(region: Region) -> tuple[list[Ray], tuple[Ray, Ray, Ray, Ray]]:
    """Inequalities in ``tp positives flagged volume`` and 1, denominators included; the cells."""
    said = [row for one in region.given for row in inequalities(one)]
    said += [
        (*METRICS[one.metric].whole, -1) for one in region.given if METRICS[one.metric].is_ratio
    ]
    cells = _in_counts({i for i in range(4) if any(row[i] for row in said)})
    rows: list[Ray] = [(*in_counts(row, cells), row[4]) for row in said]
    return rows + [(*cell, 0) for cell in cells if any(cell)], cells


def _in_counts(used: set[int]) -> tuple[Ray, Ray, Ray, Ray]:
    """Each cell from the four counts. One that nothing is said of may as well be empty."""
    tp = (1, 0, 0, 0)
    fp = (-1, 0, 1, 0) if 1 in used else (0, 0, 0, 0)
    fn = (-1, 1, 0, 0) if 2 in used else (0, 0, 0, 0)
    rest = tuple(n - a - b - c for n, a, b, c in zip((0, 0, 0, 1), tp, fp, fn, strict=True))
    return tp, fp, fn, rest if 3 in used else (0, 0, 0, 0)


def _rounded(middle: Ray) -> tuple[int, ...]:
    """Round the counts of a matrix: an easy way to find that there is one."""
    parts = [zip(METRICS[name].part, middle, strict=False) for name in COUNTS]
    return tuple(round(Fraction(sum(w * x for w, x in part), middle[4])) for part in parts)


def _fits(rows: list[Ray], counts: tuple[int, ...]) -> bool:
    return all(sum(w * x for w, x in zip(row, (*counts, 1), strict=True)) >= 0 for row in rows)


def _range(region: Region, name: str) -> tuple[int, int]:
    low, high = region.exact(name)
    return math.ceil(low), ENDLESS if high == math.inf else math.floor(high)


def _search(
    rows: list[Ray], cells: tuple[Ray, Ray, Ray, Ray], ranges: list[tuple[int, int]], fourth: int
) -> Room:
    """Try every combination of three counts; the fourth must find room between two bounds."""
    others = tuple(i for i in range(4) if i != fourth)
    grids = np.meshgrid(
        *(np.arange(ranges[i][0], ranges[i][1] + 1, dtype=np.int64) for i in others),
        indexing="ij",
    )
    shape = grids[0].shape
    low = np.full(shape, ranges[fourth][0], dtype=np.int64)
    high = np.full(shape, ranges[fourth][1], dtype=np.int64)
    good = np.ones(shape, dtype=bool)
    for row in rows:
        rest: NDArray[np.int64] = np.full(shape, row[4], dtype=np.int64)
        for i, grid in zip(others, grids, strict=True):
            rest += row[i] * grid
        weight = row[fourth]
        if weight > 0:  # fourth >= -rest / weight, rounded up
            np.maximum(low, -(rest // weight), out=low)
        elif weight < 0:
            np.minimum(high, rest // -weight, out=high)
        else:
            good &= rest >= 0
    good &= low <= high
    tried = np.stack([grid[good] for grid in grids], axis=-1)
    return Room(cells, others, tried, fourth, low[good], high[good])
