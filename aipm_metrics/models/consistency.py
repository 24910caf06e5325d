"""Can reported metrics all be true, and what do they leave open? Exact, rounding allowed for.

Each number given is an interval, and each interval two linear inequalities in the cells
``tp fp fn tn``; so what the numbers allow is a polyhedron, and every other metric, being a
quotient of sums of cells, takes its least and its most on one of its extreme rays (Charnes &
Cooper 1962, Naval Research Logistics Quarterly 9, 181-186, for linear-fractional programs).
Everything is counted in whole numbers, so a verdict needs no tolerance. A ratio without a
denominator is not a number, so nobody can have given it. Nothing is random.

For the idea of refuting reports by their granularity: Brown & Heathers (2017), "The GRIM test",
Social Psychological and Personality Science 8, 363-369; for classifiers: Fazekas & Kovács
(2024), "Testing the consistency of performance scores reported for binary classification
problems", Applied Soft Computing 164, 111993.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from aipm_metrics.models.double_description import Ray, extreme_rays
from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.models.written_numbers import EXACT, half_unit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Given", "Interval", "Region", "inequalities"]

DIMENSION = 5  # four cells, and the scale that turns counts into linear inequalities
SCALE = (0, 0, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class Interval:
    """The least and the most a metric can be; both ``nan`` when it cannot be defined."""

    low: float
    high: float

    @property
    def settled(self) -> bool:
        """Whether only one value is left."""
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class Given:
    """One number as it was given.

    Attributes
    ----------
    metric
        A key of `METRICS`.
    value, low, high
        As written, and the interval it stands for: cases, or a share from 0 to 1.
    whole
        Whether cases were counted one by one: false for a number meant exactly, which may be
        an average or a what-if.
    """

    metric: str
    value: Fraction
    low: Fraction
    high: Fraction
    whole: bool = True

    @classmethod
    def written(cls, metric: str, value: float, rounding: str) -> Given:
        """Take a number as written; see `half_unit`.

        Examples
        --------
        >>> said = Given.written("precision", 0.91, "to 1 %")
        >>> float(said.low), float(said.high)
        (0.905, 0.915)
        """
        exact, half = Fraction(repr(float(value))), half_unit(value, rounding)
        return cls(metric, exact, max(exact - half, Fraction(0)), exact + half, rounding != EXACT)

    def at(self, value: Fraction) -> Given:
        """Say the same metric with one value and nothing around it."""
        return Given(self.metric, value, value, value, self.whole)


def inequalities(given: Given) -> tuple[Ray, Ray]:
    """``part - low whole >= 0`` and ``high whole - part >= 0``, in whole numbers.

    The whole of a count is the scale.

    Examples
    --------
    >>> inequalities(Given("precision", *[Fraction(1, 2), Fraction(0), Fraction(3, 4)]))
    ((1, 0, 0, 0, 0), (-1, 3, 0, 0, 0))
    """
    metric = METRICS[given.metric]
    part = (*metric.part, 0)
    whole = (*metric.whole, 0) if metric.is_ratio else SCALE
    n, d = given.low.numerator, given.low.denominator
    above = tuple(d * p - n * w for p, w in zip(part, whole, strict=True))
    n, d = given.high.numerator, given.high.denominator
    below = tuple(n * w - d * p for p, w in zip(part, whole, strict=True))
    return above, below


def _dot(weights: Iterable[int], ray: Ray) -> int:
    return sum(w * x for w, x in zip(weights, ray, strict=False))


class Region:
    """Every confusion matrix that has all the numbers given.

    Parameters
    ----------
    given
        At most one per metric; none allows everything.

    Examples
    --------
    A month of listings (https://dataford.io/questions/evaluate-safety-review-precision-recall-tradeoff):
    4,000 unsafe, 4,800 flagged, recall 0.54, and a precision of 0.91 that cannot be:

    >>> month = [
    ...     Given.written("positives", 4000, "to the last one"),
    ...     Given.written("flagged", 4800, "to the last one"),
    ...     Given.written("recall", 0.54, "to 1 %"),
    ... ]
    >>> told = Region(month).interval("precision")
    >>> round(told.low, 3), round(told.high, 3)
    (0.446, 0.454)
    >>> Region([*month, Given.written("precision", 0.91, "to 1 %")]).possible
    False
    """

    def __init__(self, given: Sequence[Given]) -> None:
        self.given = tuple(given)

    @cached_property
    def rays(self) -> tuple[Ray, ...]:
        """Extreme rays over ``tp fp fn tn`` and the scale."""
        uneven: list[Ray] = []
        even: list[Ray] = []
        for one in self.given:
            if one.low == one.high:
                even.append(inequalities(one)[0])
            else:
                uneven.extend(inequalities(one))
        return extreme_rays(uneven, even, DIMENSION)

    @cached_property
    def middle(self) -> Ray | None:
        """Some matrix well inside, times its scale; None when there is none at all.

        The sum of the rays has every denominator above 0 that any matrix here has.
        """
        if not self.rays:
            return None
        middle = tuple(sum(column) for column in zip(*self.rays, strict=True))
        wholes = [METRICS["volume"].part, *(METRICS[one.metric].whole for one in self.given)]
        needed = middle[-1] > 0 and all(_dot(w, middle) > 0 for w in wholes if any(w))
        return middle if needed else None

    @property
    def possible(self) -> bool:
        """Whether the numbers can all be true at once."""
        return self.middle is not None

    def exact(self, metric: str) -> tuple[Fraction | float, Fraction | float]:
        """Return the least and the most of a metric as fractions; see `interval`."""
        told = METRICS[metric]
        found: list[Fraction] = []
        endless = False
        for ray in self.rays if self.possible else ():
            part = _dot(told.part, ray)
            whole = _dot(told.whole, ray) if told.is_ratio else ray[-1]
            if whole:
                found.append(Fraction(part, whole))
            else:
                endless = endless or part > 0
        if not found:
            return math.nan, math.nan
        return min(found), math.inf if endless else max(found)

    def interval(self, metric: str) -> Interval:
        """Return the least and the most a metric can be.

        Returns
        -------
        Interval
            ``inf`` where a count has no end; ``nan`` where the numbers cannot all be true, or
            the metric has no denominator.
        """
        low, high = self.exact(metric)
        return Interval(float(low), float(high))

    def weighted(self, weights: Sequence[float]) -> Interval:
        """Return the least and the most of a weighted sum of ``tp fp fn tn``, such as tickets.

        Parameters
        ----------
        weights
            At least 0 each.
        """
        sums = [
            (sum(w * x for w, x in zip(weights, ray, strict=False)), ray[-1])
            for ray in (self.rays if self.possible else ())
        ]
        found = [part / scale for part, scale in sums if scale]
        endless = any(part > 0 for part, scale in sums if not scale)
        if not found:
            return Interval(math.nan, math.nan)
        return Interval(min(found), math.inf if endless else max(found))

    def without(self, metrics: Iterable[str]) -> Region:
        """Allow what the others allow."""
        left_out = set(metrics)
        return Region([one for one in self.given if one.metric not in left_out])

    @cached_property
    def as_written(self) -> Region:
        """What is left when every number is exactly what was written.

        Rounded numbers seldom agree to the last digit. Then they are taken as written in turn,
        counts first, and one that disagrees with those before it gives way, within its
        rounding, to the middle of what is left.
        """
        written = Region([one.at(one.value) for one in self.given])
        if written.possible or not self.possible:
            return written
        said = list(self.given)
        for i in sorted(range(len(said)), key=lambda i: METRICS[said[i].metric].is_ratio):
            tried = [*said[:i], said[i].at(said[i].value), *said[i + 1 :]]
            if Region(tried).possible:
                said = tried
        middle = Region(said).middle
        if middle is None:  # cannot be: each step kept the numbers possible
            return written
        return Region([one.at(_at(one.metric, middle)) for one in said])

    def and_typical(self, metric: str) -> Region:
        """Allow what is left if one more metric were known, with a value it may well have."""
        middle = self.as_written.middle
        if middle is None or (METRICS[metric].is_ratio and not _dot(METRICS[metric].whole, middle)):
            return self.as_written
        value = _at(metric, middle)
        one = Given(metric, value, value, value)
        return Region([*self.as_written.given, one])


def _at(metric: str, ray: Ray) -> Fraction:
    told = METRICS[metric]
    return Fraction(_dot(told.part, ray), _dot(told.whole, ray) if told.is_ratio else ray[-1])
