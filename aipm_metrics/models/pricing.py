"""What a call to a language model costs, and what many of them cost before anybody notices.

Prices are USD per million tokens. A request has four kinds of tokens, each counted once: fresh
input, input read from a cache, input written to a cache, and output. Above a threshold of input
tokens another price list holds for *all* tokens of the request, output included ("cliff"). All
arguments broadcast. Nothing here is random.
Sources: the price pages of the vendors, as genai-prices 0.2.3 reads them (its documentation,
"Tiered prices"); Little (1961), "A proof for the queuing formula L = lambda W", Operations
Research 9, 383-387.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError, OutOfRangeError, within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "MILLION",
    "Prices",
    "Rates",
    "cache_break_even_uses",
    "cap_overshoot",
    "fresh_tokens",
    "request_cost",
]

MILLION = 1e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Four prices, USD per million tokens.

    Attributes
    ----------
    input, cache_read, cache_write, output : float, at least 0
        Where a vendor knows no cache, reading from it and writing to it cost what input costs.
    """

    input: Any
    cache_read: Any
    cache_write: Any
    output: Any

    def __call__(
        self, fresh: ArrayLike, cache_read: ArrayLike, cache_write: ArrayLike, output: ArrayLike
    ) -> Any:
        """Cost of so many tokens of each kind, USD."""
        return (
            np.multiply(fresh, self.input)
            + np.multiply(cache_read, self.cache_read)
            + np.multiply(cache_write, self.cache_write)
            + np.multiply(output, self.output)
        ) / MILLION


@dataclass(frozen=True, slots=True)
class Prices:
    """A price list.

    Attributes
    ----------
    base
        Rates of a request whose input is within every threshold.
    tiers
        Threshold in input tokens, all kinds together, and the rates of a request *above* it;
        ascending.

    Examples
    --------
    >>> Prices.of({"input": 3, "cache_read": 0.3, "cache_write": 3.75, "output": 15}).base.output
    15
    """

    base: Rates
    tiers: tuple[tuple[float, Rates], ...] = ()

    @classmethod
    def of(cls, prices: Prices | Rates | Mapping[str, Any] | Sequence[Any]) -> Prices:
        """Make a price list of rates, of a mapping by their names, or of the four in order.

        Raises
        ------
        MetricsError
            When one of the four is missing, or there is one too many.
        """
        if isinstance(prices, Prices):
            return prices
        if isinstance(prices, Rates):
            return cls(prices)
        names = Rates.__slots__
        by_name = prices if isinstance(prices, Mapping) else dict(zip(names, prices, strict=False))
        if len(prices) != len(names) or set(by_name) != set(names):
            told = ", ".join(by_name) if isinstance(prices, Mapping) else f"{len(prices)} numbers"
            raise MetricsError(f"`prices` must be {', '.join(names)}; got {told}")
        return cls(Rates(**by_name))


def request_cost(
    fresh: ArrayLike,
    cache_read: ArrayLike,
    cache_write: ArrayLike,
    output: ArrayLike,
    *,
    prices: Prices | Rates | Mapping[str, Any] | Sequence[Any],
) -> Any:
    """Cost of a request, USD; ``sum(tokens * rate) / 1e6``.

    Parameters
    ----------
    fresh, cache_read, cache_write, output : floats, at least 0
        Tokens, each in one of the four only; see `fresh_tokens`.
    prices : USD per million tokens
        See `Prices.of`. A tier holds for the whole request where
        ``fresh + cache_read + cache_write`` is above its threshold.

    Raises
    ------
    OutOfRangeError
        When a count is negative.

    Examples
    --------
    A thousand tokens in at 2.50 and a hundred out at 10 per million:

    >>> price = {"input": 2.5, "cache_read": 1.25, "cache_write": 2.5, "output": 10}
    >>> round(float(request_cost(1000, 0, 0, 100, prices=price)), 9)
    0.0035

    One token over the threshold, and all of them cost double:

    >>> dear = Prices(
    ...     Rates(input=3, cache_read=3, cache_write=3, output=15),
    ...     ((200_000, Rates(input=6, cache_read=6, cache_write=6, output=22.5)),),
    ... )
    >>> [round(float(request_cost(n, 0, 0, 0, prices=dear)), 6) for n in (200_000, 200_001)]
    [0.6, 1.200006]
    """
    told = {"fresh": fresh, "cache_read": cache_read, "cache_write": cache_write, "output": output}
    tokens = [within(name, count, 0, np.inf) for name, count in told.items()]
    listed = Prices.of(prices)
    cost, total = listed.base(*tokens), tokens[0] + tokens[1] + tokens[2]
    for above, rates in listed.tiers:
        cost = np.where(total > above, rates(*tokens), cost)
    return np.asarray(cost, float)[()]


