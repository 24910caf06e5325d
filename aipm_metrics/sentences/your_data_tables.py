"""The tables of somebody's own rows, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from aipm_metrics.sentences.your_data_bounds import at_most
from aipm_metrics.sentences.your_data_groups import estimated, group_name
from aipm_metrics.spoken import between, cut, money, price, share, threshold, undefined
from aipm_metrics.spoken_exactly import cut_exactly, sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.rows.profile_parts import Group, RowsProfile, Spot

Named: TypeAlias = "tuple[str, tuple[str, ...], list[tuple[str, ...]]]"  # name, header, lines

__all__ = [
    "CALIBRATION_HEADER",
    "SPOT_HEADER",
    "all_tables",
    "amount_header",
    "amount_rows",
    "calibration_rows",
    "group_header",
    "group_rows",
    "spot_rows",
]

SPOT_HEADER = (
    "which", "threshold", "cost", "recall", "precision", "caught", "missed", "false alarms",
    "false alarm rate", "flagged", "cost per row",
)  # fmt: skip
CALIBRATION_HEADER = ("mean score", "rows", "events among them")
NAMES = {"a": "A", "b": "B", "best": "lowest cost"}


def spot_rows(p: RowsProfile) -> list[tuple[str, ...]]:
    """Lay A, B and the lowest cost side by side, their costs as card and paragraph say them."""
    of_a, of_b, _ = sums(p.a.cost, p.b.cost)
    told = {p.a.cost: of_a, p.b.cost: of_b}
    return [
        (
            NAMES[s.name], cut_exactly(s.threshold, flags_all_at=p.curves.flags_all_at),
            _cost(told.get(s.cost, money(s.cost)), s.unknown),
            estimated(s.recall, coarse=s.more_tp > 0), _precision(s),
            f"{s.tp:,}", f"{s.fn:,}", f"{s.fp:,}", estimated(s.fpr, coarse=s.more_fp > 0),
            share(s.flagged.value), price(s.per_row),
        )
        for s in (p.a, p.b, p.best)
    ]  # fmt: skip


def _precision(s: Spot) -> str:
    coarse = s.more_tp + s.more_fp > 0
    if not coarse and not s.tp + s.fp:
        return "undefined: nothing is flagged"
    return estimated(s.precision, coarse=coarse)


def _cost(said: str, unknown: float) -> str:
    return at_most(said, unknown) if unknown else said


def group_header(by: str) -> tuple[str, ...]:
    """Columns of a table by segment, version or month."""
    return (
        by, "cost per row at B", "recall at B", "rows", "events", "share of events",
        "false alarm rate at B", "precision at B", "AUC", "its own cheapest threshold",
        "would save per row",
    )  # fmt: skip


def group_rows(groups: Sequence[Group], by: str = "value") -> list[tuple[str, ...]]:
    """One line per group; what cannot be told is said to be so."""
    return [
        (
            group_name(g.name, by), _per_row(g),
            estimated(g.recall, coarse=g.more_tp > 0), f"{g.rows:,}", f"{g.positives:,}",
            estimated(g.prevalence), estimated(g.fpr, coarse=g.more_fp > 0),
            estimated(g.precision, coarse=g.more_tp + g.more_fp > 0),
            estimated(g.auc, of_auc=True, coarse=g.auc_unknown > 0), _own(g), _own_saving(g),
        )
        for g in groups
    ]  # fmt: skip


def _per_row(g: Group) -> str:
    if g.cost.status == "undefined":
        return "undefined"
    if g.unknown:
        return f"too coarse to say: {_a_row(g.cost.value, g.unknown)}"
    ends = f"{price(g.cost.low)} to {price(g.cost.high)}"
    return (
        f"too few to say ({ends})"
        if g.cost.status == "too few"
        else f"{price(g.cost.value)} ({ends})"
    )


def _own(g: Group) -> str:
    return "too few to say" if undefined(g.own_threshold) else cut_exactly(g.own_threshold)


def _a_row(usd: float, unknown: float) -> str:
    return at_most(price(usd), unknown, price) if unknown else price(usd)


def _own_saving(g: Group) -> str:
    if undefined(g.own_saving):
        return "too few to say"
    if g.own_unknown and g.own_unknown >= g.own_saving:
        return "too coarse to say"
    return _a_row(g.own_saving, g.own_unknown)


def calibration_rows(p: RowsProfile) -> list[tuple[str, ...]]:
    """Say of each tenth of the rows what it was said to be, and was."""
    c = p.calibration
    if c is None:
        return []
    return [
        (
            between(threshold(float(score)), threshold(float(score + more))),
            f"{int(rows):,}",
            estimated(c.observed.at(i)),
        )
        for i, (score, more, rows) in enumerate(zip(c.score, c.unknown, c.rows, strict=True))
    ]


def amount_header(p: RowsProfile) -> tuple[str, ...]:
    """Columns of the rule; it is advice only where it saves on these rows."""
    pays = p.amounts is not None and p.amounts.rule is not None and p.amounts.rule.pays
    return (
        "a row of",
        "flag it from a score of" if pays else "would pay from, if scores were chances",
    )


def amount_rows(p: RowsProfile) -> list[tuple[str, ...]]:
    """From which score a flag pays, by the amount of the row."""
    m = p.amounts
    if m is None:
        return []
    return [
        (money(float(amount)), cut(float(at), flags_all_at=-1))
        for amount, at in zip(m.row_amounts, m.row_thresholds, strict=True)
    ]


def all_tables(p: RowsProfile) -> list[Named]:
    """List every table there is, by name."""
    groups = (
        ("segments", p.segment_column, p.segments), ("versions", p.version_column, p.versions),
        ("months", "month", p.months),
    )  # fmt: skip
    told: list[Named] = [("thresholds", SPOT_HEADER, spot_rows(p))]
    told += [
        (name, group_header(by), group_rows(all_, by))
        for name, by, all_ in groups if all_
    ]  # fmt: skip
    if p.calibration is not None:
        told.append(("calibration", CALIBRATION_HEADER, calibration_rows(p)))
    if p.amounts is not None and p.calibration is not None:
        told.append(("amounts", amount_header(p), amount_rows(p)))
    return told
