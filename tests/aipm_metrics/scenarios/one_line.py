"""One waiting line, event by event: requests, deadlines, retries, and servers that free up.

An oracle for a quarter of an hour at Peak load that shares no line of code with it. Work is
exponential, so that a line with a deadline and without retries is exact there.
"""

from __future__ import annotations

import heapq
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats

__all__ = ["Followed", "follow"]

ARRIVE, GIVE_UP, FREE = range(3)
NOBODY = -1


@dataclass(frozen=True, slots=True)
class Followed:
    """What became of every request, in order of arrival; those of the start are left out.

    Attributes
    ----------
    response_s : (n,) floats
        From the first attempt to the answer; infinite where there is none.
    attempts : (n,) floats
    first_gave_up : (n,) floats
        1 where the first attempt waited in vain.
    """

    response_s: Floats
    attempts: Floats
    first_gave_up: Floats

    def mean(self, of: Floats, batches: int = 40) -> tuple[float, float]:
        """Mean and its standard error, from means of long stretches."""
        n = of.size // batches * batches
        parts = of[:n].reshape(batches, -1).mean(axis=1)
        return float(parts.mean()), float(parts.std(ddof=1) / np.sqrt(batches))


def follow(**told: Any) -> Followed:
    """Follow requests through the line; see `_Line`."""
    line = _Line(**told)
    while line.events:
        line.step()
    start = 0 if line.backlog else line.requests // 20
    vain = np.array(line.gave_up[start:], float)
    return Followed(
        np.array(line.response[start:]), np.minimum(vain, line.retries) + 1,
        (vain > 0).astype(float),
    )  # fmt: skip


@dataclass
class _Line:
    """The line; `backlog` of nobody's work stand in it at the start."""

    rate: float
    service_s: float
    servers: int
    timeout_s: float
    retries: int = 0
    still_done: bool = False
    requests: int = 60_000
    seed: int = 1
    backlog: int = 0

    def __post_init__(self) -> None:
        rng, n = np.random.default_rng(self.seed), self.requests
        self.comes = np.cumsum(rng.exponential(1 / self.rate, n)).tolist()
        attempts = n * (self.retries + 1) + self.backlog
        self.works = rng.exponential(self.service_s, attempts).tolist()
        self.events = [(self.comes[0], ARRIVE, 0)]
        self.begun, self.gave_up = [False] * n, [0] * n  # this attempt; attempts in vain
        self.response = [np.inf] * n
        self.waiting: deque[tuple[int, int]] = deque([(NOBODY, 0)] * self.backlog)
        self.free = self.servers

    def step(self) -> None:
        now, kind, who = heapq.heappop(self.events)
        if kind == FREE:
            self.free += 1
        elif kind == ARRIVE:
            if who + 1 < self.requests:
                heapq.heappush(self.events, (self.comes[who + 1], ARRIVE, who + 1))
            self._ask(now, who)
        elif not self.begun[who]:
            self.gave_up[who] += 1
            if self.gave_up[who] <= self.retries:
                self._ask(now, who)
        self._serve(now)

    def _ask(self, now: float, who: int) -> None:
        self.waiting.append((who, self.gave_up[who]))
        heapq.heappush(self.events, (now + self.timeout_s, GIVE_UP, who))

    def _serve(self, now: float) -> None:
        while self.free and self.waiting:
            who, attempt = self.waiting.popleft()
            stale = who == NOBODY or self.gave_up[who] > attempt
            if stale and who != NOBODY and not self.still_done:
                continue
            self.free -= 1
            done = now + self.works.pop()
            heapq.heappush(self.events, (done, FREE, 0))
            if not stale:
                self.begun[who], self.response[who] = True, done - self.comes[who]
