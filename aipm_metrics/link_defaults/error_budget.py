"""Error budget's defaults, frozen by version."""

from typing import Final

from aipm_metrics.link_values import Value

__all__ = ["VERSIONS"]

VERSIONS: Final[dict[int, dict[str, Value]]] = {
    1: {
        "slo": 0.99,
        "window": "30 days",
        "today_slo": 0.999,
        "promised": 0.98,
        "requests_per_month": 2000000.0,
        "observed_down": 0.0008,
        "observed_slow": 0.0018,
        "observed_wrong": 0.0045,
        "observed_unsafe": 0.00012,
        "observed_capped": 0.0004,
        "observed_degraded": 0.0011,
        "rule": "by harm",
        "owner_down": "platform",
        "owner_slow": "platform",
        "owner_wrong": "model team",
        "owner_unsafe": "policy and safety",
        "owner_capped": "finance",
        "owner_degraded": "platform",
        "incident_rate": 0.5,
        "incident_minutes": 30.0,
        "harm_down": 0.2,
        "harm_slow": 0.05,
        "harm_wrong": 1.0,
        "harm_unsafe": 40.0,
        "harm_capped": 0.15,
        "harm_degraded": 0.04,
        "keep_down": 600.0,
        "keep_slow": 400.0,
        "keep_wrong": 25000.0,
        "keep_unsafe": 2500.0,
        "keep_capped": 200.0,
        "keep_degraded": 150.0,
        "provider": 0.9995,
        "calls_per_answer": 4.0,
        "fallback": "none",
        "fast_share": 0.02,
        "slow_share": 0.05,
        "ticket_share": 0.1,
    },
}
