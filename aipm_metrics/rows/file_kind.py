"""What a file is, told from its content and never from its name."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.wording import listed, megabytes

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["file_kind", "is_parquet"]

_OTHER_FILES = {
    b"PK\x03\x04": "an Excel workbook or a zip archive",
    b"PK\x05\x06": "an empty zip archive",
    b"PK\x07\x08": "a part of a zip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"ARROW1": "an Arrow file",
    b"SQLite format 3": "a SQLite database",
    b"PARE": "an encrypted Parquet file",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
}


def file_kind(path: Path, max_bytes: int) -> str:
    """Recognise a file by its size and its first and last bytes.

    Parameters
    ----------
    path
    max_bytes
        Largest file that is read, in bytes.

    Returns
    -------
    str
        "parquet", or "csv" for whatever may still turn out to be one.

    Raises
    ------
    RowsError
        When the file is missing, empty, too large, cut off, or plainly something else.
    """
    if not path.is_file():
        raise RowsError(f"There is no file {listed([path.name])}. Choose it again.")
    size = path.stat().st_size
    if size > max_bytes:
        raise RowsError(
            f"The file is {megabytes(size)}; at most {megabytes(max_bytes)} can be read. Keep only "
            "the score and label columns, save it as Parquet, or take a random sample of the rows."
        )
    if not size:
        raise RowsError("The file is empty. Choose a file with a header and rows.")
    with path.open("rb") as file:
        head = file.read(16)
        file.seek(-min(4, size), 2)
        tail = file.read(4)
    for magic, what in _OTHER_FILES.items():
        if head.startswith(magic):
            raise RowsError(
                f"The file looks like {what}; only CSV and Parquet are read. "
                "Export the table as CSV (UTF-8)."
            )
    if head[:4] == b"PAR1" and (tail != b"PAR1" or size < 12):  # 12: both marks and a length
        raise RowsError(
            "The file starts like Parquet but its end is missing, so it was cut off on the way. "
            "Write or download it again."
        )
    return "parquet" if head[:4] == b"PAR1" else "csv"


def is_parquet(path: Path) -> bool:
    """Tell whether a file starts and ends as Parquet does.

    Raises
    ------
    OSError
        When it cannot be read.
    """
    if path.stat().st_size < 12:  # both marks and a length
        return False
    with path.open("rb") as file:
        head = file.read(4)
        file.seek(-4, os.SEEK_END)
        return head == file.read(4) == b"PAR1"
