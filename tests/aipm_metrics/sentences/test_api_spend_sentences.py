"""What is said about a step limit: numbers of the result, at every limit, plain and whole."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.comparisons.compare import compare
from aipm_metrics.comparisons.presets import pairs
from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.api_spend import ApiSpendResult, ApiSpendScenario, spend
from aipm_metrics.sentences import api_spend as words
from aipm_metrics.sentences import api_spend_guards as guards
from aipm_metrics.sentences.api_spend_spots import (
    NOUNS,
    Spots,
    aloud_at,
    chosen_spot,
    every_spot,
    steps_said,
)
from aipm_metrics.sentences.comparison_tables import outcome_rows
from aipm_metrics.spoken import count, money
from tests.aipm_metrics.said import dollars, number, numbers
from tests.aipm_metrics.scenarios.spend_brute_force import drawn, near_defaults

if TYPE_CHECKING:
    from aipm_metrics.phrases import Phrase

CASES: dict[str, dict[str, Any]] = {
    "defaults": {},
    "at today's": {"step_limit": 150},
    "at the lowest cost": {"step_limit": 35},
    "one step": {"step_limit": 1, "tasks_per_month": 1},
    "no runaways": {"runaway_share": 0},
    "rate limited": {"calls_per_minute": 1},
    "nothing fits": {"model": "own prices", "own_window": 100},
    "no cache": {"caching": "off"},
    "never a cache": {"model": "own prices", "own_cache_read": 5, "own_cache_write": 6},
    "free people": {"cost_per_handed": 0.01},
    "tiny cap": {"cap": 1},
    **{name: dict(preset) for name, preset in ApiSpendScenario.presets.items()},
}


def all_results() -> dict[str, ApiSpendResult]:
    rng = np.random.default_rng(5)
    told = {name: spend(ApiSpendScenario.model_validate(knobs)) for name, knobs in CASES.items()}
    return told | {f"drawn {i}": spend((drawn, near_defaults)[i % 2](rng)) for i in range(8)}


RESULTS = all_results()
EVERY = pytest.mark.parametrize("r", RESULTS.values(), ids=RESULTS)


def everything(r: ApiSpendResult) -> list[str]:
    """All that is said at the chosen limit."""
    tables = [words.point_row(p) for p in r.points] + guards.guard_rows(r) + guards.hosting_rows(r)
    tables += [words.flip_line(f) for f in r.flips]
    tables += [words.assumption_row(a) for a in r.assumptions]
    tables += words.spot_rows(r) + [words.outcome_row(o) for o in r.outcomes]
    pictures = ("people", "cost", "finish", "good", "run")
    return [
        words.story(r), words.model_line(r), *words.aloud(r), words.comparison(r),
        guards.hosting_line(r), guards.described_volumes(r), words.worst_assumption(r),
        *words.point_notes(r), words.of_people(r), *(words.described(r, p) for p in pictures),
        *(text for c in words.cards(r) for text in (c.label, c.value, c.change, c.detail)),
        *(cell for row in (*tables, *words.ratios(r), *words.people(r)) for cell in row),
        *(str(part) for _, title, text, note, _ in words.steps(r)
          for part in (title, *text, *note)),
    ]  # fmt: skip


@EVERY
def test_nothing_that_is_said_is_broken(r: ApiSpendResult) -> None:
    for text in everything(r):
        assert "nan" not in text.lower().replace("finance", ""), text
        assert not re.search(r"\binf\b|(?<![\d,.])1 (steps|tasks|calls)\b|  |\.\.|{|}", text), text
        assert not re.search(r"[a-z_]+\.[a-z]+_", text), text
    for said in words.aloud(r):
        assert said[0].isupper()
        assert said.endswith(".")
        assert len(said) < 330


@EVERY
def test_cards_say_the_outcomes(r: ApiSpendResult) -> None:
    told = {card.label.partition(" of ")[0]: card.value for card in words.cards(r)}
    here = r.chosen
    assert told["finished"] in {count(here.finished), "under 1"}
    assert told["cut off too early"] in {count(here.cut_off), "under 1"}
    assert told["spent on runaways"] == money(here.cost_by_cause["runaways"])
    assert told["price per 1,000 done right"] == money(r.per_good * 1000)
    assert told["cost a month"] == money(r.cost)
    change = words.cards(r)[-1].change
    if abs(r.saving) >= 0.005:
        assert ("saves" in change) is (r.saving > 0)
        assert dollars(change)[0] == pytest.approx(abs(r.saving), rel=0.051)


def test_the_default_story_in_words() -> None:
    r = RESULTS["defaults"]
    choice, usd, cap, best, mind = words.aloud(r)
    assert choice.startswith("With a limit of 20 steps the agent finishes 17,800 of 20,000 tasks")
    assert "against today's 150 steps" in choice
    assert f"It costs {money(r.cost)} a month and saves {money(r.saving)} against today" in usd
    assert f"{money(r.spend)}, {money(r.cost_by_cause['runaways'])} of it for runaways" in usd
    assert cap == (
        f"The cap of $30k is not reached; if it were at the peak, {money(r.overshoot)} more would "
        "be spent before it held."
    )
    assert (
        best == f"The cheapest limit, 35 steps, would save {money(r.points[0].price * -1)[1:]}"
        or (best.startswith("The cheapest limit, 35 steps, would save $"))
    )
    assert mind.startswith("I would change my mind if the share of runaways fell below 0.42")


def test_a_cap_that_is_reached_is_said_with_its_day_and_its_victims() -> None:
    r = RESULTS["at today's"]
    (said,) = [s for s in words.aloud(r) if "cap" in s and "day" in s]
    assert f"on day {int(r.chosen.hours_to_cap // 24) + 1}," in said
    assert f"overshot by up to {money(r.overshoot)}" in said
    assert f"keeps {count(r.chosen.blocked)} tasks out" in said
    assert words.comparison(r).startswith("This is today's own limit")
    row = {name: text for name, _, text in guards.guard_rows(r)}
    assert f"{count(r.chosen.blocked)} tasks are kept out" in row["spend cap"]


def test_guards_say_what_they_do() -> None:
    rows = {name: (at, does) for name, at, does in guards.guard_rows(RESULTS["defaults"])}
    assert rows["soft alert"][0] == "$24k"
    assert rows["prompt cache"][1] == "Input that is kept pays from its second use on."
    assert "217 steps" in rows["context window"][1]
    assert "prompt cache" not in [name for name, *_ in guards.guard_rows(RESULTS["no cache"])]
    never = {n: d for n, _, d in guards.guard_rows(RESULTS["never a cache"])}
    assert never["prompt cache"] == "It never pays: reading from it costs more than fresh input."
    limited = {n: d for n, _, d in guards.guard_rows(RESULTS["rate limited"])}
    assert "of the tasks through" in limited["rate limit"]
    nothing = {n: d for n, _, d in guards.guard_rows(RESULTS["nothing fits"])}
    assert nothing["context window"] == "Not even the first step fits."
    assert nothing["rate limit"] == "No call is made."
    assert "does not fit" in words.point_notes(RESULTS["nothing fits"])[0]


@pytest.mark.parametrize(
    ("write", "said"),
    [(2, "at once"), (2.5, "its second use"), (2 + 1.8 * 1.5, "use 3 on"),
     (2 + 1.8 * 9.5, "use 11 on"), (2 + 1.8 * 20.5, "use 22 on")],
)  # fmt: skip
def test_the_use_from_which_a_cache_pays_is_said(write: float, said: str) -> None:
    own = ApiSpendScenario(model="own prices", own_input=2, own_cache_read=0.2,
                           own_cache_write=write)  # fmt: skip
    assert said in guards.guard_rows(spend(own))[-1][2]


def test_own_gpus_are_said_to_save_or_to_cost() -> None:
    for r in RESULTS.values():
        h, said = r.hosting, guards.hosting_line(r)
        if h.million_tokens == 0:
            assert "nothing to host" in said
            continue
        assert ("save" in said) is (h.saving > 0)
        assert dollars(said)[0] == pytest.approx(abs(h.saving), rel=0.051, abs=0.01)
        assert ("never pay" in said) is (h.break_even_tasks == np.inf)


@pytest.mark.parametrize("name", ["defaults", "rate limited"])
def test_every_limit_is_spoken_of_as_if_it_were_the_chosen_one(name: str) -> None:
    r = RESULTS[name]
    phrases = all_phrases(every_spot(r))
    for limit in (1, 19, 150, 500):
        there = spend(r.scenario.model_copy(update={"step_limit": float(limit)}))
        alone = all_phrases(chosen_spot(there))
        assert [p[limit - 1] for p in phrases] == [p[0] for p in alone]


def all_phrases(spots: Spots) -> list[Phrase]:
    cards = (p for card in words.cards_at(spots) for p in (card.value, card.change))
    ratios = (p for _, p in words.ratios_at(spots))
    people = words.people_at(spots).values()
    return [*aloud_at(spots), words.comparison_at(spots), *cards, *ratios, *people]


def test_people_add_up_in_words_where_nobody_is_rare() -> None:
    r = RESULTS["defaults"]
    told = dict(words.people(r))
    whole = [number(text) for text in told.values() if not text.startswith("1 in")]
    assert sum(whole) == r.crowd.of
    assert "runaway, stopped" in told
    assert "runaway, stopped" not in dict(words.people(RESULTS["no runaways"]))


@EVERY
def test_marks_of_the_dial_are_its_limits(r: ApiSpendResult) -> None:
    marks = words.dial_marks(r)
    assert [row for row, _, _ in marks] == sorted({row for row, _, _ in marks})
    assert sum("today" in name for _, name, _ in marks) == 1
    best = next(row for row, name, _ in marks if "lowest cost" in name.split(" and "))
    assert best + 1 == r.lowest_cost.limit


def test_sums_beside_the_cost_are_compared_as_money() -> None:
    one, other = pairs()["API spend: without a cache and with one"]
    rows = {row[0]: row for row in outcome_rows(compare(one, other))}
    for label in ("paid per task done right", "paid to the model", "worth less cost"):
        assert all("$" in cell for cell in rows[label][1:4]), rows[label]
    assert rows["paid to the model"][3].endswith(" less")


def test_every_priced_knob_has_a_noun() -> None:
    for r in RESULTS.values():
        assert {flip.knob.name for flip in r.flips} <= set(NOUNS)


def test_numbers_in_the_flip_table_read_back() -> None:
    r = RESULTS["defaults"]
    for flip in r.flips:
        _, now, at, _ = words.flip_line(flip)
        assert numbers(now)[0] == pytest.approx(flip.today, rel=0.051)
        if np.isnan(flip.at):
            assert at == "not within its range"
        else:
            assert numbers(at)[0] == pytest.approx(flip.at, rel=0.051)


def test_steps_are_said_with_their_unit() -> None:
    assert (steps_said(1), steps_said(1200)) == ("1 step", "1,200 steps")


OTHER = {"own_input": 0.3, "max_retries": 0, "peak_to_mean": 9, "alert_share": 0.5, "latency_s": 99}


def shown(r: ApiSpendResult) -> list[Any]:
    """What the page shows whatever is unfolded, knobs' own values aside."""
    guarded = [(name, does) for name, _, does in guards.guard_rows(r)]
    cards = [(card.value, card.change) for card in words.cards(r)]
    return [
        cards, words.ratios(r), [words.point_row(p) for p in r.points], guarded,
        guards.hosting_rows(r), guards.hosting_line(r),
    ]  # fmt: skip


