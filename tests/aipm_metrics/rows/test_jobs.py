"""Work beside the page: what comes of it, that it stops when asked, that so many go at once."""

from __future__ import annotations

import errno
import gc
import threading
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.errors import MetricsError, RowsError
from aipm_metrics.rows.jobs import BROKEN, DISK_FULL, Cancelled, Job, Line

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.rows.jobs import Watch

LONG = 20  # s; far more than any of these takes, and never waited for


def until_told(go: threading.Event) -> Callable[[Watch], str]:
    """A work that goes on until it is told to end, one step after another."""

    def work(watch: Watch) -> str:
        while not go.wait(0.01):
            watch("waiting", 0.5)
        return "done"

    return work


def test_a_result_and_a_refusal() -> None:
    def add(watch: Watch) -> int:
        watch("adding", 0.5)
        return 5

    job = Job(add)
    assert job.wait(LONG)
    assert (job.state, job.result, job.step, job.done) == ("done", 5, "adding", 0.5)

    def refuse(_: Watch) -> int:
        raise RowsError("There is no such column.")

    refused = Job(refuse)
    assert refused.wait(LONG)
    assert (refused.state, refused.refusal) == ("refused", "There is no such column.")
    with pytest.raises(MetricsError, match="no such column"):
        _ = refused.result


@pytest.mark.parametrize(
    ("error", "said"),
    [(OSError(errno.ENOSPC, "No space left on device", "/tmp/x"), DISK_FULL), (KeyError(), BROKEN)],
)
def test_what_breaks_is_said_and_quotes_nothing(error: Exception, said: str) -> None:
    def work(_: Watch) -> None:
        raise error

    job = Job(work)
    assert job.wait(LONG)
    assert (job.state, job.refusal) == ("refused", said)


def test_cancelled_at_once_and_what_it_finds_is_thrown_away() -> None:
    go = threading.Event()
    job: Job[str] = Job(until_told(go))
    job.cancel()
    assert job.state == "cancelled"
    assert job.wait(LONG)
    assert job.state == "cancelled"
    with pytest.raises(MetricsError):
        _ = job.result


def test_a_step_under_way_is_interrupted() -> None:
    stop, there = threading.Event(), threading.Event()

    def work(watch: Watch) -> None:
        watch.on_cancel(stop.set)
        there.set()
        assert stop.wait(LONG)
        raise RuntimeError("interrupted")

    job = Job(work)
    assert there.wait(LONG)
    job.cancel()
    assert job.wait(LONG)
    assert (job.state, job.refusal) == ("cancelled", "")


def test_what_refuses_to_be_interrupted_is_left_alone() -> None:
    def closed() -> None:
        raise RuntimeError("already closed")

    job = Job(lambda watch: watch.on_cancel(closed))
    assert job.wait(LONG)
    job.cancel()
    assert job.state == "done"


def test_so_many_at_once_and_the_rest_in_line() -> None:
    line, go = Line(at_once=1), threading.Event()
    first: Job[str] = Job(until_told(go), line)
    while first.state == "waiting":
        first.wait(0.01)
    second, third = Job(lambda _: 2, line), Job(lambda _: 3, line)
    while third.ahead < 2:
        third.wait(0.01)
    assert (second.state, second.ahead, third.state, third.ahead) == ("waiting", 1, "waiting", 2)
    second.cancel()
    assert second.wait(LONG)
    assert third.ahead == 1
    go.set()
    assert third.wait(LONG)
    assert (first.result, third.result, third.ahead) == ("done", 3, 0)


def test_the_line_moves_on_when_a_work_breaks() -> None:
    line = Line(at_once=1)
    for _ in range(3):
        job = Job(lambda _: 1 / 0, line)
        assert job.wait(LONG)
    after = Job(lambda _: "next", line)
    assert after.wait(LONG)
    assert after.result == "next"


def test_a_job_nobody_holds_is_told_to_stop() -> None:
    """A session that is gone must not keep others waiting."""
    stopped = threading.Event()

    def work(watch: Watch) -> None:
        try:
            while True:
                watch("waiting", 0.0)
        except Cancelled:
            stopped.set()
            raise

    job = Job(work, Line())
    assert job.state in {"waiting", "running"}
    del job
    gc.collect()
    assert stopped.wait(LONG)
