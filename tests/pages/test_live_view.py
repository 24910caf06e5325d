"""What the live part is sent: every array and every word of the view, once per setting."""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.figures import moderation as figures
from aipm_metrics.figures.picture import Follow, Hill, Picture
from aipm_metrics.figures.style import LIGHT
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.curves import place
from aipm_metrics.phrases import column, either, phrase
from aipm_metrics.scenarios.moderation import ModerationResult, ModerationScenario, moderate
from aipm_metrics.sentences import moderation as words
from aipm_metrics.sentences.moderation_spots import aloud_at, every_spot
from aipm_metrics.spoken_columns import moneys
from pages._shared.live.component import packed_once
from pages._shared.live.view import Cell, Dial, Mark, People, Step, View, framed, pack, unpack
from tests.pages.opening import live_part, page, speak

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.phrases import Phrase

T = 7
NAMES = [f"row {i}" for i in range(T)]


def any_floats(rng: np.random.Generator) -> Floats:
    found = rng.normal(size=T) * 10.0 ** rng.integers(-9, 9, T)
    found[rng.integers(0, T)] = np.nan
    return found


def small_view(seed: int = 0) -> View:
    """A view of seven positions, made up but for its shape."""
    rng = np.random.default_rng(seed)
    said, odd = column(NAMES), np.arange(T) % 2 == 1
    change = either(odd, "more than " + said, "no change")
    bins = Hill(any_floats(rng), rng.random(T), "#111111", "#222222", binned=True)
    hill = Hill(any_floats(rng), rng.random(T), "#111111", "#222222", False, any_floats(rng))
    follow = Follow("line", any_floats(rng), any_floats(rng), (bins, hill))
    spec = {
        "data": [{"type": "scatter", "x": any_floats(rng), "y": (1, 2)}],
        "layout": {"height": 3},
    }
    n = rng.integers(0, 100, T)
    return View(
        dial=Dial("Dial", np.sort(rng.random(T)), np.sort(rng.normal(size=T)), said, 1, T - 1,
                  (Mark(2, "best", "best"),)),
        people=People(
            "Who?", "Icons", ((("caught",), 100),),
            {"caught": Cell("taken", "#333333", "disc", n, said)},
        ),
        cards=[("cards", said, change)],
        against=either(np.ones(T, bool), "against today", "against nobody"),
        aloud=[change + ".", phrase("Never changes.")],
        ratios=[("ratio", said)],
        causes=[("cause", "#444444", rng.random(T), said)],
        pictures=[Picture("one", "What?", "A line", spec, follow),
                  Picture("two", "Where?", "A dot", spec, Follow("dot", any_floats(rng)))],
        steps=[Step("story", "Title", ("text", 0), (1,), ("dial",))],
        colours=LIGHT.by_name,
    )  # fmt: skip


def back(view: View, row: int = 0) -> dict[str, Any]:
    header, table = unpack(framed(pack(view), row))
    assert header == {"table": pack(view).table, "row": row}
    return table


def same_numbers(sent: list[float | None], values: Any) -> None:
    """To a hundred-thousandth of their range, and nothing where there is no number."""
    exact = np.asarray(values, float)
    assert [v is None for v in sent] == np.isnan(exact).tolist()
    told = np.array([np.nan if v is None else v for v in sent], float)
    there = exact[np.isfinite(exact)]
    span = float(np.ptp(there)) if there.size else 0.0
    np.testing.assert_allclose(told, exact, rtol=2e-7, atol=1e-5 * span)


def same_words(table: dict[str, Any], sent: list[Any], said: Phrase, t: int) -> None:
    for row in range(t):
        assert speak(table, sent, row) == said[row]


def same_view(table: dict[str, Any], view: View) -> None:
    """Everything in a view is in the table, and says and counts the same."""
    dial, t = view.dial, view.dial.values.size
    assert table["dial"]["values"] == dial.values.tolist()  # exactly: one of them is committed
    same_numbers(table["dial"]["places"], dial.places)
    same_words(table, table["dial"]["said"], dial.said, t)
    assert (table["dial"]["low"], table["dial"]["high"]) == (dial.low, dial.high)
    marks = [(m["row"], m["label"], m["kind"]) for m in table["dial"]["marks"]]
    assert marks == [(m.row, m.label, m.kind) for m in dial.marks]
    for card, (label, value, change) in zip(table["cards"], view.cards, strict=True):
        assert card["label"] == label
        same_words(table, card["value"], value, t)
        same_words(table, card["change"], change, t)
    same_words(table, table["against"], view.against, t)
    for sent, said in zip(table["aloud"], view.aloud, strict=True):
        same_words(table, sent, said, t)
    for ratio, (label, said) in zip(table["ratios"], view.ratios, strict=True):
        assert ratio["label"] == label
        same_words(table, ratio["said"], said, t)
    for cause, (label, colour, part, said) in zip(table["causes"], view.causes, strict=True):
        assert (cause["label"], cause["colour"]) == (label, colour)
        same_numbers(cause["part"], part)
        same_words(table, cause["said"], said, t)
    assert table["colours"] == view.colours
    same_people(table, view)
    same_pictures(table, view)


