"""What a person waits for, in real Chromium: four linked charts and their numbers.

The threshold dragged, and another knob changed, in this dashboard and beside it: a static Plotly
page, plain `st.plotly_chart`, Dash and explainerdashboard. See README.md for how to read it.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from contextlib import ExitStack
from statistics import median
from typing import TYPE_CHECKING

import numpy as np
from playwright.async_api import async_playwright

from benchmarks.apps import APPS, BARE, DASH, EXPLAINER, OURS, PEERS, PLAIN, STATIC, running
from benchmarks.stopwatch import STOPS, Drag, Watched, watch
from tests.browser.chromium import find_chromium

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["QUIET", "Rounds", "print_table"]

ROUNDS = 5
PRESSES = 4
EVERY = 4  # of the slowest, only one stop in so many is timed
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking")
FRAME_MS = 16.0

Rounds = dict[str, list[list[float]]]  # milliseconds of each round, by application


class Seen:
    """Everything that was measured."""

    def __init__(self) -> None:
        self.steps: Rounds = defaultdict(list)
        self.knob: Rounds = defaultdict(list)
        self.still: Rounds = defaultdict(list)
        self.drags: dict[str, list[Drag]] = defaultdict(list)
        self.late: dict[str, str] = {}  # answers that went on changing, of all


async def one_round(turn: int, watched: Sequence[Watched], seen: Seen) -> None:
    """Give every application its turn: the same acts, in an order that turns round.

    One application works at a time, so each has the machine to itself as far as this program
    is concerned; what else the machine does falls on all of them, round after round.
    """
    key = "ArrowLeft" if turn % 2 else "ArrowRight"
    for w in watched[::-1] if turn % 2 else watched:
        await w.page.bring_to_front()
        app = w.app
        if app is PLAIN:  # redraws nothing until the pointer is let go: a key is its quickest step
            seen.steps[app.name].append((await w.press(app.threshold, key, STOPS // EVERY))[0])
        elif app is EXPLAINER:
            seen.steps[app.name].append(await w.drag_in_steps(EVERY))
        elif app.threshold:
            steps, drag = await w.drag_twice()
            seen.steps[app.name].append(steps)
            seen.drags[app.name].append(drag)
        if app.knob:
            # Always downwards: no value comes twice, so that no cache can answer.
            answered, still = await w.press(app.knob, "ArrowLeft", PRESSES)
            seen.knob[app.name].append(answered)
            seen.still[app.name].append(still)
        await w.settled()


def print_table(title: str, rounds: Mapping[str, list[list[float]]]) -> None:
    """Print one line per application; the first is the one the others are set against.

    `ratio` is the median over the first line's median; the last column is the middle half of
    the ratios of medians within each round.
    """
    names = list(rounds)
    width = max(map(len, names))
    counted = ", ".join(str(sum(map(len, rounds[name]))) for name in names)
    print(f"\n{title} (ms; {counted} times)")
    print(f"{'':{width}}  {'min':>8} {'median':>8} {'p95':>8}  {'ratio':>7}  paired, middle half")
    base = rounds[names[0]]
    for name in names:
        every = np.concatenate(rounds[name])
        paired = [median(b) / median(a) for a, b in zip(base, rounds[name], strict=True)]
        low, high = np.quantile(paired, [0.25, 0.75])
        ratio = median(every) / median(np.concatenate(base))
        print(
            f"{name:{width}}  {every.min():8.1f} {median(every):8.1f} "
            f"{np.quantile(every, 0.95):8.1f}  {ratio:7.3f}  {low:.3f} to {high:.3f}"
        )


def print_drags(drags: Mapping[str, list[Drag]]) -> None:
    """Print how well each application follows a hand that does not wait."""
    print(f"\nA drag at a hand's pace: {STOPS} moves in {STOPS / 40:.1f} s, {ROUNDS} drags")
    print(f"{'':21}  {'median':>7} {'p95':>7}   redrawn  sent a drag  bytes a move   on release")
    for name, rounds in drags.items():
        late = np.concatenate([d.latencies for d in rounds])
        sent = max(d.during.frames + d.during.requests for d in rounds)
        size = median(d.during.bytes for d in rounds) / STOPS
        release = max(d.release.bytes for d in rounds)  # a place already known is not told again
        redrawn = np.mean([d.redrawn for d in rounds])
        print(
            f"{name:21}  {median(late):7.1f} {np.quantile(late, 0.95):7.1f}  "
            f"{redrawn:7.0%}  {sent:11d}  {size:12,.0f}  {release:11,.0f}"
        )


def judge(seen: Seen) -> None:
    """Print the targets and whether they were met; nothing is asserted."""

    def mid(rounds: Rounds, name: str) -> float:
        return float(median(np.concatenate(rounds[name])))

    redraw = mid(seen.steps, STATIC.name)
    drags = seen.drags[OURS.name]
    p95 = float(np.quantile(np.concatenate([d.latencies for d in drags]), 0.95))
    sent = max(d.during.frames + d.during.requests for d in drags)
    knob, plain = mid(seen.knob, OURS.name), mid(seen.knob, PLAIN.name)
    print("\nTargets")
    for what, value, limit in (
        ("drag, p95 in ms: one frame", p95, FRAME_MS),
        ("drag, p95 over a static Plotly redraw", p95 / redraw, 0.25),
        ("frames and requests sent while dragging", sent, 0),
        ("another knob over a static Plotly redraw", knob / redraw, 2.5),
        ("another knob over plain st.plotly_chart", knob / plain, 0.5),
    ):
        print(f"  {'pass' if value <= limit else 'MISS'}  {what}: {value:.3g}, at most {limit:g}")
    print(f"        another knob over Dash's: {knob / mid(seen.knob, DASH.name):.3g}")
    bare = mid(seen.knob, BARE.name)
    print(f"        the bare page over static and plain: {bare / redraw:.3g}, {bare / plain:.3g}")


async def measure() -> Seen:
    """Start everything, run all rounds, and end everything."""
    seen = Seen()
    with ExitStack() as servers:
        started = [(app, servers.enter_context(running(app))[0]) for app in APPS]
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(
                executable_path=find_chromium(), args=list(QUIET)
            )
            watched = [await watch(browser, app, address) for app, address in started]
            for turn in range(ROUNDS):
                await one_round(turn, watched, seen)
            seen.late = {w.app.name: f"{w.late} of {w.answers}" for w in watched}
            await browser.close()
    return seen


def main() -> None:
    """Print every table."""
    if not PEERS.exists():
        raise SystemExit("The peers are not installed; `make peers` does it.")
    seen = asyncio.run(measure())
    print_table("One step of the threshold, each once the last is drawn", seen.steps)
    print_drags(seen.drags)
    print_table("One step of another knob (AUC)", seen.knob)
    print_table("The same, until nothing shown changes any more", seen.still)
    print("\nStill changing after the frame that was timed")
    for name, late in seen.late.items():
        print(f"  {name}: {late}")
    judge(seen)


if __name__ == "__main__":
    main()
