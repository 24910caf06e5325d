"""Build or not's defaults, frozen by version."""

from typing import Final

from aipm_metrics.link_values import Value

__all__ = ["VERSIONS"]

VERSIONS: Final[dict[int, dict[str, Value]]] = {
    1: {
        "months": 24.0,
        "option": "a model",
        "today": "rules",
        "items_per_month": 50000.0,
        "prevalence": 0.02,
        "cost_fn": 20.0,
        "cost_fp": 2.0,
        "auc": 0.95,
        "model_build": 150000.0,
        "launch_months": 6.0,
        "model_run": 4000.0,
        "price_per_thousand": 1.0,
        "decay": 0.03,
        "retrain_months": 6.0,
        "retrain_cost": 8000.0,
        "rules_tpr": 0.5,
        "rules_fpr": 0.02,
        "rules_decay": 0.01,
        "rules_build": 5000.0,
        "rules_run": 500.0,
        "people_tpr": 0.9,
        "people_fpr": 0.01,
        "minutes_per_item": 0.5,
        "people_hours": 1000.0,
        "wage": 25.0,
        "across": "items",
        "up": "AUC",
    },
}
