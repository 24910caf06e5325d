"""Sentences for every position of a knob at once, put together only where one is looked at.

A phrase is a row of parts: words that never change, columns of words that do, and choices
between two phrases. It reads like the sentence it makes. Writing out a thousand whole sentences
takes longer than all the mathematics behind them; joining the parts of one takes no time, in a
browser as well as here. Nothing but joining is left to do: every word and every number in a
phrase is finished. Axis letter: `t` positions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    from aipm_metrics.spoken_columns import Words

__all__ = ["Choice", "Column", "Part", "Phrase", "column", "either", "phrase"]


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """Words that differ from position to position, (t,)."""

    words: Words


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """One phrase where something holds, another where it does not; `holds` is (t,)."""

    holds: NDArray[np.bool_]
    yes: Phrase
    no: Phrase


Part: TypeAlias = "str | Column | Choice"


@dataclass(frozen=True, slots=True, eq=False)
class Phrase:
    """Parts in a row; joined with ``+``, read with ``[position]``.

    Examples
    --------
    >>> said = "we lose " + column(["one", "two"]) + either([True, False], " post", " posts")
    >>> said[0], said[1]
    ('we lose one post', 'we lose two posts')
    """

    parts: tuple[Part, ...]

    def __add__(self, other: Phrase | str) -> Phrase:
        """Put another phrase after this one."""
        return Phrase(self.parts + phrase(other).parts)

    def __radd__(self, other: str) -> Phrase:
        """Put words before this phrase."""
        return Phrase((other, *self.parts))

    def __getitem__(self, position: int) -> str:
        """Read the phrase at one position."""
        said = []
        for part in self.parts:
            if isinstance(part, str):
                said.append(part)
            elif isinstance(part, Column):
                said.append(str(part.words[position]))
            else:
                said.append((part.yes if part.holds[position] else part.no)[position])
        return "".join(said)


def phrase(words: Phrase | str) -> Phrase:
    """Make a phrase of words that never change; a phrase stays itself."""
    return words if isinstance(words, Phrase) else Phrase((words,))


def column(words: ArrayLike) -> Phrase:
    """Make a phrase of words that differ from position to position."""
    return Phrase((Column(np.asarray(words)),))


def either(holds: ArrayLike, yes: Phrase | str, no: Phrase | str) -> Phrase:
    """Choose between two phrases at every position."""
    return Phrase((Choice(np.asarray(holds, bool), phrase(yes), phrase(no)),))
