"""How sure is the step limit? API spend's own part of `scenarios.uncertainty`.

Every price, rate and size is drawn; the limits, the cap and the other guards are decisions and
stand. Every limit is priced in every draw, so the best one of a draw is found by trying all.
Axis letters: `t` limits, `s` draws, `g` values of assumptions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.cost_bands import Bands
from aipm_metrics.models.draws import ranks
from aipm_metrics.models.sweep import Sweep, tally
from aipm_metrics.scenarios.api_spend_chain import MOST_STEPS, cost_at
from aipm_metrics.scenarios.uncertainty import uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.api_spend import ApiSpendResult, ApiSpendScenario
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = ["how_sure", "limit_costs"]

BLOCK = 100  # draws priced at a time, so that what is in hand stays in the cache
LIMITS = np.arange(1.0, MOST_STEPS + 1)


def how_sure(result: ApiSpendResult) -> Uncertainty:
    """Put the answer of `spend` to the test of its own assumptions.

    Parameters
    ----------
    result
        Its scenario holds the ranges and the seed; its comparison point is the rival.

    Examples
    --------
    >>> from aipm_metrics.scenarios.api_spend import ApiSpendScenario, spend
    >>> found = how_sure(spend(ApiSpendScenario()))
    >>> found.chance.wins + found.chance.losses, found.best_cost.shape
    (1000, (1000,))
    """
    s = result.scenario
    rival = s.model_copy(update={"step_limit": float(result.compared.limit)})
    seen: list[Floats] = []  # costs of every limit: at the draws first, then at the ends

    def best(varied: Mapping[str, Floats]) -> tuple[Floats, Floats]:
        seen.append(limit_costs(s, varied))
        return LIMITS[seen[-1].argmin(axis=1)], seen[-1].min(axis=1)

    found = uncertain(s, rival, best=best)
    usd = np.sort(seen[0], axis=0)
    bands = Bands(LIMITS, *usd[ranks(len(usd))])
    where = tally(found.best, float(LIMITS[0]), float(LIMITS[-1]), "linear")
    return replace(found, sweep=Sweep("linear", bands, where))


def limit_costs(s: ApiSpendScenario, varied: Mapping[str, Floats]) -> Floats:
    """Cost of every limit as assumptions take many values, USD a month.

    Parameters
    ----------
    varied
        Values by knob, (g,) each.

    Returns
    -------
    (g, t) floats
        The limits are 1, 2, ... up to the highest that can be set.
    """
    many = max((np.size(values) for values in varied.values()), default=1)
    columns = {name: np.broadcast_to(v, (many,)) for name, v in varied.items()}
    found = np.empty((many, LIMITS.size))
    for start in range(0, many, BLOCK):
        part = {name: v[start : start + BLOCK, None] for name, v in columns.items()}
        found[start : start + BLOCK] = cost_at(s.model_copy(update=part), LIMITS)
    return found
