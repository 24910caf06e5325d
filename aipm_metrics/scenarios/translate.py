"""What does "precision fell five per cent" mean? From the numbers people have to what happens.

Any of ten metrics, each as it was written, give the confusion matrix, or leave part of it open,
or cannot all be true (`Reading`). Then one metric changes while another is held, and the two
months are compared: `translate_knobs` has the knobs, `translate_chain` the chain,
`translate_changes` how a metric moves, `translate_flips` what would turn the answer,
`translate_result` the answer. Axis letter: `g` values of one input. Nothing here is random.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.models.metric_algebra import value_of
from aipm_metrics.models.metric_reading import GIVEN, read_metrics
from aipm_metrics.models.tradeoff_line import TradeoffLine
from aipm_metrics.models.whole_people import WholePeople, whole_people
from aipm_metrics.scenarios.translate_chain import Month, cells_at, month, reached, wanted_of
from aipm_metrics.scenarios.translate_changes import (
    Change,
    change_of,
    make_up_of,
    sweep_of,
    target_of,
)
from aipm_metrics.scenarios.translate_flips import assumptions_of, flips_of
from aipm_metrics.scenarios.translate_knobs import (
    CHANGE,
    CHANGEABLE,
    KNOWN,
    TARGET,
    TranslateKnobs,
)
from aipm_metrics.scenarios.translate_result import TranslateResult

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical

__all__ = [
    "CHANGE",
    "CHANGEABLE",
    "GIVEN",
    "KNOWN",
    "TARGET",
    "Change",
    "Month",
    "TranslateResult",
    "TranslateScenario",
    "translate",
]


class TranslateScenario(TranslateKnobs):
    """Some metrics as they were written, a change of one of them, and what mistakes cost.

    Examples
    --------
    Precision cannot both change and be held; then recall is held:

    >>> TranslateScenario(changed="precision", held="precision").held_metric
    'recall'
    """

    def costs(self, varied: Mapping[str, Floats], rows: Empirical | None = None) -> Floats:
        """Cost a month in USD after the change; see `Scenario.costs`.

        Of more numbers than are needed, the first four that are enough are varied.

        Examples
        --------
        Twice the harm of a miss, twice its part of the cost, and no more:

        >>> usd = TranslateScenario().costs({"harm_per_missed": np.array([0.0, 30.0, 60.0])})
        >>> round(float(usd[2] - usd[1]), 6) == round(float(usd[1] - usd[0]), 6)
        True
        """
        self.check_rows(rows)
        shape = np.broadcast_shapes(*(np.shape(values) for values in varied.values()))
        s, reading = self.model_copy(update=dict(varied)), read_metrics(self.said)
        if reading.cells is None:
            return np.full(shape, np.nan)
        cells = cells_at(reading, {n: varied[n] for n in GIVEN if n in varied})
        after = reached(s, cells, wanted_of(s, value_of(s.changed_metric, cells)))
        return np.array(np.broadcast_to(month(s, after).cost, shape), float)

    def run(self, rows: Empirical | None = None) -> TranslateResult:
        """See `translate`."""
        self.check_rows(rows)
        return translate(self)


def translate(scenario: TranslateScenario) -> TranslateResult:
    """Read the numbers given, change one of them, and follow both months to the money.

    Returns
    -------
    TranslateResult
        Everything per month; money in USD.

    Examples
    --------
    Of 100 flagged 80 are right. At a precision of 50 % the same 80 caught take 160 flagged, so
    80 false alarms instead of 20:

    >>> asked = TranslateScenario(
    ...     volume=1000, prevalence=0.1, precision=0.8, recall=0.8, amount=-0.3, measure="points"
    ... )
    >>> {o.name: (round(o.compared, 6), round(o.value, 6)) for o in translate(asked).outcomes[:2]}
    {'fp': (20.0, 80.0), 'fn': (20.0, 20.0)}
    """
    s, reading = scenario, read_metrics(scenario.said)
    if reading.cells is None:
        return TranslateResult(
            scenario=s, reading=reading, now=None, change=None, otherwise=None, target=None,
            most=np.nan, make_up=None, flips=(), assumptions=assumptions_of(s, None, None),
            along=np.empty(0), sweep=None, people=None,
        )  # fmt: skip
    now, line = month(s, reading.cells), TradeoffLine(reading.cells, s.held_metric)
    start = float(value_of(s.changed_metric, reading.cells))
    change = change_of(s, line, s.changed_metric, float(wanted_of(s, start)))
    other = "points" if s.measure == "per cent" else "per cent"
    meant = s.model_copy(update={"measure": other})
    otherwise = change_of(s, line, s.changed_metric, float(wanted_of(meant, start)))
    target, most = target_of(s, line)
    along, sweep = sweep_of(s, line, [change, otherwise, target])
    return TranslateResult(
        scenario=s, reading=reading, now=now, change=change, otherwise=otherwise, target=target,
        most=most, make_up=make_up_of(s, now, change), flips=flips_of(s, now, change.month),
        assumptions=assumptions_of(s, now, change.month), along=along, sweep=sweep,
        people=_people(now, change.month),
    )  # fmt: skip


def _people(now: Month, after: Month | None) -> tuple[WholePeople, WholePeople] | None:
    """Both months out of one round number; out of all but the left alone where these are open."""
    found = []
    for there in (now, after or now):
        cells = {
            "caught": there.cells.tp, "wronged": there.cells.fp, "missed": there.cells.fn,
            "left alone": there.cells.tn,
        }  # fmt: skip
        cells = {name: float(n) for name, n in cells.items() if not np.isnan(n)}
        total = sum(cells.values())
        if total <= 0:
            return None
        found.append({name: n / total for name, n in cells.items()})
    of = min(10_000, 10 * max(whole_people(shares).of for shares in found))
    one, other = (whole_people(shares, at_least=of) for shares in found)
    return one, other
