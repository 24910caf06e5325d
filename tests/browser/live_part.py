"""Read the live part of a page, and lay a hand on its threshold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser.conftest import opened, settled

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page, WebSocket

__all__ = ["Box", "box_of", "committed", "drag_over", "listen", "open_live", "shown", "thumb"]

READY = ".aipm-live[data-ready][data-table]"
# Two frames: what a move asks for is drawn in the next one.
SHOWN = """() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
  const root = document.querySelector(".aipm-live[data-ready]");
  const text = (inside, what) => inside.querySelector(what).textContent;
  const all = (what) => [...root.querySelectorAll(what)];
  const thumb = root.querySelector("[role=slider]");
  done({
    row: Number(root.dataset.row),
    rows: [...new Set(all("[data-panel]").map((panel) => Number(panel.dataset.row)))],
    table: root.dataset.table,
    value: thumb.getAttribute("aria-valuenow"),
    told: thumb.getAttribute("aria-valuetext"),
    cut: text(root, "output"),
    cards: all("[data-panel=cards] .card").map((card) =>
      [text(card, "dt"), text(card, ".value"), text(card, ".change")]),
    against: text(root, "[data-panel=cards] .note"),
    aloud: text(root, "[data-panel=aloud] p"),
    ratios: all("[data-panel=ratios] span").map((one) =>
      [one.firstChild.textContent.trim(), text(one, "b")]),
    people: all("[data-panel=people] .legend span").map((one) =>
      [one.lastChild.textContent.trim(), text(one, "b")]),
    causes: all("[data-panel=causes] div").map((one) => [text(one, "span"), text(one, "b")]),
    icons: root.querySelector("[data-panel=people] svg[role=img]").getAttribute("aria-label"),
    moving: document.documentElement.hasAttribute("data-aipm-moving"),
  });
})))"""


@dataclass(frozen=True)
class Box:
    """A place on the screen, in pixels."""

    x: float
    y: float
    width: float
    height: float

    def at(self, across: float, down: float = 0.5) -> tuple[float, float]:
        return self.x + across * self.width, self.y + down * self.height


def open_live(page: Page, address: str) -> Page:
    """Open an address and wait for its live part."""
    opened(page, address)
    page.locator(READY).wait_for()
    settled(page)
    return page


def shown(page: Page) -> dict[str, Any]:
    """Everything the live part says, once it has drawn what it was asked for."""
    found: dict[str, Any] = page.evaluate(SHOWN)
    return found


def thumb(page: Page) -> Locator:
    return page.get_by_role("slider", name="Removal threshold", exact=True)


def box_of(page: Page, what: str) -> Box:
    """Where an element of the live part is, scrolled to the middle of the screen."""
    element = page.locator(f".aipm-live {what}").first
    element.evaluate("element => element.scrollIntoView({block: 'center', behavior: 'instant'})")
    page.wait_for_timeout(100)
    box = element.bounding_box()
    assert box
    return Box(box["x"], box["y"], box["width"], box["height"])


def drag_over(page: Page, box: Box, *stops: tuple[float, float]) -> None:
    """Press at the first stop, move over the others, and stay down."""
    page.mouse.move(*box.at(*stops[0]))
    page.mouse.down()
    for stop in stops[1:]:
        page.mouse.move(*box.at(*stop), steps=4)


def committed(page: Page) -> None:
    """Wait until the server has answered what the hand chose."""
    page.wait_for_function("() => !document.documentElement.hasAttribute('data-aipm-moving')")
    settled(page)


def listen(page: Page) -> list[BackMsg]:
    """Collect every message that the page sends to its server from now on; before it is opened."""
    sent: list[BackMsg] = []

    def take(payload: str | bytes) -> None:
        message = BackMsg()
        message.ParseFromString(payload if isinstance(payload, bytes) else payload.encode())
        sent.append(message)

    def hear(socket: WebSocket) -> None:
        socket.on("framesent", take)

    page.on("websocket", hear)
    return sent
