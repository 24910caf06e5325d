"""Rows of each class and segment at every score, or in every cell, as the engine counted them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.looking import text_of
from aipm_metrics.rows.wording import shown

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Counts
    from aipm_metrics.rows.looking import Groups
    from aipm_metrics.rows.scored import Scored

__all__ = ["CHANGED", "Tally", "check_amounts", "tally"]

CHANGED = "The table changed while it was counted. Count it again."
MOST = 1e100  # of all amounts together, so that no product with a price overflows


@dataclass(frozen=True, slots=True, eq=False)
class Tally:
    """Counts by place and segment.

    Attributes
    ----------
    places : (t,) floats or integers, ascending
        Scores or cells that hold rows.
    lows : (t,) floats
        The smallest score of each place.
    positives, held : (g, t) integers
        Positives, and all rows with a score and a label.
    amount_positives, amount_held : (g, t) floats, or None
        Sums of the amount.
    without_amount : (g,) integers, or None
        Rows without one.
    """

    places: NDArray[Any]
    lows: Floats
    positives: Counts
    held: Counts
    amount_positives: Floats | None = None
    amount_held: Floats | None = None
    without_amount: Counts | None = None

    def at(self, kept: NDArray[np.bool_]) -> Tally:
        """Keep some of the places; rows without an amount are no longer known."""
        of_p, of_all = self.amount_positives, self.amount_held
        return Tally(
            self.places[kept], self.lows[kept], self.positives[:, kept], self.held[:, kept],
            None if of_p is None else of_p[:, kept], None if of_all is None else of_all[:, kept],
        )  # fmt: skip


def tally(rows: Scored, groups: Groups, table: ir.Table, place: Any) -> Tally:
    """Count in one call.

    Parameters
    ----------
    rows, groups
        From `scored` and `list_groups`.
    table
        Rows with both a score and a label, or some of them.
    place
        Expression over `table`: the score itself, or its cell.

    Raises
    ------
    RowsError
        When a segment is met that was not there before.
    """
    by_score = place.equals(table.x)
    found = _asked(rows, table.mutate(place=place), with_low=not by_score)
    g = _lines(rows, groups, found)
    places, order, first = _distinct(_array(found, "place"))
    shape = (len(groups.names), places.size)
    alone = shape[0] == 1 and first.all()  # nothing to add up
    t = np.cumsum(first) - 1 if not (alone and by_score) else order
    flat = g[order] * places.size + t

    def spread(name: str, kind: type = np.int64) -> NDArray[Any]:
        values = _array(found, name)[order]
        if not alone:
            values = np.bincount(flat, values, shape[0] * shape[1])
        return values.astype(kind, copy=False).reshape(shape)

    lows = places
    if not by_score:
        lows = np.full(places.size, np.inf)
        np.minimum.at(lows, t, _array(found, "low")[order] + 0.0)
    amounts: tuple[Any, ...] = ()
    if rows.amount:
        without = (spread("held") - spread("known")).sum(axis=1)
        amounts = (spread("money_p", np.float64), spread("money", np.float64), without)
    return Tally(places, lows, spread("p"), spread("held"), *amounts)


def check_amounts(rows: Scored, found: Tally) -> None:
    """Refuse amounts that add up to no number of money; the engine is asked how many only then.

    Raises
    ------
    RowsError
        When an amount is infinite, or all of them together are too large.
    """
    if found.amount_held is None or found.amount_positives is None:
        return
    with np.errstate(over="ignore", invalid="ignore"):
        sums = [np.abs(of).sum() for of in (found.amount_held, found.amount_positives)]
    if all(total <= MOST for total in sums):
        return
    infinite = (rows.complete.amount.abs() == float("inf")).ifelse(1, 0).sum()
    (n,) = rows.complete.agg(n=infinite).to_pyarrow()["n"].to_pylist()
    if n:
        amounts, are = ("amount", "is") if n == 1 else ("amounts", "are")
        raise RowsError(
            f"{n:,} {amounts} in {shown(rows.amount)} {are} infinite. Amounts must be finite: "
            "leave the field empty where there is none."
        )
    raise RowsError(
        f"The amounts in {shown(rows.amount)} add up to more than {MOST:g}. Choose another column, "
        "or a larger unit."
    )


def _asked(rows: Scored, table: ir.Table, *, with_low: bool) -> Any:
    """Ask the engine; a score's own smallest is itself and need not be asked."""
    measures = {"held": table.count(), "p": table.count(where=table.event == 1)}
    if with_low:
        measures["low"] = table.x.min()
    if rows.amount:
        money = table.amount
        positive = (table.event == 1).ifelse(money, None)
        measures |= {"money": money.sum(), "money_p": positive.sum(), "known": money.count()}
    return table.group_by([*rows.keys, "place"]).agg(**measures).order_by("place").to_pyarrow()


def _array(found: Any, name: str) -> NDArray[Any]:
    """Take a column of numbers out of an answer; a sum over nothing is 0."""
    column = found[name].combine_chunks()
    return np.asarray((column.fill_null(0) if column.null_count else column).to_numpy())


def _distinct(places: NDArray[Any]) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.bool_]]:
    """Every place once, ascending; the order that sorts the lines; which sorted lines are new."""
    order = np.argsort(places, kind="stable")
    ascending = places[order] + 0  # -0.0, which is the same score as 0.0, becomes 0.0
    first = np.ones(order.size, bool)
    first[1:] = ascending[1:] != ascending[:-1]
    return ascending[first], order, first


def _lines(rows: Scored, groups: Groups, found: Any) -> NDArray[np.int64]:
    """Which segment each line of an answer is of."""
    if not rows.by:
        return np.zeros(found.num_rows, np.int64)
    codes = np.zeros(found.num_rows, np.int64)
    texts: list[list[str | None]] = []
    for key in rows.keys:
        column = found[key].combine_chunks().dictionary_encode(null_encoding="encode")
        values = [text_of(v) for v in column.dictionary.to_pylist()]
        codes = codes * len(values) + column.indices.to_numpy(zero_copy_only=False)
        texts.append(values)
    place = {name: i for i, name in enumerate(groups.names)}
    kinds, lines = np.unique(codes, return_inverse=True)
    names = zip(*_split(kinds, texts), strict=True)
    found_places = [place.get(name, -1) for name in names]
    if -1 in found_places:
        raise RowsError(CHANGED)
    return np.asarray(found_places, np.int64)[lines]


def _split(kinds: NDArray[Any], texts: list[list[str | None]]) -> list[list[str | None]]:
    """Undo the one number that stands for the values of all segment columns."""
    columns = []
    for values in texts[::-1]:
        kinds, last = np.divmod(kinds, len(values))
        columns.append([values[i] for i in last])
    return columns[::-1]
