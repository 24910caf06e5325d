"""The middleware that names a page in its served HTML: Streamlit's own files stand behind it."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, StreamingResponse
from streamlit.web.server.starlette.starlette_app import create_streamlit_middleware
from streamlit.web.server.starlette.starlette_static_routes import (
    create_streamlit_static_assets_routes,
)

from aipm_metrics.scenarios import SCENARIOS
from pages._shared import served_shell
from pages._shared.previews import HOME, PREVIEWS, Preview
from pages._shared.served_shell import ServedShell
from tests.asgi_calls import Answer, call

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

STREAMLIT = Starlette(
    routes=create_streamlit_static_assets_routes(None), middleware=create_streamlit_middleware()
)


def asked(target: str, behind: ASGIApp = STREAMLIT, **more: Any) -> Answer:
    more["headers"] = [(k.encode(), v.encode()) for k, v in more.get("headers", {}).items()]
    return call(target, through=ServedShell, behind=behind, **more)


class _Head(HTMLParser):
    """What a reader of Open Graph sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.told: dict[str, str] = {}
        self.titles: list[str] = []
        self.lang, self._in_title = "", False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {k: v or "" for k, v in attrs}
        self._in_title = tag == "title"
        if tag == "html":
            self.lang = found.get("lang", "")
        if tag == "meta" and (name := found.get("name") or found.get("property")):
            assert name not in self.told
            self.told[name] = found["content"]

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.titles.append(data)
            self._in_title = False


@pytest.mark.parametrize("page", ["", *(s.page for s in SCENARIOS)])
def test_every_page_unfurls_to_its_title_and_its_line(page: str) -> None:
    answer = asked(f"/{page}")
    head = _Head(answer.body.decode())
    title, line = PREVIEWS[page].title, PREVIEWS[page].line
    assert answer.status == 200
    assert head.titles == [title]
    assert head.told["og:title"] == title
    assert head.told["og:description"] == head.told["description"] == line
    assert head.told["og:type"] == "website"
    assert head.told["og:site_name"] == "aipm-metrics"
    assert head.told["twitter:card"] == "summary"
    assert "og:url" not in head.told  # it would lead to the defaults
    assert head.lang == "en"
    assert b'<div id="root"></div>' in answer.body
    assert answer.headers["content-length"] == str(len(answer.body))


def test_a_question_is_told_by_its_scenario_and_home_by_its_own_words() -> None:
    for scenario in SCENARIOS:
        preview = PREVIEWS[scenario.page]
        assert preview.title == f"{scenario.title}: {scenario.question}"
        assert preview.line == scenario.line
    assert PREVIEWS[""] == HOME


def test_the_history_script_comes_before_streamlits_own() -> None:
    """It must have wrapped the history before anybody else takes hold of it."""
    html = asked("/moderation").body.decode()
    script = Path(served_shell.__file__).with_name("one_entry.js").read_text()
    assert html.count(script) == 1
    assert html.index(script) < html.index('<script type="module"')
    assert "</script" not in script


def test_nothing_from_the_address_is_said() -> None:
    said = '/moderation?v=1&moderation.auc="><script>alert(1)</script>&og:title=mine'
    evil = {"host": "evil.example", "x-forwarded-host": "evil.example"}
    assert asked(said, headers=evil).body == asked("/moderation").body


def test_words_are_escaped() -> None:
    hostile = Preview("</title><script>\"'&", '"><img src=x>')
    head = _Head(hostile.tags())
    assert hostile.tags().count("<") == 1 + 1 + 6  # title, its end, and six tags
    assert head.titles == [hostile.title]
    assert head.told["og:title"] == hostile.title
    assert head.told["description"] == hostile.line