def fresh_tokens(total: ArrayLike, cache_read: ArrayLike = 0, cache_write: ArrayLike = 0) -> Any:
    """Input tokens in no cache, where a vendor's total counts the cached ones as well.

    ``total - cache_read - cache_write``. Some vendors report a total that includes cached
    tokens and some one that does not; adding where one must subtract bills a cached prompt
    several times over.

    Parameters
    ----------
    total, cache_read, cache_write : floats, at least 0
        Tokens.

    Raises
    ------
    OutOfRangeError
        When more were cached than there are: the total is then one without them.

    Examples
    --------
    >>> float(fresh_tokens(10_000, cache_read=8_000, cache_write=1_000))
    1000.0
    """
    cached = within("cache_read", cache_read, 0, np.inf) + within(
        "cache_write", cache_write, 0, np.inf
    )
    whole = within("total", total, 0, np.inf)
    over, whole = np.broadcast_arrays(np.asarray(cached - whole), whole)
    if (over > 0).any():
        worst = int(over.argmax())
        most = float(whole.flat[worst])
        said = most + float(over.flat[worst])
        raise OutOfRangeError("cache_read + cache_write", 0, most, f"{said:g}", "tokens, the total")
    return -over[()]


def cache_break_even_uses(rates: Rates) -> Any:
    """Count the uses of one prefix, the write included, from which writing it to a cache pays.

    ``(cache_write - cache_read) / (input - cache_read)``, where
    ``cache_write + (uses - 1) cache_read = uses input``.

    Parameters
    ----------
    rates
        Prices; only their ratios count.

    Returns
    -------
    float
        1 where neither a write nor a read costs more than input; ``inf`` where a read costs
        more, or saves nothing though a write costs more.

    Examples
    --------
    A write at 1.25 of the input's price and reads at a tenth pay from the second use:

    >>> told = Rates(input=1, cache_read=0.1, cache_write=1.25, output=5)
    >>> round(float(cache_break_even_uses(told)), 4)
    1.2778
    """
    premium = np.asarray(rates.cache_write, float) - rates.input
    saved = np.asarray(np.asarray(rates.input, float) - rates.cache_read)
    with np.errstate(divide="ignore", invalid="ignore"):
        uses = np.where(saved > 0, 1 + premium / saved, np.inf)
    return np.where((premium <= 0) & (saved >= 0), 1.0, uses)[()]


def cap_overshoot(
    cost_per_call: ArrayLike, calls_per_s: ArrayLike, lag_s: ArrayLike, latency_s: ArrayLike
) -> Any:
    """Money spent beyond a cap that blocks calls once the spend *reported* reaches it; USD.

    ``cost_per_call calls_per_s (lag_s + latency_s)``: by Little's law the calls that have
    begun and are not yet reported.

    Parameters
    ----------
    cost_per_call : float, USD
        On average.
    calls_per_s : float
        Begun a second while the cap is neared.
    lag_s, latency_s : floats, s
        From the end of a call to its being reported; from its beginning to its end.

    Examples
    --------
    Ten cents a call, 200 a minute, reported a quarter of an hour late:

    >>> round(float(cap_overshoot(0.10, 200 / 60, 900, 5)), 2)
    301.67
    """
    late = within("lag_s", lag_s, 0, np.inf) + within("latency_s", latency_s, 0, np.inf)
    return within("cost_per_call", cost_per_call, 0, np.inf) * within(
        "calls_per_s", calls_per_s, 0, np.inf
    ) * late  # fmt: skip
