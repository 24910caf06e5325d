"""An engine's failures in words.

Engines quote addresses, users, paths and rows in their messages. Where a person could read it, a
sentence of ours stands instead, and the engine's own is not even its cause.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from aipm_metrics.errors import RowsError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["spoken"]

# By name: psycopg and pyspark are there only where somebody has use for them.
_ENGINES = {"duckdb", "_duckdb", "psycopg", "pyspark", "py4j", "ibis", "sqlglot", "pyarrow", "grpc"}
_FULL = ("no space left", "disk full", "could not write", "temp_directory", "max_temp_directory")
_CLOSED = (
    "does not answer, or not to this user. Ask whoever keeps this dashboard to check its address "
    "and password."
)
_MEMORY = "needs more memory than it may use. Take fewer columns, or a sample of the rows."
_STOPPED = "was stopped before it was done."
# Part of an error's class name.
_KINDS = {
    "OutOfMemory": _MEMORY, "MemoryError": _MEMORY, "QueryCanceled": _STOPPED,
    "Interrupt": _STOPPED, "Operational": _CLOSED, "Connection": _CLOSED,
}  # fmt: skip


@contextmanager
def spoken(what: str) -> Iterator[None]:
    """Turn an engine's error into a refusal; let every other error pass.

    Parameters
    ----------
    what
        Who failed, as the sentence's subject, such as "The connection `warehouse`".

    Raises
    ------
    RowsError
        Instead of any error of DuckDB, PostgreSQL, Spark, Ibis, or the operating system.

    Examples
    --------
    >>> with spoken("The connection `warehouse`"):
    ...     raise ConnectionError("password=secret host=10.0.0.7")
    Traceback (most recent call last):
    aipm_metrics.errors.RowsError: The connection `warehouse` does not answer, or not to this ...
    """
    try:
        yield
    except RowsError:
        raise
    except Exception as error:
        why = _in_words(error)
        if why is None:
            raise
        raise RowsError(f"{what} {why}") from None


def _in_words(error: Exception) -> str | None:
    """Say what a person can do; None where the error is no engine's."""
    kind, said = type(error), str(error).lower()
    known = isinstance(error, ImportError | MemoryError | OSError)
    if not known and kind.__module__.partition(".")[0] not in _ENGINES:
        return None
    if isinstance(error, ImportError):
        return "needs a library that is not installed here. Install requirements-engines.txt."
    if any(words in said for words in _FULL):
        return "ran out of disk space. Free some, or take a sample of the rows."
    told = (words for name, words in _KINDS.items() if name in kind.__name__)
    return next(told, "could not do what was asked. Ask whoever keeps this dashboard.")
