"""How sure labelled rows make us that one threshold is cheaper than another.

Two thresholds treat alike every row but those between them, which only the lower one flags. So
their costs differ by what those rows cost: a negative between them is a false alarm of the lower
one, a positive a miss of the higher one. The lower is the cheaper exactly when the share of
positives between them is above the *break-even* share, ``false / (false + miss)`` where `false`
and `miss` are what one such row costs (Elkan 2001, "The foundations of cost-sensitive learning",
IJCAI, eq. 2, put to a band of scores instead of one score).

Two numbers here look alike and are not:

- `standard_error` is *frequentist*: how far the difference in cost strays from table to table,
  by the binomial or multinomial variance at the observed shares.
- `chance` is a *posterior*: how probable it is, after these rows, that A is the cheaper, with
  Jeffreys' prior, half a row added to every cell (Brown, Cai & DasGupta 2001, "Interval
  estimation for a binomial proportion", Statistical Science 16, 101-133). So no count of zero is
  taken for a certainty. Wherever two thresholds have a "chance", it is this one.

Both are for thresholds that were named *before* these rows were seen. A threshold picked because
it was cheapest on these very rows looks cheaper than it is: see `sample_splitting`.

Nothing here is random. Axis letters: any that broadcast; mostly `g` groups or `t` thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import betaincc, ndtri

from aipm_metrics.errors import MetricsError, within
from aipm_metrics.estimates import FEW
from aipm_metrics.models.beta_comparison import chance_larger
from aipm_metrics.models.operating_points import TIE

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["ThresholdEvidence", "threshold_evidence"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdEvidence:
    """Two thresholds, their costs per item, and how sure the difference is.

    Attributes
    ----------
    cost_a, cost_b : (...,) floats
        Expected cost per item, in the unit of the costs; ``nan`` where a class has no row.
    difference : (...,) floats
        ``cost_a - cost_b``: negative where A is the cheaper on these rows.
    standard_error : (...,) floats
        Frequentist, of the difference; 0 where no row lies between the thresholds.
    chance : (...,) floats, 0 to 1
        Posterior chance that A is the cheaper; ``nan`` where no row lies between them.
    between_positives, between_negatives : (...,) integers
        Rows that only one of the two flags.
    break_even : (...,) floats, 0 to 1
        Share of positives among those rows at which both thresholds cost the same.
    rows : (...,) integers
        Labelled rows there are.
    labels_needed : (...,) floats, whole
        Labelled rows, mixed as these are, that make one as sure as was asked; see
        `threshold_evidence`. Infinite where the difference is 0: no number of rows settles it.
    """

    cost_a: Any
    cost_b: Any
    difference: Any
    standard_error: Any
    chance: Any
    between_positives: Any
    between_negatives: Any
    break_even: Any
    rows: Any
    labels_needed: Any

    @property
    def status(self) -> Any:
        """What can be said of the chance, (...,) of words.

        "undefined" where no row lies between the thresholds, a class has no row, or nothing
        costs anything; "too few" with fewer than `FEW` rows between them, or where the chance
        leans one way and the observed difference the other, so that it is the prior that
        speaks; else "said".
        """
        few = self.between_positives + self.between_negatives < FEW
        torn = (self.chance - 0.5) * self.difference > 0
        words = np.where(few | torn, "too few", "said")
        return np.where(np.isnan(self.chance), "undefined", words)[()]


def threshold_evidence(
    tp_a: ArrayLike, fp_a: ArrayLike, tp_b: ArrayLike, fp_b: ArrayLike,
    positives: ArrayLike, negatives: ArrayLike,
    *, cost_fn: ArrayLike, cost_fp: ArrayLike, prevalence: ArrayLike | None = None,
    sure: float = 0.95,
) -> ThresholdEvidence:  # fmt: skip
    """Weigh the evidence that threshold A is cheaper than threshold B.

    Per item ``cost = prevalence cost_fn (1 - tp / positives) + (1 - prevalence) cost_fp fp /
    negatives``. The number of labels is that of a normal posterior, ``(z sd / difference)**2`` with
    the sd of one row, taken at shares that Jeffreys' half rows keep from 0; and at least so
    many that `FEW` of them lie between the thresholds.

    Parameters
    ----------
    tp_a, fp_a, tp_b, fp_b : (...,) integers
        Positives and negatives at or above each threshold. Whichever is lower flags every row
        the other flags.
    positives, negatives : (...,) integers
        All of them.
    cost_fn, cost_fp : (...,) floats, at least 0
        Cost of one missed positive, and of one false alarm.
    prevalence : (...,) floats in [0, 1], optional
        Share of positives where the model is used, for rows that were sampled by class: the two
        shares between the thresholds are then two binomials. By default the rows are a fair
        sample, and one multinomial: the chance is then in closed form, that of a beta variable.
    sure : float, between 0.5 and 1
        Chance to be reached by `labels_needed`.

    Raises
    ------
    MetricsError
        When counts do not fit in each other, a cost is negative, or `sure` is out of its limits.

    Examples
    --------
    A flags 4 positives and 6 negatives more than B. A miss costs as much as a false alarm, so A
    costs two per 100 more; that it is the cheaper all the same has a chance of one in four.

    >>> found = threshold_evidence(14, 16, 10, 10, 20, 80, cost_fn=1, cost_fp=1)
    >>> [round(float(x), 9) for x in (found.cost_a, found.cost_b, found.difference)]
    [0.22, 0.2, 0.02]
    >>> round(float(found.chance), 2), float(found.break_even)
    (0.26, 0.5)

    One row's cost differs with an sd of about ``sqrt(0.1)``; ``1.645**2 0.1 / 0.02**2`` is 676, and
    the half rows ask for a few more:

    >>> float(found.labels_needed)
    731.0
    """
    if not 0.5 < sure < 1:
        raise MetricsError(f"`sure` must lie between 0.5 and 1, both excluded; got {sure}")
    cells = np.broadcast_arrays(tp_a, fp_a, tp_b, fp_b, positives, negatives)
    _nested(*cells)
    tp_a, fp_a, tp_b, fp_b, positives, negatives = cells
    rows = positives + negatives
    some_p = np.where((positives > 0) & (negatives > 0), positives, np.nan)
    some_n = np.where((positives > 0) & (negatives > 0), negatives, np.nan)
    pi = some_p / rows if prevalence is None else within("prevalence", prevalence, 0, 1)
    miss = pi * within("cost_fn", cost_fn, 0, np.inf)  # if every positive were missed, per item
    false = (1 - pi) * within("cost_fp", cost_fp, 0, np.inf)
    more_p, more_n = tp_a - tp_b, fp_a - fp_b  # what A flags and B does not, or less
    band = _Band(np.abs(more_p), np.abs(more_n), some_p, some_n, miss, false, prevalence is None)
    alarms, caught = false * more_n / some_n, miss * more_p / some_p
    even = np.abs(alarms - caught) <= TIE * np.abs(caught)  # the rest is rounding
    difference = np.where(even, 0.0 * caught, alarms - caught)[()]
    lower = band.chance_lower()
    return ThresholdEvidence(
        cost_a=miss * (1 - tp_a / some_p) + false * fp_a / some_n,
        cost_b=miss * (1 - tp_b / some_p) + false * fp_b / some_n,
        difference=difference, standard_error=np.sqrt(band.variance(0.0)),
        chance=np.where((more_p > 0) | (more_n > 0), lower, 1 - lower)[()],
        between_positives=np.abs(more_p), between_negatives=np.abs(more_n),
        break_even=band.break_even, rows=rows,
        labels_needed=band.labels_needed(difference, float(ndtri(sure))),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Band:
    """The rows between two thresholds, seen from the lower one."""

    positives: Any  # between the two
    negatives: Any
    all_positives: Any  # nan where either class is empty
    all_negatives: Any
    miss: Any  # cost per item if every positive were missed
    false: Any  # and if every negative were flagged
    fair: bool  # one sample of all rows, rather than one of each class

    @property
    def break_even(self) -> Any:
        per_p, per_n = self.miss / self.all_positives, self.false / self.all_negatives
        both = per_p + per_n
        return (per_n / np.where(both > 0, both, np.nan))[()]

    def chance_lower(self) -> Any:
        """Posterior chance that the lower threshold is the cheaper, (...,)."""
        p, n = self.positives + 0.5, self.negatives + 0.5
        if self.fair:
            chance = betaincc(p, n, self.break_even)
        else:
            rest_p = self.all_positives - self.positives + 0.5
            rest_n = self.all_negatives - self.negatives + 0.5
            chance = chance_larger(self.miss, p, rest_p, self.false, n, rest_n)
        return np.where(self.positives + self.negatives > 0, chance, np.nan)

    def variance(self, added: float) -> Any:
        """Variance of the difference in cost, with so many rows added to every cell, (...,)."""
        per_p, per_n = self.miss / self.all_positives, self.false / self.all_negatives
        if self.fair:
            n = self.all_positives + self.all_negatives
            p = (self.positives + added) / (n + 3 * added)
            q = (self.negatives + added) / (n + 3 * added)
            return n * (per_p**2 * p + per_n**2 * q - (per_p * p - per_n * q) ** 2)
        p = (self.positives + added) / (self.all_positives + 2 * added)
        q = (self.negatives + added) / (self.all_negatives + 2 * added)
        of_p, of_n = per_p**2 * self.all_positives, per_n**2 * self.all_negatives
        return of_p * p * (1 - p) + of_n * q * (1 - q)

    def labels_needed(self, difference: Any, z: float) -> Any:
        """Rows that make the normal posterior `z` sd away from no difference, (...,)."""
        rows, between = self.all_positives + self.all_negatives, self.positives + self.negatives
        some = np.where(difference == 0, np.nan, difference)
        needed = np.fmax(
            rows * z**2 * self.variance(0.5) / some**2, rows * FEW / np.fmax(between, 1)
        )
        needed = np.where(np.isnan(rows), np.nan, np.ceil(needed))
        return np.where(difference == 0, np.inf, needed)[()]


def _nested(tp_a: Any, fp_a: Any, tp_b: Any, fp_b: Any, positives: Any, negatives: Any) -> None:
    """Refuse counts that no two thresholds on one score could have."""
    for name, part, whole in (
        ("tp_a", tp_a, positives), ("tp_b", tp_b, positives),
        ("fp_a", fp_a, negatives), ("fp_b", fp_b, negatives),
    ):  # fmt: skip
        wrong = ~((part >= 0) & (part <= whole))
        if wrong.any():
            most, got = whole[wrong].flat[0], part[wrong].flat[0]
            raise MetricsError(f"`{name}` must lie in [0, {most}]; got {got}")
    if ((tp_a - tp_b) * (fp_a - fp_b) < 0).any():
        raise MetricsError(
            "One threshold must flag every row that the other flags: `tp_a` and `fp_a` may not lie "
            "on different sides of `tp_b` and `fp_b`."
        )
