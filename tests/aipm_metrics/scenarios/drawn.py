"""Scenarios drawn over every knob's full range, with corners and valleys on purpose."""

from typing import Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.scenarios import brute_force

KNOBS = knobs_of(ModerationScenario)
PRICES = ("value_per_author", "value_per_viewer", "harm_per_missed", "reviewer_wage")


def anywhere(rng: np.random.Generator) -> dict[str, Any]:
    """Every knob anywhere in its range, evenly on its own scale."""
    values: dict[str, Any] = {}
    for name, told in KNOBS.items():
        if told.scale == "choice":
            values[name] = str(rng.choice(told.choices))
        else:
            low, high = told.to_axis([told.low, told.high])
            values[name] = float(told.from_axis(rng.uniform(low, high)))
    return values | {"row_mix": "as set", "decision_delay": delay(rng, values["views_half_life"])}


def delay(rng: np.random.Generator, half_life: float) -> float:
    """Draw a delay: none, or from a moment to three half-lives; after more all have seen it."""
    longest = KNOBS["decision_delay"].high
    return (
        0.0 if rng.random() < 0.5 else float(min(half_life * np.exp(rng.uniform(-6, 1)), longest))
    )


def cornered(rng: np.random.Generator) -> dict[str, Any]:
    """Prices of zero, rates at their limits, a model that knows nothing."""
    values = anywhere(rng)
    for name, told in KNOBS.items():
        if told.priced and rng.random() < 0.2:
            values[name] = told.low if rng.random() < 0.7 else told.high
    for name in PRICES:
        if rng.random() < 0.4:
            values[name] = 0.0
    for name in ("auc", "recall_floor", "desk_hours"):
        if rng.random() < 0.2:
            values[name] = KNOBS[name].low if rng.random() < 0.7 else KNOBS[name].high
    return values


def near_defaults(rng: np.random.Generator) -> dict[str, Any]:
    """Every price and rate within a factor of thirty of its default."""
    values = anywhere(rng)
    for name, told in KNOBS.items():
        if told.priced and told.scale == "linear" and name != "decision_delay":
            factor = np.exp(rng.uniform(-3.4, 3.4))
            values[name] = float(np.clip(told.default * factor, told.low, told.high))
    return values | {"auc": float(rng.uniform(0.7, 0.9999))}


def two_valleys(rng: np.random.Generator) -> dict[str, Any]:
    """Authors who post often and leave quickly: once they are gone, more mistakes cost little."""
    values = near_defaults(rng) | {
        "auc": float(rng.uniform(0.85, 0.99)),
        "prevalence": float(np.exp(rng.uniform(-6, -2))),
        "items_per_author": float(rng.uniform(200, 1000)),
        "leave_after_wrongful": float(rng.uniform(0.2, 1)),
        "harm_per_missed": float(rng.uniform(20, 100)),
        "views_per_missed": 0.0,
        "appeal_share": float(rng.uniform(0, 0.05)),
    }
    # Everybody leaving costs about as much as every harmful post being left up.
    odds = values["prevalence"] / (1 - values["prevalence"])
    even = values["harm_per_missed"] * odds * values["items_per_author"]
    return values | {"value_per_author": float(min(even * rng.uniform(0.3, 1.2), 1e5))}


KINDS = (anywhere, cornered, near_defaults, two_valleys, two_valleys)


def drawn_knobs(rng: np.random.Generator, n: int) -> list[dict[str, Any]]:
    """Draw `n` settings, every kind in turn; half with a desk limit near the hours they need."""
    found = []
    for i in range(n):
        values = KINDS[i % len(KINDS)](rng)
        if rng.random() < 0.5:
            cutoff = rng.uniform(-1, brute_force.separation(values) + 2)
            cells = brute_force.cells_at(values, cutoff)
            needed = brute_force.hours(values, cells) * rng.uniform(0.7, 1.3)
            values["desk_hours"] = float(min(needed, KNOBS["desk_hours"].high))
        found.append(values)
    return found
