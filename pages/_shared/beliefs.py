"""The ranges and the seed in use: kept in the session, written to the address, read back on Back.

No widget is bound to them, since their inputs stand in a section that is mostly closed. So the
address is compared with what was last written into it: where it differs, somebody went back or
forward, and the address is right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from aipm_metrics.link_values import doubts, says_doubt
from aipm_metrics.links import read_fields
from pages._shared.address import meant_by_link

if TYPE_CHECKING:
    from aipm_metrics.ranges import Range
    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["believe", "believed", "keep_believed"]


def _key(scenario: type[Scenario]) -> str:
    return f"{scenario.page}~believed"


def _in_address(scenario: type[Scenario]) -> dict[str, str]:
    return {
        field: text
        for field, text in st.query_params.items()
        if field.startswith(f"{scenario.page}.") and says_doubt(field)
    }


def believed(scenario: type[Scenario]) -> dict[str, Any]:
    """Return the fields `ranges` and `seed` of the scenario in use."""
    key = _key(scenario)
    written = st.session_state.get(f"{key}-written")
    if written is None:
        _set(scenario, meant_by_link(scenario))
    elif written != _in_address(scenario):
        _set(scenario, read_fields(scenario, list(st.query_params.items()))[0])
    fields: dict[str, Any] = st.session_state[key]
    return fields


def believe(scenario: type[Scenario], ranges: tuple[Range, ...] = (), seed: int = 1) -> None:
    """Take these ranges and this seed from now on; the usual ones unless told."""
    st.session_state[_key(scenario)] = {"ranges": ranges, "seed": seed}


def _set(scenario: type[Scenario], meant: Scenario) -> None:
    believe(scenario, meant.ranges, meant.seed)


def keep_believed(scenario: Scenario) -> None:
    """Keep in session and address what the finished scenario says, and nothing else."""
    page = type(scenario)
    _set(page, scenario)
    wanted, there = dict(doubts(scenario)), _in_address(page)
    for field in there.keys() - wanted.keys():
        del st.query_params[field]
    if changed := {field: text for field, text in wanted.items() if there.get(field) != text}:
        st.query_params.update(changed)  # at once: one entry in the history
    st.session_state[f"{_key(page)}-written"] = wanted
