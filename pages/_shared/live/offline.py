"""The live part as one file that needs no network: its threshold still drags from a disk.

Modules cannot be loaded from a disk by address, so each travels inside the page as a data
address, and an import map says which is which.
"""

from __future__ import annotations

import base64
import json
import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from plotly.offline import get_plotlyjs

from pages._shared.live.assets import SCRIPTS
from pages._shared.live.view import framed

if TYPE_CHECKING:
    from pages._shared.live.view import Packed

__all__ = ["offline_page"]

CSS = (Path(__file__).parent / "live.css").read_text(encoding="utf-8")
IMPORT = re.compile(r'(from\s+")\./(\w+\.js)(")')
FRAME = """
body { margin: 0; font-family: "Source Sans", "Source Sans 3", sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
.aipm-live .tools { margin-top: 0; }
"""
START = """
import { inflate, split } from "aipm/payload.js";
import { view } from "aipm/view.js";

const text = document.getElementById("table").textContent;
const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
const { header, packed } = split(bytes);
const root = document.querySelector(".aipm-live");
const shown = view(root, window.Plotly, () => shown.settleAt(shown.hand.row()));
await shown.load(await inflate(packed), header.table, header.row);
root.toggleAttribute("data-ready", true);
"""


def offline_page(packed: Packed, row: int, *, title: str, story: str, link: str) -> str:
    """Write the page.

    Parameters
    ----------
    packed, row
        The view, and where its dial stands at first.
    title, story
        The question, and its line.
    link
        Where the live scenario is, whole; shown as text.
    """
    colours = packed.colours
    imports = {f"aipm/{name}": _as_data(text) for name, text in SCRIPTS.items()}
    library = get_plotlyjs().replace("</script", r"<\/script")
    table = base64.b64encode(framed(packed, row)).decode()
    return f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>body {{ background: {colours["paper"]}; color: {colours["ink"]}; }}{FRAME}{CSS}</style>
<script type="importmap">{json.dumps({"imports": imports})}</script>
<script>{library}</script>
<main>
<h1>{escape(title)}</h1>
<p>{escape(story)}</p>
<div class="aipm-live"></div>
<p><small>Every figure is illustrative unless it was put in. Made at {escape(link)}</small></p>
</main>
<script type="application/octet-stream" id="table">{table}</script>
<script type="module">{START}</script>
</html>
"""


def _as_data(script: str) -> str:
    """Turn a module into an address that holds all of it."""
    whole = IMPORT.sub(r"\1aipm/\2\3", script)
    return "data:text/javascript;base64," + base64.b64encode(whole.encode()).decode()
