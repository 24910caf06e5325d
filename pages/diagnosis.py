"""Diagnosis: choose a design, drag the AI's threshold, see who is missed and who waits, say it."""

import streamlit as st

from aipm_metrics.figures import diagnosis as figures
from aipm_metrics.figures.picture import Follow, Picture, Spec, figure
from aipm_metrics.figures.style import palette
from aipm_metrics.links import to_link
from aipm_metrics.models.curves import place
from aipm_metrics.phrases import column
from aipm_metrics.scenarios.diagnosis import DiagnosisResult, DiagnosisScenario, diagnose
from aipm_metrics.scenarios.diagnosis_uncertainty import how_sure
from aipm_metrics.sentences import diagnosis as words
from aipm_metrics.sentences import diagnosis_tables as tables
from aipm_metrics.sentences.diagnosis_spots import aloud_at, every_spot
from aipm_metrics.spoken_columns import moneys
from pages._shared.address import keep_version, open_address
from pages._shared.controls import (
    drawn_alike,
    exact_threshold,
    knob_groups,
    knob_input,
    presets,
    scenario_in_use,
)
from pages._shared.frame import heading, is_dark, picture, plain, table, unfolding, unfolding_menu
from pages._shared.live.component import live, packed_once
from pages._shared.live.offline import offline_page
from pages._shared.live.view import Cell, Dial, Mark, People, Step, View
from pages._shared.own_rows import rows_box, rows_in_use
from pages._shared.share import (
    copy_link,
    download_columns,
    download_page,
    download_table,
    download_words,
    numbers,
)
from pages._shared.uncertainty import uncertainty_section


def view(result: DiagnosisResult, *, dark: bool) -> View:
    """Finish everything the hand can reach."""
    spots, curves, colours = every_spot(result), result.curves, palette(dark=dark)
    rows = curves.threshold.searchsorted([curves.low, curves.high])

    def drawn(name: str, question: str, spec: Spec, follow: Follow) -> Picture:
        return Picture(name, question, words.described(result, name), spec, follow)

    return View(
        dial=Dial(
            "AI's threshold", curves.threshold, place(curves.threshold, curves.spacing),
            spots.cut, int(rows[0]), int(rows[1]),
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
            drawn("cost", "What does each design cost?",
                  figures.cost_figure(result, dark=dark), figures.cost_follows(result)),
            drawn("roc", "What are the two together?",
                  figures.roc_figure(result, dark=dark), figures.roc_follows(result)),
            drawn("reliance", "When the two differ, who is right?",
                  figures.reliance_figure(result, dark=dark), figures.reliance_follows(result)),
            drawn("use", "Who looks at it, after how long a wait?",
                  figures.use_figure(result, dark=dark), figures.use_follows(result)),
        ),
        steps=[Step(*step) for step in words.steps(result)],
        colours=colours.by_name,
    )  # fmt: skip


# Knobs -> Scenario: what they say is known before they are drawn
open_address(DiagnosisScenario)
own = rows_in_use(DiagnosisScenario)
rows = own.counts if own else None
scenario = scenario_in_use(DiagnosisScenario, rows.fingerprint if rows else "")

# Scenario -> Result
result, dark = diagnose(scenario, rows), is_dark()

# Result -> words and pictures; first what everybody waits for, then what stands around it
top = st.container()
packed = packed_once(
    (
        scenario.model_copy(update={"threshold": 0, "ranges": (), "seed": 1}),
        result.curves.threshold,
        dark,
    ),
    lambda: view(result, dark=dark),
)
live(packed, result.row, "diagnosis-live", "diagnosis.threshold")
with top:
    heading(scenario.question, words.story(result), to_link(scenario))
    with st.grid(2, min_column_width=330):
        for name in ("design", "today_design"):
            with st.container():
                knob_input(DiagnosisScenario, name)
    exact_threshold(DiagnosisScenario, "threshold", rows)
with st.sidebar:
    presets(DiagnosisScenario)
    rows_box(DiagnosisScenario, own)
    knob_groups(DiagnosisScenario, rows, but={"The decision"})
drawn_alike(scenario)
keep_version(DiagnosisScenario)

