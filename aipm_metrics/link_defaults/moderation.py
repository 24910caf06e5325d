"""Moderation's defaults, frozen by version.

Version 2 knows what a model costs and how long it takes to decide. What those before it meant by
that is said here too: nobody counted the model's price, and posts were judged before they were
shown; so an older link gives the numbers it always gave.
"""

from typing import Final

from aipm_metrics.link_values import Value

__all__ = ["VERSIONS"]

FIRST: Final[dict[str, Value]] = {
    "threshold": 0.15,
    "auc": 0.96,
    "row_mix": "the rows' own",
    "prevalence": 0.01,
    "items_per_month": 2e6,
    "calibration": "today's mix",
    "trained_prevalence": 0.002,
    "temperature": 1.0,
    "items_per_author": 8.0,
    "leave_after_wrongful": 0.04,
    "value_per_author": 60.0,
    "views_per_missed": 300.0,
    "leave_after_harm": 0.0005,
    "value_per_viewer": 15.0,
    "harm_per_missed": 30.0,
    "appeal_share": 0.25,
    "minutes_per_appeal": 6.0,
    "reports_per_missed": 0.4,
    "minutes_per_report": 3.0,
    "reviewer_wage": 22.0,
    "desk_hours": 800.0,
    "recall_floor": 0.8,
    "today_threshold": 0.5,
}
FREE_AND_AT_ONCE: Final[dict[str, Value]] = {
    "model_price": 0.0,
    "decision_delay": 0.0,
    "views_half_life": 80.0,
}
PRICED_AND_TIMED: Final[dict[str, Value]] = {
    "model_price": 0.05,
    "decision_delay": 0.0,
    "views_half_life": 80.0,
}

VERSIONS: Final[dict[int, dict[str, Value]]] = {
    1: FIRST | FREE_AND_AT_ONCE,
    2: FIRST | PRICED_AND_TIMED,
}
