"""Sentences about a step limit, for one limit or for every one at once.

A spot is a limit with what happens there and what it is compared with. Words are written as
phrases over spots, so that the same lines of code speak for the chosen limit and for all the
others a hand can reach. Axis letter: `t` limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.phrases import Phrase, column, either, phrase
from aipm_metrics.spoken import count, money, with_unit
from aipm_metrics.spoken_columns import STRINGS, counts, decimals, moneys, with_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.api_spend import ApiSpendResult
    from aipm_metrics.scenarios.api_spend_chain import Month

__all__ = [
    "CENTS",
    "NOUNS",
    "THOUSAND",
    "Said",
    "Spots",
    "aloud_at",
    "chosen_spot",
    "every_spot",
    "steps_said",
    "tasks_said",
]

CENTS = 0.005  # USD a month; less is not a difference
FEW = 0.5  # tasks a month; fewer are said to be under one
THOUSAND = 1_000.0  # tasks that a price is told for, since one costs less than a cent can say
DAY = 24.0  # hours

NOUNS = {
    "tasks_per_month": "the number of tasks",
    "mean_steps": "the number of steps a task needs",
    "steps_shape": "the figure for how alike tasks are",
    "runaway_share": "the share of runaways",
    "good_share": "the share of finished tasks that are right",
    "prompt_tokens": "the length of the prompt",
    "added_tokens": "the length of what a step adds",
    "output_tokens": "the length of what a step writes",
    "own_input": "the price of input",
    "own_cache_read": "the price of reading from the cache",
    "own_cache_write": "the price of writing to the cache",
    "own_output": "the price of output",
    "cache_share": "the share read from the cache",
    "failure_chance": "the chance that an attempt fails",
    "billed_share": "the part of a failed attempt that is billed",
    "lag_minutes": "the reporting lag",
    "latency_s": "the length of a call",
    "peak_to_mean": "the peak over the mean",
    "cost_per_handed": "the price of a person's time per task",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One outcome in words.

    Attributes
    ----------
    value : Phrase
        How many, or how much.
    differs : (t,) bools
        Whether that is another number than at the comparison point.
    change : Phrase
        "690 more", where it differs.
    """

    value: Phrase
    differs: NDArray[np.bool_]
    change: Phrase

    def changed(self, *, none: str) -> Phrase:
        """Say the change, or in the words that fit that there is none."""
        return either(self.differs, self.change, none)


@dataclass(frozen=True)
class Spots:
    """Step limits of one result, ready to be spoken of.

    Attributes
    ----------
    result
        What they belong to.
    here : Month, (t,)
        What happens at each.
    rows : (t,) integers
        Their places in the result's sweep.
    """

    result: ApiSpendResult
    here: Month
    rows: NDArray[np.intp]

    @cached_property
    def is_today(self) -> NDArray[np.bool_]:
        """Whether each is today's own limit, and so compared with the lowest cost."""
        return np.asarray(np.equal(self.here.limit, self.result.scenario.today_limit), bool)

    def there(self, read: Callable[[Month], Any]) -> Floats:
        """Read something off the comparison point of each."""
        there = np.where(self.is_today, read(self.result.cheapest), read(self.result.today))
        return np.asarray(there, float)

    @cached_property
    def saving(self) -> Floats:
        """USD a month saved against the comparison point."""
        return np.asarray(self.there(lambda m: m.cost) - self.here.cost, float)

    @cached_property
    def rival(self) -> Phrase:
        """Name of the comparison point."""
        return either(self.is_today, "the lowest cost", "today")

    @cached_property
    def limit(self) -> Phrase:
        """Say the limit, its unit included."""
        said = decimals(self.here.limit, 0)
        return column(said) + either(np.equal(self.here.limit, 1), " step", " steps")

    @cached_property
    def finished(self) -> Said:
        """Say how many tasks are finished."""
        return self._said(lambda m: m.finished, counts)

    @cached_property
    def cut_off(self) -> Said:
        """Say how many tasks are cut off that would have finished."""
        return self._said(lambda m: m.cut_off, counts)

    @cached_property
    def kept_out(self) -> Said:
        """Say how many tasks cap and rate limit keep out."""
        return self._said(lambda m: m.blocked, counts)

    @cached_property
    def runaways(self) -> Said:
        """Say what runaways cost."""
        return self._said(lambda m: m.cost_by_cause["runaways"], moneys)

    @cached_property
    def per_good(self) -> Said:
        """Say what the model is paid for a thousand tasks done right."""
        return self._said(lambda m: m.per_good * THOUSAND, moneys)

    @cached_property
    def spend(self) -> Phrase:
        """Say what the model is paid a month."""
        return column(moneys(self.here.spend))

    @cached_property
    def cost(self) -> Phrase:
        """Say the cost a month."""
        return column(moneys(self.here.cost))

    @cached_property
    def saved(self) -> Phrase:
        """Say the size of the saving, whichever way it goes."""
        return column(moneys(np.abs(self.saving)))

    def _said(self, read: Callable[[Month], Any], say: Callable[[Any], Any]) -> Said:
        here, there = np.asarray(read(self.here), float), self.there(read)
        apart = np.abs(here - there)
        least = CENTS if say is moneys else FEW
        value, size = say(here), say(np.where(apart < least, 0.0, apart))
        if say is counts:
            value[(here > 0) & (here < FEW)] = "under 1"
        direction = either(here > there, " more", " less" if say is moneys else " fewer")
        return Said(column(value), np.asarray(apart >= least), column(size) + direction)


