"""Which single assumption would turn the choice of a design and a threshold, and by how much.

Both choices are held while one price, rate or wait moves. None of them moves what the two readers
call, so that is worked out once. Most enter the cost linearly; those that act through use are
searched between the points of a grid. Axis letters: `t` thresholds, `g` values of one assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip
from aipm_metrics.models.flips_along import linear_flips, nearest_flips
from aipm_metrics.models.reliance import Calls
from aipm_metrics.scenarios.contract import Assumption
from aipm_metrics.scenarios.diagnosis_chain import axis_of, calls_at, fixed_cost, team_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.scenarios.diagnosis_knobs import DiagnosisKnobs

__all__ = ["NearestFlips", "Rivals", "assumptions_of", "flips_of", "nearest_flips_of"]

GRID = 17  # values of an assumption that acts through use
THROUGH_USE = {"use_opaque", "explanation_effect", "waiting_effect", "cut", "slow_wait_s"}


@dataclass(frozen=True, slots=True)
class Rivals:
    """What each threshold of the chosen design is compared with.

    Attributes
    ----------
    today, cheapest : (design, threshold)
    is_today : (t,) bools
        Where the choice is today's own, and so compared with the cheapest.
    """

    today: tuple[str, float]
    cheapest: tuple[str, float]
    is_today: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class NearestFlips:
    """Flip point nearest to the values in use, per threshold.

    Attributes
    ----------
    knobs
        The prices, rates and waits that play a part.
    which : (t,) integers
        Place in `knobs`; -1 where no single one turns the choice.
    at : (t,) floats, in the knob's unit
        Value that turns it; ``nan`` where none does.
    """

    knobs: tuple[Knob, ...]
    which: NDArray[np.intp]
    at: Floats


def flips_of(
    s: DiagnosisKnobs, rows: Empirical | None, thresholds: Floats, rivals: Rivals
) -> tuple[Flip, ...]:
    """Where one choice stops beating its rival, for every assumption; nearest first."""
    search = _Search(s, rows, thresholds, rivals)
    found = []
    for knob in _priced(s, rows):
        at, today = float(search.roots(knob, np.array([np.inf]))[0]), float(getattr(s, knob.name))
        far = float(_distance(knob, today, at))
        found.append(Flip(knob, today, at, far))
    return tuple(sorted(found, key=lambda flip: flip.distance))


def nearest_flips_of(
    s: DiagnosisKnobs, rows: Empirical | None, thresholds: Floats, rivals: Rivals
) -> NearestFlips:
    """Nearest flip point of every threshold, each against its own rival, (t,)."""
    search, knobs = _Search(s, rows, thresholds, rivals), _priced(s, rows)
    which = np.full(thresholds.size, -1)
    at, closest = np.full(thresholds.size, np.nan), np.full(thresholds.size, np.inf)
    # Linear ones first: what they find spares the others most of their search.
    for i in sorted(range(len(knobs)), key=lambda i: knobs[i].name in THROUGH_USE):
        knob = knobs[i]
        roots = search.roots(knob, closest)
        far = _distance(knob, float(getattr(s, knob.name)), roots)
        closer = (far < closest) | ((far == closest) & (i < which))
        which[closer], at[closer], closest[closer] = i, roots[closer], far[closer]
    return NearestFlips(knobs, which, at)


def assumptions_of(
    s: DiagnosisKnobs, rows: Empirical | None, rival: DiagnosisKnobs
) -> tuple[Assumption, ...]:
    """Every knob in use, the one that moves the saving most within its range first."""
    ranges = s.ranges_in_use(with_rows=rows is not None)
    idle = s.idle(s.model_dump(), with_rows=rows is not None) - {"prevalence"}
    found = []
    for name, knob in knobs_of(type(s)).items():
        if name in idle:
            continue
        value, swing, ends = getattr(s, name), np.nan, ranges.get(name, (np.nan, np.nan))
        if name in ranges:
            moved = {name: np.array(ends)}
            swing = float(np.ptp(rival.costs(moved, rows) - s.costs(moved, rows)))
        found.append(Assumption(knob, value, swing, *ends))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))


def _priced(s: DiagnosisKnobs, rows: Empirical | None) -> tuple[Knob, ...]:
    idle = s.idle(s.model_dump(), with_rows=rows is not None) - {"prevalence"}
    told = knobs_of(type(s)).items()
    return tuple(knob for name, knob in told if knob.priced and name not in idle)


def _distance(knob: Knob, today: float, at: Any) -> Floats:
    """How far, as a share of the knob's range on its own scale; ``inf`` for nowhere."""
    low, high = knob.to_axis([knob.low, knob.high])
    far = np.abs(knob.to_axis(at) - knob.to_axis(today)) / (high - low)
    return np.asarray(np.where(np.isnan(far), np.inf, far))


Pair = tuple[Calls, Calls]


class _Search:
    """Savings of many thresholds against their rivals, as one assumption moves."""

    def __init__(
        self, s: DiagnosisKnobs, rows: Empirical | None, thresholds: Floats, rivals: Rivals
    ) -> None:
        axis = axis_of(s, rows)
        self.s, self.rivals = s, rivals
        self.here = calls_at(s, axis.rates(thresholds[:, None]))
        self.there = {
            choice: calls_at(s, axis.rates(np.full((1, 1), choice[1])))
            for choice in {rivals.today, rivals.cheapest}
        }
        self.every = np.arange(thresholds.size)

    def saving(self, knob: Knob, values: Floats, which: NDArray[np.intp] | slice) -> Floats:
        """USD saved a month at each value, (t, g)."""
        varied = self.s.model_copy(update={knob.name: values})

        def cost(design: str, calls: Pair) -> Floats:
            team = team_of(varied, design).of_calls(*calls)
            return np.asarray(team + fixed_cost(varied, design), float)

        here = cost(self.s.design, (_of(self.here[0], which), _of(self.here[1], which)))
        is_today = self.rivals.is_today[which][:, None]
        today, cheapest = (
            cost(choice[0], self.there[choice])
            for choice in (self.rivals.today, self.rivals.cheapest)
        )
        saved = np.where(is_today, cheapest, today) - here
        return np.broadcast_to(saved, np.broadcast_shapes(saved.shape, values.shape))

    def roots(self, knob: Knob, closer_than: Floats) -> Floats:
        """Nearest value that turns the choice, (t,), where it is closer than so much."""
        if knob.name not in THROUGH_USE:
            return linear_flips(knob, lambda values: self.saving(knob, values, slice(None)))
        low, high = knob.to_axis([knob.low, knob.high])
        grid = np.broadcast_to(knob.spread(GRID), (self.every.size, GRID))
        return nearest_flips(
            knob, float(np.clip(getattr(self.s, knob.name), knob.low, knob.high)),
            lambda values, which: self.saving(knob, values, which), grid,
            closer_than * (high - low),
        )  # fmt: skip


def _of(calls: Calls, which: NDArray[np.intp] | slice) -> Calls:
    return Calls(calls.person, calls.ai[which], calls.both[which])
