"""Knobs: declared once, read back whole, and their scales turned there and back."""

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from aipm_metrics.knobs import Knob, choice, knob, knobs_of
from aipm_metrics.link_values import value_of
from aipm_metrics.ranges import is_uncertain, without_range
from aipm_metrics.scenarios import SCENARIOS
from aipm_metrics.scenarios.contract import Scenario

EVERY = [(s, k) for s in SCENARIOS for k in knobs_of(s).values()]
NUMBERS = [(s, k) for s, k in EVERY if k.scale != "choice"]
CHOICES = [(s, k) for s, k in EVERY if k.scale == "choice"]


class Small(BaseModel):
    plain: int = 3
    volume: float = knob(
        10, 1, 1000, "Volume", group="Stream", help="How many", unit="items", scale="log",
        priced=True,
    )  # fmt: skip
    share: float = knob(0.1, 0.001, 0.999, "Share", group="Stream", help="S", scale="log-odds")
    cut: float = knob(0.5, 0, 1, "Cut", group="Where", help="C", in_score_units=True)
    mix: Literal["a", "b"] = choice("a", ("a", "b"), "Mix", group="Stream", help="M")


def test_every_field_that_is_a_knob_is_found_in_order() -> None:
    assert list(knobs_of(Small)) == ["volume", "share", "cut", "mix"]
    told = knobs_of(Small)["volume"]
    assert told == Knob(
        name="volume", label="Volume", help="How many", source="assumption", default=10, low=1,
        high=1000, unit="items", scale="log", group="Stream", choices=(), in_sight=False,
        priced=True, in_score_units=False,
    )  # fmt: skip
    assert knobs_of(Small)["mix"].choices == ("a", "b")


def test_limits_are_pydantics_own_but_for_thresholds() -> None:
    with pytest.raises(ValidationError, match="less than or equal to 1000"):
        Small(volume=1001)
    with pytest.raises(ValidationError, match="'a' or 'b'"):
        Small.model_validate({"mix": "c"})
    assert Small(cut=1e9).cut == 1e9  # a Scenario checks these, knowing whether there are rows


@pytest.mark.parametrize(("scenario", "told"), EVERY, ids=lambda x: getattr(x, "name", ""))
def test_every_knob_says_what_a_person_needs(scenario: type[Scenario], told: Knob) -> None:
    assert told.label[0].isupper()
    assert told.help.endswith(".")
    assert told.source
    assert told.group in scenario.groups
    assert told.default == getattr(scenario(), told.name)


@pytest.mark.parametrize(("scenario", "told"), NUMBERS, ids=lambda x: getattr(x, "name", ""))
def test_defaults_lie_within_limits_that_hold(scenario: type[Scenario], told: Knob) -> None:
    assert told.low < told.high
    assert told.low <= told.default <= told.high
    for value in (told.low, told.high):
        assert getattr(scenario.model_validate({told.name: value}), told.name) == value
    for value in (np.nextafter(told.low, -np.inf), np.nextafter(told.high, np.inf), np.nan, np.inf):
        with pytest.raises(ValidationError) as refused:
            scenario.model_validate({told.name: float(value)})
        assert told.name in str(refused.value)


@pytest.mark.parametrize(("scenario", "told"), CHOICES, ids=lambda x: getattr(x, "name", ""))
def test_every_listed_choice_is_taken_and_no_other(scenario: type[Scenario], told: Knob) -> None:
    assert told.default in told.choices
    for value in told.choices:
        assert getattr(scenario.model_validate({told.name: value}), told.name) == value
    with pytest.raises(ValidationError, match=told.name):
        scenario.model_validate({told.name: "neither"})


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.page)
def test_presets_are_valid_and_change_something(scenario: type[Scenario]) -> None:
    for name, values in scenario.presets.items():
        assert set(values) <= set(knobs_of(scenario))
        assert scenario.model_validate(values) != scenario(), name


@pytest.mark.parametrize(("_", "told"), NUMBERS, ids=lambda x: getattr(x, "name", ""))
@given(part=st.floats(0, 1))
def test_a_scale_turns_there_and_back(_: object, told: Knob, part: float) -> None:
    value = told.low + part * (told.high - told.low)
    if told.scale != "linear" and value in {0.0, 1.0}:
        return
    back = float(told.from_axis(told.to_axis(value)))
    assert told.low <= back <= told.high
    assert back == pytest.approx(value, rel=1e-9)


@pytest.mark.parametrize(("_", "told"), NUMBERS, ids=lambda x: getattr(x, "name", ""))
@pytest.mark.parametrize("points", [2, 7, 512])
def test_spread_goes_from_limit_to_limit_in_even_steps(_: object, told: Knob, points: int) -> None:
    values = told.spread(points)
    assert values.shape == (points,)
    np.testing.assert_allclose(values[[0, -1]], [told.low, told.high], rtol=1e-12)
    assert (np.diff(values) > 0).all()
    assert values.min() >= told.low
    assert values.max() <= told.high
    steps = np.diff(told.to_axis(values))
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6)


def test_nothing_lies_outside_the_limits_on_the_way_back() -> None:
    for _, told in NUMBERS:
        low, high = told.to_axis([told.low, told.high])
        back = told.from_axis([low - 1, low - 1e-12, high + 1e-12, high + 1])
        assert back.tolist() == [told.low, told.low, told.high, told.high]


class Staffed(Scenario):
    page = "staffed"
    version = 1
    groups = ("All",)

    desks: float = knob(
        3, 1, 40, "Desks", group="All", help="Open at once.", unit="desks", scale="log",
        decision=True, whole=True,
    )  # fmt: skip


@pytest.mark.parametrize("wrong", [2.5, 3.0000001])
def test_a_whole_number_is_not_rounded_but_refused(wrong: float) -> None:
    assert Staffed(desks=4).desks == 4
    with pytest.raises(ValidationError, match="`desks` must be a whole number; got"):
        Staffed(desks=wrong)
    said = value_of(knobs_of(Staffed)["desks"], str(wrong), in_rows=False)
    assert said == (None, "must be a whole number from 1 to 40 desks")


def test_what_is_to_be_decided_has_no_range() -> None:
    assert without_range(knobs_of(Staffed)["desks"]).startswith("it is what is to be decided")
    assert not is_uncertain(knobs_of(Staffed)["desks"])


def test_what_was_counted_has_no_range() -> None:
    class Counted(BaseModel):
        seen: float = knob(0.1, 0, 1, "Seen", group="G", help="H.", measured=True)

    assert not is_uncertain(knobs_of(Counted)["seen"])
    assert without_range(knobs_of(Counted)["seen"]) == "it is measured, not assumed"
