"""How far numbers of binned scores may be off, in words; nothing is said where nothing may."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from aipm_metrics.spoken import cut, money, share, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.rows.profile_parts import RowsProfile, Spot

__all__ = ["amount_bounds", "at_most", "bound_notes", "plus_minus", "unknown_line"]

SLACK = 1e-9  # of a digit: what is whole but for rounding stays so
LEAST = 1e-6  # of an AUC; less is not told to the digit
MOST_DIGITS = 17  # tell any two floats apart


def unknown_line(p: RowsProfile) -> str:
    """Say what is shown of A and B where they lie inside a bin, and how far it may be off."""
    told = [_inside(name, s) for name, s in (("A", p.a), ("B", p.b)) if s.more_tp or s.more_fp]
    return " ".join(["Scores are binned here.", *told]) if told else ""


def _inside(name: str, s: Spot) -> str:
    counted = "flagging nothing" if math.isinf(s.counted_at) else _told_apart(s)
    return (
        f"What is said of {name} was counted at {counted}; at {cut(s.threshold)} itself up to "
        f"{s.more_tp:,} more events and {s.more_fp:,} other rows are flagged, and the cost may be "
        f"off by at most {money(_up(s.unknown))}."
    )


def _told_apart(s: Spot) -> str:
    """Write the threshold that was counted at with as many digits as tell it from the one asked."""
    digits = range(3, MOST_DIGITS + 1)
    told = (f"{s.counted_at:.{d}g}" for d in digits if float(f"{s.counted_at:.{d}g}") > s.threshold)
    return f"the next threshold that is kept, {next(told, repr(s.counted_at))}"


def bound_notes(p: RowsProfile) -> tuple[str, ...]:
    """Say of everything that rests on binned scores how far it may be off."""
    if p.exact:
        return ()
    said = [
        f"There are more distinct scores than are kept: {p.distinct:,} thresholds are, and no "
        f"count between two of them is off by more than {share(_up(p.max_error))} of a class; of a "
        "small group it may be more. Intervals include that.",
        f"The AUC is off by at most {_tiny(p.bounds.auc)}, and a threshold between two that were "
        f"counted could cost at most {money(_up(p.bounds.cheaper))} less than the lowest cost.",
    ]
    if p.calibration is not None and p.calibration.said_unknown:
        c = p.calibration
        said.append(
            f"Each score is taken at the lowest of its bin: they may add up to "
            f"{whole(math.ceil(c.said + c.said_unknown))} events."
        )
    if not math.isnan(p.verdict.held_out) and (p.a.more_tp or p.a.more_fp):
        said.append("The halves of the rows were judged with A where it was counted.")
    return tuple(said)


def _tiny(auc: float) -> str:
    return f"{_up(max(auc, LEAST)):.7f}".rstrip("0")


def amount_bounds(p: RowsProfile) -> tuple[str, ...]:
    """Say how far costs by amount may be off."""
    if p.amounts is None or not (p.bounds.amount_b or p.bounds.amount_cheaper):
        return ()
    return (
        f"Scores are binned, so B's cost by amount may be off by at most "
        f"{money(_up(p.bounds.amount_b))}, and a threshold between two that were counted could "
        f"cost at most {money(_up(p.bounds.amount_cheaper))} less, as long as no amount is "
        "negative.",
    )


def at_most(said: str, unknown: float, say: Callable[[float], str] = money) -> str:
    """Say a number with how far it may be off.

    Examples
    --------
    >>> at_most("$5,800", 541.0)
    '$5,800, give or take $550 at most'
    """
    return f"{said}, give or take {say(_up(unknown))} at most"


def plus_minus(said: str, usd: float) -> str:
    """Say the same where there is little room.

    Examples
    --------
    >>> plus_minus("saves $5,800", 541.0)
    'saves $5,800 ± $550'
    """
    return f"{said} ± {money(_up(usd))}"


def _up(bound: float) -> float:
    """Round up to two digits: a bound that is rounded down is none."""
    if bound <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(bound)) - 1)
    return math.ceil(bound / step - SLACK) * step
