"""What every threshold costs when the assumptions are uncertain: bands over the draws.

A million prices for one picture, so single precision, in blocks that stay in the cache: rows
are thresholds, columns draws, and each row is sorted where it lies. Against double precision
the bands are right to 1e-4 of themselves; where that cannot be had (classes so close that their
cutoffs lie far out) double precision is used. No decision is read off the bands: the best
threshold of each draw is found exactly, elsewhere. Axis letters: `t` thresholds, `s` draws.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import logit, ndtr

from aipm_metrics.models.draws import QUANTILES, ranks
from aipm_metrics.models.normal_table import PhiTable

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Floats, Rates
    from aipm_metrics.models.draws import Spread
    from aipm_metrics.models.rate_cost import RateCost

    Fill = Callable[[slice, Any, Any], None]

__all__ = ["Bands", "bands_of_rates", "bands_of_score"]

BLOCK = 32  # thresholds priced at a time
FINE = 1e-5  # sd; the largest rounding of a cutoff that single precision may bring

LEAST = 1e-6  # sd between the classes; with less, everyone has one score


@dataclass(frozen=True, slots=True)
class Bands:
    """The middle of the cost and its 90 % band along the threshold.

    Attributes
    ----------
    threshold : (t,) floats, ascending
    low, middle, high : (t,) floats, in the cost's unit
        The 5 %, 50 % and 95 % quantiles over the draws, each threshold by itself, as
        `draws.ranks` defines them, which is how `draws.Spread` has them too.
    """

    threshold: Floats
    low: Floats
    middle: Floats
    high: Floats

    def through(self, threshold: float, told: Spread) -> Bands:
        """Lay the bands through what one threshold costs to the last digit.

        Parameters
        ----------
        threshold
            Outside the bands' own thresholds nothing changes.
        told
            Its cost over the same draws, in double precision.

        Examples
        --------
        >>> from aipm_metrics.models.draws import spread
        >>> flat = Bands(np.array([0.1, 0.3]), *np.ones((3, 2)))
        >>> flat.through(0.2, spread(np.array([2.0, 4.0]))).high.tolist()
        [1.0, 4.0, 1.0]
        """
        if not self.threshold[0] <= threshold <= self.threshold[-1]:
            return self
        first, last = np.searchsorted(self.threshold, threshold, "left"), np.searchsorted(
            self.threshold, threshold, "right")  # fmt: skip
        values = (threshold, told.low, told.middle, told.high)
        lines = (self.threshold, self.low, self.middle, self.high)
        return Bands(
            *(np.concatenate([line[:first], [value], line[last:]])
              for line, value in zip(lines, values, strict=True))
        )  # fmt: skip


def bands_of_score(
    threshold: Floats, separation: Any, believed: Any, temperature: Any, cost: RateCost,
    *, double: bool = False,
) -> Bands:  # fmt: skip
    """Bands for a simulated score; see `reported_score` for what its numbers mean.

    ``cutoff = d/2 + (T logit threshold - logit believed) / d`` for every threshold and draw;
    ``fnr = Phi(cutoff - d)`` and ``fpr = Phi(-cutoff)``.

    Parameters
    ----------
    threshold : (t,) floats in (0, 1), ascending
    separation, believed, temperature : (s,) floats or scalars
        In sd, at least 0 (drawn as 1e-6 where it is less); in (0, 1); above 0.
    cost
        What the rates cost, its fields (s,) or scalars.
    double
        Whether to insist on double precision.
    """
    d, prior = np.maximum(separation, LEAST), logit(np.asarray(believed, float))
    steep, offset, d = np.broadcast_arrays(temperature / d, d / 2 - prior / d, d)
    odds = logit(threshold)
    furthest = float(np.max(np.abs(odds).max() * steep + np.abs(offset)))
    # Far-out cutoffs are differences of large numbers; those keep too few single digits.
    kind = np.float64 if double or furthest * np.finfo(np.float32).eps > FINE else np.float32
    steep, offset, d, odds = (np.asarray(v, kind) for v in (steep, offset, d, odds))
    columns = _columns(cost, d)
    table = PhiTable((BLOCK, columns)) if kind is np.float32 else None
    cutoff = np.empty((BLOCK, columns), kind)

    def fill(these: slice, fnr: Any, fpr: Any) -> None:
        x = cutoff[: len(fnr)]
        np.multiply(odds[these, None], steep, out=x)
        np.add(x, offset, out=x)
        np.subtract(x, d, out=fnr)
        np.negative(x, out=x)
        for at, rate in ((fnr, fnr), (x, fpr)):
            if table is None:
                ndtr(at, out=rate)
            else:
                table(at, rate)

    return _bands(threshold, columns, fill, cost, kind)


def bands_of_rates(
    threshold: Floats, rates: Rates, cost: RateCost, *, double: bool = False
) -> Bands:
    """Bands where the rates are known, as on counted rows, and only what they cost is not.

    Parameters
    ----------
    threshold : (t,) floats, ascending
    rates
        At each threshold, (t,).
    cost
        What the rates cost, its fields (s,) or scalars.
    double
        Whether to insist on double precision.

    Examples
    --------
    A miss costs 1, 2 or 3; half of the positives are missed:

    >>> from aipm_metrics.models.confusion import Rates
    >>> from aipm_metrics.models.rate_cost import RateCost
    >>> rates = Rates(tpr=np.array([0.5]), fpr=np.array([0.1]))
    >>> cost = RateCost(per_miss=np.array([3.0, 1.0, 2.0]), per_false=0)
    >>> bands_of_rates(np.array([0.3]), rates, cost).middle.tolist()
    [1.0]
    """

    def fill(these: slice, fnr: Any, fpr: Any) -> None:
        fnr[:] = rates.fnr[these, None]
        fpr[:] = rates.fpr[these, None]

    return _bands(threshold, _columns(cost), fill, cost, np.float64 if double else np.float32)


def _columns(cost: RateCost, *others: Any) -> int:
    """How many draws there are; one where nothing is uncertain."""
    fields = (getattr(cost, field.name) for field in dataclasses.fields(cost))
    return int(np.broadcast_shapes((1,), *(np.shape(v) for v in (*fields, *others)))[0])


def _bands(threshold: Floats, columns: int, fill: Fill, cost: RateCost, kind: Any) -> Bands:
    """Price block after block, sort each row, and read the quantiles off."""
    price = _pricing(cost, kind)
    fnr, fpr, one, two = (np.empty((BLOCK, columns), kind) for _ in range(4))
    picked = ranks(columns)
    found = np.empty((threshold.size, len(QUANTILES)))
    for start in range(0, threshold.size, BLOCK):
        these = slice(start, min(start + BLOCK, threshold.size))
        rows = these.stop - start
        fill(these, fnr[:rows], fpr[:rows])
        priced = price(fnr[:rows], fpr[:rows], one[:rows], two[:rows])
        priced.sort(axis=1)
        found[these] = priced[:, picked]
    return Bands(threshold, *found.T)


def _pricing(cost: RateCost, kind: Any) -> Callable[[Any, Any, Any, Any], Any]:
    """`RateCost` written so that it makes no array, and of functions that numpy has fast.

    ``log1p(x) = log(u) + (x - (u - 1)) / u`` with ``u = 1 + x`` as rounded (what rounding took
    is given back), and ``1 - exp(z) = -2 tanh(z/2) / (1 - tanh(z/2))``: neither loses digits.
    """
    one, least = kind(1), kind(np.finfo(kind).eps - 1)  # so that u is never 0
    per_miss, per_false, chance, half, twice, fixed = (
        np.asarray(np.asarray(v, float) * by, kind)
        for v, by in ((cost.per_miss, 1), (cost.per_false, 1), (cost.chance, -1),
                      (cost.exposures, 0.5), (cost.at_stake, -2), (cost.fixed, 1))
    )  # fmt: skip

    def price(fnr: Any, fpr: Any, x: Any, u: Any) -> Any:
        np.multiply(fnr, per_miss, out=fnr)
        np.multiply(fpr, chance, out=x)
        np.multiply(fpr, per_false, out=fpr)
        np.add(fnr, fpr, out=fnr)
        np.maximum(x, least, out=x)
        np.add(x, one, out=u)
        np.subtract(u, one, out=fpr)
        np.subtract(x, fpr, out=x)
        np.divide(x, u, out=x)
        np.log(u, out=u)
        np.add(u, x, out=x)
        np.multiply(x, half, out=x)
        np.tanh(x, out=x)
        np.subtract(one, x, out=u)
        np.divide(x, u, out=x)
        np.multiply(x, twice, out=x)
        np.add(x, fixed, out=x)
        return np.add(fnr, x, out=fnr)

    return price
