"""A quarter of an hour at Peak load against one line followed event by event."""

import numpy as np
import pytest

from aipm_metrics.models.confusion import Floats
from aipm_metrics.scenarios.peak_load import PeakLoadScenario
from aipm_metrics.scenarios.peak_load_day import Day, day_of
from tests.aipm_metrics.scenarios.one_line import Followed, follow

# Exponential work: gamma of variation 1. All hours alike, so that one bin is the day.
ALIKE = PeakLoadScenario(
    amplitude=0, service_s=1, service_cv=1, family="gamma", retries=0, sla_s=2.5, timeout_s=1,
    servers=10,
)  # fmt: skip


def both(s: PeakLoadScenario, **told: float) -> tuple[Day, Followed]:
    found = follow(
        rate=s.mean_rate, service_s=s.service_s, servers=int(s.servers), timeout_s=s.timeout_s,
        retries=int(s.retries) if s.when_full == "no answer" else 0,
        still_done=s.when_full == "no answer" and s.abandoned == "is still done", **told,
    )  # fmt: skip
    return day_of(s), found


def agree(found: Followed, of: Floats, expected: float) -> None:
    mean, error = found.mean(of)
    lone = np.sqrt(expected * (1 - expected) / of.size)  # where hardly any batch has one
    assert abs(mean - expected) < 4 * max(error, lone) + 1e-12, (mean, error, expected)


@pytest.mark.parametrize("rate", [7.0, 9.0, 10.0, 13.0])
@pytest.mark.parametrize("timeout_s", [1.0, 4.0])
def test_a_line_with_a_deadline(rate: float, timeout_s: float) -> None:
    """Below capacity, at it, and above; promises shorter and longer than the deadline."""
    s = ALIKE.model_copy(
        update={"mean_rate": rate, "timeout_s": timeout_s, "when_full": "no answer"}
    )
    day, found = both(s)
    agree(found, found.first_gave_up, float(day.timed_out[0]))
    agree(found, (found.response_s <= s.sla_s).astype(float), float(day.in_time[0]))
    for limit in (0.5, 1.0, 3.0, 6.0):
        late = (found.response_s > limit) & np.isfinite(found.response_s)
        agree(found, late.astype(float), float(day.answered_over(np.array([limit]))[0]))


@pytest.mark.parametrize(("fallback_s", "in_time"), [(0.3, True), (2.0, False)])
def test_the_fallback_answers_whoever_has_waited_in_vain(fallback_s: float, in_time: bool) -> None:
    s = ALIKE.model_copy(update={"mean_rate": 11.0, "fallback_s": fallback_s})
    day, found = both(s)
    response = np.where(np.isinf(found.response_s), s.timeout_s + fallback_s, found.response_s)
    assert bool(day.fallback_in_time[0]) is in_time
    agree(found, (response <= s.sla_s).astype(float), float(day.soon[0]))
    for share in (0.3, 0.5, 0.95):
        (at,) = day.response_quantiles([share])
        if at == pytest.approx(s.timeout_s + fallback_s, abs=1e-6):  # all of the fallback's
            below, error = found.mean((response < at - 1e-6).astype(float))
            assert below - 4 * error < share < below + 4 * error + float(day.given_up[0])
        else:
            agree(found, (response <= at).astype(float), share)


def test_abandoned_work_that_is_still_done_makes_the_line_one_without_deadlines() -> None:
    s = ALIKE.model_copy(
        update={"mean_rate": 8.5, "when_full": "no answer", "abandoned": "is still done"}
    )
    day, found = both(s, requests=100_000)
    agree(found, found.first_gave_up, float(day.timed_out[0]))
    agree(found, (found.response_s <= s.sla_s).astype(float), float(day.in_time[0]))
    assert float(day.worked[0]) == 1  # everybody's, in vain or not


# Retries are mean-field: each attempt meets the line of a Poisson stream with all attempts in
# it. In the world one comes back to the very crowd it fled from, and fares worse.
APART = {"attempts": 0.15, "unanswered": 3.0}


@pytest.mark.parametrize("rate", [8.0, 9.0])
def test_retries_are_counted_and_the_mean_field_is_on_the_hopeful_side(rate: float) -> None:
    s = ALIKE.model_copy(update={"mean_rate": rate, "when_full": "no answer", "retries": 3})
    alone = float(day_of(s.model_copy(update={"retries": 0})).timed_out[0])
    day, found = both(s)
    attempts, error = found.mean(found.attempts)
    told = float(day.offered[0]) / rate
    assert 1 < told < attempts + 4 * error
    assert attempts < told * (1 + APART["attempts"])
    # Whoever comes back makes it worse for everybody, here as there.
    first, error = found.mean(found.first_gave_up)
    assert alone < float(day.timed_out[0]) < first + 4 * error
    unanswered = float(np.isinf(found.response_s).mean())
    assert float(day.given_up[0]) < unanswered < alone


STORM = ALIKE.model_copy(
    update={"when_full": "no answer", "abandoned": "is still done", "retries": 3}
)


def test_retries_with_wasted_work_have_two_steady_states_and_the_bad_one_stays() -> None:
    s = STORM.model_copy(update={"mean_rate": 5.0})
    day, well = both(s, requests=10_000)
    assert not day.collapsed.any()
    assert day.can_collapse.all()
    assert float(day.given_up[0]) < 0.01
    assert np.isinf(well.response_s).mean() < 0.01
    _, lost = both(s, requests=10_000, backlog=2_000)
    assert np.isinf(lost.response_s).mean() > 0.99
    assert lost.attempts.mean() == pytest.approx(4, abs=0.05)


def test_the_good_steady_state_is_good_only_until_the_next_rush() -> None:
    """Seven a second: the mean field settles at 7.09; one line is lost by chance, and for good.

    So the page says of such hours that they can collapse and stay collapsed.
    """
    s = STORM.model_copy(update={"mean_rate": 7.0})
    day, found = both(s, requests=20_000)
    assert float(day.offered[0]) == pytest.approx(7.091, abs=5e-4)
    assert day.can_collapse.all()
    assert np.isinf(found.response_s).mean() > 0.9


def test_with_few_enough_requests_nothing_can_stay_collapsed() -> None:
    s = STORM.model_copy(update={"mean_rate": 2.0})
    day, found = both(s, requests=20_000, backlog=2_000)
    assert not day.can_collapse.any()
    assert np.isinf(found.response_s[-10_000:]).mean() < 0.001
