"""Open a page through `app.py` and read what it shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.testing.v1 import AppTest

from pages._shared.live.view import unpack

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

__all__ = [
    "UNFOLDED",
    "cards_in",
    "link_of",
    "live_part",
    "page",
    "said_on_cards",
    "speak",
    "values",
]

ROOT = Path(__file__).parents[2]
# What is shut is not drawn, so that tests which read it open it first.
UNFOLDED = {
    name: tuple(f"follows-{name}-{part}" for part in parts)
    for name, parts in (
        ("moderation", ("flips", "assumptions", "numbers")),
        ("translate", ("flips", "assumptions", "numbers")),
        ("api_spend", ("flips", "assumptions", "numbers")),
        ("error_budget", ("flips", "assumptions", "numbers")),
        ("peak_load", ("flips", "assumptions", "numbers")),
        ("forecasting", ("flips", "assumptions", "numbers")),
        ("diagnosis", ("reliance", "calibration", "evidence", "flips", "assumptions", "numbers")),
        ("build_or_not", ("flips", "assumptions", "numbers")),
        ("compare", ("entry",)),
        ("your_data", ("rows", "by-month", "by-amount")),
    )
}


def page(
    fields: Mapping[str, str | Sequence[str]] | None = None, name: str = "moderation"
) -> AppTest:
    """Open a page through `app.py`, at an address with these fields, everything unfolded."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.switch_page(str(ROOT / "pages" / f"{name}.py"))
    for field, text in (fields or {}).items():
        app.query_params[field] = text
    for key in UNFOLDED.get(name, ()):
        app.session_state[key] = True
    app.run()
    assert not app.exception, app.exception
    return app


def live_part(app: AppTest) -> tuple[int, dict[str, Any]] | None:
    """Read what the live part was sent: where its dial stands, and its table; None without one."""
    sent = _sent(app)
    return None if sent is None else _read(sent)


def _sent(app: AppTest) -> bytes | None:
    for part in app.get("bidi_component"):
        if part.proto.component_name == "aipm_live":
            return bytes(part.proto.bytes)
    return None


def _read(sent: bytes) -> tuple[int, dict[str, Any]]:
    header, table = unpack(sent)
    return int(header["row"]), table


def speak(table: Mapping[str, Any], phrase: Sequence[Any], row: int) -> str:
    """Join the parts of a phrase that was sent: words, columns, and choices between phrases."""
    said = []
    for part in phrase:
        if isinstance(part, str):
            said.append(part)
        elif isinstance(part, int):
            said.append(table["columns"][part][row])
        else:
            choice, yes, no = part
            holds = choice is None or table["choices"][choice][row] == "1"
            said.append(speak(table, yes if holds else no, row))
    return "".join(said)


def values(app: AppTest) -> list[str]:
    """Read the values on the outcome cards; none where nothing is answered."""
    return [value for value, _ in said_on_cards(app)]


def said_on_cards(app: AppTest) -> list[tuple[str, str]]:
    """Read value and change on the outcome cards."""
    sent = _sent(app)
    if sent is None:  # a page without a dial shows its outcomes as metrics
        return [(metric.value, metric.delta) for metric in app.metric]
    return cards_in(sent)


def cards_in(sent: bytes) -> list[tuple[str, str]]:
    """Read value and change on the outcome cards that the live part was sent."""
    row, table = _read(sent)
    return [
        (speak(table, card["value"], row), speak(table, card["change"], row))
        for card in table["cards"]
    ]


def link_of(app: AppTest) -> str:
    """Read the canonical link that the page offers to copy."""
    (data, *_) = (part.proto.json for part in app.get("bidi_component") if part.proto.json)
    found = re.search(r'"link":\s*"([^"]+)"', data)
    assert found
    return found.group(1)
