"""Home: the questions this dashboard answers, as cards."""

import streamlit as st

from aipm_metrics.figures import moderation
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from pages._shared.frame import is_dark, question_card
from pages._shared.previews import HOME

st.title(HOME.title, anchor=False)
st.markdown(f"{HOME.line} Every number is illustrative until you put in your own.")
with st.grid(2, min_column_width=320):
    question_card(
        ModerationScenario,
        moderation.thumbnail(moderate(ModerationScenario()), dark=is_dark()),
        "Two hills of scores, harmless and harmful posts, cut by a threshold",
    )
