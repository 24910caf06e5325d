"""Every assumption of a moderation answer, and how far the saving moves over its range.

The ranges and the swings are those of the tornado (`scenarios.uncertainty`), so that what ranks
the assumptions in one place ranks them in the other. Axis letter: `g` the ends of a range.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.contract import Assumption
from aipm_metrics.scenarios.moderation_flips import in_use

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.scenarios.moderation import ModerationScenario

__all__ = ["assumptions_of"]

COUNTED = "counted on your rows"


def assumptions_of(
    s: ModerationScenario, rows: Empirical | None, rival: float
) -> tuple[Assumption, ...]:
    """Tell every knob in use, the one that moves the saving most first.

    Parameters
    ----------
    s
        Its threshold is the choice; its prevalence is the one in use.
    rows
        Counted rows it speaks of, if any.
    rival
        The threshold it is compared with.
    """
    ranges, found = s.ranges_in_use(with_rows=rows is not None), []
    swings = _swings(s, s.model_copy(update={"threshold": rival}), rows, ranges)
    for name in in_use(s, rows):
        knob, value = knobs_of(type(s))[name], getattr(s, name)
        if name not in ranges:
            counted = name == "prevalence"  # the rows' own, or it would have a range
            knob = replace(knob, source=COUNTED) if counted else knob
            found.append(Assumption(knob, value, np.nan))
            continue
        found.append(Assumption(knob, value, swings[name], *ranges[name]))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))


def _swings(
    s: ModerationScenario,
    other: ModerationScenario,
    rows: Empirical | None,
    ranges: Mapping[str, tuple[float, float]],
) -> dict[str, float]:
    """Move one assumption at a time to both its ends, all in one call; USD."""
    moved = {name: np.full((len(ranges), 2), float(getattr(s, name))) for name in ranges}
    for i, (name, ends) in enumerate(ranges.items()):
        moved[name][i] = ends
    saved = other.costs(moved, rows) - s.costs(moved, rows)
    return {name: float(abs(high - low)) for name, (low, high) in zip(ranges, saved, strict=True)}
