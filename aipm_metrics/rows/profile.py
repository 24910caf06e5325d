"""Everything a page shows of somebody's rows: from counts and two prices, no engine asked.

Axis letters: `t` thresholds, `g` groups, `m` amounts. Nothing here is
random.

Long because every number of one page is made here, from the same counts.
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
from aipm_metrics.models.cost_intervals import cost_per_row
from aipm_metrics.models.curves import curves_of_rows
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.sample_splitting import cheapest_held_out
from aipm_metrics.models.shortest_decimals import plainest_threshold
from aipm_metrics.models.threshold_evidence import threshold_evidence
from aipm_metrics.rows.profile_bounds import (
    auc_unknown,
    cheaper_inside,
    cut_bin,
    of_flagged,
    spread,
    widened,
)
from aipm_metrics.rows.profile_counts import Grouped
from aipm_metrics.rows.profile_parts import Amounts, Bounds, Group, RowsProfile, Rule, Spot, Verdict

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.rows.asked import Prices
    from aipm_metrics.rows.own_thresholds import RuleCounts
    from aipm_metrics.rows.profile_counts import Counted
    from aipm_metrics.rows.profile_exactly import Exactly

__all__ = ["profile", "starting_thresholds"]

ENOUGH = 50  # events, and others, below which a group's own best threshold is mostly luck
SPLITS, MANY = 10, 100_000  # splits into halves, up to so many distinct scores; 2 above
TOO_LARGE = "Amounts are too large to add up, so no costs by amount are shown."
LARGEST = 300  # power of ten of the amounts that thresholds are told for
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
    return (
        USUAL if half else _plainest(counted, as_many),
        best if np.isfinite(best) else _plainest(counted, high),
    )


def profile(
    counted: Counted, prices: Prices, a: float, b: float, exactly: Exactly | None = None,
    rule: RuleCounts | None = None,
) -> RowsProfile:  # fmt: skip
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
    rule
        A threshold per row, judged at these prices; by default as it was when rows were counted.
    """
    rows = counted.rows
    best = _cheapest(counted, prices)
    if exactly is not None and exactly.fingerprint != rows.fingerprint:
        exactly = None  # of rows as they were before they were counted again
    spots = {
        name: _spot(name, at, counted, prices, exactly)
        for name, at in (("a", a), ("b", b), ("best", best))
    }
    curves = curves_of_rows(rows, None, (a, b, best))
    cells = curves.rates.confusion(rows.prevalence, rows.positives + rows.negatives)
    every = [
        _groups(grouped, prices, b, exactly, i) for i, grouped in enumerate(counted.every_group)
    ]
    grouped = dict(zip(counted.counts.by, every, strict=False))
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
        auc=widened(counted.auc, _auc_unknown(counted)),
        prices=prices,
        **spots,
        verdict=_verdict(
            spots["a"], spots["b"], counted, prices, chosen=_alike(spots["b"], spots["best"])
        ),
        curves=curves,
        cost=prices.miss * cells.fn + prices.false_alarm * cells.fp,
        precision=np.asarray(cells.precision),
        calibration=counted.calibration,
        segment_column=columns.segment,
        version_column=columns.version,
        segments=grouped.get(columns.segment, ()),
        versions=grouped.get(columns.version, ()),
        months=() if counted.by_month is None else every[-1],
        amounts=_amounts(counted, prices, curves.threshold, b, rule or counted.rule),
        notes=counted.notes + (() if counted.amounts_add_up else (TOO_LARGE,)),
        bounds=_bounds(counted, prices, b),
    )


def _cheapest(counted: Counted, prices: Prices) -> float:
    """Threshold of lowest cost, over every score counted; ``inf`` where that is to flag nothing."""
    rows = counted.rows
    cost = RateCost(
        per_miss=prices.miss * rows.positives, per_false=prices.false_alarm * rows.negatives
    )
    found = EmpiricalAxis(rows).cheapest(cost)
    return _plainest(counted, found.threshold) if found is not None else float("inf")


