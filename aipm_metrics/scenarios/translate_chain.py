"""From the cells of a confusion matrix to tickets, people and money; many values at once.

Axis letter: `g` values of one input.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.leaving import leaving_share
from aipm_metrics.models.metric_algebra import CELLS, independent, solve, value_of
from aipm_metrics.models.tradeoff_line import TradeoffLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.metric_reading import Reading
    from aipm_metrics.scenarios.translate_knobs import TranslateKnobs

__all__ = ["Month", "cells_at", "month", "reached", "wanted_of"]


def cells_at(reading: Reading, varied: Mapping[str, Floats]) -> Confusion:
    """Cells as some of the numbers given take many values; the others stand as written."""
    cells = reading.cells
    if cells is None or not varied:
        return cells if cells is not None else Confusion(**dict.fromkeys(CELLS, np.nan))
    open_end = bool(np.isnan(cells.tn))
    start = Confusion(tp=cells.tp, fp=cells.fp, fn=cells.fn, tn=0.0) if open_end else cells
    names = tuple(name for name, _, _ in reading.said) + (("tn",) if open_end else ())
    enough = independent(start, names)
    if len(enough) < len(CELLS):  # settled by a limit, such as an accuracy of 1
        return cells
    as_said = {name: value for name, value, _ in reading.said}
    moved = {name: varied[name] - as_said[name] for name in varied if name in as_said}
    found = solve({n: np.add(value_of(n, start), moved.get(n, 0.0)) for n in enough})
    if open_end:
        return Confusion(tp=found.tp, fp=found.fp, fn=found.fn, tn=np.full_like(found.tp, np.nan))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What happens to whom in a month; arrays (g,) where inputs are.

    Attributes
    ----------
    cells : cases
    tickets : tickets
    leaving : people
    kept : share of people, positives aside, who stay
    cost_by_cause : dict of str to USD
    """

    cells: Confusion
    tickets: Any
    leaving: Any
    kept: Any
    cost_by_cause: dict[str, Any]

    @property
    def cost(self) -> Any:
        """Money lost, USD."""
        return sum(self.cost_by_cause.values())


def month(s: TranslateKnobs, cells: Confusion) -> Month:
    """Follow the chain from cells to people and money; any knob may be an array.

    Wrongful flags drive people away as in Moderation: each has so many cases, each goes wrong
    at the false positive rate. Without ``tn`` nobody knows that rate.
    """
    tickets = cells.fp * s.tickets_per_false_alarm + cells.fn * s.tickets_per_missed
    negatives = np.add(cells.fp, cells.tn)
    rate = np.where(negatives == 0, 0.0, value_of("fpr", cells))
    lost = leaving_share(rate, s.leave_after_wrongful, s.items_per_person)
    leaving = negatives / s.items_per_person * lost + cells.fn * s.leavers_per_missed
    return Month(
        cells=cells, tickets=tickets, leaving=leaving, kept=1.0 - lost,
        cost_by_cause={
            "support": tickets * s.cost_per_ticket,
            "harm": cells.fn * s.harm_per_missed,
            "people": leaving * s.value_per_person,
        },
    )  # fmt: skip


def wanted_of(s: TranslateKnobs, now: Any) -> Any:
    """Value the metric shall have."""
    return now * (1 + s.amount) if s.measure == "per cent" else now + s.amount


def reached(s: TranslateKnobs, cells: Confusion, wanted: Any) -> Confusion:
    """Cells where the metric has that value and the other one is held; ``nan`` out of reach."""
    return TradeoffLine(cells, s.held_metric).reach(s.changed_metric, wanted)
