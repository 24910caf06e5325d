"""Two prices and two thresholds: what the address says, drawn; what a hand changes, written."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import streamlit as st

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.curves import curves_of_rows
from aipm_metrics.models.shortest_decimals import plainest_threshold
from aipm_metrics.rows.asked import PAGE, Prices
from aipm_metrics.spoken import cut, share
from aipm_metrics.spoken_exactly import cut_exactly
from pages._shared.frame import plain
from pages._shared.your_data.address import asked_now, change

if TYPE_CHECKING:
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.rows.asked import Asked
    from aipm_metrics.rows.profile_parts import RowsProfile

__all__ = ["draw_knobs", "lowest_cost_button", "said_beyond", "within"]

STRIDE = 4  # of a thousand points of a curve, every so many is a stop
THRESHOLDS = {
    "a": ("Threshold A", "What you have now, or would do without looking."),
    "b": ("Threshold B", "What you would change to. It starts at the lowest cost."),
}


def draw_knobs(asked: Asked, rows: Empirical, a: float, b: float) -> None:
    """Draw the two prices and the two thresholds."""
    with st.grid(4, min_column_width=200):
        for name in knobs_of(Prices):
            with st.container():
                _price(asked, name)
        for name, value in (("a", a), ("b", b)):
            with st.container():
                _threshold(rows, name, value)


def within(rows: Empirical, value: float) -> float:
    """Bring a threshold to where scores can be: chances lie in [0, 1], other scores anywhere."""
    chances = float(rows.thresholds[0]) >= 0 and float(rows.thresholds[-1]) <= 1
    return min(max(value, 0.0), 1.0) if chances else value


def said_beyond(asked: Asked, standing: Asked) -> None:
    """Say which threshold was taken as 0 or 1, for as long as the address says otherwise."""
    beyond = [
        f"Threshold {name.upper()} must lie in [0, 1], as these scores do; {said:.6g} is taken as "
        f"{taken:.6g}."
        for name, said, taken in (("a", asked.a, standing.a), ("b", asked.b, standing.b))
        if said is not None and said != taken
    ]
    if beyond:
        st.warning(plain(" ".join(beyond)))


def lowest_cost_button(p: RowsProfile) -> None:
    """Offer to move B to the lowest cost, where it is not there."""
    best = min(p.best.threshold, p.curves.high)  # "flag nothing" has no number
    if p.b.threshold == best or p.b.cost <= p.best.cost:
        return
    st.button("Move B to the lowest cost", key=f"{PAGE}~best", on_click=change,
              kwargs={"b": best})  # fmt: skip


def _price(asked: Asked, name: str) -> None:
    knob, key = knobs_of(Prices)[name], f"{PAGE}~{name}"
    st.session_state[key] = getattr(asked.prices, name)

    def take() -> None:
        prices = asked_now()[0].prices.model_copy(update={name: float(st.session_state[key])})
        change(prices=prices)

    step = 10.0 ** math.floor(math.log10(st.session_state[key] / 3))
    st.number_input(
        f"{knob.label} ({knob.unit})", knob.low, knob.high, step=step, format="%.6g", key=key,
        on_change=take, help=f"{knob.help} Source: {knob.source}.",
    )  # fmt: skip


def _threshold(rows: Empirical, name: str, value: float) -> None:
    """Draw the exact number, and below it a slider over the scores there are."""
    label, about = THRESHOLDS[name]
    key, low = f"{PAGE}~{name}", float(rows.thresholds[0])
    slider = f"{key}~slider"
    st.session_state[key] = st.session_state[slider] = value

    def take(changed: str) -> None:
        change(**{name: float(st.session_state[changed])})

    def say(at: float) -> str:
        flagged = rows.rates(at).confusion(rows.prevalence).flagged
        # In a bin a score has many digits and stands for its neighbours; else it is to be typed.
        said = (cut if rows.max_error else cut_exactly)(at, flags_all_at=low)
        return f"{said} flags {share(float(flagged))}"

    st.number_input(
        label, step=0.01, format=_every_digit(value), key=key, on_change=take, args=(key,),
        help=about,
    )  # fmt: skip
    # The browser knows a stop by its words: of two that read alike only one can stand there.
    stops_at = curves_of_rows(rows, None, ()).threshold[::STRIDE].tolist()
    told = {say(stop): stop for stop in (_plainest(rows, t) for t in stops_at)}
    stops = {**told, say(value): value}.values()
    st.select_slider(
        f"{label} on a slider", sorted(stops), key=slider, format_func=say,
        on_change=take, args=(slider,), label_visibility="collapsed",
    )  # fmt: skip


def _plainest(rows: Empirical, score: float) -> float:
    """Write a stop with as few digits as flag the very same rows; in a bin nobody knows which."""
    if rows.max_error:
        return score
    return plainest_threshold(rows.thresholds, int(np.searchsorted(rows.thresholds, score)))


def _every_digit(value: float) -> str:
    """Format a number so that what stands there is what is meant."""
    digits = len(Decimal(repr(value)).normalize().as_tuple().digits)
    return f"%.{max(digits, 6)}g"
