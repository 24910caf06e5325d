"""A profile against the rows themselves, one by one; what it says at the edges."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from aipm_metrics.errors import RowsError
from aipm_metrics.estimates import wilson
from aipm_metrics.models.amount_costs import AmountCost, CostMatrix, cost_per_row, elkan_threshold
from aipm_metrics.rows.asked import Columns, Origin, Prices
from aipm_metrics.rows.counts import score_counts
from aipm_metrics.rows.jobs import Cancelled, Watch
from aipm_metrics.rows.places import Handed, Sample
from aipm_metrics.rows.profile import ENOUGH, profile, starting_thresholds
from aipm_metrics.rows.profile_counts import Counted, count_all, count_rule
from aipm_metrics.rows.profile_exactly import count_exactly
from aipm_metrics.rows.sample import FINGERPRINT
from tests.aipm_metrics.rows.own_rows import COLUMNS, counted, csv_of, rows

if TYPE_CHECKING:
    from aipm_metrics.rows.profile_parts import RowsProfile

PRICES = Prices(miss=40, false_alarm=3)
A, B = 0.5, 0.2


@pytest.fixture(scope="module")
def p() -> RowsProfile:
    return profile(counted(), PRICES, A, B)


def cost_at(threshold: float) -> float:
    r = rows()
    flagged = (r.score >= threshold) & r.known
    missed = r.known & r.event & ~flagged
    return float(40 * missed.sum() + 3 * (flagged & ~r.event).sum())


def test_every_number_of_a_threshold_is_that_of_the_rows(p: RowsProfile) -> None:
    r = rows()
    for spot, threshold in ((p.a, A), (p.b, B)):
        flagged = r.known & (r.score >= threshold)
        assert spot.tp == int((flagged & r.event).sum())
        assert spot.fp == int((flagged & ~r.event).sum())
        assert spot.tp + spot.fn == p.positives == int((r.known & r.event).sum())
        assert spot.fp + spot.tn == p.negatives
        assert spot.cost == pytest.approx(cost_at(threshold), rel=1e-12)
        assert spot.per_row == pytest.approx(spot.cost / p.rows, rel=1e-12)
        assert spot.recall == wilson(spot.tp, p.positives)
        assert spot.precision == wilson(spot.tp, spot.tp + spot.fp)
        assert spot.unknown == 0
    assert (p.rows, p.left_out) == (int(r.known.sum()), int((~r.known).sum()))


def test_no_threshold_costs_less_than_the_lowest(p: RowsProfile) -> None:
    every = np.append(np.unique(rows().score[rows().known]), np.inf)
    assert p.best.cost == pytest.approx(min(cost_at(t) for t in every), rel=1e-12)
    assert p.cost.min() == pytest.approx(p.best.cost, rel=1e-12)


def test_area_is_that_of_scikit_learn(p: RowsProfile) -> None:
    r = rows()
    known = roc_auc_score(r.event[r.known], r.score[r.known])
    assert p.auc.value == pytest.approx(known, rel=1e-12)
    assert p.auc.low < known < p.auc.high


def test_groups_are_those_of_the_rows_and_add_up(p: RowsProfile) -> None:
    r = rows()
    for groups, column in (
        (p.segments, r.country), (p.versions, r.model),
        (p.months, np.array([str(day)[:7] for day in r.day])),
    ):  # fmt: skip
        assert sum(g.rows for g in groups) == p.rows
        assert sum(g.positives for g in groups) == p.positives
        assert sum(g.left_out for g in groups) == p.left_out
        assert [g.name for g in groups] == sorted(set(column))
        for g in groups:
            mine = r.known & (column == g.name)
            tp = int((mine & r.event & (r.score >= B)).sum())
            assert g.recall == wilson(tp, int((mine & r.event).sum()))


def test_a_small_group_has_no_threshold_of_its_own(p: RowsProfile) -> None:
    assert any(g.positives < ENOUGH for g in p.segments)
    for g in p.segments:
        assert np.isnan(g.own_threshold) == (min(g.positives, g.rows - g.positives) < ENOUGH)
        assert np.isnan(g.own_saving) or g.own_saving >= 0


def test_own_thresholds_are_the_cheapest_of_each_group(p: RowsProfile) -> None:
    r = rows()
    for g in (g for g in p.segments if not np.isnan(g.own_threshold)):
        mine = r.known & (r.country == g.name)

        def cost(threshold: float, mine: object = mine) -> float:
            flagged = r.score >= threshold
            return float((mine * (40 * (r.event & ~flagged) + 3 * (~r.event & flagged))).sum())

        every = [cost(t) for t in (*np.unique(r.score[mine]), np.inf)]
        assert cost(g.own_threshold) == pytest.approx(min(every), rel=1e-12)
        assert g.own_saving * g.rows == pytest.approx(cost(B) - min(every), rel=1e-9, abs=1e-9)


def test_costs_by_amount_are_those_of_the_rows(p: RowsProfile) -> None:
    r, amounts = rows(), p.amounts
    assert amounts is not None
    money = np.nan_to_num(r.amount)

    def cost(threshold: float) -> float:
        flagged = r.score >= threshold
        missed = r.known & r.event & ~flagged
        return float(money[missed].sum() + 3 * (r.known & ~r.event & flagged).sum())

    assert amounts.cost_b == pytest.approx(cost(B), rel=1e-9)
    every = [cost(t) for t in (*np.unique(r.score[r.known]), np.inf)]
    assert amounts.best_cost == pytest.approx(min(every), rel=1e-9)
    assert amounts.without == int((r.known & np.isnan(r.amount)).sum())
    # Elkan (2001): flag where score x amount is above (1 - score) x the price of a false alarm.
    at, of = amounts.row_thresholds, amounts.row_amounts
    assert at * of == pytest.approx((1 - at) * 3, rel=1e-9)


def rule_cost(score: object, price: float) -> float:
    """What Elkan's rule costs, row by row."""
    r = rows()
    usd, known = np.nan_to_num(r.amount)[r.known], r.known
    costs = CostMatrix(fn=AmountCost(share=1), fp=AmountCost(fixed=price))
    own = elkan_threshold(usd, costs)
    return float(cost_per_row(np.asarray(score)[known], r.event[known], usd, costs, own).sum())


