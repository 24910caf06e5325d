"""What would turn the sign of a change, and which assumption moves its saving most."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip, flip_of
from aipm_metrics.models.written_numbers import NOT_KNOWN
from aipm_metrics.scenarios.contract import Assumption
from aipm_metrics.scenarios.translate_chain import Month, month
from aipm_metrics.scenarios.translate_knobs import CHANGE, TARGET

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.translate_knobs import TranslateKnobs

__all__ = ["assumptions_of", "flips_of"]


def _saving(s: TranslateKnobs, name: str, now: Month, after: Month) -> Callable[[Floats], Floats]:
    """USD saved a month as one price or rate takes many values, both months' cells fixed."""

    def saving(values: Floats) -> Floats:
        priced = s.model_copy(update={name: values})
        saved = month(priced, now.cells).cost - month(priced, after.cells).cost
        return np.array(np.broadcast_to(saved, np.shape(values)), float)

    return saving


def _priced(s: TranslateKnobs, now: Month | None, after: Month | None) -> list[str]:
    """Prices and rates that play a part in a saving that is known."""
    if now is None or after is None or np.isnan(now.cost) or np.isnan(after.cost):
        return []
    idle = s.idle(s.model_dump(), with_rows=False)
    return [n for n, k in knobs_of(type(s)).items() if k.priced and n not in idle]


def flips_of(s: TranslateKnobs, now: Month, after: Month | None) -> tuple[Flip, ...]:
    """Where the change stops costing, or saving, for every price and rate; nearest first."""
    if after is None:
        return ()
    told = knobs_of(type(s))
    flips = [
        flip_of(told[name], getattr(s, name), _saving(s, name, now, after))
        for name in _priced(s, now, after)
    ]
    return tuple(sorted(flips, key=lambda flip: flip.distance))


def assumptions_of(
    s: TranslateKnobs, now: Month | None, after: Month | None
) -> tuple[Assumption, ...]:
    """Every knob in use but the question itself; the one that moves the saving most first."""
    told, idle = knobs_of(type(s)), s.idle(s.model_dump(), with_rows=False)
    priced, found = _priced(s, now, after), []
    for name, knob_ in told.items():
        question = knob_.group in {CHANGE, TARGET} and name != "held"
        if name in idle or question or getattr(s, name) == NOT_KNOWN:
            continue
        value, swing = getattr(s, name), np.nan
        if name in priced and now is not None and after is not None:
            halved = np.clip(np.array([0.5, 1.5]) * value, knob_.low, knob_.high)
            swing = float(np.ptp(_saving(s, name, now, after)(halved)))
        found.append(Assumption(knob_, value, swing))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))
