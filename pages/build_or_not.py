"""Build or not: four ways to go about a task; drag the months it must pay in, say it."""

import streamlit as st

from aipm_metrics.figures import build_or_not as figures
from aipm_metrics.figures.picture import Follow, Picture, Spec
from aipm_metrics.figures.style import palette
from aipm_metrics.links import to_link
from aipm_metrics.phrases import column
from aipm_metrics.scenarios.build_or_not import (
    BuildOrNotResult,
    BuildOrNotScenario,
    compare_options,
    how_sure,
)
from aipm_metrics.scenarios.build_or_not_knobs import MAP
from aipm_metrics.sentences import build_or_not as words
from aipm_metrics.sentences import build_or_not_tables as tables
from aipm_metrics.sentences.build_or_not_spots import aloud_at, every_spot
from aipm_metrics.spoken_columns import moneys
from pages._shared.address import keep_version, open_address
from pages._shared.controls import (
    drawn_alike,
    exact_number,
    knob_groups,
    knob_row,
    presets,
    scenario_in_use,
)
from pages._shared.frame import heading, is_dark, picture, plain, table, unfolding, unfolding_menu
from pages._shared.live.component import live, packed_once
from pages._shared.live.offline import offline_page
from pages._shared.live.view import Cell, Dial, Mark, People, Step, View
from pages._shared.share import copy_link, download_page, download_table, download_words, numbers
from pages._shared.uncertainty import uncertainty_section


def view(result: BuildOrNotResult, *, dark: bool) -> View:
    """Finish everything the hand can reach."""
    spots, colours, months = every_spot(result), palette(dark=dark), result.months
    follow = figures.months_follow(result)

    def drawn(name: str, question: str, spec: Spec, follows: Follow = follow) -> Picture:
        return Picture(name, question, words.described(result, name), spec, follows)

    return View(
        dial=Dial(
            "Plan for", months, months, spots.months, 0, months.size - 1,
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
            drawn("cost", "What does each way cost by then?",
                  figures.cost_figure(result, dark=dark)),
            drawn("volume", "From what volume does a model pay?",
                  figures.volume_figure(result, dark=dark), figures.volume_follows(result)),
            drawn("roc", "What does each way find, for how many false alarms?",
                  figures.roc_figure(result, dark=dark), figures.roc_follows(result)),
        ),
        steps=[Step(*step) for step in words.steps(result)],
        colours=colours.by_name,
    )  # fmt: skip


# Knobs -> Scenario: what they say is known before they are drawn
open_address(BuildOrNotScenario)
scenario = scenario_in_use(BuildOrNotScenario, "")

# Scenario -> Result
result, dark = compare_options(scenario), is_dark()

# Result -> words and pictures; first what everybody waits for, then what stands around it
top = st.container()
still = {"months": 1, "ranges": (), "seed": 1, "across": "items", "up": "AUC"}  # not seen there
alike = scenario.model_copy(update=still)
packed = packed_once(
    (alike, dark),
    lambda: view(result, dark=dark),
)
live(packed, result.row, "build_or_not-live", "build_or_not.months")
with top:
    heading(scenario.question, words.story(result), to_link(scenario))
    exact_number(BuildOrNotScenario, "months")
with st.sidebar:
    presets(BuildOrNotScenario)
    knob_groups(BuildOrNotScenario, None, but={MAP})

st.header(words.of_map(result), anchor=False)
knob_row(BuildOrNotScenario, MAP)
drawn_alike(scenario)
keep_version(BuildOrNotScenario)
picture(words.of_map(result), figures.map_figure(result, dark=dark),
        words.described(result, "map"), "build_or_not-map", asked=True)  # fmt: skip
table(tables.BREAK_EVEN_HEADER, [tables.break_even_row(f) for f in result.break_evens],
      "Break-even points")  # fmt: skip
st.header("What is each way worth?", anchor=False)
table(tables.POINT_HEADER, [tables.point_row(p) for p in result.points], "The four ways")
st.caption(plain(words.hull_line(result)))

with unfolding("What would change my mind?", "build_or_not-flips") as shown:
    if shown:
        table(tables.FLIP_HEADER, [tables.flip_row(flip) for flip in result.flips], "Flip points")
uncertainty_section(
    scenario, lambda: how_sure(result), (scenario.months, scenario.months), words.rival(result)
)
with unfolding("What does this assume?", "build_or_not-assumptions") as shown:
    if shown:
        st.markdown(plain(words.worst_assumption(result)))
        lines = [tables.assumption_row(a) for a in result.assumptions]
        table(tables.ASSUMPTION_HEADER, lines, "Assumptions")
with unfolding("The numbers and their formulas", "build_or_not-numbers") as shown:
    if shown:
        lines = [tables.outcome_row(o) for o in result.outcomes]
        table(tables.OUTCOME_HEADER, lines, "Outcomes and formulas")
st.header("Share and download", anchor=False)
copy_link(to_link(scenario), "build_or_not-link")
with st.container(horizontal=True):
    download_page(
        "Download HTML",
        lambda: offline_page(
            packed, result.row, title=scenario.question, story=words.story(result),
            link=to_link(scenario),
        ),
        "build-or-not.html",
    )  # fmt: skip
    with unfolding_menu("Tables (CSV)", "build_or_not-tables") as shown:
        if shown:
            download_table("Outcomes", lambda: numbers(result), "build-or-not-outcomes.csv")
            for name, header, told in (
                ("ways", tables.POINT_HEADER, lambda: [tables.point_row(p) for p in result.points]),
                ("break-even-points", tables.BREAK_EVEN_HEADER,
                 lambda: [tables.break_even_row(f) for f in result.break_evens]),
                ("flip-points", tables.FLIP_HEADER,
                 lambda: [tables.flip_row(f) for f in result.flips]),
                ("assumptions", tables.ASSUMPTION_HEADER,
                 lambda: [tables.assumption_row(a) for a in result.assumptions]),
                ("every-length", tables.SPOT_HEADER, lambda: tables.spot_rows(result)),
            ):  # fmt: skip
                download_words(name, header, told, f"build-or-not-{name}.csv")
