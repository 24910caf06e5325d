"""Which values of a column are values: nan is none, whatever the engine believes.

Parquet files keep the smallest and the largest value of a column and leave nan out of both. From
them DuckDB concludes that a column of [0.1, nan] holds no nan, and answers `isnan`, `nullif` and
`= 'nan'` without a look at the rows. No engine concludes anything about a difference.
"""

from __future__ import annotations

from typing import Any

__all__ = ["is_known", "known"]


def is_known(column: Any) -> Any:
    """Ibis expression: whether there is a value, neither NULL nor nan.

    ``x - x`` is 0 for every finite number, and nan for infinity and nan; infinity is a value.

    Examples
    --------
    >>> import ibis, pyarrow
    >>> x = ibis.memtable(pyarrow.table({"x": [0.5, float("nan"), float("inf"), None]})).x
    >>> is_known(x).to_pyarrow().to_pylist()
    [True, False, True, False]
    """
    there = column.notnull()
    if not column.type().is_floating():
        return there
    return there & (((column - column) == 0.0) | (column.abs() == float("inf")))


def known(column: Any) -> Any:
    """Ibis expression: the value, NULL in place of nan.

    Examples
    --------
    >>> import ibis, pyarrow
    >>> x = ibis.memtable(pyarrow.table({"x": [0.5, float("nan")]})).x
    >>> known(x).to_pyarrow().to_pylist()
    [0.5, None]
    """
    return is_known(column).ifelse(column, None) if column.type().is_floating() else column
