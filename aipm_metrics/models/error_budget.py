"""Error budgets by one name: burn rates, alerts on them, and who may spend what.

The mathematics stands in `burn_rates`, `burn_alerts` and `budget_shares`.
"""

from aipm_metrics.models.budget_shares import (
    Rule,
    allocate,
    attributed,
    attributed_counts,
    keeping_cost,
    least_cost_budget,
    owner_first,
)
from aipm_metrics.models.burn_alerts import (
    SHARES,
    WINDOWS,
    Alert,
    AlertPolicy,
    alert_factors,
    alert_policy,
    can_fire,
    fire_minutes,
    proposed_factors,
    reset_minutes,
)
from aipm_metrics.models.burn_rates import (
    MINUTES_A_DAY,
    bad_share,
    budget_minutes,
    budget_spent,
    burn_rate,
    minutes_to_exhaustion,
    rolling_share,
)

__all__ = [
    "MINUTES_A_DAY",
    "SHARES",
    "WINDOWS",
    "Alert",
    "AlertPolicy",
    "Rule",
    "alert_factors",
    "alert_policy",
    "allocate",
    "attributed",
    "attributed_counts",
    "bad_share",
    "budget_minutes",
    "budget_spent",
    "burn_rate",
    "can_fire",
    "fire_minutes",
    "keeping_cost",
    "least_cost_budget",
    "minutes_to_exhaustion",
    "owner_first",
    "proposed_factors",
    "reset_minutes",
    "rolling_share",
]
