"""What the address says: read before the first widget, and kept clean beside the widgets.

Streamlit binds each widget to its field and silently drops what it cannot take; it also takes
things the core refuses, such as other alphabets' digits. So the fields are read here first,
refused ones are removed, and one calm sentence says which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from aipm_metrics.link_values import says_doubt
from aipm_metrics.links import read_fields
from pages._shared.frame import plain

if TYPE_CHECKING:
    from aipm_metrics.errors import Refusal
    from aipm_metrics.scenarios.contract import Scenario

__all__ = [
    "keep_version",
    "meant_by_link",
    "open_address",
    "rows_in_address",
    "set_rows_in_address",
]


def open_address(scenario: type[Scenario]) -> None:
    """Read the address once per session, refuse what must be, and say so.

    Must run before the first widget of the page. Restarts the script when something was
    removed, so that no widget ever sees it.
    """
    opened = f"{scenario.page}:opened"
    if opened not in st.session_state:
        pairs = [(field, text) for field in st.query_params for text in _texts(field)]
        meant, refusals = read_fields(scenario, pairs)
        st.session_state[opened] = refusals
        st.session_state[f"{scenario.page}:meant"] = meant
        if refusals:
            rows = [pair for pair in pairs if pair[0] == "rows"]
            kept = {f: t for f, t in pairs if not _refused(scenario, f, pairs, rows)}
            # Ranges mean nothing alone; those that were taken are written again by the page.
            st.query_params.from_dict({f: t for f, t in kept.items() if not says_doubt(f)})
            st.rerun()
    _say(scenario, st.session_state[opened], opened)


def _texts(field: str) -> list[str]:
    return st.query_params.get_all(field)


def _refused(
    scenario: type[Scenario],
    field: str,
    pairs: list[tuple[str, str]],
    rows: list[tuple[str, str]],
) -> bool:
    """Whether a field, read alone (but among rows, if any), is refused."""
    alone = [pair for pair in pairs if pair[0] == field]
    beside = rows if field != "rows" and not read_fields(scenario, rows)[1] else []
    return bool(read_fields(scenario, [*beside, *alone])[1])


def _say(scenario: type[Scenario], refusals: tuple[Refusal, ...], opened: str) -> None:
    if not refusals:
        return
    said = " ".join(refusal.sentence for refusal in refusals[:6])
    more = f" And {len(refusals) - 6} more." if len(refusals) > 6 else ""
    with st.container(border=True, key=f"{scenario.page}-refused"):
        st.markdown(
            f"Part of this link was not taken; its default stands instead. {plain(said)}{more}"
        )

        def dismiss() -> None:
            st.session_state[opened] = ()

        st.button("Understood", key=f"{opened}~dismiss", on_click=dismiss)


def meant_by_link(scenario: type[Scenario]) -> Scenario:
    """Return the scenario that the session's first address meant."""
    meant = st.session_state.get(f"{scenario.page}:meant")
    return meant if isinstance(meant, scenario) else scenario()


def keep_version(scenario: type[Scenario]) -> None:
    """Keep the schema version in the address, beside the knobs."""
    if st.query_params.get("v") != str(scenario.version):
        st.query_params["v"] = str(scenario.version)


def rows_in_address() -> str:
    """Return the fingerprint of the rows the address speaks of, or nothing."""
    return st.query_params.get("rows", "")


def set_rows_in_address(fingerprint: str) -> None:
    """Name the attached rows in the address, or take them out again."""
    if rows_in_address() == fingerprint:
        return
    if fingerprint:
        st.query_params["rows"] = fingerprint
    else:
        del st.query_params["rows"]
