"""The forecast got better; why are the drivers angry? Accuracy against who pays for the errors.

`forecasting_knobs` has what is asked for, `forecasting_month` a month of zone-hours,
`forecasting_duel` the two forecasts side by side, `forecasting_flips` what would turn the choice;
`forecast_outcomes` is the answer. Axis letter: `t` positions of the hand (buffers on the
forecast). Nothing is random. Over 250 lines, for the result says in one place what it answers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.forecast_hours import ForecastHours
from aipm_metrics.models.whole_crowds import whole_crowds
from aipm_metrics.scenarios.contract import Assumption, Outcome
from aipm_metrics.scenarios.forecasting_duel import (
    Duel,
    Landscape,
    Payer,
    Wish,
    cheapest_buffer,
    duel_of,
    landscape_of,
    who_pays,
    wishes_of,
)
from aipm_metrics.scenarios.forecasting_flips import (
    NearestFlips,
    assumptions_of,
    flips_of,
    nearest_flips_of,
)
from aipm_metrics.scenarios.forecasting_knobs import NEW, OLD, ForecastingKnobs
from aipm_metrics.scenarios.forecasting_month import (
    Month,
    OfLaw,
    Told,
    costs_of_errors,
    costs_with,
    month_of,
    quantile_for,
    told_by,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.flip_points import Flip

__all__ = ["ForecastingPoint", "ForecastingResult", "ForecastingScenario", "forecast_outcomes"]

CROWD = 1_000
STEPS = (0.005, 0.01, 0.02, 0.05)
BINS, TOP = 60, 3.0  # of a person's own hours, up to so many times the forecast
MOST = 240  # positions of the hand, those worth a mark aside
SEEN = (0.0005, 0.9985)  # quantiles of demand that a picture shows
REACH = (0.003, 0.997)  # quantiles of demand that the hand reaches


class ForecastingScenario(ForecastingKnobs):
    """Drivers sent to zones by a forecast, and what its errors cost whom; see `ForecastingKnobs`.

    Examples
    --------
    >>> ForecastingScenario(buffer=0.1).buffer
    0.1
    """

    def costs(
        self, varied: Mapping[str, Floats], rows: Empirical | ForecastHours | None = None
    ) -> Floats:
        """Cost a month in USD as some knobs take many values; see `Scenario.costs`.

        Examples
        --------
        Twice the zone-hours cost twice as much:

        >>> usd = ForecastingScenario().costs({"zone_hours": np.array([1e4, 2e4])})
        >>> round(float(usd[1] / usd[0]), 9)
        2.0
        """
        self.check_rows(rows)
        counted = forecast_of(self, self.in_use, rows) if rows is not None else None
        return costs_with(self, varied, counted)  # else read off the varied knobs

    def run(self, rows: Empirical | ForecastHours | None = None) -> ForecastingResult:
        """See `forecast_outcomes`."""
        return forecast_outcomes(self, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastingPoint:
    """A buffer somebody would defend, and its price.

    Attributes
    ----------
    name
        ``lowest_cost``, ``as_forecast``, ``median`` or ``mape``.
    buffer : float
        On the forecast in use; ``nan`` when not feasible.
    cost, price : float, USD a month
        What it costs, and how much more than the lowest cost; ``nan`` when not feasible.
    enough, pay
        See `Month`; ``nan`` when not feasible.
    feasible
        Whether the measure that asks for it is defined, and the dial reaches it.
    """

    name: str
    buffer: float
    cost: float
    price: float
    enough: float
    pay: float
    feasible: bool


@dataclass(frozen=True, slots=True)
class Hill:
    """Demand in the hours that get one forecast; (b,) floats each.

    Attributes
    ----------
    at : demand as a share of the forecast
    height : density, per unit of that share
    binned
        Whether the points are the middles of bins, one to a whole number of rides.
    """

    at: Floats
    height: Floats
    binned: bool


@dataclass(frozen=True, kw_only=True)
class ForecastingResult:
    """Everything the page, the pictures and the words need.

    Attributes
    ----------
    scenario
    old, new
        The two forecasts.
    buffers : (t,) floats, ascending
        Every buffer a hand can choose.
    sweep : Month, (t,) each
        Of the forecast in use.
    row : int
        Which of them is the scenario's own.
    today, cheapest : Month
        The old forecast under today's buffer; the forecast in use under its cheapest one.
    points
        Lowest cost; the forecast itself; the median that MAE asks for; what MAPE asks for.
    rows
        A person's own hours, in place of the law of demand.
    """

    scenario: ForecastingScenario
    old: Told
    new: Told
    buffers: Floats
    sweep: Month
    row: int
    today: Month
    cheapest: Month
    points: tuple[ForecastingPoint, ForecastingPoint, ForecastingPoint, ForecastingPoint]
    rows: ForecastHours | None = None

    @property
    def told(self) -> Told:
        """The forecast in use."""
        return self.new if self.scenario.in_use == NEW else self.old

    @cached_property
    def chosen(self) -> Month:
        """The month at the scenario's buffer."""
        return self.sweep.at(self.row)

    def row_of(self, buffer: float) -> int:
        """Position of a buffer, or the nearest to it."""
        return int(np.abs(self.buffers - buffer).argmin())

    @cached_property
    def is_today(self) -> Any:
        """Where the choice would be today's own, (t,) bools."""
        s = self.scenario
        return np.asarray((self.buffers == s.today_buffer) & (s.in_use == OLD))

    @property
    def compared_with(self) -> Literal["today", "lowest cost"]:
        """What the choice is compared with: today, unless it is what happens today."""
        return "lowest cost" if self.is_today[self.row] else "today"

    @property
    def compared(self) -> Month:
        """The month at the comparison point."""
        return self.today if self.compared_with == "today" else self.cheapest

    @property
    def rival(self) -> ForecastingScenario:
        """The scenario at the comparison point; it differs in decisions only."""
        if self.compared_with == "today":
            told = {"in_use": OLD, "buffer": self.scenario.today_buffer}
        else:
            told = {"buffer": float(self.cheapest.buffer)}
        return self.scenario.model_copy(update=told)

    @property
    def cost(self) -> float:
        """Money lost a month, USD."""
        return float(self.chosen.cost)

    @property
    def saving(self) -> float:
        """USD a month saved against the comparison point; negative when it costs more."""
        return float(self.compared.cost - self.chosen.cost)

    @cached_property
    def rivals(self) -> Month:
        """The comparison point's month at every position, (t,) each."""

        def one(name: str) -> Any:
            return np.where(self.is_today, getattr(self.cheapest, name), getattr(self.today, name))

        names = [f.name for f in fields(Month) if f.name != "prices"]
        return replace(self.today, **dict[str, Any]((name, one(name)) for name in names))

    @cached_property
    def people(self) -> dict[str, Any]:
        """What becomes of 1,000 riders and of 1,000 driver-hours: (t,) ints by cell."""
        m = self.sweep
        riders = {name: getattr(m, name) / m.asked for name in ("on_time", "rescued", "lost")}
        use = np.clip(np.nan_to_num(m.use), 0, 1)
        drivers = {"busy": use, "idle": 1 - use}
        return {**whole_crowds(riders, CROWD), **whole_crowds(drivers, CROWD)}

    @property
    def quantile(self) -> float:
        """Quantile of demand that is cheapest to stock; ``nan`` where errors cost nothing."""
        return float(quantile_for(self.scenario))

    @property
    def error_prices(self) -> tuple[float, float]:
        """What one ride too many and one too few cost, USD."""
        over, under = costs_of_errors(self.scenario)
        return float(over), float(under)

    @cached_property
    def duel(self) -> Duel:
        """The two forecasts side by side."""
        knob = knobs_of(type(self.scenario))["buffer"]
        return duel_of(self.scenario, self.old, self.new, knob.low, knob.high)

    @cached_property
    def wishes(self) -> tuple[Wish, ...]:
        """The quantile that each measure silently asks for."""
        return wishes_of(self.scenario, self.told)

    @cached_property
    def payers(self) -> tuple[Payer, ...]:
        """Who pays for which error."""
        return who_pays(self.scenario, self.compared, self.chosen)

    @cached_property
    def landscape(self) -> Landscape | None:
        """Cost by bias and spread; None where the spread plays no part."""
        idle = self.scenario.idle(self.scenario.__dict__, with_rows=False)
        return None if self.rows or "new_spread" in idle else landscape_of(self.scenario)

    @cached_property
    def hills(self) -> tuple[Hill, Hill]:
        """Demand in the hours that get the old forecast, and in those that get the new one."""
        return _hill(self.old), _hill(self.new)

    @cached_property
    def below_nothing(self) -> float:
        """Share of hours in which a normal law has demand below nothing, by the wider forecast."""
        if self.scenario.law != "normal" or self.rows:
            return 0.0
        return max(float(told.enough(-1.0)) for told in (self.old, self.new))

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """One flip point per price, bias and spread, the nearest first."""
        return flips_of(self.scenario, self.rival, self.chosen, self.compared)

    @cached_property
    def nearest_flips(self) -> NearestFlips:
        """Nearest price that turns each position against what it is compared with."""
        return nearest_flips_of(self.scenario, self.sweep, self.rivals)

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every knob in use; the one that moves the saving most comes first."""
        rows = self.rows
        told = (self.told, forecast_of(self.rival, self.rival.in_use, rows)) if rows else None
        return assumptions_of(self.scenario, self.rival, told or (None, None))

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What happens to whom, each with its formula."""
        return tuple(
            Outcome(
                name=name, label=label, value=float(read(self.chosen)),
                compared=float(read(self.compared)), unit=unit, per="month", better=better,
                formula=formula, said=SAID.get(name, ""),
            )
            for name, label, unit, better, formula, read in OUTCOMES
        )  # fmt: skip


