"""The line in front of the servers of Peak load, at any rate and number of servers.

Axis letters: `g` settings, `d` bins of the day.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.erlang import delayed_from_lost, erlang_b
from aipm_metrics.models.impatient_line import batch_places, impatient_line, patient_line
from aipm_metrics.models.response_times import Work

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.impatient_line import ImpatientLine
    from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs

__all__ = ["binned", "full_rate", "lines_at", "wasted"]


def wasted(s: PeakLoadKnobs) -> bool:
    """Whether servers work on requests whose sender has gone."""
    return s.abandoned == "is still done" and s.when_full == "no answer"


def binned(values: Any) -> Any:
    """Give a knob an axis of bins."""
    return np.asarray(values, float)[..., None]


def lines_at(s: PeakLoadKnobs, offered: Floats, servers: Floats) -> tuple[ImpatientLine, Work]:
    """Wait and work of one attempt at these rates."""
    if s.engine == "a batching LLM":
        return _batches(s, offered, servers)
    mean, cv = binned(s.service_s), binned(s.service_cv)
    work, stretch = Work(mean, cv, s.family), (1 + cv**2) / 2
    load, full = offered * mean, servers / mean
    last = erlang_b(load, servers - 1)
    deadline = binned(s.timeout_s)
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
    full, deadline = places / time_in(places), binned(s.timeout_s)
    if wasted(s):
        line = patient_line(_delayed(each, last, full), full - each, deadline)
    else:
        line = impatient_line(last, each, full, deadline)
    active = below * line.at_once + places * (1 - line.at_once)
    worked_out = np.minimum(each, full) if wasted(s) else each * (1 - line.left)
    return line, Work(active / worked_out, binned(s.service_cv), s.family)


def _batch_times(s: PeakLoadKnobs) -> Callable[[int], Any]:
    """Mean time a request stays in a batch of k."""
    length = binned(s.output_tokens)
    reading = binned(s.prompt_tokens) * binned(s.prefill_ms)
    base = length * binned(s.base_ms) / 1000
    more = (length * binned(s.per_active_ms) + reading) / 1000
    return lambda k: base + more * k


def full_rate(s: PeakLoadKnobs, servers: Floats) -> Floats:
    """Give the requests per s that all servers together can work out."""
    if s.engine == "one at a time":
        return np.asarray(servers / binned(s.service_s))
    time_in = _batch_times(s)
    places = int(s.batch_cap)
    return np.asarray(servers * places / time_in(places))


def _delayed(rates: Floats, last: Floats, full: Any) -> Floats:
    """Share that waits where everybody may: time full over time full and not, all states."""
    stable = rates < full
    above = rates * last / np.where(stable, full - rates, 1.0)
    return np.where(stable, above / (1 + above), 1.0)
