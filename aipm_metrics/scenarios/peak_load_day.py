"""A day at Peak load, bin by bin: who is served when, by whom, and who is not.

Every bin is in the steady state of its own rate (Green & Kolesar 1991, "The pointwise stationary
approximation", Management Science 37, 84-97), retries included. Any knob may be an array: of
positions of a hand, of draws. Axis letters: `g` settings, `d` bins of the day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.optimize.elementwise import find_root

from aipm_metrics.models.autoscaling_many import follow_daily
from aipm_metrics.models.erlang import delayed_from_lost, erlang_b
from aipm_metrics.models.impatient_line import batch_places, impatient_line, patient_line
from aipm_metrics.models.response_times import Work, answered_over

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.impatient_line import ImpatientLine
    from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs

__all__ = [
    "BINS",
    "autoscaled_ticks",
    "line_at",
    "minute_servers",
    "Day",
    "day_of",
    "full_rate_of",
    "load_of",
    "rates_of",
]

BINS = 96  # of 15 minutes; where servers come and go,
FINE_BINS = 288  # of 5
TICKS = 5  # looks of the autoscaler in a fine bin: one a minute
HOURS = 24.0
SETTLED = 1e-12  # of a rate with retries
LOOKS = 33  # rates tried before the lowest is searched between two of them
APART = 1e-9  # of the room that is left: this close to all that servers can do is not tried


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What comes and who works, in every bin.

    Attributes
    ----------
    rates : (..., d) floats, requests per s
        Without retries.
    hours, share : (d,), (..., d) floats
        Of the day, and of its requests; each sums to 1.
    servers, paid : (..., d) floats
        Ready to work; paid for, with those that are starting.
    bins : (BINS,) ints
        Which of them each quarter of an hour of the day is.
    """

    rates: Floats
    hours: Floats
    share: Floats
    servers: Floats
    paid: Floats
    bins: NDArray[np.intp]


