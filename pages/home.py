"""Home: the questions this dashboard answers, as cards."""

import streamlit as st

from aipm_metrics.figures import moderation, translate
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.translate import TranslateScenario
from pages._shared.frame import is_dark, question_card

st.title("What do a model's metrics do to people and money?", anchor=False)
st.markdown(
    "Pick a question. Turn the knobs until you understand the tradeoff, say it aloud, and send "
    "it as a link. Every number is illustrative until you put in your own."
)
with st.grid(2, min_column_width=320):
    question_card(
        ModerationScenario,
        moderation.thumbnail(moderate(ModerationScenario()), dark=is_dark()),
        "Two hills of scores, harmless and harmful posts, cut by a threshold",
    )
    question_card(
        TranslateScenario,
        translate.thumbnail(TranslateScenario().run(), dark=is_dark()),
        "Cost falling as precision rises, with precision now and five per cent lower marked",
    )
