"""Addresses of an older version, or of none, completed from the defaults of their own time."""

from types import MappingProxyType
from urllib.parse import parse_qsl

import numpy as np
import pytest

from aipm_metrics import links
from aipm_metrics.links import DEFAULTS, complete_query, from_link, read_fields, to_link
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.scenario_draws import draw_linked

OLD = DEFAULTS["moderation"][1]
NEW = {**OLD, "threshold": 0.25, "desk_hours": 900.0}


@pytest.fixture
def version_two(monkeypatch: pytest.MonkeyPatch) -> type[ModerationScenario]:
    """Tomorrow: version 2, with two defaults changed."""
    monkeypatch.setattr(ModerationScenario, "version", 2)
    monkeypatch.setattr(links, "DEFAULTS", MappingProxyType({"moderation": {1: OLD, 2: NEW}}))
    return ModerationScenario


@pytest.mark.parametrize("said", ["v=1&moderation.auc=0.9", "moderation.auc=0.9"])
def test_an_older_address_keeps_its_own_defaults(
    said: str, version_two: type[ModerationScenario]
) -> None:
    query = complete_query(version_two, said)
    assert query is not None
    fields = dict(parse_qsl(query))
    assert fields["v"] == "2"
    assert float(fields["moderation.threshold"]) == OLD["threshold"]
    completed, refusals = from_link(f"/moderation?{query}")
    assert refusals == ()
    assert completed == from_link(f"/moderation?{said}")[0]
    assert completed == ModerationScenario.model_validate({**OLD, "auc": 0.9})
    assert complete_query(version_two, query) is None  # so nothing is redirected twice


@pytest.mark.parametrize("said", ["v=2&moderation.auc=0.9", "v=2"])
def test_an_address_of_today_is_left_alone(
    said: str, version_two: type[ModerationScenario]
) -> None:
    assert complete_query(version_two, said) is None
    assert from_link(f"/moderation?{said}")[0].model_dump()["desk_hours"] == 900


def test_an_address_that_says_nothing_gets_todays_version(
    version_two: type[ModerationScenario],
) -> None:
    assert complete_query(version_two, "") == "v=2"
    assert complete_query(version_two, "utm_source=mail") == "utm_source=mail&v=2"


def test_an_address_with_rows_and_no_version_is_of_version_one(
    version_two: type[ModerationScenario],
) -> None:
    query = complete_query(version_two, "rows=0123456789abcdef")
    assert query is not None
    assert from_link(f"/moderation?{query}") == from_link("/moderation?rows=0123456789abcdef")
    assert "desk_hours=800" in query


def test_completing_keeps_bad_fields_for_the_page_to_refuse(
    version_two: type[ModerationScenario],
) -> None:
    bad = "moderation.auc=seven&moderation.nonsense=1&moderation.threshold=nan&x=%3Cscript%3E"
    query = complete_query(version_two, bad)
    assert query is not None
    kept = parse_qsl(query)
    assert kept[:4] == parse_qsl(bad)
    fields = [field for field, _ in kept]
    assert len(fields) == len(set(fields))
    scenario, refusals = read_fields(version_two, kept)
    assert {r.field for r in refusals} == {"auc", "moderation.nonsense", "threshold", "?x"}
    assert scenario.model_dump()["desk_hours"] == 800


@pytest.mark.parametrize("v", ["3", "0", "-1", "x", "", "1.0", "1&v=2", "%D9%A1", "9" * 4000])
def test_a_version_that_never_was_is_left_for_the_page_to_refuse(
    v: str, version_two: type[ModerationScenario]
) -> None:
    assert complete_query(version_two, f"v={v}&moderation.auc=0.9") is None
    scenario, refusals = from_link(f"/moderation?v={v}&moderation.auc=0.9")
    assert [r.field for r in refusals] == ["v"]
    assert scenario.model_dump()["auc"] == 0.9


def test_completing_twice_says_the_same_as_once() -> None:
    rng = np.random.default_rng(8)
    for _ in range(200):
        path, _, query = to_link(draw_linked(rng)).partition("?")
        fields = [f for f in query.split("&") if rng.random() < 0.5]
        kept = "&".join(fields)
        completed = complete_query(ModerationScenario, kept)
        if completed is None:
            assert "v=2" in fields
            continue
        assert complete_query(ModerationScenario, completed) is None
        assert from_link(f"{path}?{completed}") == from_link(f"{path}?{kept}")
