"""Erlang's two formulas: the chance to find every server busy.

Customers arrive as a Poisson stream and are served for exponential times by `servers` equal
servers; `load` is the arrival rate times the mean service time, in erlangs. B is the share lost
when nobody may wait (for B any service time will do), C the share that waits when everybody may.
Axis letters: `g` loads, `c` servers.

Erlang (1917), "Solution of some problems in the theory of probabilities of significance in
automatic telephone exchanges"; the recursion is in Cooper (1981), "Introduction to Queueing
Theory", 2nd ed., sec. 3.3 and 3.4. Factorials overflow at 171 servers; the recursion never does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.queue_inputs import at_least_zero, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["delayed_from_lost", "erlang_b", "erlang_b_table", "erlang_c", "erlang_c_table"]


def erlang_b(load: ArrayLike, servers: ArrayLike) -> Any:
    """Share of customers lost when nobody may wait (M/G/c/c).

    ``B[0] = 1;  B[k] = load B[k-1] / (k + load B[k-1])``

    Parameters
    ----------
    load : float or array, erlangs
        At least 0; broadcasts against `servers`.
    servers : int or array
        Whole, 0 to 100,000.

    Raises
    ------
    MetricsError
        For a load or a number of servers outside these limits.

    Examples
    --------
    One erlang and one server: busy half of the time, and a customer meets that.

    >>> float(erlang_b(1, 1))
    0.5
    """
    load = np.asarray(at_least_zero("load", load))
    servers = np.asarray(whole("servers", servers, low=0))
    if servers.size == 0 or load.size == 0:
        return np.zeros(np.broadcast_shapes(load.shape, servers.shape))
    most = int(servers.max())
    if servers.size == 1:
        *_, last = _lost(load, most)
        return np.broadcast_to(last, np.broadcast_shapes(load.shape, servers.shape)).copy()[()]
    return _picked(load, servers, most)[()]


def erlang_c(load: ArrayLike, servers: ArrayLike) -> Any:
    """Share of customers who wait when everybody may (M/M/c).

    ``C = B / (1 - load/servers (1 - B))`` with B of `erlang_b`; 1 where the load is as large as
    the number of servers, for then the line never ends.

    Parameters
    ----------
    load : float or array, erlangs
        At least 0; broadcasts against `servers`.
    servers : int or array
        Whole, 1 to 100,000.

    Raises
    ------
    MetricsError
        For a load or a number of servers outside these limits.

    Examples
    --------
    With one server the chance to wait is the share of time it is busy:

    >>> round(float(erlang_c(0.8, 1)), 12)
    0.8
    """
    servers = whole("servers", servers)
    return delayed_from_lost(erlang_b(load, servers), load, servers)


def erlang_b_table(load: ArrayLike, most: int) -> Floats:
    """`erlang_b` for every number of servers up to `most`, in one pass.

    Parameters
    ----------
    load : (g,) floats, erlangs
    most : int
        Whole, 1 to 100,000.

    Returns
    -------
    (g, c) floats
        Column `c - 1` belongs to `c` servers.

    Examples
    --------
    >>> erlang_b_table([1.0], 2).tolist()
    [[0.5, 0.2]]
    """
    load = np.atleast_1d(at_least_zero("load", load))
    steps = _lost(load, int(whole("most", most)))
    next(steps)  # no servers
    table = np.empty((int(most), *load.shape))
    for row, lost in zip(table, steps, strict=True):
        row[:] = lost
    return np.moveaxis(table, 0, -1)


def erlang_c_table(load: ArrayLike, most: int) -> Floats:
    """`erlang_c` for every number of servers up to `most`, in one pass.

    Parameters
    ----------
    load : (g,) floats, erlangs
    most : int
        Whole, 1 to 100,000.

    Returns
    -------
    (g, c) floats
        Column `c - 1` belongs to `c` servers; 1 where they are too few.

    Examples
    --------
    >>> erlang_c_table([1.0], 2).round(6).tolist()
    [[1.0, 0.333333]]
    """
    lost = erlang_b_table(load, most)
    of = np.atleast_1d(np.asarray(load, float))[..., None]
    return np.asarray(delayed_from_lost(lost, of, np.arange(1, int(most) + 1)))


def delayed_from_lost(lost: ArrayLike, load: ArrayLike, servers: ArrayLike) -> Any:
    """Erlang C from Erlang B of the same load and servers, both already checked."""
    lost, busy = np.asarray(lost), np.asarray(load, float) / servers
    waits = 1 - busy * (1 - lost)
    # Where the load is too large the formula is above 1, or divides by nothing.
    return np.where(busy < 1, lost / np.where(busy < 1, waits, 1.0), 1.0)[()]


def _lost(load: Any, most: int) -> Iterator[Any]:
    """Erlang B for 0, 1, 2 ... `most` servers."""
    lost = np.ones_like(load)
    yield lost
    for k in range(1, most + 1):
        met = load * lost
        lost = met / (k + met)
        yield lost


def _picked(load: Any, servers: Any, most: int) -> Floats:
    """Erlang B of every pair.

    Where many numbers of servers share a load the recursion runs once per load; where every pair
    has its own, those who have had their last step drop out.
    """
    shape = np.broadcast_shapes(load.shape, servers.shape)
    number = np.broadcast_to(servers, shape).ravel()
    order = np.argsort(number, kind="stable")[::-1]  # from the most servers to the fewest
    ends = number.size - np.searchsorted(number[order][::-1], np.arange(most + 2))
    found = np.empty(number.size)
    if load.size == number.size:
        left = load.reshape(-1)[order]
        lost = np.ones_like(left)
        for k in range(1, most + 1):
            met = left[: ends[k]] * lost[: ends[k]]
            lost[: ends[k]] = met / (k + met)
        found[order] = lost
        return found.reshape(shape)
    which = np.broadcast_to(np.arange(load.size).reshape(load.shape), shape).ravel()
    for k, lost in enumerate(_lost(load.ravel(), most)):
        here = order[ends[k + 1] : ends[k]]
        if here.size:
            found[here] = lost[which[here]]
    return found.reshape(shape)
