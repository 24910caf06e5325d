"""A day at Peak load: what comes, who is served, and the laws that hold at any setting."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.optimize import brentq

from aipm_metrics.models.stationary_day import stationary_day
from aipm_metrics.scenarios.peak_load import PeakLoadResult, PeakLoadScenario, level_of, run_day
from aipm_metrics.scenarios.peak_load_day import Day, day_of
from aipm_metrics.scenarios.peak_load_flow import rates_of
from tests.aipm_metrics.scenarios.peak_load_draws import draw_days

FIXED = PeakLoadScenario(family="gamma")

# --- what comes ---


@given(
    peak=st.floats(0, 24), swing=st.floats(0, 1), burst=st.floats(0, 50),
    begins=st.floats(0, 24), minutes=st.floats(1, 1440),
)  # fmt: skip
@settings(max_examples=30)
def test_every_quarter_has_its_mean_rate(
    peak: float, swing: float, burst: float, begins: float, minutes: float
) -> None:
    s = PeakLoadScenario(mean_rate=4, amplitude=swing, peak_hour=peak, burst_rate=burst,
                         burst_hour=begins, burst_minutes=minutes)  # fmt: skip
    rates = rates_of(s)
    assert rates.shape == (96,)
    assert rates.mean() == pytest.approx(4 + burst * minutes / 1440, rel=1e-9)
    assert (rates >= 0).all()

    def wave(hour: float) -> float:
        return 4 * (1 + swing * float(np.cos(2 * np.pi * (hour - peak) / 24)))

    for quarter in (0, 17, 60, 95):
        low = quarter / 4
        on = sum(
            max(0.0, min(low + 0.25, begins + day + minutes / 60) - max(low, begins + day)) * 4
            for day in (-24, 0)
        )
        mean = quad(wave, low, low + 0.25)[0] * 4
        assert rates[quarter] == pytest.approx(mean + burst * on, rel=1e-9, abs=1e-12)


def test_a_burst_may_pass_midnight() -> None:
    s = PeakLoadScenario(amplitude=0, burst_rate=6, burst_hour=23.75, burst_minutes=30)
    above = rates_of(s) - 3
    assert np.flatnonzero(above > 1e-9).tolist() == [0, 95]
    np.testing.assert_allclose(above[[0, 95]], 6)


# --- one steady state after another ---


def wait_quantile(day: Day, share: float) -> float:
    """Wait that a share of the day's requests stays within."""
    return float(
        brentq(lambda x: float(day.over(day.line.served_over(x))) - (1 - share), 0, 500, xtol=1e-9)
    )


def test_the_average_hides_the_tail_of_the_day() -> None:
    """Mean 3 a second, 2 s each, ten servers, peak 60 % above the mean, nobody leaves."""
    s = PeakLoadScenario(mean_rate=3, service_s=2, service_cv=1, servers=10, amplitude=0.6,
                         timeout_s=600)  # fmt: skip
    # Bins of 15 minutes; in the limit of short ones it is 12.14 s.
    assert wait_quantile(day_of(s), 0.99) == pytest.approx(12.14, abs=0.02)
    assert wait_quantile(day_of(level_of(s)), 0.99) == pytest.approx(1.16, abs=0.005)
    textbook = stationary_day(rates_of(s), 0.5, 10)
    for share in (0.9, 0.95, 0.99):
        told = float(textbook.wait_quantile(share))
        assert wait_quantile(day_of(s), share) == pytest.approx(told, rel=1e-6)


def test_without_a_deadline_to_speak_of_response_times_are_the_textbooks() -> None:
    s = FIXED.model_copy(update={"timeout_s": 600.0, "when_full": "no answer", "retries": 0.0})
    day, textbook = day_of(s), stationary_day(rates_of(s), 0.5, 10)
    for limit in (1.0, 4.0, 10.0, 30.0):
        told = float(textbook.share_over(limit))
        assert float(day.response_over(limit)) == pytest.approx(told, abs=1e-6)
    for share in (0.5, 0.95, 0.99):
        told = float(textbook.sojourn_quantile(share))
        assert float(day.response_quantiles([share])[0]) == pytest.approx(told, rel=1e-4)


def test_equal_bins_are_counted_together() -> None:
    """A wave that comes down as it went up is half as many bins; the day is the same."""
    s = PeakLoadScenario(peak_hour=9)
    assert day_of(s).flow.hours.size <= 50
    many = day_of(s.model_copy(update={"peak_hour": np.array([9.0])}))
    assert many.flow.rates.shape == (1, 96)
    few, all_bins = day_of(s), many.row(0)
    np.testing.assert_allclose(few.by_hour(few.soon), all_bins.soon[0], rtol=1e-8)
    assert float(few.over(few.in_time)) == pytest.approx(float(all_bins.over(all_bins.in_time)[0]))
    assert few.flow.hours.sum() == pytest.approx(1, abs=1e-12)
    assert few.flow.share.sum() == pytest.approx(1, abs=1e-12)


