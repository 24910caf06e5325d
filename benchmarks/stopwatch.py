"""One application in one browser page: its controls moved by real input, its answers timed."""

from __future__ import annotations

import asyncio
import time
from bisect import bisect_left
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page, Request, WebSocket

    from benchmarks.apps import App

__all__ = ["Drag", "Traffic", "Watched", "watch"]

SCRIPT = Path(__file__).with_suffix(".js").read_text()
WINDOW = {"width": 1440, "height": 1900}  # tall enough to have all four charts on screen
PATIENCE_MS = 15_000
STOPS = 24  # places of the pointer in one drag
PACE = 1 / 40  # s between two moves of a drag; a hand and a mouse send more
AFTERWARDS = 0.3  # s in which something may still be drawn again
REST = 0.05  # s between two timed steps, lest the tail of one be counted for the next


@dataclass(slots=True)
class Traffic:
    """What went over the network: frames and requests sent, and bytes both ways."""

    frames: int = 0
    requests: int = 0
    bytes: int = 0

    def since(self, before: Traffic) -> Traffic:
        """Return what was added."""
        return Traffic(
            self.frames - before.frames,
            self.requests - before.requests,
            self.bytes - before.bytes,
        )

    def copy(self) -> Traffic:
        """Return what went so far."""
        return Traffic(self.frames, self.requests, self.bytes)


@dataclass(frozen=True, slots=True)
class Drag:
    """One drag at a hand's pace.

    Attributes
    ----------
    latencies
        Milliseconds from each move the page got to the frame that showed it, or a later one,
        everywhere.
    redrawn
        Share of the moves whose own answer was shown everywhere.
    during, release
        Traffic until the pointer was let go, and after.
    """

    latencies: list[float]
    redrawn: float
    during: Traffic
    release: Traffic


