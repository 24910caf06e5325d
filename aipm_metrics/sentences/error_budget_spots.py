"""Sentences about an SLO, for one SLO or for every one at once.

A spot is an SLO with what it means and what it is compared with. Words are written as phrases
over spots, so that the same lines of code speak for the chosen SLO and for all the others a hand
can reach. Axis letters: `t` SLOs, `m` modes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.phrases import Phrase, column, either, phrase
from aipm_metrics.scenarios.error_budget_chain import PAGES
from aipm_metrics.spoken import NBSP, duration, share, threshold, with_unit
from aipm_metrics.spoken_columns import STRINGS, counts, each, moneys, shares, with_units

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.error_budget import ErrorBudgetResult
    from aipm_metrics.scenarios.error_budget_chain import Month

__all__ = [
    "CENTS",
    "FAILURES",
    "MODES",
    "NOUNS",
    "OWNERS",
    "Spots",
    "aloud_at",
    "apart",
    "budgets",
    "chosen_spot",
    "every_spot",
    "lasting",
]

CENTS = 0.005  # USD a month; less is not a difference
LEAST = 1e-9  # of all answers; less is not overspent
ROUNDING = 1e-12  # what a share loses on its way through a link

MODES = ("down", "slow", "wrong", "unsafe", "capped", "degraded")
FAILURES = {
    "down": "requests without an answer", "slow": "late answers", "wrong": "wrong answers",
    "unsafe": "unsafe answers", "capped": "requests turned away",
    "degraded": "fallback answers",
}  # fmt: skip
ONE = {
    "down": "a request without an answer", "slow": "a late answer", "wrong": "a wrong answer",
    "unsafe": "an unsafe answer", "capped": "a request turned away",
    "degraded": "a fallback answer",
}  # fmt: skip
OWNERS = {
    "platform": "the platform", "model team": "the model team",
    "policy and safety": "policy and safety", "finance": "finance",
}  # fmt: skip
NOUNS = {
    "requests_per_month": "traffic",
    **{f"harm_{mode}": f"the harm of {said}" for mode, said in ONE.items()},
    **{f"keep_{mode}": f"the cost of keeping {said} rare" for mode, said in FAILURES.items()},
}


def budgets(spent: ArrayLike) -> Phrase:
    """Say parts and multiples of a budget; unlike a share, it need not be told from 100 %."""
    return column(counts(np.asarray(spent, float) * 100)) + f"{NBSP}%"


def apart(*parts: float) -> tuple[str, ...]:
    """Say shares with as many digits as tell those apart that differ.

    Examples
    --------
    >>> [said.replace(NBSP, " ") for said in apart(0.94, 0.9404)]
    ['94 %', '94.04 %']
    """
    for digits in range(2, 9):
        said = [f"{threshold(part, digits=digits, scale=100)}{NBSP}%" for part in parts]
        if len(set(said)) == len(set(parts)):
            break
    return tuple(said)


def lasting(minutes: ArrayLike, never: str) -> Phrase:
    """Say how long, or that it never comes."""
    values = np.ravel(np.asarray(minutes, float))
    return either(np.isinf(values), never, column(each(duration, values)))


@dataclass(frozen=True)
class Spots:
    """SLOs of one result, ready to be spoken of.

    Attributes
    ----------
    result
        What they belong to.
    here : Month, (t,)
        What each means.
    rows : (t,) integers
        Their places in the result's sweep.
    """

    result: ErrorBudgetResult
    here: Month
    rows: NDArray[np.intp]

    @cached_property
    def is_today(self) -> NDArray[np.bool_]:
        """Whether each is today's own SLO, and so compared with the lowest cost."""
        return np.asarray(np.equal(self.here.slo, self.result.scenario.today_slo), bool)

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
    def slo(self) -> Phrase:
        """Say the SLO."""
        return column(shares(self.here.slo))

    @cached_property
    def rival_slo(self) -> Phrase:
        """Say the SLO of the comparison point."""
        return column(shares(self.there(lambda m: m.slo)))

    @cached_property
    def bad_answers(self) -> Phrase:
        """Say how many bad answers a month are allowed."""
        return column(counts(self.here.bad_answers))

    @cached_property
    def more_or_fewer(self) -> Phrase:
        """Say how many more or fewer that is than at the comparison point."""
        here, there = np.asarray(self.here.bad_answers), self.there(lambda m: m.bad_answers)
        size = counts(np.abs(here - there))
        return either(
            size == "0", "as many", column(size) + either(here > there, " more", " fewer")
        )

    @cached_property
    def cost(self) -> Phrase:
        """Say the cost a month."""
        return column(moneys(self.here.cost))

    @cached_property
    def saved(self) -> Phrase:
        """Say the size of the saving, whichever way it goes."""
        return column(moneys(np.abs(self.saving)))

    def beside(self, said: Phrase, rival: Phrase) -> Phrase:
        """Say what stands at the comparison point, where it reads otherwise."""
        same = [said[i] == rival[i] for i in range(self.rows.size)]
        named = rival + either(self.is_today, " at the lowest cost", " today")
        return either(same, "the same", named)


def every_spot(result: ErrorBudgetResult) -> Spots:
    """Every SLO a hand can choose."""
    return Spots(result, result.sweep, np.arange(result.slos.size))


