"""How long each job of a simulated stream waits: sample paths of a queue, first come first served.

Every job starts on the server that is free first, or is given up once it would have waited
longer than the timeout; it then takes no server's time. All of it follows from when each server
is next free, so there is no event list and no clock. Nothing here is random: arrivals and
services come drawn. Axis letters: `s` replications, `n` jobs, `c` servers.

Kiefer & Wolfowitz (1955), "On the theory of queues with many servers", Transactions of the AMS
78, 1-18, for the sorted workloads; Lindley (1952), "The theory of queues with a single server",
Mathematical Proceedings of the Cambridge Philosophical Society 48, 277-289, for one server.
"""

from __future__ import annotations

import math
import operator
from heapq import heapify, heappop, heapreplace
from typing import TYPE_CHECKING, SupportsIndex

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aipm_metrics.errors import MetricsError, within

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats

__all__ = ["simulate_scheduled", "simulate_waits"]

Bools = NDArray[np.bool_]
FEW = 24  # replications below which a heap per replication beats a step for all of them
BLOCK = 1 << 16  # jobs laid out at once, so that a step reads them in a row


def simulate_waits(
    arrivals: ArrayLike, services: ArrayLike, servers: SupportsIndex, timeout: float = math.inf
) -> tuple[Floats, Bools]:
    """How long every job waits for one of so many servers, and whether it was served.

    ``start = max(arrival, earliest free)``, ``wait = start - arrival``; served when
    ``wait <= timeout``, and that server is then free again at ``start + service``.

    Parameters
    ----------
    arrivals : (s, n) floats, s
        Instants, ascending along each row; rows with fewer arrivals end in ``inf`` or ``nan``.
    services : (s, n) floats, s, at least 0
        What stands beside a missing arrival is ignored.
    servers : int, at least 1
    timeout : float, s, at least 0
        How long a job waits at most. At 0 a job is lost unless a server is free.

    Returns
    -------
    waits : (s, n) floats, s
        `timeout` for the unserved; ``nan`` where there is no arrival. One server without a
        timeout is a closed form, right to about 1e-15 of the largest instant; otherwise nothing
        is lost to rounding.
    served : (s, n) bools

    Raises
    ------
    MetricsError
        When shapes differ, arrivals do not ascend, a service is no time, or there is no server.
    OutOfRangeError
        When the timeout is negative.

    Examples
    --------
    Three jobs of 10 s at once, two servers: the third waits for the first to end.

    >>> waits, served = simulate_waits([[0, 0, 0]], [[10, 10, 10]], servers=2)
    >>> waits.tolist()
    [[0.0, 0.0, 10.0]]
    >>> simulate_waits([[0, 0, 0]], [[10, 10, 10]], servers=2, timeout=4)[1].tolist()
    [[True, True, False]]
    """
    a, b = _jobs(arrivals, services)
    c = _counted(servers)
    timeout = float(within("timeout", timeout, 0, math.inf))
    if c == 1 and timeout == math.inf:
        return _told(_lindley(a, b), timeout)
    simulate = _on_heaps if a.shape[0] < FEW else _on_sorted_workloads
    return _told(simulate(a, b, c, timeout), timeout)


def simulate_scheduled(
    arrivals: ArrayLike,
    services: ArrayLike,
    ready_s: ArrayLike,
    retire_s: ArrayLike = math.inf,
    timeout: float = math.inf,
) -> tuple[Floats, Bools]:
    """How long every job waits for servers that come and go, and whether it was served.

    A job starts on the server that is free first, or has been free longest, of those that will
    not have retired by then. A server that retires ends the job it has begun.

    Parameters
    ----------
    arrivals, services, timeout
        As for `simulate_waits`.
    ready_s : (c,) or (s, c) floats, s
        When each server can take its first job: when it was ordered, plus the cold start.
        ``-inf`` has always been there, ``inf`` never comes.
    retire_s : float, (c,) or (s, c) floats, s
        From when on it takes no more jobs. One that is never ready before then never works.

    Returns
    -------
    waits, served
        As for `simulate_waits`; ``inf`` where no server is left and jobs wait without end.

    Raises
    ------
    MetricsError, OutOfRangeError
        As for `simulate_waits`, or when the schedule does not fit the replications.

    Examples
    --------
    The second server was ordered at once and takes 6 s to start:

    >>> waits, _ = simulate_scheduled([[0, 1, 2]], [[10, 10, 10]], ready_s=[0, 6])
    >>> waits.tolist()
    [[0.0, 5.0, 8.0]]
    """
    a, b = _jobs(arrivals, services)
    timeout = float(within("timeout", timeout, 0, math.inf))
    ready, retire = _schedule(a.shape[0], ready_s, retire_s)
    waits = np.empty(a.shape)
    for i in range(a.shape[0]):
        waits[i] = _on_a_schedule(a[i], b[i], ready[i], retire[i], timeout)
    return _told(waits, timeout)


def _lindley(a: Floats, b: Floats) -> Floats:
    """Wait for one server, by running sums alone.

    ``wait = max over jobs so far of idle - idle of this job``, where ``idle = arrival - all
    earlier services`` is how long the server would have stood idle had nobody waited before.
    """
    idle = np.zeros(a.shape)
    with np.errstate(invalid="ignore"):  # inf - inf, where there is no arrival
        np.cumsum(b[:, :-1], axis=1, out=idle[:, 1:])
        np.subtract(a, idle, out=idle)
        waits = np.maximum.accumulate(idle, axis=1)
        waits -= idle
    return waits


