"""Which single assumption would turn the choice of a step limit, and how far it would have to move.

Both limits are held while one price or rate moves. A cap that is or is not reached, a window
that holds one step more and a tier that begins make the saving jump, so it is searched on a grid
of the knob's own scale and polished between neighbours; two changes of sign between the same
neighbours are not seen. Axis letters: `t` limits, `g` values of one assumption.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip, flip_of
from aipm_metrics.models.illinois import illinois_roots
from aipm_metrics.scenarios.api_spend_chain import cost_at
from aipm_metrics.scenarios.contract import Assumption

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.api_spend import ApiSpendScenario

    Places = NDArray[np.intp]

__all__ = ["NearestFlips", "assumptions_of", "flips_of", "nearest_flips_of"]

GRID = 33  # values of one assumption
FINE = 1e-8  # of a value that turns a choice; no more digits are ever told
HAIR = 1e-6  # of an assumption's range
NOISE = 1e-12  # of the larger of two costs; a smaller difference is rounding


@dataclass(frozen=True, slots=True)
class NearestFlips:
    """Flip point nearest to today's value, per limit.

    Attributes
    ----------
    knobs
        The prices and rates that play a part.
    which : (t,) integers
        Place in `knobs`; -1 where no single one turns the choice.
    at : (t,) floats, in the knob's unit
        Value that turns it; ``nan`` where none does.
    """

    knobs: tuple[Knob, ...]
    which: NDArray[np.intp]
    at: Floats


def flips_of(s: ApiSpendScenario, rival: float) -> tuple[Flip, ...]:
    """Where the choice stops beating its rival, for every price and rate; nearest first."""
    found = []
    for knob in _priced(s):
        today = float(getattr(s, knob.name))
        flip = flip_of(_within(knob), today, lambda v, k=knob: _saving(s, k, v, rival))  # type: ignore[misc]
        found.append(replace(flip, knob=knob))
    return tuple(sorted(found, key=lambda flip: flip.distance))


def nearest_flips_of(s: ApiSpendScenario, limits: Floats, rivals: Floats) -> NearestFlips:
    """Nearest flip point of every limit, each against a rival of its own, (t,)."""
    knobs = _priced(s)
    searches = [_Search(s, knob, limits, rivals) for knob in knobs]
    # No farther than this has any limit's nearest one to be looked for.
    closest = np.min([search.far for search in searches], axis=0)
    which = np.full(limits.size, -1)
    at = np.full(limits.size, np.nan)
    for i, search in enumerate(searches):
        roots, distance = search.nearest(closest)
        # Of two that are equally far, the one declared first is told.
        closer = np.isfinite(distance) & ((distance < closest) | (which < 0))
        which[closer], at[closer], closest[closer] = i, roots[closer], distance[closer]
    return NearestFlips(knobs, which, at)


def assumptions_of(s: ApiSpendScenario, rival: float) -> tuple[Assumption, ...]:
    """Every knob in use, the one that moves the saving most first."""
    found = []
    for name, knob in _in_use(s).items():
        value, swing = getattr(s, name), np.nan
        if knob.priced:
            halved = np.clip(np.array([0.5, 1.5]) * value, knob.low, knob.high)
            swing = float(np.ptp(_saving(s, knob, halved, rival)))
        found.append(Assumption(knob, value, swing))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))


def _in_use(s: ApiSpendScenario) -> dict[str, Knob]:
    idle = s.idle(s.__dict__, with_rows=False)
    return {name: knob for name, knob in knobs_of(type(s)).items() if name not in idle}


def _priced(s: ApiSpendScenario) -> tuple[Knob, ...]:
    return tuple(knob for knob in _in_use(s).values() if knob.priced)


def _within(knob: Knob) -> Knob:
    """Narrow a knob's limits by a hair: a turn closer to an end cannot be told from it."""
    low, high = knob.to_axis([knob.low, knob.high])
    hair = HAIR * (high - low)
    low, high = knob.from_axis([low + hair, high - hair]).tolist()
    return replace(knob, low=low, high=high)


def _saving(s: ApiSpendScenario, knob: Knob, values: Floats, rival: float) -> Floats:
    """USD saved a month by the scenario's own limit at each value, (g,)."""
    limits = np.broadcast_to(s.step_limit, values.shape)
    return _difference(s, knob, values, limits, np.broadcast_to(rival, values.shape))


