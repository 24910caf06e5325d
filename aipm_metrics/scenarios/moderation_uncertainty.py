"""How sure is the removal threshold? Moderation's own part of `scenarios.uncertainty`.

Prices, rates and, on the simulated model, the score itself are drawn; a model calibrated to
today's mix follows the harmful share that is drawn. On counted rows the rates stand as counted
and only prices, rates of people and a harmful share that is set can be off. The best threshold
of a draw is its lowest cost, the desk's hours and the recall floor left aside.
Axis letters: `t` thresholds, `s` draws, `g` values of assumptions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.cheapest_cutoffs import cheapest_cutoffs
from aipm_metrics.models.cost_bands import Bands, bands_of_rates, bands_of_score
from aipm_metrics.models.curves import place, value_at
from aipm_metrics.models.reported_score import ReportedScore
from aipm_metrics.models.roc_hull import cheapest_on_rows
from aipm_metrics.models.sweep import Sweep, tally
from aipm_metrics.scenarios.moderation import HIGH, LOW
from aipm_metrics.scenarios.moderation_chain import axis_of, costs_of
from aipm_metrics.scenarios.uncertainty import uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = ["cheapest_thresholds", "cost_bands", "how_sure"]

THRESHOLDS = 1_001


def how_sure(result: ModerationResult) -> Uncertainty:
    """Put the answer of `moderate` to the test of its own assumptions.

    Parameters
    ----------
    result
        Its scenario holds the ranges and the seed; its comparison point is the rival.

    Examples
    --------
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
    >>> found = how_sure(moderate(ModerationScenario()))
    >>> found.chance.wins + found.chance.losses, len(found.sweep.bands.threshold) >= 1001
    (1000, True)
    """
    s, rows, curves = result.scenario, result.rows, result.curves
    rival = s.model_copy(update={"threshold": float(result.compared.threshold)})
    found = uncertain(s, rival, rows, best=lambda varied: cheapest_thresholds(s, varied, rows))
    thresholds = curves.threshold
    if rows is None:
        low, high = place(np.array([LOW, HIGH]), "log-odds").tolist()
        thresholds = value_at(np.linspace(low, high, THRESHOLDS), "log-odds")
    # The text and the marks tell these two to the last digit, so the bands do as well.
    bands = cost_bands(s, found.drawn, thresholds, rows)
    bands = bands.through(rival.threshold, found.rival_cost_spread)
    bands = bands.through(s.threshold, found.cost_spread)
    return replace(
        found,
        sweep=Sweep(
            curves.spacing,
            bands,
            tally(found.best, float(thresholds[0]), float(thresholds[-1]), curves.spacing),
        ),
    )


def cheapest_thresholds(
    s: ModerationScenario, varied: Mapping[str, Floats], rows: Empirical | None = None
) -> tuple[Floats, Floats]:
    """Threshold of lowest cost as assumptions take many values, and that cost a month.

    Exact on rows; on the simulated model to the last digits of the cost.

    Parameters
    ----------
    varied
        Values by knob, (g,) each.

    Returns
    -------
    threshold, cost : (g,) floats
        On the scale shown, ``inf`` flags nothing; USD.
    """
    drawn = s.model_copy(update=dict(varied))
    money, _ = costs_of(drawn)
    score = axis_of(drawn, rows)
    if not isinstance(score, ReportedScore):
        return cheapest_on_rows(score.rows, money)
    cutoffs, usd = cheapest_cutoffs(score.model.separation, money)
    return np.asarray(score.threshold_at(cutoffs), float), usd


def cost_bands(
    s: ModerationScenario,
    varied: Mapping[str, Floats],
    threshold: Floats,
    rows: Empirical | None = None,
    *,
    double: bool = False,
) -> Bands:
    """Bands on the cost a month along the threshold, USD; see `models.cost_bands`.

    Parameters
    ----------
    varied
        Draws by knob, (s,) each.
    threshold : (t,) floats, ascending
    double
        Whether to insist on double precision.
    """
    if all(np.ptp(values) == 0 for values in varied.values()):  # certain: one draw, to the digit
        varied, double = {name: np.ravel(values)[:1] for name, values in varied.items()}, True
    drawn = s.model_copy(update=dict(varied))
    money, _ = costs_of(drawn)
    score = axis_of(drawn, rows)
    if isinstance(score, ReportedScore):
        return bands_of_score(
            threshold, score.model.separation, score.believed_prevalence, score.temperature, money,
            double=double,
        )  # fmt: skip
    return bands_of_rates(threshold, score.rates(threshold), money, double=double)
