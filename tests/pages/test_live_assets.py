"""The live part's files over HTTP: ours and plotly.js, under an address that never changes."""

from __future__ import annotations

import gzip
from pathlib import Path
from urllib.parse import unquote

import pytest
from plotly.offline import get_plotlyjs
from starlette.routing import Router

from pages._shared.live import assets
from tests.asgi_calls import Answer, call

HERE = Path(assets.__file__).parent
OURS = sorted(path.name for path in HERE.glob("*.js"))
GZIP = (b"accept-encoding", b"br, gzip, deflate")


def asked(name: str, *headers: tuple[bytes, bytes], method: str = "GET") -> Answer:
    """Ask the routes for a file, at the address the page uses."""
    router = Router(assets.ROUTES)
    target = f"/live/{assets.VERSION}/{name}"
    # A server hands on the path with its escapes undone.
    return call(
        target, path=unquote(target), through=lambda _: router, method=method,
        headers=list(headers),
    )  # fmt: skip


def text_of(name: str) -> str:
    if name == "plotly.min.js":
        return str(get_plotlyjs())
    return (HERE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [*OURS, "plotly.min.js"])
def test_a_file_comes_squeezed_or_plain_and_may_be_kept_for_ever(name: str) -> None:
    squeezed, plain = asked(name, GZIP), asked(name)
    for answer in (squeezed, plain):
        assert answer.status == 200
        assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["vary"] == "Accept-Encoding"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert int(answer.headers["content-length"]) == len(answer.body)
    assert squeezed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.body.decode() == text_of(name)
    assert gzip.decompress(squeezed.body) == plain.body


def test_every_import_of_a_module_is_served() -> None:
    """A module that is missing would leave the page empty."""
    assert "live.js" in OURS
    for name in OURS:
        for line in text_of(name).splitlines():
            if line.startswith(("import", "} from")) and "./" in line:
                wanted = line.partition('"./')[2].partition('"')[0]
                assert asked(wanted).status == 200, f"{name} imports {wanted}"


@pytest.mark.parametrize(
    "name",
    [
        "other.js", "LIVE.JS", "live.js.map", "live.css", "view.py", "__init__.py", "",
        "./live.js", "../live/live.js", "../assets.py", "..%2fview.py",
        "%2e%2e/%2e%2e/app.py", "/etc/passwd", "live.js%00", "live.js\\", "live.js;.css",
        "plotly.min.js/../live.js", "\uff4cive.js",
    ],
)  # fmt: skip
def test_no_other_file_and_no_way_around_is_served(name: str) -> None:
    for answer in (asked(name), asked(name, GZIP)):
        assert answer.status == 404
        assert "immutable" not in answer.headers.get("cache-control", "")
        assert answer.headers["content-type"].startswith("text/plain")


def test_a_file_that_is_not_there_is_told_in_a_sentence() -> None:
    assert asked("other.js").body == b"There is no such file. Reload the page."


def test_a_page_drawn_before_a_deployment_gets_nothing_newer() -> None:
    old = call("/live/0123456789abcdef/live.js", through=lambda _: Router(assets.ROUTES))
    assert old.status == 404
    assert "cache-control" not in old.headers


@pytest.mark.parametrize(
    ("said", "squeezed"),
    [
        (b"gzip", True), (b"br, gzip;q=0.5", True), (b"gzip;q=0", False),
        (b"gzip; q=0.0, br", False),
        (b"identity", False),
        (b"xgzipx", False),
    ],
)  # fmt: skip
def test_a_reader_gets_gzip_only_where_it_is_wanted(said: bytes, *, squeezed: bool) -> None:
    answer = asked("live.js", (b"accept-encoding", said))
    assert ("content-encoding" in answer.headers) is squeezed


def test_files_can_be_read_only() -> None:
    assert asked("live.js", method="HEAD").status == 200
    for method in ("POST", "PUT", "DELETE"):
        assert asked("live.js", method=method).status == 405


def test_the_address_changes_with_what_it_serves(monkeypatch: pytest.MonkeyPatch) -> None:
    assert assets._version() == assets.VERSION
    for name in OURS:
        changed = {**assets.SCRIPTS, name: assets.SCRIPTS[name] + " "}
        monkeypatch.setattr(assets, "SCRIPTS", changed)
        assert assets._version() != assets.VERSION
        monkeypatch.undo()
    monkeypatch.setattr(assets, "get_plotlyjs", lambda: "another release")
    assert assets._version() != assets.VERSION
