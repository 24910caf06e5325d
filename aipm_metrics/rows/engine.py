"""A DuckDB connection that may read one file and do nothing else, and its failures in words.

The engine's own messages quote local paths and rows of the file; they never leave this module.
"""

import glob
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb
import ibis
from ibis.backends.duckdb import Backend

from aipm_metrics.errors import RowsError

__all__ = ["literal", "opened", "shut_in"]

_SETTINGS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "1GB",
    "temp_directory": "",  # nothing of the file is spilled to disk
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,  # SQL must not see Python variables
}

MAX_SECONDS = 120.0  # of work on one file, once opened
_BAD_LINE = re.compile(r"CSV Error on Line: (\d+)")
_WIDTHS = re.compile(r"Expected Number of Columns: (\d+) Found: (\d+)")


@contextmanager
def opened(path: Path, kind: str) -> Iterator[Backend]:
    """Lend an in-memory engine that can read `path` only; close it afterwards.

    Parameters
    ----------
    path
        The one file that may be read.
    kind : {"csv", "parquet"}
        What a refusal says the file is.

    Raises
    ------
    RowsError
        Instead of every error of the engine.
    """
    backend = shut_in([path], threads=2)
    done = threading.Event()
    threading.Thread(target=_stop_late, args=(backend, done), daemon=True).start()
    try:
        yield backend
    except duckdb.Error as error:
        raise RowsError(_in_words(error, kind)) from None
    finally:
        done.set()
        backend.disconnect()


def _stop_late(backend: Backend, done: threading.Event) -> None:
    """Interrupt what goes on for too long, again and again: between two questions it is lost.

    A small file can hold work for hours: one long text, named ten million times.
    """
    if not done.wait(MAX_SECONDS):
        while not done.wait(0.05):
            backend.con.interrupt()


def shut_in(paths: Sequence[Path], **settings: str | int) -> Backend:
    """Make an in-memory engine that can read `paths`, and do nothing else.

    Parameters
    ----------
    paths
        Files, resolved.
    **settings
        Of DuckDB, beside ours.
    """
    connection = duckdb.connect(":memory:", config={**_SETTINGS, **settings})
    backend = ibis.duckdb.from_connection(connection)  # has a setting of its own: before the lock
    backend.settings["enable_progress_bar"] = False  # it is printed, where nobody reads it
    allowed = [spelt for path in paths for spelt in (str(path), literal(path))]
    connection.execute("SET allowed_paths = ?", [allowed])
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")
    return backend


def literal(path: Path) -> str:
    """Write a path so that the engine, which expands patterns, takes it for itself only.

    Examples
    --------
    >>> literal(Path("every*.csv"))
    'every[*].csv'
    """
    return glob.escape(str(path))


def _in_words(error: duckdb.Error, kind: str) -> str:
    """Say what a person can do about an error of the engine, without quoting it."""
    if isinstance(error, duckdb.InterruptException):
        return (
            f"Reading was stopped; it may take {MAX_SECONDS:g} seconds. "
            "Keep only the score and label columns, or a random sample of the rows."
        )
    if isinstance(error, duckdb.OutOfMemoryException):
        return (
            "The file needs more memory than reading may use. "
            "Keep only the score and label columns, or a random sample of the rows."
        )
    if kind == "parquet":
        return (
            "The file is damaged: it starts and ends like Parquet but cannot be read. "
            "Write or download it again."
        )
    return _line_in_words(str(error))


def _line_in_words(text: str) -> str:
    """Say which line of a CSV file the engine stopped at, and why."""
    line, widths = _BAD_LINE.search(text), _WIDTHS.search(text)
    if line is None:
        return (
            "The file is not regular CSV; it may mix two kinds of line ending or of quotes. "
            "Open it in a spreadsheet and save it again as CSV (UTF-8)."
        )
    where = f"Line {int(line[1]):,}"
    if widths is not None:
        return (
            f"{where} has {widths[2]} fields where the header has {widths[1]}. "
            "Mend that line (a text that holds the delimiter must stand in double quotes)."
        )
    if "unterminated quote" in text:
        return f'{where} has a double quote (") that is not closed. Close or remove it.'
    return f"{where} cannot be read as CSV. Mend or remove that line."
