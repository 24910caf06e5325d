"""One metric moved while another is held: to a value, to a saving, to make up, and all the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import brentq

from aipm_metrics.models.metric_algebra import value_of
from aipm_metrics.models.tradeoff_line import TradeoffLine
from aipm_metrics.scenarios.translate_chain import Month, month
from aipm_metrics.scenarios.translate_knobs import PARTNER

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.translate_knobs import TranslateKnobs

__all__ = ["Change", "change_of", "make_up_of", "sweep_of", "target_of"]

SWEEP = 81
CENTS = 0.005  # USD a month; less is not a difference
TARGETS: dict[str, Callable[[Month], Any]] = {
    "tickets": lambda m: m.tickets,
    "support cost": lambda m: m.cost_by_cause["support"],
    "false alarms": lambda m: m.cells.fp,
    "missed": lambda m: m.cells.fn,
    "people leaving": lambda m: m.leaving,
    "cost": lambda m: m.cost,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One metric moved to a value, and the month that makes.

    Attributes
    ----------
    metric, held
        Names in code.
    start, wanted : float
        Its value now, and the one it shall have; ``nan`` where there is none.
    low, high : float
        How far it can move while the other is held.
    month : Month or None
        None where it cannot have that value.
    """

    metric: str
    held: str
    start: float
    wanted: float
    low: float
    high: float
    month: Month | None


def change_of(s: TranslateKnobs, line: TradeoffLine, metric: str, wanted: float) -> Change:
    """Move one metric along a line; see `Change`."""
    cells = line.reach(metric, wanted)
    there = None if np.isnan(cells.tp) else month(s, cells)
    start = float(value_of(metric, line.start))
    return Change(metric, line.held, start, wanted, *line.bounds(metric), there)


def _steps_to_save(
    s: TranslateKnobs, line: TradeoffLine, get: Callable[[Month], Any], saved: float
) -> tuple[float, float]:
    """Fewest steps along a line that save so much, and the most that can be saved.

    What is saved is a convex function of the steps (costs are linear but for people who
    leave, which is concave), so its most is at an end, and on each side of the start it passes
    `saved` > 0 at most once. Along lines that move one kind of mistake only it is monotone, and
    that holds for `saved` < 0 as well. Brent's method (see `flip_points`).
    """
    start = float(get(month(s, line.start)))

    def over(step: float) -> float:
        return start - float(get(month(s, line.at(step)))) - saved

    ends = [(end, over(end)) for end in line.range if np.isfinite(end)]
    most = max((value + saved for _, value in ends), default=np.nan)
    roots = [
        float(brentq(over, 0.0, end, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=2_000))
        for end, value in ends
        if end != 0 and np.isfinite(value) and value * -saved <= 0
    ]
    return min(roots, key=abs, default=np.nan), most


def target_of(s: TranslateKnobs, line: TradeoffLine) -> tuple[Change, float]:
    """Where the metric must go to save what is wanted."""
    step, most = _steps_to_save(s, line, TARGETS[s.target], s.target_amount)
    value = np.nan if np.isnan(step) else float(value_of(s.changed_metric, line.at(step)))
    return change_of(s, line, s.changed_metric, value), most


def make_up_of(s: TranslateKnobs, now: Month, change: Change) -> Change | None:
    """Another metric's value at which the money, after the change, is what it was.

    Recall with the false alarms as they are; or precision with recall as it is, where recall
    is what changed.
    """
    after = change.month
    gained = np.nan if after is None else float(now.cost) - float(after.cost)
    if after is None or np.isnan(gained) or abs(gained) < CENTS:
        return None
    by_precision = change.metric in PARTNER
    line = TradeoffLine(after.cells, "recall" if by_precision else "fpr")
    metric = "precision" if by_precision else "recall"
    step, _ = _steps_to_save(s, line, TARGETS["cost"], -gained)
    value = np.nan if np.isnan(step) else float(value_of(metric, line.at(step)))
    return change_of(s, line, metric, value)


def sweep_of(
    s: TranslateKnobs, line: TradeoffLine, changes: list[Change]
) -> tuple[Floats, Month | None]:
    """Months around everything that is marked, evenly spaced in the metric that changes."""
    first = changes[0]
    marked = [first.start, *(c.wanted for c in changes if c.month is not None)]
    told = [value for value in marked if np.isfinite(value)]
    if not told or not first.low < first.high:
        return np.empty(0), None
    room = max(0.5 * (max(told) - min(told)), 0.02 * (first.high - first.low))
    low, high = max(first.low, min(told) - room), min(first.high, max(told) + room)
    along = np.unique(np.append(np.linspace(low, high, SWEEP), np.clip(told, low, high)))
    return along, month(s, line.reach(first.metric, along))