@dataclass(frozen=True, kw_only=True)
class Day:
    """A day of requests and what became of them; shares are of all requests of a bin.

    Attributes
    ----------
    flow
        What comes, and who works.
    offered : (..., d) floats, requests per s
        With retries.
    line, work
        The wait and the time of one attempt.
    timed_out : (..., d) floats
        Chance that one attempt waits in vain.
    collapsed : (..., d) bools
        Where retries keep the servers too busy for the load that came by itself.
    """

    knobs: PeakLoadKnobs
    flow: Flow
    offered: Floats
    line: ImpatientLine
    work: Work
    timed_out: Floats
    collapsed: Any

    @property
    def attempts(self) -> int:
        """How often a request is sent at most."""
        return 1 if self.falls_back else 1 + int(self.knobs.retries)

    @property
    def falls_back(self) -> bool:
        """Whether the fallback answers whoever has waited in vain."""
        return self.knobs.when_full == "the fallback answers"

    @property
    def answered(self) -> Floats:
        """Share answered by the model, (..., d)."""
        return 1 - self.given_up

    @property
    def served(self) -> Floats:
        """Share of attempts that are served, (..., d)."""
        return 1 - self.timed_out

    @property
    def given_up(self) -> Floats:
        """Share that the model never answers, (..., d)."""
        return np.asarray(self.timed_out**self.attempts)

    @property
    def worked(self) -> Floats:
        """Answers worked out per request, abandoned ones included, (..., d)."""
        if wasted(self.knobs):  # no more than the servers can do, however often people ask
            return np.minimum(self.offered, full_rate_of(self)) / self.flow.rates
        return self.answered

    def answered_over(self, limit: Any) -> Floats:
        """Share answered by the model later than `limit` s after the first attempt, (..., d)."""
        late = answered_over(self.line, self.work, limit)
        for k in range(1, self.attempts):
            left = limit - k * self.line.deadline
            again = answered_over(self.line, self.work, left) if np.max(left) > 0 else self.served
            late = late + self.timed_out**k * again
        return late

    @cached_property
    def in_time(self) -> Floats:
        """Share answered in time by the model, (..., d)."""
        return np.maximum(self.answered - self.answered_over(_binned(self.knobs.sla_s)), 0.0)

    @property
    def fallback_in_time(self) -> Any:
        """Whether the fallback's answers are in time, (..., 1)."""
        s = self.knobs
        return self.falls_back & (_binned(s.timeout_s) + _binned(s.fallback_s) <= _binned(s.sla_s))

    @property
    def use(self) -> Any:
        """Share of the servers' time, or of their batches' places, that is used, (...)."""
        s = self.knobs
        places = s.batch_cap if s.engine == "a batching LLM" else 1
        hours, flow = self.flow.hours, self.flow
        busy = (hours * flow.rates * self.worked * self.work.mean).sum(axis=-1)
        return busy / (hours * flow.servers * places).sum(axis=-1)

    @property
    def mean_rate(self) -> Any:
        """Requests per s, (...)."""
        return (self.flow.hours * self.flow.rates).sum(axis=-1)

    @property
    def mean_paid(self) -> Any:
        """Servers paid for, (...)."""
        return (self.flow.hours * self.flow.paid).sum(axis=-1)

    def by_hour(self, shares: Floats) -> Floats:
        """Share of every quarter of an hour, from midnight on, (..., BINS)."""
        return np.asarray(shares)[..., self.flow.bins]

    @property
    def soon(self) -> Floats:
        """Share answered in time, by whomever, (..., d)."""
        return np.asarray(self.in_time + self.given_up * self.fallback_in_time)

    def over(self, shares: Floats) -> Any:
        """Mean over the day's requests, (...)."""
        return (self.flow.share * shares).sum(axis=-1)

    def response_over(self, limit: Any) -> Any:
        """Share of the day's answers that take longer than `limit` s, (...); ``nan`` without any."""
        limit = np.asarray(limit, float)[..., None]
        late, answers = self.answered_over(limit), self.answered
        if self.falls_back:
            s = self.knobs
            slow = _binned(s.timeout_s) + _binned(s.fallback_s) > limit
            late, answers = late + self.given_up * slow, np.ones_like(answers)
        late, answers = np.broadcast_arrays(self.over(late), self.over(answers))
        return np.divide(late, answers, out=np.full(late.shape, np.nan), where=answers > 0)[()]

    def rows(self, rows: Any) -> Day:
        """Some of many settings, (n,)."""
        shape = self.line.left.shape

        def cut(a: Any) -> Any:
            return np.broadcast_to(a, shape)[rows]

        def cut_all(told: Any) -> Any:
            return replace(
                told,
                **{
                    f.name: cut(getattr(told, f.name)) for f in fields(told)
                    if f.name not in {"hours", "bins", "family"}
                },
            )  # fmt: skip

        knobs = {
            name: np.broadcast_to(v, shape[:-1])[rows]
            for name, v in self.knobs.__dict__.items()
            if isinstance(v, np.ndarray)
        }
        return Day(
            knobs=self.knobs.model_copy(update=knobs), flow=cut_all(self.flow),
            offered=cut(self.offered), line=cut_all(self.line), work=cut_all(self.work),
            timed_out=cut(self.timed_out), collapsed=cut(self.collapsed),
        )  # fmt: skip

    def row(self, row: int) -> Day:
        """One of many settings."""
        return self.rows(np.array([row]))

    def response_quantiles(self, shares: Sequence[float]) -> Floats:
        """Times within which these shares of the day's answers come, s; of one setting.

        Parameters
        ----------
        shares : (n,) floats, 0 to 1

        Returns
        -------
        (n,) floats
            ``nan`` where nothing is answered.
        """
        if not self.over(self.answered).any() and not self.falls_back:
            return np.full(len(shares), np.nan)
        slowest = float(self.work.quantile(1 - (1 - max(shares)) * 1e-3).max())
        longest = self.attempts * float(self.line.deadline.max()) + slowest
        longest += float(np.max(self.knobs.fallback_s)) * self.falls_back

        def over(limit: Floats, tail: Floats) -> Floats:
            return self.response_over(limit) - tail

        found = find_root(
            over, (np.zeros(len(shares)), np.full(len(shares), longest)),
            args=(1 - np.array(shares),), tolerances={"xrtol": 1e-9},
        )  # fmt: skip
        return np.asarray(found.x)


