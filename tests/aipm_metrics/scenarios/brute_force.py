"""An independent answer to the moderation question, from the issue's wording and scipy alone.

Nothing of `aipm_metrics` is imported. Cutoffs are on the latent scale, in sd: 20,001 of them,
then every dip that could hold the minimum is narrowed down between its neighbours.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr, ndtri

Floats = NDArray[np.float64]
Knobs = dict[str, Any]
Curve = Callable[[Any], Any]
GRID = 20_001
REACH = 12.0


def separation(k: Knobs) -> float:
    return float(np.sqrt(2) * ndtri(k["auc"]))


def log_odds(p: float) -> float:
    return float(np.log(p) - np.log1p(-p))


def cutoff_of(k: Knobs, threshold: float) -> float:
    """Solve logit t = (logit b + d x - d^2/2) / T for x."""
    d = separation(k)
    believed = k["prevalence"] if k["calibration"] == "today's mix" else k["trained_prevalence"]
    asked = k["temperature"] * log_odds(threshold) - log_odds(believed)
    if d == 0:
        return -np.inf if asked <= 0 else np.inf
    return float(asked / d + d / 2)


class Cells(NamedTuple):
    """Posts a month; each from its own tail of the bell, so that few posts keep their digits."""

    fn: Any
    fp: Any
    tp: Any


def cells_at(k: Knobs, x: Any) -> Cells:
    d, positives = separation(k), k["items_per_month"] * k["prevalence"]
    negatives = k["items_per_month"] * (1 - k["prevalence"])
    return Cells(positives * ndtr(x - d), negatives * ndtr(-x), positives * ndtr(d - x))


def seen(k: Knobs, cells: Cells) -> Any:
    """Harmful posts in full view: the missed ones, and by their share of views the late ones."""
    share = 1 - 0.5 ** (k["decision_delay"] / k["views_half_life"])
    return cells.fn + cells.tp * share


def hours(k: Knobs, cells: Cells) -> Any:
    appeals = cells.fp * k["appeal_share"] * k["minutes_per_appeal"]
    return (appeals + seen(k, cells) * k["reports_per_missed"] * k["minutes_per_report"]) / 60


def authors_leaving(k: Knobs, fp: Any) -> Any:
    harmless = k["items_per_month"] * (1 - k["prevalence"])
    # 1 - (1 - q)**n, written so that a tiny q keeps its digits.
    with np.errstate(divide="ignore"):
        q = k["leave_after_wrongful"] * np.minimum(fp / harmless, 1)
        share = -np.expm1(k["items_per_author"] * np.log1p(-q))
    return harmless / k["items_per_author"] * share


def cost(k: Knobs, cells: Cells) -> Any:
    """USD a month."""
    viewers = seen(k, cells) * k["views_per_missed"] * k["leave_after_harm"]
    return (
        k["items_per_month"] / 1000 * k["model_price"]
        + seen(k, cells) * k["harm_per_missed"]
        + viewers * k["value_per_viewer"]
        + authors_leaving(k, cells.fp) * k["value_per_author"]
        + hours(k, cells) * k["reviewer_wage"]
    )


def minus_f1(_: Knobs, cells: Cells) -> Any:
    return -2 * cells.tp / (2 * cells.tp + cells.fn + cells.fp)


def spare_hours(k: Knobs, cells: Cells) -> Any:
    return k["desk_hours"] - hours(k, cells)


def spare_recall(k: Knobs, cells: Cells) -> Any:
    return (1 - k["recall_floor"]) * k["items_per_month"] * k["prevalence"] - cells.fn


@dataclass
class Lowest:
    """Lowest value on the grid, and narrowed down; ``inf`` where nothing is allowed."""

    on_grid: float
    refined: float


class Grid:
    """Every cutoff tried for one scenario, and the posts missed and wronged at each."""

    def __init__(self, k: Knobs) -> None:
        d = separation(k)
        inside = np.linspace(-REACH, d + REACH, GRID) if d > 0 else np.array([])
        self.k, self.d = k, d
        self.x = np.concatenate([[-np.inf], inside, [np.inf]])
        self.cells = cells_at(k, self.x)

    def lowest(self, price: Callable[..., Any], slack: Callable[..., Any] | None = None) -> Lowest:
        """Lowest `price` among the cutoffs whose `slack` is at least 0."""
        values = price(self.k, self.cells)

        def price_at(x: Any) -> Any:
            return price(self.k, cells_at(self.k, x))

        if slack is None:
            best = float(values.min())
            return Lowest(best, min([best, *price_at(self._dips(price_at, values))]))

        def slack_at(x: Any) -> Any:
            return slack(self.k, cells_at(self.k, x))

        spare = slack(self.k, self.cells)
        extra = self._dips(lambda x: -slack_at(x), -spare)  # an interval narrower than a cell
        extra = np.append(extra, self._dips(price_at, np.where(spare >= 0, values, np.inf)))
        x, room = np.append(self.x, extra), np.append(spare, slack_at(extra))
        order = np.argsort(x)
        x, room = x[order], room[order]
        crossings = np.flatnonzero((room[:-1] < 0) != (room[1:] < 0))
        edges = [_edge(slack_at, x[i], x[i + 1]) for i in crossings]
        allowed = np.append(x[room >= 0], edges)
        on_grid = values[spare >= 0]
        return Lowest(
            float(on_grid.min()) if on_grid.size else np.inf,
            float(price_at(allowed).min()) if allowed.size else np.inf,
        )

    def _dips(self, f: Curve, values: Floats) -> Floats:
        """Cutoff at the bottom of the six lowest dips within 2 % of the lowest value."""
        best = values.min()
        low = values[2:-2] <= best + 0.02 * abs(best)
        low &= (values[2:-2] <= values[1:-3]) & (values[2:-2] < values[3:-1])
        found = np.flatnonzero(low) + 2  # six, because a flat tail has a dip for every rounding
        return np.array(
            [
                minimize_scalar(
                    f, bounds=(self.x[i - 1], self.x[i + 1]), options={"xatol": 1e-12}
                ).x
                for i in found[np.argsort(values[found])][:6]
            ]
        )

    def interior_minima(self) -> list[int]:
        """Grid places where the cost turns from falling to rising, the ends aside."""
        values = cost(self.k, self.cells)
        steps = np.diff(values[1:-1])
        clear = np.flatnonzero(np.abs(steps) > 1e-12 * np.abs(values).max())
        falling = steps[clear] < 0
        return [int(clear[i]) + 2 for i in np.flatnonzero(falling[:-1] & ~falling[1:])]


def _edge(slack: Curve, left: float, right: float) -> float:
    """Last cutoff still allowed between one that is and one that is not."""
    inside = left if slack(left) >= 0 else right
    if np.isinf(left) or np.isinf(right):
        return inside
    root = float(brentq(slack, left, right, xtol=1e-15, rtol=1e-15))
    for _ in range(50):
        if slack(root) >= 0:
            return root
        root += float(np.copysign(1e-15, inside - root))
    return inside
