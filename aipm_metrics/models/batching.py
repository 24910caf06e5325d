"""Continuous batching of a language model: every request in the batch gets a token per iteration.

An iteration with n active requests takes ``base_s + per_active_s n``; each gets one token of it.
That is a queue whose requests share the server equally, at a total speed that depends on their
number. Without a cap the number active has the same distribution whatever the output lengths
look like, only their mean counts: with ``b = rate tokens per_active_s`` and ``r = base_s /
per_active_s`` it is negative binomial, ``P(n) = C(n + r, n) b**n (1 - b)**(r + 1)``. With a cap
the rest wait outside, first come, first served, and lengths are taken to be geometric: a
birth-and-death chain whose wait is exponential for those who wait at all.

What is left out: reading the prompt (prefill) takes no time here, and iterations have no
boundaries, so that a request never waits for the end of one. Requests arrive as a Poisson stream.
Replicas get random shares of it; sending each request to the emptiest one would do better.

Kelly (1979), "Reversibility and Stochastic Networks", sec. 3.3, and Cohen (1979), "The multiple
phase service network with generalized processor sharing", Acta Informatica 12, 245-284, for
insensitivity; the iteration time is the one of Yu et al. (2022), "Orca", OSDI '22, in the linear
form that capacity planners fit to measurements. Axis letter: `g` settings.

A little long: what is left out must be said where the numbers are made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import betainc, gammaincc

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.erlang import delayed_from_lost
from aipm_metrics.models.multi_server import wait_at
from aipm_metrics.models.queue_inputs import at_least_zero, chance, positive, whole

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = ["BatchState", "batch_steady_state"]

MOST_ACTIVE = 100_000
HALVINGS = 64


@dataclass(frozen=True, slots=True)
class BatchState:
    """Steady state of each replica, made by `batch_steady_state`; every field broadcasts.

    Attributes
    ----------
    active : float or array
        Mean number of requests in the batch; infinite where there is no cap and no steady state.
    tpot_s : float or array, s
        Mean time per output token, once in the batch; infinite where `active` is.
    wait_s : float or array, s
        Mean wait for a place in the batch; 0 without a cap, infinite where the cap lets in less
        than comes.
    max_rate : float or array, per s
        Requests that all replicas can just not keep up with.
    delayed : float or array, 0 to 1
        Share of requests that wait for a place.
    rate, output_tokens, base_s, per_active_s : float or array
        Of one replica.
    cap : float or array
        Infinite where there is none.
    """

    active: Any
    tpot_s: Any
    wait_s: Any
    max_rate: Any
    delayed: Any
    rate: Any
    output_tokens: Any
    base_s: Any
    per_active_s: Any
    cap: Any

    @property
    def stable(self) -> Any:
        """Whether there is a steady state at all."""
        return np.isfinite(self.active) & np.isfinite(self.wait_s)

    @property
    def end_to_end_s(self) -> Any:
        """Mean time from arrival to the last token: the wait and all tokens."""
        return self.wait_s + self.output_tokens * self.tpot_s

    @property
    def first_token_s(self) -> Any:
        """Mean time to the first token: the wait and one iteration of the batch one meets.

        A request meets the requests of a random moment, itself added to them.
        """
        met = self.active + np.where(np.isfinite(self.cap), 1 - self.delayed, 1.0)
        first = self.base_s + np.multiply(self.per_active_s, met)
        return (np.where(np.isfinite(self.active), first, np.inf) + self.wait_s)[()]

    def wait_quantile(self, probability: ArrayLike) -> Any:
        """Wait for a place that a share `probability` of requests stays within, s.

        Parameters
        ----------
        probability : float or array, 0 to 1

        Raises
        ------
        OutOfRangeError
            When `probability` is outside [0, 1].
        """
        rest = 1 - np.asarray(chance("probability", probability))
        spare = np.where(np.isfinite(self.cap), _speed(self) - self.rate, np.inf)
        return wait_at(self.delayed, spare, rest)[()]

    def first_token_quantile(self, probability: ArrayLike) -> Any:
        """Time to the first token that a share `probability` of requests stays within, s.

        Whoever finds a place gets the first token after one iteration with those met there; who
        waits joins a full batch. That the batch may change within this one iteration is left out.

        Parameters
        ----------
        probability : float or array, 0 to 1

        Returns
        -------
        float or array, s
            Infinite where there is no steady state, and for a `probability` of 1 where anybody
            may wait or the batch has no cap.

        Raises
        ------
        OutOfRangeError
            When `probability` is outside [0, 1].
        """
        share = np.asarray(chance("probability", probability))
        stable, capped = np.asarray(self.stable), np.isfinite(self.cap)
        waits = 1 - share < self.delayed
        inside = np.where(capped, self.cap, MOST_ACTIVE) - 1.0
        # Up to the cap the chances of 0, 1, ... active stand to one another as without it.
        upto = np.where(capped, self._share_up_to(inside), 1.0) / (1 - self.delayed * ~waits)
        low, high = np.broadcast_arrays(-1.0, inside + 0 * share)
        for _ in range(HALVINGS):
            middle = np.floor((low + high) / 2)
            enough = self._share_up_to(middle) >= share * upto * (1 - 1e-14)
            low, high = np.where(enough, low, middle), np.where(enough, middle, high)
        met = np.where(waits, self.cap, np.maximum(high, 0) + 1)
        with np.errstate(invalid="ignore"):
            found = self.base_s + np.multiply(self.per_active_s, met)
        found = found + np.where(waits, self.wait_quantile(share), 0.0)
        never = ~stable | ((share == 1) & ((self.delayed > 0) | (~capped & (self.rate > 0))))
        return np.where(never, np.inf, found)[()]

    def _share_up_to(self, active: Any) -> Floats:
        """Share of time with at most that many active, if there were no cap."""
        load = np.multiply(self.rate, self.output_tokens)
        b, h = load * self.per_active_s, np.asarray(self.per_active_s, float)
        count = np.maximum(active, 0) + 1.0
        spread = np.where(h > 0, self.base_s / np.where(h > 0, h, 1.0), 0.0) + 1
        mixed = betainc(spread, count, np.clip(1 - b, 0, 1))
        share = np.where(h > 0, mixed, gammaincc(count, load * self.base_s))
        return np.where(np.asarray(active) < 0, 0.0, share)


def batch_steady_state(
    requests_per_s: ArrayLike,
    output_tokens: ArrayLike,
    base_s: ArrayLike,
    per_active_s: ArrayLike,
    cap: ArrayLike | None = None,
    *,
    replicas: ArrayLike = 1,
) -> BatchState:
    """Work out the steady state of continuous batching.

    Parameters
    ----------
    requests_per_s : float or (g,) floats, per s
        To all replicas, at least 0.
    output_tokens : float or (g,) floats
        Mean per request, at least 1.
    base_s : float or (g,) floats, s
        Time of an iteration without requests, at least 0.
    per_active_s : float or (g,) floats, s
        Time that each active request adds to an iteration, at least 0; one of both above 0.
    cap : int or (g,) ints, optional
        Most requests in a batch, whole, 1 to 100,000.
    replicas : int or (g,) ints
        Whole, 1 to 100,000, each with an equal random share of the requests.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    Iterations of 10 ms and 1 ms more per request, 100 tokens each, 5 requests a second: half of
    what can be done, so that a token takes twice as long as for a request alone.

    >>> state = batch_steady_state(5, 100, 0.010, 0.001)
    >>> round(float(state.tpot_s), 6), round(float(state.active), 6), float(state.max_rate)
    (0.022, 11.0, 10.0)
    """
    whole_rate = at_least_zero("requests_per_s", requests_per_s)
    tokens = positive("output_tokens", output_tokens)
    if (np.asarray(tokens) < 1).any():
        raise MetricsError(f"`output_tokens` must be at least 1; got {np.min(tokens):g}")
    base, more = at_least_zero("base_s", base_s), at_least_zero("per_active_s", per_active_s)
    if (np.asarray(base + more) == 0).any():
        raise MetricsError("`base_s` and `per_active_s` must not both be 0 s")
    copies = whole("replicas", replicas)
    most = np.inf if cap is None else whole("cap", cap, high=MOST_ACTIVE)
    rate, tokens, base, more, most = np.broadcast_arrays(
        whole_rate / copies, tokens, base, more, np.asarray(most, float)
    )
    if cap is None:
        return _uncapped(rate, tokens, base, more, copies)
    return _capped(rate, tokens, base, more, most, copies)


def _uncapped(rate: Any, tokens: Any, base: Any, more: Any, copies: Any) -> BatchState:
    taken = rate * tokens * more
    tpot = np.where(taken < 1, (base + more) / np.where(taken < 1, 1 - taken, 1.0), np.inf)
    active = np.where(taken < 1, rate * tokens * np.where(taken < 1, tpot, 0.0), np.inf)
    with np.errstate(divide="ignore"):
        most = copies / (tokens * more)
    none, nothing = np.full(rate.shape, np.inf), np.zeros(rate.shape)
    return BatchState(
        active[()], tpot[()], nothing[()], most[()], nothing[()],
        rate[()], tokens[()], base[()], more[()], none[()],
    )  # fmt: skip


def _capped(rate: Any, tokens: Any, base: Any, more: Any, cap: Any, copies: Any) -> BatchState:
    """Erlang's recursion with a server whose speed depends on how many it serves.

    `full` is the share of time at k if nobody were let in beyond k, and `mean` the mean number
    then; for the last step the mean below the cap is kept.
    """
    full, mean, below = np.ones(rate.shape), np.zeros(rate.shape), np.zeros(rate.shape)
    last = full
    first, each = rate * tokens * base, rate * tokens * more
    for k in range(1, int(cap.max(initial=0)) + 1):
        if (k == cap).any():
            below = np.where(k == cap, mean, below)
        met = (first / k + each) * full
        full = met / (1 + met)
        if (k > cap).any():
            full = np.where(k > cap, last, full)
        last = full
        mean = mean + (k - mean) * full
    speed = cap / ((base + more * cap) * tokens)
    stable = rate < speed
    delayed = np.where(stable, delayed_from_lost(full, rate / speed, 1.0), 1.0)
    active = below + (cap - below) * delayed
    spare = np.where(stable, speed - rate, 1.0)
    made = np.where(rate > 0, rate * tokens, 1.0)
    tpot = np.where(stable, np.where(rate > 0, active / made, base + more), base + more * cap)
    wait = np.where(stable, delayed / spare, np.inf)
    return BatchState(
        active[()], tpot[()], wait[()], (copies * speed)[()], delayed[()],
        rate[()], tokens[()], base[()], more[()], cap[()],
    )  # fmt: skip


def _speed(state: BatchState) -> Any:
    """Give the requests per second that a full batch finishes."""
    cap = np.where(np.isfinite(state.cap), state.cap, 1.0)
    return cap / ((state.base_s + state.per_active_s * cap) * state.output_tokens)
