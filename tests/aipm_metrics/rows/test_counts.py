"""Counts at every distinct score, by class and segment, against scikit-learn and by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from aipm_metrics.errors import RowsError
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.rows.counts import ScoreCounts, exact_at, score_counts
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from tests.aipm_metrics.models.row_sets import row_sets
from tests.aipm_metrics.rows.scored_tables import same_counts, simulated, table_of

if TYPE_CHECKING:
    from pathlib import Path

SETS = [(score.astype(np.float64), label == 1) for score, label in row_sets(150, seed=615)]
SCORES = st.none() | st.sampled_from([-0.0, 0.0, 0.1, 0.3, 0.30000000000000004, np.nan, 1e300])
ROWS = st.lists(
    st.tuples(SCORES | st.floats(-5, 5), st.sampled_from([0, 0, 1, None]), st.sampled_from("ab")),
    min_size=1, max_size=30,
)  # fmt: skip
Rows = list[tuple[float | None, int | None, str]]


@pytest.fixture(scope="module")
def every_set() -> ScoreCounts:
    """150 row sets with ties as the segments of one table, a tenth of scores and labels missing."""
    rng = np.random.default_rng(3)
    score = np.concatenate([s for s, _ in SETS])
    label = np.concatenate([y for _, y in SETS])
    name = np.repeat([f"{i:03}" for i in range(len(SETS))], [s.size for s, _ in SETS])
    order = rng.permutation(score.size)
    # Rows without a score or without a label are mixed in; they must change nothing.
    more = score.size // 10
    extra = rng.choice(name, 2 * more)
    table = table_of(
        score=pa.array([*score[order], *[None] * more, *rng.random(more)], pa.float64()),
        label=pa.array([*label[order].tolist(), *[True] * more, *[None] * more], pa.bool_()),
        set=[*name[order].tolist(), *extra.tolist()],
    )
    counts = score_counts(table, "score", "label", "set", positive=True)
    assert counts.left_out.sum() == 2 * more
    assert counts.n_rows.sum() == score.size + 2 * more
    return counts


def test_counts_are_those_of_scikit_learn_in_every_segment(every_set: ScoreCounts) -> None:
    assert every_set.groups == tuple((f"{i:03}",) for i in range(len(SETS)))
    assert every_set.exact
    assert every_set.max_error == 0
    for i, (score, label) in enumerate(SETS):
        ours = every_set.to_empirical(i)
        tn, fp, fn, tp, thresholds = metrics.confusion_matrix_at_thresholds(label, score)
        assert ours.thresholds[::-1].tolist() == thresholds.tolist()
        assert ours.tp[::-1].tolist() == tp.tolist()
        assert ours.fp[::-1].tolist() == fp.tolist()
        assert (ours.positives - ours.tp)[::-1].tolist() == fn.tolist()
        assert (ours.negatives - ours.fp)[::-1].tolist() == tn.tolist()


def test_rates_are_those_of_roc_curve_on_all_rows_together(every_set: ScoreCounts) -> None:
    score, label = (np.concatenate(parts) for parts in zip(*SETS, strict=True))
    fpr, tpr, thresholds = metrics.roc_curve(label, score, drop_intermediate=False)
    rates = every_set.to_empirical().rates(thresholds)
    assert rates.tpr.tolist() == tpr.tolist()
    assert rates.fpr.tolist() == fpr.tolist()
    precision, recall, at = metrics.precision_recall_curve(label, score)
    whole = every_set.to_empirical()
    assert whole.thresholds.tolist() == at.tolist()
    assert (whole.tp / (whole.tp + whole.fp)).tolist() == precision[:-1].tolist()
    assert (whole.tp / whole.positives).tolist() == recall[:-1].tolist()


@pytest.mark.parametrize("prevalence", [0.001, 0.5, 0.999])
def test_classes_of_any_weight_are_counted_alike(prevalence: float) -> None:
    score, label = simulated(3000, prevalence)
    found = score_counts(table_of(s=score, y=label), "s", "y")
    same_counts(found.to_empirical(), Empirical.from_rows(score, label))


@settings(max_examples=15)
@given(ROWS)
def test_segments_sum_to_the_whole_and_every_row_is_counted_once(rows: Rows) -> None:
    score, label, group = zip(*rows, strict=True)
    table = table_of(
        s=pa.array(score, pa.float64()), y=pa.array(label, pa.int8()), g=group,
        m=pa.array(np.arange(len(rows)) - 3.0),
    )  # fmt: skip
    held = [(s, y, g) for s, y, g in rows if s is not None and not np.isnan(s) and y is not None]
    if {y for _, y, _ in held} != {0, 1}:
        with pytest.raises(RowsError):
            score_counts(table, "s", "y", "g")
        return
    found = score_counts(table, "s", "y", "g", amount="m")
    whole = score_counts(table, "s", "y")
    same_counts(
        found.to_empirical(), Empirical.from_rows(*zip(*[h[:2] for h in held], strict=True))
    )
    same_counts(whole.to_empirical(), found.to_empirical())
    assert [name for (name,) in found.groups] == sorted(set(group))
    assert found.n_rows.tolist() == [group.count(name) for (name,) in found.groups]
    assert (found.n_rows - found.left_out).tolist() == [
        sum(g == name for *_, g in held) for (name,) in found.groups
    ]
    assert found.amount_positives_at is not None
    assert found.amount_negatives_at is not None
    for (name,), positives, amounts in zip(
        found.groups, found.positives_at, found.amount_positives_at, strict=True
    ):
        mine = [(s, i - 3) for i, (s, y, g) in enumerate(rows) if y == 1 and g == name]
        for threshold, n, amount in zip(found.thresholds, positives, amounts, strict=True):
            assert n == sum(s == threshold for s, _ in mine)
            assert amount == sum(m for s, m in mine if s == threshold)


def test_the_order_of_the_rows_does_not_matter_and_twice_is_the_same() -> None:
    score, label = simulated(2000)
    order = np.random.default_rng(1).permutation(score.size)
    tables = [table_of(s=score, y=label), table_of(s=score[order], y=label[order])]
    found = [score_counts(t, "s", "y").to_empirical().fingerprint for t in (*tables, tables[0])]
    assert len(set(found)) == 1


def test_a_missing_segment_is_a_segment_of_its_own_and_the_last() -> None:
    table = table_of(
        s=[0.1, 0.2, 0.3, 0.4], y=[0, 1, 1, 0], g=["x", None, "a", None], h=[1, 2, 2, 2]
    )
    found = score_counts(table, "s", "y", ["g", "h"])
    assert found.by == ("g", "h")
    assert found.groups == (("a", "2"), ("x", "1"), (None, "2"))
    assert found.n_rows.tolist() == [1, 1, 2]
    assert found.positives_at.tolist() == [[0, 0, 1, 0], [0, 0, 0, 0], [0, 1, 0, 0]]
    assert found.negatives_at.tolist() == [[0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 1]]
    with pytest.raises(RowsError, match="only one of the two"):
        found.to_empirical(0)
    assert score_counts(table, "s", "y", "h").groups == (("1",), ("2",))


def test_segments_of_any_type_are_named_by_their_text() -> None:
    table = table_of(
        s=[0.1, 0.2, 0.3, 0.4], y=[0, 1, 1, 0], b=[True, None, True, False],
        f=[0.5, float("nan"), 0.5, None], n=pa.nulls(4, pa.string()),
        d=pa.array([0, 1, 1, 0], pa.date32()),
    )  # fmt: skip
    assert score_counts(table, "s", "y", "b").groups == (("False",), ("True",), (None,))
    assert score_counts(table, "s", "y", "f").groups == (("0.5",), (None,))
    assert score_counts(table, "s", "y", "n").groups == ((None,),)
    assert score_counts(table, "s", "y", "d").groups == (("1970-01-01",), ("1970-01-02",))


def test_rows_without_an_amount_are_counted_and_told() -> None:
    table = table_of(
        s=[0.1, 0.1, 0.3, 0.4, None], y=[0, 1, 1, 0, 1],
        m=pa.array([5.0, None, float("nan"), 7.0, None]),
    )  # fmt: skip
    found = score_counts(table, "s", "y", amount="m")
    assert found.amount_positives_at is not None
    assert found.amount_negatives_at is not None
    assert found.without_amount is not None
    assert found.amount_positives_at.tolist() == [[0, 0, 0]]
    assert found.amount_negatives_at.tolist() == [[5, 0, 7]]
    assert found.without_amount.tolist() == [2]
    assert found.positives_at.tolist() == [[1, 1, 0]]


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        ([0, 1, 1, 0], 1), ([0, 1, 1, 0], "1"), ([0.0, 1.0, 1.0, 0.0], 1),
        ([-1, 1, 1, -1], 1.0), ([1, 0, 0, 1], 0), ([False, True, True, False], True),
        ([False, True, True, False], 1), ([False, True, True, False], "true"),
        ([True, False, False, True], "false"), (["ham", "spam", "spam", "ham"], "spam"),
        (["0", "1", "1", "0"], 1), ([2.5, 0.5, 0.5, 2.5], "0.5"),
        (pa.array([0, 9, 9, 0], pa.date32()), "1970-01-10"),
        ([2**53, 2**53 + 1, 2**53 + 1, 2**53], 2**53 + 1),  # one and the same as floats
        ([2**53, 2**53 + 1, 2**53 + 1, 2**53], str(2**53 + 1)),
        (pa.array([0, 2**64 - 1, 2**64 - 1, 0], pa.uint64()), 2**64 - 1),
        ([Decimal("0.20"), Decimal("0.10"), Decimal("0.10"), Decimal("0.20")], "0.1"),
        (pa.array([0.2, 0.1, 0.1, 0.2], pa.float32()), "0.1"),
        ([0, 1000, 1000, 0], "1e3"),
    ],
)  # fmt: skip
def test_the_event_is_found_whatever_the_labels_type(values: object, positive: object) -> None:
    found = score_counts(table_of(s=[1, 2, 3, 4], y=values), "s", "y", positive=positive)
    assert found.positives_at.tolist() == [[0, 1, 1, 0]]


def test_single_precision_is_counted_at_the_double_of_its_value() -> None:
    score, label = simulated(500)
    single = score.astype(np.float32)
    table = table_of(s=single, y=label)
    found = score_counts(table, "s", "y").to_empirical()
    same_counts(found, Empirical.from_rows(single.astype(np.float64), label))
    at = found.thresholds[::7]
    tp, fp = exact_at(table, "s", "y", at)  # the engine compares as the counts do
    assert tp[0].tolist() == found.tp[::7].tolist()
    assert fp[0].tolist() == found.fp[::7].tolist()


def test_decimals_and_whole_numbers_are_scores_too() -> None:
    whole = table_of(s=pa.array([3, 1, 2], pa.int8()), y=[1, 0, 1])
    assert score_counts(whole, "s", "y").thresholds.tolist() == [1, 2, 3]
    tenths = whole.mutate(s=whole.s.cast("decimal(9, 1)") / 10)
    assert score_counts(tenths, "s", "y").thresholds.tolist() == [0.1, 0.2, 0.3]


# --- exactly these thresholds ---


def test_counts_at_given_thresholds_are_those_of_the_rows() -> None:
    score, label = simulated(800)
    group = np.where(score * 1000 % 2 < 1, "a", "b")
    table = table_of(s=[*score, None], y=[*label.tolist(), 1], g=[*group.tolist(), "c"])
    at = [-np.inf, *np.random.default_rng(5).choice(score, 20), 0.5, 1e-9, np.inf]
    tp, fp = exact_at(table, "s", "y", at, by="g")
    assert tp.shape == fp.shape == (3, len(at))  # as many groups as `score_counts` has
    for i, name in enumerate("ab"):
        mine = group == name
        for j, t in enumerate(at):
            flagged = mine & (score >= t)
            assert (tp[i, j], fp[i, j]) == (flagged[label == 1].sum(), flagged[label == 0].sum())
    assert tp[2].sum() == fp[2].sum() == 0
    assert exact_at(table, "s", "y", [])[0].shape == (1, 0)


@pytest.mark.parametrize("at", [[0.1] * 101, [np.nan, 0.5]])
def test_too_many_thresholds_or_none_at_all_are_refused(at: list[float]) -> None:
    with pytest.raises(RowsError, match="At most 100 thresholds, all of them numbers"):
        exact_at(table_of(s=[0.1, 0.2], y=[0, 1]), "s", "y", at)


@pytest.mark.parametrize(
    ("columns", "asked", "said"),
    [
        ({"s": [0.1, 0.2], "y": ["a", "b"]}, {"positive": "typo"}, "`typo` does not occur in `y`"),
        ({"s": [0.1, np.inf], "y": [0, 1]}, {}, "1 score is infinite"),
        ({"s": [0.1, -np.inf, np.inf], "y": [0, 1, 0]}, {"by": "y2"}, "no column `y2`"),
    ],
)
def test_thresholds_are_counted_for_no_event_that_is_not_there(
    columns: dict[str, Any], asked: dict[str, Any], said: str
) -> None:
    with pytest.raises(RowsError, match=said):
        exact_at(table_of(**columns), "s", "y", [0.5], **asked)


def test_an_infinite_score_without_a_label_is_left_out() -> None:
    table = table_of(s=[0.1, 0.2, np.inf], y=[0, 1, None])
    assert score_counts(table, "s", "y").left_out.tolist() == [1]
    assert exact_at(table, "s", "y", [0.2])[0].tolist() == [[1]]


def test_both_zeros_are_one_segment() -> None:
    zeros = np.where(np.arange(400) % 3 == 1, -0.0, 0.0)
    table = table_of(s=np.arange(400) / 400, y=np.arange(400) % 2, g=zeros)
    found = score_counts(table, "s", "y", "g")
    assert found.groups == (("0.0",),)
    assert found.n_rows.tolist() == [400]
    assert exact_at(table, "s", "y", [0.0], by="g")[0].tolist() == [[200]]


# --- the engine is asked once ---


# Ibis 12 asks DuckDB 2 for the columns of a table by a name that DuckDB has deprecated.
@pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")
def test_another_threshold_or_price_asks_the_engine_nothing(tmp_path: Path) -> None:
    """The file is gone after counting, so that any further question would fail."""
    score, label = simulated(2000)
    file = tmp_path / "rows.parquet"
    pq.write_table(pa.table({"s": score, "y": label}), file)
    table = ibis.duckdb.connect().read_parquet(file)
    found = score_counts(table, "s", "y", max_distinct=500)
    file.unlink()
    with pytest.raises(Exception, match=r"No such file|No files found"):
        score_counts(table, "s", "y")
    rows = found.to_empirical()
    costs = {
        moderate(
            ModerationScenario(threshold=t, harm_per_missed=price, rows=rows.fingerprint), rows
        ).cost
        for t in (0.1, 0.3)
        for price in (4.0, 40.0)
    }
    assert len(costs) == 4


def test_each_question_is_told_beforehand_and_can_be_stopped() -> None:
    score, label = simulated(300)
    table = table_of(s=score, y=label, g=label)
    told: list[tuple[str, float]] = []
    score_counts(table, "s", "y", "g", 50, watch=lambda step, done: told.append((step, done)))
    assert len({step for step, _ in told}) == len(told) >= 4
    assert [done for _, done in told] == sorted(done for _, done in told)
    assert 0 == told[0][1] < told[-1][1] < 1
    for stop_at in range(len(told)):
        left = iter(range(stop_at))

        def stop(_step: str, _done: float) -> None:
            next(left)  # noqa: B023 - used before the next turn

        with pytest.raises(StopIteration):
            score_counts(table, "s", "y", "g", 50, watch=stop)


# --- refusals ---

GOOD = {"s": [0.1, 0.2, 0.3], "y": [0, 1, 1], "g": ["a", "a", "b"], "t": ["x", "y", "z"]}
INFINITE = {**GOOD, "s": [0.1, np.inf, -np.inf]}


@pytest.mark.parametrize(
    ("columns", "asked", "said"),
    [
        (GOOD, {"label": "s"}, "both `s`; choose two different"),
        (GOOD, {"score": "p"}, "no column `p`; there are `s`, `y`, `g`, `t`"),
        (GOOD, {"score": "t"}, "`t` is not a column of numbers"),
        (GOOD, {"amount": "t"}, "`t` is not a column of numbers"),
        (GOOD, {"amount": "y"}, "cannot be the amount as well"),
        (GOOD, {"by": "y"}, "each must be a column of its own"),
        (GOOD, {"by": ["g", "g"]}, "each must be a column of its own"),
        ({**GOOD, "l": [[1], [2], [3]]}, {"by": "l"}, "`l` holds array<int64>, which is no name"),
        (GOOD, {"max_distinct": 1}, "`max_distinct` must be at least 2; got 1"),
        (GOOD, {"positive": 7}, "`7` does not occur in `y`.*`0`, `1`"),
        (GOOD, {"positive": "spam"}, "`spam` is not a number, and the values of `y` are"),
        ({**GOOD, "y": [Decimal("0.10"), Decimal("0.20"), Decimal("0.20")]},
         {"positive": "77.25"}, "`77.25` does not occur"),
        ({**GOOD, "s": [1, 2**53, 2**53 + 1]}, {}, "neighbours would count as one score"),
        ({**GOOD, "m": [1.0, np.inf, -np.inf]}, {"amount": "m"}, "2 amounts in `m` are infinite"),
        ({**GOOD, "m": [np.inf, None, 2.0]}, {"amount": "m"}, "1 amount in `m` is infinite"),
        ({**GOOD, "m": [1e307] * 3}, {"amount": "m"}, "add up to more than 1e\\+100"),
        ({**GOOD, "m": [1.7e308] * 3, "s": [0.1, 0.2, 0.2]}, {"amount": "m"}, "add up to more"),
        (GOOD, {"positive": "1e999999999"}, "does not occur"),
        ({**GOOD, "y": [False, True, True]}, {"positive": "banana"}, "neither true nor false"),
        (GOOD, {"label": "t"}, "`t` has 3 different values"),
        ({**GOOD, "s": pa.nulls(3, pa.float64())}, {}, "`s` is empty in every row"),
        ({**GOOD, "y": pa.nulls(3, pa.int8())}, {}, "`y` is empty in every row"),
        ({**GOOD, "y": [1, 1, None]}, {}, "`y` holds only `1`; a label needs two values"),
        ({**GOOD, "s": [0.1, None, np.nan]}, {}, "same value in `y`; both are needed"),
        ({**GOOD, "y": [None, None, 1], "s": [1.0, 2.0, None]}, {}, "holds only `1`"),
        ({"s": [1.0, None, None], "y": [None, 0, 1]}, {}, "No row has both a score and a value"),
        (INFINITE, {}, "2 scores are infinite"),
        ({"s": pa.array([], pa.float64()), "y": pa.array([], pa.int8())}, {}, "There are no rows"),
    ],
)  # fmt: skip
def test_what_cannot_be_counted_is_refused_in_a_sentence(
    columns: dict[str, object], asked: dict[str, object], said: str
) -> None:
    asked = {"score": "s", "label": "y", **asked}
    with pytest.raises(RowsError, match=said):
        score_counts(table_of(**columns), **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(("n", "told"), [(201, "201"), (10_001, "more than 10,000")])
def test_too_many_segments_are_refused_with_their_number(n: int, told: str) -> None:
    table = table_of(s=np.arange(n) / n, y=np.arange(n) % 2, g=np.arange(n))
    with pytest.raises(RowsError, match=f"`g` would make {told} groups; at most 200"):
        score_counts(table, "s", "y", "g")


def test_as_many_segments_as_allowed_are_counted() -> None:
    table = table_of(s=np.arange(400) / 400, y=np.arange(400) % 2, g=np.arange(400) // 2)
    assert score_counts(table, "s", "y", "g").positives_at.sum(axis=1).tolist() == [1] * 200
