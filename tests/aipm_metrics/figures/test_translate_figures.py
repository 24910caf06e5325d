"""Pictures of metrics draw what the result says, in every state."""

from __future__ import annotations

import numpy as np
import pytest

from aipm_metrics.figures.translate import (
    CAUSES,
    CELLS,
    cost_figure,
    misfit_figure,
    open_figure,
    people_figure,
    thumbnail,
)
from aipm_metrics.scenarios.translate import TranslateScenario
from tests.aipm_metrics.scenarios.translate_draws import draw_translate

RESULT = TranslateScenario().run()


def preset(name: str) -> TranslateScenario:
    return TranslateScenario.model_validate(TranslateScenario.presets[name])


@pytest.mark.parametrize("dark", [False, True])
def test_people_come_and_go_as_counted(*, dark: bool) -> None:
    fig = people_figure(RESULT, dark=dark)
    drawn = {trace.name: len(trace.x) for trace in fig.data}
    assert RESULT.people is not None
    now, after = RESULT.people
    assert now.of == after.of == 10_000
    assert drawn["false alarms"] == now.people["wronged"] == 20
    assert drawn["false alarms, more than now"] == after.people["wronged"] - 20 == 5
    assert drawn["caught"] == now.people["caught"]
    labels = [a.text for a in fig.layout.annotations]
    assert "<b>25</b> false alarms, 20 before" in labels


def test_people_who_go_are_drawn_too() -> None:
    fig = people_figure(preset("15 % fewer false negatives").run(), dark=False)
    assert {t.name for t in fig.data} >= {"missed, fewer than now", "caught, more than now"}


def test_cost_is_stacked_by_cause_and_the_marks_lie_on_it() -> None:
    fig = cost_figure(RESULT, dark=False)
    assert RESULT.sweep is not None
    stack = [t for t in fig.data if t.stackgroup]
    assert [t.name for t in stack] == [label for _, label in CAUSES.values()]
    np.testing.assert_allclose(np.sum([t.y for t in stack], axis=0), RESULT.sweep.cost)
    marks = {t.name: (t.x[0], t.y[0]) for t in fig.data if not t.stackgroup}
    assert RESULT.now is not None
    assert marks["after"] == pytest.approx((0.76, RESULT.cost))
    assert marks["now"] == pytest.approx((0.8, float(RESULT.now.cost)))
    total = np.interp(marks["after"][0], RESULT.along, np.asarray(RESULT.sweep.cost, float))
    assert marks["after"][1] == pytest.approx(total, rel=1e-6)
    assert set(marks) == {"now", "after", "target"}


def test_an_open_report_shows_each_share_from_least_to_most() -> None:
    result = preset("a report that says too little").run()
    fig = open_figure(result, dark=False)
    spans = {fig.layout.yaxis.ticktext[t.y[0]]: tuple(t.x) for t in fig.data}
    told = result.reading.spans["recall"]
    assert spans["recall"] == (told.low, told.high)
    assert "<b>precision</b>" in spans


def test_a_misfit_is_drawn_where_the_others_would_have_it() -> None:
    result = preset("a report that cannot be true").run()
    fig = misfit_figure(result, dark=True)
    drawn = {t.name: tuple(t.x) for t in fig.data}
    assert drawn["precision"] == pytest.approx((0.4457 / 0.91, 0.4543 / 0.91), abs=1e-3)
    assert set(drawn) == {"positives", "flagged", "precision"}


def test_where_whole_cases_refute_only_the_nearest_of_them_are_drawn() -> None:
    result = TranslateScenario(
        volume_known="not known", prevalence_known="not known", recall_known="not known",
        flagged=7, flagged_known="to the last one", precision=0.91,
    ).run()  # fmt: skip
    traces = misfit_figure(result, dark=False).data
    drawn = {t.name: tuple(t.x) for t in traces}
    assert drawn["precision"] == pytest.approx((6 / 7 / 0.91, 1 / 0.91))
    assert drawn["flagged"] == pytest.approx((11 / 7,))
    assert {t.mode for t in traces} == {"markers"}


def test_without_a_volume_what_is_known_is_drawn() -> None:
    result = TranslateScenario(
        volume_known="not known", prevalence_known="not known", positives=100,
        positives_known="to the last one",
    ).run()  # fmt: skip
    names = {t.name for t in cost_figure(result, dark=False).data}
    assert "people who leave" not in names
    assert "support" in names
    assert "left alone" not in {t.name for t in people_figure(result, dark=False).data}


def test_every_state_can_be_drawn() -> None:
    rng = np.random.default_rng(9)
    for _ in range(60):
        result = draw_translate(rng).run()
        for draw in (people_figure, cost_figure, open_figure, misfit_figure, thumbnail):
            assert draw(result, dark=False).to_json()


def test_the_cells_have_the_colours_they_have_everywhere() -> None:
    assert [field for field, _, _ in CELLS.values()] == [
        "caught", "missed", "wronged", "left_alone",
    ]  # fmt: skip
