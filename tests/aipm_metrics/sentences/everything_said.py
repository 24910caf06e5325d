"""Every text the words of Moderation can say about one result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.sentences import moderation as words

if TYPE_CHECKING:
    from aipm_metrics.scenarios.moderation import ModerationResult

PICTURES = ("people", "cost", "scores", "roc", "precision")


def everything_said(result: ModerationResult) -> list[str]:
    """Sentences, cards, table cells and descriptions of pictures, in no particular order."""
    rows: list[tuple[str, ...]] = [
        *(words.flip_line(flip) for flip in result.flips),
        *(words.point_row(result, point) for point in result.points),
        *(words.assumption_row(assumption) for assumption in result.assumptions),
        *(words.outcome_row(outcome) for outcome in result.outcomes),
        *((c.label, c.value, c.change, c.detail) for c in words.cards(result)),
        *words.people(result), *words.ratios(result), words.aloud(result),
        words.point_notes(result),
    ]  # fmt: skip
    return [
        words.story(result), words.model_line(result), words.comparison(result),
        words.worst_assumption(result), words.of_people(result), words.VOLUME_LINE,
        *(words.described(result, picture) for picture in PICTURES),
        *(cell for row in rows for cell in row),
    ]  # fmt: skip
