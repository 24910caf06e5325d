"""What Diagnosis asks for: the patients, both readers, how one relies on the other, and prices.

All knobs, presets and pairs; `diagnosis` has the answer. Over 250 lines, for a knob is six.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from aipm_metrics.knobs import choice, knob
from aipm_metrics.scenarios.contract import Scenario

__all__ = ["DESIGNS", "EXPLAINED", "FAST", "HIGH", "LOW", "NO_AI", "DiagnosisKnobs", "Waits"]

DECISION, RIVAL, PATIENTS = "The decision", "Compared with", "The patients"
CLINICIAN = "The clinician alone"
AI, RELIANCE, WAITING, PRICES = "The AI alone", "Reliance", "Waiting and use", "Prices"
LOW, HIGH = 1e-4, 0.9  # chances of disease an AI can be cut at
NO_AI, FAST, EXPLAINED = "no AI", "fast and opaque", "slow and explained"
DESIGNS = (NO_AI, FAST, EXPLAINED)
BCSC = "Lehman et al. (2017), Radiology 283, 49-58"  # 1.7 million screens, 359 radiologists

Design = Literal["no AI", "fast and opaque", "slow and explained"]
Waits = Literal[
    "my own slope", "nothing", "search, 2009", "mobile pages, 2017", "programmers, 1982",
    "a wait read as thought, 2026",
]  # fmt: skip
WAITS = (
    "my own slope", "nothing", "search, 2009", "mobile pages, 2017", "programmers, 1982",
    "a wait read as thought, 2026",
)  # fmt: skip
Changes = Mapping[str, float | str]


def _follow(default: float, label: str, help: str) -> Any:
    return knob(
        default, 0, 1, label, group=RELIANCE, unit="chance", in_sight=True, priced=True, help=help
    )


def _threshold(default: float, label: str, help: str, **more: Any) -> Any:
    return knob(default, LOW, HIGH, label, unit="probability", scale="log-odds",
                in_score_units=True, help=help, **more)  # fmt: skip


class DiagnosisKnobs(Scenario):
    """A clinic that reads images: its patients, its clinicians, an AI, and what mistakes cost.

    `row_mix` is taken as "as set" where a prevalence is given and it is not.
    """

    page: ClassVar[str] = "diagnosis"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Diagnosis"
    question: ClassVar[str] = "Would you rather be fast or explained?"
    line: ClassVar[str] = (
        "Be quick and the doctors may not look; explain and they may believe too much."
    )

    threshold: float = _threshold(
        0.01, "AI's threshold", "The AI calls a woman ill from this chance of cancer on.",
        group=DECISION, in_sight=True, source="your decision",
    )  # fmt: skip
    design: Design = choice(
        EXPLAINED, DESIGNS, "Design", group=DECISION, in_sight=True, source="your decision",
        help="No AI; the AI's call at once and nothing else; or later, with its confidence "
        "explained.",
    )  # fmt: skip
    today_design: Design = choice(
        FAST, DESIGNS, "Compared with", group=DECISION, in_sight=True, source="assumption",
        help="The design the choice is compared with.",
    )  # fmt: skip
    today_threshold: float = _threshold(
        0.01, "Threshold compared with", "Where the AI of the other choice is cut.",
        group=RIVAL, source="assumption",
    )  # fmt: skip

    row_mix: Literal["the rows' own", "as set"] = choice(
        "the rows' own", ("the rows' own", "as set"), "Prevalence from", group=PATIENTS,
        in_sight=True, help="With rows: their own share of positives, or the one set above.",
    )  # fmt: skip
    prevalence: float = knob(
        0.0059, 1e-4, 0.5, "Prevalence", group=PATIENTS, unit="share of women",
        scale="log-odds", in_sight=True, priced=True,
        source=f"{BCSC}: 5.1 found and 0.8 missed of 1,000",
        help="Share of women who have cancer.",
    )  # fmt: skip
    patients_per_day: float = knob(
        190, 1, 1e5, "Women who come", group=PATIENTS, unit="women a day", scale="log",
        in_sight=True, help="How many come on each of 21 working days a month.",
    )  # fmt: skip

    human_tpr: float = knob(
        0.869, 0.01, 0.999, "Sensitivity", group=CLINICIAN, unit="share", in_sight=True,
        perfect=1.0, source=f"{BCSC}: 86.9 %", help="Share of cancers the clinician finds alone.",
    )  # fmt: skip
    human_fpr: float = knob(
        0.111, 0.001, 0.99, "False alarms", group=CLINICIAN, unit="share", in_sight=True,
        source=f"{BCSC}: specificity 88.9 %",
        help="Share of healthy women the clinician sends on alone; 1 less specificity.",
    )  # fmt: skip
    reading_min: float = knob(
        4, 0.1, 120, "Time per reading", group=CLINICIAN, unit="min", scale="log",
        help="Minutes to read one woman's images, the AI aside.",
    )  # fmt: skip
    reading_hours: float = knob(
        16, 0.5, 1e5, "Reading hours", group=CLINICIAN, unit="hours a day", scale="log",
        constraint=True, help="Hours all clinicians together can read in a day; a limit.",
    )  # fmt: skip

    auc: float = knob(
        0.93, 0.51, 0.9999, "AUC", group=AI, in_sight=True, perfect=1.0,
        help="Chance that the AI scores a woman with cancer above one without.",
    )  # fmt: skip
    temperature: float = knob(
        1.0, 0.5, 2, "Temperature", group=AI,
        help="How honest the AI's chances are: 1 is calibrated, below 1 overconfident.",
    )  # fmt: skip
    believed_prevalence: float = knob(
        0.0059, 1e-4, 0.5, "Prevalence it was made for", group=AI, unit="share of women",
        scale="log-odds", help="The AI's chances are right where this share has cancer.",
    )  # fmt: skip
    correlation: float = knob(
        0.3, -0.99, 0.99, "Likeness of the two", group=AI,
        help="Correlation of what the two see within the ill and within the healthy; 0 is "
        "independent, near 1 they miss the same women.",
    )  # fmt: skip

    follow_right_opaque: float = _follow(
        0.6, "Opaque AI right: followed",
        "Chance to adopt its call when the two disagree and the AI is right.",
    )  # fmt: skip
    follow_wrong_opaque: float = _follow(
        0.35, "Opaque AI wrong: followed",
        "Chance to adopt its call when the two disagree and the AI is wrong.",
    )  # fmt: skip
    follow_right_explained: float = _follow(
        0.7, "Explained AI right: followed", "The same with its confidence explained."
    )
    follow_wrong_explained: float = _follow(
        0.3, "Explained AI wrong: followed", "The same with its confidence explained."
    )

    slow_wait_s: float = knob(
        30, 0.1, 600, "Wait for the slow AI", group=WAITING, unit="s", scale="log",
        in_sight=True, priced=True, help="Seconds until the explained call is there.",
    )  # fmt: skip
    cut: float = knob(
        0.4, 0, 0.95, "The fast one is faster by", group=WAITING, unit="share", in_sight=True,
        priced=True, source="illustration: the 40 % of the story",
        help="How much of that wait the opaque AI saves.",
    )  # fmt: skip
    use_opaque: float = knob(
        0.6, 0.01, 0.99, "Readings that use an opaque AI", group=WAITING, unit="share",
        in_sight=True, priced=True, help="Share of readings in which the clinician looks at the "
        "AI's call, if it is opaque and as slow as the slow one.",
    )  # fmt: skip
    evidence: Waits = choice(
        "my own slope", WAITS, "Effect of waiting on use", group=WAITING,
        help="Your own slope, or a study of waiting, none of them on clinicians.",
    )  # fmt: skip
    waiting_effect: float = knob(
        0.8, 0, 5, "Effect of the wait", group=WAITING, unit="log odds", priced=True,
        help="Log odds of use lost as the wait grows 2.7 times; where a wait reads as thought, "
        "gained by it.",
    )  # fmt: skip
    explanation_effect: float = knob(
        0.7, -3, 5, "Effect of explaining", group=WAITING, unit="log odds", in_sight=True,
        priced=True, help="Log odds of use gained by explaining, at the same wait.",
    )  # fmt: skip
    explain_s: float = knob(
        12, 0, 600, "Reading the explanation", group=WAITING, unit="s", priced=True,
        help="Seconds a clinician spends on the explanation.",
    )  # fmt: skip
    dispute_min: float = knob(
        2, 0, 120, "A second look", group=WAITING, unit="min", priced=True,
        help="Minutes spent where the AI's call and the clinician's differ.",
    )  # fmt: skip

    harm_per_miss: float = knob(
        60_000, 1, 1e8, "Harm of a missed cancer", group=PRICES, unit="USD", scale="log",
        in_sight=True, priced=True, help="What one cancer found late costs her and you.",
    )  # fmt: skip
    cost_workup: float = knob(
        600, 1, 1e7, "Cost of a needless work-up", group=PRICES, unit="USD", scale="log",
        in_sight=True, priced=True, help="More images, perhaps a biopsy, and weeks of worry.",
    )  # fmt: skip
    clinician_wage: float = knob(
        220, 0, 5000, "Clinician's hour", group=PRICES, unit="USD an hour", priced=True,
        help="Cost of one hour of reading.",
    )  # fmt: skip
    ai_price: float = knob(
        1.5, 0, 1000, "Price of the AI", group=PRICES, unit="USD a reading", priced=True,
        help="Paid for every woman, whether its call is looked at or not.",
    )  # fmt: skip

    groups: ClassVar[tuple[str, ...]] = (
        DECISION, RIVAL, PATIENTS, CLINICIAN, AI, RELIANCE, WAITING, PRICES,
    )  # fmt: skip
    presets: ClassVar[Mapping[str, Changes]] = {
        "the 40 % cut that lost": {"design": FAST, "today_design": EXPLAINED},
        "a convincing explanation": {
            "follow_right_explained": 0.9, "follow_wrong_explained": 0.85,
            "explanation_effect": 1.5,
        },
        "overconfident, from another clinic": {
            "temperature": 0.7, "believed_prevalence": 0.05, "today_design": NO_AI,
        },
        "an emergency room": {
            "prevalence": 0.12, "believed_prevalence": 0.12, "patients_per_day": 60,
            "human_tpr": 0.8, "human_fpr": 0.15, "reading_min": 8, "slow_wait_s": 120,
            "waiting_effect": 1.6, "explain_s": 30, "harm_per_miss": 20_000,
            "cost_workup": 1_000, "threshold": 0.05, "today_threshold": 0.05,
        },
        "a wait that reads as thought": {
            "evidence": "a wait read as thought, 2026", "slow_wait_s": 10, "cut": 0.8,
        },
    }  # fmt: skip
    pairs: ClassVar[Mapping[str, tuple[Changes, Changes]]] = {
        "fast and opaque against slow and explained": ({"design": FAST}, {}),
        "no AI against slow and explained": ({"design": NO_AI}, {}),
        "a calibrated AI against an overconfident one": ({}, {"temperature": 0.6}),
    }

    @classmethod
    def idle(cls, values: Mapping[str, Any], *, with_rows: bool) -> frozenset[str]:
        """Name the knobs that play no part; see `Scenario.idle`."""
        idle = {"auc", "temperature", "believed_prevalence"} if with_rows else {"row_mix"}
        if with_rows and values["row_mix"] == "the rows' own":
            idle.add("prevalence")
        if values["evidence"] not in {"my own slope", "a wait read as thought, 2026"}:
            idle.add("waiting_effect")
        if values["today_design"] == NO_AI:
            idle.add("today_threshold")
        return frozenset(idle)

    @model_validator(mode="before")
    @classmethod
    def _given_prevalence_counts(cls, given: Any) -> Any:
        if isinstance(given, dict) and "prevalence" in given:
            return {"row_mix": "as set", **given}
        return given
