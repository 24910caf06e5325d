"""A visitor without a browser: Streamlit's own messages over a websocket.

For what needs many reruns of a real server, or many sessions at once. Draws nothing.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from streamlit.proto.Element_pb2 import Element
    from websockets.sync.client import ClientConnection

__all__ = ["Visitor", "visiting"]

PATIENCE = 60  # s


class Visitor:
    """One session on one page; the number inputs and sliders it is shown can be set by key."""

    def __init__(self, socket: ClientConnection, page: str) -> None:
        self.received = 0  # bytes of the latest rerun
        self.largest = 0  # bytes of its largest message
        self.replaceable: list[str] = []  # elements the server may later send by name alone
        self.said: list[str] = []  # every text of the latest rerun
        self._socket, self._page = socket, page
        self._ids: dict[str, str] = {}
        self._sliders: set[str] = set()
        self._set: dict[str, float] = {}

    def rerun(self) -> None:
        """Ask for a rerun with everything set so far, and wait for its end."""
        state = ClientState(page_name=self._page)
        for key, value in self._set.items():
            widget = state.widget_states.widgets.add(id=self._ids[key])
            if key in self._sliders:
                widget.double_array_value.data.append(value)
            else:
                widget.double_value = value
        self._socket.send(BackMsg(rerun_script=state).SerializeToString())
        self.received, self.largest, self.said, self.replaceable = 0, 0, [], []
        while not self._ended(self._next()):
            pass

    def set_number(self, key: str, value: float) -> None:
        """Type a number, as the browser would send it, and wait for the answer."""
        self._set[key] = value
        self.rerun()

    def _next(self) -> ForwardMsg:
        data = self._socket.recv(PATIENCE, decode=False)
        self.received += len(data)
        self.largest = max(self.largest, len(data))
        message = ForwardMsg()
        message.ParseFromString(data)
        return message

    def _ended(self, message: ForwardMsg) -> bool:
        """Take in one message; say whether it was the last of the rerun."""
        kind = message.WhichOneof("type")
        if kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            self._see(message.delta.new_element)
            if message.metadata.cacheable:
                self.replaceable.append(str(message.delta.new_element.WhichOneof("type")))
        # A script that restarts itself finishes once early and once for good.
        return (
            kind == "script_finished"
            and message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        )

    def _see(self, element: Element) -> None:
        kind = element.WhichOneof("type")
        if kind in {"number_input", "slider"}:
            named: str = getattr(element, kind).id  # "$$ID-<hash>-<key>"
            key = named.split("-", 2)[2]
            self._ids[key] = named
            if kind == "slider":
                self._sliders.add(key)
        elif kind == "markdown":
            self.said.append(element.markdown.body)
        elif kind == "exception":
            raise AssertionError(f"{element.exception.type}: {element.exception.message}")


@contextlib.contextmanager
def visiting(address: str, page: str) -> Iterator[Visitor]:
    """Open a page of a server and wait for its first answer."""
    stream = address.replace("http", "ws", 1) + "/_stcore/stream"
    with connect(stream, subprotocols=None, origin=None, max_size=None) as socket:
        visitor = Visitor(socket, page)
        visitor.rerun()
        yield visitor
