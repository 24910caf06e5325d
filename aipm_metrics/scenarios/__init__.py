"""One question per file. Adding a question adds one line to this list; app and links read it."""

from aipm_metrics.scenarios.api_spend import ApiSpendScenario
from aipm_metrics.scenarios.build_or_not import BuildOrNotScenario
from aipm_metrics.scenarios.contract import Scenario
from aipm_metrics.scenarios.diagnosis import DiagnosisScenario
from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario
from aipm_metrics.scenarios.forecasting import ForecastingScenario
from aipm_metrics.scenarios.moderation import ModerationScenario
from aipm_metrics.scenarios.peak_load import PeakLoadScenario
from aipm_metrics.scenarios.translate import TranslateScenario

__all__ = ["SCENARIOS"]

SCENARIOS: tuple[type[Scenario], ...] = (
    ModerationScenario,
    TranslateScenario,
    DiagnosisScenario,
    ForecastingScenario,
    PeakLoadScenario,
    ApiSpendScenario,
    ErrorBudgetScenario,
    BuildOrNotScenario,
)
