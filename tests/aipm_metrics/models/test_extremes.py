"""Numbers at the ends of what a float can hold, each of which once ended in an error."""

import numpy as np
import pytest

from aipm_metrics.models.curves import curves_of_rows
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.flip_points import sign_changes


@pytest.mark.parametrize("scores", [(1e6, 1e6), (1e6, 1e6 + 2e-10), (1e9, np.nextafter(1e9, 2e9))])
def test_large_scores_close_together_can_be_drawn(scores: tuple[float, float]) -> None:
    """1e6 + 1e-9 in 48 bins is narrower than two neighbouring floats."""
    curves = curves_of_rows(Empirical.from_rows(scores, [0, 1]), None, [])
    assert np.isfinite(curves.densities.negatives).all()
    assert np.isfinite(curves.densities.positives).all()


def test_scores_over_the_whole_range_of_floats_can_be_counted() -> None:
    rows = Empirical.from_rows([-1.7e308, 1.7e308], [0, 1])
    assert rows.auc == 1


def test_a_flip_next_to_nought_is_found() -> None:
    """Bisecting down to 1e-195 takes far more steps than the usual 100."""
    found = sign_changes(lambda x: (1e-195 - x) * (x - 1), np.linspace(-10, 10, 401))
    assert found == pytest.approx((0.0, 1.0), abs=1e-12)