def _difference(
    s: ApiSpendScenario, knob: Knob, values: Floats, limits: Floats, rivals: Floats
) -> Floats:
    """Cost of each rival less that of its limit, with what is only rounding taken for nothing."""
    both = np.stack(np.broadcast_arrays(limits, rivals))
    varied = s.model_copy(update={knob.name: values})
    here, there = cost_at(varied, both.reshape(2, -1))
    return _apart(here, there)


def _apart(here: Floats, there: Floats) -> Floats:
    apart = there - here
    return np.where(np.abs(apart) <= NOISE * np.maximum(here, there), 0.0, apart)


class _Search:
    """Savings of many limits against their rivals, as one assumption moves over its grid.

    Attributes
    ----------
    far : (t,) floats
        A distance within which each limit's saving changes sign; ``inf`` where it never does.
    """

    def __init__(self, s: ApiSpendScenario, knob: Knob, limits: Floats, rivals: Floats) -> None:
        self.s, self.knob, self.limits, self.rivals = s, _within(knob), limits, rivals
        self.today = float(np.clip(getattr(s, knob.name), knob.low, knob.high))
        self.grid = np.unique(np.append(self.knob.spread(GRID), self.today))
        few, which = np.unique(rivals, return_inverse=True)
        every = np.append(limits, few)
        usd = cost_at(s.model_copy(update={knob.name: self.grid}), every[:, None])
        usd = np.broadcast_to(usd, (every.size, self.grid.size))
        self.apart = _apart(usd[: limits.size], usd[limits.size :][which])
        self.sides = _beside(np.sign(self.apart), int(self.grid.searchsorted(self.today)))
        self.far = np.min([self._distance(self.grid, b) for _, b in self.sides], axis=0)

    def _distance(self, values: Floats, places: Places | None = None) -> Floats:
        """How far values are from today's, as a share of the knob's range on its own scale."""
        start, here, end = self.knob.to_axis([self.knob.low, self.today, self.knob.high])
        far = np.asarray(np.abs(self.knob.to_axis(values) - here) / (end - start), float)
        return far if places is None else np.where(places < 0, np.inf, far[places])

    def nearest(self, closer_than: Floats) -> tuple[Floats, Floats]:
        """Nearest value that turns each choice and how far it is, where that is no farther."""
        best, distance = np.full(self.limits.size, np.nan), np.full(self.limits.size, np.inf)
        for a, b in self.sides:
            near = self._distance(self.grid, a)
            rows = np.flatnonzero((near <= closer_than) & (near < distance))
            if not rows.size:
                continue
            roots = self._polished(rows, a[rows], b[rows])
            far = self._distance(roots)
            closer = far < distance[rows]
            best[rows[closer]], distance[rows[closer]] = roots[closer], far[closer]
        return best, distance

    def _polished(self, rows: Places, a: Places, b: Places) -> Floats:
        """Root between each pair of places on the grid."""

        def difference(values: Floats, which: Places) -> Floats:
            at = rows[which]
            return _difference(self.s, self.knob, values, self.limits[at], self.rivals[at])

        return illinois_roots(
            difference, self.grid[a], self.grid[b], self.apart[rows, a], self.apart[rows, b],
            tolerance=FINE,
        )  # fmt: skip


def _beside(signs: Floats, today: int) -> tuple[tuple[Places, Places], tuple[Places, Places]]:
    """Neighbours on the grid between which the sign turns first, below today's value and above.

    The one nearer to today comes first in each pair; -1 where the sign never turns. Stretches
    where both cost the same are passed over.
    """
    below, above = _first_turn(signs[:, : today + 1][:, ::-1]), _first_turn(signs[:, today:])
    left, right = (
        [np.where(steps < 0, -1, today + way * steps) for steps in turn]
        for way, turn in ((-1, below), (1, above))
    )
    return (left[0], left[1]), (right[0], right[1])


def _first_turn(signs: Floats) -> tuple[Places, Places]:
    """Columns between which each row's sign turns first; -1 where it never does."""
    begin, end = np.full((2, len(signs)), -1)
    last, seen = signs[:, 0].copy(), np.zeros(len(signs), np.intp)
    for column in range(1, signs.shape[1]):
        now = signs[:, column]
        turns = (end < 0) & (now * last < 0)
        begin[turns], end[turns] = seen[turns], column
        decided = now != 0
        last, seen = np.where(decided, now, last), np.where(decided, column, seen)
    return begin, end
