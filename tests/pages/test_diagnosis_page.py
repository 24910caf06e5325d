"""The Diagnosis page through the app: what a link sets, what a knob changes, what is admitted."""

from __future__ import annotations

import pytest

from aipm_metrics.links import from_link, to_link
from aipm_metrics.scenarios.diagnosis import DiagnosisScenario, diagnose
from aipm_metrics.sentences import diagnosis as words
from aipm_metrics.sentences import diagnosis_tables as tables
from aipm_metrics.sentences.diagnosis import cards
from pages._shared.frame import plain
from tests.pages.opening import link_of, live_part, page, said_on_cards, speak, values


def expected(scenario: DiagnosisScenario) -> list[tuple[str, str]]:
    return [(card.value, card.change) for card in cards(diagnose(scenario))]


def test_it_shows_what_the_core_answers_and_what_nobody_knows() -> None:
    app = page(name="diagnosis")
    told = diagnose(DiagnosisScenario())
    assert said_on_cards(app) == expected(DiagnosisScenario())
    assert plain(words.evidence_line(told)) in [caption.value for caption in app.caption]
    assert plain(words.worth_line(told)) in [text.value for text in app.markdown]
    sent = live_part(app)
    assert sent
    row, table = sent
    said = [speak(table, one, row) for one in table["aloud"]]
    assert said == list(words.aloud(told))
    assert from_link(link_of(app))[0] == DiagnosisScenario()


def test_a_link_sets_the_knobs_and_a_design_changes_the_answer() -> None:
    app = page({"diagnosis.threshold": "0.03", "diagnosis.cut": "0.7", "v": "1"}, "diagnosis")
    scenario = DiagnosisScenario(threshold=0.03, cut=0.7)
    assert said_on_cards(app) == expected(scenario)
    app.segmented_control(key="diagnosis.design").set_value("fast and opaque").run()
    fast = scenario.model_copy(update={"design": "fast and opaque"})
    assert said_on_cards(app) == expected(fast)
    assert from_link(link_of(app))[0] == fast


def test_the_threshold_compared_with_can_be_set_only_where_there_is_one() -> None:
    key = "diagnosis.today_threshold"
    app = page(name="diagnosis")
    app.number_input(key=key).set_value(0.2).run()
    assert said_on_cards(app) == expected(DiagnosisScenario(today_threshold=0.2))
    without = page({"diagnosis.today_design": "no AI"}, "diagnosis")
    assert key not in [number.key for number in without.number_input]


def test_what_is_opened_is_drawn() -> None:
    app = page({"diagnosis.temperature": "0.6"}, "diagnosis")
    told = diagnose(DiagnosisScenario(temperature=0.6))
    lines = [text.value for text in app.markdown]
    for said in (*words.calibration_lines(told), words.worst_assumption(told)):
        assert plain(said) in lines
    shown = [list(table.value.columns) for table in app.table]
    for header in (
        tables.DESIGN_HEADER, tables.POINT_HEADER, tables.BENEFIT_HEADER, tables.RELIANCE_HEADER,
        tables.STUDY_HEADER, tables.WAIT_HEADER, tables.FLIP_HEADER, tables.ASSUMPTION_HEADER,
        tables.OUTCOME_HEADER, tables.SPOT_HEADER,
    ):  # fmt: skip
        assert list(header) in shown


@pytest.mark.parametrize("text", ["7", "x", "nan"])
def test_nonsense_falls_back_and_is_named(text: str) -> None:
    app = page({"diagnosis.correlation": text, "v": "1"}, "diagnosis")
    assert said_on_cards(app) == expected(DiagnosisScenario())
    assert any("correlation" in said.value and "not taken" in said.value for said in app.markdown)


def test_the_samples_rows_take_the_models_place_and_give_it_back() -> None:
    app = page(name="diagnosis")
    before = values(app)
    app.button(key="rows~sample").click().run()
    assert not app.exception
    assert values(app) != before
    assert "rows=" in link_of(app)
    app.button(key="rows~detach").click().run()
    assert values(app) == before


def test_home_leads_here() -> None:
    app = page(name="home")
    assert any("Diagnosis" in str(link.proto.label) for link in app.get("page_link"))


def test_every_preset_is_another_story_with_a_link_that_restores_it() -> None:
    seen = set()
    for changes in ({}, *DiagnosisScenario.presets.values()):
        scenario = DiagnosisScenario.model_validate(changes)
        restored, refusals = from_link(to_link(scenario))
        assert not refusals
        assert restored.model_copy(update={"row_mix": scenario.row_mix}) == scenario
        seen.add(tuple(card.value for card in cards(diagnose(scenario))))
    assert len(seen) == 1 + len(DiagnosisScenario.presets)
