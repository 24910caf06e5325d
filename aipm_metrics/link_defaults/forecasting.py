"""Forecasting's defaults, frozen by version."""

from typing import Final

from aipm_metrics.link_values import Value

__all__ = ["VERSIONS"]

VERSIONS: Final[dict[int, dict[str, Value]]] = {
    1: {
        "buffer": 0.0,
        "in_use": "the new one",
        "today_buffer": 0.0,
        "law": "lognormal",
        "demand": 40.0,
        "zone_hours": 20000.0,
        "old_bias": -0.12,
        "old_spread": 0.36,
        "new_bias": 0.15,
        "new_spread": 0.21,
        "zero_policy": "leave out",
        "rides_per_hour": 2.0,
        "ride_pay": 13.0,
        "guarantee": 11.0,
        "quit_cost": 5.0,
        "margin": 3.0,
        "churn": 0.01,
        "rider_value": 100.0,
        "surge_share": 0.4,
        "surge_cost": 2.5,
        "wait": 4.0,
        "surge_wait": 13.0,
    },
}
