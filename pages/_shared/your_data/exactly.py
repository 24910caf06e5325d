"""What is told beside the numbers: other rows than a link's, a bound to lift, rows to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from aipm_metrics.rows.asked import PAGE
from aipm_metrics.sentences.your_data_amounts import rule_lines
from aipm_metrics.sentences.your_data_bounds import unknown_line
from pages._shared.frame import plain
from pages._shared.your_data.counting import (
    begin_exact,
    begin_rule,
    forget_linked,
    identity_of,
    others_than_linked,
    rule_under_way,
)
from pages._shared.your_data.source import held_place

if TYPE_CHECKING:
    from aipm_metrics.rows.asked import Asked
    from aipm_metrics.rows.profile_counts import Counted
    from aipm_metrics.rows.profile_parts import RowsProfile

__all__ = ["others_said", "said_rule", "said_unknown"]


def others_said(counted: Counted) -> None:
    """Say that these are other rows than the link spoke of, if they are."""
    wanted = others_than_linked(counted)
    if not wanted:
        return
    st.warning(
        plain(
            f"These are other rows than the link's: their code is "
            f"{counted.rows.fingerprint}, the link's was {wanted}. The numbers differ."
        )
    )
    st.button("Understood", key=f"{PAGE}~others", on_click=forget_linked)


def said_unknown(asked: Asked, p: RowsProfile) -> None:
    """Say how far counts may be off where scores are binned, and offer to count exactly."""
    said = unknown_line(p)
    if not said or asked.origin is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(plain(said))
        place = held_place(asked.origin)
        if place is None:
            st.caption("Attach the file again to count exactly.")
            return
        st.button(
            "Count exactly", key=f"{PAGE}~exact", on_click=begin_exact,
            args=(place, identity_of(asked.origin), (p.a.threshold, p.b.threshold)),
        )  # fmt: skip


def said_rule(asked: Asked, p: RowsProfile) -> None:
    """Say what a threshold per row would do to these rows, or offer to ask them."""
    for said in rule_lines(p):
        st.markdown(plain(said))
    if p.amounts is None or p.calibration is None or p.amounts.rule or asked.origin is None:
        return
    place = held_place(asked.origin)
    if rule_under_way():
        st.caption("The rows are being asked.")
    elif place is None:
        st.caption("Attach the file again to ask its rows.")
    else:
        st.button("Ask the rows", key=f"{PAGE}~rule", on_click=begin_rule,
                  args=(place, identity_of(asked.origin)))  # fmt: skip
