"""The first look at a table: what is there, what is missing, and what cannot be counted."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.wording import listed, shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.empirical import Counts
    from aipm_metrics.rows.scored import Scored

__all__ = [
    "MAX_GROUPS",
    "Groups",
    "Look",
    "by_group",
    "check_at_all",
    "first_look",
    "has_at_most",
    "list_groups",
    "text_of",
]

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
    distinct : (int, int)
        About how many distinct scores the negatives have, and the positives.
    low, high : float
        The smallest and the largest score.
    means : (float, float)
        Mean score of the negatives, and of the positives, with 0 for all that is not in [-1, 1].
    """

    n_rows: int
    held: int
    positives: int
    distinct: tuple[int, int]
    low: float
    high: float
    means: tuple[float, float]


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
    x = rows.rows.x
    found = rows.rows.group_by("event").agg(
        n_rows=rows.rows.count(),
        held=x.count(),
        distinct=x.approx_nunique(),
        low=x.min(),
        high=x.max(),
        # All of a share of 1; a sum of larger scores may be no float.
        total=(x.abs() <= 1.0).ifelse(x, 0.0).sum(),
        first=rows.rows.label.min(),
        last=rows.rows.label.max(),
    )
    lines = {line["event"]: line for line in found.to_pyarrow().to_pylist()}
    _check_rows(rows, lines)
    _check_label(rows, lines)
    _check_held(rows, lines)
    both = lines[0], lines[1]
    return Look(
        sum(line["n_rows"] for line in lines.values()), sum(line["held"] for line in both),
        lines[1]["held"], (both[0]["distinct"], both[1]["distinct"]),
        min(line["low"] for line in both), max(line["high"] for line in both),
        (both[0]["total"] / both[0]["held"], both[1]["total"] / both[1]["held"]),
    )  # fmt: skip


def has_at_most(rows: Scored, look: Look, most: int, tell: Callable[[str, float], None]) -> bool:
    """Whether there are about so few distinct scores; asks where the classes may share them."""
    if max(look.distinct) > most or sum(look.distinct) <= most:
        return sum(look.distinct) <= most
    tell("Estimating how many scores there are", 0.2)
    found = rows.complete.agg(distinct=rows.complete.x.approx_nunique()).to_pyarrow()
    return bool(found["distinct"][0].as_py() <= most)


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
    names = [tuple(text_of(line[key]) for key in rows.keys) for line in seen]
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


def text_of(value: object) -> str | None:
    """Name a segment's value; -0.0 and 0.0, of which an engine keeps either, have one name.

    Examples
    --------
    >>> text_of(-0.0), text_of(2), text_of(None)
    ('0.0', '2', None)
    """
    if value is None:
        return None
    return str(value + 0.0) if isinstance(value, float) else str(value)


def check_at_all(rows: Scored, events: int, infinite: int) -> None:
    """Refuse rows without the event, or with an infinite score.

    Raises
    ------
    RowsError
        Which of the two it is.
    """
    if not events:
        raise RowsError(
            f"{shown(rows.positive)} does not occur in {shown(rows.label)}. Choose one of its "
            "values as the positive."
        )
    if infinite:
        raise RowsError(
            f"{infinite:,} score{'s are' if infinite > 1 else ' is'} infinite. Scores must be "
            "finite: leave the field empty where there is no score."
        )


def _check_rows(rows: Scored, lines: dict[int | None, dict[str, Any]]) -> None:
    if not lines:
        raise RowsError("There are no rows. Choose a table with rows.")
    for name, role, there in (
        (rows.score, "score", any(line["held"] for line in lines.values())),
        (rows.label, "label", set(lines) != {None}),
    ):
        if not there:
            raise RowsError(f"{shown(name)} is empty in every row. Choose another {role} column.")


def _check_label(rows: Scored, lines: dict[int | None, dict[str, Any]]) -> None:
    named = shown(rows.label)
    if {0, 1} <= set(lines) and lines[0]["first"] == lines[0]["last"]:
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


def _check_held(rows: Scored, lines: dict[int | None, dict[str, Any]]) -> None:
    held = [line for event, line in lines.items() if line["held"] and event is not None]
    if not held:
        raise RowsError(
            f"No row has both a score and a value in {shown(rows.label)}. Choose other columns."
        )
    if len(held) < 2:
        raise RowsError(
            f"Every row that has a score has the same value in {shown(rows.label)}; both are "
            "needed. Add scored rows of the other kind."
        )
    if rows.whole and max(abs(line[end]) for line in held for end in ("low", "high")) >= 2**53:
        raise RowsError(
            f"{shown(rows.score)} holds whole numbers or decimals of {2**53:,} or more, of which "
            "neighbours would count as one score. Divide them, or choose another column."
        )
    if any(math.isinf(line["low"]) or math.isinf(line["high"]) for line in held):
        complete = rows.rows.filter(rows.rows.event.notnull())
        infinite = (complete.x.abs() == float("inf")).sum()
        (n,) = complete.agg(n=infinite).to_pyarrow()["n"].to_pylist()
        check_at_all(rows, 1, n)
