"""The comparison page through the app: what the address sets, each control, what is refused."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

import numpy as np
import pytest

from aipm_metrics.comparisons.compare import compare
from aipm_metrics.comparisons.links import compare_from_link, compare_to_link
from aipm_metrics.comparisons.presets import pairs, presets, starter
from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import from_link, to_link
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.rows.counting import ScoredRows, count_scores
from aipm_metrics.rows.reading import open_table
from aipm_metrics.rows.sample import FINGERPRINT, sample_path
from aipm_metrics.scenarios.moderation import ModerationScenario
from aipm_metrics.sentences import comparison as words
from aipm_metrics.sentences import comparison_tables as tables
from pages._shared.controls import STEPS_ON_SLIDER
from pages._shared.frame import plain
from tests.aipm_metrics.comparisons.toys import draw_pair, tied
from tests.pages.opening import ROOT, link_of, page

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

    from aipm_metrics.scenarios.contract import Scenario

A, B = ModerationScenario(threshold=0.3), ModerationScenario(auc=0.9, threshold=0.05)
ELECTION = "Moderation: election night"
NOW = "Moderation: what I have now"
ROWS = Empirical.from_rows([0.1, 0.2, 0.4, 0.8, 0.9, 0.3], [0, 0, 1, 0, 1, 1])


def opened(a: Scenario | str = A, b: Scenario | str = B, **more: str) -> AppTest:
    sides = {
        side: told if isinstance(told, str) else to_link(told)
        for side, told in (("a", a), ("b", b))
    }
    return page({**sides, **more}, name="compare")


def text(app: AppTest) -> str:
    return "\n".join(
        [*(m.value for m in app.markdown), *(w.value for w in app.warning),
         *(c.value for c in app.caption)]
    )  # fmt: skip


def address(app: AppTest) -> tuple[Scenario | None, Scenario | None, str]:
    """The comparison the address bar holds."""
    fields = {
        name: app.query_params[name] for name in ("a", "b", "chosen") if name in app.query_params
    }
    told = compare_from_link("/compare?" + "&".join(f"{k}={_quoted(v)}" for k, v in fields.items()))
    return told.a.scenario, told.b.scenario, told.chosen


def _quoted(value: str | list[str]) -> str:
    return quote(value if isinstance(value, str) else value[-1], safe="")


def shows(app: AppTest, a: Scenario, b: Scenario) -> None:
    """Every panel tells of these two, and so does the link."""
    assert not app.exception, app.exception
    compared = compare(a, b)
    assert plain(words.aloud(compared)[0]) in text(app)
    shown = [tuple(map(tuple, t.value.to_numpy().tolist())) for t in app.table]
    for rows in (tables.knob_rows(compared), tables.outcome_rows(compared),
                 tables.turning_rows(compared)):  # fmt: skip
        assert tuple(tuple(map(plain, row)) for row in rows) in shown
    cards = [(m.label, m.value, m.delta) for m in app.metric]
    assert cards == [tuple(map(plain, card)) for card in tables.changes(compared)]
    told = compare_from_link(link_of(app))
    assert (told.a.scenario, told.b.scenario) == (a, b)
    money = json.loads(app.get("plotly_chart")[0].proto.spec)
    assert len(money["data"][0]["y"]) == len(compared.parts) + 1
    spoken = [note["text"] for note in money["layout"]["annotations"]]
    assert words.described_money(compared) == app.get("plotly_chart")[0].proto.alt
    verb = "saves $" if compared.cheaper == "b" else "costs $"
    assert f"<b>{verb if compared.cost_difference else 'the same'}" in spoken[-1]


def test_the_address_sets_both_sides_and_every_panel_agrees() -> None:
    shows(opened(), A, B)


def test_a_bare_address_shows_the_first_pair() -> None:
    shows(page(name="compare"), *starter())


@pytest.mark.parametrize("name", pairs())
def test_a_pair_is_one_tap(name: str) -> None:
    app = opened()
    app.button_group(key="compare~pair").set_value(name).run()
    assert address(app) == (*pairs()[name], "")
    shows(app, *pairs()[name])


@pytest.mark.parametrize("side", ["a", "b"])
def test_a_preset_takes_one_side(side: str) -> None:
    app = opened(chosen="a")
    app.selectbox(key=f"compare~{side}").set_value(ELECTION).run()
    both = (presets()[ELECTION], B) if side == "a" else (A, presets()[ELECTION])
    assert address(app) == (*both, "")
    shows(app, *both)
    assert app.selectbox(key=f"compare~{side}").value == ELECTION


@pytest.mark.parametrize("side", ["a", "b"])
@pytest.mark.parametrize("host", ["", "https://metrics.example:8501", "//team.example/tools"])
def test_a_pasted_link_takes_one_side(side: str, host: str) -> None:
    app = opened()
    app.text_input(key=f"compare~{side}~link").set_value(
        f" {host}/moderation?v=2&moderation.auc=0.8 "
    ).run()
    pasted = ModerationScenario(auc=0.8)
    shows(app, *((pasted, B) if side == "a" else (A, pasted)))
    assert app.text_input(key=f"compare~{side}~link").value == ""
    assert "AUC 0.8" in str(app.selectbox(key=f"compare~{side}").value)


def test_from_a_pasted_comparison_the_same_side_is_taken() -> None:
    app = opened()
    link = compare_to_link(ModerationScenario(auc=0.7), ModerationScenario(auc=0.8))
    app.text_input(key="compare~b~link").set_value(link).run()
    shows(app, A, ModerationScenario(auc=0.8))


def test_what_i_have_now_is_where_the_page_stands() -> None:
    app = page({"moderation.threshold": "0.07", "v": "1"})
    app.number_input(key="moderation.harm_per_missed").set_value(44.0).run()
    app.switch_page(str(ROOT / "pages" / "compare.py"))
    for field in list(app.query_params):
        del app.query_params[field]
    app.query_params["a"], app.query_params["b"] = to_link(A), to_link(B)
    app.run()
    app.selectbox(key="compare~b").set_value(NOW).run()
    now = ModerationScenario(threshold=0.07, harm_per_missed=44.0, row_mix="the rows' own")
    shows(app, A, now)


def test_without_a_visit_there_is_no_now() -> None:
    assert NOW not in opened().selectbox(key="compare~a").options


def test_swap_turns_both_and_the_choice_round() -> None:
    app = opened(chosen="b")
    app.button(key="compare~swap").click().run()
    assert address(app) == (B, A, "a")
    shows(app, B, A)


def test_a_scenario_beside_itself_is_one_sentence() -> None:
    app = opened(A, A)
    assert plain("A and B are one and the same scenario: nothing differs.") in text(app)
    assert not app.table
    assert not app.metric
    app.button(key="compare~swap").click().run()  # every way to choose another is still there
    assert not app.exception


def test_moving_another_assumption_draws_another_line() -> None:
    app = opened(*starter())

    def drawn() -> str:
        return str(app.get("plotly_chart")[1].proto.spec)

    before = drawn()
    (move,) = [box for box in app.selectbox if box.label == "Move"]
    move.set_value("Value of an author").run()
    assert drawn() != before
    assert "Value of an author" in drawn()


# Refusals -------------------------------------------------------------------------------------


def test_part_of_a_side_refused_is_named_and_its_default_stands() -> None:
    app = opened("/moderation?v=2&moderation.auc=7&moderation.<b>=1", B)
    assert "Part of A's link was not taken" in text(app)
    assert plain("`auc` must lie in [0.5, 0.9999]; the link says 7.") in text(app)
    assert "<b>" not in re.sub("`[^`]*`", "", text(app))
    shows(app, ModerationScenario(), B)
    app.button(key="compare~understood").click().run()
    assert "not taken" not in text(app)
    assert address(app) == (ModerationScenario(), B, "")


@pytest.mark.parametrize(
    "link", ["/home", "/compare?a=/moderation", "", "x" * 70_000, "http://[", "javascript:alert(1)"]
)
def test_a_side_that_is_no_scenario_is_said_and_can_be_chosen(link: str) -> None:
    app = opened(A, link)
    assert "B cannot be shown" in text(app)
    assert not app.metric
    app.selectbox(key="compare~b").set_value(ELECTION).run()
    shows(app, A, presets()[ELECTION])


def test_a_refused_paste_changes_nothing_and_says_why() -> None:
    app = opened()
    app.text_input(key="compare~a~link").set_value("https://example.com/other").run()
    assert "That link was not taken" in text(app)
    shows(app, A, B)
    app.text_input(key="compare~a~link").set_value("/moderation?v=2&moderation.auc=7").run()
    assert "Part of that link was not taken" in text(app)
    shows(app, ModerationScenario(), B)


def test_other_fields_and_a_choice_of_neither_are_named() -> None:
    app = opened(chosen="c", admin="true", utm_source="mail")
    said = text(app)
    assert plain("`?admin` is not a field of this page.") in said
    assert plain("`chosen` must be a or b; the link says c.") in said
    assert "utm" not in said


def test_rows_that_are_not_here_are_said_and_nothing_is_simulated() -> None:
    app = opened(A, ModerationScenario(rows=ROWS.fingerprint))
    assert "B cannot be shown" in text(app)
    assert ROWS.fingerprint in text(app)
    assert "the box to attach it is there" in text(app)
    assert not app.metric
    assert not app.table


def test_a_comparison_made_from_the_sample_attaches_it_with_one_click() -> None:
    on_sample = ModerationScenario(rows=FINGERPRINT, threshold=0.2)
    app = opened(A, on_sample)
    assert "made from the sample rows" in text(app)
    app.button(key="rows~sample").click().run()
    assert not app.exception, app.exception
    rows = count_scores(open_table(sample_path()), "score", "label", "harmful").counts
    assert plain(words.aloud(compare(A, on_sample, None, rows))[0]) in text(app)


def test_attached_rows_are_used_by_the_side_that_names_them() -> None:
    on_rows = ModerationScenario(rows=ROWS.fingerprint, threshold=0.4)
    app = opened(A, on_rows)
    app.session_state["rows"] = ScoredRows("mine.csv", ROWS, 6, 0, ())
    app.run()
    compared = compare(A, on_rows, None, ROWS)
    assert plain(words.aloud(compared)[0]) in text(app)
    others = Empirical.from_rows([0.1, 0.9], [0, 1])
    app.session_state["rows"] = ScoredRows("other.csv", others, 2, 0, ())
    app.run()
    assert others.fingerprint in text(app)
    assert not app.metric


# The decision log -----------------------------------------------------------------------------


def entry_shown(app: AppTest) -> str:
    return "".join(code.value for code in app.code)


def test_a_choice_stands_in_the_address_and_opens_the_entry() -> None:
    app = opened()
    assert not entry_shown(app)
    assert "Choose A or B" in text(app)
    app.button_group(key="compare~chosen").set_value("b").run()
    assert address(app) == (A, B, "b")
    assert "**Chosen: B, Moderation: removal threshold 0.05, AUC 0.9.**" in entry_shown(app)
    assert re.search(r"^# \d{4}-\d\d-\d\d: ", entry_shown(app))
    app.button_group(key="compare~chosen").set_value("a").run()
    assert "**Chosen: A, " in entry_shown(app)
    assert len(app.get("download_button")) == 2


def test_the_entry_is_not_drawn_until_it_is_opened() -> None:
    app = opened(chosen="b")
    app.session_state["follows-compare-entry"] = False
    assert not entry_shown(app.run())
    assert len(app.get("download_button")) == 2  # and can be taken away all the same


def test_the_tables_can_be_taken_away_once_the_menu_is_open() -> None:
    app = opened(*starter())

    def offered() -> list[str]:
        return [button.proto.label for button in app.get("download_button")]

    assert offered() == []
    app.session_state["compare-tables"] = True
    app.run()
    assert offered() == ["Knobs that differ", "Outcomes", "Turning points"]


def test_on_a_tie_the_page_says_who_wins_on_either_side() -> None:
    app = opened(*tied(), chosen="a")
    assert "B wins with the views of a missed post above today's" in text(app).replace("\\", "")
    turns = next(t.value for t in app.table if "past" in t.value.columns)
    assert set(turns["then"]) == {"B wins above it, A below", "A wins above it, B below"}
    assert "When does either win?" in [head.value for head in app.subheader]
    assert "Both cost the same today" in entry_shown(app)


def test_why_is_written_into_the_entry_as_text() -> None:
    app = opened(chosen="a")
    app.text_area(key="compare~why").set_value("# Because\n<img src=x>")
    app.button(key="FormSubmitter:compare~log-Write the entry").click().run()
    assert not app.exception
    assert "> \\# Because\n> \\<img src\\=x\\>" in entry_shown(app)
    assert "Because" not in text(app)


def test_every_page_links_to_its_comparison_and_home_has_its_card() -> None:
    def links(app: AppTest) -> list[tuple[str, str]]:
        return [(link.proto.label, link.proto.query_string) for link in app.get("page_link")]

    moderation = links(page({"moderation.auc": "0.9", "v": "1"}))
    beside = [query for label, query in moderation if label == "Compare"]
    told = [compare_from_link(f"/compare?{query}") for query in beside]
    assert ModerationScenario(auc=0.9) in [t.a.scenario for t in told]
    assert all(t.a.scenario and t.b.scenario and t.a.scenario != t.b.scenario for t in told)
    assert any("which of two" in label.lower() for label, _ in links(page(name="home")))


def test_each_side_opens_in_its_own_page() -> None:
    app = opened(A, B)
    queries = [
        link.proto.query_string for link in app.get("page_link") if "Open in" in link.proto.label
    ]
    assert [from_link(f"/moderation?{query}") for query in queries] == [(A, ()), (B, ())]
    assert all(len(query) < 200 for query in queries)  # defaults are left out


def test_random_comparisons_open_without_a_fault() -> None:
    rng = np.random.default_rng(8)
    for seed in rng.integers(1, 10**6, 6):
        a, b, rows = draw_pair(int(seed) * 3 + 1)
        assert rows is None
        shows(opened(a, b), a, b)


def test_a_link_is_taken_at_its_word_once_and_what_follows_stands() -> None:
    """A slider moved after opening a side was put back to what the link had said."""
    app = opened(A, B)
    app.switch_page(str(ROOT / "pages" / "moderation.py"))
    for field in list(app.query_params):
        del app.query_params[field]
    app.query_params["v"], app.query_params["moderation.prevalence"] = "1", "0.02"
    app.run()
    key = "moderation.prevalence"
    assert app.number_input(key=key).value == 0.02
    stop = float(f"{knobs_of(ModerationScenario)['prevalence'].spread(STEPS_ON_SLIDER)[30]:.2g}")
    app.select_slider(key=f"{key}~slider").set_value(stop).run()
    assert app.number_input(key=key).value == stop