def same_people(table: dict[str, Any], view: View) -> None:
    told, people = table["people"], view.people
    assert (told["of"], told["groups"]) == (
        people.of, [[list(names), size] for names, size in people.groups],
    )  # fmt: skip
    assert (told["question"], told["alt"]) == (people.question, people.alt)
    assert list(told["cells"]) == list(people.cells)
    for name, cell in people.cells.items():
        sent = told["cells"][name]
        assert (sent["label"], sent["colour"], sent["shape"]) == (
            cell.label, cell.colour, cell.shape,
        )  # fmt: skip
        assert sent["n"] == np.asarray(cell.people).tolist()
        same_words(table, sent["said"], cell.said, len(sent["n"]))


def same_pictures(table: dict[str, Any], view: View) -> None:
    for sent, picture in zip(table["pictures"], view.pictures, strict=True):
        told, follow = sent["follow"], picture.follow
        assert (sent["name"], sent["question"]) == (picture.name, picture.question)
        assert sent["alt"] == picture.alt
        assert told["kind"] == follow.kind
        same_numbers(told["x"], follow.x)
        assert (told["y"] is None) == (follow.y is None)
        if follow.y is not None:
            same_numbers(told["y"], follow.y)
        for one, hill in zip(told["hills"], follow.hills, strict=True):
            same_numbers(one["x"], hill.x)
            same_numbers(one["y"], hill.y)
            assert (one["heights"] is None) is (hill.heights is None)
            if hill.heights is not None:
                same_numbers(one["heights"], hill.heights)
            assert (one["below"], one["above"]) == (hill.below, hill.above)
            assert one["binned"] is hill.binned
        assert len(sent["data"]) == len(picture.spec["data"])
        for trace, drawn in zip(sent["data"], picture.spec["data"], strict=True):
            for name, value in drawn.items():
                if isinstance(value, np.ndarray):
                    same_numbers(trace[name], value)


# --- packing ---


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_what_is_unpacked_is_what_was_packed(seed: int) -> None:
    view = small_view(seed)
    same_view(back(view, 3), view)


def test_a_view_packs_to_one_name_and_another_view_to_another() -> None:
    assert pack(small_view(1)).table == pack(small_view(1)).table
    assert pack(small_view(1)).table != pack(small_view(2)).table


def test_the_row_alone_changes_only_what_stands_in_front() -> None:
    packed = pack(small_view())
    for row in (0, 6):
        sent = framed(packed, row)
        (length,) = struct.unpack(">I", sent[:4])
        assert json.loads(sent[4 : 4 + length])["row"] == row
        assert sent[4 + length :] == packed.blob


def test_words_said_in_many_places_are_sent_once() -> None:
    table = back(small_view())
    assert table["columns"] == [NAMES]
    assert table["choices"] == ["0101010"]


def test_a_choice_that_never_changes_is_made_before_sending() -> None:
    """All positions against today: the other phrase is nobody's, and is not sent."""
    table = back(small_view())
    assert "nobody" not in json.dumps(table)
    assert speak(table, table["against"], 4) == "against today"


# --- once per setting ---


def settings_of(scenario: ModerationScenario, *, dark: bool = False) -> tuple[Any, ...]:
    """What the page says its view depends on."""
    result = moderate(scenario)
    return scenario.model_copy(update={"threshold": 0}), result.curves.threshold, dark


