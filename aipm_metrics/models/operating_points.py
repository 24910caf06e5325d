"""Where a decision threshold can sit, and what any score must answer to be searched.

Two kinds of score answer: a simulated one in closed form (`reported_score`) and counted rows
(`empirical_search`). Both search exactly, over every cutoff or every distinct score, with
ties going to whoever flags fewest. "Flag everything" is threshold 0 on a simulated score and
the lowest score of counted rows; "flag nothing" is ``inf`` on both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from aipm_metrics.models.confusion import Rates

if TYPE_CHECKING:
    from aipm_metrics.models.rate_cost import RateCost

__all__ = ["Choice", "OperatingPoint", "ScoreAxis", "operating_points"]

TIE = 1e-12  # costs closer than this share of the lowest count as equal


@dataclass(frozen=True, slots=True)
class Choice:
    """One threshold and the rates it has.

    Attributes
    ----------
    threshold : float
        On the scale shown to users; ``inf`` flags nothing.
    rates : Rates
        At that threshold, scalars.
    """

    threshold: float
    rates: Rates


class ScoreAxis(Protocol):
    """A score whose threshold can be moved and searched."""

    def rates(self, threshold: Any) -> Rates:
        """Share of each class with ``score >= threshold``, (t,)."""

    def cheapest(
        self,
        cost: RateCost,
        *,
        load: RateCost | None = None,
        limit: float = float("inf"),
        floor: float = 0.0,
    ) -> Choice | None:
        """Threshold of lowest `cost` among those with ``load <= limit`` and ``tpr >= floor``.

        None when no threshold satisfies both.
        """

    def highest_f1(self, prevalence: float) -> Choice:
        """Threshold of highest F1 where the share `prevalence` is positive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatingPoint:
    """A threshold somebody would defend, and the price of choosing it.

    Attributes
    ----------
    name
        ``lowest_cost``, ``within_load``, ``at_recall_floor`` or ``highest_f1``.
    threshold : float
        ``inf`` when nothing is flagged; ``nan`` when not feasible.
    cost, price : float, in the cost's unit
        What it costs, and how much more than the lowest cost; ``nan`` when not feasible.
    load : float, in the load's unit
        What it asks of the desk; when not feasible, the least that any threshold asks.
    rates : Rates
        At that threshold, scalars; ``nan`` when not feasible.
    precision, f1 : float
        ``nan`` when not feasible; precision also when nothing is flagged.
    feasible
        Whether any threshold satisfies the constraint.
    """

    name: str
    threshold: float
    cost: float
    price: float
    load: float
    rates: Rates
    precision: float
    f1: float
    feasible: bool

    @property
    def tpr(self) -> float:
        """Recall; ``nan`` when not feasible."""
        return float(self.rates.tpr)

    @property
    def fpr(self) -> float:
        """Share of negatives flagged; ``nan`` when not feasible."""
        return float(self.rates.fpr)


def operating_points(
    axis: ScoreAxis, cost: RateCost, load: RateCost, *, limit: float, floor: float,
    prevalence: float,
) -> tuple[OperatingPoint, OperatingPoint, OperatingPoint, OperatingPoint]:  # fmt: skip
    """Find lowest cost; lowest within the load's limit; lowest at the recall floor; highest F1.

    Parameters
    ----------
    axis
        The score to search.
    cost, load
        What the rates cost, and what they ask of the desk.
    limit : float, in the load's unit
    floor : float, 0 to 1
        Least recall allowed.
    prevalence : float in (0, 1)
        For F1.
    """
    free = axis.cheapest(cost)
    lowest = cost.moving(free.rates) if free else np.nan

    def point(name: str, chosen: Choice | None) -> OperatingPoint:
        if chosen is None:
            lightest = axis.cheapest(load)
            nan = float("nan")
            return OperatingPoint(
                name=name, threshold=nan, cost=nan, price=nan, rates=Rates(nan, nan), precision=nan,
                f1=nan, load=float(load(lightest.rates)) if lightest else nan, feasible=False,
            )  # fmt: skip
        rates, here = chosen.rates, float(cost(chosen.rates))
        cells = rates.confusion(prevalence)
        return OperatingPoint(
            name=name, threshold=chosen.threshold, cost=here,
            price=float(cost.moving(rates) - lowest),
            rates=rates, precision=cells.precision, f1=cells.f1,
            load=float(load(rates)), feasible=True,
        )  # fmt: skip

    return (
        point("lowest_cost", free),
        point("within_load", axis.cheapest(cost, load=load, limit=limit)),
        point("at_recall_floor", axis.cheapest(cost, floor=floor)),
        point("highest_f1", axis.highest_f1(prevalence)),
    )
