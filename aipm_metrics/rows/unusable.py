"""Why a column cannot be the score or the label, before anything is counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.rows.wording import listed, shown

if TYPE_CHECKING:
    from aipm_metrics.rows.reading import Column

__all__ = ["why_no_label", "why_no_score"]


def why_no_score(column: Column) -> str:
    """Say why a column cannot be the score, or nothing where it can.

    Examples
    --------
    >>> from aipm_metrics.rows.reading import Column
    >>> why_no_score(Column("score", "VARCHAR", False, ("high", "low"), 0))[:44]
    '`score` is text (`high`, `low`), and a score'
    """
    if column.numeric:
        return ""
    held = f" ({listed(column.values, 2)})" if column.values else ""
    what = f"text{held}" if column.type == "VARCHAR" else "not a column of numbers"
    return (
        f"{shown(column.name)} is {what}, and a score must be a number. Choose another column, "
        "or mend this one in the file."
    )


def why_no_label(column: Column) -> str:
    """Say why a column whose values are all known cannot be the label, or nothing where it can.

    Examples
    --------
    >>> from aipm_metrics.rows.reading import Column
    >>> why_no_label(Column("label", "BIGINT", True, ("0",), 0))[:52]
    '`label` has one value only, `0`; a label needs two, '
    """
    n, named = len(column.values), shown(column.name)
    if n == 2:
        return ""
    if n == 1:
        return (
            f"{named} has one value only, {shown(column.values[0])}; a label needs two, one for "
            "the event and one for its absence. Choose another column, or add rows of the other "
            "kind."
        )
    many = f"{n} different values" if n else "no value, or more than twelve different ones"
    return f"{named} has {many}; a label needs exactly two. Choose another column, or merge values."
