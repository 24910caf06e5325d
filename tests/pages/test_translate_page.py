"""The Translate page through the app: what a link sets, what a box means, what is refused."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import from_link, to_link
from aipm_metrics.models.metric_reading import GIVEN
from aipm_metrics.scenarios.translate import TranslateScenario
from aipm_metrics.sentences.translate import aloud, cards, target_line
from pages._shared.frame import plain
from tests.pages.opening import link_of, page, values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from streamlit.testing.v1 import AppTest

KNOBS = knobs_of(TranslateScenario)


def opened(fields: Mapping[str, object] | None = None) -> AppTest:
    return page({f"translate.{n}": str(v) for n, v in (fields or {}).items()}, name="translate")


def expected(scenario: TranslateScenario) -> list[str]:
    return [plain(card.value) for card in cards(scenario.run())]


def write(app: AppTest, name: str, text: str) -> AppTest:
    return app.text_input(key=f"translate.{name}~written").set_value(text).run()


def test_the_page_shows_what_the_core_answers() -> None:
    app = opened()
    assert values(app) == expected(TranslateScenario())
    said = " ".join(markdown.value for markdown in app.markdown)
    assert plain(" ".join(aloud(TranslateScenario().run()))) in said
    assert plain(target_line(TranslateScenario().run())) in said


@pytest.mark.parametrize("preset", TranslateScenario.presets)
def test_a_link_restores_exactly_this(preset: str) -> None:
    told = TranslateScenario.model_validate(TranslateScenario.presets[preset])
    app = opened({n: getattr(told, n) for n in KNOBS})
    assert values(app) == expected(told)
    assert from_link(link_of(app)) == (told, ())


def test_a_knob_changes_the_answer() -> None:
    app = opened()
    app.slider(key="translate.amount").set_value(0.1).run()
    assert values(app) == expected(TranslateScenario(amount=0.1))
    app.selectbox(key="translate.changed").set_value("recall").run()
    app.selectbox(key="translate.held").set_value("precision").run()
    changed = TranslateScenario(amount=0.1, changed="recall", held="precision")
    assert values(app) == expected(changed)
    assert from_link(link_of(app)) == (changed, ())


def test_a_number_is_believed_to_the_last_digit_written() -> None:
    app = write(opened(), "precision", "81.5 %")
    told = TranslateScenario(precision=0.815, precision_known="to 0.1 %")
    assert from_link(link_of(app)) == (told, ())
    assert values(app) == expected(told)
    again = write(app, "precision", "0.8")
    assert from_link(link_of(again))[0] == TranslateScenario(precision_known="to 10 %")
    assert app.text_input(key="translate.precision~written").value == "80 % to 10 %"


def test_a_number_becomes_known_and_unknown() -> None:
    app = write(opened(), "f1", "0.80")
    told = TranslateScenario(f1_known="to 1 %")
    assert from_link(link_of(app)) == (told, ())
    app = write(write(app, "f1", ""), "recall", "")
    unknown = TranslateScenario(recall_known="not known")
    assert from_link(link_of(app))[0].model_dump()["recall_known"] == "not known"
    assert values(app) == expected(unknown)
    assert any("leave open" in markdown.value for markdown in app.markdown)


def test_a_wrong_number_is_caught_as_it_is_written() -> None:
    app = write(write(opened(), "flagged", "4,800"), "positives", "4,000")
    assert any("cannot all be true" in markdown.value for markdown in app.markdown)


@pytest.mark.parametrize("text", ["ninety", "-5 %", "<b>x</b>", "101 %", "1e9"])
def test_what_is_no_number_is_refused_in_a_sentence_and_changes_nothing(text: str) -> None:
    app = write(opened(), "precision", text)
    assert [warning.value for warning in app.warning]
    assert "Precision" in app.warning[0].value
    assert values(app) == expected(TranslateScenario())
    assert app.text_input(key="translate.precision~written").value == "80 %"


def test_a_count_out_of_range_is_refused_with_its_limits() -> None:
    app = write(opened(), "volume", "0")
    assert "1 to 10,000,000,000" in app.warning[0].value.replace("\\", "")


def test_presets_and_the_way_back() -> None:
    """What the menu does, without the menu: its values stand in the boxes as well."""
    told = TranslateScenario.presets["a report that cannot be true"]
    app = opened(told)
    assert app.text_input(key="translate.flagged~written").value == "4,800"
    assert app.text_input(key="translate.volume~written").value == ""
    app.button(key="translate~reset").click().run()
    assert values(app) == expected(TranslateScenario())
    assert app.text_input(key="translate.volume~written").value == "2,000,000"


HOSTILE: dict[str, str | list[str]] = {
    "translate.precision": "7",
    "translate.recall": "nan",
    "translate.volume": "1e309",
    "translate.f1_known": "to 1",
    "translate.changed": "<script>alert(1)</script>",
    "translate.held": "f1",
    "translate.amount": "9" * 10_000,
    "translate.target_amount": ["1", "2"],
    "translate.read": "1",
    "v": "99",
}


@pytest.mark.parametrize("field", HOSTILE)
def test_each_nonsense_alone_is_refused(field: str) -> None:
    app = page({field: HOSTILE[field]}, name="translate")
    assert values(app) == expected(TranslateScenario())
    assert any("not taken" in markdown.value for markdown in app.markdown)


def test_all_nonsense_at_once_falls_back() -> None:
    app = page(HOSTILE, name="translate")
    assert values(app) == expected(TranslateScenario())
    assert "<script>" not in " ".join(markdown.value for markdown in app.markdown)


OTHER: dict[str, str | float] = {
    "changed": "F1", "measure": "points", "held": "share flagged", "target": "cost",
    "volume": 1_900_000, "positives": 19_900, "flagged": 19_900, "amount": -0.1,
}  # fmt: skip


@pytest.mark.parametrize("name", KNOBS)
def test_every_knob_changes_something_shown(name: str) -> None:
    """A control that changes nothing is a defect."""
    knob = KNOBS[name]
    context: dict[str, object] = {}
    if name in GIVEN and getattr(TranslateScenario(), f"{name}_known") == "not known":
        ratio = knob.unit == "share"
        context[f"{name}_known"] = "to 1 %" if ratio else "to 2 digits"
    value = OTHER.get(name)
    if value is None and knob.scale == "choice":
        value = next(c for c in knob.choices[::-1] if c != knob.default)
    if value is None:
        value = float(f"{float(knob.default) * 0.7:.4g}")
    before = _shown(opened(context)) if context else _by_default()
    assert before != _shown(opened({**context, name: value}))


@cache
def _by_default() -> list[str]:
    return _shown(opened())


def _shown(app: AppTest) -> list[str]:
    """Read what follows from the knobs; the table that repeats their values is left out."""
    tables = [t.value for t in app.table if t.value.columns[0] != "assumption"]
    return [
        *values(app), *(str(t.to_dict()) for t in tables), *(c.value for c in app.caption),
        *(m.value for m in app.markdown),
    ]  # fmt: skip


def test_idle_knobs_are_not_drawn() -> None:
    app = opened(TranslateScenario.presets["a report that cannot be true"])
    keys = {widget.key for widget in [*app.number_input, *app.selectbox, *app.slider]}
    assert "translate.amount" not in keys
    assert "translate.harm_per_missed" not in keys
    assert "translate.flagged" in keys
    assert "translate.volume" not in keys


def test_panels_agree_at_one_setting() -> None:
    """Cards, tables and sentence tell of one and the same month."""
    app = opened({"precision": 0.7312, "precision_known": "to 0.01 %", "amount": -0.123})
    scenario, _ = from_link(link_of(app))
    assert isinstance(scenario, TranslateScenario)
    result = scenario.run()
    outcomes = next(t.value for t in app.table if "formula" in t.value.columns)
    after = dict(zip(outcomes["outcome a month"], outcomes["after"], strict=True))
    assert result.after is not None
    cost = float(re.sub(r"[^\d.]", "", after["cost"].replace("USD", "")))
    assert cost == pytest.approx(result.cost, abs=0.01)
    numbers = next(t.value for t in app.table if "follows" in t.value.columns)
    rows = {name.replace("\\", ""): row for name, row in zip(
        numbers["number"], numbers.to_dict("records"), strict=True)}  # fmt: skip
    assert rows["false alarms (fp)"]["after the change"] == app.metric[0].value
    assert rows["missed (fn)"]["after the change"] == app.metric[1].value


def test_a_wish_that_cannot_be_held_is_said_on_the_page() -> None:
    app = opened({"changed": "recall", "amount": 0.01})
    assert any("cannot be held" in caption.value for caption in app.caption)
    assert from_link(link_of(app))[0] == TranslateScenario(changed="recall", amount=0.01)
    assert to_link(TranslateScenario(changed="recall", amount=0.01)) in link_of(app)


SHUT = {
    "translate-flips": "if this moved", "translate-assumptions": "assumption",
    "translate-numbers": "outcome a month",
}  # fmt: skip


@pytest.mark.parametrize("key", SHUT)
def test_what_is_shut_is_not_drawn_until_it_is_opened(key: str) -> None:
    app = opened()
    for name in SHUT:
        app.session_state[f"follows-{name}"] = False
    heads = [t.value.columns[0] for t in app.run().table]
    assert not set(SHUT.values()) & set(heads)
    app.session_state[f"follows-{key}"] = True
    heads = [t.value.columns[0] for t in app.run().table]
    assert set(SHUT.values()) & set(heads) == {SHUT[key]}


def test_a_report_that_whole_cases_refute_says_their_nearest_and_never_infinity() -> None:
    app = opened({
        "volume_known": "not known", "prevalence_known": "not known", "recall_known": "not known",
        "flagged": 7, "flagged_known": "to the last one", "precision": 0.91,
    })  # fmt: skip
    assert values(app) == ["11", plain("86\xa0%")]
    assert app.metric[1].delta == plain("or 100\xa0%, not 91 %")
    said = " ".join([*_shown(app), *(m.proto.help for m in app.metric)])
    assert not re.search(r"\binf\b", said)
