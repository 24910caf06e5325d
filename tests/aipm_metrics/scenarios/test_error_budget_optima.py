"""The cheapest SLO and the cheapest split against a numeric optimiser; flips against costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.error_budget import HIGH, LOW, ErrorBudgetScenario, budget
from aipm_metrics.scenarios.error_budget_chain import MODES, PRICED_AT
from aipm_metrics.scenarios.error_budget_uncertainty import cheapest_slos, cost_bands, how_sure
from aipm_metrics.scenarios.uncertainty import drawn
from tests.aipm_metrics.scenarios.error_budget_draws import draw_budget

SEEDS = st.integers(0, 2**32 - 1)
GRID = 1 - np.geomspace(1 - HIGH, 1 - LOW, 3001)


@settings(max_examples=40, deadline=None)
@given(SEEDS)
def test_no_slo_on_a_fine_grid_is_cheaper(seed: int) -> None:
    s = draw_budget(np.random.default_rng(seed))
    best = budget(s).lowest_cost
    usd = s.costs({"slo": GRID})
    assert best.cost <= usd.min() * (1 + 1e-9)
    assert best.cost == pytest.approx(usd.min(), rel=1e-3)


def test_by_harm_is_what_an_optimiser_finds_over_every_split_and_every_slo() -> None:
    s = ErrorBudgetScenario()
    harm = np.array([getattr(s, f"harm_{m}") for m in MODES]) * s.requests_per_month
    keep = np.array([getattr(s, f"keep_{m}") for m in MODES]) * PRICED_AT

    def cost(log: np.ndarray) -> float:
        return float((harm * np.exp(log) + keep * np.exp(-log)).sum())

    found = minimize(cost, np.full(6, -6.0), method="L-BFGS-B", options={"ftol": 1e-15})
    best = budget(s).lowest_cost
    assert best.cost == pytest.approx(found.fun, rel=1e-6)
    assert best.cost <= found.fun * (1 + 1e-9)
    assert 1 - best.slo == pytest.approx(float(np.exp(found.x).sum()), rel=1e-3)


def test_the_square_root_is_the_cheapest_way_to_keep_a_budget() -> None:
    s = ErrorBudgetScenario()
    keeping = {}
    for rule in ("equal", "proportional", "square root", "by harm"):
        other = budget(s.model_copy(update={"rule": rule}))
        keeping[rule] = other.chosen.cost_by_cause["keeping"]
    assert min(keeping, key=lambda rule: float(keeping[rule])) == "square root"


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_at_a_flip_both_cost_the_same_and_beside_it_they_do_not(seed: int) -> None:
    s = draw_budget(np.random.default_rng(seed))
    r = budget(s)
    rival = s.model_copy(update={"slo": float(r.compared.slo)})
    for flip in r.flips:
        if np.isnan(flip.at):
            continue
        one, other = (x.costs({flip.knob.name: np.array([flip.at])})[0] for x in (s, rival))
        assert one == pytest.approx(other, rel=1e-6)


@settings(max_examples=20, deadline=None)
@given(SEEDS)
def test_the_nearest_flip_of_the_chosen_slo_is_the_first_of_all_flips(seed: int) -> None:
    r = budget(draw_budget(np.random.default_rng(seed)))
    which, at = int(r.nearest_flips.which[r.row]), float(r.nearest_flips.at[r.row])
    found = [flip for flip in r.flips if np.isfinite(flip.distance)]
    if not found:
        assert which == -1
        return
    # The two search on grids of their own, so that ties and near ties may go either way.
    knob = r.nearest_flips.knobs[which]
    low, high = knob.to_axis([knob.low, knob.high])
    today = getattr(r.scenario, knob.name)
    far = float(np.abs(knob.to_axis(at) - knob.to_axis(today)) / (high - low))
    assert far == pytest.approx(found[0].distance, abs=1e-6)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_the_nearest_flip_of_any_slo_turns_its_choice(seed: int) -> None:
    rng = np.random.default_rng(seed)
    r = budget(draw_budget(rng))
    s, near = r.scenario, r.nearest_flips
    for row in rng.choice(r.slos.size, 12, replace=False).tolist():
        if near.which[row] < 0:
            continue
        name = near.knobs[near.which[row]].name
        rival = r.cheapest.slo if r.slos[row] == s.today_slo else s.today_slo
        value = {name: np.array([near.at[row]])}
        one = s.model_copy(update={"slo": float(r.slos[row])}).costs(value)[0]
        other = s.model_copy(update={"slo": float(rival)}).costs(value)[0]
        assert one == pytest.approx(other, rel=1e-6)


# --- uncertainty ---


@pytest.fixture(scope="module")
def sure() -> object:
    return how_sure(budget(ErrorBudgetScenario()))


def test_every_draw_has_its_cheapest_slo(sure) -> None:  # type: ignore[no-untyped-def]
    rng = np.random.default_rng(2)
    for i in rng.choice(1_000, 12, replace=False).tolist():
        moved = {name: float(values[i]) for name, values in sure.drawn.items()}
        alone = budget(ErrorBudgetScenario.model_validate(moved))
        assert alone.lowest_cost.cost == pytest.approx(sure.best_cost[i], rel=1e-9)
        assert alone.cost == pytest.approx(sure.cost[i], rel=1e-9)
        assert alone.lowest_cost.slo == pytest.approx(sure.best[i], rel=1e-9)
    assert (sure.best_cost <= np.minimum(sure.cost, sure.rival_cost) * (1 + 1e-12)).all()


def test_only_prices_and_the_number_of_answers_are_drawn(sure) -> None:  # type: ignore[no-untyped-def]
    priced = {name for name, knob in knobs_of(ErrorBudgetScenario).items() if knob.priced}
    assert set(sure.drawn) == priced


def test_the_bands_pass_through_what_the_choice_costs(sure) -> None:  # type: ignore[no-untyped-def]
    bands = sure.sweep.bands
    row = int(np.searchsorted(bands.threshold, 0.99))
    assert bands.threshold[row] == 0.99
    told = sure.cost_spread
    assert (bands.low[row], bands.middle[row], bands.high[row]) == pytest.approx(
        (told.low, told.middle, told.high), rel=1e-12
    )
    assert sure.sweep.best.draws.sum() == 1_000


def test_bands_of_certain_assumptions_are_the_cost_itself() -> None:
    s = ErrorBudgetScenario()
    bands = cost_bands(s, {"harm_down": np.full(5, s.harm_down)}, GRID[::-1])
    np.testing.assert_allclose(bands.low, s.costs({"slo": GRID[::-1]}), rtol=1e-12)
    np.testing.assert_array_equal(bands.low, bands.high)


def test_the_cheapest_slos_stay_on_the_dial() -> None:
    s = ErrorBudgetScenario(requests_per_month=10)
    moved = drawn(s, s.ranges_in_use(with_rows=False), 1, 50)
    slos, usd = cheapest_slos(s, {**moved, "keep_wrong": np.full(50, 1e8)})
    assert (slos == LOW).all()
    assert np.isfinite(usd).all()