def test_a_threshold_per_row_is_judged_on_the_rows_at_the_price_that_stands() -> None:
    place, watch = Handed("mine.csv", csv_of(rows())), Watch()
    looked = place.look(watch)
    told = count_all(place, looked, COLUMNS, watch, 3.0)
    shown = profile(told, PRICES, A, B).amounts
    assert shown is not None
    assert shown.rule is not None
    assert shown.rule.cost == pytest.approx(rule_cost(rows().score, 3), rel=1e-9)
    assert shown.rule.saving == pytest.approx(shown.best_cost - shown.rule.cost, rel=1e-9)
    dearer = Prices(miss=40, false_alarm=8)
    stale = profile(told, dearer, A, B).amounts
    assert stale is not None
    assert stale.rule is None  # it was judged at another price
    again = count_rule(place, looked, COLUMNS, 8.0, watch)
    fresh = profile(told, dearer, A, B, rule=again).amounts
    assert fresh is not None
    assert fresh.rule is not None
    assert fresh.rule.cost == pytest.approx(rule_cost(rows().score, 8), rel=1e-9)


def test_scores_that_overstate_make_the_rule_cost_more() -> None:
    r = rows()
    high = np.round(r.score**0.2, 3)  # ranks alike, and promises far more than happens
    place, watch = Handed("mine.csv", csv_of(replace(r, score=high))), Watch()
    told = count_all(place, place.look(watch), COLUMNS, watch, 3.0)
    m = profile(told, PRICES, A, B).amounts
    assert m is not None
    assert m.rule is not None
    assert m.rule.cost == pytest.approx(rule_cost(high, 3), rel=1e-9)
    assert not m.rule.pays
    assert told.calibration is not None
    assert told.calibration.ratio > 2


