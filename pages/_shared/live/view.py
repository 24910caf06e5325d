"""Everything a hand can reach, packed once per change of another knob.

A `View` is finished: the numbers come from the core, the words from `sentences`, the pictures
from `figures`. Packing it turns arrays into JSON and squeezes it; the browser computes no metric.
What is sent and how it is written stand in one file, over 300 lines, since neither is read
without the other.
Axis letter: `t` positions of the knob.
"""

from __future__ import annotations

import hashlib
import json
import math
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

from aipm_metrics.phrases import Column

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aipm_metrics.figures.picture import Hill, Picture, Shape
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.phrases import Part, Phrase
    from aipm_metrics.spoken_columns import Words

__all__ = ["Cell", "Dial", "Mark", "Packed", "People", "Step", "View", "framed", "pack", "unpack"]

FAR = 8.0  # spans from nought that a short float has digits for
LEVEL = 1  # of compression: the words repeat themselves, and time matters more than bytes


@dataclass(frozen=True, slots=True)
class Mark:
    """A position worth a mark on the dial: its row, its name, and what kind it is."""

    row: int
    label: str
    kind: str


@dataclass(frozen=True, slots=True)
class Dial:
    """The main knob in all its positions.

    Attributes
    ----------
    label
        The knob's name for people.
    values : (t,) floats, ascending
        What the knob is at each position; a committed position is one of these exactly.
    places : (t,) floats, ascending
        Where each stands on the dial.
    said : Phrase
    low, high : ints
        First and last row that a hand can reach.
    marks
        Positions with names.
    """

    label: str
    values: Floats
    places: Floats
    said: Phrase
    low: int
    high: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """Those of a crowd to whom one thing happens.

    Attributes
    ----------
    label, colour
        What happens to them, in words; as CSS.
    shape
        Tells them from the others where colours do not.
    people : (t,) ints
    said : Phrase
        Their number in words.
    """

    label: str
    colour: str
    shape: Shape
    people: Any
    said: Phrase


@dataclass(frozen=True, slots=True)
class People:
    """A crowd of a round number: groups that nobody joins or leaves, each split into cells.

    Attributes
    ----------
    question, alt
        What the picture answers; what it shows, for whoever cannot see it.
    groups
        Names of each group's cells, in order, and the number of its people.
    cells
        By name; those of a group add up to its size at every position.
    """

    question: str
    alt: str
    groups: tuple[tuple[tuple[str, ...], int], ...]
    cells: Mapping[str, Cell]

    @property
    def of(self) -> int:
        """Everybody."""
        return sum(size for _, size in self.groups)


@dataclass(frozen=True, slots=True)
class Step:
    """One idea of a presentation.

    Attributes
    ----------
    name, title
    text, note
        What is shown, and what only the speaker sees; a number stands for that sentence of the
        paragraph to say aloud.
    panels
        Names of the panels that are shown with it.
    """

    name: str
    title: str
    text: tuple[str | int, ...]
    note: tuple[str | int, ...]
    panels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """One page's live part.

    Attributes
    ----------
    dial, people
    cards, ratios
        Label and words per outcome; a card has a change as well.
    causes
        Label, colour, part of the largest (t,) and words per cause of cost.
    against, aloud
        What changes are changes against; the sentences of the paragraph to say.
    pictures
        The first stands beside the people.
    steps
        The presentation.
    colours
        The palette, by name.
    """

    dial: Dial
    people: People
    cards: Sequence[tuple[str, Phrase, Phrase]]
    against: Phrase
    aloud: Sequence[Phrase]
    ratios: Sequence[tuple[str, Phrase]]
    causes: Sequence[tuple[str, str, Floats, Phrase]]
    pictures: Sequence[Picture]
    steps: Sequence[Step]
    colours: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Packed:
    """A view ready to be sent: its name, its bytes, and its colours."""

    table: str
    blob: bytes
    colours: Mapping[str, str]


class _Pool:
    """Columns and choices of all phrases, each sent once."""

    def __init__(self) -> None:
        self.columns: list[tuple[list[str], list[int]]] = []
        self.choices: list[str] = []
        self._places: dict[int, int] = {}

    def __call__(self, said: Phrase) -> list[Any]:
        """Write a phrase: words, numbers of columns, and [number of choice, yes, no]."""
        return [self._part(part) for part in said.parts]

    def _part(self, part: Part) -> Any:
        if isinstance(part, str):
            return part
        if isinstance(part, Column):
            return self._place(part.words, self.columns, lambda: _runs(part.words))
        holds = part.holds
        if holds.all() or not holds.any():
            return [None, self(part.yes if holds.any() else part.no), []]
        number = self._place(
            holds, self.choices, lambda: (holds + 48).astype("u1").tobytes().decode()
        )
        return [number, self(part.yes), self(part.no)]

    def _place(self, what: Any, among: list[Any], written: Callable[[], Any]) -> int:
        """Give a thing its number among those to send; the same thing has one number."""
        if id(what) not in self._places:
            self._places[id(what)] = len(among)
            among.append(written())
        return self._places[id(what)]


