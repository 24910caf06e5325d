"""What Translate answers: both months, the change, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_metrics.models.consistency import Interval
from aipm_metrics.models.metric_algebra import CELLS, METRICS, value_of
from aipm_metrics.scenarios.contract import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.models.metric_reading import Reading
    from aipm_metrics.models.operating_points import OperatingPoint
    from aipm_metrics.models.whole_people import WholePeople
    from aipm_metrics.scenarios.contract import Assumption
    from aipm_metrics.scenarios.translate_chain import Month
    from aipm_metrics.scenarios.translate_changes import Change
    from aipm_metrics.scenarios.translate_knobs import TranslateKnobs

__all__ = ["TranslateResult"]


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

    scenario: TranslateKnobs
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
