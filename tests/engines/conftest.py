"""One random table, in DuckDB and in the engines that are there."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from aipm_metrics.rows.connections import connect, open_table_of, tables
from aipm_metrics.rows.sources import open_folder
from tests.engines.postgres import find_postgres, server

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import ibis

N_ROWS = 6_000
TYPES = {
    "score": "double precision", "score32": "real", "label": "text", "flag": "boolean",
    "number": "integer", "segment": "text", "version": "integer", "amount": "double precision",
}  # fmt: skip


def missing(why: str) -> None:
    """Skip where an engine may be missing; fail where `make test-engines` has set it up."""
    if os.environ.get("ENGINES_ARE_HERE"):
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session", name="rows")
def _rows() -> pa.Table:
    """Ties, both zeros, nulls, nan, scores apart by one bit, rare segments, odd text."""
    rng = np.random.default_rng(6)
    fine = rng.random(N_ROWS)
    scores = np.where(rng.random(N_ROWS) < 0.5, np.round(fine, 2), fine)
    scores[:6] = [0.0, -0.0, 0.1, 0.30000000000000004, 0.3, 5e-324]
    scores[9:400:9] = np.nan
    positive = rng.random(N_ROWS) < 0.1 + 0.3 * fine

    def holed(values: np.ndarray, share: float = 0.03) -> pa.Array:
        return pa.array(values.tolist(), mask=rng.random(N_ROWS) < share)

    segments = np.array(["en", "de", "o'brien; --", 'a "quoted"', "ünïcode", "EN", ""])
    columns = {
        "score": holed(scores), "score32": holed(scores.astype(np.float32)).cast(pa.float32()),
        "label": holed(np.where(positive, "harmful", "fine")), "flag": holed(positive),
        "number": holed(positive.astype(int)).cast(pa.int32()),
        "segment": holed(rng.choice(segments, N_ROWS, p=[0.4, 0.3, 0.1, 0.1, 0.05, 0.049, 0.001])),
        "version": holed(rng.integers(1, 4, N_ROWS)).cast(pa.int32()),
        # Quarters add up to the same in whatever order.
        "amount": holed(rng.integers(-400, 4_000, N_ROWS) / 4),
    }  # fmt: skip
    return pa.table(columns)


@pytest.fixture(scope="session", name="folder")
def _folder(rows: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scored")
    half = N_ROWS // 2
    for i, part in enumerate((rows.slice(0, half), rows.slice(half))):
        parquet.write_table(part, folder / f"part-{i}.parquet")
    return folder


@pytest.fixture(scope="session", name="whole")
def _whole(rows: pa.Table) -> pa.Table:
    """The rows that have every value; some of their scores are nan."""
    return rows.drop_null()


@pytest.fixture(scope="session", name="whole_folder")
def _whole_folder(whole: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Without NULL, so that the file's statistics say nothing of nan."""
    folder = tmp_path_factory.mktemp("whole")
    parquet.write_table(whole, folder / "part.parquet")
    return folder


@pytest.fixture(scope="session", name="duck_whole")
def _duck_whole(whole_folder: Path) -> ibis.Table:
    return open_folder(whole_folder, "*.parquet")


@pytest.fixture(scope="session", name="duck")
def _duck(folder: Path) -> ibis.Table:
    return open_folder(folder, "*.parquet")


@pytest.fixture(scope="session", name="spark")
def _spark(folder: Path, whole_folder: Path) -> Iterator[ibis.Table]:
    if not shutil.which("java"):
        missing("Spark needs Java, which is not installed here.")
    try:
        import pyspark  # noqa: F401
    except ImportError:
        missing("pyspark is not installed: make test-engines does.")
    local = {"spark.master": "local[2]", "spark.ui.enabled": "false",
             "spark.sql.shuffle.partitions": "2", "spark.driver.host": "127.0.0.1",
             "spark.driver.bindAddress": "127.0.0.1"}  # fmt: skip
    backend = connect("cluster", {"backend": "pyspark", **local})
    session = backend._session
    session.read.parquet(str(folder)).createOrReplaceTempView("scored")
    session.read.parquet(str(whole_folder)).createOrReplaceTempView("whole")
    assert "scored" in tables(backend)
    yield open_table_of(backend, "scored")
    session.stop()


@pytest.fixture(scope="session", name="spark_whole")
def _spark_whole(spark: ibis.Table) -> ibis.Table:
    return open_table_of(spark.get_backend(), "whole")


@pytest.fixture(scope="session", name="postgres_server")
def _postgres_server(rows: pa.Table, whole: pa.Table) -> Iterator[dict[str, str]]:
    programs = find_postgres()
    if programs is None:
        missing("PostgreSQL is not installed: make test-engines does.")
        return
    psycopg = pytest.importorskip("psycopg")
    with server(programs) as settings:
        client = {"host": settings["host"], "user": settings["user"], "dbname": "postgres"}
        with psycopg.connect(**client) as connection, connection.cursor() as cursor:
            columns = ", ".join(f"{name} {kind}" for name, kind in TYPES.items())
            for table, held in (("scored", rows), ("whole", whole)):
                cursor.execute(f"CREATE TABLE {table} ({columns})")
                with cursor.copy(f"COPY {table} ({', '.join(TYPES)}) FROM STDIN") as copy:
                    for row in zip(*(held[name].to_pylist() for name in TYPES), strict=True):
                        copy.write_row(row)
            cursor.execute("CREATE SCHEMA other; CREATE TABLE other.hidden (a integer)")
        yield settings


@pytest.fixture(scope="session", name="postgres")
def _postgres(postgres_server: dict[str, str]) -> Iterator[ibis.Table]:
    backend = connect("warehouse", {"backend": "postgres", **postgres_server})
    assert tables(backend) == ("scored", "whole")
    yield open_table_of(backend, "scored")
    backend.disconnect()


@pytest.fixture(scope="session", name="postgres_whole")
def _postgres_whole(postgres: ibis.Table) -> ibis.Table:
    return open_table_of(postgres.get_backend(), "whole")
