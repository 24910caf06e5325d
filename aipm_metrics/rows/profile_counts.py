"""Count everything a profile of somebody's rows is made of, in a few questions to the engine.

Long because what is counted and what follows from it stand together.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.models.calibration_bins import calibration_bins
from aipm_metrics.models.delong import auc_intervals
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.rows.counts import ScoreCounts, score_counts
from aipm_metrics.rows.own_thresholds import RuleCounts, rule_counts
from aipm_metrics.rows.profile_bounds import score_unknown
from aipm_metrics.rows.profile_months import by_month
from aipm_metrics.rows.wording import shown

if TYPE_CHECKING:
    import ibis
    from numpy.typing import NDArray

    from aipm_metrics.estimates import Estimate, Estimates
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Counts
    from aipm_metrics.rows.asked import Columns, Origin
    from aipm_metrics.rows.jobs import Watch
    from aipm_metrics.rows.places import Looked, Place

__all__ = ["Calibration", "Counted", "Grouped", "added_by", "count_all", "count_rule"]

BINS = 10  # of scores, in the calibration
MONTH = "month"  # as their groups are called; a segment may be called that too
JUDGING = "Judging each row by its own amount"


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What scores say beside what happens.

    Attributes
    ----------
    score : (b,) floats
        Mean score in each bin.
    observed : Estimates, (b,)
        Share of events in it.
    rows : (b,) integers
    said, happened : float, rows
        Events the scores add up to, and events there are.
    unknown : (b,) floats
        How much higher the mean scores may be, where scores were binned.
    said_unknown : float, rows
    """

    score: Floats
    observed: Estimates
    rows: Any
    said: float
    happened: float
    unknown: Floats
    said_unknown: float

    @property
    def ratio(self) -> float:
        """``said / happened``: above 1 where scores overstate."""
        return self.said / self.happened


@dataclass(frozen=True, eq=False)
class Grouped:
    """Counts by the values of one column. Axis letters: `g` groups, `t` thresholds.

    Attributes
    ----------
    by : str
        The column.
    names : tuple of g str or None
        Its values; None where rows have none.
    thresholds : (t,) floats, ascending
    single : (t,) bools
        Whether all rows counted at this threshold have exactly this score.
    positives_at, negatives_at : (g, t) integers
    n_rows, left_out : (g,) integers
    """

    by: str
    names: tuple[str | None, ...]
    thresholds: Floats
    single: NDArray[np.bool_]
    positives_at: Counts
    negatives_at: Counts
    n_rows: Counts
    left_out: Counts

    def to_empirical(self, g: int) -> Empirical:
        """Return one group as Moderation and Diagnosis take rows.

        Raises
        ------
        RowsError
            When the group lacks positives or negatives.
        """
        positives, negatives = self.positives_at[g], self.negatives_at[g]
        held = (positives + negatives) > 0
        unknown = [
            float(np.where(self.single, 0, at).max(initial=0) / max(at.sum(), 1))
            for at in (positives, negatives)
        ]
        return Empirical.from_counts(
            self.thresholds[held], positives[held], negatives[held], max_error=max(unknown)
        )

    @cached_property
    def aucs(self) -> Estimates:
        """Area under the ROC curve of every group, (g,)."""
        return auc_intervals(self.positives_at, self.negatives_at).estimate


@dataclass(frozen=True, eq=False)
class Counted:
    """What is kept of rows once they are counted; the rows themselves are not.

    Attributes
    ----------
    origin, columns
        Where they came from and what was read.
    counts : ScoreCounts
        By segment and version, where there are such columns.
    months : ScoreCounts or None
        By month, where there is a column of times.
    span : (str, str) or None
        The first and the last day.
    notes : tuple of str
        What could not be counted, in sentences.
    rule : RuleCounts or None
        What a threshold per row, by its amount, does at the price of that time; None without
        amounts, and where scores are no chances.
    """

    origin: Origin
    columns: Columns
    counts: ScoreCounts
    months: ScoreCounts | None
    span: tuple[str, str] | None
    notes: tuple[str, ...]
    rule: RuleCounts | None = None

    @cached_property
    def rows(self) -> Empirical:
        """All rows together, as Moderation and Diagnosis take them."""
        return self.counts.to_empirical()

    @cached_property
    def amounts_add_up(self) -> bool:
        """Whether the sums of all amounts, of either sign, are numbers; so they are without any."""
        sums = (self.counts.amount_positives_at, self.counts.amount_negatives_at)
        with np.errstate(over="ignore"):
            sizes = [float(np.abs(each).sum()) for each in sums if each is not None]
        return math.isfinite(sum(sizes))

    @property
    def single(self) -> NDArray[np.bool_]:
        """Whether all rows counted at each threshold of `rows` have that very score."""
        at = self.counts.positives_at.sum(0) + self.counts.negatives_at.sum(0)
        return np.asarray(self.counts.single[at > 0], bool)

    @property
    def every_score(self) -> dict[str, Any]:
        """Columns of the counts themselves, one line per threshold."""
        rows = self.rows
        return {
            "threshold": rows.thresholds, "positives": rows.positives_at,
            "negatives": rows.negatives_at, "tpr": rows.tp / rows.positives,
            "fpr": rows.fp / rows.negatives,
        }  # fmt: skip

    @cached_property
    def auc(self) -> Estimate:
        """Area under the ROC curve; it does not hang on prices, and takes a while."""
        return auc_intervals(self.rows.positives_at, self.rows.negatives_at).estimate.at()

    @cached_property
    def calibration(self) -> Calibration | None:
        """What scores say beside what happens; None where they are no probabilities."""
        rows = self.rows
        bins = calibration_bins(rows.thresholds, rows.positives_at, rows.negatives_at, bins=BINS)
        if not bins.probabilities:
            return None
        held = rows.positives_at + rows.negatives_at
        unknown = score_unknown(rows.thresholds, held, self.single, bins.low)
        return Calibration(
            np.asarray(bins.mean_score), bins.observed, np.asarray(bins.rows),
            float(bins.expected_positives), float(bins.observed_positives),
            unknown / bins.rows, float(unknown.sum()),
        )  # fmt: skip

    @cached_property
    def grouped(self) -> dict[str, Grouped]:
        """Groups by each column that there are groups by: segment, version."""
        return {by: _added_up(self.counts, by, by) for by in self.counts.by}

    @cached_property
    def by_month(self) -> Grouped | None:
        """Groups by month, where there is a column of times."""
        months = self.months
        return None if months is None else _added_up(months, months.by[0], MONTH)

    @property
    def every_group(self) -> tuple[Grouped, ...]:
        """All of them; two may have the same name."""
        return (*self.grouped.values(), *([] if self.by_month is None else [self.by_month]))


