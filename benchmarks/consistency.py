"""Verdicts on 10,000 true and 10,000 impossible reports: ours, mlscorecheck's, and the truth."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from time import perf_counter

import numpy as np

from tests.aipm_metrics.models.reports import ours, reports, theirs, why_they_differ

MANY = 10_000


def main() -> None:
    """Print how often each is right, why where they differ, and the time per verdict."""
    for possible in (True, False):
        drawn = list(islice(reports(np.random.default_rng(2026), possible=possible), MANY))
        print(f"\n{MANY:,} reports that {'some' if possible else 'no'} matrix has")
        print(f"{'':14}  right    wrong   ms each")
        verdicts = {}
        for name, verdict in (("ours", ours), ("mlscorecheck", theirs)):
            start = perf_counter()
            verdicts[name] = [verdict(report) for report in drawn]
            took = 1e3 * (perf_counter() - start) / MANY
            right = sum(told is possible for told in verdicts[name])
            print(f"{name:14}  {right:6,}  {MANY - right:6,}  {took:8.2f}")
        differ = [r for r, told in zip(drawn, verdicts["mlscorecheck"], strict=True)
                  if told is not possible]  # fmt: skip
        for why, n in Counter(why_they_differ(r) or "unexplained" for r in differ).items():
            print(f"  of those, {n:,}: {why}")


if __name__ == "__main__":
    main()
