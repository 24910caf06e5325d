"""The words agree with the result: every number, every direction, every refusal."""

import re

import numpy as np
import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario, moderate
from aipm_metrics.sentences import moderation as words
from aipm_metrics.sentences.moderation_spots import NOUNS
from tests.aipm_metrics.said import dollars, number, numbers
from tests.aipm_metrics.scenario_draws import draw_runnable
from tests.aipm_metrics.sentences.everything_said import everything_said

PRESETS = [{}, *ModerationScenario.presets.values()]
THRESHOLDS = [0.001, 0.03, 0.0825, 0.15, 0.3, 0.49, 0.7, 0.95, 0.9999]
ROWS = Empirical.from_rows([0.1, 0.2, 0.3, 0.4, 0.6, 0.7], [0, 0, 1, 0, 1, 1])


def near(said: float, value: float) -> bool:
    """Two significant digits, as spoken."""
    return abs(said - value) <= 0.0501 * abs(value) + 1e-12


def known(r: ModerationResult) -> list[float]:
    """Every number that a sentence about this result may say."""
    here, there = r.chosen.confusion, r.compared.confusion
    flip = r.flips[0]
    return [
        here.fn, here.fp, abs(here.fn - there.fn), abs(here.fp - there.fp),
        r.cost, abs(r.saving), r.desk_hours, r.scenario.desk_hours,
        abs(r.desk_hours - r.scenario.desk_hours), r.lowest_cost.load,
        r.cost - r.lowest_cost.cost, r.cost - r.within_desk.cost,
        *(float(m.threshold) for m in (r.chosen, r.compared)),
        *(p.threshold for p in r.points), flip.at, flip.today,
    ]  # fmt: skip


@pytest.mark.parametrize("preset", PRESETS, ids=["defaults", *ModerationScenario.presets])
@pytest.mark.parametrize("threshold", [0.004, 0.15, 0.9])
def test_every_number_spoken_is_the_results_own(
    preset: dict[str, float | str], threshold: float
) -> None:
    r = moderate(ModerationScenario.model_validate({**preset, "threshold": threshold}))
    choice, money, *rest = words.aloud(r)
    for text in (choice, money, *rest):
        for said in numbers(text):
            assert any(near(said, value) for value in known(r)), (said, text)
    for needed in (threshold, r.confusion.fn, r.confusion.fp):
        assert any(near(said, needed) for said in numbers(choice)), (needed, choice)
    assert near(dollars(money)[0], r.cost)
    assert near(dollars(money)[1], abs(r.saving))
    assert any(near(said, r.desk_hours) for said in numbers(money))


@pytest.mark.parametrize("threshold", THRESHOLDS)
@pytest.mark.parametrize("today", [0.02, 0.5])
def test_directions_are_the_right_way_round(threshold: float, today: float) -> None:
    r = moderate(ModerationScenario(threshold=threshold, today_threshold=today))
    lower = threshold < today
    choice, money, *_ = words.aloud(r)
    directions = re.findall(r"\b(fewer|more) (left up|wrongly removed)", choice)
    assert directions == [
        ("fewer" if lower else "more", "left up"),
        ("more" if lower else "fewer", "wrongly removed"),
    ]
    assert ("saves" in money) is (r.saving > 0)
    assert (" more than today" in money) is (r.saving < 0)
    assert ("more than it has" in money) is (r.desk_hours > r.scenario.desk_hours)
    by_label = {card.label: card.change for card in words.cards(r)}
    assert ("fewer" if lower else "more") in by_label["harmful left up"]
    assert ("more" if lower else "fewer") in by_label["wrongly removed"]
    assert ("more" if lower else "fewer") in by_label["authors leaving"]
    assert ("saves" if r.saving > 0 else "costs") in by_label["cost a month"]


@pytest.mark.parametrize("threshold", THRESHOLDS)
def test_what_would_change_my_mind_would(threshold: float) -> None:
    """Move the knob past the value that is said: the other threshold becomes the cheaper one."""
    s = ModerationScenario(threshold=threshold)
    r = moderate(s)
    mind, flip = words.aloud(r)[3], r.flips[0]
    assert NOUNS[flip.knob.name] in mind
    assert ("rose above" in mind) is (flip.at > flip.today)
    assert ("fell below" in mind) is (flip.at < flip.today)
    assert ("right only if" in mind) is (r.saving < 0)
    for part, flipped in ((0.999, False), (1.001, True)):
        moved = flip.today + part * (flip.at - flip.today)
        saving = moderate(s.model_copy(update={flip.knob.name: moved})).saving
        assert bool(np.sign(saving) != np.sign(r.saving)) is flipped
    head = words.flip_line(flip)
    assert near(numbers(head[1])[0], flip.today)
    assert near(numbers(head[2])[0], flip.at)


def test_cards_say_value_and_change_of_their_outcome() -> None:
    r = moderate(ModerationScenario())
    by_name = {o.name: o for o in r.outcomes}
    cards = words.cards(r)
    for card, name in zip(
        cards, ("fn", "fp", "authors_leaving", "desk_hours", "cost"), strict=True
    ):
        o = by_name[name]
        assert near(number(card.value), o.value)
        assert near(numbers(card.change)[0], abs(o.value - o.compared))
        assert o.formula in card.detail
        assert f"{o.value:,.2f}" in card.detail
    assert near(numbers(cards[3].label)[0], r.scenario.desk_hours)


