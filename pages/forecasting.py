"""Forecasting: set two forecasts, drag the drivers sent, see who is short and who idle, say it."""

import streamlit as st

from aipm_metrics.figures import forecasting as figures
from aipm_metrics.figures.picture import Follow, Picture, Spec
from aipm_metrics.figures.style import palette
from aipm_metrics.links import to_link
from aipm_metrics.phrases import column
from aipm_metrics.scenarios.forecasting import (
    ForecastingResult,
    ForecastingScenario,
    forecast_outcomes,
)
from aipm_metrics.scenarios.forecasting_uncertainty import how_sure
from aipm_metrics.sentences import forecasting as words
from aipm_metrics.sentences import forecasting_duel as duel
from aipm_metrics.sentences.forecasting_spots import aloud_at, every_spot
from aipm_metrics.spoken_columns import moneys
from pages._shared.address import keep_version, open_address
from pages._shared.controls import exact_number, knob_groups, presets, scenario_in_use
from pages._shared.frame import heading, is_dark, picture, plain, table, unfolding, unfolding_menu
from pages._shared.live.component import live, packed_once
from pages._shared.live.offline import offline_page
from pages._shared.live.view import Cell, Dial, Mark, People, Step, View
from pages._shared.own_hours import hours_in_use
from pages._shared.share import copy_link, download_page, download_table, download_words, numbers
from pages._shared.uncertainty import uncertainty_section


def view(result: ForecastingResult, *, dark: bool) -> View:
    """Finish everything the hand can reach."""
    spots, colours, buffers = every_spot(result), palette(dark=dark), result.buffers
    follow = figures.sent_follow(result)

    def drawn(name: str, question: str, spec: Spec, follows: Follow = follow) -> Picture:
        return Picture(name, question, words.described(result, name), spec, follows)

    return View(
        dial=Dial(
            "Drivers sent, against the forecast", buffers, buffers, spots.number,
            0, buffers.size - 1,
            tuple(Mark(row, label, kind) for row, label, kind in words.dial_marks(result)),
        ),
        people=People(
            words.of_people(result), words.described(result, "people"), figures.people_groups(),
            {
                name: Cell(
                    words.CELLS[name], colours.by_name[figures.CELL_COLOURS[name]],
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
            drawn("demand", "When the forecast says 100, how many rides are asked for?",
                  figures.demand_figure(result, dark=dark),
                  figures.demand_follows(result, dark=dark)),
            drawn("cost", "What does each number of drivers cost, and why?",
                  figures.cost_figure(result, dark=dark)),
            drawn("errors", "Who is short, and who is idle?",
                  figures.errors_figure(result, dark=dark)),
            drawn("pay", "What do riders and drivers get?",
                  figures.pay_figure(result, dark=dark), figures.pay_follows(result)),
        ),
        steps=[Step(*step) for step in words.steps(result)],
        colours=colours.by_name
        | {"rail_below": colours.missed, "rail_above": colours.wronged},
    )  # fmt: skip


# Knobs -> Scenario
open_address(ForecastingScenario)
with st.sidebar:
    presets(ForecastingScenario)
own = hours_in_use(ForecastingScenario)
hours = own.hours if own else None
top = st.container()  # filled once the answer is known
exact_number(ForecastingScenario, "buffer")
with st.sidebar:
    knob_groups(ForecastingScenario, hours)  # type: ignore[arg-type] # whether there are any
scenario = scenario_in_use(ForecastingScenario, hours.fingerprint if hours else "")
keep_version(ForecastingScenario)

# Scenario -> Result
result, dark = forecast_outcomes(scenario, hours), is_dark()

# Result -> words and pictures
with top:
    heading(scenario.question, words.story(result), to_link(scenario))
packed = packed_once(
    (
        scenario.model_copy(update={"buffer": 0, "ranges": (), "seed": 1}),
        result.buffers,
        dark,
    ),
    lambda: view(result, dark=dark),
)
live(packed, result.row, "forecasting-live", "forecasting.buffer")
st.caption(plain(words.model_line(result)))

st.header("Which forecast is better?", anchor=False)
if flagged := duel.flag_line(result):
    st.warning(plain(flagged))
table(duel.DUEL_HEADER, duel.duel_rows(result), "The two forecasts")
st.caption(plain(duel.zero_line(result)))
st.header("A better forecast, or a better rule?", anchor=False)
st.markdown(plain(duel.worth_line(result)))
table(duel.RULE_HEADER, duel.rule_rows(result), "Forecasts and rules")
if result.landscape is not None:
    picture(
        "What does it cost to trust a forecast as it is?",
        figures.landscape_figure(result, dark=dark), words.described(result, "landscape"),
        "forecasting-landscape",
    )  # fmt: skip
st.header("Which quantile does each measure silently ask for?", anchor=False)
st.markdown(plain(duel.wish_line(result)))
table(duel.WISH_HEADER, duel.wish_rows(result), "What measures ask for")
st.header("Who pays for each error?", anchor=False)
table(duel.PAYER_HEADER, duel.payer_rows(result), "Who pays")
st.header("Which number would somebody defend, and at what price?", anchor=False)
table(words.POINT_HEADER, [words.point_row(p) for p in result.points], "Operating points")
for note in words.point_notes(result):
    st.caption(plain(note))

with unfolding("What would change my mind?", "forecasting-flips") as shown:
    if shown:
        table(words.FLIP_HEADER, [words.flip_row(flip) for flip in result.flips], "Flip points")
buffers = (scenario.buffer, float(result.rival.buffer))
uncertainty_section(scenario, lambda: how_sure(result), buffers, words.rival(result))
with unfolding("What does this assume?", "forecasting-assumptions") as shown:
    if shown:
        st.markdown(plain(words.worst_assumption(result)))
        lines = [words.assumption_row(a) for a in result.assumptions]
        table(words.ASSUMPTION_HEADER, lines, "Assumptions")
with unfolding("The numbers and their formulas", "forecasting-numbers") as shown:
    if shown:
        lines = [words.outcome_row(o) for o in result.outcomes]
        table(words.OUTCOME_HEADER, lines, "Outcomes and formulas")
st.header("Share and download", anchor=False)
copy_link(to_link(scenario), "forecasting-link")
with st.container(horizontal=True):
    download_page(
        "Download HTML",
        lambda: offline_page(
            packed, result.row, title=scenario.question, story=words.story(result),
            link=to_link(scenario),
        ),
        "forecasting.html",
    )  # fmt: skip
    with unfolding_menu("Tables (CSV)", "forecasting-tables") as shown:
        if shown:
            download_table("Outcomes", lambda: numbers(result), "forecasting-outcomes.csv")
            for name, header, told in (
                ("duel", duel.DUEL_HEADER, lambda: duel.duel_rows(result)),
                ("rules", duel.RULE_HEADER, lambda: duel.rule_rows(result)),
                ("quantiles", duel.WISH_HEADER, lambda: duel.wish_rows(result)),
                ("who-pays", duel.PAYER_HEADER, lambda: duel.payer_rows(result)),
                ("operating-points", words.POINT_HEADER,
                 lambda: [words.point_row(p) for p in result.points]),
                ("flip-points", words.FLIP_HEADER,
                 lambda: [words.flip_row(f) for f in result.flips]),
                ("assumptions", words.ASSUMPTION_HEADER,
                 lambda: [words.assumption_row(a) for a in result.assumptions]),
                ("every-number", words.SPOT_HEADER, lambda: words.spot_rows(result)),
            ):  # fmt: skip
                download_words(name, header, told, f"forecasting-{name}.csv")
