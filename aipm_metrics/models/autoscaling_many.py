"""Many autoscalers at once: `autoscaling.follow` for arrays of rules.

The same rule tick by tick, but every setting may have a load, limits and cold start of its own;
a day repeats, so that the evening before is known. Axis letters: `g` settings, `t` ticks.

Kubernetes documentation, "Horizontal Pod Autoscaling", sections "Algorithm details" and
"Configurable scaling behavior" (kubernetes.io, v1.33).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.autoscaling import HAIR

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats

__all__ = ["follow_daily"]

TOLERANCE, UP_FACTOR, UP_SERVERS, DOWN_WINDOW_S = 0.1, 2.0, 4, 300.0  # Kubernetes' defaults


def follow_daily(
    load: Any, *, target: Any, minimum: Any, maximum: Any, tick_s: float, cold_start_s: Any
) -> tuple[Floats, Floats]:
    """Let servers follow a load that is the same every day.

    Parameters
    ----------
    load : (..., t) floats, erlangs
        Offered during each tick of a day.
    target : (...) floats, above 0
        Offered load per server to aim at.
    minimum, maximum : (...) floats, 1 or more
    tick_s : float, s
        At least `DOWN_WINDOW_S` / 300, and the step in which cold starts are counted.
    cold_start_s : (...) floats, s

    Returns
    -------
    ordered, ready : (..., t) floats
        Servers paid for in each tick, and those that work.

    Examples
    --------
    A load that never changes: as many as it calls for, all of them at work.

    >>> ordered, ready = follow_daily(
    ...     np.full(4, 7.0), target=0.7, minimum=1, maximum=50, tick_s=60.0, cold_start_s=120.0
    ... )
    >>> ordered.tolist(), ready.tolist()
    ([10.0, 10.0, 10.0, 10.0], [10.0, 10.0, 10.0, 10.0])
    """
    load = np.asarray(load, float)
    target, minimum, maximum, cold = np.broadcast_arrays(
        *(np.asarray(a, float) for a in (target, minimum, maximum, cold_start_s))
    )
    shape = np.broadcast_shapes(load.shape[:-1], target.shape)
    load = np.broadcast_to(load, (*shape, load.shape[-1]))
    low, high = (np.broadcast_to(a, shape) for a in (minimum, np.maximum(maximum, minimum)))
    ordered = _ordered(load, np.broadcast_to(target, shape), low, high, tick_s)
    late = np.broadcast_to(np.ceil(cold / tick_s - HAIR).astype(int), shape)
    return ordered, _ready(ordered, late)


def _ordered(load: Floats, target: Any, low: Any, high: Any, tick_s: float) -> Floats:
    """Servers paid for, tick by tick."""
    ticks = load.shape[-1]
    window = max(1, math.ceil(DOWN_WINDOW_S / tick_s - HAIR))
    first = load[..., -(ticks // 4) % ticks]
    servers = np.clip(np.ceil(first / target - HAIR), low, high)
    recent = np.repeat(servers[None], window, axis=0)
    found = np.empty(load.shape)
    for i in range(-(ticks // 4), ticks):  # after the last quarter of the day before
        t = i % ticks
        found[..., t] = servers
        ratio = load[..., t] / (servers * target)
        near = np.abs(ratio - 1) <= TOLERANCE + HAIR
        wanted = np.where(near, servers, np.ceil(load[..., t] / target - HAIR))
        recent[i % window] = wanted
        wanted = np.maximum(wanted, np.minimum(servers, recent.max(axis=0)))
        most = np.maximum(np.ceil(servers * UP_FACTOR - HAIR), servers + UP_SERVERS)
        servers = np.maximum(low, np.minimum(np.minimum(wanted, most), high))
    return found


def _ready(ordered: Floats, late: Any) -> Floats:
    """Fewest ordered at any tick of the cold start before, as the youngest go first."""
    ready = ordered.copy()
    for back in range(1, int(np.max(late, initial=0)) + 1):
        earlier = np.roll(ordered, back, axis=-1)
        ready = np.where((back <= late)[..., None], np.minimum(ready, earlier), ready)
    return ready