def _added_up(counts: ScoreCounts, by: str, called: str) -> Grouped:
    """Add up all groups that agree in one column."""
    added = partial(added_by, counts, by)
    return Grouped(
        called, _members(counts, by)[0], counts.thresholds, counts.single,
        added(counts.positives_at), added(counts.negatives_at),
        added(counts.n_rows), added(counts.left_out),
    )  # fmt: skip


def _members(counts: ScoreCounts, by: str) -> tuple[tuple[str | None, ...], list[Any]]:
    """Values of one column, and which groups have each."""
    place = counts.by.index(by)
    every = [group[place] for group in counts.groups]
    names = sorted(set(every), key=lambda name: (name is None, name or ""))
    return tuple(names), [np.array([name == other for other in every]) for name in names]


def added_by(counts: ScoreCounts, by: str, values: Counts) -> Counts:
    """Add up all groups that agree in one column."""
    return np.stack([values[m].sum(0) for m in _members(counts, by)[1]])


def count_all(
    place: Place, looked: Looked, columns: Columns, watch: Watch, false_alarm: float | None = None
) -> Counted:
    """Count by score, class, segment and version, then by month.

    Parameters
    ----------
    place, looked, columns, watch
        Where the rows are, what a look at them found, what is read, and who is told.
    false_alarm : float, USD
        The price at which a threshold per row is judged; None not to.

    Raises
    ------
    RowsError
        A sentence that says why these columns cannot be used.
    """
    numbers = {columns.score, columns.amount} - {""}
    by = [name for name in (columns.segment, columns.version) if name]
    with place.lent(looked, numbers, watch) as table:
        _check_label(table, columns)
        counts = score_counts(
            table, columns.score, columns.label, by or None, positive=columns.event,
            amount=columns.amount or None,
            watch=lambda step, done: watch(step, 0.05 + 0.7 * done),
        )  # fmt: skip
        counts.to_empirical()  # refuses what has one class only
        chances = counts.thresholds[0] >= 0 and counts.thresholds[-1] <= 1
        rule = None
        if columns.amount and chances and false_alarm is not None:
            watch(JUDGING, 0.76)
            rule = _rule(table, columns, false_alarm)
        months, span, notes = by_month(table, columns, watch)
    watch("Adding up", 0.95)
    return Counted(place.origin, columns, counts, months, span, notes, rule)


def count_rule(
    place: Place, looked: Looked, columns: Columns, false_alarm: float, watch: Watch
) -> RuleCounts:
    """Judge a threshold per row, by its amount, at one price, in one question."""
    with place.lent(looked, {columns.score, columns.amount}, watch) as table:
        watch(JUDGING, 0.3)
        return _rule(table, columns, false_alarm)


def _rule(table: ibis.Table, columns: Columns, false_alarm: float) -> RuleCounts:
    return rule_counts(
        table, columns.score, columns.label, columns.amount, false_alarm, positive=columns.event
    )


def _check_label(table: ibis.Table, columns: Columns) -> None:
    times = [columns.score, columns.label, columns.segment, columns.version, columns.amount]
    named = [name for name in times if name]
    double = next((name for name in named if named.count(name) > 1), None)
    if double is not None:
        raise RowsError(f"{shown(double)} is chosen twice; choose different columns.")
    absent = next((n for n in (*named, columns.time) if n and n not in table.columns), None)
    if absent is not None:
        raise RowsError(f"There is no column {shown(absent)}. Choose the columns again.")
