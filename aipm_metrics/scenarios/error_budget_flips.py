"""Which single assumption would turn the choice of an SLO, and how far it would have to move.

Both SLOs are held while one price or rate moves. Its range is cut at points of its own scale; the
change of sign nearest to the value in use, on either side, is polished for every SLO at once. Two
changes between neighbouring points are not seen. Axis letters: `t` SLOs, `g` values of one
assumption. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import elementwise

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip, flip_of
from aipm_metrics.scenarios.contract import Assumption
from aipm_metrics.scenarios.error_budget_chain import cost_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario

__all__ = ["NearestFlips", "assumptions_of", "flips_of", "nearest_flips_of"]

GRID = 49  # points of each assumption's own scale
EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, slots=True)
class NearestFlips:
    """Flip point nearest to the values in use, per SLO.

    Attributes
    ----------
    knobs
        The prices and rates.
    which : (t,) integers
        Place in `knobs`; -1 where no single one turns the choice.
    at : (t,) floats, in the knob's unit
        Value that turns it; ``nan`` where none does.
    """

    knobs: tuple[Knob, ...]
    which: NDArray[np.intp]
    at: Floats


def _priced(s: ErrorBudgetScenario) -> tuple[Knob, ...]:
    return tuple(knob for knob in knobs_of(type(s)).values() if knob.priced)


def _saving(
    s: ErrorBudgetScenario, knob: Knob, slo: Floats | float, rival: Floats | float
) -> Callable[[Floats], Floats]:
    """USD a month that an SLO saves against its rival, as one assumption takes many values."""
    here, there = 1 - np.asarray(slo, float), 1 - np.asarray(rival, float)

    def saving(values: Floats) -> Floats:
        cost = cost_of(s.model_copy(update={knob.name: values}))
        return np.asarray(cost(there) - cost(here), float)

    return saving


def flips_of(s: ErrorBudgetScenario, rival: float) -> tuple[Flip, ...]:
    """Where the choice stops beating its rival, for every price and rate; nearest first."""
    found = [
        flip_of(knob, float(getattr(s, knob.name)), _saving(s, knob, s.slo, rival))
        for knob in _priced(s)
    ]
    return tuple(sorted(found, key=lambda flip: flip.distance))


def _leaning(
    s: ErrorBudgetScenario, varied: Mapping[str, Floats], slo: Floats, rival: Floats
) -> Floats:
    """Something that changes its sign just where the saving of an SLO over its rival does.

    Without a claim served first, ``(b' - b)(harm - keeping / (b b'))`` is what is saved: the
    choice turns where the cheapest budget passes the geometric mean of the two.
    """
    cost = cost_of(s.model_copy(update=dict(varied)))
    if s.rule == "platform first":
        return np.asarray(cost(1 - rival) - cost(1 - slo), float)
    between = np.log1p(-slo) + np.log1p(-rival)
    return np.asarray(np.log(cost.keeping) - np.log(cost.harm) - between, float)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Stretch of one knob's scale where each SLO's choice turns, on one side of today, (t,)."""

    which: int
    lower: Floats
    upper: Floats
    near: Floats  # how far its nearer end is, as a share of the range; ``inf`` for no turn
    far: Floats


def _turns(
    s: ErrorBudgetScenario, which: int, knob: Knob, slos: Floats, rivals: Floats
) -> Iterator[_Turn]:
    """Find the stretch nearest to today's value on either side of it."""
    today = float(np.clip(getattr(s, knob.name), knob.low, knob.high))
    points = np.unique(np.append(knob.spread(GRID), today))
    signs = np.sign(_leaning(s, {knob.name: points}, slos[:, None], rivals[:, None]))
    signs[slos == rivals] = 0  # nobody beats itself
    turns, start = signs[:, 1:] * signs[:, :-1] < 0, int(points.searchsorted(today))
    axis = knob.to_axis(points)
    away = np.abs(axis - axis[start]) / (axis[-1] - axis[0])
    for side, first, step in ((turns[:, start:], start, 1),
                              (turns[:, :start][:, ::-1], start - 1, -1)):  # fmt: skip
        if not side.any():
            continue
        left = np.clip(first + step * side.argmax(axis=1), 0, points.size - 2)
        ends, there = np.sort([away[left], away[left + 1]], axis=0), side.any(axis=1)
        yield _Turn(which, axis[left], axis[left + 1], *np.where(there, ends, np.inf))


def nearest_flips_of(s: ErrorBudgetScenario, slos: Floats, rivals: Floats) -> NearestFlips:
    """Nearest flip point of every SLO, each against a rival of its own, (t,)."""
    knobs = _priced(s)
    turns = [turn for i, knob in enumerate(knobs) for turn in _turns(s, i, knob, slos, rivals)]
    found = NearestFlips(knobs, np.full(slos.size, -1), np.full(slos.size, np.nan))
    if not turns:
        return found
    # A stretch whose nearer end lies beyond another's farther end cannot hold the nearest.
    reach = np.min([turn.far for turn in turns], axis=0)
    picked = [np.flatnonzero(np.isfinite(turn.near) & (turn.near <= reach)) for turn in turns]
    rows = np.concatenate(picked)
    which = np.repeat([turn.which for turn in turns], [some.size for some in picked])
    lower, upper = (
        np.concatenate([getattr(turn, end)[some] for turn, some in zip(turns, picked, strict=True)])
        for end in ("lower", "upper")
    )
    at, far = _polished(s, knobs, which, (lower, upper), slos[rows], rivals[rows])
    # Of two that are equally far, the one declared first is told.
    nearest = np.lexsort((which, far, rows))
    first = nearest[np.unique(rows[nearest], return_index=True)[1]]
    found.which[rows[first]], found.at[rows[first]] = which[first], at[first]
    return found


def _polished(
    s: ErrorBudgetScenario, knobs: tuple[Knob, ...], which: NDArray[np.intp],
    ends: tuple[Floats, Floats], slo: Floats, rival: Floats,
) -> tuple[Floats, Floats]:  # fmt: skip
    """Root in each stretch of some knob's scale, and how far it is, by Chandrupatla (1997).

    All of them at once: whatever the knob, each element varies its own.
    """

    def values_at(place: Floats, mine: Floats) -> dict[str, Floats]:
        return {
            knob.name: np.where(mine == i, knob.from_axis(np.where(mine == i, place, 0.0)),
                                getattr(s, knob.name))
            for i, knob in enumerate(knobs)
        }  # fmt: skip

    found = elementwise.find_root(
        lambda place, here, there, mine: _leaning(s, values_at(place, mine), here, there),
        ends, args=(slo, rival, which.astype(float)),
        tolerances={"xatol": 1e-300, "xrtol": 4 * EPS, "fatol": 0.0},
    )  # fmt: skip
    at, far = np.empty(which.size), np.empty(which.size)
    for i, knob in enumerate(knobs):
        low, high = knob.to_axis([knob.low, knob.high])
        mine = which == i
        at[mine] = knob.from_axis(found.x[mine])
        far[mine] = np.abs(found.x[mine] - knob.to_axis(getattr(s, knob.name))) / (high - low)
    return at, far


def assumptions_of(s: ErrorBudgetScenario, rival: float) -> tuple[Assumption, ...]:
    """Every knob, the one that moves the saving most first."""
    found = []
    for name, knob in knobs_of(type(s)).items():
        value, swing = getattr(s, name), np.nan
        if knob.priced:
            halved = np.clip(np.array([0.5, 1.5]) * value, knob.low, knob.high)
            swing = float(np.ptp(_saving(s, knob, s.slo, rival)(halved)))
        found.append(Assumption(knob, value, swing))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))
