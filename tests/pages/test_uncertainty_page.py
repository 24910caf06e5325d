"""How sure is this: closed until opened, ranges that change the chance and travel in the link."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.links import from_link
from aipm_metrics.scenarios import moderation_uncertainty
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from tests.pages.opening import link_of, page

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.testing.v1 import AppTest

LOW, HIGH = (f"moderation~range~harm_per_missed~{end}" for end in ("low", "high"))


def opened(fields: Mapping[str, str] | None = None) -> AppTest:
    app = page(fields)
    app.session_state["moderation~sure"] = True
    return app.run()


def wins(app: AppTest) -> int:
    said = " ".join(m.value for m in app.markdown)
    found = re.search(r"In ([\d,]+) of 1,000 draws", said)
    assert found, said
    return int(found.group(1).replace(",", ""))


def test_nothing_is_worked_out_while_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(moderation_uncertainty, "how_sure", never)
    app = page()
    assert "How sure is this?" in [expander.label for expander in app.expander]
    assert not [m for m in app.markdown if "draws" in m.value]
    app.session_state["moderation~sure"] = True
    assert app.run().exception  # so it was not asked before, and is now


def test_open_it_says_what_the_core_says() -> None:
    result = moderate(ModerationScenario())
    assert wins(opened()) == moderation_uncertainty.how_sure(result).chance.wins


def test_an_edited_range_changes_the_chance_and_its_link_restores_it() -> None:
    app = opened()
    before = wins(app)
    app.number_input(key=LOW).set_value(1.0).run()
    after = wins(app)
    assert not app.exception
    assert after < before - 50
    assert app.query_params["moderation.harm_per_missed.low"] == "1"
    link = link_of(app)
    scenario, refusals = from_link(link)
    assert refusals == ()
    assert scenario.ranges == (("harm_per_missed", 1.0, 45.0),)
    fields = dict(pair.split("=") for pair in link.partition("?")[2].split("&"))
    again = opened({f: t for f, t in fields.items() if "low" in f or "high" in f or f == "v"})
    assert wins(again) == after
    assert again.number_input(key=LOW).value == 1


def test_the_default_ranges_come_back_and_leave_the_address_clean() -> None:
    app = opened({"v": "1", "moderation.harm_per_missed.low": "1", "moderation.seed": "9"})
    assert app.number_input(key="moderation~seed").value == 9
    app.button(key="moderation~range-reset").click().run()
    assert app.number_input(key=LOW).value == 15
    assert wins(app) == wins(opened())
    assert set(app.query_params) == {"v"}
    assert not [b for b in app.button if b.key == "moderation~range-reset"]


def test_a_story_and_the_reset_take_the_default_ranges_along() -> None:
    app = opened({"v": "1", "moderation.harm_per_missed.low": "1"})
    app.button(key="moderation~reset").click().run()
    assert "moderation.harm_per_missed.low" not in app.query_params
    assert from_link(link_of(app))[0].ranges == ()


def test_the_seed_changes_the_draws_and_travels() -> None:
    app = opened({"v": "1", "moderation.harm_per_missed.low": "1"})
    before = wins(app)
    seen = set()
    for seed in (2, 3, 4):
        app.number_input(key="moderation~seed").set_value(seed).run()
        assert app.query_params["moderation.seed"] == str(seed)
        seen.add(wins(app))
    assert {before} != seen
    assert "moderation.seed=4" in link_of(app)


def test_a_low_end_above_its_high_end_is_refused_in_words_and_changes_nothing() -> None:
    app = opened()
    before = wins(app)
    app.number_input(key=LOW).set_value(46.0).run()
    assert "must lie at or below its high end" in app.warning[0].value
    assert wins(app) == before
    assert app.number_input(key=LOW).value == 15
    app.number_input(key=HIGH).set_value(50.0).run()
    assert not app.warning


def test_a_default_range_follows_its_value_and_an_own_one_stays() -> None:
    app = opened({"v": "1", "moderation.harm_per_missed": "100"})
    app.selectbox(key="moderation~range-of").set_value("harm_per_missed").run()
    assert (app.number_input(key=LOW).value, app.number_input(key=HIGH).value) == (50, 150)
    app.number_input(key=LOW).set_value(90.0).run()
    app.number_input(key="moderation.harm_per_missed").set_value(40.0).run()
    assert (app.number_input(key=LOW).value, app.number_input(key=HIGH).value) == (90, 150)


def test_every_assumption_in_use_can_be_chosen_and_no_other() -> None:
    app = opened({"v": "2", "moderation.calibration": "as trained"})
    offered = app.selectbox(key="moderation~range-of")
    assert len(offered.options) == 19
    assert "Half-life of a post" not in offered.options  # nobody waits
    offered.set_value("trained_prevalence").run()
    assert not app.exception
    key = "moderation~range~trained_prevalence~high"
    assert app.number_input(key=key).value == pytest.approx(0.003)
    app.number_input(key=key).set_value(0.01).run()
    assert "moderation.trained_prevalence.high" in app.query_params
    app.segmented_control(key="moderation.calibration").set_value("today's mix").run()
    assert not app.exception  # the assumption it spoke of plays no part any more
    assert app.selectbox(key="moderation~range-of").value != "trained_prevalence"


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("moderation.auc.low", "0.2", "must lie in"),
        ("moderation.harm_per_missed.low", "46", "up to its high end"),
        ("moderation.seed", "-3", "must be a whole number"),
        ("moderation.threshold.low", "0.1", "must not be said"),
    ],
)
def test_what_the_address_gets_wrong_is_named_and_removed_and_the_rest_stays(
    field: str, text: str, said: str
) -> None:
    app = page({"v": "1", field: text, "moderation.reviewer_wage.high": "99"})
    refused = " ".join(m.value for m in app.markdown if "not taken" in m.value)
    assert said in refused.replace("\\", "")
    assert field not in app.query_params
    assert app.query_params["moderation.reviewer_wage.high"] == "99"
    assert from_link(link_of(app))[0].ranges == (("reviewer_wage", 11.0, 99.0),)


def test_an_address_changed_under_the_session_is_right() -> None:
    """Back and forward change the address and not the session."""
    app = opened({"v": "1", "moderation.harm_per_missed.low": "1"})
    narrow = wins(app)
    del app.query_params["moderation.harm_per_missed.low"]
    del app.query_params["moderation.harm_per_missed.high"]
    app.run()
    assert wins(app) > narrow
    assert from_link(link_of(app))[0].ranges == ()
    app.query_params["moderation.harm_per_missed.low"] = "1"
    app.query_params["moderation.harm_per_missed.high"] = "45"
    app.run()
    assert wins(app) == narrow


def test_it_works_on_rows() -> None:
    app = page()
    app.button(key="rows~sample").click().run()
    app.session_state["moderation~sure"] = True
    app.run()
    assert not app.exception
    offered = app.selectbox(key="moderation~range-of").options
    assert "AUC" not in offered
    assert "Reviewer wage" in offered
    assert wins(app) > 0
