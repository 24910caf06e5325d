"""Own scored rows on the page: attached, refused, named in a link, taken away again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from aipm_metrics.estimates import wilson
from aipm_metrics.links import from_link
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.rows.counting import count_scores
from aipm_metrics.rows.reading import open_table
from aipm_metrics.rows.sample import FINGERPRINT, sample_path
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.sentences.moderation import cards
from aipm_metrics.spoken import share
from pages._shared.frame import plain
from tests.pages.opening import link_of, live_part, page, values

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

rng = np.random.default_rng(7)
LABEL = (rng.random(400) < 0.2).astype(int)
SCORE = np.round(1 / (1 + np.exp(-(rng.normal(size=400) + 2 * LABEL - 1.5))), 3)
ROWS = Empirical.from_rows(SCORE, LABEL)


def csv(score: object = SCORE, label: object = LABEL) -> bytes:
    lines = [f"{s},{y}" for s, y in zip(score, label, strict=True)]  # type: ignore[call-overload]
    return "\n".join(["score,label", *lines]).encode()


def upload(app: AppTest, content: bytes, name: str = "mine.csv") -> AppTest:
    app.file_uploader[0].upload(name, content).run()
    assert not app.exception, app.exception
    return app


def attach(app: AppTest, content: bytes) -> AppTest:
    upload(app, content)
    app.button(key="rows~use").click().run()
    assert not app.exception, app.exception
    return app


def test_the_page_speaks_of_the_rows_attached() -> None:
    app = attach(page(), csv())
    scenario = ModerationScenario(rows=ROWS.fingerprint)
    assert values(app) == [c.value for c in cards(moderate(scenario, ROWS))]
    assert app.query_params["rows"] == ROWS.fingerprint
    assert any("400 rows" in caption.value for caption in app.caption)


def test_model_knobs_give_way_and_prevalence_can_be_set() -> None:
    app = attach(page(), csv())
    shown = {widget.key for widget in [*app.slider, *app.number_input]}
    assert not shown & {"moderation.auc", "moderation.temperature", "moderation.prevalence"}
    app.get("button_group")
    app.session_state["moderation.row_mix"] = "as set"
    app.run()
    app.number_input(key="moderation.prevalence").set_value(0.05).run()
    scenario = ModerationScenario(rows=ROWS.fingerprint, prevalence=0.05)
    assert values(app) == [c.value for c in cards(moderate(scenario, ROWS))]


def test_dial_and_sliders_move_over_distinct_scores() -> None:
    app = attach(page(), csv())
    stops = app.select_slider(key="moderation.today_threshold~slider").options
    assert all("flags" in stop for stop in stops)
    sent = live_part(app)
    assert sent
    row, table = sent
    scores, chosen = set(ROWS.thresholds.tolist()), ModerationScenario().threshold
    assert set(table["dial"]["values"]) - scores <= {chosen, ModerationScenario().today_threshold}
    assert table["dial"]["values"][row] == chosen
    threshold = app.number_input(key="moderation.threshold")
    assert threshold.max == max(ROWS.thresholds[-1], 0.15)


def test_a_threshold_no_row_can_reach_is_answered_as_its_box_shows_it() -> None:
    """The answer is made before the box is drawn, which takes its default beyond all scores."""
    app = attach(page({"rows": ROWS.fingerprint, "moderation.threshold": "7.5"}), csv())
    drawn = app.number_input(key="moderation.threshold").value
    assert drawn == ModerationScenario().threshold
    scenario = ModerationScenario(rows=ROWS.fingerprint, threshold=drawn)
    assert values(app) == [c.value for c in cards(moderate(scenario, ROWS))]


def test_the_link_names_the_rows_and_opens_only_with_them() -> None:
    app = attach(page(), csv())
    app.number_input(key="moderation.threshold").set_value(0.321).run()
    scenario, refusals = from_link(link_of(app))
    assert not refusals
    assert scenario.rows == ROWS.fingerprint

    fields = {"moderation.threshold": "0.321", "rows": ROWS.fingerprint, "v": "1"}
    elsewhere = page(fields)
    assert not values(elsewhere)  # never simulated numbers
    assert any(ROWS.fingerprint in markdown.value for markdown in elsewhere.markdown)
    attach(elsewhere, csv())
    assert values(elsewhere) == values(app)


def test_other_rows_than_the_links_are_told_apart() -> None:
    app = page({"rows": "0123456789abcdef"})
    attach(app, csv())
    assert not values(app)
    assert ROWS.fingerprint in app.warning[0].value
    app.button(key="rows~adopt").click().run()
    assert app.query_params["rows"] == ROWS.fingerprint
    assert values(app)


def test_scores_that_are_no_probabilities_keep_their_own_units() -> None:
    app = attach(page(), csv(score=SCORE * 1000 - 200))
    threshold = app.number_input(key="moderation.threshold").value
    assert threshold is not None
    assert threshold in np.unique(SCORE * 1000 - 200)
    assert any("only rank" in caption.value for caption in app.caption)


def test_back_to_the_simulated_model() -> None:
    app = attach(page(), csv())
    app.button(key="rows~detach").click().run()
    assert values(app) == [c.value for c in cards(ModerationScenario().run())]
    assert "rows" not in app.query_params


def test_counted_shares_stand_with_their_interval() -> None:
    app = attach(page(), csv())
    metrics = next(t.value for t in app.table if "metric" in t.value.columns)
    told = dict(zip(metrics["metric"], metrics["value"], strict=True))
    tp = round(float(ROWS.rates(0.15).tpr) * ROWS.positives)
    interval = wilson(tp, ROWS.positives)
    assert plain(share(interval.low)) in told["recall on the rows"]
    assert plain(share(interval.high)) in told["recall on the rows"]


def test_the_sample_is_one_tap_away() -> None:
    app = page()
    app.button(key="rows~sample").click().run()
    assert not app.exception
    assert any("5,000 rows" in caption.value for caption in app.caption)


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"score,label\n", "row"),
        (b"score,label\n0.5,1\n", "one row"),
        (b"score,score\n0.5,1\n0.4,0\n", "must differ"),
        (b"\x89PNG\r\n\x1a\n0000", "CSV"),
        (csv(label=np.ones(400, int)), "label"),
        (csv(score=np.full(400, 0.5)), "no threshold"),
        (csv(score=["low"] * 400), "number"),
    ],
)
def test_rows_that_cannot_be_used_meet_a_sentence(content: bytes, word: str) -> None:
    app = upload(page(), content)
    buttons = [button for button in app.button if button.key == "rows~use"]
    if buttons:
        buttons[0].click().run()
    assert not app.exception, app.exception
    said = " ".join(warning.value for warning in app.warning)
    assert said, "nothing was said"
    assert word in said
    assert values(app) == [c.value for c in cards(ModerationScenario().run())]


def test_a_link_made_from_the_sample_says_so_and_attaches_it_with_one_click() -> None:
    app = page({"rows": FINGERPRINT, "moderation.threshold": "0.2"})
    assert any("made from the sample rows" in m.value for m in app.markdown)
    assert not app.file_uploader
    app.button(key="rows~sample").click().run()
    assert not app.exception, app.exception
    rows = count_scores(open_table(sample_path()), "score", "label", "harmful").counts
    scenario = from_link(link_of(app))[0]
    assert isinstance(scenario, ModerationScenario)
    assert (scenario.rows, scenario.threshold) == (FINGERPRINT, 0.2)  # the link's own threshold
    assert values(app) == [c.value for c in cards(moderate(scenario, rows))]
