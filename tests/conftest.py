"""The browser goes last: Playwright keeps an event loop running for as long as it is open."""

from __future__ import annotations

import pytest

# Run by hand, in environments of their own, to freeze other libraries' answers.
collect_ignore_glob = ["oracles/freeze_*.py"]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
