"""How long the tokens of a batching LLM take at Peak load: the first, and each one after it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.peak_load_day import Day

__all__ = ["Tokens", "tokens_of"]


@dataclass(frozen=True, slots=True)
class Tokens:
    """Mean times, s: over the day's requests, and in its worst quarter of an hour.

    Attributes
    ----------
    first, first_worst
        To the first token: the wait for a place, and reading the prompt.
    each, each_worst
        From one token to the next.
    """

    first: float
    first_worst: float
    each: float
    each_worst: float


def tokens_of(day: Day) -> Tokens:
    """Read the tokens' times off the day of one setting."""
    s = day.knobs
    first = day.line.mean_wait + s.prompt_tokens * s.prefill_ms / 1000
    each = day.work.mean / s.output_tokens

    def mean(values: Floats) -> float:
        return float(np.ravel(day.over(values))[0])

    def worst(values: Floats) -> float:
        return float(day.by_quarter(values).max())

    return Tokens(mean(first), worst(first), mean(each), worst(each))
