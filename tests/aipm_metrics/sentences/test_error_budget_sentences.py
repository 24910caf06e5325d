"""Words about error budgets: exact, of one mind at every position, and calm at every edge."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from aipm_metrics.scenarios.error_budget import ErrorBudgetResult, ErrorBudgetScenario, budget
from aipm_metrics.scenarios.error_budget_chain import MODES
from aipm_metrics.sentences import error_budget as words
from aipm_metrics.sentences import error_budget_notes as notes
from aipm_metrics.sentences.error_budget_spots import FAILURES, aloud_at, apart, every_spot
from tests.aipm_metrics.said import dollars
from tests.aipm_metrics.scenarios.error_budget_draws import draw_budget

PICTURES = ("people", "cost", "spent", "alerts", "split", "incident")
DEFAULT = budget(ErrorBudgetScenario())
PRESETS = {
    name: budget(ErrorBudgetScenario.model_validate(told))
    for name, told in ErrorBudgetScenario.presets.items()
}


def plainly(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def everything_said(r: ErrorBudgetResult) -> list[str]:
    """Sentences, cards, table cells and descriptions of pictures, in no particular order."""
    rows: list[tuple[str, ...]] = [
        *(words.flip_line(flip) for flip in r.flips),
        *(words.point_row(point) for point in r.points),
        *(words.assumption_row(a) for a in r.assumptions),
        *(words.outcome_row(o) for o in r.outcomes),
        *((c.label, c.value, c.change, c.detail) for c in words.cards(r)),
        *words.people(r), *words.ratios(r), words.aloud(r), *words.spend_rows(r),
        *(words.owner_row(o) for o in r.owners), *(words.split_row(s) for s in r.splits),
        *(words.alert_row(a) for a in (*r.alerts, *r.proposed_alerts)),
        *(words.sli_row(s) for s in r.slis), notes.alert_notes(r), notes.point_notes(r),
    ]  # fmt: skip
    return [
        words.story(r), words.comparison(r), words.worst_assumption(r), words.of_people(r),
        notes.traffic_note(r), notes.sample_note(r), notes.spend_note(r), notes.MONTH_LINE,
        *(words.described(r, picture) for picture in PICTURES),
        *(cell for row in rows for cell in row),
    ]  # fmt: skip


# --- exactly ---


def test_the_default_said_aloud() -> None:
    assert plainly(" ".join(words.aloud(DEFAULT))) == (
        "At an SLO of 99 % we allow 20,000 bad answers a month, 18,000 more than today's 99.9 %. "
        "What fails now spends 87 % of the budget; wrong answers overspend most, by 1,200 a month, "
        "and the model team answers for them. An incident that fails 50 % of answers for 30 min "
        "spends 3.5 % of the budget and pages somebody after 17 min. It costs $44.7k a month, "
        "$24.4k of it for bad answers and $20.3k for keeping to it; that saves $161k against "
        "today. The cheapest SLO, 99.09 %, would save $190 more. I would change my mind if "
        "traffic rose above 16.6 million answers a month (now 2 million answers a month)."
    )


def test_an_alert_that_cannot_fire_is_said_and_one_that_can_is_proposed() -> None:
    r = PRESETS["nine good answers in ten"]
    assert plainly(words.aloud(r)[2]) == (
        "An incident that fails 100 % of answers for 60 min spends 1.4 % of the budget and, "
        "with the alerts as set, pages nobody: the fast page waits for 144 % of answers to fail, "
        "and one that can fire would page after 30 min."
    )
    (note,) = notes.alert_notes(r)
    assert plainly(note) == (
        "At this SLO no burn rate exceeds 10: then everything fails. So the page over 60 min, "
        "which waits for 144 % of answers to fail, can never fire. The table goes on with a "
        "policy that can: its fastest alert waits for 50 %."
    )
    assert plainly(words.alert_row(r.alerts[0])[3]) == "144 %, so never"
    assert words.alert_row(r.alerts[0])[5] == "never"
    assert len(r.proposed_alerts) == 4
    assert not DEFAULT.proposed_alerts


def test_low_traffic_is_warned_of_and_ordinary_traffic_is_not() -> None:
    assert plainly(notes.traffic_note(PRESETS["low traffic"])) == (
        "Low traffic: the budget of a window is 7.2 answers, so one bad answer spends 14 % of it "
        "and burns 100 times too fast for an hour. With the alerts as set, that alone would page "
        "somebody. Count over a longer window, or send test requests."
    )
    assert notes.traffic_note(DEFAULT) == ""


def test_low_traffic_and_the_incident_speak_of_the_same_alerts() -> None:
    r = budget(
        ErrorBudgetScenario(slo=0.9, requests_per_month=1000, incident_rate=1, incident_minutes=60)
    )
    assert "with the alerts as set, pages nobody" in words.aloud(r)[2]
    assert "page somebody" not in notes.traffic_note(r)


def test_an_incident_too_small_to_page_is_said_beside_a_page_that_is_always_on() -> None:
    r = budget(ErrorBudgetScenario(slo=0.999, incident_rate=0.005))
    assert any(here.always_on for here in r.alerts if here.alert.severity == "page")
    assert "pages nobody anew: what fails now already pages." in plainly(words.aloud(r)[2])
    quiet = budget(ErrorBudgetScenario(slo=0.99, incident_rate=0.005))
    assert "no page fires at so few" in words.aloud(quiet)[2]


def test_a_dependency_that_eats_the_budget_is_named() -> None:
    r = PRESETS["a dependency eats the budget"]
    assert plainly(notes.point_notes(r)[-1]) == (
        "Dependencies claim 0.6 % of answers, 86 % of the whole budget, before anybody else may "
        "spend any."
    )
    strict = budget(ErrorBudgetScenario(slo=0.9995, promised=0.9995))
    assert plainly(notes.point_notes(strict)[0]) == (
        "Users were promised 99.95 %, but what an answer depends on allows 99.8 % at most: 4 calls "
        "at 99.95 % each."
    )
    assert "it cannot be kept" in words.aloud(strict)[4]
    assert "below the" in words.aloud(budget(ErrorBudgetScenario(slo=0.95)))[4]


def test_what_fails_twice_is_counted_once_and_both_sums_are_told_apart() -> None:
    assert plainly(notes.spend_note(DEFAULT)).startswith(
        "The six shares add up to 0.872 %, but 0.869 % of answers fail"
    )
    assert plainly(" ".join(apart(0.5, 0.5))) == "50 % 50 %"


def test_owners_are_counted() -> None:
    assert "ways that four owners answer for" in words.story(DEFAULT)
    alone = budget(
        ErrorBudgetScenario(
            owner_wrong="platform", owner_unsafe="platform", owner_capped="platform"
        )
    )
    assert "ways that one owner answers for" in words.story(alone)
    two = budget(ErrorBudgetScenario(owner_wrong="platform", owner_unsafe="platform"))
    assert "ways that two owners answer for" in words.story(two)


def test_sums_that_read_the_same_are_not_told_apart() -> None:
    none = {f"observed_{mode}": 0.0 for mode in MODES if mode != "wrong"}
    assert notes.spend_note(budget(ErrorBudgetScenario.model_validate(none))) == ""


def test_the_chain_is_said_with_the_fallback_in_use() -> None:
    s = ErrorBudgetScenario(provider=0.9, calls_per_answer=100)
    two = s.model_copy(update={"fallback": "a second provider"})
    assert "100 calls at 90 % each." in plainly(notes.point_notes(budget(s))[0])
    assert "allows 37 % at most: 100 calls at 99 % each, with a second provider." in plainly(
        notes.point_notes(budget(two))[0]
    )


def test_alerts_that_are_always_on_or_fire_inside_the_budget_are_told() -> None:
    noisy = budget(ErrorBudgetScenario(slo=0.999))
    assert any("always on" in note for note in notes.alert_notes(noisy))
    week = budget(ErrorBudgetScenario(window="7 days"))
    assert "below 1" in notes.alert_notes(week)[-1]
    assert notes.alert_notes(DEFAULT) == ()


def test_few_answers_are_too_few_to_say() -> None:
    few = budget(ErrorBudgetScenario(requests_per_month=10, window="7 days"))
    assert "too few to say" in words.sli_row(few.slis[0])[2]
    assert "wilson" not in " ".join(words.sli_row(few.slis[0])).lower()


def test_intervals_are_told_apart_from_their_share() -> None:
    for sli in DEFAULT.slis:
        _, _, share, score, exact = words.sli_row(sli)
        for ends in (score, exact):
            low, high = ends.split(" to ")
            assert len({low, share, high}) == 3


# --- every position ---


def chosen(r: ErrorBudgetResult) -> dict[str, Any]:
    return {
        "cards": [(c.label, c.value, c.change) for c in words.cards(r)],
        "aloud": list(words.aloud(r)), "ratios": list(words.ratios(r)),
        "people": list(words.people(r)), "against": words.comparison(r),
    }  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_every_position_says_what_the_page_says_once_it_is_chosen(seed: int) -> None:
    rng = np.random.default_rng(seed)
    s = ErrorBudgetScenario() if seed == 0 else draw_budget(rng)
    r = budget(s)
    spots = every_spot(r)
    cards, aloud, ratios = words.cards_at(spots), aloud_at(spots), words.ratios_at(spots)
    people, against = words.people_at(spots), words.comparison_at(spots)
    named = [row for row, _, _ in words.dial_marks(r)]
    rows = np.append(named, rng.choice(r.slos.size, 6, replace=False))
    for row in [0, r.slos.size - 1, *rows.tolist()]:
        alone = budget(s.model_copy(update={"slo": float(r.slos[row])}))
        assert {
            "cards": [(c.label, c.value[row], c.change[row]) for c in cards],
            "aloud": [said[row] for said in aloud],
            "ratios": [(name, said[row]) for name, said in ratios],
            "people": [(label, people[cell][row]) for cell, label in words.CELLS.items()],
            "against": against[row],
        } == chosen(alone)  # fmt: skip


# --- everywhere ---


@pytest.mark.parametrize("seed", range(12))
def test_nothing_said_of_any_scenario_is_a_slip(seed: int) -> None:
    r = budget(draw_budget(np.random.default_rng(100 + seed)))
    for text in everything_said(r):
        assert not re.search(r"\bnan\b|\binf\b|None|\d e[+-]|undefined|  ", text), text
        assert text == text.strip()
    aloud = words.aloud(r)
    assert all(said.endswith(".") for said in aloud)
    assert len(aloud) == 6
    for _, _, shown, note, _ in words.steps(r):
        assert all(i < len(aloud) for i in (*shown, *note) if isinstance(i, int))


def test_the_money_said_is_the_cost() -> None:
    total, harm, keeping, saving = dollars(words.aloud(DEFAULT)[3])
    assert total == pytest.approx(DEFAULT.cost, rel=5e-3)
    assert harm + keeping == pytest.approx(total, rel=5e-3)
    assert saving == pytest.approx(DEFAULT.saving, rel=5e-3)


def test_every_mode_and_point_has_a_name() -> None:
    assert set(FAILURES) == set(MODES)
    assert set(words.POINTS) == {p.name for p in DEFAULT.points}
    assert set(words.RULES) == {split.rule for split in DEFAULT.splits}
    kinds = {kind for _, _, kind in words.dial_marks(DEFAULT)}
    assert kinds == {"best", "point", "today"}
