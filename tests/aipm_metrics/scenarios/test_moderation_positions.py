"""Every position the dial can take: ascending, and with everything worth a mark among them."""

import numpy as np
import pytest

from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import (
    HIGH,
    LOW,
    ModerationResult,
    ModerationScenario,
    moderate,
)
from aipm_metrics.sentences.moderation import dial_marks
from tests.aipm_metrics.scenario_draws import draw_rows, draw_runnable

SCORES = draw_rows(np.random.default_rng(4), probabilities=False)


def in_order_and_whole(r: ModerationResult) -> None:
    t, s = r.curves.threshold, r.scenario
    assert (np.diff(t) > 0).all()
    assert np.isfinite(t).all()
    assert t[r.row] == s.threshold == r.chosen.threshold
    for wanted in (s.today_threshold, *(p.threshold for p in r.points)):
        if r.curves.low <= wanted <= r.curves.high:
            assert wanted in t
        elif wanted != s.threshold:
            assert wanted not in t
    assert {r.curves.low, r.curves.high} <= set(t.tolist())


def test_any_scenario_has_its_points_todays_and_the_chosen_threshold_among_them() -> None:
    for scenario, rows in draw_runnable(np.random.default_rng(8), 60):
        r = moderate(scenario, rows)
        in_order_and_whole(r)
        if rows is None:
            assert (r.curves.threshold[0], r.curves.threshold[-1]) == (LOW, HIGH)
            assert r.curves.threshold.size >= 1_001


@pytest.mark.parametrize("chosen", [-1e9, 1e9, 0.123456789])
@pytest.mark.parametrize("today", [-1e9, 1e9, float(SCORES.thresholds[3])])
def test_thresholds_beyond_the_rows_scores(chosen: float, today: float) -> None:
    s = ModerationScenario(rows=SCORES.fingerprint, threshold=chosen, today_threshold=today)
    r = moderate(s, SCORES)
    in_order_and_whole(r)
    flagged = r.confusion.flagged / r.confusion.total
    assert flagged == {-1e9: pytest.approx(1), 1e9: 0}.get(chosen, flagged)


def test_a_position_already_there_is_not_doubled() -> None:
    first = moderate(ModerationScenario())
    for t in (first.curves.threshold[500], first.scenario.today_threshold, LOW, HIGH):
        r = moderate(ModerationScenario(threshold=float(t)))
        in_order_and_whole(r)
        assert r.curves.threshold.size == first.curves.threshold.size - 1


def test_marks_stand_on_positions_and_share_one_where_they_coincide() -> None:
    for scenario, rows in draw_runnable(np.random.default_rng(9), 40):
        r = moderate(scenario, rows)
        marks = dial_marks(r)
        assert [row for row, _, _ in marks] == sorted({row for row, _, _ in marks})
        said = {name: row for row, names, _ in marks for name in names.split(" and ")}
        reach = [r.curves.low <= p.threshold <= r.curves.high for p in r.points]
        assert len(said) == sum(reach) + (r.curves.low <= scenario.today_threshold <= r.curves.high)
        if "today" in said:
            assert r.curves.threshold[said["today"]] == scenario.today_threshold
        if "lowest cost" in said:
            assert r.curves.threshold[said["lowest cost"]] == r.lowest_cost.threshold


def test_one_distinct_score_is_one_position() -> None:
    rows = Empirical.from_rows([3.0] * 4, [0, 0, 0, 1])
    r = moderate(ModerationScenario(rows=rows.fingerprint, threshold=3, today_threshold=3), rows)
    assert r.curves.threshold.tolist() == [3.0]
    in_order_and_whole(r)
