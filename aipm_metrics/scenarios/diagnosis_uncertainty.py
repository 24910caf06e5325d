"""How sure is the design? Diagnosis' own part of `scenarios.uncertainty`.

Rates, reliance, waits and prices are drawn; on counted rows the AI's own rates stand as counted.
The best threshold of a draw is that of the chosen design: exact on the simulated model, on rows
the best of those drawn. The best of a draw is then the cheaper of that and of the rival, for a
design may be worse than its rival at any threshold; designs that are neither are left aside.
Axis letters: `t` thresholds, `s` draws.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.cost_bands import Bands
from aipm_metrics.models.draws import ranks
from aipm_metrics.models.reported_score import ReportedScore
from aipm_metrics.models.sweep import Sweep, tally
from aipm_metrics.models.team_cost import cheapest_cutoff
from aipm_metrics.scenarios.diagnosis_chain import axis_of, calls_at, fixed_cost, team_of
from aipm_metrics.scenarios.diagnosis_knobs import NO_AI
from aipm_metrics.scenarios.uncertainty import uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.scenarios.diagnosis import DiagnosisResult, DiagnosisScenario
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = ["cheapest_thresholds", "costs_along", "how_sure"]

DRAWN = 81  # thresholds of a band


def how_sure(result: DiagnosisResult) -> Uncertainty:
    """Put the answer of `diagnose` to the test of its own assumptions.

    Examples
    --------
    >>> from aipm_metrics.scenarios.diagnosis import DiagnosisScenario, diagnose
    >>> found = how_sure(diagnose(DiagnosisScenario()))
    >>> found.chance.wins + found.chance.ties + found.chance.losses
    1000
    """
    s, rows, thresholds = result.scenario, result.rows, _some(result)
    if s.design == NO_AI:
        return uncertain(s, result.rival, rows)
    found = uncertain(
        s, result.rival, rows, best=lambda varied: cheapest_thresholds(s, varied, rows, thresholds)
    )
    usd = costs_along(s, found.drawn, rows, thresholds)
    usd.sort(axis=1)
    bands = Bands(thresholds, *usd[:, ranks(usd.shape[1])].T)
    ends = float(thresholds[0]), float(thresholds[-1])
    best = tally(found.best, *ends, result.curves.spacing)
    cheapest = np.minimum(np.minimum(found.best_cost, found.rival_cost), found.cost)
    return replace(found, best_cost=cheapest,
                   sweep=Sweep(result.curves.spacing, bands, best))  # fmt: skip


def _some(result: DiagnosisResult) -> Floats:
    """Thresholds to draw bands at: evenly spread rows, the chosen one and its rival."""
    every = result.curves.threshold
    rows = np.linspace(0, every.size - 1, min(DRAWN, every.size)).round().astype(int)
    return np.asarray(every[np.unique(np.append(rows, result.row))], float)


def cheapest_thresholds(
    s: DiagnosisScenario, varied: Mapping[str, Floats], rows: Empirical | None, among: Floats
) -> tuple[Floats, Floats]:
    """Threshold of lowest cost of the chosen design as assumptions take many values.

    Parameters
    ----------
    varied
        Values by knob, (g,) each.
    among : (t,) floats
        On rows, the thresholds to choose from.

    Returns
    -------
    threshold, cost : (g,) floats
        On the scale shown, ``inf`` flags nothing; USD a month.
    """
    drawn = s.model_copy(update=dict(varied))
    axis = axis_of(drawn, rows)
    if isinstance(axis, ReportedScore):
        cutoff, usd = cheapest_cutoff(axis.model.separation, team_of(drawn, s.design))
        return np.asarray(axis.threshold_at(cutoff), float), usd + fixed_cost(drawn, s.design)
    usd = costs_along(s, varied, rows, among)
    best = usd.argmin(axis=0)
    return among[best], usd[best, np.arange(usd.shape[1])]


def costs_along(
    s: DiagnosisScenario, varied: Mapping[str, Floats], rows: Empirical | None, thresholds: Floats
) -> Floats:
    """Cost a month of the chosen design at each threshold of each draw, (t, s) USD."""
    drawn = s.model_copy(update=dict(varied))
    calls = calls_at(drawn, axis_of(drawn, rows).rates(thresholds[:, None]))
    usd = team_of(drawn, s.design).of_calls(*calls) + fixed_cost(drawn, s.design)
    shape = (thresholds.size, *np.shape(next(iter(varied.values()))))
    return np.array(np.broadcast_to(usd, shape), float)
