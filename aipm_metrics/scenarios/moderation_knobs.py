"""What a moderation scenario is made of: knobs, presets, and which of them play a part."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import model_validator

from aipm_metrics.knobs import choice, knob
from aipm_metrics.scenarios.contract import Scenario

__all__ = ["HIGH", "LOW", "ModerationKnobs"]

MODEL, STREAM, PEOPLE = "The model", "The stream", "People"
DESK, PRICES, THRESHOLD = "The desk", "Prices", "The threshold"
LOW, HIGH = 1e-6, 1 - 1e-6  # thresholds a simulated probability can be cut at


class ModerationKnobs(Scenario):
    """The knobs alone; see `moderation.ModerationScenario`."""

    page: ClassVar[str] = "moderation"
    version: ClassVar[int] = 2
    title: ClassVar[str] = "Moderation"
    question: ClassVar[str] = "Where should the removal threshold sit?"
    line: ClassVar[str] = (
        "Remove too much and you silence authors; too little and people see the harm."
    )

    threshold: float = knob(
        0.15, LOW, HIGH, "Removal threshold", group=THRESHOLD, unit="probability",
        scale="log-odds", in_sight=True, source="your decision", in_score_units=True,
        help="Posts scoring at or above this are removed.",
    )  # fmt: skip
    auc: float = knob(
        0.96, 0.5, 0.9999, "AUC", group=MODEL, in_sight=True, perfect=1.0,
        help="Chance that a random harmful post outscores a random harmless one; 0.5 is a coin.",
    )  # fmt: skip
    model_price: float = knob(
        0.05, 0, 1000, "Price of the model", group=MODEL, unit="USD per thousand posts",
        in_sight=True, priced=True, help="What scoring costs, whatever is decided; 0 is free.",
    )  # fmt: skip
    decision_delay: float = knob(
        0, 0, 10_000, "Time to decide", group=MODEL, unit="min", in_sight=True, priced=True,
        source="assumption: posts are scored before they are shown",
        help="From posting to the model's decision; until then a post can be seen.",
    )  # fmt: skip
    views_half_life: float = knob(
        80, 1, 525_600, "Half-life of a post", group=MODEL, unit="min", scale="log", priced=True,
        source='Pfeffer, Matter & Sargsyan (2023), "The Half-Life of a Tweet", ICWSM 17: about 80',
        help="Time in which a post collects half of all its views.",
    )  # fmt: skip
    row_mix: Literal["the rows' own", "as set"] = choice(
        "the rows' own", ("the rows' own", "as set"), "Harmful share from", group=STREAM,
        in_sight=True, help="With rows: their own share of positives, or the one set above.",
    )  # fmt: skip
    prevalence: float = knob(
        0.01, 1e-5, 0.5, "Harmful share", group=STREAM, unit="share of posts",
        scale="log-odds", in_sight=True, priced=True,
        help="Share of posts that break the rules.",
    )  # fmt: skip
    items_per_month: float = knob(
        2e6, 1e3, 1e10, "Posts", group=STREAM, unit="posts a month", scale="log",
        in_sight=True, help="Posts the model scores each month.",
    )  # fmt: skip
    calibration: Literal["today's mix", "as trained"] = choice(
        "today's mix", ("today's mix", "as trained"), "Calibrated to", group=MODEL,
        help="Which harmful share the model believes in: today's, or the one it was trained at.",
    )  # fmt: skip
    trained_prevalence: float = knob(
        0.002, 1e-5, 0.5, "Share in training", group=MODEL, unit="share of posts",
        scale="log-odds", help="Harmful share when the model was trained.",
    )  # fmt: skip
    temperature: float = knob(
        1.0, 0.5, 2, "Temperature", group=MODEL,
        help="How honest the score is: 1 is calibrated, below 1 overconfident, above 1 timid.",
    )  # fmt: skip
    items_per_author: float = knob(
        8, 1, 1000, "Posts an author makes", group=PEOPLE, unit="posts a month", priced=True,
        help="The more an author posts, the more often a false alarm finds them.",
    )  # fmt: skip
    leave_after_wrongful: float = knob(
        0.04, 0, 1, "Authors lost per wrongful removal", group=PEOPLE, unit="chance",
        in_sight=True, priced=True, help="Chance that an author leaves after one wrongful removal.",
    )  # fmt: skip
    value_per_author: float = knob(
        60, 0, 1e5, "Value of an author", group=PRICES, unit="USD", priced=True,
        help="What the product loses when an author leaves.",
    )  # fmt: skip
    views_per_missed: float = knob(
        300, 0, 1e7, "Views of a missed post", group=PEOPLE, unit="views", priced=True,
        help="How many people see a harmful post that was left up.",
    )  # fmt: skip
    leave_after_harm: float = knob(
        0.0005, 0, 0.01, "Viewers lost per view of harm", group=PEOPLE, unit="chance",
        priced=True, help="Chance that a viewer leaves after seeing one harmful post.",
    )  # fmt: skip
    value_per_viewer: float = knob(
        15, 0, 1e5, "Value of a viewer", group=PRICES, unit="USD", priced=True,
        help="What the product loses when a viewer leaves.",
    )  # fmt: skip
    harm_per_missed: float = knob(
        30, 0, 1e6, "Harm of a missed post", group=PRICES, unit="USD", in_sight=True,
        priced=True, help="What one harmful post left up costs, viewers who leave aside.",
    )  # fmt: skip
    appeal_share: float = knob(
        0.25, 0, 1, "Wrongful removals appealed", group=DESK, unit="share", priced=True,
        help="Share of wrongly removed posts whose author appeals.",
    )  # fmt: skip
    minutes_per_appeal: float = knob(
        6, 0, 600, "Time per appeal", group=DESK, unit="min", priced=True,
        help="Reviewer minutes to decide one appeal.",
    )  # fmt: skip
    reports_per_missed: float = knob(
        0.4, 0, 1000, "Reports of a missed post", group=DESK, unit="tickets", priced=True,
        help="Viewer reports that one harmful post left up brings in.",
    )  # fmt: skip
    minutes_per_report: float = knob(
        3, 0, 600, "Time per report", group=DESK, unit="min", priced=True,
        help="Reviewer minutes to handle one report.",
    )  # fmt: skip
    reviewer_wage: float = knob(
        22, 0, 1000, "Reviewer wage", group=PRICES, unit="USD an hour", priced=True,
        help="Cost of one reviewer hour, overhead included.",
    )  # fmt: skip
    desk_hours: float = knob(
        800, 0, 1e7, "Desk hours", group=DESK, unit="hours a month", in_sight=True,
        constraint=True, help="Reviewer hours the desk has; a constraint, not a price.",
    )  # fmt: skip
    recall_floor: float = knob(
        0.8, 0, 1, "Recall floor", group=DESK, unit="share", in_sight=True,
        source="policy (assumption)", constraint=True,
        help="Share of harmful posts that must be caught.",
    )  # fmt: skip
    today_threshold: float = knob(
        0.5, LOW, HIGH, "Today's threshold", group=THRESHOLD, unit="probability",
        scale="log-odds", source="assumption: the usual default", in_score_units=True,
        help="The setting in force, which the choice is compared with.",
    )  # fmt: skip

    groups: ClassVar[tuple[str, ...]] = (THRESHOLD, MODEL, STREAM, PEOPLE, DESK, PRICES)
    presets: ClassVar[Mapping[str, Mapping[str, float | str]]] = {
        "launch week": {
            "auc": 0.9, "prevalence": 0.02, "items_per_month": 200_000, "items_per_author": 4,
            "leave_after_wrongful": 0.1, "desk_hours": 150, "today_threshold": 0.8,
        },
        "election night": {
            "prevalence": 0.1, "calibration": "as trained", "trained_prevalence": 0.01,
            "views_per_missed": 900,
        },
        "small community": {
            "items_per_month": 20_000, "items_per_author": 20, "leave_after_wrongful": 0.1,
            "value_per_author": 200, "views_per_missed": 40, "desk_hours": 10,
        },
        "the recall zealot": {"threshold": 0.004, "recall_floor": 0.95},
        "a language model as judge": {"auc": 0.985, "model_price": 5, "decision_delay": 30},
    }  # fmt: skip
    pairs: ClassVar[Mapping[str, tuple[Mapping[str, float | str], Mapping[str, float | str]]]] = {
        "today's threshold against 0.15": ({"threshold": 0.5}, {}),
        "old model against new": (
            {"auc": 0.95}, {"auc": 0.97, "model_price": 1, "decision_delay": 5},
        ),
        "a fast model against a language model": ({}, presets["a language model as judge"]),
        "a quiet week against election night": ({}, presets["election night"]),
    }  # fmt: skip

    @classmethod
    def idle(cls, values: Mapping[str, Any], *, with_rows: bool) -> frozenset[str]:
        """Name the knobs that play no part; see `Scenario.idle`."""
        idle = {"auc", "calibration", "temperature"} if with_rows else {"row_mix"}
        if with_rows or values["calibration"] == "today's mix":
            idle.add("trained_prevalence")
        if values["decision_delay"] == 0:
            idle.add("views_half_life")
        if with_rows and values["row_mix"] == "the rows' own":
            idle.add("prevalence")
        return frozenset(idle)

    @model_validator(mode="before")
    @classmethod
    def _given_prevalence_counts(cls, given: Any) -> Any:
        if isinstance(given, dict) and "prevalence" in given:
            return {"row_mix": "as set", **given}
        return given
