"""API or own GPUs: both bills by hand, and where they meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aipm_metrics.scenarios.api_spend import ApiSpendScenario, spend

# 1,000 tasks of one step: 900,000 tokens in and 100,000 out, a million to work through.
PLAIN: dict[str, Any] = {
    "tasks_per_month": 1000, "mean_steps": 1, "runaway_share": 0, "failure_chance": 0,
    "prompt_tokens": 900, "output_tokens": 100, "caching": "off", "model": "own prices",
    "own_input": 3, "own_output": 15, "cap": 1e10,
}  # fmt: skip


def test_a_million_tokens_by_hand() -> None:
    h = spend(ApiSpendScenario.model_validate(PLAIN)).hosting
    assert h.million_tokens == pytest.approx(1)
    assert h.api_bill == h.api_price == pytest.approx(0.9 * 3 + 0.1 * 15)
    # 2.50 USD an hour, 2,500 tokens a second, 70 % busy at a peak of three times the mean.
    assert h.without_peak == pytest.approx(2.5 / (2500 * 3600 * 0.7) * 1e6)
    assert h.own_price == pytest.approx(3 * h.without_peak)
    assert (h.servers, h.own_bill) == (1, 2.5 * 730 + 6000)
    assert h.saving == pytest.approx(4.2 - 7825)
    assert h.needed == pytest.approx(2.5 / (2500 * 3600 * 4.2) * 1e6)
    assert h.busy == pytest.approx(1e6 / (2500 * 3600 * 730))


def test_where_the_bills_meet_own_servers_cost_what_the_api_does() -> None:
    for knobs in (PLAIN, {}, {"peak_to_mean": 1.5}, ApiSpendScenario.presets["API or GPU"]):
        told = spend(ApiSpendScenario.model_validate(knobs))
        h, s = told.hosting, told.scenario
        assert h.break_even * h.api_price == pytest.approx(h.break_even * h.own_price + s.upkeep)
        assert h.break_even_tasks == pytest.approx(
            h.break_even / h.million_tokens * s.tasks_per_month
        )
        v = told.volumes
        if h.break_even_tasks > v.tasks[-1]:
            continue
        crossing = float(np.interp(h.break_even_tasks, v.tasks, v.api - v.own))
        # Servers come whole, so the lines meet within one server of there.
        assert abs(crossing) <= s.gpu_price * 730 * 1.5 + 1


def test_both_lines_pass_through_this_month() -> None:
    told = spend(ApiSpendScenario())
    v, h = told.volumes, told.hosting
    now = int(np.flatnonzero(np.isclose(v.tasks, told.scenario.tasks_per_month))[0])
    assert (v.api[now], v.own[now]) == (pytest.approx(h.api_bill), pytest.approx(h.own_bill))
    assert (np.diff(v.api) > 0).all()
    assert (np.diff(v.own) >= 0).all()


def test_a_free_api_never_loses_and_without_tokens_there_is_nothing_to_host() -> None:
    cheap = ApiSpendScenario.model_validate({**PLAIN, "own_input": 0.01, "own_output": 0.01})
    assert spend(cheap).hosting.break_even_tasks == np.inf
    nothing = ApiSpendScenario.model_validate({**PLAIN, "own_window": 100})
    h = spend(nothing).hosting
    assert (h.million_tokens, h.servers, h.api_bill) == (0, 0, 0)
    assert np.isnan(h.api_price)
    assert h.break_even_tasks == np.inf
