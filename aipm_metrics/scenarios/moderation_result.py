"""What Moderation answers: the month at every threshold, outcomes, flip points, assumptions.

Made by `moderation.moderate`; what is asked for seldom is worked out when it is asked for.
Axis letter: `t` thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_metrics.estimates import Estimate, wilson
from aipm_metrics.models.half_life import gone
from aipm_metrics.scenarios.contract import Assumption, Outcome
from aipm_metrics.scenarios.moderation_assumptions import assumptions_of
from aipm_metrics.scenarios.moderation_flips import NearestFlips, flips_of, nearest_flips_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Confusion, Rates
    from aipm_metrics.models.curves import Curves
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.models.natural_frequencies import Frequencies
    from aipm_metrics.models.operating_points import OperatingPoint
    from aipm_metrics.scenarios.moderation import ModerationScenario
    from aipm_metrics.scenarios.moderation_chain import Month

__all__ = ["ModerationResult"]


@dataclass(frozen=True, kw_only=True)
class ModerationResult:
    """Everything the page, the pictures and the words need.

    Attributes
    ----------
    scenario
        With the prevalence in use: the rows' own where `row_mix` says so.
    rows
        The counted rows, or None for the simulated model.
    points
        Lowest cost; within the desk; at the recall floor; highest F1.
    separation : float, sd
        Distance of the classes; ``nan`` for rows.
    mean_reported : float
        Mean of the score over the stream; ``nan`` for rows that are not probabilities.
    curves, sweep : (t,) each
        Every threshold a hand can choose, with the month at each: 1,001 of them evenly spread,
        and every one worth a mark.
    row : int
        Which of them is the scenario's own.
    today, cheapest : Month
        At today's threshold and at the lowest cost: what choices are compared with.
    people : Frequencies, (t,) each
        The four cells out of a round number.
    """

    scenario: ModerationScenario
    rows: Empirical | None
    points: tuple[OperatingPoint, OperatingPoint, OperatingPoint, OperatingPoint]
    separation: float
    mean_reported: float
    curves: Curves
    sweep: Month
    row: int
    today: Month
    cheapest: Month
    people: Frequencies

    @cached_property
    def chosen(self) -> Month:
        """The month at the scenario's threshold."""
        return self.sweep.at(self.row)

    @property
    def compared_with(self) -> Literal["today", "lowest cost"]:
        """What the choice is compared with: today, unless it is today's own threshold."""
        same = self.scenario.threshold == self.scenario.today_threshold
        return "lowest cost" if same else "today"

    @property
    def compared(self) -> Month:
        """The month at the comparison point."""
        return self.today if self.compared_with == "today" else self.cheapest

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """One flip point per price or rate, the nearest first."""
        return flips_of(
            self.scenario, self.rows, self.scenario.threshold, float(self.compared.threshold)
        )

    @cached_property
    def nearest_flips(self) -> NearestFlips:
        """Nearest flip point of every threshold of the sweep against what it is compared with."""
        s, thresholds = self.scenario, self.curves.threshold
        rivals = np.where(
            thresholds == s.today_threshold, self.cheapest.threshold, s.today_threshold
        )
        return nearest_flips_of(s, self.rows, thresholds, rivals)

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every knob; the one that moves the saving most comes first."""
        return assumptions_of(self.scenario, self.rows, float(self.compared.threshold))

    @property
    def counted(self) -> dict[str, Estimate]:
        """For rows, the shares they were counted to have at the threshold, with intervals."""
        return {} if self.rows is None else _counted(self.rows, self.chosen.rates)

    @property
    def lowest_cost(self) -> OperatingPoint:
        """Lowest cost of all thresholds."""
        return self.points[0]

    @property
    def within_desk(self) -> OperatingPoint:
        """Lowest cost within the desk's hours."""
        return self.points[1]

    @property
    def at_recall_floor(self) -> OperatingPoint:
        """Lowest cost with recall at or above the floor."""
        return self.points[2]

    @property
    def highest_f1(self) -> OperatingPoint:
        """Highest F1, whatever it costs."""
        return self.points[3]

    @property
    def confusion(self) -> Confusion:
        """Posts a month in each cell, at the threshold."""
        return self.chosen.confusion

    @property
    def cost(self) -> float:
        """Money lost a month at the threshold, USD."""
        return float(self.chosen.cost)

    @property
    def cost_by_cause(self) -> dict[str, float]:
        """Money lost a month by cause, USD; adds up to `cost`."""
        return {cause: float(usd) for cause, usd in self.chosen.cost_by_cause.items()}

    @property
    def causes(self) -> tuple[str, ...]:
        """Names of the causes of cost; a model that is free or at once has none of its own."""
        none = {"late": self.scenario.decision_delay == 0, "model": self.scenario.model_price == 0}
        return tuple(cause for cause in self.sweep.cost_by_cause if not none.get(cause))

    @property
    def seen_before_decision(self) -> float:
        """Share of a post's views that come before the model has decided."""
        return float(gone(self.scenario.decision_delay, self.scenario.views_half_life))

    @property
    def desk_hours(self) -> float:
        """Reviewer hours a month."""
        return float(self.chosen.desk_hours)

    @property
    def authors_leaving(self) -> float:
        """Authors who leave a month."""
        return float(self.chosen.authors_leaving)

    @property
    def viewers_leaving(self) -> float:
        """Viewers who leave a month."""
        return float(self.chosen.viewers_leaving)

    @property
    def saving(self) -> float:
        """USD a month saved against the comparison point; negative when it costs more."""
        return float(self.compared.cost - self.chosen.cost)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What happens to whom, each with its formula."""
        return tuple(
            Outcome(
                name=name, label=label, value=float(read(self.chosen)),
                compared=float(read(self.compared)), unit=unit, per="month", better=better,
                formula=formula, said=SAID.get(name, ""),
            )
            for name, label, unit, better, formula, read in OUTCOMES
        )  # fmt: skip


LATE = "tp * (1 - 2 ** (-decision_delay / views_half_life))"  # as many missed posts' worth
OUTCOMES: tuple[
    tuple[str, str, str, Literal["lower", "higher", "neither"], str, Callable[[Month], Any]], ...
] = (
    ("fn", "harmful posts left up", "posts", "lower", "positives * (1 - tpr)",
     lambda m: m.confusion.fn),
    ("fp", "posts wrongly removed", "posts", "lower", "negatives * fpr", lambda m: m.confusion.fp),
    ("tp", "harmful posts removed", "posts", "higher", "positives * tpr",
     lambda m: m.confusion.tp),
    ("tn", "posts rightly left alone", "posts", "higher", "negatives * (1 - fpr)",
     lambda m: m.confusion.tn),
    ("authors_leaving", "authors leaving", "people", "lower",
     "authors * (1 - (1 - leave_after_wrongful * fpr) ** items_per_author), "
     "authors = items_per_month * (1 - prevalence) / items_per_author",
     lambda m: m.authors_leaving),
    ("views_of_harm", "views of harm", "views", "lower",
     f"(fn + {LATE}) * views_per_missed", lambda m: m.views_of_harm),
    ("views_before_removal", "views of harm before removal", "views", "lower",
     f"{LATE} * views_per_missed", lambda m: m.views_before_removal),
    ("viewers_leaving", "viewers leaving", "people", "lower",
     "views_of_harm * leave_after_harm", lambda m: m.viewers_leaving),
    ("appeals", "appeals", "posts", "lower", "fp * appeal_share", lambda m: m.appeals),
    ("reports", "reports", "tickets", "lower", f"(fn + {LATE}) * reports_per_missed",
     lambda m: m.reports),
    ("desk_hours", "desk hours", "hours", "lower",
     "(appeals * minutes_per_appeal + reports * minutes_per_report) / 60",
     lambda m: m.desk_hours),
    ("cost_harm", "harm of missed posts", "USD", "lower", "fn * harm_per_missed",
     lambda m: m.cost_by_cause["harm"]),
    ("cost_late", "harm before removal", "USD", "lower", f"{LATE} * harm_per_missed",
     lambda m: m.cost_by_cause["late"]),
    ("cost_viewers", "viewers who leave", "USD", "lower", "viewers_leaving * value_per_viewer",
     lambda m: m.cost_by_cause["viewers"]),
    ("cost_authors", "authors who leave", "USD", "lower", "authors_leaving * value_per_author",
     lambda m: m.cost_by_cause["authors"]),
    ("cost_desk", "the desk's time", "USD", "lower", "desk_hours * reviewer_wage",
     lambda m: m.cost_by_cause["desk"]),
    ("cost_model", "the model", "USD", "lower", "items_per_month * model_price / 1000",
     lambda m: m.cost_by_cause["model"]),
    ("cost", "cost", "USD", "lower",
     "cost_harm + cost_late + cost_viewers + cost_authors + cost_desk + cost_model",
     lambda m: m.cost),
)  # fmt: skip


# What a choice does to people, for whoever lays two choices side by side.
SAID = {
    "fn": "lets {} harmful posts through",
    "fp": "wrongly silences {}",
    "authors_leaving": "drives {} authors away",
    "views_before_removal": "lets caught harm be seen {} times before it is removed",
}


def _counted(rows: Empirical, rates: Rates) -> dict[str, Estimate]:
    """Shares counted on the rows themselves, whatever prevalence is set."""
    tp, fp = round(rates.tpr * rows.positives), round(rates.fpr * rows.negatives)
    return {
        "recall": wilson(tp, rows.positives),
        "false positive rate": wilson(fp, rows.negatives),
    }
