"""Two correlated normal variables, against closed forms and scipy's own integration."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import ndtr
from scipy.stats import multivariate_normal

from aipm_metrics.errors import OutOfRangeError
from aipm_metrics.models.bivariate_normal import bivariate_normal_cdf

POINT = st.floats(-6, 6)
LIKENESS = st.floats(-1, 1)


def by_scipy(h: float, k: float, r: float) -> float:
    found = multivariate_normal([0, 0], [[1, r], [r, 1]]).cdf([h, k], rng=np.random.default_rng(1))
    return float(found)


@given(r=LIKENESS)
def test_the_orthant_is_sheppards(r: float) -> None:
    assert bivariate_normal_cdf(0, 0, r) == pytest.approx(
        0.25 + np.arcsin(r) / (2 * np.pi), abs=1e-12
    )  # Sheppard (1899)


@settings(max_examples=60)
@given(h=POINT, k=POINT, r=st.floats(-0.999, 0.999))
def test_scipy_integrates_to_the_same(h: float, k: float, r: float) -> None:
    assert float(bivariate_normal_cdf(h, k, r)) == pytest.approx(by_scipy(h, k, r), abs=1e-9)


@given(h=POINT, k=POINT, r=LIKENESS)
def test_either_or_neither_and_the_mirror(h: float, k: float, r: float) -> None:
    both = bivariate_normal_cdf(h, k, r)
    assert both == pytest.approx(bivariate_normal_cdf(k, h, r), abs=1e-12)
    only_h = ndtr(h) - both
    assert only_h == pytest.approx(bivariate_normal_cdf(h, -k, -r), abs=1e-12)


@given(h=POINT, k=POINT, r=st.floats(-0.9, 0.9))
def test_likeness_makes_both_more_likely(h: float, k: float, r: float) -> None:
    assert bivariate_normal_cdf(h, k, r + 0.1) >= bivariate_normal_cdf(h, k, r) - 1e-15


@pytest.mark.parametrize(
    ("h", "k", "r", "expected"),
    [
        (np.inf, 1.0, 0.4, ndtr(1.0)), (-np.inf, 1.0, 0.4, 0.0), (np.inf, np.inf, 0.4, 1.0),
        (1.0, -0.5, 0.0, ndtr(1.0) * ndtr(-0.5)), (1.0, -0.5, 1.0, ndtr(-0.5)),
        (1.0, -0.5, -1.0, ndtr(1.0) + ndtr(-0.5) - 1), (-1.0, -0.5, -1.0, 0.0),
        (0.0, 0.7, 0.0, 0.5 * ndtr(0.7)), (-0.0, -0.7, 0.0, 0.5 * ndtr(-0.7)),
    ],
)  # fmt: skip
def test_limits(h: float, k: float, r: float, expected: float) -> None:
    assert float(bivariate_normal_cdf(h, k, r)) == pytest.approx(expected, abs=1e-12)


def test_a_correlation_beyond_one_is_refused() -> None:
    with pytest.raises(OutOfRangeError, match=r"`correlation` must lie in \[-1, 1\]; got 1.01"):
        bivariate_normal_cdf(0, 0, 1.01)
