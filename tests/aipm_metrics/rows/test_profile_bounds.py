"""Binned rows beside the rows themselves: whatever is shown, the truth lies within its bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from aipm_metrics.errors import RowsError
from aipm_metrics.estimates import wilson
from aipm_metrics.rows.asked import Columns, Origin, Prices
from aipm_metrics.rows.counts import ScoreCounts, score_counts
from aipm_metrics.rows.jobs import Watch
from aipm_metrics.rows.places import Folder, Handed, Looked
from aipm_metrics.rows.profile import profile
from aipm_metrics.rows.profile_counts import Counted
from aipm_metrics.rows.profile_exactly import count_exactly
from aipm_metrics.sentences import your_data as words
from aipm_metrics.sentences.your_data_bounds import amount_bounds, unknown_line
from aipm_metrics.sentences.your_data_groups import differences
from aipm_metrics.sentences.your_data_tables import SPOT_HEADER, group_header, group_rows, spot_rows
from tests.aipm_metrics.rows.own_rows import counted, csv_of
from tests.aipm_metrics.rows.own_rows import rows as own

if TYPE_CHECKING:
    from pathlib import Path

PRICES = Prices(miss=40, false_alarm=3)
COLUMNS = Columns(score="score", label="label", event="1", segment="who", amount="amount")
NEAR = 1e-9


def made(seed: int, n: int = 400) -> dict[str, Any]:
    """Rows whose scores are told from each other by chance only, and rank."""
    rng = np.random.default_rng(seed)
    label = (rng.random(n) < 0.3).astype(int)
    label[:4] = 0, 1, 0, 1
    who = np.where(rng.random(n) < 0.1, "few", "most")
    who[:4] = "few", "few", "most", "most"
    score = np.round(1 / (1 + np.exp(-rng.normal(label * 1.5 - 1, 1))), 4)
    return {"score": score, "label": label, "who": who, "amount": rng.exponential(50, n)}


def binned(rows: dict[str, Any], cuts: list[float]) -> Counted:
    """Count rows in bins between these cuts."""
    cell = np.searchsorted(np.unique(cuts), rows["score"], side="right")
    cells, at = np.unique(cell, return_inverse=True)
    lows = np.array([rows["score"][cell == c].min() for c in cells])
    single = np.array([np.unique(rows["score"][cell == c]).size == 1 for c in cells])
    names = ("few", "most")

    def tally(event: int, weights: Any = None) -> Any:
        kept = [(rows["who"] == name) & (rows["label"] == event) for name in names]
        every = np.ones(at.size) if weights is None else weights
        return np.stack([np.bincount(at[k], every[k], cells.size) for k in kept])

    p, n = tally(1).astype(np.int64), tally(0).astype(np.int64)
    counts = ScoreCounts(
        lows, p, n, tuple((name,) for name in names), ("who",), (p + n).sum(1), 0 * p.sum(1),
        single, tally(1, rows["amount"]), tally(0, rows["amount"]), 0 * p.sum(1),
    )  # fmt: skip
    return Counted(Origin("sample", ""), COLUMNS, counts, None, None, ())


def cost_at(
    rows: dict[str, Any], threshold: float, who: str = "", *, amount: bool = False
) -> float:
    flagged, event = rows["score"] >= threshold, rows["label"] == 1
    mine = (rows["who"] == who) | (not who)
    miss = rows["amount"] if amount else 40
    return float((mine * (miss * (event & ~flagged) + 3 * (~event & flagged))).sum())


cuts_strategy = st.lists(st.floats(0, 1), min_size=1, max_size=8)


@settings(max_examples=25)
@given(st.integers(0, 999), cuts_strategy, st.floats(0, 1.05), st.floats(0, 1.05))
def test_the_truth_lies_within_every_bound(
    seed: int, cuts: list[float], a: float, b: float
) -> None:
    rows = made(seed)
    told = profile(binned(rows, cuts), PRICES, a, b)
    for spot in (told.a, told.b):
        flagged = rows["score"] >= spot.threshold
        tp, fp = (int((flagged & (rows["label"] == k)).sum()) for k in (1, 0))
        assert spot.tp <= tp <= spot.tp + spot.more_tp
        assert spot.fp <= fp <= spot.fp + spot.more_fp
        assert abs(spot.cost - cost_at(rows, spot.threshold)) <= spot.unknown + NEAR
        for shown, true in (
            (spot.recall, wilson(tp, told.positives)), (spot.fpr, wilson(fp, told.negatives)),
            (spot.precision, wilson(tp, tp + fp)), (spot.flagged, wilson(tp + fp, told.rows)),
        ):  # fmt: skip
            assert not shown.low > true.low + NEAR
            assert not shown.high < true.high - NEAR
    saving = cost_at(rows, a) - cost_at(rows, b)
    assert abs(told.verdict.saving - saving) <= told.verdict.unknown + NEAR


@settings(max_examples=25)
@given(st.integers(0, 999), cuts_strategy, st.floats(0, 1.05))
def test_so_it_does_of_groups(seed: int, cuts: list[float], b: float) -> None:
    rows = made(seed)
    told = profile(binned(rows, cuts), PRICES, 0.5, b)
    for g in told.segments:
        mine = rows["who"] == g.name
        tp = int((mine & (rows["score"] >= b) & (rows["label"] == 1)).sum())
        true = wilson(tp, g.positives)
        assert g.recall.low <= true.low + NEAR
        assert g.recall.high >= true.high - NEAR
        assert abs(g.per_row * g.rows - cost_at(rows, b, str(g.name))) <= g.unknown * g.rows + NEAR
        area = roc_auc_score(rows["label"][mine], rows["score"][mine])
        assert abs(g.auc.value - area) <= g.auc_unknown + NEAR
        if not np.isnan(g.own_saving):
            every = [cost_at(rows, t, str(g.name)) for t in (*np.unique(rows["score"][mine]), 2)]
            saves = (cost_at(rows, b, str(g.name)) - min(every)) / g.rows
            assert abs(g.own_saving - saves) <= g.own_unknown + NEAR


@settings(max_examples=25)
@given(st.integers(0, 999), cuts_strategy, st.floats(0, 1.05))
def test_so_it_does_of_what_is_found_over_all_thresholds(
    seed: int, cuts: list[float], b: float
) -> None:
    rows = made(seed)
    told = profile(binned(rows, cuts), PRICES, 0.5, b)
    area = roc_auc_score(rows["label"], rows["score"])
    assert abs(told.auc.value - area) <= told.bounds.auc + NEAR
    every = [cost_at(rows, t) for t in (*np.unique(rows["score"]), 2)]
    assert told.best.cost - told.bounds.cheaper - NEAR <= min(every) <= told.best.cost + NEAR
    c, m = told.calibration, told.amounts
    assert c is not None
    assert c.said - NEAR <= rows["score"].sum() <= c.said + c.said_unknown + NEAR
    assert m is not None
    assert abs(m.cost_b - cost_at(rows, b, amount=True)) <= told.bounds.amount_b + 1e-6
    every = [cost_at(rows, t, amount=True) for t in (*np.unique(rows["score"]), 2)]
    assert m.best_cost - told.bounds.amount_cheaper - 1e-6 <= min(every) <= m.best_cost + 1e-6


def test_past_the_last_cut_rows_may_still_be_flagged() -> None:
    rows = made(3)
    told = profile(binned(rows, [0.5]), PRICES, float(np.sort(rows["score"])[-2]), 0.5)
    assert told.a.tp == told.a.fp == 0
    assert told.a.unknown > 0
    assert "flagging nothing" in unknown_line(told)
    assert "too coarse to say" in spot_rows(told)[0][SPOT_HEADER.index("precision")]
    assert profile(binned(rows, [0.5]), PRICES, float("inf"), 0.5).a.unknown == 0


def test_a_small_group_inside_a_bin_is_too_coarse_to_say() -> None:
    rows = made(5)
    few = rows["who"] == "few"
    rows["score"][few] = np.round(0.4 + rows["score"][few] / 100, 6)  # all of it in one bin
    told = profile(binned(rows, [0.39, 0.45]), PRICES, 0.2, 0.401)
    group = next(g for g in told.segments if g.name == "few")
    assert group.recall.value == 0
    assert group.recall.high > 0.9
    line = next(line for line in group_rows(told.segments) if line[0] == "few")
    assert line[group_header("who").index("recall at B")].startswith("too coarse to say")
    assert not any("0\xa0% of events are caught in few" in said for said in differences([group]))
    assert any("too coarse" in said for said in differences(told.segments))


def test_what_is_unknown_is_said() -> None:
    told = profile(binned(made(7), [0.1, 0.2, 0.5]), PRICES, 0.15, 0.3)
    said = " ".join(words.notes(told))
    for word in ("AUC is off by at most", "less than the lowest cost", "may add up to"):
        assert word in said
    assert "next threshold that is kept" in unknown_line(told)
    assert "as long as no amount is negative" in " ".join(amount_bounds(told))
    assert told.verdict.coarse
    assert words.cards(told)[4].value == "too coarse"
    assert "count exactly" in " ".join(words.aloud(told))
    exact = profile(binned(made(7), list(np.unique(made(7)["score"]))), PRICES, 0.15, 0.3)
    assert exact.exact
    assert not unknown_line(exact)
    assert not amount_bounds(exact)
    assert "give or take" not in " ".join(
        map(str, (*group_rows(exact.segments), *spot_rows(exact)))
    )


@pytest.fixture
def stored(tmp_path: Path) -> Folder:
    rows = made(9)
    lines = [",".join(map(str, line)) for line in zip(*rows.values(), strict=True)]
    (tmp_path / "x.csv").write_text("\n".join([",".join(rows), *lines]))
    duckdb.read_csv(f"{tmp_path}/x.csv").write_parquet(f"{tmp_path}/x.parquet")
    return Folder(tmp_path, "x.parquet")


def counted_in_bins(place: Folder) -> Counted:
    with place.lent(Looked(()), (), Watch()) as table:
        counts = score_counts(table, "score", "label", "who", 32)
    columns = replace(COLUMNS, amount="")
    return Counted(place.origin, columns, counts, None, None, ())


def test_counting_exactly_lifts_the_bound_of_every_group(stored: Folder) -> None:
    rows, told = made(9), counted_in_bins(stored)
    assert not told.counts.exact
    at = (0.31234, 0.27891)
    exactly = count_exactly(stored, Looked(()), told, at, Watch())
    unsure = 0
    for b in at:
        before, after = (profile(told, PRICES, 0.5, b, e).segments for e in (None, exactly))
        for old, g in zip(before, after, strict=True):
            tp = int(((rows["who"] == g.name) & (rows["score"] >= b) & (rows["label"] == 1)).sum())
            assert g.recall == wilson(tp, g.positives)
            assert (g.more_tp, g.more_fp, g.unknown) == (0, 0, 0)
            unsure += old.more_tp
    assert unsure


def test_rows_that_changed_since_are_not_counted_at_thresholds(stored: Folder) -> None:
    told = counted_in_bins(stored)
    exactly = count_exactly(stored, Looked(()), told, (0.3,), Watch())
    path = f"{stored.root}/x.parquet"
    grown = duckdb.connect().query(
        f"FROM '{path}' UNION ALL SELECT 0.99, 1, 'few', 1.0 FROM range(900)"
    )
    grown.write_parquet(f"{stored.root}/y.parquet")
    later = replace(stored, ref="y.parquet")
    with pytest.raises(RowsError, match="have changed since"):
        count_exactly(later, Looked(()), told, (0.3,), Watch())
    # Counted again, the new counts do not take what was counted of the old.
    again = counted_in_bins(later)
    assert profile(again, PRICES, 0.3, 0.3, exactly).a.tp >= 900


def test_every_group_is_counted_exactly_and_every_month() -> None:
    told, place = counted(), Handed("mine.csv", csv_of(own()))
    exactly = count_exactly(place, place.look(Watch()), told, (0.2, 0.5), Watch())
    assert [g.by for g in told.every_group] == ["country", "model", "month"]
    for grouped, (tp, fp) in zip(told.every_group, exactly.groups, strict=True):
        place_ = np.searchsorted(grouped.thresholds, 0.2)
        assert tp[:, 0].tolist() == grouped.positives_at[:, place_:].sum(1).tolist()
        assert fp[:, 0].tolist() == grouped.negatives_at[:, place_:].sum(1).tolist()
        assert tp.sum(0).tolist() == exactly.tp.tolist()


@pytest.mark.parametrize("most", [1e307, 1.7e308, float("inf")])
def test_amounts_too_large_to_add_up_cost_their_part_only(most: float) -> None:
    rows = made(11)
    rows["amount"] = np.full(400, most)
    with np.errstate(over="ignore"):
        told = profile(binned(rows, [0.2, 0.5]), PRICES, 0.5, 0.3)
    assert told.amounts is None
    assert any("too large to add up" in note for note in told.notes)
    assert told.bounds.amount_b == 0
    assert told.a.cost > 0


def test_the_largest_amounts_that_add_up_have_thresholds() -> None:
    rows = made(11)
    rows["amount"] = np.full(400, 1e305)
    told = profile(binned(rows, [0.2, 0.5]), PRICES, 0.5, 0.3).amounts
    assert told is not None
    assert np.isfinite(told.row_thresholds).all()
    assert np.isfinite(told.row_amounts).all()


def test_a_bound_is_never_said_smaller_than_it_is() -> None:
    told = profile(binned(made(7), [0.1, 0.2, 0.5]), PRICES, 0.15, 0.3)
    told = replace(told, bounds=replace(told.bounds, auc=0.00541, cheaper=541.0))
    said = " ".join(words.notes(told))
    assert "off by at most 0.0055," in said
    assert "at most $550 less" in said
