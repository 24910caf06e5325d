"""From an SLO to answers, minutes, alerts and money: the chain that Error budget follows.

What is allowed to go wrong is split between six failure modes; what does go wrong is counted once
each, for the first mode in a fixed order. A month is 365.25 / 12 days whatever the SLO's window.
Axis letters: `t` SLOs, `m` modes, `a` alerts, `s` draws. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from aipm_metrics.models.budget_cost import BudgetCost
from aipm_metrics.models.composites import called_often, with_fallback
from aipm_metrics.models.error_budget import (
    WINDOWS,
    alert_factors,
    allocate,
    attributed,
    budget_minutes,
    budget_spent,
    fire_minutes,
    minutes_to_exhaustion,
    proposed_factors,
)

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario

__all__ = [
    "DAYS",
    "MODES",
    "MONTH_DAYS",
    "PAGES",
    "Month",
    "allowed_parts",
    "call_of",
    "ceiling_of",
    "cost_of",
    "month",
    "observed_parts",
    "page_shares",
    "requests_in_window",
]

MODES: Final = ("down", "slow", "wrong", "unsafe", "capped", "degraded")
MONTH_DAYS = 365.25 / 12
DAYS: Final = {
    "7 days": 7.0, "28 days": 28.0, "30 days": 30.0, "30.4375 days": MONTH_DAYS, "90 days": 90.0,
}  # fmt: skip
PAGES = tuple(i for i, (severity, _, _) in enumerate(WINDOWS) if severity == "page")
PRICED_AT = 1e-3  # bad share at which keeping a mode down is priced: 1 in 1,000
MINUTES_A_DAY = 1_440
HAIR = 1e-9  # of a minute count


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What one SLO means; arrays (t,) where SLOs are, with modes or alerts last.

    Attributes
    ----------
    slo, bad : shares of answers
        Promised good; allowed to be bad.
    allowed : (t, m) shares of answers
        What each mode may spend; they add up to `bad`.
    bad_answers : answers a month
    outage_minutes : minutes in a window
        Of total outage that spend the whole budget.
    spent : budgets
        What is spent in a window at the observed failures; above 1 is more than all.
    left_days : days
        Until a whole budget is gone at the observed failures; ``inf`` where nothing fails.
    incident_spent : budgets
        What the incident spends on top.
    fast_threshold : share of answers
        That must be bad for the fast page to fire; above 1 it never does.
    fire : (t, a) minutes
        Until each alert fires while the incident's error rate lasts; ``inf`` for never.
    paged, paged_proposed : minutes
        Until somebody is paged in this incident; ``inf`` for nobody. With the alerts as set, and
        with those proposed in their place.
    cost_by_cause : dict of str to USD a month
    """

    slo: Any
    bad: Any
    allowed: Any
    bad_answers: Any
    outage_minutes: Any
    spent: Any
    left_days: Any
    incident_spent: Any
    fast_threshold: Any
    fire: Any
    paged: Any
    paged_proposed: Any
    cost_by_cause: dict[str, Any]

    @property
    def cost(self) -> Any:
        """Money lost, USD a month."""
        return sum(self.cost_by_cause.values())

    def at(self, rows: Any) -> Month:
        """Pick one SLO by its place (scalars), or several (arrays)."""

        def pick(values: Any) -> Any:
            if isinstance(values, dict):
                return {name: pick(each) for name, each in values.items()}
            picked = np.asarray(values)[rows]
            return picked if np.ndim(picked) else float(picked)

        return replace(self, **{f.name: pick(getattr(self, f.name)) for f in fields(self)})


def month(s: ErrorBudgetScenario, slo: Any) -> Month:
    """Follow the chain from SLOs, (t,) or one of them, to answers, alerts and money."""
    slo = np.asarray(slo, float)
    bad, days = 1 - slo, DAYS[s.window]
    cost, union = cost_of(s), float(observed_parts(s).sum())
    harm, keeping = cost.split(bad)
    factors = alert_factors(page_shares(s), days)
    fire = _fire(s, bad, factors)
    return Month(
        slo=slo[()], bad=bad[()], allowed=allowed_parts(s, bad),
        bad_answers=s.requests_per_month * bad,
        outage_minutes=budget_minutes(slo, days),
        spent=union / bad,
        left_days=minutes_to_exhaustion(union, slo, days) / MINUTES_A_DAY,
        incident_spent=budget_spent(s.incident_rate, s.incident_minutes, slo, days),
        fast_threshold=factors[0] * bad,
        fire=fire, paged=_paged(s, fire),
        paged_proposed=_paged(s, _fire(s, bad, proposed_factors(factors, slo))),
        cost_by_cause={"harm": harm, "keeping": keeping},
    )  # fmt: skip


