"""Peak load: set the day, drag the servers, see who waits at nine o'clock, say it."""

import streamlit as st

from aipm_metrics.figures import peak_load as figures
from aipm_metrics.figures.picture import Follow, Picture, Spec
from aipm_metrics.figures.style import palette
from aipm_metrics.links import to_link
from aipm_metrics.phrases import column
from aipm_metrics.scenarios.peak_load import (
    PeakLoadResult,
    PeakLoadScenario,
    how_sure,
    run_day,
)
from aipm_metrics.scenarios.peak_load_paths import why_not
from aipm_metrics.sentences import peak_load as words
from aipm_metrics.sentences.peak_load_spots import aloud_at, every_spot
from aipm_metrics.spoken_columns import moneys
from pages._shared.address import keep_version, open_address
from pages._shared.controls import drawn_alike, exact_number, knob_groups, presets, scenario_in_use
from pages._shared.frame import (
    heading,
    is_dark,
    picture,
    plain,
    sharing,
    table,
    unfolding,
    unfolding_menu,
)
from pages._shared.live.component import live, packed_once
from pages._shared.live.offline import offline_page
from pages._shared.live.view import Cell, Dial, Mark, People, Step, View
from pages._shared.share import copy_link, download_page, download_table, download_words, numbers
from pages._shared.uncertainty import uncertainty_section


def view(result: PeakLoadResult, *, dark: bool) -> View:
    """Finish everything the hand can reach."""
    spots, colours, servers = every_spot(result), palette(dark=dark), result.servers
    follow = figures.servers_follow(result)

    def drawn(name: str, question: str, spec: Spec, follows: Follow = follow) -> Picture:
        return Picture(name, question, words.described(result, name), spec, follows)

    return View(
        dial=Dial(
            "Servers", servers, servers, spots.number, 0, servers.size - 1,
            tuple(Mark(row, label, kind) for row, label, kind in words.dial_marks(result)),
        ),
        people=People(
            words.of_people(result), words.described(result, "people"), figures.people_groups(),
            {
                name: Cell(
                    words.CELLS[name], figures.cell_colour(name, dark=dark),
                    figures.SHAPES[name], result.people[name], said,
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
            drawn("cost", "What does each number of servers cost, and why?",
                  figures.cost_figure(result, dark=dark)),
            drawn("requests", "What becomes of the requests?",
                  figures.requests_figure(result, dark=dark)),
            drawn("hours", "When does it hurt?", figures.hours_figure(result, dark=dark)),
            drawn("tradeoff", "What does a good answer cost?",
                  figures.tradeoff_figure(result, dark=dark), figures.tradeoff_follows(result)),
        ),
        steps=[Step(*step) for step in words.steps(result)],
        colours=colours.by_name,
    )  # fmt: skip


# Knobs -> Scenario: what they say is known before they are drawn
open_address(PeakLoadScenario)
scenario = scenario_in_use(PeakLoadScenario, "")

# Scenario -> Result
result, dark = run_day(scenario), is_dark()

# Result -> words and pictures; first what everybody waits for, then what stands around it
top = st.container()
packed = packed_once(
    (
        scenario.model_copy(update={"servers": 1, "ranges": (), "seed": 1}),
        result.servers,
        dark,
    ),
    lambda: view(result, dark=dark),
)
live(packed, result.row, "peak-load-live", "peak_load.servers")
with top:
    heading(scenario.question, words.story(result), to_link(scenario))
    exact_number(PeakLoadScenario, "servers")
with st.sidebar:
    presets(PeakLoadScenario)
    knob_groups(PeakLoadScenario, None)
drawn_alike(scenario)
keep_version(PeakLoadScenario)

st.header("Which number would somebody defend, and at what price?", anchor=False)
table(words.POINT_HEADER, [words.point_row(p) for p in result.points], "Operating points")
for note in words.point_notes(result):
    st.caption(plain(note))
if refused := words.limits_line(result):
    st.warning(plain(refused))
st.header("What would something else buy?", anchor=False)
table(words.MOVE_HEADER, [words.move_row(m) for m in result.moves], "Moves")

with st.grid(2, min_column_width=380):
    for name, question, figure in (
        ("day", "What comes, and what can the servers do?", figures.day_figure),
        ("tail", "How long does an answer take?", figures.tail_figure),
    ):
        with st.container():
            picture(question, figure(result, dark=dark), words.described(result, name),
                    f"peak-load-{name}")  # fmt: skip
table(words.PERCENTILE_HEADER, words.percentile_rows(result), "Percentiles")
if tokens := words.token_rows(result):
    table(words.TOKEN_HEADER, tokens, "Tokens")
table(words.QUALITY_HEADER, words.quality_rows(result), "Quality under load")

with unfolding("Does a simulated peak agree?", "peak_load-simulated") as shown:
    if shown and (why := why_not(scenario)):
        st.caption(plain(words.not_simulated(why)))
    elif shown:
        found = result.simulated()
        for said in words.simulated_lines(found):
            st.markdown(plain(said))
        picture("How many wait longer than this, at the peak?",
                figures.simulated_figure(found, dark=dark), words.described(result, "simulated"),
                "peak-load-simulated-waits")  # fmt: skip
with unfolding("What does waiting do to people?", "peak_load-evidence") as shown:
    if shown:
        st.markdown(plain(words.evidence_line(result)))
        lines = [words.evidence_row(row) for row in result.evidence]
        table(words.EVIDENCE_HEADER, lines, "Studies of waiting")
with unfolding("What would change my mind?", "peak_load-flips") as shown:
    if shown:
        table(words.FLIP_HEADER, [words.flip_row(flip) for flip in result.flips], "Flip points")
uncertainty_section(
    scenario, lambda: how_sure(result), (scenario.servers, result.rival_servers),
    words.rival(result),
)  # fmt: skip
with unfolding("What does this assume?", "peak_load-assumptions") as shown:
    if shown:
        st.markdown(plain(words.worst_assumption(result)))
        lines = [words.assumption_row(a) for a in result.assumptions]
        table(words.ASSUMPTION_HEADER, lines, "Assumptions")
with unfolding("The numbers and their formulas", "peak_load-numbers") as shown:
    if shown:
        lines = [words.outcome_row(o) for o in result.outcomes]
        table(words.OUTCOME_HEADER, lines, "Outcomes and formulas")
with sharing():
    copy_link(to_link(scenario), "peak-load-link")
    with st.container(horizontal=True):
        download_page(
            "Download HTML",
            lambda: offline_page(
                packed, result.row, title=scenario.question, story=words.story(result),
                link=to_link(scenario),
            ),
            "peak-load.html",
        )  # fmt: skip
        with unfolding_menu("Tables (CSV)", "peak_load-tables") as shown:
            if shown:
                download_table("Outcomes", lambda: numbers(result), "peak-load-outcomes.csv")
                for name, header, told in (
                    ("operating-points", words.POINT_HEADER,
                     lambda: [words.point_row(p) for p in result.points]),
                    ("moves", words.MOVE_HEADER, lambda: [words.move_row(m) for m in result.moves]),
                    ("flip-points", words.FLIP_HEADER,
                     lambda: [words.flip_row(f) for f in result.flips]),
                    ("assumptions", words.ASSUMPTION_HEADER,
                     lambda: [words.assumption_row(a) for a in result.assumptions]),
                    ("every-number", words.SPOT_HEADER, lambda: words.spot_rows(result)),
                ):  # fmt: skip
                    download_words(name, header, told, f"peak-load-{name}.csv")
