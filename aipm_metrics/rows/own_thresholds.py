"""What rows cost where each has a threshold of its own, by its amount: counted on the rows.

The rule is Elkan's (2001, "The foundations of cost-sensitive learning", IJCAI 17, 973-978, eq. 2),
for a miss that costs the row's amount and a false alarm that costs the same every time: flag where
``score >= false_alarm / (false_alarm + amount)``. It is right if scores are chances. Whether they
are, and so whether it pays, counts by score cannot say; the rows can.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.scored import scored

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["RuleCounts", "rule_counts"]


@dataclass(frozen=True, slots=True)
class RuleCounts:
    """What the rule does to the rows at one price.

    Attributes
    ----------
    false_alarm : float, in the unit of the amount
        The price it was judged at.
    tp, fp : int, rows
        Events and other rows that it flags.
    missed : float, in the unit of the amount
        Amounts of the events that it does not flag.
    """

    false_alarm: float
    tp: int
    fp: int
    missed: float

    @property
    def cost(self) -> float:
        """``missed + false_alarm fp``, on all rows."""
        return self.missed + self.false_alarm * self.fp


def rule_counts(
    table: ir.Table, score: str, label: str, amount: str, false_alarm: float,
    *, positive: object = 1,
) -> RuleCounts:  # fmt: skip
    """Judge every row by a threshold of its own, in one call to the engine.

    Parameters
    ----------
    table
        An Ibis table, whatever its engine.
    score, label, amount
        Column names. A row without an amount, or with none above 0, is never worth a flag.
    false_alarm : float, above 0
        What it costs to flag a row that is no event, in the unit of the amount.
    positive
        As for `score_counts`.

    Raises
    ------
    RowsError
        For a price that is not above 0, or columns that cannot be used.

    Examples
    --------
    Two frauds scored alike, a false alarm at 10: the one of 10 would need a score of 0.5, the one
    of 90 a score of 0.1, so only that is flagged and 10 is lost.

    >>> import pyarrow
    >>> columns = {"score": [0.3, 0.3], "fraud": [1, 1], "usd": [10.0, 90.0]}
    >>> found = rule_counts(ibis.memtable(pyarrow.table(columns)), "score", "fraud", "usd", 10)
    >>> found.tp, found.fp, found.cost
    (1, 0, 10.0)
    """
    if not 0 < false_alarm < math.inf:
        raise RowsError(f"`false_alarm` must be above 0 and finite; got {false_alarm}.")
    rows = scored(table, score, label, None, positive, amount).complete
    price = ibis.literal(float(false_alarm), "float64")
    worth = (rows.amount > 0).ifelse(rows.amount, 0.0)  # nothing where there is no amount
    flagged = (worth > 0) & (rows.x >= price / (price + worth))
    event = rows.event == 1
    found = rows.agg(
        tp=(flagged & event).ifelse(1, 0).sum(),
        fp=(flagged & ~event).ifelse(1, 0).sum(),
        missed=(~flagged & event).ifelse(rows.amount, None).sum(),
    ).to_pyarrow().to_pylist()[0]  # fmt: skip
    return RuleCounts(
        float(false_alarm), int(found["tp"] or 0), int(found["fp"] or 0),
        float(found["missed"] or 0.0),
    )  # fmt: skip
