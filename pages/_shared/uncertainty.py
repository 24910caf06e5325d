"""How sure is this? The section every question can have: chance, bands, regret, tornado, ranges.

Drawn and computed only while it is open. Its inputs write into the ranges and the seed in use,
which travel in the link (`beliefs`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from aipm_metrics.figures.uncertainty import bands_figure, tornado_figure
from aipm_metrics.knobs import decision_of, knobs_of
from aipm_metrics.sentences import uncertainty as words
from aipm_metrics.spoken import decided
from pages._shared.beliefs import believe
from pages._shared.frame import is_dark, picture, plain, table
from pages._shared.share import download_table

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.scenarios.contract import Scenario
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = ["uncertainty_section"]


def uncertainty_section(
    scenario: Scenario,
    answer: Callable[[], Uncertainty],
    thresholds: tuple[float, float],
    against: str,
) -> None:
    """Draw the section, closed until somebody opens it.

    Parameters
    ----------
    scenario
        As in use; its ranges and seed are what the inputs show.
    answer
        Works the answer out; called only while the section is open.
    thresholds
        The choice's and its rival's.
    against
        What the choice is compared with, in words.
    """
    page = scenario.page
    section = st.expander("How sure is this?", key=f"{page}~sure", on_change="rerun")
    if not section.open:
        return
    found, dark = answer(), is_dark()
    with section:
        for said in (words.aloud(found, against), words.worth(found, against)):
            st.markdown(plain(" ".join(said)))
        if found.sweep is not None:
            picture(
                words.bands_question(found),
                bands_figure(found, thresholds, dark=dark), words.described(found, "bands"),
                f"{page}-bands",
            )  # fmt: skip
        if off := words.outside(found):
            st.caption(plain(off))
        picture(
            "Which assumption moves the decision?", tornado_figure(found, dark=dark),
            words.described(found, "tornado"), f"{page}-tornado",
        )  # fmt: skip
        _ranges(scenario, found)
        say = partial(decided, decision_of(type(scenario)))
        table(words.BAR_HEADER, [words.bar_row(bar, say) for bar in found.tornado], "Ranges")
        st.caption(words.METHOD)
        with st.container(horizontal=True):
            if found.sweep is not None:
                download_table("Bands (CSV)", lambda: _bands(found), f"{page}-bands.csv")
            download_table("Assumptions (CSV)", lambda: _bars(found), f"{page}-assumptions.csv")
            download_table("Every draw (CSV)", lambda: _draws(found), f"{page}-draws.csv")


def _ranges(scenario: Scenario, found: Uncertainty) -> None:
    """Draw the inputs: which assumption, its low and its high; the seed; the way back."""
    page, knobs = scenario.page, knobs_of(type(scenario))
    st.subheader("How far off could each assumption be?", anchor=False)
    names, which = list(found.drawn), f"{page}~range-of"
    if st.session_state.get(which) not in names:
        st.session_state[which] = found.tornado[0].knob.name
    with st.grid(4, min_column_width=150):
        name = st.selectbox(
            "Assumption", names, key=which, format_func=lambda name: knobs[name].label
        )
        for end in ("low", "high"):
            _end(scenario, found, name, end)
        _seed(scenario)
    bar = next(bar for bar in found.tornado if bar.knob.name == name)
    st.caption(plain(words.limits_line(bar)))
    if refused := st.session_state.pop(f"{page}~range-refused", None):
        st.warning(plain(refused))
    if scenario.ranges or scenario.seed != 1:
        st.button(
            "Default ranges", key=f"{page}~range-reset", on_click=believe, args=(type(scenario),)
        )


def _end(scenario: Scenario, found: Uncertainty, name: str, end: str) -> None:
    bar = next(bar for bar in found.tornado if bar.knob.name == name)
    knob, key = bar.knob, _key(scenario, name, end)
    value = bar.low if end == "low" else bar.high
    st.session_state[key] = value
    step = float(f"{abs(value) / 10:.0e}") or (knob.high - knob.low) / 100
    unit = f" ({knob.unit})" if knob.unit else ""
    st.number_input(
        f"{end.title()}{unit}", knob.low, knob.high, step=step, format="%.6g", key=key,
        on_change=_change, args=(scenario, name),
    )  # fmt: skip


def _key(scenario: Scenario, name: str, end: str) -> str:
    return f"{scenario.page}~range~{name}~{end}"


def _change(scenario: Scenario, name: str) -> None:
    low, high = (float(st.session_state[_key(scenario, name, end)]) for end in ("low", "high"))
    if low > high:
        label = knobs_of(type(scenario))[name].label
        st.session_state[f"{scenario.page}~range-refused"] = words.turned_round(label, low, high)
        return
    others = tuple(said for said in scenario.ranges if said[0] != name)
    believe(type(scenario), (*others, (name, low, high)), scenario.seed)


def _seed(scenario: Scenario) -> None:
    key = f"{scenario.page}~seed"
    st.session_state[key] = scenario.seed

    def change() -> None:
        believe(type(scenario), scenario.ranges, int(st.session_state[key]))

    st.number_input("Seed", 0, 999_999, step=1, key=key, on_change=change)


def _bands(found: Uncertainty) -> pd.DataFrame:
    if found.sweep is None:
        return pd.DataFrame()
    bands = found.sweep.bands
    return pd.DataFrame(
        {
            _decision(found): bands.threshold, "cost_5_percent": bands.low,
            "cost_50_percent": bands.middle, "cost_95_percent": bands.high,
        }
    )  # fmt: skip


def _decision(found: Uncertainty) -> str:
    """Name in code of what is decided."""
    knob = decision_of(type(found.scenario))
    return knob.name if knob else "choice"


def _bars(found: Uncertainty) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "assumption": bar.knob.name, "unit": bar.knob.unit, "value": bar.value,
                "low": bar.low, "high": bar.high, "saving_at_low": bar.at_low,
                "saving_at_high": bar.at_high, "best_at_low": bar.best_at_low,
                "best_at_high": bar.best_at_high, "flips_at": bar.flips_at,
            }
            for bar in found.tornado
        ]
    )  # fmt: skip


def _draws(found: Uncertainty) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **found.drawn, "cost": found.cost, "compared_cost": found.rival_cost,
            f"best_{_decision(found)}": found.best, "best_cost": found.best_cost,
        }
    )  # fmt: skip
