"""Sentences about a design and a threshold, for one threshold or for every one at once.

A spot is a threshold of the chosen design, with what happens there and what it is compared with.
Words are written as phrases over spots, so that the same lines of code speak for the chosen
threshold and for all the others a hand can reach. Axis letter: `t` thresholds. Over
250 lines, for the nouns of the assumptions take thirty.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.phrases import Phrase, column, either, phrase
from aipm_metrics.spoken import count, cut, money, share, undefined, with_unit
from aipm_metrics.spoken_columns import STRINGS, counts, each, moneys, shares, with_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.diagnosis import DiagnosisResult
    from aipm_metrics.scenarios.diagnosis_chain import Month

__all__ = [
    "CENTS", "EXPLAINED", "FAST", "NAMES", "NOUNS", "NO_AI", "Said", "Spots", "aloud_at",
    "chosen_spot", "cut_of", "every_spot",
]  # fmt: skip

CENTS = 0.005  # USD a month; less is not a difference
ROUNDING = 1e-9  # what a number loses on its way through a link
NO_AI, FAST, EXPLAINED = "no AI", "fast and opaque", "slow and explained"
NAMES = {NO_AI: "no AI", FAST: "the fast and opaque AI", EXPLAINED: "the slow and explained AI"}
NOUNS = {
    "prevalence": "the share of women who have cancer",
    "follow_right_opaque": "the chance that a right opaque call is followed",
    "follow_wrong_opaque": "the chance that a wrong opaque call is followed",
    "follow_right_explained": "the chance that a right explained call is followed",
    "follow_wrong_explained": "the chance that a wrong explained call is followed",
    "slow_wait_s": "the wait for the slow AI",
    "cut": "the part of the wait that the fast AI saves",
    "use_opaque": "the share of readings that use an opaque AI",
    "waiting_effect": "the effect of the wait on use",
    "explanation_effect": "the effect of explaining on use",
    "explain_s": "the time to read the explanation",
    "dispute_min": "the time for a second look",
    "harm_per_miss": "the harm of a missed cancer",
    "cost_workup": "the cost of a needless work-up",
    "clinician_wage": "a clinician's hour",
    "ai_price": "the price of the AI",
    "patients_per_day": "the number of women who come",
    "human_tpr": "the clinician's own sensitivity",
    "human_fpr": "the clinician's own false alarms",
    "reading_min": "the time per reading",
    "auc": "the AI's AUC",
    "temperature": "the honesty of the AI's chances",
    "believed_prevalence": "the prevalence the AI was made for",
    "correlation": "the likeness of the two",
}


def cut_of(result: DiagnosisResult, threshold: float) -> str:
    """Say where the AI is cut: a chance, or a score of somebody's own rows."""
    if undefined(threshold):
        return "none"
    if result.rows is None and np.isfinite(threshold):
        return share(threshold)
    return cut(threshold, flags_all_at=result.curves.flags_all_at)


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
        "43 fewer", where it differs.
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

    result: DiagnosisResult
    here: Month
    rows: NDArray[np.intp]

    @cached_property
    def is_today(self) -> NDArray[np.bool_]:
        """Whether each is what choices are compared with, and so compared with the cheapest."""
        return np.asarray(self.result.is_today[self.rows], bool)

    @property
    def size(self) -> int:
        """How many."""
        return int(self.rows.size)

    def there(self, read: Callable[[Month], Any]) -> Floats:
        """Read something off the comparison point of each."""
        cheapest = self.result.lowest_cost.there
        return np.where(self.is_today, float(read(cheapest)), float(read(self.result.today)))

    @cached_property
    def saving(self) -> Floats:
        """USD a month saved against the comparison point."""
        return np.asarray(self.there(lambda m: m.cost) - np.asarray(self.here.cost), float)

    @cached_property
    def rival(self) -> Phrase:
        """Name of the comparison point, its threshold with it."""
        result, s = self.result, self.result.scenario
        best = result.lowest_cost
        return either(
            self.is_today,
            _named(result, best.design, best.threshold),
            _named(result, s.today_design, s.today_threshold),
        )

    @cached_property
    def cut(self) -> Phrase:
        """Say the threshold."""
        thresholds = np.asarray(self.result.curves.threshold)[self.rows]
        if self.result.rows is None:
            return column(shares(thresholds))
        return column(each(lambda t: cut_of(self.result, t), thresholds))

    @cached_property
    def missed(self) -> Said:
        """Say how many cancers are missed."""
        return self.said(lambda m: m.confusion.fn)

    @cached_property
    def workups(self) -> Said:
        """Say how many needless work-ups there are."""
        return self.said(lambda m: m.confusion.fp)

    @cached_property
    def cost(self) -> Phrase:
        """Say the cost a month."""
        return column(moneys(self.here.cost))

    @cached_property
    def saved(self) -> Phrase:
        """Say the size of the saving, whichever way it goes."""
        return column(moneys(np.abs(self.saving)))

    def said(
        self, read: Callable[[Month], Any], more: str = " more", fewer: str = " fewer"
    ) -> Said:
        """Say a number and how it differs from the comparison point's."""
        here, there = np.asarray(read(self.here), float), self.there(read)
        size = counts(np.abs(here - there))
        direction = either(here > there, more, fewer)
        return Said(column(counts(here)), np.asarray(size != "0"), column(size) + direction)


