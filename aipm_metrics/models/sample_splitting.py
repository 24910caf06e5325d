"""How much the cheapest threshold saves, judged on rows that did not choose it.

Whoever picks, of a thousand thresholds, the one that was cheapest on some rows, and then asks the
same rows whether it is cheaper, hears yes: that is how it was picked. So the rows are split by coin
toss, one half chooses, the other judges: sample splitting (Cox 1975, "A note on data-dependent
choice of the hypothesis", Biometrika 62, 441-444). Counts can be split as rows can, each count by a
binomial. One split is a matter of luck, so there are several; their mean is told.

The chance is `threshold_evidence`'s posterior one; only its rows are others. Random, from a seed.
Axis letters: `t` distinct scores, ascending; `s` splits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.threshold_evidence import threshold_evidence

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Counts

__all__ = ["HeldOut", "cheapest_held_out"]


@dataclass(frozen=True, slots=True)
class HeldOut:
    """What choosing the cheapest threshold brings, on rows that did not choose.

    Attributes
    ----------
    chances : (s,) floats, 0 to 1
        Posterior chance, in each split, that the threshold chosen on one half is cheaper than
        the given one, by the other half; 1/2 where no row of it tells them apart.
    savings : (s,) floats, in the unit of the costs, per item
        What the chosen threshold saves there; negative where it costs more.
    chosen : (s,) integers
        Place of the chosen threshold; `t` stands for flagging nothing.
    """

    chances: Floats
    savings: Floats
    chosen: Counts

    @property
    def chance(self) -> float:
        """Mean chance over the splits."""
        return float(self.chances.mean())

    @property
    def saving(self) -> float:
        """Mean saving per item over the splits."""
        return float(self.savings.mean())


def cheapest_held_out(
    positives_at: ArrayLike, negatives_at: ArrayLike, place: int,
    *, cost_fn: float, cost_fp: float, seed: int = 0, splits: int = 10,
) -> HeldOut:  # fmt: skip
    """Choose the cheapest threshold on half of the rows, and judge it on the other half.

    Half of the rows choose, so the choice is a little worse than one made on all of them: the
    answer leans to caution.

    Parameters
    ----------
    positives_at, negatives_at : (t,) integers
        Rows of each class at each distinct score.
    place : int, 0 to t
        Which distinct score is the threshold to beat; `t` for flagging nothing.
    cost_fn, cost_fp : float, at least 0
        Cost of one missed positive, and of one false alarm.
    seed, splits : int
        Where the coin tosses start, and how often the rows are split.

    Raises
    ------
    MetricsError
        For a place that is not there, or fewer than one split.

    Examples
    --------
    Positives lie above negatives, so "flag nothing" is beaten on whatever half:

    >>> found = cheapest_held_out([0, 90], [90, 0], 2, cost_fn=1, cost_fp=1)
    >>> set(found.chosen.tolist()), round(found.chance, 6)
    ({1}, 1.0)
    """
    at_pos, at_neg = np.asarray(positives_at, np.int64), np.asarray(negatives_at, np.int64)
    if not 0 <= place <= at_pos.size:
        raise MetricsError(f"`place` must lie in [0, {at_pos.size}]; got {place}")
    if splits < 1:
        raise MetricsError(f"`splits` must be at least 1; got {splits}")
    rng = np.random.default_rng(seed)
    chosen, chances, savings = np.empty(splits, np.int64), np.empty(splits), np.empty(splits)
    for s in range(splits):
        half_p, half_n = rng.binomial(at_pos, 0.5), rng.binomial(at_neg, 0.5)
        flagged = _at_or_above(cost_fp * half_n - cost_fn * half_p)  # beside flagging nothing
        # Of equals the one that flags fewest, as everywhere.
        chosen[s] = flagged.size - 1 - int(flagged[::-1].argmin())
        tp, fp = _at_or_above(at_pos - half_p), _at_or_above(at_neg - half_n)
        k = chosen[s]
        told = threshold_evidence(
            tp[k], fp[k], tp[place], fp[place], tp[0], fp[0], cost_fn=cost_fn, cost_fp=cost_fp
        )
        chances[s] = 0.5 if np.isnan(told.chance) else told.chance
        savings[s] = 0.0 if np.isnan(told.difference) else -told.difference
    return HeldOut(chances, savings, chosen)


def _at_or_above(values: Any) -> Any:
    """Add up from each score upwards, with 0 for "nothing", (t + 1,)."""
    return np.append(values[::-1].cumsum()[::-1], 0)
