"""Metrics as quotients of sums of cells, and the confusion matrix back from any four of them.

Every count and ratio here is ``part / whole`` with whole-number weights on ``tp fp fn tn`` (a
count has no whole). So a metric's value is one linear equation in the cells,
``part - value * whole = 0``, and four independent ones have one solution. Nothing is random.

Van Rijsbergen (1979), "Information Retrieval", ch. 7, for F; Fawcett (2006), Pattern
Recognition Letters 27, sec. 2, for the rest.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.confusion import Confusion, Floats

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import ArrayLike

__all__ = ["CELLS", "METRICS", "RATIOS", "Metric", "independent", "solve", "value_of"]

CELLS: Final = ("tp", "fp", "fn", "tn")
NEARLY = 1e-9  # of all cases: cells less negative than this are rounding
SINGULAR = 1e-13  # of the largest singular value: equations closer than this are one


@dataclass(frozen=True, slots=True)
class Metric:
    """One count or ratio.

    Attributes
    ----------
    part, whole : four ints, on ``tp fp fn tn``
        Weights of the cells; `whole` is all zeros for a count.
    """

    part: tuple[int, int, int, int]
    whole: tuple[int, int, int, int] = (0, 0, 0, 0)

    @property
    def is_ratio(self) -> bool:
        """Whether it is a share of something, 0 to 1, rather than a count of cases."""
        return any(self.whole)


METRICS: Final[Mapping[str, Metric]] = MappingProxyType(
    {
        "volume": Metric((1, 1, 1, 1)),
        "positives": Metric((1, 0, 1, 0)),
        "prevalence": Metric((1, 0, 1, 0), (1, 1, 1, 1)),
        "flagged": Metric((1, 1, 0, 0)),
        "flagged_share": Metric((1, 1, 0, 0), (1, 1, 1, 1)),
        "precision": Metric((1, 0, 0, 0), (1, 1, 0, 0)),
        "recall": Metric((1, 0, 0, 0), (1, 0, 1, 0)),
        "f1": Metric((2, 0, 0, 0), (2, 1, 1, 0)),
        "fpr": Metric((0, 1, 0, 0), (0, 1, 0, 1)),
        "accuracy": Metric((1, 0, 0, 1), (1, 1, 1, 1)),
        "fnr": Metric((0, 0, 1, 0), (1, 0, 1, 0)),
        "tp": Metric((1, 0, 0, 0)),
        "fp": Metric((0, 1, 0, 0)),
        "fn": Metric((0, 0, 1, 0)),
        "tn": Metric((0, 0, 0, 1)),
    }
)
RATIOS: Final = tuple(name for name, metric in METRICS.items() if metric.is_ratio)


def _sum(weights: tuple[int, int, int, int], cells: Confusion) -> Any:
    """Add up cells; one that plays no part may be ``nan``."""
    told = [w * getattr(cells, c) for w, c in zip(weights, CELLS, strict=True) if w]
    return sum(told[1:], start=told[0])


def value_of(name: str, cells: Confusion) -> Any:
    """Read one metric from the cells; ``nan`` where its denominator is empty.

    Parameters
    ----------
    name
        A key of `METRICS`.
    cells : (t,) or scalars, cases

    Examples
    --------
    >>> cells = Confusion(tp=6, fp=2, fn=4, tn=88)
    >>> value_of("f1", cells), value_of("flagged", cells)
    (0.6666666666666666, 8)
    """
    metric = METRICS[name]
    part = _sum(metric.part, cells)
    if not metric.is_ratio:
        return part
    part, whole = np.broadcast_arrays(
        np.asarray(part, float), np.asarray(_sum(metric.whole, cells), float)
    )
    out = np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0)
    return out if out.ndim else float(out)


def _rows(names: tuple[str, ...], values: tuple[Floats, ...]) -> Floats:
    """Equations ``part - value * whole``, one row per metric: (..., metrics, 4)."""
    rows = [
        np.asarray(METRICS[name].part) - value[..., None] * np.asarray(METRICS[name].whole)
        for name, value in zip(names, values, strict=True)
    ]
    return np.stack(np.broadcast_arrays(*rows), axis=-2)


def solve(given: Mapping[str, ArrayLike]) -> Confusion:
    """Find the confusion matrix that has these four metrics.

    Parameters
    ----------
    given
        Four metrics by name, at least one of them a count; values broadcast.

    Returns
    -------
    Confusion, (t,) or scalars, cases
        ``nan`` where the four say less than four things, or no cell can be so.

    Raises
    ------
    MetricsError
        When there are not four.

    Examples
    --------
    >>> cells = solve({"volume": 100, "positives": 10, "precision": 0.75, "recall": 0.6})
    >>> [round(x, 9) for x in (cells.tp, cells.fp, cells.fn, cells.tn)]
    [6.0, 2.0, 4.0, 88.0]
    >>> solve({"volume": 100, "positives": 10, "prevalence": 0.1, "recall": 0.6}).tp
    nan
    """
    if len(given) != len(CELLS):
        raise MetricsError(f"`given` must name 4 metrics; got {len(given)}")
    names = tuple(given)
    values = tuple(np.asarray(value, float) for value in given.values())
    rows = _rows(names, values)
    right = np.stack(
        np.broadcast_arrays(
            *(v * (not METRICS[name].is_ratio) for name, v in zip(names, values, strict=True))
        ),
        axis=-1,
    )
    sizes = np.linalg.svd(rows, compute_uv=False)
    good = sizes[..., -1] > SINGULAR * sizes[..., 0]
    safe = np.where(good[..., None, None], rows, np.eye(4))
    found = np.linalg.solve(safe, right[..., None])[..., 0]
    slack = NEARLY * np.abs(found).max(axis=-1)
    good = good & (found.min(axis=-1) >= -slack)
    found = np.where(good[..., None], np.maximum(found, 0.0), np.nan)
    if found.ndim == 1:
        return Confusion(**dict(zip(CELLS, found.tolist(), strict=True)))
    return Confusion(**{c: found[..., i] for i, c in enumerate(CELLS)})


def independent(cells: Confusion, names: tuple[str, ...]) -> tuple[str, ...]:
    """Pick from these metrics the first four that say four different things about the cells.

    Returns
    -------
    tuple of str
        Fewer than four when there are no four such.

    Examples
    --------
    >>> cells = Confusion(tp=6.0, fp=2.0, fn=4.0, tn=88.0)
    >>> independent(cells, ("volume", "positives", "prevalence", "recall", "precision"))
    ('volume', 'positives', 'recall', 'precision')
    """
    chosen: tuple[str, ...] = ()
    for name in names:
        tried = (*chosen, name)
        rows = _rows(tried, tuple(np.asarray(value_of(n, cells), float) for n in tried))
        if np.isfinite(rows).all():
            sizes = np.linalg.svd(rows, compute_uv=False)
            if sizes[-1] > NEARLY * sizes[0]:
                chosen = tried
        if len(chosen) == len(CELLS):
            break
    return chosen
