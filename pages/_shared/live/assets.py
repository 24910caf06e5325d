"""The live part's own files, and plotly.js as the installed package ships it, over HTTP.

Every address carries a digest of what it serves, so a browser may keep it for ever.
"""

from __future__ import annotations

import gzip
import hashlib
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
FOR_EVER = "public, max-age=31536000, immutable"


def _version() -> str:
    digest = hashlib.blake2b(digest_size=8)
    for name, text in SCRIPTS.items():
        digest.update(f"{name}\n{text}".encode())
    digest.update(get_plotlyjs().encode())
    return digest.hexdigest()


VERSION = _version()


@cache
def _squeezed(name: str) -> bytes | None:
    """Return a file, gzipped once for everybody; None for a name that is not ours."""
    text = get_plotlyjs() if name == PLOTLY else SCRIPTS.get(name)
    return None if text is None else gzip.compress(text.encode(), 6, mtime=0)


def _serve(request: Request) -> Response:
    name = str(request.path_params["name"])
    body = _squeezed(name) if name == PLOTLY or name in SCRIPTS else None
    if body is None:
        return PlainTextResponse("There is no such file.", 404)
    headers = {
        "Cache-Control": FOR_EVER,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    return Response(body, media_type="text/javascript; charset=utf-8", headers=headers)


ROUTES = [Route("/live/{version}/{name}", _serve)]
