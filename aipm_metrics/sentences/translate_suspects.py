"""What is said of a number that may be the wrong one: as written, and what the others leave it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.models.written_numbers import write_number
from aipm_metrics.sentences.metric_words import NAMES, between, listed, metric_value, nearest, span
from aipm_metrics.spoken import undefined

if TYPE_CHECKING:
    from aipm_metrics.models.suspects import Suspects
    from aipm_metrics.scenarios.translate import TranslateResult

__all__ = ["NOT_FOUND", "as_said", "blamed", "left_of", "near", "would_be"]

NOT_FOUND = "not found"


def as_said(result: TranslateResult, name: str) -> str:
    """Say a number given the way it was written."""
    for metric, value, rounding in result.reading.said:
        if metric == name:
            ratio = METRICS[name].is_ratio
            return write_number(value, rounding, ratio=ratio, percent=name != "f1")
    return ""


def would_be(result: TranslateResult, one: Suspects) -> tuple[str, str]:
    """Say what the one wrong number would have to be, and what else, and that it was not that.

    A card has no room for two values in its large letters: the second is said below.
    """
    (name,) = one.metrics
    wrong = f"not {as_said(result, name)}"
    if one.nearest is not None:
        first, _, second = nearest(name, one.nearest, _rounding(result, name)).partition(" or ")
        return first or NOT_FOUND, f"or {second}, {wrong}" if second else wrong
    if undefined(one.typical[0]):
        return span(name, one.allowed[0]), wrong
    return metric_value(name, one.typical[0]), wrong


def left_of(result: TranslateResult, one: Suspects) -> str:
    """Say in a sentence what the other numbers leave it."""
    (name,) = one.metrics
    if one.nearest is None:
        return f"The other numbers leave it {span(name, one.allowed[0])}."
    if told := near(result, one):
        return f"Of whole cases, the nearest that the other numbers allow: {told}."
    return "No value of whole cases that the other numbers allow was found near it."


def near(result: TranslateResult, one: Suspects) -> str:
    """Say the nearest values of whole cases, and of how many; nothing where none is known."""
    (name,) = one.metrics
    if one.nearest is None:
        return ""
    return nearest(name, one.nearest, _rounding(result, name), counted=True)


def _rounding(result: TranslateResult, name: str) -> str:
    return next(rounding for metric, _, rounding in result.reading.said if metric == name)


def blamed(result: TranslateResult, single: list[Suspects]) -> list[str]:
    """Say of each number that alone may be wrong what it would have to be."""
    names = [one.metrics[0] for one in single]
    if not result.reading.fractions:
        told = [
            f"{NAMES[name]} would be {between(name, one.allowed[0])}, not {as_said(result, name)}"
            for name, one in zip(names, single, strict=True)
        ]
        return [f"If only one is wrong: {'; or '.join(told)}."]
    said = [f"One number is wrong: {listed([NAMES[name] for name in names], 'or')}."]
    closest = [(NAMES[one.metrics[0]], near(result, one)) for one in single]
    if told := [f"{name} {values}" for name, values in closest if values]:
        said.append(f"Of whole cases, the nearest that the others allow: {'; '.join(told)}.")
    return said
