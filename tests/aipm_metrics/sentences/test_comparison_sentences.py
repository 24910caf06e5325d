"""What is said of two answers: the numbers in it, the same the other way round, nothing of none."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aipm_metrics.comparisons.compare import compare
from aipm_metrics.comparisons.presets import departures, pairs, preset_of, starter
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import ModerationScenario
from aipm_metrics.sentences import comparison as words
from aipm_metrics.sentences import comparison_tables as tables
from aipm_metrics.sentences.comparison_money import who_pays
from aipm_metrics.spoken import count, money, undefined, with_unit
from tests.aipm_metrics.comparisons.toys import ToyScenario, draw_pair, moved, tied
from tests.aipm_metrics.said import dollars

ROWS = Empirical.from_rows([0.1, 0.2, 0.4, 0.8, 0.9, 0.3], [0, 0, 1, 0, 1, 1])


def test_the_sentence_says_people_money_and_the_turning_point() -> None:
    compared = compare(*starter())
    (said,) = words.aloud(compared)
    by_name = {o.outcome.name: o.difference for o in compared.outcomes}
    decisive = compared.decisive
    assert decisive is not None
    assert said == (
        f"B lets {count(-by_name['fn'])} fewer harmful posts through, wrongly silences "
        f"{count(by_name['fp'])} more and drives {count(by_name['authors_leaving'])} more authors "
        f"away; it saves {money(-compared.cost_difference)} a month; A wins again with the harm of "
        f"a missed post below {with_unit(decisive.flip.at, 'USD')} (now $30)."
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
@example(750993)  # they differ in one knob alone: either value is as far from the other
@example(750991)
def test_turned_round_the_words_turn_round(seed: int) -> None:
    a, b, rows = draw_pair(seed)
    there = compare(a, b, rows, rows)
    one, other = words.aloud(there)[0], words.aloud(compare(b, a, rows, rows))[0]
    assert dollars(one) == pytest.approx(dollars(other))
    if there.same:
        assert one == other
        return
    people, back = (text.split("; it ")[0] for text in (one, other))
    swapped = re.sub("more|fewer", lambda m: {"more": "fewer", "fewer": "more"}[m[0]], people)
    assert swapped == back
    assert (" saves $" in one) == (" costs $" in other)
    assert (" costs $" in one) == (" saves $" in other)
    assert ("A wins again" in one) == ("B wins only" in other)
    mirror = {"A alone": "B alone", "B alone": "A alone"}
    tails = [text.partition(" with ")[2] for text in (one, other)]
    assert re.sub("[AB] alone", lambda m: mirror[m[0]], tails[0]) == tails[1]


def test_of_two_models_it_says_who_pays_and_which_price_or_delay_turns_it() -> None:
    """Better by AUC, worse by latency and price: both are told, each at its turning point."""
    compared = compare(*pairs()["Moderation: old model against new"])
    (said,) = words.aloud(compared)
    assert "lets caught harm be seen 153,000 more times before it is removed" in said
    own = compared.nearest
    assert own is not None
    assert (own.flip.knob.name, own.moved) == ("decision_delay", "b")
    at = with_unit(own.flip.at, "min")
    assert f"A wins again with the time to decide above {at} (now 5\xa0min) in B alone, or" in said
    (paid,) = who_pays(compared)
    usd = {o.outcome.name: o.difference for o in compared.parts}
    assert paid == (
        f"B saves above all on harm of missed posts ({money(-usd['cost_harm'])}) and viewers who "
        f"leave ({money(-usd['cost_viewers'])}), and pays more for harm before removal "
        f"({money(usd['cost_late'])}) and the model ({money(usd['cost_model'])})."
    )
    priced = {(t.flip.knob.name, t.moved) for t in compared.turnings if not undefined(t.flip.at)}
    assert ("model_price", "b") in priced


def test_what_happens_on_neither_side_is_not_said() -> None:
    compared = compare(*starter())
    assert "seen" not in words.aloud(compared)[0]
    assert len(tables.changes(compared)) == 4
    assert len(tables.changes(compare(*pairs()["Moderation: old model against new"]))) == 5
    assert who_pays(compare(ModerationScenario(), ModerationScenario(desk_hours=5))) == ()


def test_beside_itself_one_sentence_says_so() -> None:
    compared = compare(ModerationScenario(), ModerationScenario(trained_prevalence=0.3))
    assert words.aloud(compared) == ("A and B are one and the same scenario: nothing differs.",)
    assert not tables.turning_rows(compared)


def test_what_costs_the_same_is_not_said_to_win() -> None:
    compared = compare(ModerationScenario(), ModerationScenario(desk_hours=5))
    (said,) = words.aloud(compared)
    assert "it costs the same" in said
    assert "wins" not in said
    assert said.count("as many") == 3
    assert words.against(compared, "a") == "Next to B, A costs the same."


def test_where_nothing_turns_it_says_so() -> None:
    better = ModerationScenario(auc=0.97, temperature=0.7)  # on every count
    compared = compare(ModerationScenario(auc=0.94), better)
    assert compared.decisive is None
    assert "no single price or rate" in words.aloud(compared)[0]
    assert tables.turning_rows(compared) == ()
    assert tables.never_turning(compared).count("the ") > 10


def test_a_question_nobody_has_heard_of_is_said_in_its_own_verbs() -> None:
    compared = compare(ToyScenario(), ToyScenario(buns=15))
    (said,) = words.aloud(compared)
    assert said.startswith("B leaves 5 fewer people hungry; it saves $15 a day; A wins again with ")
    assert tables.outcome_header(compared)[0] == "outcome a day"
    undefined = next(row for row in tables.outcome_rows(compared) if row[0] == "ovens")
    assert undefined == ("ovens", "undefined", "undefined", "undefined", "undefined")


def test_one_side_alone_is_said_to_be_alone() -> None:
    compared = compare(ToyScenario(price=4.0), ToyScenario(price=3.0))
    (said,) = words.aloud(compared)
    assert re.search(r"\(now \$[34]\) in [AB] alone\.$", said)
    assert {row[1] for row in tables.turning_rows(compared)} >= {"A alone", "B alone"}


def test_the_rejected_side_is_told_what_speaks_against_it() -> None:
    compared = compare(*starter())
    assert words.against(compared, "a") == (
        "Next to B, A costs $130k more a month and does worse on harmful posts left up "
        "(5,300 more)."
    )
    assert words.against(compared, "b") == (
        "Next to A, B saves $130k a month and does worse on posts wrongly removed (14,600 more) "
        "and authors leaving (580 more)."
    )


def test_cards_hold_bs_numbers_and_the_change_from_as() -> None:
    compared = compare(*starter())
    assert tables.changes(compared) == (
        ("harmful posts left up", "9,300", "5,300 fewer (A: 14,600)"),
        ("posts wrongly removed", "16,500", "14,600 more (A: 2,000)"),
        ("authors leaving", "660", "580 more (A: 78)"),
        ("cost a month", "$354k", "saves $130k (A: $484k)"),
    )


def test_tables_say_what_differs() -> None:
    a, b = ModerationScenario(), ModerationScenario(rows=ROWS.fingerprint)
    rows = {row[0]: row[1:] for row in tables.knob_rows(compare(a, b, None, ROWS))}
    assert rows["Scored by"] == ("the simulated model", f"rows {ROWS.fingerprint}")
    assert rows["AUC"] == ("0.96", "plays no part")
    close = compare(ModerationScenario(threshold=0.15), ModerationScenario(threshold=0.1500001))
    assert tables.knob_rows(close) == (("Removal threshold", "0.15", "0.1500001"),)


def test_sides_are_named_by_what_makes_them() -> None:
    def name(scenario: ModerationScenario) -> str:
        return words.side_name(
            scenario.title, preset_of(scenario), departures(scenario), scenario.rows
        )

    one, other = pairs()["Moderation: old model against new"]
    assert isinstance(one, ModerationScenario)
    assert isinstance(other, ModerationScenario)
    assert name(one) == "Moderation: AUC 0.95"
    assert name(other) == (
        "Moderation: AUC 0.97, price of the model $1 per thousand posts, time to decide 5\xa0min"
    )
    assert name(ModerationScenario()) == "Moderation: defaults"
    assert name(draw_pair(4)[0]) == "Moderation: from a link"
    on_rows = ModerationScenario(rows="0123456789abcdef")
    assert name(on_rows).startswith("Moderation: rows 0123456789abcdef")


def test_pictures_are_described_with_their_numbers() -> None:
    compared = compare(*starter())
    told = words.described_money(compared)
    assert dollars(told) == [pytest.approx(abs(o.difference), rel=0.01) for o in compared.parts] + [
        pytest.approx(130_000, rel=0.01)
    ]
    assert "$5.43" in words.described_turn(compared.turnings[0])
    assert words.turning_question(compared) == "When does A win again?"


def test_no_word_is_a_power_of_ten_or_a_stray_number() -> None:
    for seed in range(12):
        a, b, rows = draw_pair(seed)
        compared = compare(a, b, rows, rows)
        told = [*words.aloud(compared), *np.ravel(tables.outcome_rows(compared)).tolist()]
        told += [cell for row in tables.turning_rows(compared) for cell in row]
        for text in told:
            assert not re.search(r"\d[\d.]*e[-+]?\d|nan|inf\b|None|\{\}", text), text


def test_on_a_tie_the_words_say_who_wins_above_and_below() -> None:
    compared = compare(*tied())
    assert compared.cost_difference == 0
    (said,) = words.aloud(compared)
    assert said.replace("\xa0", " ").endswith(
        "it costs the same; B wins with the views of a missed post above today's 300 views, A "
        "below."
    )
    assert words.turning_question(compared) == "When does either win?"
    then = {row[0] + ", " + row[1]: row[4] for row in tables.turning_rows(compared)}
    assert then["the harm of a missed post, A alone"] == "B wins above it, A below"
    assert then["the harm of a missed post, B alone"] == "A wins above it, B below"
    assert "Nothing changes" not in tables.never_turning(compared)
    turned_round = words.aloud(compare(*tied()[::-1]))[0]
    assert "A wins with the views of a missed post above" in turned_round


def test_a_turning_point_without_a_direction_is_not_said_on_a_tie() -> None:
    compared = compare(*tied())
    blind = replace(compared, turnings=tuple(replace(t, above=None) for t in compared.turnings))
    assert words.aloud(blind)[0].endswith("it costs the same.")
    assert tables.turning_rows(blind) == ()


def test_what_is_said_to_win_on_either_side_does() -> None:
    """The oracle is the comparison itself, made anew a little to either side."""
    for seed in range(8):
        a, b, rows = draw_pair(seed)
        told = compare(a, b, rows, rows)
        for t in told.turnings[:3]:
            if undefined(t.flip.at) or t.moved != "both":
                continue
            knob, name = t.flip.knob, t.flip.knob.name
            step = 1e-6 * np.ptp(knob.to_axis([knob.low, knob.high]))
            for sign, side in ((-1, t.below), (1, t.above)):
                value = float(knob.from_axis(knob.to_axis(t.flip.at) + sign * step))
                if value in {knob.low, knob.high}:
                    continue
                there = compare(moved(a, name, value), moved(b, name, value), rows, rows)
                assert there.cheaper in {side, "same"}, (seed, name)
