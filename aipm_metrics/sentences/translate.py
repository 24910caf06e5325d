"""What a person says about metrics and what they mean: a finished result in, sentences out.

Long because a report may be settled, open or impossible, and each is said differently; tables
are in `translate_tables`, numbers that may be wrong in `translate_suspects`, single metrics in
`metric_words`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.sentences.metric_words import NAMES, between, listed, metric_value, span
from aipm_metrics.sentences.translate_suspects import (
    as_said,
    blamed,
    left_of,
    near,
    would_be,
)
from aipm_metrics.sentences.translate_tables import NOUNS
from aipm_metrics.spoken import count, money, one_in, share, threshold, undefined, with_unit

if TYPE_CHECKING:
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.contract import Outcome
    from aipm_metrics.scenarios.translate import TranslateResult

__all__ = [
    "CAUSES",
    "CELLS",
    "CONVENTIONS",
    "Card",
    "aloud",
    "cards",
    "comparison",
    "described",
    "has_single_suspect",
    "held_note",
    "of_cost",
    "of_people",
    "other_meaning",
    "people",
    "rounding_note",
    "story",
    "target_line",
    "verdict",
    "worst_assumption",
]

NBSP = "\N{NO-BREAK SPACE}"
WITH_ARTICLE = {"false positive rate", "share missed", "share flagged"}
CENTS = 0.005  # USD a month; less is not a difference
CELLS = {
    "caught": "positive, flagged",
    "wronged": "false alarms: negative, flagged",
    "missed": "positive, not flagged",
    "left alone": "negative, not flagged",
}
CAUSES = {"support": "support", "harm": "harm of missed cases", "people": "people who leave"}
TARGETS = {
    "tickets": ("tickets", count), "support cost": ("in support", money),
    "false alarms": ("false alarms", count), "missed": ("missed cases", count),
    "people leaving": ("people from leaving", count), "cost": ("in all", money),
}  # fmt: skip
CONVENTIONS = (
    "Every number stands for half a unit around its last written digit; both ends are allowed.",
    "While a metric changes, the world stands still: as many cases, as many of them positive. "
    "The metric you hold stands still too.",
    "Each person has as many cases, each goes wrong on its own, and nobody leaves twice.",
)


@dataclass(frozen=True, slots=True)
class Card:
    """One outcome as it stands at the top of the page; `change` is against now."""

    label: str
    value: str
    change: str
    detail: str


def story(result: TranslateResult) -> str:
    """Repeat what is known."""
    s = result.scenario
    said = [f"{NAMES[name]} {as_said(result, name)}" for name, _, _ in result.reading.said]
    return f"{s.line} You know: {listed(said, 'and')}." if said else f"{s.line} {NOTHING}"


NOTHING = "Nothing is known yet: say some of the numbers in your report."


def _amount(result: TranslateResult, measure: str) -> str:
    """Say the size of the change in one of its two meanings."""
    size = abs(result.scenario.amount)
    if measure == "per cent":
        return f"{threshold(size, scale=100)}{NBSP}%"
    points = threshold(size, scale=100)
    return f"{points} point" if points == "1" else f"{points} points"


def _moves(result: TranslateResult) -> str:
    return "falls" if result.scenario.amount < 0 else "rises"


def held_note(result: TranslateResult) -> str:
    """Say what stands still, and when the wish cannot be."""
    s = result.scenario
    held = _the(s.held_metric)
    wish = ""
    if held != _article(s.held):
        changed = _the(s.changed_metric)
        wish = f"{_article(s.held)} cannot be held while {changed} changes, so {held} is. "
        wish = wish[0].upper() + wish[1:]
    world = "the number of cases and of positives"
    return f"{wish}Held fixed: {held}, and {world}."


def _the(name: str) -> str:
    """Name a metric in the middle of a sentence.

    Examples
    --------
    >>> _the("fpr"), _the("recall"), _the("fnr")
    ('the false positive rate', 'recall', 'the share missed')
    """
    return _article(NAMES[name])


def _article(label: str) -> str:
    return f"the {label}" if label in WITH_ARTICLE else label


def _more(after: float, now: float) -> str:
    """Say a change of a count: so many more, so many fewer, or as many."""
    change = after - now
    if undefined(change):
        return "an open number of"
    if count(abs(change)) == "0":
        return "as many"
    return f"{count(abs(change))} {'more' if change > 0 else 'fewer'}"


def _by(after: float, now: float) -> str:
    """Say a change of a count as a share of what it was, in brackets."""
    change = after - now
    if not now > 0 or count(abs(change)) == "0":
        return ""
    return f" ({share(abs(change) / now)} {'more' if change > 0 else 'fewer'})"


def _saving(saving: float) -> str:
    """Say a change of money as a verb."""
    if undefined(saving):
        return "its cost is open"
    if abs(saving) < CENTS:
        return "costs nothing"
    return f"saves {money(saving)}" if saving > 0 else f"costs {money(-saving)} more"


def verdict(result: TranslateResult) -> str:
    """Say in a sentence when the numbers cannot be true, or leave too much open."""
    reading = result.reading
    if reading.status == "impossible":
        if reading.fractions:
            return (
                "These numbers cannot all be true: no whole number of cases has all of them, "
                "rounding allowed for."
            )
        return "These numbers cannot all be true, rounding allowed for."
    if reading.status == "open":
        return "These numbers leave open what happens to whom."
    if undefined(reading.follows["tn"]):
        return (
            "How many cases are left alone is open, and with it people who leave over false "
            "alarms and the whole cost. Say the volume to know them."
        )
    return ""


def _needed(result: TranslateResult) -> str:
    more = [NAMES[name] for name in result.reading.would_settle]
    if more:
        return f"One more of these settles it: {listed(more, 'or')}."
    return "At least two more numbers are needed, one of them a count."


def cards(result: TranslateResult) -> tuple[Card, ...]:
    """Put on cards what happens, or what can, or what the wrong number would have to be."""
    if result.reading.status == "impossible":
        return _suspect_cards(result)
    if result.now is None:
        allowed = result.allowed
        return tuple(
            Card(o.label, "open", span(metric, allowed[o.name]), o.formula)
            for o in result.outcomes
            if (metric := "fp" if o.name == "tickets" else o.name) in {"fp", "fn", "tp"}
        )
    by_name = {o.name: o for o in result.outcomes}
    tickets, cost = by_name["tickets"], by_name["cost"]
    support = by_name["cost_support"]
    return (
        _card(by_name["fp"]),
        _card(by_name["fn"]),
        _card(tickets, f": {money(abs(support.value - support.compared))}"),
        _card(by_name["leaving"]),
        Card(
            "cost a month", money(_shown(cost)), _saving_card(result),
            f"{_shown(cost):,.2f} USD a month = {cost.formula}",
        ),
    )  # fmt: skip


def _shown(outcome: Outcome) -> float:
    """After the change; now where the change is out of reach."""
    return outcome.compared if undefined(outcome.value) else outcome.value


def _card(o: Outcome, extra: str = "") -> Card:
    if undefined(o.value):
        change = "" if undefined(o.compared) else "now; out of reach"
    else:
        change = _more(o.value, o.compared)
        change = "no change" if change == "as many" else change + extra
    value = _shown(o)
    detail = f"{value:,.2f} {o.unit} a {o.per} = {o.formula}"
    return Card(o.label, "open" if undefined(value) else count(value), change, detail)


def _saving_card(result: TranslateResult) -> str:
    if result.after is None:
        return "now; out of reach"
    return "say the volume" if undefined(result.saving) else _saving(result.saving)


def _suspect_cards(result: TranslateResult) -> tuple[Card, ...]:
    """One card per number that alone may be the wrong one: what the others make of it."""
    return tuple(
        Card(NAMES[one.metrics[0]], *would_be(result, one), left_of(result, one))
        for one in result.reading.suspects
        if len(one.metrics) == 1
    )[:5]  # fmt: skip


def comparison(result: TranslateResult) -> str:
    """Say what the cards show, and against what."""
    if result.reading.status == "impossible":
        if any(len(one.metrics) == 1 for one in result.reading.suspects):
            if result.reading.fractions:
                return "The nearest each number could be, of whole cases, if it alone were wrong."
            return "What each number would have to be if it alone were wrong."
        return ""
    if result.now is None:
        return "The least and the most that these numbers allow."
    if result.after is None:
        return "The month as it is: the change asked about is out of reach."
    return f"After the change, compared with now. {held_note(result)}"


def other_meaning(result: TranslateResult) -> str:
    """Say what the same words would mean the other way."""
    other, s = result.otherwise, result.scenario
    if other is None or result.after is None or result.now is None or s.amount == 0:
        return ""
    measure = "points" if s.measure == "per cent" else "per cent"
    amount = _amount(result, measure)
    meant = f"Meant as {amount}"
    if other.month is None:
        return f"{meant}, {_the(other.metric)} could not move so far. Say which you mean."
    fp = _more(other.month.cells.fp, result.now.cells.fp)
    fn = _more(other.month.cells.fn, result.now.cells.fn)
    saving = result.now.cost - other.month.cost
    costs = "" if undefined(float(saving)) else f"; it {_saving(float(saving))}"
    return (
        f"{meant} (to {metric_value(other.metric, other.wanted)}), there are {fp} false alarms "
        f"and {fn} missed{costs}. Say which you mean."
    )


def rounding_note(result: TranslateResult) -> str:
    """Say how much the rounding of the numbers given leaves open now."""
    if result.now is None:
        return ""
    allowed = result.allowed["fp"]
    said = span("fp", allowed)
    if said == metric_value("fp", float(result.now.cells.fp)):
        return ""
    note = f"The digits given allow {said} false alarms now"
    if result.after is not None:
        change = abs(float(result.after.cells.fp) - float(result.now.cells.fp))
        if 0 < change < allowed.high - allowed.low:
            note += ": rounding alone leaves more open than this change moves"
    return note + "."


def aloud(result: TranslateResult) -> tuple[str, ...]:
    """Sentences to speak: what the words mean, for whom, the money, what would change it."""
    if result.reading.status == "impossible":
        return _refuted(result)
    if result.now is None:
        spans = result.reading.spans
        return (
            verdict(result),
            f"False alarms can be {between('fp', spans['fp'])} a month, missed cases "
            f"{between('fn', spans['fn'])}.",
            _needed(result),
        )
    if result.after is None:
        return (_unreachable(result),)
    if result.change is not None and result.change.wanted == result.change.start:
        change = result.change
        at = metric_value(change.metric, change.start)
        return (f"Nothing changes: {_the(change.metric)} is {at} and stays there.",)
    return (_meaning(result), _money(result), *_mind(result))


def _refuted(result: TranslateResult) -> tuple[str, ...]:
    """Say that they cannot be true and which may be the wrong one."""
    suspects = result.reading.suspects
    single = [one for one in suspects if len(one.metrics) == 1]
    if not single:
        if not suspects:
            return (verdict(result),)
        pair = listed([NAMES[name] for name in suspects[0].metrics], "and")
        many = {2: "two", 3: "three"}.get(len(suspects[0].metrics), "several")
        return (
            verdict(result),
            f"No single one explains it: at least {many} are wrong, such as {pair}.",
        )
    said = blamed(result, single)
    others = [
        NAMES[name]
        for name, _, _ in result.reading.said
        if name not in {one.metrics[0] for one in single}
    ]
    if others:
        it = "It is" if len(others) == 1 else "Each is"
        said.append(
            f"{it} not {listed(others, 'or')} alone: changing that makes the others no truer."
        )
    return (verdict(result), *said)


def _unreachable(result: TranslateResult) -> str:
    change = result.change
    if change is None or undefined(change.low) or undefined(change.start):
        said = _the(result.scenario.changed_metric)
        return f"{said[0].upper()}{said[1:]} is not defined here: nothing is flagged or positive."
    name, held = _the(change.metric), _the(change.held)
    if change.low == change.high:
        return f"While {held} is held, {name} does not move at all."
    low, high = (metric_value(change.metric, x) for x in (change.low, change.high))
    aim = change.wanted
    aim_said = "below 0 %" if aim < 0 else metric_value(change.metric, aim)
    return (
        f"{name[0].upper()}{name[1:]} cannot go from {metric_value(change.metric, change.start)} "
        f"to {aim_said} while {held} is held: it can be {low} to {high}."
    )


def _meaning(result: TranslateResult) -> str:
    change, now, after = result.change, result.now, result.after
    if change is None or now is None or after is None:
        return ""
    name = _the(change.metric)
    moved = (
        f"If {name} {_moves(result)} {_amount(result, result.scenario.measure)}, from "
        f"{metric_value(change.metric, change.start)} to "
        f"{metric_value(change.metric, change.wanted)}, while "
        f"{_the(change.held)} stays"
    )
    fp, fn = (after.cells.fp, now.cells.fp), (after.cells.fn, now.cells.fn)
    return (
        f"{moved}, there are {_more(*fp)} false alarms a month{_by(*fp)} and {_more(*fn)} "
        f"missed{_by(*fn)}."
    )


def _money(result: TranslateResult) -> str:
    now, after = result.now, result.after
    if now is None or after is None:
        return ""
    support = float(now.cost_by_cause["support"] - after.cost_by_cause["support"])
    tickets = _more(after.tickets, now.tickets)
    part = "" if tickets == "as many" else f", which {_saving(support)} in support"
    said = f"That is {tickets} support tickets{part}"
    if undefined(float(after.leaving)):
        return f"{said}."
    leaving = _more(after.leaving, now.leaving)
    gone = "as many people leave" if leaving == "as many" else f"{leaving} people leave"
    return f"{said}; {gone}. In all it {_saving(result.saving)} a month."


def _mind(result: TranslateResult) -> tuple[str, ...]:
    """Say what would turn the sign: a price, or another metric that makes up for it."""
    said = []
    up = result.make_up
    if up is not None:
        name = NAMES[up.metric]
        now = metric_value(up.metric, up.start)
        if undefined(up.wanted):
            said.append(f"No {name} would make up for it.")
        elif result.saving < 0:
            said.append(
                f"To make up for it, {_the(up.metric)} would have to go from {now} to "
                f"{metric_value(up.metric, up.wanted)}."
            )
        else:
            said.append(
                f"The gain would be gone if {_the(up.metric)} went from {now} to "
                f"{metric_value(up.metric, up.wanted)}."
            )
    flips = [flip for flip in result.flips if not undefined(flip.at)]
    if flips:
        said.append(f"I would change my mind if {_moved(flips[0])}.")
    elif result.flips and abs(result.saving) >= CENTS:
        said.append("No single price or rate, anywhere in its range, would turn that around.")
    return tuple(said)


def _moved(flip: Flip) -> str:
    verb = "rose above" if flip.at > flip.today else "fell below"
    return (
        f"{NOUNS[flip.knob.name]} {verb} {with_unit(flip.at, flip.knob.unit)} "
        f"(now {with_unit(flip.today, flip.knob.unit)})"
    )


def target_line(result: TranslateResult) -> str:
    """Say where the metric must go to save what is wanted, or what is the most it can save."""
    target, s = result.target, result.scenario
    if target is None:
        return ""
    noun, say = TARGETS[s.target]
    name, held = _the(target.metric), _the(target.held)
    wanted = f"{say(s.target_amount)} {noun}"
    if not undefined(target.wanted):
        verb = "rise" if target.wanted > target.start else "fall"
        return (
            f"To save {wanted} a month, {name} must {verb} from "
            f"{metric_value(target.metric, target.start)} to "
            f"{metric_value(target.metric, target.wanted)}, {held} held."
        )
    if undefined(result.most):
        return f"What {name} must be to save {wanted} a month is open: say the volume."
    most = (
        f"the most it can save is {say(result.most)}"
        if result.most > 0
        else "moving it saves nothing"
    )
    return f"No {NAMES[target.metric]} saves {wanted} a month while {held} is held: {most}."


def worst_assumption(result: TranslateResult) -> str:
    """Name the assumption that moves the answer most."""
    if not result.assumptions or undefined(result.assumptions[0].swing):
        return "No price or rate moves the answer."
    first = result.assumptions[0]
    if first.swing < CENTS:
        return "No price or rate moves the answer."
    return (
        f"What moves the answer most is {NOUNS[first.knob.name]}: from half to one and a half "
        f"times its value, what the change saves moves by {money(first.swing)} a month."
    )


def people(result: TranslateResult) -> tuple[tuple[str, str, str], ...]:
    """Say the cells out of a round number, now and after."""
    if result.people is None:
        return ()
    now, after = result.people
    return tuple(
        (
            CELLS[cell],
            one_in(now.one_in[cell]) if cell in now.one_in else f"{n:,}",
            one_in(after.one_in[cell]) if cell in after.one_in else f"{after.people[cell]:,}",
        )
        for cell, n in now.people.items()
    )


def of_cost(result: TranslateResult) -> str:
    """Head the picture of cost."""
    change, s = result.change, result.scenario
    held = "" if change is None else f", {_the(change.held)} held"
    return f"What does each {s.changed} cost{held}?"


def has_single_suspect(result: TranslateResult) -> bool:
    """Whether some number alone may be the wrong one."""
    return any(len(one.metrics) == 1 for one in result.reading.suspects)


def of_people(result: TranslateResult) -> str:
    """Head the picture of people."""
    if result.people is None:
        return "Who gets what?"
    whom = "cases" if "left alone" in result.people[0].people else "cases flagged or missed"
    return f"Of {result.people[0].of:,} {whom}, who gets what?"


def described(result: TranslateResult, picture: str) -> str:
    """Describe a picture to whoever cannot see it."""
    if picture == "people":
        cells = "; ".join(
            f"{cell}: {now} now, {after} after" for cell, now, after in people(result)
        )
        return f"{of_people(result)} {cells}."
    if picture == "cost":
        s = result.scenario
        return (
            f"Cost by cause along {s.changed}: {money(_now_cost(result))} a month now, "
            f"{money(result.cost)} after the change."
        )
    if picture == "open":
        spans = result.reading.spans
        told = "; ".join(f"{NAMES[n]} {span(n, spans[n])}" for n in METRICS if METRICS[n].is_ratio)
        return f"What each share can be: {told}."
    told = "; ".join(
        f"{NAMES[one.metrics[0]]} {near(result, one) or span(one.metrics[0], one.allowed[0])}"
        for one in result.reading.suspects
        if len(one.metrics) == 1
    )
    return f"What each number would have to be if it alone were wrong: {told}."


def _now_cost(result: TranslateResult) -> float:
    return float("nan") if result.now is None else float(result.now.cost)