def _on_sorted_workloads(a: Floats, b: Floats, servers: int, timeout: float) -> Floats:
    """Take one job of every replication per step.

    `free` holds, sorted, when each server is next free. Taking the first out and putting `end`
    among the others is ``min(free[i + 1], max(free[i], end))``, as ``end >= free[0]``.
    """
    s, n = a.shape
    waits = np.empty((s, n))
    free, spare, end = np.full((servers, s), -np.inf), np.empty((servers, s)), np.empty(s)
    columns = max(1, BLOCK // s)
    for first in range(0, n, columns):
        block = slice(first, first + columns)
        come, take = (np.ascontiguousarray(x[:, block].T) for x in (a, b))
        wait = np.empty_like(come)
        with np.errstate(invalid="ignore"):  # inf - inf, where there is no arrival
            for arrival, service, waited in zip(come, take, wait, strict=True):
                np.maximum(arrival, free[0], out=end)
                np.subtract(end, arrival, out=waited)
                np.add(end, service, out=end)
                if timeout < math.inf:
                    np.copyto(end, free[0], where=waited > timeout)
                np.maximum(free, end, out=spare)
                np.minimum(free[1:], spare[:-1], out=spare[:-1])
                free, spare = spare, free
        waits[:, block] = wait.T
    return waits


def _on_heaps(a: Floats, b: Floats, servers: int, timeout: float) -> Floats:
    """Take one job per step: the root of a heap is when the next server is free."""
    waits = np.empty(a.shape)
    for i in range(a.shape[0]):
        free, waited = [-math.inf] * servers, []
        for arrival, service in zip(a[i].tolist(), b[i].tolist(), strict=True):
            start = free[0]
            if start < arrival:
                start = arrival
            if start - arrival <= timeout:
                heapreplace(free, start + service)
            waited.append(start - arrival)
        waits[i] = waited
    return waits


def _on_a_schedule(
    a: Floats, b: Floats, ready: Floats, retire: Floats, timeout: float
) -> list[float]:
    """Take one job per step; the heap holds when each server is free and until when it stays.

    A server that would retire before the job could start will do so for every later job too. At
    the bottom lies one that is never free: ``inf >= nan`` is false, so it never retires.
    """
    free = [x for x in zip(ready.tolist(), retire.tolist(), strict=True) if x[0] < x[1]]
    free.append((math.inf, math.nan))
    heapify(free)
    waited = []
    for arrival, service in zip(a.tolist(), b.tolist(), strict=True):
        start, until = free[0]
        if start < arrival:
            start = arrival
        while start >= until:
            heappop(free)
            start, until = free[0]
            if start < arrival:
                start = arrival
        if start - arrival <= timeout:
            heapreplace(free, (start + service, until))
        waited.append(start - arrival)
    return waited


def _told(waits: Floats, timeout: float) -> tuple[Floats, Bools]:
    served = (waits <= timeout) & (waits < math.inf)  # false for nan
    return np.minimum(waits, timeout, out=waits), served


def _counted(servers: SupportsIndex) -> int:
    try:
        c = operator.index(servers)
    except TypeError:
        raise MetricsError(f"`servers` must be a whole number; got {servers}") from None
    if c < 1:
        raise MetricsError(f"`servers` must be at least 1; got {c}")
    return c


def _jobs(arrivals: ArrayLike, services: ArrayLike) -> tuple[Floats, Floats]:
    """Put ``inf`` where no arrival is, and refuse what cannot be served."""
    a, b = np.asarray(arrivals, float), np.asarray(services, float)
    if a.ndim != 2 or a.shape != b.shape:
        raise MetricsError(
            f"`arrivals` and `services` must have one shape (s, n); got {a.shape} and {b.shape}"
        )
    missing = ~(a < math.inf)
    if np.isnan(a).any():
        a = np.where(missing, math.inf, a)
    if not (a[:, 1:] >= a[:, :-1]).all() or (a == -math.inf).any():
        raise MetricsError("`arrivals` must ascend along each row, missing ones last")
    good = (b >= 0) & (b < math.inf) | missing
    if not good.all():
        raise MetricsError(
            f"`services` must be numbers of seconds, at least 0; got {b[~good].flat[0]}"
        )
    return a, b


def _schedule(s: int, ready_s: ArrayLike, retire_s: ArrayLike) -> tuple[Floats, Floats]:
    """Give every replication its row of the schedule."""
    ready, retire = np.asarray(ready_s, float), np.asarray(retire_s, float)
    if np.isnan(ready).any() or np.isnan(retire).any():
        raise MetricsError("`ready_s` and `retire_s` must be instants, or inf for never")
    c = ready.shape[-1] if ready.ndim else 0
    fits = c > 0 and ready.shape in {(c,), (s, c)} and retire.shape in {(), (c,), (s, c)}
    if not fits:
        raise MetricsError(
            f"`ready_s` and `retire_s` must have shape (c,) or ({s}, c) with at least 1 server; "
            f"got {ready.shape} and {retire.shape}"
        )
    return np.broadcast_to(ready, (s, c)), np.broadcast_to(retire, (s, c))
