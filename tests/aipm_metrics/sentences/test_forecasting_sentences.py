"""Forecasting in words: numbers agree with the result, at every position and at the edges."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aipm_metrics.scenarios.forecasting import ForecastingScenario, forecast_outcomes
from aipm_metrics.sentences import forecasting as words
from aipm_metrics.sentences import forecasting_duel as duel
from aipm_metrics.sentences.forecasting_spots import aloud_at, chosen_spot, every_spot
from aipm_metrics.spoken import count, money, share
from tests.aipm_metrics.said import dollars, number, numbers
from tests.aipm_metrics.scenarios.forecasting_draws import draw_forecasting

if TYPE_CHECKING:
    from aipm_metrics.phrases import Phrase

DEFAULT = forecast_outcomes(ForecastingScenario())
ARTICLE = forecast_outcomes(
    ForecastingScenario.model_validate(
        ForecastingScenario.presets["22 % more accurate, worse payouts"]
    )
)


def test_the_paragraph_says_why_the_more_accurate_forecast_lost() -> None:
    accuracy, people, cost, mind = words.aloud(ARTICLE)
    old, new = ARTICLE.duel.plainly
    assert numbers(accuracy) == [0.22, 0.18, 0.08]
    assert "more accurate" in accuracy
    assert "falls on drivers" in accuracy or "fall on drivers" in accuracy
    assert dollars(people) == [round(float(new.pay), 2), round(float(old.pay), 2)]
    assert "fewer rides a month are not given" in people
    assert "more driver-hours stand idle" in people
    assert dollars(cost)[0] == number(money(float(new.cost)))
    assert dollars(cost)[1] == number(money(float(new.cost - old.cost)))
    assert "although the forecast is more accurate" in cost
    assert dollars(cost)[2:4] == [8.0, 4.4]
    assert "I would be right only if the margin of a ride rose above" in mind


def test_the_flag_names_the_measures_that_disagree_with_the_money() -> None:
    said = duel.flag_line(ARTICLE)
    assert "by MAE, RMSE, WAPE and sMAPE the new forecast is better" in said
    assert dollars(said) == [number(money(-ARTICLE.duel.worth_of_forecast))]
    agreed = forecast_outcomes(ForecastingScenario(old_bias=0, new_bias=0))
    assert duel.flag_line(agreed) == ""
    turned = forecast_outcomes(
        ForecastingScenario(old_bias=0.15, old_spread=0.21, new_bias=-0.12, new_spread=0.36)
    )
    assert "is worse, and under today's rule it saves" in duel.flag_line(turned)


def test_cards_say_the_outcomes() -> None:
    lost, idle, pay, tops, cost = words.cards(DEFAULT)
    m, today = DEFAULT.chosen, DEFAULT.today
    assert lost[1:] == (count(m.lost), f"{count(float(today.lost - m.lost))} fewer")
    assert idle[1:] == (count(m.idle), f"{count(float(m.idle - today.idle))} more")
    assert pay[1:] == (money(m.pay), f"{money(float(today.pay - m.pay))} less")
    assert tops[1:] == (money(m.top_ups), f"{money(float(m.top_ups - today.top_ups))} more")
    assert cost[1:] == (money(m.cost), f"costs {money(float(m.cost - today.cost))} more")


@pytest.mark.parametrize("seed", range(12))
def test_a_position_is_spoken_of_as_if_it_were_chosen(seed: int) -> None:
    result = forecast_outcomes(draw_forecasting(np.random.default_rng(seed)))
    every, own, row = every_spot(result), chosen_spot(result), result.row
    pairs: list[tuple[Phrase, Phrase]] = [
        *zip(aloud_at(every), aloud_at(own), strict=True),
        *((a.value, b.value) for a, b in zip(words.cards_at(every), words.cards_at(own),
                                             strict=True)),
        *((a.change, b.change) for a, b in zip(words.cards_at(every), words.cards_at(own),
                                               strict=True)),
        (every.number, own.number),
        (words.comparison_at(every), words.comparison_at(own)),
    ]  # fmt: skip
    for many, one in pairs:
        assert many[row] == one[0]
        assert "nan" not in one[0].split()
        assert "inf" not in one[0].split()


@pytest.mark.parametrize("seed", range(12, 24))
def test_every_table_can_be_said(seed: int) -> None:
    result = forecast_outcomes(draw_forecasting(np.random.default_rng(seed)))
    tables = (
        (duel.DUEL_HEADER, duel.duel_rows(result)), (duel.RULE_HEADER, duel.rule_rows(result)),
        (duel.WISH_HEADER, duel.wish_rows(result)), (duel.PAYER_HEADER, duel.payer_rows(result)),
        (words.POINT_HEADER, [words.point_row(p) for p in result.points]),
        (words.FLIP_HEADER, [words.flip_row(f) for f in result.flips]),
        (words.ASSUMPTION_HEADER, [words.assumption_row(a) for a in result.assumptions]),
        (words.OUTCOME_HEADER, [words.outcome_row(o) for o in result.outcomes]),
        (words.SPOT_HEADER, words.spot_rows(result)),
    )  # fmt: skip
    for header, rows in tables:
        assert rows
        assert {len(row) for row in rows} == {len(header)}
        assert "nan" not in " ".join(cell for row in rows for cell in row).split()
    for say in (
        duel.worth_line, duel.wish_line, duel.zero_line, words.model_line, words.story,
        words.worst_assumption,
    ):  # fmt: skip
        line = say(result)
        assert line.endswith(".")
        assert "nan" not in line


def test_who_pays_by_hand() -> None:
    riders, drivers, company = duel.payer_rows(DEFAULT)
    assert numbers(riders[1]) == [0.6, 0.4, 13.0]
    # An idle slot takes half an hour of a driver who would earn 26 USD and gets 11.
    assert drivers[2] == "earn $7.50 less than on a ride"
    assert company[1:3] == ("$3.40", "$8")  # 0.4 * 2.5 + 0.6 * (3 + 0.01 * 100); (11 + 5) / 2


def test_the_quantile_of_each_measure_is_said() -> None:
    rows = {row[0]: row[1] for row in duel.wish_rows(DEFAULT)}
    assert numbers(rows["MAE, WAPE"]) == [0.5]
    assert numbers(rows["pinball loss at the money's quantile"]) == [0.3]
    assert numbers(duel.wish_line(DEFAULT))[0] == number(share(DEFAULT.quantile))
    normal = {row[0]: row[1] for row in duel.wish_rows(ARTICLE)}
    assert normal["MAPE"] == "undefined"
    assert "undefined" in duel.zero_line(ARTICLE)


@pytest.mark.parametrize(
    ("policy", "said"), [("leave out", "is free"), ("count as one", "counts them as one ride")]
)
def test_hours_without_demand_are_said_with_what_mape_does(policy: str, said: str) -> None:
    told = {**ForecastingScenario.presets["graded by MAPE"], "zero_policy": policy}
    result = forecast_outcomes(ForecastingScenario.model_validate(told))
    line = duel.zero_line(result)
    assert said in line
    hours = max(e.no_demand for e in result.duel.errors) * result.scenario.zone_hours
    assert numbers(line)[0] == number(count(hours))


def test_a_normal_law_that_does_not_fit_is_said() -> None:
    wide = forecast_outcomes(ForecastingScenario(law="normal", old_spread=0.6))
    assert len(words.point_notes(wide)) == 1
    assert words.point_notes(DEFAULT) == ()


def test_nothing_to_price_is_said_so() -> None:
    free = ForecastingScenario(guarantee=0, quit_cost=0, margin=0, rider_value=0, surge_cost=0)
    result = forecast_outcomes(free)
    assert "any number of drivers will do" in words.aloud(result)[2]
    assert "no quantile" in duel.wish_line(result)
    assert words.worst_assumption(result) == "No assumption moves the answer."
