"""One call to a middleware, without a server: what it answered, and what it passed on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pages._shared.canonical import CanonicalLinks

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Answer:
    """What came back, and the scopes that reached the application behind."""

    passed: list[Scope] = field(default_factory=list)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)

    @property
    def location(self) -> str:
        return self.headers["location"]

    @property
    def body(self) -> bytes:
        return b"".join(m["body"] for m in self.messages if m["type"] == "http.response.body")


async def _silent(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer nothing: what matters is that the call came through."""


def call(
    target: str,
    *,
    kind: str = "http",
    method: str = "GET",
    through: Callable[[ASGIApp], ASGIApp] = CanonicalLinks,
    behind: ASGIApp = _silent,
    **more: Any,
) -> Answer:
    """Call with a path and query as they stand in the request line."""
    path, _, query = target.partition("?")
    scope: Scope = {
        "type": kind, "path": path, "raw_path": path.encode(), "headers": [],
        "query_string": query.encode("utf-8"), "root_path": "", "scheme": "http",
        "server": ("here.example", 80), **({"method": method} if kind == "http" else {}), **more,
    }  # fmt: skip
    answer = Answer()

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        answer.passed.append(scope)
        await behind(scope, receive, send)

    asked: list[Message] = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive() -> Message:
        if not asked:
            await asyncio.Event().wait()  # the caller stays on the line
        return asked.pop()

    async def send(message: Message) -> None:
        answer.messages.append(dict(message))
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode("latin-1") for k, v in message["headers"]}

    async def once() -> None:
        await through(watched)(scope, receive, send)

    asyncio.run(once())
    return answer
