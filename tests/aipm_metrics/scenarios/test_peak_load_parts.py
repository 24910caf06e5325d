"""What stands around a day at Peak load: servers that follow, studies, tokens, a simulation."""

from typing import Any

import numpy as np
import pytest

from aipm_metrics.models.batching import batch_steady_state
from aipm_metrics.models.latency_evidence import EVIDENCE, evidence
from aipm_metrics.scenarios.peak_load import PeakLoadScenario, how_sure, run_day
from aipm_metrics.scenarios.peak_load_day import day_of
from aipm_metrics.scenarios.peak_load_evidence import waits_of
from aipm_metrics.scenarios.peak_load_flow import autoscaled_ticks
from aipm_metrics.scenarios.peak_load_paths import simulate_peak, why_not

AUTO = PeakLoadScenario(scaling="autoscaled", servers=16, burst_rate=4, burst_minutes=30)

# --- servers that follow the load ---


def test_servers_stay_between_their_limits_and_starting_ones_are_paid_for() -> None:
    s = AUTO.model_copy(update={"least_servers": 3.0})
    day = day_of(s)
    assert day.flow.rates.shape == day.flow.servers.shape == (288,)
    assert (day.flow.servers >= 3).all()
    assert (day.flow.paid <= 16).all()
    assert (day.flow.paid >= 3).all()
    ordered, ready = autoscaled_ticks(s)
    assert ordered.shape == (1440,)
    assert (ready <= ordered).all()
    assert day.mean_paid == pytest.approx(ordered.mean())
    r = run_day(s)
    assert float(r.chosen.server_hours) == pytest.approx(30.4375 * 24 * ordered.mean())
    assert float(r.chosen.server_hours) < 16 * 730.5


def test_a_longer_cold_start_answers_fewer_in_time() -> None:
    kept = [float(run_day(AUTO.model_copy(update={"cold_start_s": t})).chosen.in_time)
            for t in (0.0, 300.0, 900.0, 1800.0)]  # fmt: skip
    assert (np.diff(kept) < 0).all()


def test_a_busier_aim_costs_fewer_hours() -> None:
    hours = [float(run_day(AUTO.model_copy(update={"target": t})).chosen.server_hours)
             for t in (0.4, 0.6, 0.8, 1.0)]  # fmt: skip
    assert (np.diff(hours) < 0).all()


def test_as_few_as_there_may_be_are_always_on() -> None:
    s = PeakLoadScenario(servers=11)
    fixed = run_day(s)
    bound = run_day(s.model_copy(update={"scaling": "autoscaled", "least_servers": 11.0}))
    assert float(bound.chosen.server_hours) == pytest.approx(float(fixed.chosen.server_hours))
    assert bound.cost == pytest.approx(fixed.cost, rel=1e-3)  # bins of 5 instead of 15 minutes


def test_a_load_that_never_changes_has_what_it_calls_for() -> None:
    """Six erlangs at 0.7 of a server each are nine servers."""
    s = PeakLoadScenario(scaling="autoscaled", amplitude=0, servers=20)
    assert (day_of(s).flow.servers == 9).all()
    r = run_day(s)
    nine = run_day(PeakLoadScenario(amplitude=0, servers=9))
    assert r.cost == pytest.approx(nine.cost, rel=1e-9)
    np.testing.assert_allclose(r.mean.in_time, r.sweep.in_time, rtol=1e-9)


# --- studies of waiting ---


@pytest.mark.parametrize("more", [{}, {"when_full": "no answer", "retries": 1}])
def test_a_mean_wait_is_that_of_every_attempt(more: dict[str, Any]) -> None:
    """Mean time to the end of it all = area under the share that takes longer."""
    s = PeakLoadScenario(servers=8, timeout_s=2, **more)
    day = day_of(s)
    waited, whole = waits_of(day)
    assert (whole >= waited).all()
    times = np.linspace(0, 400, 40_001)
    answered = np.trapezoid([day.answered_over(t)[-1] for t in times[::20]], times[::20])
    ends = day.given_up[-1] * (s.timeout_s + s.fallback_s if day.falls_back else 2 * s.timeout_s)
    assert whole[-1] == pytest.approx(answered + ends, rel=2e-3)


def test_searches_lost_are_read_at_the_added_wait() -> None:
    s = PeakLoadScenario(evidence="search, 2009", servers=12)
    r, day = run_day(s), day_of(s)
    table = evidence("search-2009")
    lost = sum(
        weight * (1 - float(table.at(wait).value))
        for weight, wait in zip(day.flow.share, waits_of(day)[0], strict=True)
    )
    assert 0 < lost < 0.0059
    assert float(r.chosen.use_lost) == pytest.approx(float(r.chosen.requests) * lost, rel=1e-9)
    assert r.chosen.cost_by_cause["waiting"] == pytest.approx(float(r.chosen.use_lost) * 0.05)