st.header("Three designs, side by side", anchor=False)
table(tables.DESIGN_HEADER, tables.design_rows(result), "Designs")
st.caption(plain(words.evidence_line(result)))
st.header("Which choice would somebody defend, and at what price?", anchor=False)
table(tables.POINT_HEADER, [tables.point_row(result, p) for p in result.points],
      "Operating points")  # fmt: skip
st.header("What is a missed cancer worth?", anchor=False)
st.markdown(plain(words.worth_line(result)))
with st.grid(2, min_column_width=380):
    with st.container():
        picture("Who is worth more than doing nothing?",
                figure(figures.benefit_figure(result, dark=dark)),
                words.described(result, "benefit"), "diagnosis-benefit")  # fmt: skip
    with st.container():
        st.subheader("At that rate of exchange", anchor=False)
        table(tables.BENEFIT_HEADER, tables.benefit_rows(result), "Net benefit")

with unfolding("Is it followed when it is right?", "diagnosis-reliance") as shown:
    if shown:
        table(tables.RELIANCE_HEADER, tables.reliance_rows(result), "Reliance")
with unfolding("Are the AI's chances honest?", "diagnosis-calibration") as shown:
    if shown:
        for said in words.calibration_lines(result):
            st.markdown(plain(said))
with unfolding("What is known of waiting and of explaining?", "diagnosis-evidence") as shown:
    if shown:
        table(tables.STUDY_HEADER, tables.study_rows(), "Studies of explaining")
        table(tables.WAIT_HEADER, tables.wait_table(result), "Studies of waiting")
with unfolding("What would change my mind?", "diagnosis-flips") as shown:
    if shown:
        table(tables.FLIP_HEADER, [tables.flip_line(f) for f in result.flips], "Flip points")
uncertainty_section(
    scenario, lambda: how_sure(result), (scenario.threshold, result.rival.threshold),
    words.rival(result),
)  # fmt: skip
with unfolding("What does this assume?", "diagnosis-assumptions") as shown:
    if shown:
        st.markdown(plain(words.worst_assumption(result)))
        lines = [tables.assumption_row(a) for a in result.assumptions]
        table(tables.ASSUMPTION_HEADER, lines, "Assumptions")
with unfolding("The numbers and their formulas", "diagnosis-numbers") as shown:
    if shown:
        lines = [tables.outcome_row(o) for o in result.outcomes]
        table(tables.OUTCOME_HEADER, lines, "Outcomes and formulas")
        table(tables.SPOT_HEADER, tables.spot_rows(result), "Some thresholds, in words")
st.header("Share and download", anchor=False)
copy_link(to_link(scenario), "diagnosis-link")
with st.container(horizontal=True):
    download_page(
        "Download HTML",
        lambda: offline_page(
            packed, result.row, title=scenario.question, story=words.story(result),
            link=to_link(scenario),
        ),
        "diagnosis.html",
    )  # fmt: skip
    with unfolding_menu("Tables (CSV)", "diagnosis-tables") as shown:
        if shown:
            download_table("Outcomes", lambda: numbers(result), "diagnosis-outcomes.csv")
            download_columns("Every threshold", lambda: result.columns, "diagnosis-curve.csv")
            for name, header, told in (
                ("designs", tables.DESIGN_HEADER, lambda: tables.design_rows(result)),
                ("operating-points", tables.POINT_HEADER,
                 lambda: [tables.point_row(result, p) for p in result.points]),
                ("net-benefit", tables.BENEFIT_HEADER, lambda: tables.benefit_rows(result)),
                ("reliance", tables.RELIANCE_HEADER, lambda: tables.reliance_rows(result)),
                ("flip-points", tables.FLIP_HEADER,
                 lambda: [tables.flip_line(f) for f in result.flips]),
                ("assumptions", tables.ASSUMPTION_HEADER,
                 lambda: [tables.assumption_row(a) for a in result.assumptions]),
                ("some-thresholds", tables.SPOT_HEADER, lambda: tables.spot_rows(result)),
            ):  # fmt: skip
                download_words(name, header, told, f"diagnosis-{name}.csv")
