"""Two weighted shares compared: closed forms, adaptive quadrature, limits, draws."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import beta, betaincc, ndtr
from scipy.stats import beta as beta_law

from aipm_metrics.models.beta_comparison import chance_larger

SHAPES = st.floats(0.5, 2000)
Share = tuple[float, float, float]  # its weight, and its beta distribution
SHARE = st.tuples(st.floats(0.05, 20), SHAPES, SHAPES)


@given(SHARE, SHARE)
def test_one_of_the_two_is_the_larger(first: Share, second: Share) -> None:
    one, other = chance_larger(*first, *second), chance_larger(*second, *first)
    assert 0 <= one <= 1
    assert one + other == pytest.approx(1, abs=1e-8)


@given(SHARE, SHARE, st.floats(1e-6, 1e6))
def test_the_unit_of_the_weights_changes_nothing(first: Share, second: Share, unit: float) -> None:
    scaled = chance_larger(unit * first[0], *first[1:], unit * second[0], *second[1:])
    assert scaled == pytest.approx(chance_larger(*first, *second), abs=1e-8)


@given(*[st.integers(1, 30)] * 4)
def test_alike_weighted_shares_have_millers_closed_form(a1: int, b1: int, a2: int, b2: int) -> None:
    """Miller (2015), "Formulas for Bayesian A/B testing", the binary case."""
    i = np.arange(a1)
    terms = beta(a2 + i, b2 + b1) / ((b1 + i) * beta(1 + i, b1) * beta(a2, b2))
    assert chance_larger(1, a1, b1, 1, a2, b2) == pytest.approx(terms.sum(), abs=1e-8)


@pytest.mark.parametrize("k2", [0.2, 1.0, 3.0, 40.0])
@pytest.mark.parametrize(
    "shapes",
    [(0.5, 0.5, 0.5, 0.5), (0.5, 9.5, 0.5, 2000.5), (300.5, 40.5, 2.5, 0.5), (2e5, 3e5, 7.5, 9.5)],
)
def test_adaptive_quadrature_agrees(shapes: tuple[float, ...], k2: float) -> None:
    a1, b1, a2, b2 = shapes

    def at(z: float) -> float:  # along the second share's quantiles, whichever spreads less
        passed = min(1.0, k2 * float(beta_law.ppf(ndtr(z), a2, b2)))
        return float(betaincc(a1, b1, passed) * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))

    pieces = np.linspace(-8.3, 8.3, 60)
    exact = sum(quad(at, *ends, limit=200)[0] for ends in pairwise(pieces))
    assert chance_larger(1, a1, b1, k2, a2, b2) == pytest.approx(exact, abs=1e-7)


def test_a_share_that_weighs_nothing_is_never_the_larger() -> None:
    found = chance_larger([0, 1, 0], 2, 3, [1, 0, 0], 2, 3)
    assert found[:2] == pytest.approx([0, 1], abs=1e-9)
    assert np.isnan(found[2])


def test_draws_agree() -> None:
    rng, draws = np.random.default_rng(5), 200_000
    p, q = rng.beta(3.5, 9.5, draws), rng.beta(0.5, 4.5, draws)
    found = chance_larger(0.3, 3.5, 9.5, 1.2, 0.5, 4.5)
    share = float((0.3 * p > 1.2 * q).mean())
    assert found == pytest.approx(share, abs=4 * np.sqrt(share * (1 - share) / draws))
