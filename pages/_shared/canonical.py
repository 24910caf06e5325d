"""Complete an old or versionless address before Streamlit sees it.

Streamlit fills what an address leaves out with today's defaults. A link of an older version
must keep its own, so such an address is redirected to one that says everything; and one
without a version gets one, so that the script need not push it into the history. For the same
reason an address of a comparison that does not name both sides is sent on to one that does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

from aipm_metrics.comparisons.links import PAGE, complete_compare_query
from aipm_metrics.links import complete_query
from aipm_metrics.scenarios import SCENARIOS

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["CanonicalLinks"]


class CanonicalLinks:
    """ASGI middleware; see the module."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Redirect an address that needs completing; pass everything else on."""
        completed = _completed(scope)
        if completed is None:
            await self.app(scope, receive, send)
        else:
            await RedirectResponse(completed, status_code=307)(scope, receive, send)


def _completed(scope: Scope) -> str | None:
    if scope["type"] != "http" or scope["method"] != "GET":
        return None
    page = str(scope["path"]).rpartition("/")[2]  # Streamlit itself sends "/page/" to "/page"
    asked = scope["query_string"].decode("latin-1")
    query = complete_compare_query(asked) if page == PAGE else None
    for scenario in SCENARIOS:
        if scenario.page == page:
            query = complete_query(scenario, asked)
    return None if query is None else f"{page}?{query}"