def test_scores_are_held_against_what_happened(p: RowsProfile) -> None:
    r, bins = rows(), p.calibration
    assert bins is not None
    assert bins.said == pytest.approx(r.score[r.known].sum(), rel=1e-9)
    assert bins.happened == p.positives
    assert bins.rows.sum() == p.rows


def test_the_price_that_would_turn_it_turns_it(p: RowsProfile) -> None:
    flip = p.verdict.flip_miss
    for miss, sign in ((flip * 1.01, 1), (flip * 0.99, -1)):
        told = profile(counted(), Prices(miss=miss, false_alarm=3), A, B)
        assert np.sign(told.verdict.saving) == sign
    even = profile(counted(), Prices(miss=flip, false_alarm=3), A, B).verdict
    assert even.saving == pytest.approx(0, abs=1e-9)


def test_a_and_b_alike_leave_nothing_to_tell() -> None:
    v = profile(counted(), PRICES, A, A).verdict
    assert (v.saving, v.between, v.status) == (0, 0, "undefined")
    assert np.isnan(v.chance_b)


def test_what_rows_chose_is_judged_by_rows_that_did_not(p: RowsProfile) -> None:
    assert np.isnan(p.verdict.held_out)
    chosen = profile(counted(), PRICES, A, p.best.threshold).verdict
    assert 0 < chosen.held_out <= 1.05 * chosen.saving  # of halves: it may stray a little
    assert 0.5 < chosen.chance_b <= 1


def test_starts_at_one_half_and_at_the_lowest_cost(p: RowsProfile) -> None:
    assert starting_thresholds(counted(), PRICES) == (0.5, p.best.threshold)


def fine() -> Counted:
    """Scores with seven digits, as a model gives them, and amounts."""
    r = rows()
    noise = np.round(np.random.default_rng(1).random(r.score.size) * 1e-3, 7)
    place, watch = (
        Handed("fine.csv", csv_of(replace(r, score=np.round(r.score + noise, 7)))),
        Watch(),
    )
    return count_all(place, place.look(watch), COLUMNS, watch)


def test_what_is_chosen_is_written_short_and_flags_the_very_same_rows() -> None:
    told = fine()
    at = told.rows.thresholds
    shown = profile(told, PRICES, *starting_thresholds(told, PRICES))
    assert shown.amounts is not None
    own = [g.own_threshold for g in shown.segments]
    thresholds = [shown.b.threshold, shown.best.threshold, shown.amounts.best_threshold, *own]
    for threshold in (t for t in thresholds if np.isfinite(t) and t > at[0]):
        assert len(repr(threshold)) < 8
        k = int(np.searchsorted(at, threshold))
        assert at[k - 1] < threshold <= at[k]
    assert shown.b.cost == shown.best.cost
    assert not np.isnan(shown.verdict.held_out)  # B is what these rows chose, however written


def test_in_a_bin_a_threshold_stays_where_it_was_counted() -> None:
    told = binned()
    true = count_all(Sample(), Sample().look(Watch()), told.columns, Watch())
    for prices in (PRICES, Prices(miss=400, false_alarm=3), Prices(miss=4, false_alarm=3)):
        best = profile(told, prices, A, B).best
        known = profile(true, prices, best.threshold, B).a
        assert (best.tp, best.fp, best.unknown) == (known.tp, known.fp, 0)


def test_scores_that_are_no_chances_have_no_half_and_keep_no_promise() -> None:
    r = rows()
    place, watch = Handed("x.csv", csv_of(replace(r, score=1000 * r.score - 200))), Watch()
    told = count_all(place, place.look(watch), replace(COLUMNS, amount="", time=""), watch)
    a, b = starting_thresholds(told, PRICES)
    shown = profile(told, PRICES, a, b)
    assert shown.calibration is None
    flagged = told.rows.rates(a).confusion(told.rows.prevalence, shown.rows).flagged
    assert flagged >= shown.positives


def binned() -> Counted:
    """The sample with fewer thresholds kept than it has scores."""
    place, watch = Sample(), Watch()
    columns = Columns(score="score", label="label", event="harmful")
    with place.lent(place.look(watch), {"score"}, watch) as table:
        counts = score_counts(table, "score", "label", None, 50, positive="harmful")
    return Counted(Origin("sample", ""), columns, counts, None, None, ())


