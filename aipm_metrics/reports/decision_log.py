"""An entry for a decision log: what was decided, on which numbers, and what would reverse it.

Written from a finished comparison, the choice, and somebody's reason. As Markdown it is read
(`decision_markdown`), as JSON it is kept (`decision_entry`). No clock is read: the date is told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from aipm_metrics.comparisons.links import compare_to_link
from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import to_link
from aipm_metrics.reports.decision_entry import (
    LONGEST_WHY,
    Belief,
    Entry,
    Number,
    Odds,
    Option,
    Reversal,
)
from aipm_metrics.scenarios.uncertainty import common_ranges
from aipm_metrics.sentences import comparison as words
from aipm_metrics.sentences import comparison_tables as tables
from aipm_metrics.sentences.comparison_money import who_pays

if TYPE_CHECKING:
    import datetime

    from aipm_metrics.comparisons.compared import Compared, OutcomeDifference, Turning
    from aipm_metrics.models.draws import Chance
    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["LONGEST_WHY", "Entry", "Number", "Option", "Reversal", "entry_of"]

HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?", re.ASCII)


def entry_of(
    compared: Compared,
    *,
    chosen: Literal["a", "b"],
    why: str,
    on: datetime.date,
    names: tuple[str, str] = ("A", "B"),
    host: str = "",
    chance: Chance | None = None,
) -> Entry:
    """Write down a decision between two answers.

    Parameters
    ----------
    compared
        The two answers side by side.
    chosen
        The side that was chosen.
    why
        The reason in somebody's own words; at most 4,000 characters are kept.
    on
        Day of the decision.
    names
        What people call A and B.
    host
        Where the dashboard is, "https://metrics.example", to make the link absolute; left
        out when it is not a plain web address.
    chance
        That B is the cheaper one, as `chance_cheaper` finds it, if it was asked for.
    """
    a, b = compared.comparison.a, compared.comparison.b
    rejected: Literal["a", "b"] = "b" if chosen == "a" else "a"
    return Entry(
        date=on, question=a.question, context=a.line,
        a=_option(a, names[0]), b=_option(b, names[1]),
        differs=tables.knob_rows(compared),
        numbers=tuple(_number(o) for o in compared.outcomes),
        said=" ".join((*words.aloud(compared), *who_pays(compared))),
        chance=None if chance is None else _odds(compared, chance),
        chosen=chosen, rejected=rejected, cheaper=_cheaper(compared),
        rejected_because=words.against(compared, rejected),
        why=why[:LONGEST_WHY],
        reverses=tuple(_reversal(*told) for told in words.reversals(compared)),
        link=_origin(host) + compare_to_link(a, b, chosen),
    )  # fmt: skip


def _option(scenario: Scenario, name: str) -> Option:
    return Option(
        name=name,
        link=to_link(scenario),
        page=scenario.page,
        version=scenario.version,
        rows=scenario.rows,
        knobs={knob: getattr(scenario, knob) for knob in knobs_of(type(scenario))},
    )


def _odds(compared: Compared, chance: Chance) -> Odds:
    a, b = compared.comparison.a, compared.comparison.b
    of_a, of_b = common_ranges(
        a, b, with_rows_a=compared.rows_a is not None, with_rows_b=compared.rows_b is not None
    )
    drawn = [knob for name, knob in knobs_of(type(a)).items() if name in {**of_a, **of_b}]
    return Odds(
        b_cheaper=chance.wins, same=chance.ties, a_cheaper=chance.losses, draws=chance.draws,
        seed=min(a.seed, b.seed),
        ranges=tuple(
            Belief(knob=knob.name, label=knob.label, unit=knob.unit,
                   a=of_a.get(knob.name), b=of_b.get(knob.name))
            for knob in drawn
        ),
        said=words.chance_line(chance),
    )  # fmt: skip


def _number(o: OutcomeDifference) -> Number:
    return Number(
        name=o.outcome.name, label=o.outcome.label, unit=o.outcome.unit, per=o.outcome.per,
        a=o.a, b=o.b, difference=o.difference, better=o.verdict,
    )  # fmt: skip


def _cheaper(compared: Compared) -> Literal["a", "b", "same", "undefined"]:
    """Name what costs less, as the sentences of the entry do: less than a cent is nothing."""
    tie = compared.cheaper in {"a", "b"} and not words.winner_of(compared)
    return "same" if tie else compared.cheaper


def _reversal(turning: Turning, said: str) -> Reversal:
    flip = turning.flip
    return Reversal(knob=flip.knob.name, moved=turning.moved, now=flip.today, at=flip.at,
                    below=turning.below, above=turning.above, said=said)  # fmt: skip


def _origin(host: str) -> str:
    """Keep scheme and host of a web address; nothing of what is none."""
    try:
        parts = urlsplit(host)
    except ValueError:
        return ""
    plain = parts.scheme in {"http", "https"} and HOST.fullmatch(parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if plain else ""
