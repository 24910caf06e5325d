"""Open a user's CSV or Parquet file: check it, and describe its columns.

The file is recognised by its content and never by its name. It is scanned, not loaded: what
stays in memory is one line per column.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.csv_text import check_text, read_header
from aipm_metrics.rows.engine import opened
from aipm_metrics.rows.file_kind import file_kind
from aipm_metrics.rows.source import Source
from aipm_metrics.rows.wording import listed

if TYPE_CHECKING:
    import duckdb

__all__ = ["MAX_BYTES", "MAX_COLUMNS", "MAX_ROWS", "MAX_VALUES", "Column", "Table", "open_table"]

MAX_BYTES = 100 * 1024 * 1024
MAX_COLUMNS = 500
MAX_ROWS = 10_000_000  # a small Parquet file can promise billions of equal rows
MAX_VALUES = 12  # distinct values up to which a column's values are listed

_FEW = 3 * MAX_VALUES  # estimated distinct values up to which they are counted exactly


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    type : str
        DuckDB's type. A CSV column is BIGINT if every value is a whole number, DOUBLE if every
        value is a number, otherwise VARCHAR.
    numeric : bool
        There is a value, and every value is a number (text that reads as one counts).
    values : tuple of str
        Distinct values as text, most frequent first, then by text; empty when there are more
        than 12.
    missing : int
        Rows without a value. In CSV an empty field and NA, N/A, n/a, NaN, nan, NULL and null
        hold none; in Parquet null and nan.
    """

    name: str
    type: str
    numeric: bool
    values: tuple[str, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class Table:
    """A file that can be read, and what is in it; the rows stay in the file.

    Attributes
    ----------
    path : Path
    kind : str
        "csv" or "parquet".
    delimiter : str
        Comma, semicolon or tab; empty for Parquet.
    columns : tuple of Column
    n_rows : int
        Rows, the header not counted.
    """

    path: Path
    kind: str
    delimiter: str
    columns: tuple[Column, ...]
    n_rows: int

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in the file's order."""
        return tuple(column.name for column in self.columns)

    @property
    def source(self) -> Source:
        """The file as SQL sees it."""
        types = tuple(column.type for column in self.columns)
        return Source(self.path, self.kind, self.delimiter, self.names, types)

    def column(self, name: str) -> Column:
        """Look a column up by its exact name.

        Raises
        ------
        RowsError
            Listing the columns there are.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise RowsError(f"There is no column {listed([name])}; there are {listed(self.names, 10)}.")


def open_table(path: Path | str, max_bytes: int = MAX_BYTES) -> Table:
    """Check a file of scored rows and describe its columns.

    Parameters
    ----------
    path
        CSV (comma, semicolon or tab; a header; UTF-8) or Parquet, whatever its name says.
    max_bytes
        Largest file that is read, in bytes.

    Raises
    ------
    RowsError
        A sentence that says what is wrong with the file and what to do.

    Examples
    --------
    >>> from aipm_metrics.rows.sample import sample_path
    >>> table = open_table(sample_path())
    >>> table.n_rows, table.names
    (5000, ('post_id', 'score', 'label', 'language'))
    >>> table.column("label").values
    ('fine', 'harmful')
    """
    path = Path(path).resolve()
    kind = file_kind(path, max_bytes)
    if kind == "parquet":
        return _open_parquet(path)
    paired = check_text(path)
    delimiter, names = read_header(path)
    _check_names(names)
    source = Source(path, kind, delimiter, names)
    with opened(path, kind) as connection:
        if not paired:  # only the parallel reader says so when the last quote is left open
            query, parameters = f"SELECT count(c0) FROM {source.rows}", source.parameters
            connection.execute(query, {**parameters, "parallel": True}).fetchall()
        return _table(source, connection)


def _open_parquet(path: Path) -> Table:
    source = Source(path, "parquet", "", ())
    file = source.parameters
    with opened(path, "parquet") as connection:
        tree = connection.execute(
            "SELECT name, num_children FROM parquet_schema($path)", file
        ).fetchall()
        _check_names(_top_names(tree))
        described = connection.execute(f"DESCRIBE FROM {source.rows}", file).fetchall()
        names, types, *_ = zip(*described, strict=True)
        source = Source(path, "parquet", "", names, types)
        counted = connection.execute(f"SELECT count(*) FROM {source.rows}", file).fetchall()
        _check_rows(counted[0][0])  # known from the footer, before any row is read
        return _table(source, connection)


def _top_names(tree: list[tuple[str, int | None]]) -> tuple[str, ...]:
    """Names of the columns themselves, not of the fields inside them; depth first, root first."""
    names, left = [], [1]
    for name, children in tree:
        while not left[-1]:
            left.pop()
        left[-1] -= 1
        if len(left) == 2:  # the root's own children
            names.append(name)
        if children:
            left.append(children)
    return tuple(names)


def _check_names(names: tuple[str, ...]) -> None:
    if len(names) > MAX_COLUMNS:
        raise RowsError(
            f"The file has {len(names):,} columns; at most {MAX_COLUMNS} can be read. "
            "Keep the score, the label and the few columns you need."
        )
    if len(names) == 1:
        raise RowsError(
            f"The file has one column, {listed(names)}; a score and a label column are needed."
        )
    times = Counter(name.lower() for name in names)  # the engine ignores case
    double = [name for name in names if times[name.lower()] > 1]
    if double:
        raise RowsError(
            f"Column names must differ, and not only in case: {listed(double)}. Rename them."
        )


def _check_rows(n_rows: int) -> None:
    if not n_rows:
        raise RowsError("The file has column names but no rows. Choose a file with rows.")
    if n_rows > MAX_ROWS:
        raise RowsError(
            f"The file has {n_rows:,} rows; at most {MAX_ROWS:,} can be read. "
            "Take a random sample of the rows."
        )


def _table(source: Source, connection: duckdb.DuckDBPyConnection) -> Table:
    """Scan the file once for counts and types, once more for the values of the short columns."""
    every = range(len(source.names))
    measures = ", ".join(
        f"count(t{i}), approx_count_distinct(t{i}), count(n{i}), count_if(n{i} = trunc(n{i}))"
        for i in every
    )
    parts = ", ".join(f"{source.text(i)} AS t{i}, {source.number(i)} AS n{i}" for i in every)
    query = f"SELECT count(*), {measures} FROM (SELECT {parts} FROM {source.rows})"
    (row,) = connection.execute(query, source.parameters).fetchall()
    n_rows, measured = row[0], [row[1 + 4 * i : 5 + 4 * i] for i in every]
    _check_rows(n_rows)
    values = _values(source, connection, [i for i in every if 0 < measured[i][1] <= _FEW])
    columns = tuple(_column(source, i, n_rows, measured[i], values.get(i, ())) for i in every)
    return Table(source.path, source.kind, source.delimiter, columns, n_rows)


def _values(
    source: Source, connection: duckdb.DuckDBPyConnection, short: list[int]
) -> dict[int, tuple[str, ...]]:
    """List the values of each short column, most frequent first."""
    if not short:
        return {}
    # One long column, not one aggregate per column: 500 of those took more than 1 GB.
    query = f"""
        SELECT place, value FROM (
            SELECT unnest([{", ".join(str(i) for i in short)}]) AS place,
                unnest([{", ".join(source.text(i) for i in short)}]) AS value
            FROM {source.rows})
        WHERE value IS NOT NULL GROUP BY place, value ORDER BY place, count(*) DESC, value"""
    found: dict[int, list[str]] = {}
    for place, value in connection.execute(query, source.parameters).fetchall():
        found.setdefault(place, []).append(value)
    return {place: tuple(texts) for place, texts in found.items() if len(texts) <= MAX_VALUES}


def _column(
    source: Source, i: int, n_rows: int, measured: tuple[int, ...], values: tuple[str, ...]
) -> Column:
    held, _, numbers, whole = measured
    numeric = 0 < held == numbers
    of_text = "VARCHAR" if not numeric else "BIGINT" if whole == held else "DOUBLE"
    kind = source.types[i] if source.types else of_text
    return Column(source.names[i], kind, numeric, values, n_rows - held)