def test_todays_own_threshold_is_compared_with_the_lowest_cost_and_says_so() -> None:
    r = moderate(ModerationScenario(threshold=0.5, today_threshold=0.5))
    said = " ".join(words.aloud(r))
    assert "today" not in said
    assert "the lowest cost" in words.aloud(r)[0]
    assert "more than the lowest cost" in words.aloud(r)[1]
    assert "lowest cost" in words.comparison(r)
    assert any(near(n, r.lowest_cost.threshold) for n in numbers(words.comparison(r)))
    assert "today" in words.comparison(moderate(ModerationScenario())).lower()


def test_the_lowest_cost_knows_that_it_is() -> None:
    best = moderate(ModerationScenario()).lowest_cost.threshold
    r = moderate(ModerationScenario(threshold=best, today_threshold=best))
    choice, _, cheapest, _ = words.aloud(r)
    assert "already the lowest cost" in choice
    assert "No threshold is cheaper" in cheapest
    assert not re.search(r"\$0\b", " ".join(words.aloud(r)))
    assert {card.change for card in words.cards(r)} <= {"no change", "costs the same"}


def test_a_desk_too_small_for_any_threshold_is_told_by_how_much() -> None:
    least = moderate(ModerationScenario(desk_hours=0, reports_per_missed=400)).within_desk.load
    r = moderate(ModerationScenario(desk_hours=0.7 * least, reports_per_missed=400))
    assert not r.within_desk.feasible
    assert r.within_desk.load == least
    row = words.point_row(r, r.within_desk)
    assert near(numbers(" ".join(row))[0], r.within_desk.load)
    (note,) = [n for n in words.point_notes(r) if "out of reach" in n.lower()]
    for value in (least, 0.3 * least, 0.7 * least):
        assert any(near(n, value) for n in numbers(note)), (value, note)
    assert "no threshold fits" in " ".join(words.aloud(r))


@pytest.mark.parametrize(
    ("scenario", "rows"),
    [
        (ModerationScenario(auc=0.5, threshold=0.9), None),
        (ModerationScenario(rows=ROWS.fingerprint, threshold=0.9), ROWS),
    ],
)
def test_undefined_ratios_are_said_to_be_and_never_nought(
    scenario: ModerationScenario, rows: Empirical | None
) -> None:
    r = moderate(scenario, rows)
    assert r.confusion.flagged == 0
    told = dict(words.ratios(r))
    assert told["precision"].startswith("undefined")
    assert "nothing is flagged" in told["precision"]
    assert told["MCC"].startswith("undefined")
    assert number(told["recall"]) == 0
    assert not any("0" in told[name] for name in ("precision", "MCC"))


def test_ratios_read_back() -> None:
    r = moderate(ModerationScenario())
    told, cells = dict(words.ratios(r)), r.confusion
    for name, value in (
        ("precision", cells.precision), ("recall", cells.recall), ("F1", cells.f1),
        ("MCC", cells.mcc), ("share flagged", cells.flagged / cells.total),
    ):  # fmt: skip
        assert near(number(told[name]), float(value)), name


def test_a_point_beyond_the_slider_is_said_to_be() -> None:
    quiet = ModerationScenario(harm_per_missed=0, views_per_missed=0, reports_per_missed=0)
    r = moderate(quiet)
    assert r.lowest_cost.threshold == np.inf
    notes = [note for note in words.point_notes(r) if "beyond the slider" in note]
    assert any("flag nothing" in note for note in notes)
    inside = moderate(ModerationScenario())
    assert not any("beyond the slider" in note for note in words.point_notes(inside))


def test_volume_is_left_out_because_it_never_changes_which_is_cheaper() -> None:
    assert "items_per_month" not in {f.knob.name for f in moderate(ModerationScenario()).flips}
    assert "number of posts" in words.VOLUME_LINE
    assert "scales" in words.VOLUME_LINE
    for threshold in THRESHOLDS:
        signs = {
            float(
                np.sign(moderate(ModerationScenario(threshold=threshold, items_per_month=n)).saving)
            )
            for n in (1e3, 1e6, 1e10)
        }
        assert len(signs) == 1


def test_every_price_and_rate_has_a_noun_and_every_table_a_full_header() -> None:
    priced = {name for name, knob in knobs_of(ModerationScenario).items() if knob.priced}
    assert priced <= set(NOUNS)
    r = moderate(ModerationScenario(decision_delay=5))
    assert {flip.knob.name for flip in r.flips} == priced - {"model_price"}
    for header, row in (
        (words.POINT_HEADER, words.point_row(r, r.lowest_cost)),
        (words.FLIP_HEADER, words.flip_line(r.flips[0])),
        (words.ASSUMPTION_HEADER, words.assumption_row(r.assumptions[0])),
        (words.OUTCOME_HEADER, words.outcome_row(r.outcomes[0])),
    ):
        assert len(header) == len(row)


def test_nothing_unfit_to_be_said_is_said_about_any_scenario() -> None:
    for scenario, rows in draw_runnable(np.random.default_rng(1), 100):
        r = moderate(scenario, rows)
        for text in everything_said(r):
            assert not re.search(r"\bnan\b|\binf\b|None|  |\n|\bTrue\b|np\.", text), text
            assert text == text.strip()
        for sentence in words.aloud(r):
            assert sentence[0].isupper()
            assert sentence.endswith(".")
