"""An agent's loop: how many steps a task takes, and how often a limit of them cuts it short.

A task needs ``K`` steps, ``K - 1`` negative binomial (Johnson, Kemp & Kotz 2005, "Univariate
Discrete Distributions", ch. 5): shape 1 is the geometric law of a coin, and the higher the shape
the more alike tasks are. A step whose attempts all fail ends the task. A runaway never finishes
by itself. What the steps cost is in `loop_tokens`.

Everything a step limit does is a prefix sum along the steps, so that one pass answers every
limit. Axis letter: `k` steps, the last axis of every prefix; all others broadcast. Nothing here
is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import within

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.pricing import Rates

    Ints = NDArray[np.intp]

__all__ = [
    "Visits",
    "Work",
    "expected_attempts",
    "gathered",
    "loop_cost",
    "step_chances",
    "work",
]


def step_chances(mean: ArrayLike, shape: ArrayLike, steps: int) -> Floats:
    """Chance that a task needs exactly 1, 2, ... steps.

    ``C(k - 2 + shape, k - 1) p**shape (1 - p)**(k - 1)``, ``p = shape / (shape + mean - 1)``.

    Parameters
    ----------
    mean : float, at least 1
        Steps on average.
    shape : float, above 0
    steps
        How far to go.

    Returns
    -------
    (..., k) floats
        What is missing to 1 takes more steps than that.

    Examples
    --------
    A coin that finishes the task at every second step:

    >>> step_chances(2, 1, 3).tolist()
    [0.5, 0.25, 0.125]
    """
    more, r = np.asarray(mean, float)[..., None] - 1, np.asarray(shape, float)[..., None]
    p, rest = r / (r + more), more / (r + more)
    k = np.arange(1, steps)
    factors = (k - 1 + r) / k * rest
    first = np.broadcast_to(p**r, (*factors.shape[:-1], 1))
    return np.cumprod(np.concatenate([first, factors], axis=-1), axis=-1)


@dataclass(frozen=True, slots=True)
class Visits:
    """How often the steps of a loop are reached, per task, summed up to each step.

    Attributes
    ----------
    calls : (..., k + 1) floats
        Steps reached, up to none, one, two, ...
    depth : (..., k + 1) floats
        The same, each weighted with the number of steps before it.
    again : (..., k + 1) floats
        The same, each weighted with the number of steps before the one before it: how often
        what a step brings in has been sent before.
    """

    calls: Floats
    depth: Floats
    again: Floats

    @classmethod
    def of(cls, reached: Floats) -> Visits:
        """Sum up chances of reaching each step, (..., k)."""
        before = np.arange(reached.shape[-1])
        return cls(
            _prefix(reached),
            _prefix(reached * before),
            _prefix(reached * np.maximum(before - 1, 0)),
        )


@dataclass(frozen=True, slots=True)
class Work:
    """What becomes of tasks at every limit of their steps, per task.

    Attributes
    ----------
    finished, cut_off : (..., k + 1) floats
        Of tasks that would finish: chance that one does within so many steps, and that it is
        stopped there. The rest has failed on the way.
    stopped : (..., k + 1) floats
        Of runaways: chance that one is stopped there.
    tasks, runaways : Visits
        Steps that either kind takes.
    """

    finished: Floats
    cut_off: Floats
    stopped: Floats
    tasks: Visits
    runaways: Visits


def work(mean: ArrayLike, shape: ArrayLike, survives: ArrayLike, steps: int) -> Work:
    """Follow tasks and runaways step by step.

    Parameters
    ----------
    mean, shape
        See `step_chances`.
    survives : float, 0 to 1
        Chance that a step goes through, retries included.
    steps
        How far to go.

    Examples
    --------
    A coin that finishes the task at every second step, stopped after two:

    >>> told = work(mean=2, shape=1, survives=1, steps=2)
    >>> told.finished.tolist(), told.cut_off.tolist(), told.tasks.calls.tolist()
    ([0.0, 0.5, 0.75], [1.0, 0.5, 0.25], [0.0, 1.0, 1.5])
    """
    chances = step_chances(mean, shape, steps)
    s = np.asarray(survives, float)[..., None]
    alive = s ** np.arange(steps + 1.0)  # after none, one, two, ... steps
    left = np.maximum(1 - _prefix(chances), 0.0)
    return Work(
        finished=_prefix(chances * alive[..., 1:]),
        cut_off=left * alive,
        stopped=alive,
        tasks=Visits.of(left[..., :-1] * alive[..., :-1]),
        runaways=Visits.of(alive[..., :-1]),
    )


def expected_attempts(failure: ArrayLike, max_retries: ArrayLike) -> Any:
    """Count the attempts per call, the first included, each failing alike and by itself.

    ``(1 - failure**(max_retries + 1)) / (1 - failure)``, a geometric series.

    Parameters
    ----------
    failure : float, 0 up to but not 1
        Chance that one attempt fails.
    max_retries : float, at least 0
        Attempts after the first one, at most.

    Examples
    --------
    Half of all attempts fail, and there are two retries: ``1 + 1/2 + 1/4``.

    >>> float(expected_attempts(0.5, 2))
    1.75
    """
    p = within("failure", failure, 0, np.nextafter(1, 0))
    n = within("max_retries", max_retries, 0, np.inf) + 1
    return (1 - np.power(p, n)) / (1 - p)


def loop_cost(
    steps: ArrayLike, prompt: ArrayLike, added: ArrayLike, output: ArrayLike, rates: Rates
) -> Any:
    """Cost of an agent's loop without a cache, whose every step reads all that came before; USD.

    ``(k S + k (k - 1) / 2 (a + o)) input + k o output`` for `k` steps, prompt `S`, `a` added
    and `o` put out per step: quadratic in the steps, because the context grows.

    Parameters
    ----------
    steps : float, at least 0
        Calls of the loop.
    prompt, added, output : floats, at least 0
        Tokens: input of the first step; what a step brings in beside the model's own output,
        such as what a tool returned; output per step, which the next one reads again.
    rates
        Prices below every threshold; tiers play no part.

    Examples
    --------
    A prompt of 2,000, 1,000 added and 500 put out per step, at 3 and 15: from 5 steps to 20,
    four times as many cost ten times as much.

    >>> from aipm_metrics.models.pricing import Rates
    >>> price = Rates(input=3, cache_read=0.3, cache_write=3.75, output=15)
    >>> [round(float(loop_cost(k, 2000, 1000, 500, price)), 4) for k in (1, 5, 20)]
    [0.0135, 0.1125, 1.125]
    """
    k = within("steps", steps, 0, np.inf)
    read = k * prompt + k * (k - 1) / 2 * np.add(added, output)
    return rates(read, 0, 0, np.multiply(k, output))


def gathered(prefix: Floats, steps: Ints) -> Floats:
    """Read a prefix (..., k + 1) at numbers of steps that broadcast against the rest of it."""
    if prefix.ndim == 1:
        return prefix[steps]
    shape = np.broadcast_shapes(prefix.shape[:-1], steps.shape)
    whole = np.broadcast_to(prefix, (*shape, prefix.shape[-1]))
    return np.take_along_axis(whole, np.broadcast_to(steps, shape)[..., None], axis=-1)[..., 0]


def _prefix(values: Floats) -> Floats:
    """Sum up none, the first, the first two, ... along the last axis."""
    sums = np.zeros((*values.shape[:-1], values.shape[-1] + 1))
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums
