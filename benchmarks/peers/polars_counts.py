"""Polars as a contestant of `benchmarks.rows`: counts at every score, and the cost at each."""

from __future__ import annotations

import json
import resource
import sys
import time

import polars as pl


def main() -> None:
    """Print seconds, peak of memory in MiB and the lowest cost, as JSON."""
    _, file, place = sys.argv[1:]
    pl.DataFrame({"score": [0.5, 0.1], "label": [1, 0]}).lazy().group_by("score").agg(
        pl.len()
    ).collect(engine="streaming")  # so that no first call is timed
    held = pl.read_parquet(file).lazy() if place == "memory" else None
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    rows = pl.scan_parquet(file) if held is None else held
    counted = (
        rows.group_by("score")
        .agg(n=pl.len(), p=pl.col("label").cast(pl.Int64).sum())
        .sort("score", descending=True)
        .with_columns(tp=pl.col("p").cum_sum(), flagged=pl.col("n").cast(pl.Int64).cum_sum())
        .collect(engine="streaming")
    )
    tp, fp = counted["tp"].to_numpy(), (counted["flagged"] - counted["tp"]).to_numpy()
    cost = float((40.0 * (tp[-1] - tp) + 1.0 * fp).min())
    seconds = time.perf_counter() - start
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime - before.ru_utime + used.ru_stime - before.ru_stime
    found = {"seconds": seconds, "cpu": cpu, "cost": cost, "bound": 0, "rows": 0}
    print(json.dumps({**found, "peak": used.ru_maxrss / 1024}))


if __name__ == "__main__":
    main()
