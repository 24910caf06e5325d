"""Waits for a slider: a grid of Erlang C, and a whole day at 64 staffings or in 1,000 draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import stats

from aipm_metrics.models.queueing import erlang_b, erlang_c, erlang_c_table, mmc_wait_tail
from aipm_metrics.models.retries import retry_points
from aipm_metrics.models.stationary_day import stationary_day
from aipm_metrics.models.timeout_day import timeout_day
from benchmarks.rounds import compare

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats

ROUNDS = 15
LOADS, MOST = np.linspace(0.5, 250, 400), 256
SERVERS = np.arange(1.0, MOST + 1)
BINS, STAFFINGS, DRAWS = 288, np.arange(1, 65)[:, None], 1_000
FEW = 4  # rows of the grid, and staffings of the day, of the plain loops


def by_poisson(loads: Floats, servers: Floats) -> Floats:
    """Erlang C by its closed form in Poisson chances, as scipy has them."""
    log = stats.poisson.logpmf(servers, loads) - stats.poisson.logcdf(servers, loads)
    lost, busy = np.exp(log), loads / servers
    return np.where(busy < 1, lost / np.where(busy < 1, 1 - busy * (1 - lost), 1.0), 1.0)


def by_loop(loads: Floats, most: int) -> list[list[float]]:
    """Erlang C by the recursion in plain Python, one value at a time."""
    grid = []
    for load in loads.tolist():
        lost, row = 1.0, []
        for c in range(1, most + 1):
            lost = load * lost / (c + load * lost)
            row.append(lost / (1 - load / c * (1 - lost)) if load < c else 1.0)
        grid.append(row)
    return grid


def by_bisection(rates: Floats, mu: float, servers: int, share: float) -> float:
    """Quantile of one day's wait, its mixture of tails halved sixty times."""
    weights, low, high = rates / rates.sum(), 0.0, 1e4
    for _ in range(60):
        middle = (low + high) / 2
        over = weights @ mmc_wait_tail(rates, mu, servers, middle)
        low, high = (middle, high) if over > 1 - share else (low, middle)
    return low


def sinusoid(bins: int) -> Floats:
    """Rates of a day: three a second on average, 4.8 at the peak."""
    middle = (np.arange(bins) + 0.5) / bins
    return np.asarray(3 * (1 + 0.6 * np.sin(2 * np.pi * middle)))


def main() -> None:
    """Print every table."""
    # Poisson chances underflow at loads far above the servers, where Erlang C is 1 anyway.
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(
            np.where(LOADS[:, None] < SERVERS, by_poisson(LOADS[:, None], SERVERS), 1.0),
            erlang_c_table(LOADS, MOST), rtol=1e-8,
        )  # fmt: skip
    np.testing.assert_allclose(by_loop(LOADS[:FEW], 256), erlang_c_table(LOADS[:FEW], 256))
    np.testing.assert_array_equal(erlang_c(LOADS[:, None], SERVERS), erlang_c_table(LOADS, MOST))
    grid = np.broadcast_to(LOADS[:, None], (LOADS.size, MOST)).copy()
    compare(
        f"Erlang C for {LOADS.size} loads and {MOST} numbers of servers",
        {
            "erlang_c_table": lambda: erlang_c_table(LOADS, MOST),
            "erlang_c, broadcast": lambda: erlang_c(LOADS[:, None], SERVERS),
            "scipy.stats.poisson": lambda: by_poisson(LOADS[:, None], SERVERS),
            "plain Python loop": lambda: by_loop(LOADS, MOST),
            "limit: one exp per value": lambda: np.exp(-grid),
        },
        ROUNDS,
    )

    rates = sinusoid(BINS)
    day = stationary_day(rates, 0.5, STAFFINGS)
    for c in (10, 14):
        np.testing.assert_allclose(
            day.wait_quantile(0.99)[c - 1], by_bisection(rates, 0.5, c, 0.99), rtol=1e-9
        )
    compare(
        f"The 99th percentile of a day of {BINS} bins at {STAFFINGS.size} staffings",
        {
            "wait, nobody gives up": lambda: stationary_day(
                rates, 0.5, STAFFINGS).wait_quantile(0.99),
            "wait and service": lambda: stationary_day(
                rates, 0.5, STAFFINGS).sojourn_quantile(0.99),
            "the same with a timeout": lambda: timeout_day(
                rates, 0.5, STAFFINGS, 5.0).sojourn_quantile(0.99),
            "retries, work wasted": lambda: retry_points(rates, 0.5, STAFFINGS, 5.0, 3),
            "retries, work cancelled": lambda: retry_points(
                rates, 0.5, STAFFINGS, 5.0, 3, work="cancelled"),
            f"wait by bisection, {FEW} staffings only": lambda: [
                by_bisection(rates, 0.5, c, 0.99) for c in range(10, 10 + FEW)],
            "of which: Erlang B": lambda: erlang_b(rates / 0.5, STAFFINGS),
        },
        ROUNDS,
    )  # fmt: skip

    rng = np.random.default_rng(2026)
    drawn = rng.lognormal(0, 0.2, (DRAWS, 1)) * sinusoid(96)
    speed, patience = rng.lognormal(-0.7, 0.1, (DRAWS, 1)), rng.lognormal(1.5, 0.2, (DRAWS, 1))
    compare(
        f"{DRAWS:,} uncertain draws of a day of 96 bins",
        {
            "wait": lambda: stationary_day(drawn, speed, 12).wait_quantile(0.99),
            "wait and service": lambda: stationary_day(drawn, speed, 12).sojourn_quantile(0.99),
            "the same with a timeout": lambda: timeout_day(
                drawn, speed, 12, patience).sojourn_quantile(0.99),
            "limit: two exps per bin": lambda: np.exp(-drawn) + np.exp(-drawn * speed),
        },
        ROUNDS,
    )  # fmt: skip


if __name__ == "__main__":
    main()
