"""API spend's defaults, frozen by version."""

from typing import Final

from aipm_metrics.link_values import Value

__all__ = ["VERSIONS"]

VERSIONS: Final[dict[int, dict[str, Value]]] = {
    1: {
        "step_limit": 20.0,
        "tasks_per_month": 20000.0,
        "mean_steps": 10.0,
        "steps_shape": 2.0,
        "runaway_share": 0.03,
        "good_share": 0.95,
        "prompt_tokens": 12000.0,
        "added_tokens": 4000.0,
        "output_tokens": 800.0,
        "model": "GPT-6.1 Sol",
        "own_input": 2.0,
        "own_cache_read": 0.2,
        "own_cache_write": 2.5,
        "own_output": 10.0,
        "own_window": 200000.0,
        "caching": "on",
        "cache_share": 0.8,
        "failure_chance": 0.02,
        "max_retries": 2.0,
        "billed_share": 0.5,
        "cap": 30000.0,
        "alert_share": 0.8,
        "lag_minutes": 15.0,
        "latency_s": 8.0,
        "peak_to_mean": 3.0,
        "calls_per_minute": 600.0,
        "cost_per_handed": 4.0,
        "value_per_good": 6.0,
        "gpu_price": 2.5,
        "gpu_tokens_per_s": 2500.0,
        "target_utilisation": 0.7,
        "upkeep": 6000.0,
        "today_limit": 150.0,
    },
}
