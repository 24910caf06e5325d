"""Sentences about a removal threshold, for one threshold or for every one at once.

A spot is a threshold with what happens there and what it is compared with. Words are written
as phrases over spots, so that the same lines of code speak for the chosen threshold and for all
the others a hand can reach. Axis letter: `t` thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.phrases import Phrase, column, either, phrase
from aipm_metrics.spoken import count, cut, with_unit
from aipm_metrics.spoken_columns import STRINGS, counts, cuts, moneys, with_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.moderation import ModerationResult
    from aipm_metrics.scenarios.moderation_chain import Month

__all__ = [
    "CENTS",
    "NOUNS",
    "ROUNDING",
    "Said",
    "Spots",
    "aloud_at",
    "chosen_spot",
    "every_spot",
    "said_at",
]

ROUNDING = 1e-9  # what a threshold loses on its way through a link
CENTS = 0.005  # USD a month; less is not a difference

NOUNS = {
    "auc": "the AUC",
    "temperature": "the temperature of the score",
    "trained_prevalence": "the harmful share in training",
    "items_per_month": "the number of posts",
    "model_price": "the price of the model",
    "decision_delay": "the time to decide",
    "views_half_life": "the half-life of a post",
    "prevalence": "the harmful share",
    "items_per_author": "the number of posts an author makes",
    "leave_after_wrongful": "the chance that a wrongful removal drives an author away",
    "value_per_author": "the value of an author",
    "views_per_missed": "the views of a missed post",
    "leave_after_harm": "the chance that a view of harm drives a viewer away",
    "value_per_viewer": "the value of a viewer",
    "harm_per_missed": "the harm of a missed post",
    "appeal_share": "the share of wrongful removals appealed",
    "minutes_per_appeal": "the time per appeal",
    "reports_per_missed": "the reports a missed post brings in",
    "minutes_per_report": "the time per report",
    "reviewer_wage": "the reviewer wage",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One outcome in words.

    Attributes
    ----------
    value : Phrase
        How many.
    differs : (t,) bools
        Whether that is another number than at the comparison point.
    change : Phrase
        "5,300 fewer", where it differs.
    """

    value: Phrase
    differs: NDArray[np.bool_]
    change: Phrase

    def changed(self, *, none: str) -> Phrase:
        """Say the change, or in the words that fit that there is none."""
        return either(self.differs, self.change, none)


@dataclass(frozen=True)
class Spots:
    """Thresholds of one result, ready to be spoken of.

    Attributes
    ----------
    result
        What they belong to.
    here : Month, (t,)
        What happens at each.
    rows : (t,) integers
        Their places in the result's sweep.
    """

    result: ModerationResult
    here: Month
    rows: NDArray[np.intp]

    @cached_property
    def is_today(self) -> NDArray[np.bool_]:
        """Whether each is today's own threshold, and so compared with the lowest cost."""
        same = np.equal(self.here.threshold, self.result.scenario.today_threshold)
        return np.asarray(same, bool)

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
    def cut(self) -> Phrase:
        """Say the threshold."""
        return column(cuts(self.here.threshold, self.result.curves.flags_all_at))

    @cached_property
    def left_up(self) -> Said:
        """Say how many harmful posts are left up."""
        return self._said(lambda m: m.confusion.fn)

    @cached_property
    def removed(self) -> Said:
        """Say how many posts are wrongly removed."""
        return self._said(lambda m: m.confusion.fp)

    @cached_property
    def desk_hours(self) -> Said:
        """Say the hours the desk needs."""
        return self._said(lambda m: m.desk_hours)

    @cached_property
    def authors_leaving(self) -> Said:
        """Say how many authors leave."""
        return self._said(lambda m: m.authors_leaving)

    @cached_property
    def cost(self) -> Phrase:
        """Say the cost a month."""
        return column(moneys(self.here.cost))

    @cached_property
    def saved(self) -> Phrase:
        """Say the size of the saving, whichever way it goes."""
        return column(moneys(np.abs(self.saving)))

    def _said(self, read: Callable[[Month], Any]) -> Said:
        here, there = np.asarray(read(self.here)), self.there(read)
        size = counts(np.abs(here - there))
        direction = either(here > there, " more", " fewer")
        return Said(column(counts(here)), np.asarray(size != "0"), column(size) + direction)


