"""Rates read off scored, labelled rows, exactly, at every distinct score.

Only class-conditional counts are kept: how many positives and how many negatives have each
distinct score. Whatever threshold is asked for afterwards is answered from those counts by a
binary search; the rows are never sorted again. Axis letters: `n` rows, `t` distinct scores.

Fawcett (2006), "An introduction to ROC analysis", Pattern Recognition Letters 27, algorithm 1
(one pass over sorted scores, ties moved through together).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from aipm_metrics.errors import RowsError
from aipm_metrics.models.confusion import Floats, Rates

__all__ = ["Empirical"]

Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Empirical:
    """Class-conditional counts at every distinct score.

    Attributes
    ----------
    thresholds : (t,) floats, ascending, in the score's own units
        Every distinct score.
    positives_at, negatives_at : (t,) integers
        Rows of each class with exactly that score; where scores were binned, with a score from
        this threshold up to the next.
    max_error : float
        Largest share of a class whose side of a threshold between two of `thresholds` is
        unknown; 0 where every distinct score was counted. At `thresholds` themselves rates are
        always exact.

    Examples
    --------
    >>> rows = Empirical.from_rows([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1])
    >>> rows.thresholds.tolist()
    [0.1, 0.35, 0.4, 0.8]
    >>> float(rows.rates(0.4).tpr), float(rows.rates(0.4).fpr)
    (0.5, 0.5)
    """

    thresholds: Floats
    positives_at: Counts
    negatives_at: Counts
    tp: Counts  # (t,) positives at or above each threshold
    fp: Counts  # (t,) negatives at or above each threshold
    max_error: float = 0.0

    @classmethod
    def from_counts(
        cls,
        thresholds: ArrayLike,
        positives: ArrayLike,
        negatives: ArrayLike,
        max_error: float = 0.0,
    ) -> Self:
        """Build from counts per distinct score.

        Parameters
        ----------
        thresholds : (t,) floats, strictly ascending and finite
        positives, negatives : (t,) integers, not negative
        max_error : float
            See the class; 0 where `thresholds` are all the scores there are.

        Raises
        ------
        RowsError
            When scores are not finite and ascending, or a class is empty.
        """
        scores = np.asarray(thresholds, np.float64)
        at_pos, at_neg = np.asarray(positives, np.int64), np.asarray(negatives, np.int64)
        if not np.isfinite(scores).all() or not (scores[1:] > scores[:-1]).all():
            raise RowsError("Distinct scores must be finite and ascending.")
        tp, fp = at_pos[::-1].cumsum()[::-1], at_neg[::-1].cumsum()[::-1]
        if not scores.size or not tp[0] or not fp[0]:
            held = "no rows" if not scores.size else "only one of the two label values"
            raise RowsError(f"Both positive and negative rows are needed; there are {held}.")
        return cls(scores, at_pos, at_neg, tp, fp, float(max_error))

    @classmethod
    def from_rows(cls, score: ArrayLike, label: ArrayLike) -> Self:
        """Count rows by score and class.

        Parameters
        ----------
        score : (n,) finite floats
        label : (n,) of 0 and 1
            1 is the positive class.

        Raises
        ------
        RowsError
            When lengths differ, a score is not finite, a label is neither 0 nor 1, or one
            class is missing.
        """
        scores = np.asarray(score, np.float64).ravel()
        labels = np.asarray(label).ravel()
        if scores.size != labels.size:
            raise RowsError(f"{scores.size} scores but {labels.size} labels.")
        if not np.isfinite(scores).all():
            odd = int((~np.isfinite(scores)).sum())
            raise RowsError(f"`score` must be finite; {odd} of {scores.size} are not.")
        positive = labels == 1
        if not (positive | (labels == 0)).all():
            raise RowsError("`label` must be 0 or 1 in every row.")
        ordered = np.sort(scores) + 0.0  # adding 0 turns -0.0 into 0.0: one score, not two
        first = np.ones(ordered.size, bool)
        first[1:] = ordered[1:] != ordered[:-1]
        starts = np.flatnonzero(first)
        thresholds = ordered[starts]
        at_all = np.diff(starts, append=ordered.size)
        # Only the rarer class is looked up: the other is what remains.
        rare_is_positive = 2 * int(positive.sum()) <= labels.size
        rare = np.sort(scores[positive if rare_is_positive else ~positive])
        at_rare = np.bincount(np.searchsorted(thresholds, rare), minlength=thresholds.size)
        pair = (at_rare, at_all - at_rare) if rare_is_positive else (at_all - at_rare, at_rare)
        return cls.from_counts(thresholds, *pair)

    @property
    def positives(self) -> int:
        """Positive rows."""
        return int(self.tp[0])

    @property
    def negatives(self) -> int:
        """Negative rows."""
        return int(self.fp[0])

    @property
    def prevalence(self) -> float:
        """Share of rows that are positive."""
        return self.positives / (self.positives + self.negatives)

    @property
    def auc(self) -> float:
        """Chance that a random positive outscores a random negative, ties counted half.

        Mann & Whitney (1947); Hanley & McNeil (1982), Radiology 143, 29-36.

        Examples
        --------
        >>> Empirical.from_rows([0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]).auc
        0.75
        """
        below = self.negatives - self.fp
        won = self.positives_at * (below + self.negatives_at / 2)
        return float(won.sum() / (self.positives * self.negatives))

    def mean(self, prevalence: float) -> float:
        """Mean score where the share `prevalence` is positive; ``nan`` outside [0, 1].

        Scores that are not probabilities have no mean worth comparing with a prevalence.
        """
        if self.thresholds[0] < 0 or self.thresholds[-1] > 1:
            return float("nan")
        positive = self.thresholds @ self.positives_at / self.positives
        negative = self.thresholds @ self.negatives_at / self.negatives
        return float(prevalence * positive + (1 - prevalence) * negative)

    @cached_property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal characters that stand for these counts, and for no row."""
        digest = hashlib.sha256()
        for array in (self.thresholds, self.positives_at, self.negatives_at):
            digest.update(array.astype(array.dtype.newbyteorder("<")).tobytes())
        if self.max_error:  # other numbers are said of binned counts than of exact ones
            digest.update(np.array(self.max_error, "<f8").tobytes())
        return digest.hexdigest()[:16]

    def rates(self, threshold: ArrayLike) -> Rates:
        """Share of each class with ``score >= threshold``.

        Parameters
        ----------
        threshold : (t,) floats, in the score's own units
            Need not be a score that occurs; ``inf`` flags nothing.
        """
        return Rates(
            tpr=self._at_or_above(self.tp, threshold) / self.positives,
            fpr=self._at_or_above(self.fp, threshold) / self.negatives,
        )

    def _at_or_above(self, cumulated: Counts, threshold: ArrayLike) -> Any:
        place = np.searchsorted(self.thresholds, np.asarray(threshold, np.float64))
        inside = place < self.thresholds.size
        return np.where(inside, cumulated[np.minimum(place, self.thresholds.size - 1)], 0)[()]
