"""API or own GPUs: both bills by hand, and where they meet."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aipm_metrics.scenarios.api_spend import ApiSpendScenario, spend
from aipm_metrics.sentences.api_spend_guards import hosting_line

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
    assert h.needed == pytest.approx((2.5 + 6000 / 730) / (2500 * 3600 * 4.2) * 1e6)
    assert h.most == pytest.approx(0.7 / 3)
    assert h.busy == pytest.approx(1e6 / (2500 * 3600 * 730))


@pytest.mark.parametrize(
    ("knobs", "tasks"),
    [
        (ApiSpendScenario.presets["the cache that pays"], 22_500),
        (ApiSpendScenario.presets["API or GPU"], 93_200),
        ({"peak_to_mean": 1.5}, None),
        ({"upkeep": 0, "tasks_per_month": 10}, None),
        ({"cap": 3000}, None),
    ],
)
def test_from_the_break_even_on_own_servers_always_cost_less(
    knobs: dict[str, Any], tasks: float | None
) -> None:
    told = spend(ApiSpendScenario.model_validate(knobs))
    at, s = told.hosting.break_even_tasks, told.scenario

    def saving(many: float) -> float:
        free = {"tasks_per_month": many, "cap": 1e10, "calls_per_minute": 1e8}
        return spend(s.model_copy(update=free)).hosting.saving

    if tasks:
        assert at == pytest.approx(tasks, rel=0.003)
    assert abs(saving(at)) < 0.01
    assert saving(at * 0.999) < 0
    assert min(saving(at * times) for times in np.linspace(1.001, 4, 60)) > 0


def test_a_cap_does_not_move_where_the_bills_meet() -> None:
    free, capped = (spend(ApiSpendScenario(cap=cap)) for cap in (1e9, 3000))
    assert capped.hosting.break_even_tasks == pytest.approx(free.hosting.break_even_tasks)
    assert (free.hosting.kept_out, capped.hosting.kept_out) == (False, True)
    assert capped.volumes.api == pytest.approx(free.volumes.api)
    assert "were none kept out" in hosting_line(capped)
    assert "were none kept out" not in hosting_line(free)


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


def test_as_busy_as_needed_both_bills_are_the_same_upkeep_included() -> None:
    h = spend(ApiSpendScenario()).hosting
    assert h.needed / h.busy * h.api_bill == pytest.approx(h.own_bill)
