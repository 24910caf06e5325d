"""Home: the questions this dashboard answers, as cards."""

from collections.abc import Callable

import streamlit as st

from aipm_metrics.comparisons.compare import compare, turn_of
from aipm_metrics.comparisons.presets import starter
from aipm_metrics.figures import (
    api_spend,
    build_or_not,
    comparison,
    diagnosis,
    error_budget,
    forecasting,
    moderation,
    peak_load,
    translate,
    your_data,
)
from aipm_metrics.figures.picture import Spec
from aipm_metrics.models.curves import curves_of_rows
from aipm_metrics.rows.sample import sample_counts
from aipm_metrics.scenarios import SCENARIOS
from pages._shared.frame import card, is_dark, question_card
from pages._shared.previews import HOME
from pages._shared.sides import fields_kept
from pages._shared.ways import fields_to_own_rows

# What each card shows, and how to say it to whoever cannot see it.
CARDS: dict[str, tuple[Callable[..., Spec], str]] = {
    "build_or_not": (
        build_or_not.thumbnail,
        "What four ways of doing a task cost: a model's line falls as the plan grows longer",
    ),
    "moderation": (
        moderation.thumbnail,
        "Two hills of scores, harmless and harmful posts, cut by a threshold",
    ),
    "translate": (
        translate.thumbnail,
        "Cost falling as precision rises, with precision now and five per cent lower marked",
    ),
    "diagnosis": (
        diagnosis.thumbnail,
        "Cost of three designs along the AI's threshold: no AI, a fast one, an explained one",
    ),
    "forecasting": (
        forecasting.thumbnail,
        "Two hills of demand around what an old and a new forecast say, the new one to one side",
    ),
    "peak_load": (
        peak_load.thumbnail,
        "Requests in time, too late and unanswered along the number of servers",
    ),
    "api_spend": (
        api_spend.thumbnail,
        "Cost falling and rising again as the step limit goes up: people first, then runaways",
    ),
    "error_budget": (
        error_budget.thumbnail,
        "What bad answers cost and what keeping them rare costs, crossing at the cheapest SLO",
    ),
}

st.title(HOME.title, anchor=False)
st.markdown(f"{HOME.line} Every number is illustrative until you put in your own.")
with st.grid(2, min_column_width=320):
    for scenario in SCENARIOS:
        thumbnail, alt = CARDS[scenario.page]
        question_card(scenario, thumbnail(scenario().run(), dark=is_dark()), alt)
    compared = compare(*starter())
    card(
        "compare", "**Compare**: Which of two would you defend?", fields_kept(),
        comparison.thumbnail(turn_of(compared, compared.turnings[0]), dark=is_dark()),
        "Two lines of cost that cross where the other choice becomes the cheaper one",
        "Two settings, two models or two worlds, side by side: who pays, what it saves, and what "
        "would change your mind.",
    )  # fmt: skip
    card(
        "your_data", "**Your data**: What do your own rows say?", fields_to_own_rows(),
        your_data.thumbnail(curves_of_rows(sample_counts(), None, ()), dark=is_dark()),
        "Two outlines of scores that overlap: events, and other rows",
        "Scored rows from a file, a folder or a warehouse: which threshold, for whom it works "
        "worst, and how sure that is.",
    )  # fmt: skip
