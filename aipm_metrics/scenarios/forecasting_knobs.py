"""What Forecasting asks for: the plan, the demand, two forecasts, and what errors cost whom.

All knobs, presets and pairs; `forecasting` has the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aipm_metrics.knobs import choice, knob
from aipm_metrics.scenarios.contract import Scenario

__all__ = ["NEW", "OLD", "ForecastingKnobs"]

PLAN, DEMAND, ERRORS = "The plan", "Demand", "The two forecasts"
DRIVERS, RIDERS, RESCUE = "Drivers", "Riders", "When drivers are short"
OLD, NEW = "the old one", "the new one"
RIDERS_FIRST: Mapping[str, float] = {  # where a rider lost costs more than an idle driver
    "margin": 6, "rider_value": 300, "churn": 0.02, "guarantee": 8, "quit_cost": 2,
    "surge_share": 0.2,
}  # fmt: skip
Presets = Mapping[str, Mapping[str, float | str]]


def _bias(default: float, label: str) -> Any:
    return knob(
        default, -0.6, 1, label, group=ERRORS, unit="share", in_sight=True,
        help="Mean of forecast minus actual, as a share of mean demand: above 0 it runs high, "
        "below 0 it runs low.",
    )  # fmt: skip


def _spread(default: float, label: str) -> Any:
    return knob(
        default, 0.01, 2, label, group=ERRORS, unit="share", in_sight=True,
        help="Standard deviation of the error, as a share of mean demand; for negative binomial "
        "counts, on top of what chance alone does.",
    )  # fmt: skip


class ForecastingKnobs(Scenario):
    """Rides asked for in a zone and an hour, drivers sent there by a forecast, and prices."""

    page: ClassVar[str] = "forecasting"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Forecasting"
    question: ClassVar[str] = "The forecast got better. Why are the drivers angry?"
    line: ClassVar[str] = (
        "A forecast is scored by how far it misses; people live with the side it misses on."
    )

    buffer: float = knob(
        0, -0.9, 3, "Drivers over the forecast", group=PLAN, unit="share of the forecast",
        in_sight=True, decision=True, source="your decision",
        help="How many more drivers are sent than the forecast asks for. 0 trusts the forecast "
        "as it is; below 0 sends fewer.",
    )  # fmt: skip
    in_use: Literal["the new one", "the old one"] = choice(
        NEW, (NEW, OLD), "Forecast in use", group=PLAN, in_sight=True, source="your decision",
        help="Which forecast drivers are sent by.",
    )  # fmt: skip
    today_buffer: float = knob(
        0, -0.9, 3, "Today, over the old forecast", group=PLAN, unit="share of the forecast",
        constraint=True,
        help="How many more drivers than the old forecast asks for are sent today; what the "
        "choice is compared with.",
    )  # fmt: skip
    law: Literal["normal", "lognormal", "Poisson", "negative binomial"] = choice(
        "lognormal", ("normal", "lognormal", "Poisson", "negative binomial"), "Demand is",
        group=DEMAND,
        help="Law of the rides asked for in hours that get the same forecast. Poisson is chance "
        "alone around a rate the forecast knows; negative binomial is Poisson around a rate it "
        "does not quite know.",
    )  # fmt: skip
    demand: float = knob(
        40, 0.5, 2000, "Rides asked for", group=DEMAND, unit="rides a zone-hour", scale="log",
        in_sight=True, help="Mean in one zone in one hour.",
    )  # fmt: skip
    zone_hours: float = knob(
        20_000, 1, 1e7, "Zone-hours", group=DEMAND, unit="zone-hours a month", scale="log",
        help="Zones times the hours of a month in which drivers are sent by forecast.",
    )  # fmt: skip
    old_bias: float = _bias(-0.12, "Bias of the old forecast")
    old_spread: float = _spread(0.36, "Spread of the old forecast")
    new_bias: float = _bias(0.15, "Bias of the new forecast")
    new_spread: float = _spread(0.21, "Spread of the new forecast")
    zero_policy: Literal["leave out", "count as one"] = choice(
        "leave out", ("leave out", "count as one"), "Hours without demand", group=ERRORS,
        help="What MAPE does with them: leaving them out makes over-forecasting them free; "
        "counting them as one ride does not.",
        source="leaving out is common and rarely said",
    )  # fmt: skip
    rides_per_hour: float = knob(
        2, 0.1, 20, "Rides a driver can give", group=DRIVERS, unit="rides an hour", scale="log",
        help="By a driver who is never idle.",
    )  # fmt: skip
    ride_pay: float = knob(
        13, 0, 100, "A driver's pay for a ride", group=DRIVERS, unit="USD a ride", in_sight=True,
        help="What the rider's fare leaves the driver. It costs the company nothing by itself.",
    )  # fmt: skip
    guarantee: float = knob(
        11, 0, 100, "Pay guarantee", group=DRIVERS, unit="USD an idle hour", priced=True,
        in_sight=True, help="What the company tops an idle hour up with.",
    )  # fmt: skip
    quit_cost: float = knob(
        5, 0, 100, "Drivers who leave", group=DRIVERS, unit="USD an idle hour", priced=True,
        help="Idle hours make drivers leave: the chance per idle hour times the cost of finding "
        "another.",
    )  # fmt: skip
    margin: float = knob(
        3, 0, 100, "Margin of a ride", group=RIDERS, unit="USD a ride", priced=True,
        in_sight=True, help="What the company loses when a ride is not given.",
    )  # fmt: skip
    churn: float = knob(
        0.01, 0, 1, "Riders who leave", group=RIDERS, unit="chance",
        help="Chance that a rider who gets no ride does not come back.",
    )  # fmt: skip
    rider_value: float = knob(
        100, 0, 2000, "A rider is worth", group=RIDERS, unit="USD", priced=True,
        help="What is lost when a rider does not come back.",
    )  # fmt: skip
    surge_share: float = knob(
        0.4, 0, 1, "Rescued by surge", group=RESCUE, unit="share",
        help="Share of the rides short that drivers called in from elsewhere give.",
    )  # fmt: skip
    surge_cost: float = knob(
        2.5, 0, 100, "Surge costs", group=RESCUE, unit="USD a ride", priced=True,
        help="What the company adds to a ride so that somebody comes.",
    )  # fmt: skip
    wait: float = knob(
        4, 0.1, 120, "Usual wait", group=RESCUE, unit="min",
        help="When a driver is there.",
    )  # fmt: skip
    surge_wait: float = knob(
        13, 0.1, 240, "Wait for surge", group=RESCUE, unit="min",
        help="When a driver has to come from elsewhere.",
    )  # fmt: skip

    groups: ClassVar[tuple[str, ...]] = (PLAN, DEMAND, ERRORS, DRIVERS, RIDERS, RESCUE)
    presets: ClassVar[Presets] = {
        "22 % more accurate, worse payouts": {
            "law": "normal", "demand": 60, "old_bias": -0.08, "old_spread": 0.32,
            "new_bias": 0.18, "new_spread": 0.17, "rides_per_hour": 2.5, "ride_pay": 12,
            "guarantee": 15, "margin": 3.5, "rider_value": 150, "surge_share": 0.3,
            "surge_cost": 3,
        },
        "a lean forecast leaves riders": {
            "old_bias": 0.1, "old_spread": 0.28, "new_bias": -0.14, "new_spread": 0.2,
            **RIDERS_FIRST,
        },
        "graded by MAPE": {
            "law": "negative binomial", "demand": 6, "old_bias": 0.05, "old_spread": 0.5,
            "new_bias": -0.3, "new_spread": 0.5, **RIDERS_FIRST,
        },
    }  # fmt: skip
    pairs: ClassVar[Mapping[str, tuple[Mapping[str, float | str], Mapping[str, float | str]]]] = {
        "the old forecast against the new": ({"in_use": OLD}, {"in_use": NEW}),
        "a better forecast against a better rule": (
            {"in_use": NEW}, {"in_use": OLD, "buffer": -0.1},
        ),
    }  # fmt: skip

    @classmethod
    def idle(cls, values: Mapping[str, Any], *, with_rows: bool) -> frozenset[str]:
        """Name the knobs that play no part; see `Scenario.idle`."""
        idle: set[str] = set()
        if with_rows:
            idle |= {"law", "demand", "old_bias", "old_spread", "new_bias", "new_spread"}
        elif values["law"] == "Poisson":
            idle |= {"old_spread", "new_spread"}
        if not with_rows and values["law"] in {"normal", "lognormal"}:
            idle |= {"zero_policy"}
        return frozenset(idle)
