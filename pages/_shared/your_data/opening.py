"""The same rows in the pages that take rows: all of them, or one segment, version or month."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from aipm_metrics.errors import RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.link_values import text_of
from aipm_metrics.rows.asked import PAGE
from aipm_metrics.rows.counting import ScoredRows
from aipm_metrics.scenarios.diagnosis import DiagnosisScenario
from aipm_metrics.scenarios.moderation import ModerationScenario
from aipm_metrics.sentences.your_data_groups import group_name
from pages._shared.address import read_again
from pages._shared.controls import key_of
from pages._shared.frame import plain
from pages._shared.own_rows import offer_rows

if TYPE_CHECKING:
    from aipm_metrics.rows.profile_counts import Counted, Grouped
    from aipm_metrics.rows.profile_parts import RowsProfile
    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["open_elsewhere"]

ALL = "All rows"


class Target(NamedTuple):
    """A page that takes rows.

    Attributes
    ----------
    scenario
    priced : dict of str
        Its knob for each of the two prices, where it has one that means the same.
    about : str
        What its words and its other numbers are about.
    """

    scenario: type[Scenario]
    priced: dict[str, str]
    about: str


TARGETS = (
    Target(
        ModerationScenario, {"miss": "harm_per_missed"},
        "It speaks of posts that are removed or left up. A false alarm has no price of its own "
        "there: it costs what authors who leave and reviewers' time do, and a miss costs viewers "
        "who leave besides.",
    ),
    Target(
        DiagnosisScenario, {"miss": "harm_per_miss", "false_alarm": "cost_workup"},
        "It speaks of women who are screened for cancer, and clinicians decide with the AI: what "
        "they do alone, their time and its cost are the page's own.",
    ),
)  # fmt: skip


def open_elsewhere(counted: Counted, p: RowsProfile) -> None:
    """Choose which rows, and draw a link to every page that takes them."""
    parts: dict[str, tuple[Grouped, int] | None] = {ALL: None}
    for grouped in counted.every_group:
        for g, name in enumerate(grouped.names):
            told = f"{grouped.by}: {group_name(name, grouped.by)}"
            same = sum(other == told or other.startswith(f"{told} (no. ") for other in parts)
            parts[f"{told} (no. {same + 1})" if same else told] = grouped, g
    picked = st.selectbox("Which rows", list(parts), key=f"{PAGE}~part")
    try:
        rows = _rows(counted, p, parts[picked])
    except RowsError:
        st.caption("These rows are all events, or none is; a page needs both kinds.")
        return
    offer_rows(rows)
    with st.grid(2, min_column_width=300):
        for target in TARGETS:
            scenario = target.scenario
            read_again(scenario)
            with st.container(key=f"{PAGE}-open-{scenario.page}"):
                st.page_link(
                    f"pages/{scenario.page}.py", label=f"Open in {scenario.title}",
                    query_params=_fields(target, rows, p),
                )  # fmt: skip
                st.caption(plain(f"{_carried(target, p)} {target.about}"))


def _rows(counted: Counted, p: RowsProfile, part: tuple[Grouped, int] | None) -> ScoredRows:
    if part is None:
        return ScoredRows(
            p.name, counted.rows, p.rows + p.left_out, p.left_out, _left_out(p.left_out)
        )
    grouped, g = part
    counts, left_out = grouped.to_empirical(g), int(grouped.left_out[g])
    name = f"{p.name}, {grouped.by} {group_name(grouped.names[g], grouped.by)}"
    return ScoredRows(name, counts, int(grouped.n_rows[g]), left_out, _left_out(left_out))


def _left_out(n_rows: int) -> tuple[str, ...]:
    return (f"Rows left out, without a score or a label: {n_rows:,}.",) if n_rows else ()


def _fields(target: Target, rows: ScoredRows, p: RowsProfile) -> dict[str, str]:
    """Address of a page: these rows, B as its threshold, A as today's, and prices it has too.

    It always says a threshold, so the page takes the whole of it at its word.
    """
    scenario = target.scenario
    low, high = float(rows.counts.thresholds[0]), float(rows.counts.thresholds[-1])
    fields = {"v": str(scenario.version), "rows": rows.counts.fingerprint}
    for name, knob in knobs_of(scenario).items():
        if knob.in_score_units:
            at = p.a.threshold if name.startswith("today") else p.b.threshold
            fields[key_of(scenario, name)] = text_of(min(max(at, low), high))
    taken = _taken(target, p)
    return fields | {key_of(scenario, name): text_of(usd) for name, usd in taken.items()}


def _taken(target: Target, p: RowsProfile) -> dict[str, float]:
    """Prices by the page's own knob, as far as they lie within its limits."""
    knobs = knobs_of(target.scenario)
    prices = {knob: float(getattr(p.prices, name)) for name, knob in target.priced.items()}
    return {name: usd for name, usd in prices.items() if knobs[name].low <= usd <= knobs[name].high}


def _carried(target: Target, p: RowsProfile) -> str:
    """Say what goes along and which price does not."""
    taken = _taken(target, p)
    gone = [name for name, knob in target.priced.items() if knob in taken]
    words = {"miss": "price of a miss", "false_alarm": "price of a false alarm"}
    along = ", ".join(["these rows", "the thresholds", *(f"the {words[name]}" for name in gone)])
    left = [name for name in words if name in target.priced and name not in gone]
    stays = (
        f" The {' and the '.join(words[n] for n in left)} is beyond what it takes." if left else ""
    )
    return f"Goes along: {along}.{stays}"
