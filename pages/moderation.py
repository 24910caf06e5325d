"""Moderation: turn the knobs, see who is silenced and who is harmed, say it aloud."""

import streamlit as st

from aipm_metrics.figures.moderation import (
    cost_figure,
    people_figure,
    precision_recall_figure,
    roc_figure,
    scores_figure,
)
from aipm_metrics.links import to_link
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.moderation_uncertainty import how_sure
from aipm_metrics.sentences import moderation as words
from pages._shared.address import keep_version, open_address
from pages._shared.controls import (
    knob_groups,
    points_to_move_to,
    presets,
    scenario_in_use,
    threshold_input,
)
from pages._shared.frame import heading, is_dark, outcome_cards, picture, plain, sentences, table
from pages._shared.own_rows import rows_in_use
from pages._shared.share import copy_link, curve, download_pictures, download_table, numbers
from pages._shared.uncertainty import uncertainty_section

# Knobs -> Scenario
open_address(ModerationScenario)
with st.sidebar:
    presets(ModerationScenario)
own = rows_in_use(ModerationScenario)
rows = own.counts if own else None
top = st.container()  # filled once the answer is known
threshold_input(ModerationScenario, "threshold", rows, wide=True)
below = st.container()
with st.sidebar:
    knob_groups(ModerationScenario, rows)
scenario = scenario_in_use(ModerationScenario, rows.fingerprint if rows else "")
keep_version(ModerationScenario)

# Scenario -> Result
result = moderate(scenario, rows)

# Result -> words and pictures
dark = is_dark()
with top:
    heading(scenario.question, words.story(result), to_link(scenario))
    outcome_cards(words.cards(result), words.comparison(result))
with below:
    points_to_move_to(ModerationScenario, "threshold", words.moves(result))
    st.caption(plain(words.model_line(result)))

sentences(words.aloud(result))

pictures = {
    words.of_people(result): people_figure(result, dark=dark),
    "What does each threshold cost, and why?": cost_figure(result, dark=dark),
    "How far apart do harmful and harmless posts score?": scores_figure(result, dark=dark),
    "How much harm is caught for how many wronged?": roc_figure(result, dark=dark),
    "How often is a removal right?": precision_recall_figure(result, dark=dark),
}
people, cost, scores, roc, precision = pictures.items()
outcomes_tab, metrics_tab = st.tabs(["People and money", "ROC and precision"])
with outcomes_tab:
    with st.grid(2, min_column_width=380):
        for name, shown in (("people", people), ("scores", scores)):
            with st.container():
                picture(*shown, words.described(result, name), f"moderation-{name}")
    picture(*cost, words.described(result, "cost"), "moderation-cost")
with metrics_tab:
    with st.grid(2, min_column_width=380):
        for name, shown in (("roc", roc), ("precision", precision)):
            with st.container():
                picture(*shown, words.described(result, name), f"moderation-{name}")
    table(("metric", "value"), words.ratios(result), "Model metrics at the threshold")
st.header("Which thresholds would somebody defend, and at what price?", anchor=False)
table(words.POINT_HEADER, [words.point_row(result, p) for p in result.points], "Operating points")
for note in words.point_notes(result):
    st.caption(plain(note))

with st.expander("What would change my mind?"):
    table(words.FLIP_HEADER, [words.flip_line(flip) for flip in result.flips], "Flip points")
    st.caption(words.VOLUME_LINE)
cuts = (scenario.threshold, float(result.compared.threshold))
uncertainty_section(scenario, lambda: how_sure(result), cuts, words.rival(result))
with st.expander("What does this assume?"):
    st.markdown(plain(words.worst_assumption(result)))
    table(
        words.ASSUMPTION_HEADER,
        [words.assumption_row(a) for a in result.assumptions],
        "Assumptions",
    )
with st.expander("The numbers and their formulas"):
    table(
        words.OUTCOME_HEADER,
        [words.outcome_row(o) for o in result.outcomes],
        "Outcomes and formulas",
    )
st.header("Share and download", anchor=False)
copy_link(to_link(scenario), "moderation-link")
with st.container(horizontal=True):
    download_table("Outcomes (CSV)", numbers(result), "moderation-outcomes.csv")
    download_table(
        "Every threshold (CSV)", curve(result.curves, result.sweep), "moderation-curve.csv"
    )
    download_pictures(pictures, "moderation-pictures.html", dark=dark)
