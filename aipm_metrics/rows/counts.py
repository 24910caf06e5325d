"""Count a table's rows by score, class and segment where they lie; keep only the counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.models.empirical import Counts, Empirical
from aipm_metrics.rows.scored import Scored, scored
from aipm_metrics.rows.wording import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import ibis.expr.types as ir
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.models.confusion import Floats

__all__ = ["MAX_DISTINCT", "MAX_GROUPS", "ScoreCounts", "exact_at", "score_counts"]

MAX_DISTINCT = 1_000_000
MAX_GROUPS = 200


@dataclass(frozen=True, slots=True, eq=False)
class ScoreCounts:
    """Class-conditional counts over scores, for every segment.

    Axis letters: `g` groups, `t` thresholds.

    Attributes
    ----------
    thresholds : (t,) floats, ascending
        Exact: every distinct score. Binned: the smallest score in each bin that holds rows.
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
    """
    rows = scored(table, score, label, by, positive, amount)
    if max_distinct < 2:
        raise RowsError(f"`max_distinct` must be at least 2; got {max_distinct}.")
    if watch is not None:
        watch("Counting every score", 0.0)
    return _exact(rows)


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
    thresholds : (k,) floats

    Returns
    -------
    tp, fp : (g, k) integers
        Groups in the order of `ScoreCounts.groups`.
    """
    rows = scored(table, score, label, by, positive)
    complete = rows.complete
    at = np.asarray(thresholds, np.float64).ravel()
    flagged = [(complete.x >= float(t)).cast("int64") for t in at]
    sums = {f"p{i}": (f * complete.event).sum() for i, f in enumerate(flagged)}
    sums |= {f"n{i}": f.sum() for i, f in enumerate(flagged)}
    found = complete.group_by(rows.keys).agg(**sums) if rows.by else complete.agg(**sums)
    columns = found.to_pyarrow()
    _, places = _groups(rows, columns)
    both = [[columns[f"{c}{i}"].to_numpy() for i in range(at.size)] for c in "pn"]
    p, n = (np.array(list_, np.int64).reshape(at.size, -1).T for list_ in both)
    order = np.argsort(places)
    return p[order], (n - p)[order]


def _largest(at: Counts, single: NDArray[np.bool_]) -> Floats:
    """Largest count where scores are unknown, as a share of each line's sum."""
    unknown = np.where(single, 0, at).max(axis=1, initial=0)
    return np.asarray(unknown / np.maximum(at.sum(axis=1), 1))


def _exact(rows: Scored) -> ScoreCounts:
    known = rows.rows.x.notnull() & rows.rows.event.notnull()
    table = rows.rows.mutate(held=known.cast("int64"), x=known.ifelse(rows.rows.x, None))
    held = table.held == 1
    sums = {"n": table.count(), "held": table.held.sum(), "p": (table.held * table.event).sum()}
    if rows.amount:
        money = held.ifelse(table.amount, None)
        sums |= {"money": money.sum(), "money_p": (table.event == 1).ifelse(money, None).sum(),
                 "without": table.held.sum() - money.count()}  # fmt: skip
    found = table.group_by([*rows.keys, "x"]).agg(**sums).to_pyarrow()
    groups, g = _groups(rows, found)
    held = found["held"].to_numpy() > 0  # the others are all in the group without a score
    x_all = found["x"].to_numpy(zero_copy_only=False)[held] + 0.0  # -0.0 is 0.0
    thresholds, t = np.unique(x_all, return_inverse=True)
    _check(thresholds)
    shape = (len(groups), thresholds.size)

    def spread(name: str, kind: Any) -> Any:
        values = np.zeros(shape, kind)
        column = found[name].to_pylist() if kind is float else found[name].to_numpy()
        np.add.at(values, (g[held], t), np.nan_to_num(np.asarray(column, kind))[held])
        return values

    def whole(values: Any) -> Counts:
        return np.bincount(g, values, len(groups)).astype(np.int64)

    p, n_held = spread("p", np.int64), spread("held", np.int64)
    n = found["n"].to_numpy()
    amounts: dict[str, Any] = {}
    if rows.amount:
        money, money_p = spread("money", float), spread("money_p", float)
        amounts = {"amount_positives_at": money_p, "amount_negatives_at": money - money_p,
                   "without_amount": spread("without", np.int64).sum(1)}  # fmt: skip
    return ScoreCounts(
        thresholds, p, n_held - p, groups, rows.by, whole(n),
        whole(n - found["held"].to_numpy()), np.ones(thresholds.size, bool), **amounts,
    )  # fmt: skip


def _check(thresholds: Floats) -> None:
    if not thresholds.size:
        raise RowsError("No row has both a score and a label. Choose other columns.")
    if np.isinf(thresholds).any():
        raise RowsError(
            "Some scores are infinite. Scores must be finite: leave the field empty where there "
            "is no score."
        )


def _groups(rows: Scored, found: Any) -> tuple[tuple[tuple[str | None, ...], ...], NDArray[Any]]:
    """Every segment once, sorted, missing ones last; and the place of each line's in it."""
    lines = [tuple(values) for values in zip(*(_texts(found[k]) for k in rows.keys), strict=True)]
    if not rows.by:
        lines = [()] * found.num_rows
    groups = tuple(sorted(set(lines), key=lambda g: [(v is None, v or "") for v in g]))
    if len(groups) > MAX_GROUPS:
        raise RowsError(
            f"{listed(rows.by)} split the rows into {len(groups):,} groups; at most {MAX_GROUPS} "
            "can be shown. Choose a column with fewer values, or merge the rare ones."
        )
    place = {group: i for i, group in enumerate(groups)}
    return groups, np.array([place[line] for line in lines], np.int64)


def _texts(column: Any) -> list[str | None]:
    return [None if value is None else str(value) for value in column.to_pylist()]
