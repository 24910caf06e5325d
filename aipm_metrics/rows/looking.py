"""The first look at a table: what is there, what is missing, and what cannot be counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.wording import listed, shown

if TYPE_CHECKING:
    from aipm_metrics.models.empirical import Counts
    from aipm_metrics.rows.scored import Scored

__all__ = ["MAX_GROUPS", "Groups", "Look", "by_group", "first_look", "list_groups"]

MAX_GROUPS = 200
_COUNTED = 10_000  # groups whose number is told when there are too many
_FEW = 12  # values of a label that are looked for before it is refused


@dataclass(frozen=True, slots=True)
class Look:
    """What one pass over the table says.

    Attributes
    ----------
    n_rows, held, positives : int
        All rows; those with a score and a label; the positives among these.
    distinct : int
        About how many distinct scores there are.
    low, high : float
        The smallest and the largest score.
    """

    n_rows: int
    held: int
    positives: int
    distinct: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """The segments of a table.

    Attributes
    ----------
    names : tuple of g tuples of str or None
        Sorted, missing values last; one empty tuple for a table without segments.
    n_rows, held : (g,) integers
        All rows, and those with a score and a label.
    """

    names: tuple[tuple[str | None, ...], ...]
    n_rows: Counts
    held: Counts


def first_look(rows: Scored) -> Look:
    """Count rows, classes and missing values, estimate the distinct scores; refuse what is amiss.

    Raises
    ------
    RowsError
        A sentence that says why these columns cannot be used, and what to do.
    """
    table, event = rows.rows, rows.rows.event
    held = table.x.notnull() & event.notnull()
    x = held.ifelse(table.x, None)
    other = (event == 0).ifelse(table.label, None)
    found = table.agg(
        n_rows=table.count(),
        scores=table.x.count(),
        labels=event.count(),
        events=event.sum(),
        held=x.count(),
        positives=held.ifelse(event, None).sum(),
        distinct=x.approx_nunique(),
        low=x.min(),
        high=x.max(),
        first=other.min(),
        last=other.max(),
    )
    seen = found.to_pyarrow().to_pylist()[0]
    _check_rows(rows, seen)
    _check_label(rows, seen)
    _check_held(rows, seen)
    return Look(
        int(seen["n_rows"]), int(seen["held"]), int(seen["positives"]),
        int(seen["distinct"]), float(seen["low"]), float(seen["high"]),
    )  # fmt: skip


def list_groups(rows: Scored, look: Look) -> Groups:
    """List the segments; without segment columns the engine is not asked.

    Raises
    ------
    RowsError
        When there are more than 200.
    """
    if not rows.by:
        return Groups(((),), np.array([look.n_rows]), np.array([look.held]))
    held = rows.rows.x.notnull() & rows.rows.event.notnull()
    names, sums = by_group(rows, {"n_rows": rows.rows.count(), "held": held.sum()})
    return Groups(names, sums["n_rows"], sums["held"])


def by_group(
    rows: Scored, measures: dict[str, Any]
) -> tuple[tuple[tuple[str | None, ...], ...], dict[str, Counts]]:
    """Ask for whole numbers per segment in one call.

    Parameters
    ----------
    measures
        Counts and sums over `rows.rows`.

    Returns
    -------
    tuple, dict of (g,) integers
        Segments as in `Groups.names`, and each measure.

    Raises
    ------
    RowsError
        When there are more than 200 segments.
    """
    grouped = rows.rows.group_by(rows.keys) if rows.by else rows.rows
    # What cannot be shown is not fetched either, but for some more to name their number.
    seen = grouped.agg(**measures).limit(_COUNTED + 1).to_pyarrow().to_pylist()
    names = [tuple(_text(line[key]) for key in rows.keys) for line in seen]
    order = tuple(sorted(set(names), key=lambda name: [(v is None, v or "") for v in name]))
    if len(order) > MAX_GROUPS:
        n = f"{len(order):,}" if len(seen) <= _COUNTED else f"more than {_COUNTED:,}"
        raise RowsError(
            f"{listed(rows.by)} would make {n} groups; at most {MAX_GROUPS} can be counted. "
            "Choose a column with fewer values, or merge the rare ones."
        )
    place = {name: i for i, name in enumerate(order)}
    sums = {measure: np.zeros(len(order), np.int64) for measure in measures}
    for name, line in zip(names, seen, strict=True):
        for measure, held in sums.items():
            held[place[name]] += line[measure] or 0  # a sum over nothing is none
    return order, sums


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _check_rows(rows: Scored, seen: dict[str, Any]) -> None:
    if not seen["n_rows"]:
        raise RowsError("There are no rows. Choose a table with rows.")
    for name, role in ((rows.score, "score"), (rows.label, "label")):
        if not seen[f"{role}s"]:
            raise RowsError(f"{shown(name)} is empty in every row. Choose another {role} column.")


def _check_label(rows: Scored, seen: dict[str, Any]) -> None:
    named = shown(rows.label)
    if seen["events"] and seen["first"] is not None and seen["first"] == seen["last"]:
        return
    distinct = rows.rows.filter(rows.rows.label.notnull()).select("label").distinct()
    values = sorted(str(v) for v in distinct.limit(_FEW + 1).to_pyarrow()["label"].to_pylist())
    if len(values) == 1:
        raise RowsError(
            f"{named} holds only {listed(values)}; a label needs two values, "
            "one for the event and one for its absence. Add rows of the other kind."
        )
    if len(values) > 2:
        n = f"{len(values)}" if len(values) <= _FEW else f"more than {_FEW}"
        raise RowsError(
            f"{named} has {n} different values ({', '.join(map(shown, values[:3]))}"
            f"{', ...' * (len(values) > 3)}); a label needs exactly two. Choose another column, "
            "or merge values."
        )
    raise RowsError(
        f"{shown(rows.positive)} does not occur in {named}. Choose one of its values as the "
        f"event: {listed(values)}."
    )


def _check_held(rows: Scored, seen: dict[str, Any]) -> None:
    if not seen["held"]:
        raise RowsError(
            f"No row has both a score and a value in {shown(rows.label)}. Choose other columns."
        )
    if not 0 < seen["positives"] < seen["held"]:
        raise RowsError(
            f"Every row that has a score has the same value in {shown(rows.label)}; both are "
            "needed. Add scored rows of the other kind."
        )
    if math.isinf(seen["low"]) or math.isinf(seen["high"]):
        complete = rows.complete
        infinite = (complete.x.abs() == float("inf")).sum()
        (n,) = complete.agg(n=infinite).to_pyarrow()["n"].to_pylist()
        raise RowsError(
            f"{n:,} score{'s are' if n > 1 else ' is'} infinite. Scores must be finite: "
            "leave the field empty where there is no score."
        )