OUTCOMES: tuple[
    tuple[str, str, str, Literal["lower", "higher", "neither"], str, Callable[[Month], Any]], ...
] = (
    ("on_time", "rides by a driver who was there", "rides", "higher",
     "zone_hours * E[min(demand, sent)]", lambda m: m.on_time),
    ("rescued", "rides rescued by surge", "rides", "neither",
     "zone_hours * E[(demand - sent)+] * surge_share", lambda m: m.rescued),
    ("lost", "rides not given", "rides", "lower",
     "zone_hours * E[(demand - sent)+] * (1 - surge_share)", lambda m: m.lost),
    ("wait", "mean wait", "min", "lower",
     "(on_time * wait + rescued * surge_wait) / (on_time + rescued)", lambda m: m.wait),
    ("hours", "driver-hours sent", "hours", "neither",
     "zone_hours * forecast * (1 + buffer) / rides_per_hour", lambda m: m.hours),
    ("idle", "idle driver-hours", "hours", "lower",
     "zone_hours * E[(sent - demand)+] / rides_per_hour", lambda m: m.idle),
    ("pay", "driver pay an hour", "USD an hour", "higher",
     "(on_time * ride_pay + idle * guarantee) / hours", lambda m: m.pay),
    ("cost_top_ups", "top-ups", "USD", "lower", "idle * guarantee",
     lambda m: m.cost_by_cause["top-ups"]),
    ("cost_quits", "drivers who leave", "USD", "lower", "idle * quit_cost",
     lambda m: m.cost_by_cause["drivers who leave"]),
    ("cost_lost", "rides lost", "USD", "lower", "lost * margin",
     lambda m: m.cost_by_cause["rides lost"]),
    ("cost_churn", "riders who leave", "USD", "lower", "lost * churn * rider_value",
     lambda m: m.cost_by_cause["riders who leave"]),
    ("cost_surge", "surge", "USD", "lower", "rescued * surge_cost",
     lambda m: m.cost_by_cause["surge"]),
    ("cost", "cost", "USD", "lower",
     "cost_top_ups + cost_quits + cost_lost + cost_churn + cost_surge", lambda m: m.cost),
)  # fmt: skip


