"""1,001 thresholds times 1,000 uncertain draws, beside a double loop and beside scipy.stats."""

from __future__ import annotations

import numpy as np
from scipy.special import logit, ndtr
from scipy.stats import norm

from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.moderation_chain import costs_of
from aipm_metrics.scenarios.moderation_uncertainty import (
    cheapest_thresholds,
    cost_bands,
    how_sure,
)
from aipm_metrics.scenarios.uncertainty import drawn
from benchmarks.rounds import compare

ROUNDS = 25
FEW = 20  # draws and thresholds of the double loop, which is timed on a part and scaled up
QUANTILES = [0.05, 0.5, 0.95]


def with_numpy(
    s: ModerationScenario, draws: dict[str, np.ndarray], t: np.ndarray, *, stats: bool
) -> np.ndarray:
    """Bands written down plainly: whole arrays in double precision, then `np.quantile`."""
    v = s.model_copy(update=draws)
    phi = norm.cdf if stats else ndtr
    d = np.sqrt(2) * norm.ppf(v.auc)
    cutoff = d / 2 + (v.temperature * logit(t)[:, None] - logit(v.prevalence)) / d
    fnr, fpr = phi(cutoff - d), phi(-cutoff)
    money, _ = costs_of(v)
    stays = (1 - money.chance * fpr) ** money.exposures
    usd = money.per_miss * fnr + money.per_false * fpr + money.at_stake * (1 - stays)
    return np.asarray(np.quantile(usd, QUANTILES, axis=1, method="inverted_cdf"))


def double_loop(s: ModerationScenario, draws: dict[str, np.ndarray], t: np.ndarray) -> np.ndarray:
    """One cost at a time through the scenario's own `costs`, as a notebook would."""
    found = np.empty((t.size, FEW))
    for j in range(FEW):
        one = {name: values[j] for name, values in draws.items()}
        for i, threshold in enumerate(t):
            found[i, j] = s.model_copy(update={"threshold": float(threshold)}).costs(one)
    return np.quantile(found, QUANTILES, axis=1, method="inverted_cdf")


def main() -> None:
    """Print every table."""
    s = ModerationScenario()
    draws = drawn(s, s.ranges_in_use(with_rows=False), s.seed)
    found = how_sure(moderate(s))
    assert found.sweep is not None
    t = found.sweep.bands.threshold
    some = t[:: t.size // FEW][:FEW]
    few = {name: values[:FEW] for name, values in draws.items()}

    def bands(at: np.ndarray, of: dict[str, np.ndarray], *, double: bool = False) -> np.ndarray:
        b = cost_bands(s, of, at, double=double)
        return np.array([b.low, b.middle, b.high])

    plain = with_numpy(s, draws, t, stats=False)
    np.testing.assert_allclose(with_numpy(s, draws, t, stats=True), plain, rtol=1e-7)
    np.testing.assert_allclose(bands(t, draws, double=True), plain, rtol=1e-7)
    np.testing.assert_allclose(bands(t, draws), plain, rtol=1e-4)
    np.testing.assert_allclose(bands(some, few, double=True), double_loop(s, few, some), rtol=1e-9)
    usd = s.model_copy(update={"threshold": t[:, None]}).costs(draws)
    singles = usd.astype(np.float32)
    exact = cheapest_thresholds(s, draws)[1]
    assert (exact <= usd.min(axis=0) * (1 + 1e-12)).all()
    single = np.abs(bands(t, draws) / plain - 1).max()
    print(f"\nSingle precision: bands off by at most {single:.1e} of themselves.")
    print(f"1,001 thresholds overpay by at most {(usd.min(axis=0) / exact - 1).max():.1e} of the "
          f"best of a draw; 101 by {(usd[::10].min(axis=0) / exact - 1).max():.1e}.")  # fmt: skip

    compare(
        f"Bands at {t.size:,} thresholds over 1,000 draws",
        {
            "cost_bands, single": lambda: bands(t, draws),
            "cost_bands, double": lambda: bands(t, draws, double=True),
            "numpy ndtr + np.quantile": lambda: with_numpy(s, draws, t, stats=False),
            "scipy.stats.norm + np.quantile": lambda: with_numpy(s, draws, t, stats=True),
            "limit: sort that many singles": lambda: np.sort(singles, axis=1),
        },
        ROUNDS,
    )
    compare(
        f"A part of it, {FEW} thresholds over {FEW} draws",
        {
            "cost_bands, single": lambda: bands(some, few),
            "double loop over costs()": lambda: double_loop(s, few, some),
        },
        ROUNDS,
    )
    result = moderate(s)
    compare(
        "The whole section: bands, best of every draw, chance, regret, tornado",
        {
            "how_sure()": lambda: how_sure(result),
            "of which: the best of every draw": lambda: cheapest_thresholds(s, draws),
            "of which: drawing": lambda: drawn(s, s.ranges_in_use(with_rows=False), s.seed),
            "moderate(): the page's own answer": lambda: moderate(s),
        },
        ROUNDS,
    )


if __name__ == "__main__":
    main()
