"""Newsvendor against published figures, another library, plain sums and its own laws."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.stats import nbinom, poisson

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.demand_laws import LAWS, Demand, demand
from aipm_metrics.models.newsvendor import critical_ratio, expected_cost, optimal_stock

FROZEN = json.loads(
    (Path(__file__).parents[2] / "oracles" / "stockpyl.json").read_text(encoding="utf-8")
)["cases"]
PRICES = {"cost_over": 0.18, "cost_under": 0.70}
SHARES = st.floats(0.01, 0.99)
MEANS = st.floats(2, 2_000)
SPREADS = st.floats(0.05, 1.5)


def law_of(law: str, mean: float, spread: float) -> Demand:
    sd = {"poisson": None, "negative binomial": np.sqrt(mean + (spread * mean) ** 2)}
    return demand(law, mean, sd.get(law, spread * mean))


# --- published ---


def test_snyder_and_shen_2019_example_4_3_normal_demand() -> None:
    told: dict[str, Any] = {"mean": 50, "sd": 8, **PRICES}
    stock = optimal_stock("normal", **told)
    assert stock == pytest.approx(56.60395592743389, rel=1e-12)
    assert expected_cost("normal", stock, **told) == pytest.approx(1.9976051931766445, rel=1e-12)
    assert expected_cost("normal", 60, **told) == pytest.approx(2.156131552870387, rel=1e-12)
    assert expected_cost("normal", 40, **told) == pytest.approx(7.356131552870388, rel=1e-12)


def test_stockpyl_documentation_poisson_demand_of_50() -> None:
    stock = optimal_stock("poisson", mean=50, **PRICES)
    assert stock == 56
    cost = expected_cost("poisson", stock, mean=50, **PRICES)
    assert cost == pytest.approx(1.797235211809178, rel=1e-9)


@pytest.mark.parametrize("told", FROZEN, ids=lambda c: f"{c['law']}-{c['mean']}-{c['cost_over']}")
def test_stockpyl_1_0_2_agrees(told: dict[str, Any]) -> None:
    of = {name: told[name] for name in ("mean", "sd", "cost_over", "cost_under")}
    continuous = told["law"] == "lognormal"  # there stockpyl integrates numerically
    stock = optimal_stock(told["law"], **of)
    assert stock == pytest.approx(told["stock"], rel=1e-6 if continuous else 1e-9)
    found = expected_cost(told["law"], [stock, *told["at"]], **of)
    frozen = [told["cost"], *told["cost_at"]]
    assert found == pytest.approx(frozen, rel=1e-6 if continuous else 1e-8)


def test_a_thousand_give_or_take_two_hundred_by_the_normal_table() -> None:
    of = demand("normal", 1000, 200)
    share = critical_ratio(3.5, 10)
    assert share == pytest.approx(20 / 27)
    assert of.quantile(share) == pytest.approx(1129.1261, abs=5e-5)  # z of 0.740741 is 0.645631
    told: dict[str, Any] = {"mean": 1000, "sd": 200, "cost_over": 3.5, "cost_under": 10}
    best = expected_cost("normal", of.quantile(share), **told)
    assert best == pytest.approx(874.4971, abs=5e-5)  # 13.5 * density of 0.645631 * 200
    # Short by L(z) * 200, L the unit normal loss: L(-.5) .69779, L(0) .39894, L(1) .08332.
    assert of.shortfall([900, 1000, 1200]) == pytest.approx([139.559, 79.788, 16.663], abs=6e-4)
    assert expected_cost("normal", [900, 1000, 1200], **told) == pytest.approx(
        [1534.05, 1077.14, 924.95], abs=6e-3
    )
    assert expected_cost("normal", 1000, **told) - best == pytest.approx(202.647, abs=6e-4)
    better = optimal_stock("normal", **(told | {"sd": 150}))
    saved = best - expected_cost("normal", better, **(told | {"sd": 150}))
    assert saved == pytest.approx(218.624, abs=6e-4)


# --- the long way ---


@pytest.mark.parametrize("stock", [-3.0, 0.0, 0.5, 12.0, 41.3, 80.0, 200.0])
@pytest.mark.parametrize("law", ["poisson", "negative binomial"])
def test_counts_add_up_the_long_way(law: str, stock: float) -> None:
    of, k = law_of(law, 40, 0.4), np.arange(3_000)
    chance = poisson.pmf(k, 40) if law == "poisson" else nbinom.pmf(k, of.successes, of.success)
    assert of.shortfall(stock) == pytest.approx(
        (np.maximum(k - stock, 0) * chance).sum(), rel=1e-9, abs=1e-12
    )
    assert of.enough(stock) == pytest.approx(chance[k <= stock].sum(), rel=1e-9, abs=1e-12)
    assert of.density(k[:100]) == pytest.approx(chance[:100], rel=1e-8, abs=1e-13)


@pytest.mark.parametrize("stock", [1.0, 20.0, 40.0, 95.0])
@pytest.mark.parametrize("law", ["normal", "lognormal"])
def test_densities_integrate_to_the_same(law: str, stock: float) -> None:
    of = law_of(law, 40, 0.4)
    whole, _ = quad(of.density, -300 if law == "normal" else 0, 900, points=[40, 60], limit=200)
    short, _ = quad(lambda x: (x - stock) * of.density(x), stock, stock + 900, limit=200)
    assert whole == pytest.approx(1, rel=1e-8)
    assert of.shortfall(stock) == pytest.approx(short, rel=1e-7, abs=1e-10)


# --- laws ---


@settings(deadline=None)
@given(law=st.sampled_from(LAWS), mean=MEANS, spread=SPREADS, share=SHARES)
def test_a_quantile_is_the_least_stock_that_is_enough(
    law: str, mean: float, spread: float, share: float
) -> None:
    of = law_of(law, mean, spread)
    stock = float(of.quantile(share))
    assert of.enough(stock) >= share - 1e-9
    step = 1.0 if of.counts else 1e-6 * float(of.sd)
    assert of.enough(stock - step) < share + 1e-9


@settings(deadline=None)
@given(law=st.sampled_from(LAWS), mean=MEANS, spread=SPREADS, ratio=st.floats(0.05, 20))
def test_no_other_stock_is_cheaper(law: str, mean: float, spread: float, ratio: float) -> None:
    of = law_of(law, mean, spread)
    best = float(of.quantile(critical_ratio(1, ratio)))
    others = best + float(of.sd) * np.linspace(-3, 3, 41)
    cost = of.surplus(others) + ratio * of.shortfall(others)
    least = of.surplus(best) + ratio * of.shortfall(best)
    assert (cost >= least - 1e-9 * max(float(least), mean)).all()


@settings(deadline=None)
@given(law=st.sampled_from(LAWS), mean=MEANS, spread=SPREADS, share=SHARES)
def test_what_is_short_and_what_is_over_differ_by_stock_less_mean(
    law: str, mean: float, spread: float, share: float
) -> None:
    of = law_of(law, mean, spread)
    stock = of.quantile(share) * 1.1
    assert of.surplus(stock) >= -1e-9 * mean
    assert of.shortfall(stock) >= -1e-9 * mean
    assert of.surplus(stock) - of.shortfall(stock) == pytest.approx(stock - mean, abs=1e-8 * mean)


@settings(deadline=None)
@given(mean=MEANS, spread=SPREADS, size=st.floats(0.1, 50), share=SHARES)
def test_units_do_not_matter(mean: float, spread: float, size: float, share: float) -> None:
    for law in ("normal", "lognormal"):
        one, other = law_of(law, mean, spread), law_of(law, mean * size, spread)
        stock = one.quantile(share)
        assert other.quantile(share) == pytest.approx(stock * size, rel=1e-9, abs=1e-9 * mean)
        assert other.shortfall(stock * size) == pytest.approx(
            one.shortfall(stock) * size, rel=1e-8, abs=1e-12 * mean
        )


def test_limits() -> None:
    assert critical_ratio(1, 0) == 0
    assert critical_ratio(0, 1) == 1
    assert critical_ratio(2, 2) == 0.5
    assert np.isnan(critical_ratio(0, 0))
    for law in LAWS:
        of = law_of(law, 40, 0.2)
        assert of.shortfall(1e6) == pytest.approx(0, abs=1e-9)
        assert of.shortfall(-10.0) == pytest.approx(50, rel=1e-9)
    near = demand("negative binomial", 40, np.sqrt(40 * (1 + 1e-9)))  # hardly more than chance
    assert near.shortfall(45) == pytest.approx(demand("poisson", 40).shortfall(45), rel=1e-5)


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (("weibull", 50, 8), "`law` must be one of normal, lognormal, poisson"),
        (("normal", 0, 8), "`mean` must be above 0 .*; got 0"),
        (("normal", 50, float("nan")), "`sd` must be above 0 .*; got nan"),
        (("lognormal", 50, None), "`sd` must be given for a lognormal law"),
        (("poisson", 50, 8), "`sd` must be the root of the mean"),
        (("negative binomial", 50, 7), "`sd` must be above the root of the mean"),
    ],
)
def test_refusals(told: tuple[str, float, float | None], said: str) -> None:
    with pytest.raises(MetricsError, match=said):
        demand(*told)


def test_a_cost_below_nothing_is_refused() -> None:
    with pytest.raises(MetricsError, match=r"`cost_under` must lie in \[0, 1e\+300\]; got -1"):
        critical_ratio(1, -1)
    with pytest.raises(MetricsError, match="`cost_over`"):
        expected_cost("normal", 50, mean=50, sd=8, cost_over=float("nan"), cost_under=1)


def test_a_base_stock_over_a_lead_time_is_that_of_stockpyls_own_tests() -> None:
    """Poisson demand of 18 a period, a lead time of four: five periods' demand is to be met."""
    costs = {"cost_over": 0.08, "cost_under": 1.25}
    assert optimal_stock("poisson", mean=18 * 5, **costs) == 105
    cost = float(expected_cost("poisson", 105, mean=18 * 5, **costs))
    assert cost == pytest.approx(1.5450188691551778, abs=1e-9)
