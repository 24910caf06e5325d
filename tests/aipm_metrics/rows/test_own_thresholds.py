"""A threshold for each row, judged by the engine: against every row's own cost, one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from aipm_metrics.errors import RowsError
from aipm_metrics.models.amount_costs import AmountCost, CostMatrix, cost_per_row, elkan_threshold
from aipm_metrics.rows.own_thresholds import rule_counts
from tests.aipm_metrics.rows.scored_tables import simulated, table_of

PRICES = (0.01, 5.0, 37.5, 1e4)


def made(n: int = 2000) -> tuple[Any, Any, Any]:
    """Scores, labels and amounts, some of nothing and some paid back; some on their threshold."""
    score, label = simulated(n, prevalence=0.2)
    amount = np.round(np.random.default_rng(3).lognormal(3, 1.5, n), 2)
    amount[::40], amount[1::40], score[2::40] = 0.0, -amount[1::40], 1.0
    score[3::40] = 5.0 / (5.0 + amount[3::40])  # a tie at the price of 5: flagged
    return score, label, amount


@pytest.mark.parametrize("price", PRICES)
def test_the_rule_costs_what_its_rows_cost_elkan_2001_eq_2(price: float) -> None:
    score, label, amount = made()
    found = rule_counts(
        table_of(score=score, label=label, usd=amount), "score", "label", "usd", price
    )
    costs = CostMatrix(fn=AmountCost(share=1), fp=AmountCost(fixed=price))
    own = elkan_threshold(amount, costs)
    each = cost_per_row(score, label, amount, costs, own)
    assert found.cost == pytest.approx(each.sum(), rel=1e-9)
    flagged = score >= own
    assert found.tp == int((flagged & (label == 1)).sum())
    assert found.fp == int((flagged & (label == 0)).sum())


def test_the_rule_costs_what_a_loop_over_the_rows_says() -> None:
    score, label, amount = made(300)
    lost = 0.0
    for s, y, usd in zip(score, label, amount, strict=True):
        # The cheaper side, if the score is the chance: s usd is lost in passing, 5 (1 - s) in
        # flagging. On the threshold itself both cost the same, and a tie is flagged.
        flag = usd > 0 and (s * usd > 5 * (1 - s) or s == 5 / (5 + usd))
        lost += (0 if y else 5) if flag else (usd if y else 0)
    found = rule_counts(table_of(score=score, label=label, usd=amount), "score", "label", "usd", 5)
    assert found.cost == pytest.approx(lost, rel=1e-9)


def test_no_rule_beats_it_where_scores_are_chances() -> None:
    rng = np.random.default_rng(5)
    score = rng.random(20_000) ** 3
    label, amount = rng.random(20_000) < score, rng.lognormal(3, 1, 20_000)
    found = rule_counts(
        table_of(score=score, label=label, usd=amount), "score", "label", "usd", 5.0, positive=True
    )
    single = [
        amount[label & (score < t)].sum() + 5 * (~label & (score >= t)).sum()
        for t in np.linspace(0, 1, 201)
    ]
    assert found.cost < min(single)


def test_rows_without_score_label_or_amount() -> None:
    table = table_of(
        score=[0.9, None, 0.9, 0.9], label=[1, 1, None, 1], usd=[None, 50.0, 50.0, 50.0]
    )
    found = rule_counts(table, "score", "label", "usd", 5)
    assert (found.tp, found.fp, found.cost) == (1, 0, 0.0)


@pytest.mark.parametrize("price", [0.0, -1.0, float("nan"), float("inf")])
def test_a_price_that_is_none_is_refused(price: float) -> None:
    table = table_of(score=[0.9], label=[1], usd=[1.0])
    with pytest.raises(RowsError, match=r"`false_alarm` must be above 0"):
        rule_counts(table, "score", "label", "usd", price)
