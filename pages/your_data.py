"""Your data: scored rows from anywhere; what they say, for whom, and how sure."""

from functools import partial

import streamlit as st

from aipm_metrics.figures import your_data as figures
from aipm_metrics.figures import your_data_shares as shares
from aipm_metrics.rows.asked import asked_to_link
from aipm_metrics.rows.profile import profile, starting_thresholds
from aipm_metrics.rows.profile_columns import all_columns
from aipm_metrics.rows.ranking import by_cost
from aipm_metrics.sentences import your_data as words
from aipm_metrics.sentences import your_data_amounts as by_amount
from aipm_metrics.sentences import your_data_tables as tables
from aipm_metrics.sentences.your_data_answers import better_version, works_worst
from aipm_metrics.sentences.your_data_bounds import amount_bounds
from aipm_metrics.sentences.your_data_groups import differences
from pages._shared.frame import (
    is_dark,
    outcome_cards,
    picture,
    plain,
    sentences,
    sharing,
    table,
    titled,
    unfolding,
    unfolding_menu,
)
from pages._shared.share import copy_link, download_columns
from pages._shared.your_data.address import asked_now, refused
from pages._shared.your_data.asking import ask_for_rows, say_what_is_missing
from pages._shared.your_data.counting import (
    counted_now,
    exactly_now,
    rule_now,
    settle,
    watching,
)
from pages._shared.your_data.exactly import others_said, said_rule, said_unknown
from pages._shared.your_data.knobs import draw_knobs, lowest_cost_button, said_beyond, within
from pages._shared.your_data.opening import open_elsewhere

# Address -> counts, if this session has them
settle()
asked, refusals = asked_now()
counted = counted_now(asked)
if counted is None:
    titled(words.QUESTION, words.LINE, "")
    refused(asked, refusals)
    if not watching():
        say_what_is_missing(asked)
    ask_for_rows(asked)
    st.stop()

# Counts and knobs -> profile
own = counted
at_first = starting_thresholds(counted, asked.prices)
a, b = (
    within(counted.rows, first if said is None else said)
    for said, first in zip((asked.a, asked.b), at_first, strict=True)
)
p = profile(counted, asked.prices, a, b, exactly_now(asked), rule_now(asked))
dark = is_dark()
standing = asked.standing(counted.rows.fingerprint, a, b)
link = asked_to_link(standing)

# Profile -> words and pictures
titled(words.QUESTION, words.summary(p), link)
refused(standing, refusals)
others_said(counted)
watching()
with unfolding("Other rows, or other columns", "your_data-rows") as shown:
    if shown:
        ask_for_rows(asked)
outcome_cards(words.cards(p), words.against(p))
draw_knobs(asked, counted.rows, a, b)
said_beyond(asked, standing)
lowest_cost_button(p)
said_unknown(asked, p)
sentences(words.aloud(p))

drawn = {
    "cost": ("What does each threshold cost?", figures.cost_figure),
    "scores": ("Where do events and other rows score?", figures.scores_figure),
    "roc": ("How many false alarms for how many events?", figures.roc_figure),
    "pr": ("How many flags are right?", figures.precision_recall_figure),
    "calibration": ("Are the scores right as chances?", shares.calibration_figure),
}
if p.calibration is None:
    del drawn["calibration"]
with st.grid(2, min_column_width=380):
    for name, (question, draw) in drawn.items():
        with st.container():
            picture(question, draw(p, dark=dark), words.described(p, name), f"your_data-{name}")
    with st.container():
        st.subheader("What should I know of these counts?", anchor=False)
        for note in words.notes(p):
            st.markdown(plain(note))

st.header("A, B, and the lowest cost", anchor=False)
table(tables.SPOT_HEADER, tables.spot_rows(p), "Thresholds")
if p.segments:
    st.header("For whom does it work worst?", anchor=False)
    st.markdown(plain(" ".join(works_worst(p.segments, by_cost(p.segments), p.segment_column))))
    lines = tables.group_rows(p.segments, p.segment_column)
    table(tables.group_header(p.segment_column), lines, "Segments")
if p.versions:
    st.header("Which version is better?", anchor=False)
    st.markdown(plain(" ".join(better_version(by_cost(p.versions), p.version_column))))
    lines = tables.group_rows(p.versions, p.version_column)
    table(tables.group_header(p.version_column), lines, "Versions")
if p.months:
    st.header("Does it last?", anchor=False)
    st.markdown(plain(" ".join(differences(p.months, "month"))))
    with st.grid(2, min_column_width=380):
        for name, question, draw in (
            ("months", "Are as many events caught?", shares.months_figure),
            ("mix", "Are events as rare as before?", shares.mix_figure),
        ):
            with st.container():
                picture(question, draw(p, dark=dark), words.described(p, name),
                        f"your_data-{name}")  # fmt: skip
    with unfolding("Month by month, in numbers", "your_data-by-month") as shown:
        if shown:
            table(tables.group_header("month"), tables.group_rows(p.months, "month"), "Months")
if p.amounts is not None:
    st.header("What if a miss costs the row's own amount?", anchor=False)
    for said in (*by_amount.amount_lines(p), *amount_bounds(p)):
        st.markdown(plain(said))
    said_rule(asked, p)
    with st.grid(2, min_column_width=380):
        for name, question in by_amount.amount_questions(p).items():
            draw = figures.amounts_figure if name == "amounts" else figures.elkan_figure
            with st.container():
                picture(question, draw(p, dark=dark), words.described(p, name),
                        f"your_data-{name}")  # fmt: skip
    if p.calibration is not None:
        with unfolding("A row's own threshold, in numbers", "your_data-by-amount") as shown:
            if shown:
                table(tables.amount_header(p), tables.amount_rows(p), "A row's own threshold")

st.header("Open these rows in another page", anchor=False)
open_elsewhere(counted, p)
with sharing():
    copy_link(link, "your_data-link")
    st.caption(
        "The link carries names, prices, thresholds and a code to know the counts by; never a row."
    )
    with unfolding_menu("Tables (CSV)", "your_data-tables") as shown:
        if shown:
            for name, columns in all_columns(p).items():
                download_columns(name.capitalize(), partial(dict, columns), f"your-data-{name}.csv")
            download_columns("Every score", lambda: own.every_score, "your-data-scores.csv")