def _plainest(counted: Counted | Grouped, threshold: float) -> float:
    """Write a threshold that was counted at with as few digits as flag the very same rows.

    Below it must lie a single score: within a bin, nobody knows which rows a lower one flags.
    """
    at, single = (
        (counted.thresholds, counted.single) if isinstance(counted, Grouped)
        else (counted.counts.thresholds, counted.counts.single)
    )  # fmt: skip
    place = int(np.searchsorted(at, threshold))
    if place == at.size or (place and not single[place - 1]):
        return threshold
    return plainest_threshold(at, place)


def _spot(
    name: str, threshold: float, counted: Counted, prices: Prices, exactly: Exactly | None
) -> Spot:
    rows = counted.rows
    place = int(np.searchsorted(rows.thresholds, threshold))
    inside = place < rows.thresholds.size
    tp, fp = (int(rows.tp[place]), int(rows.fp[place])) if inside else (0, 0)
    more_tp, more_fp, counted_at = 0, 0, threshold
    # At the smallest score of a bin counts are exact; between two such scores some rows'
    # side is unknown, unless it was counted for itself.
    known = None if exactly is None else exactly.place(threshold)
    parted = cut_bin(rows.thresholds, counted.single, threshold)
    if exactly is not None and known is not None:
        tp, fp = int(exactly.tp[known]), int(exactly.fp[known])
    elif parted is not None:
        more_tp, more_fp = int(rows.positives_at[parted]), int(rows.negatives_at[parted])
        counted_at = float(rows.thresholds[place]) if inside else math.inf
    n, fn = rows.positives + rows.negatives, rows.positives - tp
    cost = prices.miss * fn + prices.false_alarm * fp
    return Spot(
        name, threshold, tp, fp, fn, rows.negatives - fp, spread(tp, rows.positives, more_tp),
        spread(fp, rows.negatives, more_fp), of_flagged(tp, fp, more_tp, more_fp),
        spread(tp + fp, n, more_tp + more_fp), cost, cost / n,
        max(prices.miss * more_tp, prices.false_alarm * more_fp), counted_at, more_tp, more_fp,
    )  # fmt: skip


def _alike(one: Spot, other: Spot) -> bool:
    """Whether two thresholds flag the very same rows."""
    return (one.tp, one.fp, one.unknown) == (other.tp, other.fp, 0)


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
        unknown=a.unknown + b.unknown,
    )


def _groups(
    grouped: Grouped, prices: Prices, b: float, exactly: Exactly | None, which: int
) -> tuple[Group, ...]:
    """Tell every group apart at threshold B, and at its own cheapest one."""
    place = int(np.searchsorted(grouped.thresholds, b))
    parted = cut_bin(grouped.thresholds, grouped.single, b)
    known = None if exactly is None else exactly.place(b)
    told = []
    for g in range(len(grouped.names)):
        at_p, at_n = grouped.positives_at[g], grouped.negatives_at[g]
        at = [int(at_p[place:].sum()), int(at_n[place:].sum()), 0, 0]
        if exactly is not None and known is not None:
            tp, fp = exactly.groups[which]
            at[:2] = int(tp[g, known]), int(fp[g, known])
        elif parted is not None:
            at[2:] = int(at_p[parted]), int(at_n[parted])
        told.append(_group(grouped, g, at, prices))
    return tuple(told)


