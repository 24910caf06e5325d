"""Random Forecasting scenarios over the full range of every knob."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.forecasting import ForecastingScenario
from tests.aipm_metrics.scenario_draws import draw_knob

if TYPE_CHECKING:
    import numpy as np

__all__ = ["draw_forecasting"]


def draw_forecasting(rng: np.random.Generator) -> ForecastingScenario:
    """One scenario; every third is what happens today or trusts the forecast."""
    values = {name: draw_knob(knob, rng) for name, knob in knobs_of(ForecastingScenario).items()}
    kind = rng.integers(6)
    if kind == 0:
        values |= {"buffer": values["today_buffer"], "in_use": "the old one"}
    elif kind == 1:
        values["buffer"] = 0.0
    return ForecastingScenario.model_validate(values)
