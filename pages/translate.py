"""Translate: write what the report says, change one metric, see what it means for whom."""

import streamlit as st

from aipm_metrics.figures.translate import (
    cost_figure,
    misfit_figure,
    open_figure,
    people_figure,
)
from aipm_metrics.links import to_link
from aipm_metrics.scenarios.translate import CHANGE, GIVEN, KNOWN, TARGET, TranslateScenario
from aipm_metrics.sentences import translate as words
from aipm_metrics.sentences import translate_tables as tables
from pages._shared.address import keep_version, open_address
from pages._shared.controls import knob_groups, knob_row, presets, scenario_in_use
from pages._shared.frame import (
    heading,
    is_dark,
    outcome_cards,
    picture,
    plain,
    sentences,
    sharing,
    table,
    unfolding,
)
from pages._shared.known import known_inputs
from pages._shared.share import copy_link, download_pictures, download_table, metrics, numbers

# Knobs -> Scenario
open_address(TranslateScenario)
with st.sidebar:
    presets(TranslateScenario)
    known_inputs(TranslateScenario, GIVEN, fractions={"f1"})
    knob_groups(TranslateScenario, None, but={KNOWN, CHANGE, TARGET})
top = st.container()  # filled once the answer is known
knob_row(TranslateScenario, CHANGE)
answer = st.container()
knob_row(TranslateScenario, TARGET)
scenario = scenario_in_use(TranslateScenario, "")
keep_version(TranslateScenario)

# Scenario -> Result
result = scenario.run()

# Result -> words and pictures
dark = is_dark()
with top:
    heading(scenario.question, words.story(result), to_link(scenario))
    if said := words.verdict(result):
        st.markdown(f"**{plain(said)}**")
with answer:
    outcome_cards(words.cards(result), words.comparison(result))
    for note in (words.other_meaning(result), words.rounding_note(result)):
        if note:
            st.caption(plain(note))
    sentences(words.aloud(result))
    if result.now is not None:
        st.header("How far must it go?", anchor=False)
if target := words.target_line(result):
    st.markdown(plain(target))

pictures = {}
if result.people is not None:
    pictures["people"] = words.of_people(result), people_figure(result, dark=dark)
if result.sweep is not None:
    pictures["cost"] = words.of_cost(result), cost_figure(result, dark=dark)
if result.reading.status == "open":
    pictures["open"] = "What can each share be?", open_figure(result, dark=dark)
if words.has_single_suspect(result):
    pictures["misfit"] = "Which number does not fit?", misfit_figure(result, dark=dark)
with st.grid(2 if len(pictures) > 1 else 1, min_column_width=380):
    for name, (question, figure) in pictures.items():
        with st.container():
            picture(question, figure, words.described(result, name), f"translate-{name}")

if result.reading.status == "impossible":
    st.header("What do the other numbers leave each?", anchor=False)
    table(tables.MISFIT_HEADER, tables.misfit_rows(result), "Numbers that cannot all be true")
else:
    st.header("Every number that follows", anchor=False)
    table(tables.METRIC_HEADER, tables.metric_rows(result), "The confusion matrix and all metrics")
if result.flips:
    with unfolding("What would change my mind?", "translate-flips") as shown:
        if shown:
            lines = [tables.flip_row(flip) for flip in result.flips]
            table(tables.FLIP_HEADER, lines, "Flip points")
with unfolding("What does this assume?", "translate-assumptions") as shown:
    if shown:
        if result.now is not None:
            st.markdown(plain(words.worst_assumption(result)))
        for note in words.CONVENTIONS:
            st.caption(plain(note))
        assumed = [tables.assumption_row(a) for a in result.assumptions]
        table(tables.ASSUMPTION_HEADER, assumed, "Assumptions")
if result.now is not None:
    with unfolding("The numbers and their formulas", "translate-numbers") as shown:
        if shown:
            told = [tables.outcome_row(result, o) for o in result.outcomes]
            table(tables.OUTCOME_HEADER, told, "Outcomes and formulas")
with sharing():
    copy_link(to_link(scenario), "translate-link")
    with st.container(horizontal=True):
        download_table("Outcomes (CSV)", lambda: numbers(result), "translate-outcomes.csv")
        download_table("Every metric (CSV)", lambda: metrics(result), "translate-metrics.csv")
        if pictures:
            drawn = dict(pictures.values())
            download_pictures(drawn, "translate-pictures.html", dark=dark)