def _named(result: DiagnosisResult, design: str, threshold: float) -> str:
    if design == NO_AI:
        return "no AI"
    return f"{NAMES[design]} cut at {cut_of(result, threshold)}"


def every_spot(result: DiagnosisResult) -> Spots:
    """Every threshold a hand can choose."""
    return Spots(result, result.sweep, np.arange(result.curves.threshold.size))


def chosen_spot(result: DiagnosisResult) -> Spots:
    """Only the scenario's own threshold."""
    row = np.array([result.row])
    return Spots(result, result.sweep.at(row), row)


def aloud_at(spots: Spots) -> tuple[Phrase, ...]:
    """Sentences to speak: the choice, time and money, what explaining is worth, the flip point."""
    return _choice(spots), _money(spots), _worth(spots), _mind(spots)


def _choice(spots: Spots) -> Phrase:
    s, result = spots.result.scenario, spots.result
    start: Phrase | str = "Without an AI"
    if s.design != NO_AI:
        start = f"With {NAMES[s.design]} cut at a chance of " + spots.cut
        if result.rows is not None:
            start = f"With {NAMES[s.design]} cut at " + spots.cut
    same = np.abs(spots.saving) < CENTS
    against = (
        ": " + spots.missed.changed(none="as many") + " missed and "
        + spots.workups.changed(none="as many") + " sent, against " + spots.rival + "."
    )  # fmt: skip
    return (
        start + " we miss " + spots.missed.value + " cancers a month and send "
        + spots.workups.value + " healthy women to a work-up"
        + either(spots.is_today & same, "; nothing else costs less.", against)
    )  # fmt: skip


def _money(spots: Spots) -> Phrase:
    s = spots.result.scenario
    read, comes = np.asarray(spots.here.read_a_day, float), s.patients_per_day
    enough = read >= comes * (1 - ROUNDING)
    fits = either(
        enough, f", enough for the {count(comes)} who come",
        f", too few for the {count(comes)} who come",
    )  # fmt: skip
    against = either(
        spots.saving > CENTS, " and saves " + spots.saved + " against " + spots.rival,
        either(np.abs(spots.saving) <= CENTS, ", the same as " + spots.rival,
               ", " + spots.saved + " more than " + spots.rival),
    )  # fmt: skip
    return (
        "A reading takes " + column(counts(spots.here.minutes)) + " minutes, so "
        + column(counts(read)) + " women can be read in a day" + fits + ". It costs "
        + spots.cost + " a month" + against + "."
    )  # fmt: skip


def _worth(spots: Spots) -> Phrase:
    """Say what explaining is worth, and what it would have to be worth: the same everywhere."""
    s, found = spots.result.scenario, spots.result.break_even
    worth, explaining = found.wait_worth, s.explanation_effect
    used = (
        f"Explained, it is looked at in {share(found.explained_use)} of readings; fast, in "
        f"{share(found.fast_use)}: in log odds of use the shorter wait is worth {_odds(worth)} and "
        f"explaining {_odds(explaining)}"
    )
    if undefined(found.pays_at):
        always = "whatever explaining does to use" if found.always else "at no effect on use"
        return phrase(f"{used}. Explaining costs less {always}.")
    at = _odds(found.pays_at)
    if not found.pays_above:
        return phrase(f"{used}. In money explaining wins below {at}: use is what makes it dear.")
    if found.pays_at < 0:
        return phrase(f"{used}. In money explaining wins even if it cost use, down to {at}.")
    return phrase(f"{used}. In money explaining wins above {at}.")


def _odds(value: float) -> str:
    return f"{value + 0.0:.2f}".rstrip("0").rstrip(".") if abs(value) >= 0.005 else "0"


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
    return either(
        which < 0,
        "No single price, rate or wait, anywhere in its range, would change my mind.",
        either(spots.saving >= 0, "I would change my mind if ",
               "The other is cheaper; I would be right only if ") + moved + ".",
    )  # fmt: skip


def lowest_line(result: DiagnosisResult) -> str:
    """Say which design is cheapest of all."""
    best = result.lowest_cost
    return f"{_named(result, best.design, best.threshold)}, {money(best.cost)} a month"
