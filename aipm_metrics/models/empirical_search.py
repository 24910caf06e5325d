"""The best threshold on counted rows, exactly: every distinct score, and flagging nothing.

Axis letter: `t` distinct scores plus one for ``inf``. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.confusion import Floats, Rates
from aipm_metrics.models.operating_points import TIE, Choice

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.rate_cost import RateCost

__all__ = ["EmpiricalAxis"]


@dataclass(frozen=True)
class EmpiricalAxis:
    """Counted rows whose threshold can be searched; answers `ScoreAxis`.

    Examples
    --------
    A miss costs as much as a false alarm; one of each class is misplaced, so flag the top one:

    >>> from aipm_metrics.models.empirical import Empirical
    >>> from aipm_metrics.models.rate_cost import RateCost
    >>> rows = Empirical.from_rows([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    >>> EmpiricalAxis(rows).cheapest(RateCost(per_miss=2, per_false=2)).threshold
    0.8
    """

    rows: Empirical

    def rates(self, threshold: ArrayLike) -> Rates:
        """See `ScoreAxis.rates`."""
        return self.rows.rates(threshold)

    def mean(self, prevalence: float) -> float:
        """Mean score; see `Empirical.mean`."""
        return self.rows.mean(prevalence)

    @cached_property
    def every(self) -> tuple[Floats, Rates]:
        """Every threshold that differs, ascending, with ``inf`` last; and its rates, (t + 1,)."""
        return np.append(self.rows.thresholds, np.inf), Rates(
            tpr=np.append(self.rows.tp, 0) / self.rows.positives,
            fpr=np.append(self.rows.fp, 0) / self.rows.negatives,
        )

    def cheapest(
        self,
        cost: RateCost,
        *,
        load: RateCost | None = None,
        limit: float = np.inf,
        floor: float = 0.0,
    ) -> Choice | None:
        """See `ScoreAxis.cheapest`."""
        _, rates = self.every
        prices = np.where(rates.tpr >= floor, cost.moving(rates), np.inf)
        if load is not None:
            prices[load(rates) > limit] = np.inf
        best = prices.min()
        return None if best == np.inf else self._last(prices <= best + TIE * abs(best))

    def highest_f1(self, prevalence: float) -> Choice:
        """See `ScoreAxis.highest_f1`."""
        _, rates = self.every
        f1 = rates.confusion(prevalence).f1
        return self._last(f1 >= np.nanmax(f1) * (1 - TIE))

    def _last(self, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Choice:
        thresholds, rates = self.every
        i = int(np.flatnonzero(chosen)[-1])
        return Choice(float(thresholds[i]), Rates(float(rates.tpr[i]), float(rates.fpr[i])))
