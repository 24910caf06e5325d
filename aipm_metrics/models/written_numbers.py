"""A number as somebody wrote it, and the interval that its last digit stands for.

"91 %" means anything from 90.5 % to 91.5 %, and "2.0 million" anything from 1.95 to 2.05 million:
half a unit in the last written digit. A count written out, "4,800", is meant to the last one.
Nothing is random.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

from aipm_metrics.errors import MetricsError

__all__ = ["COUNTED", "NOT_KNOWN", "SHARED", "half_unit", "read_number", "write_number"]

NOT_KNOWN: Final = "not known"
EXACT: Final = "exact"
LAST: Final = "to the last one"
COUNTED: Final = (NOT_KNOWN, "to 1 digit", "to 2 digits", "to 3 digits", LAST)
DECIMALS: Final = {"to 10 %": 1, "to 1 %": 2, "to 0.1 %": 3, "to 0.01 %": 4, "to 0.001 %": 5}
SHARED: Final = (NOT_KNOWN, *DECIMALS, EXACT)

WRITTEN = re.compile(
    r"(?P<about>about|~)?\s*(?P<digits>\d[\d,]*(?:\.\d*)?|\.\d+)\s*"
    r"(?P<size>%|k|m|bn|thousand|million|billion)?\s*"
    r"(?P<rounding>exact(?:ly)?|to 0?\.?\d+ ?%|to [123] digits?|to the last one)?",
    re.ASCII | re.IGNORECASE,
)
SIZES = {
    "": 0, "%": -2, "k": 3, "thousand": 3, "m": 6, "million": 6, "bn": 9, "billion": 9,
}  # fmt: skip
PERCENT = 2
MOST_DIGITS = 40
HAIR = Fraction(1, 10**9)  # relative: what an exact share loses on its way through floats


def half_unit(value: float, rounding: str) -> Fraction:
    """Half a unit in the last written digit, in the number's own unit.

    Parameters
    ----------
    value
        The number: a count of cases, or a share from 0 to 1.
    rounding
        One of `COUNTED` or `SHARED`, other than "not known".

    Examples
    --------
    >>> half_unit(0.91, "to 1 %"), half_unit(2e6, "to 2 digits"), half_unit(4800, "to the last one")
    (Fraction(1, 200), Fraction(50000, 1), Fraction(1, 2))
    """
    if rounding == EXACT:
        exact = Fraction(repr(float(value)))
        return exact * (1 - exact) * HAIR  # nothing at 0 and at 1, which are nothing and all
    if rounding == LAST:
        return Fraction(1, 2)
    if rounding in DECIMALS:
        return Fraction(1, 2 * 10 ** DECIMALS[rounding])
    digits = int(rounding.split()[1])
    return Fraction(10) ** (Decimal(repr(float(value))).adjusted() + 1 - digits) / 2


def read_number(text: str, *, ratio: bool) -> tuple[float, str]:
    """Read what somebody wrote: the number, and how far its digits go.

    Parameters
    ----------
    text
        "91 %", "0.910", "4,800", "2.0 million", "about 5,000"; nothing where it is not known.
        After the number may stand how it is meant: "exact", "to 0.1 %", "to 2 digits".
    ratio
        Whether a share is meant; without a % sign, anything above 1 is percent.

    Returns
    -------
    value, rounding
        `rounding` is one of `SHARED` for a share, of `COUNTED` for a count.

    Raises
    ------
    MetricsError
        When it is no such number.

    Examples
    --------
    >>> read_number("91 %", ratio=True), read_number("0.910", ratio=True)
    ((0.91, 'to 1 %'), (0.91, 'to 0.1 %'))
    >>> read_number("4,800", ratio=False), read_number("2 million", ratio=False)
    ((4800.0, 'to the last one'), (2000000.0, 'to 1 digit'))
    """
    if not text.strip():
        return 0.0, NOT_KNOWN
    found = WRITTEN.fullmatch(text.strip()) if len(text) <= MOST_DIGITS else None
    if found is None or (found["size"] == "%" and not ratio):
        kind = 'a share such as "91 %"' if ratio else 'a count such as "4,800" or "2.0 million"'
        raise MetricsError(f"must be {kind}, or empty where it is not known")
    digits = Decimal(found["digits"].replace(",", ""))
    power = SIZES[(found["size"] or "").lower()]
    if ratio and power >= 0 and digits > 1:
        power -= PERCENT
    value = digits.scaleb(power)
    if ratio and value > 1:
        raise MetricsError("must be a share from 0 % to 100 %")
    rounding = _meant(found, digits, power, ratio=ratio)
    if rounding not in (SHARED if ratio else COUNTED):
        raise MetricsError(f'cannot be meant "{found["rounding"]}"')
    return float(value), rounding


def _meant(found: re.Match[str], digits: Decimal, power: int, *, ratio: bool) -> str:
    """How far the digits go: as said, or as written."""
    if said := (found["rounding"] or "").lower():
        said = said.replace("exactly", EXACT).replace("to .", "to 0.")
        return re.sub(r"(?<=\d)%", " %", said)
    places = -int(digits.as_tuple().exponent) - power
    if ratio:
        by_places = {n: name for name, n in DECIMALS.items()}
        return by_places.get(max(places, 1), EXACT)
    written = len(digits.as_tuple().digits)
    if found["about"]:
        written = len(digits.normalize().as_tuple().digits)
    elif places >= 0:
        return LAST
    return f"to {written} digit{'s' if written > 1 else ''}" if written < len(COUNTED) - 1 else LAST


def write_number(value: float, rounding: str, *, ratio: bool, percent: bool = True) -> str:
    """Write a number so that `read_number` reads it back; nothing where it is not known.

    Parameters
    ----------
    value, rounding
        As `read_number` returns them.
    ratio, percent
        Whether it is a share, and whether shares are said in percent: F1 seldom is.

    Examples
    --------
    >>> write_number(0.91, "to 1 %", ratio=True), write_number(0.8, "exact", ratio=True)
    ('91 %', '80 % exact')
    >>> write_number(0.8, "to 1 %", ratio=True, percent=False)
    '0.80'
    >>> [write_number(n, "to 2 digits", ratio=False) for n in (2e6, 4800)]
    ['2.0 million', '4.8 thousand']
    """
    if rounding == NOT_KNOWN:
        return ""
    exact = Decimal(repr(float(value)))
    if not ratio:
        texts = [_in_words(exact, rounding), f"{exact.normalize():,f}"]
    elif percent:
        texts = [_share(exact.scaleb(PERCENT), DECIMALS.get(rounding, 0) - PERCENT) + " %"]
    else:
        texts = [_share(exact, DECIMALS.get(rounding, 1))]
    for text in texts:
        if _means(text, value, rounding, ratio=ratio):
            return text
    return f"{texts[-1]} {rounding}"


def _means(text: str, value: float, rounding: str, *, ratio: bool) -> bool:
    """Whether a text is read as this number, known so far."""
    try:
        return read_number(text, ratio=ratio) == (float(value), rounding)
    except MetricsError:
        return False


def _share(value: Decimal, places: int) -> str:
    """Write so many decimals, or all there are where that would round."""
    rounded = round(value, max(places, 0))
    return f"{rounded if rounded == value else value.normalize():f}"


def _in_words(value: Decimal, rounding: str) -> str:
    """Write a count with its rounded zeros as a word of size; nothing where there is none."""
    if rounding != LAST:
        digits = int(rounding.split()[1])
        for power, word in ((9, "billion"), (6, "million"), (3, "thousand")):
            places = digits - 1 - (value.adjusted() - power)
            if 0 <= places < digits:
                return f"{value.scaleb(-power):.{places}f} {word}"
    return ""
