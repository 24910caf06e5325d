"""What happens a month at Build or not, each with its formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_metrics.scenarios.contract import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs
    from aipm_metrics.scenarios.build_or_not_plan import Way

__all__ = ["outcomes_of"]

OUTCOMES: tuple[
    tuple[
        str, str, str, Literal["lower", "higher", "neither"], str,
        Callable[[BuildOrNotKnobs, Way], Any],
    ],
    ...,
] = (
    ("fn", "positives missed", "items", "lower", "items_per_month * prevalence * (1 - tpr)",
     lambda s, w: s.items_per_month * s.prevalence * (1 - w.tpr)),
    ("fp", "false alarms", "items", "lower", "items_per_month * (1 - prevalence) * fpr",
     lambda s, w: s.items_per_month * (1 - s.prevalence) * w.fpr),
    ("cost_misses", "misses", "USD", "lower", "fn * cost_fn", lambda _, w: w.usd["misses"]),
    ("cost_alarms", "false alarms paid for", "USD", "lower", "fp * cost_fp",
     lambda _, w: w.usd["false alarms"]),
    ("cost_running", "running it", "USD", "lower",
     "wages, or model_run + items_per_month / 1000 * price_per_thousand + retraining",
     lambda _, w: w.usd["running"]),
    ("cost_building", "building it", "USD", "lower", "build / months",
     lambda _, w: w.usd["building"]),
    ("cost", "cost", "USD", "lower", "cost_misses + cost_alarms + cost_running + cost_building",
     lambda _, w: w.cost),
)  # fmt: skip

SAID = {"fn": "misses {} positives", "fp": "raises {} false alarms"}


def outcomes_of(s: BuildOrNotKnobs, here: Way, there: Way, row: int) -> tuple[Outcome, ...]:
    """Tell what one way does, beside another, over one length of the plan."""
    return tuple(
        Outcome(
            name=name, label=label, value=float(np.ravel(read(s, here))[row]),
            compared=float(np.ravel(read(s, there))[row]), unit=unit, per="month",
            better=better, formula=formula, said=SAID.get(name, ""),
        )
        for name, label, unit, better, formula, read in OUTCOMES
    )  # fmt: skip
