"""Random error budgets over the full range of every knob."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario
from tests.aipm_metrics.scenario_draws import draw_knob

if TYPE_CHECKING:
    import numpy as np

__all__ = ["draw_budget"]


def draw_budget(rng: np.random.Generator, **fixed: float | str) -> ErrorBudgetScenario:
    """A value for every knob, whole ones whole; some fixed."""
    values = {}
    for name, knob in knobs_of(ErrorBudgetScenario).items():
        value = draw_knob(knob, rng)
        values[name] = round(float(value)) if knob.whole else value
    return ErrorBudgetScenario.model_validate({**values, **fixed})
