"""Guess which column is the score, which the label, and which label value is the event.

Guesses only preselect: a person sees them and may choose otherwise. What a column is called
goes before what it holds: a column called "score" is offered as the score also where it is text,
with the reason why it cannot be used, and no other takes its place unasked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Protocol

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.wording import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.rows.reading import Column

__all__ = [
    "Guess",
    "guess_columns",
    "guess_more",
    "guess_positive",
    "guess_roles",
]

# Likeliest first.
_SCORE_NAMES = (
    *("score", "y_score", "scores", "probability", "prob", "proba", "y_prob", "y_proba"),
    *("predicted_probability", "confidence", "risk", "likelihood", "p", "prediction"),
    *("predictions", "y_pred", "pred", "y_hat", "yhat", "output", "logit"),
)
_LABEL_NAMES = (
    *("label", "y_true", "y", "target", "truth", "ground_truth", "true_label", "labels"),
    *("actual", "outcome", "is", "has", "was", "class", "response", "event"),
    *("fraud", "spam", "churn", "churned", "toxic", "harmful", "defaulted", "malignant"),
)
_SURELY_SCORE, _SURELY_LABEL = _SCORE_NAMES[:8], _LABEL_NAMES[:10]  # names that mean nothing else
_ASKS = {"is", "has", "was"}  # first word of a question with two answers
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
# Names that say a column is something else than a score or a label.
_KEYS = ("id", "uuid", "key", "index", "zip", "code", "number")
_OTHER = {*chain.from_iterable(_MORE.values()), *_KEYS}
_WEAK = {"value", "total"}  # they may end a score's name too: "predicted_value"
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


@dataclass(frozen=True, slots=True)
class Guess:
    """A column that may play a part.

    Attributes
    ----------
    name : str
    by_name : bool
        Whether its name says so; else only what it holds, which wants to be checked.
    """

    name: str
    by_name: bool


def guess_roles(columns: Sequence[Column]) -> tuple[Guess | None, Guess | None]:
    """Guess the score column and the label column; None where none could be it.

    By name first (score, probability, ...; label, y_true, ..., is_...), whatever the column
    holds; then by content: a label has exactly two distinct values, a score is numeric and has
    more, fractions rather than whole numbers. A column named for a version, a segment, a key,
    money or time is neither.

    Examples
    --------
    >>> from aipm_metrics.rows.reading import Column
    >>> text = Column("score", "VARCHAR", False, ("high", "low"), 0)
    >>> amount, y = (Column(name, "DOUBLE", True, (), 0) for name in ("amount", "y"))
    >>> [guess and guess.name for guess in guess_roles([text, amount, y])]
    ['score', 'y']
    """
    named = [c for c in columns if _named_score(c) < _NEVER]
    score = min(named, key=lambda c: (_named_score(c), _rank(c, _SCORE_NAMES)), default=None)
    left = [c for c in columns if c is not score]
    called = [c for c in left if _named_label(c) < _NEVER and c not in named]
    label = min(called, key=lambda c: (_named_label(c), _rank(c, _LABEL_NAMES)), default=None)
    by_name = (score is not None, label is not None)
    unnamed = [c for c in left if c not in named and not _OTHER & set(_words(c.name))]
    if label is None:
        label = next((c for c in unnamed if len(c.values) == 2), None)
    if score is None:
        may = [c for c in unnamed if c is not label and c.numeric and len(c.values) != 2]
        score = min(may, key=_unlike_score, default=None)
    return (
        None if score is None else Guess(score.name, by_name[0]),
        None if label is None else Guess(label.name, by_name[1]),
    )


def guess_columns(table: Described) -> tuple[str, str] | None:
    """Guess the names of both, or None when one of them cannot be guessed; see `guess_roles`.

    Examples
    --------
    >>> from aipm_metrics.rows.reading import open_table
    >>> from aipm_metrics.rows.sample import sample_path
    >>> guess_columns(open_table(sample_path()))
    ('score', 'label')
    """
    score, label = guess_roles(table.columns)
    return None if score is None or label is None else (score.name, label.name)


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
    """Guess which of a label's values is the event.

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
_NEVER = 9


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


def _named_score(column: Column) -> int:
    """How surely a name says "score": 0 the likeliest, `_NEVER` not at all.

    Text that is called a score goes before numbers that have such a word somewhere in their name.
    """
    words, rank = _words(column.name), _rank(column, _SCORE_NAMES)
    if rank == _UNNAMED or _is_other(words, _SCORE_NAMES):
        return _NEVER
    whole = "_".join(words)
    if column.numeric and len(column.values) != 2:
        return 0 if whole in _SCORE_NAMES else 2
    if whole in _SURELY_SCORE and not column.numeric:
        return 1
    # A two-valued column called "prediction" is a score only if nothing else is.
    return 3 if column.numeric or words[-1] in _SCORE_NAMES else _NEVER


def _named_label(column: Column) -> int:
    """How surely a name says "label": 0 the likeliest, `_NEVER` not at all."""
    words, rank = _words(column.name), _rank(column, _LABEL_NAMES)
    asks = bool(words) and words[0] in _ASKS
    if rank == _UNNAMED or (_is_other(words, _LABEL_NAMES) and not asks):
        return _NEVER
    whole, two = "_".join(words), len(column.values) == 2
    if whole in _LABEL_NAMES and two:
        return 0
    if whole in _SURELY_LABEL:
        return 1
    if two:
        return 2
    return 3 if asks or whole in _LABEL_NAMES else _NEVER


def _is_other(words: Sequence[str], names: Sequence[str]) -> bool:
    """Whether a name's last word says that the column is something else."""
    return "_".join(words) not in names and words[-1] in _OTHER - _WEAK


def _unlike_score(column: Column) -> tuple[bool, bool]:
    is_fraction = column.type in {"DOUBLE", "FLOAT"} or column.type.startswith("DECIMAL")
    return not is_fraction, bool(column.values)


def _says_no(value: str) -> bool:
    plain = value.strip().casefold()
    return plain in _NEGATIVE or re.match(r"(not|non|no)[ _-]", plain) is not None
