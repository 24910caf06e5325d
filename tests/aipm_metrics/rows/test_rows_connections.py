"""A page names a connection and one of its tables, and can name nothing else."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import duckdb
import pytest

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.connections import connect, interrupt, open_table_of, tables
from aipm_metrics.rows.failures import spoken
from tests.aipm_metrics.rows.written import write_csv

if TYPE_CHECKING:
    from pathlib import Path

    import ibis

SECRET = "hunter2"


@pytest.fixture(scope="module", name="database")
def _database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp(SECRET) / "own.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE scored AS SELECT 0.5 AS score, 1 AS label")
        connection.execute("CREATE VIEW seen AS FROM scored")
        connection.execute("""CREATE TABLE "odd "" name; --" AS SELECT 1 AS a""")
        connection.execute("CREATE SCHEMA other; CREATE TABLE other.hidden (a INTEGER)")
    return path


@pytest.fixture(scope="module", name="backend")
def _backend(database: Path) -> ibis.BaseBackend:
    return connect("warehouse", {"backend": "duckdb", "database": str(database)})


def words(caught: pytest.ExceptionInfo[RowsError]) -> str:
    said = str(caught.value)
    assert SECRET not in said
    assert said.endswith(".")
    assert "\n" not in said
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return said


def test_tables_and_views_of_the_schema_are_listed_and_opened(backend: ibis.BaseBackend) -> None:
    assert tables(backend) == ('odd " name; --', "scored", "seen")
    for name in tables(backend):
        assert open_table_of(backend, name).count().to_pyarrow().as_py() == 1


def test_a_table_beyond_those_that_are_listed_is_opened(
    backend: ibis.BaseBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aipm_metrics.rows.connections.MAX_TABLES", 1)
    assert tables(backend) == ('odd " name; --',)
    assert open_table_of(backend, "seen").count().to_pyarrow().as_py() == 1


@pytest.mark.parametrize(
    "name",
    [
        "read_csv('{file}')",
        "read_text('{file}')",
        "{file}",
        "'{file}'",
        "scored; DROP TABLE scored",
        "scored, seen",
        "(SELECT 1)",
        "other.hidden",
        "hidden",
        "main.scored",
        "SCORED",
        '"scored"',
        "information_schema.tables",
        "duckdb_secrets()",
        "",
    ],
)
def test_what_is_no_listed_table_is_refused(
    backend: ibis.BaseBackend, tmp_path: Path, name: str
) -> None:
    file = write_csv(tmp_path / "x.csv", ["a", "b"], [(1, 2)])
    with pytest.raises(RowsError, match="The connection has no table") as caught:
        open_table_of(backend, name.format(file=file))
    assert "`scored`" in words(caught)


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_csv('{file}')",
        "COPY scored TO '{file}'",
        "CREATE TABLE more (a INTEGER)",
        "DELETE FROM scored",
        "INSTALL httpfs",
        "ATTACH '{file}.db'",
        "SET enable_external_access = true",
    ],
)
def test_the_engine_reads_its_database_and_nothing_else(
    backend: ibis.BaseBackend, tmp_path: Path, statement: str
) -> None:
    """Even for a statement, which no page can send."""
    file = write_csv(tmp_path / "x.csv", ["a", "b"], [(1, 2)])
    with pytest.raises(RowsError, match="could not do") as caught, spoken("The connection"):
        backend.con.execute(statement.format(file=file))
    words(caught)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "names no known backend: one of `duckdb`, `postgres`, `pyspark`"),
        ({"backend": "sqlite"}, "names no known backend"),
        ({"backend": ["duckdb"]}, "names no known backend"),
        ({"backend": "duckdb", "database": f"/nowhere/{SECRET}.db"}, "could not do"),
        ({"backend": "duckdb", "no_such_setting": SECRET}, "could not do"),
        ({"backend": "postgres", "no_such_setting": SECRET}, "could not do"),
        (
            {"backend": "postgres", "host": "127.0.0.1", "port": 1, "password": SECRET},
            "does not answer, or not to this user",
        ),
        ({"backend": "duckdb", "read_only": [SECRET]}, "has a setting that duckdb does not know"),
    ],
)
def test_a_connection_that_fails_is_refused_without_what_is_secret(
    settings: dict[str, object], says: str
) -> None:
    if settings.get("backend") == "postgres":
        pytest.importorskip("psycopg", reason="psycopg is not installed: requirements-engines.txt")
    with pytest.raises(RowsError) as caught:
        connect("warehouse", settings)
    said = words(caught)
    assert said.startswith("The connection `warehouse` ")
    assert says in said


@pytest.mark.parametrize(("backend", "module"), [("postgres", "psycopg"), ("pyspark", "pyspark")])
def test_a_driver_that_is_not_installed_is_named_by_its_list(
    backend: str, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for known in [name for name in sys.modules if name.split(".")[0] in {module, "ibis"}]:
        if known.startswith((module, f"ibis.backends.{backend}")):
            monkeypatch.delitem(sys.modules, known)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(RowsError, match=r"not installed here. Install requirements-engines.txt"):
        connect("warehouse", {"backend": backend})


def test_settings_may_come_as_a_reader_of_toml_wraps_them(database: Path) -> None:
    from streamlit.runtime.secrets import AttrDict

    wrapped = AttrDict({"backend": "duckdb", "database": str(database), "config": {}})
    settings = {key: value for key, value in wrapped.items() if key != "config"}
    assert "scored" in tables(connect("warehouse", settings))


def test_a_name_cannot_bring_markup_into_a_refusal() -> None:
    with pytest.raises(RowsError) as caught:
        connect("`![x](http://a)`\n" + "y" * 99, {})
    assert "`'![x](http://a)' yyy" in words(caught)


def test_other_errors_are_nobodys_to_hide() -> None:
    with pytest.raises(KeyError), spoken("The connection"):
        raise KeyError("ours")
    with pytest.raises(KeyboardInterrupt), spoken("The connection"):
        raise KeyboardInterrupt


def test_a_full_disk_is_said() -> None:
    with pytest.raises(RowsError, match="ran out of disk space"), spoken("The count"):
        raise OSError(28, "No space left on device")


def test_a_step_that_takes_long_can_be_stopped_from_outside() -> None:
    backend = connect("scratch", {"backend": "duckdb"})
    backend.con.execute("CREATE VIEW many AS FROM range(1000000000000) r(i)")
    slow = open_table_of(backend, "many").i.sum()
    timer = threading.Timer(0.5, interrupt, [backend])
    timer.start()
    with pytest.raises(RowsError, match="was stopped before it was done"), spoken("The count"):
        slow.to_pyarrow()
    timer.join()
