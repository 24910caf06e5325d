"""Random scenarios over the full range of every knob, and rows to go with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.ranges import is_uncertain
from aipm_metrics.scenarios.moderation import ModerationScenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_metrics.knobs import Knob

HEX = list("0123456789abcdef")


def draw_knob(knob: Knob, rng: np.random.Generator) -> float | str:
    """One value: mostly anywhere on the knob's own scale, sometimes a limit or the default."""
    if knob.scale == "choice":
        return str(rng.choice(knob.choices))
    kind = rng.random()
    if kind < 0.1:
        return knob.low
    if kind < 0.2:
        return knob.high
    if kind < 0.3:
        return float(knob.default)
    low, high = knob.to_axis([knob.low, knob.high])
    value = float(knob.from_axis(rng.uniform(low, high)))
    return float(f"{value:.3g}") if kind < 0.5 and knob.scale == "linear" else value


def draw_values(rng: np.random.Generator) -> dict[str, Any]:
    """A value for every knob; without rows."""
    values: dict[str, Any] = {
        name: draw_knob(knob, rng) for name, knob in knobs_of(ModerationScenario).items()
    }
    if rng.random() < 0.7:  # else, as often as not, everyone has seen everything
        soon = values["views_half_life"] * np.exp(rng.uniform(-6, 1))
        values["decision_delay"] = float(min(soon, values["decision_delay"]))
    return values


def draw_ranges(rng: np.random.Generator) -> list[tuple[str, float, float]]:
    """A low and a high for a few of the assumptions, anywhere in their limits."""
    uncertain = [knob for knob in knobs_of(ModerationScenario).values() if is_uncertain(knob)]
    chosen = rng.choice(len(uncertain), int(rng.integers(1, 5)), replace=False)
    found = []
    for knob in (uncertain[i] for i in chosen):
        low, high = sorted(float(draw_knob(knob, rng)) for _ in range(2))
        found.append((knob.name, low, high))
    return found


def draw_linked(rng: np.random.Generator) -> ModerationScenario:
    """A scenario as a link may hold it: a third speak of rows, in the rows' own units."""
    values = draw_values(rng)
    if rng.random() < 1 / 3:
        values["rows"] = "".join(rng.choice(HEX, 16))
        for name, knob in knobs_of(ModerationScenario).items():
            if knob.in_score_units:
                sign, size = rng.choice([-1.0, 1.0]), 10.0 ** rng.uniform(-300, 300)
                values[name] = float(rng.choice([sign * size, sign * rng.uniform(0, 900), 0.0]))
    if rng.random() < 1 / 3:
        values["ranges"] = draw_ranges(rng)
    if rng.random() < 1 / 3:
        values["seed"] = int(rng.integers(0, 1_000_000))
    return ModerationScenario.model_validate(values)


def draw_runnable(
    rng: np.random.Generator, many: int
) -> Iterator[tuple[ModerationScenario, Empirical | None]]:
    """Scenarios that can be answered: simulated ones, and every fifth on rows of its own."""
    for i in range(many):
        values, rows = draw_values(rng), None
        if i % 5 == 4:
            rows = draw_rows(rng, probabilities=bool(rng.integers(2)))
            values |= {
                "rows": rows.fingerprint,
                "threshold": float(rng.choice(rows.thresholds)),
                "today_threshold": float(rng.choice(rows.thresholds)),
            }
        if rng.random() < 0.15:
            values["today_threshold"] = values["threshold"]
        yield ModerationScenario.model_validate(values), rows


def draw_rows(rng: np.random.Generator, *, probabilities: bool) -> Empirical:
    """Some hundred rows of a middling model; scores are probabilities or any numbers."""
    label = np.append([0, 1], rng.random(int(rng.integers(5, 400))) < rng.uniform(0.02, 0.6))
    score = rng.normal(label * rng.uniform(0, 3), 1)
    if probabilities:
        score = 1 / (1 + np.exp(-score))
    return Empirical.from_rows(score.round(int(rng.integers(1, 6))), label)
