"""A decision log entry as Markdown: context, options, numbers, choice, what would reverse it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.reports.markdown import escaped, paragraph, quoted
from aipm_metrics.spoken import count, money, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.reports.decision_log import Entry, Number

__all__ = ["to_markdown"]

UNDEFINED = "undefined"


def to_markdown(entry: Entry) -> str:
    """Write an entry as CommonMark with tables; nothing anybody typed becomes markup."""
    names = {"a": f"A, {escaped(entry.a.name)}", "b": f"B, {escaped(entry.b.name)}"}
    why = quoted(entry.why) if entry.why.strip() else "> No reason was given."
    differs = (
        _table(("what differs", "A", "B"), entry.differs)
        if entry.differs
        else "Nothing that plays a part differs."
    )
    parts = [
        f"# {entry.date.isoformat()}: {escaped(entry.question)}",
        f"**Chosen: {names[entry.chosen]}.** Rejected: {names[entry.rejected]}.",
        "## Context", paragraph(entry.context),
        "## Options", f"- {names['a']}\n- {names['b']}", differs,
        "## Numbers", paragraph(entry.said),
        _table((_outcome(entry), "A", "B", "B less A"), [_row(n) for n in entry.numbers]),
        *_sure(entry),
        "## Why", why,
        f"Why not {names[entry.rejected]}: {escaped(entry.rejected_because)}",
        "## What would reverse it", _reversals(entry),
        "## Link", f"<{entry.link}>" if "://" in entry.link else f"`{entry.link}`",
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"


def _sure(entry: Entry) -> tuple[str, ...]:
    """Say the chance, and on which ranges and seed it stands; nothing where nobody asked."""
    odds = entry.chance
    if odds is None:
        return ()
    rows = [(one.label, *(_ends(ends, one.unit) for ends in (one.a, one.b))) for one in odds.ranges]
    head = f"{odds.said} Seed {odds.seed}; each assumption moves by itself within its range:"
    return "## How sure", paragraph(head), _table(("assumption", "range in A", "range in B"), rows)


def _ends(ends: tuple[float, float] | None, unit: str) -> str:
    return "plays no part" if ends is None else span(*ends, unit)


def _reversals(entry: Entry) -> str:
    # Where both cost the same, an entry that does not say who wins where has nothing to say.
    tie = entry.cheaper not in {"a", "b"}
    told = [r for r in entry.reverses if not tie or {r.below, r.above} == {"a", "b"}]
    if tie:
        both = "Both cost the same today" if entry.cheaper == "same" else "Neither is the cheaper"
        head = f"{both}; one of them wins on either side of any one of these:"
        none = f"{both}, and no single price or rate has one of them win on either side of it."
    else:
        head = (
            "Past any one of these the rejected option is the cheaper one:"
            if entry.chosen == entry.cheaper
            else "The chosen option is not the cheaper one; past any one of these it is:"
        )
        none = "No single price or rate, anywhere in its range."
    return "\n".join([head, "", *(f"- {escaped(one.said)}" for one in told)]) if told else none


def _outcome(entry: Entry) -> str:
    """Head the column of outcomes with what they are per, where that is one thing."""
    per = {number.per for number in entry.numbers}
    return f"outcome a {escaped(per.pop())}" if len(per) == 1 else "outcome"


def _row(number: Number) -> tuple[str, str, str, str]:
    say = money if number.unit.split(" ")[0] == "USD" else count
    a, b, difference = (
        UNDEFINED if value is None else say(value)
        for value in (number.a, number.b, number.difference)
    )
    plus = "+" if number.difference is not None and number.difference > 0 else ""
    return number.label, a, b, f"{plus}{difference}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table; every cell is escaped, a bar in it too."""
    lines = [header, ["---"] * len(header)]
    told = [" | ".join(line) for line in lines]
    told += [" | ".join(escaped(cell) for cell in row) for row in rows]
    return "\n".join(f"| {line} |" for line in told)
