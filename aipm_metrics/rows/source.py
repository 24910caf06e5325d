"""A file as Ibis sees it: its rows, and a column as text or as a number.

Columns are known by place (c0, c1, ...), so that a name from a file is never part of a statement
but as an identifier that Ibis quotes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import ibis

from aipm_metrics.rows.engine import literal
from aipm_metrics.rows.known import known

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from ibis.backends.duckdb import Backend

__all__ = ["LONGEST_VALUE", "MISSING", "Source"]

MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null")  # CSV fields without a value

LONGEST_VALUE = 1_000  # characters of a value that can be chosen from a list

# Nothing is guessed, so that a file means the same whatever its first lines hold.
_CSV = {
    "header": True, "skip": 0, "quote": '"', "escape": '"', "auto_detect": False,
    "strict_mode": True, "compression": "none", "hive_partitioning": False,
    "nullstr": list(MISSING),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """One file, and what is needed to read its columns.

    Attributes
    ----------
    path, kind, delimiter
        As in `aipm_metrics.rows.reading.Table`.
    names : tuple of str
        Column names in the file's order.
    types : tuple of str
        DuckDB's types, one per column; not used for CSV, which is read as text.
    """

    path: Path
    kind: str
    delimiter: str
    names: tuple[str, ...]
    types: tuple[str, ...] = ()

    def rows(self, backend: Backend, *, parallel: bool = False) -> ibis.Table:
        """Return the file's rows, columns called c0, c1, ...

        Parameters
        ----------
        backend
            Must be allowed to read `path`.
        parallel
            Several readers at once. They refuse good CSV whose texts hold line breaks (DuckDB 2.0).
        """
        if self.kind == "parquet":
            rows = backend.read_parquet(literal(self.path), hive_partitioning=False)
            return rows.select(**{f"c{i}": rows[name] for i, name in enumerate(rows.columns)})
        return backend.read_csv(
            literal(self.path), delim=self.delimiter, parallel=parallel,
            columns={f"c{i}": "VARCHAR" for i in range(len(self.names))}, **_CSV,
        )  # fmt: skip

    def text(self, rows: ibis.Table, i: int) -> Any:
        """Column `i` as text; NULL where there is no value (nan is none)."""
        return self._text_of(self._written(rows, i))

    def number(self, rows: ibis.Table, i: int) -> Any:
        """Column `i` as float64; NULL where it is not a number.

        With semicolon or tab between fields, ``0,35`` is read as 0.35.
        """
        column = rows[f"c{i}"]
        if column.type().is_numeric():
            return known(column).cast("float64")
        return self._number_of(self._written(rows, i))

    def long(self, rows: ibis.Table, places: Sequence[int]) -> ibis.Table:
        """Lay columns below each other: `place`, `text` and `number` of every field.

        What is asked of a hundred columns is then one short question (two thousand aggregates, four
        for each of 500 columns, took seconds to write down and more than 1 GB to answer).

        Texts are cut after `LONGEST_VALUE` + 1 characters: one of 4 MB that a Parquet file of some
        kilobytes names in every row would be laid down in every row (it took 16 GB).
        """
        cut = LONGEST_VALUE + 1
        below = rows.select(
            place=ibis.array([ibis.literal(i, "int16") for i in places]).unnest(),
            written=ibis.array([self._written(rows, i).left(cut) for i in places]).unnest(),
        )
        return below.select(
            "place", text=self._text_of(below.written), number=self._number_of(below.written)
        )

    def is_text(self, rows: ibis.Table, i: int) -> bool:
        """Tell whether the values of column `i` can be of any length."""
        kind = rows[f"c{i}"].type()
        return bool(kind.is_string() or kind.is_json())

    def _written(self, rows: ibis.Table, i: int) -> Any:
        column = rows[f"c{i}"]
        kind = column.type()
        if (
            kind.is_nested() or kind.is_binary()
        ):  # written out, a list of long texts would be laid down
            return column.notnull().ifelse(f"({self.types[i].lower()[:40]})", None)
        return column if self.kind == "csv" else known(column).cast("string")

    def _text_of(self, written: Any) -> Any:
        return trim(written).nullif("") if self.kind == "csv" else written

    def _number_of(self, written: Any) -> Any:
        point = written.try_cast("float64")
        if self.delimiter in {";", "\t"}:
            return ibis.coalesce(point, written.replace(",", ".").try_cast("float64"))
        return point


@ibis.udf.scalar.builtin  # type: ignore[untyped-decorator]
def trim(text: str) -> str:  # type: ignore[empty-body]
    """Cut spaces off both ends: DuckDB's own; Ibis's strip() takes three times as long."""
