"""What every position of the dial says is what the page says once that position is chosen.

The words of all thresholds are written in one go, before anybody chooses one; the words of a
chosen threshold are written for it alone. Both must be the same words.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import (
    HIGH,
    LOW,
    ModerationResult,
    ModerationScenario,
    moderate,
)
from aipm_metrics.sentences import moderation as words
from aipm_metrics.sentences.moderation_spots import Spots, aloud_at, every_spot
from tests.aipm_metrics.scenario_draws import draw_rows, draw_runnable

SCENARIOS, THRESHOLDS = 20, 50
Case = tuple[ModerationScenario, Empirical | None]


def said_by(spots: Spots) -> Callable[[int], dict[str, Any]]:
    """Everything said, to be read at any row."""
    people, cards, aloud = words.people_at(spots), words.cards_at(spots), aloud_at(spots)
    ratios, against = words.ratios_at(spots), words.comparison_at(spots)
    return lambda row: {
        "cards": [(c.label, c.value[row], c.change[row]) for c in cards],
        "aloud": [sentence[row] for sentence in aloud],
        "ratios": [(name, said[row]) for name, said in ratios],
        "people": [(label, people[cell][row]) for cell, label in words.CELLS.items()],
        "against": against[row],
    }


def chosen(result: ModerationResult) -> dict[str, Any]:
    """Everything said about the chosen threshold."""
    on_rows = len(result.counted)
    ratios = words.ratios(result)
    return {
        "cards": [(c.label, c.value, c.change) for c in words.cards(result)],
        "aloud": list(words.aloud(result)),
        "ratios": list(ratios[: len(ratios) - on_rows]),
        "people": list(words.people(result)),
        "against": words.comparison(result),
    }


def rows_of(result: ModerationResult, rng: np.random.Generator, many: int) -> NDArray[np.intp]:
    """Today's own row, both ends, every operating point, and others anywhere."""
    t = result.curves.threshold
    worth = [result.scenario.today_threshold, *(p.threshold for p in result.points)]
    named = np.flatnonzero(np.isin(t, worth))
    found = np.unique([0, t.size - 1, result.row, *named])
    others = rng.permutation(np.setdiff1d(np.arange(t.size), found))
    return np.append(found, others[: max(many - found.size, 0)])


def the_same(scenario: ModerationScenario, rows: Empirical | None, many: int, seed: int) -> int:
    result = moderate(scenario, rows)
    at, told = said_by(every_spot(result)), 0
    for row in rows_of(result, np.random.default_rng(seed), many).tolist():
        threshold = float(result.curves.threshold[row])
        alone = moderate(scenario.model_copy(update={"threshold": threshold}), rows)
        assert at(row) == chosen(alone), (scenario, threshold)
        told += 1
    return told


DRAWN: list[Case] = list(draw_runnable(np.random.default_rng(1789), SCENARIOS))


@pytest.mark.parametrize(("scenario", "rows"), DRAWN, ids=range(SCENARIOS))
def test_every_position_says_what_choosing_it_says(
    scenario: ModerationScenario, rows: Empirical | None
) -> None:
    """On rows there may be fewer positions than asked for."""
    t = moderate(scenario, rows).curves.threshold.size
    assert the_same(scenario, rows, THRESHOLDS, 1) >= min(THRESHOLDS, t)


SCORES = draw_rows(np.random.default_rng(4), probabilities=False)
EDGES: dict[str, Case] = {
    "defaults": (ModerationScenario(), None),
    "lower limit": (ModerationScenario(threshold=LOW, today_threshold=HIGH), None),
    "upper limit": (ModerationScenario(threshold=HIGH, today_threshold=LOW), None),
    "today's own": (ModerationScenario(threshold=0.5, today_threshold=0.5), None),
    "nothing known": (ModerationScenario(auc=0.5, threshold=0.01, prevalence=0.01), None),
    "nearly all known": (ModerationScenario(auc=0.9999, prevalence=1e-5), None),
    "flag nothing": (
        ModerationScenario(harm_per_missed=0, views_per_missed=0, reports_per_missed=0), None
    ),
    "flag everything": (ModerationScenario(leave_after_wrongful=0, appeal_share=0), None),
    "no prices": (
        ModerationScenario(
            value_per_author=0, value_per_viewer=0, harm_per_missed=0, reviewer_wage=0
        ),
        None,
    ),
    "no desk": (ModerationScenario(desk_hours=0), None),
    "today below all rows": (
        ModerationScenario(rows=SCORES.fingerprint, threshold=0.0, today_threshold=-1e9), SCORES
    ),
    "chosen above all rows": (
        ModerationScenario(rows=SCORES.fingerprint, threshold=1e9, today_threshold=0.5), SCORES
    ),
    "both above all rows": (
        ModerationScenario(rows=SCORES.fingerprint, threshold=1e9, today_threshold=1e9), SCORES
    ),
}  # fmt: skip


@pytest.mark.parametrize(("scenario", "rows"), EDGES.values(), ids=EDGES)
def test_at_the_edges_too(scenario: ModerationScenario, rows: Empirical | None) -> None:
    assert the_same(scenario, rows, 8, 2) >= 4
