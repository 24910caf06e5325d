"""How sure is the SLO? Error budget's own part of `scenarios.uncertainty`.

Prices and the number of answers are drawn; shares of bad answers are counted and have intervals
instead. The best SLO of a draw is its lowest cost on the dial, in closed form. Axis letters: `t`
SLOs, `s` draws, `g` values of assumptions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.cost_bands import Bands
from aipm_metrics.models.draws import ranks
from aipm_metrics.models.sweep import Sweep, tally
from aipm_metrics.scenarios.error_budget import HIGH, LOW
from aipm_metrics.scenarios.error_budget_chain import cost_of
from aipm_metrics.scenarios.uncertainty import uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.error_budget import ErrorBudgetResult, ErrorBudgetScenario
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = ["cheapest_slos", "cost_bands", "how_sure"]


def how_sure(result: ErrorBudgetResult) -> Uncertainty:
    """Put the answer of `budget` to the test of its own assumptions.

    Parameters
    ----------
    result
        Its scenario holds the ranges and the seed; its comparison point is the rival.

    Examples
    --------
    >>> from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario, budget
    >>> found = how_sure(budget(ErrorBudgetScenario()))
    >>> found.chance.wins + found.chance.losses
    1000
    """
    s = result.scenario
    rival = s.model_copy(update={"slo": float(result.compared.slo)})
    found = uncertain(s, rival, best=lambda varied: cheapest_slos(s, varied))
    bands = cost_bands(s, found.drawn, result.slos)
    best = tally(found.best, LOW, HIGH, "log-odds")
    return replace(found, sweep=Sweep("log-odds", bands, best))


def cheapest_slos(s: ErrorBudgetScenario, varied: Mapping[str, Floats]) -> tuple[Floats, Floats]:
    """SLO of lowest cost as assumptions take many values, and that cost a month.

    Parameters
    ----------
    varied
        Values by knob, (g,) each.

    Returns
    -------
    slo, cost : (g,) floats
        On the dial; USD.
    """
    cost = cost_of(s.model_copy(update=dict(varied)))
    bad = np.asarray(cost.cheapest(1 - HIGH, 1 - LOW), float)
    return np.clip(1 - bad, LOW, HIGH), np.asarray(cost(bad), float)


def cost_bands(s: ErrorBudgetScenario, varied: Mapping[str, Floats], slos: Floats) -> Bands:
    """Bands on the cost a month along the SLO, USD; see `models.cost_bands`.

    Parameters
    ----------
    varied
        Draws by knob, (s,) each.
    slos : (t,) floats, ascending
    """
    cost = cost_of(s.model_copy(update=dict(varied)))
    usd = np.atleast_1d(cost(1 - slos[:, None]))
    usd.sort(axis=1)
    return Bands(slos, *usd[:, ranks(usd.shape[1])].T)
