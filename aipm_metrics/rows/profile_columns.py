"""A profile's tables as raw numbers, for files: what the screen says in words.

Every share has columns of its own for the ends of its interval. What is not defined is ``nan``,
an empty cell; a threshold that flags nothing is ``inf``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.estimates import Estimate
    from aipm_metrics.rows.profile_parts import Group, RowsProfile

__all__ = ["all_columns"]

Table: TypeAlias = "dict[str, list[Any]]"
SHARES = ("recall", "fpr", "precision", "flagged")
GROUP_SHARES = ("prevalence", "recall", "fpr", "precision", "auc")


def all_columns(p: RowsProfile) -> dict[str, Table]:
    """List every table there is, by name: columns of numbers, one line each.

    Returns
    -------
    dict of dict of list
        "thresholds", and where there are such: "segments", "versions", "months",
        "calibration" and "amounts".
    """
    groups = {"segments": p.segments, "versions": p.versions, "months": p.months}
    found = {"thresholds": _spots(p)}
    found |= {name: _groups(name[:-1], every) for name, every in groups.items() if every}
    if p.calibration is not None:
        found["calibration"] = _calibration(p)
    if p.amounts is not None and p.calibration is not None:
        found["amounts"] = {
            "amount": p.amounts.row_amounts.tolist(),
            "threshold": p.amounts.row_thresholds.tolist(),
        }
    return found


def _ends(name: str, estimates: Sequence[Estimate]) -> Table:
    return {
        name: [e.value for e in estimates],
        f"{name}_low": [e.low for e in estimates],
        f"{name}_high": [e.high for e in estimates],
    }


def _spots(p: RowsProfile) -> Table:
    spots = (p.a, p.b, p.best)
    found: Table = {"which": [s.name for s in spots], "threshold": [s.threshold for s in spots]}
    for cell in ("tp", "fn", "fp", "tn"):
        found[cell] = [getattr(s, cell) for s in spots]
    for name in SHARES:
        found |= _ends(name, [getattr(s, name) for s in spots])
    return found | {
        "cost": [s.cost for s in spots],
        "cost_low": [s.cost - s.unknown for s in spots],
        "cost_high": [s.cost + s.unknown for s in spots],
        "cost_per_row": [s.per_row for s in spots],
    }


def _groups(kind: str, groups: Sequence[Group]) -> Table:
    found: Table = {
        kind: [g.name for g in groups],
        "rows": [g.rows for g in groups],
        "left_out": [g.left_out for g in groups],
        "positives": [g.positives for g in groups],
    }
    for name in GROUP_SHARES:
        found |= _ends(name, [getattr(g, name) for g in groups])
    return found | {
        "cost_per_row": [g.per_row for g in groups],
        "own_threshold": [g.own_threshold for g in groups],
        "own_saving_per_row": [g.own_saving for g in groups],
    }


def _calibration(p: RowsProfile) -> Table:
    c = p.calibration
    assert c is not None
    observed = [c.observed.at(i) for i in range(len(c.score))]
    return {"mean_score": c.score.tolist(), "rows": c.rows.tolist(), **_ends("observed", observed)}
