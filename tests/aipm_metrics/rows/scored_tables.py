"""Small tables of scored rows for an engine, and the same counts by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa

from aipm_metrics.models.empirical import Empirical

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.rows.counts import ScoreCounts


def table_of(**columns: Any) -> Any:
    """An Ibis table over columns in memory, asked of DuckDB."""
    return ibis.memtable(pa.table(columns))


def simulated(
    n: int = 4000, prevalence: float = 0.05, seed: int = 7
) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Probabilities of a model that ranks well, every score another."""
    rng = np.random.default_rng(seed)
    label = (rng.random(n) < prevalence).astype(np.int8)
    label[:2] = 0, 1
    return 1 / (1 + np.exp(4 - rng.normal(size=n) * 1.3 - 2.5 * label)), label


def same_counts(found: Empirical, expected: Empirical) -> None:
    np.testing.assert_array_equal(found.thresholds, expected.thresholds)
    np.testing.assert_array_equal(found.positives_at, expected.positives_at)
    np.testing.assert_array_equal(found.negatives_at, expected.negatives_at)
    assert found.fingerprint == expected.fingerprint


def within_its_bound(
    counts: ScoreCounts, score: ArrayLike, label: ArrayLike
) -> tuple[float, float]:
    """Check binned counts at every score, beside it and between two; return the largest errors.

    Exact counts of all rows come from `Empirical.from_rows`.
    """
    exact, binned = Empirical.from_rows(score, label), counts.to_empirical()
    scores = exact.thresholds
    with np.errstate(over="ignore"):  # above the largest float there is infinity
        beside = [np.nextafter(scores, -np.inf), np.nextafter(scores, np.inf)]
    at = np.concatenate([scores, *beside, scores[1:] / 2 + scores[:-1] / 2, [-np.inf, np.inf]])
    true, said = exact.rates(at), binned.rates(at)
    off = float(np.abs(true.tpr - said.tpr).max()), float(np.abs(true.fpr - said.fpr).max())
    bounds = counts.bin_error.max(axis=0) if len(counts.groups) == 1 else [binned.max_error] * 2
    assert off[0] <= bounds[0] + 1e-12
    assert off[1] <= bounds[1] + 1e-12
    true, said = exact.rates(binned.thresholds), binned.rates(binned.thresholds)
    np.testing.assert_array_equal(true.tpr, said.tpr)  # at its own thresholds nothing is off
    np.testing.assert_array_equal(true.fpr, said.fpr)
    return off
