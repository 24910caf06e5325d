"""Rank groups of rows by what they cost at a threshold, as far as that can be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aipm_metrics.models.cost_intervals import cost_difference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.models.cost_intervals import RowCost
    from aipm_metrics.rows.profile_parts import Group

__all__ = ["Ranked", "by_cost"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Groups by cost per row.

    Attributes
    ----------
    order : tuple of Group
        Those with enough errors, the cheapest first.
    few : tuple of Group
        The others, as they stood.
    ends : RowCost or None
        How much more the dearest costs than the cheapest; None with fewer than two.
    next_ : RowCost or None
        How much more the second costs than the cheapest.
    """

    order: tuple[Group, ...]
    few: tuple[Group, ...]
    ends: RowCost | None
    next_: RowCost | None


def by_cost(groups: Sequence[Group]) -> Ranked:
    """Rank them; see `Ranked`.

    Examples
    --------
    >>> by_cost([])
    Ranked(order=(), few=(), ends=None, next_=None)
    """
    told = [g for g in groups if g.cost.status == "said"]
    order = tuple(sorted(told, key=lambda g: g.cost.value))
    few = tuple(g for g in groups if g.cost.status != "said")
    if len(order) < 2:
        return Ranked(order, few, None, None)
    ends, next_ = (cost_difference(dear.cost, order[0].cost) for dear in (order[-1], order[1]))
    return Ranked(order, few, ends, next_)