# What a choice does to people, for whoever lays two choices side by side.
SAID = {
    "lost": "leaves {} asked for and not given",
    "rescued": "lets {} wait for surge",
    "idle": "leaves drivers idle for {}",
}


def forecast_of(s: ForecastingKnobs, which: str, rows: Empirical | ForecastHours | None) -> Told:
    """Read one of the two forecasts off a person's own hours, or else off the knobs."""
    if isinstance(rows, ForecastHours):
        return rows.new if which == NEW else rows.old
    return told_by(s, which)


def forecast_outcomes(
    scenario: ForecastingScenario, rows: Empirical | ForecastHours | None = None
) -> ForecastingResult:
    """Answer the question at the scenario's buffer, and find the buffers worth knowing.

    Parameters
    ----------
    scenario
        The knobs.
    rows
        A person's own hours, in place of the law of demand.

    Returns
    -------
    ForecastingResult
        Everything per month; money in USD.

    Examples
    --------
    Four in five of demand's hours are worth serving where a ride short costs four times as much
    as one too many; a forecast without bias then wants a buffer:

    >>> result = forecast_outcomes(
    ...     ForecastingScenario(
    ...         new_bias=0,
    ...         guarantee=2,
    ...         quit_cost=0,
    ...         rides_per_hour=2,
    ...         surge_share=0,
    ...         margin=4,
    ...         churn=0,
    ...     )
    ... )
    >>> result.quantile, result.points[0].buffer > 0
    (0.8, True)
    """
    s = scenario
    s.check_rows(rows)
    old, new = (forecast_of(s, which, rows) for which in (OLD, NEW))
    told = new if s.in_use == NEW else old
    knob = knobs_of(type(s))["buffer"]
    best = cheapest_buffer(s, told, knob.low, knob.high)
    share = float(np.nan_to_num(quantile_for(s), nan=0.5))
    worth = {
        "lowest_cost": best,
        "as_forecast": 0.0,
        "median": told.wished("mae", share),
        "mape": told.wished("mape", share),
    }
    marks = [b for b in worth.values() if knob.low <= b <= knob.high]
    marks += [s.buffer] + ([s.today_buffer] if s.in_use == OLD else [])
    buffers = _positions(told, marks, knob.low, knob.high)
    sweep = month_of(s, told, buffers)
    cheapest = month_of(s, told, best)
    points = tuple(_point(name, s, told, b, cheapest) for name, b in worth.items())
    return ForecastingResult(
        scenario=s, old=old, new=new, buffers=buffers, sweep=sweep,
        row=int(np.searchsorted(buffers, s.buffer)), today=month_of(s, old, s.today_buffer),
        cheapest=cheapest, points=points,  # type: ignore[arg-type] # four of them
        rows=rows if isinstance(rows, ForecastHours) else None,
    )  # fmt: skip


