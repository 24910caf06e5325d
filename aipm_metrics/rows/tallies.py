"""Rows of each class and segment at every score, or in every cell, as the engine counted them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError

if TYPE_CHECKING:
    import ibis.expr.types as ir
    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Counts
    from aipm_metrics.rows.looking import Groups
    from aipm_metrics.rows.scored import Scored

__all__ = ["CHANGED", "Tally", "tally"]

CHANGED = "The table changed while it was counted. Count it again."


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
    table = table.mutate(place=place)
    measures = {"held": table.count(), "p": table.event.sum(), "low": table.x.min()}
    if rows.amount:
        money = table.amount
        measures |= {
            "money": money.sum(),
            "money_p": (table.event == 1).ifelse(money, None).sum(),
            "known": money.count(),
        }
    found = table.group_by([*rows.keys, "place"]).agg(**measures).to_pyarrow()
    g = _lines(rows, groups, found)
    # Adding 0 turns -0.0, which is the same score as 0.0, into 0.0.
    places, t = np.unique(_array(found, "place") + 0, return_inverse=True)
    lows = np.full(places.size, np.inf)
    np.minimum.at(lows, t, _array(found, "low") + 0.0)
    shape = (len(groups.names), places.size)
    flat = g * places.size + t

    def spread(name: str) -> Floats:
        values = np.bincount(flat, _array(found, name), shape[0] * shape[1])
        return np.asarray(values, np.float64).reshape(shape)

    amounts: tuple[Any, ...] = ()
    if rows.amount:
        without = (spread("held") - spread("known")).sum(axis=1).astype(np.int64)
        amounts = (spread("money_p"), spread("money"), without)
    held = spread("held").astype(np.int64)
    return Tally(places, lows, spread("p").astype(np.int64), held, *amounts)


def _array(found: Any, name: str) -> NDArray[Any]:
    """Take a column of numbers out of an answer; a sum over nothing is 0."""
    return np.asarray(found[name].combine_chunks().fill_null(0).to_numpy(zero_copy_only=False))


def _lines(rows: Scored, groups: Groups, found: Any) -> NDArray[np.int64]:
    """Which segment each line of an answer is of."""
    if not rows.by:
        return np.zeros(found.num_rows, np.int64)
    codes = np.zeros(found.num_rows, np.int64)
    texts: list[list[str | None]] = []
    for key in rows.keys:
        column = found[key].combine_chunks().dictionary_encode(null_encoding="encode")
        values = [None if v is None else str(v) for v in column.dictionary.to_pylist()]
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
