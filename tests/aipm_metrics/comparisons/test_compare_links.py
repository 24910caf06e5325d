"""A comparison's link: there and back, and nothing that can be pasted does any harm."""

from __future__ import annotations

import re
import sys
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import numpy as np
import pytest

from aipm_metrics.comparisons.links import (
    LONGEST,
    Chosen,
    Linked,
    compare_from_link,
    compare_to_link,
    complete_compare_query,
    read_compare_fields,
)
from aipm_metrics.comparisons.presets import (
    beside,
    departures,
    pairs,
    preset_of,
    presets,
    starter,
    told,
)
from aipm_metrics.links import to_link
from aipm_metrics.scenarios import SCENARIOS
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.hostile_links import hostile
from tests.aipm_metrics.scenario_draws import draw_linked
from tests.asgi_calls import call

CHOSEN: tuple[Chosen, ...] = ("", "a", "b")


def test_every_comparison_comes_back_whole_from_its_link() -> None:
    rng = np.random.default_rng(31)
    for i in range(200):
        a, b, chosen = draw_linked(rng), draw_linked(rng), CHOSEN[i % 3]
        link = compare_to_link(a, b, chosen)
        for told_as in (link, f"https://metrics.example:8501/tools{link}&utm_source=mail#top"):
            read = compare_from_link(told_as)
            assert (read.a.scenario, read.b.scenario, read.chosen) == (a, b, chosen)
            assert not (*read.a.refusals, *read.b.refusals, *read.refusals)
        assert len(link) < 4_000  # some proxies stop at 8,000


def check(read: Linked) -> None:
    for side in (read.a, read.b):
        scenario = side.scenario
        if scenario is not None:
            assert type(scenario).model_validate(scenario.model_dump()) == scenario
        else:
            assert side.refusals or read.refusals
    assert read.chosen in CHOSEN
    for refusal in (*read.a.refusals, *read.b.refusals, *read.refusals):
        assert refusal.sentence.isprintable()
        assert len(refusal.sentence) < 240
        assert re.match(r"`.*` (must|is|cannot) ", refusal.sentence)


def test_hostile_links_raise_nothing_and_import_nothing() -> None:
    before = set(sys.modules)
    known = quote(to_link(ModerationScenario()))
    opened = 0
    for i, text in enumerate(hostile(1000, seed=4)):
        nested = quote(text, errors="replace")
        check(compare_from_link(text))
        check(compare_from_link(f"/compare?a={nested}&b={known}"))
        check(compare_from_link(f"/compare?a={known}&b={text}"))  # not quoted: it spills over
        read = read_compare_fields([("a", text), ("b", text), ("chosen", text[:9])])
        check(read)
        opened += read.a.scenario is not None
        if i % 5 == 0 and (completed := complete_compare_query(text)) is not None:
            fields = [field for field, _ in parse_qsl(completed, keep_blank_values=True)]
            assert {"a", "b"} <= set(fields)
    assert opened > 300  # some got far enough to be opened
    assert set(sys.modules) == before


@pytest.mark.parametrize(
    ("link", "field"),
    [
        ("/moderation?a=x&b=y", "page"),
        ("", "page"),
        ("http://[", "link"),
        ("/compare?" + "a" * LONGEST, "link"),
        ("/compare?" + "&".join(f"f{i}=1" for i in range(200)), "link"),
    ],
)
def test_what_is_no_comparisons_link_is_refused(link: str, field: str) -> None:
    read = compare_from_link(link)
    assert [refusal.field for refusal in read.refusals] == [field]
    assert read.a.scenario is None
    assert read.b.scenario is None


@pytest.mark.parametrize(
    "nested",
    ["/compare?a=/moderation", "/home", "/os", "javascript:alert(1)", "", "//evil.example"],
)
def test_a_side_that_is_no_questions_link_has_no_scenario(nested: str) -> None:
    read = read_compare_fields([("a", nested), ("b", "/moderation?v=2")])
    assert read.a.scenario is None
    assert [refusal.field for refusal in read.a.refusals] == ["page"]
    assert read.b.scenario == ModerationScenario()


def test_fields_said_twice_left_out_or_not_ours_are_named() -> None:
    one = "/moderation"
    read = read_compare_fields([("a", one), ("a", one), ("c", "1"), ("chosen", "c")])
    assert read.a.scenario is None
    assert "more than once" in read.a.refusals[0].sentence
    assert "there is none" in read.b.refusals[0].sentence
    assert [refusal.field for refusal in read.refusals] == ["?c", "chosen"]
    assert read.chosen == ""


def test_an_older_side_keeps_its_own_defaults() -> None:
    read = compare_from_link("/compare?a=/moderation%3Fmoderation.auc%3D0.9&b=/moderation")
    assert read.a.scenario == ModerationScenario(auc=0.9, model_price=0, row_mix="the rows' own")


# Presets --------------------------------------------------------------------------------------


def test_every_preset_and_pair_of_every_question_is_named_once() -> None:
    for scenario in SCENARIOS:
        assert f"{scenario.title}: defaults" in presets()
        assert all(f"{scenario.title}: {name}" in presets() for name in scenario.presets)
        assert all(f"{scenario.title}: {name}" in pairs() for name in scenario.pairs)
    assert len(set(presets().values())) == len(presets())


@pytest.mark.parametrize("name", presets())
def test_a_preset_is_known_by_its_name_wherever_it_comes_from(name: str) -> None:
    assert preset_of(presets()[name]) == name
    assert preset_of(told(ModerationScenario, {"auc": 0.77})) == ""


def test_a_scenario_on_rows_is_no_preset() -> None:
    assert preset_of(ModerationScenario(rows="0123456789abcdef")) == ""


def test_what_a_scenario_is_laid_beside_differs_from_it() -> None:
    rng = np.random.default_rng(2)
    for scenario in (*presets().values(), *(draw_linked(rng) for _ in range(50))):
        assert beside(scenario) != scenario


def test_departures_are_the_knobs_off_their_default() -> None:
    one, other = pairs()["Moderation: old model against new"]
    assert {knob.name for knob in departures(one)} == {"auc"}
    assert {knob.name for knob in departures(other)} == {"auc", "model_price", "decision_delay"}
    assert not departures(ModerationScenario(trained_prevalence=0.3))  # plays no part


# The middleware ---------------------------------------------------------------------------------


def test_a_bare_address_is_sent_on_to_the_first_pair() -> None:
    answer = call("/compare")
    assert answer.status == 307
    read = compare_from_link(f"/{answer.location}")
    assert (read.a.scenario, read.b.scenario) == starter()
    assert call(f"/{answer.location}").status == 0


def test_the_side_that_is_missing_is_added_and_the_other_kept() -> None:
    mine = ModerationScenario(auc=0.9)
    asked = urlencode({"b": to_link(mine), "utm_source": "mail"})
    answer = call(f"/compare?{asked}")
    read = compare_from_link(f"/{answer.location}")
    assert read.b.scenario == mine
    assert read.a.scenario == beside(mine)
    assert "utm_source=mail" in answer.location


@pytest.mark.parametrize(
    "target", ["/compare?a=x&b=y", "/compare?a=&b=", "/compares", "/a/compare/x"]
)
def test_everything_else_passes(target: str) -> None:
    assert call(target).status == 0


def test_a_host_in_the_path_leads_nowhere_else() -> None:
    answer = call("//evil.example/compare?a=//evil.example/moderation")
    parts = urlsplit(answer.location)
    assert (parts.scheme, parts.netloc, parts.path) == ("", "", "compare")
    assert answer.location.isprintable()