def test_a_study_of_leaving_multiplies_the_chance_to_leave() -> None:
    lost = [float(run_day(PeakLoadScenario(evidence="mobile pages, 2017", leave_at_once=c))
                  .chosen.use_lost) for c in (0.0, 0.1, 0.2)]  # fmt: skip
    assert lost[0] == 0
    assert lost[2] == pytest.approx(2 * lost[1], rel=1e-9)
    requests = float(run_day(PeakLoadScenario()).chosen.requests)
    assert lost[1] < requests * 0.1 * 1.23


def test_every_study_is_read_and_says_where_it_was_not_measured() -> None:
    rows = run_day(PeakLoadScenario(evidence="search, 2009", servers=6)).evidence
    assert [row.table for row in rows] == [table for table in EVIDENCE if table.key != "none"]
    assert [row.table.key for row in rows if row.in_use] == ["search-2009"]
    for row in rows:
        assert row.worst_s >= row.wait_s
        assert row.inside == (row.table.low_s <= row.wait_s <= row.table.high_s)
    assert not rows[0].worst_inside
    assert not any(row.in_use for row in run_day(PeakLoadScenario()).evidence)


# --- tokens ---

LLM = PeakLoadScenario(engine="a batching LLM", mean_rate=6, servers=4, amplitude=0,
                       prefill_ms=0.0001, timeout_s=600)  # fmt: skip


def test_tokens_take_as_long_as_in_the_textbooks_batch() -> None:
    told = batch_steady_state(1.5, 300, 0.008, 0.00065, 32)
    r = run_day(LLM)
    assert r.tokens is not None
    assert r.tokens.each == pytest.approx(float(told.tpot_s), rel=2e-3)  # reading takes 0.1 ms
    assert r.tokens.first == pytest.approx(float(told.wait_s) + 1e-4, abs=2e-5)
    assert r.tokens.each == r.tokens.each_worst  # all hours alike
    assert run_day(PeakLoadScenario()).tokens is None


def test_the_busiest_quarter_is_the_slowest() -> None:
    tokens = run_day(LLM.model_copy(update={"amplitude": 0.6})).tokens
    assert tokens is not None
    assert tokens.each_worst > tokens.each
    assert tokens.first_worst > tokens.first


def test_promises_that_contradict_each_other_are_found() -> None:
    fits = LLM.model_copy(update={"first_token_s": 2.0, "per_token_ms": 20.0, "sla_s": 8.0})
    found = run_day(fits).limits
    assert found is not None
    assert found.consistent  # 2 + 299 * 0.02 = 7.98
    found = run_day(fits.model_copy(update={"per_token_ms": 21.0})).limits
    assert found is not None
    assert not found.consistent
    assert float(found.needed_s) == pytest.approx(2 + 299 * 0.021)


# --- the simulation ---


@pytest.mark.parametrize(
    "told",
    [{}, {"servers": 12}, {"when_full": "no answer", "retries": 0, "timeout_s": 3}],
)
def test_where_the_closed_form_is_exact_the_simulation_agrees(told: dict[str, Any]) -> None:
    """Exponential work and a rate that hardly changes within the hour."""
    s = PeakLoadScenario.model_validate({"family": "gamma", "amplitude": 0, **told})
    found = simulate_peak(s, seed=3)
    assert why_not(s) == ""
    assert abs(found.timed_out - found.timed_out_closed) <= 4 * found.timed_out_error + 1e-5
    assert abs(found.mean_wait - found.mean_wait_closed) <= 4 * found.mean_wait_error + 1e-4
    apart = np.abs(found.over - found.closed)
    assert (apart <= 4 * found.error + 1e-4).all()
    day = day_of(s)
    assert found.timed_out_closed == pytest.approx(float(day.timed_out[0]), rel=1e-9)
    assert found.mean_wait_closed == pytest.approx(float(day.line.mean_wait[0]), rel=1e-9)


def test_a_simulation_starts_from_its_seed_and_knows_what_it_cannot_follow() -> None:
    s = PeakLoadScenario(servers=9)
    a, b, c = simulate_peak(s, 1), simulate_peak(s, 1), simulate_peak(s, 2)
    assert a.mean_wait == b.mean_wait != c.mean_wait
    assert a.start_s < (9 + 24) * 3600 < a.end_s  # around nine o'clock
    assert why_not(LLM) == "batching"
    assert why_not(PeakLoadScenario(when_full="no answer")) == "retries"


# --- how sure ---


def test_draws_price_the_choice_and_its_rival() -> None:
    found = how_sure(run_day(PeakLoadScenario(servers=12)))
    assert 0 < found.chance.value < 1
    assert found.chance.ties == 0
    swapped = how_sure(run_day(PeakLoadScenario(servers=8, today_servers=12)))
    assert swapped.chance.value == pytest.approx(1 - found.chance.value, abs=1e-9)
