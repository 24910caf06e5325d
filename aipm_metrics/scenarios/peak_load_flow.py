"""What comes to Peak load in every bin of the day, and how many servers are there for it.

Axis letters: `g` settings, `d` bins of the day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.autoscaling_many import follow_daily
from aipm_metrics.scenarios.peak_load_lines import binned, full_rate, wasted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs

__all__ = ["Flow", "autoscaled_ticks", "flow_of", "load_of", "minute_servers", "rates_of"]

BINS = 96  # of 15 minutes; where servers come and go,
FINE_BINS = 288  # of 5
TICKS = 5  # looks of the autoscaler in a fine bin: one a minute
HOURS = 24.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What comes and who works, in every bin.

    Attributes
    ----------
    rates : (..., d) floats, requests per s
        Without retries.
    hours, share : (d,), (..., d) floats
        Of the day, and of its requests; each sums to 1.
    servers, paid : (..., d) floats
        Ready to work; paid for, with those that are starting.
    bins : (BINS,) ints
        Which of them each quarter of an hour of the day is.
    """

    rates: Floats
    hours: Floats
    share: Floats
    servers: Floats
    paid: Floats
    bins: NDArray[np.intp]


def rates_of(s: PeakLoadKnobs, bins: int = BINS) -> Floats:
    """Mean rate of every bin, (..., d) requests per s: the wave, and the burst on top.

    Examples
    --------
    >>> from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs
    >>> rates = rates_of(PeakLoadKnobs(mean_rate=3, amplitude=0.6, peak_hour=9))
    >>> float(rates.mean().round(9)), float(rates.max().round(3))
    (3.0, 4.799)
    """
    edges = np.linspace(0, HOURS, bins + 1)
    turn = 2 * np.pi / HOURS
    phase = np.sin(turn * (edges - binned(s.peak_hour)))
    wave = np.diff(phase, axis=-1) * bins / (2 * np.pi)
    length = binned(s.burst_minutes) / 60
    on: Any = 0.0
    for day in (-HOURS, 0.0):  # a burst may pass midnight
        begun = np.clip(edges - (binned(s.burst_hour) + day), 0, length)
        on = on + np.diff(begun, axis=-1) * bins / HOURS
    return np.asarray(
        binned(s.mean_rate) * (1 + binned(s.amplitude) * wave) + binned(s.burst_rate) * on
    )


def load_of(s: PeakLoadKnobs) -> Floats:
    """Servers that the busiest bin would keep busy all the time."""
    return np.asarray(rates_of(s).max(axis=-1) / full_rate(s, np.ones(1))[..., 0])


def flow_of(s: PeakLoadKnobs) -> Flow:
    """Lay out what comes and who works; bins alike in both are one bin of that much weight."""
    if s.scaling == "autoscaled":
        rates = rates_of(s, FINE_BINS)
        servers, paid = _autoscaled(s)
        return _flow(rates, servers, paid, np.arange(FINE_BINS))
    rates, servers = rates_of(s), binned(s.servers)
    bins = np.arange(BINS)
    if rates.ndim == 1 and not wasted(s):  # work that is wasted has a memory of the bin before
        # A wave goes up as it comes down: half of the bins are the other half.
        digits = 12 - int(np.floor(np.log10(rates.max())))
        rates, bins = np.unique(np.round(rates, digits), return_inverse=True)
    return _flow(rates, servers, servers, bins)


def _flow(rates: Floats, servers: Floats, paid: Floats, bins: Any) -> Flow:
    hours = np.bincount(bins) / bins.size
    share = rates * hours
    shape = np.broadcast_shapes(servers.shape, rates.shape)
    return Flow(
        rates=rates, hours=hours, share=share / share.sum(axis=-1, keepdims=True),
        servers=np.broadcast_to(servers, shape), paid=np.broadcast_to(paid, shape), bins=bins,
    )  # fmt: skip


def _autoscaled(s: PeakLoadKnobs) -> tuple[Floats, Floats]:
    """Servers at work and paid for in every fine bin; those of its middle minute are at work."""
    ordered, ready = autoscaled_ticks(s)
    in_bins = (*ordered.shape[:-1], FINE_BINS, TICKS)
    return ready.reshape(in_bins)[..., TICKS // 2], ordered.reshape(in_bins).mean(axis=-1)


def autoscaled_ticks(s: PeakLoadKnobs) -> tuple[Floats, Floats]:
    """Servers paid for and at work in every minute of the day, (..., 1440).

    The autoscaler sees what comes, not what comes again: retries are not in its load.
    """
    ticks = FINE_BINS * TICKS
    return follow_daily(
        rates_of(s, ticks) / full_rate(s, np.ones(1)), target=s.target,
        minimum=np.minimum(s.least_servers, s.servers), maximum=s.servers,
        tick_s=HOURS * 3600 / ticks, cold_start_s=s.cold_start_s,
    )  # fmt: skip


def minute_servers(s: PeakLoadKnobs, time_s: Floats) -> Floats:
    """Servers at work at these times of one setting, s since a midnight."""
    if s.scaling == "fixed":
        return np.full(time_s.shape, float(s.servers))
    _, ready = autoscaled_ticks(s)
    return np.asarray(ready[(time_s // 60).astype(int) % ready.size])
