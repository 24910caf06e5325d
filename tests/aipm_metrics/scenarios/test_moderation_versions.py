"""A model's price and the time it takes to decide: what version 2 added, and what it left alone."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.links import from_link
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.rows.counting import count_scores
from aipm_metrics.rows.reading import open_table
from aipm_metrics.rows.sample import sample_path
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.moderation_uncertainty import how_sure
from tests.aipm_metrics.scenarios.drawn import near_defaults

SEEDS = st.integers(0, 2**32 - 1)
# What links of version 1 answered while it was the only one, worked out before there was another.
OLD = json.loads((Path(__file__).parents[2] / "version_one.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sample() -> Empirical:
    table = open_table(sample_path())
    return count_scores(table, "score", "label", "harmful", "the sample").counts


# --- links of version 1 ---


@pytest.mark.parametrize("old", OLD, ids=lambda old: str(old["link"])[:60])
def test_a_link_of_version_1_answers_as_it_always_did(
    old: dict[str, Any], sample: Empirical
) -> None:
    scenario, refusals = from_link(old["link"])
    assert isinstance(scenario, ModerationScenario)
    assert refusals == ()
    result = moderate(scenario, sample if scenario.rows else None)
    told = {o.name: [o.value, o.compared] for o in result.outcomes}
    for name, values in old["outcomes"].items():
        assert told[name] == pytest.approx(values, rel=1e-12), name
    for point in result.points:
        expected = old["points"][point.name]
        assert point.feasible == (expected is not None)
        if expected is not None:
            found = [point.threshold, point.cost, point.load]
            assert found == pytest.approx(expected, rel=1e-12), point.name
    flips = {flip.knob.name: flip.at for flip in result.flips}
    for name, at in old["flips"].items():
        assert flips[name] == pytest.approx(at, rel=1e-9), name
    sure = how_sure(result)
    assert sure.chance.wins == old["wins"]
    assert sure.best_spread.middle == pytest.approx(old["best"], rel=1e-9)
    assert sure.regret.mean == pytest.approx(old["regret"], rel=1e-9)


def test_an_older_link_counts_no_price_and_no_delay() -> None:
    scenario = from_link("/moderation?v=1")[0].model_dump()
    assert (scenario["model_price"], scenario["decision_delay"]) == (0, 0)
    assert from_link("/moderation?v=2")[0] == ModerationScenario()


# --- the price ---


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(0, 1000))
def test_a_price_is_paid_alike_at_every_threshold_and_moves_none(seed: int, usd: float) -> None:
    knobs = near_defaults(np.random.default_rng(seed))
    free, priced = (moderate(ModerationScenario(**knobs | {"model_price": p})) for p in (0.0, usd))
    bill = knobs["items_per_month"] / 1000 * usd
    assert priced.cost_by_cause["model"] == pytest.approx(bill)
    dearer = np.asarray(priced.sweep.cost) - np.asarray(free.sweep.cost)
    np.testing.assert_allclose(dearer, bill, atol=1e-9 * priced.cost)
    assert [p.threshold for p in priced.points] == pytest.approx(
        [p.threshold for p in free.points], nan_ok=True, rel=1e-12
    )
    assert [f.at for f in priced.flips] == pytest.approx([f.at for f in free.flips], nan_ok=True)


def test_by_default_two_million_posts_at_five_cents_a_thousand_are_100_usd() -> None:
    old = moderate(from_link("/moderation?v=1")[0])  # type: ignore[arg-type]
    new = moderate(ModerationScenario())
    assert new.cost - old.cost == pytest.approx(100, rel=1e-9)
    assert new.saving == pytest.approx(old.saving, rel=1e-12)


# --- the delay ---


def test_after_one_half_life_a_caught_post_does_half_of_what_a_missed_one_does() -> None:
    """In views, harm, viewers lost and reports: whatever it does, it does by being seen."""
    knobs: dict[str, Any] = {"appeal_share": 0, "leave_after_wrongful": 0, "model_price": 0}
    at_once, late = (
        moderate(ModerationScenario(**knobs, decision_delay=minutes)) for minutes in (0, 80)
    )
    cells = late.confusion
    assert late.chosen.views_before_removal == pytest.approx(cells.tp / 2 * 300)
    assert late.cost_by_cause["late"] == pytest.approx(cells.tp / 2 * 30)
    one, other = ({o.name: o.value for o in r.outcomes} for r in (at_once, late))
    for name in ("views_of_harm", "viewers_leaving", "reports", "desk_hours", "cost"):
        each = one[name] / at_once.confusion.fn  # nothing else costs anything here
        assert other[name] == pytest.approx(each * (cells.fn + cells.tp / 2)), name


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(0.01, 100), st.floats(0.01, 100))
def test_who_waits_longer_never_pays_less(seed: int, one: float, other: float) -> None:
    knobs = near_defaults(np.random.default_rng(seed)) | {"views_half_life": 60.0}
    soon, late = sorted([one, other])
    first, second = (
        moderate(ModerationScenario(**knobs | {"decision_delay": minutes}))
        for minutes in (soon, late)
    )
    slack = 1e-9 * second.cost
    assert first.cost <= second.cost + slack
    assert first.lowest_cost.cost <= second.lowest_cost.cost + slack
    assert second.lowest_cost.tpr <= first.lowest_cost.tpr + 1e-9  # a catch is worth less


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(0.1, 10))
def test_only_the_delay_in_half_lives_counts(seed: int, factor: float) -> None:
    knobs = near_defaults(np.random.default_rng(seed)) | {"decision_delay": 30.0}
    one = moderate(ModerationScenario(**knobs | {"views_half_life": 100.0}))
    slower = knobs | {"decision_delay": 30.0 * factor, "views_half_life": 100.0 * factor}
    other = moderate(ModerationScenario(**slower))
    assert other.cost == pytest.approx(one.cost, rel=1e-12)
    assert other.lowest_cost.threshold == pytest.approx(one.lowest_cost.threshold, rel=1e-9)


def test_a_model_that_decides_after_everyone_has_looked_is_best_left_alone() -> None:
    result = moderate(ModerationScenario(decision_delay=10_000))
    assert result.lowest_cost.threshold == np.inf
    assert result.lowest_cost.fpr == 0


def test_rows_of_ones_own_are_late_as_well(sample: Empirical) -> None:
    s = ModerationScenario(rows=sample.fingerprint, threshold=0.2, decision_delay=80)
    late = moderate(s, sample)
    assert late.cost_by_cause["late"] == pytest.approx(late.confusion.tp / 2 * 30)
    assert float(s.costs({}, sample)) == pytest.approx(late.cost, rel=1e-12)
    dearer = s.costs({"model_price": np.array([0.0, 1.0])}, sample)
    assert dearer[1] - dearer[0] == pytest.approx(2000)
