"""Which of some numbers must be wrong, when they cannot all be true.

The smallest sets whose removal leaves numbers that can be true: the minimal correction sets of
an infeasible system (Chinneck 2008, "Feasibility and Infeasibility in Optimization", ch. 7).
Nothing is random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from aipm_metrics.models.consistency import Interval, Region
from aipm_metrics.models.nearest_whole import NearestWhole, nearest_whole
from aipm_metrics.models.whole_cases import whole_cases

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.models.consistency import Given

__all__ = ["Suspects", "can_be_true", "find_suspects"]


@dataclass(frozen=True, slots=True)
class Suspects:
    """Numbers of which all must be wrong, if the others are right.

    Attributes
    ----------
    metrics
        One, unless no single number is to blame.
    allowed
        For each, the interval that the others leave it.
    typical
        For each, the one value that follows from the others as they are written; ``nan`` where
        they leave it open.
    nearest
        For the one that is alone to blame where only whole numbers refute: the nearest values
        the others allow, of whole cases. Else None.
    """

    metrics: tuple[str, ...]
    allowed: tuple[Interval, ...]
    typical: tuple[float, ...]
    nearest: NearestWhole | None = None


def can_be_true(region: Region) -> bool:
    """Whether numbers can all be true, of whole cases where cases were counted."""
    return region.possible and whole_cases(region) is not False


def find_suspects(given: Sequence[Given]) -> tuple[Suspects, ...]:
    """Find every smallest set of numbers without which the rest can be true.

    Returns
    -------
    tuple of Suspects
        In the order given; nothing when all can be true.

    Examples
    --------
    4,800 flagged at a precision of 0.91 make 4,368 caught; there are only 4,000 positives, of
    which a recall of 0.54 catches 2,160. Recall is no suspect: no recall would do.

    >>> from aipm_metrics.models.consistency import Given
    >>> said = [
    ...     Given.written("positives", 4000, "to the last one"),
    ...     Given.written("flagged", 4800, "to the last one"),
    ...     Given.written("recall", 0.54, "to 1 %"),
    ...     Given.written("precision", 0.91, "to 1 %"),
    ... ]
    >>> for one in find_suspects(said):
    ...     print(one.metrics[0], [round(x, 2) for x in (one.allowed[0].low, one.allowed[0].high)])
    positives [7969.81, 8210.2]
    flagged [2338.51, 2409.14]
    precision [0.45, 0.45]
    """
    whole = Region(given)
    if can_be_true(whole):
        return ()
    names = tuple(one.metric for one in given)
    for size in range(1, len(names)):
        found = []
        for left_out in combinations(names, size):
            rest = whole.without(left_out)
            if can_be_true(rest):
                allowed = tuple(rest.interval(name) for name in left_out)
                written = (rest.as_written.interval(name) for name in left_out)
                typical = tuple(one.low if one.settled else math.nan for one in written)
                near = None
                if size == 1 and whole.possible:
                    near = nearest_whole(rest, given[names.index(left_out[0])])
                found.append(Suspects(left_out, allowed, typical, near))
        if found:
            return tuple(found)
    return ()
