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

from aipm_metrics.models.response_times import answered_over
from aipm_metrics.scenarios.peak_load_flow import BINS, flow_of
from aipm_metrics.scenarios.peak_load_lines import binned, full_rate, lines_at, wasted
from aipm_metrics.scenarios.peak_load_retries import offered_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.impatient_line import ImpatientLine
    from aipm_metrics.models.response_times import Work
    from aipm_metrics.scenarios.peak_load_flow import Flow
    from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs

__all__ = ["Day", "day_of"]

NOISE = 1e-9  # of a bin's requests: less than the integrals can tell from nobody


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
            return np.minimum(self.offered, self.full_rate) / self.flow.rates
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
        quick = self.answered - self.answered_over(binned(self.knobs.sla_s))
        return np.where(quick > NOISE, quick, 0.0)

    @property
    def fallback_in_time(self) -> Any:
        """Whether the fallback's answers are in time, (..., 1)."""
        s = self.knobs
        return self.falls_back & (binned(s.timeout_s) + binned(s.fallback_s) <= binned(s.sla_s))

    @property
    def use(self) -> Any:
        """Share of the servers' time, or of their batches' places, that is used, (...)."""
        s = self.knobs
        places = s.batch_cap if s.engine == "a batching LLM" else 1
        hours, flow = self.flow.hours, self.flow
        busy = (hours * flow.rates * self.worked * self.work.mean).sum(axis=-1)
        return np.minimum(busy / (hours * flow.servers * places).sum(axis=-1), 1.0)  # rounding

    @property
    def full_rate(self) -> Floats:
        """Requests per s that the servers of every bin can work out, (..., d)."""
        return full_rate(self.knobs, self.flow.servers)

    @property
    def mean_rate(self) -> Any:
        """Requests per s, (...)."""
        return (self.flow.hours * self.flow.rates).sum(axis=-1)

    @property
    def mean_paid(self) -> Any:
        """Servers paid for, (...)."""
        return (self.flow.hours * self.flow.paid).sum(axis=-1)

    @property
    def can_collapse(self) -> Any:
        """Where retries, once too many, would keep the servers too busy for good, (..., d)."""
        if not wasted(self.knobs) or not self.knobs.retries:
            return np.zeros(self.line.left.shape, bool)
        return self.flow.rates * self.attempts >= self.full_rate

    def by_hour(self, values: Floats) -> Floats:
        """Lay out what a bin has from midnight on, (..., 96), or 288 where servers come and go."""
        return np.asarray(values)[..., self.flow.bins]

    def by_quarter(self, values: Floats) -> Floats:
        """Mean over the requests of every quarter of an hour, from midnight on, (..., 96)."""
        laid, come = self.by_hour(values), self.by_hour(self.flow.rates)
        if laid.shape[-1] == BINS:
            return laid
        laid, come = (a.reshape(*a.shape[:-1], BINS, -1) for a in (laid, come))
        return np.asarray((laid * come).sum(axis=-1) / come.sum(axis=-1))

    @property
    def soon(self) -> Floats:
        """Share answered in time, by whomever, (..., d)."""
        return np.asarray(self.in_time + self.given_up * self.fallback_in_time)

    def over(self, shares: Floats) -> Any:
        """Mean over the day's requests, (...)."""
        return (self.flow.share * shares).sum(axis=-1)

    def response_over(self, limit: Any) -> Any:
        """Share of the day's answers that take longer than `limit` s, (...); nan without any."""
        limit = np.asarray(limit, float)[..., None]
        late, answers = self.answered_over(limit), self.answered
        if self.falls_back:
            s = self.knobs
            slow = binned(s.timeout_s) + binned(s.fallback_s) > limit
            late, answers = late + self.given_up * slow, np.ones_like(answers)
        late, answers = np.broadcast_arrays(self.over(late), self.over(answers))
        return np.divide(late, answers, out=np.full(late.shape, np.nan), where=answers > 0)[()]

    def rows(self, rows: Any) -> Day:
        """Keep some of many settings, (n,)."""
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
        """Find the times within which these shares of the day's answers come, s; of one setting.

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
            return np.asarray(self.response_over(limit) - tail)

        found = find_root(
            over, (np.zeros(len(shares)), np.full(len(shares), longest)),
            args=(1 - np.array(shares),), tolerances={"xrtol": 1e-9},
        )  # fmt: skip
        return np.asarray(found.x)


def day_of(s: PeakLoadKnobs) -> Day:
    """Work out a day.

    Parameters
    ----------
    s
        The knobs; numbers may be (g,) arrays.
    """
    flow = flow_of(s)
    offered, collapsed = offered_of(s, flow)
    line, work = lines_at(s, offered, flow.servers)
    return Day(
        knobs=s, flow=flow, offered=offered, line=line, work=work, timed_out=line.left,
        collapsed=collapsed,
    )  # fmt: skip
