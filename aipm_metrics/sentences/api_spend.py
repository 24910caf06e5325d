"""What a person says about a step limit: a finished result in, plain sentences out.

Long because it holds most of one question's words; those of one limit are in `api_spend_spots`,
those of cap, cache and own GPUs in `api_spend_guards`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.phrases import Phrase, column, either
from aipm_metrics.sentences.api_spend_spots import (
    CENTS,
    NOUNS,
    THOUSAND,
    Spots,
    aloud_at,
    chosen_spot,
    every_spot,
    steps_said,
    tasks_said,
)
from aipm_metrics.sentences.flip_words import FLIP_HEADER, flip_row
from aipm_metrics.spoken import count, money, share, undefined, with_unit
from aipm_metrics.spoken_columns import counts, decimals, moneys, ones_in, shares

if TYPE_CHECKING:
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.models.pricing import Rates
    from aipm_metrics.scenarios.api_spend import ApiSpendResult
    from aipm_metrics.scenarios.api_spend_limits import LimitPoint
    from aipm_metrics.scenarios.contract import Assumption, Outcome

__all__ = [
    "ASSUMPTION_HEADER",
    "CAUSES",
    "CELLS",
    "FLIP_HEADER",
    "LEFT_OUT",
    "OUTCOME_HEADER",
    "POINTS",
    "POINT_HEADER",
    "RATIO_HEADER",
    "SPOT_HEADER",
    "Card",
    "CardAt",
    "aloud",
    "assumption_row",
    "cards",
    "cards_at",
    "comparison",
    "comparison_at",
    "described",
    "dial_marks",
    "flip_line",
    "model_line",
    "of_people",
    "outcome_row",
    "people",
    "people_at",
    "point_notes",
    "point_row",
    "ratios",
    "ratios_at",
    "rival",
    "spot_rows",
    "steps",
    "story",
    "worst_assumption",
]

FEW_STEPS = 10  # twice as many are laid beside them
LEAST_RARE = 1e11  # one in more than this is nobody

POINTS = {
    "lowest_cost": "lowest cost",
    "cheapest_good": "cheapest per task done right",
    "highest_net": "highest worth less cost",
    "within_cap": "lowest cost within the cap",
    "no_limit": "no limit",
}
CELLS = {
    "finished": "finished",
    "cut off": "cut off too early",
    "lost": "kept out or given up",
    "stopped": "runaway, stopped",
    "kept out": "runaway, kept out",
}
CAUSES = {
    "prompt": "the prompt, again and again",
    "context": "what earlier steps brought in",
    "writes": "writing to the cache",
    "output": "output",
    "retries": "failed attempts",
    "runaways": "runaways",
    "people": "people who finish tasks",
}
LEFT_OUT = (
    "Own GPUs and the worth of a task are left out: the cost does not hold them, so they never "
    "change which limit costs less."
)
POINT_HEADER = (
    "point", "limit", "cost a month", "over the lowest", "paid to the model",
    "per 1,000 done right", "finished",
)  # fmt: skip
RATIO_HEADER = ("metric", "value")
SPOT_HEADER = (
    "limit", "finished", "cut off", "on runaways", "per 1,000 done right", "cost", "known as",
)  # fmt: skip
SOME = (1, 2, 5, 10, 20, 50, 100, 200, 500)  # limits between the named ones
ASSUMPTION_HEADER = ("assumption", "value", "source", "moves the saving by")
OUTCOME_HEADER = ("outcome a month", "here", "compared", "formula")


@dataclass(frozen=True, slots=True)
class CardAt:
    """One outcome at every spot.

    Attributes
    ----------
    name, label
        The outcome's, and what it is called on the card.
    value, change : Phrase
        How much, and how it differs from the comparison point.
    """

    name: str
    label: str
    value: Phrase
    change: Phrase


@dataclass(frozen=True, slots=True)
class Card:
    """One outcome as it stands at the top of the page.

    Attributes
    ----------
    label, value, change
        What it is, how much, and how it differs from the comparison point.
    detail
        The exact figure and the formula, for whoever opens it.
    """

    label: str
    value: str
    change: str
    detail: str


def story(result: ApiSpendResult) -> str:
    """Say in one line who is affected and what is at stake."""
    s = result.scenario
    wild = (
        "all of them finish in the end"
        if s.runaway_share == 0
        else f"{share(s.runaway_share)} never finish by themselves"
    )
    need = f"{count(s.mean_steps)} step{'' if s.mean_steps == 1 else 's'}"
    return f"{tasks_said(s.tasks_per_month)} a month, {need} on average; {wild}. {s.line}"


def model_line(result: ApiSpendResult) -> str:
    """Say which token prices hold, where they are from, and where they jump."""
    s, prices = result.scenario, result.prices
    name = f"{s.model}" if result.price_source else "Own prices"
    source = f" ({result.price_source})" if result.price_source else ""
    tiers = [
        f"above {count(above)} tokens of input {_rates(rates)}, for all tokens of the call"
        for above, rates in prices.tiers
    ]
    said = "; ".join([_rates(prices.base), *tiers])
    return f"{name}{source}, per million tokens: {said}."


def _rates(rates: Rates) -> str:
    return (
        f"{money(rates.input)} in, {money(rates.cache_read)} read from the cache, "
        f"{money(rates.cache_write)} written to it, {money(rates.output)} out"
    )


def rival(result: ApiSpendResult) -> str:
    """Name the comparison point."""
    return "today" if result.compared_with == "today" else "the lowest cost"


def cards(result: ApiSpendResult) -> tuple[Card, ...]:
    """Put the five outcomes on cards: tasks, runaways, price per good outcome, money."""
    by_name = {outcome.name: outcome for outcome in result.outcomes}
    return tuple(
        Card(card.label, card.value[0], card.change[0], _detail(by_name[card.name]))
        for card in cards_at(chosen_spot(result))
    )


def _detail(outcome: Outcome) -> str:
    value = "undefined" if undefined(outcome.value) else f"{outcome.value:,.2f} {outcome.unit}"
    return f"{value} a {outcome.per} = {outcome.formula}"


def cards_at(spots: Spots) -> tuple[CardAt, ...]:
    """Put the five outcomes of every spot on cards."""
    tasks = tasks_said(spots.result.scenario.tasks_per_month)
    told = (
        ("finished", f"finished of {tasks}", spots.finished),
        ("cut_off", "cut off too early", spots.cut_off),
        ("cost_runaways", "spent on runaways", spots.runaways),
        ("per_good", "price per 1,000 done right", spots.per_good),
    )
    verb = either(spots.saving > 0, "saves " + spots.saved, "costs " + spots.saved + " more")
    same = np.abs(spots.saving) < CENTS
    return (
        *(
            CardAt(name, label, said.value, said.changed(none="no change"))
            for name, label, said in told
        ),
        CardAt("cost", "cost a month", spots.cost, either(same, "costs the same", verb)),
    )


def ratios(result: ApiSpendResult) -> tuple[tuple[str, str], ...]:
    """Tell what an engineer would ask for."""
    return tuple((name, said[0]) for name, said in ratios_at(chosen_spot(result)))


def ratios_at(spots: Spots) -> tuple[tuple[str, Phrase], ...]:
    """Tell what an engineer would ask for, at every spot."""
    here, n = spots.here, spots.result.scenario.tasks_per_month
    spent = np.asarray(here.spend, float)
    wild = np.divide(
        here.cost_by_cause["runaways"], spent, out=np.full(spent.shape, np.nan), where=spent > 0
    )
    return (
        ("paid to the model", spots.spend),
        ("calls per task", column(counts(np.asarray(here.calls) / n))),
        ("done right", column(shares(np.asarray(here.good) / n))),
        ("runaways' part of the bill",
         either(np.isnan(wild), "undefined: nothing is spent", column(shares(wild)))),
        ("beyond the cap, if reached", column(moneys(here.overshoot))),
    )  # fmt: skip


def aloud(result: ApiSpendResult) -> tuple[str, ...]:
    """Sentences to speak: the choice and whom it costs what, the money, the cap, the flip point."""
    return tuple(said[0] for said in aloud_at(chosen_spot(result)))


def flip_line(flip: Flip) -> tuple[str, str, str, str]:
    """Say one flip point: what, its value now, the value that changes the answer, how far."""
    return flip_row(flip, NOUNS[flip.knob.name])


def point_row(point: LimitPoint) -> tuple[str, ...]:
    """Put one operating point in a row of words."""
    name = POINTS[point.name]
    if not point.feasible:
        return name, "out of reach", "", "", "", "", ""
    price = "nothing is cheaper" if point.price < CENTS else f"{money(point.price)} more"
    per = "none is" if undefined(point.per_good) else money(point.per_good * THOUSAND)
    return (
        name, steps_said(point.limit), money(point.cost), price, money(point.spend), per,
        count(point.finished),
    )  # fmt: skip


def assumption_row(assumption: Assumption) -> tuple[str, ...]:
    """Put one assumption in a row of words."""
    knob, value = assumption.knob, assumption.value
    said = value if isinstance(value, str) else with_unit(value, knob.unit)
    swing = "" if undefined(assumption.swing) else f"{money(assumption.swing)} a month"
    return knob.label, said, knob.source, swing


def outcome_row(outcome: Outcome) -> tuple[str, ...]:
    """Put one outcome in a row: exact figures and the formula."""
    here, there = (
        "undefined" if undefined(value) else f"{value:,.2f} {outcome.unit}"
        for value in (outcome.value, outcome.compared)
    )
    return outcome.label, here, there, outcome.formula


def of_people(result: ApiSpendResult) -> str:
    """Head the picture of people."""
    return f"Of {result.crowd.of:,} tasks, what becomes of each?"


def described(result: ApiSpendResult, picture: str) -> str:
    """Describe a picture to whoever cannot see it; true wherever the limit stands."""
    lowest, dearest = float(np.min(result.run)), float(np.max(result.run))
    return {
        "people": f"{result.crowd.of:,} tasks as icons: those that can finish, and runaways.",
        "cost": "Cost by cause along the step limit, lowest at "
        f"{steps_said(result.lowest_cost.limit)}; a line marks the chosen limit.",
        "finish": "Share of tasks finished, and share cut off though they would have finished, "
        "along the step limit.",
        "good": "What the model is paid per thousand tasks done right, along the step limit.",
        "run": f"Cost of one task that runs to the limit: from {money(lowest)} at one step to "
        f"{money(dearest)}, faster and faster.",
    }[picture]


def dial_marks(result: ApiSpendResult) -> tuple[tuple[int, str, str], ...]:
    """Name the positions of the dial worth a mark: row, words, and "best", "point" or "today"."""
    worth = [
        (p.limit, POINTS[p.name], "best" if p.name == "lowest_cost" else "point")
        for p in result.points
        if p.feasible
    ]
    found: dict[int, tuple[list[str], str]] = {}
    for limit, name, kind in [*worth, (result.scenario.today_limit, "today", "today")]:
        names, first = found.get(int(limit) - 1, ([], kind))
        found[int(limit) - 1] = [*names, name], first
    return tuple((row, " and ".join(names), kind) for row, (names, kind) in sorted(found.items()))


def spot_rows(result: ApiSpendResult) -> list[tuple[str, ...]]:
    """Put a dozen limits in rows of words: the chosen one, the named ones, some between."""
    spots = every_spot(result)
    names = {row: name for row, name, _ in dial_marks(result)}
    rows = sorted({*(limit - 1 for limit in SOME), *names, result.row})
    told = cards_at(spots)
    return [
        (spots.limit[row], *(card.value[row] for card in told),
         "chosen" if row == result.row else names.get(row, ""))
        for row in rows
    ]  # fmt: skip


def point_notes(result: ApiSpendResult) -> tuple[str, ...]:
    """Say which operating points cannot be had, and what choosing by a ratio costs."""
    notes = []
    if result.window_steps == 0:
        notes.append("The prompt alone does not fit into the context window: no step is taken.")
    if not result.within_cap.feasible:
        least = float(np.min(result.sweep.wanted))
        notes.append(
            f"No limit keeps within the cap by itself: even one step a task needs {money(least)}."
        )
    ratio = result.points[1]
    if ratio.feasible and ratio.price >= CENTS:
        short = ratio.limit < result.lowest_cost.limit
        notes.append(
            f"Choosing by the price per task done right costs {money(ratio.price)} a month more "
            f"than it must{': it finishes the short tasks only' if short else ''}."
        )
    return tuple(notes)


def comparison(result: ApiSpendResult) -> str:
    """Say what the changes are changes against."""
    return comparison_at(chosen_spot(result))[0]


def comparison_at(spots: Spots) -> Phrase:
    """Say what the changes of every spot are changes against."""
    today, best = (float(m.limit) for m in (spots.result.today, spots.result.cheapest))
    return either(
        spots.is_today,
        "This is today's own limit, so it is compared with the lowest cost instead, at "
        f"{steps_said(best)}.",
        f"Compared with today's limit of {steps_said(today)}.",
    )


def people(result: ApiSpendResult) -> tuple[tuple[str, str], ...]:
    """Say what becomes of a round number of tasks."""
    said = people_at(chosen_spot(result))
    return tuple((CELLS[cell], phrase[0]) for cell, phrase in said.items())


def people_at(spots: Spots) -> dict[str, Phrase]:
    """Say the cells of every spot; one that shows no task is "1 in so many"."""
    crowd, said = spots.result.crowd, {}
    for cell in CELLS:
        if cell in {"stopped", "kept out"} and not crowd.runaways:
            continue
        n = crowd.people[cell][spots.rows]
        words, nobody = decimals(n, 0), np.flatnonzero(n == 0)
        many = crowd.one_in[cell][spots.rows][nobody]
        words[nobody] = np.where(many > LEAST_RARE, "0", ones_in(many))
        said[cell] = column(words)
    return said


def steps(
    result: ApiSpendResult,
) -> tuple[tuple[str, str, tuple[str | int, ...], tuple[str | int, ...], tuple[str, ...]], ...]:
    """Tell the tradeoff one idea at a time.

    Returns
    -------
    tuple of (name, title, text, note, panels)
        The text is shown, the note is the speaker's; in both a number stands for that sentence
        of the paragraph to say aloud. Panels by name.
    """
    best = result.lowest_cost
    lowest = f"The lowest cost is {money(best.cost)} a month, at {steps_said(best.limit)}."
    return (
        ("story", result.scenario.question, (story(result),),
         ("Say who waits for a task before you say a price.", model_line(result)), ()),
        ("people", of_people(result), (),
         ("Count those cut off aloud; then lower the limit and count again.",),
         ("dial", "people")),
        ("run", "What does one task cost that never stops?", (),
         (f"Every step reads all the steps before it{_twice(result)}.",),
         ("dial", "run")),
        ("picture", "What does each limit cost, and why?", (),
         (lowest, *point_notes(result)), ("dial", "cost")),
        ("tradeoff", "What do we choose, and whom does it cost what?", (0, 1), (2, 3),
         ("dial", "cards")),
        ("mind", "What would change my mind?", (4,),
         ("Say it as a promise: what you will measure, and by when.",), ()),
    )  # fmt: skip


def _twice(result: ApiSpendResult) -> str:
    """Say what twice the steps cost, where that many fit into the context window."""
    few = min(FEW_STEPS, result.window_steps // 2)
    if few == 0:
        return ""
    times = float(result.run[2 * few - 1] / result.run[few - 1])
    return f": {steps_said(2 * few)} cost {times:.1f} times as much as {steps_said(few)}"


def worst_assumption(result: ApiSpendResult) -> str:
    """Name the assumption that moves the answer most."""
    first = result.assumptions[0]
    if undefined(first.swing) or first.swing < CENTS:
        return "No assumption moves the answer."
    return (
        f"What moves the answer most is {NOUNS[first.knob.name]}: from half to one and a half "
        f"times its value, the saving against {rival(result)} moves by {money(first.swing)} a "
        "month."
    )
