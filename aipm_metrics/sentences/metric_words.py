"""How metrics are called and said: a share in percent, F1 as a fraction, a count as a count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.spoken import count, threshold, undefined, whole

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.models.consistency import Interval

__all__ = ["NAMES", "between", "listed", "metric_value", "span"]

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


def listed(words: Sequence[str], last: str) -> str:
    """Join words by commas and a last "and" or "or"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"
