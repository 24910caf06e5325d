"""Sample paths of jobs before servers that follow what has come so far.

Each replication has its own arrivals, hence its own servers. Nothing here is random: arrivals
and services come drawn. Axis letters: `s` replications, `n` jobs, `t` ticks, `c` servers.
See `autoscaling` for the rule and its source, and `paths` for the queue.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.errors import MetricsError, within
from aipm_metrics.models.autoscaling import HAIR, Fleet, follow
from aipm_metrics.models.day_shape import DAY_S
from aipm_metrics.models.paths import simulate_scheduled

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.models.autoscaling import Counts, TargetTracking
    from aipm_metrics.models.confusion import Floats

__all__ = ["measured_load", "server_schedule", "simulate_autoscaled"]


def measured_load(
    arrivals: ArrayLike, mean_service_s: float, *, tick_s: float, start_s: float, end_s: float
) -> Floats:
    """Load that came in each tick: jobs times mean service time, over the tick's length.

    Parameters
    ----------
    arrivals : (s, n) floats, s
        ``inf`` or ``nan`` where there is none; those outside the stretch do not count.
    mean_service_s, tick_s : floats, s
    start_s, end_s : floats, s
        Ticks begin at `start_s`; the last may end after `end_s`.

    Returns
    -------
    (s, t) floats, erlangs

    Examples
    --------
    >>> measured_load([[0, 1, 2, 11]], 5.0, tick_s=10, start_s=0, end_s=20).tolist()
    [[1.5, 0.5]]
    """
    a = np.asarray(arrivals, float)
    within("mean_service_s", mean_service_s, 0, np.finfo(float).max)
    within("tick_s", tick_s, 1e-3, DAY_S)
    ticks = math.ceil((end_s - start_s) / tick_s - HAIR)
    if a.ndim != 2 or ticks < 1:
        raise MetricsError(
            f"`arrivals` must have shape (s, n) and `end_s` come after `start_s`; got {a.shape} "
            f"and {start_s:g} to {end_s:g} s"
        )
    row, column = np.nonzero((a >= start_s) & (a < end_s))
    tick = np.minimum((a[row, column] - start_s) // tick_s, ticks - 1).astype(int)
    counts = np.bincount(row * ticks + tick, minlength=a.shape[0] * ticks)
    return np.asarray(counts.reshape(-1, ticks) * (mean_service_s / tick_s), float)


def server_schedule(
    fleet: Fleet, cold_start_s: float, start_s: float = 0.0
) -> tuple[Floats, Floats]:
    """When each server of a fleet can take its first job, and from when on it takes no more.

    Parameters
    ----------
    fleet
        With (s, t) counts, the first tick of which begins at `start_s`.
    cold_start_s, start_s : floats, s

    Returns
    -------
    ready_s, retire_s : (s, c) floats, s
        For `paths.simulate_scheduled`. Servers of the first tick have always been there; those
        let go before they were ready are left out; rows with fewer servers end in ``inf``.

    Examples
    --------
    One server; another ordered after 15 s that takes 20 s to start, and goes after 45 s:

    >>> counts = np.array([[1, 2, 2, 1]])
    >>> ready_s, retire_s = server_schedule(Fleet(counts, counts, 15.0), 20.0)
    >>> ready_s.tolist(), retire_s.tolist()
    ([[35.0, -inf]], [[45.0, inf]])
    """
    rows = [
        _stays(row, fleet.tick_s, cold_start_s, start_s) for row in np.atleast_2d(fleet.ordered)
    ]
    schedule = np.full((2, len(rows), max(map(len, rows), default=0)), math.inf)
    for i, stays in enumerate(rows):
        schedule[:, i, : len(stays)] = np.array(stays).T
    return schedule[0], schedule[1]


def _stays(
    ordered: Counts, tick_s: float, cold_start_s: float, start_s: float
) -> list[tuple[float, float]]:
    """When each server is ready and when it goes, the youngest first to go."""
    here, gone = [-math.inf] * int(ordered[0]), []
    changes = np.diff(ordered)
    for tick in np.flatnonzero(changes).tolist():
        now, change = start_s + (tick + 1) * tick_s, int(changes[tick])
        here += [now + cold_start_s] * change
        gone += [(here.pop(), now) for _ in range(-change)]
    return [stay for stay in gone if stay[0] < stay[1]] + [(ready, math.inf) for ready in here]


def simulate_autoscaled(
    arrivals: ArrayLike,
    services: ArrayLike,
    policy: TargetTracking,
    mean_service_s: float,
    *,
    start_s: float,
    end_s: float,
    timeout: float = math.inf,
    initial: int | None = None,
) -> tuple[Floats, NDArray[np.bool_], Fleet]:
    """How long every job waits for servers that follow what has come so far.

    The autoscaler counts arrivals, as with a target of requests per server, so that it sees
    overload at its full height; a target of processor use is blind above 100 %.

    Parameters
    ----------
    arrivals, services, timeout
        As for `paths.simulate_waits`.
    policy, initial
        As for `follow`.
    mean_service_s, start_s, end_s
        As for `measured_load`.

    Returns
    -------
    waits, served
        As for `paths.simulate_waits`.
    Fleet
        (s, t) each.

    Examples
    --------
    >>> from aipm_metrics.models.autoscaling import TargetTracking
    >>> rule = TargetTracking(target=1.0, tick_s=10.0, cold_start_s=5.0)
    >>> waits, served, fleet = simulate_autoscaled(
    ...     [[0, 1, 2, 12]], [[9, 9, 9, 9]], rule, 9.0, start_s=0, end_s=30, initial=1
    ... )
    >>> fleet.ordered.tolist(), waits.tolist()
    ([[1, 3, 3]], [[0.0, 8.0, 13.0, 3.0]])
    """
    load = measured_load(
        arrivals, mean_service_s, tick_s=policy.tick_s, start_s=start_s, end_s=end_s
    )
    fleet = follow(policy, load, initial)
    ready_s, retire_s = server_schedule(fleet, policy.cold_start_s, start_s)
    waits, served = simulate_scheduled(arrivals, services, ready_s, retire_s, timeout)
    return waits, served, fleet
