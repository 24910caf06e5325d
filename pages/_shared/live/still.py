"""Two buttons that save a picture which no hand moves: PNG and SVG, made in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st

from pages._shared.live.assets import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["save_buttons"]

HERE = Path(__file__).parent
HTML = """
<div class="saves"><button type="button">PNG</button><button type="button">SVG</button></div>
"""
# As in `component`: the script itself is fetched once, not sent with every message.
LOADER = f"""
const base = window.location.pathname.replace(/\\/[^/]*$/, "");
const loaded = import(`${{window.location.origin}}${{base}}/live/{VERSION}/still.js`);
export default function (component) {{
  loaded.then(({{ update }}) => update(component), () => {{
    component.parentElement.querySelector(".saves").textContent =
      "Pictures cannot be saved just now. Reload the page.";
  }});
}}
"""


@st.cache_resource
def _component() -> Callable[..., object]:
    css = (HERE / "still.css").read_text(encoding="utf-8")
    return st.components.v2.component("aipm_still", html=HTML, css=css, js=LOADER)


def save_buttons(chart: str, question: str) -> None:
    """Draw the buttons of one chart.

    Parameters
    ----------
    chart
        Its key, "page-name"; the file is called after the page and the name.
    question
        What it answers: the heading of the picture that is saved.
    """
    data = {"chart": chart, "name": chart.partition("-")[2], "question": question}
    _component()(data=data, key=f"{chart}-save")
