"""The knobs of Translate: numbers as they were written, a change of one, what mistakes cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from aipm_metrics.knobs import choice, knob, knobs_of
from aipm_metrics.models.metric_reading import GIVEN, read_metrics
from aipm_metrics.models.written_numbers import COUNTED, NOT_KNOWN, SHARED
from aipm_metrics.scenarios.contract import Scenario

__all__ = ["CHANGE", "CHANGEABLE", "KNOWN", "PARTNER", "TARGET", "TranslateKnobs"]

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


class TranslateKnobs(Scenario):
    """The knobs alone; see `translate.TranslateScenario`."""

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


def _said(values: Mapping[str, Any]) -> tuple[tuple[str, float, str], ...]:
    return tuple(
        (name, values[name], values[f"{name}_known"])
        for name in GIVEN
        if values[f"{name}_known"] != NOT_KNOWN
    )
