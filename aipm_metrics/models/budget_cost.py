"""What an error budget costs, and the budget that costs least, in closed form.

A budget `b` is split in fixed parts, or one part gets what it claims first and the rest is split.
What it allows costs in proportion, and keeping to it in inverse proportion, so that the cost is
``harm b + keeping / b``, lowest where both terms are equal. A claim is the least its part gets:
where a larger part costs less, it gets that, so that a smaller claim never costs more. Axis
letters: `t` budgets, `s` draws. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.budget_shares import least_cost_budget

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["MOST_TAKEN", "BudgetCost"]

MOST_TAKEN = 0.99  # of a budget that a claim may take: whoever comes after it keeps a hundredth
HALVINGS = 50  # of the range a part is looked for in


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetCost:
    """Cost of a budget as a function of its size; every field a float or (s,) floats.

    Attributes
    ----------
    harm, keeping
        Cost of what a budget of 1 allows, and of keeping to it, without the claim's own.
    claim
        The least that is served first; 0 for nobody.
    claim_harm, claim_keeping
        Likewise of the part that the claim gets.
    """

    harm: Any
    keeping: Any
    claim: Any = 0.0
    claim_harm: Any = 0.0
    claim_keeping: Any = 0.0

    def taken(self, budget: ArrayLike) -> Any:
        """Part of a budget served first: the cheapest one from the claim up to 99 % of it.

        Examples
        --------
        >>> cost = BudgetCost(harm=1.0, keeping=1.0, claim=2.0, claim_harm=1.0, claim_keeping=1.0)
        >>> cost.taken([5.0, 1.0]).round(9).tolist()
        [2.5, 0.99]
        """
        whole = np.asarray(budget, float)
        high = MOST_TAKEN * whole
        low = np.minimum(self.claim, high)
        more = (low > 0) & (low < high) & (self._slope(whole, low) < 0)
        if not np.any(more):
            return low[()]
        fields = (whole, low, high, self.harm, self.keeping, self.claim_harm, self.claim_keeping)
        each = [np.broadcast_to(values, more.shape)[more] for values in fields]
        b, least, most = each[:3]
        cost = BudgetCost(harm=each[3], keeping=each[4], claim_harm=each[5], claim_keeping=each[6])
        for _ in range(HALVINGS):  # the cost is convex in the part
            middle = (least + most) / 2
            falls = cost._slope(b, middle) < 0
            least, most = np.where(falls, middle, least), np.where(falls, most, middle)
        found = np.array(np.broadcast_to(low, more.shape))
        found[more] = (least + most) / 2
        return found[()]

    def _slope(self, budget: Floats, first: Floats) -> Any:
        """Cost of serving a little more first."""
        with np.errstate(divide="ignore", invalid="ignore"):
            kept = self.keeping / (budget - first) ** 2 - self.claim_keeping / first**2
        return self.claim_harm - self.harm + kept

    def split(self, budget: ArrayLike) -> tuple[Any, Any]:
        """Cost of what a budget allows, and of keeping to it.

        Parameters
        ----------
        budget : (t,) floats above 0
            Broadcasts with the fields.

        Examples
        --------
        >>> [float(usd) for usd in BudgetCost(harm=300.0, keeping=3.0).split(0.1)]
        [30.0, 30.0]
        """
        first = self.taken(budget)
        rest = np.asarray(budget, float) - first
        with np.errstate(divide="ignore", invalid="ignore"):
            kept = np.where(np.equal(self.claim, 0), 0.0, self.claim_keeping / first)
        allowed = self.claim_harm * first + self.harm * rest
        return np.asarray(allowed)[()], np.asarray(kept + self.keeping / rest)[()]

    def __call__(self, budget: ArrayLike) -> Any:
        """Cost of a budget: of what it allows and of keeping to it."""
        allowed, kept = self.split(budget)
        return allowed + kept

    def cheapest(self, low: float, high: float) -> Floats:
        """Find the budget of lowest cost between two limits.

        Parameters
        ----------
        low, high : floats above 0

        Returns
        -------
        (s,) floats or a float

        Examples
        --------
        >>> float(BudgetCost(harm=300.0, keeping=3.0).cheapest(0.001, 0.5))
        0.1
        >>> float(BudgetCost(harm=300.0, keeping=3.0).cheapest(0.2, 0.5))
        0.2
        """
        edge = np.clip(np.divide(self.claim, MOST_TAKEN), low, high)
        # Above the edge the claim is served in full, or more; below it, it gets a fixed part.
        with np.errstate(divide="ignore", invalid="ignore"):
            own = np.where(np.equal(self.claim, 0), 0.0,
                           least_cost_budget(self.claim_harm, self.claim_keeping))  # fmt: skip
        above = np.fmax(self.claim, own) + least_cost_budget(self.harm, self.keeping)
        below = least_cost_budget(
            self.claim_harm * MOST_TAKEN + self.harm * (1 - MOST_TAKEN),
            self.claim_keeping / MOST_TAKEN + self.keeping / (1 - MOST_TAKEN),
        )
        one, other = np.clip(above, edge, high), np.clip(below, low, high)
        return np.asarray(np.where(self(other) < self(one), other, one), float)[()]
