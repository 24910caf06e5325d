"""Compare: any two answers to one question, who pays for the difference, and the decision log."""

import streamlit as st

from aipm_metrics.comparisons.compare import turn_of
from aipm_metrics.comparisons.links import compare_to_link
from aipm_metrics.errors import MetricsError, RowsError
from aipm_metrics.figures.comparison import money_figure, turn_figure
from aipm_metrics.scenarios.uncertainty import chance_cheaper
from aipm_metrics.sentences import comparison as words
from aipm_metrics.sentences import comparison_tables as tables
from aipm_metrics.sentences.comparison_money import who_pays
from pages._shared.comparing import (
    change_cards,
    decision,
    pairs_and_swap,
    refused,
    side_picker,
    turning_picker,
)
from pages._shared.frame import (
    is_dark,
    picture,
    plain,
    sentences,
    sharing,
    table,
    titled,
    unfolding_menu,
)
from pages._shared.own_rows import offer_sample
from pages._shared.share import copy_link, download_words
from pages._shared.sides import compared as compared_here
from pages._shared.sides import linked, rows_of, wants_sample

# Address -> two scenarios
told = linked()
a, b = told.a.scenario, told.b.scenario
top = st.container()
pairs_and_swap(told)
with st.grid(2, min_column_width=320):
    names = side_picker("a", told.a), side_picker("b", told.b)
refused(told)
link = compare_to_link(a, b, told.chosen) if a is not None and b is not None else ""
with top:
    titled("A or B: which would you defend?", words.LINE, link)
if a is None or b is None:
    st.stop()

# Two scenarios -> one comparison
try:
    compared = compared_here(a, b)
except MetricsError as refusal:
    if isinstance(refusal, RowsError) and wants_sample(a, b):
        offer_sample("This comparison was made from the sample rows.")
    else:
        st.warning(plain(str(refusal)))
    st.stop()

# Comparison -> words and pictures
sentences((*words.aloud(compared), *who_pays(compared)))
if compared.same:
    st.stop()
chance = chance_cheaper(b, a, rows_of(b), rows_of(a))
st.markdown(plain(words.chance_line(chance)))
table(tables.KNOB_HEADER, tables.knob_rows(compared), "Knobs that differ")
change_cards(tables.changes(compared))
st.caption(tables.CARDS_LINE)

dark = is_dark()
with st.grid(2, min_column_width=380):
    with st.container():
        picture("Where does the money go?", money_figure(compared, dark=dark),
                words.described_money(compared), "compare-money")  # fmt: skip
    with st.container():
        chart = st.container()
        turning = turning_picker(compared)  # below its picture, so that both pictures align
    if turning is not None:
        with chart:
            figure = turn_figure(turn_of(compared, turning), dark=dark, per=compared.per)
            picture(words.turning_question(compared), figure,
                    words.described_turn(turning), "compare-turn")  # fmt: skip
st.header("Who pays, and who gains?", anchor=False)
table(tables.outcome_header(compared), tables.outcome_rows(compared), "Outcomes of A and of B")
st.header("What would change my mind?", anchor=False)
table(tables.TURNING_HEADER, tables.turning_rows(compared), "Turning points")
st.caption(plain(tables.never_turning(compared)))

# Comparison -> something to leave with
st.header("Write the decision down", anchor=False)
decision(compared, names, told.chosen, chance)
with sharing():
    copy_link(link, "compare-link")
    with unfolding_menu("Tables (CSV)", "compare-tables") as shown:
        if shown:
            for name, header, lines in (
                ("knobs-that-differ", tables.KNOB_HEADER, lambda: tables.knob_rows(compared)),
                (
                    "outcomes",
                    tables.outcome_header(compared),
                    lambda: tables.outcome_rows(compared),
                ),
                ("turning-points", tables.TURNING_HEADER, lambda: tables.turning_rows(compared)),
            ):
                download_words(name, header, lines, f"compare-{name}.csv")
