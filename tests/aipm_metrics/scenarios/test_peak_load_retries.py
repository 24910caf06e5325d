"""Requests that come back: every steady state, what the day makes of them, and its memory."""

from typing import Literal

import numpy as np
import pytest
from scipy.optimize import brentq

from aipm_metrics.models.queueing import erlang_b, mmc_wait_tail
from aipm_metrics.models.retries import retry_points
from aipm_metrics.scenarios.peak_load import PeakLoadScenario, run_day
from aipm_metrics.scenarios.peak_load_day import day_of

# Ten servers, a service a second, patience of a second, three retries; all hours alike.
ALIKE = PeakLoadScenario(
    amplitude=0, service_s=1, service_cv=1, family="gamma", timeout_s=1, retries=3,
    when_full="no answer", servers=10,
)  # fmt: skip
WASTED = ALIKE.model_copy(update={"abandoned": "is still done"})


def offered(s: PeakLoadScenario, rate: float) -> tuple[float, float, bool]:
    day = day_of(s.model_copy(update={"mean_rate": rate}))
    collapsed = np.broadcast_to(day.collapsed, day.offered.shape)
    return float(day.offered[0]), float(day.timed_out[0]), bool(collapsed[0])


# --- the numbers ---


@pytest.mark.parametrize(("rate", "told"), [(6.0, 6.011), (7.0, 7.091)])
def test_wasted_work_settles_at_the_lowest_rate(rate: float, told: float) -> None:
    found, p, collapsed = offered(WASTED, rate)
    assert found == pytest.approx(told, abs=5.1e-4)
    assert found == pytest.approx(rate * (1 + p + p**2 + p**3), rel=1e-9)
    assert not collapsed


def test_eight_a_second_leave_wasted_work_only_the_collapse() -> None:
    assert offered(WASTED, 8.0) == (32.0, 1.0, True)


@pytest.mark.parametrize(
    ("rate", "told", "chance"),
    [(8.0, 8.1056, 0.01303), (9.0, 9.4243, 0.04503), (10.0, 13.2548, 0.24843)],
)
def test_dropped_work_has_one_steady_state(rate: float, told: float, chance: float) -> None:
    found, p, collapsed = offered(ALIKE, rate)
    assert found == pytest.approx(told, abs=5.1e-5)
    assert p == pytest.approx(chance, abs=5.1e-6)
    assert not collapsed


@pytest.mark.parametrize("rate", [1.0, 5.1, 7.0, 7.3, 8.0, 11.0])
@pytest.mark.parametrize("retries", [1, 2, 5])
def test_the_day_settles_where_the_textbook_model_does(rate: float, retries: int) -> None:
    """`models.retries` finds all steady states by another method."""
    for s in (WASTED, ALIKE):
        work: Literal["wasted", "cancelled"] = "wasted" if s is WASTED else "cancelled"
        told = retry_points(rate, 1.0, 10, 1.0, retries, work=work)
        here = s.model_copy(update={"mean_rate": rate, "retries": float(retries)})
        day = day_of(here)
        assert float(day.offered[0]) == pytest.approx(float(told.settled.offered), rel=1e-8)
        assert float(day.given_up[0]) == pytest.approx(float(told.settled.users_failed), abs=1e-9)
        calm = not np.broadcast_to(day.collapsed, day.offered.shape)[0]
        assert bool(day.can_collapse[0] & calm) == bool(told.can_collapse)


def test_close_to_the_edge_the_lowest_of_two_rates_is_still_found() -> None:
    """Between 7.3 and 8 the two rates meet and vanish; a fine scan says where."""

    def short(rate: float, x: float) -> float:
        p = float(mmc_wait_tail(x, 1.0, 10, 1.0))
        return rate * (1 + p + p**2 + p**3) - x

    tried = np.linspace(7, 9.999, 600)
    edge = brentq(lambda rate: min(short(rate, x) for x in tried), 7, 8, xtol=1e-6)
    for below in (1e-2, 1e-3):
        rate = edge - below
        first = next(i for i, x in enumerate(tried) if short(rate, x) <= 0)
        root = brentq(lambda x: short(rate, x), rate, tried[first], xtol=1e-12)  # noqa: B023
        found, _, collapsed = offered(WASTED, rate)
        assert not collapsed
        assert found == pytest.approx(root, rel=1e-7)
    assert offered(WASTED, edge + 1e-3)[2]


def test_no_retries_are_the_line_alone() -> None:
    alone = ALIKE.model_copy(update={"retries": 0.0})
    for rate in (5.0, 9.0, 14.0):
        found, p, _ = offered(alone, rate)
        assert found == rate
        assert 0 < p < 1


def test_every_attempt_of_a_deep_overload_is_counted() -> None:
    """All four attempts are in the line, and 10 a second are served."""
    found, p, _ = offered(ALIKE, 40.0)
    assert found * (1 - p) == pytest.approx(10, rel=1e-6)
    assert 40 * (1 - p**4) == pytest.approx(10, rel=1e-6)


