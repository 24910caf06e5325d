"""What a person and an AI cost together along the AI's cutoff, and where that is least.

``cost = per_miss (1 - tpr) + per_false fpr + per_dispute_ill d1 + per_dispute_well d0``

with the team's rates (`reliance.team_rates`) and d1, d0 how often the two disagree within either
state. As the AI's cutoff x rises it says yes to fewer: those it drops have latent score x, and the
person says yes to a share ``q(x) = Phi((z_person - r z_ai) / sqrt(1 - r^2))`` of them. So the cost
changes by ``phi(x - d) g1(x) - phi(x) g0(x)`` with

- ``g1 = per_miss (right + (wrong - right) q1) - per_dispute_ill (1 - 2 q1)``
- ``g0 = per_false (wrong + (right - wrong) q0) + per_dispute_well (1 - 2 q0)``

and its sign is that of ``exp(d x - d**2/2) g1(x) - g0(x)``: no bivariate integral is needed to
search. Each change of sign is polished, and compared with the AI that flags everything or nothing.
Axis letters: `t` cutoffs, `g` settings, each with a model and a cost of its own. Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize import elementwise
from scipy.special import ndtr, ndtri

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.operating_points import TIE
from aipm_metrics.models.reliance import Calls, calls_of

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats, Rates

__all__ = ["TeamCost", "cheapest_cutoff"]

FAR = 10.0  # sd beyond which a rate differs from 0 or 1 by less than 1e-23
STEP = 0.05  # sd between the points where signs are compared
GONE = 700.0  # exponents beyond this overflow
FIELDS = (
    "human_tpr", "human_fpr", "follow_right", "follow_wrong", "correlation", "per_miss",
    "per_false", "per_dispute_ill", "per_dispute_well",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamCost:
    """Cost as a function of the AI's rates; every price in one unit, such as USD a month.

    Attributes
    ----------
    human_tpr, human_fpr, follow_right, follow_wrong, correlation
        See `reliance.team_rates`.
    per_miss, per_false : floats or (g,) arrays, at least 0
        Cost if every positive were missed; if every negative were flagged.
    per_dispute_ill, per_dispute_well : floats or (g,) arrays, at least 0
        Cost if the two disagreed on every positive; on every negative.

    Examples
    --------
    A person who never follows costs what the person's own mistakes cost:

    >>> from aipm_metrics.models.confusion import Rates
    >>> alone = TeamCost(
    ...     human_tpr=0.9, human_fpr=0.1, follow_right=0, follow_wrong=0, per_miss=100, per_false=50
    ... )
    >>> round(float(alone(Rates(tpr=0.5, fpr=0.5))), 9)
    15.0
    """

    human_tpr: Any
    human_fpr: Any
    follow_right: Any
    follow_wrong: Any
    correlation: Any = 0.0
    per_miss: Any = 0.0
    per_false: Any = 0.0
    per_dispute_ill: Any = 0.0
    per_dispute_well: Any = 0.0

    def __call__(self, rates: Rates) -> Any:
        """Cost at each pair of the AI's rates, (t,)."""
        ill = calls_of(self.human_tpr, rates.tpr, self.correlation)
        return self.of_calls(ill, calls_of(self.human_fpr, rates.fpr, self.correlation))

    def of_calls(self, ill: Calls, well: Calls) -> Any:
        """Cost where it is known already how the two call."""
        missed = 1 - ill.together(self.follow_right, self.follow_wrong)
        false = well.together(self.follow_wrong, self.follow_right)
        disputed = self.per_dispute_ill * ill.differ + self.per_dispute_well * well.differ
        return self.per_miss * missed + self.per_false * false + disputed

    def rising(self, cutoff: Floats, separation: Any) -> Floats:
        """Sign of how the cost changes as the AI's cutoff rises; see the module."""
        x, d = cutoff, np.asarray(separation, float)
        q1, q0 = self._says_yes(self.human_tpr, d - x), self._says_yes(self.human_fpr, -x)
        right, wrong = self.follow_right, self.follow_wrong
        g1 = self.per_miss * (right + (wrong - right) * q1) - self.per_dispute_ill * (1 - 2 * q1)
        g0 = self.per_false * (wrong + (right - wrong) * q0) + self.per_dispute_well * (1 - 2 * q0)
        # Divided by the larger of the two densities, so that neither overflows.
        ratio = d * x - d**2 / 2
        return np.asarray(
            np.exp(np.clip(np.minimum(ratio, 0), -GONE, 0)) * g1
            - np.exp(np.clip(np.minimum(-ratio, 0), -GONE, 0)) * g0
        )

    def _says_yes(self, rate: Any, edge: Any) -> Any:
        """Share of the cases at the AI's cutoff that the person calls positive."""
        r = np.asarray(self.correlation, float)
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (ndtri(rate) - r * edge) / np.sqrt((1 - r) * (1 + r))
        return ndtr(np.nan_to_num(z, nan=0.0, posinf=np.inf, neginf=-np.inf))


