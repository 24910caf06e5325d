"""How the confusion matrix moves when one metric changes and another one is held.

The world stands still: as many cases, as many of them positive. That leaves two ways to move,
more or fewer ``tp`` and more or fewer ``fp``; holding one metric leaves a straight line, and on
it every other metric is a quotient of two linear functions, so each of its values is met once.
Axis letter: `g` values of one input. Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.metric_algebra import CELLS, METRICS

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["HOLDABLE", "TradeoffLine"]

HOLDABLE: Final = ("recall", "precision", "flagged_share", "fpr")
NEARLY = 1e-12  # of the cases in play: a cell this little below nothing is nothing
PARALLEL = 1e-14  # a metric that moves less than this along the line does not move


@dataclass(frozen=True, slots=True)
class TradeoffLine:
    """Every matrix in reach of one while a metric is held; see the module.

    Attributes
    ----------
    start : Confusion, cases
        Where it starts; ``tn`` may be ``nan``, which puts no end to false alarms.
    held
        One of `HOLDABLE`.

    Examples
    --------
    Precision from 0.8 to 0.5, with all 8 of 10 still caught, takes 6 more false alarms:

    >>> start = Confusion(tp=8.0, fp=2.0, fn=2.0, tn=88.0)
    >>> line = TradeoffLine(start, "recall")
    >>> float(line.reach("precision", 0.5).fp)
    8.0
    >>> line.bounds("precision")
    (0.08163265306122448, 1.0)
    """

    start: Confusion
    held: str

    def __post_init__(self) -> None:
        if self.held not in HOLDABLE:
            raise MetricsError(f"`held` must be one of {', '.join(HOLDABLE)}; got {self.held}")

    @property
    def direction(self) -> tuple[Any, Any, Any, Any]:
        """Change of ``tp fp fn tn`` per step, where a step is one case."""
        tp, fp = {
            "recall": (0.0, 1.0),
            "fpr": (1.0, 0.0),
            "flagged_share": (1.0, -1.0),
            "precision": (self.start.precision, 1.0 - self.start.precision),
        }[self.held]
        return tp, fp, -tp, -fp

    @property
    def range(self) -> tuple[float, float]:
        """Lowest and highest step at which no cell is below nothing; scalars only."""
        low, high = -np.inf, np.inf
        for cell, change in zip(CELLS, self.direction, strict=True):
            value = float(getattr(self.start, cell))
            if change > 0 and not np.isnan(value):
                low = max(low, -value / float(change))
            elif change < 0 and not np.isnan(value):
                high = min(high, -value / float(change))
        return float(low), float(high)

    def at(self, step: ArrayLike) -> Confusion:
        """Matrix so many steps along the line, (g,); ``nan`` where a cell would be negative."""
        steps = np.asarray(step, float)
        moved = {
            cell: np.add(getattr(self.start, cell), np.multiply(change, steps))
            if np.any(np.asarray(change) != 0)
            else np.add(getattr(self.start, cell), np.zeros_like(steps))
            for cell, change in zip(CELLS, self.direction, strict=True)
        }
        in_play = np.add(np.add(self.start.tp, self.start.fp), self.start.fn) + np.abs(steps)
        slack = NEARLY * in_play
        bad = np.isnan(steps)
        for cells in moved.values():
            bad = bad | (cells < -slack)
        return Confusion(
            **{c: np.where(bad, np.nan, np.maximum(x, 0.0))[()] for c, x in moved.items()}
        )

    def step_to(self, metric: str, value: ArrayLike) -> Any:
        """Count the steps until a metric has a value; ``nan`` where it does not move, or not there.

        ``(value whole - part) / (d part - value d whole)``
        """
        told, direction = METRICS[metric], self.direction
        cells = [getattr(self.start, cell) for cell in CELLS]
        part, d_part = _sum(told.part, cells), _sum(told.part, direction)
        whole, d_whole = _sum(told.whole, cells), _sum(told.whole, direction)
        value = np.asarray(value, float)
        above, below = value * whole - part, d_part - value * d_whole
        above, below = np.broadcast_arrays(above, below)
        moves = np.abs(below) > PARALLEL
        stays = np.abs(above) <= PARALLEL * np.maximum(np.abs(_sum(told.whole, cells)), 1.0)
        out = np.where(~moves & stays, 0.0, np.nan)
        return np.divide(above, below, out=np.array(out, float), where=moves)[()]

    def reach(self, metric: str, value: ArrayLike) -> Confusion:
        """Matrix at which a metric has a value; ``nan`` where it cannot have it."""
        return self.at(self.step_to(metric, value))

    def bounds(self, metric: str) -> tuple[float, float]:
        """Least and most a metric can be along the line; ``nan`` where it is not defined."""
        ends = [self._end(metric, step) for step in self.range]
        return min(ends), max(ends)

    def _end(self, metric: str, step: float) -> float:
        """Value at one end, or its limit there: at 0 / 0, or infinitely far away."""
        told, direction = METRICS[metric], self.direction
        part, whole = _sum(told.part, direction), _sum(told.whole, direction)
        if np.isfinite(step):
            cells = [
                getattr(self.start, c) + (d * step if d else 0.0)
                for c, d in zip(CELLS, direction, strict=True)
            ]
            below = float(_sum(told.whole, cells))
            if below != 0:
                return float(_sum(told.part, cells)) / below
        return float(part) / float(whole) if whole else float("nan")


def _sum(weights: tuple[int, int, int, int], cells: Any) -> Any:
    """Add up cells; one that plays no part may be ``nan``."""
    told = [w * np.asarray(x, float) for w, x in zip(weights, cells, strict=True) if w]
    return sum(told[1:], start=told[0]) if told else np.float64(0.0)
