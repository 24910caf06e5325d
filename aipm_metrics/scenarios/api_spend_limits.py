"""Step limits worth knowing, and what becomes of a round number of tasks at each limit.

Every limit that can be set is tried; of equals the lowest is taken. Axis letter: `t` limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.api_spend import ApiSpendScenario
    from aipm_metrics.scenarios.api_spend_chain import Month

__all__ = ["Crowd", "LimitPoint", "crowd_of", "points_of"]

FEW = 10  # runaways that a crowd should show at least
TIE = 1e-12  # of the lowest value; closer than that counts as equal


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitPoint:
    """A step limit somebody would defend, and the price of choosing it.

    Attributes
    ----------
    name
        ``lowest_cost``, ``cheapest_good``, ``highest_net``, ``within_cap`` or ``no_limit``.
    limit : steps
        ``nan`` when not feasible.
    cost, price, spend, per_good, net_value : USD
        What it costs, and how much more than the lowest cost; what the model is paid, in all
        and per task done right; worth less cost. ``nan`` when not feasible.
    finished : tasks
    feasible
        Whether any limit satisfies the constraint.
    """

    name: str
    limit: float
    cost: float
    price: float
    spend: float
    per_good: float
    net_value: float
    finished: float
    feasible: bool


@dataclass(frozen=True, slots=True)
class Crowd:
    """The tasks of a month out of a round number.

    Attributes
    ----------
    tasks, runaways : ints
        How many would finish by themselves, and how many would not.
    people : dict of str to (t,) integers
        "finished", "cut off" and "lost" add up to the tasks; "stopped" and "kept out" to the
        runaways.
    one_in : dict of str to (t,) floats
        The same cells, each as "1 in so many" of all tasks; ``inf`` for an empty one.
    """

    tasks: int
    runaways: int
    people: dict[str, Any]
    one_in: dict[str, Any]

    @property
    def of(self) -> int:
        """Everybody."""
        return self.tasks + self.runaways


def points_of(s: ApiSpendScenario, sweep: Month) -> tuple[LimitPoint, ...]:
    """Try every limit; of equals the lowest."""
    cost, per_good = np.asarray(sweep.cost), np.asarray(sweep.per_good)
    lowest = float(cost.min())
    capped = np.where(np.asarray(sweep.wanted) <= s.cap, cost, np.inf)
    stopped_by_window = int(np.asarray(sweep.last).argmax())
    rows = {
        "lowest_cost": _first_lowest(cost),
        "cheapest_good": _first_lowest(np.nan_to_num(per_good, nan=np.inf)),
        "highest_net": _first_lowest(-np.asarray(sweep.net_value)),
        "within_cap": _first_lowest(capped),
        "no_limit": stopped_by_window,
    }
    possible = {
        "cheapest_good": not np.isnan(per_good).all(), "within_cap": np.isfinite(capped).any(),
    }  # fmt: skip

    def point(name: str, row: int) -> LimitPoint:
        here, feasible = sweep.at(row), bool(possible.get(name, True))
        told = {
            "limit": here.limit, "cost": here.cost, "price": here.cost - lowest,
            "spend": here.spend, "per_good": here.per_good, "net_value": here.net_value,
            "finished": here.finished,
        }  # fmt: skip
        numbers = {key: float(usd) if feasible else np.nan for key, usd in told.items()}
        return LimitPoint(name=name, feasible=feasible, **numbers)

    return tuple(point(name, row) for name, row in rows.items())


def _first_lowest(values: Floats) -> int:
    """Place of the lowest value; of those that differ by rounding alone, the first one."""
    lowest = float(values.min())
    near = values <= lowest + TIE * abs(lowest) if np.isfinite(lowest) else values == lowest
    return int(near.argmax())


def crowd_of(s: ApiSpendScenario, sweep: Month) -> Crowd:
    """Round each kind of task once, so that its cells always add up to it."""
    of = 1_000 if s.runaway_share * 1_000 >= FEW or s.runaway_share == 0 else 10_000
    wild = round(of * s.runaway_share)
    n, tame = s.tasks_per_month, 1 - s.runaway_share
    stopped = np.asarray(sweep.stopped) / n
    finished, cut_off = np.asarray(sweep.finished) / n, np.asarray(sweep.cut_off) / n
    lost = np.maximum(tame - finished - cut_off, 0.0)
    shares = {
        "finished": finished, "cut off": cut_off, "lost": lost, "stopped": stopped,
        "kept out": np.maximum(s.runaway_share - stopped, 0.0),
    }  # fmt: skip
    done = _whole((of - wild) * finished / tame)
    gone = np.minimum(_whole((of - wild) * lost / tame), of - wild - done)
    held = np.minimum(_whole(of * stopped), wild)
    people = {
        "finished": done, "cut off": of - wild - done - gone, "lost": gone, "stopped": held,
        "kept out": wild - held,
    }  # fmt: skip
    with np.errstate(divide="ignore", over="ignore"):
        one_in = {cell: 1 / np.where(share > 1e-12, share, 0.0) for cell, share in shares.items()}
    return Crowd(of - wild, wild, people, one_in)


def _whole(people: Any) -> Any:
    """Round half up, with 1e-9 forgiven."""
    return np.asarray(np.floor(people + (0.5 + 1e-9)), np.int64)
