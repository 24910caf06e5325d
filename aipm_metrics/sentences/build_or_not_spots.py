"""Sentences about a plan, for one length of it or for every one at once.

Axis letter: `m` lengths of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.phrases import Phrase, column, either, phrase
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS
from aipm_metrics.spoken import count, with_unit
from aipm_metrics.spoken_columns import STRINGS, counts, moneys, with_units

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not import BuildOrNotResult
    from aipm_metrics.scenarios.build_or_not_knobs import Option

__all__ = ["CENTS", "DOING", "NOUNS", "Spots", "aloud_at", "chosen_spot", "every_spot"]

CENTS = 0.005  # USD a month; less is not a difference
HALF = 0.5  # of an item
PLURAL = ("rules", "people")
DOING = {
    "nothing": "doing nothing",
    "rules": "rules",
    "people": "people",
    "a model": "a model",
}
NOUNS = {
    "items_per_month": "the number of items",
    "prevalence": "the share of positives",
    "cost_fn": "the cost of a miss",
    "cost_fp": "the cost of a false alarm",
    "auc": "the model's AUC",
    "model_build": "the price of building the model",
    "model_run": "the cost of running the model",
    "price_per_thousand": "the price of scoring",
    "retrain_cost": "the price of training it anew",
    "rules_build": "the price of writing rules",
    "rules_run": "the cost of keeping rules",
    "wage": "the wage",
}


@dataclass(frozen=True)
class Spots:
    """Lengths of the plan and what is said of each.

    Attributes
    ----------
    result
    rows : (m,) ints
        Where they stand among all of them.
    """

    result: BuildOrNotResult
    rows: NDArray[np.intp]

    @cached_property
    def months(self) -> Phrase:
        """Say how long the plan is."""
        length = self.result.months[self.rows]
        return column(counts(length)) + either(length == 1, " month", " months")

    def cost_of(self, option: Option) -> Floats:
        """USD a month of a way, (m,)."""
        return self.result.ways[option].cost[self.rows]

    @cached_property
    def lowest(self) -> Floats:
        """USD a month of the cheapest way, (m,)."""
        return np.asarray(self.result.costs.min(axis=0)[self.rows])

    @cached_property
    def cheapest(self) -> Phrase:
        """Name the cheapest way."""
        return named(self.result.cheapest[self.rows])

    @cached_property
    def rival(self) -> Phrase:
        """Name what the choice is compared with."""
        return named(self.result.rivals[self.rows])

    def there(self, read: Any) -> Floats:
        """Read the comparison point, (m,)."""
        each = np.stack(
            [np.broadcast_to(read(self.result.ways[o]), self.result.months.shape) for o in OPTIONS]
        )
        return np.asarray(each[self.result.rivals[self.rows], self.rows])

    def here(self, read: Any) -> Floats:
        """Read the choice, (m,)."""
        return np.broadcast_to(read(self.result.way), self.result.months.shape)[self.rows]

    @cached_property
    def saving(self) -> Floats:
        """USD a month saved against the comparison point, (m,)."""
        return self.there(lambda w: w.cost) - self.here(lambda w: w.cost)


def named(which: NDArray[np.intp]) -> Phrase:
    """Name ways by their place in `OPTIONS`."""
    return column(np.array([DOING[o] for o in OPTIONS], STRINGS)[which])


def every_spot(result: BuildOrNotResult) -> Spots:
    """Every length a hand can choose."""
    return Spots(result, np.arange(result.months.size))


def chosen_spot(result: BuildOrNotResult) -> Spots:
    """Only the scenario's own length."""
    return Spots(result, np.array([result.row]))


def aloud_at(spots: Spots) -> tuple[Phrase, Phrase, Phrase, Phrase]:
    """Sentences to speak: what is cheapest, what the choice does, the volume, the flip point."""
    return _cheapest(spots), _choice(spots), volume_at(spots), _mind(spots)


def _cheapest(spots: Spots) -> Phrase:
    told = phrase("")
    for i, option in enumerate(OPTIONS):
        joint = "" if i == 0 else " and " if i == len(OPTIONS) - 1 else ", "
        told = (
            told
            + joint
            + f"{DOING[option]} {'cost' if option in PLURAL else 'costs'} "
            + column(moneys(spots.cost_of(option)))
        )
    return (
        "Over " + spots.months + ", " + told + " a month: " + spots.cheapest
        + either(_plural(spots.result.cheapest[spots.rows]), " are cheapest.", " is cheapest.")
    )  # fmt: skip


def _plural(which: NDArray[np.intp]) -> Any:
    """Whether a way is said in the plural."""
    return np.isin(which, [OPTIONS.index(option) for option in PLURAL])


def _choice(spots: Spots) -> Phrase:
    s = spots.result.scenario
    missed = _changed(spots, lambda w: s.items_per_month * s.prevalence * (1 - w.tpr))
    raised = _changed(spots, lambda w: s.items_per_month * (1 - s.prevalence) * w.fpr)
    size = column(moneys(np.abs(spots.saving)))
    money = either(
        spots.saving > CENTS, "saves " + size,
        either(np.abs(spots.saving) < CENTS, "costs the same", "costs " + size + " more"),
    )  # fmt: skip
    doing = DOING[s.option][0].upper() + DOING[s.option][1:]
    verb, raises = ("miss", "raise") if s.option in PLURAL else ("misses", "raises")
    return (
        f"{doing} {verb} " + missed + f" positives a month and {raises} " + raised
        + " false alarms against " + spots.rival + "; that " + money + " a month."
    )  # fmt: skip


def _changed(spots: Spots, read: Any) -> Phrase:
    here, there = spots.here(read), spots.there(read)
    apart = np.abs(here - there)
    more = column(counts(apart)) + either(here > there, " more", " fewer")
    return either(apart < HALF, "as many", more)


def volume_at(spots: Spots) -> Phrase:
    """Say over what volumes a model is worth building, at every length of the plan."""
    found, now = spots.result.volumes, spots.result.scenario.items_per_month
    low, high = found.low[spots.rows], found.high[spots.rows]
    said_low, said_high = (column(counts(np.nan_to_num(v, nan=1.0))) for v in (low, high))
    least, most = low <= found.least, high >= found.most
    here = f" (now {count(now)})."
    worth = "A model is worth building "
    return either(
        np.isnan(low),
        "Over so long a plan a model is not worth building at any volume.",
        either(
            now < low, "A model is not worth building below " + said_low + " items a month" + here,
            either(
                now > high,
                "A model is not worth building above " + said_high + " items a month" + here,
                either(
                    least & most, worth + "at any volume.",
                    either(
                        most, worth + "from " + said_low + " items a month on" + here,
                        either(
                            least, worth + "up to " + said_high + " items a month" + here,
                            worth + "from " + said_low + " to " + said_high + " items a month"
                            + here,
                        ),
                    ),
                ),
            ),
        ),
    )  # fmt: skip


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
    rival = spots.rival
    return either(
        which < 0,
        "No single price, anywhere in its range, would change my mind.",
        either(spots.saving >= 0, "I would change my mind if ",
               "Against " + rival + " I would be right only if ") + moved + ".",
    )  # fmt: skip
