"""How metrics are called and said: a share in percent, F1 as a fraction, a count as a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.models.written_numbers import DECIMALS
from aipm_metrics.spoken import count, threshold, undefined, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.models.consistency import Interval
    from aipm_metrics.models.nearest_whole import NearestWhole, Quotient

__all__ = ["NAMES", "between", "listed", "metric_value", "nearest", "span"]

NBSP = "\N{NO-BREAK SPACE}"
EXACT, MANY = 100, 1e6  # counts in between are said to the last one
NAMES = {
    "volume": "volume", "positives": "positives", "prevalence": "prevalence",
    "flagged": "flagged", "flagged_share": "share flagged", "precision": "precision",
    "recall": "recall", "f1": "F1", "fpr": "false positive rate", "accuracy": "accuracy",
    "fnr": "share missed", "tp": "caught (tp)", "fp": "false alarms (fp)", "fn": "missed (fn)",
    "tn": "left alone (tn)",
}  # fmt: skip


def metric_value(name: str, value: float) -> str:
    r"""Say a metric: a share in percent, F1 as a fraction, a count as a count.

    Examples
    --------
    >>> metric_value("recall", 0.80468), metric_value("f1", 0.68), metric_value("fp", 5052.6)
    ('80.5\xa0%', '0.68', '5,100')
    """
    if undefined(value):
        return "open"
    if not METRICS[name].is_ratio:
        return count(value)
    if name == "f1":
        return threshold(value)
    return f"{threshold(value, scale=100)}{NBSP}%"


def span(name: str, told: Interval) -> str:
    """Say an interval in words of its metric.

    Examples
    --------
    >>> from aipm_metrics.models.consistency import Interval
    >>> span("fp", Interval(3658.97, 4359.2)), between("f1", Interval(0.675, 0.685))
    ('3,659 to 4,359', 'between 0.675 and 0.685')
    """
    if undefined(told.low):
        return "undefined"
    low, high = _end(name, told.low), _end(name, told.high)
    if told.high == float("inf"):
        return f"{low} or more"
    return low if low == high else f"{low} to {high}"


def _end(name: str, value: float) -> str:
    """Say one end of an interval; counts to the last one, as two ends may lie close."""
    if METRICS[name].is_ratio or not EXACT <= value < MANY:
        return metric_value(name, value)
    return whole(value)


def between(name: str, told: Interval) -> str:
    """Say an interval inside a sentence."""
    said = span(name, told)
    return f"between {said.replace(' to ', ' and ')}" if " to " in said else said


def nearest(name: str, told: NearestWhole, rounding: str, *, counted: bool = False) -> str:
    r"""Say the nearest values of whole cases, with the digits given; nothing where there is none.

    Parameters
    ----------
    name
        The metric.
    told
        Its nearest values below and above what was said.
    rounding
        How far the digits of the number go that was said.
    counted
        Whether to add how many of how many that is.

    Examples
    --------
    >>> from aipm_metrics.models.nearest_whole import NearestWhole, Quotient
    >>> near = NearestWhole(Quotient(6, 7), Quotient(7, 7))
    >>> nearest("precision", near, "to 1 %").replace("\xa0", " ")
    '86 % or 100 %'
    >>> nearest("precision", near, "to 0.1 %", counted=True).replace("\xa0", " ")
    '85.7 % (6 of 7) or 100.0 % (7 of 7)'
    >>> nearest("flagged", NearestWhole(None, Quotient(11, 1)), "to the last one")
    '11'
    """
    ends = [one for one in (told.below, told.above) if one is not None]
    return " or ".join(_quotient(name, one, rounding, counted=counted) for one in ends)


def _quotient(name: str, told: Quotient, rounding: str, *, counted: bool) -> str:
    if not METRICS[name].is_ratio:
        return whole(told.part)
    places, value = DECIMALS.get(rounding, 3), told.value
    if name == "f1":  # twice the caught, of no count anybody knows
        return f"{float(value):.{places}f}"
    said = f"{float(100 * value):.{max(places - 2, 0)}f}{NBSP}%"
    return f"{said} ({whole(told.part)} of {whole(told.whole)})" if counted else said


def listed(words: Sequence[str], last: str) -> str:
    """Join words by commas and a last "and" or "or"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
