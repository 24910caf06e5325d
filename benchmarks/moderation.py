"""One whole answer on the simulated model, beside a look along a grid and a local search."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import logit, ndtr, ndtri

from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.moderation_chain import axis_of, costs_of
from benchmarks.rounds import compare
from tests.aipm_metrics.scenario_draws import draw_values

ROUNDS = 60
RANDOM = 40
GRID = np.arange(1, 100) / 100


def cost_at(s: ModerationScenario, threshold: np.ndarray | float) -> np.ndarray:
    """Cost of thresholds in nothing but numpy, for the calibrated model."""
    d = np.sqrt(2) * ndtri(s.auc)
    cutoff = (logit(threshold) - logit(s.prevalence)) / d + d / 2
    positives = s.items_per_month * s.prevalence
    negatives = s.items_per_month - positives
    fn, fp = positives * ndtr(cutoff - d), negatives * ndtr(-cutoff)
    stays = (1 - s.leave_after_wrongful * fp / negatives) ** s.items_per_author
    views = s.views_per_missed * s.leave_after_harm * s.value_per_viewer
    desk = fp * s.appeal_share * s.minutes_per_appeal
    desk = desk + fn * s.reports_per_missed * s.minutes_per_report
    return np.asarray(
        fn * (s.harm_per_missed + views)
        + negatives / s.items_per_author * (1 - stays) * s.value_per_author
        + desk / 60 * s.reviewer_wage
    )


def local_search(s: ModerationScenario) -> float:
    """Lowest cost found by a bounded search over the log odds of the threshold."""
    found = minimize_scalar(
        lambda place: float(cost_at(s, 1 / (1 + np.exp(-place)))), bounds=(-13.8, 13.8)
    )
    return float(found.fun)


def overpaid(scenarios: list[ModerationScenario]) -> None:
    """Print how many times the least the grid and the local search pay."""
    print(f"\nPaid, as a multiple of the lowest cost, over {len(scenarios)} random scenarios")
    print(f"{'':14}  median    9 in 10        most")
    best = [moderate(s).lowest_cost.cost for s in scenarios]
    for name, costs in (
        ("0.01 grid", [float(cost_at(s, GRID).min()) for s in scenarios]),
        ("local search", [local_search(s) for s in scenarios]),
    ):
        times = [c / b for c, b in zip(costs, best, strict=True) if b > 0]
        assert min(times) > 1 - 1e-9, "somebody found a cheaper threshold"
        mid, most, top = np.quantile(times, [0.5, 0.9, 1])
        print(f"{name:14}  {mid:6.2f} {most:10,.2f} {top:11,.0f}")


def main() -> None:
    """Print every table."""
    s = ModerationScenario()
    axis, (money, _) = axis_of(s, None), costs_of(s)
    np.testing.assert_allclose(cost_at(s, GRID), money(axis.rates(GRID)), rtol=1e-9)
    compare(
        "The default scenario",
        {
            "moderate(): the whole answer": lambda: moderate(s),
            "of which: one exact search": lambda: axis.cheapest(money),
            "numpy cost on the 0.01 grid": lambda: cost_at(s, GRID).min(),
            "scipy minimize_scalar, bounded": lambda: local_search(s),
        },
        ROUNDS,
    )
    rng = np.random.default_rng(1)
    drawn = [
        ModerationScenario.model_validate(
            {**draw_values(rng), "calibration": "today's mix", "temperature": 1.0}
        )
        for _ in range(RANDOM)
    ]
    drawn = [d.model_copy(update={"auc": max(d.auc, 0.55)}) for d in drawn]
    compare(
        f"{RANDOM} random scenarios in a row",
        {
            "moderate(): the whole answer": lambda: [moderate(d) for d in drawn],
            "numpy cost on the 0.01 grid": lambda: [cost_at(d, GRID).min() for d in drawn],
            "scipy minimize_scalar, bounded": lambda: [local_search(d) for d in drawn],
        },
        9,
    )
    overpaid(drawn)


if __name__ == "__main__":
    main()
