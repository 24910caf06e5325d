"""Tokens from servers of one's own: what a million costs, and when that beats a price list.

A server costs the same whether it works or waits, so its price per token is its price per hour
over what it gets through, and servers are bought for the peak: whoever's peak is twice the mean
pays for twice the servers ("peak tax"). All arguments broadcast. Nothing here is random.
A month has 730 hours (365 days / 12). Prices per million tokens from prices per hour as in
kubernetes-sigs/inference-perf, issue 139: ``USD per hour / (tokens per second * 3600) * 1e6``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.pricing import MILLION

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "HOURS_A_MONTH",
    "always_cheaper_from",
    "break_even_tokens",
    "break_even_utilisation",
    "servers_needed",
    "usd_per_million",
]

HOURS_A_MONTH = 730.0  # 365 days of 24 hours, over 12 months
SECONDS = 3600.0
HAIR = 1e-9  # of a server; a load a hair above a whole number of servers is that number


def usd_per_million(
    usd_per_hour: ArrayLike, tokens_per_s: ArrayLike, utilisation: ArrayLike = 1.0
) -> Any:
    """Price of a million tokens from a server that works so much of its time, USD.

    ``usd_per_hour 1e6 / (3600 tokens_per_s utilisation)``

    Parameters
    ----------
    usd_per_hour : float
    tokens_per_s : float, above 0
        What the server gets through while it works.
    utilisation : float, 0 to 1
        ``inf`` at 0: a server that never works has no price per token.

    Examples
    --------
    >>> [round(float(usd_per_million(2.5, 700, u)), 3) for u in (1, 0.1)]
    [0.992, 9.921]
    """
    done = np.multiply(tokens_per_s, utilisation) * SECONDS / MILLION
    with np.errstate(divide="ignore"):
        return np.divide(usd_per_hour, np.asarray(done, float))[()]


def servers_needed(
    mean_tokens_per_s: ArrayLike,
    peak_to_mean: ArrayLike,
    tokens_per_s: ArrayLike,
    target_utilisation: ArrayLike,
) -> Any:
    """Whole servers that keep to a target utilisation at the peak.

    ``ceil(mean_tokens_per_s peak_to_mean / (tokens_per_s target_utilisation))``, so on
    average they work at most ``target_utilisation / peak_to_mean`` of their time.

    Parameters
    ----------
    mean_tokens_per_s : float
        Over the month.
    peak_to_mean : float, at least 1
    tokens_per_s : float
        Of one server.
    target_utilisation : float, above 0, at most 1
        Of each server at the peak.

    Returns
    -------
    float
        0 without a load, else at least 1.

    Examples
    --------
    1,000 tokens a second on average and twice that at the peak, on servers of 500 that are to be
    busy half of their time:

    >>> float(servers_needed(1000, 2, 500, 0.5))
    8.0
    """
    peak = np.multiply(mean_tokens_per_s, peak_to_mean)
    return np.ceil(np.asarray(peak / np.multiply(tokens_per_s, target_utilisation)) - HAIR)[()]


def break_even_utilisation(
    usd_per_hour: ArrayLike, tokens_per_s: ArrayLike, usd_per_million_bought: ArrayLike
) -> Any:
    """Share of its time a server must work for its tokens to cost what bought ones do.

    ``usd_per_hour 1e6 / (3600 tokens_per_s usd_per_million_bought)``; above 1 it never pays.

    Examples
    --------
    >>> round(float(break_even_utilisation(2.5, 700, 3)), 3)
    0.331
    """
    return usd_per_million(usd_per_hour, tokens_per_s, usd_per_million_bought)


def break_even_tokens(usd_a_month: ArrayLike, usd_per_million_bought: ArrayLike) -> Any:
    """Tokens a month that cost as much bought as so many USD of servers, in millions.

    ``usd_a_month / usd_per_million_bought``; ``inf`` where bought ones are free.

    Examples
    --------
    One server at 2.50 an hour, all month, against 3 per million:

    >>> round(float(break_even_tokens(2.5 * HOURS_A_MONTH, 3)), 1)
    608.3
    """
    with np.errstate(divide="ignore"):
        return np.divide(usd_a_month, np.asarray(usd_per_million_bought, float))[()]


def always_cheaper_from(
    usd_a_server: ArrayLike, million_a_server: ArrayLike, upkeep: ArrayLike,
    usd_per_million_bought: ArrayLike,
) -> Any:  # fmt: skip
    """Tokens a month, in millions, above which own servers always cost less than bought tokens.

    Servers come whole, so just above ``k`` full ones the bill jumps to ``k + 1`` servers. With
    ``k`` the fewest full servers after which the jump no longer matters,
    ``k million_a_server usd_per_million_bought >= (k + 1) usd_a_server + upkeep``, the last
    crossing is ``(k usd_a_server + upkeep) / usd_per_million_bought``.

    Parameters
    ----------
    usd_a_server, upkeep : float, USD a month
    million_a_server : float, million tokens a month
        What one server may be given.
    usd_per_million_bought : float

    Returns
    -------
    float
        ``inf`` where a full server costs no less than its tokens bought.

    Examples
    --------
    A server at 10 for 5 million tokens, an upkeep of 5, tokens at 4: one server wins from 15 / 4
    on, two lose again just above 5 million, and win for good from 25 / 4 on.

    >>> float(always_cheaper_from(10, 5, 5, 4))
    6.25
    """
    gain = np.asarray(np.multiply(million_a_server, usd_per_million_bought) - usd_a_server, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        full = np.ceil(np.add(usd_a_server, upkeep) / gain - HAIR)
        bill = np.maximum(full, 0.0) * usd_a_server + upkeep
        return np.where(gain > 0, break_even_tokens(bill, usd_per_million_bought), np.inf)[()]
