"""Whether some whole numbers of cases have all the numbers given.

Half a case cannot be flagged. With few cases the possible values of a ratio lie far apart, and
0.91 may fall between two of them: of 7 flagged, 6 make 0.86 and 7 make 1.00 (the GRIM test of
Brown & Heathers 2017, Social Psychological and Personality Science 8, 363-369). Three counts are
tried out, the fourth is an interval between whole numbers. Nothing is random.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.consistency import Region, inequalities
from aipm_metrics.models.metric_algebra import METRICS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.models.double_description import Ray

__all__ = ["whole_cases"]

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
    rows = _rows(region)
    middle = region.as_written.middle or region.middle
    if middle is not None and _fits(rows, _rounded(middle)):
        return True
    ranges = [
        _range(region, name) if any(row[i] for row in rows) else (0, 0)
        for i, name in enumerate(COUNTS)
    ]
    if any(high < low for low, high in ranges):
        return False
    sizes = [high - low + 1 for low, high in ranges]
    fourth = int(np.argmax(sizes))
    tried = math.prod(size for i, size in enumerate(sizes) if i != fourth)
    largest = max(abs(weight) for row in rows for weight in row) * max(h for _, h in ranges)
    if tried > MOST or 5 * largest > LARGEST:
        return None
    return _search(rows, ranges, fourth)


def _rows(region: Region) -> list[Ray]:
    """Inequalities in ``tp positives flagged volume`` and 1, denominators included."""
    said = [row for one in region.given for row in inequalities(one)]
    said += [
        (*METRICS[one.metric].whole, -1) for one in region.given if METRICS[one.metric].is_ratio
    ]
    cells = _in_counts({i for i in range(4) if any(row[i] for row in said)})
    in_counts = [
        (*(sum(row[i] * cells[i][j] for i in range(4)) for j in range(4)), row[4]) for row in said
    ]
    return in_counts + [(*cell, 0) for cell in cells if any(cell)]


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


def _search(rows: list[Ray], ranges: list[tuple[int, int]], fourth: int) -> bool:
    """Try every combination of three counts; the fourth must find room between two bounds."""
    others = [i for i in range(4) if i != fourth]
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
    return bool((good & (low <= high)).any())