def _fire(s: ErrorBudgetScenario, bad: Any, factors: Floats) -> Floats:
    long_min = np.array([minutes for _, minutes, _ in WINDOWS])
    return np.asarray(fire_minutes(s.incident_rate, factors * bad[..., None], long_min), float)


def _paged(s: ErrorBudgetScenario, fire: Floats) -> Any:
    """Minutes until the first page fires, if the incident lasts that long."""
    first = fire[..., list(PAGES)].min(axis=-1)
    return np.where(first <= s.incident_minutes + HAIR, first, np.inf)[()]


def _of_modes(s: ErrorBudgetScenario, what: str) -> Floats:
    """Value of one kind of knob for every mode, (..., m); each may be an array of draws."""
    values = [np.asarray(getattr(s, f"{what}_{mode}"), float) for mode in MODES]
    return np.stack(np.broadcast_arrays(*values), axis=-1)


def observed_parts(s: ErrorBudgetScenario) -> Floats:
    """Share of answers that fail in each mode first, (m,); together the share that fails."""
    return attributed(_of_modes(s, "observed"))


def page_shares(s: ErrorBudgetScenario) -> tuple[float, float, float, float]:
    """Share of the budget gone when each alert fires: 1 hour, 6 hours, 1 day, 3 days."""
    return s.fast_share, s.slow_share, s.ticket_share, s.ticket_share


def requests_in_window(s: ErrorBudgetScenario) -> float:
    """Answers in one window of the SLO."""
    return s.requests_per_month * DAYS[s.window] / MONTH_DAYS


def ceiling_of(s: ErrorBudgetScenario) -> float:
    """Share of answers for which everything they depend on is good: no SLO can be stricter."""
    return float(called_often(call_of(s), s.calls_per_answer))


def call_of(s: ErrorBudgetScenario) -> float:
    """Share of calls that succeed, at the first provider or at its fallback."""
    if s.fallback == "none":
        return float(s.provider)
    return float(with_fallback(s.provider, s.provider))


def _fractions(s: ErrorBudgetScenario) -> Floats:
    """Part of what is split that each mode gets, (..., m)."""
    keep = _of_modes(s, "keep")
    if s.rule in {"equal", "proportional", "square root"}:
        return allocate(1.0, keep, s.rule)
    weights = keep / _of_modes(s, "harm")
    if s.rule == "platform first":  # what is down has its claim already
        weights = weights * np.append(0.0, np.ones(len(MODES) - 1))
    return allocate(1.0, weights, "square root")


def cost_of(s: ErrorBudgetScenario) -> BudgetCost:
    """Cost a month of a budget, as the scenario's rule splits it; any number may be an array."""
    part, first = _fractions(s), s.rule == "platform first"
    harm = _of_modes(s, "harm") * np.asarray(s.requests_per_month, float)[..., None]
    keep = _of_modes(s, "keep") * PRICED_AT
    kept = np.divide(keep, part, out=np.zeros(np.broadcast_shapes(keep.shape, part.shape)),
                     where=part > 0)  # fmt: skip
    return BudgetCost(
        harm=(harm * part).sum(axis=-1), keeping=kept.sum(axis=-1),
        claim=1 - ceiling_of(s) if first else 0.0,
        claim_harm=harm[..., 0] if first else 0.0, claim_keeping=keep[..., 0] if first else 0.0,
    )  # fmt: skip


def allowed_parts(s: ErrorBudgetScenario, bad: Any) -> Floats:
    """Share of answers each mode may fail, (..., m), of a bad share in all."""
    first = np.asarray(cost_of(s).taken(bad), float)
    parts = (np.asarray(bad, float) - first)[..., None] * _fractions(s)
    parts[..., 0] += first
    return np.asarray(parts, float)
