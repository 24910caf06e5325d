"""What does "precision fell five per cent" mean? From the numbers people have to what happens.

Any of ten metrics, each as it was written, give the confusion matrix, or leave part of it open,
or cannot all be true (`Reading`). Then one metric changes while another is held, and the two
months are compared (`Month` has the chain). The knobs alone take half of this file.
Axis letter: `g` values of one input. Nothing here is random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from scipy.optimize import brentq

from aipm_metrics.knobs import choice, knob, knobs_of
from aipm_metrics.models.confusion import Confusion
from aipm_metrics.models.consistency import Interval
from aipm_metrics.models.flip_points import Flip, flip_of
from aipm_metrics.models.leaving import leaving_share
from aipm_metrics.models.metric_algebra import CELLS, METRICS, independent, solve, value_of
from aipm_metrics.models.metric_reading import GIVEN, read_metrics
from aipm_metrics.models.tradeoff_line import TradeoffLine
from aipm_metrics.models.whole_people import WholePeople, whole_people
from aipm_metrics.models.written_numbers import COUNTED, NOT_KNOWN, SHARED
from aipm_metrics.scenarios.contract import Assumption, Outcome, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.metric_reading import Reading
    from aipm_metrics.models.operating_points import OperatingPoint

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

KNOWN, CHANGE, TICKETS = "What you know", "The change", "Tickets"
PEOPLE, PRICES, TARGET = "People", "Prices", "The target"
CHANGEABLE = {
    "precision": "precision", "recall": "recall", "F1": "f1", "false positive rate": "fpr",
    "accuracy": "accuracy", "share flagged": "flagged_share", "share missed": "fnr",
}  # fmt: skip
HELD = {
    "recall": "recall", "precision": "precision", "share flagged": "flagged_share",
    "false positive rate": "fpr",
}  # fmt: skip
PARTNER = {"recall": "precision", "fnr": "precision"}  # held where the wish cannot be; else recall
SWEEP = 81
CENTS = 0.005  # USD a month; less is not a difference

Counted = Literal["not known", "to 1 digit", "to 2 digits", "to 3 digits", "to the last one"]
Shared = Literal[
    "not known", "to 10 %", "to 1 %", "to 0.1 %", "to 0.01 %", "to 0.001 %", "exact"
]  # fmt: skip


def _known(default: str, what: str, *, ratio: bool) -> Any:
    return choice(
        default, SHARED if ratio else COUNTED, f"{what}: how it is known", group=KNOWN,
        source="as written", help="How far its digits go: half a unit in the last one is allowed.",
    )  # fmt: skip


def _count(default: float, label: str, help: str) -> Any:
    return knob(default, 1, 1e10, label, group=KNOWN, unit="cases a month", scale="log",
                in_sight=True, help=help, source="illustration")  # fmt: skip


def _share(default: float, label: str, help: str) -> Any:
    return knob(default, 0, 1, label, group=KNOWN, unit="share", in_sight=True, help=help,
                source="illustration")  # fmt: skip


class TranslateScenario(Scenario):
    """Some metrics as they were written, a change of one of them, and what mistakes cost.

    Examples
    --------
    Precision cannot both change and be held; then recall is held:

    >>> TranslateScenario(changed="precision", held="precision").held_metric
    'recall'
    """

    page: ClassVar[str] = "translate"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Translate"
    question: ClassVar[str] = "What does “precision fell five per cent” mean?"
    line: ClassVar[str] = (
        "From the metrics in a report to false alarms, tickets, people who leave and money."
    )

    changed: Literal[
        "precision", "recall", "F1", "false positive rate", "accuracy", "share flagged",
        "share missed",
    ] = choice(
        "precision", tuple(CHANGEABLE), "What changes", group=CHANGE, in_sight=True,
        source="your question", help="The metric that rises or falls.",
    )  # fmt: skip
    amount: float = knob(
        -0.05, -0.5, 1, "By how much", group=CHANGE, unit="share", in_sight=True,
        source="your question", help="Below nothing it falls, above nothing it rises.",
    )  # fmt: skip
    measure: Literal["per cent", "points"] = choice(
        "per cent", ("per cent", "points"), "Said in", group=CHANGE, in_sight=True,
        source="your question",
        help="5 per cent of 80 % is 4 points; 5 points are 5 points.",
    )  # fmt: skip
    held: Literal["recall", "precision", "share flagged", "false positive rate"] = choice(
        "recall", tuple(HELD), "While this is held", group=CHANGE, in_sight=True,
        help="What stands still. The world always does: as many cases, as many of them positive.",
    )  # fmt: skip

    volume: float = _count(2e6, "Volume", "Cases the model scores.")
    volume_known: Counted = _known("to the last one", "Volume", ratio=False)
    positives: float = _count(20_000, "Positives", "Cases that are what the model looks for.")
    positives_known: Counted = _known(NOT_KNOWN, "Positives", ratio=False)
    prevalence: float = _share(0.01, "Prevalence", "Positives as a share of all cases.")
    prevalence_known: Shared = _known("to 0.1 %", "Prevalence", ratio=True)
    flagged: float = _count(20_000, "Flagged", "Cases the model flags.")
    flagged_known: Counted = _known(NOT_KNOWN, "Flagged", ratio=False)
    flagged_share: float = _share(0.01, "Share flagged", "Flagged as a share of all cases.")
    flagged_share_known: Shared = _known(NOT_KNOWN, "Share flagged", ratio=True)
    precision: float = _share(0.8, "Precision", "Flagged cases that are positive.")
    precision_known: Shared = _known("to 1 %", "Precision", ratio=True)
    recall: float = _share(0.8, "Recall", "Positives that are flagged.")
    recall_known: Shared = _known("to 1 %", "Recall", ratio=True)
    f1: float = _share(0.8, "F1", "Harmonic mean of precision and recall.")
    f1_known: Shared = _known(NOT_KNOWN, "F1", ratio=True)
    fpr: float = _share(0.002, "False positive rate", "Negatives that are flagged.")
    fpr_known: Shared = _known(NOT_KNOWN, "False positive rate", ratio=True)
    accuracy: float = _share(0.996, "Accuracy", "Cases that are decided rightly.")
    accuracy_known: Shared = _known(NOT_KNOWN, "Accuracy", ratio=True)

    tickets_per_false_alarm: float = knob(
        0.25, 0, 1000, "Tickets per false alarm", group=TICKETS, unit="tickets", in_sight=True,
        priced=True, help="Support tickets that one wrongly flagged case brings in.",
    )  # fmt: skip
    tickets_per_missed: float = knob(
        0.4, 0, 1000, "Tickets per missed case", group=TICKETS, unit="tickets", in_sight=True,
        priced=True, help="Support tickets that one missed case brings in.",
    )  # fmt: skip
    cost_per_ticket: float = knob(
        5, 0, 1e4, "Cost of a ticket", group=PRICES, unit="USD", in_sight=True, priced=True,
        help="What support spends on one ticket.",
    )  # fmt: skip
    harm_per_missed: float = knob(
        30, 0, 1e6, "Harm of a missed case", group=PRICES, unit="USD", in_sight=True, priced=True,
        help="What one missed case costs, tickets and people who leave aside.",
    )  # fmt: skip
    items_per_person: float = knob(
        8, 1, 1000, "Cases a person has", group=PEOPLE, unit="cases a month", priced=True,
        help="The more cases a person has, the more often a false alarm finds them.",
    )  # fmt: skip
    leave_after_wrongful: float = knob(
        0.04, 0, 1, "People lost per false alarm", group=PEOPLE, unit="chance", priced=True,
        help="Chance that a person leaves after one false alarm.",
    )  # fmt: skip
    leavers_per_missed: float = knob(
        0.15, 0, 1000, "People lost per missed case", group=PEOPLE, unit="people", priced=True,
        help="People who leave because of one missed case.",
    )  # fmt: skip
    value_per_person: float = knob(
        60, 0, 1e5, "Value of a person", group=PRICES, unit="USD", priced=True,
        help="What the product loses when a person leaves.",
    )  # fmt: skip
    target: Literal[
        "tickets", "support cost", "false alarms", "missed", "people leaving", "cost"
    ] = choice(
        "tickets", ("tickets", "support cost", "false alarms", "missed", "people leaving", "cost"),
        "To save", group=TARGET, in_sight=True, source="your question",
        help="What is to be saved by moving the metric above.",
    )  # fmt: skip
    target_amount: float = knob(
        500, 1, 1e9, "So much a month", group=TARGET, scale="log",
        in_sight=True, source="your question", help="How much of it is to be saved.",
    )  # fmt: skip

    groups: ClassVar[tuple[str, ...]] = (CHANGE, TARGET, KNOWN, TICKETS, PEOPLE, PRICES)
    presets: ClassVar[Mapping[str, Mapping[str, float | str]]] = {
        "a 5 % drop in precision": {
            "amount": -0.05, "target": "support cost", "target_amount": 1300,
        },
        "the same in points": {"measure": "points"},
        "15 % fewer false negatives": {
            "changed": "share missed", "amount": -0.15, "held": "precision",
        },
        "F1 and retention": {
            "precision_known": NOT_KNOWN, "f1": 0.8, "f1_known": "to 1 %", "changed": "F1",
            "amount": 0.05, "measure": "points", "held": "recall", "target": "people leaving",
            "target_amount": 100,
        },
        "save 1,000 tickets": {
            "changed": "recall", "amount": 0.05, "measure": "points", "held": "precision",
            "target": "tickets", "target_amount": 1000,
        },
        "a report that cannot be true": {
            "volume_known": NOT_KNOWN, "prevalence_known": NOT_KNOWN, "positives": 4000,
            "positives_known": "to the last one", "flagged": 4800,
            "flagged_known": "to the last one", "recall": 0.54, "precision": 0.91,
        },
        "a report that says too little": {
            "prevalence_known": NOT_KNOWN, "recall_known": NOT_KNOWN, "accuracy": 0.996,
            "accuracy_known": "to 0.1 %",
        },
    }  # fmt: skip

    @property
    def said(self) -> tuple[tuple[str, float, str], ...]:
        """Metrics that are known: name, value, how far its digits go."""
        return _said(self.model_dump())

    @property
    def changed_metric(self) -> str:
        """Name in code of the metric that changes."""
        return CHANGEABLE[self.changed]

    @property
    def held_metric(self) -> str:
        """Name in code of the metric that is held: another one where the wish cannot be."""
        changed, held = self.changed_metric, HELD[self.held]
        if held == changed or (held, changed) == ("recall", "fnr"):
            return PARTNER.get(changed, "recall")
        return held

    @classmethod
    def idle(cls, values: Mapping[str, Any], *, with_rows: bool) -> frozenset[str]:
        """Name the knobs that play no part; see `Scenario.idle`."""
        del with_rows
        idle = {name for name in GIVEN if values[f"{name}_known"] == NOT_KNOWN}
        reading = read_metrics(_said(values))
        if reading.status != "settled":
            told = knobs_of(cls).values()
            idle |= {k.name for k in told if k.group != KNOWN}
        elif reading.cells is not None and np.isnan(reading.cells.tn):
            idle |= {
                "items_per_person", "leave_after_wrongful", "leavers_per_missed",
                "value_per_person",
            }  # fmt: skip
        return frozenset(idle)

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
        cells = _cells_at(reading, {n: varied[n] for n in GIVEN if n in varied})
        after = _reach(s, cells, _wanted(s, value_of(s.changed_metric, cells)))
        return np.array(np.broadcast_to(month(s, after).cost, shape), float)

    def run(self, rows: Empirical | None = None) -> TranslateResult:
        """See `translate`."""
        self.check_rows(rows)
        return translate(self)


def _said(values: Mapping[str, Any]) -> tuple[tuple[str, float, str], ...]:
    return tuple(
        (name, values[name], values[f"{name}_known"])
        for name in GIVEN
        if values[f"{name}_known"] != NOT_KNOWN
    )


def _cells_at(reading: Reading, varied: Mapping[str, Floats]) -> Confusion:
    """Cells as some of the numbers given take many values; the others stand as written."""
    cells = reading.cells
    if cells is None or not varied:
        return cells if cells is not None else Confusion(**dict.fromkeys(CELLS, np.nan))
    open_end = bool(np.isnan(cells.tn))
    start = Confusion(tp=cells.tp, fp=cells.fp, fn=cells.fn, tn=0.0) if open_end else cells
    names = tuple(name for name, _, _ in reading.said) + (("tn",) if open_end else ())
    enough = independent(start, names)
    if len(enough) < len(CELLS):  # settled by a limit, such as an accuracy of 1
        return cells
    as_said = {name: value for name, value, _ in reading.said}
    moved = {name: varied[name] - as_said[name] for name in varied if name in as_said}
    found = solve({n: np.add(value_of(n, start), moved.get(n, 0.0)) for n in enough})
    if open_end:
        return Confusion(tp=found.tp, fp=found.fp, fn=found.fn, tn=np.full_like(found.tp, np.nan))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What happens to whom in a month; arrays (g,) where inputs are.

    Attributes
    ----------
    cells : cases
    tickets : tickets
    leaving : people
    kept : share of people, positives aside, who stay
    cost_by_cause : dict of str to USD
    """

    cells: Confusion
    tickets: Any
    leaving: Any
    kept: Any
    cost_by_cause: dict[str, Any]

    @property
    def cost(self) -> Any:
        """Money lost, USD."""
        return sum(self.cost_by_cause.values())