@dataclass(slots=True)
class Watched:
    """A page under the stopwatch.

    `late` of its `answers` went on changing after the frame that was taken for the answer, so
    that more was drawn than was timed.
    """

    app: App
    page: Page
    traffic: Traffic = field(default_factory=Traffic)
    answers: int = 0
    late: int = 0

    async def answered(self) -> float:
        """Wait for the answer to what was just done; return milliseconds."""
        took = await self.page.evaluate("(ms) => stopwatch.answered(ms)", PATIENCE_MS)
        if took is None:
            said = await self.page.evaluate(f"({self.app.read})()")
            raise SystemExit(f"{self.app.name} gave no answer; its panels say {said}")
        await asyncio.sleep(REST)
        self.answers += 1
        self.late += not await self.page.evaluate("stopwatch.still()")
        return float(took)

    async def settled(self) -> None:
        """Wait until all panels agree and stand still, and no script runs."""
        last, calm = None, 0
        while calm < 4:
            state = await self.page.evaluate("stopwatch.state()")
            busy = await self.page.evaluate(
                "!!document.querySelector('[data-test-script-state=running]')"
            )
            calm = calm + 1 if state and state == last and not busy else 0
            last = state
            await asyncio.sleep(0.1)

    async def _shows(self, state: str) -> None:
        """Wait until a state is shown everywhere."""
        deadline = time.monotonic() + PATIENCE_MS / 1000
        while await self.page.evaluate("stopwatch.state()") != state:
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.app.name} never showed where the drag ended")
            await asyncio.sleep(0.1)

    async def press(self, selector: str, key: str, times: int) -> tuple[list[float], list[float]]:
        """Press a key on a control, again and again, each time once all is drawn.

        Returns
        -------
        tuple of lists
            Milliseconds until the answer was shown everywhere, and until nothing shown changed
            any more.
        """
        await self.page.locator(selector).first.focus()
        answered, still = [], []
        for _ in range(times):
            await self.page.evaluate("stopwatch.attend()")
            await self.page.evaluate("stopwatch.start()")
            await self.page.keyboard.press(key)
            answered.append(await self.answered())
            await asyncio.sleep(AFTERWARDS)
            still.append(max(answered[-1], await self.page.evaluate("stopwatch.stoodStill()")))
        return answered, still

    async def _grab(self) -> list[tuple[int, int]]:
        """Put the pointer down on the threshold; return the places to drag it to."""
        box = await self.page.locator(self.app.threshold).first.bounding_box()
        assert box, f"{self.app.name} shows nothing to drag"
        y = round(box["y"] + box["height"] / 2)
        left, width = box["x"] + 0.25 * box["width"], 0.5 * box["width"]
        places = [(round(left) + i * round(width / STOPS), y) for i in range(STOPS + 1)]
        await self.page.mouse.move(*places[0])
        await self.page.mouse.down()
        await self.settled()
        return places[1:]

    async def drag_in_steps(self, every: int) -> list[float]:
        """Drag, waiting at each place for the answer: what one redraw takes."""
        places = await self._grab()
        took, _ = await self._steps(places[::every])
        await self._let_go()
        return took

    async def drag_twice(self) -> tuple[list[float], Drag]:
        """Drag in steps, go back without letting go, and drag again at a hand's pace.

        What each place should show is known from the first time, not taken from the control.
        """
        places = await self._grab()
        start = await self.page.evaluate("stopwatch.state()")
        took, expected = await self._steps(places)
        await self.page.mouse.move(2 * places[0][0] - places[1][0], places[0][1])
        await self._shows(start)
        before = self.traffic.copy()
        await self.page.evaluate("stopwatch.start()")
        moves = []
        for place in places:  # sent on time, whether or not the page has taken in the last one
            moves.append(asyncio.create_task(self.page.mouse.move(*place)))
            await asyncio.sleep(PACE)
        await asyncio.gather(*moves)
        await self._shows(expected[places[-1][0]])
        seen = await self.page.evaluate("stopwatch.stop()")
        during = self.traffic.since(before)
        await self._let_go()
        release = self.traffic.since(before).since(during)
        return took, self._judge(seen, expected, during, release)

    async def _steps(self, places: list[tuple[int, int]]) -> tuple[list[float], dict[int, str]]:
        """Move to each place and wait for its answer; return times, and what each x shows."""
        took, shown = [], {}
        for x, y in places:
            await self.page.evaluate("stopwatch.start()")
            await self.page.mouse.move(x, y)
            took.append(await self.answered())
            shown[x] = await self.page.evaluate("stopwatch.state()")
        return took, shown

    async def _let_go(self) -> None:
        await self.page.mouse.up()
        await self.settled()

    def _judge(
        self, seen: dict[str, Any], expected: dict[int, str], during: Traffic, release: Traffic
    ) -> Drag:
        order = {state: i for i, state in enumerate(expected.values())}
        assert len(order) == STOPS, f"{self.app.name} shows one state for two places"
        shown = [(t, order[state]) for t, state in seen["frames"] if state in order]
        latencies = []
        for t, x in seen["events"]:
            wanted = order[expected[round(x)]]
            first = bisect_left(shown, (t, -1))
            latencies.append(next(at for at, i in shown[first:] if i >= wanted) - t)
        return Drag(latencies, len({i for _, i in shown}) / STOPS, during, release)


async def watch(browser: Browser, app: App, address: str) -> Watched:
    """Open an application in a window of its own and put the stopwatch on it."""
    context = await browser.new_context(viewport=WINDOW)  # type: ignore[arg-type]
    page = await context.new_page()
    watched = Watched(app, page)
    _count(page, watched.traffic)
    await page.add_init_script(SCRIPT)
    await page.goto(address)
    await page.evaluate(f"stopwatch.use({app.read})")
    await page.wait_for_function(
        "(n) => stopwatch.said().length >= n && stopwatch.state()", arg=app.panels, timeout=60_000
    )
    await watched.settled()
    return watched


def _count(page: Page, traffic: Traffic) -> None:
    """Add up all that goes over the network from now on."""

    def sent(payload: str | bytes) -> None:
        traffic.frames += 1
        traffic.bytes += len(payload)

    def received(payload: str | bytes) -> None:
        traffic.bytes += len(payload)

    def opened(socket: WebSocket) -> None:
        socket.on("framesent", sent)
        socket.on("framereceived", received)

    async def answered(request: Request) -> None:
        sizes = await request.sizes()
        traffic.bytes += sizes["requestBodySize"] + sizes["responseBodySize"]

    def asked(_: Request) -> None:
        traffic.requests += 1

    page.on("websocket", opened)
    page.on("request", asked)
    page.on("requestfinished", answered)