def rates_of(s: PeakLoadKnobs, bins: int = BINS) -> Floats:
    """Mean rate of every bin, (..., d) requests per s: the wave, and the burst on top.

    Examples
    --------
    >>> from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs
    >>> rates = rates_of(PeakLoadKnobs(mean_rate=3, amplitude=0.6, peak_hour=9))
    >>> float(rates.mean().round(9)), float(rates.max().round(3))
    (3.0, 4.799)
    """
    edges = np.linspace(0, HOURS, bins + 1)
    turn = 2 * np.pi / HOURS
    phase = np.sin(turn * (edges - _binned(s.peak_hour)))
    wave = np.diff(phase, axis=-1) * bins / (2 * np.pi)
    length = _binned(s.burst_minutes) / 60
    on: Any = 0.0
    for day in (-HOURS, 0.0):  # a burst may pass midnight
        begun = np.clip(edges - (_binned(s.burst_hour) + day), 0, length)
        on = on + np.diff(begun, axis=-1) * bins / HOURS
    return np.asarray(
        _binned(s.mean_rate) * (1 + _binned(s.amplitude) * wave) + _binned(s.burst_rate) * on
    )


def flow_of(s: PeakLoadKnobs) -> Flow:
    """Lay out what comes and who works; bins alike in both are one bin of that much weight."""
    if s.scaling == "autoscaled":
        rates = rates_of(s, FINE_BINS)
        servers, paid = _autoscaled(s)
        return _flow(rates, servers, paid, np.arange(FINE_BINS))
    rates, servers = rates_of(s), _binned(s.servers)
    bins = np.arange(BINS)
    if rates.ndim == 1 and not wasted(s):  # work that is wasted has a memory of the bin before
        # A wave goes up as it comes down: half of the bins are the other half.
        digits = 12 - int(np.floor(np.log10(rates.max())))
        rates, bins = np.unique(np.round(rates, digits), return_inverse=True)
    return _flow(rates, servers, servers, bins)


def _flow(rates: Floats, servers: Floats, paid: Floats, bins: Any) -> Flow:
    hours = np.bincount(bins) / bins.size
    share = rates * hours
    shape = np.broadcast_shapes(servers.shape, rates.shape)
    return Flow(
        rates=rates, hours=hours, share=share / share.sum(axis=-1, keepdims=True),
        servers=np.broadcast_to(servers, shape), paid=np.broadcast_to(paid, shape), bins=bins,
    )  # fmt: skip


def autoscaled_ticks(s: PeakLoadKnobs) -> tuple[Floats, Floats]:
    """Servers paid for and at work in every minute of the day, (..., 1440).

    The autoscaler sees what comes, not what comes again: retries are not in its load.
    """
    ticks = FINE_BINS * TICKS
    return follow_daily(
        rates_of(s, ticks) / _full_rate(s, np.ones(1)), target=s.target,
        minimum=np.minimum(s.least_servers, s.servers), maximum=s.servers,
        tick_s=HOURS * 3600 / ticks, cold_start_s=s.cold_start_s,
    )  # fmt: skip


