"""Bands over the draws: beside a naive double loop, and laws of quantiles and ranges."""

from typing import Any

import numpy as np
import pytest
from scipy.special import expit, ndtr

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.cost_bands import Bands, bands_of_rates, bands_of_score
from aipm_metrics.models.draws import spread
from aipm_metrics.models.normal_table import PhiTable
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.reported_score import ReportedScore

RIGHT_TO = 1e-4  # what the module promises of single precision
THRESHOLDS = expit(np.linspace(-13.8, 13.8, 41))


def drawn(rng: np.random.Generator, many: int) -> tuple[dict[str, Any], RateCost]:
    """A score and prices as a question may have them, each uncertain by half."""

    def around(value: float) -> Any:
        return value * rng.uniform(0.5, 1.5, many)

    score = {
        "separation": around(10 ** rng.uniform(-0.5, 0.6)),
        "believed": np.clip(around(10 ** rng.uniform(-5, -0.4)), 1e-5, 0.5),
        "temperature": around(rng.uniform(0.5, 1.5)),
    }
    cost = RateCost(
        per_miss=around(10 ** rng.uniform(0, 8)),
        per_false=around(10 ** rng.uniform(0, 8)),
        at_stake=around(10 ** rng.uniform(0, 10)),
        chance=np.clip(around(10 ** rng.uniform(-3, 0)), 0, 1),
        exposures=np.maximum(around(10 ** rng.uniform(0, 3)), 1),
    )
    return score, cost


def looped(score: dict[str, Any], cost: RateCost, many: int) -> np.ndarray:
    """The same by two loops in double precision, through the models the page uses."""
    prices = np.empty((THRESHOLDS.size, many))
    for s in range(many):
        one = RateCost(**{name: float(np.broadcast_to(getattr(cost, name), many)[s])
                          for name in RateCost.__slots__})  # fmt: skip
        d, believed, heat = (float(score[n][s]) for n in ("separation", "believed", "temperature"))
        model = ReportedScore(Binormal(d), believed, heat)
        for t, threshold in enumerate(THRESHOLDS):
            prices[t, s] = one(model.rates(float(threshold)))
    return np.quantile(prices, [0.05, 0.5, 0.95], axis=1, method="inverted_cdf")


def lines(bands: Bands) -> np.ndarray:
    return np.array([bands.low, bands.middle, bands.high])


@pytest.mark.parametrize("seed", range(6))
def test_both_precisions_agree_with_a_naive_double_loop(seed: int) -> None:
    score, cost = drawn(np.random.default_rng(seed), 60)
    slow = looped(score, cost, 60)
    np.testing.assert_allclose(
        lines(bands_of_score(THRESHOLDS, **score, cost=cost, double=True)), slow, rtol=1e-9
    )
    np.testing.assert_allclose(
        lines(bands_of_score(THRESHOLDS, **score, cost=cost)), slow, rtol=RIGHT_TO
    )


def test_single_precision_keeps_its_promise_on_many_scores_and_prices() -> None:
    rng = np.random.default_rng(9)
    for _ in range(60):
        score, cost = drawn(rng, 200)
        fast = lines(bands_of_score(THRESHOLDS, **score, cost=cost))
        exact = lines(bands_of_score(THRESHOLDS, **score, cost=cost, double=True))
        np.testing.assert_allclose(fast, exact, rtol=RIGHT_TO)


def test_classes_that_nearly_coincide_are_left_to_double_precision() -> None:
    """Their cutoffs are differences of large numbers, which single precision cannot keep."""
    cost = RateCost(per_miss=np.array([1.0, 2.0, 3.0]), per_false=1.0)
    score: dict[str, Any] = {
        "separation": np.full(3, 1e-4),
        "believed": np.full(3, 0.01),
        "temperature": 1.0,
    }
    one = lines(bands_of_score(THRESHOLDS, **score, cost=cost))
    two = lines(bands_of_score(THRESHOLDS, **score, cost=cost, double=True))
    assert (one == two).all()


def test_classes_that_coincide_are_all_flagged_or_none() -> None:
    cost = RateCost(per_miss=np.array([5.0, 5.0]), per_false=np.array([1.0, 1.0]))
    found = bands_of_score(np.array([0.005, 0.02]), np.zeros(2), np.full(2, 0.01), 1.0, cost)
    assert found.middle.tolist() == [1.0, 5.0]


def test_everyone_leaving_at_once_is_a_price_like_any_other() -> None:
    cost = RateCost(per_miss=0.0, per_false=0.0, at_stake=np.array([7.0]), chance=1.0,
                    exposures=1000.0)  # fmt: skip
    rates = Rates(tpr=np.array([1.0, 0.0]), fpr=np.array([1.0, 0.0]))
    assert bands_of_rates(np.array([0.1, 0.9]), rates, cost).middle.tolist() == [7.0, 0.0]


