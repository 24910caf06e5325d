"""Every position a hand can give the threshold, and where each class scores.

For hands and pictures only; no decision is searched on these points. The operating points are
always among them, so that what is marked lies on the line and can be chosen. Axis letters: `t`
thresholds, `b` bins.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy.special import expit, logit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_metrics.models.confusion import Floats, Rates
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.reported_score import ReportedScore

__all__ = [
    "Curves",
    "Densities",
    "Spacing",
    "curves_of_rows",
    "curves_of_score",
    "place",
    "value_at",
]

Spacing = Literal["log-odds", "linear"]
POINTS = 1001
DRAWN = 241  # points of a line or a hill in a picture
REACH = 6.0  # sd from the middle of a hill to where its picture ends
BINS = 48
EDGE = 1e-6  # probabilities nearer to 0 or 1 than this are drawn at the edge


@dataclass(frozen=True, slots=True)
class Densities:
    """Where each class scores, per unit of the axis the threshold is drawn on.

    Attributes
    ----------
    at : (b,) floats
        Thresholds (for a curve) or bin centres (for rows).
    negatives, positives : (b,) floats
        Density of each class, each of area 1; ``nan`` where everybody has one score.
    binned
        Whether these are bins of rows rather than points of a curve.
    cut : (negatives, positives), (t,) floats each, or None
        Density at every threshold of the curves, where a picture is cut; None for bins, whose
        height is the bin's.
    """

    at: Floats
    negatives: Floats
    positives: Floats
    binned: bool
    cut: tuple[Floats, Floats] | None = None


@dataclass(frozen=True, slots=True)
class Curves:
    """Rates along the threshold, ready to be drawn.

    Attributes
    ----------
    spacing
        How the threshold axis is spaced.
    low, high : floats
        The limits of the threshold's slider.
    flags_all_at : float
        Threshold at and below which everything is flagged.
    threshold : (t,) floats, ascending
    rates : Rates, (t,) each
    densities
        Where each class scores.
    """

    spacing: Spacing
    low: float
    high: float
    flags_all_at: float
    threshold: Floats
    rates: Rates
    densities: Densities


def place(threshold: Floats | float, spacing: Spacing) -> Floats:
    """Place of a threshold on the axis it is drawn on: its log odds, or itself."""
    values = np.asarray(threshold, float)
    return np.asarray(logit(np.clip(values, EDGE, 1 - EDGE))) if spacing == "log-odds" else values


def value_at(places: Floats, spacing: Spacing) -> Floats:
    """Threshold at a place; the inverse of `place`."""
    return np.asarray(expit(places)) if spacing == "log-odds" else places


def curves_of_score(
    score: ReportedScore, low: float, high: float, chosen: float, also: Iterable[float]
) -> Curves:
    """Curves of a simulated score between two thresholds.

    Parameters
    ----------
    chosen
        Threshold that must be among the points, wherever it is.
    also
        Others that must be; those outside the limits are left out.
    """
    even = value_at(
        np.linspace(float(place(low, "log-odds")), float(place(high, "log-odds")), POINTS),
        "log-odds",
    )
    even[[0, -1]] = low, high  # log odds and back lose a digit
    threshold = _merged(even, chosen, also, low, high)
    # Spread over the hills themselves: those of a model that knows little are thin as needles.
    cutoffs = np.linspace(-REACH, float(score.model.separation) + REACH, DRAWN)
    at = np.unique(np.clip([low, *score.threshold_at(cutoffs), high], low, high))
    negatives, positives = score.densities(at)
    return Curves(
        "log-odds", low, high, 0.0, threshold, score.rates(threshold),
        Densities(at, negatives, positives, binned=False, cut=score.densities(threshold)),
    )  # fmt: skip


def curves_of_rows(rows: Empirical, chosen: float | None, also: Iterable[float]) -> Curves:
    """Curves of counted rows, at distinct scores evenly spread by share flagged.

    Parameters
    ----------
    chosen, also
        See `curves_of_score`.
    """
    scores = rows.thresholds
    low, high = float(scores[0]), float(scores[-1])
    spacing: Spacing = "log-odds" if low >= 0 and high <= 1 else "linear"
    ranks = np.linspace(0, scores.size - 1, POINTS // 2)
    flagged = rows.tp + rows.fp
    # From one row to all of them in equal factors: the tail that matters gets its points.
    shares = np.geomspace(1, flagged[0], POINTS // 2)
    by_share = flagged.size - np.searchsorted(flagged[::-1], shares, side="right")
    picked = np.unique(np.append(np.clip(by_share, 0, scores.size - 1), ranks.round().astype(int)))
    threshold = _merged(scores[picked], chosen, also, low, high)
    return Curves(spacing, low, high, low, threshold, rows.rates(threshold), _bins(rows, spacing))


def _bins(rows: Empirical, spacing: Spacing) -> Densities:
    places = place(rows.thresholds, spacing)
    # Scores too close together for that many bins get bins a float can still tell apart.
    least = max(1e-9, 1e-12 * abs(float(places[0])))
    edges = np.linspace(places[0], max(places[-1], places[0] + least), BINS + 1)
    width = edges[1] - edges[0]
    negatives, positives = (
        np.histogram(places, edges, weights=counts)[0] / counts.sum() / width
        for counts in (rows.negatives_at, rows.positives_at)
    )
    centres = value_at((edges[:-1] + edges[1:]) / 2, spacing)
    return Densities(centres, negatives, positives, binned=True)


def _merged(
    points: Floats, chosen: float | None, also: Iterable[float], low: float, high: float
) -> Floats:
    extra = [t for t in also if low <= t <= high] + ([] if chosen is None else [chosen])
    return np.unique(np.append(points, extra))
