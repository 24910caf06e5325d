"""Count a table's rows by score, class and segment where they lie; keep only the counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.models.empirical import Counts, Empirical
from aipm_metrics.rows.cells import count_cells
from aipm_metrics.rows.looking import (
    MAX_GROUPS,
    by_group,
    check_at_all,
    first_look,
    has_at_most,
    list_groups,
)
from aipm_metrics.rows.scored import scored
from aipm_metrics.rows.tallies import CHANGED, check_amounts, tally

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import ibis.expr.types as ir
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.models.confusion import Floats

__all__ = ["MAX_DISTINCT", "MAX_GROUPS", "ScoreCounts", "exact_at", "score_counts"]

MAX_DISTINCT = 1_000_000
MAX_NUMBERS = 2**23  # groups times thresholds, so that 200 groups do not fill the memory
MAX_THRESHOLDS = 100  # of one call of `exact_at`


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCounts:
    """Class-conditional counts over scores, for every segment.

    Axis letters: `g` groups, `t` thresholds.

    Attributes
    ----------
    thresholds : (t,) floats, ascending
        Exact: every distinct score. Binned: the smallest score in each cell that holds rows.
    positives_at, negatives_at : (g, t) integers
        Rows of each class from this threshold up to the next.
    groups : tuple of g tuples of str or None
        The values of the columns in `by`, None where there is none; one empty tuple when `by`
        is empty.
    by : tuple of str
        Names of the segment columns.
    n_rows, left_out : (g,) integers
        All rows, and those without a score or without a label.
    single : (t,) bools
        Whether all rows counted at this threshold have exactly this score.
    amount_positives_at, amount_negatives_at : (g, t) floats, or None
        Sums of the amount column, in its own unit; rows without an amount add nothing.
    without_amount : (g,) integers, or None
        Counted rows without an amount.
    """

    thresholds: Floats
    positives_at: Counts
    negatives_at: Counts
    groups: tuple[tuple[str | None, ...], ...]
    by: tuple[str, ...]
    n_rows: Counts
    left_out: Counts
    single: NDArray[np.bool_]
    amount_positives_at: Floats | None = None
    amount_negatives_at: Floats | None = None
    without_amount: Counts | None = None

    @property
    def exact(self) -> bool:
        """Whether every distinct score was counted."""
        return bool(self.single.all())

    @property
    def bin_error(self) -> Floats:
        """Share of a class whose side of a threshold can be unknown, at most; 0 when exact.

        Returns
        -------
        (g, 2) floats
            Of the group's positives and of its negatives; 0 for a class without rows.
        """
        return np.stack(
            [_largest(at, self.single) for at in (self.positives_at, self.negatives_at)], axis=1
        )

    @property
    def max_error(self) -> float:
        """The larger of the two shares for all groups together."""
        both = (self.positives_at, self.negatives_at)
        return max(float(_largest(at.sum(0, keepdims=True), self.single)[0]) for at in both)

    def to_empirical(self, group: int | None = None) -> Empirical:
        """Return the counts as Moderation and Diagnosis take them.

        Parameters
        ----------
        group
            Place in `groups`; None for all rows together.

        Raises
        ------
        RowsError
            When the group lacks positives or negatives.
        """
        positives, negatives = (
            at.sum(0) if group is None else at[group]
            for at in (self.positives_at, self.negatives_at)
        )
        held = (positives + negatives) > 0
        error = self.max_error if group is None else float(self.bin_error[group].max())
        return Empirical.from_counts(
            self.thresholds[held], positives[held], negatives[held], max_error=error
        )


def score_counts(
    table: ir.Table,
    score: str,
    label: str,
    by: str | Sequence[str] | None = None,
    max_distinct: int = MAX_DISTINCT,
    *,
    positive: object = 1,
    amount: str | None = None,
    watch: Callable[[str, float], None] | None = None,
) -> ScoreCounts:
    """Count positives and negatives at every distinct score, for every segment, in the engine.

    Parameters
    ----------
    table
        An Ibis table, whatever its engine.
    score, label
        Column names. Scores are numbers; nan is a missing score.
    by
        Name of the segment column, or several names, or None.
    max_distinct
        Distinct scores (estimated first) up to which each is counted; above it they are binned.
    positive
        The label's value that is the event: bools and numbers compare as such, text by its text.
    amount
        Name of a column that is summed beside the counts.
    watch
        Called with what comes next and the share that is done before each question to the
        engine; what it raises ends the counting.

    Raises
    ------
    RowsError
        A sentence that says why these columns cannot be used, and what to do.

    Examples
    --------
    >>> import ibis, pyarrow
    >>> columns = {"score": [0.1, 0.9, 0.9, None], "label": [0, 1, 0, 1]}
    >>> found = score_counts(ibis.memtable(pyarrow.table(columns)), "score", "label")
    >>> found.thresholds.tolist(), found.positives_at.tolist(), found.negatives_at.tolist()
    ([0.1, 0.9], [[0, 1]], [[1, 1]])
    >>> found.n_rows.tolist(), found.left_out.tolist(), found.max_error
    ([4], [1], 0.0)
    """
    if max_distinct < 2:
        raise RowsError(f"`max_distinct` must be at least 2; got {max_distinct}.")
    rows = scored(table, score, label, by, positive, amount)
    tell = watch or _silent
    tell("Looking at the columns", 0.0)
    look = first_look(rows)
    if rows.by:
        tell("Listing the groups", 0.1)
    groups = list_groups(rows, look)
    most = max(max_distinct, MAX_NUMBERS) // len(groups.names)
    most = min(most, max_distinct)
    if has_at_most(rows, look, most, tell):
        tell("Counting every score", 0.3)
        found = tally(rows, groups, rows.complete, rows.complete.x)
        single = np.ones(found.lows.size, bool)
    else:
        found, single = count_cells(rows, look, groups, most, tell)
    if (found.held.sum(axis=1) != groups.held).any():
        raise RowsError(CHANGED)
    check_amounts(rows, found)
    amounts: dict[str, Any] = {}
    if found.amount_positives is not None and found.amount_held is not None:
        amounts = {
            "amount_positives_at": found.amount_positives,
            "amount_negatives_at": found.amount_held - found.amount_positives,
            "without_amount": found.without_amount,
        }
    return ScoreCounts(
        found.lows, found.positives, found.held - found.positives, groups.names, rows.by,
        groups.n_rows, groups.n_rows - groups.held, single, **amounts,
    )  # fmt: skip


def exact_at(
    table: ir.Table,
    score: str,
    label: str,
    thresholds: ArrayLike,
    *,
    positive: object = 1,
    by: str | Sequence[str] | None = None,
) -> tuple[Counts, Counts]:
    """Count rows of each class with ``score >= threshold``, exactly, in one call.

    Parameters
    ----------
    table, score, label, positive, by
        As in `score_counts`, whose look at the rows is not repeated: whatever is not the event
        counts as its absence, also where there are more than two labels.
    thresholds : (k,) floats
        At most 100.

    Returns
    -------
    tp, fp : (g, k) integers
        Groups in the order of `ScoreCounts.groups`.

    Raises
    ------
    RowsError
        When a column cannot be used, the event does not occur, a score is infinite, there are
        too many groups or thresholds, or a threshold is nan.

    Examples
    --------
    >>> import ibis, pyarrow
    >>> columns = {"score": [0.1, 0.9, 0.9, None], "label": [0, 1, 0, 1]}
    >>> table = ibis.memtable(pyarrow.table(columns))
    >>> tp, fp = exact_at(table, "score", "label", [0.1, 0.5])
    >>> tp.tolist(), fp.tolist()
    ([[1, 1]], [[2, 1]])
    """
    at = np.asarray(thresholds, np.float64).ravel()
    if at.size > MAX_THRESHOLDS or np.isnan(at).any():
        raise RowsError(
            f"At most {MAX_THRESHOLDS} thresholds, all of them numbers, can be counted at once; "
            f"got {at.size}, {int(np.isnan(at).sum())} of them nan."
        )
    rows = scored(table, score, label, by, positive)
    table = rows.rows
    infinite = ((table.x.abs() == float("inf")) & table.event.notnull()).ifelse(1, 0)
    measures = {"events": table.event.sum(), "infinite": infinite.sum()}
    for i, threshold in enumerate(at.tolist()):
        flagged = (table.x >= threshold).ifelse(table.event, None)
        measures |= {f"tp{i}": flagged.sum(), f"flagged{i}": flagged.count()}
    names, sums = by_group(rows, measures)
    check_at_all(rows, int(sums["events"].sum()), int(sums["infinite"].sum()))
    nothing = np.zeros((len(names), 0), np.int64)
    tp, flagged_at = (
        np.column_stack([nothing, *(sums[f"{measure}{i}"] for i in range(at.size))])
        for measure in ("tp", "flagged")
    )
    return tp, flagged_at - tp


def _silent(step: str, done: float) -> None:
    """Tell nobody."""


def _largest(at: Counts, single: NDArray[np.bool_]) -> Floats:
    """Largest count where scores are unknown, as a share of each line's sum."""
    unknown = np.where(single, 0, at).max(axis=1, initial=0)
    return np.asarray(unknown / np.maximum(at.sum(axis=1), 1))
