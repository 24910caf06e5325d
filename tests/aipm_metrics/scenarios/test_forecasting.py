"""Forecasting: by hand, the article's case, laws of the month, optima, flips, agreement."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from aipm_metrics.errors import RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.demand_laws import demand
from aipm_metrics.models.newsvendor import expected_cost, optimal_stock
from aipm_metrics.scenarios.forecasting import (
    ForecastingResult,
    ForecastingScenario,
    forecast_outcomes,
)
from aipm_metrics.scenarios.forecasting_month import OfLaw
from aipm_metrics.scenarios.forecasting_uncertainty import cheapest_buffers, how_sure
from tests.aipm_metrics.scenarios.forecasting_draws import draw_forecasting

SEEDS = st.integers(0, 2**32 - 1)
DEFAULT = forecast_outcomes(ForecastingScenario())
# A zone-hour in which a slot short costs 9 USD and a slot too many 4: margins and idle pay only.
CELL = {
    "law": "normal", "demand": 400, "zone_hours": 1, "rides_per_hour": 1, "guarantee": 4,
    "quit_cost": 0, "margin": 9, "churn": 0, "surge_share": 0,
}  # fmt: skip


def drawn(seed: int) -> ForecastingResult:
    return forecast_outcomes(draw_forecasting(np.random.default_rng(seed)))


def cell(bias: float, spread: float, buffer: float = 0.0) -> ForecastingResult:
    told = {**CELL, "new_bias": bias / 400, "new_spread": spread / 400, "buffer": buffer}
    return forecast_outcomes(ForecastingScenario.model_validate(told))


# --- by hand ---


@pytest.mark.parametrize(
    ("bias", "spread", "cost"),
    [(0, 90, 466.762), (30, 90, 417.456), (0, 70, 363.037), (-20, 70, 427.755)],
)
def test_a_leaner_forecast_loses_to_a_worse_one_that_leans_the_right_way(
    bias: float, spread: float, cost: float
) -> None:
    """Two costs times the unit normal loss, by hand: (-20, 70) is dearer than (30, 90)."""
    assert cell(bias, spread).cost == pytest.approx(cost, abs=6e-4)


def test_the_cheapest_buffer_is_the_newsvendors() -> None:
    result = cell(0, 90)
    assert result.quantile == pytest.approx(9 / 13)
    stock = optimal_stock("normal", mean=400, sd=90, cost_over=4, cost_under=9)
    assert result.points[0].buffer == pytest.approx(stock / 400 - 1, rel=1e-9)
    assert stock == pytest.approx(445.216, abs=6e-4)
    assert result.points[0].cost == pytest.approx(411.421, abs=6e-4)
    assert result.points[0].cost == pytest.approx(
        expected_cost("normal", stock, mean=400, sd=90, cost_over=4, cost_under=9), rel=1e-6
    )
    # A biased forecast costs no more than an unbiased one, once the rule knows its bias.
    assert cell(-60, 90).points[0].cost == pytest.approx(result.points[0].cost, rel=1e-9)


def test_a_month_by_hand() -> None:
    s = ForecastingScenario(
        law="normal", demand=100, zone_hours=10, new_bias=0, new_spread=0.2, rides_per_hour=2,
        ride_pay=10, guarantee=6, quit_cost=1, margin=4, churn=0.1, rider_value=30,
        surge_share=0.25, surge_cost=2, wait=3, surge_wait=11,
    )  # fmt: skip
    m = forecast_outcomes(s).chosen
    short = 10 * 20 * 0.3989422804  # ten zone-hours, sd 20, density of nought
    assert m.asked == pytest.approx(1000, rel=1e-7)
    assert m.rescued == pytest.approx(short / 4, rel=1e-6)
    assert m.lost == pytest.approx(short * 3 / 4, rel=1e-6)
    assert m.hours == pytest.approx(500)
    assert m.idle == pytest.approx(short / 2, rel=1e-6)  # as much over as short, two to an hour
    assert m.enough == pytest.approx(0.5)
    assert m.pay == pytest.approx((10 * (1000 - short) + 6 * short / 2) / 500, rel=1e-6)
    assert m.wait == pytest.approx(
        (3 * (1000 - short) + 11 * short / 4) / (1000 - short * 3 / 4), rel=1e-6
    )
    assert m.cost == pytest.approx(
        short / 2 * 7 + short * 3 / 4 * (4 + 0.1 * 30) + short / 4 * 2, rel=1e-6
    )


# --- the article ---


@pytest.mark.parametrize("preset", [{}, ForecastingScenario.presets[
    "22 % more accurate, worse payouts"
]])  # fmt: skip
def test_22_percent_more_accurate_and_worse_payouts(preset: dict[str, float | str]) -> None:
    result = forecast_outcomes(ForecastingScenario.model_validate(preset))
    duel, (old, new) = result.duel, result.duel.plainly
    assert duel.gained("mae") == pytest.approx(0.22, abs=5e-4)
    assert set(duel.better_by) >= {"mae", "rmse", "wape", "smape"}
    assert not duel.worse_by
    assert new.pay < old.pay - 0.9
    assert new.idle > 2 * old.idle
    assert new.top_ups > 2 * old.top_ups
    assert new.cost > old.cost
    assert set(duel.in_conflict) == set(duel.better_by)
    # The forecast is worth having all the same, with a rule that knows what errors cost.
    assert duel.worth_of_forecast < 0 < duel.worth_of_rule < duel.worth_of_both


def test_a_lean_forecast_makes_riders_pay() -> None:
    lean = ForecastingScenario.presets["a lean forecast leaves riders"]
    result = forecast_outcomes(ForecastingScenario.model_validate(lean))
    old, new = result.duel.plainly
    assert "mae" in result.duel.in_conflict
    assert (new.lost > old.lost, new.wait > old.wait, new.pay > old.pay) == (True, True, True)


def test_only_mape_likes_the_forecast_that_leaves_riders() -> None:
    told = ForecastingScenario.presets["graded by MAPE"]
    result = forecast_outcomes(ForecastingScenario.model_validate(told))
    assert result.duel.in_conflict == ("mape",)
    assert result.duel.errors[0].no_demand > 0.01


def test_no_conflict_where_accuracy_pays() -> None:
    result = forecast_outcomes(ForecastingScenario(old_bias=0, new_bias=0))
    assert result.duel.in_conflict == ()
    assert result.duel.worth_of_forecast > 0


# --- laws ---


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_nobody_is_lost_or_found(seed: int) -> None:
    result = drawn(seed)
    m = result.sweep
    asked = np.broadcast_to(m.asked, result.buffers.shape)
    assert m.on_time + m.rescued + m.lost == pytest.approx(asked, rel=1e-7)
    assert (np.diff(m.lost) <= 1e-7 * asked[1:]).all()  # more drivers, fewer without a ride
    assert (np.diff(m.idle) >= -1e-7 * m.hours[1:]).all()
    assert (np.diff(m.enough) >= -1e-12).all()
    busy = (m.hours - m.idle) * result.scenario.rides_per_hour
    assert busy == pytest.approx(m.on_time, rel=1e-6, abs=1e-6 * float(asked[0]))
    for names in (("on_time", "rescued", "lost"), ("busy", "idle")):
        assert (sum(result.people[name] for name in names) == 1000).all()


@settings(max_examples=60, deadline=None)
@given(SEEDS)
def test_the_lowest_cost_is_the_lowest_and_the_choice_is_on_the_dial(seed: int) -> None:
    result = drawn(seed)
    usd = np.broadcast_to(np.asarray(result.sweep.cost, float), result.buffers.shape)
    lowest = result.points[0]
    assert lowest.cost <= usd.min() * (1 + 1e-9) + 1e-9
    assert result.buffers[result.row] == result.scenario.buffer
    assert float(usd[result.row]) == pytest.approx(result.cost, rel=1e-12)
    assert result.scenario.costs({}) == pytest.approx(result.cost, rel=1e-12)
    assert result.saving == pytest.approx(float(result.compared.cost) - result.cost)
    rival = result.rival.costs({})
    assert rival == pytest.approx(float(result.compared.cost), rel=1e-9, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_flip_point_is_where_both_cost_the_same(seed: int) -> None:
    result = drawn(seed)
    for flip in result.flips:
        if np.isnan(flip.at):
            continue
        at = {flip.knob.name: np.array([flip.at])}
        here, there = (x.costs(at)[0] for x in (result.scenario, result.rival))
        scale = max(abs(here), abs(there), abs(result.cost), 1e-9)
        assert abs(here - there) <= 1e-7 * scale, flip.knob.name


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_the_nearest_flip_of_every_position_is_the_first_of_the_table(seed: int) -> None:
    result = drawn(seed)
    prices = [f for f in result.flips if f.knob.priced]
    which, at = (a[result.row] for a in (result.nearest_flips.which, result.nearest_flips.at))
    if which < 0:
        assert np.isinf(prices[0].distance)
    else:
        assert result.nearest_flips.knobs[which].name == prices[0].knob.name
        assert at == pytest.approx(prices[0].at, rel=1e-6)


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_measures_and_money_tell_the_same_story(seed: int) -> None:
    """What is over and short costs what the pinball loss says; bias is the one less the other."""
    result = drawn(seed)
    over, under = result.error_prices
    plain = ForecastingScenario.model_validate(
        {**result.scenario.model_dump(), "buffer": 0.0, "today_buffer": 0.0}
    )
    found = forecast_outcomes(plain)
    for errors, month in zip(found.duel.errors, found.duel.plainly, strict=True):
        n = plain.zone_hours
        short = float(month.rescued + month.lost) / n
        idle = float(month.idle) * plain.rides_per_hour / n
        tall = max(errors.mae, float(found.told.rides), 1e-9)
        assert errors.mae == pytest.approx(short + idle, abs=1e-6 * tall)
        assert errors.bias == pytest.approx(idle - short, abs=1e-6 * tall)
        if over + under > 0:
            usd = n * (over + under) * errors.pinball
            assert float(month.cost) == pytest.approx(usd, rel=1e-6, abs=1e-6 * n * tall)


@pytest.mark.parametrize(
    ("law", "sd"), [("normal", 14.4), ("lognormal", 14.4), ("negative binomial", np.sqrt(247.36))]
)
def test_the_spread_is_that_of_the_law(law: str, sd: float) -> None:
    result = forecast_outcomes(ForecastingScenario.model_validate({"law": law}))
    assert isinstance(result.old, OfLaw)
    assert result.old.demand.sd == pytest.approx(sd, rel=1e-12)
    asked = demand(law, 40, sd).shortfall(0.0)
    assert result.old.rides == pytest.approx(asked, rel=1e-12)


# --- controls ---


def test_every_knob_moves_something() -> None:
    """Under a law in which it plays a part."""
    for name, knob in knobs_of(ForecastingScenario).items():
        law = "negative binomial" if name == "zero_policy" else "lognormal"
        told = {"law": law, "demand": 5.0, "in_use": "the new one"}
        base = forecast_outcomes(ForecastingScenario.model_validate(told))
        if knob.scale == "choice":
            other: float | str = next(c for c in knob.choices if c != getattr(base.scenario, name))
        else:
            now = float(getattr(base.scenario, name))
            other = now * 1.5 if now else 0.3
        moved = forecast_outcomes(ForecastingScenario.model_validate({**told, name: other}))
        values = [
            [o.value for o in r.outcomes] + [o.compared for o in r.outcomes]
            + [getattr(e, m) for e in r.duel.errors for m in ("mae", "mape", "bias")]
            for r in (base, moved)
        ]  # fmt: skip
        assert values[0] != values[1], name


@pytest.mark.parametrize("law", ["normal", "lognormal", "Poisson", "negative binomial"])
def test_an_idle_knob_moves_nothing(law: str) -> None:
    base = ForecastingScenario.model_validate({"law": law, "demand": 6.0})
    for name in base.idle(base.__dict__, with_rows=False):
        knob = knobs_of(ForecastingScenario)[name]
        other = knob.choices[-1] if knob.scale == "choice" else getattr(base, name) * 1.5
        moved = ForecastingScenario.model_validate({**base.model_dump(), name: other})
        for a, b in zip(forecast_outcomes(base).outcomes, forecast_outcomes(moved).outcomes,
                        strict=True):  # fmt: skip
            assert (a.value, a.compared) == (b.value, b.compared), name


def test_todays_own_plan_is_compared_with_the_lowest_cost() -> None:
    told = ForecastingScenario(in_use="the old one", today_buffer=0.1, buffer=0.1)
    result = forecast_outcomes(told)
    assert result.compared_with == "lowest cost"
    assert result.compared.cost == pytest.approx(result.points[0].cost)
    assert result.saving <= 0
    assert DEFAULT.compared_with == "today"


def test_errors_that_cost_nothing_ask_for_nothing() -> None:
    free = ForecastingScenario(guarantee=0, quit_cost=0, margin=0, rider_value=0, surge_cost=0)
    result = forecast_outcomes(free)
    assert np.isnan(result.quantile)
    assert result.cost == 0
    assert result.points[0].buffer == 0


def test_a_buffer_out_of_range_is_refused_with_its_limits() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 3"):
        ForecastingScenario(buffer=3.5)


def test_other_rows_are_refused() -> None:
    with pytest.raises(RowsError, match="fingerprint 0123456789abcdef"):
        ForecastingScenario(rows="0123456789abcdef").run()


# --- uncertainty ---


def test_the_best_buffer_of_a_draw_is_the_best_of_its_own_scenario() -> None:
    s = ForecastingScenario()
    varied = {"new_bias": np.array([0.1, -0.2]), "margin": np.array([3.0, 9.0])}
    buffers, costs = cheapest_buffers(s, varied)
    for i in range(2):
        own = s.model_copy(update={name: float(v[i]) for name, v in varied.items()})
        result = forecast_outcomes(own)
        assert buffers[i] == pytest.approx(result.points[0].buffer, rel=1e-9)
        both = [float(month.cost) for month in result.duel.best]
        assert costs[i] == pytest.approx(min(both), rel=1e-9)


def test_uncertainty_is_about_the_same_choice() -> None:
    found = how_sure(DEFAULT)
    assert found.saving_now == pytest.approx(DEFAULT.saving)
    assert (found.best_cost <= np.minimum(found.cost, found.rival_cost) * (1 + 1e-9)).all()
    assert found.sweep is not None
    assert "buffer" not in found.drawn
