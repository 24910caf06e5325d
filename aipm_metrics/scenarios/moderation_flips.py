"""Which single assumption would turn the choice of a threshold, and how far it would have to move.

Both thresholds are held while one price or rate moves. Most of them enter the cost linearly; a
delay and a half-life do so through the share of views that comes before the decision. A chance
of leaving has at most one turn, found in closed form; the number of posts an author makes has
none. Only the harmful share of a model calibrated to it moves the score itself, and is searched
on a grid. Axis letters: `t` thresholds, `g` values of one assumption.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import Flip
from aipm_metrics.models.flips_along import leaving_turn, linear_flips, nearest_flips
from aipm_metrics.models.half_life import gone, half_life_until, time_until
from aipm_metrics.scenarios.moderation_chain import axis_of, costs_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats, Rates
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.scenarios.moderation import ModerationScenario

__all__ = ["NearestFlips", "flips_of", "in_use", "nearest_flips_of"]

ALIKE = {"model_price"}  # priced, and the same at every threshold: they turn no choice of one
DELAYS = {"decision_delay", "views_half_life"}
GRID = 33  # values of a harmful share that moves the score


@dataclass(frozen=True, slots=True)
class NearestFlips:
    """Flip point nearest to today, per threshold.

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


def flips_of(
    s: ModerationScenario, rows: Empirical | None, chosen: float, rival: float
) -> tuple[Flip, ...]:
    """Where the choice stops beating its rival, for every price and rate; nearest first."""
    search = _Search(s, rows, np.array([chosen]), np.array([rival]))
    anywhere = np.array([np.inf])
    found = []
    for knob in _priced(s, rows):
        at, today = float(search.roots(knob, anywhere)[0]), float(getattr(s, knob.name))
        distance = float(_distance(knob, today, at))
        found.append(Flip(knob, today, at, np.inf if np.isnan(at) else distance))
    return tuple(sorted(found, key=lambda flip: flip.distance))


def nearest_flips_of(
    s: ModerationScenario, rows: Empirical | None, thresholds: Floats, rivals: Floats
) -> NearestFlips:
    """Nearest flip point of every threshold, each against a rival of its own, (t,)."""
    search = _Search(s, rows, thresholds, rivals)
    knobs = _priced(s, rows)
    which = np.full(thresholds.size, -1)
    at, closest = np.full(thresholds.size, np.nan), np.full(thresholds.size, np.inf)
    # Cheap ones first: what they find spares the dear ones most of their search.
    for i in sorted(range(len(knobs)), key=lambda i: search.effort(knobs[i])):
        knob, today = knobs[i], float(getattr(s, knobs[i].name))
        roots = search.roots(knob, closest)
        distance = _distance(knob, today, roots)
        # Of two that are equally far, the one declared first is told.
        closer = (distance < closest) | ((distance == closest) & (i < which))
        which[closer], at[closer], closest[closer] = i, roots[closer], distance[closer]
    return NearestFlips(knobs, which, at)


def in_use(s: ModerationScenario, rows: Empirical | None) -> list[str]:
    """Knobs that play a part; the rows' own prevalence does, though it is no longer a knob."""
    idle = s.idle(s.model_dump(), with_rows=rows is not None) - {"prevalence"}
    return [name for name in knobs_of(type(s)) if name not in idle]


def _priced(s: ModerationScenario, rows: Empirical | None) -> tuple[Knob, ...]:
    told = knobs_of(type(s))
    return tuple(told[name] for name in in_use(s, rows) if told[name].priced and name not in ALIKE)


def _distance(knob: Knob, today: float, at: Any) -> Floats:
    """How far, as a share of the knob's range on its own scale; ``inf`` for nowhere."""
    low, high = knob.to_axis([knob.low, knob.high])
    far = np.abs(knob.to_axis(at) - knob.to_axis(today)) / (high - low)
    return np.asarray(np.where(np.isnan(far), np.inf, far))