def every_spot(result: ApiSpendResult) -> Spots:
    """Every limit a hand can choose."""
    return Spots(result, result.sweep, np.arange(np.size(result.sweep.limit)))


def chosen_spot(result: ApiSpendResult) -> Spots:
    """Only the scenario's own limit."""
    row = np.array([result.row])
    return Spots(result, result.sweep.at(row), row)


def steps_said(limit: float) -> str:
    """Say a limit.

    Examples
    --------
    >>> steps_said(1), steps_said(35)
    ('1 step', '35 steps')
    """
    return f"{limit:,.0f} step{'' if limit == 1 else 's'}"


def tasks_said(many: float) -> str:
    """Say how many tasks.

    Examples
    --------
    >>> tasks_said(1), tasks_said(20_000)
    ('1 task', '20,000 tasks')
    """
    said = count(many)
    return f"{said} task{'' if said == '1' else 's'}"


def aloud_at(spots: Spots) -> tuple[Phrase, ...]:
    """Sentences to speak: the choice and whom it costs what, the money, the cap, the flip point."""
    return _choice(spots), _money(spots), _cap(spots), _best(spots), _mind(spots)


def _choice(spots: Spots) -> Phrase:
    result = spots.result
    there = np.where(spots.is_today, result.cheapest.limit, result.today.limit)
    against = either(
        spots.is_today,
        f"the lowest cost's {steps_said(float(result.cheapest.limit))}",
        f"today's {steps_said(float(result.today.limit))}",
    )
    return (
        "With a limit of " + spots.limit + " the agent finishes " + spots.finished.value
        + f" of {tasks_said(result.scenario.tasks_per_month)} a month and cuts off "
        + spots.cut_off.value + " that would have finished"
        + either(
            np.equal(spots.here.limit, there),
            "; that is already the lowest cost.",
            ": " + spots.finished.changed(none="as many") + " finished and "
            + spots.cut_off.changed(none="as many") + " cut off, against " + against + ".",
        )
    )  # fmt: skip


def _money(spots: Spots) -> Phrase:
    joined = either(
        spots.saving > CENTS,
        " and saves " + spots.saved + " against " + spots.rival,
        either(
            np.abs(spots.saving) < CENTS,
            ", the same as " + spots.rival,
            ", " + spots.saved + " more than " + spots.rival,
        ),
    )
    good = np.isnan(np.asarray(spots.here.per_good, float))
    return (
        "It costs " + spots.cost + " a month" + joined + "; the model is paid " + spots.spend
        + ", " + spots.runaways.value + " of it for runaways"
        + either(good, ", and no task is done right.",
                 ", or " + spots.per_good.value + " per thousand tasks done right.")
    )  # fmt: skip


def _cap(spots: Spots) -> Phrase:
    """Say whether the guards hold, and what that does to whom."""
    s, here = spots.result.scenario, spots.here
    cap = money(s.cap)
    hours = np.asarray(here.hours_to_cap, float)
    reached = np.isfinite(hours)
    day = np.where(reached, hours, 0.0) / DAY + 1
    over = column(moneys(here.overshoot))
    throttled = np.asarray(here.let_through, float) < 1
    one = counts(np.asarray(here.blocked, float)) == "1"
    keeps = " keeps " + spots.kept_out.value + either(one, " task out.", " tasks out.")
    calls = f"{count(s.calls_per_minute)} call{'' if s.calls_per_minute == 1 else 's'}"
    return either(
        reached,
        f"The cap of {cap} is reached on day " + column(decimals(np.floor(day), 0))
        + ", is overshot by up to " + over + " and" + keeps,
        either(
            throttled,
            f"The rate limit of {calls} a minute" + keeps,
            f"The cap of {cap} is not reached; if it were at the peak, " + over
            + " more would be spent before it held.",
        ),
    )  # fmt: skip


def _best(spots: Spots) -> Phrase:
    best = spots.result.lowest_cost
    extra = np.asarray(spots.here.cost, float) - best.cost
    said = (
        f"The cheapest limit, {steps_said(best.limit)}, would save " + column(moneys(extra))
        + either(spots.saving > CENTS, " more.", ".")
    )  # fmt: skip
    return either(extra < CENTS, "No limit is cheaper.", said)


def _mind(spots: Spots) -> Phrase:
    flips = spots.result.nearest_flips
    which, at = flips.which[spots.rows], flips.at[spots.rows]
    moved = phrase("")
    for i, knob in enumerate(flips.knobs):
        mine = which == i
        if not mine.any():
            continue
        today = float(getattr(spots.result.scenario, knob.name))
        said = np.full(which.size, "", STRINGS)
        said[mine] = with_units(at[mine], knob.unit)
        verb = either(at > today, "rose above ", "fell below ")
        now = f" (now {with_unit(today, knob.unit)})"
        moved = either(mine, f"{NOUNS[knob.name]} " + verb + column(said) + now, moved)
    cheaper = either(spots.is_today, "The lowest cost", "Today's limit")
    return either(
        which < 0,
        "No single price or rate, anywhere in its range, would change my mind.",
        either(spots.saving >= 0, "I would change my mind if ",
               cheaper + " is cheaper; I would be right only if ") + moved + ".",
    )  # fmt: skip
