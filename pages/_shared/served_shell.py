"""The HTML that Streamlit serves for a page's address: what we add goes into its head.

Streamlit answers every page with one and the same shell, called "Streamlit". It gets the page's
own preview, the script that keeps the browser's history in order, and the rules for paper and
phones. Only that answer is rewritten, and only where a page is: scripts, media, sockets and other
routes pass untouched. The rewritten shell is another document than Streamlit's file, so it has a
tag of its own, and nothing that speaks of the file (its dates, ranges, tag, encoding) is asked
for or passed on.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response

from pages._shared.previews import PREVIEWS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from pages._shared.previews import Preview

__all__ = ["ServedShell"]

SCRIPT: Final = Path(__file__).with_name("one_entry.js").read_text()
STYLE: Final = Path(__file__).with_name("page.css").read_text()
TITLE: Final = re.compile(rb"<title>[^<]*</title>")
OF_THE_FILE: Final = (  # asked of, or told about, Streamlit's file rather than our document
    {"if-none-match", "if-modified-since", "if-range", "range", "accept-encoding"},
    {"etag", "last-modified", "accept-ranges", "content-length"},
)


class ServedShell:
    """ASGI middleware; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the shell of a page; pass everything else on."""
        preview = _preview(scope)
        if preview is None:
            await self.app(scope, receive, send)
            return
        answer = _Answer(scope, receive, send, preview)
        await self.app(_asking_for_all(scope), receive, answer.take)


def _preview(scope: Scope) -> Preview | None:
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None
    root = "/" + str(st.get_option("server.baseUrlPath") or "").strip("/")
    path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
    if path in {"", root}:
        return PREVIEWS[""]
    below = path.removeprefix(root).removeprefix("/")
    return PREVIEWS.get(below) if below and path == f"{root.rstrip('/')}/{below}" else None


def _asking_for_all(scope: Scope) -> Scope:
    """Ask for the whole document, plain, and in messages: only then can it be rewritten."""
    headers = [(k, v) for k, v in scope["headers"] if k.decode("latin-1") not in OF_THE_FILE[0]]
    by_file = {"http.response.pathsend", "http.response.zerocopysend"}
    extensions = {k: v for k, v in (scope.get("extensions") or {}).items() if k not in by_file}
    return {**scope, "method": "GET", "headers": headers, "extensions": extensions}


class _Answer:
    """One answer on its way out: held back while it may be the shell, else passed on."""

    def __init__(self, scope: Scope, receive: Receive, send: Send, preview: Preview) -> None:
        self.scope, self.receive, self.send = scope, receive, send
        self.preview = preview
        self.start: Message | None = None  # held back
        self.body = b""

    async def take(self, message: Message) -> None:
        """Take one message of the application's answer."""
        if message["type"] == "http.response.start" and _is_document(message):
            self.start = message
        elif self.start is None:
            await self._pass_on(message)
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                await self._finish(self.start)

    async def _pass_on(self, message: Message) -> None:
        if self.scope["method"] == "HEAD" and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self.send(message)

    async def _finish(self, start: Message) -> None:
        body = _rewritten(self.body, self.preview)
        headers = MutableHeaders(
            raw=[(k, v) for k, v in start["headers"] if k.decode("latin-1") not in OF_THE_FILE[1]]
        )
        headers["etag"] = tag = f'"{blake2b(body, digest_size=16).hexdigest()}"'
        known = Headers(scope=self.scope).get("if-none-match", "")
        if known.strip() == "*" or tag in (t.strip().removeprefix("W/") for t in known.split(",")):
            del headers["content-type"]
            answer = Response(status_code=304)
        else:
            headers["content-length"] = str(len(body))
            answer = Response(b"" if self.scope["method"] == "HEAD" else body)
        answer.raw_headers = headers.raw
        await answer(self.scope, self.receive, self.send)


def _is_document(start: Message) -> bool:
    headers = Headers(raw=list(start["headers"]))
    html = headers.get("content-type", "").partition(";")[0].strip() == "text/html"
    return start["status"] == 200 and html and "content-encoding" not in headers


def _rewritten(body: bytes, preview: Preview) -> bytes:
    """Put it where the title is; a document without one is none of ours."""
    ours = f"<script>\n{SCRIPT}</script>\n<style>\n{STYLE}</style>"
    head = f"{preview.tags()}\n{ours}".encode()
    return TITLE.sub(lambda _: head, body, count=1)
