"""A knob as a widget, bound to the address: `<page>.<knob>` is its key and its field.

Knobs on a log or log-odds scale hold their exact value in a number input; a slider over the
scale stands below it and copies into it, because a bound slider would round what a link says.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
import streamlit as st
from pydantic import ValidationError

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.curves import curves_of_rows
from aipm_metrics.spoken import cut, share, with_unit
from pages._shared.address import meant_by_link, rows_in_address
from pages._shared.beliefs import believe, believed, keep_believed
from pages._shared.frame import plain

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.scenarios.contract import Scenario

__all__ = [
    "drawn_alike",
    "exact_number",
    "exact_threshold",
    "knob_groups",
    "knob_input",
    "knob_row",
    "presets",
    "scenario_in_use",
    "set_before_drawing",
]

S = TypeVar("S", bound="Scenario")
STEPS_ON_SLIDER = 81
SLIDERS = {"auc": 0.005, "temperature": 0.05}  # linear knobs that are no share but read best so
SHARES = {"share", "chance"}
HALF = 0.5
LATE = "~late"  # beside a knob's key: what its next drawing is to begin with
FEW_CHOICES = 3  # up to so many stand side by side, more in a list


def presets(scenario: type[Scenario]) -> None:
    """Draw the named stories, and the way back to the defaults."""

    def tell(name: str | None) -> None:
        believe(scenario)
        changes = scenario.presets.get(name or "", {})
        for knob in knobs_of(scenario).values():
            if knob.in_score_units and rows_in_address():
                continue  # a story's threshold means nothing on somebody's own scores
            value = changes.get(knob.name, knob.default)
            st.session_state[key_of(scenario, knob.name)] = (
                value if isinstance(value, str) else float(value)
            )

    with st.container(horizontal=True):
        menu = f"{scenario.page}~preset"
        st.menu_button(
            "Presets", list(scenario.presets), key=menu,
            on_click=lambda: tell(st.session_state[menu]),
        )  # fmt: skip
        st.button("Reset", key=f"{scenario.page}~reset", on_click=tell, args=(None,))


def knob_groups(
    scenario: type[Scenario], rows: Empirical | None, *, but: Collection[str] = ()
) -> None:
    """Draw every knob that plays a part: a few in sight, the rest to open.

    What the page decides has its place in the page's main column, where a phone has it; so have
    the groups in `but`.
    """
    told = knobs_of(scenario).items()
    main = next((name for name, knob in told if knob.in_score_units or knob.decision), "")
    absent = {main, *scenario.idle(_values(scenario), with_rows=rows is not None)}
    absent |= {name for name, knob in told if knob.group in but}
    used = [knob for name, knob in told if name not in absent]
    for in_sight in (True, False):
        if not any(knob.in_sight == in_sight for knob in used):
            continue
        with st.container() if in_sight else st.expander("More knobs"):
            for group in scenario.groups:
                _group(scenario, group, rows, in_sight=in_sight, absent=absent)


def _group(
    scenario: type[Scenario],
    group: str,
    rows: Empirical | None,
    *,
    in_sight: bool,
    absent: set[str],
) -> None:
    headed = False
    for knob in knobs_of(scenario).values():
        if knob.group != group or knob.in_sight != in_sight or knob.name in absent:
            continue
        if not headed:
            st.markdown(f"**{group}**")
            headed = True
        if knob.in_score_units:
            _threshold_input(scenario, knob.name, rows)
        else:
            knob_input(scenario, knob.name)


def knob_row(scenario: type[Scenario], group: str) -> None:
    """Draw the knobs of one group that play a part side by side, as many as fit."""
    idle = scenario.idle(_values(scenario), with_rows=False)
    used = [n for n, knob in knobs_of(scenario).items() if knob.group == group and n not in idle]
    if used:
        with st.grid(len(used), min_column_width=180):
            for name in used:
                with st.container():
                    knob_input(scenario, name)


def scenario_in_use(scenario: type[S], rows: str) -> S:
    """Build the scenario from the knobs, and from the link for those that were never drawn.

    What a knob says is in the session before the knob is drawn, so an answer need not wait for
    its knobs; see `drawn_alike`. The core checks again: a forged value is refused in words and
    stops the page. The session keeps it as what the page stands at now, for a comparison to be
    made of.
    """
    try:
        now = scenario.model_validate({**_values(scenario), **believed(scenario), "rows": rows})
    except ValidationError as invalid:
        st.warning(plain("; ".join(str(error["msg"]) for error in invalid.errors())))
        st.stop()
    keep_believed(now)
    st.session_state[f"{scenario.page}:now"] = now
    return now


def drawn_alike(scenario: Scenario) -> None:
    """Run the page again if a knob, once drawn, says something else than was answered.

    A widget has limits of its own, such as the scores of attached rows, and takes its default
    beyond them.
    """
    drawn = _values(type(scenario))
    if any(getattr(scenario, name) != value for name, value in drawn.items()):
        st.rerun()


def _values(scenario: type[Scenario]) -> dict[str, Any]:
    meant = meant_by_link(scenario)
    values = {}
    for name in knobs_of(scenario):
        key = key_of(scenario, name)
        late = st.session_state.get(f"{key}{LATE}")
        said = st.session_state.get(key, getattr(meant, name))
        values[name] = said if late is None else late
    return values


def exact_threshold(scenario: type[Scenario], name: str, rows: Empirical | None) -> None:
    """Draw the exact number of the threshold whose dial is in the live part of the page."""
    with st.container(key=f"exact-{scenario.page}"):
        _threshold_number(scenario, name, _stops(knobs_of(scenario)[name], rows), width=220)


def exact_number(scenario: type[Scenario], name: str) -> None:
    """Draw the exact number of the decision whose dial is in the live part of the page."""
    knob = knobs_of(scenario)[name]
    with st.container(key=f"exact-{scenario.page}"):
        _threshold_number(scenario, name, [knob.low, knob.high], width=220)


def _stops(knob: Knob, rows: Empirical | None) -> list[float]:
    """List a threshold's stops: by log odds, or over distinct scores by share flagged."""
    if rows is not None:
        return [float(t) for t in curves_of_rows(rows, None, ()).threshold]
    return list(_spread(knob, 3))


