"""Write small tables as the files a user might bring."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import duckdb

Row = Sequence[object]


def write_csv(
    path: Path,
    names: Sequence[str],
    rows: Sequence[Row],
    delimiter: str = ",",
    ending: str = "\r\n",
    quoting: Literal[0, 1, 2, 3] = csv.QUOTE_MINIMAL,
) -> Path:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator=ending, quoting=quoting)
    writer.writerows([names, *(["" if cell is None else cell for cell in row] for row in rows)])
    path.write_bytes(text.getvalue().encode())
    return path


def write_parquet(
    path: Path, names: Sequence[str], types: Sequence[str], rows: Sequence[Row]
) -> Path:
    identifiers = ['"' + name.replace('"', '""') + '"' for name in names]
    columns = ", ".join(f"{n} {t}" for n, t in zip(identifiers, types, strict=True))
    with duckdb.connect() as connection:
        connection.execute(f"CREATE TABLE written ({columns})")
        if rows:
            marks = ", ".join("?" * len(names))
            connection.executemany(f"INSERT INTO written VALUES ({marks})", rows)
        target = str(path).replace("'", "''")
        connection.execute(f"COPY written TO '{target}' (FORMAT parquet)")
    return path
