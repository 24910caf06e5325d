"""What a person says about an error budget: a finished result in, plain sentences out.

Long because it holds all of one question's words; those of one SLO are in `error_budget_spots`,
the warnings in `error_budget_notes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.phrases import Phrase, column, either
from aipm_metrics.sentences.error_budget_spots import (
    CENTS,
    FAILURES,
    MODES,
    NOUNS,
    Spots,
    aloud_at,
    apart,
    budgets,
    chosen_spot,
    every_spot,
    lasting,
)
from aipm_metrics.sentences.flip_words import FLIP_HEADER, flip_row
from aipm_metrics.spoken import count, duration, money, share, undefined, with_unit
from aipm_metrics.spoken_columns import counts, decimals, ones_in, shares

if TYPE_CHECKING:
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.contract import Assumption, Outcome
    from aipm_metrics.scenarios.error_budget import ErrorBudgetResult, SloPoint
    from aipm_metrics.scenarios.error_budget_parts import AlertHere, OwnerShare, Sli, Split

__all__ = [
    "ALERT_HEADER",
    "ASSUMPTION_HEADER",
    "CAUSES",
    "CELLS",
    "FLIP_HEADER",
    "OUTCOME_HEADER",
    "OWNER_HEADER",
    "POINTS",
    "RATIO_HEADER",
    "RULES",
    "SLI_HEADER",
    "SPEND_HEADER",
    "SPLIT_HEADER",
    "SPOT_HEADER",
    "Card",
    "CardAt",
    "alert_row",
    "aloud",
    "assumption_row",
    "cards",
    "cards_at",
    "comparison",
    "comparison_at",
    "described",
    "dial_marks",
    "flip_line",
    "of_people",
    "outcome_row",
    "owner_row",
    "people",
    "people_at",
    "point_header",
    "point_row",
    "ratios",
    "ratios_at",
    "rival",
    "sli_row",
    "spend_rows",
    "split_row",
    "spot_rows",
    "steps",
    "story",
    "worst_assumption",
]

LEAST_RARE = 1e307  # one in more than this is nobody
SOME = 8  # SLOs between the named ones

POINTS = {
    "lowest_cost": "lowest cost",
    "promised": "promised to users",
    "dependencies_allow": "dependencies allow",
    "kept_now": "kept now",
}
CELLS = {**FAILURES, "good": "good answers"}
CAUSES = {"harm": "bad answers", "keeping": "keeping to it"}
RULES = {
    "equal": "equal parts", "proportional": "by what keeping costs",
    "square root": "by its square root", "by harm": "by keeping over harm, square root",
    "platform first": "the platform first, the rest by harm",
}  # fmt: skip
NAMES = {
    "down": "down", "slow": "too slow", "wrong": "wrong", "unsafe": "unsafe", "capped": "capped",
    "degraded": "degraded",
}  # fmt: skip
RATIO_HEADER = ("in the words of an engineer", "value")
SPEND_HEADER = ("fails by", "owner", "may spend a month", "spends a month", "over or left")
OWNER_HEADER = ("owner", "answers for", "may spend a month", "spends a month", "over or left")
SPLIT_HEADER = (
    "split of the budget", "costs a month at this SLO", "its cheapest SLO", "which costs",
)  # fmt: skip
ALERT_HEADER = (
    "alert", "both over", "burn rate", "bad answers it takes", "budget gone by then",
    "in this incident", "clears after it", "at what fails now",
)  # fmt: skip
SLI_HEADER = ("fails by", "bad in a window", "share good", "Wilson 95 %", "exact 95 %")
SPOT_HEADER = (
    "SLO", "bad answers a month", "budget spent", "outage allowed", "until a page", "cost",
    "known as",
)  # fmt: skip
ASSUMPTION_HEADER = ("assumption", "value", "source", "moves the saving by")
OUTCOME_HEADER = ("outcome", "here", "compared", "formula")


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
    """One outcome as it stands at the top of the page: what, how much, the change, the formula."""

    label: str
    value: str
    change: str
    detail: str


def story(result: ErrorBudgetResult) -> str:
    """Say in one line who is affected and what is at stake."""
    s, n = result.scenario, len(result.owners)
    who = "one owner answers" if n == 1 else f"{('two', 'three', 'four')[n - 2]} owners answer"
    return (
        f"{s.requests_per_month:,.0f} answers a month; {share(result.union)} of them fail, in six "
        f"ways that {who} for. {s.line}"
    )


def rival(result: ErrorBudgetResult) -> str:
    """Name the comparison point."""
    return "today" if result.compared_with == "today" else "the lowest cost"


def cards(result: ErrorBudgetResult) -> tuple[Card, ...]:
    """Put the five outcomes on cards: users, the budget, outages, on call, money."""
    by_name = {outcome.name: outcome for outcome in result.outcomes}
    return tuple(
        Card(card.label, card.value[0], card.change[0], _detail(by_name[card.name]))
        for card in cards_at(chosen_spot(result))
    )


def _detail(outcome: Outcome) -> str:
    return f"{outcome.value:,.2f} {outcome.unit} a {outcome.per} = {outcome.formula}"


def cards_at(spots: Spots) -> tuple[CardAt, ...]:
    """Put the five outcomes of every spot on cards."""
    here, there = spots.here, spots.there
    spent = budgets(here.spent), budgets(there(lambda m: m.spent))
    outage, paged = (
        (lasting(here_, "nobody is"), lasting(there_, "nobody"))
        for here_, there_ in (
            (here.outage_minutes, there(lambda m: m.outage_minutes)),
            (here.paged, there(lambda m: m.paged)),
        )
    )
    verb = either(spots.saving > 0, "saves " + spots.saved, "costs " + spots.saved + " more")
    same = np.abs(spots.saving) < CENTS
    window = spots.result.scenario.window
    return (
        CardAt("bad_answers", "bad answers allowed", spots.bad_answers,
               either([spots.more_or_fewer[i] == "as many" for i in range(spots.rows.size)],
                      "no change", spots.more_or_fewer)),
        CardAt("spent", "of the budget spent", spent[0], spots.beside(*spent)),
        CardAt("outage_minutes", f"outage allowed in {window}", outage[0], spots.beside(*outage)),
        CardAt("unnoticed", "until somebody is paged", paged[0], spots.beside(*paged)),
        CardAt("cost", "cost a month", spots.cost, either(same, "costs the same", verb)),
    )  # fmt: skip


def ratios(result: ErrorBudgetResult) -> tuple[tuple[str, str], ...]:
    """Say what an engineer would ask for, beside the outcomes and never in front of them."""
    return tuple((name, said[0]) for name, said in ratios_at(chosen_spot(result)))


def ratios_at(spots: Spots) -> tuple[tuple[str, Phrase], ...]:
    """Say what an engineer would ask for of every spot."""
    here, result = spots.here, spots.result
    fast = np.asarray(here.fast_threshold, float)
    window = result.scenario.window
    days = np.asarray(here.left_days, float)
    return (
        ("error budget", column(shares(here.bad))),
        ("burn rate now", column(counts(here.spent))),
        ("gone after", either(days > result.window_days, f"more than {window}",
                              lasting(days * 1_440, "never"))),
        ("fast page at", either(fast > 1 + 1e-9, "cannot fire", column(shares(fast)) + " bad")),
        ("the incident spends", budgets(here.incident_spent)),
    )  # fmt: skip


def aloud(result: ErrorBudgetResult) -> tuple[str, ...]:
    """Sentences to speak; see `aloud_at`."""
    return tuple(said[0] for said in aloud_at(chosen_spot(result)))


def comparison(result: ErrorBudgetResult) -> str:
    """Say what the changes are changes against."""
    return comparison_at(chosen_spot(result))[0]


def comparison_at(spots: Spots) -> Phrase:
    """Say what the changes of every spot are changes against."""
    return either(
        spots.is_today,
        "This is today's own SLO, so it is compared with the lowest cost instead, at "
        + spots.rival_slo + ".",
        "Compared with today's SLO, " + spots.rival_slo + ".",
    )  # fmt: skip


def flip_line(flip: Flip) -> tuple[str, str, str, str]:
    """Say one flip point: what, its value now, the value that changes the answer, how far."""
    return flip_row(flip, NOUNS[flip.knob.name])


def point_header(result: ErrorBudgetResult) -> tuple[str, ...]:
    """Head the table of operating points."""
    return ("point", "SLO", "cost a month", "over the lowest", "budget spent",
            f"outage in {result.scenario.window}")  # fmt: skip


def point_row(point: SloPoint) -> tuple[str, ...]:
    """Put one operating point in a row of words."""
    name = POINTS[point.name]
    if not point.feasible:
        return name, share(point.slo), "beyond the dial", "", "", ""
    price = "nothing is cheaper" if point.price < CENTS else f"{money(point.price)} more"
    return (name, share(point.slo), money(point.cost), price, budgets(point.spent)[0],
            duration(point.outage_minutes))  # fmt: skip


def spend_rows(result: ErrorBudgetResult) -> list[tuple[str, ...]]:
    """Put what each mode may spend and spends in rows of words, all of them last."""
    s, allowed = result.scenario, np.asarray(result.chosen.allowed)
    n = s.requests_per_month
    rows: list[tuple[str, ...]] = [
        (NAMES[mode], getattr(s, f"owner_{mode}"), count(allowed[i] * n),
         count(result.observed[i] * n), _over(result.over[i]))
        for i, mode in enumerate(MODES)
    ]  # fmt: skip
    bad = float(result.chosen.bad_answers)
    rows.append(("all", "", count(bad), count(result.union * n), _over(result.union * n - bad)))
    return rows


def _over(answers: float) -> str:
    return f"{count(answers)} over" if answers > 0 else f"{count(-answers)} left"


def owner_row(owner: OwnerShare) -> tuple[str, ...]:
    """Put one owner's part in a row of words."""
    return (owner.owner, ", ".join(NAMES[mode] for mode in owner.modes), count(owner.allowed),
            count(owner.spent), _over(owner.spent - owner.allowed))  # fmt: skip