@cache
def _spread(knob: Knob, digits: int) -> tuple[float, ...]:
    """Spread stops over a knob's own scale, with so many digits."""
    stops = (_rounded(float(v), digits, knob) for v in knob.spread(STEPS_ON_SLIDER))
    return tuple(sorted({round(v) + 0.0 for v in stops})) if knob.whole else tuple(stops)


def _rounded(value: float, digits: int, knob: Knob) -> float:
    """Round to so many digits; where log odds reach towards 1, to those of the distance from it."""
    if knob.scale != "log-odds" or knob.in_score_units or value < HALF:
        return float(f"{value:.{digits}g}")
    return float(f"{1 - float(f'{1 - value:.{digits}g}'):.12g}")


def _threshold_number(
    scenario: type[Scenario], name: str, stops: list[float], width: int | Literal["stretch"]
) -> None:
    knob, key = knobs_of(scenario)[name], key_of(scenario, name)
    low, high = min(stops[0], knob.default), max(stops[-1], knob.default)
    late = st.session_state.pop(f"{key}{LATE}", None)
    if late is not None:
        st.session_state[key] = late
    step, digits = (1.0, "%.0f") if knob.whole else (0.01, "%.6g")
    if knob.decision and knob.scale == "log-odds":
        step = _step(knob)
    st.number_input(
        knob.label, low, high, float(knob.default), step, format=digits, width=width, key=key,
        bind="query-params" if late is None else None,
        help=f"{knob.help} Source: {knob.source}.",
    )  # fmt: skip
    if late is not None:  # Streamlit itself keeps what the address said when the session began
        st.query_params[key] = repr(late)


def set_before_drawing(key: str, value: float) -> None:
    """Give a threshold a value at the start of the next run, when its widget is drawn already."""
    st.session_state[f"{key}{LATE}"] = value


def _threshold_input(scenario: type[Scenario], name: str, rows: Empirical | None) -> None:
    """Draw a threshold beside the main one: an exact number, and a slider."""
    knob, key = knobs_of(scenario)[name], key_of(scenario, name)
    stops = _stops(knob, rows)

    def say(value: float) -> str:
        if rows is None:
            return cut(value)
        flagged = rows.rates(value).confusion(rows.prevalence).flagged
        return f"{cut(value, flags_all_at=stops[0])} flags {share(float(flagged))}"

    _threshold_number(scenario, name, stops, "stretch")
    slider_beside(key, stops, f"{knob.label} on a slider", say)


def key_of(scenario: type[Scenario], name: str) -> str:
    """Key of a knob's widget, which is its field in the address."""
    return f"{scenario.page}.{name}"


def knob_input(scenario: type[Scenario], name: str) -> Any:
    """Draw a knob and return its value, as the address or the person's hand has it."""
    knob, key = knobs_of(scenario)[name], key_of(scenario, name)
    about = f"{knob.help} Source: {knob.source}."
    if knob.scale == "choice" and len(knob.choices) > FEW_CHOICES:
        return st.selectbox(
            knob.label, knob.choices, knob.choices.index(str(knob.default)), key=key, help=about,
            bind="query-params",
        )  # fmt: skip
    if knob.scale == "choice":
        return st.segmented_control(
            knob.label, knob.choices, default=knob.default, key=key, help=about,
            bind="query-params", required=True,
        )  # fmt: skip
    if knob.scale == "linear" and (knob.unit in SHARES or name in SLIDERS):
        step = SLIDERS.get(name) or (0.01 if knob.high >= 1 else knob.high / 100)
        return st.slider(
            knob.label, knob.low, knob.high, float(knob.default), step, key=key, help=about,
            format="percent" if knob.unit in SHARES else "%.4g", bind="query-params",
        )  # fmt: skip
    label = f"{knob.label} ({knob.unit})" if knob.unit else knob.label
    value = st.number_input(
        label, knob.low, knob.high, float(knob.default), _step(knob), format="%.6g", key=key,
        help=about, bind="query-params",
    )  # fmt: skip
    if knob.scale == "linear":
        return value
    slider_beside(
        key,
        _spread(knob, 2),
        f"{knob.label} on a slider",
        lambda v: with_unit(v, knob.unit.partition(" of ")[0]),
    )
    return value


def slider_beside(key: str, stops: Iterable[float], label: str, say: Any) -> None:
    """Draw a slider over `stops` and the current value that copies into the bound widget `key`."""
    current, own = st.session_state[key], f"{key}~slider"
    st.session_state[own] = current

    def copy() -> None:
        st.session_state[key] = st.session_state[own]

    # The browser knows a stop by its words: of two that read alike only one can stand there.
    told = {say(value): value for value in stops} | {say(current): current}
    st.select_slider(
        label, sorted(told.values()), key=own, format_func=say, on_change=copy,
        label_visibility="collapsed",
    )  # fmt: skip


def _step(knob: Knob) -> float:
    """Step of the plus and minus buttons: a round tenth or so of the default."""
    if knob.whole and knob.default < 30:
        return 1.0
    size = float(knob.default) / 3
    if knob.scale == "log-odds" and knob.default > HALF:
        size = (1 - float(knob.default)) / 3
    return float(np.power(10.0, math.floor(math.log10(size)))) if size > 0 else 1.0
