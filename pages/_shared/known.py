"""Numbers as people have them: written in a box, believed to the last digit written.

The box holds no knob. It is read into two that are bound to the address, the number and how
far its digits go, and is written anew from them on every run; so a link, a preset and the way
back all show in the box.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.written_numbers import NOT_KNOWN, read_number, write_number
from pages._shared.address import meant_by_link
from pages._shared.controls import key_of
from pages._shared.frame import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["known_inputs"]

REFUSED = "~refused"


def known_inputs(scenario: type[Scenario], names: Iterable[str], *, fractions: set[str]) -> None:
    """Draw one box per number that may be known, and below them the same as plain knobs.

    Parameters
    ----------
    scenario
        Has a knob `name` and a choice `name_known` for each of the names.
    names
        Knobs that may be known.
    fractions
        Shares that are said as fractions rather than in percent.
    """
    names = list(names)
    st.markdown("**What you know**")
    st.caption(
        plain(
            "Write what your report says, as it says it: 91 %, 0.910, 4,800, 2.0 million. "
            "The digits you write are believed. Leave the rest empty."
        )
    )
    for start in range(0, len(names), 2):
        for column, name in zip(st.columns(2), names[start : start + 2], strict=False):
            with column:
                _box(scenario, name, percent=name not in fractions)
    with st.expander("The same as exact numbers"):
        for name in names:
            _plain_knobs(scenario, name)


def _box(scenario: type[Scenario], name: str, *, percent: bool) -> None:
    knob, key = knobs_of(scenario)[name], key_of(scenario, name)
    ratio = knob.unit == "share"
    box, refused = f"{key}~written", f"{key}{REFUSED}"
    value, known = _now(scenario, name), _now(scenario, f"{name}_known")
    st.session_state[box] = write_number(float(value), str(known), ratio=ratio, percent=percent)

    def take() -> None:
        try:
            number, rounding = read_number(st.session_state[box], ratio=ratio)
        except MetricsError as why:
            st.session_state[refused] = f"{knob.label} {why}."
            return
        if rounding != NOT_KNOWN and not knob.low <= number <= knob.high:
            limits = f"{knob.low:,.0f} to {knob.high:,.0f} {knob.unit}"
            st.session_state[refused] = f"{knob.label} must lie in {limits}."
            return
        if rounding != NOT_KNOWN:
            st.session_state[key] = number
        st.session_state[f"{key}_known"] = rounding

    st.text_input(
        knob.label, key=box, placeholder="not known", on_change=take, help=knob.help,
        max_chars=40,
    )  # fmt: skip
    if told := st.session_state.pop(refused, None):
        st.warning(plain(told))


def _now(scenario: type[Scenario], name: str) -> float | str:
    key = key_of(scenario, name)
    value: float | str = st.session_state.get(key, getattr(meant_by_link(scenario), name))
    return value


def _plain_knobs(scenario: type[Scenario], name: str) -> None:
    """Draw a number and how it is known, bound to the address."""
    told, key = knobs_of(scenario), key_of(scenario, name)
    knob, known = told[name], told[f"{name}_known"]
    rounding = st.selectbox(
        known.label, known.choices, known.choices.index(str(known.default)),
        key=f"{key}_known", bind="query-params", help=known.help,
    )  # fmt: skip
    if rounding == NOT_KNOWN:
        return
    st.number_input(
        f"{knob.label} ({knob.unit})", knob.low, knob.high, float(knob.default),
        0.01 if knob.unit == "share" else 1.0, format="%.12g", key=key, bind="query-params",
        help=knob.help,
    )  # fmt: skip
