"""A table's score, label and segments as every engine must read them, and what cannot be read.

Everything is an Ibis expression, so that DuckDB, PySpark and PostgreSQL are asked the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.wording import listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

__all__ = ["Scored", "scored"]


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """The columns that are counted, and nothing else of the table.

    Attributes
    ----------
    rows : ibis table
        `x`: the score as float64, NULL where it is missing or nan; `event`: 1 where the label
        is the positive one, 0 where it is another, NULL where there is none; `label`, `b0`,
        `b1`, ...: the label and the columns of `by` as they are; `amount` as float64, where
        there is one.
    score, label, amount : str
        Names in the table, for sentences; `amount` is empty where there is none.
    by : tuple of str
    """

    rows: ir.Table
    score: str
    label: str
    by: tuple[str, ...]
    amount: str

    @property
    def keys(self) -> list[str]:
        """Names of the segment columns in `rows`."""
        return [f"b{i}" for i in range(len(self.by))]

    @property
    def complete(self) -> ir.Table:
        """Rows with both a score and a label."""
        return self.rows.filter(self.rows.x.notnull() & self.rows.event.notnull())


def scored(
    table: ir.Table,
    score: str,
    label: str,
    by: str | Sequence[str] | None,
    positive: object,
    amount: str | None = None,
) -> Scored:
    """Choose the columns of a table and read them as numbers and events.

    Raises
    ------
    RowsError
        When a column is not there, score and label are one, or a column of numbers is not one.
    """
    groups = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    _check_names(table, score, label, groups, amount)
    chosen = {"x": _number(table, score, "score"), "event": _event(table[label], positive)}
    chosen |= {"label": _known(table[label])}
    chosen |= {f"b{i}": _known(table[name]) for i, name in enumerate(groups)}
    if amount is not None:
        chosen["amount"] = _number(table, amount, "amount")
    return Scored(table.select(**chosen), score, label, groups, amount or "")


def _check_names(
    table: ir.Table, score: str, label: str, by: Sequence[str], amount: str | None
) -> None:
    if score == label:
        raise RowsError(f"Score and label are both {shown(score)}; choose two different columns.")
    if amount in {score, label}:
        raise RowsError(
            f"{shown(str(amount))} cannot be the amount as well; choose another column."
        )
    for name in (score, label, *by, *([amount] if amount is not None else [])):
        if name not in table.columns:
            there = listed(table.columns, 10)
            raise RowsError(f"There is no column {shown(name)}; there are {there}.")
    if len(set(by)) < len(by) or {score, label} & set(by):
        raise RowsError(
            f"Segments by {listed(by)}: each must be a column of its own, neither the score nor "
            "the label. Choose other columns."
        )


def _number(table: ir.Table, name: str, role: str) -> Any:
    column = table[name]
    if not column.type().is_numeric():
        raise RowsError(
            f"{shown(name)} is not a column of numbers but of {column.type()}. "
            f"Choose another {role} column."
        )
    return _known(column.cast("float64"))  # nan is asked of the float, which every engine has


def _known(column: Any) -> Any:
    """NULL in place of nan, which is no value either."""
    return column.isnan().ifelse(None, column) if column.type().is_floating() else column


def _event(column: Any, positive: object) -> Any:
    """1 where the label is `positive`, 0 where it is another, NULL where there is none."""
    label, kind = _known(column), column.type()
    if kind.is_boolean():
        wanted: Any = str(positive).strip().lower() in {"true", "t", "1", "1.0", "yes"}
    elif kind.is_numeric():
        try:
            wanted = float(str(positive)) if not isinstance(positive, int) else int(positive)
        except ValueError:
            raise RowsError(
                f"The label is a column of numbers, and {shown(str(positive))} is none. Choose "
                "one of its values as the positive."
            ) from None
    else:
        label, wanted = label.cast("string"), str(positive)
    return (label == wanted).cast("int8")
