"""All rates of a million rows, beside scikit-learn and beside the sort nobody can do without."""

from __future__ import annotations

import numpy as np
from sklearn.metrics import confusion_matrix, roc_curve

from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from benchmarks.rounds import compare

ROWS = 1_000_000
ROUNDS = 15


def draw(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Draw scores in (0, 1), almost surely all different, and labels, 2 % of them positive."""
    label = (rng.random(ROWS) < 0.02).astype(np.int64)
    return 1 / (1 + np.exp(3 - rng.normal(2 * label, 1))), label


def all_rates(name: str, score: np.ndarray, label: np.ndarray) -> Empirical:
    """Count the rows and read off the rates at every distinct score."""

    def ours() -> tuple[np.ndarray, np.ndarray]:
        rows = Empirical.from_rows(score, label)
        rates = rows.rates(rows.thresholds)
        return rates.fpr, rates.tpr

    def peer() -> tuple[np.ndarray, np.ndarray]:
        fpr, tpr, _ = roc_curve(label, score, drop_intermediate=False)
        return fpr, tpr

    for mine, theirs in zip(ours(), peer(), strict=True):
        np.testing.assert_allclose(mine[::-1], theirs[1:], rtol=1e-12)  # theirs starts at inf
    counted = Empirical.from_rows(score, label)
    compare(
        f"All rates of {ROWS:,} rows, {counted.thresholds.size:,} distinct scores: {name}",
        {
            "Empirical.from_rows + rates": ours,
            "sklearn roc_curve": peer,
            "limit: np.sort of the scores": lambda: np.sort(score),
            "limit: np.sum of both columns": lambda: (np.sum(score), np.sum(label)),
        },
        ROUNDS,
    )
    return counted


def one_threshold(rows: Empirical, score: np.ndarray, label: np.ndarray) -> None:
    """Answer a threshold that has moved."""
    t = 0.2

    def ours() -> object:
        return rows.rates(t).confusion(rows.prevalence, ROWS)

    cells = rows.rates(t).confusion(rows.prevalence, ROWS)
    theirs = confusion_matrix(label, score >= t)
    np.testing.assert_allclose([[cells.tn, cells.fp], [cells.fn, cells.tp]], theirs, rtol=1e-9)
    compare(
        f"A changed threshold, {ROWS:,} rows counted before",
        {
            "rates + confusion from counts": ours,
            "sklearn confusion_matrix": lambda: confusion_matrix(label, score >= t),
            "limit: np.sum(score >= t)": lambda: np.sum(score >= t),
        },
        ROUNDS,
    )


def whole_answer(distinct: Empirical, rounded: Empirical) -> None:
    """Everything a page shows: four searches, flip points, curves."""

    def scenario(rows: Empirical) -> ModerationScenario:
        return ModerationScenario(rows=rows.fingerprint, threshold=0.2)

    told = {rows: scenario(rows) for rows in (distinct, rounded)}
    simulated = ModerationScenario()
    compare(
        "moderate(): the whole answer",
        {
            f"rows, {distinct.thresholds.size:,} distinct": (
                lambda: moderate(told[distinct], distinct)
            ),
            f"rows, {rounded.thresholds.size:,} distinct": lambda: moderate(told[rounded], rounded),
            "simulated": lambda: moderate(simulated),
            "of which: the fingerprint": lambda: distinct.fingerprint,
        },
        ROUNDS,
    )


def main() -> None:
    """Print every table."""
    score, label = draw(np.random.default_rng(0))
    distinct = all_rates("as drawn", score, label)
    rounded = all_rates("two decimals", score.round(2), label)
    one_threshold(distinct, score, label)
    whole_answer(distinct, rounded)


if __name__ == "__main__":
    main()
