"""The tables of somebody's own rows, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from aipm_metrics.sentences.your_data_bounds import at_most
from aipm_metrics.sentences.your_data_groups import estimated, group_name
from aipm_metrics.spoken import between, cut, money, price, share, threshold, undefined

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.rows.profile_parts import Group, RowsProfile, Spot

Named: TypeAlias = "tuple[str, tuple[str, ...], list[tuple[str, ...]]]"  # name, header, lines

__all__ = [
    "AMOUNT_HEADER",
    "CALIBRATION_HEADER",
    "SPOT_HEADER",
    "all_tables",
    "amount_rows",
    "calibration_rows",
    "group_header",
    "group_rows",
    "spot_rows",
]

SPOT_HEADER = (
    "which", "threshold", "caught", "missed", "false alarms", "recall", "false alarm rate",
    "precision", "flagged", "cost", "a row",
)  # fmt: skip
CALIBRATION_HEADER = ("mean score", "rows", "events among them")
AMOUNT_HEADER = ("a row of", "flag it from a score of")
NAMES = {"a": "A", "b": "B", "best": "lowest cost"}


def spot_rows(p: RowsProfile) -> list[tuple[str, ...]]:
    """Lay A, B and the lowest cost side by side."""
    return [
        (
            NAMES[s.name], cut(s.threshold, flags_all_at=p.curves.flags_all_at), f"{s.tp:,}",
            f"{s.fn:,}", f"{s.fp:,}",
            estimated(s.recall, coarse=s.more_tp > 0), estimated(s.fpr, coarse=s.more_fp > 0),
            _precision(s),
            share(s.flagged.value), _cost(s.cost, s.unknown), price(s.per_row),
        )
        for s in (p.a, p.b, p.best)
    ]  # fmt: skip


def _precision(s: Spot) -> str:
    coarse = s.more_tp + s.more_fp > 0
    if not coarse and not s.tp + s.fp:
        return "undefined: nothing is flagged"
    return estimated(s.precision, coarse=coarse)


def _cost(usd: float, unknown: float) -> str:
    return at_most(money(usd), unknown) if unknown else money(usd)


def group_header(by: str) -> tuple[str, ...]:
    """Columns of a table by segment, version or month."""
    return (
        by, "rows", "events", "share of events", "recall at B", "false alarm rate at B",
        "precision at B", "AUC", "cost a row", "its own cheapest threshold",
        "would save a row",
    )  # fmt: skip


def group_rows(groups: Sequence[Group]) -> list[tuple[str, ...]]:
    """One line per group; what cannot be told is said to be so."""
    return [
        (
            group_name(g.name), f"{g.rows:,}", f"{g.positives:,}", estimated(g.prevalence),
            estimated(g.recall, coarse=g.more_tp > 0), estimated(g.fpr, coarse=g.more_fp > 0),
            estimated(g.precision, coarse=g.more_tp + g.more_fp > 0),
            estimated(g.auc, of_auc=True, coarse=g.auc_unknown > 0), _a_row(g.per_row, g.unknown),
            _own(g), _own_saving(g),
        )
        for g in groups
    ]  # fmt: skip


def _own(g: Group) -> str:
    return "too few to say" if undefined(g.own_threshold) else cut(g.own_threshold)


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
        (name, group_header(by), group_rows(all_))
        for name, by, all_ in groups if all_
    ]  # fmt: skip
    if p.calibration is not None:
        told.append(("calibration", CALIBRATION_HEADER, calibration_rows(p)))
    if p.amounts is not None and p.calibration is not None:
        told.append(("amounts", AMOUNT_HEADER, amount_rows(p)))
    return told
