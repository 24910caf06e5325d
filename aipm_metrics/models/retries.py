"""What retries do to a queue: the load they add, and the collapse they can hold it in.

A client gives up after waiting `timeout` and tries again, up to `retries` times. With the share p
of attempts that fail, every request makes ``1 + p + ... + p**retries`` of them, and p grows with
their number: the offered rate is a fixed point of ``arrival_rate (1 + p + ...)``. Steady states
only, and retries taken for fresh Poisson arrivals: right for showing that there are two states,
not for the exact load at which one gives way to the other.

Where the servers go on working for clients who have left, p is the tail of M/M/c. It is a convex
function of the rate, and so is the offered rate, which therefore meets the straight line at most
twice below saturation, and once more where every attempt fails: a calm state, a tipping point, a
collapse. Where those who leave are taken out of the line (`mmc_timeout`), more offered work always
means more work done, and there is one state only.

Bronson et al. (2021), "Metastable failures in distributed systems", HotOS '21; Beyer et al. (eds.)
(2016), "Site Reliability Engineering", ch. 22, for retry budgets. Axis letter: `g` settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_metrics.models.bracketed_roots import root_between
from aipm_metrics.models.queue_inputs import chance
from aipm_metrics.models.reneging import mmc_timeout
from aipm_metrics.models.retry_loads import Attempts, attempts_per_request, series, users_failed

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "RetryPoints",
    "RetryState",
    "Work",
    "attempts_per_request",
    "retry_points",
    "stuck",
    "users_failed",
]

Work = Literal["wasted", "cancelled"]
STEPS = 100  # Newton takes 4 to 8; at a double root it halves the distance each time


@dataclass(frozen=True, slots=True)
class RetryState:
    """One steady state; every field is nan where there is none.

    Attributes
    ----------
    offered : float or array
        Attempts per unit of time.
    failed : float or array, 0 to 1
        Share of attempts that time out.
    users_failed : float or array, 0 to 1
        Share of requests that fail for good.
    """

    offered: Any
    failed: Any
    users_failed: Any


@dataclass(frozen=True, slots=True)
class RetryPoints:
    """Every steady state, made by `retry_points`.

    Attributes
    ----------
    calm
        Stable, and where a quiet start ends.
    tipping
        Unstable: pushed above it, the queue runs away to the collapse.
    collapsed
        Stable as well, and far worse; the queue does not find back by itself. Every attempt
        fails, unless a budget holds the offered rate below saturation.
    """

    calm: RetryState
    tipping: RetryState
    collapsed: RetryState

    @property
    def can_collapse(self) -> Any:
        """Whether a calm queue may collapse and stay collapsed."""
        return np.isfinite(self.calm.offered) & np.isfinite(self.collapsed.offered)

    @property
    def settled(self) -> RetryState:
        """Where a quiet start ends: calm, or collapsed where there is no calm."""
        calm = np.isfinite(self.calm.offered)
        return RetryState(
            np.where(calm, self.calm.offered, self.collapsed.offered)[()],
            np.where(calm, self.calm.failed, self.collapsed.failed)[()],
            np.where(calm, self.calm.users_failed, self.collapsed.users_failed)[()],
        )


def retry_points(
    arrival_rate: ArrayLike,
    service_rate: ArrayLike,
    servers: ArrayLike,
    timeout: ArrayLike,
    retries: ArrayLike,
    *,
    work: Work = "wasted",
    budget: ArrayLike | None = None,
) -> RetryPoints:
    """Every steady state of a queue whose clients try again.

    Parameters
    ----------
    arrival_rate : float or (g,) floats, per unit of time
        Requests, each counted once; at least 0.
    service_rate : float or (g,) floats, per unit of time and server
        Above 0.
    servers : int or (g,) ints
        Whole, 1 to 100,000.
    timeout : float or (g,) floats, the rates' unit of time
        Wait after which a client gives an attempt up, at least 0.
    retries : int or (g,) ints
        Attempts after the first, whole, 0 to 100.
    work
        "wasted": an attempt given up is served all the same. "cancelled": it leaves the line.
    budget : float or (g,) floats, 0 to 1, optional
        Most retries per request on average; what is over it fails at once.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    Ten servers, each with a service a second, patience of a second and three retries: at six
    requests a second all is well, until something pushes it over nine.

    >>> found = retry_points(6, 1, 10, 1, 3)
    >>> [round(float(s.offered), 2) for s in (found.calm, found.tipping, found.collapsed)]
    [6.01, 9.27, 24.0]
    >>> bool(found.can_collapse)
    True
    """
    attempts = Attempts.of(arrival_rate, service_rate, servers, timeout, retries)
    rate, m = attempts.arrival_rate, attempts.retries
    most = rate * (1 + (m if budget is None else np.minimum(chance("budget", budget), m)))
    if work == "cancelled":
        calm = _cancelled(attempts, most)
        none = np.full_like(calm.offered, np.nan)
        nowhere = RetryState(none[()], none[()], none[()])
        return RetryPoints(calm, nowhere, nowhere)
    full = attempts.full
    end = np.minimum(most, full)
    # Of two roots the way up finds the lower, and the way down the upper, if it begins above.
    begins_above = attempts.excess(end)[0] > 0
    low, none_low = _newton(attempts, rate + 0 * end, end, rate < full, up=True)
    high, none_high = _newton(attempts, end, end, begins_above & ~none_low, up=False)
    tipping = np.where(none_high | none_low | ~begins_above, np.nan, high)
    # A budget may hold the queue below saturation: that is no collapse, if it is the only state.
    held = none_low & (most < full)
    calm_at = np.where(held, most, np.where(none_low, np.nan, low))
    collapsed = ((most > full) | begins_above | none_low) & ~held
    return RetryPoints(
        _state(attempts, calm_at),
        _state(attempts, tipping),
        _state(attempts, np.where(collapsed, most, np.nan)),
    )


def stuck(points: RetryPoints) -> Any:
    """Bins of a day in which the queue is collapsed, once nothing but load can free it.

    Parameters
    ----------
    points
        Of the bins of a day, on the last axis; the day begins calm where it can.

    Returns
    -------
    (..., d) bools
        A bin is stuck where there is no calm, or where the bin before was and the collapse can
        last.

    Examples
    --------
    After an hour of nine requests a second, six are too many as well:

    >>> stuck(retry_points([6.0, 9.0, 6.0, 2.0], 1, 10, 1, 3)).tolist()
    [False, True, True, False]
    """
    no_calm, lasting = np.isnan(points.calm.offered), np.isfinite(points.collapsed.offered)
    found = np.zeros(no_calm.shape, bool)
    before = np.zeros(no_calm.shape[:-1], bool)
    for d in range(no_calm.shape[-1]):
        before = no_calm[..., d] | (before & lasting[..., d])
        found[..., d] = before
    return found


def _cancelled(attempts: Attempts, most: Any) -> RetryState:
    """Find the one state there is when those who leave are taken out of the line."""
    rate, m = attempts.arrival_rate, attempts.retries

    def failing(x: Any) -> Any:
        return mmc_timeout(x, attempts.service_rate, attempts.servers, attempts.timeout).abandoned

    def excess(x: Any) -> Any:
        return rate * series(failing(x), m)[0] - x

    offered = np.minimum(root_between(excess, rate + 0 * attempts.full, rate * (m + 1)), most)
    failed = failing(offered)
    return RetryState(offered[()], failed, _users(attempts, offered, failed))


def _newton(attempts: Attempts, start: Any, end: Any, begins: Any, *, up: bool) -> tuple[Any, Any]:
    """Go up from the left, or down from the right, to the nearest root of a convex function.

    Tangents of a convex function lie below it, so that no step passes a root; where a step would
    leave the bracket or turn round there is none. Only those still on their way are worked on.
    """
    at, last = np.array(start, float).ravel(), np.ravel(end)
    none, going = ~np.ravel(begins), np.flatnonzero(begins)
    for _ in range(STEPS):
        if not going.size:
            break
        part, x = attempts.picked(going), at[going]
        excess, slope = part.excess(x)
        turns = slope >= 0 if up else slope <= 0
        step = np.where((excess > 0) & ~turns, -excess / np.where(turns, 1.0, slope), 0.0)
        lost = ((excess > 0) & turns) | (x + step > last[going]) | (x + step < part.arrival_rate)
        none[going[lost]] = True
        at[going] = np.where(lost, x, x + step)
        going = going[~lost & (np.abs(step) > 1e-14 * x)]
    return at.reshape(np.shape(start)), none.reshape(np.shape(start))


def _state(attempts: Attempts, offered: Any) -> RetryState:
    failed = attempts.failing(np.where(np.isnan(offered), 0.0, offered))[0]
    failed = np.where(np.isnan(offered), np.nan, failed)
    return RetryState(offered[()], failed[()], _users(attempts, offered, failed))


def _users(attempts: Attempts, offered: Any, failed: Any) -> Any:
    """Share of requests that fail: all attempts, or those that a budget did not allow."""
    rate = attempts.arrival_rate
    unbound = offered >= rate * series(failed, attempts.retries)[0] * (1 - 1e-9)
    served = np.where(rate > 0, offered * (1 - failed) / np.where(rate > 0, rate, 1.0), 1 - failed)
    return np.where(unbound, failed ** (attempts.retries + 1.0), 1 - served)[()]
