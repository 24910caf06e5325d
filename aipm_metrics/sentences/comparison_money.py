"""Where the money of a comparison goes, in one sentence: a finished comparison in, words out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.sentences.comparison import CENTS, joined
from aipm_metrics.spoken import money

if TYPE_CHECKING:
    from aipm_metrics.comparisons.compared import Compared

__all__ = ["who_pays"]

TWO = 2  # parts of the money that a sentence can hold


def who_pays(compared: Compared) -> tuple[str, ...]:
    """Say which money B saves and which it pays, the two largest of each; nothing of nothing."""
    if compared.same or not compared.parts:
        return ()
    clauses = (_largest("saves", "on", compared, -1), _largest("pays more", "for", compared, 1))
    said = ", and ".join(clause for clause in clauses if clause)
    return (f"B {said}.",) if said else ()


def _largest(verb_: str, word: str, compared: Compared, sign: int) -> str:
    """Name the two largest differences of one sign; they come sorted."""
    told = [o for o in compared.parts if sign * o.difference >= CENTS]
    if not told:
        return ""
    some = " above all" if len(told) > TWO else ""
    named = [f"{o.outcome.label} ({money(abs(o.difference))})" for o in told[:TWO]]
    return f"{verb_}{some} {word} {joined(named)}"
