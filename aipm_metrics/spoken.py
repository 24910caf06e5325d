"""Numbers as a person says them: 9,300 posts, $354k, 2.3 %, 1 in 10 million.

Two significant digits below ten thousand, three above; exact figures belong in tables and on
hover. A number that is not defined is said to be so, never shown as 0.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aipm_metrics.knobs import Knob

__all__ = [
    "between",
    "count",
    "cut",
    "decided",
    "decision_noun",
    "duration",
    "money",
    "one_in",
    "price",
    "share",
    "span",
    "threshold",
    "undefined",
    "whole",
    "with_unit",
]

NBSP = "\N{NO-BREAK SPACE}"
CENT, DIME = 0.01, 0.1
EXACT = 100
LEAST = 1e-6  # a count below this is no count
LEAST_SHARE = 1e-15  # a share below this is said to be under it
UNHEARD_OF = 1e12  # one in more than this cannot be pictured
SCALES = ((1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
SUMS = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))
# Up to so many minutes, in units of so many minutes.
LENGTHS = (
    (1.0, 1 / 60, "s"),
    (120.0, 1.0, "min"),
    (4_320.0, 60.0, "h"),
    (math.inf, 1_440.0, "days"),
)
REMEMBERED = 65_536  # rounded numbers whose words are kept: an axis of thresholds says few twice


def undefined(value: float) -> bool:
    """Whether a number is missing rather than zero."""
    return math.isnan(value)


def _digits(value: float) -> str:
    """Write the digits that are said: two below ten thousand, three above."""
    return f"{value:.2g}" if abs(value) < 9_950 else f"{value:.3g}"


def _rounded(value: float) -> float:
    return float(_digits(value))


def count(value: float) -> str:
    r"""Say how many.

    Examples
    --------
    >>> [count(n) for n in (9342.1, 16530.9, 0.324, 2_000_000, 0)]
    ['9,300', '16,500', '0.32', '2\xa0million', '0']
    """
    if undefined(value):
        return "undefined"
    if math.isinf(value):
        return "no end of"
    return _said(_digits(value)) if abs(value) >= LEAST else "0"


@lru_cache(REMEMBERED)
def _said(digits: str) -> str:
    """Say a number that is rounded already."""
    value = float(digits)
    for size, word in SCALES:
        if abs(value) >= size:
            said = value / size
            return f"{said:,.0f}{NBSP}{word}" if said >= 1000 else f"{said:.3g}{NBSP}{word}"
    return f"{value:,.0f}" if abs(value) >= 10 else _decimals(value)


def whole(value: float) -> str:
    """Say how many to the last one, for figures that must add up in one sentence.

    Examples
    --------
    >>> whole(1020.4), whole(0.4)
    ('1,020', '0.4')
    """
    return f"{value:,.0f}" if abs(value) >= EXACT else count(value)


def _decimals(value: float) -> str:
    """Write two significant digits without a power of ten."""
    places = 1 - math.floor(math.log10(abs(value)))
    text = f"{value:.{max(places, 0)}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(usd: float) -> str:
    """Say how much money; a loss keeps its minus sign.

    Examples
    --------
    >>> [money(usd) for usd in (354112.68, 5.4254, 30, 1_234_567, 2_950, -12)]
    ['$354k', '$5.43', '$30', '$1.23m', '$3,000', '-$12']
    """
    if undefined(usd):
        return "undefined"
    size = abs(usd)
    sign = "-" if usd < 0 and size >= CENT / 2 else ""
    return f"{sign}${_usd(f'{size:.2f}' if size < EXACT else _digits(size))}"


@lru_cache(REMEMBERED)
def _usd(digits: str) -> str:
    """Say a sum that is rounded already."""
    size = float(digits)
    if size < EXACT:
        return f"{size:.2f}".removesuffix(".00")
    if size < 10_000:
        return f"{size:,.0f}"
    unit, letter = next(scale for scale in SUMS if size >= scale[0])
    said = size / unit
    return f"{said:,.0f}{letter}" if said >= 100 else f"{said:.3g}{letter}"


def price(usd: float) -> str:
    """Say what one of many costs: like `money`, but below ten cents in two digits.

    Examples
    --------
    >>> price(22), price(0.025), price(0.00012), price(-0.05)
    ('$22', '$0.025', '$0.00012', '-$0.05')
    """
    if not LEAST <= abs(usd) < DIME:
        return money(usd)
    return f"{'-' if usd < 0 else ''}${_decimals(abs(usd))}"


def share(part: float) -> str:
    r"""Say a share as a percentage.

    Examples
    --------
    >>> [share(p) for p in (0.0233, 0.64, 0.9997, 0.00047, 0.0, 1.0)]
    ['2.3\xa0%', '64\xa0%', '99.97\xa0%', '0.047\xa0%', '0\xa0%', '100\xa0%']
    """
    if undefined(part):
        return "undefined"
    return f"{threshold(part, digits=2, scale=100)}{NBSP}%"


def threshold(value: float, *, digits: int = 3, scale: float = 1) -> str:
    """Say a probability so that it can be told from 0 and from 1.

    Examples
    --------
    >>> [threshold(t) for t in (0.0824792, 0.15, 0.5, 0.99953, 1e-5, 0.0)]
    ['0.0825', '0.15', '0.5', '0.99953', '0.00001', '0']
    """
    nearest = min(abs(value), abs(1 - value)) or 1.0
    if value != 0 and abs(value) < LEAST_SHARE:
        return f"under {LEAST_SHARE * scale:.{15 - round(math.log10(scale))}f}"
    places = max(0, digits - 1 - math.floor(math.log10(nearest * scale)))
    text = f"{value * scale + 0.0:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def cut(value: float, *, flags_all_at: float = 0.0) -> str:
    """Say where a score is cut, the two ends in words.

    Parameters
    ----------
    value
        The threshold.
    flags_all_at
        Threshold at and below which everything is flagged: 0 for probabilities, the lowest
        score for rows.

    Examples
    --------
    >>> [cut(t) for t in (0.15, 0.0, float("inf"), float("nan"))]
    ['0.15', 'flag everything', 'flag nothing', 'none']
    """
    if undefined(value):
        return "none"
    if value == math.inf:
        return "flag nothing"
    return "flag everything" if value <= flags_all_at else threshold(value)


def between(low: str, high: str) -> str:
    """Say what lies between two; once, where both are said alike.

    Examples
    --------
    >>> between("0.31", "0.31"), between("0.31", "0.33")
    ('0.31', '0.31 to 0.33')
    """
    return low if low == high else f"{low} to {high}"


def one_in(many: float) -> str:
    r"""Say a rare share.

    Examples
    --------
    >>> one_in(9_800_000.0), one_in(251.0), one_in(1e15)
    ('1 in 9.8\xa0million', '1 in 250', 'fewer than 1 in a trillion')
    """
    if many > UNHEARD_OF:
        return "fewer than 1 in a trillion"
    return f"1 in {count(float(f'{many:.2g}'))}"


@lru_cache(REMEMBERED)
def with_unit(value: float, unit: str) -> str:
    r"""Say a knob's value in its own unit.

    Examples
    --------
    >>> with_unit(22, "USD an hour"), with_unit(0.04, "chance"), with_unit(6, "min")
    ('$22 an hour', '4\xa0%', '6\xa0min')
    """
    head, _, tail = unit.partition(" ")
    if head == "USD":
        return f"{price(value)} {tail}".rstrip()
    if head in {"share", "chance"}:
        return share(value)
    if not unit or head == "probability":
        return threshold(value)
    return f"{count(value)}{NBSP}{unit}"


def duration(minutes: float) -> str:
    r"""Say how long, in the unit a person would use.

    Examples
    --------
    >>> [duration(m) for m in (0.432, 5.76, 43.2, 432, 43_200)]
    ['26\xa0s', '5.8\xa0min', '43\xa0min', '7.2\xa0h', '30\xa0days']
    """
    if undefined(minutes):
        return "undefined"
    if math.isinf(minutes):
        return "for ever"
    size, unit = next((s, u) for most, s, u in LENGTHS if minutes < most)
    return f"{count(minutes / size)}{NBSP}{unit}"


def decision_noun(knob: Knob | None) -> str:
    """Name what a page decides within a sentence: a threshold, or its own name.

    Examples
    --------
    >>> decision_noun(None)
    'threshold'
    """
    if knob is None or knob.in_score_units:
        return "threshold"
    label = knob.label
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def decided(knob: Knob | None, value: float) -> str:
    """Say one choice of what a page decides: where a score is cut, or a number in its unit.

    Examples
    --------
    >>> decided(None, float("inf"))
    'flag nothing'
    """
    return cut(value) if knob is None or knob.in_score_units else with_unit(value, knob.unit)


def span(low: float, high: float, unit: str) -> str:
    r"""Say a range in a knob's own unit, the unit once.

    Examples
    --------
    >>> span(11, 33, "USD an hour"), span(0.02, 0.06, "chance"), span(3, 9, "min")
    ('$11 to $33 an hour', '2\xa0% to 6\xa0%', '3 to 9\xa0min')
    """
    head, _, tail = unit.partition(" ")
    if head == "USD" and tail:
        return f"{price(low)} to {with_unit(high, unit)}"
    counted = unit and head not in {"USD", "share", "chance", "probability"}
    return f"{count(low) if counted else with_unit(low, unit)} to {with_unit(high, unit)}"
