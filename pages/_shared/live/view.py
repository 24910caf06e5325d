"""Everything a hand can reach, packed once per change of another knob.

A `View` is finished: the numbers come from the core, the words from `sentences`, the pictures
from `figures`. Packing it turns arrays into JSON and squeezes it; the browser computes no metric.
Axis letter: `t` positions of the knob.
"""

from __future__ import annotations

import hashlib
import json
import struct
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aipm_metrics.figures.picture import Hill, Picture
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.spoken_columns import Words

__all__ = ["Dial", "Mark", "Packed", "People", "Step", "View", "framed", "pack", "unpack"]

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
    said : (t,) words
    low, high : ints
        First and last row that a hand can reach.
    marks
        Positions with names.
    """

    label: str
    values: Floats
    places: Floats
    said: Words
    low: int
    high: int
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class People:
    """A crowd of a round number, in four cells.

    Attributes
    ----------
    question, alt
        What the picture answers; what it shows, for whoever cannot see it.
    of, positives : ints
    cells
        Label, colour, people (t,) and words (t,), by cell.
    """

    question: str
    alt: str
    of: int
    positives: int
    cells: Mapping[str, tuple[str, str, Any, Words]]


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
    cards: Sequence[tuple[str, Words, Words]]
    against: Words
    aloud: Sequence[Words]
    ratios: Sequence[tuple[str, Words]]
    causes: Sequence[tuple[str, str, Floats, Words]]
    pictures: Sequence[Picture]
    steps: Sequence[Step]
    colours: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Packed:
    """A view ready to be sent: its name, its bytes, and its colours."""

    table: str
    blob: bytes
    colours: Mapping[str, str]


def pack(view: View) -> Packed:
    """Squeeze a view into bytes."""
    told = {
        "dial": _dial(view.dial),
        "cards": [
            {"label": label, "value": _said(value), "change": _said(change)}
            for label, value, change in view.cards
        ],
        "against": _said(view.against),
        "aloud": [_said(words) for words in view.aloud],
        "ratios": [{"label": label, "said": _said(words)} for label, words in view.ratios],
        "causes": [
            {"label": label, "colour": colour, "part": _short(part), "said": _said(words)}
            for label, colour, part, words in view.causes
        ],
        "people": _people(view.people),
        "pictures": [_picture(picture) for picture in view.pictures],
        "steps": view.steps,
        "colours": dict(view.colours),
    }
    raw = orjson.dumps(told, option=orjson.OPT_SERIALIZE_NUMPY)
    blob = zlib.compress(raw, LEVEL)
    return Packed(hashlib.blake2b(blob, digest_size=8).hexdigest(), blob, view.colours)


def framed(packed: Packed, row: int) -> bytes:
    """Put the table's name and the chosen row in front of the table."""
    header = json.dumps({"table": packed.table, "row": row}).encode()
    return struct.pack(">I", len(header)) + header + packed.blob


def unpack(data: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Read back what was sent: the header and the table."""
    (length,) = struct.unpack(">I", data[:4])
    header = json.loads(data[4 : 4 + length])
    return header, orjson.loads(zlib.decompress(data[4 + length :]))


def _said(words: Words) -> str | list[str]:
    """List a column of words; one that never changes is sent once."""
    same = words.size > 0 and bool((words == words[0]).all())
    return str(words[0]) if same else words.tolist()


def _short(values: Any) -> Any:
    """Keep as many digits as a screen can show."""
    return np.ascontiguousarray(values, np.float32)


def _dial(dial: Dial) -> dict[str, Any]:
    return {
        "label": dial.label,
        "values": np.ascontiguousarray(dial.values, np.float64),
        "places": _short(dial.places),
        "said": _said(dial.said),
        "low": dial.low,
        "high": dial.high,
        "marks": [{"row": m.row, "label": m.label, "kind": m.kind} for m in dial.marks],
    }


def _people(people: People) -> dict[str, Any]:
    return {
        "question": people.question,
        "alt": people.alt,
        "of": people.of,
        "positives": people.positives,
        "cells": {
            cell: {
                "label": label, "colour": colour, "said": _said(words),
                "n": np.ascontiguousarray(n, np.int32),
            }
            for cell, (label, colour, n, words) in people.cells.items()
        },
    }  # fmt: skip


def _picture(picture: Picture) -> dict[str, Any]:
    follow = picture.follow
    return {
        "name": picture.name,
        "question": picture.question,
        "alt": picture.alt,
        "data": [_trace(trace) for trace in picture.spec["data"]],
        "layout": picture.spec["layout"],
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
    }  # fmt: skip
