"""Words at the edges: very small, very large, exactly on a limit, exactly nought."""

import re

import numpy as np
import pytest

from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.natural_frequencies import natural_frequencies
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.sentences import moderation as words
from aipm_metrics.spoken import count, money, share, threshold
from tests.aipm_metrics.said import numbers
from tests.aipm_metrics.scenario_draws import draw_runnable
from tests.aipm_metrics.sentences.everything_said import everything_said


@pytest.mark.parametrize("value", [2.1e-5, 9.1e-12, 1e15, 3e17])
def test_no_count_is_said_in_powers_of_ten(value: float) -> None:
    """Said as 2.1e-05, and as 1e+03 trillion."""
    assert "e" not in count(value).replace("less than", "")


@pytest.mark.parametrize("usd", [1e15, 5e19])
def test_no_money_is_said_in_powers_of_ten(usd: float) -> None:
    """Said as $5e+07tn; 5e9 missed posts at the highest prices come to that."""
    assert "e" not in money(usd)


@pytest.mark.parametrize("t", [1e-13, 1e-20, 1 - 1e-13])
def test_no_threshold_inside_is_said_to_be_an_end(t: float) -> None:
    """Searched thresholds can be smaller than 12 decimals show: 1e-13 is said as 0."""
    assert threshold(t) not in {"0", "1"}
    assert share(t) not in {share(0.0), share(1.0)}


@pytest.mark.parametrize("say", [count, threshold, money])
def test_minus_nought_is_nought(say: object) -> None:
    """count(-0.0) and threshold(-0.0) say -0, money(-0.001) says -$0."""
    assert callable(say)
    assert "-" not in say(-0.0)
    assert "-" not in money(-0.001)


def test_no_sentence_anywhere_uses_powers_of_ten() -> None:
    """The same defect where people meet it: 1 in 4 random scenarios have such a text."""
    found = set()
    for scenario, rows in draw_runnable(np.random.default_rng(1), 60):
        for text in everything_said(moderate(scenario, rows)):
            found |= set(re.findall(r"\d[\d.]*e[-+]?\d+", text))
    assert not found


@pytest.mark.parametrize(
    "knobs",
    [
        {"prevalence": 0.03, "reports_per_missed": 0, "desk_hours": 400},
        {"prevalence": 0.01, "auc": 0.9, "desk_hours": 700},
    ],
)
def test_the_best_threshold_within_the_desk_is_within_the_desk(knobs: dict[str, float]) -> None:
    """One tap on its pill, and "the desk would need 700 hours, 4.5e-13 more than it has"."""
    s = ModerationScenario.model_validate(knobs)
    there = s.model_copy(update={"threshold": moderate(s).within_desk.threshold})
    assert "more than it has" not in words.aloud(moderate(there))[1]


def test_a_score_of_nought_in_the_middle_does_not_flag_everything() -> None:
    """Scores from -2 to 2 cut at 0: words, pills, hover and slider say "flag everything"."""
    rows = Empirical.from_rows([-2.0, -1.0, 1.0, 2.0], [0, 0, 1, 1])
    s = ModerationScenario(rows=rows.fingerprint, threshold=0.0, today_threshold=1.5)
    r = moderate(s, rows)
    assert r.confusion.flagged < r.confusion.total
    assert not any("flag everything" in text for text in everything_said(r))


def test_the_lowest_score_of_rows_is_said_to_flag_everything() -> None:
    """The same the other way round: it flags all, and is said as a number only."""
    rows = Empirical.from_rows([-2.0, -1.0, 1.0, 2.0], [0, 0, 1, 1])
    s = ModerationScenario(rows=rows.fingerprint, threshold=-2.0, today_threshold=1.5)
    r = moderate(s, rows)
    assert r.confusion.flagged == r.confusion.total
    assert any("flag everything" in text for text in words.aloud(r))


@pytest.mark.parametrize(
    ("chosen", "today", "said"),
    [
        (-2.0, 1.5, "If we flag everything we leave 0"),
        (1.5, -2.0, "wrongly removed, against flagging everything, as today."),
        (1.5, -0.5, "wrongly removed, against today's -0.5."),
    ],
)
def test_an_end_is_something_one_does(chosen: float, today: float, said: str) -> None:
    """Said as "at a threshold of flag nothing" and "against today's flag everything"."""
    rows = Empirical.from_rows([-2.0, -1.0, -0.5, 1.5], [0, 0, 1, 1])
    s = ModerationScenario(
        rows=rows.fingerprint, threshold=chosen, today_threshold=today, items_per_month=1000
    )
    r = moderate(s, rows)
    assert said in words.aloud(r)[0]
    for text in (*words.aloud(r), words.comparison(r)):
        assert not re.search(r"'s flag|of flag|, flag |at flag", text), text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"harm_per_missed": 0, "views_per_missed": 0, "reports_per_missed": 0}, "nothing"),
        ({"leave_after_wrongful": 0, "appeal_share": 0}, "everything"),
    ],
)
def test_where_the_cheapest_is_an_end_it_is_something_one_does(
    values: dict[str, float], said: str
) -> None:
    """Today's own setting is compared with the lowest cost: "the lowest cost's flag nothing"."""
    s = ModerationScenario.model_validate({**values, "threshold": 0.5, "today_threshold": 0.5})
    r = moderate(s)
    told = (*words.aloud(r), words.comparison(r))
    assert f"against flagging {said}, which costs least." in told[0]
    assert f"Flagging {said} is cheapest" in told[2]
    assert told[-1].endswith(f"instead, flagging {said}.")
    assert not any(re.search(r"'s flag|of flag|, flag |at flag", text) for text in told)


def test_saving_more_needs_something_saved_already() -> None:
    """The choice costs $147k more than today, and the best "would save $296k more"."""
    r = moderate(ModerationScenario(threshold=0.95))
    assert r.saving < 0
    best = words.aloud(r)[2]
    assert numbers(best)
    assert not re.search(r"save \$\S+ more", best)


def test_cells_too_rare_for_any_float_are_still_counted() -> None:
    """``1 / share`` overflows: a warning in the log, and an error under our own tests."""
    found = natural_frequencies(0.1, Rates(tpr=np.float64(1e-310), fpr=np.float64(0.0)))
    assert found.people == {"caught": 0, "missed": 100, "wronged": 0, "left alone": 900}
    assert found.one_in["caught"] == found.one_in["wronged"] == np.inf


def test_a_cost_slope_that_underflows_is_searched_without_a_warning() -> None:
    """``log(slope / per_miss)`` of a slope near 1e-321; ``log(slope) - log(per_miss)`` holds."""
    s = ModerationScenario(
        items_per_author=1000, leave_after_wrongful=0.525, appeal_share=0, value_per_author=1,
        harm_per_missed=1e6, prevalence=0.5,
    )  # fmt: skip
    assert moderate(s).lowest_cost.feasible
