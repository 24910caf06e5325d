"""Where should the removal threshold sit? One scored stream, four kinds of outcome.

A model scores every item; those at or above the threshold are removed. Wrongful removals drive
authors away and come back as appeals, harmful items left up are viewed, hurt, and are reported:
`moderation_knobs` has the knobs, `moderation_chain` the chain, `moderation_flips` what would
turn the choice, `moderation_result` the answer. Axis letter: `t` thresholds. Nothing is random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.curves import curves_of_rows, curves_of_score
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.natural_frequencies import natural_frequencies
from aipm_metrics.models.operating_points import operating_points
from aipm_metrics.scenarios.moderation_chain import axis_of, costs_of, month, prevalence_of
from aipm_metrics.scenarios.moderation_knobs import HIGH, LOW, ModerationKnobs
from aipm_metrics.scenarios.moderation_result import ModerationResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical

__all__ = ["HIGH", "LOW", "ModerationResult", "ModerationScenario", "moderate"]


class ModerationScenario(ModerationKnobs):
    """A stream of items, a model, an appeals desk, and what each kind of mistake costs.

    `row_mix` is taken as "as set" where a prevalence is given and it is not.

    Examples
    --------
    >>> ModerationScenario(prevalence=0.02).row_mix
    'as set'
    >>> ModerationScenario(threshold=7.5, rows="0123456789abcdef").threshold
    7.5
    """

    def costs(self, varied: Mapping[str, Floats], rows: Empirical | None = None) -> Floats:
        """Cost a month in USD as some knobs take many values; see `Scenario.costs`.

        Examples
        --------
        Twice the wage, twice the desk's part of the cost, and no more:

        >>> usd = ModerationScenario().costs({"reviewer_wage": np.array([0.0, 22.0, 44.0])})
        >>> round(float(usd[2] - usd[1]), 6) == round(float(usd[1] - usd[0]), 6)
        True
        """
        known = {} if rows is None else {"prevalence": prevalence_of(self, rows)}
        s = self.model_copy(update={**known, **varied})
        money, _ = costs_of(s)
        usd = np.asarray(money(axis_of(s, rows).rates(s.threshold)), float)
        shape = np.broadcast_shapes(usd.shape, *(np.shape(values) for values in varied.values()))
        return np.broadcast_to(usd, shape)

    def run(self, rows: Empirical | None = None) -> ModerationResult:
        """See `moderate`."""
        return moderate(self, rows)


def moderate(scenario: ModerationScenario, rows: Empirical | None = None) -> ModerationResult:
    """Answer the question at the scenario's threshold, and find the thresholds worth knowing.

    Parameters
    ----------
    scenario
        The knobs.
    rows
        Counted rows to use in place of the simulated model: their rates by class, at the
        prevalence the scenario says.

    Returns
    -------
    ModerationResult
        Everything per month; money in USD.

    Raises
    ------
    RowsError
        When the scenario speaks of rows and these are missing or are others.

    Examples
    --------
    A model that knows nothing gives everybody one score, here below the threshold: nothing is
    removed, nobody is wronged, and a tenth of 1,000 posts is left up at 30 USD of harm each.

    >>> blind = ModerationScenario(
    ...     auc=0.5,
    ...     prevalence=0.1,
    ...     items_per_month=1000,
    ...     views_per_missed=0,
    ...     reviewer_wage=0,
    ...     model_price=0,
    ... )
    >>> moderate(blind).cost, moderate(blind).authors_leaving
    (3000.0, 0.0)
    """
    scenario.check_rows(rows)
    s = scenario.model_copy(update={"prevalence": prevalence_of(scenario, rows)})
    axis = axis_of(s, rows)
    money, hours = costs_of(s)
    points = operating_points(
        axis, money, hours, limit=s.desk_hours, floor=s.recall_floor, prevalence=s.prevalence
    )
    marked = [s.today_threshold, *(p.threshold for p in points)]
    if isinstance(axis, EmpiricalAxis):
        curves, separation = curves_of_rows(axis.rows, s.threshold, marked), np.nan
    else:
        curves = curves_of_score(axis, LOW, HIGH, s.threshold, marked)
        separation = float(axis.model.separation)
    sweep = month(s, curves.threshold, curves.rates)
    return ModerationResult(
        scenario=s,
        rows=rows,
        points=points,
        separation=separation,
        mean_reported=axis.mean(s.prevalence),
        curves=curves,
        sweep=sweep,
        row=int(np.searchsorted(curves.threshold, s.threshold)),
        today=month(s, s.today_threshold, axis.rates(s.today_threshold)),
        cheapest=month(s, points[0].threshold, points[0].rates),
        people=natural_frequencies(s.prevalence, curves.rates),
    )
