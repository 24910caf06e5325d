"""A static page: finished figures, and Plotly.react on four charts as a slider moves.

What Plotly itself needs to redraw, with nothing else to do: no server, and not even arithmetic,
since the figures of every stop of both sliders are in the page. Run as `python static_page.py
PORT`; plotly.js is the one inside the installed plotly package, as everywhere here.
"""

from __future__ import annotations

import json
import sys
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

from plotly.offline import get_plotlyjs

from benchmarks.peers.charts import AUCS, CHARTS, START, THRESHOLDS, State, figures, numbers

PAGE = """<!doctype html><meta charset="utf-8"><title>static</title>
<script src="plotly.js"></script>
<style>#charts { display: grid; grid-template-columns: 1fr 1fr } input { width: 600px }</style>
<p><input id="threshold" type="range" min="0" max="%(thresholds)d" value="%(threshold)d">
<p><input id="auc" type="range" min="0" max="%(aucs)d" value="%(auc)d">
<p class="numbers"></p>
<div id="charts">%(charts)s</div>
<script>
const frames = %(frames)s;
const charts = document.querySelectorAll(".chart");
const show = ({ figures, numbers }) => {
  figures.forEach((f, i) => Plotly.react(charts[i], f.data, f.layout));
  document.querySelector(".numbers").textContent = numbers;
};
for (const [knob, stops] of Object.entries(frames)) {
  const slider = document.getElementById(knob);
  slider.addEventListener("input", () => show(stops[slider.value]));
}
show(frames.threshold[%(threshold)d]);
</script>"""


def frame(state: State) -> dict[str, object]:
    """Everything the page shows in one state."""
    said = "  ".join(f"{name} {value}" for name, value in numbers(state).items())
    drawn = [json.loads(figure.to_json()) for figure in figures(state)]
    return {"figures": drawn, "numbers": f"{said}  {state}"}


def page() -> str:
    """Write the page."""
    frames = {
        "threshold": [frame(START._replace(threshold=float(t))) for t in THRESHOLDS],
        "auc": [frame(START._replace(auc=float(a))) for a in AUCS],
    }
    return PAGE % {
        "thresholds": len(THRESHOLDS) - 1, "threshold": list(THRESHOLDS).index(START.threshold),
        "aucs": len(AUCS) - 1, "auc": list(AUCS).index(START.auc),
        "charts": '<div class="chart"></div>' * len(CHARTS), "frames": json.dumps(frames),
    }  # fmt: skip


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder and keeps no log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def main() -> None:
    """Serve the page on the loopback interface."""
    with TemporaryDirectory() as folder:
        Path(folder, "plotly.js").write_text(get_plotlyjs(), encoding="utf-8")
        Path(folder, "index.html").write_text(page(), encoding="utf-8")
        handler = partial(Quiet, directory=folder)
        ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), handler).serve_forever()


if __name__ == "__main__":
    main()
