"""Time several tasks in alternating rounds, so that a noisy machine is noisy for all of them."""

from __future__ import annotations

import gc
from statistics import median
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["compare", "time_rounds"]


def time_rounds(tasks: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    """Run every task once per round, in an order that turns round; return seconds per run.

    One round is run first and thrown away. Garbage is collected between runs, not within them.
    """
    seconds: dict[str, list[float]] = {name: [] for name in tasks}
    for i in range(rounds + 1):
        names = list(tasks) if i % 2 else list(tasks)[::-1]
        for name in names:
            gc.collect()
            gc.disable()
            start = perf_counter()
            tasks[name]()
            took = perf_counter() - start
            gc.enable()
            if i:
                seconds[name].append(took)
    return seconds


def compare(title: str, tasks: Mapping[str, Callable[[], object]], rounds: int) -> None:
    """Time the tasks and print a table; the first task is the one the others are set against.

    The last two columns are the other task's time over the first one's: the ratio of medians,
    and the middle half of the ratios within each round.
    """
    seconds = time_rounds(tasks, rounds)
    first = next(iter(seconds))
    width = max(map(len, seconds))
    print(f"\n{title} ({rounds} rounds, ms)")
    print(f"{'':{width}}  {'min':>9} {'median':>9} {'max':>9}  {'ratio':>7}  paired, middle half")
    for name, took in seconds.items():
        ratio = median(took) / median(seconds[first])
        paired = sorted(b / a for a, b in zip(seconds[first], took, strict=True))
        low, high = paired[len(paired) // 4], paired[-1 - len(paired) // 4]
        low_ms, mid_ms, high_ms = (1e3 * s for s in (min(took), median(took), max(took)))
        print(
            f"{name:{width}}  {low_ms:9.3f} {mid_ms:9.3f} {high_ms:9.3f}  {ratio:7.2f}  "
            f"{low:.2f} to {high:.2f}"
        )
