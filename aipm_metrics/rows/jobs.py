"""Long work beside the page: a thread per job, so many at once, the others in line.

The thread knows its work and nothing of the session that asked for it; a session knows the jobs
it holds and no other's. A job that nobody holds any more is told to stop.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import threading
import weakref
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from aipm_metrics.errors import MetricsError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Cancelled", "Job", "Line", "State", "Watch"]

T = TypeVar("T")
State = Literal["waiting", "running", "done", "refused", "cancelled"]

MAX_AT_ONCE = 2  # an engine works with two threads in up to 1 GB: one more would starve the pages
DISK_FULL = "The disk of the server is full, so the rows cannot be laid down to be counted."
BROKEN = (
    "The count stopped because something broke on the server; its log says what. Your rows are "
    "not kept. Count again, or try fewer columns."
)


class Cancelled(Exception):  # noqa: N818 nobody's mistake
    """Somebody asked for the work to stop."""


class Watch:
    """What a work tells, and what it is told; call it before each step.

    Attributes
    ----------
    step : str
        What is being done, as a person would say it.
    done : float, 0 to 1
    """

    def __init__(self) -> None:
        self.step, self.done = "", 0.0
        self._cancelled = threading.Event()
        self._interrupts: list[Callable[[], object]] = []

    def __call__(self, step: str, done: float) -> None:
        """Say what comes next and how much is done.

        Raises
        ------
        Cancelled
            When the work is to stop.
        """
        if self._cancelled.is_set():
            raise Cancelled
        self.step, self.done = step, done

    @property
    def cancelled(self) -> bool:
        """Whether the work is to stop."""
        return self._cancelled.is_set()

    def on_cancel(self, interrupt: Callable[[], object]) -> None:
        """Name what stops a step that is under way; called at once if it is to stop already."""
        self._interrupts.append(interrupt)
        if self._cancelled.is_set():
            self._interrupt()

    def cancel(self) -> None:
        """Ask the work to stop, between its steps and within one that can be interrupted."""
        self._cancelled.set()
        self._interrupt()

    def _interrupt(self) -> None:
        for interrupt in self._interrupts:
            # What is over already, an engine refuses to interrupt; each has an error of its own.
            with contextlib.suppress(Exception):
                interrupt()


class Line:
    """Lets so many works go on at once, first come, first served."""

    def __init__(self, at_once: int = MAX_AT_ONCE) -> None:
        self.at_once = at_once
        self._moved = threading.Condition()
        self._inside = 0
        self._waiting: list[Watch] = []

    def ahead(self, watch: Watch) -> int:
        """How many are to go before this one; 0 once it has gone."""
        with self._moved:
            place = self._waiting.index(watch) if watch in self._waiting else -1
            return place + 1 if place >= 0 else 0

    def enter(self, watch: Watch) -> None:
        """Wait for one's turn.

        Raises
        ------
        Cancelled
            When the wait was given up.
        """
        with self._moved:
            self._waiting.append(watch)
            watch.on_cancel(self._move)
            self._moved.wait_for(
                lambda: (
                    watch.cancelled or (self._inside < self.at_once and self._waiting[0] is watch)
                )
            )
            self._waiting.remove(watch)
            self._moved.notify_all()
            if watch.cancelled:
                raise Cancelled
            self._inside += 1

    def leave(self) -> None:
        """Let the next one go."""
        with self._moved:
            self._inside -= 1
            self._moved.notify_all()

    def _move(self) -> None:
        with self._moved:
            self._moved.notify_all()


EVERYBODY = Line()


class _Outcome(Generic[T]):
    """Where the thread leaves what came of the work; the session reads it."""

    def __init__(self) -> None:
        self.state: State = "waiting"
        self.result: T | None = None
        self.refusal = ""
        self.ended = threading.Event()


class Job(Generic[T]):
    """A work that goes on in a thread of its own while somebody holds the job.

    Parameters
    ----------
    work
        Called with a `Watch`; what it returns is the result, and a `MetricsError` that it
        raises is the refusal.
    line
        By default the one line of the whole process.

    Examples
    --------
    >>> job = Job(lambda watch: 6 * 7)
    >>> job.wait(10), job.state, job.result
    (True, 'done', 42)
    """

    def __init__(self, work: Callable[[Watch], T], line: Line = EVERYBODY) -> None:
        self._watch, self._outcome, self._line = Watch(), _Outcome[T](), line
        weakref.finalize(self, self._watch.cancel).atexit = False
        threading.Thread(
            target=_go, args=(work, self._watch, self._outcome, line), daemon=True,
            name="counting",
        ).start()  # fmt: skip

    @property
    def state(self) -> State:
        """Where it stands; `cancelled` from the moment that was asked for."""
        ended = self._outcome.ended.is_set()
        return "cancelled" if self._watch.cancelled and not ended else self._outcome.state

    @property
    def step(self) -> str:
        """What is being done."""
        return self._watch.step

    @property
    def done(self) -> float:
        """How much is done, 0 to 1."""
        return self._watch.done

    @property
    def ahead(self) -> int:
        """How many counts are to begin before this one does; 0 once it has begun."""
        return self._line.ahead(self._watch)

    @property
    def result(self) -> T:
        """What came of it.

        Raises
        ------
        MetricsError
            The refusal; or that there is no result (yet).
        """
        if self.state != "done":
            raise MetricsError(self._outcome.refusal or f"There is no result: {self.state}.")
        return self._outcome.result  # type: ignore[return-value]  # done: T

    @property
    def refusal(self) -> str:
        """Why there is no result, in a sentence; nothing where there is one."""
        return self._outcome.refusal

    def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long; say whether it has come."""
        return self._outcome.ended.wait(seconds)

    def cancel(self) -> None:
        """Ask it to stop; what it still finds out is thrown away."""
        self._watch.cancel()


def _go(work: Callable[[Watch], T], watch: Watch, outcome: _Outcome[T], line: Line) -> None:
    """Run in the thread. Whatever happens, the outcome says it and the line moves on."""
    try:
        line.enter(watch)
        try:
            outcome.state = "running"
            outcome.result = work(watch)
        finally:
            line.leave()
        outcome.state = "cancelled" if watch.cancelled else "done"
    except Exception as error:
        outcome.state = "cancelled" if watch.cancelled else "refused"
        outcome.refusal = "" if watch.cancelled else _said(error)
    if outcome.state == "cancelled":
        outcome.result = None
    outcome.ended.set()


def _said(error: Exception) -> str:
    if isinstance(error, MetricsError):
        return str(error)
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return DISK_FULL
    logging.getLogger(__name__).error("A count broke", exc_info=error)
    return BROKEN
