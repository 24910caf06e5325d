"""Rows opened by a script: one file, many files, or a table elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.failures import spoken
from aipm_metrics.rows.sources import open_folder, open_rows
from tests.aipm_metrics.rows.written import write_csv, write_parquet

if TYPE_CHECKING:
    from pathlib import Path

    import ibis

ROWS = [(0.5, 1), (0.25, 0), (None, 1)]


def parquet(path: Path, rows: list[tuple[float | None, int]] = ROWS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return write_parquet(path, ["score", "label"], ["DOUBLE", "INTEGER"], rows)


def read(table: ibis.Table) -> list[tuple[object, ...]]:
    found = table.select("score", "label").to_pyarrow().to_pylist()
    return sorted(((row["score"], row["label"]) for row in found), key=str)


def test_one_file_is_read_whatever_its_kind(tmp_path: Path) -> None:
    expected = sorted(ROWS, key=str)
    assert read(open_rows(parquet(tmp_path / "x.parquet"))) == expected
    assert read(open_rows(str(write_csv(tmp_path / "x.csv", ["score", "label"], ROWS)))) == expected


@pytest.mark.parametrize("ref", ["", "*.parquet", "**/*.parquet"])
def test_many_files_are_one_table(tmp_path: Path, ref: str) -> None:
    for name in ("a.parquet", "b.parquet"):
        parquet(tmp_path / "rows" / name)
    assert read(open_rows(tmp_path / "rows" / ref)) == sorted(ROWS * 2, key=str)


def test_a_pattern_in_a_name_is_a_name(tmp_path: Path) -> None:
    parquet(tmp_path / "a1.parquet", [(0.75, 1)])
    parquet(tmp_path / "a[1].parquet")
    assert len(read(open_rows(tmp_path / "a[1].parquet"))) == 3


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        ("missing.parquet", "There is no file"),
        ("https://host/x.parquet", "Addresses of this kind are not known here"),
        ("postgres://user@host/database", "postgres://user@host/database/"),
        ("postgres://user@host/a/b/c/d", "postgres://user@host/database/"),
    ],
)
def test_what_cannot_be_opened_is_refused(ref: str, says: str) -> None:
    with pytest.raises(RowsError, match=says):
        open_rows(ref)


@pytest.mark.parametrize(
    "address",
    ["{}@127.0.0.1:1/db/t", "u:{}/x@host/db/t", "u:x/{}/y/z@host/db/t", "u:12/{}@host/t",
     "u:{}[@host/db/t",
     "u:{}@host:99999/db/t", "u:{}#x@host/db/t", "u:1#{}@host/db/t", "u:1?{}@host/db/t",
     "u:{}?x@host/db/t", "u:{}@host/db", "u@{}/a/b/c/d", "u:{}@[host/db/t"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["postgres", "mysql", "hunter2"])
def test_no_refusal_quotes_a_part_of_an_address(scheme: str, address: str) -> None:
    with pytest.raises(RowsError, match=r"(?i)address|connection") as caught:
        open_rows(f"{scheme}://{address.format('hunter2')}")
    said = str(caught.value)
    assert "hunter2" not in said
    assert "db/t" not in said
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_an_address_that_does_not_answer_is_refused_without_its_password() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed: requirements-engines.txt")
    with pytest.raises(RowsError, match="does not answer") as caught:
        open_rows("postgres://user:hunter2@127.0.0.1:1/rows/scored")
    assert "hunter2" not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_files_of_a_folder_are_one_table_and_the_engine_reads_no_other(tmp_path: Path) -> None:
    for name in ("a.parquet", "b.parquet"):
        parquet(tmp_path / "rows" / name)
    other = parquet(tmp_path / "other.parquet")
    table = open_folder(tmp_path / "rows", "*.parquet")
    assert read(table) == sorted(ROWS * 2, key=str)
    with pytest.raises(RowsError, match="could not do"), spoken("The folder"):
        table.get_backend().con.execute(f"FROM read_parquet('{other}')")
    with pytest.raises(RowsError, match="leads out"):
        open_folder(tmp_path / "rows", "../other.parquet")


def test_files_that_do_not_belong_together_are_refused(tmp_path: Path) -> None:
    parquet(tmp_path / "a.parquet")
    write_parquet(tmp_path / "b.parquet", ["other"], ["DOUBLE"], [(1.0,)])
    with pytest.raises(RowsError, match="could not") as caught, spoken("The folder"):
        open_folder(tmp_path, "*.parquet").score.sum().to_pyarrow()
    assert str(tmp_path) not in str(caught.value)
