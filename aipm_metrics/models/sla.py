"""Limits on a streamed answer that must fit one another: first token, each further one, the last.

The time to the last of L tokens is that to the first and L - 1 gaps. Who promises all three has
promised only two freely. Some tools count L gaps; here, as in NVIDIA AIPerf's definition of
inter-token latency, the first token has none before it. Percentiles do not add: this is about
single answers, each within its limits. Axis letter: `g` settings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.queue_inputs import at_least_zero, positive

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["LimitCheck", "check_limits", "inter_token_s"]

ROUNDING = 1e-12  # of the limit: 0.2 s + 24 gaps of 0.2 s are 5 s on paper


@dataclass(frozen=True, slots=True)
class LimitCheck:
    """Whether three limits fit, and what would make them fit; every field broadcasts.

    Attributes
    ----------
    needed_s : float or array, s
        End-to-end time of an answer that just keeps the other two limits.
    over_s : float or array, s
        By how much that exceeds the end-to-end limit; 0 where all fit.
    consistent : bool or array
        Whether all fit.
    first_token_s : float or array, s
        Largest limit on the first token that would fit the other two; nan where none would.
    per_token_s : float or array, s
        Largest limit per further token that would; nan where none would, or there is none.
    end_to_end_s : float or array, s
        Smallest end-to-end limit that would: `needed_s`.
    output_tokens : float or array
        Longest answer that would, in whole tokens; 0 where not even one token would.
    """

    needed_s: Any
    over_s: Any
    consistent: Any
    first_token_s: Any
    per_token_s: Any
    end_to_end_s: Any
    output_tokens: Any


def check_limits(
    first_token_s: ArrayLike,
    per_token_s: ArrayLike,
    end_to_end_s: ArrayLike,
    output_tokens: ArrayLike,
) -> LimitCheck:
    """Check whether limits on the first token, on each further one and on the whole fit.

    ``first_token_s + (output_tokens - 1) per_token_s <= end_to_end_s``

    Parameters
    ----------
    first_token_s : float or (g,) floats, s
        Limit on the time to the first token, at least 0.
    per_token_s : float or (g,) floats, s
        Limit on the time per further token, at least 0.
    end_to_end_s : float or (g,) floats, s
        Limit on the time to the last token, at least 0.
    output_tokens : float or (g,) floats
        Tokens of an answer, at least 1.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    One second and 100 gaps of 50 ms are six seconds; five were promised:

    >>> check = check_limits(1, 0.05, 5, 101)
    >>> bool(check.consistent), round(float(check.over_s), 9)
    (False, 1.0)
    >>> round(float(check.per_token_s), 9), float(check.output_tokens)
    (0.04, 81.0)
    """
    first = np.asarray(at_least_zero("first_token_s", first_token_s))
    each = np.asarray(at_least_zero("per_token_s", per_token_s))
    whole = np.asarray(at_least_zero("end_to_end_s", end_to_end_s))
    gaps = _tokens(output_tokens) - 1
    needed = first + gaps * each
    over = np.where(needed > whole * (1 + ROUNDING), needed - whole, 0.0)
    left = whole - first
    some, slow = gaps > 0, each > 0
    per_token = np.where(some & (left > 0), left / np.where(some, gaps, 1.0), np.nan)
    for_first = whole - gaps * each
    fitting = np.floor(left / np.where(slow, each, 1.0) * (1 + ROUNDING)) + 1
    return LimitCheck(
        needed[()],
        over[()],
        (over == 0)[()],
        np.where(for_first > 0, for_first, np.nan)[()],
        per_token[()],
        needed[()],
        np.where(left < 0, 0.0, np.where(slow, fitting, np.inf))[()],
    )


def inter_token_s(
    end_to_end_s: ArrayLike, first_token_s: ArrayLike, output_tokens: ArrayLike
) -> Any:
    """Mean time per token after the first, ``(end_to_end - first) / (output_tokens - 1)``.

    Parameters
    ----------
    end_to_end_s, first_token_s : float or array, s
        Measured on one answer, the first not below the second.
    output_tokens : float or array
        At least 1.

    Returns
    -------
    float or array, s
        nan for an answer of one token: there is no gap to measure.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    >>> float(inter_token_s(100, 20, 6)), float(inter_token_s(100, 100, 1))
    (16.0, nan)
    """
    whole = np.asarray(at_least_zero("end_to_end_s", end_to_end_s))
    first = np.asarray(at_least_zero("first_token_s", first_token_s))
    if (first > whole).any():
        raise MetricsError("`first_token_s` must not be above `end_to_end_s`")
    gaps = _tokens(output_tokens) - 1
    return np.where(gaps > 0, (whole - first) / np.where(gaps > 0, gaps, 1.0), np.nan)[()]


def _tokens(output_tokens: ArrayLike) -> Any:
    tokens = np.asarray(positive("output_tokens", output_tokens))
    if (tokens < 1).any():
        raise MetricsError(f"`output_tokens` must be at least 1; got {tokens.min():g}")
    return tokens