def chosen_spot(result: ErrorBudgetResult) -> Spots:
    """Only the scenario's own SLO."""
    row = np.array([result.row])
    return Spots(result, result.sweep.at(row), row)


def aloud_at(spots: Spots) -> tuple[Phrase, ...]:
    """Sentences to speak: the promise, who spends it, the incident, the money, the flip point."""
    return _promise(spots), _spending(spots), _incident(spots), _money(spots), _best(spots), _mind(
        spots)  # fmt: skip


def _promise(spots: Spots) -> Phrase:
    same = np.equal(spots.here.slo, spots.there(lambda m: m.slo))
    return (
        "At an SLO of " + spots.slo + " we allow " + spots.bad_answers + " bad answers a month"
        + either(
            same, "; that is already the lowest cost.",
            ", " + spots.more_or_fewer + either(spots.is_today, " than the lowest cost's ",
                                                " than today's ") + spots.rival_slo + ".",
        )
    )  # fmt: skip


def _spending(spots: Spots) -> Phrase:
    spent, days = np.asarray(spots.here.spent, float), np.asarray(spots.here.left_days, float)
    gone = either(
        spent > 1 + LEAST,
        ": it is gone after " + lasting(days * 1_440, "a whole window"), "",
    )  # fmt: skip
    return "What fails now spends " + budgets(spent) + " of the budget" + gone + _worst(spots)


def _worst(spots: Spots) -> Phrase:
    """Name the failures that overspend their part most, and whose they are."""
    s = spots.result.scenario
    over = spots.result.observed - np.asarray(spots.here.allowed)
    worst = over.argmax(axis=-1)
    most = over[np.arange(worst.size), worst]
    what, whose = phrase(""), phrase("")
    for i in np.unique(worst).tolist():
        mode, mine = MODES[i], worst == i
        what = either(mine, f"{FAILURES[mode]} overspend most, by ", what)
        whose = either(mine, OWNERS[getattr(s, f"owner_{mode}")], whose)
    by = column(counts(np.maximum(most, 0) * s.requests_per_month))
    return either(
        most > LEAST, "; " + what + by + " a month, and " + whose + " answers for them.",
        "; nobody overspends.",
    )  # fmt: skip


def _incident(spots: Spots) -> Phrase:
    s = spots.result.scenario
    paged = np.asarray(spots.here.paged, float)
    lasts = duration(s.incident_minutes)
    return (
        f"An incident that fails {share(s.incident_rate)} of answers for {lasts} spends "
        + budgets(spots.here.incident_spent) + " of the budget and"
        + either(np.isinf(paged), ", with the alerts as set, pages nobody" + _why_not(spots),
                 " pages somebody after " + lasting(paged, "never"))
        + "."
    )  # fmt: skip


def _why_not(spots: Spots) -> Phrase:
    fast = np.asarray(spots.here.fast_threshold, float)
    better = np.asarray(spots.here.paged_proposed, float)
    never = (
        ": the fast page waits for " + column(shares(fast)) + " of answers to fail"
        + either(np.isinf(better), "",
                 ", and one that can fire would page after " + lasting(better, "never"))
    )  # fmt: skip
    first = np.asarray(spots.here.fire, float)[..., :2].min(axis=-1)
    late = either(np.isinf(first), ": no page fires at so few", ": it is over before a page fires")
    policy = spots.result.policy
    lowest = min(policy.alerts[i].factor for i in PAGES)
    return either(
        spots.result.union >= lowest * np.asarray(spots.here.bad, float),
        " anew: what fails now already pages",
        either(fast > 1 + LEAST, never, late),
    )


def _money(spots: Spots) -> Phrase:
    causes = spots.here.cost_by_cause
    joined = either(
        spots.saving > CENTS,
        "; that saves " + spots.saved + " against " + spots.rival,
        either(np.abs(spots.saving) <= CENTS, "; that is the same as " + spots.rival,
               "; that is " + spots.saved + " more than " + spots.rival),
    )  # fmt: skip
    return (
        "It costs " + spots.cost + " a month, " + column(moneys(causes["harm"]))
        + " of it for bad answers and " + column(moneys(causes["keeping"]))
        + " for keeping to it" + joined + "."
    )  # fmt: skip


def _best(spots: Spots) -> Phrase:
    result, s = spots.result, spots.result.scenario
    best, slo = result.lowest_cost, np.asarray(spots.here.slo, float)
    extra = np.asarray(spots.here.cost) - best.cost
    more = either(spots.saving > CENTS, " more", "")
    cheapest = either(
        extra < CENTS, "No SLO is cheaper.",
        f"The cheapest SLO, {share(best.slo)}, would save " + column(moneys(extra)) + more + ".",
    )  # fmt: skip
    kept = either(
        slo > result.ceiling * (1 + ROUNDING),
        f" What it depends on allows {share(result.ceiling)} at most, so it cannot be kept.", "",
    )  # fmt: skip
    promised = either(
        slo < s.promised * (1 - ROUNDING),
        f" It is below the {share(s.promised)} that users were promised.", "",
    )  # fmt: skip
    return cheapest + kept + promised


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