@pytest.mark.parametrize("name", [n for n in knobs_of(ApiSpendScenario) if n != "model"])
def test_every_knob_changes_something_shown(name: str) -> None:
    """A control that changes nothing is a defect."""
    knob, near = knobs_of(ApiSpendScenario)[name], {"step_limit": 150}
    base = {**near, "model": "own prices"} if name.startswith("own") else near
    if knob.scale == "choice":
        value: Any = next(c for c in knob.choices if c != knob.default)
    else:
        place = float(knob.from_axis(knob.to_axis(knob.default) * 0.8 + 0.01))
        value = OTHER.get(name, round(place) if knob.whole else place)
    before, after = (
        spend(ApiSpendScenario.model_validate(k)) for k in (base, {**base, name: value})
    )
    if name in {"alert_share", "own_window"}:  # seen in the guards' own settings as well
        assert guards.guard_rows(before) != guards.guard_rows(after)
    else:
        assert shown(before) != shown(after)


def test_an_alert_for_nothing_has_nothing_to_see() -> None:
    r = spend(ApiSpendScenario(alert_share=1, prompt_tokens=1e6, model="own prices"))
    told = {name: does for name, _, does in guards.guard_rows(r)}
    assert told["soft alert"] == "Nothing is spent, so there is nothing to see."


def test_a_cache_dearer_to_read_than_fresh_input_never_pays() -> None:
    r = spend(ApiSpendScenario(model="own prices", own_cache_read=1000, own_cache_write=1))
    assert guards.guard_rows(r)[-1][2].startswith("It never pays: reading from it costs more")


def test_twice_the_steps_are_said_to_cost_what_they_do() -> None:
    r = RESULTS["defaults"]
    times = r.run[19] / r.run[9]
    note = {name: note for name, _, _, note, _ in words.steps(r)}["run"]
    assert f"20 steps cost {times:.1f} times as much as 10 steps" in str(note[0])


def test_only_a_lower_limit_is_said_to_finish_the_short_tasks_only() -> None:
    for cost, short in ((0.01, False), (4, True)):
        notes = " ".join(words.point_notes(spend(ApiSpendScenario(cost_per_handed=cost))))
        assert "Choosing by the price" in notes
        assert ("short tasks only" in notes) is short
