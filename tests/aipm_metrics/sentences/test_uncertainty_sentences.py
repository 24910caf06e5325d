"""What is said about how sure a choice is: the numbers in it, and grammar at the edges."""

import dataclasses
import re
from typing import Any

import numpy as np
import pytest

from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.moderation_uncertainty import how_sure
from aipm_metrics.scenarios.uncertainty import Uncertainty
from aipm_metrics.sentences import uncertainty as words
from tests.aipm_metrics.scenario_draws import draw_runnable


def of(**values: Any) -> Uncertainty:
    return how_sure(moderate(ModerationScenario.model_validate(values)))


DEFAULT = of()


def everything(found: Uncertainty) -> list[str]:
    said = [*words.aloud(found, "today"), *words.worth(found, "today"), words.outside(found)]
    said += [words.described(found, picture) for picture in ("bands", "tornado")]
    return [s for s in said if s] + [words.limits_line(bar) for bar in found.tornado]


def test_the_first_sentence_counts_the_draws_that_the_choice_wins() -> None:
    chance = DEFAULT.chance
    assert f"In {chance.wins} of 1,000 draws" in words.chance_line(DEFAULT, "today")
    assert f"give or take {chance.error * 1000:.0f}" in words.chance_line(DEFAULT, "today")


def test_ties_are_told_and_certainty_has_no_give_or_take() -> None:
    tied = dataclasses.replace(
        DEFAULT, cost=np.array([1.0, 2.0, 3.0]), rival_cost=np.array([1.0, 3.0, 4.0])
    )
    assert words.chance_line(tied, "today").endswith("; in 1 both cost the same.")
    sure = dataclasses.replace(tied, cost=np.zeros(3))
    assert words.chance_line(sure, "today") == (
        "In 3 of 3 draws this choice is cheaper than today."
    )


def test_the_same_choice_twice_is_said_in_one_sentence() -> None:
    same = dataclasses.replace(DEFAULT, rival_cost=DEFAULT.cost)
    assert words.aloud(same, "today") == ("This choice and today cost the same in every draw.",)


def test_the_cheapest_as_things_stand_is_not_called_the_lowest_cost() -> None:
    """In a draw it need not be the lowest: that is what the section is about."""
    found = of(today_threshold=0.15)
    said = " ".join(
        (*words.aloud(found, "the lowest cost"), *words.worth(found, "the lowest cost"))
    )
    assert "the choice that is cheapest as things stand" in said
    assert "the lowest cost" not in said


def test_what_flips_first_is_named_with_its_value_and_the_winner_beyond() -> None:
    found = of(ranges=[("harm_per_missed", 1, 60)])
    assert words.aloud(found, "today")[-1] == (
        'The first to flip the decision is "Harm of a missed post": below $5.43 (now $30) today '
        "is cheaper."
    )
    losing = of(threshold=0.4, today_threshold=0.15, ranges=[("harm_per_missed", 1, 60)])
    assert losing.saving_now < 0
    assert words.aloud(losing, "today")[-1].endswith("this choice is cheaper.")


def test_no_flip_is_said_too() -> None:
    assert words.aloud(DEFAULT, "today")[-1] == (
        "No assumption, alone and within its range, flips the decision."
    )


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"harm_per_missed": 0, "views_per_missed": 0, "reports_per_missed": 0},
         "In nine draws of ten the cheapest threshold is one that flags nothing."),
        ({"value_per_author": 0, "appeal_share": 0},
         "In nine draws of ten the cheapest threshold is one that flags everything."),
    ],
)  # fmt: skip
def test_flagging_nothing_or_everything_is_a_noun(values: dict[str, float], said: str) -> None:
    found = of(**values)
    assert words.worth(found, "today")[0] == said
    assert "1,000" in words.outside(found)


def test_regret_of_nothing_is_said_as_such() -> None:
    found = dataclasses.replace(DEFAULT, best_cost=DEFAULT.cost)
    assert "Nothing would have been cheaper in any draw." in words.worth(found, "today")


def test_a_row_has_a_cell_for_every_heading_and_a_flip_only_where_there_is_one() -> None:
    rows = [words.bar_row(bar) for bar in of(ranges=[("harm_per_missed", 1, 60)]).tornado]
    assert {len(row) for row in rows} == {len(words.BAR_HEADER)}
    flips = {row[0]: row[-1] for row in rows if row[-1]}
    assert flips == {"Harm of a missed post": "$5.43"}


def test_no_scenario_says_nan_infinity_or_a_sentence_without_an_end() -> None:
    for scenario, rows in draw_runnable(np.random.default_rng(17), 25):
        for sentence in everything(how_sure(moderate(scenario, rows))):
            assert sentence.endswith(".")
            assert not re.search(r"\b(nan|inf|None|undefined)\b|--|\$-|  ", sentence), sentence


def test_a_range_the_wrong_way_round_is_refused_in_words() -> None:
    said = words.turned_round("AUC", 0.97, 0.9)
    assert '"AUC"' in said
    assert "0.97 and 0.9" in said
