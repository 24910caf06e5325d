"""How much to stock when too much and too little cost differently: the newsvendor.

A unit too many costs `cost_over`, a unit too few `cost_under`; the cheapest stock is the quantile
of demand at ``cost_under / (cost_under + cost_over)`` (Arrow, Harris & Marschak 1951,
"Optimal inventory policy", Econometrica 19(3); Snyder & Shen 2019, "Fundamentals of Supply Chain
Theory", 2nd ed., section 4.3). The cost of any stock is the two costs times its expected surplus
and shortfall, all closed (`demand_laws`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import within
from aipm_metrics.models.demand_laws import LARGEST, demand

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["critical_ratio", "expected_cost", "optimal_stock"]


def critical_ratio(cost_over: ArrayLike, cost_under: ArrayLike) -> Any:
    """Quantile of demand that is cheapest to stock.

    Parameters
    ----------
    cost_over, cost_under : floats or (g,) floats, at least 0
        Cost of one unit too many and of one too few.

    Returns
    -------
    float or (g,) floats in [0, 1]
        ``under / (under + over)``; ``nan`` where both cost nothing.

    Raises
    ------
    OutOfRangeError
        When a cost is below 0 or no number.

    Examples
    --------
    >>> float(critical_ratio(1, 4))
    0.8
    """
    over = within("cost_over", cost_over, 0, LARGEST)
    under = within("cost_under", cost_under, 0, LARGEST)
    with np.errstate(invalid="ignore"):
        return np.asarray(under / np.asarray(under + over, float))[()]


def optimal_stock(
    law: str,
    *,
    mean: ArrayLike,
    sd: ArrayLike | None = None,
    cost_over: ArrayLike,
    cost_under: ArrayLike,
) -> Any:
    """Stock of lowest expected cost.

    Parameters
    ----------
    law, mean, sd
        Of demand; see `demand_laws.demand`.
    cost_over, cost_under
        See `critical_ratio`.

    Returns
    -------
    float or (g,) floats, units of demand
        Whole for counts.

    Examples
    --------
    Snyder & Shen (2019), Example 4.3: demand of 50 +- 8, 0.18 a day too many, 0.70 too few.

    >>> round(float(optimal_stock("normal", mean=50, sd=8, cost_over=0.18, cost_under=0.70)), 1)
    56.6
    """
    return demand(law, mean, sd).quantile(critical_ratio(cost_over, cost_under))[()]


def expected_cost(
    law: str,
    stock: ArrayLike,
    *,
    mean: ArrayLike,
    sd: ArrayLike | None = None,
    cost_over: ArrayLike,
    cost_under: ArrayLike,
) -> Any:
    """Mean cost of a stock: ``cost_over`` times its surplus and ``cost_under`` times its shortfall.

    Parameters
    ----------
    law, mean, sd
        Of demand; see `demand_laws.demand`.
    stock : float or (g,) floats, units of demand
    cost_over, cost_under
        See `critical_ratio`.

    Returns
    -------
    float or (g,) floats, in the costs' unit

    Examples
    --------
    Far too much stock costs what is left over:

    >>> told = {"mean": 50, "sd": 8, "cost_over": 0.2, "cost_under": 0.7}
    >>> round(float(expected_cost("normal", 150, **told)), 6)
    20.0
    """
    over = within("cost_over", cost_over, 0, LARGEST)
    under = within("cost_under", cost_under, 0, LARGEST)
    of = demand(law, mean, sd)
    return np.asarray(over * of.surplus(stock) + under * of.shortfall(stock))[()]
