"""What Python packs is what the page's own JavaScript reads: every number and every word."""

from __future__ import annotations

import base64
import json
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pytest
from deno import find_deno_bin

from aipm_metrics.figures.picture import Follow, Hill, Picture
from aipm_metrics.phrases import Phrase, column, either, phrase
from pages._shared.live.view import Cell, Dial, Mark, People, Step, View, framed, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

READER = Path(__file__).parent / "live" / "read_frames.js"
WORDS = ("", " ", "0", "1", "$41k", "2 900", 'say "no"', "\\n", "</script>", "naïve", "質問", "🙂")
LENGTHS = (1, 1, 2, 3, 7, 40, 300)


class Sent(NamedTuple):
    """A view, where its dial stands, and what came of it at the other end."""

    view: View
    row: int
    header: dict[str, Any]
    table: dict[str, Any]
    said: list[list[str]]


class Drawn:
    """Views of arbitrary content with `t` positions."""

    def __init__(self, rng: np.random.Generator, t: int) -> None:
        self.rng, self.t = rng, t
        self.shared = self.words(2)  # one column in many phrases

    def words(self, depth: int = 0) -> Phrase:
        kind = self.rng.integers(4 if depth < 3 else 2)
        if kind == 0:
            return phrase(str(self.rng.choice(WORDS)))
        if kind == 1:
            return column(self.rng.choice(WORDS, self.t).astype(np.dtypes.StringDType()))
        if kind == 2:
            return self.words(depth + 1) + " and " + self.words(depth + 1)
        holds = self.rng.random(self.t) < self.rng.choice([0, 0.5, 1])
        return either(holds, self.words(depth + 1), self.words(depth + 1))

    def numbers(self) -> NDArray[np.float64]:
        drawn: NDArray[np.float64] = self.rng.lognormal(0, 20, self.t) * self.rng.choice(
            [-1, 1], self.t
        )
        drawn[self.rng.random(self.t) < 0.1] = self.rng.choice([np.nan, np.inf, -np.inf, 0.0])
        return drawn

    def picture(self, name: str) -> Picture:
        hill = Hill(self.numbers(), self.numbers(), "grey", "#a00", binned=bool(self.t % 2))
        spec = {
            "data": [{"type": "scatter", "x": self.numbers(), "y": [1, 2], "name": "質問"}],
            "layout": {"height": 300, "xaxis": {"range": [-0.02, 1.02]}},
        }
        y = self.numbers() if name == "dot" else None
        follow = Follow("dot" if name == "dot" else "line", self.numbers(), y, (hill,))
        return Picture(name, "why?", "shows", spec, follow)

    def view(self) -> View:
        values = np.sort(self.rng.random(self.t))
        cells = ("caught", "missed", "wronged", "left alone")
        return View(
            dial=Dial(
                "Threshold", values, np.log(values), self.words(), 0, self.t - 1,
                (Mark(self.t // 2, "lowest cost", "best"),),
            ),
            people=People(
                "how many?", "people", ((cells[:2], 100), (cells[2:], 9_900)),
                {
                    cell: Cell(
                        f"{cell} ones", "#123456", "ring", self.rng.integers(0, 9_000, self.t),
                        self.words(),
                    )
                    for cell in cells
                },
            ),
            cards=[("left up", self.words(), self.shared), ("removed", self.shared, self.words())],
            against=self.words(),
            aloud=[self.words(), self.shared + self.words()],
            ratios=[("recall", self.words())],
            causes=[("appeals", "red", self.rng.random(self.t), self.words())],
            pictures=(self.picture("line"), self.picture("dot")),
            steps=(Step("story", "Why?", ("It is", 0), (1,), ("cards",)),),
            colours={"chosen": "#000", "left_alone": "#999"},
        )  # fmt: skip


@cache
def exchanged() -> list[Sent]:
    """Send some views and hear what was understood."""
    rng = np.random.default_rng(3)
    views = [Drawn(rng, t).view() for t in LENGTHS]
    rows = [int(rng.integers(view.dial.values.size)) for view in views]
    frames = [framed(pack(view), row) for view, row in zip(views, rows, strict=True)]
    done = subprocess.run(
        [find_deno_bin(), "run", "--quiet", "--no-config", str(READER)],
        input="\n".join(base64.b64encode(frame).decode() for frame in frames),
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    # JavaScript writes 1e20 without its exponent; all its numbers are floats.
    heard = json.loads(done.stdout, parse_int=float)
    for frame, answer in zip(frames, heard, strict=True):
        assert unpack(frame) == (answer["header"], answer["table"])
    return [
        Sent(view, row, *answer.values())
        for view, row, answer in zip(views, rows, heard, strict=True)
    ]


@pytest.fixture(params=range(len(LENGTHS)), ids=[f"{t} rows" for t in LENGTHS])
def sent(request: pytest.FixtureRequest) -> Sent:
    return exchanged()[int(request.param)]


def phrases(view: View) -> Iterator[Phrase]:
    """Every phrase of a view, in the reader's order."""
    yield view.dial.said
    for _, value, change in view.cards:
        yield from (value, change)
    yield view.against
    yield from view.aloud
    for _, said in view.ratios:
        yield said
    for *_, said in view.causes:
        yield said
    for said in (cell.said for cell in view.people.cells.values()):
        yield said


def same(heard: list[float | None], meant: Any) -> None:
    """Compare to a hundred-thousandth of the range; what is no number on a screen is nothing."""
    values = np.asarray(meant, float)
    there = np.isfinite(values)
    assert [value is not None for value in heard] == there.tolist()
    told = np.array([value for value in heard if value is not None])
    span = float(np.ptp(values[there])) if there.any() else 0.0
    assert np.abs(told - values[there]).max(initial=0.0) <= 1e-5 * span


def test_the_header_names_the_table_and_the_row(sent: Sent) -> None:
    assert sent.header == {"table": pack(sent.view).table, "row": sent.row}


def test_every_phrase_is_said_as_python_says_it(sent: Sent) -> None:
    for row, said in enumerate(sent.said):
        assert said == [one[row] for one in phrases(sent.view)]


def test_a_position_arrives_exactly(sent: Sent) -> None:
    """It is committed as it came, and must then be one of the core's own thresholds."""
    assert sent.table["dial"]["values"] == sent.view.dial.values.tolist()
    same(sent.table["dial"]["places"], sent.view.dial.places)
    (mark,) = sent.view.dial.marks
    assert sent.table["dial"]["marks"] == [
        {"row": mark.row, "label": mark.label, "kind": mark.kind}
    ]


def test_every_number_of_a_panel_arrives(sent: Sent) -> None:
    groups = [[list(names), size] for names, size in sent.view.people.groups]
    assert sent.table["people"]["groups"] == groups
    for name, cell in sent.view.people.cells.items():
        heard = sent.table["people"]["cells"][name]
        assert heard["n"] == cell.people.tolist()
        looks = heard["label"], heard["colour"], heard["shape"]
        assert looks == (cell.label, cell.colour, cell.shape)
    for cause, (label, colour, part, _) in zip(sent.table["causes"], sent.view.causes, strict=True):
        assert (cause["label"], cause["colour"]) == (label, colour)
        assert np.allclose(cause["part"], part, atol=6e-4, rtol=0)


def test_every_number_of_a_picture_arrives_and_what_is_none_is_null(sent: Sent) -> None:
    for heard, meant in zip(sent.table["pictures"], sent.view.pictures, strict=True):
        assert (heard["name"], heard["question"]) == (meant.name, meant.question)
        same(heard["follow"]["x"], meant.follow.x)
        if meant.follow.y is None:
            assert heard["follow"]["y"] is None
        else:
            same(heard["follow"]["y"], meant.follow.y)
        (hill,) = meant.follow.hills
        same(heard["follow"]["hills"][0]["x"], hill.x)
        same(heard["follow"]["hills"][0]["y"], hill.y)
        same(heard["data"][0]["x"], meant.spec["data"][0]["x"])
        assert heard["data"][0]["y"] == [1, 2]
        assert heard["layout"] == meant.spec["layout"]


def test_the_name_of_a_table_is_the_name_of_its_content(sent: Sent) -> None:
    """A browser that has a table by this name does not read it again."""
    names = {pack(one.view).table for one in exchanged()}
    assert len(names) == len(LENGTHS)
    assert pack(sent.view).table == pack(sent.view).table
