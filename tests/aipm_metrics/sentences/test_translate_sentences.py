"""What is said about metrics: every number comes from the result, and nothing is left unsaid."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

from aipm_metrics.scenarios.translate import CHANGEABLE, TranslateResult, TranslateScenario
from aipm_metrics.sentences import translate as words
from aipm_metrics.sentences import translate_tables as tables
from tests.aipm_metrics.said import dollars, numbers
from tests.aipm_metrics.scenarios.translate_draws import draw_translate

PICTURES = ("people", "cost", "open", "misfit")


def told(**values: Any) -> TranslateResult:
    return TranslateScenario.model_validate(values).run()


def preset(name: str) -> TranslateResult:
    return TranslateScenario.model_validate(TranslateScenario.presets[name]).run()


def everything_said(result: TranslateResult) -> list[str]:
    rows: list[tuple[str, ...]] = [
        *(tables.flip_row(flip) for flip in result.flips),
        *(tables.assumption_row(a) for a in result.assumptions),
        *(tables.outcome_row(result, o) for o in result.outcomes),
        *((c.label, c.value, c.change, c.detail) for c in words.cards(result)),
        *tables.metric_rows(result), *tables.misfit_rows(result), *words.people(result),
        words.aloud(result), words.CONVENTIONS,
    ]  # fmt: skip
    return [
        words.story(result), words.verdict(result), words.comparison(result),
        words.other_meaning(result), words.rounding_note(result), words.target_line(result),
        words.held_note(result), words.of_people(result), words.of_cost(result),
        words.worst_assumption(result),
        *(words.described(result, picture) for picture in PICTURES),
        *(cell for row in rows for cell in row),
    ]  # fmt: skip


def test_the_articles_sentence() -> None:
    """A 5 % drop in precision: so many more false alarms, so much in support."""
    result = TranslateScenario().run()
    said = " ".join(words.aloud(result)).replace("\xa0", " ")
    assert said.startswith(
        "If precision falls 5 %, from 80 % to 76 %, while recall stays, there are 1,100 more "
        "false alarms a month (26 % more) and as many missed. That is 260 more support tickets, "
        "which costs $1,300 more in support; 42 more people leave. In all it costs $3,800 more a "
        "month."
    )
    assert "recall would have to go from 80 % to 80.5 %" in said


def test_both_meanings_are_told_and_told_apart() -> None:
    relative, points = told(measure="per cent"), told(measure="points")
    assert "5 points" in words.other_meaning(relative)
    assert "5\xa0%" in words.other_meaning(points)
    assert "falls 5\xa0%" in words.aloud(relative)[0]
    assert "falls 5 points" in words.aloud(points)[0]
    assert "falls 1 point," in words.aloud(told(measure="points", amount=-0.01))[0]


def test_rounding_is_set_against_the_change() -> None:
    small = words.rounding_note(told(amount=-0.01))
    large = words.rounding_note(told(amount=-0.3))
    assert "3,659 to 4,359" in small
    assert "more open than this change moves" in small
    assert "more open" not in large


def test_the_way_to_a_target_and_its_bound() -> None:
    reached = words.target_line(told(target_amount=500)).replace("\xa0", " ")
    assert (
        reached
        == "To save 500 tickets a month, precision must rise from 80 % to 88.9 %, recall held."
    )
    beyond = words.target_line(told(target_amount=1500))
    assert beyond == (
        "No precision saves 1,500 tickets a month while recall is held: the most it can save is "
        "1,000."
    )


def test_a_report_that_cannot_be_true_names_the_suspects_and_clears_the_rest() -> None:
    result = preset("a report that cannot be true")
    said = " ".join(words.aloud(result)).replace("\xa0", " ")
    assert "cannot all be true" in words.verdict(result)
    assert "precision would be between 44.6 % and 45.4 %, not 91 %" in said
    assert "flagged would be between 2,339 and 2,409, not 4,800" in said
    assert "It is not recall alone" in said
    assert [card.label for card in words.cards(result)] == ["positives", "flagged", "precision"]


def test_a_report_of_too_few_whole_cases_says_so() -> None:
    result = told(
        volume_known="not known", prevalence_known="not known", recall_known="not known",
        flagged=7, flagged_known="to the last one", precision=0.91,
    )  # fmt: skip
    assert "no whole number of cases" in words.verdict(result)
    assert "One number is wrong: flagged or precision." in " ".join(words.aloud(result))


def test_metrics_that_need_an_article_have_one() -> None:
    """Said as "while false positive rate stays"."""
    bare = re.compile(
        r"(?<!the )(?<!The )\b(false positive rate|share flagged|share missed)\b"
        r"(?= (stays|is|can|cannot|must|would|could|held|changes|rises|falls|does))"
    )
    for changed in CHANGEABLE:
        for held in ("recall", "precision", "share flagged", "false positive rate"):
            for amount in (-0.02, 0.5):
                result = told(changed=changed, held=held, amount=amount)
                for text in (
                    *words.aloud(result), words.held_note(result), words.target_line(result),
                    words.of_cost(result), words.other_meaning(result),
                ):  # fmt: skip
                    assert not bare.search(text), text
    said = words.aloud(told(held="false positive rate", amount=-0.02))[0]
    assert "while the false positive rate stays" in said


def test_where_nothing_changes_it_says_so() -> None:
    """Said as "If precision rises 0 %, from 80 % to 80 %"."""
    (said,) = words.aloud(told(amount=0))
    assert said.replace("\xa0", " ") == "Nothing changes: precision is 80 % and stays there."
    assert words.aloud(told(amount=0, measure="points")) == (said,)


SEVEN = {
    "volume_known": "not known", "prevalence_known": "not known", "recall_known": "not known",
    "flagged": 7, "flagged_known": "to the last one", "precision": 0.91,
}  # fmt: skip


def test_where_whole_cases_refute_the_nearest_of_them_are_said_everywhere() -> None:
    result = told(**SEVEN)
    cards = {c.label: (c.value, c.change) for c in words.cards(result)}
    assert {name: tuple(x.replace("\xa0", " ") for x in pair) for name, pair in cards.items()} == {
        "flagged": ("11", "not 7"), "precision": ("86 %", "or 100 %, not 91 %"),
    }  # fmt: skip
    rows = {row[0]: row[2].replace("\xa0", " ") for row in tables.misfit_rows(result)}
    assert rows == {
        "flagged": "11, the nearest of whole cases",
        "precision": "86 % (6 of 7) or 100 % (7 of 7), the nearest of whole cases",
    }
    for said in (words.aloud(result)[-1], words.described(result, "misfit"),
                 words.cards(result)[1].detail):  # fmt: skip
        assert "86 % (6 of 7) or 100 % (7 of 7)" in said.replace("\xa0", " ")
    assert "of whole cases" in words.comparison(result)
    finer = told(**SEVEN | {"precision_known": "to 0.1 %"})
    assert words.cards(finer)[1].value.replace("\xa0", " ") == "85.7 %"


def test_what_the_others_leave_is_said_as_people_say_it() -> None:
    result = preset("a report that cannot be true")
    details = [c.detail.replace("\xa0", " ") for c in words.cards(result)]
    assert details[-1] == "The other numbers leave it 44.6 % to 45.4 %."
    assert details[1] == "The other numbers leave it 2,339 to 2,409."


def test_a_report_that_says_too_little_names_its_interval_and_what_would_settle_it() -> None:
    said = " ".join(words.aloud(preset("a report that says too little")))
    assert "between 0 and 9,000" in said
    assert "One more of these settles it: positives, prevalence" in said
    nothing = told(**{f"{n}_known": "not known" for n in ("volume", "prevalence", "precision",
                                                           "recall")})  # fmt: skip
    assert "Nothing is known yet" in words.story(nothing)
    assert "At least two more" in " ".join(words.aloud(nothing))


def test_what_is_out_of_reach_names_its_bounds() -> None:
    said = words.aloud(told(amount=0.3))[0].replace("\xa0", " ")
    assert said.startswith("Precision cannot go from 80 % to 104 % while recall is held")
    assert (
        "0.8 % to 100 %" in said.replace("0.802", "0.8").replace("1 %", "0.8 %")
        or "to 100 %" in said
    )
    assert {card.change for card in words.cards(told(amount=0.3))} == {"now; out of reach"}


def test_a_wish_that_cannot_be_held_is_said() -> None:
    note = words.held_note(told(changed="recall", held="recall", amount=0.01))
    assert note.startswith("Recall cannot be held while recall changes, so precision is.")
    assert words.held_note(told()).startswith("Held fixed: recall")


def test_without_a_volume_the_words_ask_for_it() -> None:
    result = told(
        volume_known="not known", prevalence_known="not known", positives=100,
        positives_known="to the last one",
    )  # fmt: skip
    assert "Say the volume" in words.verdict(result)
    assert "In all" not in " ".join(words.aloud(result))
    assert words.cards(result)[-1].value == "undefined"
    assert words.cards(result)[-1].change == "say the volume"


@pytest.mark.parametrize("changed", CHANGEABLE)
def test_numbers_said_are_numbers_of_the_result(changed: str) -> None:
    result = told(changed=changed, amount=-0.002)
    assert result.after is not None
    assert result.now is not None
    money = dollars(words.aloud(result)[1])
    support = abs(
        float(result.now.cost_by_cause["support"] - result.after.cost_by_cause["support"])
    )
    assert money[-1] == pytest.approx(abs(result.saving), rel=0.06)
    if len(money) == 2:
        assert money[0] == pytest.approx(support, rel=0.06)
    cards = {card.label: card.value for card in words.cards(result)}
    assert numbers(cards["false alarms"])[0] == pytest.approx(
        float(result.after.cells.fp), rel=0.06
    )


def test_nothing_said_is_broken_whatever_is_asked() -> None:
    rng = np.random.default_rng(6)
    states = set()
    for _ in range(120):
        result = draw_translate(rng).run()
        states.add((result.reading.status, result.after is None))
        for text in everything_said(result):
            lowered = text.lower()
            assert not re.search(r"\binf\b", lowered), text
            for bad in ("nan", "none", "$-", "--", "  ", "{", "np."):
                assert bad not in lowered.replace("name", ""), text
        for line in words.aloud(result):
            assert line.endswith(".")
            assert line[0].isupper() or line.startswith("F1")
    assert len(states) >= 4


def test_the_table_holds_the_matrix_and_every_metric() -> None:
    rows = {row[0]: row for row in tables.metric_rows(TranslateScenario().run())}
    assert rows["precision"][1:] == ("80 %", "80\xa0%", "79.5\xa0% to 80.5\xa0%", "76\xa0%")
    assert rows["false alarms (fp)"][2] == "4,000"
    assert math.isclose(numbers(rows["F1"][2])[0], 0.8)
