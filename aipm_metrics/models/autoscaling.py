"""Servers that follow the load: target tracking, with the time a new server takes to start.

At every tick the autoscaler sees the load of the tick before and orders servers so that each
would be as busy as the target says. New ones are paid for at once and work after the cold start;
the youngest are the first to go. Axis letters: `s` replications, `t` ticks, `c` servers. Nothing
here is random.

Kubernetes documentation, "Horizontal Pod Autoscaling", sections "Algorithm details" and
"Configurable scaling behavior", for the rule and its defaults (kubernetes.io, v1.33).
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from aipm_metrics.errors import MetricsError, within
from aipm_metrics.models.day_shape import DAY_S

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["HAIR", "Counts", "Fleet", "TargetTracking", "follow"]

Counts = NDArray[np.int64]
HAIR = 1e-9  # 50 servers at 90 % of 75 % are 60, however the division is rounded
MOST_SERVERS = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetTracking:
    """The rule by which servers are ordered and let go.

    Parameters
    ----------
    target : float, above 0, at most 1
        Offered load per server to aim at, in erlangs: the share of its time it would be busy.
    minimum, maximum : int, 1 to 100,000
        Fewest and most servers.
    tick_s : float, s, above 0
        Time between two looks; Kubernetes' default is 15.
    tolerance : float, 0 to 0.99
        Nothing is done while load over target is so near to 1; Kubernetes' default is 0.1.
    up_factor : float, at least 1
    up_servers : int, at least 0
        A tick at most multiplies the servers by the one or adds the other, whichever is more;
        Kubernetes' defaults are 2 and 4 per 15 s.
    down_window_s : float, s, at least 0
        Servers go only to the highest number called for within this time; Kubernetes' default
        is 300.
    cold_start_s : float, s, at least 0
        Time from ordering a server to its first job.

    Raises
    ------
    MetricsError
        Naming the parameter outside its limits.

    Examples
    --------
    Fifty servers that are 90 % busy where 75 % was the aim; and 78 %, which is near enough:

    >>> rule = TargetTracking(target=0.75, maximum=100)
    >>> rule.recommended(50, 50 * 0.90), rule.recommended(50, 50 * 0.78)
    (60, 50)
    """

    target: float
    minimum: int = 1
    maximum: int = MOST_SERVERS
    tick_s: float = 15.0
    tolerance: float = 0.1
    up_factor: float = 2.0
    up_servers: int = 4
    down_window_s: float = 300.0
    cold_start_s: float = 0.0

    def __post_init__(self) -> None:
        within("target", self.target, 1e-6, 1)
        within("minimum", self.minimum, 1, MOST_SERVERS)
        within("maximum", self.maximum, self.minimum, MOST_SERVERS)
        within("tick_s", self.tick_s, 1e-3, DAY_S)
        within("tolerance", self.tolerance, 0, 0.99)
        within("up_factor", self.up_factor, 1, MOST_SERVERS)
        within("up_servers", self.up_servers, 0, MOST_SERVERS)
        within("down_window_s", self.down_window_s, 0, DAY_S)
        within("cold_start_s", self.cold_start_s, 0, DAY_S)
        for field in ("minimum", "maximum", "up_servers"):
            if getattr(self, field) % 1:
                raise MetricsError(f"`{field}` must be a whole number; got {getattr(self, field)}")

    def recommended(self, servers: int, load: float) -> int:
        """Servers called for, before any limit: ``ceil(servers ratio)``, or as many as now.

        ``ratio = load / (servers target)``; servers still starting count, as not busy.

        Parameters
        ----------
        servers : int, at least 1
            Those ordered so far.
        load : float, erlangs
        """
        ratio = load / (servers * self.target)
        if abs(ratio - 1) <= self.tolerance + HAIR:
            return servers
        return math.ceil(load / self.target - HAIR)

    def limited(self, servers: int, wanted: int) -> int:
        """Go from `servers` towards `wanted`, as far as one tick may."""
        most = max(math.ceil(servers * self.up_factor - HAIR), servers + self.up_servers)
        return max(self.minimum, min(wanted, most, self.maximum))


@dataclass(frozen=True, slots=True)
class Fleet:
    """Servers tick by tick.

    Attributes
    ----------
    ordered : (t,) or (s, t) ints
        Servers paid for during each tick: those that work and those that start.
    ready : (t,) or (s, t) ints
        Those that can take jobs from the start of the tick.
    tick_s : float, s
    """

    ordered: Counts
    ready: Counts
    tick_s: float

    @property
    def starting(self) -> Counts:
        """Servers that are paid for and cannot take jobs yet, each tick."""
        return self.ordered - self.ready

    @property
    def server_hours(self) -> Any:
        """Hours to pay for, those of starting servers included; one number per replication."""
        return (self.ordered.sum(axis=-1) * self.tick_s / 3600)[()]


def follow(policy: TargetTracking, load: ArrayLike, initial: int | None = None) -> Fleet:
    """Let the servers follow the load.

    At each tick: what is called for at the load of the tick before; from there down only to the
    highest such number of the window, up only as far as a tick may; then within the limits.

    Parameters
    ----------
    policy
        The rule.
    load : (t,) or (s, t) floats, erlangs, at least 0
        Offered during each tick: requests per s times mean service time, expected or measured.
    initial : int, optional
        Servers in the first tick and ever before; without it, those that its load calls for.

    Returns
    -------
    Fleet
        ``ready`` is the fewest ordered at any tick of the last `cold_start_s`, as the youngest
        go first.

    Raises
    ------
    MetricsError
        When the load is not finite, or negative, or has no tick.

    Examples
    --------
    From 2 to 20 erlangs at half a load each: 4 servers double until there are 40.

    >>> rule = TargetTracking(target=0.5, cold_start_s=30)
    >>> fleet = follow(rule, [2, 20, 20, 20, 20, 20, 20, 20])
    >>> fleet.ordered.tolist()
    [4, 4, 8, 16, 32, 40, 40, 40]
    >>> fleet.ready.tolist()
    [4, 4, 4, 4, 8, 16, 32, 40]
    """
    offered = np.asarray(load, float)
    if offered.ndim not in {1, 2} or not offered.shape[-1]:
        raise MetricsError(f"`load` must have shape (t,) or (s, t); got {offered.shape}")
    within("load", offered, 0, np.finfo(float).max)
    rows = np.atleast_2d(offered)
    ordered = np.array([_followed(policy, row.tolist(), initial) for row in rows], np.int64)
    ordered = ordered.reshape(offered.shape)
    late = math.ceil(policy.cold_start_s / policy.tick_s - HAIR)
    before = np.repeat(ordered[..., :1], late, axis=-1)
    seen = np.concatenate([before, ordered], axis=-1)
    ready = np.lib.stride_tricks.sliding_window_view(seen, late + 1, axis=-1).min(axis=-1)
    return Fleet(ordered, ready, policy.tick_s)


def _followed(policy: TargetTracking, load: list[float], initial: int | None) -> list[int]:
    first = math.ceil(load[0] / policy.target - HAIR) if initial is None else initial
    servers = max(policy.minimum, min(first, policy.maximum))
    ticks = max(1, math.ceil(policy.down_window_s / policy.tick_s - HAIR))
    recent = deque([servers] * ticks, maxlen=ticks)
    ordered = [servers]
    for offered in load[:-1]:
        wanted = policy.recommended(servers, offered)
        recent.append(wanted)
        wanted = max(wanted, min(servers, max(recent)))
        servers = policy.limited(servers, wanted)
        ordered.append(servers)
    return ordered
