"""What a person says about how sure a choice is: a finished answer in, plain sentences out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.spoken import cut, money, undefined, with_unit

if TYPE_CHECKING:
    from aipm_metrics.models.tornado import Bar
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = [
    "BAR_HEADER",
    "METHOD",
    "aloud",
    "bar_row",
    "chance_line",
    "described",
    "limits_line",
    "outside",
    "turned_round",
    "worth",
]

CENTS = 0.005  # USD a month; less is not a difference
BAR_HEADER = (
    "assumption", "now", "low", "high", "saves at low", "saves at high", "cheapest at low",
    "cheapest at high", "flips at",
)  # fmt: skip
METHOD = (
    "Each draw takes every assumption anywhere between its low and its high, evenly on its own "
    "scale and independently of the others. The draws are the same for every choice and stay the "
    "same while you turn a knob; another seed gives others. Thresholds, desk hours and the recall "
    "floor are decisions, so they are not drawn."
)
STAND = "the choice that is cheapest as things stand"


def _named(against: str) -> str:
    return STAND if against == "the lowest cost" else against


def aloud(found: Uncertainty, against: str) -> tuple[str, ...]:
    """Sentences to speak: the chance, the saving, what matters, what would flip it.

    Parameters
    ----------
    found
        The answer.
    against
        What the choice is compared with, as the question names it.
    """
    if found.chance.ties == found.chance.draws:
        return (f"This choice and {_named(against)} cost the same in every draw.",)
    return (
        chance_line(found, against), _saving(found), _matters(found),
        _flips(found, _named(against)),
    )  # fmt: skip


def worth(found: Uncertainty, against: str) -> tuple[str, ...]:
    """Say where the best choice could be, and what it is worth to know better."""
    said = (_best(found), _regret(found, _named(against)))
    return tuple(sentence for sentence in said if sentence)


def chance_line(found: Uncertainty, against: str) -> str:
    """Say how often the choice is the cheaper one, with its standard error."""
    chance = found.chance
    ties = f"; in {chance.ties:,} both cost the same" if chance.ties else ""
    give = f", give or take {chance.error * chance.draws:.0f}" if chance.error else ""
    return (
        f"In {chance.wins:,} of {chance.draws:,} draws this choice is cheaper than "
        f"{_named(against)}{give}{ties}."
    )


def _moved(usd: float) -> str:
    if abs(usd) < CENTS:
        return "nothing"
    return f"{money(abs(usd))} {'saved' if usd > 0 else 'lost'}"


def _saving(found: Uncertainty) -> str:
    now, saving = found.saving_now, found.saving
    verb = "saves" if now >= 0 else "loses"
    return (
        f"As things stand it {verb} {money(abs(now))} a month; nine draws of ten lie between "
        f"{_moved(saving.low)} and {_moved(saving.high)}."
    )


def _best(found: Uncertainty) -> str:
    low, high = found.best_spread.low, found.best_spread.high
    if undefined(low):
        return ""
    if _cut(low) == _cut(high):
        return f"In nine draws of ten the cheapest threshold is {_cut(low)}."
    return f"In nine draws of ten the cheapest threshold lies between {_cut(low)} and {_cut(high)}."


def _cut(threshold: float) -> str:
    """Say a threshold where a noun is wanted."""
    said = cut(threshold)
    return f"one that flags {said.removeprefix('flag ')}" if said.startswith("flag ") else said


def _regret(found: Uncertainty, against: str) -> str:
    mine, other = found.regret.mean, found.rival_regret.mean
    if mine < CENTS:
        return "Nothing would have been cheaper in any draw."
    rest = f", and {against} {money(other)} more" if other >= CENTS else ""
    return (
        f"On average this choice costs {money(mine)} a month more than the cheapest one of each "
        f"draw{rest}; knowing better cannot be worth more than that {money(mine)}."
    )


def _matters(found: Uncertainty) -> str:
    bar = found.tornado[0] if found.tornado else None
    if bar is None or bar.swing < CENTS:
        return "No assumption moves the saving."
    return (
        f'The assumption that matters most is "{bar.knob.label}": from '
        f"{with_unit(bar.low, bar.knob.unit)} to {with_unit(bar.high, bar.knob.unit)} the result "
        f"goes from {_moved(bar.at_low)} to {_moved(bar.at_high)} a month."
    )


def _flips(found: Uncertainty, against: str) -> str:
    bar = found.first_to_flip
    if bar is None:
        return "No assumption, alone and within its range, flips the decision."
    winner = against if found.saving_now > 0 else "this choice"
    side = "above" if bar.flips_at > bar.value else "below"
    unit = bar.knob.unit
    return (
        f'The first to flip the decision is "{bar.knob.label}": {side} '
        f"{with_unit(bar.flips_at, unit)} (now {with_unit(bar.value, unit)}) {winner} is cheaper."
    )


def outside(found: Uncertainty) -> str:
    """Say how many best thresholds lie off the picture; nothing when none does."""
    if found.sweep is None:
        return ""
    best = found.sweep.best
    parts = [
        f"in {many:,} the cheapest threshold is {where}"
        for many, where in (
            (best.below, "below the lowest one drawn"),
            (best.above, "above the highest one drawn, or one that flags nothing"),
        )
        if many
    ]
    return f"Not in the picture: {'; '.join(parts)}." if parts else ""


def bar_row(bar: Bar) -> tuple[str, ...]:
    """Put one assumption in a row of words."""
    unit = bar.knob.unit
    best = ["" if undefined(b) else cut(b) for b in (bar.best_at_low, bar.best_at_high)]
    flips = "" if undefined(bar.flips_at) else with_unit(bar.flips_at, unit)
    ends = (with_unit(v, unit) for v in (bar.value, bar.low, bar.high))
    return (bar.knob.label, *ends, money(bar.at_low), money(bar.at_high), *best, flips)


def limits_line(bar: Bar) -> str:
    """Say which limits the ends of a range must keep."""
    knob = bar.knob
    return f"Between {with_unit(knob.low, knob.unit)} and {with_unit(knob.high, knob.unit)}."


def turned_round(label: str, low: float, high: float) -> str:
    """Refuse a range whose low end lies above its high end."""
    return (
        f'The low end of "{label}" must lie at or below its high end; got {low:g} and {high:g}. '
        "The range stays as it was."
    )


def described(found: Uncertainty, picture: str) -> str:
    """Describe a picture to whoever cannot see it."""
    if picture == "bands":
        cost, other, best = found.cost_spread, found.rival_cost_spread, found.best_spread
        return (
            f"Cost along the threshold with its 90 % band: {money(cost.low)} to "
            f"{money(cost.high)} a month at the choice, {money(other.low)} to "
            f"{money(other.high)} at what it is compared with. The cheapest threshold lies "
            f"between {_cut(best.low)} and {_cut(best.high)} in nine draws of ten."
        )
    bars = "; ".join(
        f"{bar.knob.label} {money(bar.at_low)} to {money(bar.at_high)}" for bar in found.tornado[:8]
    )
    return f"Saving a month as each assumption goes from low to high, the widest first: {bars}."