def split_row(split: Split) -> tuple[str, ...]:
    """Put one way to split the budget in a row of words."""
    return RULES[split.rule], money(split.cost), share(split.best_slo), money(split.best_cost)


def alert_row(here: AlertHere) -> tuple[str, ...]:
    """Put one alert in a row of words."""
    alert = here.alert
    both = f"{duration(alert.long_min)} and {duration(alert.short_min)}"
    head = (alert.severity, both, f"{alert.factor:.3g}")
    now = "always on" if here.always_on else "off"
    if not alert.can_fire:
        return (*head, f"{share(alert.threshold)}, so never", share(alert.share), "never", "", now)
    fires = "does not fire" if np.isinf(here.after) else f"fires after {duration(here.after)}"
    clears = "" if undefined(here.clears) else duration(here.clears)
    return (*head, share(alert.threshold), share(alert.share), fires, clears, now)


def sli_row(sli: Sli) -> tuple[str, ...]:
    """Put one indicator in a row of words, with both intervals."""
    name = NAMES.get(sli.name, "all, each once")
    if sli.score.too_few:
        return name, count(sli.bad), f"too few to say: {sli.score.trials} answers", "", ""
    low, value, high, exact_low, exact_high = apart(
        sli.score.low, sli.score.value, sli.score.high, sli.exact.low, sli.exact.high
    )
    counted = f"{sli.bad:,} of {sli.score.trials:,}"
    return name, counted, value, f"{low} to {high}", f"{exact_low} to {exact_high}"