def month(s: TranslateScenario, cells: Confusion) -> Month:
    """Follow the chain from cells to people and money; any knob may be an array.

    Wrongful flags drive people away as in Moderation: each has so many cases, each goes wrong
    at the false positive rate. Without ``tn`` nobody knows that rate.
    """
    tickets = cells.fp * s.tickets_per_false_alarm + cells.fn * s.tickets_per_missed
    negatives = np.add(cells.fp, cells.tn)
    rate = np.where(negatives == 0, 0.0, value_of("fpr", cells))
    lost = leaving_share(rate, s.leave_after_wrongful, s.items_per_person)
    leaving = negatives / s.items_per_person * lost + cells.fn * s.leavers_per_missed
    return Month(
        cells=cells, tickets=tickets, leaving=leaving, kept=1.0 - lost,
        cost_by_cause={
            "support": tickets * s.cost_per_ticket,
            "harm": cells.fn * s.harm_per_missed,
            "people": leaving * s.value_per_person,
        },
    )  # fmt: skip


def _wanted(s: TranslateScenario, now: Any) -> Any:
    """Value the metric shall have."""
    return now * (1 + s.amount) if s.measure == "per cent" else now + s.amount


def _reach(s: TranslateScenario, cells: Confusion, wanted: Any) -> Confusion:
    return TradeoffLine(cells, s.held_metric).reach(s.changed_metric, wanted)


