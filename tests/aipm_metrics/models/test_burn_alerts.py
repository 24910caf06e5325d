"""Alerts on burn rates: published factors and times, what never fires, and a minute grid."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.error_budget import (
    SHARES,
    WINDOWS,
    alert_factors,
    alert_policy,
    budget_spent,
    can_fire,
    fire_minutes,
    proposed_factors,
    reset_minutes,
    rolling_share,
)

SLOS = st.floats(0.2, 0.99999)
DAYS = st.floats(3, 90)
LONG = [long for _, long, _ in WINDOWS]

# --- published factors ---


@pytest.mark.parametrize(
    ("days", "factors"),
    [
        pytest.param(30, [14.4, 6, 3, 1], id="SRE Workbook 2018, Table 5-8 and its rules"),
        pytest.param(28, [13.44, 5.6, 2.8, 0.9333333333], id="Sloth, tests of 28-day windows"),
        pytest.param(7, [3.36, 1.4, 0.7, 0.2333333333], id="by hand: 7/30 of those of 30 days"),
    ],
)
def test_factors_scale_with_the_window(days: float, factors: list[float]) -> None:
    assert alert_factors(SHARES, days).tolist() == pytest.approx(factors, rel=1e-9)
    assert [a.factor for a in alert_policy(0.999, days)] == pytest.approx(factors, rel=1e-9)


def test_30_day_factors_on_a_7_day_slo_spend_a_third_and_more() -> None:
    """elastic/kibana 170830: 8.57 %, 21.42 %, 42.85 % and 42.85 % are gone, not 2, 5, 10, 10."""
    spent = [
        budget_spent(factor * 0.001, long, 0.999, 7)
        for factor, long in zip([14.4, 6, 3, 1], LONG, strict=True)
    ]
    assert spent == pytest.approx([0.08571, 0.21429, 0.42857, 0.42857], abs=1e-5)


def test_a_short_window_pages_inside_the_budget() -> None:
    assert [a.inside_budget for a in alert_policy(0.999, 7)] == [False, False, True, True]
    assert [a.inside_budget for a in alert_policy(0.999, 30)] == [False] * 4


# --- published times ---

NEVER = np.inf
BY_HAND = {  # long window x factor x 0.1 % / error rate, in minutes: 1 h, 6 h, 1 d, 3 d
    1.0: [0.864, 2.16, 4.32, 4.32],
    0.1: [8.64, 21.6, 43.2, 43.2],
    0.05: [17.28, 43.2, 86.4, 86.4],
    0.02: [43.2, 108, 216, 216],
    0.0144: [60, 150, 300, 300],
    0.01: [NEVER, 216, 432, 432],
    0.006: [NEVER, 360, 720, 720],
    0.003: [NEVER, NEVER, 1_440, 1_440],
    0.001: [NEVER, NEVER, NEVER, 4_320],
}


@pytest.mark.parametrize("rate", BY_HAND)
def test_when_each_alert_fires_at_three_nines(rate: float) -> None:
    policy = alert_policy(0.999, 30)
    told = [float(fire_minutes(rate, a.threshold, a.long_min)) for a in policy]
    assert told == pytest.approx(BY_HAND[rate], rel=1e-9)


def test_sre_workbook_2018_ch_5_single_windows() -> None:
    assert fire_minutes(1, 0.001, 10) * 60 == pytest.approx(0.6)  # 10 min: 0.6 s after an outage
    assert fire_minutes(1, 0.001, 36 * 60) * 60 == pytest.approx(129.6)  # its "2 minutes 10 s"
    assert fire_minutes(1, 0.036, 60) == pytest.approx(2.16)
    assert reset_minutes(1, 0.036, 60) == pytest.approx(57.84)  # its "58 minutes"


def test_sre_workbook_2018_figure_5_6_fifteen_percent_for_ten_minutes() -> None:
    threshold = 14.4 * 0.001
    assert fire_minutes(0.15, threshold, 5) == pytest.approx(0.48)
    assert fire_minutes(0.15, threshold, 60) == pytest.approx(5.76)  # its "5 minutes"
    assert reset_minutes(0.15, threshold, 5) == pytest.approx(4.52)
    assert reset_minutes(0.15, threshold, 60) == pytest.approx(54.24)  # its "60 minutes"
    assert budget_spent(0.15, 10, 0.999, 30) == pytest.approx(0.034722, abs=1e-6)
    bad = np.zeros(180)
    bad[:10] = 0.15
    on = [rolling_share(bad, np.ones(180), w) >= threshold for w in (5, 60)]
    assert np.flatnonzero(on[0] & on[1]).tolist() == list(range(5, 14))


# --- what can fire ---


@pytest.mark.parametrize(
    ("factor", "edge"), [(14.4, 0.930556), (6, 0.833333), (3, 0.666667)], ids=str
)
def test_by_hand_an_alert_never_fires_below_one_less_its_factors_inverse(
    factor: float, edge: float
) -> None:
    assert 1 - 1 / factor == pytest.approx(edge, abs=1e-6)
    assert can_fire(factor, edge + 1e-4)
    assert not can_fire(factor, edge - 1e-4)


def test_sre_workbook_2018_extreme_goals_at_90_percent_an_outage_never_pages() -> None:
    policy = alert_policy(0.9, 30)
    assert [a.can_fire for a in policy] == [False, True, True, True]
    fast = policy.never_fire[0]
    assert fast.threshold == pytest.approx(1.44)
    assert fire_minutes(1, fast.threshold, fast.long_min) == np.inf
    assert policy.proposed[0].threshold == pytest.approx(0.5)
    assert float(fire_minutes(1, policy.proposed[0].threshold, 60)) == pytest.approx(30)


@given(SLOS, DAYS)
def test_every_proposed_alert_can_fire_and_keeps_its_place(slo: float, days: float) -> None:
    policy = alert_policy(slo, days)
    assert all(alert.can_fire for alert in policy.proposed)
    if not policy.never_fire:
        assert policy.proposed == policy.alerts
    factors = [alert.factor for alert in policy.proposed]
    assert factors == sorted(factors, reverse=True)
    for old, new in zip(policy.alerts, policy.proposed, strict=True):
        assert new.factor <= old.factor * (1 + 1e-12)
        assert (old.factor <= 1) == (new.factor <= 1) or slo <= 0.5 + 1e-9
        assert new.share == pytest.approx(
            budget_spent(1, new.long_min, slo, days) * new.threshold, rel=1e-9
        )


def test_many_slos_at_once_are_single_ones() -> None:
    slos = np.array([0.5, 0.8, 0.9, 0.95, 0.999])
    together = proposed_factors(alert_factors(SHARES, 30), slos)
    for slo, factors in zip(slos.tolist(), together, strict=True):
        assert factors.tolist() == [a.factor for a in alert_policy(slo, 30).proposed]


# --- the closed forms against a minute grid ---


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from(WINDOWS[:3]), st.floats(0.001, 1), st.integers(1, 600), st.floats(0.001, 1.2)
)
def test_closed_forms_are_what_a_minute_grid_counts(
    windows: tuple[str, float, float], rate: float, minutes: int, threshold: float
) -> None:
    _, long, short = windows
    at = float(fire_minutes(rate, threshold, long))
    assert np.isinf(at) == (threshold > rate * (1 + 1e-9))
    bad = np.zeros(minutes + int(long) + 1)
    bad[:minutes] = rate
    shares = [rolling_share(bad, np.ones(bad.size), int(w)) for w in (long, short)]
    on = np.flatnonzero(np.minimum(*shares) >= threshold * (1 - 1e-9))
    if at > minutes:
        assert on.size == 0
        return
    # The end of minute i is i + 1 minutes after the start.
    assert on[0] + 1 == pytest.approx(at, abs=1)
    after = float(reset_minutes(rate, threshold, short))
    assert on[-1] + 1 - minutes == pytest.approx(after, abs=1)


@given(st.floats(0.01, 1), st.floats(0.001, 1), st.floats(1, 5000))
def test_worse_is_noticed_sooner(rate: float, threshold: float, window: float) -> None:
    sooner = fire_minutes(min(1.0, 2 * rate), threshold, window)
    assert sooner <= fire_minutes(rate, threshold, window)


# --- refusals ---


def test_refusals_name_field_and_limits() -> None:
    with pytest.raises(OutOfRangeError, match="`slo` must lie in"):
        alert_policy(1, 30)
    with pytest.raises(OutOfRangeError, match=r"`window_days` must lie in \[3, inf\]; got 2"):
        alert_policy(0.99, 2)
    with pytest.raises(MetricsError, match="`shares` must be 4 numbers; got 3"):
        alert_policy(0.99, 30, (0.02, 0.05, 0.1))
    with pytest.raises(OutOfRangeError, match="`shares` must lie in"):
        alert_policy(0.99, 30, (2.0, 0.05, 0.1, 0.1))
    assert np.isnan(reset_minutes(0.01, 0.5, 60))
