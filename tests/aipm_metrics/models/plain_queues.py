"""The same queue told in other ways, one job at a time: oracles for sample paths."""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, field


def by_heap(
    arrivals: list[float], services: list[float], servers: int, timeout: float = math.inf
) -> tuple[list[float], list[bool]]:
    """The few lines everybody writes first: when is the next server free?"""
    free = [-math.inf] * servers
    waits, served = [], []
    for arrival, service in zip(arrivals, services, strict=True):
        start = max(arrival, free[0])
        served.append(start - arrival <= timeout)
        waits.append(start - arrival if served[-1] else timeout)
        if served[-1]:
            heapq.heapreplace(free, start + service)
    return waits, served


@dataclass
class Server:
    ready: float
    retire: float
    free: float = math.nan

    def idle(self, now: float) -> bool:
        return self.ready <= now < self.retire and not self.free > now

    def order(self) -> tuple[float, float]:
        return (self.ready if math.isnan(self.free) else self.free, self.retire)


@dataclass
class ByEvents:
    """A clock, a line of people and servers that come and go; people walk away by themselves.

    Knows nothing of anybody's future: a server takes whoever is first in line when it is idle.
    Instants must be sums without rounding (eighths of a second, say).
    """

    servers: list[Server]
    timeout: float = math.inf
    line: list[int] = field(default_factory=list)
    queue_seconds: float = 0.0

    def run(self, arrivals: list[float], services: list[float]) -> tuple[list[float], list[bool]]:
        waits = [math.inf if math.isinf(self.timeout) else self.timeout] * len(arrivals)
        served = [False] * len(arrivals)
        instants = {*arrivals, *(a + self.timeout for a in arrivals)}
        instants |= {t for s in self.servers for t in (s.ready, s.retire)}
        clock = [t for t in instants if math.isfinite(t)]
        heapq.heapify(clock)
        last, coming = min(clock, default=0.0), 0
        while clock:
            now = heapq.heappop(clock)
            self.queue_seconds += len(self.line) * (now - last)
            last = now
            self._serve(now, arrivals, services, waits, served, clock)
            while coming < len(arrivals) and arrivals[coming] == now:
                self.line.append(coming)
                coming += 1
                self._serve(now, arrivals, services, waits, served, clock)
            self.line = [job for job in self.line if arrivals[job] + self.timeout > now]
        return waits, served

    def _serve(
        self, now: float, arrivals: list[float], services: list[float], waits: list[float],
        served: list[bool], clock: list[float],
    ) -> None:  # fmt: skip
        while self.line and (idle := [s for s in self.servers if s.idle(now)]):
            server, job = min(idle, key=Server.order), self.line.pop(0)
            waits[job], served[job] = now - arrivals[job], True
            server.free = now + services[job]
            heapq.heappush(clock, server.free)
