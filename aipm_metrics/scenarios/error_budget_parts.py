"""What an SLO's answer shows beside its money: who spends, which rule, what an incident does.

Axis letters: `m` modes, `n` minutes. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from aipm_metrics.estimates import Estimate, clopper_pearson, wilson
from aipm_metrics.models.error_budget import fire_minutes, reset_minutes, rolling_share
from aipm_metrics.models.sample_sizes import without_failure
from aipm_metrics.scenarios.error_budget_chain import (
    MODES,
    MONTH_DAYS,
    PAGES,
    allowed_parts,
    cost_of,
    observed_parts,
    requests_in_window,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.error_budget import Alert, AlertPolicy
    from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario

__all__ = [
    "AlertHere",
    "Incident",
    "OwnerShare",
    "Sli",
    "Split",
    "Traffic",
    "alerts_here",
    "incident_of",
    "owner_shares",
    "slis_of",
    "splits_of",
    "traffic_of",
]

LEAD, TAIL = 30, 90  # minutes drawn before and after an incident
ENOUGH = 10  # bad answers a budget should hold before one of them is no longer news
HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Split:
    """One way to split the budget.

    Attributes
    ----------
    rule
    allowed : (m,) shares of answers
    cost : USD a month, at the chosen SLO
    best_slo, best_cost
        Its own cheapest SLO, and what that costs.
    """

    rule: str
    allowed: Floats
    cost: float
    best_slo: float
    best_cost: float


@dataclass(frozen=True, slots=True)
class OwnerShare:
    """One owner's part: which modes, what they may spend and do spend, in answers a month."""

    owner: str
    modes: tuple[str, ...]
    allowed: float
    spent: float


@dataclass(frozen=True, slots=True)
class Sli:
    """One indicator over a window: the share of answers that are good, with both intervals."""

    name: str
    bad: int
    score: Estimate
    exact: Estimate


@dataclass(frozen=True, slots=True)
class Traffic:
    """Whether there are enough answers for the alerts to mean anything.

    Attributes
    ----------
    an_hour : answers
    budget : answers a window that may be bad
    one_burns, one_spends
        Burn rate in an hour with one bad answer, and the share of the budget it spends.
    to_claim : answers
        Without a bad one, before the SLO may be claimed at 99 % confidence.
    low
        Whether the budget holds fewer than 10 answers.
    one_pages
        Whether one bad answer in an hour reaches the fast page, with the alerts as set.
    """

    an_hour: float
    budget: float
    one_burns: float
    one_spends: float
    to_claim: int
    low: bool
    one_pages: bool


@dataclass(frozen=True, slots=True)
class AlertHere:
    """One alert in this scenario.

    Attributes
    ----------
    alert
    after : minutes
        Into the incident until it fires; ``inf`` where it does not while the incident lasts.
    clears : minutes
        After the incident until it clears; ``nan`` where it does not fire.
    always_on
        Whether what fails now keeps it on.
    """

    alert: Alert
    after: float
    clears: float
    always_on: bool


@dataclass(frozen=True, slots=True)
class Incident:
    """The incident minute by minute, on an otherwise clean stream.

    Attributes
    ----------
    minute : (n,) minutes from its start
        Of the end of each minute.
    burn : tuple of (long, short), each (n,) burn rates
        Of the two pages, the fast one first.
    on : tuple of (n,) bools
        Whether each page is on.
    clears : tuple of minutes
        After the incident, until each page clears; ``nan`` where it never fired.
    """

    minute: Floats
    burn: tuple[tuple[Floats, Floats], ...]
    on: tuple[NDArray[np.bool_], ...]
    clears: tuple[float, ...]


def splits_of(s: ErrorBudgetScenario, low: float, high: float) -> tuple[Split, ...]:
    """Every rule at the chosen SLO and at its own cheapest between two SLOs."""
    found = []
    for rule in get_args(type(s).model_fields["rule"].annotation):
        other = s.model_copy(update={"rule": rule})
        cost, bad = cost_of(other), 1 - s.slo
        best = float(cost.cheapest(1 - high, 1 - low))
        found.append(
            Split(rule, allowed_parts(other, bad), float(cost(bad)), 1 - best, float(cost(best)))
        )
    return tuple(found)


