"""Somebody's file on disk, for as long as it is read and no longer."""

from __future__ import annotations

import errno
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from aipm_metrics.errors import RowsError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["laid_down"]

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
    try:
        folder = tempfile.TemporaryDirectory(prefix="aipm-rows-", dir=place)
    except OSError as error:
        raise RowsError(_in_words(error)) from None
    with folder as name:
        path = Path(name, "upload")
        try:
            path.write_bytes(content)
        except OSError as error:
            raise RowsError(_in_words(error)) from None
        yield path


def _in_words(error: OSError) -> str:
    why = "is full" if error.errno in _FULL else "cannot be written to"
    return (
        f"The server's disk {why}, so the file cannot be laid down to be read. Nothing of it was "
        "kept. Try a smaller file, or later."
    )
