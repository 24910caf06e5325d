"""What a pair of error rates costs: misses, false alarms, and people who leave over them.

``cost = fixed + per_miss fnr + per_false fpr + at_stake (1 - (1 - chance fpr)**exposures)``

Linear in both rates but for the last term, which saturates; so along a ROC curve the cost
need not have one minimum only. What is fixed moves no threshold, and whoever compares them
leaves it out (`moving`), so that it swallows no small difference. The same shape prices
reviewer hours, with nobody leaving.
Axis letter: `t` thresholds. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aipm_metrics.models.leaving import leaving_share, leaving_slope

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Rates

__all__ = ["RateCost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RateCost:
    """Cost as a function of `Rates`; every field in one unit, such as USD a month.

    Attributes
    ----------
    per_miss : float, at least 0
        Cost if every positive were missed.
    per_false : float, at least 0
        Cost if every negative were flagged.
    at_stake : float, at least 0
        Cost if everyone left.
    chance : float, 0 to 1
        How often one wrongful flag drives a person away.
    exposures : float, at least 1
        Items a person has in the period.
    fixed : float, at least 0
        Cost whatever the rates are.

    Examples
    --------
    >>> from aipm_metrics.models.confusion import Rates
    >>> float(RateCost(per_miss=100, per_false=10)(Rates(tpr=0.75, fpr=0.5)))
    30.0
    """

    per_miss: Any
    per_false: Any
    at_stake: Any = 0.0
    chance: Any = 0.0
    exposures: Any = 1.0
    fixed: Any = 0.0

    def __call__(self, rates: Rates) -> Any:
        """Cost at each pair of rates, (t,)."""
        return self.fixed + self.moving(rates)

    def moving(self, rates: Rates) -> Any:
        """Cost at each pair of rates, (t,), what is fixed left out."""
        left = leaving_share(rates.fpr, self.chance, self.exposures)
        return self.per_miss * rates.fnr + self.per_false * rates.fpr + self.at_stake * left

    def per_unit_fpr(self, rates: Rates) -> Any:
        """Extra cost per unit of false positive rate, (t,); never negative.

        Per unit of true positive rate it is ``-per_miss``, everywhere.
        """
        return self.per_false + self.at_stake * leaving_slope(
            rates.fpr, self.chance, self.exposures
        )
