"""Count a table's rows by score and class, in one pass of the query engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import RowsError
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.rows.known import is_known
from aipm_metrics.rows.lending import lend_columns
from aipm_metrics.rows.wording import listed, shown

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.rows.reading import Column, Table

__all__ = ["ScoredRows", "count_scores"]


@dataclass(frozen=True, slots=True, eq=False)
class ScoredRows:
    """A file's rows, counted by score and class.

    Attributes
    ----------
    name : str
        The file's name as people know it.
    counts : Empirical
        Positives and negatives at every distinct score; only rows with both are counted.
    n_rows : int
        All rows of the file.
    left_out : int
        Rows without a score or without a label.
    notes : tuple of str
        Sentences a reader of the numbers must know.
    """

    name: str
    counts: Empirical
    n_rows: int
    left_out: int
    notes: tuple[str, ...]


def count_scores(
    table: Table, score: str, label: str, positive: str, name: str | None = None
) -> ScoredRows:
    """Count positives and negatives at every distinct score.

    Parameters
    ----------
    table
        From `aipm_metrics.rows.reading.open_table`.
    score, label
        Column names.
    positive
        The label's value that is the event the model looks for, as `Column.values` shows it.
    name
        The file's name as people know it; by default that of the path.

    Raises
    ------
    RowsError
        A sentence that says why these columns cannot be used, and what to do.

    Examples
    --------
    >>> from aipm_metrics.rows.reading import open_table
    >>> from aipm_metrics.rows.sample import sample_path
    >>> rows = count_scores(open_table(sample_path()), "score", "label", "harmful")
    >>> rows.counts.positives + rows.counts.negatives, rows.left_out
    (5000, 0)
    """
    if score == label:
        raise RowsError(f"Score and label are both {shown(score)}; choose two different columns.")
    score_column, label_column = table.column(score), table.column(label)
    if table.n_rows == 1:
        raise RowsError("The file has one row; at least one positive and one negative are needed.")
    _check_score(table, score_column)
    _check_label(table, label_column, positive)
    thresholds, positives, negatives = _counted(table, score, label, positive)
    _check_counted(thresholds, positives, negatives, label_column)
    _check_distinct(table, score_column, thresholds)
    counts = Empirical.from_counts(thresholds, positives, negatives)
    left_out = table.n_rows - counts.positives - counts.negatives
    notes = (*_left_out_note(left_out, table.n_rows), *_range_note(counts.thresholds))
    return ScoredRows(name or table.path.name, counts, table.n_rows, left_out, notes)


def _counted(table: Table, score: str, label: str, positive: str) -> tuple[Any, Any, Any]:
    """Distinct scores, ascending, with the positives and the negatives at each."""
    with lend_columns(table, numbers={"score": score}, texts={"label": label}) as rows:
        known = rows.filter(is_known(rows.score), rows.label.notnull())
        event = known.label == positive
        counts = known.group_by("score").aggregate(
            positives=known.count(where=event), negatives=known.count(where=~event)
        )
        found = counts.order_by("score").to_pyarrow()
    thresholds, positives, negatives = (found[name].to_numpy() for name in found.column_names)
    # Adding 0 turns -0.0, which the engine counts together with 0.0, into 0.0.
    return thresholds + 0.0, positives, negatives


def _check_score(table: Table, column: Column) -> None:
    if column.missing == table.n_rows:
        raise RowsError(f"{shown(column.name)} is empty in every row. Choose another score column.")
    if column.numeric:
        return
    name = column.name
    with lend_columns(table, numbers={"number": name}, texts={"text": name}) as rows:
        odd_ones = rows.filter(rows.text.notnull(), rows.number.isnull()).limit(1)
        odd = odd_ones.text.to_pyarrow()[0].as_py()
    raise RowsError(
        f"{shown(column.name)} holds {shown(odd)}, which is not a number. Choose another score "
        "column, or write plain numbers such as 0.35 (an empty field where there is no score)."
    )


def _check_label(table: Table, column: Column, positive: str) -> None:
    named, values = shown(column.name), column.values
    if column.missing == table.n_rows:
        raise RowsError(f"{named} is empty in every row. Choose another label column.")
    if len(values) != 2:
        n_values, first = _distinct(table, column)
        if n_values == 1:
            raise RowsError(
                f"{named} holds only {listed(first)}; a label needs two values, "
                "one for the event and one for its absence. Add rows of the other kind."
            )
        raise RowsError(
            f"{named} has {n_values:,} different values ({listed(first)}{', ...' * (n_values > 3)})"
            "; a label needs exactly two. Choose another column, or merge values in the file."
        )
    if positive not in values:
        raise RowsError(
            f"{shown(positive)} does not occur in {named}. Choose one of its values as the "
            f"positive: {listed(values)}."
        )


def _distinct(table: Table, column: Column) -> tuple[int, list[str]]:
    """How many values a column has, and the three most frequent."""
    with lend_columns(table, texts={"value": column.name}) as rows:
        held = rows.filter(rows.value.notnull())
        values = held.group_by("value").aggregate(n=held.count())
        n_values = values.count().to_pyarrow().as_py()
        first = values.order_by(values.n.desc(), "value").limit(3).value.to_pyarrow().to_pylist()
    return n_values, first


def _check_counted(thresholds: Floats, positives: Any, negatives: Any, label: Column) -> None:
    infinite = np.isinf(thresholds)
    if infinite.any():
        n_rows = int(positives[infinite].sum() + negatives[infinite].sum())
        raise RowsError(
            f"{n_rows:,} score{'s are' if n_rows > 1 else ' is'} infinite. Scores must be finite: "
            "leave the field empty where there is no score."
        )
    if not thresholds.size:
        raise RowsError(
            f"No row has both a score and a value in {shown(label.name)}. Choose other columns."
        )
    if not positives.any() or not negatives.any():
        raise RowsError(
            f"Every row that has a score has the same value in {shown(label.name)}; both "
            f"{listed(label.values)} are needed. Add scored rows of the other kind."
        )
    if thresholds.size == 1:
        raise RowsError(
            f"Every score is {thresholds[0]:g}, so no threshold can tell rows apart. "
            "Choose another score column."
        )


def _check_distinct(table: Table, column: Column, thresholds: Floats) -> None:
    """Refuse whole numbers and decimals that float64 puts together; CSV has no such type."""
    floats = table.kind == "csv" or column.type in {"FLOAT", "DOUBLE", "VARCHAR"}
    if not floats and np.abs(thresholds).max() >= 2**53:
        raise RowsError(
            f"{shown(column.name)} holds whole numbers or decimals of {2**53:,} or more, of which "
            "neighbours would count as one score. Divide them, or choose another column."
        )


def _left_out_note(left_out: int, n_rows: int) -> tuple[str, ...]:
    if not left_out:
        return ()
    have, are = ("has", "is") if left_out == 1 else ("have", "are")
    return (f"{left_out:,} of {n_rows:,} rows {have} no score or no label and {are} left out.",)


def _range_note(thresholds: Floats) -> tuple[str, ...]:
    low, high = thresholds[0], thresholds[-1]
    if low < 0 or high > 1:
        return (
            f"Scores reach from {low:g} to {high:g}, outside [0, 1]: "
            "they rank the items but are not probabilities.",
        )
    return ()