def test_the_mean_is_a_day_without_a_peak() -> None:
    s = PeakLoadScenario(burst_rate=4, burst_minutes=90)
    flat = s.model_copy(
        update={"amplitude": 0.0, "burst_rate": 0.0, "mean_rate": 3 + 4 * 90 / 1440}
    )
    here, there = run_day(s), run_day(flat)
    np.testing.assert_allclose(here.mean.in_time[:12], there.sweep.in_time[:12], rtol=1e-9)
    np.testing.assert_allclose(there.mean.in_time, there.sweep.in_time, rtol=1e-9)
    assert here.response[1] == pytest.approx(there.response[0], rel=1e-6)
    assert float(here.sweep.requests) == pytest.approx(float(there.sweep.requests), rel=1e-12)


@pytest.mark.parametrize(
    "more",
    [{}, {"when_full": "no answer"}, {"when_full": "no answer", "abandoned": "is still done"}],
)
def test_the_unit_of_time_does_not_matter(more: dict[str, Any]) -> None:
    s = PeakLoadScenario(burst_rate=2, servers=9, **more)
    k = 5.0
    rates, times = ("mean_rate", "burst_rate"), ("service_s", "timeout_s", "sla_s", "fallback_s")
    quick = s.model_copy(
        update={n: getattr(s, n) * k for n in rates} | {n: getattr(s, n) / k for n in times}
    )
    a, b = day_of(s), day_of(quick)
    for read in ("in_time", "answered", "soon", "worked", "collapsed"):
        np.testing.assert_allclose(a.by_hour(getattr(a, read)), b.by_hour(getattr(b, read)),
                                   rtol=1e-7, atol=1e-9)  # fmt: skip
    assert float(a.use) == pytest.approx(float(b.use), rel=1e-8)
    np.testing.assert_allclose(a.response_quantiles([0.5, 0.99]),
                               b.response_quantiles([0.5, 0.99]) * k, rtol=1e-6)  # fmt: skip


# --- laws anywhere ---

DRAWN = [(s, run_day(s)) for s in draw_days(np.random.default_rng(41), 30)]
SOME = pytest.mark.parametrize(("s", "r"), DRAWN[5:15], ids=range(5, 15))  # a second each
RESULTS = pytest.mark.parametrize("r", [r for _, r in DRAWN], ids=range(len(DRAWN)))


@RESULTS
def test_every_request_is_in_one_cell(r: PeakLoadResult) -> None:
    m = r.sweep
    cells = [m.in_time_right, m.in_time_wrong, m.late, m.unanswered]
    np.testing.assert_allclose(sum(cells) / m.requests, 1, atol=1e-9)
    for amount in (*cells, m.fallback, m.worked, m.fp, m.fn, m.server_hours):
        assert (np.asarray(amount) >= -1e-9 * m.requests).all()
    for amount in (m.fallback, m.unanswered, m.fp, m.fn, m.fp + m.fn):
        assert (amount <= m.requests * (1 + 1e-9)).all()
    people = r.people
    assert (sum(people.values()) == 1000).all()


@RESULTS
def test_a_day_answers_and_turns_away_everybody(r: PeakLoadResult) -> None:
    day = r.day
    for share in (day.timed_out, day.answered, day.in_time, day.soon, r.in_time_by_hour):
        assert (share >= 0).all()
        assert (share <= 1 + 1e-9).all()
    assert (day.offered >= day.flow.rates * (1 - 1e-12)).all()
    assert (day.offered <= day.flow.rates * day.attempts * (1 + 1e-9)).all()
    assert (r.use >= 0).all()
    assert (r.use <= 1).all()
    assert r.in_time_by_hour.shape == (r.servers.size, 96)
    assert (r.collapsed_hours + r.unsafe_hours <= 24 + 1e-9).all()
    # Nobody is served faster than all servers can work.
    done = day.flow.rates * day.worked
    assert (done <= day.full_rate * (1 + 1e-6)).all()


