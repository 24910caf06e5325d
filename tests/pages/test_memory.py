"""What lives as long as the server is set aside; what is garbage is still found."""

from __future__ import annotations

import gc
import sys
import weakref
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import pytest

from pages._shared import memory
from pages._shared.live.component import KEPT
from tests.browser.conftest import server_process
from tests.visitor import visiting

if TYPE_CHECKING:
    from collections.abc import Iterator

PROC = Path("/proc/self/status")


class Ring:
    """Refers to itself: only the collector can find it."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, int]]:
    with server_process(tmp_path_factory.mktemp("server") / "log.txt") as address_and_pid:
        yield address_and_pid


@pytest.fixture(autouse=True)
def _a_process_that_has_drawn_nothing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(memory, "_modules_set_aside", 0)
    yield
    gc.unfreeze()


def test_libraries_are_set_aside_once_and_again_when_more_are_loaded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gc.unfreeze()
    assert memory.set_aside_libraries()
    assert gc.get_freeze_count() > 10_000
    assert not memory.set_aside_libraries()
    monkeypatch.setitem(sys.modules, "loaded_by_a_later_page", ModuleType("loaded_by_a_later_page"))
    assert memory.set_aside_libraries()
    assert not memory.set_aside_libraries()


def test_garbage_is_collected_before_anything_is_set_aside() -> None:
    dead = weakref.ref(Ring())
    memory.set_aside_libraries()
    assert dead() is None


def test_python_still_collects_later_garbage_by_itself() -> None:
    memory.set_aside_libraries()
    assert gc.isenabled()
    dead = weakref.ref(Ring())
    kept = [[i] for i in range(100_000)]
    assert dead() is None
    assert len(kept) == 100_000


def resident(pid: int) -> float:
    """Memory that a process holds, MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


@pytest.mark.skipif(not PROC.exists(), reason="reads the memory of a process from /proc")
def test_reruns_do_not_fill_the_memory_of_a_server(server: tuple[str, int]) -> None:
    """Without collection 40 reruns keep about 45 MB; with everything set aside each time, 12."""
    address, pid = server
    with visiting(address, "moderation") as visitor:
        shown = set()
        for i in range(KEPT + 56):
            if i == KEPT + 16:  # as many views as are ever kept
                before = resident(pid)
            visitor.set_number("moderation.auc", 0.75 + 0.001 * i)
            shown.add(tuple(visitor.cards))
        grown = resident(pid) - before
    assert len(shown) > 100, "the reruns changed nothing"
    assert grown < 8


def test_no_message_is_replaced_by_its_name(server: tuple[str, int]) -> None:
    """A browser that dropped the message in a fast drag would lose its session."""
    with visiting(server[0], "moderation") as visitor:
        assert visitor.largest > 10_000, "too small to be replaced by Streamlit as shipped"
        assert visitor.replaceable == []
