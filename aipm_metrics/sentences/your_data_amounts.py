"""What is said of a miss that costs the row's own amount, and of a threshold for each row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.spoken import count, money, share, whole
from aipm_metrics.spoken_exactly import cut_exactly, sums

if TYPE_CHECKING:
    from aipm_metrics.rows.profile_counts import Calibration
    from aipm_metrics.rows.profile_parts import RowsProfile

__all__ = ["amount_lines", "amount_questions", "rule_lines"]

CENT = 0.01  # USD; less is no difference
NEAR = 0.05  # scores that add up to within so much of what happened are neither high nor low


def amount_lines(p: RowsProfile) -> tuple[str, ...]:
    """Say what changes where a miss costs the row's own amount."""
    m = p.amounts
    if m is None:
        return ()
    said = [
        f"Events are worth {money(m.of_events)} in all, other rows {money(m.of_others)}. If a miss "
        f"costs the row's amount, B costs {money(m.cost_b)}, and "
        f"{cut_exactly(m.best_threshold)} is the cheapest single threshold at "
        f"{money(m.best_cost)}.",
    ]
    if m.without:
        said.append(f"{m.without:,} rows have no amount; missing them costs nothing here.")
    return tuple(said)


def rule_lines(p: RowsProfile) -> tuple[str, ...]:
    """Say what a threshold per row, by its amount, does to these rows; promise nothing unasked."""
    m, c = p.amounts, p.calibration
    if m is None or c is None:
        return ()
    if m.rule is None:
        return (
            "Would a threshold per row, by its amount, cost less than one for all? At this price "
            "the rows have not been asked.",
        )
    rule, one, apart = sums(m.rule.cost, m.best_cost)
    if m.rule.pays:
        return (
            "One threshold for all is not the best there is: flag each row where its own score and "
            f"amount make a flag pay. On these rows that costs {rule}, {apart} less than the "
            f"{one} of the cheapest single threshold; it catches {m.rule.tp:,} events and "
            f"flags {m.rule.fp:,} others by mistake.",
        )
    if m.rule.saving > -CENT:
        return ("A threshold per row, by its amount, costs what the cheapest single one does.",)
    return (
        f"{_off(c)} A threshold per row, by its amount, would cost {rule} on these rows, {apart} "
        f"more than the {one} of the cheapest single threshold, until the scores are recalibrated.",
    )


def _off(c: Calibration) -> str:
    """Say how far scores are from chances."""
    added = f"they add up to {whole(c.said)} events where {whole(c.happened)} happened"
    if c.ratio > 1 + NEAR:
        return f"The scores overstate: {added}, {count(c.ratio)} times as many."
    if c.ratio < 1 - NEAR:
        return f"The scores understate: {added}, {share(c.ratio)} of them."
    return f"The scores are right in all ({added}) but not amount by amount."


def amount_questions(p: RowsProfile) -> dict[str, str]:
    """Ask above each picture what it answers; of the rule no more than the rows bear out."""
    asked = {"amounts": "What does each threshold cost then?"}
    if p.amounts is not None and p.calibration is not None:
        asked["elkan"] = (
            "From which score does a flag pay?"
            if p.amounts.rule is not None and p.amounts.rule.pays
            else "From which score would a flag pay, if scores were chances?"
        )
    return asked
