"""What waiting does to people at Peak load, by the evidence somebody chooses.

A table is read at the mean wait of every quarter of an hour: the added wait where an added delay
was measured, the whole time to the answer elsewhere. Axis letters: `g` settings, `d` bins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.latency_evidence import EVIDENCE, Evidence, evidence

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.peak_load_day import Day
    from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs

__all__ = ["EvidenceRow", "evidence_rows", "use_lost"]

# Which table a choice reads; "own price" reads none, and orders cannot be priced.
TABLES = {
    "search, 2009": "search-2009",
    "mobile pages, 2017": "bounce-2017",
    "programmers, 1982": "productivity-1982",
}
ADDED = {"search-2009"}  # measured as a delay on top of the usual time


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """What one table says of the day.

    Attributes
    ----------
    table
    wait_s, worst_s : floats, s
        Mean over the day's requests, and in the worst quarter of an hour.
    value, worst : floats, in the table's measure
    inside, worst_inside
        Whether such waits were measured.
    in_use
        Whether the cost goes by it.
    """

    table: Evidence
    wait_s: float
    worst_s: float
    value: float
    worst: float
    inside: bool
    worst_inside: bool
    in_use: bool


def waits_of(day: Day) -> tuple[Floats, Floats]:
    """Mean wait in line and mean time to the end of it all, (..., d) s each."""
    again = day.offered / day.flow.rates
    waited = again * day.line.mean_wait
    done = day.answered * day.work.mean
    if day.falls_back:
        done = done + day.given_up * np.asarray(day.knobs.fallback_s, float)[..., None]
    return waited, waited + done


def use_lost(s: PeakLoadKnobs, day: Day) -> Any:
    """Share of use that waiting costs, (...); nothing where a late answer has its own price."""
    key = TABLES.get(s.evidence)
    if key is None:
        return 0.0
    table = evidence(key)
    value = table.at(_wait(day, key)).value
    if key == "bounce-2017":
        chance = np.asarray(s.leave_at_once, float)[..., None]
        return day.over(np.minimum(chance * np.asarray(value), 1.0) - chance)
    best = table.values[0]
    return day.over(1 - np.asarray(value) / best)


def evidence_rows(s: PeakLoadKnobs, day: Day) -> tuple[EvidenceRow, ...]:
    """Read every table at the waits of one setting's day."""
    return tuple(_row(table, s, day) for table in EVIDENCE if table.key != "none")


def _wait(day: Day, key: str) -> Floats:
    return waits_of(day)[0 if key in ADDED else 1]


def _row(table: Evidence, s: PeakLoadKnobs, day: Day) -> EvidenceRow:
    waits = _wait(day, table.key)
    mean, worst = float(np.ravel(day.over(waits))[0]), float(day.by_quarter(waits).max())
    here, there = table.at(mean), table.at(worst)
    return EvidenceRow(
        table, mean, worst, float(here.value), float(there.value), bool(here.inside),
        bool(there.inside), TABLES.get(s.evidence) == table.key,
    )  # fmt: skip
