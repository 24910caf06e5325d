"""Links: every scenario there and back, and old links opening for ever."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import DEFAULTS, complete_query, from_link, to_link
from aipm_metrics.scenarios import SCENARIOS
from aipm_metrics.scenarios.contract import Scenario
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.scenario_draws import draw_linked

GOLDEN = Path(__file__).parents[1] / "links.txt"


@dataclass(frozen=True)
class Golden:
    link: str
    differs: dict[str, Any]
    page: str
    version: int


def golden() -> list[Golden]:
    found = []
    for line in GOLDEN.read_text().splitlines():
        if line and not line.startswith("#"):
            link, _, differs = line.partition("\t")
            parts = urlsplit(link)
            version = int(dict(parse_qsl(parts.query)).get("v", "1"))
            page = parts.path.rstrip("/").rpartition("/")[2]
            found.append(Golden(link, json.loads(differs), page, version))
    return found


def scenario_of(page: str) -> type[Scenario]:
    return next(s for s in SCENARIOS if s.page == page)


# There and back -------------------------------------------------------------------------------


def test_every_scenario_comes_back_whole_from_its_link() -> None:
    rng = np.random.default_rng(20250611)
    with_rows = beyond = 0
    for _ in range(1000):
        scenario = draw_linked(rng)
        with_rows += bool(scenario.rows)
        beyond += not 0 <= scenario.threshold <= 1
        link = to_link(scenario)
        assert from_link(link) == (scenario, ())
        assert from_link(f"https://metrics.example:8501{link}#top") == (scenario, ())
        # Read back as text: equal numbers could still be 0.0 and -0.0.
        assert to_link(from_link(link)[0]) == link
    assert with_rows > 200
    assert beyond > 50


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.page)
def test_a_link_says_the_version_and_every_knob_once(scenario: type[Scenario]) -> None:
    fields = [field for field, _ in parse_qsl(urlsplit(to_link(scenario())).query)]
    assert sorted(fields) == sorted(
        ["v", *(f"{scenario.page}.{name}" for name in knobs_of(scenario))]
    )


@pytest.mark.parametrize(("preset", "values"), tuple(ModerationScenario.presets.items()))
def test_presets_travel(preset: str, values: dict[str, Any]) -> None:
    scenario = ModerationScenario.model_validate(values)
    assert scenario != ModerationScenario(), preset
    assert from_link(to_link(scenario)) == (scenario, ())


def test_the_order_of_fields_does_not_matter() -> None:
    rng = np.random.default_rng(5)
    scenario = draw_linked(rng)
    path, _, query = to_link(scenario).partition("?")
    fields = query.split("&")
    for _ in range(20):
        rng.shuffle(fields)
        assert from_link(f"{path}?{'&'.join(fields)}") == (scenario, ())


# Golden links ---------------------------------------------------------------------------------


@pytest.mark.parametrize("told", golden(), ids=lambda told: told.link[:60])
def test_an_old_link_still_means_what_it_meant(told: Golden) -> None:
    scenario = scenario_of(told.page)
    meant = {**DEFAULTS[told.page][told.version], **told.differs}
    opened, refusals = from_link(told.link)
    assert refusals == ()
    assert opened == scenario.model_validate(meant)
    assert {name: getattr(opened, name) for name in meant} == meant


def test_the_golden_file_covers_every_knob_of_every_question() -> None:
    said = {(told.page, name) for told in golden() for name in told.differs}
    needed = {(s.page, name) for s in SCENARIOS for name in (*knobs_of(s), "rows")}
    assert needed <= said


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.page)
def test_the_newest_table_is_what_the_code_says_today(scenario: type[Scenario]) -> None:
    today = {name: knob.default for name, knob in knobs_of(scenario).items()}
    tables = DEFAULTS[scenario.page]
    assert tables[scenario.version] == today
    assert sorted(tables) == list(range(1, scenario.version + 1))


def test_reading_a_link_leaves_the_tables_alone() -> None:
    before = json.dumps({page: dict(tables) for page, tables in DEFAULTS.items()})
    from_link("/moderation?moderation.auc=0.7&moderation.threshold=1e-4")
    complete_query(ModerationScenario, "moderation.auc=0.7")
    assert json.dumps({page: dict(tables) for page, tables in DEFAULTS.items()}) == before
    with pytest.raises(TypeError):
        DEFAULTS["moderation"] = {}  # type: ignore[index] # that it cannot be is the point