def test_the_bound_holds_and_counting_exactly_lifts_it() -> None:
    told = binned()
    assert not told.counts.exact
    true = count_all(Sample(), Sample().look(Watch()), told.columns, Watch())
    thresholds = tuple(np.round(np.linspace(0.001, 0.9, 40) + 1e-5, 6))
    exactly = count_exactly(Sample(), Sample().look(Watch()), told, thresholds, Watch())
    unsure = 0
    for at in thresholds:
        spot = profile(told, PRICES, at, B).a
        known = profile(true, PRICES, at, B).a
        assert abs(spot.cost - known.cost) <= spot.unknown + 1e-9
        unsure += spot.unknown > 0
        lifted = profile(told, PRICES, at, B, exactly).a
        assert (lifted.tp, lifted.fp, lifted.unknown) == (known.tp, known.fp, 0)
    assert unsure


def test_the_sample_is_the_sample() -> None:
    watch = Watch()
    columns = Columns(score="score", label="label", event="harmful", segment="language")
    told = count_all(Sample(), Sample().look(watch), columns, watch)
    assert told.rows.fingerprint == FINGERPRINT
    german = told.grouped["language"]
    assert german.to_empirical(0).positives == german.positives_at[0].sum()


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (replace(COLUMNS, label="score"), "chosen twice"),
        (replace(COLUMNS, segment="model"), "chosen twice"),
        (replace(COLUMNS, time="when"), "no column"),
        (replace(COLUMNS, event="never"), "as the event"),
        (replace(COLUMNS, score="day", time=""), "not a column of numbers"),
    ],
)
def test_columns_that_cannot_be_used_are_refused(columns: Columns, said: str) -> None:
    place, watch = Handed("mine.csv", csv_of(rows())), Watch()
    with pytest.raises(RowsError, match=said):
        count_all(place, place.look(watch), columns, watch)


def test_a_column_without_dates_costs_the_months_only() -> None:
    place, watch = Handed("mine.csv", csv_of(rows())), Watch()
    told = count_all(place, place.look(watch), replace(COLUMNS, time="fraud", label="fraud"), watch)
    assert told.months is None
    assert any("no dates" in note for note in told.notes)


def test_a_count_stops_between_its_steps() -> None:
    watch, place = Watch(), Sample()
    looked = place.look(watch)
    watch.cancel()
    with pytest.raises(Cancelled):
        count_all(place, looked, Columns(score="score", label="label", event="harmful"), watch)


TIMES = ["2026-01-05", "2026-01-06", "2026-02-07", "2026-02-08"]


def months_of(times: list[str], segment: str = "") -> RowsProfile:
    """A profile of rows at these times, twice over, scored as they come."""
    lines = ["score,label,month,at"]
    lines += [f"{i / 100},{i % 2},{'xyz'[i % 3]},{at}" for i, at in enumerate(2 * times)]
    place, watch = Handed("x.csv", "\n".join(lines).encode()), Watch()
    columns = Columns(score="score", label="label", event="1", segment=segment, time="at")
    return profile(count_all(place, place.look(watch), columns, watch), PRICES, A, B)


@pytest.mark.parametrize("odd", ["infinity", "-infinity", "12345-01-01", "0044-03-15 (BC)"])
def test_times_that_no_calendar_names_cost_their_months_only(odd: str) -> None:
    told = months_of([*TIMES, odd, odd])
    assert [(g.name, g.rows) for g in told.months] == [("2026-01", 4), ("2026-02", 4), (None, 4)]
    assert told.span == ("2026-01-05", "2026-02-08")
    assert told.rows == 12
    assert any("4 rows have a time in `at`" in note for note in told.notes)


def test_a_segment_called_month_is_not_taken_for_the_months() -> None:
    told = months_of(TIMES, "month")
    assert {g.name for g in told.segments} == {"x", "y", "z"}
    assert {g.name for g in told.months} == {"2026-01", "2026-02"}
