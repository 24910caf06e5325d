"""What a person says about two answers side by side: a finished comparison in, words out.

Knows no question by its name: the verbs for people come with the outcomes, the nouns for
assumptions with the knobs. A change of money is a verb.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from aipm_metrics.spoken import count, money, undefined, with_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.comparisons.compared import Compared, OutcomeDifference, Turning
    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.draws import Chance

__all__ = [
    "CENTS",
    "LINE",
    "MOVED",
    "against",
    "aloud",
    "chance_line",
    "described_money",
    "described_turn",
    "happens",
    "joined",
    "more_or_fewer",
    "moved",
    "noun",
    "reversals",
    "side_name",
    "sides",
    "turning_name",
    "turning_question",
    "value_said",
    "verb",
    "winner_of",
]

CENTS = 0.005  # USD; less is not a difference
LINE = (
    "Two settings, two models or two worlds side by side: who pays, what it saves, and what would "
    "change my mind."
)
FEW = 3  # departures that still make a name
IDLE = "plays no part"
_NO_COST = "has a cost that is undefined on one side"
MOVED = {"both": "both", "a": "A alone", "b": "B alone"}


def chance_line(b_is_cheaper: Chance) -> str:
    """Say how often B is the cheaper one when no assumption is quite what it is taken for."""
    chance = b_is_cheaper
    give = f", give or take {chance.error * chance.draws:.0f}" if chance.error else ""
    ties = f"; in {chance.ties:,} both cost the same" if chance.ties else ""
    return (
        f"With every assumption anywhere in its range, B is cheaper in {chance.wins:,} of "
        f"{chance.draws:,} draws{give}{ties}."
    )


def aloud(compared: Compared) -> tuple[str, ...]:
    """Say it in one sentence: what B does to people, what it saves, when the other would win."""
    if compared.same:
        return ("A and B are one and the same scenario: nothing differs.",)
    people = [_people(o) for o in compared.outcomes if happens(o)]
    clauses = [f"B {joined(people)}; it"] if people else ["B"]
    clauses[0] += f" {_money(compared)}"
    if mind := _mind(compared):
        clauses.append(mind)
    return ("; ".join(clauses) + ".",)


def happens(o: OutcomeDifference) -> bool:
    """Whether an outcome is one to speak of: it has a verb, and happens on either side."""
    return bool(o.outcome.said) and bool(o.a or o.b)


def _people(o: OutcomeDifference) -> str:
    """Say one outcome as what B does: "lets 310 more posts through"."""
    return o.outcome.said.replace("{}", more_or_fewer(o.difference))


def more_or_fewer(difference: float) -> str:
    """Say a difference of a count: so many more, so many fewer, or as many."""
    if undefined(difference):
        return "an undefined number of"
    if count(abs(difference)) == "0":
        return "as many"
    return f"{count(abs(difference))} {'more' if difference > 0 else 'fewer'}"


def joined(parts: list[str]) -> str:
    """Join clauses as in speech: one, two and three."""
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def winner_of(compared: Compared) -> str:
    """Name the cheaper side, or nothing where no cent is between them."""
    if compared.cheaper not in {"a", "b"} or abs(compared.cost_difference) < CENTS:
        return ""
    return compared.cheaper.upper()


def _money(compared: Compared) -> str:
    if compared.cheaper == "undefined":
        return f"{_NO_COST}, so neither wins"
    if not winner_of(compared):
        return "costs the same"
    return verb(compared.cost_difference) + (f" a {compared.per}" if compared.per else "")


def verb(usd: float) -> str:
    """Say a difference of money as a verb."""
    if undefined(usd):
        return "undefined"
    if abs(usd) < CENTS:
        return "costs the same"
    return f"saves {money(-usd)}" if usd < 0 else f"costs {money(usd)} more"


def _mind(compared: Compared) -> str:
    """Say when the dearer side would win; on a tie, who wins on which side of what."""
    winner, turning = winner_of(compared), compared.decisive
    if compared.cheaper == "undefined":
        return ""
    if not winner:
        return sides(turning) if turning is not None and turning.has_direction else ""
    if turning is None:
        return "no single price or rate, anywhere in its range, would change that"
    wins = "A wins again" if winner == "B" else "B wins only"
    own = compared.nearest
    nearer = f"{moved(own)}, or with " if own is not None and own != turning else ""
    return f"{wins} with {nearer}{moved(turning)}"


def against(compared: Compared, side: Literal["a", "b"]) -> str:
    """Say what the numbers hold against one side; or that they hold nothing."""
    other, sign = ("B", 1) if side == "a" else ("A", -1)
    worse = [
        f"{o.outcome.label} ({more_or_fewer(-sign * o.difference)})"
        for o in compared.outcomes
        if happens(o) and o.verdict not in {side, "same", "neither", "undefined"}
    ]
    people = f" and does worse on {joined(worse)}" if worse else ""
    money_told = verb(-sign * compared.cost_difference)
    per = f" a {compared.per}" if compared.per else ""
    if not winner_of(compared):
        per, money_told = "", "costs the same" if compared.cheaper != "undefined" else _NO_COST
    return f"Next to {other}, {side.upper()} {money_told}{per}{people}."


def moved(turning: Turning) -> str:
    """Say what would have to be so, in words that fit one thing and many."""
    flip, unit = turning.flip, turning.flip.knob.unit
    side = "above" if flip.at > flip.today else "below"
    alone = "" if turning.moved == "both" else f" in {MOVED[turning.moved]}"
    return (
        f"{noun(flip.knob)} {side} {with_unit(flip.at, unit)} "
        f"(now {with_unit(flip.today, unit)}){alone}"
    )


def sides(turning: Turning) -> str:
    """Say which side wins above a turning point and which below it; nothing without direction."""
    if not turning.has_direction:
        return ""
    flip, unit = turning.flip, turning.flip.knob.unit
    at, today = with_unit(flip.at, unit), with_unit(flip.today, unit)
    place = f"today's {at}" if at == today else f"{at} (now {today})"
    alone = "" if turning.moved == "both" else f" in {MOVED[turning.moved]}"
    return (
        f"{str(turning.above).upper()} wins with {noun(flip.knob)}{alone} above {place}, "
        f"{str(turning.below).upper()} below"
    )


def reversals(compared: Compared) -> tuple[tuple[Turning, str], ...]:
    """Say every turning point as what would reverse the answer, the nearest first.

    Past it the dearer side wins. Where both cost the same nothing is past anything: then who
    wins on which side is said, and a turning point without a direction is left out.
    """
    say = moved if winner_of(compared) else sides
    told = [(t, say(t)) for t in compared.turnings if not undefined(t.flip.at)]
    return tuple((turning, said) for turning, said in told if said)


def noun(knob: Knob) -> str:
    """Name an assumption in the middle of a sentence; an abbreviation stays as it is.

    Examples
    --------
    >>> from aipm_metrics.knobs import knobs_of
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> knobs = knobs_of(ModerationScenario)
    >>> noun(knobs["harm_per_missed"]), noun(knobs["auc"])
    ('the harm of a missed post', 'the AUC')
    """
    return f"the {_mid(knob.label)}"


def _mid(label: str) -> str:
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


def value_said(knob: Knob, value: float | str | None) -> str:
    """Say a knob's value, or that it plays no part."""
    if value is None:
        return IDLE
    return value if isinstance(value, str) else with_unit(value, knob.unit)


