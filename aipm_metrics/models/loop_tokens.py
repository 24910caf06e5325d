"""Tokens of an agent's loop, and what they cost: each step reads all that came before it.

The input grows step by step; a cache may hold part of it; above a threshold of input tokens
another price list holds for the whole step. Everything is read off prefix sums along the steps
(`agent_loop.Visits`), so that every limit costs one look. All arguments broadcast. Nothing here
is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.agent_loop import gathered
from aipm_metrics.models.pricing import MILLION

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.models.agent_loop import Visits
    from aipm_metrics.models.pricing import Prices, Rates

    Ints = NDArray[np.intp]

__all__ = ["Loop", "Parts"]


@dataclass(frozen=True, slots=True)
class Parts:
    """What calls cost, by what is paid for; all in USD, of any one shape.

    Attributes
    ----------
    prompt
        Input that every step sends: read from the cache, or fresh where there is none.
    context
        Input that the steps before have brought in, likewise.
    writes
        Input written to the cache.
    output
    """

    prompt: Any
    context: Any
    writes: Any
    output: Any

    @property
    def total(self) -> Any:
        """All of it."""
        return self.prompt + self.context + self.writes + self.output

    def __add__(self, other: Parts) -> Parts:
        """Add cause by cause."""
        return Parts(
            self.prompt + other.prompt, self.context + other.context,
            self.writes + other.writes, self.output + other.output,
        )  # fmt: skip

    def __mul__(self, times: Any) -> Parts:
        """Scale every cause."""
        return Parts(
            self.prompt * times, self.context * times, self.writes * times, self.output * times
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Tokens of a loop's steps.

    Step ``j`` sends ``prompt + (j - 1) growth`` and gets `output`. Of what was sent before (the
    step before's whole input; the prompt alone at the first step, other tasks having sent it)
    the share `cached` is read from the cache; the rest of a step's input is written to it where
    `writes` holds, and is fresh elsewhere.

    Attributes
    ----------
    prompt, growth, output : floats, at least 0
        Tokens; growth is what a step brings in, its own output included.
    cached : float, 0 to 1
    writes : bool or array of bools
    """

    prompt: Any
    growth: Any
    output: Any
    cached: Any = 0.0
    writes: Any = False

    def steps_within(self, tokens: ArrayLike, most: int) -> Ints:
        """Last step whose input is no longer than so many tokens, `most` at most.

        Examples
        --------
        10, 15, 20 tokens and so on; the third step's 20 still fit:

        >>> loop = Loop(prompt=10, growth=5, output=1)
        >>> [int(loop.steps_within(n, 99)) for n in (9, 10, 20, 24, 1e9)]
        [0, 1, 3, 3, 99]
        """
        prompt, growth = np.asarray(self.prompt, float), np.asarray(self.growth, float)
        room = np.asarray(tokens, float) - prompt
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            fit = np.clip(np.floor(room / growth) + 1, 0, most)
        fit = np.where(growth > 0, fit, np.where(room >= 0, most, 0))
        fit = np.where(room < 0, 0, fit).astype(np.intp)
        # The division may be a hair off where a step's input is just as long as that.
        fit = fit + ((fit < most) & (prompt + fit * growth <= tokens))
        return np.asarray(fit - ((fit > 0) & (prompt + (fit - 1) * growth > tokens)), np.intp)

    def cost(self, visits: Visits, last: ArrayLike, prices: Prices) -> Parts:
        """Cost per task of all steps up to the last one allowed, each tried once; USD.

        Parameters
        ----------
        visits
            How often each step is reached.
        last : integers
            Steps allowed.
        prices
            A step whose input is above a threshold pays the tier's rates.

        Examples
        --------
        Five steps that everybody takes, at 3 and 15; see `agent_loop.loop_cost`.

        >>> from aipm_metrics.models.agent_loop import Visits
        >>> from aipm_metrics.models.pricing import Prices
        >>> loop = Loop(prompt=2000, growth=1500, output=500)
        >>> price = Prices.of({"input": 3, "cache_read": 0.3, "cache_write": 3.75, "output": 15})
        >>> round(float(loop.cost(Visits.of(np.ones(9)), 5, price).total), 9)
        0.1125
        """
        last, most = np.asarray(last, np.intp), visits.calls.shape[-1] - 1
        ends = [np.minimum(self.steps_within(above, most), last) for above, _ in prices.tiers]
        lists = [prices.base, *(rates for _, rates in prices.tiers)]
        sums: list[list[Any]] = [
            [gathered(each, end) for each in (visits.calls, visits.depth, visits.again)]
            for end in (*ends, last)
        ]
        parts = [
            self._between(*(b - a for a, b in zip(before, after, strict=True)), rates=rates)
            for before, after, rates in zip([[0.0] * 3, *sums[:-1]], sums, lists, strict=True)
        ]
        return sum(parts[1:], start=parts[0])

    def _between(self, calls: Any, depth: Any, again: Any, *, rates: Rates) -> Parts:
        """Cost of steps reached so often, so deep, and with so much sent again."""
        prompt_read = self.cached * self.prompt * calls
        context_read = self.cached * self.growth * again
        prompt_rest = self.prompt * calls - prompt_read
        context_rest = self.growth * depth - context_read
        fresh = np.where(self.writes, 0.0, rates.input) / MILLION
        written = np.where(self.writes, rates.cache_write, 0.0) / MILLION
        read = rates.cache_read / MILLION
        return Parts(
            prompt=prompt_read * read + prompt_rest * fresh,
            context=context_read * read + context_rest * fresh,
            writes=(prompt_rest + context_rest) * written,
            output=self.output * calls * (rates.output / MILLION),
        )

    def tokens(self, visits: Visits, last: ArrayLike) -> tuple[Any, Any]:
        """Tokens per task up to the last step allowed: all of them, and those from no cache.

        Examples
        --------
        >>> from aipm_metrics.models.agent_loop import Visits
        >>> loop = Loop(prompt=10, growth=5, output=1, cached=0.5)
        >>> told = loop.tokens(Visits.of(np.ones(9)), 2)
        >>> float(told[0]), float(told[1])
        (27.0, 17.0)
        """
        calls, depth, again = (
            gathered(sums, np.asarray(last, np.intp))
            for sums in (visits.calls, visits.depth, visits.again)
        )
        everything = (self.prompt + self.output) * calls + self.growth * depth
        return everything, everything - self.cached * (self.prompt * calls + self.growth * again)
