"""The live part's own files, and plotly.js as the installed package ships it, over HTTP.

Every address carries a digest of what it serves, so a browser may keep it for ever.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from plotly.offline import get_plotlyjs
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

__all__ = ["ROUTES", "SCRIPTS", "VERSION"]

HERE = Path(__file__).parent
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(HERE.glob("*.js"))}
PLOTLY = "plotly.min.js"
GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?(\s*,|\s*$))")  # wanted, not refused
FOR_EVER = "public, max-age=31536000, immutable"


def _version() -> str:
    digest = hashlib.blake2b(digest_size=8)
    for name, text in SCRIPTS.items():
        digest.update(f"{name}\n{text}".encode())
    digest.update(get_plotlyjs().encode())
    return digest.hexdigest()


VERSION = _version()


@cache
def _squeezed(name: str) -> bytes:
    """Return one of our files, gzipped once for everybody."""
    text = get_plotlyjs() if name == PLOTLY else SCRIPTS[name]
    return gzip.compress(text.encode(), 6, mtime=0)


def _serve(request: Request) -> Response:
    name = str(request.path_params["name"])
    known = name == PLOTLY or name in SCRIPTS
    # A page drawn before a deployment may ask for what it was drawn with: it must not get, and
    # keep for ever under the old address, anything newer.
    if request.path_params["version"] != VERSION or not known:
        return PlainTextResponse("There is no such file. Reload the page.", 404)
    body = _squeezed(name)
    headers = {
        "Cache-Control": FOR_EVER,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if GZIP.search(request.headers.get("accept-encoding", "")):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type="text/javascript; charset=utf-8", headers=headers)


ROUTES = [Route("/live/{version}/{name}", _serve)]