@dataclass(frozen=True, slots=True)
class Change:
    """One metric moved to a value, and the month that makes.

    Attributes
    ----------
    metric, held
        Names in code.
    start, wanted : float
        Its value now, and the one it shall have; ``nan`` where there is none.
    low, high : float
        How far it can move while the other is held.
    month : Month or None
        None where it cannot have that value.
    """

    metric: str
    held: str
    start: float
    wanted: float
    low: float
    high: float
    month: Month | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslateResult:
    """Everything the page, the pictures and the words need; computed once.

    Attributes
    ----------
    scenario, reading
        The knobs, and what the numbers given say together.
    now : Month or None
        The month they describe; None when it is not settled.
    change : Change or None
        The change asked about.
    otherwise : Change or None
        The same words meant the other way: per cent for points, points for per cent.
    target : Change or None
        Where the metric must go to save what is wanted; `wanted` is ``nan`` out of reach.
    most : float, in the target's unit
        The most that can be saved along the way; below nothing when any move costs.
    make_up : Change or None
        After the change, what another metric must be for the money to be as before.
    flips, assumptions
        One per price or rate; every knob in use.
    sweep, along
        For the picture, the month at each value (g,) of the metric that changes.
    people
        The cells out of a round number, now and after the change.
    """

    scenario: TranslateScenario
    reading: Reading
    now: Month | None
    change: Change | None
    otherwise: Change | None
    target: Change | None
    most: float
    make_up: Change | None
    flips: tuple[Flip, ...]
    assumptions: tuple[Assumption, ...]
    along: Floats
    sweep: Month | None
    people: tuple[WholePeople, WholePeople] | None

    @property
    def after(self) -> Month | None:
        """The month after the change; None when there is none."""
        return None if self.change is None else self.change.month

    @property
    def cost(self) -> float:
        """Money lost a month after the change, USD; ``nan`` where it is not known."""
        return np.nan if self.after is None else float(self.after.cost)

    @property
    def saving(self) -> float:
        """USD a month that the change saves; negative when it costs."""
        return np.nan if self.now is None else float(self.now.cost) - self.cost

    @property
    def after_values(self) -> dict[str, float]:
        """Every metric after the change; ``nan`` where it is open or undefined."""
        if self.after is None:
            return dict.fromkeys(METRICS, np.nan)
        return {name: float(value_of(name, self.after.cells)) for name in METRICS}

    @property
    def points(self) -> tuple[OperatingPoint, ...]:
        """No thresholds here."""
        return ()

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What happens to whom after the change, compared with now."""
        return tuple(
            Outcome(
                name=name, label=label, value=_read(self.after, get),
                compared=_read(self.now, get), unit=unit, per="month", better=better,
                formula=formula,
            )
            for name, label, unit, better, formula, get in OUTCOMES
        )  # fmt: skip

    @property
    def allowed(self) -> dict[str, Interval]:
        """By outcome, the least and the most it can be now, rounding allowed for."""
        s, region = self.scenario, self.reading.region
        tickets = region.weighted((0, s.tickets_per_false_alarm, s.tickets_per_missed, 0))
        support = Interval(tickets.low * s.cost_per_ticket, tickets.high * s.cost_per_ticket)
        cells = {cell: self.reading.spans[cell] for cell in CELLS}
        return {**cells, "tickets": tickets, "cost_support": support}


def _read(found: Month | None, get: Callable[[Month], Any]) -> float:
    return np.nan if found is None else float(get(found))


OUTCOMES: tuple[
    tuple[str, str, str, Literal["lower", "higher", "neither"], str, Callable[[Month], Any]], ...
] = (
    ("fp", "false alarms", "cases", "lower", "flagged * (1 - precision)", lambda m: m.cells.fp),
    ("fn", "missed", "cases", "lower", "positives * (1 - recall)", lambda m: m.cells.fn),
    ("tp", "caught", "cases", "higher", "positives * recall", lambda m: m.cells.tp),
    ("tn", "left alone", "cases", "higher", "volume - positives - fp", lambda m: m.cells.tn),
    ("tickets", "support tickets", "tickets", "lower",
     "fp * tickets_per_false_alarm + fn * tickets_per_missed", lambda m: m.tickets),
    ("leaving", "people leaving", "people", "lower",
     "people * (1 - (1 - leave_after_wrongful * fpr) ** items_per_person) + "
     "fn * leavers_per_missed, people = (fp + tn) / items_per_person", lambda m: m.leaving),
    ("kept", "people kept", "share", "higher",
     "(1 - leave_after_wrongful * fpr) ** items_per_person", lambda m: m.kept),
    ("cost_support", "support", "USD", "lower", "tickets * cost_per_ticket",
     lambda m: m.cost_by_cause["support"]),
    ("cost_harm", "harm of missed cases", "USD", "lower", "fn * harm_per_missed",
     lambda m: m.cost_by_cause["harm"]),
    ("cost_people", "people who leave", "USD", "lower", "leaving * value_per_person",
     lambda m: m.cost_by_cause["people"]),
    ("cost", "cost", "USD", "lower", "cost_support + cost_harm + cost_people",
     lambda m: m.cost),
)  # fmt: skip
TARGETS: dict[str, Callable[[Month], Any]] = {
    "tickets": lambda m: m.tickets,
    "support cost": lambda m: m.cost_by_cause["support"],
    "false alarms": lambda m: m.cells.fp,
    "missed": lambda m: m.cells.fn,
    "people leaving": lambda m: m.leaving,
    "cost": lambda m: m.cost,
}


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
            most=np.nan, make_up=None, flips=(), assumptions=_assumptions(s, None, None),
            along=np.empty(0), sweep=None, people=None,
        )  # fmt: skip
    now, line = month(s, reading.cells), TradeoffLine(reading.cells, s.held_metric)
    start = float(value_of(s.changed_metric, reading.cells))
    change = _change(s, line, s.changed_metric, float(_wanted(s, start)))
    other = "points" if s.measure == "per cent" else "per cent"
    meant = s.model_copy(update={"measure": other})
    otherwise = _change(s, line, s.changed_metric, float(_wanted(meant, start)))
    target, most = _target(s, line)
    along, sweep = _sweep(s, line, [change, otherwise, target])
    return TranslateResult(
        scenario=s, reading=reading, now=now, change=change, otherwise=otherwise, target=target,
        most=most, make_up=_make_up(s, now, change), flips=_flips(s, now, change.month),
        assumptions=_assumptions(s, now, change.month), along=along, sweep=sweep,
        people=_people(now, change.month),
    )  # fmt: skip


def _change(s: TranslateScenario, line: TradeoffLine, metric: str, wanted: float) -> Change:
    """Move one metric along a line; see `Change`."""
    cells = line.reach(metric, wanted)
    there = None if np.isnan(cells.tp) else month(s, cells)
    start = float(value_of(metric, line.start))
    return Change(metric, line.held, start, wanted, *line.bounds(metric), there)


def _steps_to_save(
    s: TranslateScenario, line: TradeoffLine, get: Callable[[Month], Any], saved: float
) -> tuple[float, float]:
    """Fewest steps along a line that save so much, and the most that can be saved.

    What is saved is a convex function of the steps (costs are linear but for people who
    leave, which is concave), so its most is at an end, and on each side of the start it passes
    `saved` > 0 at most once. Along lines that move one kind of mistake only it is monotone, and
    that holds for `saved` < 0 as well. Brent's method (see `flip_points`).
    """
    start = float(get(month(s, line.start)))

    def over(step: float) -> float:
        return start - float(get(month(s, line.at(step)))) - saved

    ends = [(end, over(end)) for end in line.range if np.isfinite(end)]
    most = max((value + saved for _, value in ends), default=np.nan)
    roots = [
        float(brentq(over, 0.0, end, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=2_000))
        for end, value in ends
        if end != 0 and np.isfinite(value) and value * -saved <= 0
    ]
    return min(roots, key=abs, default=np.nan), most


def _target(s: TranslateScenario, line: TradeoffLine) -> tuple[Change, float]:
    """Where the metric must go to save what is wanted."""
    step, most = _steps_to_save(s, line, TARGETS[s.target], s.target_amount)
    value = np.nan if np.isnan(step) else float(value_of(s.changed_metric, line.at(step)))
    return _change(s, line, s.changed_metric, value), most


def _make_up(s: TranslateScenario, now: Month, change: Change) -> Change | None:
    """Another metric's value at which the money, after the change, is what it was.

    Recall with the false alarms as they are; or precision with recall as it is, where recall
    is what changed.
    """
    after = change.month
    gained = np.nan if after is None else float(now.cost) - float(after.cost)
    if after is None or np.isnan(gained) or abs(gained) < CENTS:
        return None
    by_precision = change.metric in PARTNER
    line = TradeoffLine(after.cells, "recall" if by_precision else "fpr")
    metric = "precision" if by_precision else "recall"
    step, _ = _steps_to_save(s, line, TARGETS["cost"], -gained)
    value = np.nan if np.isnan(step) else float(value_of(metric, line.at(step)))
    return _change(s, line, metric, value)


def _sweep(
    s: TranslateScenario, line: TradeoffLine, changes: list[Change]
) -> tuple[Floats, Month | None]:
    """Months around everything that is marked, evenly spaced in the metric that changes."""
    first = changes[0]
    marked = [first.start, *(c.wanted for c in changes if c.month is not None)]
    told = [value for value in marked if np.isfinite(value)]
    if not told or not first.low < first.high:
        return np.empty(0), None
    room = max(0.5 * (max(told) - min(told)), 0.02 * (first.high - first.low))
    low, high = max(first.low, min(told) - room), min(first.high, max(told) + room)
    along = np.unique(np.append(np.linspace(low, high, SWEEP), np.clip(told, low, high)))
    return along, month(s, line.reach(first.metric, along))


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


def _saving(
    s: TranslateScenario, name: str, now: Month, after: Month
) -> Callable[[Floats], Floats]:
    """USD saved a month as one price or rate takes many values, both months' cells fixed."""

    def saving(values: Floats) -> Floats:
        priced = s.model_copy(update={name: values})
        saved = month(priced, now.cells).cost - month(priced, after.cells).cost
        return np.array(np.broadcast_to(saved, np.shape(values)), float)

    return saving


