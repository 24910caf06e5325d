"""What can be told about a CSV file before an engine reads it: encoding, delimiter, header."""

from __future__ import annotations

import codecs
import csv
import io
from itertools import islice
from typing import TYPE_CHECKING

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.wording import shown

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["DELIMITERS", "check_text", "read_header"]

DELIMITERS = (",", ";", "\t")

_START = 2**17  # bytes looked at for the header; also the longest field Python's csv allows
_SAMPLE = 20  # lines that must agree on the number of fields
_SAVE_UTF8 = 'Save it as "CSV UTF-8" and try again.'


def check_text(path: Path) -> bool:
    """Refuse a text that is not UTF-8 from its first to its last byte.

    Returns
    -------
    bool
        Whether its double quotes can be paired, that is, whether their number is even.

    Raises
    ------
    RowsError
        Naming the line of the first byte that is not UTF-8.
    """
    decoder, line, quotes = codecs.getincrementaldecoder("utf-8")(), 1, 0
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            raise RowsError(f"The file is encoded as UTF-16; only UTF-8 is read. {_SAVE_UTF8}")
        file.seek(0)
        while chunk := file.read(2**20):
            if b"\0" in chunk:
                raise RowsError(
                    "The file holds zero bytes, so it is neither CSV in UTF-8 nor Parquet. "
                    f"If it is a table: {_SAVE_UTF8[0].lower()}{_SAVE_UTF8[1:]}"
                )
            line = _decoded(decoder, chunk, line)
            quotes += chunk.count(b'"')
    _decoded(decoder, b"", line, final=True)
    return quotes % 2 == 0


def _decoded(
    decoder: codecs.IncrementalDecoder, chunk: bytes, line: int, *, final: bool = False
) -> int:
    """Decode a chunk that starts on `line`; return the line it ends on."""
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        line += error.object.count(b"\n", 0, error.start)
        raise RowsError(
            f"Line {line:,} is not UTF-8; the file may be in an older encoding such as Latin-1 "
            f"or Windows-1252. {_SAVE_UTF8}"
        ) from None
    return line + chunk.count(b"\n")


def read_header(path: Path) -> tuple[str, tuple[str, ...]]:
    """Find the delimiter and the column names on the first line.

    The delimiter is the one of comma, semicolon and tab under which most of the first lines
    have as many fields as the header; then the one with more fields.

    Returns
    -------
    delimiter : str
    names : tuple of str
        Without surrounding spaces; a column without a name is called "column 3" by its place.

    Raises
    ------
    RowsError
        When the first line is blank, has one field, holds numbers only, or does not end where
        the names do.
    """
    with path.open("rb") as file:
        text = file.read(_START).decode("utf-8-sig", errors="ignore")
    if text.lstrip()[:1] in {"{", "[", "<"}:
        raise RowsError(
            "The file looks like JSON or a web page, not CSV or Parquet. Export the table as CSV."
        )
    if not text.strip():
        raise RowsError("The file holds only blank lines. Choose a file with a header and rows.")
    if text[0] in "\r\n":
        raise RowsError("The first line is blank; it must hold the column names. Remove it.")
    fields = {mark: _first_lines(text, mark) for mark in DELIMITERS}
    delimiter = max(DELIMITERS, key=lambda mark: _agreement(fields[mark]))
    header = [name.strip() for name in fields[delimiter][0]]
    _check_header(header)
    return delimiter, tuple(name or f"column {i}" for i, name in enumerate(header, 1))


def _first_lines(text: str, delimiter: str) -> list[list[str]]:
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        return [line for line in islice(lines, _SAMPLE) if line]
    except csv.Error:
        raise RowsError(
            "The first lines are not regular CSV. "
            "Open the file in a spreadsheet and save it again as CSV (UTF-8)."
        ) from None


def _agreement(lines: list[list[str]]) -> tuple[bool, float, int]:
    width = len(lines[0])
    return width > 1, sum(len(line) == width for line in lines) / len(lines), width


def _check_header(names: list[str]) -> None:
    if len(names) == 1:
        raise RowsError(
            f"The file has one column, {shown(names[0])}; a score and a label column are needed, "
            "with comma, semicolon or tab between them."
        )
    broken = [name for name in names if "\n" in name or "\r" in name]
    if broken:  # the engine would take the first line break, quoted or not, for that of the rows
        raise RowsError(
            f"A column name holds a line break or an unclosed double quote: {shown(broken[0])}. "
            "Write all names on the first line."
        )
    if all(_is_number(name) for name in names):
        raise RowsError(
            f"The first line must hold column names, but it holds numbers ({shown(names[0])}, "
            "...). Add a line such as `score,label` at the top."
        )


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", "."))
    except ValueError:
        return False
    return True
