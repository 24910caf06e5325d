"""From error rates to people and money: the chain that Moderation follows at any threshold.

Wrongful removals drive authors away and come back as appeals; harmful posts left up are viewed,
hurt, and are reported. A harmful post that is caught late has been seen by a share of those who
would have seen it, and does that share of everything a missed one does: whatever a post does,
it does by being seen. Scoring costs the same at every threshold.
Axis letter: `t` thresholds. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.confusion import Confusion, Rates
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.half_life import gone, left
from aipm_metrics.models.leaving import leaving_share
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.reported_score import ReportedScore

if TYPE_CHECKING:
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.scenarios.moderation import ModerationScenario

__all__ = ["Month", "axis_of", "costs_of", "month", "prevalence_of"]

PER = 1_000  # posts that the model's price is for


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What happens to whom in a month at one threshold; arrays (t,) where thresholds are.

    Attributes
    ----------
    threshold
        On the scale shown; ``inf`` flags nothing.
    rates, confusion
        Shares of each class flagged; posts in each cell.
    appeals, reports, views_of_harm, views_before_removal : posts, tickets, views
        Views of harm are those of missed posts and those of caught ones before their removal.
    desk_hours : hours
    authors_leaving, viewers_leaving : people
    cost_by_cause : dict of str to USD
    """

    threshold: Any
    rates: Rates
    confusion: Confusion
    appeals: Any
    reports: Any
    views_of_harm: Any
    views_before_removal: Any
    desk_hours: Any
    authors_leaving: Any
    viewers_leaving: Any
    cost_by_cause: dict[str, Any]

    @property
    def cost(self) -> Any:
        """Money lost, USD."""
        return sum(self.cost_by_cause.values())

    def at(self, rows: Any) -> Month:
        """Pick one threshold by its place (scalars), or several (arrays)."""

        def pick(values: Any) -> Any:
            if isinstance(values, dict):
                return {name: pick(each) for name, each in values.items()}
            if isinstance(values, Rates | Confusion):
                return replace(values, **{f.name: pick(getattr(values, f.name))
                                          for f in fields(values)})  # fmt: skip
            picked = np.asarray(values)[rows]
            return picked if np.ndim(picked) else float(picked)

        return replace(self, **{f.name: pick(getattr(self, f.name)) for f in fields(self)})


def month(s: ModerationScenario, threshold: Any, rates: Rates) -> Month:
    """Follow the chain from error rates to people and money; any knob may be an array."""
    cells = rates.confusion(s.prevalence, s.items_per_month)
    late = cells.tp * gone(s.decision_delay, s.views_half_life)  # as many missed posts' worth
    appeals, reports = cells.fp * s.appeal_share, (cells.fn + late) * s.reports_per_missed
    hours = (appeals * s.minutes_per_appeal + reports * s.minutes_per_report) / 60
    authors = s.items_per_month * (1 - s.prevalence) / s.items_per_author
    lost = authors * leaving_share(rates.fpr, s.leave_after_wrongful, s.items_per_author)
    views = (cells.fn + late) * s.views_per_missed
    bill = s.items_per_month * s.model_price / PER + 0 * cells.fn  # the same at every threshold
    return Month(
        threshold=threshold, rates=rates, confusion=cells, appeals=appeals, reports=reports,
        views_of_harm=views, views_before_removal=late * s.views_per_missed,
        desk_hours=hours, authors_leaving=lost,
        viewers_leaving=views * s.leave_after_harm,
        cost_by_cause={
            "harm": cells.fn * s.harm_per_missed,
            "late": late * s.harm_per_missed,
            "viewers": views * s.leave_after_harm * s.value_per_viewer,
            "authors": lost * s.value_per_author,
            "desk": hours * s.reviewer_wage,
            "model": bill,
        },
    )  # fmt: skip


def prevalence_of(s: ModerationScenario, rows: Empirical | None) -> float:
    """Share of posts that are harmful: the knob's, or the rows' own where that is wanted."""
    return rows.prevalence if rows is not None and s.row_mix == "the rows' own" else s.prevalence


def costs_of(s: ModerationScenario) -> tuple[RateCost, RateCost]:
    """Money and desk hours a month as functions of the rates alone, for the search."""
    positives = s.items_per_month * s.prevalence
    negatives = s.items_per_month - positives
    seen, spared = (share(s.decision_delay, s.views_half_life) for share in (gone, left))
    reports = positives * s.reports_per_missed * s.minutes_per_report / 60
    hours = RateCost(
        per_miss=reports * spared,
        per_false=negatives * s.appeal_share * s.minutes_per_appeal / 60,
        fixed=reports * seen,
    )
    viewer = s.views_per_missed * s.leave_after_harm * s.value_per_viewer
    missed = positives * (s.harm_per_missed + viewer) + reports * s.reviewer_wage
    money = RateCost(
        per_miss=missed * spared,
        per_false=hours.per_false * s.reviewer_wage,
        at_stake=negatives / s.items_per_author * s.value_per_author,
        chance=s.leave_after_wrongful,
        exposures=s.items_per_author,
        fixed=missed * seen + s.items_per_month * s.model_price / PER,
    )
    return money, hours


def axis_of(s: ModerationScenario, rows: Empirical | None) -> ReportedScore | EmpiricalAxis:
    """Score that is cut: the rows where there are any, else the simulated model."""
    if rows is not None:
        return EmpiricalAxis(rows)
    believed = s.prevalence if s.calibration == "today's mix" else s.trained_prevalence
    return ReportedScore(Binormal.from_auc(s.auc), believed, s.temperature)
