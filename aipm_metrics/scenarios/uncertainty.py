"""Uncertainty that reaches the decision, for any question: draws, chances, tornado.

Speaks to the contract only. Each assumption is drawn within its range (`ranges`), whatever the
others do; two scenarios are always compared at the same draws. Over 250 lines because one
choice against its rival and any two scenarios stand together. Axis letter: `s` draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.errors import MetricsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.draws import (
    DRAWS,
    Chance,
    Spread,
    chance_below,
    moved_into,
    spread,
    uniforms,
)
from aipm_metrics.models.tornado import Bar, first_to_flip, tornado

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.sweep import Sweep
    from aipm_metrics.scenarios.contract import Scenario

    Best = Callable[[Mapping[str, Floats]], tuple[Floats, Floats]]
    Ends = tuple[float, float]

__all__ = ["Uncertainty", "chance_cheaper", "common_ranges", "drawn", "uncertain"]


def drawn(
    scenario: Scenario, ranges: Mapping[str, Ends], seed: int, draws: int = DRAWS
) -> dict[str, Floats]:
    """Draw every assumption within its range.

    Parameters
    ----------
    scenario
        Its knobs tell the scale each is drawn on.
    ranges
        Low and high by knob, such as `Scenario.ranges_in_use` gives.
    seed, draws
        Where to start, and how many.

    Returns
    -------
    dict of str to (s,) floats, each in its knob's unit
        Fit for `Scenario.costs`.
    """
    knobs = knobs_of(type(scenario))
    return {
        name: moved_into(knobs[name], *ends, uniforms(seed, name, draws))
        for name, ends in ranges.items()
    }


def common_ranges(
    a: Scenario, b: Scenario, *, with_rows_a: bool, with_rows_b: bool
) -> tuple[dict[str, Ends], dict[str, Ends]]:
    """Low and high of every assumption of two scenarios, as they are drawn side by side.

    One they share (one value in both) has the wider of both ranges.

    Parameters
    ----------
    with_rows_a, with_rows_b
        Whether counted rows take the simulated model's place.
    """
    of_a = a.ranges_in_use(with_rows=with_rows_a)
    of_b = b.ranges_in_use(with_rows=with_rows_b)
    for name in of_a.keys() & of_b.keys():
        if getattr(a, name) == getattr(b, name):
            (low_a, high_a), (low_b, high_b) = of_a[name], of_b[name]
            of_a[name] = of_b[name] = min(low_a, low_b), max(high_a, high_b)
    return of_a, of_b


def chance_cheaper(
    a: Scenario,
    b: Scenario,
    rows_a: Empirical | None = None,
    rows_b: Empirical | None = None,
    *,
    draws: int = DRAWS,
) -> Chance:
    """Chance that `a` costs less than `b`, given how uncertain the assumptions are.

    Both are priced at the same draws. An assumption they share (one value in both) is one
    number in one world: it has one value per draw for both, within the wider of their ranges.
    One in which they differ (an AUC, a price) moves within each one's own range, by the same
    share of it. The seed is the lower of the two, so that turning the question round turns the
    answer round: ``chance_cheaper(a, b).wins == chance_cheaper(b, a).losses``.

    Parameters
    ----------
    a, b
        Two scenarios of one question.
    rows_a, rows_b
        The counted rows each speaks of, if any.
    draws
        How many.

    Returns
    -------
    Chance
        `value` with its standard `error`; `wins`, `ties` and `losses` add up to `draws`.

    Raises
    ------
    MetricsError
        When the two are not of one question.
    RowsError
        When rows are missing or are others.

    Examples
    --------
    Nothing beats itself:

    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> chance_cheaper(ModerationScenario(), ModerationScenario())
    Chance(wins=0, ties=1000, draws=1000)
    """
    if type(a) is not type(b):
        raise MetricsError(f"`b` must be of the question `{a.page}`, as `a` is; got `{b.page}`")
    a.check_rows(rows_a)
    b.check_rows(rows_b)
    of_a, of_b = common_ranges(a, b, with_rows_a=rows_a is not None, with_rows_b=rows_b is not None)
    seed = min(a.seed, b.seed)
    return chance_below(
        a.costs(drawn(a, of_a, seed, draws), rows_a),
        b.costs(drawn(b, of_b, seed, draws), rows_b),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncertainty:
    """How sure one choice is against another; both priced at the same draws.

    Attributes
    ----------
    scenario, rival
        The choice and what it is compared with; they differ in decisions only.
    drawn : dict of str to (s,) floats
        Every assumption's draws, in its knob's unit.
    cost, rival_cost : (s,) floats, in the unit of `Result.cost`
    best, best_cost : (s,) floats
        Where the best choice of each draw is, and what it costs; where the question cannot
        say, `best` is ``nan`` and the cheaper of the two stands for the best.
    saving_now : float
        What the choice saves against its rival as things stand.
    tornado
        One bar per assumption, the widest first.
    sweep
        Bands along the threshold, where the question has one.
    """

    scenario: Scenario
    rival: Scenario
    drawn: dict[str, Floats]
    cost: Floats
    rival_cost: Floats
    best: Floats
    best_cost: Floats
    saving_now: float
    tornado: tuple[Bar, ...]
    sweep: Sweep | None = None

    @property
    def chance(self) -> Chance:
        """Chance that the choice is the cheaper one."""
        return chance_below(self.cost, self.rival_cost)

    @property
    def saving(self) -> Spread:
        """What the choice saves against its rival."""
        return spread(self.rival_cost - self.cost)

    @property
    def regret(self) -> Spread:
        """What the choice costs over the best of each draw."""
        return spread(np.maximum(self.cost - self.best_cost, 0.0))

    @property
    def rival_regret(self) -> Spread:
        """What the rival costs over the best of each draw."""
        return spread(np.maximum(self.rival_cost - self.best_cost, 0.0))

    @property
    def cost_spread(self) -> Spread:
        """What the choice costs."""
        return spread(self.cost)

    @property
    def rival_cost_spread(self) -> Spread:
        """What the rival costs."""
        return spread(self.rival_cost)

    @property
    def best_spread(self) -> Spread:
        """Where the best choice is; its quantiles are ``nan`` where the question cannot say."""
        return spread(self.best)

    @property
    def first_to_flip(self) -> Bar | None:
        """Assumption that flips the decision soonest, alone, within its range."""
        return first_to_flip(self.tornado)


def uncertain(
    scenario: Scenario,
    rival: Scenario,
    rows: Empirical | None = None,
    *,
    best: Best | None = None,
    draws: int = DRAWS,
) -> Uncertainty:
    """Draw every assumption within its range and see what becomes of a choice.

    Parameters
    ----------
    scenario, rival
        Two scenarios of one question that differ in decisions and limits only.
    rows
        Counted rows both speak of, if any.
    best
        Finds the best choice: arrays (g,) by assumption in; where it is and what it costs,
        (g,) each, out.
    draws
        How many.

    Raises
    ------
    MetricsError
        When the two differ in an assumption: those are two worlds; see `chance_cheaper`.

    Examples
    --------
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> found = uncertain(ModerationScenario(threshold=0.1), ModerationScenario(threshold=0.9))
    >>> found.chance.wins > 900, found.regret.mean < found.rival_regret.mean
    (True, True)
    """
    ranges = scenario.ranges_in_use(with_rows=rows is not None)
    for name in ranges:
        if getattr(scenario, name) != getattr(rival, name):
            raise MetricsError(
                f"`{name}` must be the same in both; got {getattr(scenario, name)} and "
                f"{getattr(rival, name)}"
            )
    moved = drawn(scenario, ranges, scenario.seed, draws)
    cost, other = (np.broadcast_to(s.costs(moved, rows), (draws,)) for s in (scenario, rival))
    nowhere, cheapest = np.full(draws, np.nan), np.minimum(cost, other)
    where, lowest = best(moved) if best else (nowhere, cheapest)

    def saving(varied: Mapping[str, Floats]) -> Floats:
        return rival.costs(varied, rows) - scenario.costs(varied, rows)

    return Uncertainty(
        scenario=scenario, rival=rival, drawn=moved, cost=cost, rival_cost=other,
        best=np.broadcast_to(where, (draws,)), best_cost=np.broadcast_to(lowest, (draws,)),
        saving_now=float(saving({})),
        tornado=tornado(
            knobs_of(type(scenario)),
            {name: float(getattr(scenario, name)) for name in ranges}, ranges, saving,
            (lambda varied: best(varied)[0]) if best else None,
        ),
    )  # fmt: skip