def assumption_row(assumption: Assumption) -> tuple[str, ...]:
    """Put one assumption in a row of words."""
    knob, value = assumption.knob, assumption.value
    said = value if isinstance(value, str) else with_unit(value, knob.unit)
    swing = "" if undefined(assumption.swing) else f"{money(assumption.swing)} a month"
    return knob.label, said, knob.source, swing


def outcome_row(outcome: Outcome) -> tuple[str, ...]:
    """Put one outcome in a row: exact figures and the formula."""
    unit = f"{outcome.unit} a {outcome.per}"
    return (outcome.label, f"{outcome.value:,.2f} {unit}", f"{outcome.compared:,.2f} {unit}",
            outcome.formula)  # fmt: skip


def of_people(result: ErrorBudgetResult) -> str:
    """Head the picture of people."""
    return f"Of {result.crowd:,} answers, how many may fail, and how?"


def described(result: ErrorBudgetResult, picture: str) -> str:
    """Describe a picture to whoever cannot see it; true wherever the SLO stands."""
    incident = f"{share(result.scenario.incident_rate)} of answers fail for " + duration(
        result.scenario.incident_minutes)  # fmt: skip
    return {
        "people": f"{result.crowd:,} answers as icons: those the budget lets fail, by how, and "
        "good ones.",
        "cost": "Cost along the SLO, of bad answers and of keeping to it, lowest at "
        f"{share(result.lowest_cost.slo)}; a line marks the chosen SLO.",
        "spent": "Failures by mode stacked from left to right, each answer once, up to "
        f"{share(result.union)}; a line marks the budget.",
        "alerts": f"Minutes until each alert fires when {incident}, along the SLO; a line that "
        "ends never fires beyond.",
        "split": "What each mode spends, and what each way to split the budget would let it.",
        "incident": f"Burn rates minute by minute as {incident}, with the rates that page.",
    }[picture]