def cheapest_cutoff(separation: Any, cost: TeamCost) -> tuple[Floats, Floats]:
    """Cutoff of the AI at which the team costs least, and that cost, for many settings at once.

    Parameters
    ----------
    separation : float or (g,) floats, at least 0, sd
        Distance of the AI's two bell curves (`models.binormal`).
    cost : TeamCost
        Its fields are numbers or (g,).

    Returns
    -------
    cutoff, cost : (g,) floats
        ``inf`` flags nothing and ``-inf`` everything; of equal costs the highest cutoff.

    Examples
    --------
    Who always follows is the AI; a miss as dear as a false alarm is cut half-way:

    >>> always = TeamCost(
    ...     human_tpr=0.9, human_fpr=0.1, follow_right=1, follow_wrong=1, per_miss=1, per_false=1
    ... )
    >>> cutoff, _ = cheapest_cutoff(2.0, always)
    >>> round(float(cutoff[0]), 9)
    1.0
    """
    told = np.broadcast_arrays(np.atleast_1d(separation), *(getattr(cost, f) for f in FIELDS))
    d, fields = told[0][:, None], dict(zip(FIELDS, (v[:, None] for v in told[1:]), strict=True))
    each = TeamCost(**fields)
    grid = np.arange(-FAR, FAR + float(d.max()) + STEP, STEP)
    signs = np.sign(each.rising(grid[None, :], d))
    rows, left = np.nonzero((signs[:, :-1] < 0) & (signs[:, 1:] >= 0))  # falls, then rises: least
    found = _polished(each, d, rows, grid[left], grid[left + 1])
    tried = np.full((d.size, int(np.bincount(rows, minlength=1).max(initial=0)) + 2), np.inf)
    tried[:, 0] = -np.inf
    place = np.arange(rows.size) - np.searchsorted(rows, rows) + 1  # within its own row
    tried[rows, place] = found
    usd = each(Binormal(d).rates(tried))
    best = usd.min(axis=1, keepdims=True)
    at = np.where(usd <= best + TIE * np.abs(best), tried, -np.inf).max(axis=1)
    return at, best[:, 0]


def _polished(cost: TeamCost, d: Floats, rows: Any, low: Floats, high: Floats) -> Floats:
    """Root in each bracket, all at once (Chandrupatla 1997)."""
    if not rows.size:
        return np.empty(0)

    def rising(x: Floats, row: Floats) -> Floats:
        i = row.astype(np.intp)
        mine = TeamCost(**{name: getattr(cost, name)[i, 0] for name in FIELDS})
        return mine.rising(x, d[i, 0])

    found = elementwise.find_root(
        rising, (low, high), args=(rows.astype(float),),
        tolerances={"xatol": 1e-14, "xrtol": 1e-14, "fatol": 0.0},
    )  # fmt: skip
    return np.asarray(found.x, float)
