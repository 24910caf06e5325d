"""Counts of scored rows, beside scikit-learn, Polars and a plain scan of the two columns.

Every contestant runs in a process of its own, so that its peak of memory is its own. This
process imports nothing large: a child's peak starts at its parent's.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
POLARS = ROOT / ".venv-peers" / "bin" / "python"
CONTESTANTS = Path(__file__).with_name("rows_contestants.py")

OURS = "score_counts"
EXACT = "score_counts, every score"
SCAN = "limit: a plain scan"
# What is said to be left out, and why, stands in README.md.
TASKS = (
    OURS, EXACT, "score_counts, 2^14 cells", "of which: the first look", "scikit-learn", "Polars",
    SCAN,
)  # fmt: skip
SIZES = {10**5: 3, 10**6: 3, 10**7: 3}  # rows: rounds
LARGE, LARGE_ROUNDS = 10**8, 2
NOT_LARGE = (EXACT, "scikit-learn")


def run(task: str, file: Path, place: str) -> dict[str, float]:
    """Run one contestant once: its seconds, peak MiB, lowest cost and bound."""
    python = str(POLARS) if task == "Polars" else sys.executable
    script = CONTESTANTS.parent / "peers" / "polars_counts.py" if task == "Polars" else CONTESTANTS
    done = subprocess.run(
        [python, "-W", "ignore", str(script), task, str(file), place],
        check=False, capture_output=True, text=True, cwd=ROOT, env={"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if done.returncode:
        return {"failed": 1}
    found: dict[str, float] = json.loads(done.stdout)
    return found


def check(name: str, found: dict[str, float], exact: float, cost_of_a_class: float) -> None:
    """Stop unless a contestant's lowest cost is that of every score, up to its bound."""
    off = found["cost"] - exact
    if not -1e-9 <= off / exact <= found["bound"] * cost_of_a_class / exact + 1e-9:
        raise SystemExit(f"{name} found {found['cost']}, and every score says {exact}")


def table(file: Path, place: str, rounds: int, tasks: tuple[str, ...]) -> None:
    """Run the tasks in turn, in an order that turns round, and print their medians."""
    seen: dict[str, list[dict[str, float]]] = {task: [] for task in tasks}
    for i in range(rounds):
        for task in tasks if i % 2 else tasks[::-1]:
            seen[task].append(run(task, file, place))
    costs = {t: s[0]["cost"] for t, s in seen.items() if "cost" in s[0]}
    true = costs.get("Polars", costs.get("scikit-learn", costs.get(EXACT, costs[OURS])))
    print(
        f"{'':28}  {'median s':>9}  {'ratio':>6}  {'to scan':>7}  "
        f"{'CPU s':>6}  {'peak MiB':>8}  bound"
    )
    middle = {t: median(r["seconds"] for r in s) for t, s in seen.items() if "seconds" in s[0]}
    for task, results in seen.items():
        if task not in middle:
            print(f"{task:28}  ran out of memory or is not installed")
            continue
        if "cost" in results[0]:
            check(task, results[0], true, results[0]["rows"])
        bound = f"{results[0]['bound']:.1e}" if "bound" in results[0] else ""
        print(
            f"{task:28}  {middle[task]:9.3f}  {middle[task] / middle[OURS]:6.2f}  "
            f"{middle[task] / middle[SCAN]:7.1f}  {median(r['cpu'] for r in results):6.2f}  "
            f"{max(r['peak'] for r in results):8.0f}  {bound}",
            flush=True,
        )


def main() -> None:
    """Write the files, print every table, remove the files."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skip-large", action="store_true", help="leave out 100 million rows")
    large = not parser.parse_args().skip_large
    with tempfile.TemporaryDirectory() as folder:
        for n, rounds in {**SIZES, **({LARGE: LARGE_ROUNDS} if large else {})}.items():
            file = Path(folder) / f"{n}.parquet"
            run("write", file, str(n))
            for place in ("memory", "Parquet") if n < LARGE else ("Parquet",):
                print(f"\n{n:,} rows in {place} ({rounds} rounds)")
                tasks = tuple(t for t in TASKS if n < LARGE or t not in NOT_LARGE)
                table(file, place, rounds, tasks)


if __name__ == "__main__":
    main()
