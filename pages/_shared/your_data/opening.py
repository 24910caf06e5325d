"""The same rows in the pages that take rows: all of them, or one segment, version or month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from aipm_metrics.errors import RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.link_values import text_of
from aipm_metrics.rows.asked import PAGE
from aipm_metrics.rows.counting import ScoredRows
from aipm_metrics.scenarios.diagnosis import DiagnosisScenario
from aipm_metrics.scenarios.moderation import ModerationScenario
from aipm_metrics.sentences.your_data_groups import group_name
from pages._shared.address import AT_ITS_WORD, read_again
from pages._shared.controls import key_of
from pages._shared.own_rows import offer_rows

if TYPE_CHECKING:
    from aipm_metrics.rows.profile_counts import Counted, Grouped
    from aipm_metrics.rows.profile_parts import RowsProfile
    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["open_elsewhere"]

ALL = "All rows"
TAKE_ROWS: tuple[type[Scenario], ...] = (ModerationScenario, DiagnosisScenario)


def open_elsewhere(counted: Counted, p: RowsProfile) -> None:
    """Choose which rows, and draw a link to every page that takes them."""
    parts: dict[str, tuple[Grouped, int] | None] = {ALL: None}
    for grouped in counted.every_group:
        for g, name in enumerate(grouped.names):
            told = f"{grouped.by}: {group_name(name)}"
            same = sum(other == told or other.startswith(f"{told} (no. ") for other in parts)
            parts[f"{told} (no. {same + 1})" if same else told] = grouped, g
    picked = st.selectbox("Which rows", list(parts), key=f"{PAGE}~part")
    try:
        rows = _rows(counted, p, parts[picked])
    except RowsError:
        st.caption("These rows are all events or all others; a page needs both.")
        return
    offer_rows(rows)
    with st.container(horizontal=True):
        for scenario in TAKE_ROWS:
            read_again(scenario)
            st.page_link(
                f"pages/{scenario.page}.py", label=f"Open in {scenario.title}",
                query_params=_fields(scenario, rows, p),
            )  # fmt: skip


def _rows(counted: Counted, p: RowsProfile, part: tuple[Grouped, int] | None) -> ScoredRows:
    if part is None:
        return ScoredRows(
            p.name, counted.rows, p.rows + p.left_out, p.left_out, _left_out(p.left_out)
        )
    grouped, g = part
    counts, left_out = grouped.to_empirical(g), int(grouped.left_out[g])
    name = f"{p.name}, {grouped.by} {group_name(grouped.names[g])}"
    return ScoredRows(name, counts, int(grouped.n_rows[g]), left_out, _left_out(left_out))


def _left_out(n_rows: int) -> tuple[str, ...]:
    return (f"Rows left out, without a score or a label: {n_rows:,}.",) if n_rows else ()


def _fields(scenario: type[Scenario], rows: ScoredRows, p: RowsProfile) -> dict[str, str]:
    """Address of a page: these rows, B as its threshold and A as today's."""
    low, high = float(rows.counts.thresholds[0]), float(rows.counts.thresholds[-1])
    fields = {"v": str(scenario.version), "rows": rows.counts.fingerprint, **AT_ITS_WORD}
    for name, knob in knobs_of(scenario).items():
        if knob.in_score_units:
            at = p.a.threshold if name.startswith("today") else p.b.threshold
            fields[key_of(scenario, name)] = text_of(min(max(at, low), high))
    return fields
