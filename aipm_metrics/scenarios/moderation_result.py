"""What Moderation answers: the month at every threshold, outcomes, flip points, assumptions.

Made by `moderation.moderate`; what is asked for seldom is worked out when it is asked for.
Axis letter: `t` thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

import numpy as np

from aipm_metrics.estimates import Estimate, wilson
from aipm_metrics.models.half_life import gone
from aipm_metrics.scenarios.contract import Assumption, Outcome
from aipm_metrics.scenarios.moderation_assumptions import assumptions_of
from aipm_metrics.scenarios.moderation_flips import NearestFlips, flips_of, nearest_flips_of
from aipm_metrics.scenarios.moderation_outcomes import OUTCOMES, SAID

if TYPE_CHECKING:
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


def _counted(rows: Empirical, rates: Rates) -> dict[str, Estimate]:
    """Shares counted on the rows themselves, whatever prevalence is set."""
    tp, fp = round(rates.tpr * rows.positives), round(rates.fpr * rows.negatives)
    return {
        "recall": wilson(tp, rows.positives),
        "false positive rate": wilson(fp, rows.negatives),
    }