class Maker:
    """Counts how often a view is made."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> View:
        self.made += 1
        return small_view()


def test_the_same_settings_are_packed_once() -> None:
    make, scenario = Maker(), ModerationScenario(reviewer_wage=22.125)
    first = packed_once(settings_of(scenario), make)
    assert packed_once(settings_of(scenario), make) is first
    # Another position of the same dial is no other view.
    moved = float(moderate(scenario).curves.threshold[700])
    there = scenario.model_copy(update={"threshold": moved})
    again = packed_once(settings_of(there), make)
    assert packed_once(settings_of(there.model_copy(), dark=False), make) is again
    assert make.made <= 2


@pytest.mark.parametrize("name", [n for n in knobs_of(ModerationScenario) if n != "threshold"])
def test_any_other_knob_is_packed_anew(name: str) -> None:
    make, scenario = Maker(), ModerationScenario(calibration="as trained")
    first = packed_once(settings_of(scenario), make)
    knob = knobs_of(ModerationScenario)[name]
    value: Any = float(knob.spread(9)[3])
    if knob.scale == "choice":
        (value,) = set(knob.choices) - {getattr(scenario, name)}
    other = scenario.model_copy(update={name: value})
    assert packed_once(settings_of(other), make) is not first


def test_a_hair_of_a_knob_the_theme_and_rows_are_packed_anew() -> None:
    make, scenario = Maker(), ModerationScenario()
    kept = [packed_once(settings_of(scenario), make)]
    hair = scenario.model_copy(update={"auc": float(np.nextafter(0.96, 1))})
    kept.append(packed_once(settings_of(hair), make))
    kept.append(packed_once(settings_of(scenario, dark=True), make))
    a, b, _ = settings_of(scenario)
    with_rows = a.model_copy(update={"rows": "0123456789abcdef"})
    kept.append(packed_once((with_rows, b, False), make))
    kept.append(packed_once((a, np.append(b, 1.0), False), make))
    assert len({id(packed) for packed in kept}) == len(kept)


# --- the page's own view ---


def as_the_page_should(result: ModerationResult) -> dict[str, Any]:
    """Arrays and words by the core alone, by where they stand in the table."""
    spots, curves, sweep = every_spot(result), result.curves, result.sweep
    rates, cells = curves.rates, sweep.confusion
    edges = place(np.clip(curves.threshold, curves.low, curves.high), curves.spacing)
    return {
        "follows": {
            "cost": (edges, sweep.cost), "scores": (edges, None), "roc": (rates.fpr, rates.tpr),
            "precision": (cells.recall, cells.precision),
        },
        "aloud": aloud_at(spots),
        "ratios": [said for _, said in words.ratios_at(spots)],
        "cards": [(card.value, card.change) for card in words.cards_at(spots)],
        "people": words.people_at(spots),
        "causes": [moneys(usd) for *_, usd in figures.cost_bars(result, dark=False)],
    }  # fmt: skip


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"auc": "0.5", "threshold": "0.004"},
        {"prevalence": "0.00001", "today_threshold": "0.15"},
    ],
)
def test_the_page_sends_the_cores_own_numbers_and_words(knobs: dict[str, str]) -> None:
    app = page({f"moderation.{name}": text for name, text in knobs.items()})
    told = {name: float(text) for name, text in knobs.items()}
    result = moderate(ModerationScenario.model_validate(told))
    sent = live_part(app)
    assert sent
    row, table = sent
    t, core = result.curves.threshold.size, as_the_page_should(result)
    assert row == result.row
    assert table["dial"]["values"] == result.curves.threshold.tolist()
    first, last = table["dial"]["low"], table["dial"]["high"]
    assert table["dial"]["values"][first] == result.curves.low
    assert table["dial"]["values"][last] == result.curves.high
    for picture in table["pictures"]:
        x, y = core["follows"][picture["name"]]
        same_numbers(picture["follow"]["x"], x)
        if y is not None:
            same_numbers(picture["follow"]["y"], y)
    for phrases, said in ((table["aloud"], core["aloud"]),
                          ([r["said"] for r in table["ratios"]], core["ratios"])):  # fmt: skip
        for phrase_, words_ in zip(phrases, said, strict=True):
            same_words(table, phrase_, words_, t)
    for card, (value, change) in zip(table["cards"], core["cards"], strict=True):
        same_words(table, card["value"], value, t)
        same_words(table, card["change"], change, t)
    for cell, said in core["people"].items():
        assert table["people"]["cells"][cell]["n"] == result.people.people[cell].tolist()
        same_words(table, table["people"]["cells"][cell]["said"], said, t)
    for cause, usd in zip(table["causes"], core["causes"], strict=True):
        same_words(table, cause["said"], column(usd), t)
