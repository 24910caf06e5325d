"""A month of zone-hours at Forecasting: who got a ride, who stood idle, and what it cost.

Drivers for so many rides are sent to every zone-hour: the forecast and a buffer on it. What
demand exceeds them by is short, and part of that surge rescues; what they exceed demand by is
idle. Both are partial expectations of demand (`models.demand_laws`), or counted on a person's own
hours. Over 250 lines, for both say the same of a forecast and are read side by side. Axis letters:
`g` settings, `t` buffers.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, Self

import numpy as np

from aipm_metrics.models.demand_laws import Demand
from aipm_metrics.models.expected_errors import expected_errors, wished_stock
from aipm_metrics.models.newsvendor import critical_ratio
from aipm_metrics.scenarios.forecasting_knobs import NEW

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.expected_errors import ExpectedErrors
    from aipm_metrics.models.forecast_errors import ZeroPolicy
    from aipm_metrics.scenarios.forecasting_knobs import ForecastingKnobs

__all__ = [
    "PRICES",
    "Month",
    "OfLaw",
    "Told",
    "costs_of_errors",
    "costs_with",
    "month_of",
    "quantile_for",
    "told_by",
]  # fmt: skip

PRICES = ("guarantee", "quit_cost", "margin", "rider_value", "surge_cost")


class Told(Protocol):
    """What one forecast tells: its zone-hours, whatever they are made of."""

    @property
    def rides(self) -> Any:
        """Mean rides asked for in a zone-hour."""

    @property
    def ratios(self) -> Any:
        """Rides asked for as a share of the forecast, ascending; none of a law."""

    def sent(self, buffer: Any) -> Any:
        """Mean rides that the drivers sent can give, in a zone-hour."""

    def short(self, buffer: Any) -> Any:
        """Mean rides asked for beyond them."""

    def enough(self, buffer: Any) -> Any:
        """Share of zone-hours in which they are enough."""

    def buffer_for(self, share: Any) -> Any:
        """Buffer of lowest cost where errors cost so that this share is the critical ratio."""

    def errors(self, quantile: float, zero_policy: ZeroPolicy) -> ExpectedErrors:
        """Every measure of its errors; see `models.expected_errors`."""

    def wished(self, measure: str, quantile: float) -> float:
        """Buffer that a measure of error would ask for; ``nan`` where it is undefined."""


@dataclass(frozen=True, slots=True)
class OfLaw:
    """A forecast of hours whose demand has a law.

    Attributes
    ----------
    demand : Demand
        Of the hours that get this forecast.
    point : float or (g,) floats, rides
        The forecast.
    """

    demand: Demand
    point: Any

    @property
    def rides(self) -> Any:
        """Mean rides asked for; less than none, which a normal law allows, is none."""
        return self.demand.shortfall(0.0)

    @property
    def ratios(self) -> Any:
        """No hours have been counted."""
        return np.empty(0)

    def sent(self, buffer: Any) -> Any:
        """Mean rides that the drivers sent can give."""
        return self.point * (1 + buffer)

    def short(self, buffer: Any) -> Any:
        """Mean rides asked for beyond them."""
        return self.demand.shortfall(self.sent(buffer))

    def enough(self, buffer: Any) -> Any:
        """Share of zone-hours in which they are enough."""
        return self.demand.enough(self.sent(buffer))

    def errors(self, quantile: float, zero_policy: ZeroPolicy) -> ExpectedErrors:
        """Every measure of its errors."""
        return expected_errors(self.demand, float(self.point), quantile, zero_policy)

    def wished(self, measure: str, quantile: float) -> float:
        """Buffer that a measure of error would ask for."""
        return wished_stock(self.demand, measure, quantile) / float(self.point) - 1

    def buffer_for(self, share: Any) -> Any:
        """Buffer that stocks a quantile of demand, which is the one of lowest cost there."""
        return np.maximum(self.demand.quantile(share), 0.0) / self.point - 1


def told_by(s: ForecastingKnobs, which: str) -> OfLaw:
    """Read one of the two forecasts off the knobs, which may be arrays.

    Parameters
    ----------
    s
    which
        ``the new one`` or ``the old one``.
    """
    bias, spread = (s.new_bias, s.new_spread) if which == NEW else (s.old_bias, s.old_spread)
    mean = np.asarray(s.demand, float)[()]
    own = np.asarray(spread, float) * mean
    if s.law == "Poisson":
        return OfLaw(Demand("poisson", mean, np.sqrt(mean)), mean * (1 + np.asarray(bias)))
    if s.law == "negative binomial":
        own = np.sqrt(mean + own**2)
    return OfLaw(Demand(s.law, mean, own), mean * (1 + np.asarray(bias)))


@dataclass(frozen=True, kw_only=True)
class Month:
    """A month of zone-hours by what became of them; (g,) floats each, or scalars.

    Attributes
    ----------
    buffer
        Share of the forecast that is sent on top of it.
    enough
        Share of zone-hours with drivers enough: the quantile of demand that is stocked.
    asked
        Rides asked for; `on_time`, `rescued` and `lost` add up to it.
    on_time, rescued, lost
        Given by a driver who was there, by one called in by surge, and not given.
    hours, idle
        Driver-hours sent, and those of them without a ride.
    pay : USD an hour
        What a driver sent earns: rides and guarantee; ``nan`` where nobody is sent.
    wait : min
        Mean wait of those who get a ride.
    prices : dict of str to float or (g,) floats
    churn : float or (g,) floats
        Chance that a rider without a ride leaves.
    """

    buffer: Any
    enough: Any
    asked: Any
    on_time: Any
    rescued: Any
    lost: Any
    hours: Any
    idle: Any
    pay: Any
    wait: Any
    prices: dict[str, Any]
    churn: Any

    @property
    def amounts(self) -> dict[str, Any]:
        """What each price is multiplied by, by knob."""
        return {
            "guarantee": self.idle, "quit_cost": self.idle, "margin": self.lost,
            "rider_value": self.lost * self.churn, "surge_cost": self.rescued,
        }  # fmt: skip

    @cached_property
    def cost_by_cause(self) -> dict[str, Any]:
        """USD by cause; adds up to `cost`."""
        usd = {name: self.prices[name] * amount for name, amount in self.amounts.items()}
        return {
            "top-ups": usd["guarantee"], "drivers who leave": usd["quit_cost"],
            "rides lost": usd["margin"], "riders who leave": usd["rider_value"],
            "surge": usd["surge_cost"],
        }  # fmt: skip

    @property
    def cost(self) -> Any:
        """Money lost to forecast errors, USD."""
        return sum(self.cost_by_cause.values())

    @property
    def top_ups(self) -> Any:
        """What idle hours are topped up with, USD."""
        return self.cost_by_cause["top-ups"]

    @property
    def use(self) -> Any:
        """Share of driver-hours with a ride; ``nan`` where nobody is sent."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return 1 - np.asarray(self.idle) / np.asarray(self.hours)

    @property
    def served(self) -> Any:
        """Share of the rides asked for that are given."""
        return (self.on_time + self.rescued) / self.asked

    def at(self, row: int) -> Self:
        """One setting of many."""
        shape = np.shape(self.cost)

        def one(value: Any) -> float:
            return float(np.broadcast_to(value, shape)[row])

        told = {f.name: one(getattr(self, f.name)) for f in fields(self) if f.name != "prices"}
        return replace(self, **told, prices={n: one(v) for n, v in self.prices.items()})


