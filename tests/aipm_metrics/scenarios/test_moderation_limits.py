"""A model that knows nothing, one that knows nearly all, no prices, and the ends of every range."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.scenarios.moderation import HIGH, LOW, ModerationScenario, moderate

FREE = {
    "value_per_author": 0, "value_per_viewer": 0, "harm_per_missed": 0, "reviewer_wage": 0,
    "model_price": 0,
}  # fmt: skip


@given(st.floats(LOW, HIGH), st.floats(1e-4, 0.5))
@settings(max_examples=60, deadline=None)
def test_a_model_that_knows_nothing_flags_all_or_nothing(threshold: float, share: float) -> None:
    """Everybody's score is the prevalence itself; all are flagged when it reaches the threshold."""
    result = moderate(ModerationScenario(auc=0.5, prevalence=share, threshold=threshold))
    flagged = 1.0 if share >= threshold else 0.0
    assert float(result.chosen.rates.tpr) == float(result.chosen.rates.fpr) == flagged
    assert result.separation == 0
    assert result.mean_reported == pytest.approx(share, rel=1e-9)


def test_a_score_equal_to_the_threshold_is_flagged() -> None:
    tied = moderate(ModerationScenario(auc=0.5, prevalence=0.15, threshold=0.15))
    assert float(tied.chosen.rates.fpr) == 1
    assert tied.confusion.precision == pytest.approx(0.15)


def test_a_model_that_knows_nothing_is_best_used_for_all_or_for_nothing() -> None:
    for harm in (0.1, 30, 1e6):
        point = moderate(ModerationScenario(auc=0.5, harm_per_missed=harm)).lowest_cost
        assert point.threshold in (0.0, np.inf)
    assert point.threshold == 0


def test_without_prices_nothing_is_flagged_because_ties_flag_fewest() -> None:
    result = moderate(ModerationScenario(**FREE))
    assert result.cost == 0
    assert result.lowest_cost.threshold == np.inf
    assert (result.lowest_cost.tpr, result.lowest_cost.fpr, result.lowest_cost.cost) == (0, 0, 0)
    assert np.isnan(result.lowest_cost.precision)
    assert result.at_recall_floor.tpr == pytest.approx(0.8, rel=1e-12)
    assert all(np.isnan(flip.at) for flip in result.flips if flip.knob.unit == "min")


def test_where_only_misses_cost_everything_is_flagged() -> None:
    point = moderate(
        ModerationScenario(value_per_author=0, reviewer_wage=0, model_price=0)
    ).lowest_cost
    assert (point.threshold, point.tpr, point.fpr, point.cost) == (0, 1, 1, 0)


def test_where_only_wrongful_removals_cost_nothing_is_flagged() -> None:
    point = moderate(
        ModerationScenario(
            harm_per_missed=0, value_per_viewer=0, reports_per_missed=0, model_price=0
        )
    ).lowest_cost
    assert (point.threshold, point.cost) == (np.inf, 0)


@pytest.mark.parametrize("prevalence", [1e-5, 0.5])
@pytest.mark.parametrize("auc", [0.5, 0.9999])
@pytest.mark.parametrize("items", [1e3, 1e10])
@pytest.mark.parametrize("threshold", [LOW, HIGH])
def test_the_corners_of_the_ranges_have_finite_answers(
    prevalence: float, auc: float, items: float, threshold: float
) -> None:
    result = moderate(
        ModerationScenario(
            prevalence=prevalence, auc=auc, items_per_month=items, threshold=threshold
        )
    )
    assert np.isfinite([o.value for o in result.outcomes]).all()
    assert all(o.value >= 0 for o in result.outcomes)
    assert result.confusion.total == pytest.approx(items, rel=1e-12)
    assert result.lowest_cost.cost <= result.cost * (1 + 1e-12)
    assert (sum(result.people.people.values()) == result.people.of).all()


def test_a_threshold_at_its_lower_limit_flags_more_than_one_at_its_upper() -> None:
    low, high = (moderate(ModerationScenario(threshold=t)).confusion for t in (LOW, HIGH))
    assert low.recall > 0.999
    assert high.recall < 1e-4
    assert low.flagged > 100 * high.flagged


def test_with_every_author_certain_to_leave_no_more_authors_leave_than_there_are() -> None:
    result = moderate(
        ModerationScenario(auc=0.5, threshold=LOW, leave_after_wrongful=1, items_per_author=1000)
    )
    assert result.authors_leaving == pytest.approx(2e6 * 0.99 / 1000, rel=1e-12)


def test_a_desk_of_no_hours_is_infeasible_unless_nothing_reaches_it() -> None:
    none = moderate(ModerationScenario(desk_hours=0)).within_desk
    assert not none.feasible
    assert none.load > 0
    silent = moderate(ModerationScenario(desk_hours=0, reports_per_missed=0)).within_desk
    assert silent.feasible
    assert (silent.threshold, silent.load) == (np.inf, 0)


@pytest.mark.parametrize(("floor", "recall"), [(0, None), (1, 1.0)])
def test_a_recall_floor_of_nothing_binds_nothing_and_one_of_all_flags_all(
    floor: float, recall: float | None
) -> None:
    result = moderate(ModerationScenario(recall_floor=floor))
    expected = result.lowest_cost.tpr if recall is None else recall
    assert result.at_recall_floor.tpr == expected
    assert (result.at_recall_floor.price == 0) == (recall is None)
