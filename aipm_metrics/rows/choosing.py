"""Guess which column is the score, which the label, and which label value is the positive.

Guesses only preselect: a person sees them and may choose otherwise.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.wording import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.rows.reading import Column

__all__ = ["guess_columns", "guess_more", "guess_positive"]

# Likeliest first.
_SCORE_NAMES = (
    *("score", "y_score", "scores", "probability", "prob", "proba", "y_prob", "y_proba"),
    *("predicted_probability", "confidence", "risk", "likelihood", "p", "prediction"),
    *("predictions", "y_pred", "pred", "y_hat", "yhat", "output", "logit"),
)
_LABEL_NAMES = (
    *("label", "y_true", "y", "target", "truth", "ground_truth", "true_label", "labels"),
    *("actual", "outcome", "is", "has", "was", "class", "response", "event"),
)
# The version first: "model_version" is no segment, and a segment may be anything.
_MORE = {
    "version": ("model_version", "model", "version", "model_name", "model_id"),
    "amount": ("amount", "amount_usd", "usd", "value", "price", "revenue", "order_value", "total"),
    "time": ("timestamp", "time", "date", "datetime", "created_at", "day", "ts", "event_time"),
    "segment": (
        *("segment", "language", "lang", "country", "region", "market", "group", "channel"),
        *("device", "platform", "category", "dialect", "locale", "site", "tier", "product"),
    ),
}
_POSITIVE = {
    *("1", "1.0", "true", "t", "yes", "y", "positive", "pos", "harmful", "bad", "spam", "fraud"),
    *("fraudulent", "toxic", "abusive", "abuse", "hate", "violating", "violation", "unsafe"),
    *("churn", "churned", "default", "defaulted", "ill", "sick", "malignant", "attack"),
}
_NEGATIVE = {
    *("0", "0.0", "-1", "-1.0", "false", "f", "no", "n", "negative", "neg", "fine", "good", "ok"),
    *("ham", "harmless", "legit", "legitimate", "genuine", "benign", "normal", "safe", "clean"),
    *("retained", "paid", "healthy", "nontoxic", "none", "other"),
}


class Described(Protocol):
    """Anything whose columns are described."""

    @property
    def columns(self) -> Sequence[Column]:
        """One description per column."""


def guess_columns(table: Described) -> tuple[str, str] | None:
    """Guess the score column and the label column.

    By name first (score, probability, ...; label, y_true, ..., is_...), then by content: a
    label has exactly two distinct values, a score is numeric and has more, fractions rather
    than whole numbers.

    Returns
    -------
    tuple of str, or None
        Names of the score and of the label; None when no two columns could be them.

    Examples
    --------
    >>> from aipm_metrics.rows.reading import open_table
    >>> from aipm_metrics.rows.sample import sample_path
    >>> guess_columns(open_table(sample_path()))
    ('score', 'label')
    """
    twofold = [column for column in table.columns if len(column.values) == 2]
    named_score = [c for c in table.columns if c.numeric and _rank(c, _SCORE_NAMES) < _UNNAMED]
    # A two-valued column called "prediction" is a score only if nothing else is.
    named_score.sort(key=lambda c: (len(c.values) == 2, _rank(c, _SCORE_NAMES)))
    labels = [c for c in twofold if c not in named_score] or twofold
    if not labels:
        return None
    label = min(labels, key=lambda c: _rank(c, _LABEL_NAMES))
    scores = [c for c in named_score if c is not label]
    scores += sorted((c for c in table.columns if _may_score(c, label)), key=_unlike_score)
    return (scores[0].name, label.name) if scores else None


def guess_more(columns: Sequence[Column]) -> dict[str, str]:
    """Guess, by name only, what rows are told apart by, the model's version, money and time.

    Returns
    -------
    dict of str
        Column by role: "segment", "version", "amount" and "time"; nothing where no name says so.

    Examples
    --------
    >>> from aipm_metrics.rows.reading import Column
    >>> guess_more([Column("paid_amount", "DOUBLE", True, (), 0)])
    {'amount': 'paid_amount'}
    """
    found: dict[str, str] = {}
    for role, names in _MORE.items():
        fit = [
            column for column in columns
            if _rank(column, names) < _UNNAMED and column.name not in found.values()
            and (column.numeric if role == "amount" else role == "time" or _tells_apart(column))
        ]  # fmt: skip
        if fit:
            found[role] = min(fit, key=lambda c: _rank(c, names)).name
    return found


def _tells_apart(column: Column) -> bool:
    return len(column.values) > 1


def guess_positive(column: Column) -> str:
    """Guess which of a label's values is the event the model looks for.

    A value that says so ("1", "true", "yes", "harmful", "fraud", ...), else the one beside a
    value that says it is not ("0", "fine", "not ...", ...), else the rarest.

    Raises
    ------
    RowsError
        When the column lists no values: it is empty, or has more than twelve.

    Examples
    --------
    >>> from aipm_metrics.rows.reading import Column
    >>> guess_positive(Column("label", "VARCHAR", False, ("ham", "spam"), 0))
    'spam'
    """
    if not column.values:
        raise RowsError(f"{shown(column.name)} has no short list of values. Choose another label.")
    for value in column.values:
        if value.strip().casefold() in _POSITIVE:
            return value
    telling = [value for value in column.values if not _says_no(value)]
    return (telling or column.values)[-1]


_UNNAMED = 1000  # rank of a name that says nothing


def _words(name: str) -> list[str]:
    """Split at signs and at capitals inside: "isFraud" -> is, fraud."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return [word for word in re.split(r"[^a-z0-9]+", parted.lower()) if word]


def _rank(column: Column, names: Sequence[str]) -> int:
    """Place of the column's whole name in `names`, or of a word of it further behind."""
    words = _words(column.name)
    whole = "_".join(words)
    if whole in names:
        return names.index(whole)
    places = [names.index(word) for word in words if len(word) > 1 and word in names]
    return len(names) + min(places) if places else _UNNAMED


def _may_score(column: Column, label: Column) -> bool:
    return column is not label and column.numeric and len(column.values) != 2


def _unlike_score(column: Column) -> tuple[bool, bool, bool]:
    is_fraction = column.type in {"DOUBLE", "FLOAT"} or column.type.startswith("DECIMAL")
    is_key = bool({"id", "key", "index"} & set(_words(column.name)))
    return is_key, not is_fraction, bool(column.values)


def _says_no(value: str) -> bool:
    plain = value.strip().casefold()
    return plain in _NEGATIVE or re.match(r"(not|non|no)[ _-]", plain) is not None
