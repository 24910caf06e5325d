"""Diagnosis' defaults, frozen by version."""

from typing import Final

from aipm_metrics.link_values import Value

__all__ = ["VERSIONS"]

VERSIONS: Final[dict[int, dict[str, Value]]] = {
    1: {
        "threshold": 0.01,
        "design": "slow and explained",
        "today_design": "fast and opaque",
        "today_threshold": 0.01,
        "row_mix": "the rows' own",
        "prevalence": 0.0059,
        "patients_per_day": 190.0,
        "human_tpr": 0.869,
        "human_fpr": 0.111,
        "reading_min": 4.0,
        "reading_hours": 16.0,
        "auc": 0.93,
        "temperature": 1.0,
        "believed_prevalence": 0.0059,
        "correlation": 0.3,
        "follow_right_opaque": 0.6,
        "follow_wrong_opaque": 0.35,
        "follow_right_explained": 0.7,
        "follow_wrong_explained": 0.3,
        "slow_wait_s": 30.0,
        "cut": 0.4,
        "use_opaque": 0.6,
        "evidence": "my own slope",
        "waiting_effect": 0.8,
        "explanation_effect": 0.7,
        "explain_s": 12.0,
        "dispute_min": 2.0,
        "harm_per_miss": 60000.0,
        "cost_workup": 600.0,
        "clinician_wage": 220.0,
        "ai_price": 1.5,
    },
}
