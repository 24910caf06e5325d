"""Words about building a model or not: exact, grammatical, and of one mind at every length."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from aipm_metrics.scenarios.build_or_not import (
    BuildOrNotResult,
    BuildOrNotScenario,
    compare_options,
)
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS
from aipm_metrics.sentences import build_or_not as words
from aipm_metrics.sentences import build_or_not_tables as tables
from aipm_metrics.sentences.build_or_not_spots import DOING, NOUNS, aloud_at, every_spot
from tests.aipm_metrics.said import dollars, number, numbers
from tests.aipm_metrics.scenarios.build_or_not_draws import draw_build

PICTURES = ("people", "cost", "causes", "volume", "roc", "map")
DEFAULT = compare_options(BuildOrNotScenario())


def told(**knobs: Any) -> BuildOrNotResult:
    return compare_options(BuildOrNotScenario.model_validate(knobs))


def plainly(text: str) -> str:
    return text.replace("\N{NO-BREAK SPACE}", " ")


def everything_said(r: BuildOrNotResult) -> list[str]:
    """Sentences, cards, table cells and descriptions of pictures."""
    rows: list[tuple[str, ...]] = [
        *map(tables.flip_row, r.flips), *map(tables.break_even_row, r.break_evens),
        *map(tables.point_row, r.points), *map(tables.assumption_row, r.assumptions),
        *map(tables.outcome_row, r.outcomes), *words.cards(r), words.aloud(r),
        *tables.spot_rows(r)[:: 7],
    ]  # fmt: skip
    spots = every_spot(r)
    return [
        words.story(r), words.rival(r), words.worst_assumption(r), words.of_people(r),
        words.of_map(r), words.hull_line(r), *(label for _, label, _ in words.dial_marks(r)),
        *(words.described(r, picture) for picture in PICTURES),
        *(words.comparison_at(spots)[row] for row in (0, 30, 59)),
        *(cell for row in rows for cell in row),
    ]  # fmt: skip


# --- exactly ---


def test_the_default_said_aloud() -> None:
    assert plainly(" ".join(words.aloud(DEFAULT))) == (
        "Over 24 months, doing nothing costs $20k, rules cost $13.6k, people cost $13.4k and a "
        "model costs $21.7k a month: people are cheapest. A model misses 130 fewer positives a "
        "month and raises 460 more false alarms against rules; that costs $8,100 more a month. A "
        "model is not worth building below 285,000 items a month (now 50,000). Against rules I "
        "would be right only if the cost of a false alarm rose above $19.62 (now $2)."
    )
    assert plainly(words.story(DEFAULT)).startswith(
        "50,000 items a month, 1 in 50 is a positive; today: rules."
    )
    assert words.dial_marks(DEFAULT) == (
        (0, "rules cheapest from", "best"), (19, "people cheapest from", "best"),
    )  # fmt: skip
    assert words.dial_marks(told(cost_fn=0)) == ((0, "doing nothing cheapest from", "best"),)


def test_a_model_that_pays_said_aloud() -> None:
    r = compare_options(
        BuildOrNotScenario.model_validate(BuildOrNotScenario.presets["rules that went stale"])
    )
    assert plainly(" ".join(words.aloud(r)[2:])) == (
        "A model is worth building from 158,000 items a month on (now 200,000). I would change my "
        "mind if the cost of a miss fell below $10.36 (now $20)."
    )
    assert "a model is cheapest." in words.aloud(r)[0]


def test_each_way_has_its_own_verb() -> None:
    for option, first in {
        "nothing": "Doing nothing misses ", "rules": "Rules miss ", "people": "People miss ",
        "a model": "A model misses ",
    }.items():  # fmt: skip
        said = words.aloud(told(option=option, today="rules" if option != "rules" else "people"))
        assert said[1].startswith(first)
        assert (" raise " in said[1]) == (option in {"rules", "people"})
    assert words.aloud(told(months=1))[0].startswith("Over 1 month, ")
    assert "rules are cheapest." in words.aloud(told(months=6))[0]
    assert "doing nothing is cheapest." in words.aloud(told(cost_fn=0))[0]


def test_the_rival_is_named() -> None:
    assert words.comparison_at(every_spot(DEFAULT))[5] == (
        "Your choice, a model, is compared with today's: rules."
    )
    same = told(option="rules")
    assert words.comparison_at(every_spot(same))[23] == (
        "Your choice is what is done today; it is compared with people."
    )


def test_what_is_undefined_is_said_to_be() -> None:
    r = told(option="nothing")
    ratios = {name: said[r.row] for name, said in words.ratios_at(every_spot(r))}
    assert ratios["precision"] == "undefined: nothing is flagged"
    assert plainly(ratios["recall"]) == "0 %"


def test_every_kind_of_volume_is_said() -> None:
    stretch: dict[str, Any] = {
        "today": "nothing", "rules_run": 200_000, "rules_tpr": 0.95, "rules_fpr": 0.001,
        "rules_decay": 0, "launch_months": 0, "people_hours": 0, "model_build": 20_000,
    }  # fmt: skip
    free: dict[str, Any] = {
        "launch_months": 0, "model_build": 0, "model_run": 0, "retrain_cost": 0, "decay": 0,
        "price_per_thousand": 0, "auc": 0.9999,
    }  # fmt: skip
    starts = {
        "A model is not worth building below": {},
        "A model is worth building from 158,000": {"rules_decay": 0.06, "items_per_month": 2e5},
        "A model is worth building at any volume.": free,
        "Over so long a plan a model is not worth building at any volume.": {"months": 2},
        "A model is not worth building above": {**stretch, "items_per_month": 1e8},
    }
    for start, knobs in starts.items():
        assert words.aloud(told(**knobs))[2].startswith(start)
    middle = told(**stretch, items_per_month=200_000)
    assert re.search(r"from [\d,]+ to [\d.,]+.*items a month \(now 200,000\)",
                     words.aloud(middle)[2])  # fmt: skip
    assert words.cards(middle)[4][2].startswith("up to ")
    assert words.cards(told(**free))[4][1] == "any volume"
    assert words.cards(told(months=2))[4][1:] == ("no volume", "over so long a plan")


def test_the_hull_is_told() -> None:
    assert words.hull_line(DEFAULT).startswith("Rules lie below the hull: ")
    both = told(people_fpr=0.2)
    assert words.hull_line(both).startswith("Rules and people lie below")
    assert words.hull_line(told(auc=0.6, rules_tpr=0)).startswith("Rules and a model lie below")
    assert words.hull_line(told(auc=0.6, rules_tpr=0, rules_fpr=0)).startswith("A model lies below")
    assert words.hull_line(told(rules_fpr=0.002)).startswith("Each way stands on the hull")


# --- true ---


@pytest.mark.parametrize("seed", range(8))
def test_the_money_said_is_the_cost(seed: int) -> None:
    r = compare_options(draw_build(seed))
    aloud = words.aloud(r)
    said = dollars(aloud[0])
    assert said == pytest.approx([p.cost for p in r.points], rel=6e-3, abs=0.006)
    best = OPTIONS[int(r.cheapest[r.row])]
    assert re.search(rf": {DOING[best]} (is|are) cheapest\.$", aloud[0])
    if abs(r.saving) > 0.005:
        assert dollars(aloud[1])[-1] == pytest.approx(abs(r.saving), rel=6e-3, abs=0.006)
        assert ("that saves" in aloud[1]) == (r.saving > 0)
    mind = r.nearest_flips
    if mind.which[r.row] >= 0:
        assert ("rose above" in aloud[3]) == (
            mind.at[r.row] > getattr(r.scenario, mind.knobs[mind.which[r.row]].name)
        )
        assert aloud[3].startswith("I would change my mind") == (r.saving >= 0)


def test_pays_from_is_where_it_starts_to_pay() -> None:
    said = number(words.cards(DEFAULT)[4][1])
    best = {}
    for part in (0.97, 1.03):
        r = told(items_per_month=said * part)
        best[part] = OPTIONS[int(r.cheapest[r.row])]
    assert best[0.97] != "a model"
    assert best[1.03] == "a model"
    assert said in numbers(words.aloud(DEFAULT)[2])


# --- every length ---


@pytest.mark.parametrize("seed", range(4))
def test_every_length_says_what_the_page_says_once_it_is_chosen(seed: int) -> None:
    s = BuildOrNotScenario() if seed == 0 else draw_build(seed)
    r = compare_options(s)
    spots = every_spot(r)
    cards, aloud, ratios = words.cards_at(spots), aloud_at(spots), words.ratios_at(spots)
    people, against = words.people_at(spots), words.comparison_at(spots)
    rng = np.random.default_rng(seed)
    for row in {0, 59, *(row for row, _, _ in words.dial_marks(r)), *rng.integers(0, 60, 4)}:
        alone = compare_options(s.model_copy(update={"months": float(row + 1)}))
        there = every_spot(alone)
        assert [(c.label, c.value[row], c.change[row]) for c in cards] == list(words.cards(alone))
        assert tuple(said[row] for said in aloud) == words.aloud(alone)
        assert [said[row] for _, said in ratios] == [
            said[row] for _, said in words.ratios_at(there)
        ]
        assert {cell: said[row] for cell, said in people.items()} == {
            cell: said[row] for cell, said in words.people_at(there).items()
        }
        assert against[row] == words.comparison_at(there)[row]
        assert tables.spot_rows(alone)[row][1:6] == tuple(c.value[row] for c in cards)


# --- everywhere ---


@pytest.mark.parametrize("seed", range(12))
def test_nothing_said_of_any_scenario_is_a_slip(seed: int) -> None:
    r = compare_options(draw_build(100 + seed))
    for text in everything_said(r):
        assert not re.search(r"\bnan\b|\binf\b|None|\d e[+-]|undefined|  |no end of", text), text
        assert not re.search(r"\b(rules|people) (is|costs|misses)\b", text), text
        assert not re.search(r"\ba model (are|cost|miss)\b", text), text
        assert text == text.strip()
    aloud = words.aloud(r)
    assert len(aloud) == 4
    assert all(said.endswith(".") and said[0].isupper() for said in aloud)
    for _, _, shown, note, _ in words.steps(r):
        assert all(i < len(aloud) for i in (*shown, *note) if isinstance(i, int))


def test_everything_has_a_name() -> None:
    assert set(DOING) == set(OPTIONS)
    assert set(NOUNS) >= {flip.knob.name for today in OPTIONS for flip in told(today=today).flips}
    headers = {
        tables.SPOT_HEADER: tables.spot_rows(DEFAULT)[0],
        tables.POINT_HEADER: tables.point_row(DEFAULT.points[0]),
        tables.FLIP_HEADER: tables.flip_row(DEFAULT.flips[0]),
        tables.BREAK_EVEN_HEADER: tables.break_even_row(DEFAULT.break_evens[0]),
        tables.OUTCOME_HEADER: tables.outcome_row(DEFAULT.outcomes[0]),
        tables.ASSUMPTION_HEADER: tables.assumption_row(DEFAULT.assumptions[0]),
    }
    assert all(len(header) == len(row) for header, row in headers.items())
    assert [row[-1] for row in tables.spot_rows(DEFAULT)].index("chosen") == 23


def test_when_nothing_moves_the_answer_it_says_so() -> None:
    still = told(option="nothing", today="people", people_hours=0)
    assert still.saving == 0
    assert words.worst_assumption(still) == "No assumption moves the answer."
    assert "that costs the same a month." in words.aloud(still)[1]
    assert words.aloud(still)[3] == "No single price, anywhere in its range, would change my mind."
