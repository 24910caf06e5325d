"""Requests that come back after a timeout, and the load they bring with them, at Peak load.

Mean-field: a bin is in the steady state of all that is offered to it, first attempts or not.
Axis letters: `g` settings, `d` bins of the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize.elementwise import find_root

from aipm_metrics.scenarios.peak_load_lines import binned, full_rate, lines_at, wasted

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.peak_load_flow import Flow
    from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs

__all__ = ["offered_of"]

SETTLED = 1e-12  # of a rate with retries
EASY = 8  # steps from below before a rate is searched for
LOOKS = 33  # rates tried before the lowest is searched between two of them
APART = 1e-9  # of the room that is left: this close to all that servers can do is not tried


def offered_of(s: PeakLoadKnobs, flow: Flow) -> tuple[Floats, Any]:
    """Rate with retries in every bin, and whether retries have taken it over.

    A rate with retries solves ``offered = rates (1 + p + ... + p**retries)``, p the chance that
    one of the offered times out. Times the served share, ``offered (1 - p) = rates (1 -
    p**(retries + 1))``: what is served against what people get.
    """
    rates = np.broadcast_to(flow.rates, _shape(s, flow))
    nowhere = np.zeros(rates.shape, bool)
    if s.when_full == "the fallback answers" or not s.retries:
        return rates, nowhere
    if not wasted(s):
        # More offered, more served, and fewer get an answer: the two cross once.
        bins = _Bins(s, flow)
        every = np.arange(bins.rates.size)
        found = bins.crossing(bins.rates, bins.rates * bins.tries, every)
        return found.reshape(bins.shape), nowhere
    return _with_wasted_work(s, flow, rates)


def _arrays(s: PeakLoadKnobs) -> dict[str, Floats]:
    """Knobs that are arrays, servers aside: those are in the flow."""
    told = s.__dict__.items()
    return {name: v for name, v in told if isinstance(v, np.ndarray) and name != "servers"}


def _shape(s: PeakLoadKnobs, flow: Flow) -> tuple[int, ...]:
    """Count settings and bins of a day."""
    settings = [np.shape(binned(v)) for v in _arrays(s).values()]
    return np.broadcast_shapes(flow.rates.shape, flow.servers.shape, *settings)


def _with_wasted_work(s: PeakLoadKnobs, flow: Flow, rates: Floats) -> tuple[Floats, Any]:
    """Rates with retries where abandoned requests are worked on all the same.

    There may be a rate that goes well and one at which every attempt times out. The day stays
    with the second from where the first is lost until the second is: two days are followed, so
    that the evening before is known.
    """
    full = np.broadcast_to(full_rate(s, flow.servers), rates.shape)
    most = rates * (1 + int(s.retries))
    can_collapse = most >= full
    well, goes_well = _lowest(_Bins(s, flow), np.minimum(most, full))
    collapsed = np.zeros(rates.shape, bool)
    before = np.zeros(rates.shape[:-1], bool)
    for d in (*range(rates.shape[-1]), *range(rates.shape[-1])):
        before = can_collapse[..., d] & (~goes_well[..., d] | before)
        collapsed[..., d] = before
    return np.where(collapsed, most, well), collapsed


class _Bins:
    """Every bin of every setting, in one row."""

    def __init__(self, s: PeakLoadKnobs, flow: Flow) -> None:
        self.s, self.shape, self.tries = s, _shape(s, flow), int(s.retries) + 1
        self.rates, self.servers = self._row(flow.rates), self._row(flow.servers)
        self.told = {name: self._row(binned(v)) for name, v in _arrays(s).items()}

    def _row(self, values: Any) -> Floats:
        return np.broadcast_to(values, self.shape).ravel()

    def timed_out(self, offered: Floats, place: Any) -> Floats:
        """Chance that an attempt times out in some of the bins, at these rates."""
        own = {name: v[place] for name, v in self.told.items()}
        line, _ = lines_at(
            self.s.model_copy(update=own) if own else self.s,
            offered[:, None], self.servers[place][:, None],
        )  # fmt: skip
        return line.left[:, 0]

    def after(self, offered: Floats, place: Any) -> Floats:
        """Rate with retries that a rate leads to."""
        p = self.timed_out(offered, place)
        return np.asarray(self.rates[place] * sum(p**k for k in range(self.tries)))

    def missing(self, offered: Floats, place: Any) -> Floats:
        """Tell what people get over what is served: nought at a rate that stays."""
        place = np.asarray(place, int)
        p = self.timed_out(offered, place)
        return np.asarray(self.rates[place] * (1 - p**self.tries) - offered * (1 - p))

    def crossing(self, low: Floats, high: Floats, place: Any) -> Floats:
        """Rate between two at which nothing is missing, for some of the bins."""
        if not place.size:
            return low
        solved = find_root(
            self.missing, (low, high), args=(place.astype(float),),
            tolerances={"xrtol": SETTLED},
        )  # fmt: skip
        return np.asarray(solved.x)


def _lowest(bins: _Bins, most: Floats) -> tuple[Floats, Any]:
    """Lowest rate with retries below what servers can do, and whether there is one."""
    limit, offered = most.ravel(), bins.rates.copy()
    found = offered < limit
    moving = np.flatnonzero(found)
    for _ in range(EASY):  # from below the lowest is never passed; mostly it is near
        now = bins.after(offered[moving], moving)
        settled = np.abs(now - offered[moving]) <= SETTLED * now
        offered[moving] = now
        found[moving[now >= limit[moving]]] = False
        moving = moving[~settled & (now < limit[moving])]
    part = (1 - np.linspace(1, 0, LOOKS) ** 2) * (1 - APART)  # closer together near the limit
    tried = offered[moving, None] + (limit[moving] - offered[moving])[:, None] * part
    short = bins.missing(tried.ravel(), np.repeat(moving, LOOKS)).reshape(tried.shape)
    below = short <= 0
    found[moving] = below.any(axis=1)
    first = below.argmax(axis=1)
    between = found[moving] & (first > 0)
    rows, place = np.flatnonzero(between), moving[between]
    offered[place] = bins.crossing(tried[rows, first[rows] - 1], tried[rows, first[rows]], place)
    return offered.reshape(bins.shape), found.reshape(bins.shape)
