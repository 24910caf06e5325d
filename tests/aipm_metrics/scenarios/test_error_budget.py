"""Error budget: every number by hand, controls that count, refusals, agreement of panels."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from aipm_metrics.errors import RowsError
from aipm_metrics.estimates import wilson
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.error_budget import burn_rate
from aipm_metrics.scenarios.error_budget import (
    HIGH,
    LOW,
    ErrorBudgetResult,
    ErrorBudgetScenario,
    budget,
)
from aipm_metrics.scenarios.error_budget_chain import MODES
from tests.aipm_metrics.scenarios.error_budget_draws import draw_budget

SEEDS = st.integers(0, 2**32 - 1)
DEFAULT = budget(ErrorBudgetScenario())


def drawn(seed: int) -> ErrorBudgetResult:
    return budget(draw_budget(np.random.default_rng(seed)))


# --- by hand ---


def test_two_nines_of_two_million_answers_by_hand() -> None:
    chosen = DEFAULT.chosen
    assert chosen.bad_answers == pytest.approx(20_000)
    assert chosen.outage_minutes == pytest.approx(432)
    good = 0.9992 * 0.9982 * 0.9955 * 0.99988 * 0.9996 * 0.9989
    assert DEFAULT.union == pytest.approx(1 - good, rel=1e-12)
    assert chosen.spent == pytest.approx((1 - good) / 0.01)
    assert chosen.left_days == pytest.approx(30 * 0.01 / (1 - good))
    assert chosen.incident_spent == pytest.approx(0.5 * 30 / 432)
    assert chosen.paged == pytest.approx(60 * 14.4 * 0.01 / 0.5)
    assert DEFAULT.ceiling == pytest.approx(0.9995**4)
    assert DEFAULT.sum_of_modes == pytest.approx(0.00872)


def test_equal_parts_by_hand() -> None:
    one = {f"keep_{mode}": 6_000 for mode in MODES} | {f"harm_{mode}": 2 for mode in MODES}
    result = budget(ErrorBudgetScenario(rule="equal", requests_per_month=1e6, slo=0.94, **one))
    # A bad share of 6 % is 1 % each: 60,000 answers at 2 USD; 6 x 6 USD / 1 % to keep to it.
    assert result.chosen.cost_by_cause["harm"] == pytest.approx(120_000)
    assert result.chosen.cost_by_cause["keeping"] == pytest.approx(3_600)
    assert np.asarray(result.chosen.allowed) == pytest.approx(np.full(6, 0.01))


def test_a_dependency_served_first_takes_its_claim_and_leaves_the_rest() -> None:
    s = ErrorBudgetScenario(rule="platform first", provider=0.999, calls_per_answer=3, slo=0.99)
    allowed = np.asarray(budget(s).chosen.allowed)
    assert allowed[0] == pytest.approx(1 - 0.999**3)
    assert allowed.sum() == pytest.approx(0.01)
    tight = np.asarray(budget(s.model_copy(update={"slo": 0.999})).chosen.allowed)
    assert tight[0] == pytest.approx(0.99 * 0.001)  # it leaves a hundredth
    two = budget(s.model_copy(update={"fallback": "a second provider"}))
    assert two.ceiling == pytest.approx((1 - 0.001**2) ** 3)


def test_an_answer_quality_slo_of_90_percent_cannot_be_paged_and_a_policy_that_can_is_named() -> (
    None
):
    preset = ErrorBudgetScenario.presets["nine good answers in ten"]
    result = budget(ErrorBudgetScenario.model_validate(preset))
    assert [alert.can_fire for alert in result.policy] == [False, True, True, True]
    assert result.chosen.paged == np.inf  # an hour of nothing but failures
    assert result.chosen.paged_proposed == pytest.approx(30)
    assert all(alert.can_fire for alert in result.policy.proposed)


def test_low_traffic_makes_one_bad_answer_a_page() -> None:
    """SRE Workbook (2018), ch. 5: 10 requests an hour; 1 failure spends 13.9 % of 99.9 %."""
    preset = ErrorBudgetScenario.presets["low traffic"]
    traffic = budget(ErrorBudgetScenario.model_validate(preset)).traffic
    assert traffic.an_hour == pytest.approx(10)
    assert traffic.one_burns == pytest.approx(float(burn_rate(1, 10, 0.999)))
    assert traffic.one_spends == pytest.approx(0.1389, abs=1e-4)
    assert traffic.budget == pytest.approx(7.2)
    assert traffic.low
    assert traffic.one_pages
    assert not DEFAULT.traffic.low


def test_every_indicator_has_both_intervals() -> None:
    trials = round(2e6 * 30 / (365.25 / 12))
    told = {sli.name: sli for sli in DEFAULT.slis}
    assert set(told) == {*MODES, "all"}
    wrong = told["wrong"]
    assert wrong.bad == round(0.0045 * trials)
    assert wrong.score == wilson(trials - wrong.bad, trials)
    for sli in told.values():
        assert sli.exact.low <= sli.score.value <= sli.exact.high
        assert sli.score.trials == trials


def test_the_incident_is_played_as_the_closed_forms_say() -> None:
    preset = ErrorBudgetScenario.presets["the bad deploy"]
    result = budget(ErrorBudgetScenario.model_validate(preset))
    fast = result.incident.on[0]
    on = result.incident.minute[fast]
    # SRE Workbook (2018), ch. 5: 15 % for 10 min; on from 5.76 min to 4.52 min after it.
    assert (on[0], on[-1]) == (6, 14)
    assert result.chosen.paged == pytest.approx(5.76)
    assert result.incident.clears[0] == pytest.approx(4.52)
    assert max(result.incident.burn[0][1]) == pytest.approx(150)
    assert not result.incident.on[1].any()
    assert np.isnan(result.incident.clears[1])


# --- laws ---


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_parts_add_up(seed: int) -> None:
    r = drawn(seed)
    s = r.scenario
    assert np.asarray(r.sweep.allowed).sum(axis=-1) == pytest.approx(1 - r.slos, rel=1e-9)
    assert (np.asarray(r.sweep.allowed) >= 0).all()
    survive = np.prod([1 - getattr(s, f"observed_{mode}") for mode in MODES])
    assert r.union == pytest.approx(1 - survive, abs=1e-12)
    assert r.union <= r.sum_of_modes + 1e-12
    assert sum(o.allowed for o in r.owners) == pytest.approx(float(r.chosen.bad_answers), rel=1e-9)
    assert sum(o.spent for o in r.owners) == pytest.approx(r.union * s.requests_per_month)
    assert sorted(mode for o in r.owners for mode in o.modes) == sorted(MODES)
    for split in r.splits:
        assert split.allowed.sum() == pytest.approx(1 - s.slo, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_better_dependency_never_costs_more(seed: int) -> None:
    s = draw_budget(np.random.default_rng(seed), rule="platform first", fallback="none")
    slos = 1 - np.geomspace(1 - HIGH, 1 - LOW, 101)
    usd = s.costs({"slo": slos})
    better = 1 - (1 - s.provider) * 0.7 if s.provider < 0.999998 else s.provider
    for more in ({"fallback": "a second provider"}, {"provider": better}):
        other = s.model_copy(update=more)
        assert (other.costs({"slo": slos}) <= usd * (1 + 1e-9)).all()
        assert budget(other).lowest_cost.cost <= budget(s).lowest_cost.cost * (1 + 1e-9)


def test_a_second_provider_does_not_raise_the_cost_of_the_pair() -> None:
    one, two = ErrorBudgetScenario.pairs["one provider against two"]
    alone, both = (budget(ErrorBudgetScenario.model_validate(told)) for told in (one, two))
    assert both.cost < alone.cost
    assert both.chosen.allowed[0] > 1 - both.ceiling  # more than its dependencies need


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_the_crowd_is_the_budget_to_within_one_answer(seed: int) -> None:
    r = drawn(seed)
    assert (np.abs(r.people - np.asarray(r.sweep.allowed) * r.crowd) <= 1 + 1e-6).all()
    total = r.people.sum(axis=-1)
    assert (np.abs(total - (1 - r.slos) * r.crowd) <= 0.5 + 1e-6).all()
    assert (np.diff(total) <= 0).all()


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_a_stricter_slo_is_paged_sooner_and_spends_more(seed: int) -> None:
    r = drawn(seed)
    for falling in (r.sweep.paged, r.sweep.left_days, r.sweep.outage_minutes):
        values = np.asarray(falling)
        assert (values[1:] <= values[:-1] * (1 + 1e-12)).all()
    for rising in (r.sweep.spent, r.sweep.incident_spent):
        assert (np.diff(np.asarray(rising)) >= 0).all()


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_panels_agree_at_the_chosen_slo(seed: int) -> None:
    r = drawn(seed)
    s = r.scenario
    assert r.slos[r.row] == s.slo
    assert r.cost == pytest.approx(float(s.costs({})), rel=1e-12)
    values = {o.name: o.value for o in r.outcomes}
    assert values["cost"] == pytest.approx(values["cost_harm"] + values["cost_keeping"])
    allowed = sum(values[f"allowed_{mode}"] for mode in MODES)
    assert allowed == pytest.approx(values["bad_answers"], rel=1e-9)
    assert values["unnoticed"] <= s.incident_minutes
    mine = next(split for split in r.splits if split.rule == s.rule)
    assert mine.cost == pytest.approx(r.cost, rel=1e-12)
    assert mine.best_cost == pytest.approx(r.lowest_cost.cost, rel=1e-9)
    for point in r.points:
        assert point.feasible == (LOW <= point.slo <= HIGH)
        if point.feasible:
            assert point.slo in r.slos
            there = budget(s.model_copy(update={"slo": point.slo}))
            assert there.cost == pytest.approx(point.cost, rel=1e-9)
            assert point.price >= -1e-9 * point.cost


# --- controls ---


def told(result: ErrorBudgetResult) -> str:
    return repr([
        result.outcomes, result.points, result.owners, result.slis, result.compared_with,
        result.window_days, result.policy,
    ])  # fmt: skip


@pytest.mark.parametrize("name", list(knobs_of(ErrorBudgetScenario)))
def test_every_control_changes_an_outcome_a_point_or_an_owner(name: str) -> None:
    base = ErrorBudgetScenario(rule="platform first", incident_minutes=400)
    knob = knobs_of(ErrorBudgetScenario)[name]
    other = next(c for c in (*knob.choices, "") if c != getattr(base, name))
    value = other or float(knob.spread(8)[5])
    value = round(float(value)) if knob.whole else value
    assert told(budget(base.model_copy(update={name: value}))) != told(budget(base))


@pytest.mark.parametrize("preset", sorted(ErrorBudgetScenario.presets))
def test_every_preset_answers_otherwise_than_the_defaults(preset: str) -> None:
    result = budget(ErrorBudgetScenario.model_validate(ErrorBudgetScenario.presets[preset]))
    assert result.outcomes != DEFAULT.outcomes
    assert result.lowest_cost.cost <= result.cost


def test_todays_own_slo_is_compared_with_the_lowest_cost() -> None:
    result = budget(ErrorBudgetScenario(slo=0.999))
    assert result.compared_with == "lowest cost"
    assert result.saving == pytest.approx(result.lowest_cost.cost - result.cost)


@pytest.mark.parametrize(
    "name", [n for n, k in knobs_of(ErrorBudgetScenario).items() if k.scale != "choice"]
)
def test_a_value_outside_the_limits_is_refused_by_name(name: str) -> None:
    knob = knobs_of(ErrorBudgetScenario)[name]
    for value in (knob.low - 1, knob.high * 1.01 + 1, np.nan):
        with pytest.raises(ValidationError, match=name if np.isfinite(value) else "finite"):
            ErrorBudgetScenario(**{name: value})
    for value in (knob.low, knob.high):
        assert getattr(ErrorBudgetScenario(**{name: value}), name) == value


def test_rows_are_refused_in_words() -> None:
    with pytest.raises(RowsError, match="speaks of scored rows"):
        ErrorBudgetScenario(rows="0123456789abcdef").run()


def test_limits_of_every_knob_can_be_answered() -> None:
    for seed in range(30):
        rng = np.random.default_rng(seed)
        ends = {
            n: float(rng.choice([k.low, k.high]))
            for n, k in knobs_of(ErrorBudgetScenario).items() if k.scale != "choice"
        }  # fmt: skip
        r = budget(ErrorBudgetScenario(rule="platform first", **ends))
        assert np.isfinite(r.sweep.cost).all()
        assert r.flips
        assert r.nearest_flips.which.size == r.slos.size
        assert r.assumptions
        assert r.incident.minute.size
