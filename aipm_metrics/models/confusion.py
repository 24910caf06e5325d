"""The four cells of a binary decision, and every ratio that is read from them.

Positive is the event the model looks for; a case is flagged when ``score >= threshold``.
Names follow scikit-learn: ``recall`` and ``tpr`` are one number. A ratio whose denominator
is empty is ``nan``, never 0. Axis letter: `t` thresholds. Nothing here is random.

Fawcett (2006), "An introduction to ROC analysis", Pattern Recognition Letters 27, sec. 2;
Matthews (1975), Biochimica et Biophysica Acta 405, 442-451, for the correlation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Confusion", "Floats", "Rates"]

Floats = NDArray[np.float64]


def _ratio(part: Any, whole: Any) -> Any:
    """Divide, with ``nan`` where the whole is empty; scalars stay scalars."""
    part, whole = np.asarray(part, float), np.asarray(whole, float)
    shape = np.broadcast_shapes(part.shape, whole.shape)
    out = np.divide(part, whole, out=np.full(shape, np.nan), where=whole != 0)
    return out if out.ndim else float(out)


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares of each class that are flagged, free of prevalence.

    Attributes
    ----------
    tpr, fpr : (t,) floats or scalars, 0 to 1
        Share of positives, and of negatives, at or above the threshold.
    fnr, tnr : (t,) floats or scalars, 0 to 1
        Share of each class below it: ``1 - tpr`` and ``1 - fpr``, unless given with more
        digits than that difference keeps.
    """

    tpr: Any
    fpr: Any
    fnr: Any = None
    tnr: Any = None

    def __post_init__(self) -> None:
        for rest, rate in (("fnr", self.tpr), ("tnr", self.fpr)):
            if getattr(self, rest) is None:
                object.__setattr__(self, rest, np.subtract(1.0, rate))

    def confusion(self, prevalence: ArrayLike, total: ArrayLike = 1.0) -> Confusion:
        """Cells among `total` cases of which the share `prevalence` is positive.

        Examples
        --------
        Of 1,000 women 1 % are ill; 90 % of the ill and 9 % of the others test positive:

        >>> cells = Rates(tpr=0.9, fpr=0.09).confusion(0.01, 1000)
        >>> [round(float(x), 6) for x in (cells.tp, cells.fp, cells.precision)]
        [9.0, 89.1, 0.091743]
        """
        positives = np.multiply(total, prevalence)
        negatives = np.subtract(total, positives)
        return Confusion(
            tp=positives * self.tpr,
            fp=negatives * self.fpr,
            fn=positives * self.fnr,
            tn=negatives * self.tnr,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """Counts of the four cells; scalars or arrays of one shape.

    Attributes
    ----------
    tp, fp, fn, tn : (t,) floats or scalars, cases
        Caught, wronged, missed and left alone.

    Examples
    --------
    >>> cells = Confusion(tp=6, fp=2, fn=4, tn=88)
    >>> cells.precision, cells.recall, cells.accuracy
    (0.75, 0.6, 0.94)
    >>> Confusion(tp=0, fp=0, fn=1, tn=9).precision
    nan
    """

    tp: Any
    fp: Any
    fn: Any
    tn: Any

    @property
    def total(self) -> Any:
        """All cases."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def flagged(self) -> Any:
        """Cases at or above the threshold, ``tp + fp``."""
        return self.tp + self.fp

    @property
    def precision(self) -> Any:
        """``tp / (tp + fp)``; ``nan`` when nothing is flagged."""
        return _ratio(self.tp, self.flagged)

    @property
    def recall(self) -> Any:
        """``tp / (tp + fn)``; ``nan`` without positives."""
        return _ratio(self.tp, self.tp + self.fn)

    @property
    def specificity(self) -> Any:
        """``tn / (tn + fp)``; ``nan`` without negatives."""
        return _ratio(self.tn, self.tn + self.fp)

    @property
    def npv(self) -> Any:
        """``tn / (tn + fn)``; ``nan`` when everything is flagged."""
        return _ratio(self.tn, self.tn + self.fn)

    @property
    def accuracy(self) -> Any:
        """``(tp + tn) / total``."""
        return _ratio(self.tp + self.tn, self.total)

    @property
    def f1(self) -> Any:
        """``2 tp / (2 tp + fp + fn)``; ``nan`` when no case is positive or flagged."""
        return _ratio(2 * self.tp, 2 * self.tp + self.fp + self.fn)

    @property
    def mcc(self) -> Any:
        """Correlation of flag and truth, -1 to 1; ``nan`` when a row or column is empty.

        ``(tp tn - fp fn) / sqrt((tp+fp) (tp+fn) (tn+fp) (tn+fn))``, with the product
        under the root split in two so that large counts do not overflow.
        """
        tp, fp, fn, tn = (np.asarray(x, float) for x in (self.tp, self.fp, self.fn, self.tn))
        root = np.sqrt((tp + fp) * (tp + fn)) * np.sqrt((tn + fp) * (tn + fn))
        return _ratio(tp * tn - fp * fn, root)
