"""Home: the questions this dashboard answers, as cards."""

import streamlit as st

from aipm_metrics.comparisons.compare import compare, turn_of
from aipm_metrics.comparisons.presets import starter
from aipm_metrics.figures import (
    api_spend,
    build_or_not,
    comparison,
    error_budget,
    moderation,
    translate,
)
from aipm_metrics.scenarios.api_spend import ApiSpendScenario, spend
from aipm_metrics.scenarios.build_or_not import BuildOrNotScenario, compare_options
from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario, budget
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.translate import TranslateScenario
from pages._shared.frame import card, is_dark, question_card
from pages._shared.previews import HOME
from pages._shared.sides import fields_kept

st.title(HOME.title, anchor=False)
st.markdown(f"{HOME.line} Every number is illustrative until you put in your own.")
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
    question_card(
        ApiSpendScenario,
        api_spend.thumbnail(spend(ApiSpendScenario()), dark=is_dark()),
        "Cost falling and rising again as the step limit goes up: people first, then runaways",
    )
    question_card(
        ErrorBudgetScenario,
        error_budget.thumbnail(budget(ErrorBudgetScenario()), dark=is_dark()),
        "What bad answers cost and what keeping them rare costs, crossing at the cheapest SLO",
    )
    question_card(
        BuildOrNotScenario,
        build_or_not.thumbnail(compare_options(BuildOrNotScenario()), dark=is_dark()),
        "What four ways of doing a task cost a month: a model's line falls as it pays for longer",
    )
    compared = compare(*starter())
    card(
        "compare", "**Compare**: Which of two would you defend?", fields_kept(),
        comparison.thumbnail(turn_of(compared, compared.turnings[0]), dark=is_dark()),
        "Two lines of cost that cross where the other choice becomes the cheaper one",
        "Two settings, two models or two worlds, side by side: who pays, what it saves, and what "
        "would change your mind.",
    )  # fmt: skip
