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
from aipm_metrics.rows.engine import literal, opened
from aipm_metrics.rows.file_kind import file_kind
from aipm_metrics.rows.parquet_limits import check_longest, check_unpacked
from aipm_metrics.rows.source import LONGEST_VALUE, Source
from aipm_metrics.rows.wording import listed

if TYPE_CHECKING:
    import ibis

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
        than 12, or one of more than 1,000 characters.
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
        """The file as Ibis sees it."""
        types = tuple(column.type for column in self.columns)
        return Source(self.path, self.kind, self.delimiter, self.names, types)

    def column(self, name: str) -> Column:
        """Look a column up by its exact name, or refuse with a list of those there are."""
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
    with opened(path, kind) as backend:
        if not paired:  # only the parallel reader says so when the last quote is left open
            source.rows(backend, parallel=True).c0.count().to_pyarrow()
        return _table(source, source.rows(backend))


def _open_parquet(path: Path) -> Table:
    with opened(path, "parquet") as backend:
        tree = backend.con.table_function("parquet_schema", [literal(path)])
        _check_names(_top_names(tree.select("name", "num_children").fetchall()))
        chunks = backend.con.table_function("parquet_metadata", [literal(path)])
        check_unpacked(chunks.sum("total_uncompressed_size").fetchall()[0][0] or 0)
        # Ibis has types of its own: DuckDB's are what a person is told.
        described = backend.con.table_function("read_parquet", [literal(path)])
        types = tuple(str(kind) for kind in described.types)
        source = Source(path, "parquet", "", tuple(described.columns), types)
        rows = source.rows(backend)
        _check_rows(rows.count().to_pyarrow().as_py())  # from the footer, before any row is read
        check_longest(source, rows)
        return _table(source, rows)


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


def _table(source: Source, rows: ibis.Table) -> Table:
    """Scan the file once for counts and types, once more for the values of the short columns."""
    every = range(len(source.names))
    long = source.long(rows, every)
    asked = long.group_by("place").aggregate(
        n=long.count(), held=long.text.count(), distinct=long.text.approx_nunique(),
        numbers=long.number.count(), whole=(long.number % 1 == 0).sum(),
        longest=long.text.length().max(),
    )  # fmt: skip
    measured = asked.order_by("place").to_pyarrow().to_pylist()
    n_rows = measured[0]["n"] if measured else 0
    _check_rows(n_rows)
    short = [
        i for i, found in enumerate(measured)
        if 0 < found["distinct"] <= _FEW and found["longest"] <= LONGEST_VALUE
    ]  # fmt: skip
    values = _values(source, rows, short)
    columns = tuple(_column(source, i, measured[i], values.get(i, ())) for i in every)
    return Table(source.path, source.kind, source.delimiter, columns, n_rows)


def _values(source: Source, rows: ibis.Table, short: list[int]) -> dict[int, tuple[str, ...]]:
    """List the values of each short column, most frequent first."""
    if not short:
        return {}
    long = source.long(rows, short)
    held = long.filter(long.text.notnull())
    counted = held.group_by("place", "text").aggregate(n=held.count())
    lines = counted.order_by("place", counted.n.desc(), "text").to_pyarrow()
    found: dict[int, list[str]] = {}
    for place, value in zip(lines["place"].to_pylist(), lines["text"].to_pylist(), strict=True):
        found.setdefault(place, []).append(value)
    return {place: tuple(texts) for place, texts in found.items() if len(texts) <= MAX_VALUES}


def _column(source: Source, i: int, measured: dict[str, int], values: tuple[str, ...]) -> Column:
    held, numbers = measured["held"], measured["numbers"]
    numeric = 0 < held == numbers
    of_text = "VARCHAR" if not numeric else "BIGINT" if measured["whole"] == held else "DOUBLE"
    kind = source.types[i] if source.types else of_text
    return Column(source.names[i], kind, numeric, values, measured["n"] - held)