def side_name(title: str, preset: str, departures: Mapping[Knob, float | str], rows: str) -> str:
    """Name a side: its preset, or the few knobs that make it, or where it came from."""
    if preset:
        return preset
    told = [f"rows {rows}"] if rows else []
    told += [f"{_mid(knob.label)} {value_said(knob, value)}" for knob, value in departures.items()]
    return f"{title}: {', '.join(told)}" if 0 < len(told) <= FEW else f"{title}: from a link"


def turning_name(turning: Turning) -> str:
    """Name an assumption for a list to choose from."""
    alone = "" if turning.moved == "both" else f", in {MOVED[turning.moved]}"
    return f"{turning.flip.knob.label}{alone}"


def turning_question(compared: Compared) -> str:
    """Head the picture of the turning point with the question it answers."""
    if not winner_of(compared):
        return "When does either win?"
    return "When does B win?" if winner_of(compared) == "A" else "When does A win again?"


def described_turn(turning: Turning) -> str:
    """Describe the picture of a turning point to whoever cannot see it."""
    flip, unit = turning.flip, turning.flip.knob.unit
    return (
        f"Cost of A and of B as {noun(flip.knob)} moves: the lines cross at "
        f"{with_unit(flip.at, unit)}, and it is {with_unit(flip.today, unit)} now."
    )


def described_money(compared: Compared) -> str:
    """Describe the picture of the money to whoever cannot see it."""
    parts = "; ".join(f"{o.outcome.label}: B {verb(o.difference)}" for o in compared.parts)
    return f"{parts}; in all B {_money(compared)}." if parts else f"In all B {_money(compared)}."
