"""Two answers side by side, as they are kept: nothing here is worked out but who does better.

A difference is always B less A. Axis letter: `g` values of one assumption.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from aipm_metrics.errors import ComparisonError

if TYPE_CHECKING:
    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.contract import Outcome, Result, Scenario

__all__ = [
    "NOISE",
    "Compared",
    "Comparison",
    "KnobDifference",
    "Moved",
    "OutcomeDifference",
    "Turn",
    "Turning",
    "Verdict",
    "verdict_of",
]

Moved = Literal["both", "a", "b"]
Verdict = Literal["a", "b", "same", "neither", "undefined"]
NOISE = 1e-12  # of the larger of two numbers; a smaller difference is rounding


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two scenarios of one question.

    Raises
    ------
    ComparisonError
        When they ask two different questions.
    """

    a: Scenario
    b: Scenario

    def __post_init__(self) -> None:
        if type(self.a) is not type(self.b):
            raise ComparisonError(
                f'A asks "{self.a.question}" and B asks "{self.b.question}" Only two answers '
                "to one question can be compared: choose both sides from the same page."
            )

    @property
    def swapped(self) -> Comparison:
        """The same two, the other way round."""
        return Comparison(self.b, self.a)


class KnobDifference(NamedTuple):
    """A knob that does not have the same value on both sides; None where it plays no part."""

    knob: Knob
    a: float | str | None
    b: float | str | None


@dataclass(frozen=True, slots=True)
class OutcomeDifference:
    """One outcome on both sides.

    Attributes
    ----------
    outcome
        As A tells it: name, label, unit, per, better, formula, said.
    a, b : float, in the outcome's unit
    difference : float, in the outcome's unit
        B less A; ``nan`` where either is undefined.
    verdict
        The side that does better, or why there is none.
    """

    outcome: Outcome
    a: float
    b: float
    difference: float
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Turning:
    """Where the cheaper side stops being so, as one assumption moves.

    Attributes
    ----------
    flip
        The assumption, its value in use and the nearest value where both cost the same.
    moved
        In both sides, which agree on the assumption, or in one alone, the other as it stands.
    below, above
        The side that costs less just below that value and just above it; None without such a
        value, or where neither does.
    """

    flip: Flip
    moved: Moved
    below: Literal["a", "b"] | None = None
    above: Literal["a", "b"] | None = None

    @property
    def has_direction(self) -> bool:
        """Whether one side wins below the turning point and the other one above it."""
        return {self.below, self.above} == {"a", "b"}


@dataclass(frozen=True, slots=True)
class Turn:
    """Cost of both sides as one assumption moves past its turning point.

    Attributes
    ----------
    turning
        Which assumption, and where.
    values : (g,) floats, in the knob's unit, ascending
    cost_a, cost_b : (g,) floats, in the unit of `Result.cost`
    """

    turning: Turning
    values: Floats
    cost_a: Floats
    cost_b: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Two answers side by side.

    Attributes
    ----------
    comparison
        The two scenarios.
    rows_a, rows_b
        Counted rows each side speaks of, if any.
    result_a, result_b
        The two answers.
    knobs
        Knobs that differ and play a part, in the order of declaration.
    outcomes
        Every outcome both sides have, in A's order.
    parts
        Outcomes that are money and whose differences add up to the cost's, the largest first,
        those without a difference left out; empty where they do not add up.
    cost_difference : float, in the unit of `Result.cost`
        B less A: negative when B is cheaper.
    per
        What the cost is counted per: "month"; empty when the outcomes do not say.
    turnings
        One or two per priced assumption; those with a turning point first, the nearest first.
    """

    comparison: Comparison
    rows_a: Empirical | None
    rows_b: Empirical | None
    result_a: Result
    result_b: Result
    knobs: tuple[KnobDifference, ...]
    outcomes: tuple[OutcomeDifference, ...]
    parts: tuple[OutcomeDifference, ...]
    cost_difference: float
    per: str
    turnings: tuple[Turning, ...]

    @property
    def cheaper(self) -> Literal["a", "b", "same", "undefined"]:
        """The side that costs less, or why there is none."""
        verdict = verdict_of(self.result_a.cost, self.result_b.cost, "lower")
        return "same" if verdict == "neither" else verdict  # "neither" is for other outcomes

    @property
    def rows_differ(self) -> bool:
        """Whether the two speak of different rows."""
        return self.comparison.a.rows != self.comparison.b.rows

    @property
    def same(self) -> bool:
        """Whether nothing that plays a part differs."""
        return not self.knobs and not self.rows_differ

    @property
    def decisive(self) -> Turning | None:
        """The nearest turning point, of those in both sides if there is one; None without."""
        found = [t for t in self.turnings if not math.isnan(t.flip.at)]
        return next((t for t in found if t.moved == "both"), found[0] if found else None)

    @property
    def nearest(self) -> Turning | None:
        """The nearest turning point of all, such as one side's own price; None without."""
        first = self.turnings[0] if self.turnings else None
        return None if first is None or math.isnan(first.flip.at) else first


def verdict_of(a: float, b: float, better: Literal["lower", "higher", "neither"]) -> Verdict:
    """Name the side that does better, or why there is none.

    Examples
    --------
    >>> verdict_of(1, 2, "lower"), verdict_of(1, 2, "higher"), verdict_of(1, math.nan, "lower")
    ('a', 'b', 'undefined')
    """
    if math.isnan(a) or math.isnan(b):
        return "undefined"
    if a == b or abs(a - b) <= NOISE * max(abs(a), abs(b)):
        return "same"
    if better == "neither":
        return "neither"
    return "a" if (a < b) == (better == "lower") else "b"
