"""Random reports with a question about them, over the full range of every knob."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.models.metric_reading import GIVEN
from aipm_metrics.scenarios.translate import TranslateScenario
from tests.aipm_metrics.models.matrices import share

if TYPE_CHECKING:
    import numpy as np

KNOBS = knobs_of(TranslateScenario)


def draw_translate(rng: np.random.Generator) -> TranslateScenario:
    """A report, mostly true and sufficient, and any question about it."""
    values: dict[str, Any] = {}
    for name, knob in KNOBS.items():
        if knob.scale == "choice":
            values[name] = str(rng.choice(knob.choices))
        else:
            low, high = knob.to_axis([knob.low, knob.high])
            values[name] = float(knob.from_axis(rng.uniform(low, high)))
    if rng.random() < 0.1:  # nonsense of every kind
        return TranslateScenario.model_validate(values)
    size = int(10 ** rng.uniform(1, 6))
    tp, fp, fn, tn = (int(n) + 1 for n in rng.multinomial(size, rng.dirichlet([1, 1, 1, 3])))
    known = {"volume", *rng.choice(GIVEN, int(rng.integers(2, 6)), replace=False).tolist()}
    if rng.random() < 0.2:
        known = set(known) - {"volume"} | {"positives"}
    for name in GIVEN:
        value = share(name, (tp, fp, fn, tn))
        values[name] = float(value or 0)
        ratio = METRICS[name].is_ratio
        how = str(rng.choice(["exact", "to 0.01 %"])) if ratio else "to the last one"
        values[f"{name}_known"] = how if name in known else "not known"
    values["amount"] = float(rng.uniform(-0.3, 0.3))
    for name in ("tickets_per_false_alarm", "tickets_per_missed", "leavers_per_missed"):
        values[name] = float(10 ** rng.uniform(-2, 1))
    values["target_amount"] = float(max(1, 10 ** rng.uniform(0, 4)))
    return TranslateScenario.model_validate(values)
