"""The refusals a user can meet: each names the field, its limit, its unit and the value given.

A refusal is a sentence a person can act on. Pages show it as it stands; scripts catch
`MetricsError`, which is a `ValueError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = [
    "ComparisonError",
    "MetricsError",
    "OutOfRangeError",
    "Refusal",
    "RowsError",
    "within",
]


class MetricsError(ValueError):
    """Base of every refusal in this package."""


class OutOfRangeError(MetricsError):
    """A number outside its limits.

    Parameters
    ----------
    field
        Name of the argument or knob.
    low, high
        The limits, both allowed.
    value
        What was given instead.
    unit
        Unit of the limits, if they have one.

    Examples
    --------
    >>> print(OutOfRangeError("prevalence", 0, 1, 1.2))
    `prevalence` must lie in [0, 1]; got 1.2
    """

    def __init__(self, field: str, low: float, high: float, value: object, unit: str = "") -> None:
        limits = f"[{low:g}, {high:g}]{' ' + unit if unit else ''}"
        super().__init__(f"`{field}` must lie in {limits}; got {value}")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One thing in a link that was not taken, told rather than raised.

    Attributes
    ----------
    field
        The knob, or "link", "page", "v" or "rows".
    why
        A clause that completes "`field` ...", naming the limits.
    given
        What the link said, shortened and stripped of anything unprintable.
    """

    field: str
    why: str
    given: str = ""

    LONGEST: ClassVar[int] = 40

    @classmethod
    def of(cls, field: str, why: str, given: str = "") -> Refusal:
        """Shorten and clean what came from outside."""

        def clean(text: str) -> str:
            text = "".join(c if c.isprintable() else "?" for c in text)
            return text if len(text) <= cls.LONGEST else text[: cls.LONGEST - 1] + "…"

        return cls(clean(field), why, clean(given))

    @property
    def sentence(self) -> str:
        """The refusal as one sentence.

        Examples
        --------
        >>> Refusal.of("auc", "must lie in [0.5, 0.9999]", "7").sentence
        '`auc` must lie in [0.5, 0.9999]; the link says 7.'
        """
        return f"`{self.field}` {self.why}" + (
            f"; the link says {self.given}." if self.given else "."
        )


class ComparisonError(MetricsError):
    """Two answers that cannot be laid side by side, and why."""


class RowsError(MetricsError):
    """Scored rows that cannot be used, and what to do about it."""


def within(field: str, value: ArrayLike, low: float, high: float) -> Any:
    """Return `value` as floats, or refuse it.

    Parameters
    ----------
    field
        The name to give in the refusal.
    value : float or array
        All of it must lie in [low, high]; ``nan`` does not.

    Raises
    ------
    OutOfRangeError
        Naming the field, its limits and the first value outside them.

    Examples
    --------
    >>> float(within("auc", 0.9, 0.5, 1))
    0.9
    """
    array = np.asarray(value, float)
    outside = ~((array >= low) & (array <= high))  # true for nan as well
    if outside.any():
        raise OutOfRangeError(field, low, high, array[outside].flat[0])
    return array[()]
