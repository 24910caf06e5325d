"""Lend a file's rows to whoever counts them, on an engine that reads this file and nothing else."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from aipm_metrics.rows.engine import opened

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import ibis

    from aipm_metrics.rows.reading import Table

__all__ = ["lend_columns", "lend_rows"]


@contextmanager
def lend_rows(table: Table) -> Iterator[ibis.Table]:
    """Lend all rows, columns by the names that the file gives them.

    Parameters
    ----------
    table
        From `aipm_metrics.rows.reading.open_table`.

    Yields
    ------
    ibis.Table
        Columns of numbers as float64; of CSV every other column as text, of Parquet as it is.
        Good until the block ends.

    Raises
    ------
    RowsError
        Instead of the engine's errors, also of those that whoever borrows meets.

    Examples
    --------
    >>> from aipm_metrics.rows.reading import open_table
    >>> from aipm_metrics.rows.sample import sample_path
    >>> with lend_rows(open_table(sample_path())) as rows:
    ...     str(rows.score.type()), str(rows.language.type()), rows.count().to_pyarrow().as_py()
    ('float64', 'string', 5000)
    """
    source = table.source
    with opened(table.path, table.kind) as backend:
        rows = source.rows(backend)
        yield rows.select(
            **{
                column.name: source.number(rows, i)
                if column.numeric
                else source.text(rows, i)
                if table.kind == "csv"
                else rows[f"c{i}"]
                for i, column in enumerate(table.columns)
            }
        )


@contextmanager
def lend_columns(
    table: Table,
    *,
    numbers: Mapping[str, str] | None = None,
    texts: Mapping[str, str] | None = None,
) -> Iterator[ibis.Table]:
    """Lend some columns, each as number or as text, under names of the borrower's.

    Parameters
    ----------
    table
        From `aipm_metrics.rows.reading.open_table`.
    numbers, texts
        The borrower's name for a column, and the file's. A number is NULL where there is none.

    Raises
    ------
    RowsError
        Instead of the engine's errors, also of those that whoever borrows meets.
    """
    source, places = table.source, table.names.index
    with opened(table.path, table.kind) as backend:
        rows = source.rows(backend)
        chosen = {own: source.number(rows, places(name)) for own, name in (numbers or {}).items()}
        chosen |= {own: source.text(rows, places(name)) for own, name in (texts or {}).items()}
        yield rows.select(**chosen)
