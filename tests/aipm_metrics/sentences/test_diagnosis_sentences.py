"""What is said of fast and explained: true, whole, and the same wherever it is read."""

from __future__ import annotations

import re

import numpy as np
import pytest

from aipm_metrics.models.explanation_evidence import STUDIES
from aipm_metrics.scenarios.diagnosis import DiagnosisResult, DiagnosisScenario, diagnose
from aipm_metrics.sentences import diagnosis as words
from aipm_metrics.sentences import diagnosis_tables as tables
from aipm_metrics.sentences.diagnosis_spots import NOUNS, aloud_at, chosen_spot, every_spot
from aipm_metrics.spoken import money, share
from tests.aipm_metrics.said import numbers
from tests.aipm_metrics.scenarios.test_diagnosis import on_rows

PICTURES = ("people", "cost", "roc", "reliance", "use", "benefit")
PRESETS = [{}, {"design": "no AI"}, {"design": "no AI", "today_design": "no AI"},
           *DiagnosisScenario.presets.values()]  # fmt: skip


@pytest.fixture(scope="module", params=[*range(len(PRESETS)), "rows"])
def answered(request: pytest.FixtureRequest) -> DiagnosisResult:
    if request.param == "rows":
        return on_rows()
    return diagnose(DiagnosisScenario.model_validate(PRESETS[request.param]))


def everything_said(result: DiagnosisResult) -> list[str]:
    rows: list[tuple[str, ...]] = [
        *tables.design_rows(result), *tables.reliance_rows(result), *tables.wait_table(result),
        *tables.benefit_rows(result), *tables.study_rows(), *tables.spot_rows(result),
        *(tables.point_row(result, point) for point in result.points),
        *(tables.flip_line(flip) for flip in result.flips),
        *(tables.assumption_row(one) for one in result.assumptions),
        *(tables.outcome_row(outcome) for outcome in result.outcomes),
        *((c.label, c.value, c.change, c.detail) for c in words.cards(result)),
        *words.people(result), words.aloud(result), words.calibration_lines(result),
    ]  # fmt: skip
    return [
        words.story(result), words.worth_line(result), words.evidence_line(result),
        words.worst_assumption(result), words.of_people(result),
        *(words.described(result, picture) for picture in PICTURES),
        *(cell for row in rows for cell in row),
    ]  # fmt: skip


def test_nothing_is_undefined_and_every_sentence_ends(answered: DiagnosisResult) -> None:
    for text in everything_said(answered):
        assert not re.search(r"\bnan\b|\binf\b|undefined(?!: )|None|\{|  ", text), text
    for sentence in words.aloud(answered):
        assert sentence.endswith("."), sentence


def test_every_threshold_is_spoken_of_as_the_chosen_one_is(answered: DiagnosisResult) -> None:
    every = [said[answered.row] for said in aloud_at(every_spot(answered))]
    assert every == list(words.aloud(answered))
    cards = [(card.value[answered.row], card.change[answered.row])
             for card in words.cards_at(every_spot(answered))]  # fmt: skip
    assert cards == [(card.value, card.change) for card in words.cards(answered)]


def test_the_numbers_in_the_sentence_are_the_results(answered: DiagnosisResult) -> None:
    said = " ".join(words.aloud(answered))
    for number in (answered.chosen.confusion.fn, answered.chosen.confusion.fp):
        rounded = float(f"{float(number):.2g}") if number < 9_950 else float(f"{float(number):.3g}")
        assert rounded in numbers(said)
    assert money(answered.cost) in said


def test_more_and_fewer_are_told_the_right_way_round() -> None:
    told = diagnose(DiagnosisScenario())
    spots = chosen_spot(told)
    fewer = told.chosen.confusion.fp < told.compared.confusion.fp
    assert spots.workups.change[0].endswith(" fewer") == fewer
    costs = [card for card in words.cards(told) if card.label == "cost a month"]
    assert costs[0].change.startswith("saves") == (told.saving > 0)


def test_a_missed_cancer_is_told_in_work_ups() -> None:
    told = diagnose(DiagnosisScenario(harm_per_miss=30_000, cost_workup=600))
    assert words.worth_line(told).startswith("One missed cancer is worth 50 needless work-ups")
    assert share(1 / 51) in words.worth_line(told)


def test_the_screen_admits_that_the_study_is_missing() -> None:
    told = diagnose(DiagnosisScenario())
    assert "No clinical study of this exact trade was found" in words.evidence_line(told)
    assert all(re.search(r"\((19|20)\d\d\)", study.source) for study in STUDIES)


@pytest.mark.parametrize(
    ("changes", "words_"),
    [
        ({}, "even if it cost use"),
        ({"follow_right_explained": 0.9, "follow_wrong_explained": 0.85,
          "explanation_effect": 1.5}, "at no effect on use"),
        ({"follow_right_explained": 0.9, "follow_wrong_explained": 0.85,
          "follow_right_opaque": 0.4, "follow_wrong_opaque": 0.5}, "explaining wins below"),
        ({"follow_right_opaque": 0.7, "follow_wrong_opaque": 0.3, "waiting_effect": 2},
         "explaining wins above"),
    ],
)  # fmt: skip
def test_the_break_even_is_put_into_words(changes: dict[str, float], words_: str) -> None:
    told = diagnose(DiagnosisScenario.model_validate(changes))
    assert words_ in words.aloud(told)[2]


def test_honest_chances_cost_nothing_and_others_are_priced() -> None:
    honest = words.calibration_lines(diagnose(DiagnosisScenario()))
    assert any("costs nothing" in line for line in honest)
    boastful = diagnose(DiagnosisScenario(temperature=0.6))
    assert money(boastful.calibration.alone) in " ".join(words.calibration_lines(boastful))


def test_too_few_hours_are_told() -> None:
    short = diagnose(DiagnosisScenario(reading_hours=10))
    assert "too few for the 190 who come" in words.aloud(short)[1]


def test_every_priced_knob_has_a_noun(answered: DiagnosisResult) -> None:
    assert {flip.knob.name for flip in answered.flips} <= set(NOUNS)


def test_three_designs_always_stand_side_by_side(answered: DiagnosisResult) -> None:
    rows = tables.design_rows(answered)
    names = ["no AI", "fast and opaque", "slow and explained"]
    assert [row[0].removesuffix(" (chosen)") for row in rows] == names
    assert sum(row[0].endswith(" (chosen)") for row in rows) == 1


def test_a_mark_on_the_dial_is_where_it_says(answered: DiagnosisResult) -> None:
    marks = words.dial_marks(answered)
    assert marks
    assert [kind for _, _, kind in marks].count("best") <= 1
    for row, label, _ in marks:
        if label == "threshold probability":
            at = answered.curves.threshold[row]
            assert at == pytest.approx(answered.probability, rel=1e-12)
    assert np.all(np.diff([row for row, _, _ in marks]) > 0)
