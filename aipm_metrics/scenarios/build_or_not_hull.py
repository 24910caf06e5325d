"""The ways of Build or not in ROC space, and what mixtures of them could do.

Items sent the one way at random and the rest the other reach every point of the line between the
two (Provost & Fawcett 2001, "Robust classification for imprecise environments", Machine Learning
42, 203-231). Axis letters: `x` points of a curve.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import ConvexHull
from scipy.special import ndtr

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.confusion import Rates
from aipm_metrics.scenarios.build_or_not_plan import model_rates

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs, Option
    from aipm_metrics.scenarios.build_or_not_plan import Way

__all__ = ["Hull", "hull_of"]

POINTS, REACH = 601, 6.0  # of the model's curve, sd beyond either mean
CLOSE = 1e-9  # of a share
EVERYTHING = np.array([[1.0, 1.0]])  # flagged


@dataclass(frozen=True, slots=True)
class Hull:
    """Every way when it is new, and the upper hull of everything.

    Attributes
    ----------
    points : dict of str to (float, float)
        Shares of negatives and of positives flagged, by way.
    curve : Rates, (x,) each
        What the model could do at other cutoffs.
    fpr, tpr : (x,) floats
        Corners of the hull, from flagging nothing to flagging everything.
    below : tuple of str
        Ways that lie below the hull of the others; the model where all of its curve does.
    """

    points: dict[Option, tuple[float, float]]
    curve: Rates
    fpr: Floats
    tpr: Floats
    below: tuple[Option, ...]


def hull_of(s: BuildOrNotKnobs, ways: dict[Option, Way]) -> Hull:
    """Draw the hull of doing nothing, rules, people, the model and flagging everything."""
    separation = float(Binormal.from_auc(s.auc).separation)
    new, people = model_rates(s, np.zeros(1)), ways["people"]
    curve = _curve(separation)
    points: dict[Option, tuple[float, float]] = {
        "nothing": (0.0, 0.0),
        "rules": (s.rules_fpr, s.rules_tpr),
        "people": (float(people.fpr[0]), float(people.tpr[0])),
        "a model": (float(new.fpr[0]), float(new.tpr[0])),
    }
    sets = {option: np.array([point]) for option, point in points.items()}
    sets["a model"] = np.column_stack([curve.fpr, curve.tpr])
    below = tuple(option for option in points if _outdone(sets, option))
    x, y = _upper(np.vstack([*sets.values(), EVERYTHING]))
    return Hull(points, curve, x, y, below)


def _curve(separation: float) -> Rates:
    """Rates of a new model at cutoffs evenly spaced in sd, so that rare alarms have theirs."""
    cutoffs = np.linspace(separation + REACH, -REACH, POINTS)
    cutoffs[[0, -1]] = np.inf, -np.inf
    return Rates(ndtr(separation - cutoffs), ndtr(-cutoffs))


def _outdone(sets: dict[Option, Floats], option: Option) -> bool:
    """Whether all points of a way lie on or below the hull of the others, and some below."""
    rest = [points for name, points in sets.items() if name != option]
    x, y = _upper(np.vstack([*rest, [[0.0, 0.0]], EVERYTHING]))
    over = np.interp(sets[option][:, 0], x, y) - sets[option][:, 1]
    return bool((over > -CLOSE).all() and (over > CLOSE).any())


def _upper(points: Floats) -> tuple[Floats, Floats]:
    """Corners of the upper hull, from left to right."""
    # A point below everything makes the hull an area even where all points are on one line.
    around = np.vstack([points, [[1.0, -1.0], [0.0, -1.0]]])
    corners = around[ConvexHull(around).vertices]
    corners = corners[corners[:, 1] >= 0]
    order = np.lexsort((corners[:, 1], corners[:, 0]))
    return corners[order, 0], corners[order, 1]
