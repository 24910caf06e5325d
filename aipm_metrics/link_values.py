"""One field of a link: its text, and what it stands for or why it was not taken.

`links` has the whole; here are values of knobs, ranges of assumptions and the seed. Nothing is
raised: what cannot be read is told in a `Refusal`.
"""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

from aipm_metrics.errors import Refusal
from aipm_metrics.ranges import Range, default_range, without_range

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.knobs import Knob
    from aipm_metrics.scenarios.contract import Scenario

__all__ = [
    "ENDS",
    "Value",
    "doubts",
    "read_ranges",
    "read_seed",
    "says_doubt",
    "text_of",
    "value_of",
]

Value = float | str

LONGEST_NUMBER = 400
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,4})?", re.ASCII)
SEED = re.compile(r"\d{1,6}", re.ASCII)
ENDS = (".low", ".high")
USUAL = 1  # seed


def text_of(value: Value) -> str:
    """Write a value so that it comes back to the last digit.

    Examples
    --------
    >>> text_of(2e6), text_of(0.1), text_of("as set")
    ('2000000', '0.1', 'as set')
    """
    return value if isinstance(value, str) else repr(float(value)).removesuffix(".0")


def doubts(scenario: Scenario) -> list[tuple[str, str]]:
    """Fields of a link that say ranges and the seed, of those that are not as usual.

    Examples
    --------
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> doubts(ModerationScenario(seed=7, ranges=(("auc", 0.9, 0.97),)))[1:]
    [('moderation.auc.high', '0.97'), ('moderation.seed', '7')]
    """
    pairs = [
        (f"{scenario.page}.{name}{end}", text_of(value))
        for name, *values in scenario.ranges
        for end, value in zip(ENDS, values, strict=True)
    ]
    if scenario.seed != type(scenario).model_fields["seed"].default:
        pairs.append((f"{scenario.page}.seed", str(scenario.seed)))
    return pairs


def says_doubt(field: str) -> bool:
    """Whether a field of an address is one end of a range, or the seed.

    Examples
    --------
    >>> says_doubt("moderation.auc.low"), says_doubt("moderation.auc")
    (True, False)
    """
    return field.endswith((*ENDS, ".seed"))


def read_seed(text: str | None, refusals: list[Refusal]) -> int:
    """Read the seed; 1 when it is not said, or refused."""
    if text is None or SEED.fullmatch(text):
        return USUAL if text is None else int(text)
    why = "must be a whole number from 0 to 999,999"
    refusals.append(Refusal.of("seed", why, text or "nothing"))
    return USUAL


def read_ranges(
    knobs: Mapping[str, Knob],
    values: Mapping[str, Value],
    said: Mapping[str, Mapping[str, str]],
    refusals: list[Refusal],
) -> list[Range]:
    """Read the ranges; an end that is not said is the default one.

    Parameters
    ----------
    knobs, values
        Of the scenario, by name.
    said
        Text by end (".low", ".high") by knob.
    refusals
        Grows by what is not taken; the default range then stands, both ends.
    """
    found = []
    for name, ends in said.items():
        if why := without_range(knobs[name]):
            refusals.append(Refusal.of(name + next(iter(ends)), f"must not be said: {why}"))
            continue
        told = [
            (end, text, *value_of(knobs[name], text, in_rows=False)) for end, text in ends.items()
        ]
        wrong = [
            Refusal.of(name + e, why, text or "nothing") for e, text, v, why in told if v is None
        ]
        low, high = default_range(knobs[name], float(values[name]))
        by_end = {
            ".low": low,
            ".high": high,
            **{end: float(v) for end, _, v, _ in told if v is not None},
        }
        low, high = by_end[".low"], by_end[".high"]
        if not wrong and low > high:
            wrong.append(_turned_round(knobs[name], low, high, ends))
        refusals += wrong
        if not wrong:
            found.append((name, low, high))
    return found


def _turned_round(knob: Knob, low: float, high: float, said: Mapping[str, str]) -> Refusal:
    """Refuse the end that was said; the low one where both were."""
    if ".low" in said:
        why = f"must lie in [{knob.low:g}, {high:g}], up to its high end"
        return Refusal.of(f"{knob.name}.low", why, said[".low"])
    why = f"must lie in [{low:g}, {knob.high:g}], from its low end up"
    return Refusal.of(f"{knob.name}.high", why, said[".high"])


def value_of(knob: Knob, text: str, *, in_rows: bool) -> tuple[Value | None, str]:
    """Read one value: what the text stands for, or None and why not."""
    if knob.scale == "choice":
        listed = " or ".join(f'"{c}"' for c in knob.choices)
        return (text, "") if text in knob.choices else (None, f"must be {listed}")
    low, high, unit = knob.low, knob.high, f" {knob.unit}" if knob.unit else ""
    limits = f"must lie in [{low:g}, {high:g}]{unit}"
    if knob.in_score_units and in_rows:  # the rows' own limits are not known here
        low, high, limits = -sys.float_info.max, sys.float_info.max, "must be a finite number"
    if knob.whole:
        limits = f"must be a whole number from {low:g} to {high:g}{unit}"
    if len(text) > LONGEST_NUMBER or not NUMBER.fullmatch(text):
        return None, limits
    value = float(text)
    fits = low <= value <= high and (value.is_integer() or not knob.whole)
    return (value, "") if fits else (None, limits)
