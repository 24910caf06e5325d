"""Which controls a moderation scenario has, which of them count, and what it refuses."""

import numpy as np
import pytest
from pydantic import ValidationError

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario, moderate

# --- every control changes something ---


def told(result: ModerationResult) -> list[object]:
    return [result.outcomes, result.points, result.mean_reported, result.compared_with]


@pytest.mark.parametrize("name", [n for n in knobs_of(ModerationScenario) if n != "row_mix"])
def test_every_control_in_use_changes_an_outcome_or_a_point(name: str) -> None:
    base = ModerationScenario(calibration="as trained", decision_delay=30)
    knob = knobs_of(ModerationScenario)[name]
    value = "today's mix" if knob.scale == "choice" else float(knob.spread(8)[2])
    assert told(moderate(base.model_copy(update={name: value}))) != told(moderate(base))


def test_what_is_named_idle_changes_nothing_and_the_rest_is_in_use() -> None:
    s = ModerationScenario()
    idle = ModerationScenario.idle(s.model_dump(), with_rows=False)
    assert idle == {"row_mix", "trained_prevalence", "views_half_life"}
    other = s.model_copy(
        update={"trained_prevalence": 0.3, "row_mix": "as set", "views_half_life": 5}
    )
    assert repr(told(moderate(other))) == repr(told(moderate(s)))


@pytest.mark.parametrize("preset", sorted(ModerationScenario.presets))
def test_every_preset_is_within_limits_and_answers_otherwise_than_the_defaults(preset: str) -> None:
    result = moderate(ModerationScenario(**ModerationScenario.presets[preset]))
    assert result.outcomes != moderate(ModerationScenario()).outcomes
    assert result.lowest_cost.cost <= result.cost


# --- refusals ---


@pytest.mark.parametrize("name", [n for n, k in knobs_of(ModerationScenario).items() if k.unit])
def test_a_value_outside_the_limits_is_refused_by_name(name: str) -> None:
    knob = knobs_of(ModerationScenario)[name]
    for value in (knob.low - 1, knob.high * 1.01 + 1, np.nan, np.inf):
        with pytest.raises(ValidationError, match=name if np.isfinite(value) else "finite"):
            ModerationScenario(**{name: value})
    for value in (knob.low, knob.high):
        assert getattr(ModerationScenario(**{name: value}), name) == value


def test_a_knob_nobody_declared_is_refused() -> None:
    with pytest.raises(ValidationError, match="extra"):
        ModerationScenario.model_validate({"precision_floor": 0.5})


def test_a_scenario_cannot_be_edited() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        ModerationScenario().auc = 0.7  # type: ignore[misc]
