"""Peak load's defaults, frozen by version."""

from typing import Final

from aipm_metrics.link_values import Value

__all__ = ["VERSIONS"]

VERSIONS: Final[dict[int, dict[str, Value]]] = {
    1: {
        "servers": 10.0,
        "today_servers": 8.0,
        "mean_rate": 3.0,
        "amplitude": 0.6,
        "peak_hour": 9.0,
        "burst_rate": 0.0,
        "burst_hour": 12.0,
        "burst_minutes": 15.0,
        "engine": "one at a time",
        "service_s": 2.0,
        "prompt_tokens": 1000.0,
        "output_tokens": 300.0,
        "base_ms": 8.0,
        "per_active_ms": 0.65,
        "prefill_ms": 0.05,
        "batch_cap": 32.0,
        "family": "lognormal",
        "service_cv": 1.0,
        "timeout_s": 10.0,
        "when_full": "the fallback answers",
        "retries": 2.0,
        "abandoned": "is dropped",
        "sla_s": 8.0,
        "sla_share": 0.95,
        "first_token_s": 2.0,
        "per_token_ms": 30.0,
        "evidence": "own price",
        "leave_at_once": 0.1,
        "prevalence": 0.1,
        "auc": 0.96,
        "threshold": 0.3,
        "fallback_auc": 0.85,
        "fallback_threshold": 0.3,
        "fallback_s": 0.3,
        "scaling": "fixed",
        "target": 0.7,
        "cold_start_s": 120.0,
        "least_servers": 1.0,
        "server_price": 2.5,
        "call_price": 0.5,
        "fallback_price": 0.1,
        "cost_late": 0.02,
        "value_per_request": 0.05,
        "cost_unanswered": 0.05,
        "cost_fp": 0.02,
        "cost_fn": 0.2,
    },
}
