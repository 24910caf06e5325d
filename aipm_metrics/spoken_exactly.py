"""Numbers said so that they can be checked: sums that fit, thresholds to the last digit."""

from __future__ import annotations

import math
from decimal import Decimal

from aipm_metrics.spoken import CENT, SUMS, cut, money, undefined

__all__ = ["cut_exactly", "sums"]


def sums(first: float, second: float) -> tuple[str, str, str]:
    """Say two sums of money and what lies between them, so that the three fit.

    The difference is told in three digits, and both sums to the same unit.

    Examples
    --------
    >>> sums(6_384.2, 9_041.7)
    ('$6,380', '$9,040', '$2,660')
    >>> sums(2_316_480, 2_300_000), sums(354_112.68, 223_670.1)
    (('$2,316,500', '$2,300,000', '$16.5k'), ('$354k', '$224k', '$130k'))
    >>> sums(12.5, 12.5), sums(26_600, 10_500)
    (('$12.50', '$12.50', '$0'), ('$26.6k', '$10.5k', '$16.1k'))
    """
    apart = abs(first - second)
    if not CENT / 2 <= apart < math.inf:
        return money(first), money(second), money(apart)
    places = max(min(2 - math.floor(math.log10(apart)), 2), -12)
    one, other = round(first, places), round(second, places)
    return _summed(one, places), _summed(other, places), _summed(abs(one - other), places)


def _summed(usd: float, places: int) -> str:
    """Say a sum that is rounded to so many places, without losing any of them."""
    sign, size = "-" if usd < 0 else "", abs(usd)
    unit, letter = next(((u, s) for u, s in SUMS if size >= max(u, 10_000)), (1.0, ""))
    decimals = places + round(math.log10(unit))
    if letter and decimals > 2:
        unit, letter, decimals = 1.0, "", places
    said = f"{size / unit:,.{max(decimals, 0)}f}"
    if letter:
        said = said.rstrip("0").rstrip(".") if "." in said else said
    return f"{sign}${said.removesuffix('.00')}{letter}"


def cut_exactly(value: float, *, flags_all_at: float = -math.inf) -> str:
    """Say where a score is cut with every digit, so that whoever types it in gets the same.

    Parameters
    ----------
    value, flags_all_at
        As for `cut`.

    Examples
    --------
    >>> [cut_exactly(t) for t in (0.2309027, 1e-7, -1.5, 3.0, float("inf"))]
    ['0.2309027', '0.0000001', '-1.5', '3', 'flag nothing']
    """
    if undefined(value) or math.isinf(value) or value <= flags_all_at:
        return cut(value, flags_all_at=flags_all_at)
    return f"{Decimal(repr(value + 0.0)).normalize():f}"