def _positions(told: Told, marks: list[float], low: float, high: float) -> Floats:
    """Round buffers as far as demand reaches, and every one worth a mark."""
    ends = np.clip(told.buffer_for(np.array(REACH)), low, high)
    first, last = min(float(ends[0]), *marks), max(float(ends[1]), *marks)
    step = next((s for s in STEPS if (last - first) / s <= MOST), STEPS[-1])
    grid = np.arange(np.ceil(first / step), np.floor(last / step) + 1) * step
    rounded = np.round(grid, 6) + 0.0
    return np.unique(np.append(rounded, marks))


def _hill(told: Told) -> Hill:
    """Lay out where demand falls, as a share of the forecast."""
    if not isinstance(told, OfLaw):
        ratios = told.ratios[np.isfinite(told.ratios)]
        top = min(max(float(np.quantile(ratios, SEEN[1])), 0.1), TOP)
        height, edges = np.histogram(ratios, BINS, (0.0, top), density=True)
        return Hill((edges[:-1] + edges[1:]) / 2, height, binned=True)
    low, high = told.demand.quantile(np.array(SEEN))
    binned = told.demand.counts and high - low <= MOST
    if told.demand.counts:
        rides = np.arange(low, high + 1, max(1.0, np.floor((high - low) / MOST)))
    else:
        rides = np.linspace(max(float(low), 0.0), float(high), MOST)
    point = float(told.point)
    return Hill(rides / point, told.demand.density(rides) * point, binned)


def _point(
    name: str, s: ForecastingScenario, told: Told, buffer: float, cheapest: Month
) -> ForecastingPoint:
    knob, nan = knobs_of(type(s))["buffer"], float("nan")
    if not knob.low <= buffer <= knob.high:  # nan is neither
        return ForecastingPoint(
            name=name, buffer=nan, cost=nan, price=nan, enough=nan, pay=nan, feasible=False,
        )  # fmt: skip
    here = month_of(s, told, buffer)
    return ForecastingPoint(
        name=name, buffer=buffer, cost=float(here.cost), enough=float(here.enough),
        price=float(here.cost - cheapest.cost), pay=float(here.pay), feasible=True,
    )  # fmt: skip