def month_of(s: ForecastingKnobs, told: Told, buffer: Any) -> Month:
    """Add up a month of one forecast under some buffers.

    Parameters
    ----------
    s
        The knobs; numbers may be arrays that broadcast with `buffer`.
    told
        The forecast; see `told_by`.
    buffer : float or (t,) floats
    """
    n, per_hour = np.asarray(s.zone_hours), np.asarray(s.rides_per_hour)
    short, sent, asked = told.short(buffer), told.sent(buffer), told.rides
    on_time = np.maximum(asked - short, 0.0)
    hours, idle = n * sent / per_hour, n * np.maximum(sent - on_time, 0.0) / per_hour
    rescued = short * s.surge_share
    given = on_time + rescued
    with np.errstate(invalid="ignore", divide="ignore"):
        pay = (s.ride_pay * n * on_time + s.guarantee * idle) / hours
        wait = (on_time * s.wait + rescued * s.surge_wait) / given
    return Month(
        buffer=buffer, enough=told.enough(buffer), asked=n * asked, on_time=n * on_time,
        rescued=n * rescued, lost=n * (short - rescued), hours=hours, idle=idle, pay=pay,
        wait=wait, prices={name: getattr(s, name) for name in PRICES}, churn=s.churn,
    )  # fmt: skip


def costs_of_errors(s: ForecastingKnobs) -> tuple[Any, Any]:
    """Price one ride too many and one too few, USD."""
    over = (np.asarray(s.guarantee) + s.quit_cost) / s.rides_per_hour
    lost = np.asarray(s.margin) + np.asarray(s.churn) * s.rider_value
    under = np.asarray(s.surge_share) * s.surge_cost + (1 - np.asarray(s.surge_share)) * lost
    return over[()], under[()]


def quantile_for(s: ForecastingKnobs) -> Any:
    """Quantile of demand that is cheapest to stock; ``nan`` where errors cost nothing."""
    return critical_ratio(*costs_of_errors(s))


def costs_with(
    s: ForecastingKnobs, varied: Mapping[str, Floats], told: Told | None = None
) -> Floats:
    """Cost a month in USD as some knobs take many values, arrays that broadcast.

    Parameters
    ----------
    s, varied
    told
        The forecast in use, where it is not read off the knobs.
    """
    values = {name: np.asarray(v, float) for name, v in varied.items()}
    shape = np.broadcast_shapes(*(v.shape for v in values.values()))
    many = s.model_copy(update=values)
    month = month_of(many, told_by(many, many.in_use) if told is None else told, many.buffer)
    return np.broadcast_to(np.asarray(month.cost, float), shape)