def owner_shares(s: ErrorBudgetScenario) -> tuple[OwnerShare, ...]:
    """Add what modes may spend and do spend up by owner, the worst overspender first."""
    allowed, spent = allowed_parts(s, 1 - s.slo), observed_parts(s)
    owners: dict[str, list[int]] = {}
    for i, mode in enumerate(MODES):
        owners.setdefault(getattr(s, f"owner_{mode}"), []).append(i)
    n = s.requests_per_month
    shares = [
        OwnerShare(owner, tuple(MODES[i] for i in mine), float(allowed[mine].sum()) * n,
                   float(spent[mine].sum()) * n)
        for owner, mine in owners.items()
    ]  # fmt: skip
    return tuple(sorted(shares, key=lambda share: share.allowed - share.spent))


def slis_of(s: ErrorBudgetScenario) -> tuple[Sli, ...]:
    """Count every mode's own indicator over a window, and that of all of them together."""
    trials = max(round(requests_in_window(s)), 1)
    each = {mode: float(getattr(s, f"observed_{mode}")) for mode in MODES}
    each["all"] = float(observed_parts(s).sum())
    found = []
    for name, share in each.items():
        good = trials - round(share * trials)
        found.append(Sli(name, trials - good, wilson(good, trials), clopper_pearson(good, trials)))
    return tuple(found)


def traffic_of(s: ErrorBudgetScenario, policy: AlertPolicy) -> Traffic:
    """Look whether there are enough answers for the alerts to mean anything."""
    an_hour = s.requests_per_month / (MONTH_DAYS * HOURS_A_DAY)
    bad = 1 - s.slo
    budget = requests_in_window(s) * bad
    fast = policy.alerts[0]
    return Traffic(
        an_hour=an_hour, budget=budget, one_burns=min(1 / an_hour, 1.0) / bad,
        one_spends=1 / budget, to_claim=without_failure(s.slo), low=budget < ENOUGH,
        one_pages=min(1 / an_hour, 1.0) >= fast.threshold,
    )  # fmt: skip


def alerts_here(s: ErrorBudgetScenario, alerts: tuple[Alert, ...]) -> tuple[AlertHere, ...]:
    """See what each alert does in the incident, and at what fails now."""
    union, found = float(observed_parts(s).sum()), []
    for alert in alerts:
        after = float(fire_minutes(s.incident_rate, alert.threshold, alert.long_min))
        clears = float(reset_minutes(s.incident_rate, alert.threshold, alert.short_min))
        if after > s.incident_minutes * (1 + 1e-9):
            after, clears = np.inf, np.nan
        found.append(AlertHere(alert, after, clears, union >= alert.threshold))
    return tuple(found)


def incident_of(s: ErrorBudgetScenario, policy: AlertPolicy) -> Incident:
    """Play the incident on a grid of minutes."""
    lasts = int(s.incident_minutes)
    bad = np.zeros(LEAD + lasts + max(TAIL, lasts // 2))
    bad[LEAD : LEAD + lasts] = s.incident_rate
    busy, budget = np.ones(bad.size), 1 - s.slo
    burn, on, clears = [], [], []
    for alert in (policy.alerts[i] for i in PAGES):
        shares = [rolling_share(bad, busy, int(w)) for w in (alert.long_min, alert.short_min)]
        both = np.minimum(*shares) >= alert.threshold * (1 - 1e-9)
        burn.append((shares[0] / budget, shares[1] / budget))
        on.append(both)
        cleared = float(reset_minutes(s.incident_rate, alert.threshold, alert.short_min))
        clears.append(cleared if both.any() else float("nan"))
    minute = np.arange(1, bad.size + 1, dtype=float) - LEAD
    return Incident(minute, tuple(burn), tuple(on), tuple(clears))
