"""Ask for rows: where they are, which column is what; and say why a link shows none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from aipm_metrics.rows.asked import PAGE
from aipm_metrics.rows.wording import shown
from pages._shared.frame import plain
from pages._shared.your_data.columns import choose_columns
from pages._shared.your_data.counting import (
    begin_count,
    look_again,
    looked_at,
    sample_asked,
    was_stopped,
    watching,
)
from pages._shared.your_data.source import choose_place, place_of

if TYPE_CHECKING:
    from aipm_metrics.rows.asked import Asked, Origin

__all__ = ["ask_for_rows", "say_what_is_missing"]


def ask_for_rows(asked: Asked) -> None:
    """Ask where the rows are and which column is what."""
    chosen = choose_place(asked)
    if chosen is None:
        return
    looked = looked_at(chosen.place, chosen.identity)
    if looked is None:
        if not watching():
            st.button("Look again", key=f"{PAGE}~look", on_click=look_again)
        return
    choose_columns(chosen, looked, asked)


def say_what_is_missing(asked: Asked) -> None:
    """Say why an address that names rows shows none, and what to do."""
    origin, columns = asked.origin, asked.columns
    if origin is None or columns is None or was_stopped():
        return
    named = _named(origin)
    if asked.fingerprint:
        said = (
            f"This link speaks of {named} (code {asked.fingerprint}), and rows never travel "
            "in a link."
        )
    else:
        said = (
            f"The count of {named} was not finished: the server was started again, or the page was "
            "opened anew. Nothing of it is kept."
        )
    with st.container(border=True, key=f"{PAGE}-missing"):
        if origin.kind == "sample":
            st.markdown(plain(f"{said} The sample ships with this page."))
            st.button("Count the sample", key=f"{PAGE}~again", type="primary",
                      on_click=sample_asked, args=(origin.name,))  # fmt: skip
            return
        chosen = place_of(origin)
        if chosen is not None:
            st.markdown(plain(f"{said} It can be counted from here."))
            st.button(
                "Count it", key=f"{PAGE}~again", type="primary", on_click=begin_count,
                args=(chosen.place, chosen.identity, None, columns),
            )  # fmt: skip
        elif origin.kind == "upload":
            what = "the same numbers" if asked.fingerprint else "its numbers"
            st.markdown(plain(f"{said} Attach the file below to see {what}."))
        else:
            st.markdown(
                plain(f"{said} This dashboard has no such {origin.kind}; attach a file instead.")
            )


def _named(origin: Origin) -> str:
    if origin.kind == "sample":
        return f"the {origin.name}" if origin.name else "the sample rows"
    of = f" of the connection {shown(origin.connection)}" if origin.connection else ""
    what = {"upload": "the file", "folder": "the files", "connection": "the table"}[origin.kind]
    return f"{what} {shown(origin.name)}{of}"
