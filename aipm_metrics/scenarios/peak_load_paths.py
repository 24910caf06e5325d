"""The busiest stretch of a day at Peak load, simulated request by request.

Same parameters as the closed form of `peak_load_day`, other mathematics: every request is
followed through the line, and backlog spills from one minute into the next. Where the two part,
the closed form's assumption (every quarter of an hour in a steady state of its own) is at fault.
Axis letters: `s` replications, `n` requests, `x` waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.arrivals import arrival_instants, draws_needed
from aipm_metrics.models.autoscaled_paths import server_schedule
from aipm_metrics.models.autoscaling import Fleet
from aipm_metrics.models.day_shape import Burst, DayShape
from aipm_metrics.models.paths import simulate_scheduled, simulate_waits
from aipm_metrics.models.service_time import ServiceTime
from aipm_metrics.scenarios.peak_load_flow import autoscaled_ticks, minute_servers
from aipm_metrics.scenarios.peak_load_lines import lines_at

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs

__all__ = ["Simulated", "simulate_peak", "why_not"]

RUNS = 32
MOST = 15_000  # requests a run follows
HOUR_S, MINUTE_S = 3600.0, 60.0
WAITS = 41


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulated:
    """What both ways of working it out say of the busiest stretch.

    Attributes
    ----------
    start_s, end_s : floats, s since midnight
    runs : int
    waits : (x,) floats, s
    over, error, closed : (x,) floats
        Share who wait longer and are served: mean over the runs, its standard error, and the
        closed form's.
    timed_out, timed_out_error, timed_out_closed : floats
        Share who wait in vain.
    mean_wait, mean_wait_error, mean_wait_closed : floats, s
        Of everybody, those in vain included.
    """

    start_s: float
    end_s: float
    runs: int
    waits: Floats
    over: Floats
    error: Floats
    closed: Floats
    timed_out: float
    timed_out_error: float
    timed_out_closed: float
    mean_wait: float
    mean_wait_error: float
    mean_wait_closed: float


def why_not(s: PeakLoadKnobs) -> str:
    """Say why a scenario has no simulation: ``batching``, ``retries``, or nothing."""
    if s.engine == "a batching LLM":
        return "batching"
    return "retries" if s.when_full == "no answer" and s.retries else ""


def simulate_peak(s: PeakLoadKnobs, seed: int = 1, runs: int = RUNS) -> Simulated:
    """Follow every request of the busiest stretch, up to an hour of it, many times over.

    Parameters
    ----------
    s
        Without batching, and without requests that come back; see `why_not`.
    seed, runs
        Where the draws start, and how many runs there are.
    """
    day = _shape(s)
    start, end = _stretch(day)
    before = max(start - HOUR_S / 2, start - (end - start))
    rng = np.random.default_rng(seed)
    needed = draws_needed(day, start_s=before, end_s=end)
    arrivals = arrival_instants(day, rng.random((runs, needed)), start_s=before, end_s=end)
    work = ServiceTime(float(s.service_s), float(s.service_cv), s.family)
    services = work.draw(rng.random(arrivals.shape))
    waits, served = _simulated(s, arrivals, services)
    counts = (arrivals >= start) & (arrivals < end)
    grid = np.linspace(0, float(s.timeout_s), WAITS)
    over = np.stack([_shares((waits > x) & served, counts) for x in grid])
    lost = _shares(~served, counts)
    mean = np.where(counts, waits, 0.0).sum(axis=1) / np.maximum(counts.sum(axis=1), 1)
    closed = _closed(s, day, start, end, grid)
    return Simulated(
        start_s=start, end_s=end, runs=runs, waits=grid, over=over.mean(axis=1),
        error=_error(over), timed_out=float(lost.mean()), timed_out_error=float(_error(lost)),
        mean_wait=float(mean.mean()), mean_wait_error=float(_error(mean)), **closed,
    )  # fmt: skip


def _shape(s: PeakLoadKnobs) -> DayShape:
    burst = Burst(
        float(s.burst_hour) * HOUR_S, float(s.burst_minutes) * MINUTE_S, float(s.burst_rate)
    )
    bursts = (burst,) if s.burst_rate else ()
    return DayShape(float(s.mean_rate), float(s.amplitude), float(s.peak_hour), bursts)


def _stretch(day: DayShape) -> tuple[float, float]:
    """Take an hour around the busiest minute, or as much as there are requests to follow."""
    edges = np.arange(0, 24 * HOUR_S + 1, MINUTE_S)
    rates = day.mean_rates(edges)
    busiest = edges[:-1][rates >= rates.max() * (1 - 1e-9)]
    middle = float(busiest[busiest.size // 2]) + MINUTE_S / 2
    length = min(HOUR_S, MOST / max(float(rates.max()), 1e-12))
    start = max(middle - length / 2, 0.0) + 24 * HOUR_S  # there is a day before
    return start, start + length


def _simulated(s: PeakLoadKnobs, arrivals: Floats, services: Floats) -> tuple[Floats, Any]:
    if s.scaling == "fixed":
        return simulate_waits(arrivals, services, int(s.servers), float(s.timeout_s))
    ordered, ready = (np.tile(a, 2).astype(np.int64)[None] for a in autoscaled_ticks(s))
    stays = server_schedule(Fleet(ordered, ready, MINUTE_S), float(s.cold_start_s))
    comes, goes = (np.repeat(a, arrivals.shape[0], axis=0) for a in stays)
    return simulate_scheduled(arrivals, services, comes, goes, float(s.timeout_s))


def _shares(holds: Any, counts: Any) -> Floats:
    """Share of every run's requests for whom something holds, (s,)."""
    return np.asarray((holds & counts).sum(axis=1) / np.maximum(counts.sum(axis=1), 1))


def _error(runs: Floats) -> Any:
    """Estimate the standard error of a mean over runs, along the last axis."""
    return runs.std(axis=-1, ddof=1) / np.sqrt(runs.shape[-1])


def _closed(
    s: PeakLoadKnobs, day: DayShape, start: float, end: float, waits: Floats
) -> dict[str, Any]:
    """Work out the same stretch in closed form, a minute at a time."""
    edges = np.append(np.arange(start, end - 1e-6, MINUTE_S), end)
    rates = day.mean_rates(edges)
    come = rates * np.diff(edges)
    weight = come / come.sum()
    line, _ = lines_at(s, rates, minute_servers(s, edges[:-1]))
    return {
        "closed": np.array([float(weight @ line.served_over(x)) for x in waits]),
        "timed_out_closed": float(weight @ line.left),
        "mean_wait_closed": float(weight @ line.mean_wait),
    }
