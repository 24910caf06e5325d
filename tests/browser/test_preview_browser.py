"""The served HTML of each page, from a real server: what a chat program sees of a pasted link."""

from __future__ import annotations

import gzip
import urllib.request
from html import escape

import pytest
from playwright.sync_api import Page, expect

from pages._shared.previews import PREVIEWS

pytestmark = pytest.mark.browser


def fetched(url: str) -> str:
    asked = urllib.request.Request(url, headers={"Accept-Encoding": "gzip", "Range": "bytes=0-9"})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        body = answer.read()
        assert int(answer.headers["Content-Length"]) == len(body)
        if answer.headers["Content-Encoding"] == "gzip":
            body = gzip.decompress(body)
    return str(body.decode())


def test_a_link_unfurls_before_any_script_has_run(server: str) -> None:
    for page, preview in PREVIEWS.items():
        for query in ("", "?v=1", f"?v=1&{page}.auc=0.9&title=mine"):
            html = fetched(f"{server}/{page}{query}")
            assert f"<title>{escape(preview.title)}</title>" in html
            assert f'property="og:description" content="{escape(preview.line)}"' in html
            assert "mine" not in html
    assert "og:title" not in fetched(f"{server}/favicon.png/none")


def test_the_page_still_opens_and_takes_its_own_title(server: str, page: Page) -> None:
    page.goto(f"{server}/moderation")
    page.get_by_role("heading", level=1).wait_for()
    expect(page).to_have_title("Moderation - aipm-metrics")
    page.reload()  # the browser asks again with the tag it knows
    page.get_by_role("heading", level=1).wait_for()
