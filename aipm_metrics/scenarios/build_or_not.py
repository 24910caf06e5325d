"""Should there be a model at all? Four ways to go about a task, over the months of a plan.

`build_or_not_knobs` has what is asked for, `build_or_not_plan` what each way does over a plan,
`build_or_not_flips` and `build_or_not_volumes` what would turn the choice; `compare_options` is
the answer. Axis letter: `m` lengths of the plan. Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.natural_frequencies import Frequencies, natural_frequencies
from aipm_metrics.scenarios.build_or_not_flips import (
    assumptions_of,
    flips_of,
    nearest_flips_of,
)
from aipm_metrics.scenarios.build_or_not_hull import Hull, hull_of
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS, BuildOrNotKnobs
from aipm_metrics.scenarios.build_or_not_map import Map, map_of
from aipm_metrics.scenarios.build_or_not_outcomes import outcomes_of
from aipm_metrics.scenarios.build_or_not_plan import LENGTHS, Way, ways_of
from aipm_metrics.scenarios.build_or_not_volumes import break_evens_of, volumes_of
from aipm_metrics.scenarios.uncertainty import uncertain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.build_or_not_flips import NearestFlips
    from aipm_metrics.scenarios.build_or_not_knobs import Option
    from aipm_metrics.scenarios.build_or_not_volumes import Volumes
    from aipm_metrics.scenarios.contract import Assumption, Outcome
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = [
    "BuildOrNotPoint",
    "BuildOrNotResult",
    "BuildOrNotScenario",
    "compare_options",
    "how_sure",
]


class BuildOrNotScenario(BuildOrNotKnobs):
    """A task and four ways to go about it; see `BuildOrNotKnobs`.

    Examples
    --------
    >>> BuildOrNotScenario(months=12).months
    12.0
    """

    def costs(self, varied: Mapping[str, Floats], rows: Empirical | None = None) -> Floats:
        """Cost a month in USD as some knobs take many values; see `Scenario.costs`.

        Examples
        --------
        Over ten months, building costs a tenth of it a month:

        >>> s = BuildOrNotScenario(months=10, option="a model")
        >>> usd = s.costs({"model_build": np.array([0.0, 100.0])})
        >>> round(float(usd[1] - usd[0]), 6)
        10.0
        """
        del rows
        values = {name: np.asarray(v, float) for name, v in varied.items()}
        shape = np.broadcast_shapes(*(v.shape for v in values.values()))
        months = np.asarray(values.pop("months", self.months), float)
        way = ways_of(self.model_copy(update=values), months[..., None])[self.option]
        return np.broadcast_to(way.cost[..., 0], shape)

    def run(self, rows: Empirical | None = None) -> BuildOrNotResult:
        """See `compare_options`."""
        self.check_rows(rows)
        return compare_options(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildOrNotPoint:
    """One way of doing it, and its price.

    Attributes
    ----------
    name
        ``nothing``, ``rules``, ``people`` or ``a model``.
    cost, price : float, USD a month
        What it costs over the plan, and how much more than the cheapest way.
    tpr, fpr : float
        Shares of positives and negatives flagged, over the plan.
    feasible
        Always; nothing forbids any of them.
    """

    name: str
    cost: float
    price: float
    tpr: float
    fpr: float
    feasible: bool = True


@dataclass(frozen=True, kw_only=True)
class BuildOrNotResult:
    """Everything the page, the pictures and the words need.

    Attributes
    ----------
    scenario
    ways : dict of str to Way, (m,) each
        Every way, over plans of 1 to 60 months.
    row : int
        Which of those plans is the scenario's own.
    """

    scenario: BuildOrNotScenario
    ways: dict[Option, Way]
    row: int

    @property
    def months(self) -> Floats:
        """Lengths of the plans, (m,)."""
        return LENGTHS

    @cached_property
    def costs(self) -> Floats:
        """USD a month of every way in the order of `OPTIONS`, (option, m)."""
        return np.stack([self.ways[option].cost for option in OPTIONS])

    @cached_property
    def cheapest(self) -> Any:
        """Place in `OPTIONS` of the cheapest way of every plan, (m,) ints."""
        return self.costs.argmin(axis=0)

    @cached_property
    def rivals(self) -> Any:
        """Place in `OPTIONS` of what the choice is compared with, (m,) ints.

        Today's way; where it is the choice itself, the cheapest of the others.
        """
        s, mine = self.scenario, OPTIONS.index(self.scenario.option)
        if s.option != s.today:
            return np.full(LENGTHS.size, OPTIONS.index(s.today))
        others = np.where(np.arange(len(OPTIONS))[:, None] == mine, np.inf, self.costs)
        return others.argmin(axis=0)

    @property
    def way(self) -> Way:
        """The choice."""
        return self.ways[self.scenario.option]

    @property
    def rival(self) -> Option:
        """What the choice is compared with."""
        return OPTIONS[int(self.rivals[self.row])]

    @property
    def cost(self) -> float:
        """Money lost a month over the plan, USD."""
        return float(self.way.cost[self.row])

    @property
    def saving(self) -> float:
        """USD a month saved against the comparison point; negative when it costs more."""
        return float(self.ways[self.rival].cost[self.row]) - self.cost

    @cached_property
    def volumes(self) -> Volumes:
        """Items a month over which a model is the cheapest way."""
        return volumes_of(self.scenario)

    @cached_property
    def break_evens(self) -> tuple[Flip, ...]:
        """Where a model starts or stops being the cheapest way: volume, quality, positives."""
        return break_evens_of(self.scenario, self.volumes)

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """One flip point per price, rate or quality, the nearest first."""
        return flips_of(self.scenario, self.rival, self.nearest_flips)

    @cached_property
    def nearest_flips(self) -> NearestFlips:
        """Nearest flip point among prices, of every plan against what it is compared with."""
        return nearest_flips_of(self.scenario, self.rivals)

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every knob in use; the one that moves the saving most comes first."""
        return assumptions_of(self.scenario, self.rival)

    @cached_property
    def people(self) -> Frequencies:
        """The four cells out of a round number, as the choice has it, (m,) each."""
        return natural_frequencies(self.scenario.prevalence, self.way.rates)

    @cached_property
    def hull(self) -> Hull:
        """All ways in ROC space, and what mixtures of them could do."""
        return hull_of(self.scenario, self.ways)

    @property
    def below_hull(self) -> tuple[Option, ...]:
        """Ways that a mixture of others outdoes, running costs aside."""
        return self.hull.below

    @cached_property
    def map(self) -> Map:
        """The cheapest way over the two knobs of the map."""
        return map_of(self.scenario)

    @property
    def points(self) -> tuple[BuildOrNotPoint, ...]:
        """The four ways with their price."""
        lowest = float(self.costs[:, self.row].min())
        return tuple(
            BuildOrNotPoint(
                name=option, cost=float(way.cost[self.row]),
                price=float(way.cost[self.row]) - lowest, tpr=float(way.tpr[self.row]),
                fpr=float(way.fpr[self.row]),
            )
            for option, way in self.ways.items()
        )  # fmt: skip

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What happens, each with its formula."""
        return outcomes_of(self.scenario, self.way, self.ways[self.rival], self.row)


def compare_options(scenario: BuildOrNotScenario) -> BuildOrNotResult:
    """Answer the question over the scenario's plan, and over every other one.

    Parameters
    ----------
    scenario
        The knobs.

    Returns
    -------
    BuildOrNotResult
        A mean month over the plan; money in USD.

    Examples
    --------
    A handful of items is not worth a model:

    >>> compare_options(BuildOrNotScenario(items_per_month=1000)).points[3].price > 0
    True
    """
    return BuildOrNotResult(scenario=scenario, ways=ways_of(scenario), row=int(scenario.months) - 1)


def how_sure(result: BuildOrNotResult) -> Uncertainty:
    """Put the answer of `compare_options` to the test of its own assumptions."""
    rival = result.scenario.model_copy(update={"option": result.rival})
    return uncertain(result.scenario, rival)
