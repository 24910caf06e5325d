"""How far an assumption may be off: a low and a high for every uncertain knob.

Without anything better a value is taken to be half to one and a half times itself, which is a
convention of this package and no measurement. Prices, rates, shares, volumes and the model's
own numbers are uncertain; a threshold is a decision and a limit (desk hours, a recall floor)
is a rule, so neither has a range. Nothing here is random: `models.draws` draws within these.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aipm_metrics.errors import MetricsError, OutOfRangeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aipm_metrics.knobs import Knob

__all__ = ["Range", "canonical", "default_range", "is_uncertain", "without_range"]

Range = tuple[str, float, float]  # knob, low, high
HALF = 0.5


def is_uncertain(knob: Knob) -> bool:
    """Whether a knob is an assumption that may be off; see the module."""
    return not without_range(knob)


def without_range(knob: Knob) -> str:
    """Say why a knob has no range, as a clause; empty for one that has."""
    if knob.scale == "choice":
        return "it is a choice, not a number"
    if knob.in_score_units:
        return "a threshold is a decision, not an assumption"
    if knob.decision:
        return "it is what is to be decided, not an assumption"
    if knob.measured:
        return "it is measured, not assumed"
    return "it is a limit, not an assumption" if knob.constraint else ""


def default_range(knob: Knob, value: float) -> tuple[float, float]:
    """Low and high of a knob as long as nobody says otherwise.

    Its source's own range where it declares one that holds the value. Else 50 % either way:
    of the value, or of its distance from `knob.perfect` where the knob has such a value.

    Parameters
    ----------
    knob
        One that is uncertain.
    value : float, in the knob's unit
        As it stands.

    Returns
    -------
    (float, float), in the knob's unit
        Within its limits.

    Examples
    --------
    >>> from aipm_metrics.knobs import knobs_of
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> knobs = knobs_of(ModerationScenario)
    >>> default_range(knobs["harm_per_missed"], 30)
    (15.0, 45.0)

    An AUC of 0.96 puts 4 pairs of 100 in the wrong order; so 2 to 6 of them:

    >>> low, high = default_range(knobs["auc"], 0.96)
    >>> round(low, 9), round(high, 9)
    (0.94, 0.98)
    """
    if knob.likely is not None and knob.likely[0] <= value <= knob.likely[1]:
        return knob.likely
    origin = 0.0 if knob.perfect is None else knob.perfect
    ends = sorted(origin + (1 + way * HALF) * (value - origin) for way in (-1, 1))
    low, high = (float(min(max(end, knob.low), knob.high)) for end in ends)
    return low, high


def canonical(
    knobs: Mapping[str, Knob], values: Mapping[str, Any], ranges: Iterable[Range]
) -> tuple[Range, ...]:
    """Check ranges, sort them by knob, and leave out those that are the default anyway.

    Parameters
    ----------
    knobs, values
        Every knob of the scenario, and its value, by name.
    ranges
        Knob, low and high of those that are said.

    Raises
    ------
    MetricsError
        When a knob is unknown, said twice or has no range.
    OutOfRangeError
        When an end lies outside the knob's limits, or low above high.
    """
    found: dict[str, tuple[float, float]] = {}
    for name, low, high in ranges:
        if name not in knobs:
            raise MetricsError(f"`{name}` must be a knob of this page to have a range")
        if why := without_range(knobs[name]):
            raise MetricsError(f"`{name}` must have no range: {why}")
        if name in found:
            raise MetricsError(f"`{name}` must have one range; two are given")
        found[name] = _within(knobs[name], low, high)
    return tuple(
        (name, *ends)
        for name, ends in sorted(found.items())
        if ends != default_range(knobs[name], float(values[name]))
    )


def _within(knob: Knob, low: float, high: float) -> tuple[float, float]:
    for end, value in (("low", low), ("high", high)):
        if not knob.low <= value <= knob.high:
            raise OutOfRangeError(f"{knob.name}.{end}", knob.low, knob.high, value, knob.unit)
    if low > high:
        raise OutOfRangeError(f"{knob.name}.low", knob.low, high, low, knob.unit)
    return low + 0.0, high + 0.0  # adding 0 turns -0.0 into 0.0
