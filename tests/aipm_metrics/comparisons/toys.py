"""A question nobody has heard of, and pairs of Moderation's scenarios that share most knobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from aipm_metrics.knobs import knob, knobs_of
from aipm_metrics.scenarios.contract import Assumption, Outcome, Scenario
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.scenario_draws import draw_knob, draw_rows, draw_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.operating_points import OperatingPoint

__all__ = ["ToyResult", "ToyScenario", "draw_pair", "moved", "tied"]


@dataclass(frozen=True)
class ToyResult:
    """What a toy stall earns and loses."""

    outcomes: tuple[Outcome, ...]
    cost: float
    assumptions: tuple[Assumption, ...]
    points: tuple[OperatingPoint, ...] = ()


class ToyScenario(Scenario):
    """How many buns to bake: buns left over cost their price, hungry people cost more."""

    page: ClassVar[str] = "toy"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Toy"
    question: ClassVar[str] = "How many buns?"
    line: ClassVar[str] = "Bake too few and people go hungry."
    groups: ClassVar[tuple[str, ...]] = ("All",)

    buns: float = knob(10, 0, 100, "Buns", group="All", help="Baked.", unit="buns")
    price: float = knob(2, 0, 100, "Price", group="All", help="Of one.", unit="USD", priced=True)
    hunger: float = knob(
        5, 0, 100, "Hunger", group="All", help="Of one left hungry.", unit="USD", priced=True
    )

    def costs(self, varied: Mapping[str, Floats], rows: Empirical | None = None) -> Floats:
        del rows
        s = self.model_copy(update=dict(varied))
        return np.asarray(s.buns * s.price + np.maximum(20 - s.buns, 0) * s.hunger, float)

    def run(self, rows: Empirical | None = None) -> ToyResult:
        hungry = max(20 - self.buns, 0)
        baked, missed = self.buns * self.price, hungry * self.hunger

        def outcome(name: str, value: float, unit: str, said: str = "") -> Outcome:
            return Outcome(
                name=name, label=name, value=value, compared=0, unit=unit, per="day",
                better="neither" if name == "buns" else "lower", formula="", said=said,
            )  # fmt: skip

        return ToyResult(
            outcomes=(
                outcome("hungry", hungry, "people", "leaves {} people hungry"),
                outcome("buns", self.buns, "buns"),
                outcome("ovens", float("nan"), "ovens"),
                outcome("cost_buns", baked, "USD"), outcome("cost_hunger", missed, "USD"),
                outcome("cost", baked + missed, "USD"),
            ),
            cost=float(self.costs({}, rows)),
            assumptions=tuple(
                Assumption(told, getattr(self, name), float("nan"))
                for name, told in knobs_of(ToyScenario).items()
            ),
        )  # fmt: skip


def draw_pair(seed: int) -> tuple[ModerationScenario, ModerationScenario, Empirical | None]:
    """B is A with one to four knobs drawn anew; every third pair speaks of rows."""
    rng = np.random.default_rng(seed)
    values: dict[str, Any] = draw_values(rng)
    rows = None
    if seed % 3 == 0:
        rows = draw_rows(rng, probabilities=True)
        values |= {"rows": rows.fingerprint, "threshold": float(rng.choice(rows.thresholds)),
                   "today_threshold": 0.5}  # fmt: skip
    knobs = knobs_of(ModerationScenario)
    other = dict(values)
    for name in rng.choice(list(knobs), int(rng.integers(1, 5)), replace=False):
        other[str(name)] = draw_knob(knobs[str(name)], rng)
    a, b = (ModerationScenario.model_validate(told) for told in (values, other))
    return a, b, rows


def moved(scenario: Scenario, name: str, value: float) -> Scenario:
    """Build the same scenario with one knob elsewhere; rows' own prevalence gives way to it."""
    mix = {"row_mix": "as set"} if name == "prevalence" and scenario.page == "moderation" else {}
    return type(scenario).model_validate({**scenario.model_dump(), **mix, name: value})


def tied() -> tuple[ModerationScenario, ModerationScenario]:
    """Two that cost the same today to the last bit, and part wherever a price moves."""
    a = ModerationScenario()
    return a, a.model_copy(update={"harm_per_missed": 32.25, "value_per_viewer": 0})
