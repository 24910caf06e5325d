"""A file as SQL sees it: where rows come from, and a column as text or as a number.

No name from a CSV file enters SQL at all (its columns are called c0, c1, ... there); a name
from a Parquet file does so only as a quoted identifier. Everything else is a bound parameter.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aipm_metrics.rows.engine import literal, quoted

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MISSING", "Source"]

MISSING = ("", "NA", "N/A", "n/a", "NaN", "nan", "NULL", "null")  # CSV fields without a value

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_NUMBERS = {*_INTEGERS, *("U" + name for name in _INTEGERS), "FLOAT", "DOUBLE"}

_CSV = """read_csv($path, delim = $delimiter, columns = $columns, nullstr = $missing,
    header = true, skip = 0, quote = '"', escape = '"', auto_detect = false,
    strict_mode = true, parallel = $parallel, compression = 'none', hive_partitioning = false)"""
_PARQUET = "read_parquet($path, hive_partitioning = false)"


@dataclass(frozen=True, slots=True)
class Source:
    """One file, and what is needed to name its columns in SQL.

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

    @property
    def rows(self) -> str:
        """The SQL table function that yields the rows."""
        return _CSV if self.kind == "csv" else _PARQUET

    @property
    def parameters(self) -> dict[str, Any]:
        """Values of the parameters named in `rows`."""
        if self.kind == "parquet":
            return {"path": literal(self.path)}
        return {
            "path": literal(self.path),
            "delimiter": self.delimiter,
            "columns": {f"c{i}": "VARCHAR" for i in range(len(self.names))},
            # Two readers at once refuse good files whose texts hold line breaks (DuckDB 2.0).
            "parallel": False,
            "missing": list(MISSING),
        }

    def text(self, i: int) -> str:
        """Write column `i` as text in SQL; NULL where there is no value (nan is none)."""
        if self.kind == "csv":
            return f"nullif(trim(c{i}), '')"
        return f"CAST({self._value(i)} AS VARCHAR)"

    def number(self, i: int) -> str:
        """Write column `i` as DOUBLE in SQL; NULL where it is not a number.

        With semicolon or tab between fields, ``0,35`` is read as 0.35.
        """
        if self.kind == "parquet":
            is_number = self.types[i] in _NUMBERS or self.types[i].startswith("DECIMAL")
            if is_number:
                return f"CAST({self._value(i)} AS DOUBLE)"
            return f"TRY_CAST({self.text(i)} AS DOUBLE)"
        point = f"TRY_CAST(c{i} AS DOUBLE)"
        if self.delimiter == ",":
            return point
        return f"coalesce({point}, TRY_CAST(replace(c{i}, ',', '.') AS DOUBLE))"

    def _value(self, i: int) -> str:
        """Write column `i` of a Parquet file in SQL, with NULL in place of nan."""
        name = quoted(self.names[i])
        return f"nullif({name}, 'nan')" if self.types[i] in {"FLOAT", "DOUBLE"} else name
