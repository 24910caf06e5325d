"""Open a page through `app.py` and read what it shows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from streamlit.testing.v1 import AppTest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["link_of", "page", "values"]

ROOT = Path(__file__).parents[2]


def page(
    fields: Mapping[str, str | Sequence[str]] | None = None, name: str = "moderation"
) -> AppTest:
    """Open a page through `app.py`, at an address with these fields."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    app.switch_page(str(ROOT / "pages" / f"{name}.py"))
    for field, text in (fields or {}).items():
        app.query_params[field] = text
    app.run()
    assert not app.exception, app.exception
    return app


def values(app: AppTest) -> list[str]:
    """Read the values on the outcome cards."""
    return [metric.value for metric in app.metric]


def link_of(app: AppTest) -> str:
    """Read the canonical link that the page offers to copy."""
    data = app.get("bidi_component")[0].proto.json
    found = re.search(r'"link":\s*"([^"]+)"', data)
    assert found
    return found.group(1)
