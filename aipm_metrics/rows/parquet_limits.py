"""What a Parquet file may unpack to: a few kilobytes of it can name terabytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ibis

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.wording import megabytes, shown

if TYPE_CHECKING:
    from aipm_metrics.rows.source import Source

__all__ = ["MAX_TEXT", "MAX_UNPACKED", "check_longest", "check_unpacked"]

MAX_UNPACKED = 4 * 2**30  # bytes; a page of equal texts can be packed ten thousand times smaller
MAX_TEXT = 1_000_000  # bytes of one text; a thousand copies are made of it where it is cut


def check_unpacked(n_bytes: float) -> None:
    """Refuse a file whose footer says that it unpacks to more than 4 GB.

    Raises
    ------
    RowsError

    Examples
    --------
    >>> check_unpacked(5 * 2**30)
    Traceback (most recent call last):
    aipm_metrics.errors.RowsError: The file unpacks to 5,120 MB; at most 4,096 MB can be read. ...
    """
    if n_bytes > MAX_UNPACKED:
        size, most = megabytes(int(n_bytes)), megabytes(MAX_UNPACKED)
        raise RowsError(
            f"The file unpacks to {size}; at most {most} can be read. "
            "Keep only the score and label columns, or a random sample of the rows."
        )


def check_longest(source: Source, rows: ibis.Table) -> None:
    """Refuse a text that every row may name, before anything lays it down in every row.

    Raises
    ------
    RowsError
        Naming the column.
    """
    places = [i for i in range(len(source.names)) if source.is_text(rows, i)]
    longest = {f"c{i}": strlen(rows[f"c{i}"].cast("string")).max() for i in places}
    found = rows.aggregate(**longest).to_pyarrow().to_pylist()[0] if longest else {}
    for i in places:
        if (found[f"c{i}"] or 0) > MAX_TEXT:
            raise RowsError(
                f"{shown(source.names[i])} holds a text of {found[f'c{i}']:,} bytes; at most "
                f"{MAX_TEXT:,} can be read. Leave that column out."
            )


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def strlen(text: str) -> int:  # type: ignore[empty-body]
    """Bytes of a text, by DuckDB, which has them at hand: characters it counts row by row."""
