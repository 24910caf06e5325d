"""The applications that are measured: how each is started, and where its controls are.

All run on this machine, each with its own server process, all idle but the one whose turn it is.
"""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["APPS", "BARE", "OURS", "PEERS", "PLAIN", "STATIC", "App", "running"]

ROOT = Path(__file__).parents[1]
HERE = ROOT / "benchmarks" / "peers"
PATIENCE = 120  # s; explainerdashboard computes before it listens
PEERS = ROOT / ".venv-peers" / "bin" / "python"
STREAMLIT = (
    sys.executable, "-m", "streamlit", "run", "{script}", "--server.port={port}",
    "--server.address=127.0.0.1", "--server.headless=true", "--server.fileWatcherType=none",
)  # fmt: skip

# What each panel says it shows. Peers say it in each chart's title and beside the numbers.
TITLES = r"""() => [...document.querySelectorAll(".gtitle, .numbers, [data-testid=stText]")].map(
    (e) => e.textContent.match(/threshold [\d.]+, AUC [\d.]+/)?.[0])"""
# Every panel of the live component says its row; the root says which table it is a row of, and
# changes that only once all panels have drawn the new one.
LIVE = r"""() => {
    const root = document.querySelector(".aipm-live");
    const panels = [...(root?.querySelectorAll("[data-panel]") ?? [])];
    return [root, ...panels.filter((e) => e.checkVisibility())].map(
        (e) => e?.dataset.row && `row ${e.dataset.row} of ${root.dataset.table}`);
}"""
# explainerdashboard writes the cutoff into three of its charts, with two decimals, and moves a line
# in the fourth. Its table of metrics does not say its cutoff, so it is not waited for.
CUTOFFS = r"""() => [...document.querySelectorAll(".js-plotly-plot")].map((e) =>
    e.closest("[id=precision-graph-chart0]") ? e.layout?.shapes?.[0]?.x0
        : e.textContent.match(/cutoff[:=] ?([\d.]+)/)?.[1]).map((c) => c && String(Number(c)))"""


@dataclass(frozen=True)
class App:
    """One application.

    Attributes
    ----------
    name, command, path
        What to call it, how to start it (``{port}`` is filled in), and which page to open.
    read
        JavaScript: what each panel says it shows, as one text per panel.
    threshold, knob
        CSS of what is dragged, and of the slider that takes key presses for another knob; empty
        where there is none, or none to be timed.
    panels
        How many panels must agree, the numbers among them.
    folder
        Where to start it. Streamlit reads its settings there: ours are in the root of the
        project, and a peer gets a folder without any, which is Streamlit as shipped.
    """

    name: str
    command: tuple[str, ...]
    read: str
    threshold: str
    knob: str
    path: str = "/"
    panels: int = 5
    folder: Path = HERE


def _peer(script: str) -> tuple[str, ...]:
    return (str(PEERS), str(HERE / script), "{port}")


def _streamlit(script: str) -> tuple[str, ...]:
    return tuple(part.replace("{script}", script) for part in STREAMLIT)


STATIC = App("static Plotly page", _peer("static_page.py"), TITLES, "#threshold", "#auc")
OURS = App(
    "this dashboard", _streamlit("app.py"), LIVE,
    ".aipm-live [data-panel=scores] .nsewdrag",
    ".st-key-moderation-auc input[type=range]", "/moderation", 11, ROOT,
)  # fmt: skip
BARE = App(
    "bare page, one knob", _streamlit("benchmarks/peers/bare_page.py"), LIVE, "",
    OURS.knob, "/", 11, ROOT,
)  # fmt: skip
PLAIN = App(
    "plain st.plotly_chart", _streamlit("plain_streamlit.py"), TITLES,
    ".st-key-threshold input[type=range]", ".st-key-auc input[type=range]",
)  # fmt: skip
DASH = App(
    "Dash, server callback", _peer("dash_app.py"), TITLES,
    "[id='threshold'] .dash-slider-root", "[id='auc'] [role=slider]",
)  # fmt: skip
EXPLAINER = App(
    "explainerdashboard", _peer("explainer.py"), CUTOFFS,
    "[id='precision-cutoff-chart0'] .dash-slider-root", "", panels=4,
)  # fmt: skip
APPS = (STATIC, OURS, BARE, PLAIN, DASH, EXPLAINER)


@contextlib.contextmanager
def running(app: App) -> Iterator[tuple[str, int]]:
    """Start an application; give its address and process id once it answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [part.replace("{port}", str(port)) for part in app.command]
    with subprocess.Popen(
        command,
        cwd=app.folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        try:
            _wait(f"http://127.0.0.1:{port}/", server, app.name)
            yield f"http://127.0.0.1:{port}{app.path}", server.pid
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()


def _wait(url: str, server: subprocess.Popen[bytes], name: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and server.poll() is None:
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        time.sleep(0.2)
    raise SystemExit(f"{name} did not start; run its command by hand to see why.")
