"""Error budget: turn the knobs, drag the SLO, see who may fail how often, who pays, say it."""

import numpy as np
import streamlit as st

from aipm_metrics.figures import error_budget as figures
from aipm_metrics.figures.picture import Follow, Picture, Spec, figure
from aipm_metrics.figures.style import palette
from aipm_metrics.links import to_link
from aipm_metrics.models.curves import place
from aipm_metrics.phrases import column
from aipm_metrics.reports.openslo import openslo
from aipm_metrics.scenarios.error_budget import (
    HIGH,
    LOW,
    ErrorBudgetResult,
    ErrorBudgetScenario,
    budget,
)
from aipm_metrics.scenarios.error_budget_uncertainty import how_sure
from aipm_metrics.sentences import error_budget as words
from aipm_metrics.sentences import error_budget_notes as notes
from aipm_metrics.sentences.error_budget_spots import aloud_at, every_spot
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
    sharing,
    table,
    unfolding,
    unfolding_menu,
)
from pages._shared.live.component import live, packed_once
from pages._shared.live.offline import offline_page
from pages._shared.live.view import Cell, Dial, Mark, People, Step, View
from pages._shared.share import (
    budget_curve,
    copy_link,
    download_page,
    download_table,
    download_text,
    download_words,
    numbers,
)
from pages._shared.uncertainty import uncertainty_section


