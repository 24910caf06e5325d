"""Rows month by month, where a column says when each was."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import ibis

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.counts import score_counts
from aipm_metrics.rows.wording import shown

if TYPE_CHECKING:
    import ibis.expr.types as ir

    from aipm_metrics.rows.asked import Columns
    from aipm_metrics.rows.counts import ScoreCounts
    from aipm_metrics.rows.jobs import Watch

__all__ = ["by_month", "dated"]

# What a calendar names; engines know infinity and years beyond it.
FIRST, LAST = datetime(1, 1, 1), datetime(9999, 12, 31, 23, 59, 59)


def by_month(
    table: ir.Table, columns: Columns, watch: Watch
) -> tuple[ScoreCounts | None, tuple[str, str] | None, tuple[str, ...]]:
    """Count by month; where that cannot be done, the rest still stands and a note says so.

    Returns
    -------
    counts, (first day, last day), notes
        None without a column of times.
    """
    if not columns.time:
        return None, None, ()
    nothing = f"{shown(columns.time)} holds no dates, so there are no months."
    when = _time(table, columns)
    if when is None:
        return None, None, (nothing,)
    known = _in_calendar(when)
    watch("Looking for the first and the last day", 0.78)
    asked = table.agg(first=known.min(), last=known.max(), held=known.count(), all=when.count())
    found = asked.to_pyarrow()
    first, last, held, all_ = (found[n][0].as_py() for n in ("first", "last", "held", "all"))
    if first is None:
        return None, None, (nothing,)
    beyond = all_ - held
    notes = (
        (
            f"{beyond:,} {'row has' if beyond == 1 else 'rows have'} a time in "
            f"{shown(columns.time)} that is in no year from 1 to 9999, and so no month.",
        )
        if beyond
        else ()
    )
    span = (first.date().isoformat(), last.date().isoformat())
    marked, month = dated(table, columns)
    try:
        months = score_counts(
            marked, columns.score, columns.label, month, positive=columns.event,
            watch=lambda step, done: watch(f"{step}, by month", 0.8 + 0.15 * done),
        )  # fmt: skip
    except RowsError as refused:
        return None, span, (*notes, f"No months: {refused}")
    return months, span, notes


def dated(table: ir.Table, columns: Columns) -> tuple[ir.Table, str]:
    """Add a column of months, as 2026-05; return its name too, which no other column has."""
    month = "month"
    while month in table.columns:
        month += "_"
    when = _in_calendar(_time(table, columns))
    return table.mutate(**{month: when.truncate("M").cast("date").cast("string").left(7)}), month


def _time(table: ir.Table, columns: Columns) -> Any:
    """Read the times; None where the column has none."""
    column = table[columns.time]
    kind = column.type()
    if kind.is_string():
        column = column.try_cast("timestamp")
    elif not kind.is_temporal() or kind.is_time():
        return None
    return column.cast("timestamp")


def _in_calendar(when: Any) -> Any:
    """NULL in place of infinity, and of years that no calendar of ours names."""
    inside = (when >= ibis.literal(FIRST)) & (when <= ibis.literal(LAST))
    return inside.ifelse(when, None)