def minute_servers(s: PeakLoadKnobs, time_s: Floats) -> Floats:
    """Servers at work at these times of one setting, s since a midnight."""
    if s.scaling == "fixed":
        return np.full(time_s.shape, float(s.servers))
    _, ready = autoscaled_ticks(s)
    return np.asarray(ready[(time_s // 60).astype(int) % ready.size])


def line_at(s: PeakLoadKnobs, rates: Floats, servers: Floats) -> ImpatientLine:
    """Line of one attempt at these rates and servers."""
    return _lines(s, rates, servers)[0]


def _autoscaled(s: PeakLoadKnobs) -> tuple[Floats, Floats]:
    """Servers at work and paid for in every fine bin; those of its middle minute are at work."""
    ordered, ready = autoscaled_ticks(s)
    in_bins = (*ordered.shape[:-1], FINE_BINS, TICKS)
    return ready.reshape(in_bins)[..., TICKS // 2], ordered.reshape(in_bins).mean(axis=-1)


def day_of(s: PeakLoadKnobs) -> Day:
    """Work out a day.

    Parameters
    ----------
    s
        The knobs; numbers may be (g,) arrays.
    """
    flow = flow_of(s)
    return day_with(s, flow)


def day_with(s: PeakLoadKnobs, flow: Flow) -> Day:
    """Work out a day whose flow is known."""
    offered, collapsed = _offered(s, flow)
    line, work = _lines(s, offered, flow.servers)
    return Day(
        knobs=s, flow=flow, offered=offered, line=line, work=work, timed_out=line.left,
        collapsed=collapsed,
    )  # fmt: skip


def wasted(s: PeakLoadKnobs) -> bool:
    """Whether servers work on requests whose sender has gone."""
    return s.abandoned == "is still done" and s.when_full == "no answer"


def _binned(values: Any) -> Any:
    """Give a knob an axis of bins."""
    return np.asarray(values, float)[..., None]


def _lines(s: PeakLoadKnobs, offered: Floats, servers: Floats) -> tuple[ImpatientLine, Work]:
    """Wait and work of one attempt at these rates."""
    if s.engine == "a batching LLM":
        return _batches(s, offered, servers)
    mean, cv = _binned(s.service_s), _binned(s.service_cv)
    work, stretch = Work(mean, cv, s.family), (1 + cv**2) / 2
    load, full = offered * mean, servers / mean
    last = erlang_b(load, servers - 1)
    deadline = _binned(s.timeout_s)
    if wasted(s):
        lost = load * last / (servers + load * last)
        delayed = delayed_from_lost(lost, load, servers)
        return patient_line(delayed, (full - offered) / stretch, deadline), work
    return impatient_line(last, offered, full, deadline, stretch), work


def _batches(s: PeakLoadKnobs, offered: Floats, servers: Floats) -> tuple[ImpatientLine, Work]:
    """Wait and work of one attempt at replicas that each batch what comes to them.

    Requests are split at random, so that each replica has a line of its own. Reading prompts
    takes the replica's time from everybody's steps: that part is an approximation.
    """
    each, places = offered / servers, int(s.batch_cap)
    time_in = _batch_times(s)
    last, below = batch_places(each, places, time_in)
    full, deadline = places / time_in(places), _binned(s.timeout_s)
    if wasted(s):
        line = patient_line(_delayed(each, last, full), full - each, deadline)
    else:
        line = impatient_line(last, each, full, deadline)
    active = below * line.at_once + places * (1 - line.at_once)
    worked_out = np.minimum(each, full) if wasted(s) else each * (1 - line.left)
    return line, Work(active / worked_out, _binned(s.service_cv), s.family)


def _batch_times(s: PeakLoadKnobs) -> Callable[[int], Any]:
    """Mean time a request stays in a batch of k."""
    length = _binned(s.output_tokens)
    reading = _binned(s.prompt_tokens) * _binned(s.prefill_ms)
    base = length * _binned(s.base_ms) / 1000
    more = (length * _binned(s.per_active_ms) + reading) / 1000
    return lambda k: base + more * k


def _full_rate(s: PeakLoadKnobs, servers: Floats) -> Floats:
    """Requests per s that all servers together can work out."""
    if s.engine == "one at a time":
        return servers / _binned(s.service_s)
    time_in = _batch_times(s)
    places = int(s.batch_cap)
    return np.asarray(servers * places / time_in(places))


def load_of(s: PeakLoadKnobs) -> Floats:
    """Servers that the busiest bin would keep busy all the time."""
    return np.asarray(rates_of(s).max(axis=-1) / _full_rate(s, np.ones(1))[..., 0])


def full_rate_of(day: Day) -> Floats:
    """Requests per s that the servers of every bin can work out, (..., d)."""
    return _full_rate(day.knobs, day.flow.servers)


def _delayed(rates: Floats, last: Floats, full: Any) -> Floats:
    """Share that waits where everybody may: time full over time full and not, all states."""
    stable = rates < full
    above = rates * last / np.where(stable, full - rates, 1.0)
    return np.where(stable, above / (1 + above), 1.0)


def _arrays(s: PeakLoadKnobs) -> dict[str, Floats]:
    """Knobs that are arrays, servers aside: those are in the flow."""
    told = s.__dict__.items()
    return {name: v for name, v in told if isinstance(v, np.ndarray) and name != "servers"}


def _shape(s: PeakLoadKnobs, flow: Flow) -> tuple[int, ...]:
    """Settings and bins of a day."""
    settings = [np.shape(_binned(v)) for v in _arrays(s).values()]
    return np.broadcast_shapes(flow.rates.shape, flow.servers.shape, *settings)


def _offered(s: PeakLoadKnobs, flow: Flow) -> tuple[Floats, Any]:
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
        return _crossing(s, flow, rates, rates * (1 + int(s.retries))), nowhere
    return _with_wasted_work(s, flow, rates)


def _with_wasted_work(s: PeakLoadKnobs, flow: Flow, rates: Floats) -> tuple[Floats, Any]:
    """Rates with retries where abandoned requests are worked on all the same.

    There may be a rate that goes well and one at which every attempt times out. The day stays
    with the second from where the first is lost until the second is: two days are followed, so
    that the evening before is known.
    """
    full = np.broadcast_to(_full_rate(s, flow.servers), rates.shape)
    most = rates * (1 + int(s.retries))
    can_collapse = most >= full
    well, goes_well = _lowest(s, flow, rates, np.minimum(most, full))
    collapsed = np.zeros(rates.shape, bool)
    before = np.zeros(rates.shape[:-1], bool)
    for d in (*range(rates.shape[-1]), *range(rates.shape[-1])):
        before = can_collapse[..., d] & (~goes_well[..., d] | before)
        collapsed[..., d] = before
    return np.where(collapsed, most, well), collapsed


def _lowest(s: PeakLoadKnobs, flow: Flow, rates: Floats, most: Floats) -> tuple[Floats, Any]:
    """Lowest rate with retries below what servers can do, and whether there is one."""
    part = 1 - np.linspace(1, 0, LOOKS) ** 2  # closer together near the limit
    room = np.maximum(most - rates, 0.0)
    tried = rates[..., None] + room[..., None] * part * (1 - APART)
    shape = tried.shape
    short = _missing(s, flow, shape)(tried.ravel(), np.arange(tried.size)).reshape(shape)
    below = (short <= 0) & (room > 0)[..., None]
    found, first = below.any(axis=-1), below.argmax(axis=-1)
    high = np.take_along_axis(tried, first[..., None], -1)[..., 0]
    low = np.take_along_axis(tried, np.maximum(first - 1, 0)[..., None], -1)[..., 0]
    refine = found & (first > 0)
    root = _crossing(s, flow, low, high, only=refine)
    return np.where(found, np.where(refine, root, rates), rates), found


def _missing(s: PeakLoadKnobs, flow: Flow, shape: tuple[int, ...]) -> Callable[[Floats, Any], Any]:
    """Tell how much a tried rate falls short of the rate with retries it leads to.

    What is returned takes rates and their places in an array of this shape, whose leading axes
    are those of the day.
    """
    day = _shape(s, flow)
    deep = (*day, *[1] * (len(shape) - len(day)))

    def spread(a: Any) -> Floats:
        return np.broadcast_to(np.broadcast_to(a, day).reshape(deep), shape).ravel()

    rates, servers = spread(flow.rates), spread(flow.servers)
    told = {name: spread(_binned(v)) for name, v in _arrays(s).items()}
    tries = int(s.retries) + 1

    def missing(offered: Floats, place: Any) -> Floats:
        place = np.asarray(place, int)
        mine = s.model_copy(update={name: v[place] for name, v in told.items()}) if told else s
        line, _ = _lines(mine, offered[:, None], servers[place][:, None])
        p = line.left[:, 0]
        return rates[place] * (1 - p**tries) - offered * (1 - p)

    return missing


def _crossing(s: PeakLoadKnobs, flow: Flow, low: Floats, high: Floats, only: Any = True) -> Floats:
    """Find the rate with retries between two rates, where what is served meets what people get."""
    where = np.flatnonzero(np.broadcast_to(only, low.shape))
    found = np.array(low, float)
    if where.size:
        solved = find_root(
            _missing(s, flow, low.shape), (low.ravel()[where], high.ravel()[where]),
            args=(where.astype(float),), tolerances={"xrtol": SETTLED},
        )  # fmt: skip
        found.flat[where] = solved.x
    return found
