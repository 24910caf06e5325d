"""One call to the middleware, without a server: what it answered, or that it passed it on."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pages._shared.canonical import CanonicalLinks

if TYPE_CHECKING:
    from starlette.types import Message, Receive, Scope, Send


@dataclass
class Answer:
    """What came back, and the scopes that reached the application behind."""

    passed: list[Scope] = field(default_factory=list)
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def location(self) -> str:
        return self.headers["location"]


def call(target: str, *, kind: str = "http", method: str = "GET", **more: Any) -> Answer:
    """Call with a path and query as they stand in the request line."""
    path, _, query = target.partition("?")
    scope: Scope = {
        "type": kind, "path": path, "raw_path": path.encode(), "headers": [],
        "query_string": query.encode("utf-8"), "root_path": "", "scheme": "http",
        "server": ("here.example", 80), **({"method": method} if kind == "http" else {}), **more,
    }  # fmt: skip
    answer = Answer()

    async def behind(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI
        answer.passed.append(scope)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = {k.decode(): v.decode("latin-1") for k, v in message["headers"]}

    asyncio.run(CanonicalLinks(behind)(scope, receive, send))
    return answer
