"""Extreme rays of a cone given by inequalities, in whole numbers and therefore exact.

Motzkin, Raiffa, Thompson & Thrall (1953), "The double description method", Contributions to
the Theory of Games II; Fukuda & Prodon (1996), "Double description method revisited", for the
test of adjacency used here. Nothing is random.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Ray", "extreme_rays"]

Ray = tuple[int, ...]


def extreme_rays(
    inequalities: Sequence[Ray], equations: Sequence[Ray], dimension: int
) -> tuple[Ray, ...]:
    """Find the extreme rays of ``{x >= 0 : a x >= 0 for every a, e x = 0 for every e}``.

    Parameters
    ----------
    inequalities, equations : ints, `dimension` of them each
        One `a` or `e` per row.
    dimension

    Returns
    -------
    tuple of rays
        Every point of the cone is a sum of them with weights of at least 0; none when only
        the origin is left. Whole numbers without a common divisor.

    Examples
    --------
    The quarter plane below the diagonal:

    >>> extreme_rays([(1, -1)], [], 2)
    ((1, 0), (1, 1))
    """
    # A ray goes with the set of inequalities it meets with equality, as bits.
    rays: list[tuple[Ray, int]] = []
    for i in range(dimension):
        unit = tuple(int(i == j) for j in range(dimension))
        rays.append((unit, sum(1 << j for j in range(dimension) if j != i)))
    bit = 1 << dimension
    for rows, strict in ((equations, True), (inequalities, False)):
        for row in rows:
            rays = _cut(rays, row, bit, dimension, equation=strict)
            bit <<= 1
    return tuple(ray for ray, _ in rays)


def _cut(
    rays: list[tuple[Ray, int]], row: Ray, bit: int, dimension: int, *, equation: bool
) -> list[tuple[Ray, int]]:
    """Keep what lies on the right side of one more inequality, or on its boundary."""
    above, below, kept = [], [], []
    for ray, met in rays:
        side = sum(a * x for a, x in zip(row, ray, strict=True) if a)
        if side > 0:
            above.append((ray, met, side))
        elif side < 0:
            below.append((ray, met, side))
        else:
            kept.append((ray, met | bit))
    if not equation:
        kept += [(ray, met) for ray, met, _ in above]
    every = [met for _, met in rays]
    for up, met_up, side_up in above:
        for down, met_down, side_down in below:
            shared = met_up & met_down
            if shared.bit_count() >= dimension - 2 and _adjacent(shared, every):
                new = [side_up * y - side_down * x for x, y in zip(up, down, strict=True)]
                divisor = gcd(*new)
                kept.append((tuple(x // divisor for x in new), shared | bit))
    return kept


def _adjacent(shared: int, every: list[int]) -> bool:
    """Whether only the two rays themselves meet everything that they both meet."""
    return sum(met & shared == shared for met in every) == 2