def view(result: ErrorBudgetResult, *, dark: bool) -> View:
    """Finish everything the hand can reach."""
    spots, slos, colours = every_spot(result), result.slos, palette(dark=dark)
    low, high = np.searchsorted(slos, [LOW, HIGH])
    crowd = {mode: result.people[:, i] for i, mode in enumerate(figures.SHAPES) if mode != "good"}
    crowd["good"] = result.crowd - result.people.sum(axis=1)

    def pictured(name: str, question: str, spec: Spec, follow: Follow) -> Picture:
        return Picture(name, question, words.described(result, name), spec, follow)

    return View(
        dial=Dial(
            "SLO", slos, place(slos, "log-odds"), spots.slo, int(low), int(high),
            tuple(Mark(row, label, kind) for row, label, kind in words.dial_marks(result)),
        ),
        people=People(
            words.of_people(result), words.described(result, "people"),
            figures.people_groups(result),
            {
                name: Cell(
                    words.CELLS[name], colours.by_name[figures.COLOURS[name]],
                    figures.SHAPES[name], crowd[name], said,
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
            pictured("cost", "What does each SLO cost, and why?",
                     figures.cost_figure(result, dark=dark), figures.cost_follows(result)),
            pictured("spent", "Who has spent it? The line is the budget",
                     figures.spent_figure(result, dark=dark), figures.spent_follows(result)),
            pictured("alerts", "Would anybody be woken in the incident?",
                     figures.alerts_figure(result, dark=dark), figures.alerts_follows(result)),
        ),
        steps=[Step(*step) for step in words.steps(result)],
        # Filled as far as the promise goes.
        colours=colours.by_name
        | {"rail_below": colours.caught, "rail_above": colours.left_alone},
    )  # fmt: skip


# Knobs -> Scenario: what they say is known before they are drawn
open_address(ErrorBudgetScenario)
scenario = scenario_in_use(ErrorBudgetScenario, "")

# Scenario -> Result
result, dark = budget(scenario), is_dark()

# Result -> words and pictures; first what everybody waits for, then what stands around it
top = st.container()
packed = packed_once(
    (
        scenario.model_copy(update={"slo": 0, "ranges": (), "seed": 1}),
        result.slos,
        dark,
    ),
    lambda: view(result, dark=dark),
)
live(packed, result.row, "error_budget-live", "error_budget.slo")
with top:
    heading(scenario.question, words.story(result), to_link(scenario))
    exact_number(ErrorBudgetScenario, "slo")
with st.sidebar:
    presets(ErrorBudgetScenario)
    knob_groups(ErrorBudgetScenario, None)
drawn_alike(scenario)
keep_version(ErrorBudgetScenario)
for note in (notes.traffic_note(result), notes.spend_note(result)):
    if note:
        st.caption(plain(note))

st.header("Who may spend it?", anchor=False)
table(words.SPEND_HEADER, words.spend_rows(result), "Budget by failure mode")
with st.grid(2, min_column_width=380):
    with st.container():
        picture(
            "What would each way to split it allow?",
            figure(figures.split_figure(result, dark=dark)), words.described(result, "split"),
            "error_budget-split",
        )  # fmt: skip
    with st.container():
        picture(
            "How fast does the incident burn it?",
            figure(figures.incident_figure(result, dark=dark)),
            words.described(result, "incident"), "error_budget-incident",
        )  # fmt: skip
table(words.SPLIT_HEADER, [words.split_row(split) for split in result.splits], "Ways to split")

st.header("Which alerts can fire?", anchor=False)
for note in notes.alert_notes(result):
    st.markdown(plain(note))
alerts = [words.alert_row(alert) for alert in result.alerts]
proposed = [(f"proposed {row[0]}", *row[1:]) for row in map(words.alert_row,
                                                            result.proposed_alerts)]  # fmt: skip
table(words.ALERT_HEADER, [*alerts, *proposed], "Alerts")

st.header("Which SLOs would somebody defend, and at what price?", anchor=False)
points = words.point_header(result), [words.point_row(point) for point in result.points]
table(*points, "Operating points")
for note in notes.point_notes(result):
    st.caption(plain(note))

with unfolding("What would change my mind?", "error_budget-flips") as shown:
    if shown:
        table(words.FLIP_HEADER, [words.flip_line(flip) for flip in result.flips], "Flip points")
choices = (scenario.slo, float(result.compared.slo))
uncertainty_section(scenario, lambda: how_sure(result), choices, words.rival(result))
with unfolding("What does this assume?", "error_budget-assumptions") as shown:
    if shown:
        st.markdown(plain(words.worst_assumption(result)))
        st.caption(plain(notes.MONTH_LINE))
        lines = [words.assumption_row(a) for a in result.assumptions]
        table(words.ASSUMPTION_HEADER, lines, "Assumptions")
with unfolding("The numbers and their formulas", "error_budget-numbers") as shown:
    if shown:
        table(words.SLI_HEADER, [words.sli_row(sli) for sli in result.slis], "Indicators")
        st.caption(plain(notes.sample_note(result)))
        table(words.OWNER_HEADER, [words.owner_row(o) for o in result.owners], "By owner")
        table(words.RATIO_HEADER, words.ratios(result), "What an engineer would ask for")
        lines = [words.outcome_row(o) for o in result.outcomes]
        table(words.OUTCOME_HEADER, lines, "Outcomes and formulas")
        table(words.SPOT_HEADER, words.spot_rows(result), "Some SLOs, in words")
with sharing():
    copy_link(to_link(scenario), "error_budget-link")
    with st.container(horizontal=True):
        download_page(
            "Download HTML",
            lambda: offline_page(
                packed, result.row, title=scenario.question, story=words.story(result),
                link=to_link(scenario),
            ),
            "error-budget.html",
        )  # fmt: skip
        download_text("OpenSLO (YAML)", lambda: openslo(result), "error-budget.yaml")
        with unfolding_menu("Tables (CSV)", "error_budget-tables") as shown:
            if shown:
                download_table("Outcomes", lambda: numbers(result), "error-budget-outcomes.csv")
                download_table("Every SLO", lambda: budget_curve(result), "error-budget-curve.csv")
                for name, header, told in (
                    ("by-mode", words.SPEND_HEADER, lambda: words.spend_rows(result)),
                    ("by-owner", words.OWNER_HEADER,
                     lambda: [words.owner_row(o) for o in result.owners]),
                    ("splits", words.SPLIT_HEADER,
                     lambda: [words.split_row(split) for split in result.splits]),
                    ("alerts", words.ALERT_HEADER, lambda: [*alerts, *proposed]),
                    ("indicators", words.SLI_HEADER,
                     lambda: [words.sli_row(sli) for sli in result.slis]),
                    ("operating-points", points[0], lambda: points[1]),
                    ("flip-points", words.FLIP_HEADER,
                     lambda: [words.flip_line(f) for f in result.flips]),
                    ("assumptions", words.ASSUMPTION_HEADER,
                     lambda: [words.assumption_row(a) for a in result.assumptions]),
                    ("some-slos", words.SPOT_HEADER, lambda: words.spot_rows(result)),
                ):  # fmt: skip
                    download_words(name, header, told, f"error-budget-{name}.csv")
