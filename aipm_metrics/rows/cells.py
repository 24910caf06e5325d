"""Count by cells of scores, and score by score where a cell holds too much."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.binning import curve_by_means, curve_by_spread
from aipm_metrics.rows.tallies import CHANGED, Tally, tally

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_metrics.rows.binning import Curve
    from aipm_metrics.rows.looking import Groups, Look
    from aipm_metrics.rows.scored import Scored

__all__ = ["CELLS", "FULL", "count_cells"]

CELLS = 2 * 65_536
COUNTED = 4_000_000  # rows up to which distinct scores are counted rather than estimated
FULL = 64 / 65_536  # share of a class above which a cell is looked at score by score
WIDE, FEW = 16, 8  # even cells, and rows, of a class that one cell may hold of another curve


def count_cells(
    rows: Scored, look: Look, groups: Groups, most: int, tell: Callable[[str, float], None]
) -> tuple[Tally, NDArray[np.bool_]]:
    """Count in cells; then, score by score, in the cells that hold more than `FULL` of a class.

    Parameters
    ----------
    most
        Cells there may be, and again scores that may be counted one by one.
    tell
        Called before each question to the engine.

    Returns
    -------
    Tally, (t,) bools
        Counts from each threshold up to the next; whether all of them have that very score.

    Raises
    ------
    RowsError
        When rows were added or changed meanwhile.
    """
    n = min(CELLS, 2 ** (most.bit_length() - 1))
    curve = curve_by_means(look)
    if curve is not None:
        found, single = _counted(rows, groups, curve, n, most, tell)
        if _even(found, single, n):
            return found, single
    tell("Measuring how the scores spread", 0.5)
    again = "" if curve is None else " again"
    curve = curve_by_spread(rows, look)
    return _counted(
        rows, groups, curve, n, most, lambda step, done: tell(f"{step}{again}", done + 0.4)
    )


def _even(found: Tally, single: NDArray[np.bool_], n: int) -> bool:
    """Whether no cell of many scores holds much more of a class than even cells would."""
    p, held = found.positives.sum(axis=0), found.held.sum(axis=0)
    return all(np.where(single, 0, at).max() <= WIDE * at.sum() / n + FEW for at in (p, held - p))


def _counted(
    rows: Scored,
    groups: Groups,
    curve: Curve,
    n: int,
    most: int,
    tell: Callable[[str, float], None],
) -> tuple[Tally, NDArray[np.bool_]]:
    tell("Counting the scores", 0.3)
    complete = rows.complete
    counted = tally(rows, groups, complete, curve.cell(complete.x, n))
    if not (np.diff(counted.lows) > 0).all():
        raise RowsError(CHANGED)
    single = counted.held.sum(axis=0) == 1
    chosen = _worth_splitting(rows, curve, n, counted, most, tell)
    if not chosen.any():
        return counted, single
    tell("Counting scores that many rows share", 0.45)
    some = complete.filter(curve.cell(complete.x, n).isin(counted.places[chosen].tolist()))
    split = tally(rows, groups, some, some.x)
    return _joined(counted, chosen, split, single)


def _worth_splitting(
    rows: Scored,
    curve: Curve,
    n: int,
    counted: Tally,
    most: int,
    tell: Callable[[str, float], None],
) -> NDArray[np.bool_]:
    """Cells that are too full and hold few enough scores, the fullest first."""
    p, held = counted.positives.sum(axis=0), counted.held.sum(axis=0)
    share = np.maximum(p / p.sum(), (held - p) / (held - p).sum())
    full = np.flatnonzero((share > FULL) & (held > 1))
    scores = held[full]
    if scores.sum() > most:
        tell("Looking at the fullest cells", 0.4)
        scores = np.minimum(
            scores, _distinct(rows, curve, n, counted.places[full], held[full].sum())
        )
    order = np.argsort(-share[full], kind="stable")
    # What does not fit is passed over: the next fullest may hold one score only.
    chosen, left = np.zeros(p.size, bool), most
    for i in order:
        if scores[i] <= left:
            chosen[full[i]], left = True, left - int(scores[i])
    return chosen


def _distinct(
    rows: Scored, curve: Curve, n: int, cells: NDArray[np.int64], n_rows: int
) -> NDArray[np.int64]:
    """How many distinct scores each of some cells holds; estimated where there are many rows."""
    complete = rows.complete
    table = complete.mutate(place=curve.cell(complete.x, n))
    some = table.filter(table.place.isin(cells.tolist()))
    # Engines estimate differently, so that what they would split could differ: only if need be.
    scores_of = some.x.nunique() if n_rows <= COUNTED else some.x.approx_nunique()
    found = some.group_by("place").agg(scores=scores_of).to_pyarrow().to_pydict()
    of_cell = dict(zip(found["place"], found["scores"], strict=True))
    return np.array([of_cell.get(int(cell), 0) for cell in cells], np.int64)


def _joined(
    counted: Tally, chosen: NDArray[np.bool_], split: Tally, single: NDArray[np.bool_]
) -> tuple[Tally, NDArray[np.bool_]]:
    """Put scores that were counted one by one in the place of their cells."""
    for cells, scores in ((counted.held, split.held), (counted.positives, split.positives)):
        if (cells[:, chosen].sum(axis=1) != scores.sum(axis=1)).any():
            raise RowsError(CHANGED)
    rest = counted.at(~chosen)
    lows = np.concatenate([rest.lows, split.lows])
    order = np.argsort(lows)

    def both(name: str) -> Any:
        one, other = getattr(rest, name), getattr(split, name)
        return None if one is None else np.concatenate([one, other], axis=1)[:, order]

    names = ("positives", "held", "amount_positives", "amount_held")
    counts: dict[str, Any] = {name: both(name) for name in names}
    whole = replace(counted, places=lows[order], lows=lows[order], **counts)
    alone = np.concatenate([single[~chosen], np.ones(split.lows.size, bool)])[order]
    return whole, alone
