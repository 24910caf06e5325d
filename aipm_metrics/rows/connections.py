"""Tables of a database that the configuration names: DuckDB, PostgreSQL or Spark.

A page or a link gives two names, of a connection and of one of its tables. It can give neither a
statement nor an address: what it calls a table is looked up among the tables there are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import ibis

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.failures import spoken
from aipm_metrics.rows.wording import listed, shown

if TYPE_CHECKING:
    from ibis.backends import BaseBackend

__all__ = ["BACKENDS", "connect", "interrupt", "open_table_of", "tables"]

BACKENDS = ("duckdb", "postgres", "pyspark")
MAX_TABLES = 1_000  # that are listed
_READ_ONLY = "-c default_transaction_read_only=on"


def connect(name: str, settings: Mapping[str, object]) -> BaseBackend:
    """Connect to what the configuration calls `name`.

    Parameters
    ----------
    name
        Only what a refusal calls it.
    settings
        `backend` is "duckdb", "postgres" or "pyspark"; the rest goes to ``ibis.<backend>.connect``
        (for Spark: ``spark.*`` options of the session, and `remote` for Spark Connect). DuckDB and
        PostgreSQL are opened for reading only unless the settings say otherwise, and DuckDB
        without access to files or the network beyond its own database.

    Raises
    ------
    RowsError
        A sentence without address, user or password.

    Examples
    --------
    >>> tables(connect("scratch", {"backend": "duckdb"}))
    ()
    >>> connect("scratch", {"backend": "sqlite"})
    Traceback (most recent call last):
    aipm_metrics.errors.RowsError: The connection `scratch` names no known backend: one of ...
    """
    given = {key: _plain(value) for key, value in settings.items()}
    backend = given.pop("backend", None)
    if backend not in BACKENDS:
        raise RowsError(
            f"The connection {shown(name)} names no known backend: one of {listed(BACKENDS)}. "
            "Ask whoever keeps this dashboard."
        )
    with spoken(f"The connection {shown(name)}"):
        try:
            return _OPENERS[str(backend)](given)
        except (TypeError, ValueError):  # a setting that the engine does not have
            raise RowsError(
                f"The connection {shown(name)} has a setting that {backend} does not know. "
                "Ask whoever keeps this dashboard."
            ) from None


def tables(backend: BaseBackend) -> tuple[str, ...]:
    """List a connection's tables and views, by name; at most 1,000.

    Raises
    ------
    RowsError
        When the engine does not answer.
    """
    return _all(backend)[:MAX_TABLES]


def open_table_of(backend: BaseBackend, table_name: str) -> ibis.Table:
    """Open one of a connection's tables.

    Parameters
    ----------
    backend
        From `connect`.
    table_name
        Exactly as `tables` lists it.

    Raises
    ------
    RowsError
        When there is no such table; a statement such as ``read_csv('...')`` is none.

    Examples
    --------
    >>> open_table_of(connect("scratch", {"backend": "duckdb"}), "read_csv('/etc/passwd')")
    Traceback (most recent call last):
    aipm_metrics.errors.RowsError: The connection has no table `read_csv('/etc/passwd')`. It ...
    """
    known = _all(backend)  # also those too many to be listed
    if table_name not in known:
        there = f"It has {listed(known, 10)}." if known else "It has none at all."
        raise RowsError(f"The connection has no table {shown(table_name)}. {there}")
    with spoken(f"The table {shown(table_name)}"):
        return backend.table(table_name)


def interrupt(backend: BaseBackend) -> None:
    """Stop what the engine is doing for this connection, from another thread.

    Whoever waits for it meets a refusal. Spark is let finish its step: its session is shared.
    """
    if backend.name == "duckdb":
        backend.con.interrupt()
    elif backend.name == "postgres":
        backend.con.cancel_safe()


def _all(backend: BaseBackend) -> tuple[str, ...]:
    with spoken("The connection"):
        return tuple(sorted(_names(backend)))


def _names(backend: BaseBackend) -> list[str]:
    if backend.name != "duckdb":
        return list(backend.list_tables())
    # Ibis 12 asks DuckDB 2 for a method that it no longer has, so the catalogue is a table here.
    known = backend.table("tables", database="information_schema")
    mine = known.filter(
        known.table_schema == backend.current_database,
        known.table_catalog == backend.current_catalog,
    )
    return mine.table_name.to_pyarrow().to_pylist()  # type: ignore[no-any-return]


def _plain(value: object) -> Any:
    """Undo what a configuration reader wraps its tables and lists in."""
    if isinstance(value, Mapping):
        return {key: _plain(below) for key, below in value.items()}
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else value


def _duckdb(settings: dict[str, Any]) -> BaseBackend:
    in_memory = settings.get("database", ":memory:") == ":memory:"
    shut = {
        "read_only": not in_memory,
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
    }
    backend: BaseBackend = ibis.duckdb.connect(**{**shut, **settings})
    backend.settings["enable_progress_bar"] = False  # it is printed, where nobody reads it
    return backend


def _postgres(settings: dict[str, Any]) -> BaseBackend:
    backend: BaseBackend = ibis.postgres.connect(**{"options": _READ_ONLY, **settings})
    return backend


def _pyspark(settings: dict[str, Any]) -> BaseBackend:
    """Options such as the master count only before a session is there, so it is built here."""
    from pyspark.sql import SparkSession

    builder = SparkSession.builder
    if remote := settings.pop("remote", None):
        builder = builder.remote(remote)
    of_session = {key: value for key, value in settings.items() if key.startswith("spark.")}
    for key, value in of_session.items():
        builder = builder.config(key, value)
    others = {key: value for key, value in settings.items() if key not in of_session}
    backend: BaseBackend = ibis.pyspark.connect(builder.getOrCreate(), **others)
    # The session is everybody's: whoever has done with a connection must leave it running.
    backend.disconnect = lambda: None
    return backend


_OPENERS = {"duckdb": _duckdb, "postgres": _postgres, "pyspark": _pyspark}
