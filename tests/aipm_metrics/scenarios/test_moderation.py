"""The chain from a threshold to people and money, and its default numbers."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.models.empirical import Empirical
from aipm_metrics.ranges import default_range, is_uncertain
from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario, moderate
from aipm_metrics.scenarios.moderation_chain import Month
from aipm_metrics.scenarios.moderation_uncertainty import how_sure
from tests.aipm_metrics.scenarios import brute_force
from tests.aipm_metrics.scenarios.drawn import near_defaults

SEEDS = st.integers(0, 2**32 - 1)


@pytest.fixture(scope="module")
def default() -> ModerationResult:
    """The defaults with a model that nobody bills, as in version 1."""
    return moderate(ModerationScenario(model_price=0))


def drawn(seed: int) -> ModerationScenario:
    return ModerationScenario(**near_defaults(np.random.default_rng(seed)))


# --- laws ---


def by_the_issue(k: dict[str, Any], cells: brute_force.Cells) -> dict[str, float]:
    viewers = brute_force.seen(k, cells) * k["views_per_missed"] * k["leave_after_harm"]
    return {
        "fn": cells.fn,
        "fp": cells.fp,
        "tp": cells.tp,
        "hours": brute_force.hours(k, cells),
        "authors": brute_force.authors_leaving(k, cells.fp),
        "viewers": viewers,
        "cost": brute_force.cost(k, cells),
    }


def by_the_library(month: Month) -> dict[str, float]:
    return {
        "fn": month.confusion.fn,
        "fp": month.confusion.fp,
        "tp": month.confusion.tp,
        "hours": month.desk_hours,
        "authors": month.authors_leaving,
        "viewers": month.viewers_leaving,
        "cost": month.cost,
    }


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_every_outcome_follows_from_the_threshold_by_the_formulas_in_the_issue(seed: int) -> None:
    s = drawn(seed)
    k, result = s.model_dump(), moderate(s)
    for month, threshold in ((result.chosen, s.threshold), (result.compared, s.today_threshold)):
        cells = brute_force.cells_at(k, brute_force.cutoff_of(k, threshold))
        expected, found = by_the_issue(k, cells), by_the_library(month)
        for name, value in expected.items():
            assert found[name] == pytest.approx(value, rel=1e-9), name


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_the_causes_add_up_to_the_cost(seed: int) -> None:
    result = moderate(drawn(seed))
    assert result.cost == pytest.approx(sum(result.cost_by_cause.values()), rel=1e-12)
    assert result.saving == pytest.approx(float(result.compared.cost) - result.cost, rel=1e-9)


@settings(max_examples=20, deadline=None)
@given(SEEDS, st.floats(0.01, 100))
def test_twice_the_posts_is_twice_of_everything_and_no_threshold_moves(
    seed: int, factor: float
) -> None:
    s = drawn(seed).model_copy(update={"items_per_month": 1e6, "desk_hours": 1e4})
    more = s.model_copy(update={"items_per_month": 1e6 * factor, "desk_hours": 1e4 * factor})
    one, other = moderate(s), moderate(more)
    assert [o.value for o in other.outcomes] == pytest.approx(
        [o.value * factor for o in one.outcomes], rel=1e-9
    )
    for a, b in zip(one.points, other.points, strict=True):
        assert b.threshold == pytest.approx(a.threshold, rel=1e-9, nan_ok=True)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_a_stricter_threshold_never_wrongs_more_nor_misses_fewer(seed: int) -> None:
    months = moderate(drawn(seed)).sweep
    assert (np.diff(months.threshold) > 0).all()
    assert (np.diff(months.confusion.fp) <= 0).all()
    assert (np.diff(months.confusion.fn) >= 0).all()
    assert (np.diff(months.authors_leaving) <= 0).all()


# --- numbers ---


def test_the_default_threshold_costs_354113_usd_a_month_and_600_desk_hours(
    default: ModerationResult,
) -> None:
    assert (round(default.cost), round(default.desk_hours)) == (354_113, 600)


def test_todays_default_threshold_costs_484175_usd_a_month(default: ModerationResult) -> None:
    assert round(float(default.compared.cost)) == 484_175
    assert default.compared_with == "today"
    assert round(default.saving) == 130_062


@pytest.mark.parametrize(
    ("name", "threshold", "places", "usd"),
    [
        ("lowest_cost", 0.0825, 4, 335_130),
        ("within_load", 0.105, 3, 338_439),
        ("at_recall_floor", 0.0262, 4, 427_540),
        ("highest_f1", 0.2357, 4, 389_822),
    ],
)
def test_the_default_operating_points(
    default: ModerationResult, name: str, threshold: float, places: int, usd: int
) -> None:
    point = next(p for p in default.points if p.name == name)
    assert round(point.threshold, places) == threshold
    assert round(point.cost) == usd


def test_the_limits_bind_exactly_by_default(default: ModerationResult) -> None:
    assert default.within_desk.load == pytest.approx(800, rel=1e-12)
    assert default.at_recall_floor.tpr == pytest.approx(0.8, rel=1e-12)


def test_a_timid_model_at_one_percent_reports_4_3_percent_on_average() -> None:
    timid = moderate(ModerationScenario(temperature=2, prevalence=0.01))
    assert round(timid.mean_reported, 3) == 0.043


def test_the_names_of_the_points_are_the_points(default: ModerationResult) -> None:
    assert default.points == (
        default.lowest_cost, default.within_desk, default.at_recall_floor, default.highest_f1,
    )  # fmt: skip


# --- what is compared ---


def test_choosing_todays_own_threshold_compares_it_with_the_lowest_cost() -> None:
    result = moderate(ModerationScenario(threshold=0.5))
    assert result.compared_with == "lowest cost"
    assert float(result.compared.cost) == pytest.approx(result.lowest_cost.cost, rel=1e-12)
    assert result.saving == pytest.approx(-result.cost + result.lowest_cost.cost, rel=1e-9)


@pytest.mark.parametrize("knobs", [{}, {"calibration": "as trained", "decision_delay": 30}])
def test_the_swing_is_the_change_of_the_saving_over_the_range(knobs: dict[str, Any]) -> None:
    """Worked out again by whole answers, both thresholds held; AUC and volume have one too."""
    result = moderate(ModerationScenario(**knobs))
    rival = float(result.compared.threshold)
    for told in result.assumptions:
        if not is_uncertain(told.knob):
            assert np.isnan([told.swing, told.low, told.high]).all()
            continue
        assert (told.low, told.high) == default_range(told.knob, float(told.value))
        savings = [
            moderate(ModerationScenario(**knobs | {told.knob.name: v, "today_threshold": rival}))
            for v in (told.low, told.high)
        ]
        expected = abs(savings[1].saving - savings[0].saving)
        assert told.swing == pytest.approx(expected, rel=1e-9, abs=1e-6), told.knob.name
    swings = [a.swing for a in result.assumptions if not np.isnan(a.swing)]
    assert swings == sorted(swings, reverse=True)
    assert all(np.isnan(a.swing) for a in result.assumptions[len(swings) :])
    named = {a.knob.name for a in result.assumptions if a.swing > 1}
    assert {"auc", "temperature", "items_per_month"} <= named


def test_what_ranks_the_assumptions_here_ranks_them_in_the_tornado() -> None:
    ranges = (("auc", 0.9, 0.99), ("harm_per_missed", 1.0, 200.0))
    result = moderate(ModerationScenario(ranges=ranges))
    swings = {a.knob.name: (a.low, a.high, a.swing) for a in result.assumptions}
    bars = how_sure(result).tornado
    assert {bar.knob.name for bar in bars} == {n for n, told in swings.items() if told[2] >= 0}
    for bar in bars:
        low, high, swing = swings[bar.knob.name]
        assert (low, high) == (bar.low, bar.high)
        assert swing == pytest.approx(bar.swing, rel=1e-9, abs=1e-6)
    moving = [bar.knob.name for bar in bars if bar.swing > 1]
    assert [a.knob.name for a in result.assumptions][: len(moving)] == moving


def test_a_share_that_was_counted_is_no_assumption() -> None:
    rows = Empirical.from_rows([0.1, 0.2, 0.4, 0.8], [0, 0, 1, 1])
    own, as_set = (
        moderate(ModerationScenario(rows=rows.fingerprint, row_mix=mix, prevalence=0.1), rows)
        for mix in ("the rows' own", "as set")
    )
    (counted,), (assumed,) = (
        [a for a in result.assumptions if a.knob.name == "prevalence"] for result in (own, as_set)
    )
    assert (counted.value, counted.knob.source) == (0.5, "counted on your rows")
    assert np.isnan(counted.swing)
    assert [assumed.value, assumed.low, assumed.high] == pytest.approx([0.1, 0.05, 0.15])
    assert assumed.swing >= 0