def _group(grouped: Grouped, g: int, at: list[int], prices: Prices) -> Group:
    at_p, at_n = grouped.positives_at[g], grouped.negatives_at[g]
    positives, negatives = int(at_p.sum()), int(at_n.sum())
    tp, fp, more_tp, more_fp = at
    n, nothing = positives + negatives, prices.miss * positives
    cost = prices.miss * (positives - tp) + prices.false_alarm * fp
    unknown = max(prices.miss * more_tp, prices.false_alarm * more_fp)
    own, saving, own_unknown = float("nan"), float("nan"), 0.0
    if min(positives, negatives) >= ENOUGH:
        # What flagging everything at or above a score costs beside flagging nothing.
        alarms = prices.false_alarm * at_n
        extra = np.append((alarms - prices.miss * at_p)[::-1].cumsum()[::-1], 0.0)
        cheapest = extra.size - 1 if extra.min() >= 0 else int(extra.argmin())
        pays = cheapest < grouped.thresholds.size
        own = _plainest(grouped, float(grouped.thresholds[cheapest])) if pays else math.inf
        saving = (cost - nothing - float(extra[cheapest])) / n
        own_unknown = (unknown + cheaper_inside(extra, alarms, grouped.single)) / n
    pairs = auc_unknown(at_p, at_n, grouped.single)
    return Group(
        grouped.names[g], n, int(grouped.left_out[g]), positives, wilson(positives, n),
        spread(tp, positives, more_tp), spread(fp, negatives, more_fp),
        of_flagged(tp, fp, more_tp, more_fp), widened(grouped.aucs.at(g), pairs),
        cost_per_row(positives - tp, fp, n, cost_fn=prices.miss, cost_fp=prices.false_alarm),
        own, saving, more_tp, more_fp,
        unknown / n if n else 0.0, own_unknown, pairs,
    )  # fmt: skip


def _auc_unknown(counted: Counted) -> float:
    rows = counted.rows
    return auc_unknown(rows.positives_at, rows.negatives_at, counted.single)


def _bounds(counted: Counted, prices: Prices, b: float) -> Bounds:
    """Say how far what is shown may be off where scores were binned."""
    if counted.counts.exact:
        return Bounds()
    rows, single = counted.rows, counted.single
    alarms = prices.false_alarm * rows.negatives_at
    missed = prices.miss * (rows.positives - np.append(rows.tp, 0))
    cheaper = cheaper_inside(missed + np.append(prices.false_alarm * rows.fp, 0.0), alarms, single)
    counts = counted.counts
    if (
        counts.amount_positives_at is None
        or counts.amount_negatives_at is None
        or not counted.amounts_add_up
    ):
        return Bounds(_auc_unknown(counted), cheaper)
    at_p, at_n, of_p = (
        at.sum(0) for at in (counts.positives_at, counts.negatives_at, counts.amount_positives_at)
    )
    costs = CostMatrix(fn=AmountCost(share=1.0), fp=AmountCost(fixed=prices.false_alarm))
    of_n = counts.amount_negatives_at.sum(0)
    cost = np.asarray(cost_at_thresholds(at_p, at_n, of_p, of_n, costs))
    parted = cut_bin(counts.thresholds, counts.single, b)
    alarms = prices.false_alarm * at_n
    return Bounds(
        _auc_unknown(counted), cheaper,
        0.0 if parted is None else float(max(of_p[parted], alarms[parted])),
        cheaper_inside(cost, alarms, counts.single),
    )  # fmt: skip


def _amounts(
    counted: Counted, prices: Prices, drawn: Floats, b: float, rule: RuleCounts | None
) -> Amounts | None:
    """Price a miss at the row's own amount."""
    counts = counted.counts
    if counts.amount_positives_at is None or counts.amount_negatives_at is None:
        return None
    if not counted.amounts_add_up:
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
    middle = 10.0 ** min(round(math.log10(mean)), LARGEST) if mean > 0 else 1.0
    row_amounts = float(middle) * np.array([0.01, 0.1, 0.3, 1.0, 3.0, 10.0, 100.0])
    without = counts.without_amount
    judged = None
    if rule is not None and rule.false_alarm == prices.false_alarm:
        judged = Rule(rule.tp, rule.fp, rule.cost, float(cost[best]) - rule.cost)
    return Amounts(
        drawn, shown, _plainest(counted, float(every[best])), float(cost[best]),
        float(cost[np.searchsorted(counts.thresholds, b)]), float(of_p.sum()), float(of_n.sum()),
        0 if without is None else int(without.sum()), row_amounts,
        np.asarray(elkan_threshold(row_amounts, costs)), judged,
    )  # fmt: skip
