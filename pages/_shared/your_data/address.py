"""What the page is asked for: the address holds it, and nothing of it is kept twice.

It is written only when somebody changes something; so Back and forward show what they say.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import streamlit as st

from aipm_metrics.rows.asked import PAGE, asked_fields, read_asked
from pages._shared.frame import plain
from pages._shared.ways import remember_own_rows

if TYPE_CHECKING:
    from aipm_metrics.errors import Refusal
    from aipm_metrics.rows.asked import Asked

__all__ = ["asked_now", "change", "put", "refused"]

KEPT = f"{PAGE}:kept"
MOST_SAID = 6  # refusals in one sentence


def asked_now() -> tuple[Asked, tuple[Refusal, ...]]:
    """Read the address; one that says nothing shows what this session was last at.

    Streamlit leaves such an address behind when a link leads from one page to another.
    """
    pairs = [(field, text) for field in st.query_params for text in st.query_params.get_all(field)]
    asked, refusals = read_asked(pairs)
    if not any(field != "v" for field, _ in pairs):
        asked = st.session_state.get(KEPT, asked)
    _keep(asked)
    return asked, refusals


def put(asked: Asked) -> None:
    """Write the address, as one step that Back undoes."""
    fields = _keep(asked)
    if {field: st.query_params.get(field) for field in st.query_params} != fields:
        st.query_params.from_dict(fields)


def _keep(asked: Asked) -> dict[str, str]:
    st.session_state[KEPT] = asked
    fields = asked_fields(asked)
    remember_own_rows(fields)
    return fields


def change(**changes: Any) -> None:
    """Change some of what is asked for; for callbacks of widgets."""
    put(replace(asked_now()[0], **changes))


def refused(asked: Asked, refusals: tuple[Refusal, ...]) -> None:
    """Say in one calm sentence what the address holds that was not taken."""
    if not refusals:
        return
    said = " ".join(refusal.sentence for refusal in refusals[:MOST_SAID])
    more = f" And {len(refusals) - MOST_SAID} more." if len(refusals) > MOST_SAID else ""
    with st.container(border=True, key=f"{PAGE}-refused"):
        st.markdown(plain(f"Part of this link was not taken. {said}{more}"))
        st.button("Understood", key=f"{PAGE}~understood", on_click=put, args=(asked,))
