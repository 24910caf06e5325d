"""What the address says: read before the first widget, and kept clean beside the widgets.

Streamlit binds each widget to its field and silently drops what it cannot take; it also takes
things the core refuses, such as other alphabets' digits. So the fields are read here first,
refused ones are removed, and one calm sentence says which.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from aipm_metrics.knobs import knobs_of
from aipm_metrics.link_values import says_doubt
from aipm_metrics.links import read_fields
from pages._shared.frame import plain

if TYPE_CHECKING:
    from aipm_metrics.errors import Refusal
    from aipm_metrics.scenarios.contract import Scenario

__all__ = [
    "AT_ITS_WORD",
    "keep_version",
    "meant_by_link",
    "open_address",
    "read_again",
    "rows_in_address",
    "set_rows_in_address",
]


# In a link that is to replace what the session has on that page, even by nothing but defaults;
# a field that every page passes over.
AT_ITS_WORD = {"utm_source": "compare"}


def open_address(scenario: type[Scenario]) -> None:
    """Read the address once per session and on Back and Forward; say what is refused.

    Must run before the first widget of the page. Restarts the script when something was
    removed, so that no widget ever sees it.
    """
    opened = f"{scenario.page}:opened"
    pairs = [(field, text) for field in st.query_params for text in _texts(field)]
    anew = _says_anew(scenario, pairs)  # asked on the first visit too: it is said of one visit only
    if opened in st.session_state:
        if anew or _came_by_back_or_forward():
            _take_up(scenario, pairs)
    else:
        meant, refusals = read_fields(scenario, pairs)
        st.session_state[opened] = refusals
        st.session_state[f"{scenario.page}:meant"] = meant
        aside = _set_aside(scenario, meant)
        rows = [pair for pair in pairs if pair[0] == "rows"]
        kept = {
            field: text
            for field, text in pairs
            if field not in aside and not _refused(scenario, field, pairs, rows)
        }
        if refusals:  # ranges mean nothing alone; those that were taken are written again
            kept = {field: text for field, text in kept.items() if not says_doubt(field)}
        if len(kept) < len(pairs):
            st.query_params.from_dict(kept)
        if refusals:
            st.rerun()
    _say(scenario, st.session_state[opened], opened)


def _came_by_back_or_forward() -> bool:
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _take_up(scenario: type[Scenario], pairs: list[tuple[str, str]]) -> None:
    """Give every knob the value of an address one has come to.

    Streamlit does so as it draws each knob; but which knobs are drawn depends on others, which
    may stand further down.
    """
    meant, _ = read_fields(scenario, pairs)
    st.session_state[f"{scenario.page}:meant"] = meant
    for name in knobs_of(scenario):
        value = getattr(meant, name)
        value = value if isinstance(value, str) else float(value)
        st.session_state[f"{scenario.page}.{name}"] = value


def _set_aside(scenario: type[Scenario], meant: Scenario) -> set[str]:
    """Put the knobs that play no part into the session; return their fields in the address.

    Left in the address, such a knob would overrule a preset that brings it into view; and unknown
    to the session, it would not be written there when one does. Both are Streamlit's rules.
    """
    fields = set()
    for name in scenario.idle(meant.model_dump(), with_rows=bool(meant.rows)):
        field = f"{scenario.page}.{name}"
        st.session_state[field] = getattr(meant, name)
        fields.add(field)
    return fields


def read_again(scenario: type[Scenario]) -> None:
    """Let a page take the next address it is reached at at its word, if that says so or a knob.

    A page that the session has opened before would else keep its own values. For pages that
    link to a scenario.
    """
    st.session_state[f"{scenario.page}:again"] = True


def _says_anew(scenario: type[Scenario], pairs: list[tuple[str, str]]) -> bool:
    """Whether a link from another page led here; its values then take the widgets' place."""
    again = bool(st.session_state.pop(f"{scenario.page}:again", False))
    own = f"{scenario.page}."
    return again and any(field.startswith(own) or field in AT_ITS_WORD for field, _ in pairs)


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