def pack(view: View) -> Packed:
    """Squeeze a view into bytes."""
    pool = _Pool()
    told = {
        "dial": _dial(view.dial, pool),
        "cards": [
            {"label": label, "value": pool(value), "change": pool(change)}
            for label, value, change in view.cards
        ],
        "against": pool(view.against),
        "aloud": [pool(said) for said in view.aloud],
        "ratios": [{"label": label, "said": pool(said)} for label, said in view.ratios],
        "causes": [_cause(*cause, pool) for cause in view.causes],
        "people": _people(view.people, pool),
        "pictures": [_picture(picture) for picture in view.pictures],
        "steps": view.steps,
        "colours": dict(view.colours),
        "columns": pool.columns,
        "choices": pool.choices,
    }
    raw = orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY)
    blob = zlib.compress(raw, LEVEL)
    return Packed(hashlib.blake2b(blob, digest_size=8).hexdigest(), blob, view.colours)


def framed(packed: Packed, row: int, heard: int | None = None) -> bytes:
    """Put the table's name and the chosen row in front of the table.

    Parameters
    ----------
    packed, row
        The table, and where its dial stands.
    heard
        Turn of the hand's last choice that this answers; None where there was none.
    """
    told: dict[str, Any] = {"table": packed.table, "row": row}
    header = json.dumps(told if heard is None else {**told, "heard": heard}).encode()
    return struct.pack(">I", len(header)) + header + packed.blob


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read back what was sent: the header and the table."""
    (length,) = struct.unpack(">I", data[:4])
    header = json.loads(data[4 : 4 + length])
    table = orjson.loads(zlib.decompress(data[4 + length :]))
    sizes = len(table["dial"]["values"])
    table["columns"] = [
        [word for word, n in zip(words, np.diff([*starts, sizes]), strict=True) for _ in range(n)]
        for words, starts in table["columns"]
    ]
    return header, table


def _runs(words: Words) -> tuple[list[str], list[int]]:
    """Write a column as runs of one word: the words, and the row at which each begins."""
    starts = np.append(0, np.flatnonzero(words[1:] != words[:-1]) + 1)
    return words[starts].tolist(), starts.tolist()


def _cause(label: str, colour: str, part: Floats, said: Phrase, pool: _Pool) -> dict[str, Any]:
    return {
        "label": label, "colour": colour, "part": _short(part), "said": pool(said),
    }  # fmt: skip


def _short(values: Any) -> Any:
    """Keep as many digits as a screen can show: a hundred-thousandth of the range."""
    array = np.asarray(values, float)
    there = array[np.isfinite(array)]
    if not there.size or not (span := float(np.ptp(there))):
        return np.ascontiguousarray(array)
    rounded = np.round(array, min(6 - math.ceil(math.log10(span)), 300))
    # Values far from nought that differ little have their digits beyond a short float's reach.
    fits = float(np.abs(there).max()) <= span * FAR
    return np.ascontiguousarray(rounded, np.float32 if fits else np.float64)


def _dial(dial: Dial, pool: _Pool) -> dict[str, Any]:
    return {
        "label": dial.label,
        "values": np.ascontiguousarray(dial.values, np.float64),
        "places": _short(dial.places),
        "said": pool(dial.said),
        "low": dial.low,
        "high": dial.high,
        "marks": [{"row": m.row, "label": m.label, "kind": m.kind} for m in dial.marks],
    }


def _people(people: People, pool: _Pool) -> dict[str, Any]:
    return {
        "question": people.question,
        "alt": people.alt,
        "of": people.of,
        "groups": people.groups,
        "cells": {
            name: {
                "label": cell.label, "colour": cell.colour, "shape": cell.shape,
                "said": pool(cell.said), "n": np.ascontiguousarray(cell.people, np.int32),
            }
            for name, cell in people.cells.items()
        },
    }  # fmt: skip


def _picture(picture: Picture) -> dict[str, Any]:
    """Write a picture; its digest tells a browser whether it has drawn the same already."""
    follow = picture.follow
    still = {
        "data": [_trace(trace) for trace in picture.spec["data"]],
        "layout": picture.spec["layout"],
    }
    written = orjson.dumps(still, option=orjson.OPT_SERIALIZE_NUMPY)
    return {
        "name": picture.name,
        "question": picture.question,
        "alt": picture.alt,
        "digest": hashlib.blake2b(written, digest_size=8).hexdigest(),
        **still,
        "follow": {
            "kind": follow.kind,
            "x": _short(follow.x),
            "y": None if follow.y is None else _short(follow.y),
            "hills": [_hill(hill) for hill in follow.hills],
        },
    }


def _trace(trace: dict[str, Any]) -> dict[str, Any]:
    return {
        name: _short(value) if isinstance(value, np.ndarray) else value
        for name, value in trace.items()
    }


def _hill(hill: Hill) -> dict[str, Any]:
    return {
        "x": _short(hill.x), "y": _short(hill.y), "below": hill.below, "above": hill.above,
        "binned": hill.binned,
        "heights": None if hill.heights is None else _short(hill.heights),
    }  # fmt: skip