@SOME
def test_percentiles_are_where_the_tail_says(s: PeakLoadScenario, r: PeakLoadResult) -> None:
    day = r.day.row(r.row)
    for share, at in r.response[0].items():
        if np.isnan(at):
            assert float(r.chosen.unanswered) == pytest.approx(float(r.chosen.requests))
            continue
        # The fallback answers all it is given at one moment, so the tail may jump.
        assert float(day.response_over(at * (1 + 1e-6) + 1e-9)[0]) <= 1 - share + 1e-5
        assert float(day.response_over(at * (1 - 1e-6) - 1e-9)[0]) >= 1 - share - 1e-5
    tails = r.tails
    assert tails.time[-1] >= s.sla_s
    for tail in (tails.day, tails.mean):
        told = tail[~np.isnan(tail)]
        assert (np.diff(told) <= 1e-5).all()
        assert ((told >= -1e-9) & (told <= 1 + 1e-9)).all()


FAIR = [
    s for s in draw_days(np.random.default_rng(8), 24, scaling="fixed")
    if not (s.when_full == "no answer" and s.abandoned == "is still done")
]  # fmt: skip


@pytest.mark.parametrize("s", FAIR, ids=range(len(FAIR)))
def test_one_more_server_never_answers_fewer_in_time(s: PeakLoadScenario) -> None:
    r = run_day(s)
    by_model = r.day.over(r.day.in_time)
    assert (np.diff(by_model) >= -2e-6).all()
    assert (np.diff(r.day.over(r.day.given_up)) <= 1e-9).all()
    assert len(FAIR) > 12


def test_a_late_model_can_be_slower_than_its_fallback_so_more_servers_answer_fewer_in_time() -> (
    None
):
    """Not a law: in time counts the fallback, which takes 1.3 s where the model takes 5."""
    s = PeakLoadScenario(service_s=5, timeout_s=1, sla_s=3, mean_rate=3)
    r = run_day(s)
    assert (np.diff(r.sweep.in_time) < 0).any()


@pytest.mark.parametrize("family", ["lognormal", "gamma"])
def test_a_longer_promise_is_kept_more_often(family: str) -> None:
    limits = np.array([0.5, 1, 2, 4, 8, 16, 32, 64, 128, 300])
    s = PeakLoadScenario.model_validate({"family": family, "timeout_s": 100})
    day = day_of(s.model_copy(update={"sla_s": limits}))
    kept = day.over(day.in_time)
    assert (np.diff(kept) > 0).all()
    assert kept[-1] > 0.999


# --- a batch ---


def test_one_place_in_a_batch_is_one_server() -> None:
    """Replicas split at random: each is a server with a line of its own."""
    batch = PeakLoadScenario(engine="a batching LLM", batch_cap=1, servers=4, mean_rate=1,
                             output_tokens=300, base_ms=4, per_active_ms=0.5, prefill_ms=0.15,
                             prompt_tokens=1000, service_cv=1, family="gamma")  # fmt: skip
    alone = PeakLoadScenario(servers=1, mean_rate=0.25, service_s=0.3 * 4.5 + 0.15, service_cv=1,
                             family="gamma")  # fmt: skip
    a, b = day_of(batch), day_of(alone)
    np.testing.assert_allclose(a.by_hour(a.soon), b.by_hour(b.soon), atol=2e-6)
    np.testing.assert_allclose(a.work.mean, 1.5, rtol=1e-9)
    assert float(a.use) == pytest.approx(float(b.use), rel=1e-9)


@pytest.mark.parametrize("more", [{}, {"when_full": "no answer", "abandoned": "is still done"}])
def test_a_batch_keeps_littles_law(more: dict[str, Any]) -> None:
    """Requests in the batches = those worked out a second times how long each stays."""
    s = PeakLoadScenario(engine="a batching LLM", mean_rate=9, servers=2, retries=0, **more)
    day = day_of(s)
    inside = day.flow.rates * day.worked * day.work.mean
    assert (inside <= 2 * s.batch_cap * (1 + 1e-9)).all()
    # Where all places are always taken, each stays as long as a full batch takes.
    full = s.output_tokens * (s.base_ms + s.per_active_ms * s.batch_cap) / 1000
    full += s.batch_cap * s.prompt_tokens * s.prefill_ms / 1000
    crowded = day.flow.rates > 1.5 * day.full_rate
    assert crowded.any()
    np.testing.assert_allclose(
        np.broadcast_to(day.work.mean, crowded.shape)[crowded], full, rtol=1e-3
    )


def test_a_fuller_batch_makes_tokens_slower() -> None:
    llm = PeakLoadScenario(engine="a batching LLM", mean_rate=6)
    r = run_day(llm)
    each = [r.day.row(row).work.mean.mean() for row in range(r.servers.size)]
    assert (np.diff(each) < 0).all()
