"""What each way does over a plan: by hand, and the long way, stretch by stretch."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr, ndtri

from aipm_metrics.scenarios.build_or_not import BuildOrNotScenario, compare_options
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS, Option
from aipm_metrics.scenarios.build_or_not_plan import CAUSES, Way, model_rates, ways_of
from tests.aipm_metrics.scenarios.build_or_not_draws import draw_build, long_way, plain_cutoff

STILL: dict[str, Any] = {"decay": 0, "rules_decay": 0, "launch_months": 0}


def way(option: Option, **knobs: Any) -> Way:
    return ways_of(BuildOrNotScenario.model_validate(knobs))[option]


# --- the long way ---


@pytest.mark.parametrize("seed", range(18))
def test_every_way_is_the_long_way_over_any_length(seed: int) -> None:
    s = draw_build(seed)
    ways = ways_of(s)
    for months in {1, 7, int(s.months), 60}:
        size = s.items_per_month * max(s.cost_fn * s.prevalence, s.cost_fp, 1e-12)
        for option in OPTIONS:
            slow, fast = long_way(s, option, months), ways[option]
            assert fast.tpr[months - 1] == pytest.approx(slow["tpr"], abs=1e-6)
            assert fast.fpr[months - 1] == pytest.approx(slow["fpr"], abs=1e-9)
            for cause in CAUSES:
                told = fast.usd[cause][months - 1]
                assert told == pytest.approx(slow[cause], rel=1e-6, abs=1e-6 * size), cause


@pytest.mark.parametrize("seed", range(0, 12, 3))
def test_many_settings_at_once_are_each_alone(seed: int) -> None:
    s, other = draw_build(seed), draw_build(seed + 1)
    names = ("auc", "decay", "launch_months", "items_per_month", "people_hours", "rules_decay",
             "retrain_months", "wage", "model_build")  # fmt: skip
    both = {name: np.array([getattr(s, name), getattr(other, name)]) for name in names}
    second = s.model_copy(update={name: getattr(other, name) for name in names})
    for option, many in ways_of(s.model_copy(update=both)).items():
        for row, alone in enumerate((s, second)):
            cost = np.broadcast_to(many.cost, (2, 60))[row]
            np.testing.assert_allclose(cost, ways_of(alone)[option].cost, rtol=1e-12)


# --- by hand ---


def test_before_a_launch_things_go_on_as_today() -> None:
    """Six of twelve months as rules, which find half; then a model that has not aged."""
    told: dict[str, Any] = {**STILL, "launch_months": 6, "rules_tpr": 0.5, "rules_fpr": 0.02}
    new = model_rates(BuildOrNotScenario.model_validate(told), np.zeros(1))
    here = way("a model", **told)
    np.testing.assert_allclose(here.tpr[:6], 0.5)
    assert here.tpr[11] == pytest.approx((0.5 + new.tpr[0]) / 2)
    assert here.fpr[11] == pytest.approx((0.02 + new.fpr[0]) / 2)
    # 500 a month at first; then 4,000 + 50 thousands + 8,000 / 6.
    assert here.usd["running"][11] == pytest.approx((500 + 4000 + 50 + 8000 / 6) / 2)
    for today, found in (("nothing", 0.0), ("people", 0.9)):
        other = way("a model", **told, today=today)
        assert other.tpr[2] == pytest.approx(found)
        assert other.tpr[11] == pytest.approx((found + new.tpr[0]) / 2)


def test_a_launch_in_mid_month_counts_half_of_it() -> None:
    told = {**STILL, "launch_months": 2.5, "today": "nothing"}
    new = float(model_rates(BuildOrNotScenario.model_validate(told), np.zeros(1)).tpr[0])
    here = way("a model", **told)
    np.testing.assert_allclose(
        here.tpr[:5] * np.arange(1, 6), np.array([0, 0, 0.5, 1.5, 2.5]) * new
    )


def test_a_model_that_runs_today_is_neither_built_nor_waited_for() -> None:
    here = way("a model", today="a model", decay=0)
    np.testing.assert_array_equal(here.usd["building"], 0)
    np.testing.assert_allclose(here.tpr, here.tpr[0])


def test_what_a_model_finds_is_a_sawtooth() -> None:
    """Full stretches between trainings are alike; within one it finds ever less."""
    here = way("a model", decay=0.1, retrain_months=6, today="a model")
    np.testing.assert_allclose(here.tpr[5::6], here.tpr[5], rtol=1e-12)
    each = np.diff(np.append(0, here.tpr * np.arange(1, 61)))  # in single months
    np.testing.assert_allclose(each, np.tile(each[:6], 10), rtol=1e-9)
    assert (np.diff(each[:6]) < 0).all()
    s = BuildOrNotScenario(decay=0.1)
    np.testing.assert_allclose(model_rates(s, np.array([2.0])).fpr, here.fpr[0])


def test_training_more_often_than_monthly_steps_does_not_depend_on_when_it_is_launched() -> None:
    """A month looked at in its middle only would show a model that never ages."""
    told = {"decay": 0.3, "retrain_months": 1, "today": "nothing"}
    on_time, later = (way("a model", **told, launch_months=at) for at in (1, 1.5))
    assert later.tpr[59] * 60 / 58.5 == pytest.approx(on_time.tpr[59] * 60 / 59, rel=2e-3)


def test_rules_find_less_each_month() -> None:
    """``0.8 * (0.9**12 - 1) / log(0.9) / 12`` is the mean of ``0.8 * 0.9**age``."""
    here = way("rules", rules_tpr=0.8, rules_decay=0.1)
    assert here.tpr[11] == pytest.approx(0.8 * (0.9**12 - 1) / np.log(0.9) / 12, rel=1e-12)
    np.testing.assert_allclose(here.fpr, 0.02)
    np.testing.assert_allclose(way("rules", rules_tpr=0.8, rules_decay=0).tpr, 0.8)
    almost = way("rules", rules_tpr=0.8, rules_decay=1e-12).tpr
    np.testing.assert_allclose(almost, 0.8, rtol=1e-9)


def test_people_look_at_what_they_have_time_for() -> None:
    """60,000 items at a minute each are 1,000 hours."""
    told = {"items_per_month": 60_000, "minutes_per_item": 1, "wage": 20}
    enough, half, none = (way("people", **told, people_hours=h) for h in (1_000, 500, 0))
    assert enough.tpr[0] == pytest.approx(0.9)
    assert enough.usd["running"][0] == pytest.approx(20_000)
    assert half.tpr[0] == pytest.approx(0.45)
    assert half.fpr[0] == pytest.approx(0.005)
    assert half.usd["running"][0] == pytest.approx(10_000)
    np.testing.assert_array_equal(none.tpr, 0)
    np.testing.assert_array_equal(none.usd["running"], 0)
    spare = way("people", **told, people_hours=5_000)
    np.testing.assert_array_equal(spare.cost, enough.cost)


def test_what_is_built_is_paid_once_and_spread_over_the_plan() -> None:
    months = np.arange(1, 61)
    np.testing.assert_allclose(way("a model").usd["building"] * months, 150_000)
    np.testing.assert_allclose(way("rules", today="people").usd["building"] * months, 5_000)
    for option in ("nothing", "rules", "people"):
        np.testing.assert_array_equal(way(option).usd["building"], 0)  # rules are done today


# --- the model's cutoff ---


@pytest.mark.parametrize("seed", range(12))
def test_no_other_cutoff_is_cheaper_for_a_model_that_is_new(seed: int) -> None:
    s = draw_build(seed)
    new = model_rates(s, np.zeros(1))
    miss, alarm = s.prevalence * s.cost_fn, (1 - s.prevalence) * s.cost_fp
    apart = np.sqrt(2) * ndtri(s.auc)
    c = np.append(np.linspace(-12, 18, 30_001), [-np.inf, np.inf])
    others = miss * ndtr(c - apart) + alarm * ndtr(-c)
    mine = float((miss * (1 - new.tpr) + alarm * new.fpr)[0])
    assert mine <= others.min() * (1 + 1e-9)
    assert others.min() == pytest.approx(mine, rel=1e-5)
    assert float(ndtr(-plain_cutoff(s))) == pytest.approx(float(new.fpr[0]), rel=1e-6, abs=1e-12)


def test_a_model_that_knows_nothing_flags_all_or_nothing() -> None:
    assert way("a model", auc=0.5, today="a model").tpr[0] == 0
    everything = way("a model", auc=0.5, today="a model", cost_fp=0.01)
    assert (everything.tpr[0], everything.fpr[0]) == (1, 1)
    free = way("a model", auc=0.5, today="a model", cost_fn=0, cost_fp=0)
    assert (free.tpr[0], free.fpr[0]) == (0, 0)


# --- limits and laws ---


def test_when_mistakes_cost_nothing_only_work_does() -> None:
    ways = ways_of(BuildOrNotScenario(cost_fn=0, cost_fp=0))
    assert all(np.isfinite(w.cost).all() and np.isfinite(w.tpr).all() for w in ways.values())
    np.testing.assert_array_equal(ways["nothing"].cost, 0)
    np.testing.assert_allclose(ways["rules"].cost, 500)


def test_a_plan_of_one_month_ends_before_the_launch() -> None:
    r = compare_options(BuildOrNotScenario(months=1))
    assert r.cost == pytest.approx(float(r.ways["rules"].cost[0]) + 150_000)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100))
def test_a_currency_changes_no_choice(seed: int, factor: float) -> None:
    s = draw_build(seed)
    money = ("cost_fn", "cost_fp", "model_build", "model_run", "price_per_thousand",
             "retrain_cost", "rules_build", "rules_run", "wage")  # fmt: skip
    other = s.model_copy(update={name: getattr(s, name) * factor for name in money})
    for option, here in ways_of(s).items():
        there = ways_of(other)[option]
        np.testing.assert_allclose(there.cost, here.cost * factor, rtol=1e-9)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), low=st.floats(0.5, 0.99), more=st.floats(0, 0.009))
def test_a_better_new_model_never_makes_dearer_mistakes(seed: int, low: float, more: float) -> None:
    s = draw_build(seed).model_copy(update={"decay": 0.0, "today": "a model"})
    a, b = (ways_of(s.model_copy(update={"auc": auc}))["a model"].cost for auc in (low, low + more))
    assert (b <= a * (1 + 1e-9)).all()
