"""Open rows from a script or a notebook: a file, many files, or a table of PostgreSQL.

Whoever calls this is trusted with what they name. A dashboard goes through
`aipm_metrics.rows.folder` and `aipm_metrics.rows.connections`, which trust nobody.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

import ibis

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.connections import connect, open_table_of
from aipm_metrics.rows.engine import literal, shut_in
from aipm_metrics.rows.failures import spoken
from aipm_metrics.rows.file_kind import is_parquet
from aipm_metrics.rows.folder import inside
from aipm_metrics.rows.source import MISSING
from aipm_metrics.rows.wording import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ibis.backends.duckdb import Backend

__all__ = ["open_folder", "open_rows"]

_POSTGRES = ("postgres", "postgresql")
_WRITE = (
    "Give a path, a pattern, or postgres://user@host/database/[schema/]table, with "
    "percent signs for / : @ ? # in names and passwords (%2F for /)."
)


def open_rows(ref: str | Path) -> ibis.Table:
    """Open rows for counting; none is read yet.

    Parameters
    ----------
    ref
        A Parquet or CSV file, a folder of Parquet files, a pattern such as
        ``scores/2026-*.parquet``, or ``postgres://user@host/database/[schema/]table`` (the password
        from ``PGPASSWORD`` or ``~/.pgpass``; ``?sslmode=require`` and the like are passed on).

    Returns
    -------
    ibis.Table
        On DuckDB for files, on PostgreSQL for its tables.

    Raises
    ------
    RowsError
        When there is nothing of that name, or it cannot be read.

    Examples
    --------
    >>> from aipm_metrics.rows.sample import sample_path
    >>> open_rows(sample_path()).columns
    ('post_id', 'score', 'label', 'language')
    """
    if isinstance(ref, str) and "://" in ref:
        return _from_postgres(ref)
    paths = _paths(Path(ref).expanduser())
    with spoken(f"{shown(Path(ref).name)}"):
        if all(is_parquet(path) for path in paths):
            return _parquet(ibis.duckdb.connect(), paths)
        literals = [literal(path) for path in paths]
        return ibis.duckdb.connect().read_csv(literals, nullstr=list(MISSING))


def open_folder(root: Path, ref: str) -> ibis.Table:
    """Open Parquet files below the folder that the configuration names.

    Parameters
    ----------
    root, ref
        As for `aipm_metrics.rows.folder.inside`, which decides what `ref` may be.

    Returns
    -------
    ibis.Table
        On a DuckDB that can read these files, and do nothing else.

    Raises
    ------
    RowsError
        When `ref` names nothing, or nothing that may or can be read.
    """
    paths = inside(root, ref)
    with spoken(f"{shown(ref)}"):
        return _parquet(shut_in(paths), paths)


def _parquet(backend: Backend, paths: Sequence[Path]) -> ibis.Table:
    return backend.read_parquet([literal(path) for path in paths], hive_partitioning=False)


def _paths(path: Path) -> tuple[Path, ...]:
    """Files that a path, a folder or a pattern names."""
    if path.is_dir():
        found = sorted(path.rglob("*.parquet"))
    elif path.exists():
        found = [path]
    else:
        found = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
    if not found:
        raise RowsError(f"There is no file {shown(str(path))}.")
    return tuple(one.resolve() for one in found if one.is_file())


def _from_postgres(ref: str) -> ibis.Table:
    """``postgres://user:password@host:port/database/[schema/]table?option=value``.

    Whatever part a password was cut into by a sign of its own, no refusal quotes it.
    """
    try:
        url = urlsplit(ref)
        port = url.port
    except ValueError:
        raise RowsError(f"The address cannot be read. {_WRITE}") from None
    if url.scheme not in _POSTGRES:
        raise RowsError(f"Addresses of this kind are not known here. {_WRITE}")
    parts = [unquote(part) for part in url.path.split("/") if part]
    if len(parts) not in {2, 3} or "@" in url.path or url.fragment:
        raise RowsError(f"The address does not name a database and a table. {_WRITE}")
    given = {
        "host": url.hostname, "port": port, "schema": parts[1] if len(parts) == 3 else None,
        "user": unquote(url.username or "") or None, "database": parts[0],
        "password": unquote(url.password or "") or None, **dict(parse_qsl(url.query)),
    }  # fmt: skip
    settings = {key: value for key, value in given.items() if value is not None}
    backend = connect("of the address", {"backend": "postgres", **settings})
    try:
        return open_table_of(backend, parts[-1])
    except RowsError:
        backend.disconnect()
        raise
