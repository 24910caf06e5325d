"""What happens to whom in a month of moderation: each outcome's name, unit, formula and verb."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.scenarios.moderation_chain import Month

__all__ = ["OUTCOMES", "SAID"]

LATE = "tp * (1 - 2 ** (-decision_delay / views_half_life))"  # as many missed posts' worth
OUTCOMES: tuple[
    tuple[str, str, str, Literal["lower", "higher", "neither"], str, Callable[[Month], Any]], ...
] = (
    ("fn", "harmful posts left up", "posts", "lower", "positives * (1 - tpr)",
     lambda m: m.confusion.fn),
    ("fp", "posts wrongly removed", "posts", "lower", "negatives * fpr", lambda m: m.confusion.fp),
    ("tp", "harmful posts removed", "posts", "higher", "positives * tpr",
     lambda m: m.confusion.tp),
    ("tn", "posts rightly left alone", "posts", "higher", "negatives * (1 - fpr)",
     lambda m: m.confusion.tn),
    ("authors_leaving", "authors leaving", "people", "lower",
     "authors * (1 - (1 - leave_after_wrongful * fpr) ** items_per_author), "
     "authors = items_per_month * (1 - prevalence) / items_per_author",
     lambda m: m.authors_leaving),
    ("views_of_harm", "views of harm", "views", "lower",
     f"(fn + {LATE}) * views_per_missed", lambda m: m.views_of_harm),
    ("views_before_removal", "views before removal", "views", "lower",
     f"{LATE} * views_per_missed", lambda m: m.views_before_removal),
    ("viewers_leaving", "viewers leaving", "people", "lower",
     "views_of_harm * leave_after_harm", lambda m: m.viewers_leaving),
    ("appeals", "appeals", "posts", "lower", "fp * appeal_share", lambda m: m.appeals),
    ("reports", "reports", "tickets", "lower", f"(fn + {LATE}) * reports_per_missed",
     lambda m: m.reports),
    ("desk_hours", "desk hours", "hours", "lower",
     "(appeals * minutes_per_appeal + reports * minutes_per_report) / 60",
     lambda m: m.desk_hours),
    ("cost_harm", "harm of missed posts", "USD", "lower", "fn * harm_per_missed",
     lambda m: m.cost_by_cause["harm"]),
    ("cost_late", "harm before removal", "USD", "lower", f"{LATE} * harm_per_missed",
     lambda m: m.cost_by_cause["late"]),
    ("cost_viewers", "viewers who leave", "USD", "lower", "viewers_leaving * value_per_viewer",
     lambda m: m.cost_by_cause["viewers"]),
    ("cost_authors", "authors who leave", "USD", "lower", "authors_leaving * value_per_author",
     lambda m: m.cost_by_cause["authors"]),
    ("cost_desk", "the desk's time", "USD", "lower", "desk_hours * reviewer_wage",
     lambda m: m.cost_by_cause["desk"]),
    ("cost_model", "the model", "USD", "lower", "items_per_month * model_price / 1000",
     lambda m: m.cost_by_cause["model"]),
    ("cost", "cost", "USD", "lower",
     "cost_harm + cost_late + cost_viewers + cost_authors + cost_desk + cost_model",
     lambda m: m.cost),
)  # fmt: skip


# What a choice does to people, for whoever lays two choices side by side.
SAID = {
    "fn": "lets {} harmful posts through",
    "fp": "wrongly silences {}",
    "authors_leaving": "drives {} authors away",
    "views_before_removal": "lets caught harm be seen {} times before it is removed",
}
