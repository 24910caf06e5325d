"""Low and high of an assumption: the default, what is canonical, what is refused."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aipm_metrics.errors import MetricsError
from aipm_metrics.knobs import Knob, knob, knobs_of
from aipm_metrics.ranges import canonical, default_range, is_uncertain, without_range
from aipm_metrics.scenarios import SCENARIOS
from aipm_metrics.scenarios.contract import Scenario
from aipm_metrics.scenarios.moderation import ModerationScenario

KNOBS = knobs_of(ModerationScenario)
EVERY = [k for s in SCENARIOS for k in knobs_of(s).values() if is_uncertain(k)]


class Sourced(Scenario):
    page = "sourced"
    version = 1
    rate: float = knob(0.2, 0, 1, "Rate", group="G", help="H.", likely=(0.15, 0.4))


@given(st.sampled_from(EVERY), st.floats(0, 1))
def test_a_default_range_lies_within_limits_and_holds_its_value(told: Knob, part: float) -> None:
    value = min(told.low + part * (told.high - told.low), told.high)
    low, high = default_range(told, value)
    assert told.low <= low <= value <= high <= told.high


def test_the_default_is_half_to_one_and_a_half_times_the_value() -> None:
    scenario = ModerationScenario(reviewer_wage=40, leave_after_wrongful=0.9)
    ranges = scenario.ranges_in_use(with_rows=False)
    assert ranges["reviewer_wage"] == (20.0, 60.0)
    assert ranges["leave_after_wrongful"] == (0.45, 1.0)  # no chance is above 1
    assert ranges["auc"] == pytest.approx((0.94, 0.98))  # of what is missing to a perfect one


def test_a_source_gives_the_range_as_long_as_the_value_lies_in_it() -> None:
    assert Sourced().ranges_in_use(with_rows=False) == {"rate": (0.15, 0.4)}
    assert Sourced(rate=0.8).ranges_in_use(with_rows=False) == {"rate": (0.4, 1.0)}


def test_what_is_uncertain_is_every_number_that_is_no_decision_and_no_limit() -> None:
    certain = {name for name, told in KNOBS.items() if not is_uncertain(told)}
    assert certain == {
        "threshold", "today_threshold", "row_mix", "calibration", "desk_hours", "recall_floor",
    }  # fmt: skip
    assert all(without_range(KNOBS[name]) for name in certain)


def test_only_what_plays_a_part_is_in_use() -> None:
    assert "trained_prevalence" not in ModerationScenario().ranges_in_use(with_rows=False)
    trained = ModerationScenario(calibration="as trained")
    assert "trained_prevalence" in trained.ranges_in_use(with_rows=False)
    on_rows = ModerationScenario(rows="0" * 16).ranges_in_use(with_rows=True)
    assert {"auc", "temperature", "prevalence"}.isdisjoint(on_rows)
    as_set = ModerationScenario(rows="0" * 16, prevalence=0.1)
    assert "prevalence" in as_set.ranges_in_use(with_rows=True)


def test_ranges_are_sorted_and_the_default_ones_left_out() -> None:
    given_ = [("views_per_missed", 1, 2), ("harm_per_missed", 15, 45), ("auc", -0.0 + 0.5, 0.7)]
    scenario = ModerationScenario.model_validate({"ranges": given_})
    assert scenario.ranges == (("auc", 0.5, 0.7), ("views_per_missed", 1.0, 2.0))
    again = ModerationScenario.model_validate({"ranges": given_[::-1]})
    assert again == scenario
    assert hash(again) == hash(scenario)
    assert scenario.ranges_in_use(with_rows=False)["views_per_missed"] == (1.0, 2.0)


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        ([("nothing", 0, 1)], "`nothing` must be a knob of this page"),
        ([("calibration", 0, 1)], "`calibration` must have no range: it is a choice"),
        ([("threshold", 0.1, 0.2)], "`threshold` must have no range: a threshold is a decision"),
        ([("desk_hours", 1, 2)], "`desk_hours` must have no range: it is a limit"),
        ([("auc", 0.9, 1.0)], r"`auc.high` must lie in \[0.5, 0.9999\]; got 1.0"),
        ([("harm_per_missed", -1, 5)], r"`harm_per_missed.low` must lie in \[0, 1e\+06\] USD"),
        ([("auc", 0.9, 0.8)], r"`auc.low` must lie in \[0.5, 0.8\]; got 0.9"),
        ([("auc", 0.9, 0.95), ("auc", 0.9, 0.95)], "`auc` must have one range; two are given"),
        ([("auc", float("nan"), 0.95)], "finite"),
        ([("auc", 0.9, float("inf"))], "finite"),
    ],
)
def test_refusals_name_the_field_and_its_limits(
    ranges: list[tuple[str, float, float]], said: str
) -> None:
    with pytest.raises(ValidationError, match=said):
        ModerationScenario.model_validate({"ranges": ranges})


@pytest.mark.parametrize("seed", [-1, 1_000_000, 1.5, "x"])
def test_a_seed_is_a_whole_number_of_at_most_six_digits(seed: object) -> None:
    with pytest.raises(ValidationError, match="seed"):
        ModerationScenario.model_validate({"seed": seed})


def test_a_refusal_is_one_of_ours() -> None:
    told = dataclasses.replace(KNOBS["auc"], name="x")
    with pytest.raises(MetricsError, match=r"`x\.low`"):
        canonical({"x": told}, {"x": 0.9}, [("x", 0.2, 0.9)])