class _Search:
    """Savings of many thresholds against their rivals, as one assumption moves."""

    def __init__(
        self, s: ModerationScenario, rows: Empirical | None, thresholds: Floats, rivals: Floats
    ) -> None:
        self.s, self.rows = s, rows
        self.thresholds, self.rivals = thresholds[:, None], rivals[:, None]
        axis = axis_of(s, rows)
        self.here, self.there = axis.rates(self.thresholds), axis.rates(self.rivals)

    def _moves_score(self, knob: Knob) -> bool:
        calibrated = self.rows is None and self.s.calibration == "today's mix"
        return knob.name == "prevalence" and calibrated

    def effort(self, knob: Knob) -> int:
        """How hard its flip point is to find: 0 where the saving is linear, 2 with a grid."""
        if self._moves_score(knob):
            return 2
        return int(knob.name in {"leave_after_wrongful", "items_per_author"})

    def saving(self, knob: Knob, values: Floats, which: NDArray[np.intp] | slice) -> Floats:
        """USD saved a month at each value, (t, g)."""
        varied = self.s.model_copy(update={knob.name: values})
        money, _ = costs_of(varied)
        if self._moves_score(knob):
            axis = axis_of(varied, None)
            here, there = axis.rates(self.thresholds[which]), axis.rates(self.rivals[which])
        else:
            here, there = _of(self.here, which), _of(self.there, which)
        saved = money.moving(there) - money.moving(here)
        return np.broadcast_to(saved, np.broadcast_shapes(saved.shape, values.shape))

    def roots(self, knob: Knob, closer_than: Floats) -> Floats:
        """Nearest value that turns the choice, (t,), where it is closer than so much."""
        if not self.effort(knob):
            bent = self._through(knob) if knob.name in DELAYS else {}
            return linear_flips(knob, lambda values: self.saving(knob, values, slice(None)), **bent)
        low, high = knob.to_axis([knob.low, knob.high])
        reach = closer_than * (high - low)
        found = np.full(self.thresholds.size, np.nan)
        for rows, pieces in self._pieces(knob, closer_than):
            found[rows] = self._among(rows).nearest(knob, pieces, reach[rows])
        return found

    def _through(self, knob: Knob) -> dict[str, Callable[[Floats], Floats]]:
        """Name what a saving is linear in: the share of views that comes before the decision."""
        delay, half_life = self.s.decision_delay, self.s.views_half_life
        if knob.name == "decision_delay":
            return {
                "through": lambda times: gone(times, half_life),
                "back": lambda shares: time_until(shares, half_life),
            }
        return {
            "through": lambda half_lives: gone(delay, half_lives),
            "back": lambda shares: half_life_until(shares, delay),
        }

    def nearest(self, knob: Knob, pieces: Floats, reach: Floats) -> Floats:
        """See `nearest_flips`."""
        today = float(np.clip(getattr(self.s, knob.name), knob.low, knob.high))
        return nearest_flips(
            knob, today, lambda values, which: self.saving(knob, values, which), pieces, reach
        )

    def _among(self, rows: NDArray[np.intp]) -> _Search:
        if rows.size == self.thresholds.size:
            return self
        return _Search(self.s, self.rows, self.thresholds[rows, 0], self.rivals[rows, 0])

    def _pieces(self, knob: Knob, closer_than: Floats) -> Iterator[tuple[NDArray[np.intp], Floats]]:
        """Thresholds, with the values between which their saving is monotone, (t, g)."""
        every = np.arange(self.thresholds.size)
        ends = np.broadcast_to([knob.low, knob.high], (every.size, 2))
        if self._moves_score(knob):
            # Within one step of the grid there is nothing more to see than its two ends.
            narrow = closer_than <= 1 / (GRID - 1)
            grid = np.broadcast_to(knob.spread(GRID), (int((~narrow).sum()), GRID))
            groups = (every[narrow], ends[narrow]), (every[~narrow], grid)
            yield from ((rows, pieces) for rows, pieces in groups if rows.size)
        elif knob.name == "leave_after_wrongful":
            fpr, rival = np.ravel(self.here.fpr), np.ravel(self.there.fpr)
            turn = leaving_turn(fpr, rival, float(self.s.items_per_author))
            turn = np.clip(np.nan_to_num(turn, nan=knob.low), knob.low, knob.high)
            yield every, np.sort(np.column_stack([ends, turn]), axis=1)
        else:
            yield every, ends


def _of(rates: Rates, which: NDArray[np.intp] | slice) -> Rates:
    return type(rates)(rates.tpr[which], rates.fpr[which], rates.fnr[which], rates.tnr[which])
