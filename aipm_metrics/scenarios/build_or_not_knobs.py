"""What Build or not asks for: the task, four ways of doing it, what each costs, and for how long.

All knobs, presets and pairs; `build_or_not` has the answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from aipm_metrics.knobs import choice, knob
from aipm_metrics.scenarios.contract import Scenario

__all__ = ["ALONG", "MAP", "OPTIONS", "BuildOrNotKnobs", "Option"]

Option = Literal["nothing", "rules", "people", "a model"]
OPTIONS: tuple[Option, ...] = ("nothing", "rules", "people", "a model")
PLAN, TASK, RULES = "The plan", "The task", "Rules"
PEOPLE, MODEL, PRICES, MAP = "People", "The model", "Prices", "The map"
Along = Literal[
    "items", "positives", "AUC", "price of building", "time to launch", "decay of the model",
    "what rules find", "time per item", "cost of a miss", "cost of a false alarm",
]  # fmt: skip
# Knobs that a map can go by, under the names they have in its menus.
ALONG: dict[Along, str] = {
    "items": "items_per_month", "positives": "prevalence", "AUC": "auc",
    "price of building": "model_build", "time to launch": "launch_months",
    "decay of the model": "decay", "what rules find": "rules_tpr",
    "time per item": "minutes_per_item", "cost of a miss": "cost_fn",
    "cost of a false alarm": "cost_fp",
}  # fmt: skip
Presets = Mapping[str, Mapping[str, float | str]]


class BuildOrNotKnobs(Scenario):
    """A stream of items with something to find, and four ways to go about it."""

    page: ClassVar[str] = "build_or_not"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Build or not"
    question: ClassVar[str] = "Should there be a model at all?"
    line: ClassVar[str] = "A model is built once and fed for ever; rules and people start tomorrow."

    months: float = knob(
        24, 1, 60, "Plan for", group=PLAN, unit="months", in_sight=True, decision=True, whole=True,
        source="your decision", help="How long it must pay; all costs are a month's mean over it.",
    )  # fmt: skip
    option: Option = choice(
        "a model", OPTIONS, "What you would do", group=PLAN, in_sight=True,
        source="your decision", help="The way the sentence speaks for.",
    )  # fmt: skip
    today: Option = choice(
        "rules", OPTIONS, "What is done today", group=PLAN, in_sight=True,
        help="It costs nothing to build, and goes on until a model is launched.",
    )  # fmt: skip
    items_per_month: float = knob(
        50_000, 100, 1e9, "Items", group=TASK, unit="items a month", scale="log", in_sight=True,
        priced=True, help="How many come each month.",
    )  # fmt: skip
    prevalence: float = knob(
        0.02, 1e-5, 0.5, "Positives", group=TASK, unit="share of items", scale="log-odds",
        in_sight=True, priced=True, help="Share of items in which there is something to find.",
    )  # fmt: skip
    cost_fn: float = knob(
        20, 0, 1e6, "A miss costs", group=PRICES, unit="USD", in_sight=True, priced=True,
        help="What is lost when a positive is passed over.",
    )  # fmt: skip
    cost_fp: float = knob(
        2, 0, 1e6, "A false alarm costs", group=PRICES, unit="USD", in_sight=True, priced=True,
        help="What is lost when an item is flagged in which there is nothing.",
    )  # fmt: skip
    auc: float = knob(
        0.95, 0.5, 0.9999, "AUC of the model", group=MODEL, in_sight=True, perfect=1.0,
        priced=True, help="Chance that a random positive outscores a random negative.",
    )  # fmt: skip
    model_build: float = knob(
        150_000, 0, 1e9, "Building the model", group=MODEL, unit="USD", in_sight=True, priced=True,
        help="Labels, people and compute until it is launched.",
    )  # fmt: skip
    launch_months: float = knob(
        6, 0, 36, "Time to launch", group=MODEL, unit="months", in_sight=True,
        help="Until then things go on as today.",
    )  # fmt: skip
    model_run: float = knob(
        4_000, 0, 1e7, "Running the model", group=MODEL, unit="USD a month", priced=True,
        help="Hosting, monitoring and the people who look after it, whatever the volume.",
    )  # fmt: skip
    price_per_thousand: float = knob(
        1, 0, 1e4, "Scoring", group=MODEL, unit="USD per thousand items", priced=True,
        help="What scoring a thousand items costs on top.",
    )  # fmt: skip
    decay: float = knob(
        0.03, 0, 0.5, "Decay of the model", group=MODEL, unit="share a month",
        help="Share of its separation that the model loses each month after it was trained.",
    )  # fmt: skip
    retrain_months: float = knob(
        6, 1, 60, "Retrained every", group=MODEL, unit="months", constraint=True,
        help="How often it is trained anew, which undoes the decay.",
    )  # fmt: skip
    retrain_cost: float = knob(
        8_000, 0, 1e8, "Training it anew", group=MODEL, unit="USD", priced=True,
        help="Each time; spread evenly over the months between.",
    )  # fmt: skip
    rules_tpr: float = knob(
        0.5, 0, 1, "Positives that rules find", group=RULES, unit="share", in_sight=True,
        help="Share of positives that the rules flag when they are new.",
    )  # fmt: skip
    rules_fpr: float = knob(
        0.02, 0, 1, "Negatives that rules flag", group=RULES, unit="share",
        help="Share of negatives that the rules flag.",
    )  # fmt: skip
    rules_decay: float = knob(
        0.01, 0, 0.5, "Decay of rules", group=RULES, unit="share a month",
        help="Share of what they find that rules lose each month, as the world moves on.",
    )  # fmt: skip
    rules_build: float = knob(
        5_000, 0, 1e8, "Writing rules", group=RULES, unit="USD", priced=True,
        help="Until the rules work.",
    )  # fmt: skip
    rules_run: float = knob(
        500, 0, 1e7, "Keeping rules", group=RULES, unit="USD a month", priced=True,
        help="Whoever answers for them.",
    )  # fmt: skip
    people_tpr: float = knob(
        0.9, 0, 1, "Positives that people find", group=PEOPLE, unit="share", in_sight=True,
        help="Share of the positives they look at that people flag.",
    )  # fmt: skip
    people_fpr: float = knob(
        0.01, 0, 1, "Negatives that people flag", group=PEOPLE, unit="share",
        help="Share of the negatives they look at that people flag.",
    )  # fmt: skip
    minutes_per_item: float = knob(
        0.5, 0.01, 600, "Time per item", group=PEOPLE, unit="min", scale="log", in_sight=True,
        help="How long a person looks at one.",
    )  # fmt: skip
    people_hours: float = knob(
        1_000, 0, 1e7, "Hours there are", group=PEOPLE, unit="hours a month", constraint=True,
        help="People look at as many items as they have time for; the rest pass unseen.",
    )  # fmt: skip
    wage: float = knob(
        25, 0, 1_000, "Wage", group=PEOPLE, unit="USD an hour", priced=True,
        help="Cost of one hour, overhead included.",
    )  # fmt: skip
    across: Along = choice(
        "items", tuple(ALONG), "Across", group=MAP, source="your choice",
        help="What the map of the best choice goes by from left to right.",
    )  # fmt: skip
    up: Along = choice(
        "AUC", tuple(ALONG), "Up", group=MAP, source="your choice",
        help="What the map of the best choice goes by from bottom to top.",
    )  # fmt: skip

    groups: ClassVar[tuple[str, ...]] = (PLAN, TASK, MODEL, RULES, PEOPLE, PRICES, MAP)
    presets: ClassVar[Presets] = {
        "a small inbox": {"items_per_month": 3_000, "prevalence": 0.05, "today": "people"},
        "a flood of uploads": {
            "items_per_month": 2e6, "prevalence": 0.01, "model_build": 400_000, "model_run": 20_000,
        },
        "rules that went stale": {"rules_decay": 0.06, "items_per_month": 200_000},
        "rare and dear": {"prevalence": 0.0005, "cost_fn": 2_000, "items_per_month": 100_000},
    }  # fmt: skip
    pairs: ClassVar[Mapping[str, tuple[Mapping[str, float | str], Mapping[str, float | str]]]] = {
        "rules against a model": ({"option": "rules"}, {"option": "a model"}),
        "people against a model": ({"option": "people"}, {"option": "a model"}),
    }

    @classmethod
    def idle(cls, values: Mapping[str, Any], *, with_rows: bool) -> frozenset[str]:
        """Name the knobs that play no part; see `Scenario.idle`."""
        del with_rows
        idle: set[str] = set()
        if values["today"] == "a model":
            idle |= {"model_build", "launch_months"}
        if values["today"] == "rules":
            idle |= {"rules_build"}
        return frozenset(idle)
