"""Random settings of Peak load, limits included, for laws that hold anywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.peak_load import PeakLoadScenario

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

__all__ = ["draw_days"]


def draw_days(
    rng: np.random.Generator, many: int, **fixed: float | str
) -> Iterator[PeakLoadScenario]:
    """Half of the numbers at their defaults, some at a limit, the rest anywhere between."""
    for _ in range(many):
        drawn: dict[str, float | str] = {}
        for name, knob in knobs_of(PeakLoadScenario).items():
            if knob.scale == "choice":
                drawn[name] = str(rng.choice(knob.choices))
                continue
            how, place = rng.random(), rng.uniform(*knob.to_axis([knob.low, knob.high]))
            value = float(rng.choice([knob.low, knob.high])) if how < 0.1 else knob.default
            value = float(knob.from_axis(place)) if how > 0.6 else value
            drawn[name] = float(round(value)) if knob.whole else value
        # Steps of a batch are counted one by one; large ones take a second each.
        drawn["batch_cap"] = min(float(drawn["batch_cap"]), 48.0)
        yield PeakLoadScenario.model_validate({**drawn, **fixed})