def test_no_more_flags_no_fewer_leave_even_where_hardly_anybody_does() -> None:
    """`log1p` and `expm1` lose nothing at rates that single precision cannot add to 1."""
    cost = RateCost(per_miss=0.0, per_false=0.0, at_stake=np.array([1e7]), chance=0.04,
                    exposures=8.0)  # fmt: skip
    fpr = np.logspace(-30, 0, 300)
    found = bands_of_rates(fpr, Rates(tpr=fpr, fpr=fpr), cost).middle
    np.testing.assert_allclose(found, np.asarray(cost(Rates(tpr=fpr, fpr=fpr))), rtol=RIGHT_TO)
    assert (np.diff(found) > 0).all()


def test_quantiles_rise_and_lie_between_the_cheapest_and_the_dearest_draw() -> None:
    rng = np.random.default_rng(2)
    for _ in range(20):
        score, cost = drawn(rng, 50)
        found = bands_of_score(THRESHOLDS, **score, cost=cost)
        assert (found.low <= found.middle).all()
        assert (found.middle <= found.high).all()


def test_a_wider_range_of_a_price_never_narrows_the_band() -> None:
    """Every quantile moves away from the middle as one price is drawn from a wider range."""
    places = np.random.default_rng(5).random(400) - 0.5
    last = np.zeros(THRESHOLDS.size)
    for width in (0.0, 0.2, 0.7, 1.0):
        cost = RateCost(per_miss=1e6 * (1 + width * places), per_false=1e5)
        found = bands_of_score(THRESHOLDS, 2.0, 0.01, 1.0, cost, double=True)
        assert (found.high - found.low >= last).all()
        last = found.high - found.low
    assert last.max() > 0


@pytest.mark.parametrize("many", [1, 2, 7, 20, 60, 999, 1000])
def test_a_band_is_the_spread_of_the_cost_at_every_threshold(many: int) -> None:
    """Text says the one and the picture draws the other: there is one definition of 90 %."""
    rng = np.random.default_rng(many)
    cost = RateCost(per_miss=rng.random(many) * 1e6, per_false=rng.random(many) * 1e5)
    rates = Rates(tpr=np.array([1.0, 0.8, 0.3]), fpr=np.array([0.9, 0.1, 0.01]))
    found = bands_of_rates(np.array([0.1, 0.2, 0.3]), rates, cost, double=True)
    for t in range(3):
        usd = np.broadcast_to(cost(Rates(tpr=rates.tpr[t], fpr=rates.fpr[t])), (many,))
        told = spread(np.asarray(usd, float)) if many > 1 else None
        low, middle, high = np.quantile(usd, [0.05, 0.5, 0.95], method="inverted_cdf")
        drawn_lines = [found.low[t], found.middle[t], found.high[t]]
        assert drawn_lines == pytest.approx([low, middle, high], rel=1e-12)
        if told is not None:
            assert [told.low, told.middle, told.high] == [low, middle, high]


def test_bands_go_through_a_threshold_that_is_known_better() -> None:
    bands = Bands(np.array([0.1, 0.2, 0.2, 0.3]), *np.zeros((3, 4)))
    told = spread(np.arange(1.0, 101.0))
    between, on = bands.through(0.15, told), bands.through(0.2, told)
    assert between.threshold.tolist() == [0.1, 0.15, 0.2, 0.2, 0.3]
    assert between.low.tolist() == [0, 5, 0, 0, 0]
    assert on.threshold.tolist() == [0.1, 0.2, 0.3]
    assert on.high.tolist() == [0, 95, 0]
    for outside in (0.05, 0.4, np.inf):
        assert bands.through(outside, told) is bands


def test_one_draw_is_its_own_band() -> None:
    cost = RateCost(per_miss=3.0, per_false=2.0, at_stake=1.0, chance=0.5, exposures=2.0)
    found = bands_of_score(THRESHOLDS, 2.0, 0.01, 1.0, cost, double=True)
    assert (found.low == found.high).all()
    np.testing.assert_allclose(
        found.middle, cost(ReportedScore(Binormal(2.0), 0.01).rates(THRESHOLDS)), rtol=1e-12
    )


def test_the_table_is_right_to_two_parts_in_a_hundred_thousand_in_both_tails() -> None:
    sd = np.linspace(-9, 9, 40_001, dtype=np.float32).reshape(1, -1)
    found = PhiTable(sd.shape)(sd, np.empty_like(sd))
    np.testing.assert_allclose(found, ndtr(sd.astype(float)), rtol=2e-5)
    far = np.array([[-1e9, -14.0, 14.0, 1e9]], np.float32)
    assert PhiTable(far.shape)(far, np.empty_like(far)).round(6).tolist() == [[0, 0, 1, 1]]


def test_what_is_fixed_is_in_the_bands_though_it_alone_is_uncertain() -> None:
    cost = RateCost(per_miss=2.0, per_false=0.0, fixed=np.array([1.0, 3.0, 2.0]))
    found = bands_of_rates(np.array([0.3]), Rates(np.array([0.5]), np.array([0.1])), cost)
    assert lines(found).ravel().tolist() == [2.0, 3.0, 4.0]
