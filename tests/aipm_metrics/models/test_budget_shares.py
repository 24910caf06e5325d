"""Who has spent a budget and who may: laws, hand-worked splits, and a numeric optimiser."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize, minimize_scalar

from aipm_metrics.errors import MetricsError, OutOfRangeError
from aipm_metrics.models.error_budget import (
    allocate,
    attributed,
    attributed_counts,
    keeping_cost,
    least_cost_budget,
    owner_first,
)

SHARES = st.lists(st.floats(0, 1), min_size=1, max_size=6)
WEIGHTS = st.lists(st.floats(0.01, 1e4), min_size=2, max_size=6)

# --- spent ---


@given(SHARES)
def test_parts_add_up_to_the_union(shares: list[float]) -> None:
    assert attributed(shares).sum() == pytest.approx(1 - np.prod(1 - np.array(shares)), abs=1e-12)


def test_by_hand_three_causes_overlap_a_little() -> None:
    assert attributed([0.002, 0.003, 0.005]).sum() == pytest.approx(0.00996903, abs=1e-12)


@given(st.integers(1, 5), st.integers(0, 300), st.integers(0, 2**32 - 1))
def test_counts_add_up_to_the_requests_that_failed(m: int, n: int, seed: int) -> None:
    failed = np.random.default_rng(seed).random((n, m)) < 0.2
    counts = attributed_counts(failed)
    assert counts.sum() == failed.any(axis=1).sum()
    assert counts[0] == failed[:, 0].sum()
    for i in range(m):  # one by one
        assert counts[i] == sum(row[i] and not row[:i].any() for row in failed)


def test_simulated_requests_are_attributed_as_the_closed_form_says() -> None:
    shares, n = np.array([0.1, 0.3, 0.2, 0.05]), 200_000
    failed = np.random.default_rng(11).random((n, 4)) < shares
    told = attributed(shares)
    error = np.sqrt(told * (1 - told) / n)
    assert (np.abs(attributed_counts(failed) / n - told) < 4 * error).all()


# --- allowed ---


def test_by_hand_weights_of_1_4_9() -> None:
    assert allocate(0.01, [1, 4, 9], "square root") == pytest.approx(np.array([1, 2, 3]) / 600)
    assert keeping_cost(allocate(0.01, [1, 4, 9], "square root"), [1, 4, 9]) == pytest.approx(3600)
    assert keeping_cost(allocate(0.01, [1, 4, 9], "equal"), [1, 4, 9]) == pytest.approx(4200)
    assert keeping_cost(allocate(0.01, [1, 4, 9], "proportional"), [1, 4, 9]) == pytest.approx(4200)


@given(st.floats(1e-5, 1e6), WEIGHTS, st.sampled_from(["equal", "proportional", "square root"]))
def test_nothing_is_lost_in_the_split_and_scale_does_not_matter(
    budget: float, weights: list[float], rule: str
) -> None:
    parts = allocate(budget, weights, rule)  # type: ignore[arg-type]
    assert parts.sum() == pytest.approx(budget, rel=1e-12)
    assert (parts >= 0).all()
    scaled = allocate(budget, np.array(weights) * 7, rule)  # type: ignore[arg-type]
    assert parts == pytest.approx(scaled, rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.floats(0.001, 0.2), st.lists(st.floats(0.1, 100), min_size=2, max_size=5))
def test_the_square_root_is_what_an_optimiser_finds(budget: float, weights: list[float]) -> None:
    k = np.array(weights)
    told = allocate(budget, k, "square root")

    def cost(logits: np.ndarray) -> float:
        parts = np.exp(logits - logits.max())
        return float((k / (budget * parts / parts.sum())).sum())

    found = minimize(cost, np.zeros(k.size), method="BFGS", options={"gtol": 1e-10})
    cheapest = float(keeping_cost(told, k))
    assert cheapest == pytest.approx(float(np.sqrt(k).sum() ** 2 / budget), rel=1e-9)
    assert cheapest <= found.fun * (1 + 1e-9)
    assert found.fun == pytest.approx(cheapest, rel=1e-6)
    for rule in ("equal", "proportional"):
        assert cheapest <= keeping_cost(allocate(budget, k, rule), k) * (1 + 1e-12)


@given(st.floats(1e-2, 1e8), st.floats(1e-4, 1e4))
def test_the_cheapest_budget_is_what_an_optimiser_finds(harm: float, keeping: float) -> None:
    told = float(least_cost_budget(harm, keeping))
    found = minimize_scalar(lambda log: harm * np.exp(log) + keeping / np.exp(log),
                            bounds=(-30, 30), method="bounded",
                            options={"xatol": 1e-10})  # fmt: skip
    assert harm * told + keeping / told == pytest.approx(2 * np.sqrt(harm * keeping), rel=1e-9)
    assert found.fun == pytest.approx(2 * np.sqrt(harm * keeping), rel=1e-6)


@given(st.floats(0, 100), st.lists(st.floats(0, 50), min_size=1, max_size=5))
def test_the_first_owner_is_served_first(budget: float, claims: list[float]) -> None:
    parts = owner_first(budget, claims)
    assert parts.sum() == pytest.approx(budget, abs=1e-9)
    assert parts[0] == pytest.approx(min(budget, claims[0]), abs=1e-12)
    for i, claim in enumerate(claims):  # who gets less than the claim leaves nothing to the rest
        if parts[i] < claim - 1e-9:
            assert parts[i + 1 :] == pytest.approx(np.zeros(len(claims) - i), abs=1e-9)


# --- limits and refusals ---


def test_a_cause_without_a_budget_costs_no_end_unless_it_is_free() -> None:
    assert keeping_cost([0.0, 0.1], [1, 1]) == np.inf
    assert keeping_cost([0.0, 0.1], [0, 1]) == 10


def test_refusals_name_field_and_limits() -> None:
    with pytest.raises(MetricsError, match='one of "equal", "proportional", "square root"'):
        allocate(1, [1, 2], "fair")  # type: ignore[arg-type]
    with pytest.raises(OutOfRangeError, match="`weights` must lie in"):
        allocate(1, [-1, 2], "equal")
    with pytest.raises(MetricsError, match="`weights` must not all be 0"):
        allocate(1, [0, 0], "proportional")
    with pytest.raises(OutOfRangeError, match=r"`shares` must lie in \[0, 1\]; got 1\.1"):
        attributed([1.1])
