"""Twenty-five sessions on one server: 24 visitors without a browser, and one in Chromium.

Each visitor changes a knob about every two seconds, to a value nobody has used before, so that
no cache can answer. Measured from the browser, alone and among them, and beside the same server
as Streamlit ships it: a full garbage collection after every script, and nothing set aside.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from playwright.async_api import async_playwright

from benchmarks.apps import OURS, App, running
from benchmarks.interaction import QUIET
from benchmarks.stopwatch import watch
from tests.browser.chromium import find_chromium
from tests.visitor import visiting

if TYPE_CHECKING:
    from playwright.async_api import Browser

    from benchmarks.stopwatch import Drag, Watched

VISITORS = 24
EVERY = 2.0  # s between two changes of one visitor
ROUNDS = 2
PRESSES = 8
DRAGS = 2
MOST = 3.0  # p95 of a knob in the crowd over p95 alone
KNOB = "moderation.auc"
AT_MOST = 60.0  # s that a crowd may stay, whatever happens
UNFROZEN = "import gc; gc.freeze = lambda: None; from streamlit.web.cli import main; main()"
SHIPPED = replace(
    OURS,
    command=(
        sys.executable, "-c", UNFROZEN, *OURS.command[3:], "--runner.postScriptGC=true",
    ),
)  # fmt: skip
SERVERS = {"this dashboard": OURS, "collecting as shipped": SHIPPED}


@dataclass
class Seen:
    """What was measured on one kind of server: milliseconds alone, and in the crowd."""

    knob: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    drags: dict[str, list[Drag]] = field(default_factory=lambda: defaultdict(list))
    visitors: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # of the server, ms per rerun


def cpu_of(pid: int) -> float:
    """Milliseconds of processor time that a process has used."""
    times = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1e3 * (int(times[11]) + int(times[12])) / os.sysconf("SC_CLK_TCK")


class Crowd:
    """Visitors in threads of their own, at work between `with` and its end."""

    def __init__(self, address: str) -> None:
        self.took: list[float] = []
        self._address, self._over = address, threading.Event()
        self._ready = threading.Barrier(VISITORS + 1)
        self._threads = [
            threading.Thread(target=self._visit, args=(random.Random(i),), daemon=True)
            for i in range(VISITORS)
        ]

    def __enter__(self) -> Crowd:
        """Let everybody in, and wait until all have seen their first page."""
        for thread in self._threads:
            thread.start()
        self._ready.wait(AT_MOST)
        return self

    def __exit__(self, *_: object) -> None:
        """Ask everybody to leave."""
        self._over.set()
        for thread in self._threads:
            thread.join(AT_MOST)

    def _visit(self, chance: random.Random) -> None:
        deadline = time.monotonic() + AT_MOST
        with visiting(self._address, "moderation") as visitor:
            self._ready.wait(AT_MOST)
            while time.monotonic() < deadline:
                if self._over.wait(EVERY * chance.uniform(0.5, 1.5)):
                    return
                start = time.perf_counter()
                visitor.set_number(KNOB, chance.uniform(0.6, 0.99))
                self.took.append(1e3 * (time.perf_counter() - start))


def alone(address: str, pid: int, seen: Seen) -> None:
    """Count the server's processor time per rerun, one visitor, nobody else."""
    chance = random.Random(VISITORS)
    with visiting(address, "moderation") as visitor:
        visitor.set_number(KNOB, chance.uniform(0.6, 0.99))
        before = cpu_of(pid)
        for _ in range(PRESSES):
            visitor.set_number(KNOB, chance.uniform(0.6, 0.99))
        seen.cpu.append((cpu_of(pid) - before) / PRESSES)


async def one_server(browser: Browser, app: App, seen: Seen) -> None:
    """Measure one fresh server, alone and in a crowd."""
    with running(app) as (address, pid):
        root = address.removesuffix(app.path)
        watched = await watch(browser, app, address)
        await asyncio.to_thread(alone, root, pid, seen)
        await in_the_browser(watched, seen, "alone")
        crowd = Crowd(root)
        await asyncio.to_thread(crowd.__enter__)
        try:
            await in_the_browser(watched, seen, "crowd")
        finally:
            await asyncio.to_thread(crowd.__exit__)
        seen.visitors += crowd.took
        await watched.page.context.close()


async def in_the_browser(watched: Watched, seen: Seen, among: str) -> None:
    """Drag the threshold and change the knob."""
    for _ in range(DRAGS):
        seen.drags[among].append((await watched.drag_twice())[1])
    for _ in range(PRESSES):
        seen.knob[among] += (await watched.press(watched.app.knob, "ArrowLeft", 1))[0]
        await asyncio.sleep(EVERY / 4)


def report(results: dict[str, Seen]) -> None:
    """Print the table and the target."""

    def p95(values: list[float]) -> float:
        return float(np.quantile(values, 0.95))

    print(f"\n{VISITORS} visitors and a browser, {os.cpu_count()} processors; p95 in ms")
    print(f"{'':22}  knob in the browser     drag in the browser   visitors'  server, ms")
    print(f"{'':22}  alone  crowd  ratio      alone   crowd          knob    a rerun")
    ratios = {}
    for name, seen in results.items():
        knob = [p95(seen.knob[among]) for among in ("alone", "crowd")]
        drag = [p95([ms for d in seen.drags[among] for ms in d.latencies]) for among in seen.drags]
        ratios[name] = knob[1] / knob[0]
        print(
            f"{name:22} {knob[0]:6.0f} {knob[1]:6.0f} {ratios[name]:6.2f}     "
            f"{drag[0]:6.1f}  {drag[1]:6.1f}  {p95(seen.visitors):12.0f}  {np.mean(seen.cpu):9.0f}"
        )
    ratio = next(iter(ratios.values()))
    met = "pass" if ratio <= MOST else "MISS"
    print(f"\nTarget\n  {met}  a knob in a crowd over alone: {ratio:.2f}, at most {MOST:g}")


async def measure() -> dict[str, Seen]:
    """Give each kind of server its turn, in an order that turns round."""
    results = {name: Seen() for name in SERVERS}
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), args=list(QUIET)
        )
        for turn in range(ROUNDS):
            for name in list(SERVERS)[:: -1 if turn % 2 else 1]:
                await one_server(browser, SERVERS[name], results[name])
        await browser.close()
    return results


def main() -> None:
    """Print the table."""
    report(asyncio.run(measure()))


if __name__ == "__main__":
    main()
