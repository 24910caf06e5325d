"""Uncertainty that reaches the decision, for any question: draws, chances, tornado.

Speaks to the contract only. Each assumption is drawn within its range (`ranges`), whatever the
others do; two scenarios are always compared at the same draws. Axis letter: `s` draws.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.errors import MetricsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.draws import DRAWS, Chance, chance_below, moved_into, uniforms

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["chance_cheaper", "drawn"]

Ends = tuple[float, float]


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
    of_a = a.ranges_in_use(with_rows=rows_a is not None)
    of_b = b.ranges_in_use(with_rows=rows_b is not None)
    for name in of_a.keys() & of_b.keys():
        if getattr(a, name) == getattr(b, name):
            (low_a, high_a), (low_b, high_b) = of_a[name], of_b[name]
            of_a[name] = of_b[name] = min(low_a, low_b), max(high_a, high_b)
    seed = min(a.seed, b.seed)
    return chance_below(
        a.costs(drawn(a, of_a, seed, draws), rows_a),
        b.costs(drawn(b, of_b, seed, draws), rows_b),
    )