def dial_marks(result: ErrorBudgetResult) -> tuple[tuple[int, str, str], ...]:
    """Name the positions of the dial worth a mark: row, words, and "best", "point" or "today"."""
    worth = [
        (p.slo, POINTS[p.name], "best" if p.name == "lowest_cost" else "point")
        for p in result.points
        if p.feasible
    ]
    found: dict[int, tuple[list[str], str]] = {}
    for at, name, kind in [*worth, (result.scenario.today_slo, "today", "today")]:
        row = int(np.searchsorted(result.slos, at))
        names, first = found.get(row, ([], kind))
        found[row] = [*names, name], first
    return tuple((row, " and ".join(names), kind) for row, (names, kind) in sorted(found.items()))


def spot_rows(result: ErrorBudgetResult) -> list[tuple[str, ...]]:
    """Put a dozen SLOs in rows of words: the chosen one, the named ones, some between."""
    spots = every_spot(result)
    named = {row: words for row, words, _ in dial_marks(result)}
    some = np.linspace(0, result.slos.size - 1, SOME).round().astype(int).tolist()
    told = cards_at(spots)
    return [
        (spots.slo[row], *(card.value[row] for card in told),
         " and ".join([*(["chosen"] if row == result.row else []), *([named[row]] if row in named
                                                                     else [])]))
        for row in sorted({*some, *named, result.row})
    ]  # fmt: skip


def people(result: ErrorBudgetResult) -> tuple[tuple[str, str], ...]:
    """Say the seven cells out of a round number of answers."""
    said = people_at(chosen_spot(result))
    return tuple((label, said[cell][0]) for cell, label in CELLS.items())


def people_at(spots: Spots) -> dict[str, Phrase]:
    """Say the seven cells of every spot; one that shows nobody is "1 in so many"."""
    n, allowed = spots.result.people[spots.rows], np.asarray(spots.here.allowed, float)
    said = {}
    for i, mode in enumerate(MODES):
        words, nobody = decimals(n[:, i], 0), np.flatnonzero(n[:, i] == 0)
        with np.errstate(divide="ignore", over="ignore"):
            many = 1 / allowed[nobody, i]
        words[nobody] = np.where(many > LEAST_RARE, "0", ones_in(many))
        said[mode] = column(words)
    return {**said, "good": column(decimals(spots.result.crowd - n.sum(axis=1), 0))}


def steps(
    result: ErrorBudgetResult,
) -> tuple[tuple[str, str, tuple[str | int, ...], tuple[str | int, ...], tuple[str, ...]], ...]:
    """Tell the tradeoff one idea at a time.

    Returns
    -------
    tuple of (name, title, text, note, panels)
        The text is shown, the note is the speaker's; in both a number stands for that sentence
        of the paragraph to say aloud. Panels by name.
    """
    best = result.lowest_cost
    lowest = f"The lowest cost is {money(best.cost)} a month, at {share(best.slo)}."
    return (
        ("story", result.scenario.question, (story(result),),
         ("Say who gets a bad answer, and who may not ship, before you say a number.",), ()),
        ("people", of_people(result), (0,),
         ("Move the SLO by a nine and count again.",), ("dial", "people")),
        ("spent", "Who has spent it?", (1,), ("Name the owner, not the team you like least.",),
         ("dial", "spent")),
        ("picture", "What does each SLO cost, and why?", (), (lowest,), ("dial", "cost")),
        ("alerts", "Would anybody be woken?", (2,), ("An alert that cannot fire is no alert.",),
         ("dial", "alerts")),
        ("tradeoff", "What do we promise, and what does it cost whom?", (3, 4), (),
         ("dial", "cards")),
        ("mind", "What would change my mind?", (5,),
         ("Say it as a promise: what you will measure, and by when.",), ()),
    )  # fmt: skip


def worst_assumption(result: ErrorBudgetResult) -> str:
    """Name the assumption that moves the answer most."""
    first = result.assumptions[0]
    if undefined(first.swing) or first.swing < CENTS:
        return "No assumption moves the answer."
    return (
        f"What moves the answer most is {NOUNS[first.knob.name]}: from half to one and a half "
        f"times its value, the saving against {rival(result)} moves by {money(first.swing)} a "
        "month."
    )
