"""Translate's defaults, frozen by version."""

from typing import Final

from aipm_metrics.link_values import Value

__all__ = ["VERSIONS"]

VERSIONS: Final[dict[int, dict[str, Value]]] = {
    1: {
        "changed": "precision",
        "amount": -0.05,
        "measure": "per cent",
        "held": "recall",
        "volume": 2e6,
        "volume_known": "to the last one",
        "positives": 20_000.0,
        "positives_known": "not known",
        "prevalence": 0.01,
        "prevalence_known": "to 0.1 %",
        "flagged": 20_000.0,
        "flagged_known": "not known",
        "flagged_share": 0.01,
        "flagged_share_known": "not known",
        "precision": 0.8,
        "precision_known": "to 1 %",
        "recall": 0.8,
        "recall_known": "to 1 %",
        "f1": 0.8,
        "f1_known": "not known",
        "fpr": 0.002,
        "fpr_known": "not known",
        "accuracy": 0.996,
        "accuracy_known": "not known",
        "tickets_per_false_alarm": 0.25,
        "tickets_per_missed": 0.4,
        "cost_per_ticket": 5.0,
        "harm_per_missed": 30.0,
        "items_per_person": 8.0,
        "leave_after_wrongful": 0.04,
        "leavers_per_missed": 0.15,
        "value_per_person": 60.0,
        "target": "tickets",
        "target_amount": 500.0,
    },
}
