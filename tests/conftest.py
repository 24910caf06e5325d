"""The browser goes last: Playwright keeps an event loop running for as long as it is open."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

# Run by hand, in environments of their own, to freeze other libraries' answers.
collect_ignore_glob = ["oracles/freeze_*.py"]


# A gate gives one answer to one tree: examples are drawn the same each time, however slow the
# machine. HYPOTHESIS_PROFILE=default looks for others.
settings.register_profile("gate", derandomize=True, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
