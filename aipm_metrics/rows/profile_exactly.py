"""Count at given thresholds themselves, where scores were binned: the bound becomes 0."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.counts import exact_at
from aipm_metrics.rows.profile_counts import added_by
from aipm_metrics.rows.profile_months import dated

if TYPE_CHECKING:
    from collections.abc import Sequence

    import ibis

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Counts
    from aipm_metrics.rows.asked import Columns
    from aipm_metrics.rows.counts import ScoreCounts
    from aipm_metrics.rows.jobs import Watch
    from aipm_metrics.rows.places import Looked, Place
    from aipm_metrics.rows.profile_counts import Counted

__all__ = ["Exactly", "count_exactly"]


@dataclass(frozen=True, slots=True, eq=False)
class Exactly:
    """Rows counted at given thresholds, for counts that are binned between them.

    Attributes
    ----------
    thresholds : (k,) floats
    tp, fp : (k,) integers
    groups : of every group in `Counted.every_group`, its tp and fp, (g, k) integers
    fingerprint : str
        Of the counts they belong to.
    """

    thresholds: Floats
    tp: Counts
    fp: Counts
    groups: tuple[tuple[Counts, Counts], ...]
    fingerprint: str

    def place(self, threshold: float) -> int | None:
        """Where a threshold stands; None where it was not counted at."""
        places = np.flatnonzero(self.thresholds == threshold)
        return int(places[0]) if places.size else None


def count_exactly(
    place: Place, looked: Looked, counted: Counted, thresholds: Sequence[float], watch: Watch
) -> Exactly:
    """Count the rows at or above each threshold, in one question, and in another by month.

    Raises
    ------
    RowsError
        When these are not the rows any more that were counted.
    """
    columns, counts, months = counted.columns, counted.counts, counted.months
    with place.lent(looked, {columns.score}, watch) as table:
        watch("Counting at the thresholds shown", 0.3)
        tp, fp = _exactly(table, columns, thresholds, counts, list(counts.by))
        groups = [(added_by(counts, by, tp), added_by(counts, by, fp)) for by in counts.by]
        if months is not None:
            watch("Counting at the thresholds shown, by month", 0.6)
            marked, month = dated(table, columns)
            found = _exactly(marked, columns, thresholds, months, [month])
            groups.append(
                (added_by(months, months.by[0], found[0]), added_by(months, months.by[0], found[1]))
            )
    at = np.asarray(thresholds, float)
    return Exactly(at, tp.sum(0), fp.sum(0), tuple(groups), counted.rows.fingerprint)


def _exactly(
    table: ibis.Table, columns: Columns, thresholds: Sequence[float], counts: ScoreCounts,
    by: list[str],
) -> tuple[Counts, Counts]:  # fmt: skip
    """Count, and see by one threshold below all scores that these are still the same rows."""
    tp, fp = exact_at(
        table, columns.score, columns.label, [-sys.float_info.max, *thresholds],
        positive=columns.event, by=by or None,
    )  # fmt: skip
    for found, before in ((tp, counts.positives_at), (fp, counts.negatives_at)):
        if not np.array_equal(found[:, 0], before.sum(axis=1)):
            raise RowsError(
                "The rows have changed since they were counted, so they were not counted at these "
                "thresholds. Count all of them again."
            )
    return tp[:, 1:], fp[:, 1:]
