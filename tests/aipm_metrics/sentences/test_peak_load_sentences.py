"""What is said of a day's peak: exact words, no contradiction, and the same at every position."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.scenarios.peak_load import PeakLoadResult, PeakLoadScenario, run_day
from aipm_metrics.sentences import peak_load as words
from aipm_metrics.sentences.peak_load_spots import NOUNS, Spots, aloud_at, chosen_spot, every_spot
from aipm_metrics.spoken import count, money
from tests.aipm_metrics.said import number, numbers
from tests.aipm_metrics.scenarios.peak_load_draws import draw_days

if TYPE_CHECKING:
    from collections.abc import Callable

NBSP = "\N{NO-BREAK SPACE}"


def of(told: dict[str, Any] | None = None) -> PeakLoadResult:
    return run_day(PeakLoadScenario.model_validate(told or {}))


STORM = PeakLoadScenario.presets["the retry storm"]
RESULTS = {
    "defaults": of(),
    "today's own": of({"servers": 8}),
    "one server": of({"servers": 1, "today_servers": 1, "mean_rate": 0.1}),
    "overrun": of({"mean_rate": 400}),
    "nobody answered": of(
        {"mean_rate": 300, "when_full": "no answer", "abandoned": "is still done"}
    ),
    "free": of({"server_price": 0, "call_price": 0, "fallback_price": 0, "cost_late": 0,
                "cost_fp": 0, "cost_fn": 0}),
    "never flagged": of({"auc": 0.5, "fallback_auc": 0.5, "threshold": 0.9,
                         "fallback_threshold": 0.9}),
    **{name: of(dict(v)) for name, v in PeakLoadScenario.presets.items()},
}  # fmt: skip
EVERY = pytest.mark.parametrize("r", RESULTS.values(), ids=RESULTS)


def plain(text: str) -> str:
    return text.replace(NBSP, " ")


# --- exact words ---


def test_words_of_the_defaults() -> None:
    choice, average, money_said, mind = map(plain, words.aloud(RESULTS["defaults"]))
    assert choice == (
        "With 10 servers we answer 437,000 requests a month late and hand 7,000 to the fallback: "
        "2.87 million fewer late and 439,000 fewer to the fallback, against today's 8."
    )
    assert average == (
        "If every hour were average, 98.1 % would be answered in time; over the real day it is "
        "94.5 %, and in the worst quarter of an hour 82 %."
    )
    assert money_said == (
        "It costs $74.8k a month and saves $56.5k against today's 8; 11 servers are cheapest and "
        "would save $3,300 more. A thousand answers in time and right cost $3.16 of servers and "
        "models."
    )
    assert mind == (
        "I would go back to today's 8 only if the cost of a late answer fell below $0.00029 "
        "(now $0.02)."
    )
    assert plain(words.story(RESULTS["defaults"])) == (
        "3 requests a second on average, 60 % more of them at 9:00. An average hides the hour "
        "when everybody comes, and somebody waits in it."
    )


def test_cards_of_the_defaults() -> None:
    told = [tuple(map(plain, card)) for card in words.cards(RESULTS["defaults"])]
    assert told == [
        ("in time (95 % promised)", "94.5 %", "36.4 points more"),
        ("late answers a month", "437,000", "2.87 million fewer"),
        ("answered by the fallback", "7,000", "439,000 fewer"),
        ("per 1,000 good outcomes", "$3.16", "$1.09 less"),
        ("cost a month", "$74.8k", "saves $56.5k"),
    ]


def test_words_of_a_storm() -> None:
    said = plain(" ".join(words.aloud(RESULTS["the retry storm"])))
    assert "Retries take over and keep the servers too busy for 13.2 hours" in said
    assert "stays collapsed" in said
    assert "without an answer" in said
    near = plain(words.aloud(of({**STORM, "servers": 13}))[1])
    assert "a rush of seconds could start retries" in near
    assert near.endswith("this can collapse and stay collapsed.")
    calm = words.aloud(of({**STORM, "abandoned": "is dropped"}))[1]
    assert "collapse" not in calm


def test_words_of_one_server() -> None:
    r = RESULTS["one server"]
    said = " ".join((*words.aloud(r), words.comparison_at(chosen_spot(r))[0]))
    assert "With 1 server we" in said
    assert "1 servers" not in said
    other = of({"servers": 2, "today_servers": 1, "mean_rate": 0.1})
    assert words.comparison_at(chosen_spot(other))[0] == "Compared with today's 1 server."
    assert "; 1 server is cheapest and would save" in words.aloud(other)[2]


def test_a_burst_is_told_with_its_hour() -> None:
    said = plain(words.story(of({"burst_rate": 6, "burst_hour": 12.5, "burst_minutes": 45})))
    assert "and 6 more a second for 45 minutes from 12:30." in said
    assert " at " not in plain(words.story(of({"amplitude": 0}))).partition(".")[0]


def test_a_promise_out_of_reach_says_why() -> None:
    short, long = of({"sla_s": 2}), RESULTS["overrun"]
    notes = [plain(note) for note in words.point_notes(short)]
    assert notes[0].startswith("95 % within 2 s is out of reach: the work itself takes too long")
    assert notes[1].startswith("Even if every hour were average, 95 % within 2 s is out of reach")
    notes = [plain(note) for note in words.point_notes(long)]
    assert notes[0] == "95 % within 8 s is out of reach of up to 200 servers: 0 % is the most."
    assert "work itself" not in " ".join(notes)
    assert plain(words.point_notes(RESULTS["defaults"])[0]) == (
        "Sized for the average, 8 servers should keep the promise of 95 %; the real day keeps 58 %."
    )


def test_promises_that_contradict_are_refused_in_words() -> None:
    llm = {"engine": "a batching LLM", "mean_rate": 6, "sla_s": 8, "per_token_ms": 30}
    said = plain(words.limits_line(of(llm)))
    assert said.startswith(
        "These promises contradict one another: 2 s to the first token and 299 more at 30 ms are"
    )
    assert "8 s are promised for the whole answer" in said
    assert words.limits_line(of({**llm, "per_token_ms": 20})) == ""
    assert words.limits_line(RESULTS["defaults"]) == ""


def test_a_study_that_does_not_reach_says_so() -> None:
    assert "own price" in words.evidence_line(RESULTS["defaults"])
    far = plain(words.evidence_line(of({"evidence": "search, 2009", "servers": 6})))
    assert "outside what was measured" in far
    near = words.evidence_line(of({"evidence": "search, 2009", "servers": 14}))
    assert "inside what was measured" in near
    rows = [words.evidence_row(row) for row in RESULTS["defaults"].evidence]
    assert all(len(row) == len(words.EVIDENCE_HEADER) for row in rows)
    assert all(row[5] for row in rows)  # every one names its source


# --- undefined, never nought ---


def test_undefined_is_said() -> None:
    r = RESULTS["nobody answered"]
    told = {name: said[0] for name, said in words.ratios_at(chosen_spot(r))}
    assert told["recall of what is answered"] == "undefined: nothing is answered"
    assert told["answers right"] == "undefined: nothing is answered"
    cards = dict((label, value) for label, value, _ in words.cards(r))  # noqa: C402
    assert cards["per 1,000 good outcomes"] == "undefined: no answer is good"
    assert words.percentile_rows(r)[1][1] == "undefined: nothing is answered"
    assert all("undefined" in words.move_row(m)[-1] for m in r.moves if m.name == "one_more")
    storm = words.cards(RESULTS["the retry storm"])[3]  # today's eight give no good answer at all
    assert (storm[1], storm[2]) == ("$10.57", "it was undefined")
    lost = words.cards(of({**STORM, "servers": 8, "today_servers": 13}))[3]
    assert (lost[1], lost[2]) == ("undefined: no answer is good", "it was defined")
    flags = {n: said[0] for n, said in words.ratios_at(chosen_spot(RESULTS["never flagged"]))}
    assert flags["precision"] == "undefined: nothing is flagged"


def everything(r: PeakLoadResult) -> list[str]:
    return [*words.aloud(r), words.story(r), *words.point_notes(r), words.worst_assumption(r),
            *(cell for card in words.cards(r) for cell in card),
            *(cell for row in words.spot_rows(r) for cell in row),
            *(cell for row in words.percentile_rows(r) for cell in row),
            *(cell for row in words.quality_rows(r) for cell in row),
            *(cell for row in words.token_rows(r) for cell in row),
            *(cell for m in r.moves for cell in words.move_row(m)),
            *(cell for f in r.flips for cell in words.flip_row(f)),
            *(cell for a in r.assumptions for cell in words.assumption_row(a)),
            *(cell for p in r.points for cell in words.point_row(p))]  # fmt: skip


def sound(r: PeakLoadResult) -> None:
    for text in everything(r):
        assert "nan" not in text.split()
        assert "inf" not in text.split()
        assert ".." not in text
        assert " ." not in text
        assert not re.search(r"e-0|e\+|\b1 servers", text), text
    for sentence in words.aloud(r):
        assert sentence.endswith(".")
        assert sentence[0].isupper()


@EVERY
def test_nothing_said_is_nan_or_endless(r: PeakLoadResult) -> None:
    sound(r)
    assert not [text for text in everything(r) if "0000000" in text]


# --- every position says what choosing it says ---


def said_by(spots: Spots) -> Callable[[int], dict[str, Any]]:
    people, cards, aloud = words.people_at(spots), words.cards_at(spots), aloud_at(spots)
    ratios, against = words.ratios_at(spots), words.comparison_at(spots)
    return lambda row: {
        "number": spots.number[row],
        "cards": [(c.label, c.value[row], c.change[row]) for c in cards],
        "aloud": [sentence[row] for sentence in aloud],
        "ratios": [(name, said[row]) for name, said in ratios],
        "people": [(cell, said[row]) for cell, said in people.items()],
        "against": against[row],
    }


@EVERY
def test_every_position_says_what_choosing_it_says(r: PeakLoadResult) -> None:
    at = said_by(every_spot(r))
    for row in {*range(0, r.servers.size, 5), *(row for row, _, _ in words.dial_marks(r))}:
        chosen = replace(
            r, scenario=r.scenario.model_copy(update={"servers": r.servers[row]}), row=row
        )
        assert at(row) == said_by(chosen_spot(chosen))(0)


@pytest.mark.parametrize("name", ["defaults", "the retry storm", "a chat LLM", "today's own"])
def test_choosing_a_position_anew_says_the_same(name: str) -> None:
    """The day is worked out again, for other servers; nothing said may differ."""
    r = RESULTS[name]
    at = said_by(every_spot(r))
    for row in {0, r.row_of(r.scenario.today_servers), r.row_of(r.points[0].servers), 14}:
        anew = run_day(r.scenario.model_copy(update={"servers": float(row + 1)}))
        assert at(row) == said_by(chosen_spot(anew))(0)
        assert [card[1] for card in words.cards(anew)] == [c[1] for c in at(row)["cards"]]


@EVERY
def test_sentences_agree_with_cards_and_result(r: PeakLoadResult) -> None:
    values = {label: value for label, value, _ in words.cards(r)}
    choice, _, money_said, mind = words.aloud(r)
    assert f" {values['late answers a month']} requests a month late" in choice
    assert f"It costs {values['cost a month']} a month" in money_said
    assert (f"{count(r.points[0].servers)} server" in money_said) == (
        r.cost - r.points[0].cost >= 0.005
    )
    nearest = r.flips[0]
    if np.isinf(nearest.distance):
        assert mind.startswith("No single price")
    else:
        assert NOUNS[nearest.knob.name] in mind
        right = "go back to" in mind
        assert right == (r.saving >= 0)
    late = values["late answers a month"]
    if late != "under 1":
        assert number(late) == pytest.approx(float(r.chosen.late), rel=0.006, abs=0.6)
    assert money(r.cost) == values["cost a month"]


@EVERY
def test_people_said_are_a_thousand(r: PeakLoadResult) -> None:
    told = words.people_at(every_spot(r))
    for row in range(0, r.servers.size, 7):
        said = [told[cell][row] for cell in words.CELLS]
        assert sum(number(n) for n in said if n != "under 1") == 1000


@EVERY
def test_marks_name_every_point_once(r: PeakLoadResult) -> None:
    marks = words.dial_marks(r)
    rows = [row for row, _, _ in marks]
    assert rows == sorted(set(rows))
    named = " and ".join(label for _, label, _ in marks)
    for point in r.points:
        assert (words.POINTS[point.name] in named) == point.feasible
    assert named.count("today") == 1


def test_tables_have_as_many_cells_as_heads() -> None:
    for r in RESULTS.values():
        pairs: list[tuple[tuple[str, ...], list[tuple[str, ...]]]] = [
            (words.POINT_HEADER, [words.point_row(p) for p in r.points]),
            (words.MOVE_HEADER, [words.move_row(m) for m in r.moves]),
            (words.FLIP_HEADER, [*map(words.flip_row, r.flips)]),
            (words.ASSUMPTION_HEADER, [words.assumption_row(a) for a in r.assumptions]),
            (words.OUTCOME_HEADER, [words.outcome_row(o) for o in r.outcomes]),
            (words.PERCENTILE_HEADER, words.percentile_rows(r)),
            (words.SPOT_HEADER, words.spot_rows(r)),
            (words.TOKEN_HEADER, words.token_rows(r)),
            (words.QUALITY_HEADER, words.quality_rows(r)),
        ]
        for header, rows in pairs:
            assert {len(row) for row in rows} <= {len(header)}
        assert sum(row[-1] == "chosen" for row in words.spot_rows(r)) == 1


def test_a_simulation_is_told_beside_the_closed_form() -> None:
    found = RESULTS["defaults"].simulated()
    said = plain(" ".join(words.simulated_lines(found)))
    assert f"followed request by request {found.runs} times" in said
    assert re.match(r"From 8:3\d to 9:2\d, ", said)  # 15,000 requests of 4.8 a second
    assert found.mean_wait == pytest.approx(
        next(n for n in numbers(said.partition("mean wait is")[2])), rel=0.06
    )
    for why in ("batching", "retries"):
        assert words.not_simulated(why).endswith(".")


def test_words_hold_for_any_day() -> None:
    for s in draw_days(np.random.default_rng(12), 4, scaling="fixed", abandoned="is dropped"):
        r = run_day(s)
        at = said_by(every_spot(r))
        for row in (0, r.row, r.servers.size - 1):
            assert at(row)["aloud"]
        sound(r)
