"""What something else would buy at Peak load, with all other knobs as they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aipm_metrics.scenarios.peak_load_month import month_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aipm_metrics.scenarios.peak_load import PeakLoadScenario
    from aipm_metrics.scenarios.peak_load_month import Month

__all__ = ["Move", "moves_of"]

MOST_SERVERS, LEAST_TIMEOUT, MOST_TIMEOUT = 200, 0.05, 600


@dataclass(frozen=True, slots=True)
class Move:
    """Something to do instead.

    Attributes
    ----------
    name
        ``one_more``, ``longer_timeout`` ...
    scenario
        With that done.
    month
        What it comes to.
    saving : float, USD a month
        Against the choice; negative when it costs more.
    """

    name: str
    scenario: PeakLoadScenario
    month: Month
    saving: float


def moves_of(s: PeakLoadScenario, chosen: Month) -> tuple[Move, ...]:
    """Every thing to do instead that is not done already."""
    found = []
    for name, changes in _changes(s):
        other = s.model_copy(update=dict(changes))
        month = month_of(other)
        found.append(Move(name, other, month, float(chosen.cost) - float(month.cost)))
    return tuple(found)


def _changes(s: PeakLoadScenario) -> Iterator[tuple[str, Mapping[str, float | str]]]:
    if s.servers < MOST_SERVERS:
        yield "one_more", {"servers": s.servers + 1}
    if s.servers > 1:
        yield "one_fewer", {"servers": s.servers - 1}
    if s.timeout_s * 2 <= MOST_TIMEOUT:
        yield "longer_timeout", {"timeout_s": s.timeout_s * 2}
    if s.timeout_s / 2 >= LEAST_TIMEOUT:
        yield "shorter_timeout", {"timeout_s": s.timeout_s / 2}
    if s.when_full == "no answer":
        yield "fallback", {"when_full": "the fallback answers"}
        if s.retries:
            yield "no_retries", {"retries": 0.0}
        if s.abandoned == "is still done":
            yield "drop_abandoned", {"abandoned": "is dropped"}
    else:
        yield "no_fallback", {"when_full": "no answer"}
    scaled = s.scaling == "autoscaled"
    yield ("fixed", {"scaling": "fixed"}) if scaled else ("autoscaled", {"scaling": "autoscaled"})
