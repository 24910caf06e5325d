"""M/M/c beside a table worked out in exact fractions, mean service 1."""

from fractions import Fraction

import numpy as np
import pytest

from aipm_metrics.models.queueing import (
    erlang_b,
    erlang_c,
    mmc_mean_wait,
    mmc_sojourn_tail,
    mmc_wait_quantile,
)
from tests.aipm_metrics.models.queues import exact_erlang_b, exact_erlang_c

CASES = [
    (1, "1/2"), (1, "4/5"), (2, "1"), (2, "3/2"), (3, "2"), (5, "4"), (10, "8"), (10, "9"),
    (20, "18"), (50, "45"), (100, "90"), (100, "95"), (400, "390"),
]  # fmt: skip


@pytest.mark.parametrize(("servers", "load"), CASES)
def test_every_figure_to_a_billionth(servers: int, load: str) -> None:
    a = Fraction(load)
    delayed, spare = exact_erlang_c(a, servers), servers - a
    c, theta = float(delayed), float(spare)
    assert erlang_b(float(a), servers) == pytest.approx(
        float(exact_erlang_b(a, servers)), rel=1e-12
    )
    assert erlang_c(float(a), servers) == pytest.approx(c, rel=1e-12)
    assert mmc_mean_wait(float(a), 1, servers) == pytest.approx(float(delayed / spare), rel=1e-12)
    for share in (0.95, 0.99):
        exact = max(0.0, np.log(c / (1 - share)) / theta)
        assert mmc_wait_quantile(float(a), 1, servers, share) == pytest.approx(exact, rel=1e-9)
    for t in (0.1, 1.0, 7.0):
        if theta != 1:
            exact = (1 - c) * np.exp(-t) + c * (np.exp(-theta * t) - theta * np.exp(-t)) / (
                1 - theta
            )
            assert mmc_sojourn_tail(float(a), 1, servers, t) == pytest.approx(exact, rel=1e-9)
