"""Somebody's file on disk, for as long as it is read and no longer."""

from __future__ import annotations

import errno
import shutil
import tempfile
import time
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from aipm_metrics.errors import RowsError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["laid_down", "sweep"]

_PREFIX = "aipm-rows-"
_OLD = 86_400.0  # seconds; a file is read for some minutes at most

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}  # of the disk, of one user's share, of one file


@contextmanager
def laid_down(content: bytes | memoryview, place: Path | None = None) -> Iterator[Path]:
    """Lay a file's bytes down in a folder of their own, and take all of it away afterwards.

    Parameters
    ----------
    content
        The file's bytes.
    place
        Where the folder is made; by default where the system keeps what is temporary.

    Yields
    ------
    Path
        The file; it is gone once the block ends, however it ends.

    Raises
    ------
    RowsError
        When the disk is full or cannot be written to.

    Examples
    --------
    >>> with laid_down(b"score,label") as path:
    ...     path.read_text()
    'score,label'
    >>> path.exists(), path.parent.exists()
    (False, False)
    """
    if place is None:
        _swept()
    try:
        folder = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=place)
    except OSError as error:
        raise RowsError(_in_words(error)) from None
    with folder as name:
        path = Path(name, "upload")
        try:
            path.write_bytes(content)
        except OSError as error:
            raise RowsError(_in_words(error)) from None
        yield path


def sweep(place: Path) -> None:
    """Remove folders of ours, older than a day, that a process left when it was killed.

    Parameters
    ----------
    place
        Where the system keeps what is temporary.
    """
    for folder in place.glob(f"{_PREFIX}*"):
        with suppress(OSError):  # somebody else's, or removed meanwhile
            if time.time() - folder.lstat().st_mtime > _OLD:
                shutil.rmtree(folder)


@cache
def _swept() -> None:
    """Sweep once in the life of a process."""
    sweep(Path(tempfile.gettempdir()))


def _in_words(error: OSError) -> str:
    why = "is full" if error.errno in _FULL else "cannot be written to"
    return (
        f"The server's disk {why}, so the file cannot be laid down to be read. Nothing of it was "
        "kept. Try a smaller file, or later."
    )
