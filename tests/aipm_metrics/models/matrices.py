"""Random confusion matrices of whole cases, and what is true of them."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.consistency import Given
from aipm_metrics.models.metric_algebra import METRICS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["confusion", "full", "matrices", "rounded", "share", "true"]

matrices = st.tuples(*[st.integers(0, 5_000)] * 4).filter(any)
full = st.tuples(*[st.integers(1, 5_000)] * 4)  # every ratio has a denominator


def share(metric: str, cells: tuple[int, int, int, int]) -> Fraction | None:
    """A metric, straight from its definition in words; None without a denominator."""
    tp, fp, fn, tn = cells
    part, whole = {
        "volume": (tp + fp + fn + tn, 1), "positives": (tp + fn, 1), "flagged": (tp + fp, 1),
        "prevalence": (tp + fn, tp + fp + fn + tn),
        "flagged_share": (tp + fp, tp + fp + fn + tn),
        "precision": (tp, tp + fp), "recall": (tp, tp + fn), "f1": (2 * tp, 2 * tp + fp + fn),
        "fpr": (fp, fp + tn), "accuracy": (tp + tn, tp + fp + fn + tn), "fnr": (fn, tp + fn),
        "tp": (tp, 1), "fp": (fp, 1), "fn": (fn, 1), "tn": (tn, 1),
    }[metric]  # fmt: skip
    return Fraction(part, whole) if whole else None


def true(metrics: Iterable[str], cells: tuple[int, int, int, int]) -> list[Given]:
    """Exact numbers, true of these cells; those that are not defined are left out."""
    found = []
    for metric in metrics:
        value = share(metric, cells)
        if value is not None:
            found.append(Given(metric, value, value, value))
    return found


def rounded(metrics: Iterable[str], cells: tuple[int, int, int, int], places: int) -> list[Given]:
    """Counts to the last one and ratios rounded half to even, as a report writes them."""
    found = []
    for metric in metrics:
        value = share(metric, cells)
        if value is None:
            continue
        half = Fraction(1, 2 * 10**places) if METRICS[metric].is_ratio else Fraction(1, 2)
        written = round(value, places) if METRICS[metric].is_ratio else value
        found.append(Given(metric, written, max(written - half, Fraction(0)), written + half))
    return found


def confusion(cells: tuple[int, int, int, int]) -> Confusion:
    """The cells as floats."""
    tp, fp, fn, tn = map(float, cells)
    return Confusion(tp=tp, fp=fp, fn=fn, tn=tn)
