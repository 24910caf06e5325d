"""Ranges and the seed in links: there and back, completed, refused in words."""

from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import DEFAULTS, complete_query, from_link, read_fields, to_link
from aipm_metrics.ranges import default_range, is_uncertain
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.hostile_links import NOT_NUMBERS
from tests.aipm_metrics.scenario_draws import draw_linked

KNOBS = knobs_of(ModerationScenario)
UNCERTAIN = [name for name, knob in KNOBS.items() if is_uncertain(knob)]
CERTAIN = [name for name, knob in KNOBS.items() if not is_uncertain(knob)]


def read(query: str) -> tuple[ModerationScenario, list[str]]:
    scenario, refusals = from_link(f"/moderation?v=1&{query}")
    assert isinstance(scenario, ModerationScenario)
    return scenario, [refusal.sentence for refusal in refusals]


def test_ranges_and_seed_come_back_and_are_written_only_when_unusual() -> None:
    rng = np.random.default_rng(12)
    with_ranges = seeded = 0
    for _ in range(300):
        scenario = draw_linked(rng)
        link = to_link(scenario)
        assert from_link(link) == (scenario, ())
        fields = [field for field, _ in parse_qsl(urlsplit(link).query)]
        ends = [field for field in fields if field.endswith((".low", ".high"))]
        assert len(ends) == 2 * len(scenario.ranges)
        assert ("moderation.seed" in fields) is (scenario.seed != 1)
        with_ranges += bool(ends)
        seeded += scenario.seed != 1
    assert with_ranges > 60
    assert seeded > 60


# These links were written on the day ranges came; they mean the same for ever.
@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("", {}),
        ("moderation.seed=77", {"seed": 77}),
        ("moderation.auc.low=0.9&moderation.auc.high=0.97", {"ranges": [("auc", 0.9, 0.97)]}),
        (
            "moderation.reviewer_wage.low=30&moderation.reviewer_wage.high=40&moderation.seed=0",
            {"ranges": [("reviewer_wage", 30, 40)], "seed": 0},
        ),
    ],
)
def test_a_link_means_what_it_meant(query: str, meant: dict[str, object]) -> None:
    expected = ModerationScenario.model_validate({**DEFAULTS["moderation"][1], **meant})
    assert read(query) == (expected, [])


def test_one_end_is_completed_by_the_default_of_the_links_own_value() -> None:
    scenario, said = read("moderation.harm_per_missed.low=90&moderation.harm_per_missed=100")
    assert (scenario.ranges, said) == ((("harm_per_missed", 90.0, 150.0),), [])
    scenario, said = read("moderation.harm_per_missed.high=100")
    assert (scenario.ranges, said) == ((("harm_per_missed", 15.0, 100.0),), [])


@pytest.mark.parametrize("name", UNCERTAIN)
def test_the_default_range_is_no_range_of_its_own(name: str) -> None:
    low, high = default_range(KNOBS[name], float(DEFAULTS["moderation"][1][name]))
    scenario, said = read(f"moderation.{name}.low={low!r}&moderation.{name}.high={high!r}")
    assert (scenario.ranges, said) == ((), [])


@pytest.mark.parametrize("text", [t for t in NOT_NUMBERS if t.isascii() and t.isprintable()])
@pytest.mark.parametrize("end", ["low", "high"])
def test_an_end_that_is_no_plain_number_leaves_the_default_range(end: str, text: str) -> None:
    fields = [("moderation.auc.low", "0.9"), ("moderation.auc.high", "0.97")]
    pairs = [(f, text if f.endswith(end) else t) for f, t in fields]
    scenario, refusals = read_fields(ModerationScenario, pairs)
    assert scenario.ranges == ()
    assert [r.field for r in refusals] == [f"auc.{end}"]
    assert "[0.5, 0.9999]" in refusals[0].sentence


@pytest.mark.parametrize("name", CERTAIN)
def test_decisions_choices_and_limits_have_no_range(name: str) -> None:
    scenario, said = read(f"moderation.{name}.low=0.5")
    assert scenario.ranges == ()
    assert said[0].startswith(f"`{name}.low` must not be said: ")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("auc.low=0.4", "`auc.low` must lie in [0.5, 0.9999]; the link says 0.4."),
        ("auc.low=0.97&moderation.auc.high=0.9",
         "`auc.low` must lie in [0.5, 0.9], up to its high end; the link says 0.97."),
        ("value_per_author.high=29",
         "`value_per_author.high` must lie in [30, 100000], from its low end up; "
         "the link says 29."),
        ("seed=1000000", "`seed` must be a whole number from 0 to 999,999; the link says 1000000."),
        ("seed=1.0", "`seed` must be a whole number from 0 to 999,999; the link says 1.0."),
        ("seed=-1", "`seed` must be a whole number from 0 to 999,999; the link says -1."),
        ("seed=", "`seed` must be a whole number from 0 to 999,999; the link says nothing."),
        ("seed=1&moderation.seed=1", "`seed` is said more than once."),
        ("auc.low=0.9&moderation.auc.low=0.9", "`auc.low` is said more than once."),
        ("auc.low.low=0.9", "`moderation.auc.low.low` is not a knob of this page."),
    ],
)  # fmt: skip
def test_refusals_name_field_and_limits(query: str, said: str) -> None:
    scenario, sentences = read(f"moderation.{query}")
    assert sentences == [said]
    assert (scenario.ranges, scenario.seed) == ((), 1)


def test_an_address_without_a_version_keeps_its_ranges() -> None:
    said = "moderation.auc.low=0.9&moderation.seed=4"
    completed = complete_query(ModerationScenario, said)
    assert completed is not None
    assert from_link(f"/moderation?{completed}") == from_link(f"/moderation?{said}")
    assert from_link(f"/moderation?{completed}")[0].seed == 4
