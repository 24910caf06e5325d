"""Declare an input once: default, limits, scale, unit, help and source.

`knob` makes a pydantic field, so validation, error text and JSON schema are the library's.
`knobs_of` reads the same declaration back for everything else that needs it: widgets, links,
tables, flip points.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from pydantic import BaseModel, Field
from scipy.special import expit, logit

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["Knob", "Scale", "choice", "decision_of", "knob", "knobs_of"]

Scale = Literal["linear", "log", "log-odds", "choice"]


@dataclass(frozen=True, slots=True)
class Knob:
    """One input, as its scenario declares it.

    Attributes
    ----------
    name, label, help, source
        The field's name, its name for people, what it means, and where the default comes from.
    default
        A float in [low, high], or one of `choices`.
    low, high : float
        Limits, both allowed, in `unit`; both 0 for a choice.
    scale
        How the range is spread out: on sliders and in the search for flip points.
    group
        The heading it stands under.
    in_sight
        Whether it is shown without opening anything.
    priced
        Whether it is a price or a rate whose flip point is worth knowing.
    in_score_units
        Whether it is a threshold: with counted rows it is in their score's own units, and
        its limits are theirs.
    constraint
        Whether it is a limit somebody sets rather than an assumption; see `ranges`.
    decision
        Whether it is what the page decides: the dial of its live part, not an assumption.
    whole
        Whether only whole numbers make sense.
    measured
        Whether it was counted rather than assumed: its question gives it an interval of its own.
    likely : (float, float) or None, in `unit`
        The range its source gives for it, if it gives one.
    perfect : float or None, in `unit`
        The value without any error, where what is uncertain is how far it is from that.
    """

    name: str
    label: str
    help: str
    source: str
    default: Any
    low: float
    high: float
    unit: str
    scale: Scale
    group: str
    choices: tuple[str, ...]
    in_sight: bool
    priced: bool
    in_score_units: bool
    constraint: bool = False
    likely: tuple[float, float] | None = None
    perfect: float | None = None
    decision: bool = False
    whole: bool = False
    measured: bool = False

    def to_axis(self, value: ArrayLike) -> NDArray[np.float64]:
        """Place of each value on the knob's own scale: itself, its log or its log odds."""
        values = np.asarray(value, float)
        if self.scale == "log":
            return np.asarray(np.log(values), float)
        return np.asarray(logit(values), float) if self.scale == "log-odds" else values

    def from_axis(self, place: ArrayLike) -> NDArray[np.float64]:
        """Value at each place; the inverse of `to_axis`, kept within the limits."""
        places = np.asarray(place, float)
        if self.scale == "log":
            places = np.exp(places)
        elif self.scale == "log-odds":
            places = expit(places)
        return np.asarray(np.clip(places, self.low, self.high), float)

    def spread(self, points: int) -> NDArray[np.float64]:
        """Return `points` values from low to high, evenly spaced on the knob's own scale.

        Examples
        --------
        >>> knobs = knobs_of(_Example)
        >>> knobs["volume"].spread(4).round(9).tolist()
        [1.0, 10.0, 100.0, 1000.0]
        """
        low, high = self.to_axis([self.low, self.high])
        return self.from_axis(np.linspace(low, high, points))


def knob(
    default: float,
    low: float,
    high: float,
    label: str,
    *,
    group: str,
    help: str,
    unit: str = "",
    source: str = "assumption",
    scale: Scale = "linear",
    in_sight: bool = False,
    priced: bool = False,
    in_score_units: bool = False,
    constraint: bool = False,
    likely: tuple[float, float] | None = None,
    perfect: float | None = None,
    decision: bool = False,
    whole: bool = False,
    measured: bool = False,
) -> Any:
    """Declare a number as a pydantic field; see `Knob` for what each word means."""
    told: dict[str, Any] = {
        "unit": unit, "source": source, "scale": scale, "group": group, "in_sight": in_sight,
        "priced": priced, "in_score_units": in_score_units, "low": float(low),
        "high": float(high), "constraint": constraint, "perfect": perfect,
        "decision": decision, "whole": whole, "measured": measured,
        "likely": None if likely is None else [float(end) for end in likely],
    }  # fmt: skip
    limits: dict[str, Any] = (
        {} if in_score_units else {"ge": low, "le": high}
    )  # `Scenario` checks the others
    return Field(default, title=label, description=help, json_schema_extra=told, **limits)


def choice(
    default: str,
    choices: tuple[str, ...],
    label: str,
    *,
    group: str,
    help: str,
    source: str = "assumption",
    in_sight: bool = False,
) -> Any:
    """Declare a pick from a short list; annotate the field with the matching ``Literal``."""
    told: dict[str, Any] = {
        "source": source, "scale": "choice", "group": group, "in_sight": in_sight,
        "choices": list(choices),
    }  # fmt: skip
    return Field(default, title=label, description=help, json_schema_extra=told)


@cache
def knobs_of(scenario: type[BaseModel]) -> dict[str, Knob]:
    """Every knob of a scenario by name, in the order of declaration.

    Examples
    --------
    >>> knobs_of(_Example)["volume"].unit
    'items'
    """
    found = {}
    for name, field in scenario.model_fields.items():
        told = field.json_schema_extra
        if not isinstance(told, dict) or "scale" not in told:
            continue
        rest: dict[str, Any] = {
            "unit": "", "low": 0.0, "high": 0.0, "choices": (), "priced": False,
            "in_score_units": False, **told,
        }  # fmt: skip
        rest["choices"] = tuple(rest["choices"])
        rest["likely"] = tuple(rest["likely"]) if rest.get("likely") else None
        found[name] = Knob(
            name=name,
            label=field.title or name,
            help=field.description or "",
            default=field.default,
            **rest,
        )
    return found


def decision_of(scenario: type[BaseModel]) -> Knob | None:
    """Return what a scenario's page decides, the knob its dial holds; None where it has none."""
    told = knobs_of(scenario).values()
    return next((knob for knob in told if knob.in_score_units or knob.decision), None)


class _Example(BaseModel):
    """The smallest scenario, for the examples above."""

    volume: float = knob(
        10, 1, 1000, "Volume", group="The stream", help="How many", unit="items", scale="log"
    )
