"""Two answers to one question: what differs, who pays, and where the cheaper one stops being so.

Works through the contract only (`aipm_metrics.scenarios.contract`). A difference is always B
less A. Axis letter: `g` values of one assumption. Nothing here is random.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.comparisons.compared import (
    NOISE,
    Compared,
    Comparison,
    KnobDifference,
    OutcomeDifference,
    Turn,
    Turning,
    verdict_of,
)
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.flip_points import flip_of, signs_beside

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Literal

    from aipm_metrics.comparisons.compared import Moved
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.contract import Result, Scenario

__all__ = ["compare", "compare_results", "turn_of"]

STEPS = 61  # points along a `Turn`


def compare(
    a: Scenario, b: Scenario, rows_a: Empirical | None = None, rows_b: Empirical | None = None
) -> Compared:
    """Lay two scenarios of one question side by side.

    Parameters
    ----------
    a, b
        The two scenarios.
    rows_a, rows_b
        Counted rows each speaks of, if any.

    Raises
    ------
    ComparisonError
        When the two ask different questions.
    RowsError
        When a side speaks of rows and these are missing or are others.

    Examples
    --------
    A model that knows nothing leaves all 100 harmful posts of 1,000 up; at 30 USD each that
    is 3,000 a month. Halve the harm and it is 1,500, so B is cheaper by 1,500:

    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> blind = dict(
    ...     auc=0.5,
    ...     prevalence=0.1,
    ...     items_per_month=1000,
    ...     views_per_missed=0,
    ...     reviewer_wage=0,
    ...     model_price=0,
    ... )
    >>> told = compare(ModerationScenario(**blind), ModerationScenario(**blind, harm_per_missed=15))
    >>> told.cost_difference, told.cheaper, [k.knob.name for k in told.knobs]
    (-1500.0, 'b', ['harm_per_missed'])
    """
    comparison = Comparison(a, b)
    for scenario, rows in ((a, rows_a), (b, rows_b)):
        scenario.check_rows(rows)
    return compare_results(comparison, a.run(rows_a), b.run(rows_b), rows_a, rows_b)


def compare_results(
    comparison: Comparison,
    result_a: Result,
    result_b: Result,
    rows_a: Empirical | None = None,
    rows_b: Empirical | None = None,
) -> Compared:
    """Lay two answers that are at hand already side by side; see `compare`."""
    outcomes = tuple(_outcomes(result_a, result_b))
    difference = result_b.cost - result_a.cost
    compared = Compared(
        comparison=comparison, rows_a=rows_a, rows_b=rows_b,
        result_a=result_a, result_b=result_b,
        knobs=tuple(_knobs(result_a, result_b, comparison)), outcomes=outcomes,
        parts=_parts(outcomes, difference), cost_difference=difference,
        per=next((o.outcome.per for o in outcomes if o.outcome.name == "cost"), ""),
        turnings=(),
    )  # fmt: skip
    dearer = {"a": "b", "b": "a"}.get(compared.cheaper)
    # Where two differ in one knob alone, either value is as far from the other: of such a pair
    # the dearer side's comes first, whichever way round they stand.
    turnings = sorted(
        _turnings(compared), key=lambda t: (round(t.flip.distance, 9), t.moved != dearer)
    )
    return replace(compared, turnings=tuple(turnings))


def turn_of(compared: Compared, turning: Turning) -> Turn:
    """Follow both costs from well before the value in use to well past the turning point.

    Parameters
    ----------
    compared
        The two answers.
    turning
        One of `compared.turnings`; without a turning point, its surroundings in use.
    """
    knob, flip = turning.flip.knob, turning.flip
    marked = np.array([flip.today] if math.isnan(flip.at) else [flip.today, flip.at])
    ends = knob.to_axis([knob.low, knob.high])
    low, high = np.sort(knob.to_axis(np.clip(marked, knob.low, knob.high)))[[0, -1]]
    pad = 0.6 * (high - low) or 0.05 * (ends[1] - ends[0])
    places = np.linspace(max(low - pad, ends[0]), min(high + pad, ends[1]), STEPS)
    values = np.unique(np.append(knob.from_axis(places), marked))
    return Turn(turning, values, *_costs(compared, knob.name, turning.moved)(values))


def _in_use(result: Result) -> dict[str, float | str]:
    """Value in use of every knob that plays a part."""
    return {told.knob.name: told.value for told in result.assumptions}


def _knobs(a: Result, b: Result, comparison: Comparison) -> Iterator[KnobDifference]:
    here, there = _in_use(a), _in_use(b)
    for name, knob in knobs_of(type(comparison.a)).items():
        one, other = here.get(name), there.get(name)
        if one != other:
            yield KnobDifference(knob, one, other)


def _outcomes(a: Result, b: Result) -> Iterator[OutcomeDifference]:
    there = {outcome.name: outcome.value for outcome in b.outcomes}
    for outcome in a.outcomes:
        if outcome.name in there:
            one, other = outcome.value, there[outcome.name]
            yield OutcomeDifference(
                outcome, one, other, other - one, verdict_of(one, other, outcome.better)
            )


def _parts(
    outcomes: tuple[OutcomeDifference, ...], difference: float
) -> tuple[OutcomeDifference, ...]:
    """Money outcomes other than the cost itself, if they explain its difference.

    What costs both sides alike is left out.
    """
    money = [o for o in outcomes if o.outcome.unit == "USD" and o.outcome.name != "cost"]
    size = sum(abs(o.a) + abs(o.b) for o in money)
    if not abs(sum(o.difference for o in money) - difference) <= 1e-9 * size:
        return ()
    told = [o for o in money if o.verdict != "same"]
    return tuple(sorted(told, key=lambda o: -abs(o.difference)))


def _turnings(compared: Compared) -> Iterator[Turning]:
    """Where the sides change places, for every priced assumption that plays a part."""
    here, there = _in_use(compared.result_a), _in_use(compared.result_b)
    for name, knob in knobs_of(type(compared.comparison.a)).items():
        if not knob.priced:
            continue
        ways: list[tuple[Moved, float | str]]
        if name in here and here[name] == there.get(name):
            ways = [("both", here[name])]
        else:
            ways = [("a", here[name])] if name in here else []
            ways += [("b", there[name])] if name in there else []
        for moved, today in ways:
            difference = _difference(_costs(compared, name, moved))
            flip = flip_of(knob, float(today), difference)
            yield Turning(flip, moved, *_cheaper_beside(flip, difference))


def _cheaper_beside(
    flip: Flip, difference: Callable[[Floats], Floats]
) -> tuple[Literal["a", "b"] | None, Literal["a", "b"] | None]:
    """Name the cheaper side just below a turning point, and just above it."""
    if math.isnan(flip.at):
        return None, None
    below, above = signs_beside(flip.knob, flip.at, difference)
    cheaper: dict[float, Literal["a", "b"]] = {1.0: "a", -1.0: "b"}
    return cheaper.get(below), cheaper.get(above)


def _costs(
    compared: Compared, name: str, moved: Moved
) -> Callable[[Floats], tuple[Floats, Floats]]:
    """Cost of A and of B as one knob takes many values, in both or in one of them alone."""
    a, b = compared.comparison.a, compared.comparison.b

    def costs(values: Floats) -> tuple[Floats, Floats]:
        still = np.ones(values.shape)
        return (
            still * compared.result_a.cost
            if moved == "b"
            else a.costs({name: values}, compared.rows_a),
            still * compared.result_b.cost
            if moved == "a"
            else b.costs({name: values}, compared.rows_b),
        )

    return costs


def _difference(costs: Callable[[Floats], tuple[Floats, Floats]]) -> Callable[[Floats], Floats]:
    """B's cost less A's, with what is only rounding taken for nothing."""

    def difference(values: Floats) -> Floats:
        a, b = costs(values)
        apart = b - a
        return np.where(np.abs(apart) <= NOISE * np.maximum(np.abs(a), np.abs(b)), 0.0, apart)

    return difference
