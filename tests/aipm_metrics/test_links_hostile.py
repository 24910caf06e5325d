"""Nothing that can be pasted raises, imports, or leaves an invalid scenario behind."""

import re
import sys
from urllib.parse import parse_qsl

import pytest

from aipm_metrics.errors import Refusal
from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import DEFAULTS, from_link, read_fields
from aipm_metrics.scenarios import SCENARIOS
from aipm_metrics.scenarios.contract import Scenario
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.hostile_links import NOT_NUMBERS, PLACES, hostile

MANY = 2000
TWICE = "is said more than once"  # may be about a field of another page with a knob's name
LONGEST = 240  # characters a refusal may take, whatever it refuses


FIRST = ModerationScenario.model_validate(DEFAULTS["moderation"][1])  # what a bare link means


def defaults(scenario: type[Scenario]) -> dict[str, set[float | str]]:
    """Defaults of each knob, in any version: a link has those of its own."""
    tables = DEFAULTS[scenario.page].values()
    return {name: {table[name] for table in tables} for name in knobs_of(scenario)}


def check(scenario: Scenario, refusals: tuple[Refusal, ...]) -> None:
    """The scenario is valid, what was refused has its default, and every refusal can be read."""
    assert type(scenario) in SCENARIOS
    assert type(scenario).model_validate(scenario.model_dump()) == scenario
    start = defaults(type(scenario))
    for refusal in refusals:
        assert refusal.field in start or refusal.field not in knobs_of(type(scenario))
        if refusal.field in start and refusal.why != TWICE:
            assert getattr(scenario, refusal.field) in start[refusal.field]
        if refusal.field == "rows":
            assert scenario.rows == ""
        said = refusal.sentence
        assert len(said) < LONGEST
        assert said.isprintable()
        assert re.fullmatch(r"`.*` (must|is|cannot) .+\.", said)


def test_hostile_links_are_refused_in_words_and_harm_nothing() -> None:
    before = set(sys.modules)
    refused = taken = 0
    for link in hostile(MANY, seed=1):
        scenario, refusals = from_link(link)
        check(scenario, refusals)
        refused += bool(refusals)
        taken += scenario not in {type(scenario)(), FIRST}
    assert set(sys.modules) == before
    assert refused > MANY / 2
    assert taken > MANY / 20  # some got far enough to change a knob


def test_page_names_are_looked_up_and_never_imported() -> None:
    """Each of these can be imported, or is a path out of here."""
    before = set(sys.modules)
    for place in ("this", "antigravity", "os", "turtle", "tests.rooms", "../moderation/x", "home"):
        scenario, refusals = from_link(f"/{place}?v=1&moderation.auc=0.9")
        assert scenario == SCENARIOS[0]()
        assert [r.field for r in refusals] == ["page"]
        assert SCENARIOS[0].page in refusals[0].sentence
    assert set(sys.modules) == before


@pytest.mark.parametrize("text", NOT_NUMBERS, ids=lambda text: ascii(text[:20]))
def test_what_is_no_plain_number_is_refused_for_every_number(text: str) -> None:
    for name, knob in knobs_of(ModerationScenario).items():
        scenario, refusals = read_fields(ModerationScenario, [(f"moderation.{name}", text)])
        check(scenario, refusals)
        assert [r.field for r in refusals] == [name]
        told = refusals[0].sentence
        for limit in (knob.low, knob.high) if knob.scale != "choice" else knob.choices:
            assert (f"{limit:g}" if isinstance(limit, float) else limit) in told
        if knob.unit:
            assert knob.unit in told


@pytest.mark.parametrize("rows", ["", "0123456789abcdef"])
@pytest.mark.parametrize("text", [text for text in NOT_NUMBERS if not text.isdigit()])
def test_rows_lift_the_limits_of_a_threshold_and_nothing_else(text: str, rows: str) -> None:
    pairs = [("moderation.threshold", text), ("moderation.auc", "1.5"), ("rows", rows)]
    scenario, refusals = read_fields(ModerationScenario, pairs)
    check(scenario, refusals)
    assert [r.field for r in refusals] == ["threshold", "auc"]
    assert scenario.rows == rows


def test_each_knob_takes_its_limits_and_refuses_what_is_just_beyond() -> None:
    for name, knob in knobs_of(ModerationScenario).items():
        if knob.scale == "choice":
            continue
        step = 1e-9 * (knob.high - knob.low)
        for value, fits in [
            (knob.low, True), (knob.high, True), (knob.low - step, False),
            (knob.high + step, False),
        ]:  # fmt: skip
            pairs = [(f"moderation.{name}", repr(value))]
            scenario, refusals = read_fields(ModerationScenario, pairs)
            check(scenario, refusals)
            assert (refusals == ()) is fits, (name, value)
            assert getattr(scenario, name) == (value if fits else getattr(FIRST, name))


def test_a_field_said_twice_is_refused_even_when_both_agree() -> None:
    pairs = parse_qsl("moderation.auc=0.9&moderation.auc=0.9&v=1&v=1&moderation.desk_hours=7")
    scenario, refusals = read_fields(ModerationScenario, pairs)
    check(scenario, refusals)
    assert {r.field for r in refusals} == {"auc", "v"}
    assert scenario == FIRST.model_copy(update={"desk_hours": 7.0})


@pytest.mark.parametrize("place", PLACES, ids=ascii)
def test_broken_and_foreign_places_are_named(place: str) -> None:
    scenario, refusals = from_link(place)
    check(scenario, refusals)
    assert scenario in {SCENARIOS[0](), FIRST}
    ours = place.rstrip("/").split("/")[-1] == "moderation" and "\u2100" not in place
    assert bool(refusals) is not ours


def test_a_link_too_long_to_be_one_is_refused_before_it_is_read() -> None:
    link = "/moderation?moderation.auc=0.9&x=" + "y" * 65_536
    scenario, refusals = from_link(link)
    assert scenario == ModerationScenario()
    assert [r.field for r in refusals] == ["link"]
    assert "65,536" in refusals[0].sentence
    check(scenario, refusals)
