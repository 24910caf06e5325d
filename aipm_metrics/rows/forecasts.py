"""Read hours with an actual and one or two forecasts out of a table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.models.forecast_hours import ForecastHours
from aipm_metrics.rows.lending import lend_columns
from aipm_metrics.rows.wording import shown

if TYPE_CHECKING:
    from aipm_metrics.rows.reading import Table

__all__ = ["MAX_HOURS", "OwnHours", "guess_forecasts", "read_hours"]

MAX_HOURS = 200_000
_ACTUAL = ("actual", "actuals", "demand", "y", "y_true", "target", "rides", "orders", "sales")
_OLD = ("old", "old_forecast", "forecast_old", "forecast_a", "baseline", "forecast")
_NEW = ("new", "new_forecast", "forecast_new", "forecast_b", "candidate", "y_pred", "prediction")


@dataclass(frozen=True, slots=True, eq=False)
class OwnHours:
    """A person's own hours.

    Attributes
    ----------
    name
        The file's name as people know it.
    hours : ForecastHours
    n_rows, left_out : ints
        All rows of the file, and those without one of the numbers.
    """

    name: str
    hours: ForecastHours
    n_rows: int
    left_out: int


def guess_forecasts(table: Table) -> tuple[str, str, str] | None:
    """Guess the actual, the old forecast and the new one; the two are one where there is one.

    Returns
    -------
    tuple of str, or None
        None when there are not two columns of numbers.
    """
    numbers = [column.name for column in table.columns if column.numeric]
    if len(numbers) < 2:
        return None

    def first(likely: tuple[str, ...], among: list[str]) -> str:
        named = [n for word in likely for n in among if n.lower() == word]
        return (named or among)[0]

    actual = first(_ACTUAL, numbers)
    rest = [name for name in numbers if name != actual]
    old = first(_OLD, rest)
    others = [name for name in rest if name != old]
    return actual, old, first(_NEW, others) if others else old


def read_hours(table: Table, actual: str, old: str, new: str, name: str | None = None) -> OwnHours:
    """Read the hours that have an actual and every forecast.

    Parameters
    ----------
    table
        From `aipm_metrics.rows.reading.open_table`.
    actual, old, new
        Column names; `new` may be `old`, where there is one forecast.
    name
        The file's name as people know it; by default that of the path.

    Raises
    ------
    RowsError
        A sentence that says why these columns cannot be used, and what to do.
    """
    if actual in {old, new}:
        raise RowsError(f"Actual and forecast are both {shown(actual)}; choose different columns.")
    if table.n_rows > MAX_HOURS:
        raise RowsError(
            f"The file has {table.n_rows:,} rows; at most {MAX_HOURS:,} hours can be read. "
            "Take fewer weeks or fewer zones."
        )
    for column in (table.column(named) for named in (actual, old, new)):
        if not column.numeric:
            raise RowsError(
                f"{shown(column.name)} is not a column of numbers. Choose another column, or "
                "write plain numbers (an empty field where there is none)."
            )
    with lend_columns(table, numbers={"y": actual, "f": old, "g": new}) as rows:
        found = rows.drop_null(["y", "f", "g"]).to_pyarrow()
    y, f, g = (np.asarray(found[name].to_numpy(), float) for name in ("y", "f", "g"))
    # Hours in any order are the same hours: a sorted file has the same fingerprint.
    order = np.lexsort((g, f, y))
    hours = ForecastHours.of(y[order], f[order], g[order])
    return OwnHours(name or table.path.name, hours, table.n_rows, table.n_rows - hours.n_hours)
