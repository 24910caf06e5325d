"""One assumption at a time, at its low and at its high: which of them moves the decision.

The others stay as they stand. A bar is how far the saving of one choice against another moves;
where the saving changes sign on the way, the assumption flips the decision by itself. Nothing
here is random. Axis letter: `g` values of all assumptions, one moved at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.flip_points import sign_changes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats

    Saving = Callable[[Mapping[str, Floats]], Floats]

__all__ = ["Bar", "first_to_flip", "tornado"]

POINTS = 33  # from low to high; two changes of sign between neighbours are not seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What one assumption does to the decision, alone.

    Attributes
    ----------
    knob
        The assumption.
    value, low, high : floats, in the knob's unit
        As it stands, and the ends of its range.
    at_low, at_high : floats
        The saving at each end; negative where the other choice is cheaper.
    best_at_low, best_at_high : floats
        Where the best choice would then be; ``nan`` where nobody asked.
    flips_at : float, in the knob's unit
        The value nearest to the present one at which the saving changes sign; ``nan`` when
        there is none on the way to either end.
    reach : float
        How far `flips_at` is on the way from the value to that end, on the knob's own scale;
        ``inf`` when there is none.
    """

    knob: Knob
    value: float
    low: float
    high: float
    at_low: float
    at_high: float
    best_at_low: float = float("nan")
    best_at_high: float = float("nan")
    flips_at: float = float("nan")
    reach: float = float("inf")

    @property
    def swing(self) -> float:
        """How far the saving moves from one end to the other."""
        return abs(self.at_high - self.at_low)

    @property
    def flips(self) -> bool:
        """Whether it changes the decision by itself."""
        return not np.isnan(self.flips_at)


def tornado(
    knobs: Mapping[str, Knob],
    values: Mapping[str, float],
    ranges: Mapping[str, tuple[float, float]],
    saving: Saving,
    best: Saving | None = None,
) -> tuple[Bar, ...]:
    """Move each assumption to its ends while the others stay; the widest bar first.

    Parameters
    ----------
    knobs, values, ranges
        By name; every assumption in `ranges` is moved.
    saving
        Saving as assumptions take many values: arrays (g,) by name in, (g,) out.
    best
        Where the best choice then is, likewise.

    Examples
    --------
    >>> from aipm_metrics.knobs import knobs_of
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> knobs = knobs_of(ModerationScenario)
    >>> values, ranges = {"reviewer_wage": 20.0}, {"reviewer_wage": (10.0, 40.0)}
    >>> bar = tornado(knobs, values, ranges, lambda v: 30 - v["reviewer_wage"])[0]
    >>> bar.at_low, bar.at_high, round(bar.flips_at, 9), round(bar.reach, 9)
    (20.0, -10.0, 30.0, 0.5)
    """
    points = {name: _points(knobs[name], values[name], *ends) for name, ends in ranges.items()}
    starts = np.cumsum([0, *(p.size for p in points.values())])
    moved = {name: np.full(starts[-1], float(values[name])) for name in points}
    for (name, own), start in zip(points.items(), starts, strict=False):
        moved[name][start : start + own.size] = own
    saved = np.broadcast_to(saving(moved), (starts[-1],))
    ends = np.array([[a + p.searchsorted(end) for end in ranges[name]]
                     for (name, p), a in zip(points.items(), starts, strict=False)])  # fmt: skip
    ends = ends.reshape(-1, 2)
    where = _at(best, moved, ends)
    bars = []
    for i, (name, own) in enumerate(points.items()):
        at, reach = float("nan"), float("inf")
        signs = np.sign(saved[starts[i] : starts[i + 1]])
        if signs.min() < 0 < signs.max():
            at, reach = _flip(knobs[name], values, ranges[name], saving, own)
        bars.append(
            Bar(
                knob=knobs[name], value=float(values[name]), low=ranges[name][0],
                high=ranges[name][1], at_low=float(saved[ends[i, 0]]),
                at_high=float(saved[ends[i, 1]]), best_at_low=float(where[i, 0]),
                best_at_high=float(where[i, 1]), flips_at=at, reach=reach,
            )
        )  # fmt: skip
    return tuple(sorted(bars, key=lambda bar: -bar.swing))


def first_to_flip(bars: tuple[Bar, ...]) -> Bar | None:
    """Assumption that flips the decision soonest on the way to its end, if any does."""
    flipping = [bar for bar in bars if bar.flips]
    return min(flipping, key=lambda bar: bar.reach) if flipping else None


def _points(knob: Knob, value: float, low: float, high: float) -> Floats:
    """Values to try, ascending: the range, both ends exactly, and the value itself."""
    start, end = knob.to_axis([low, high])
    inside = np.clip(knob.from_axis(np.linspace(start, end, POINTS)), low, high)
    return np.unique(np.append(inside, [low, high, value]))


def _at(best: Saving | None, moved: Mapping[str, Floats], ends: Floats) -> Floats:
    if best is None or not ends.size:
        return np.full(ends.shape, np.nan)
    flat = ends.ravel()
    chosen = best({name: values[flat] for name, values in moved.items()})
    return np.broadcast_to(chosen, flat.shape).reshape(ends.shape)


def _flip(
    knob: Knob,
    values: Mapping[str, float],
    ends: tuple[float, float],
    saving: Saving,
    points: Floats,
) -> tuple[float, float]:
    """Where the saving changes sign soonest on the way to an end, and how far that is."""
    value = float(values[knob.name])
    rest = {name: np.array([float(other)]) for name, other in values.items()}
    here, (low, high) = float(knob.to_axis(value)), knob.to_axis(ends).tolist()
    found = []
    for root in sign_changes(lambda v: saving({**rest, knob.name: v}), points):
        way = (high if root > value else low) - here
        found.append(((float(knob.to_axis(root)) - here) / way if way else 0.0, root))
    reach, at = min(found)
    return at, reach
