"""What a link to a page says: its version, and the rows it spoke of when one left it.

Only the address decides whether a page speaks of rows. So Back to an address without rows is
the simulated model, and a way in from the menu must name the rows itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["fields_to", "fields_to_own_rows", "remember_own_rows", "remember_rows"]

OWN = "your_data:fields"


def fields_to(scenario: type[Scenario]) -> dict[str, str]:
    """Return the address fields of a link to a scenario's page."""
    rows = st.session_state.get(f"{scenario.page}:rows", "")
    return {"v": str(scenario.version), **({"rows": rows} if rows else {})}


def remember_rows(scenario: type[Scenario], fingerprint: str) -> None:
    """Remember which rows a page speaks of, or with nothing that it speaks of none."""
    st.session_state[f"{scenario.page}:rows"] = fingerprint


def fields_to_own_rows() -> dict[str, str]:
    """Return the address fields of the page of somebody's own rows, as it was left."""
    return dict(st.session_state.get(OWN, {"v": "1"}))


def remember_own_rows(fields: Mapping[str, str]) -> None:
    """Remember what the page of somebody's own rows stands at."""
    st.session_state[OWN] = dict(fields)