def _priced(s: TranslateScenario, now: Month | None, after: Month | None) -> list[str]:
    """Prices and rates that play a part in a saving that is known."""
    if now is None or after is None or np.isnan(now.cost) or np.isnan(after.cost):
        return []
    idle = s.idle(s.model_dump(), with_rows=False)
    return [n for n, k in knobs_of(TranslateScenario).items() if k.priced and n not in idle]


def _flips(s: TranslateScenario, now: Month, after: Month | None) -> tuple[Flip, ...]:
    """Where the change stops costing, or saving, for every price and rate; nearest first."""
    if after is None:
        return ()
    told = knobs_of(TranslateScenario)
    flips = [
        flip_of(told[name], getattr(s, name), _saving(s, name, now, after))
        for name in _priced(s, now, after)
    ]
    return tuple(sorted(flips, key=lambda flip: flip.distance))


def _assumptions(
    s: TranslateScenario, now: Month | None, after: Month | None
) -> tuple[Assumption, ...]:
    """Every knob in use but the question itself; the one that moves the saving most first."""
    told, idle = knobs_of(TranslateScenario), s.idle(s.model_dump(), with_rows=False)
    priced, found = _priced(s, now, after), []
    for name, knob_ in told.items():
        question = knob_.group in {CHANGE, TARGET} and name != "held"
        if name in idle or question or getattr(s, name) == NOT_KNOWN:
            continue
        value, swing = getattr(s, name), np.nan
        if name in priced and now is not None and after is not None:
            halved = np.clip(np.array([0.5, 1.5]) * value, knob_.low, knob_.high)
            swing = float(np.ptp(_saving(s, name, now, after)(halved)))
        found.append(Assumption(knob_, value, swing))
    return tuple(sorted(found, key=lambda a: -np.nan_to_num(a.swing, nan=-1.0)))
