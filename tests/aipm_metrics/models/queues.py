"""Oracles for queues, written another way: exact fractions and linear systems."""

from __future__ import annotations

from math import factorial
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from fractions import Fraction

    from aipm_metrics.models.confusion import Floats


def exact_erlang_b(load: Fraction, servers: int) -> Fraction:
    """The formula as Erlang wrote it, with factorials, in exact arithmetic."""
    terms = [load**k / factorial(k) for k in range(servers + 1)]
    return terms[-1] / sum(terms)


def exact_erlang_c(load: Fraction, servers: int) -> Fraction:
    """As in every textbook, in exact arithmetic; for a load below the number of servers."""
    last = load**servers / factorial(servers) * servers / (servers - load)
    return last / (sum(load**k / factorial(k) for k in range(servers)) + last)


def solved_chain(births: list[float], deaths: list[float]) -> Floats:
    """Stationary shares of states 0 .. n, from the balance equations as a linear system.

    `births[k]` leads from k to k + 1, `deaths[k]` from k + 1 to k.
    """
    n = len(births) + 1
    flow = np.zeros((n, n))
    for k, (up, down) in enumerate(zip(births, deaths, strict=True)):
        flow[k + 1, k] += up
        flow[k, k] -= up
        flow[k, k + 1] += down
        flow[k + 1, k + 1] -= down
    flow[-1] = 1
    return np.linalg.solve(flow, np.eye(n)[-1])
