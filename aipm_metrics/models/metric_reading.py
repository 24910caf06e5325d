"""Reported metrics read together: settled, open, or impossible.

What follows from them is exact (`consistency`); each number stands for half a unit around its
last written digit (`written_numbers`). Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

import numpy as np

from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.consistency import Given, Interval, Region
from aipm_metrics.models.metric_algebra import CELLS, METRICS
from aipm_metrics.models.suspects import Suspects, can_be_true, find_suspects

__all__ = ["GIVEN", "Reading", "read_metrics"]

GIVEN: Final = (
    "volume", "positives", "prevalence", "flagged", "flagged_share", "precision", "recall", "f1",
    "fpr", "accuracy",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the numbers given say together.

    Attributes
    ----------
    said
        Name, value and rounding of each.
    status
        "settled": everybody caught, wronged and missed is counted; "open": not enough is
        given; "impossible": not all of it can be true.
    spans : dict of str to Interval
        The least and the most of every metric, rounding allowed for.
    follows : dict of str to float
        Every metric with the numbers as written; ``nan`` where they leave it open.
    cells : Confusion or None, cases
        With the numbers as written, when settled; ``tn`` is ``nan`` where only it is open.
    suspects
        When impossible, the numbers to blame.
    left_by_others : dict of str to Interval
        When impossible, for each number given, what the others leave it; ``nan`` where they
        cannot be true without it either.
    would_settle
        When open, the metrics of which any one more would settle it.
    region
        Every matrix that has these numbers, rounding allowed for.
    """

    said: tuple[tuple[str, float, str], ...]
    status: Literal["settled", "open", "impossible"]
    spans: dict[str, Interval]
    follows: dict[str, float]
    cells: Confusion | None
    suspects: tuple[Suspects, ...]
    left_by_others: dict[str, Interval]
    would_settle: tuple[str, ...]
    region: Region

    @property
    def fractions(self) -> bool:
        """Whether the numbers could be true if cases could be split."""
        return self.region.possible


@lru_cache(maxsize=64)
def read_metrics(said: tuple[tuple[str, float, str], ...]) -> Reading:
    """Read numbers together: what follows from them, or which cannot be true.

    Parameters
    ----------
    said
        Metric, value and rounding of each, at most one per metric.

    Examples
    --------
    >>> reading = read_metrics(
    ...     (
    ...         ("volume", 100, "to the last one"),
    ...         ("positives", 10, "to the last one"),
    ...         ("precision", 0.75, "exact"),
    ...         ("recall", 0.6, "exact"),
    ...     )
    ... )
    >>> reading.status, reading.cells
    ('settled', Confusion(tp=6.0, fp=2.0, fn=4.0, tn=88.0))
    """
    given = [Given.written(*one) for one in said]
    region = Region(given)
    spans = {name: region.interval(name) for name in METRICS}
    if not can_be_true(region):
        values = dict.fromkeys(METRICS, np.nan)
        left = {n: _left_by(region.without([n]), n) for n, _, _ in said}
        return Reading(
            said=said, status="impossible", spans=spans, follows=values, cells=None,
            suspects=find_suspects(given), left_by_others=left, would_settle=(), region=region,
        )  # fmt: skip
    values = {name: _only(region.as_written, name) for name in METRICS}
    settled = _settled(region.as_written)
    more = () if settled else tuple(
        n for n in GIVEN if np.isnan(values[n]) and _settled(region.and_typical(n))
    )  # fmt: skip
    return Reading(
        said=said, status="settled" if settled else "open", spans=spans, follows=values,
        cells=Confusion(**{c: values[c] for c in CELLS}) if settled else None, suspects=(),
        left_by_others={}, would_settle=more, region=region,
    )  # fmt: skip


def _left_by(others: Region, metric: str) -> Interval:
    return others.interval(metric) if can_be_true(others) else Interval(np.nan, np.nan)


def _only(region: Region, metric: str) -> float:
    span = region.interval(metric)
    return span.low if span.settled else np.nan


def _settled(region: Region) -> bool:
    """Whether everybody caught, wronged and missed is counted."""
    return not any(np.isnan(_only(region, cell)) for cell in ("tp", "fp", "fn"))