def test_a_question_about_the_head_alone_has_the_same_headers_and_no_body() -> None:
    whole, head = asked("/moderation"), asked("/moderation", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert head.headers == whole.headers


def test_a_known_document_is_not_sent_twice_and_another_one_is() -> None:
    first = asked("/moderation")
    tag = first.headers["etag"]
    for known in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = asked("/moderation", headers={"if-none-match": known})
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == tag
        assert "content-length" not in again.headers
        assert again.headers["cache-control"] == "no-cache"
    assert asked("/", headers={"if-none-match": tag}).status == 200
    assert asked("/moderation", method="HEAD", headers={"if-none-match": tag}).status == 304


def test_what_is_true_of_the_file_is_not_said_of_the_document() -> None:
    """Else a browser that knew the plain file, or a part of it, would never see the new one."""
    of_the_file = call("/", through=lambda app: app, behind=STREAMLIT).headers
    asks = {
        "if-none-match": of_the_file["etag"],
        "if-modified-since": of_the_file["last-modified"],
        "range": "bytes=0-99",
        "accept-encoding": "gzip",
    }
    answer = asked("/", headers=asks)
    assert (answer.status, answer.body) == (200, asked("/").body)
    told = set(answer.headers)
    assert not told & {"last-modified", "accept-ranges", "content-encoding", "content-range"}
    assert answer.headers["etag"] != of_the_file["etag"]


PIECES = (b"<html><title>Stre", b"amlit</title>", b"<body>x</body></html>")


async def in_pieces(scope: Scope, receive: Receive, send: Send) -> None:
    async def pieces() -> Any:
        for piece in PIECES:
            yield piece

    await StreamingResponse(pieces(), media_type="text/html")(scope, receive, send)


def test_a_document_that_comes_in_pieces_is_rewritten_whole() -> None:
    answer = asked("/", in_pieces)
    assert _Head(answer.body.decode()).titles == [HOME.title]
    assert answer.body.endswith(PIECES[-1])
    assert answer.headers["content-length"] == str(len(answer.body))


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        (404, {"content-type": "text/html"}),
        (200, {"content-type": "text/plain"}),
        (200, {"content-type": "text/html", "content-encoding": "br"}),
        (301, {"location": "/moderation"}),
    ],
)
def test_an_answer_that_is_not_the_shell_passes_piece_by_piece(
    status: int, headers: dict[str, str]
) -> None:
    async def behind(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI
        raw = [(k.encode(), v.encode()) for k, v in headers.items()]
        await send({"type": "http.response.start", "status": status, "headers": raw})
        for i, piece in enumerate(PIECES):
            more = i < len(PIECES) - 1
            await send({"type": "http.response.body", "body": piece, "more_body": more})

    answer = asked("/moderation", behind)
    assert (answer.status, answer.headers) == (status, headers)
    assert [m["body"] for m in answer.messages[1:]] == list(PIECES)
    assert asked("/moderation", behind, method="HEAD").body == b""


@pytest.mark.parametrize(
    "target",
    [
        *("/moderations", "/moderation/", "/moderation/x", "/Moderation", "//moderation", "//"),
        *("/static/moderation", "/_stcore/health", "/media/moderation", "/app/static/moderation"),
        *("/static/js/index.js", "/index.html", "/favicon.png"),
    ],
)
def test_other_paths_pass_as_they_are(target: str) -> None:
    page = HTMLResponse("<title>Streamlit</title>")
    answer = asked(target, page, headers={"range": "bytes=0-1", "accept-encoding": "gzip"})
    assert answer.body == page.body
    assert dict(answer.passed[0]["headers"])[b"range"] == b"bytes=0-1"


@pytest.mark.parametrize("method", ["POST", "PUT", "OPTIONS", "DELETE"])
def test_only_reading_is_rewritten(method: str) -> None:
    page = HTMLResponse("<title>Streamlit</title>")
    assert asked("/moderation", page, method=method).body == page.body


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_other_kinds_of_scope_pass(kind: str) -> None:
    async def silent(scope: Scope, receive: Receive, send: Send) -> None:
        """Answer nothing."""

    answer = asked("/moderation", silent, kind=kind)
    assert [scope["type"] for scope in answer.passed] == [kind]


def test_a_page_below_a_base_path_or_a_mount_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    page = HTMLResponse("<title>Streamlit</title>")
    mounted = asked("/mounted/moderation", page, root_path="/mounted")
    assert b"Moderation: " in mounted.body
    monkeypatch.setattr(st, "get_option", {"server.baseUrlPath": "tools/metrics"}.get)
    for root in ("/tools/metrics", "/tools/metrics/moderation"):
        assert b"og:title" in asked(root, page).body
    assert b"Moderation: " in asked("/tools/metrics/moderation", page).body
    for elsewhere in ("/", "/moderation", "/tools", "/tools/metricsmoderation"):
        assert asked(elsewhere, page).body == page.body


def test_a_server_that_would_send_the_file_itself_is_asked_for_messages() -> None:
    by_file: dict[str, dict[str, str]] = {"http.response.pathsend": {}, "http.response.debug": {}}
    answer = asked("/", extensions=by_file)
    assert set(answer.passed[0]["extensions"]) == {"http.response.debug"}
    assert HOME.title.replace("'", "&#x27;").encode() in answer.body
