"""Servers that follow the load, tick by tick."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.autoscaling import Fleet, TargetTracking, follow

POLICIES = st.builds(
    TargetTracking,
    target=st.sampled_from([0.3, 0.5, 0.7, 1.0]),
    minimum=st.integers(1, 4),
    maximum=st.integers(4, 60),
    tick_s=st.sampled_from([10.0, 15.0, 60.0]),
    tolerance=st.sampled_from([0.0, 0.1, 0.3]),
    up_factor=st.sampled_from([1.0, 1.5, 2.0, 10.0]),
    up_servers=st.integers(1, 4),
    down_window_s=st.sampled_from([0.0, 15.0, 50.0, 300.0]),
    cold_start_s=st.sampled_from([0.0, 5.0, 60.0, 200.0]),
)
LOADS = st.lists(st.integers(0, 40).map(float), min_size=1, max_size=30)


def by_the_book(policy: TargetTracking, load: list[float]) -> list[int]:
    """The documented steps one by one, on a log of dated recommendations."""
    start = math.ceil(round(load[0] / policy.target, 9))
    replicas = [min(max(start, policy.minimum), policy.maximum)]
    log = [(-math.inf, replicas[0])]
    for tick in range(1, len(load)):
        now, current = tick * policy.tick_s, replicas[-1]
        usage = load[tick - 1] / current
        desired = math.ceil(round(current * usage / policy.target, 9))
        if round(abs(usage / policy.target - 1), 9) <= policy.tolerance:
            desired = current
        lately = [n for then, n in log if now - then < policy.down_window_s]
        if now - policy.down_window_s < 0:  # before the first tick it was as at the first
            lately.append(log[0][1])
        log.append((now, desired))
        if desired < current:
            desired = min(current, max([desired, *lately]))
        most = max(math.ceil(round(current * policy.up_factor, 9)), current + policy.up_servers)
        replicas.append(min(max(min(desired, most), policy.minimum), policy.maximum))
    return replicas


# --- published ---


@pytest.mark.parametrize(("busy", "servers"), [(0.90, 60), (0.78, 50), (0.75, 50), (0.60, 40)])
def test_fifty_servers_with_a_target_of_three_quarters(busy: float, servers: int) -> None:
    """Kubernetes blog, "v1.33: HorizontalPodAutoscaler configurable tolerance": 90 and 78."""
    policy = TargetTracking(target=0.75, maximum=100)
    assert policy.recommended(50, 50 * busy) == servers
    assert follow(policy, [50 * busy] * 60, initial=50).ordered[-1] == servers


@given(POLICIES, LOADS)
def test_every_tick_is_by_the_book(policy: TargetTracking, load: list[float]) -> None:
    """Kubernetes documentation, "Horizontal Pod Autoscaling"."""
    assert follow(policy, load).ordered.tolist() == by_the_book(policy, load)


def test_the_defaults_are_those_of_kubernetes() -> None:
    policy = TargetTracking(target=0.7)
    assert (policy.tick_s, policy.tolerance, policy.down_window_s) == (15, 0.1, 300)
    assert (policy.up_factor, policy.up_servers) == (2, 4)


# --- laws ---


@given(POLICIES, LOADS)
def test_servers_stay_within_their_limits(policy: TargetTracking, load: list[float]) -> None:
    fleet = follow(policy, load)
    assert fleet.ordered.min() >= policy.minimum
    assert fleet.ordered.max() <= policy.maximum
    assert ((fleet.ready >= 1) & (fleet.ready <= fleet.ordered)).all()
    assert (fleet.starting == fleet.ordered - fleet.ready).all()


@given(POLICIES, LOADS)
def test_a_colder_start_changes_who_works_and_not_who_is_paid(
    policy: TargetTracking, load: list[float]
) -> None:
    warm = follow(replace(policy, cold_start_s=0.0), load)
    cold = follow(policy, load)
    colder = follow(replace(policy, cold_start_s=policy.cold_start_s + 30), load)
    assert (warm.ready == warm.ordered).all()
    assert (warm.ordered == cold.ordered).all()
    assert (colder.ready <= cold.ready).all()
    assert warm.server_hours == colder.server_hours


@given(POLICIES, LOADS, st.integers(0, 29))
def test_the_future_is_not_known(policy: TargetTracking, load: list[float], tick: int) -> None:
    tick = min(tick, len(load) - 1)
    changed = [*load[:tick], *(x + 50 for x in load[tick:])]
    first = follow(policy, load, initial=4).ordered[: tick + 1]
    assert (follow(policy, changed, initial=4).ordered[: tick + 1] == first).all()


@given(POLICIES, st.integers(0, 40), st.integers(1, 10))
def test_once_settled_under_a_steady_load_nothing_moves(
    policy: TargetTracking, load: float, initial: int
) -> None:
    last = follow(policy, [float(load)] * 200, initial).ordered[-40:]
    assert (last == last[0]).all()
    called = math.ceil(round(load / policy.target, 9))
    if policy.tolerance == 0:
        assert last[0] == min(max(called, policy.minimum), policy.maximum)


@given(POLICIES, st.lists(LOADS.filter(lambda x: len(x) > 5), min_size=1, max_size=3))
def test_replications_know_nothing_of_each_other(
    policy: TargetTracking, loads: list[list[float]]
) -> None:
    loads = [load[:6] for load in loads]
    together = follow(policy, loads)
    for i, load in enumerate(loads):
        alone = follow(policy, load)
        assert (together.ordered[i] == alone.ordered).all()
        assert (together.ready[i] == alone.ready).all()
        assert together.server_hours[i] == alone.server_hours


# --- by hand ---


def test_a_step_doubles_the_servers_each_tick() -> None:
    policy = TargetTracking(target=0.5, cold_start_s=40)
    fleet = follow(policy, [1.0, 20, 20, 20, 20, 20, 20, 20])
    assert fleet.ordered.tolist() == [2, 2, 6, 12, 24, 40, 40, 40]
    assert fleet.ready.tolist() == [2, 2, 2, 2, 2, 6, 12, 24]  # 40 s are three ticks
    assert fleet.server_hours == pytest.approx(166 * 15 / 3600, rel=1e-12)


def test_servers_go_when_the_window_has_passed() -> None:
    policy = TargetTracking(target=0.5, down_window_s=60, cold_start_s=30)
    fleet = follow(policy, [5.0, 5, 1, 1, 1, 1, 1, 1])
    assert fleet.ordered.tolist() == [10, 10, 10, 10, 10, 10, 2, 2]
    assert fleet.ready.tolist() == fleet.ordered.tolist()


def test_a_server_let_go_while_it_starts_never_works() -> None:
    policy = TargetTracking(target=1.0, down_window_s=0, cold_start_s=60)
    fleet = follow(policy, [1.0, 4, 1, 1, 1, 1, 1])
    assert fleet.ordered.tolist() == [1, 1, 4, 1, 1, 1, 1]
    assert fleet.ready.tolist() == [1] * 7
    assert fleet.server_hours == pytest.approx(10 * 15 / 3600)


def test_without_load_the_fewest_servers_stay() -> None:
    assert follow(TargetTracking(target=0.7, minimum=3), [0.0, 0.0]).ordered.tolist() == [3, 3]


def test_paying_for_a_whole_day_of_one_server_is_24_hours() -> None:
    one = np.ones(96, np.int64)
    assert Fleet(one, one, 900.0).server_hours == 24


# --- refusals ---


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("target", 0.0), ("target", 1.1), ("minimum", 0), ("maximum", 0), ("tick_s", 0.0),
        ("tolerance", 1.0), ("up_factor", 0.5), ("up_servers", -1), ("down_window_s", -1.0),
        ("cold_start_s", math.nan),
    ],
)  # fmt: skip
def test_a_rule_outside_its_limits_is_refused(field: str, value: float) -> None:
    with pytest.raises(OutOfRangeError, match=rf"`{field}` must lie in .*; got {value}"):
        TargetTracking(**{"target": 0.7, field: value})  # type: ignore[arg-type]


def test_servers_are_whole() -> None:
    with pytest.raises(MetricsError, match=r"`minimum` must be a whole number; got 1\.5"):
        TargetTracking(target=0.7, minimum=1.5)  # type: ignore[arg-type]


@pytest.mark.parametrize("load", [[], [[]], 3.0, [[[1.0]]]])
def test_a_load_has_ticks(load: list[float]) -> None:
    with pytest.raises(MetricsError, match=r"`load` must have shape \(t,\) or \(s, t\)"):
        follow(TargetTracking(target=0.7), load)


@pytest.mark.parametrize("load", [-1.0, math.nan, math.inf])
def test_a_load_is_a_number(load: float) -> None:
    with pytest.raises(OutOfRangeError, match="`load` must lie in"):
        follow(TargetTracking(target=0.7), [1.0, load])
