"""Moderation with everything left away but what the hand moves and one knob.

What Streamlit needs to send a knob there and the answer back, and the browser to draw it: no
arrangement of the rest of the page can be quicker. The page's own source is run up to the line
that begins the rest, so that the two cannot drift apart.
"""

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from aipm_metrics.scenarios.moderation import ModerationScenario
from pages._shared.controls import knob_input
from pages._shared.live.assets import ROUTES
from pages._shared.memory import set_aside_libraries

PAGE = Path(__file__).parents[2] / "pages" / "moderation.py"
REST = "\nwith top:\n"


def bare() -> None:
    """Draw the answer and one knob."""
    answer, begins, _ = PAGE.read_text(encoding="utf-8").partition(REST)
    if not begins:
        raise SystemExit(f"{PAGE.name} has no line {REST.strip()!r} any more.")
    exec(compile(answer, str(PAGE), "exec"), {"__name__": "__main__"})
    with st.sidebar:
        knob_input(ModerationScenario, "auc")
    st.title("Moderation, bare")


page = st.navigation([st.Page(bare, title="Bare", url_path="moderation", default=True)])
if get_script_run_ctx(suppress_warning=True) is None:
    app = st.App(__file__, routes=ROUTES)
else:
    st.set_page_config(layout="wide")
    page.run()
    set_aside_libraries()
