"""Where should the removal threshold sit? One scored stream, four kinds of outcome.

A model scores every item; those at or above the threshold are removed. Wrongful removals drive
authors away and come back as appeals, harmful items left up are viewed, hurt, and are reported:
`moderation_chain` has the chain, `moderation_flips` what would turn the choice, `moderate` the
answer. The knobs alone take half of this file. Axis letter: `t` thresholds. Nothing is random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import model_validator

from aipm_metrics.estimates import Estimate, wilson
from aipm_metrics.knobs import choice, knob
from aipm_metrics.models.curves import Curves, curves_of_rows, curves_of_score
from aipm_metrics.models.empirical import Empirical  # noqa: TC001 - pydantic reads it
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.natural_frequencies import Frequencies, natural_frequencies
from aipm_metrics.models.operating_points import OperatingPoint, operating_points
from aipm_metrics.scenarios.contract import Assumption, Outcome, Scenario
from aipm_metrics.scenarios.moderation_chain import (
    Month,
    axis_of,
    costs_of,
    month,
    prevalence_of,
)
from aipm_metrics.scenarios.moderation_flips import (
    NearestFlips,
    assumptions_of,
    flips_of,
    nearest_flips_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Confusion, Floats, Rates
    from aipm_metrics.models.flip_points import Flip

__all__ = ["ModerationResult", "ModerationScenario", "moderate"]

MODEL, STREAM, PEOPLE = "The model", "The stream", "People"
DESK, PRICES, THRESHOLD = "The desk", "Prices", "The threshold"
LOW, HIGH = 1e-6, 1 - 1e-6  # thresholds a simulated probability can be cut at


class ModerationScenario(Scenario):
    """A stream of items, a model, an appeals desk, and what each kind of mistake costs.

    `row_mix` is taken as "as set" where a prevalence is given and it is not.

    Examples
    --------
    >>> ModerationScenario(prevalence=0.02).row_mix
    'as set'
    >>> ModerationScenario(threshold=7.5, rows="0123456789abcdef").threshold
    7.5
    """

    page: ClassVar[str] = "moderation"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Moderation"
    question: ClassVar[str] = "Where should the removal threshold sit?"
    line: ClassVar[str] = (
        "Remove too much and you silence authors; too little and people see the harm."
    )

    threshold: float = knob(
        0.15, LOW, HIGH, "Removal threshold", group=THRESHOLD, unit="probability",
        scale="log-odds", in_sight=True, source="your decision", in_score_units=True,
        help="Posts scoring at or above this are removed.",
    )  # fmt: skip
    auc: float = knob(
        0.96, 0.5, 0.9999, "AUC", group=MODEL, in_sight=True, perfect=1.0,
        help="Chance that a random harmful post outscores a random harmless one; 0.5 is a coin.",
    )  # fmt: skip
    row_mix: Literal["the rows' own", "as set"] = choice(
        "the rows' own", ("the rows' own", "as set"), "Harmful share from", group=STREAM,
        in_sight=True, help="With rows: their own share of positives, or the one set above.",
    )  # fmt: skip
    prevalence: float = knob(
        0.01, 1e-5, 0.5, "Harmful share", group=STREAM, unit="share of posts",
        scale="log-odds", in_sight=True, priced=True,
        help="Share of posts that break the rules.",
    )  # fmt: skip
    items_per_month: float = knob(
        2e6, 1e3, 1e10, "Posts", group=STREAM, unit="posts a month", scale="log",
        in_sight=True, help="Posts the model scores each month.",
    )  # fmt: skip
    calibration: Literal["today's mix", "as trained"] = choice(
        "today's mix", ("today's mix", "as trained"), "Calibrated to", group=MODEL,
        help="Which harmful share the model believes in: today's, or the one it was trained at.",
    )  # fmt: skip
    trained_prevalence: float = knob(
        0.002, 1e-5, 0.5, "Share in training", group=MODEL, unit="share of posts",
        scale="log-odds", help="Harmful share when the model was trained.",
    )  # fmt: skip
    temperature: float = knob(
        1.0, 0.5, 2, "Temperature", group=MODEL,
        help="How honest the score is: 1 is calibrated, below 1 overconfident, above 1 timid.",
    )  # fmt: skip
    items_per_author: float = knob(
        8, 1, 1000, "Posts an author makes", group=PEOPLE, unit="posts a month", priced=True,
        help="The more an author posts, the more often a false alarm finds them.",
    )  # fmt: skip
    leave_after_wrongful: float = knob(
        0.04, 0, 1, "Authors lost per wrongful removal", group=PEOPLE, unit="chance",
        in_sight=True, priced=True, help="Chance that an author leaves after one wrongful removal.",
    )  # fmt: skip
    value_per_author: float = knob(
        60, 0, 1e5, "Value of an author", group=PRICES, unit="USD", priced=True,
        help="What the product loses when an author leaves.",
    )  # fmt: skip
    views_per_missed: float = knob(
        300, 0, 1e7, "Views of a missed post", group=PEOPLE, unit="views", priced=True,
        help="How many people see a harmful post that was left up.",
    )  # fmt: skip
    leave_after_harm: float = knob(
        0.0005, 0, 0.01, "Viewers lost per view of harm", group=PEOPLE, unit="chance",
        priced=True, help="Chance that a viewer leaves after seeing one harmful post.",
    )  # fmt: skip
    value_per_viewer: float = knob(
        15, 0, 1e5, "Value of a viewer", group=PRICES, unit="USD", priced=True,
        help="What the product loses when a viewer leaves.",
    )  # fmt: skip
    harm_per_missed: float = knob(
        30, 0, 1e6, "Harm of a missed post", group=PRICES, unit="USD", in_sight=True,
        priced=True, help="What one harmful post left up costs, viewers who leave aside.",
    )  # fmt: skip
    appeal_share: float = knob(
        0.25, 0, 1, "Wrongful removals appealed", group=DESK, unit="share", priced=True,
        help="Share of wrongly removed posts whose author appeals.",
    )  # fmt: skip
    minutes_per_appeal: float = knob(
        6, 0, 600, "Time per appeal", group=DESK, unit="min", priced=True,
        help="Reviewer minutes to decide one appeal.",
    )  # fmt: skip
    reports_per_missed: float = knob(
        0.4, 0, 1000, "Reports of a missed post", group=DESK, unit="tickets", priced=True,
        help="Viewer reports that one harmful post left up brings in.",
    )  # fmt: skip
    minutes_per_report: float = knob(
        3, 0, 600, "Time per report", group=DESK, unit="min", priced=True,
        help="Reviewer minutes to handle one report.",
    )  # fmt: skip
    reviewer_wage: float = knob(
        22, 0, 1000, "Reviewer wage", group=PRICES, unit="USD an hour", priced=True,
        help="Cost of one reviewer hour, overhead included.",
    )  # fmt: skip
    desk_hours: float = knob(
        800, 0, 1e7, "Desk hours", group=DESK, unit="hours a month", in_sight=True,
        constraint=True, help="Reviewer hours the desk has; a constraint, not a price.",
    )  # fmt: skip
    recall_floor: float = knob(
        0.8, 0, 1, "Recall floor", group=DESK, unit="share", in_sight=True,
        source="policy (assumption)", constraint=True,
        help="Share of harmful posts that must be caught.",
    )  # fmt: skip
    today_threshold: float = knob(
        0.5, LOW, HIGH, "Today's threshold", group=THRESHOLD, unit="probability",
        scale="log-odds", source="assumption: the usual default", in_score_units=True,
        help="The setting in force, which the choice is compared with.",
    )  # fmt: skip

    groups: ClassVar[tuple[str, ...]] = (THRESHOLD, MODEL, STREAM, PEOPLE, DESK, PRICES)
    presets: ClassVar[Mapping[str, Mapping[str, float | str]]] = {
        "launch week": {
            "auc": 0.9, "prevalence": 0.02, "items_per_month": 200_000, "items_per_author": 4,
            "leave_after_wrongful": 0.1, "desk_hours": 150, "today_threshold": 0.8,
        },
        "election night": {
            "prevalence": 0.1, "calibration": "as trained", "trained_prevalence": 0.01,
            "views_per_missed": 900,
        },
        "small community": {
            "items_per_month": 20_000, "items_per_author": 20, "leave_after_wrongful": 0.1,
            "value_per_author": 200, "views_per_missed": 40, "desk_hours": 10,
        },
        "the recall zealot": {"threshold": 0.004, "recall_floor": 0.95},
    }  # fmt: skip
    pairs: ClassVar[Mapping[str, tuple[Mapping[str, float | str], Mapping[str, float | str]]]] = {
        "today's threshold against 0.15": ({"threshold": 0.5}, {}),
        "model v1 against v2": ({"auc": 0.95}, {"auc": 0.97, "temperature": 1.3}),
        "a quiet week against election night": ({}, presets["election night"]),
    }

    @classmethod
    def idle(cls, values: Mapping[str, Any], *, with_rows: bool) -> frozenset[str]:
        """Name the knobs that play no part; see `Scenario.idle`."""
        idle = {"auc", "calibration", "temperature"} if with_rows else {"row_mix"}
        if with_rows or values["calibration"] == "today's mix":
            idle.add("trained_prevalence")
        if with_rows and values["row_mix"] == "the rows' own":
            idle.add("prevalence")
        return frozenset(idle)

    @model_validator(mode="before")
    @classmethod
    def _given_prevalence_counts(cls, given: Any) -> Any:
        if isinstance(given, dict) and "prevalence" in given:
            return {"row_mix": "as set", **given}
        return given

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
        return assumptions_of(
            self.scenario, self.rows, self.scenario.threshold, float(self.compared.threshold)
        )

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
    ("views_of_harm", "views of harm", "views", "lower", "fn * views_per_missed",
     lambda m: m.views_of_harm),
    ("viewers_leaving", "viewers leaving", "people", "lower",
     "fn * views_per_missed * leave_after_harm", lambda m: m.viewers_leaving),
    ("appeals", "appeals", "posts", "lower", "fp * appeal_share", lambda m: m.appeals),
    ("reports", "reports", "tickets", "lower", "fn * reports_per_missed", lambda m: m.reports),
    ("desk_hours", "desk hours", "hours", "lower",
     "(fp * appeal_share * minutes_per_appeal + fn * reports_per_missed * minutes_per_report) / 60",
     lambda m: m.desk_hours),
    ("cost_harm", "harm of missed posts", "USD", "lower", "fn * harm_per_missed",
     lambda m: m.cost_by_cause["harm"]),
    ("cost_viewers", "viewers who leave", "USD", "lower", "viewers_leaving * value_per_viewer",
     lambda m: m.cost_by_cause["viewers"]),
    ("cost_authors", "authors who leave", "USD", "lower", "authors_leaving * value_per_author",
     lambda m: m.cost_by_cause["authors"]),
    ("cost_desk", "the desk's time", "USD", "lower", "desk_hours * reviewer_wage",
     lambda m: m.cost_by_cause["desk"]),
    ("cost", "cost", "USD", "lower", "cost_harm + cost_viewers + cost_authors + cost_desk",
     lambda m: m.cost),
)  # fmt: skip


# What a choice does to people, for whoever lays two choices side by side.
SAID = {
    "fn": "lets {} harmful posts through",
    "fp": "wrongly silences {}",
    "authors_leaving": "drives {} authors away",
}


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
    ...     auc=0.5, prevalence=0.1, items_per_month=1000, views_per_missed=0, reviewer_wage=0
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


def _counted(rows: Empirical, rates: Rates) -> dict[str, Estimate]:
    """Shares counted on the rows themselves, whatever prevalence is set."""
    tp, fp = round(rates.tpr * rows.positives), round(rates.fpr * rows.negatives)
    return {
        "recall": wilson(tp, rows.positives),
        "false positive rate": wilson(fp, rows.negatives),
    }
