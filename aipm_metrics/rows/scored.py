"""A table's score, label and segments, read alike by every engine.

Everything is an Ibis expression, so that DuckDB, PySpark and PostgreSQL are asked the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.known import is_known, known
from aipm_metrics.rows.wording import listed, shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis.expr.types as ir

__all__ = ["Scored", "scored"]

_BOOLS = {
    **dict.fromkeys(("1", "1.0", "t", "true", "y", "yes"), 1),
    **dict.fromkeys(("0", "0.0", "f", "false", "n", "no"), 0),
}
_DIGITS = 38  # of the longest whole number or decimal that an engine has


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """The columns that are counted, and nothing else of the table.

    Attributes
    ----------
    rows, complete : ibis tables
        All rows, and those with both a score and a label. `x`: the score as float64, NULL where
        it is missing or nan. `event`: 1 where the label is the positive one, 0 where it is
        another, NULL where there is none. `label`: as a number or as text. `b0`, `b1`, ...: the
        segment columns as they are. `amount`: as float64, if there is one.
    score, label, amount : str
        Names in the table, for sentences; `amount` is empty where there is none.
    by : tuple of str
        Names of the segment columns in the table.
    positive : str
        The event's label as a person sees it.
    whole : bool
        Scores are whole numbers or decimals in the table, which a float64 may put together.
    """

    rows: ir.Table
    complete: ir.Table
    score: str
    label: str
    by: tuple[str, ...]
    amount: str
    positive: str
    whole: bool

    @property
    def keys(self) -> list[str]:
        """Names of the segment columns in `rows`."""
        return [f"b{i}" for i in range(len(self.by))]


def scored(
    table: ir.Table,
    score: str,
    label: str,
    by: str | Sequence[str] | None,
    positive: object,
    amount: str | None = None,
) -> Scored:
    """Choose the columns of a table and read them as numbers and events; the engine is not asked.

    Raises
    ------
    RowsError
        When a column is not there, plays two parts, or should be of numbers and is not.
    """
    groups = () if by is None else (by,) if isinstance(by, str) else tuple(by)
    _check_names(table, score, label, groups, amount)
    wanted = _wanted(table[label], positive)

    def chosen(of: ir.Table) -> dict[str, Any]:
        columns = {"x": _number(of, score, "score"), "label": _comparable(of[label])}
        columns["event"] = (columns["label"] == wanted).cast("int32")
        columns |= {f"b{i}": known(of[name]) for i, name in enumerate(groups)}
        return columns | ({} if amount is None else {"amount": _number(of, amount, "amount")})

    rows = table.select(**chosen(table))
    # Asked of the columns as they are: what is computed for a filter is computed again after it.
    held = table.filter(is_known(table[score].cast("float64")) & is_known(table[label]))
    complete = held.select(**chosen(held) | {"x": held[score].cast("float64")})
    whole = not table[score].type().is_floating()
    return Scored(rows, complete, score, label, groups, amount or "", str(positive), whole)


def _check_names(
    table: ir.Table, score: str, label: str, by: Sequence[str], amount: str | None
) -> None:
    if score == label:
        raise RowsError(f"Score and label are both {shown(score)}; choose two different columns.")
    for name in (score, label, *by, *([] if amount is None else [amount])):
        if name not in table.columns:
            there = listed(table.columns, 10)
            raise RowsError(f"There is no column {shown(name)}; there are {there}.")
    if amount in {score, label}:
        raise RowsError(
            f"{shown(amount or '')} is the score or the label and cannot be the amount as well; "
            "choose another column."
        )
    for name in by:
        if table[name].type().is_nested():
            raise RowsError(
                f"{shown(name)} holds {table[name].type()}, which is no name of a group. "
                "Choose another column."
            )
    if len(set(by)) < len(by) or {score, label, amount} & set(by):
        raise RowsError(
            f"Groups by {listed(by)}: each must be a column of its own, and neither the score nor "
            "the label nor the amount. Choose other columns."
        )


def _number(table: ir.Table, name: str, role: str) -> Any:
    column = table[name]
    if not column.type().is_numeric():
        raise RowsError(
            f"{shown(name)} is not a column of numbers (its type is {column.type()}). "
            f"Choose another {role} column."
        )
    return known(column.cast("float64"))


def _comparable(label: Any) -> Any:
    """Bools as 0 and 1, numbers as they are, all else by its text."""
    if label.type().is_boolean():
        return label.cast("int32")
    return known(label) if label.type().is_numeric() else label.cast("string")


def _wanted(column: Any, positive: object) -> Any:
    """Read the event's label as `_comparable` reads the column."""
    kind, text = column.type(), str(positive).strip()
    if kind.is_boolean():
        if text.lower() not in _BOOLS:
            raise RowsError(
                f"{shown(text)} is neither true nor false, and the values of "
                f"{shown(column.get_name())} are. Choose one of them as the positive."
            )
        return _BOOLS[text.lower()]
    if not kind.is_numeric():
        return str(positive)
    try:
        return _number_like(kind, str(int(positive)) if isinstance(positive, bool) else text)
    except (ArithmeticError, ValueError):
        raise RowsError(
            f"{shown(text)} is not a number, and the values of {shown(column.get_name())} "
            "are. Choose one of them as the positive."
        ) from None


def _number_like(kind: Any, text: str) -> Any:
    """Read a number so that it equals those of a column of this type that are written so."""
    if kind.is_floating():
        # In single precision 0.1 is another number than in double.
        return float(np.float32(text)) if kind.is_float32() else float(text)
    exact = Decimal(text)  # a float would put whole numbers beyond 2^53 together
    if _short(exact) and exact == exact.to_integral_value():
        whole = int(exact)
        return whole if abs(whole) < 2**63 else ibis.literal(exact, f"decimal({_DIGITS}, 0)")
    if kind.is_decimal() and _short(exact) and -int(exact.as_tuple().exponent) <= kind.scale:
        fits = exact.adjusted() < kind.precision - kind.scale
        return ibis.literal(exact, kind) if fits else float(text)
    return float(text)  # which no value of the column is


def _short(exact: Decimal) -> bool:
    """Whether a column of whole numbers or decimals could hold so large or so small a number."""
    return exact.is_finite() and abs(exact.adjusted()) < _DIGITS
