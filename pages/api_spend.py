"""API spend: turn the knobs, drag the step limit, see which tasks finish and what runaways eat."""

import streamlit as st

from aipm_metrics.figures import api_spend as figures
from aipm_metrics.figures.picture import Follow, Picture, Spec
from aipm_metrics.figures.style import palette
from aipm_metrics.links import to_link
from aipm_metrics.phrases import column
from aipm_metrics.scenarios.api_spend import ApiSpendResult, ApiSpendScenario, spend
from aipm_metrics.scenarios.api_spend_uncertainty import how_sure
from aipm_metrics.sentences import api_spend as words
from aipm_metrics.sentences import api_spend_guards as guards
from aipm_metrics.sentences.api_spend_spots import aloud_at, every_spot
from aipm_metrics.spoken_columns import moneys
from pages._shared.address import keep_version, open_address
from pages._shared.controls import (
    drawn_alike,
    exact_number,
    knob_groups,
    presets,
    scenario_in_use,
)
from pages._shared.frame import (
    heading,
    is_dark,
    picture,
    plain,
    table,
    unfolding,
    unfolding_menu,
)
from pages._shared.live.component import live, packed_once
from pages._shared.live.offline import offline_page
from pages._shared.live.view import Cell, Dial, Mark, People, Step, View
from pages._shared.share import (
    copy_link,
    download_page,
    download_table,
    download_words,
    every_limit,
    numbers,
)
from pages._shared.uncertainty import uncertainty_section


def view(result: ApiSpendResult, *, dark: bool) -> View:
    """Finish everything the hand can reach."""
    spots, colours = every_spot(result), palette(dark=dark)

    def drawn(name: str, question: str, spec: Spec, follow: Follow) -> Picture:
        return Picture(name, question, words.described(result, name), spec, follow)

    limits = result.sweep.limit
    return View(
        dial=Dial(
            "Step limit", limits, figures.places_of(result), spots.limit, 0, len(limits) - 1,
            tuple(Mark(row, label, kind) for row, label, kind in words.dial_marks(result)),
        ),
        people=People(
            words.of_people(result), words.described(result, "people"),
            figures.people_groups(result),
            {
                name: Cell(
                    words.CELLS[name], colours.by_name[figures.CELL_COLOURS[name]],
                    figures.SHAPES[name], result.crowd.people[name], said,
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
            drawn("cost", "What does each limit cost, and why?",
                  figures.cost_figure(result, dark=dark), figures.cost_follows(result)),
            drawn("finish", "How many tasks does a limit let finish?",
                  figures.finish_figure(result, dark=dark), figures.finish_follows(result)),
            drawn("good", "What does a good outcome cost?",
                  figures.good_figure(result, dark=dark), figures.good_follows(result)),
            drawn("run", "What does one task cost that never stops?",
                  figures.run_figure(result, dark=dark), figures.run_follows(result)),
        ),
        steps=[Step(*step) for step in words.steps(result)],
        # Steps below the limit are taken, those above it are not.
        colours=colours.by_name
        | {"rail_below": colours.caught, "rail_above": colours.left_alone},
    )  # fmt: skip


# Knobs -> Scenario: what they say is known before they are drawn
open_address(ApiSpendScenario)
scenario = scenario_in_use(ApiSpendScenario, "")

# Scenario -> Result
result, dark = spend(scenario), is_dark()

# Result -> words and pictures; first what everybody waits for, then what stands around it
top = st.container()
packed = packed_once(
    (scenario.model_copy(update={"step_limit": 0, "ranges": (), "seed": 1}), dark),
    lambda: view(result, dark=dark),
)
live(packed, result.row, "api_spend-live", "api_spend.step_limit")
with top:
    heading(scenario.question, words.story(result), to_link(scenario))
    exact_number(ApiSpendScenario, "step_limit")
with st.sidebar:
    presets(ApiSpendScenario)
    knob_groups(ApiSpendScenario, None)
drawn_alike(scenario)
keep_version(ApiSpendScenario)
st.caption(plain(words.model_line(result)))

st.header("Which limits would somebody defend, and at what price?", anchor=False)
table(words.POINT_HEADER, [words.point_row(p) for p in result.points], "Operating points")
for note in words.point_notes(result):
    st.caption(plain(note))
st.header("Would the guards hold?", anchor=False)
table(guards.GUARD_HEADER, guards.guard_rows(result), "Guards")
st.header("API or own GPUs?", anchor=False)
st.markdown(plain(guards.hosting_line(result)))
bills, beside = st.columns(2)
with bills:
    picture(
        "From how many tasks on do own GPUs pay?", figures.volumes_figure(result, dark=dark),
        guards.described_volumes(result), "api_spend-volumes",
    )  # fmt: skip
with beside:
    table(guards.HOSTING_HEADER, guards.hosting_rows(result), "API beside own GPUs")

with unfolding("What would change my mind?", "api_spend-flips") as shown:
    if shown:
        table(words.FLIP_HEADER, [words.flip_line(flip) for flip in result.flips], "Flip points")
        st.caption(plain(words.LEFT_OUT))
limits = (scenario.step_limit, float(result.compared.limit))
uncertainty_section(scenario, lambda: how_sure(result), limits, words.rival(result))
with unfolding("What does this assume?", "api_spend-assumptions") as shown:
    if shown:
        st.markdown(plain(words.worst_assumption(result)))
        lines = [words.assumption_row(a) for a in result.assumptions]
        table(words.ASSUMPTION_HEADER, lines, "Assumptions")
with unfolding("The numbers and their formulas", "api_spend-numbers") as shown:
    if shown:
        table(words.RATIO_HEADER, words.ratios(result), "What an engineer would ask for")
        lines = [words.outcome_row(o) for o in result.outcomes]
        table(words.OUTCOME_HEADER, lines, "Outcomes and formulas")
        table(words.SPOT_HEADER, words.spot_rows(result), "Some limits, in words")
st.header("Share and download", anchor=False)
copy_link(to_link(scenario), "api_spend-link")
with st.container(horizontal=True):
    download_page(
        "Download HTML",
        lambda: offline_page(
            packed, result.row, title=scenario.question, story=words.story(result),
            link=to_link(scenario),
        ),
        "api_spend.html",
    )  # fmt: skip
    with unfolding_menu("Tables (CSV)", "api_spend-tables") as shown:
        if shown:
            download_table("Outcomes", lambda: numbers(result), "api_spend-outcomes.csv")
            download_table("Every limit", lambda: every_limit(result.sweep), "api_spend-limits.csv")
            for name, header, told in (
                ("operating-points", words.POINT_HEADER,
                 lambda: [words.point_row(p) for p in result.points]),
                ("guards", guards.GUARD_HEADER, lambda: guards.guard_rows(result)),
                ("own-gpus", guards.HOSTING_HEADER, lambda: guards.hosting_rows(result)),
                ("flip-points", words.FLIP_HEADER,
                 lambda: [words.flip_line(f) for f in result.flips]),
                ("assumptions", words.ASSUMPTION_HEADER,
                 lambda: [words.assumption_row(a) for a in result.assumptions]),
                ("some-limits", words.SPOT_HEADER, lambda: words.spot_rows(result)),
            ):  # fmt: skip
                download_words(name, header, told, f"api_spend-{name}.csv")
