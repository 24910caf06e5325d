"""Moderation: turn the knobs, drag the threshold, see who is silenced and who is harmed, say it."""

import numpy as np
import streamlit as st

from aipm_metrics.figures import moderation as figures
from aipm_metrics.figures.picture import Follow, Picture, Spec
from aipm_metrics.figures.style import palette
from aipm_metrics.links import to_link
from aipm_metrics.models.curves import place
from aipm_metrics.phrases import column
from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario, moderate
from aipm_metrics.scenarios.moderation_uncertainty import how_sure
from aipm_metrics.sentences import moderation as words
from aipm_metrics.sentences.moderation_spots import aloud_at, every_spot
from aipm_metrics.spoken_columns import moneys
from pages._shared.address import keep_version, open_address
from pages._shared.controls import (
    drawn_alike,
    exact_threshold,
    knob_groups,
    presets,
    scenario_in_use,
)
from pages._shared.frame import (
    heading,
    is_dark,
    plain,
    sharing,
    table,
    unfolding,
    unfolding_menu,
)
from pages._shared.live.component import live, packed_with
from pages._shared.live.offline import offline_page
from pages._shared.live.view import Cell, Dial, Mark, People, Step, View
from pages._shared.own_rows import rows_box, rows_in_use
from pages._shared.share import (
    copy_link,
    curve,
    download_page,
    download_table,
    download_words,
    numbers,
)
from pages._shared.uncertainty import uncertainty_section


def view(result: ModerationResult, *, dark: bool) -> View:
    """Finish everything the hand can reach."""
    spots, curves, colours = every_spot(result), result.curves, palette(dark=dark)
    low, high = np.searchsorted(curves.threshold, [curves.low, curves.high])

    def picture(name: str, question: str, spec: Spec, follow: Follow) -> Picture:
        return Picture(name, question, words.described(result, name), spec, follow)

    return View(
        dial=Dial(
            "Removal threshold", curves.threshold, place(curves.threshold, curves.spacing),
            spots.cut, int(low), int(high),
            tuple(Mark(row, label, kind) for row, label, kind in words.dial_marks(result)),
        ),
        people=People(
            words.of_people(result), words.described(result, "people"),
            figures.people_groups(result),
            {
                name: Cell(
                    words.CELLS[name], colours.by_name[name.replace(" ", "_")],
                    figures.SHAPES[name], result.people.people[name], said,
                )
                for name, said in words.people_at(spots).items()
            },
        ),
        cards=[(card.label, card.value, card.change) for card in words.cards_at(spots)],
        against=words.comparison_at(spots),
        aloud=aloud_at(spots),
        ratios=words.ratios_at(spots),
        causes=[
            (label, colour, part, column(moneys(usd)))
            for label, colour, part, usd in figures.cost_bars(result, dark=dark)
        ],
        pictures=(
            picture("cost", "What does each threshold cost, and why?",
                    figures.cost_figure(result, dark=dark), figures.cost_follows(result)),
            picture("scores", "How far apart do harmful and harmless posts score?",
                    figures.scores_figure(result, dark=dark),
                    figures.scores_follow(result, dark=dark)),
            picture("roc", "How much harm is caught for how many wronged?",
                    figures.roc_figure(result, dark=dark), figures.roc_follows(result)),
            picture("precision", "How often is a removal right?",
                    figures.precision_recall_figure(result, dark=dark),
                    figures.precision_recall_follows(result)),
        ),
        steps=[Step(*step) for step in words.steps(result)],
        colours=colours.by_name,
    )  # fmt: skip


# Knobs -> Scenario: what they say is known before they are drawn
open_address(ModerationScenario)
own = rows_in_use(ModerationScenario)
rows = own.counts if own else None
scenario = scenario_in_use(ModerationScenario, rows.fingerprint if rows else "")

# Scenario -> Result
result, dark = moderate(scenario, rows), is_dark()

# Result -> words and pictures; first what everybody waits for, then what stands around it
top = st.container()
packed, row = packed_with(
    (scenario.model_copy(update={"threshold": 0, "ranges": (), "seed": 1}), dark),
    result.curves.threshold,
    result.row,
    lambda: view(result, dark=dark),
)
live(packed, row, "moderation-live", "moderation.threshold")
with top:
    heading(scenario.question, words.story(result), to_link(scenario))
    exact_threshold(ModerationScenario, "threshold", rows)
with st.sidebar:
    presets(ModerationScenario)
    rows_box(ModerationScenario, own)
    knob_groups(ModerationScenario, rows)
drawn_alike(scenario)
keep_version(ModerationScenario)
st.caption(plain(words.model_line(result)))
st.caption(plain(words.TERMS_LINE))

st.header("Which thresholds would somebody defend, and at what price?", anchor=False)
table(words.POINT_HEADER, [words.point_row(result, p) for p in result.points], "Operating points")
for note in words.point_notes(result):
    st.caption(plain(note))

with unfolding("What would change my mind?", "moderation-flips") as shown:
    if shown:
        table(words.FLIP_HEADER, [words.flip_line(flip) for flip in result.flips], "Flip points")
        st.caption(words.VOLUME_LINE)
cuts = (scenario.threshold, float(result.compared.threshold))
uncertainty_section(scenario, lambda: how_sure(result), cuts, words.rival(result))
with unfolding("What does this assume?", "moderation-assumptions") as shown:
    if shown:
        st.markdown(plain(words.worst_assumption(result)))
        lines = [words.assumption_row(a) for a in result.assumptions]
        table(words.ASSUMPTION_HEADER, lines, "Assumptions")
with unfolding("The numbers and their formulas", "moderation-numbers") as shown:
    if shown:
        table(words.RATIO_HEADER, words.ratio_rows(result), "Model metrics at the threshold")
        lines = [words.outcome_row(o) for o in result.outcomes]
        table(words.OUTCOME_HEADER, lines, "Outcomes and formulas")
        table(words.SPOT_HEADER, words.spot_rows(result), "Some thresholds, in words")
with sharing():
    copy_link(to_link(scenario), "moderation-link")
    with st.container(horizontal=True):
        download_page(
            "Download HTML",
            lambda: offline_page(
                packed, row, title=scenario.question, story=words.story(result),
                link=to_link(scenario),
            ),
            "moderation.html",
        )  # fmt: skip
        with unfolding_menu("Tables (CSV)", "moderation-tables") as shown:
            if shown:
                download_table("Outcomes", lambda: numbers(result), "moderation-outcomes.csv")
                download_table(
                    "Every threshold", lambda: curve(result.curves, result.sweep),
                    "moderation-curve.csv",
                )  # fmt: skip
                for name, header, told in (
                    ("operating-points", words.POINT_HEADER,
                     lambda: [words.point_row(result, p) for p in result.points]),
                    ("flip-points", words.FLIP_HEADER,
                     lambda: [words.flip_line(f) for f in result.flips]),
                    ("assumptions", words.ASSUMPTION_HEADER,
                     lambda: [words.assumption_row(a) for a in result.assumptions]),
                    ("model-metrics", words.RATIO_HEADER, lambda: words.ratio_rows(result)),
                    ("some-thresholds", words.SPOT_HEADER, lambda: words.spot_rows(result)),
                ):  # fmt: skip
                    download_words(name, header, told, f"moderation-{name}.csv")
