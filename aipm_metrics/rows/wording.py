"""How names and values from a user's file are quoted inside a refusal."""

import re
import unicodedata
from collections.abc import Sequence

__all__ = ["inert", "listed", "megabytes", "shown"]

LONGEST = 40  # characters of one quoted name or value
_FORMULA = ("=", "+", "-", "@", "\N{MINUS SIGN}")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


def shown(text: str) -> str:
    r"""Quote text from a file so that it stays one short, inert piece of a sentence.

    Line breaks and control characters become spaces, a backtick becomes an apostrophe, and
    what is longer than 40 characters is cut.

    Examples
    --------
    >>> shown("x`y\nz")
    "`x'y z`"
    """
    plain = "".join(sign if sign.isprintable() else " " for sign in text).replace("`", "'")
    return f"`{plain if len(plain) <= LONGEST else plain[: LONGEST - 1] + '…'}`"


def inert(text: str) -> str:
    """Write text from a file into a CSV cell so that no spreadsheet takes it for a formula.

    What begins as a formula does (``= + - @``, also in their wide forms, or a blank before one)
    gets an apostrophe in front, by which spreadsheets know text; a number stays one.

    Examples
    --------
    >>> inert("=1+1"), inert("@SUM(A1)"), inert("-0.5"), inert("en")
    ("'=1+1", "'@SUM(A1)", '-0.5', 'en')
    """
    bare = unicodedata.normalize("NFKC", text).lstrip()
    if not bare.startswith(_FORMULA) and not text.startswith(("\t", "\r", "\n")):
        return text
    return text if _NUMBER.fullmatch(text) else f"'{text}"


def listed(texts: Sequence[str], most: int = 5) -> str:
    """Quote the first few of several names or values.

    Examples
    --------
    >>> listed(["a", "b", "c"], most=2)
    '`a`, `b` and 1 more'
    """
    first = ", ".join(shown(text) for text in texts[:most])
    rest = len(texts) - most
    return f"{first} and {rest:,} more" if rest > 0 else first


def megabytes(n_bytes: int) -> str:
    """Write a size in MB (2**20 bytes), rounded up so that it never looks smaller than it is.

    Examples
    --------
    >>> megabytes(200 * 1024 * 1024), megabytes(100 * 1024 * 1024 + 1)
    ('200 MB', '100.1 MB')
    """
    tenths = -(-n_bytes * 10 // 2**20)
    return f"{tenths / 10:,.1f}".removesuffix(".0") + " MB"
