"""What piles up after a step in the rate, while new servers start: jobs as a fluid.

Newell (1982), "Applications of Queueing Theory", ch. 2. Nothing here is random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from aipm_metrics.errors import within

__all__ = ["StepBacklog", "step_backlog"]


@dataclass(frozen=True, slots=True)
class StepBacklog:
    """What piles up after a step in the rate, while new servers start.

    Attributes
    ----------
    jobs : float
        Waiting when the new servers are ready.
    longest_wait_s : float, s
        Of the job that comes at the worst moment.
    drain_s : float, s
        From then until nobody waits; ``inf`` when the new servers do not suffice.
    """

    jobs: float
    longest_wait_s: float
    drain_s: float


def step_backlog(
    rate_per_s: float, before_per_s: float, after_per_s: float, cold_start_s: float
) -> StepBacklog:
    """Foresee what piles up even for an autoscaler that orders at the very instant of the step.

    ``jobs = (rate - before) cold_start``, ``longest wait = cold_start (1 - before / rate)`` and
    ``drain = jobs / (after - rate)``: jobs as a fluid. Chance only adds to it.

    Parameters
    ----------
    rate_per_s : float, jobs per s
        After the step, for as long as it takes.
    before_per_s, after_per_s : floats, jobs per s
        What the servers can do, ``servers / mean service time``, until and from the end of the
        cold start.
    cold_start_s : float, s

    Examples
    --------
    Ten a second where 6 can be served; two minutes later 12 can:

    >>> step_backlog(10.0, 6.0, 12.0, 120.0)
    StepBacklog(jobs=480.0, longest_wait_s=48.0, drain_s=240.0)
    """
    for field, value in (
        ("rate_per_s", rate_per_s), ("before_per_s", before_per_s),
        ("after_per_s", after_per_s), ("cold_start_s", cold_start_s),
    ):  # fmt: skip
        within(field, value, 0, np.finfo(float).max)
    if rate_per_s <= before_per_s or cold_start_s == 0:
        return StepBacklog(0.0, 0.0, 0.0)
    jobs = (rate_per_s - before_per_s) * cold_start_s
    drain = jobs / (after_per_s - rate_per_s) if after_per_s > rate_per_s else math.inf
    # Servers that never suffice make each job wait longer than the last.
    suffice = after_per_s >= rate_per_s
    longest = cold_start_s * (1 - before_per_s / rate_per_s) if suffice else math.inf
    return StepBacklog(jobs, longest, drain)
