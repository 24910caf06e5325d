"""A month of days at Peak load: who got what, and what it cost.

Axis letters: `g` settings, `d` bins of the day.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.reported_score import ReportedScore
from aipm_metrics.scenarios.peak_load_day import day_of
from aipm_metrics.scenarios.peak_load_evidence import use_lost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Confusion, Floats
    from aipm_metrics.scenarios.peak_load_day import Day
    from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs

__all__ = ["DAYS", "PRICES", "Month", "costs_with", "month_of", "quality_of"]

DAYS = 30.4375  # of a month: a year of 365.25 days in twelve
SECONDS = DAYS * 86_400
PRICES = (
    "server_price", "call_price", "fallback_price", "cost_late", "value_per_request",
    "cost_unanswered", "cost_fp", "cost_fn",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Month:
    """Requests of a month by what became of them, and their cost; (g,) floats each, or scalars.

    Attributes
    ----------
    requests, server_hours
        Hours are those paid for, idle ones and cold starts included.
    in_time_right, in_time_wrong, late, unanswered
        Add up to `requests`.
    fallback
        Answered by the fallback, in time or not.
    worked
        Answers the model worked out, abandoned ones included.
    answered
        By the model or the fallback, in time or not.
    tp, fp, fn
        Answers that flag what there is, that flag where there is nothing, and that pass over
        what there is.
    use_lost
        Requests' worth of use that waiting costs, by the evidence chosen.
    prices : dict of str to float or (g,) floats
        In use, by knob; the cost is their scalar product with `amounts`.
    """

    requests: Any
    server_hours: Any
    in_time_right: Any
    in_time_wrong: Any
    late: Any
    unanswered: Any
    fallback: Any
    worked: Any
    answered: Any
    tp: Any
    fp: Any
    fn: Any
    use_lost: Any
    prices: dict[str, Any]

    @property
    def amounts(self) -> dict[str, Any]:
        """What each price is multiplied by, by knob."""
        return {
            "server_price": self.server_hours, "call_price": self.worked / 1000,
            "fallback_price": self.fallback / 1000, "cost_late": self.late,
            "value_per_request": self.use_lost, "cost_unanswered": self.unanswered,
            "cost_fp": self.fp, "cost_fn": self.fn,
        }  # fmt: skip

    @cached_property
    def cost_by_cause(self) -> dict[str, Any]:
        """USD by cause; adds up to `cost`."""
        usd = {name: self.prices[name] * amount for name, amount in self.amounts.items()}
        return {
            "servers": usd["server_price"], "answers": usd["call_price"] + usd["fallback_price"],
            "waiting": usd["cost_late"] + usd["value_per_request"],
            "no answer": usd["cost_unanswered"], "wrong answers": usd["cost_fp"] + usd["cost_fn"],
        }  # fmt: skip

    @property
    def cost(self) -> Any:
        """Money lost, USD."""
        return sum(self.cost_by_cause.values())

    @property
    def spend(self) -> Any:
        """What the service itself costs, USD: servers and answers."""
        return self.cost_by_cause["servers"] + self.cost_by_cause["answers"]

    @property
    def price_per_good(self) -> Any:
        """USD of the service per answer in time and right; ``nan`` where there is none."""
        return _part(self.spend, self.in_time_right)

    @property
    def recall(self) -> Any:
        """Share of the positives answered that are flagged; ``nan`` where none is answered."""
        return _part(self.tp, self.tp + self.fn)

    @property
    def precision(self) -> Any:
        """Share of what is flagged that is positive; ``nan`` where nothing is flagged."""
        return _part(self.tp, self.tp + self.fp)

    @property
    def right(self) -> Any:
        """Share of answers that are right; ``nan`` where nothing is answered."""
        return _part(self.answered - self.fn - self.fp, self.answered)

    @property
    def in_time(self) -> Any:
        """Share of requests answered in time."""
        return (self.in_time_right + self.in_time_wrong) / self.requests

    def at(self, row: int) -> Self:
        """One setting of many."""
        shape = np.shape(self.in_time_right)

        def one(value: Any) -> float:
            return float(np.broadcast_to(value, shape)[row])

        told = {f.name: one(getattr(self, f.name)) for f in fields(self) if f.name != "prices"}
        return replace(self, **told, prices={n: one(v) for n, v in self.prices.items()})


def _part(part: Any, whole: Any) -> Any:
    """Quotient; ``nan`` where the whole is nothing."""
    part, whole = np.broadcast_arrays(np.asarray(part, float), np.asarray(whole, float))
    return np.divide(part, whole, out=np.full(whole.shape, np.nan), where=whole > 0)[()]


def quality_of(s: PeakLoadKnobs) -> tuple[Confusion, Confusion]:
    """Cells per request that the model answers, and per one that the fallback does."""
    return tuple(
        ReportedScore(Binormal.from_auc(auc), s.prevalence).rates(cut).confusion(s.prevalence)
        for auc, cut in ((s.auc, s.threshold), (s.fallback_auc, s.fallback_threshold))
    )  # type: ignore[return-value] # two of them


def month_of(s: PeakLoadKnobs, day: Day | None = None) -> Month:
    """Add up a month.

    Parameters
    ----------
    s
        The knobs; numbers may be (g,) arrays.
    day
        Its day, if it is known.
    """
    day = day_of(s) if day is None else day
    over, falls_back = day.over, day.falls_back
    main, fallback = quality_of(s)
    requests = SECONDS * day.mean_rate
    quick, answered, given_up = over(day.in_time), over(day.answered), over(day.given_up)
    stood_in = given_up if falls_back else np.zeros_like(given_up)
    soon = stood_in * day.fallback_in_time[..., 0]
    right = quick * main.accuracy + soon * fallback.accuracy
    return Month(
        requests=requests,
        server_hours=DAYS * 24 * day.mean_paid,
        in_time_right=requests * right,
        in_time_wrong=requests * np.maximum(quick + soon - right, 0.0),
        late=requests * (answered + stood_in - quick - soon),
        unanswered=requests * (0.0 if falls_back else given_up),
        fallback=requests * stood_in,
        worked=requests * over(day.worked),
        answered=requests * (answered + stood_in),
        tp=requests * (answered * main.tp + stood_in * fallback.tp),
        fp=requests * (answered * main.fp + stood_in * fallback.fp),
        fn=requests * (answered * main.fn + stood_in * fallback.fn),
        use_lost=requests * use_lost(s, day),
        prices=_prices(s),
    )


def costs_with(s: PeakLoadKnobs, varied: Mapping[str, Floats]) -> Floats:
    """Cost a month in USD as some knobs take many values, arrays that broadcast."""
    values = {name: np.asarray(v, float) for name, v in varied.items()}
    shape = np.broadcast_shapes(*(v.shape for v in values.values()))
    # A price moves no queue: its amounts are worked out once, for all of its values.
    queued = {name: v for name, v in values.items() if name not in PRICES}
    month = month_of(s.model_copy(update=queued)) if queued else _as_it_stands(s)
    usd = replace(month, prices=_prices(s.model_copy(update=values))).cost
    return np.broadcast_to(np.asarray(usd, float), shape)


@lru_cache(maxsize=8)
def _as_it_stands(s: PeakLoadKnobs) -> Month:
    """Remember a month: whoever looks for a flip point asks for it at one price after another."""
    return month_of(s)


def _prices(s: PeakLoadKnobs) -> dict[str, Any]:
    """Prices in use; what plays no part is nought."""
    idle = s.idle(s.__dict__, with_rows=False)
    return {name: 0.0 if name in idle else getattr(s, name) for name in PRICES}