def every_spot(result: ModerationResult) -> Spots:
    """Every threshold a hand can choose."""
    return Spots(result, result.sweep, np.arange(result.curves.threshold.size))


def chosen_spot(result: ModerationResult) -> Spots:
    """Only the scenario's own threshold."""
    row = np.array([result.row])
    return Spots(result, result.sweep.at(row), row)


def aloud_at(spots: Spots) -> tuple[Phrase, Phrase, Phrase, Phrase]:
    """Sentences to speak: the choice and whom it costs what, the money, the flip point."""
    return _choice(spots), _money(spots), _best(spots), _mind(spots)


def said_at(spots: Spots, threshold: float, number: str, end: str) -> str:
    """Put a threshold into words that fit a number, or into those that fit "flagging nothing"."""
    said = cut(threshold, flags_all_at=spots.result.curves.flags_all_at)
    if said.startswith("flag "):
        return end.replace("{}", f"flagging {said.removeprefix('flag ')}")
    return number.replace("{}", said)


def _choice(spots: Spots) -> Phrase:
    here = np.asarray(spots.here.threshold, float)
    at_an_end = (here == np.inf) | (here <= spots.result.curves.flags_all_at)
    there = np.where(spots.is_today, spots.result.cheapest.threshold, spots.result.today.threshold)
    return (
        either(at_an_end, "If we ", "At a threshold of ") + spots.cut
        + " we leave " + spots.left_up.value
        + " harmful posts up and wrongly remove " + spots.removed.value + " a month"
        + either(
            np.equal(spots.here.threshold, there),
            "; that is already the lowest cost.",
            ": " + spots.left_up.changed(none="as many") + " left up and "
            + spots.removed.changed(none="as many") + " wrongly removed, against "
            + _rival_cut(spots) + ".",
        )
    )  # fmt: skip


def _rival_cut(spots: Spots) -> Phrase:
    """Name the comparison point and its threshold, or what one does there."""
    today, cheapest = (float(m.threshold) for m in (spots.result.today, spots.result.cheapest))
    return either(
        spots.is_today,
        said_at(spots, cheapest, "the lowest cost's {}", "{}, which costs least"),
        said_at(spots, today, "today's {}", "{}, as today"),
    )


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
    return "It costs " + spots.cost + " a month" + joined + "; " + _desk(spots) + "."


def _desk(spots: Spots) -> Phrase:
    hours, limit = np.asarray(spots.here.desk_hours), spots.result.scenario.desk_hours
    over, said = hours - limit, spots.desk_hours.value
    return either(
        over <= ROUNDING * limit,  # a threshold on the very edge of the limit is within it
        "the desk needs " + said + f" of its {count(limit)} hours",
        "the desk would need " + said + " hours, " + column(counts(np.abs(over)))
        + " more than it has",
    )  # fmt: skip


def _best(spots: Spots) -> Phrase:
    result = spots.result
    best, desk = result.lowest_cost, result.within_desk
    extra = np.asarray(spots.here.cost) - best.cost
    said = said_at(
        spots, best.threshold, "The cheapest threshold, {}, would save ",
        "{} is cheapest and would save ",
    )  # fmt: skip
    more = either(spots.saving > CENTS, " more", "")
    text = said[0].upper() + said[1:] + column(moneys(extra)) + more
    if not desk.feasible:
        text = text + ", but no threshold fits the desk's hours"
    elif best.load > result.scenario.desk_hours * (1 + ROUNDING):
        less = np.asarray(spots.here.cost) - desk.cost
        cheapest = said_at(spots, desk.threshold, "{} is cheapest", "{} is cheapest")
        within = f"; within the desk's hours {cheapest} and saves " + column(moneys(less))
        text = text + f", but needs {count(best.load)} desk hours"
        text = text + either(less > CENTS, within, "")
    return either(extra < CENTS, "No threshold is cheaper.", text + ".")


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
    cheaper = either(spots.is_today, "The lowest cost", "Today")
    return either(
        which < 0,
        "No single price or rate, anywhere in its range, would change my mind.",
        either(spots.saving >= 0, "I would change my mind if ",
               cheaper + " is cheaper; I would be right only if ") + moved + ".",
    )  # fmt: skip
