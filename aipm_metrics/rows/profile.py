"""Everything a page shows of somebody's rows: from counts and two prices, no engine asked.

Axis letters: `t` thresholds, `g` groups, `m` amounts. Nothing here is
random.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.estimates import wilson
from aipm_metrics.models.amount_costs import (
    AmountCost,
    CostMatrix,
    cost_at_thresholds,
    elkan_threshold,
)
from aipm_metrics.models.curves import curves_of_rows
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.sample_splitting import cheapest_held_out
from aipm_metrics.models.threshold_evidence import threshold_evidence
from aipm_metrics.rows.profile_parts import Amounts, Group, RowsProfile, Spot, Verdict

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.rows.asked import Prices
    from aipm_metrics.rows.profile_counts import Counted, Exactly, Grouped

__all__ = ["profile", "starting_thresholds"]

ENOUGH = 50  # events, and others, below which a group's own best threshold is mostly luck
SPLITS, MANY = 10, 100_000  # splits into halves, up to so many distinct scores; 2 above
USUAL = 0.5  # the threshold a model has when nobody chose one


def starting_thresholds(counted: Counted, prices: Prices) -> tuple[float, float]:
    """Where A and B start: at one half, or as many flagged as there are events; at the lowest cost.

    A score that is no probability has no half; there A flags as many rows as there are events.
    """
    rows = counted.rows
    low, high = float(rows.thresholds[0]), float(rows.thresholds[-1])
    flagged = rows.tp + rows.fp
    as_many = float(rows.thresholds[(flagged >= rows.positives).nonzero()[0][-1]])
    half = low >= 0 and high <= 1
    best = _cheapest(counted, prices)
    return USUAL if half else as_many, best if np.isfinite(best) else high


def profile(
    counted: Counted, prices: Prices, a: float, b: float, exactly: Exactly | None = None
) -> RowsProfile:
    """Work out everything that is shown.

    Parameters
    ----------
    counted
        From `count_all`.
    prices
        What a miss and a false alarm cost.
    a, b : float, in the score's own units
        The two thresholds.
    exactly
        Counts at thresholds that were counted for themselves, if any.
    """
    rows = counted.rows
    best = _cheapest(counted, prices)
    spots = {
        name: _spot(name, at, counted, prices, exactly)
        for name, at in (("a", a), ("b", b), ("best", best))
    }
    curves = curves_of_rows(rows, None, (a, b, best))
    cells = curves.rates.confusion(rows.prevalence, rows.positives + rows.negatives)
    grouped = {by: _groups(groups, prices, b) for by, groups in counted.grouped.items()}
    columns = counted.columns
    return RowsProfile(
        name=counted.origin.name or "the sample",
        label=columns.label,
        event=columns.event,
        rows=rows.positives + rows.negatives,
        left_out=int(counted.counts.left_out.sum()),
        positives=rows.positives,
        negatives=rows.negatives,
        distinct=rows.thresholds.size,
        exact=counted.counts.exact,
        max_error=rows.max_error,
        span=counted.span,
        prevalence=wilson(rows.positives, rows.positives + rows.negatives),
        auc=counted.auc,
        prices=prices,
        **spots,
        verdict=_verdict(spots["a"], spots["b"], counted, prices, chosen=b == best),
        curves=curves,
        cost=prices.miss * cells.fn + prices.false_alarm * cells.fp,
        precision=np.asarray(cells.precision),
        calibration=counted.calibration,
        segment_column=columns.segment,
        version_column=columns.version,
        segments=grouped.get(columns.segment, ()),
        versions=grouped.get(columns.version, ()),
        months=() if counted.by_month is None else _groups(counted.by_month, prices, b),
        amounts=_amounts(counted, prices, curves.threshold, b),
        notes=counted.notes,
    )


def _cheapest(counted: Counted, prices: Prices) -> float:
    """Threshold of lowest cost, over every score counted; ``inf`` where that is to flag nothing."""
    rows = counted.rows
    cost = RateCost(
        per_miss=prices.miss * rows.positives, per_false=prices.false_alarm * rows.negatives
    )
    found = EmpiricalAxis(rows).cheapest(cost)
    return found.threshold if found is not None else float("inf")


def _spot(
    name: str, threshold: float, counted: Counted, prices: Prices, exactly: Exactly | None
) -> Spot:
    rows = counted.rows
    place = int(np.searchsorted(rows.thresholds, threshold))
    inside = place < rows.thresholds.size
    tp, fp = (int(rows.tp[place]), int(rows.fp[place])) if inside else (0, 0)
    unknown = 0.0
    # At the smallest score of a bin counts are exact; between two such scores some rows'
    # side is unknown, unless it was counted for itself.
    if rows.max_error and inside and rows.thresholds[place] != threshold:
        known = exactly is not None and threshold in exactly.thresholds
        if exactly is not None and known:
            at = int(np.flatnonzero(exactly.thresholds == threshold)[0])
            tp, fp = int(exactly.tp[at]), int(exactly.fp[at])
        elif place:
            unknown = float(
                max(
                    prices.miss * rows.positives_at[place - 1],
                    prices.false_alarm * rows.negatives_at[place - 1],
                )
            )
    n, fn = rows.positives + rows.negatives, rows.positives - tp
    cost = prices.miss * fn + prices.false_alarm * fp
    return Spot(
        name, threshold, tp, fp, fn, rows.negatives - fp, wilson(tp, rows.positives),
        wilson(fp, rows.negatives), wilson(tp, tp + fp), wilson(tp + fp, n), cost,
        cost / n, unknown,
    )  # fmt: skip


def _verdict(a: Spot, b: Spot, counted: Counted, prices: Prices, *, chosen: bool) -> Verdict:
    miss, false = prices.miss, prices.false_alarm
    told = threshold_evidence(
        a.tp, a.fp, b.tp, b.fp, a.tp + a.fn, a.fp + a.tn, cost_fn=miss, cost_fp=false
    )
    more_tp, more_fp = b.tp - a.tp, b.fp - a.fp
    chance_b, held_out, rows = 1 - float(told.chance), math.nan, counted.rows
    if chosen and told.status != "undefined":
        splits = SPLITS if rows.thresholds.size <= MANY else 2
        place = int(np.searchsorted(rows.thresholds, a.threshold))
        halves = cheapest_held_out(
            rows.positives_at, rows.negatives_at, place, cost_fn=miss, cost_fp=false,
            splits=splits,
        )  # fmt: skip
        chance_b = halves.chance
        held_out = halves.saving * (rows.positives + rows.negatives)
    return Verdict(
        saving=a.cost - b.cost,
        chance_b=chance_b,
        held_out=held_out,
        labels_needed=float(told.labels_needed),
        between=int(told.between_positives + told.between_negatives),
        break_even=float(told.break_even),
        status=str(told.status),
        # One flags more of both: the price of a miss at which what it finds pays for the rest.
        flip_miss=false * more_fp / more_tp if more_tp * more_fp > 0 else math.nan,
    )


def _groups(grouped: Grouped, prices: Prices, b: float) -> tuple[Group, ...]:
    """Tell every group apart at threshold B, and at its own cheapest one."""
    place = int(np.searchsorted(grouped.thresholds, b))
    return tuple(_group(grouped, g, place, prices) for g in range(len(grouped.names)))


def _group(grouped: Grouped, g: int, place: int, prices: Prices) -> Group:
    at_p, at_n = grouped.positives_at[g], grouped.negatives_at[g]
    positives, negatives = int(at_p.sum()), int(at_n.sum())
    tp, fp, n = int(at_p[place:].sum()), int(at_n[place:].sum()), positives + negatives
    cost = prices.miss * (positives - tp) + prices.false_alarm * fp
    own, saving = float("nan"), float("nan")
    if min(positives, negatives) >= ENOUGH:
        # What flagging everything at or above a score costs beside flagging nothing.
        extra = (prices.false_alarm * at_n - prices.miss * at_p)[::-1].cumsum()[::-1]
        cheapest = int(extra.argmin())
        lowest = min(float(extra[cheapest]), 0.0)
        own = float(grouped.thresholds[cheapest]) if extra[cheapest] < 0 else float("inf")
        saving = (cost - prices.miss * positives - lowest) / n
    return Group(
        grouped.names[g], n, int(grouped.left_out[g]), positives, wilson(positives, n),
        wilson(tp, positives), wilson(fp, negatives), wilson(tp, tp + fp), grouped.aucs.at(g),
        cost / n if n else float("nan"), own, saving,
    )  # fmt: skip


def _amounts(counted: Counted, prices: Prices, drawn: Floats, b: float) -> Amounts | None:
    """Price a miss at the row's own amount."""
    counts = counted.counts
    if counts.amount_positives_at is None or counts.amount_negatives_at is None:
        return None
    at_p, at_n = counts.positives_at.sum(0), counts.negatives_at.sum(0)
    of_p, of_n = counts.amount_positives_at.sum(0), counts.amount_negatives_at.sum(0)
    costs = CostMatrix(fn=AmountCost(share=1.0), fp=AmountCost(fixed=prices.false_alarm))
    every = np.append(counts.thresholds, np.inf)
    cost = np.asarray(cost_at_thresholds(at_p, at_n, of_p, of_n, costs))
    best = int(cost.argmin())
    shown = cost[np.searchsorted(counts.thresholds, drawn)]
    mean = float(of_p.sum() / at_p.sum())
    # Round amounts around the mean of an event: a tenth of it to a hundred times as much.
    middle = 10.0 ** round(math.log10(mean)) if mean > 0 else 1.0
    row_amounts = float(middle) * np.array([0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0])
    without = counts.without_amount
    return Amounts(
        drawn, shown, float(every[best]), float(cost[best]),
        float(cost[np.searchsorted(counts.thresholds, b)]), float(of_p.sum()), float(of_n.sum()),
        0 if without is None else int(without.sum()), row_amounts,
        np.asarray(elkan_threshold(row_amounts, costs)),
    )  # fmt: skip
