"""Erlang A: M/M/c whose customers' patience is exponential (M/M/c+M).

The states above `servers` weigh ``A = 1 + x/(a+1) + x**2/((a+1)(a+2)) + ...`` times the state of
`servers` itself, with ``a = servers service_rate mean_patience`` and ``x = arrival_rate
mean_patience``; with Erlang B that gives every share.

Garnett, Mandelbaum & Reiman (2002), "Designing a call center with impatient customers",
Manufacturing & Service Operations Management 4, 208-227, sec. 3 and appendix; the sum is Kummer's
M(1, a+1, x), in the NIST Digital Library of Mathematical Functions 8.5.1 and 8.9.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import gammainc, gammaln

from aipm_metrics.models.erlang import erlang_b
from aipm_metrics.models.queue_inputs import at_least_zero, positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["ErlangA", "erlang_a"]

FAR = 50.0  # from here on, 24 levels of the continued fraction give every digit
LEVELS = 24
MANY = 16.0  # from here on, Stirling's series gives every digit


@dataclass(frozen=True, slots=True)
class ErlangA:
    """Steady state with exponential patience; every field broadcasts.

    Attributes
    ----------
    delayed : float or array, 0 to 1
        Share of customers who find every server busy.
    abandoned : float or array, 0 to 1
        Share of customers who give up.
    mean_wait : float or array
        Of all customers, served or not.
    busy : float or array, 0 to 1
        Share of time a server is busy.
    """

    delayed: Any
    abandoned: Any
    mean_wait: Any
    busy: Any


def erlang_a(
    arrival_rate: ArrayLike, service_rate: ArrayLike, servers: ArrayLike, mean_patience: ArrayLike
) -> ErlangA:
    """M/M/c whose customers give up after an exponential time of mean `mean_patience`.

    Parameters
    ----------
    arrival_rate : float or array, per unit of time
        At least 0.
    service_rate : float or array, per unit of time and server
        Above 0.
    servers : int or array
        Whole, 1 to 100,000.
    mean_patience : float or array, the rates' unit of time
        Above 0 and finite.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    Patience as long as a service: every customer leaves at the same rate, in line or in service,
    so that their number is Poisson; of mean 1, it is 0 with chance exp(-1).

    >>> found = erlang_a(1, 1, 1, 1)
    >>> round(float(1 - found.delayed), 6), round(float(np.exp(-1)), 6)
    (0.367879, 0.367879)
    """
    rate, mu = at_least_zero("arrival_rate", arrival_rate), positive("service_rate", service_rate)
    c, patience = whole("servers", servers), positive("mean_patience", mean_patience)
    lost = np.asarray(erlang_b(rate / mu, c))
    shape = np.broadcast_shapes(lost.shape, np.shape(patience))
    a, x = (np.broadcast_to(v, shape) for v in (c * mu * patience, rate * patience))
    over, giving_up = _line(a, x)
    delayed = lost / (lost + (1 - lost) * over)
    abandoned = delayed * giving_up
    busy = np.minimum(rate * (1 - abandoned) / (c * mu), 1)  # it may be above 1 by rounding
    return ErlangA(delayed[()], abandoned[()], (abandoned * patience)[()], busy[()])


def _line(a: Floats, x: Floats) -> tuple[Floats, Floats]:
    """``1/A``, and the share of the delayed who give up."""
    busy = x / a
    with np.errstate(divide="ignore"):
        apart = a * np.where(busy > 0, busy - 1 - np.log(busy), np.inf)
    far = (busy < 1) & (apart > FAR)
    over = np.empty(a.shape)
    giving_up = np.empty(a.shape)
    over[far], giving_up[far] = _by_fraction(a[far], x[far])
    near = ~far
    over[near] = _by_gamma(a[near], x[near])
    giving_up[near] = (over[near] - 1 + busy[near]) / busy[near]
    return over, giving_up


def _by_fraction(a: Floats, x: Floats) -> tuple[Floats, Floats]:
    """By the continued fraction ``A = 1 / (1 - x / (a + 1 + R))``: no digits cancel in R."""
    below = a + 2 * (LEVELS + 1)
    for k in range(LEVELS, 0, -1):
        below = a + 2 * k - (a + k) * x / (a + 2 * k + 1 + (k + 1) * x / below)
    rest = x / below
    return 1 - x / (a + 1 + rest), (1 + rest) / (a + 1 + rest)


def _by_gamma(a: Floats, x: Floats) -> Floats:
    """By the incomplete gamma function: ``1/A = x**a exp(-x) / Gamma(a + 1) / P(a, x)``."""
    many = np.maximum(a, MANY)
    ratio = x / many - 1
    stirling = 1 / (12 * many) - 1 / (360 * many**3) + 1 / (1260 * many**5)
    with np.errstate(divide="ignore"):
        large = -many * (ratio - np.log1p(ratio)) - np.log(2 * np.pi * many) / 2 - stirling
    small = a * np.log(x) - x - gammaln(a + 1)
    return np.asarray(np.exp(np.where(a > MANY, large, small)) / gammainc(a, x))
