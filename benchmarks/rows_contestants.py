"""One contestant of `benchmarks.rows`, in a process of its own: print what it took, as JSON."""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aipm_metrics.models.empirical import Empirical

PER_MISS, PER_FALSE = 40.0, 1.0
CHUNK = 2_000_000
# As in `aipm_metrics.rows.engine`.
SETTINGS: dict[str, Any] = {"memory_limit": "1GB", "threads": 2, "temp_directory": ""}


def write(file: str, n: int) -> None:
    """Write scores of a model that looks for one harm in 500, in single precision."""
    rng = np.random.default_rng(2026)
    schema = pa.schema([("score", pa.float32()), ("label", pa.int8())])
    with pq.ParquetWriter(file, schema, use_dictionary=["label"]) as writer:
        for start in range(0, n, CHUNK):
            size = min(CHUNK, n - start)
            y = (rng.random(size) < 0.002).astype(np.int8)
            s = 1 / (1 + np.exp(5 - rng.standard_normal(size) * 1.2 - 2.5 * y))
            chunk = pa.table([pa.array(s.astype(np.float32)), pa.array(y)], schema=schema)
            writer.write_table(chunk, row_group_size=500_000)


def lowest(tp: NDArray[Any], fp: NDArray[Any], positives: int) -> float:
    """Cost at every threshold, and the lowest of them."""
    return float((PER_MISS * (positives - tp) + PER_FALSE * fp).min())


class Clock:
    """Seconds on the wall, and of all threads together."""

    def __init__(self) -> None:
        self.wall, self.cpu = time.perf_counter(), self._used()

    def read(self) -> dict[str, float]:
        """Both since the start."""
        return {"seconds": time.perf_counter() - self.wall, "cpu": self._used() - self.cpu}

    @staticmethod
    def _used() -> float:
        used = resource.getrusage(resource.RUSAGE_SELF)
        return used.ru_utime + used.ru_stime


def by_scikit_learn(columns: Callable[[], pa.Table]) -> dict[str, float]:
    """Compute both curves, then the cost at every threshold."""
    from sklearn.metrics import precision_recall_curve, roc_curve

    clock = Clock()
    held = columns()
    score, label = held["score"].to_numpy(), held["label"].to_numpy()
    fpr, tpr, _ = roc_curve(label, score, drop_intermediate=False)
    precision_recall_curve(label, score)
    positives = int(label.sum())
    cost = lowest(tpr * positives, fpr * (label.size - positives), positives)
    return {**clock.read(), "cost": cost, "bound": 0}


def by_us(task: str, table: Callable[[], Any]) -> dict[str, float]:
    """Count, and compute the cost at every threshold; or take the first look only."""
    from aipm_metrics.rows.counts import MAX_DISTINCT, score_counts
    from aipm_metrics.rows.looking import first_look
    from aipm_metrics.rows.scored import scored

    clock = Clock()
    if task == "of which: the first look":
        first_look(scored(table(), "score", "label", None, 1))
        return {**clock.read()}
    most = {"score_counts, every score": 10**8, "score_counts, 2^14 cells": 2**14}
    found = score_counts(table(), "score", "label", None, most.get(task, MAX_DISTINCT))
    rows: Empirical = found.to_empirical()
    cost = lowest(rows.tp, rows.fp, rows.positives)
    return {**clock.read(), "cost": cost, "bound": found.max_error}


def scan(connection: Any, rows: str) -> dict[str, float]:
    """Read both columns and add them up."""
    clock = Clock()
    connection.execute(f"SELECT sum(score), sum(label) FROM {rows}").fetchall()
    return {**clock.read()}


def measured(task: str, file: str, place: str) -> dict[str, float]:
    """Run a task on a file, or on its columns in memory."""
    held = pq.read_table(file) if place == "memory" else None
    if task == "scikit-learn":
        return by_scikit_learn(lambda: pq.read_table(file) if held is None else held)
    import duckdb
    import ibis

    connection = duckdb.connect(config=SETTINGS)
    backend = ibis.duckdb.from_connection(connection)
    ibis.set_backend(backend)
    if task.startswith("limit"):
        connection.register("held", held) if held is not None else None
        return scan(connection, "held" if held is not None else f"read_parquet('{file}')")
    return by_us(task, lambda: backend.read_parquet(file) if held is None else ibis.memtable(held))


def main() -> None:
    """Print seconds, peak of memory in MiB, lowest cost, bound and rows."""
    task, file, place = sys.argv[1:]
    if task == "write":
        write(file, int(place))
        found: dict[str, float] = {}
    else:
        with tempfile.TemporaryDirectory() as folder:  # so that no first call is timed
            small = f"{folder}/small.parquet"
            write(small, 2000)
            measured(task, small, place)
        found = measured(task, file, place)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**found, "peak": peak, "rows": PER_MISS * 10**9}))


if __name__ == "__main__":
    main()