def test_more_retries_are_more_load_and_fewer_people_without_an_answer() -> None:
    days = [day_of(ALIKE.model_copy(update={"mean_rate": 11.0, "retries": float(k)}))
            for k in range(6)]  # fmt: skip
    assert (np.diff([float(d.offered[0]) for d in days]) > 0).all()
    assert (np.diff([float(d.given_up[0]) for d in days]) < 0).all()


# --- the day remembers ---

STORM = PeakLoadScenario.model_validate(PeakLoadScenario.presets["the retry storm"])


def test_twelve_servers_collapse_in_the_storm_and_thirteen_do_not() -> None:
    r = run_day(STORM)
    assert (r.collapsed_hours[:12] > 0).all()
    assert (r.collapsed_hours[12:] == 0).all()
    assert r.unsafe_hours[12] > 12  # but a rush could tip thirteen over


def test_a_collapse_outlasts_the_load_that_began_it() -> None:
    day = run_day(STORM.model_copy(update={"servers": 12.0})).day.row(11)
    collapsed = np.asarray(day.by_hour(day.collapsed))[0]
    rates = np.asarray(day.by_hour(day.flow.rates))[0]
    first = int(np.flatnonzero(collapsed & ~np.roll(collapsed, 1))[0])
    last = int(np.flatnonzero(collapsed & ~np.roll(collapsed, -1))[0])
    assert collapsed.sum() == (last - first) % 96 + 1  # one stretch
    assert rates[last] < 0.8 * rates[first]  # it ends at much less than it began with
    # While it lasts nobody is answered, and every attempt is made.
    offered = np.asarray(day.by_hour(day.offered))[0]
    np.testing.assert_allclose(offered[collapsed], 4 * rates[collapsed], rtol=1e-12)
    assert (np.asarray(day.by_hour(day.answered))[0][collapsed] == 0).all()
    # It ends where even all attempts together could be served.
    assert (4 * rates[collapsed] >= 6).all()
    assert 4 * rates[(last + 1) % 96] < 6


def test_the_memory_of_a_day_is_that_of_the_day_before() -> None:
    """A peak at midnight leaves its collapse to the next morning."""
    shifted = {h: run_day(STORM.model_copy(update={"servers": 11.0, "peak_hour": h}))
               for h in (0.0, 6.0, 9.0, 24.0)}  # fmt: skip
    hours = [float(r.collapsed_hours[10]) for r in shifted.values()]
    np.testing.assert_allclose(hours, hours[0], atol=1e-9)
    np.testing.assert_allclose([r.cost for r in shifted.values()], shifted[0.0].cost, rtol=1e-9)


def test_the_collapsed_are_no_busier_than_all_the_time_and_billed_no_more() -> None:
    r = run_day(STORM.model_copy(update={"servers": 4.0, "retries": 5.0}))
    assert (r.use <= 1).all()
    assert r.use[3] == pytest.approx(1, abs=1e-9)
    # Four servers at 2 s an answer work out at most 2 a second.
    assert float(r.chosen.worked) <= 2 * 30.4375 * 86400 * (1 + 1e-12)


def test_dropping_the_work_of_whoever_has_gone_ends_the_storm() -> None:
    dropped = run_day(STORM.model_copy(update={"abandoned": "is dropped"}))
    assert (dropped.collapsed_hours == 0).all()
    assert (dropped.unsafe_hours == 0).all()
    assert (dropped.sweep.in_time >= run_day(STORM).sweep.in_time - 1e-9).all()


# --- many settings at once ---


def test_many_settings_at_once_are_each_what_it_is_alone() -> None:
    for base in (ALIKE, WASTED):
        base = base.model_copy(update={"amplitude": 0.5, "mean_rate": 6.0})  # noqa: PLW2901
        servers = np.array([[7.0], [9.0], [12.0]])
        times = np.array([0.8, 1.0])
        day = day_of(base.model_copy(update={"servers": servers, "service_s": times}))
        assert day.offered.shape == (3, 2, day.flow.hours.size)
        for i, c in enumerate(servers.ravel()):
            for j, t in enumerate(times):
                alone = day_of(base.model_copy(update={"servers": c, "service_s": t}))
                np.testing.assert_allclose(
                    day.by_hour(day.offered)[i, j], alone.by_hour(alone.offered), rtol=1e-8
                )


@pytest.mark.parametrize("servers", [3.0, 8.0, 20.0])
def test_a_wait_of_any_length_is_that_of_erlangs_line(servers: float) -> None:
    """The chance to find the last place taken is Erlang B of one server fewer."""
    s = ALIKE.model_copy(update={"mean_rate": 5.0, "servers": servers, "retries": 0.0,
                                 "timeout_s": 1e-6})  # fmt: skip
    p = float(day_of(s).timed_out[0])
    assert p == pytest.approx(float(erlang_b(5.0, int(servers))), rel=1e-4)
