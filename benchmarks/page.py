"""Script time of one rerun of the Moderation page, beside a page that draws a title."""

from __future__ import annotations

from itertools import count
from pathlib import Path

from streamlit.testing.v1 import AppTest

from benchmarks.rounds import compare
from tests.pages.opening import values

ROOT = Path(__file__).parents[1]
ROUNDS = 30
TITLE = """
import streamlit as st

st.title("A title")
"""


def opened() -> AppTest:
    """Open the Moderation page through app.py, as a browser would."""
    page = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30).run()
    page = page.switch_page("pages/moderation.py").run()
    assert not page.exception
    return page


def main() -> None:
    """Print the table."""
    page, bare, turns = opened(), AppTest.from_string(TITLE).run(), count()

    def move_threshold() -> None:
        page.number_input(key="moderation.threshold").set_value(0.05 + 0.001 * next(turns)).run()

    move_threshold()
    shown = values(page)
    move_threshold()
    assert not page.exception
    assert shown != values(page), "the rerun changed nothing"
    compare(
        "One rerun, script and test harness, no browser",
        {
            "moderation, threshold moved": move_threshold,
            "a bare st.title": bare.run,
            "moderation, nothing moved": page.run,
        },
        ROUNDS,
    )


if __name__ == "__main__":
    main()
