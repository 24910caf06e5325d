"""Read spoken numbers back: $354k, 2 million, 2.3 %, 1 in 250, 9,300."""

from __future__ import annotations

import re

SIZES = {
    "k": 1e3, "m": 1e6, "bn": 1e9, "tn": 1e12, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "%": 1e-2,
}  # fmt: skip
NUMBER = re.compile(
    r"(?P<sign>(?<![\w.])-)?(?P<usd>\$)?"
    r"(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:(?P<letter>k|m|bn|tn)\b|\xa0(?P<word>million|billion|trillion|%))?"
)


def numbers(text: str) -> list[float]:
    """Every number in a text, in order, as plain floats; F1 is a name."""
    return [_value(found) for found in NUMBER.finditer(text.replace("F1", ""))]


def dollars(text: str) -> list[float]:
    """Every amount of money in a text."""
    return [_value(found) for found in NUMBER.finditer(text) if found["usd"]]


def number(text: str) -> float:
    """Read a text that is one number and nothing else."""
    found = NUMBER.fullmatch(text)
    assert found, f"not a number as a person says it: {text!r}"
    return _value(found)


def _value(found: re.Match[str]) -> float:
    size = SIZES.get(found["letter"] or found["word"] or "", 1.0)
    return (-1 if found["sign"] else 1) * float(found["digits"].replace(",", "")) * size
