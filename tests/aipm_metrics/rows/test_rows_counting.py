import csv
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from aipm_metrics.errors import RowsError
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.rows.counting import ScoredRows, count_scores
from aipm_metrics.rows.reading import Table, open_table
from tests.aipm_metrics.rows.written import write_csv, write_parquet

Rows = list[tuple[int, float | None, int | None]]

TIED = st.sampled_from([0.0, -0.0, 0.1, 0.25, 0.3, 0.30000000000000004, 1.0, -3.5])
SCORES = st.none() | TIED | st.floats(allow_nan=False, allow_infinity=False)
LABELS = st.sampled_from([0, 1, 1, None])
ROWS = st.lists(st.tuples(st.integers(0, 99), SCORES, LABELS), min_size=2, max_size=40)
NAMES = st.sampled_from(
    [
        "score",
        'x"; DROP TABLE t; --',
        'semi;colon, comma\t"tab"',
        "two words",
        "o'brien",
        "$path",
        "t0",
        "c1",
        "ünïcode 🙂",
        "SELECT",
        "{}",
        "\\",
    ]
) | st.text(st.characters(codec="ascii", categories=["L", "P", "S", "Zs"]), min_size=1, max_size=9)


def oracle(rows: Rows) -> Empirical:
    """The same counts, by numpy, from the rows that have both."""
    whole = [(score, label) for _, score, label in rows if score is not None and label is not None]
    assume({label for _, label in whole} == {0, 1})
    assume(len({score for score, _ in whole}) > 1)
    return Empirical.from_rows([score for score, _ in whole], [label for _, label in whole])


def same(counted: ScoredRows, expected: Empirical, n_rows: int) -> None:
    for field in ("thresholds", "positives_at", "negatives_at", "tp", "fp"):
        np.testing.assert_array_equal(getattr(counted.counts, field), getattr(expected, field))
    assert counted.counts.fingerprint == expected.fingerprint
    assert counted.n_rows == n_rows
    assert counted.left_out == n_rows - expected.positives - expected.negatives
    assert any("left out" in note for note in counted.notes) == bool(counted.left_out)


@settings(max_examples=10, deadline=None)
@given(rows=ROWS)
@example(rows=[(0, -0.0, 1), (1, 0.0, 0), (2, 5e-324, 1), (3, 1.7976931348623157e308, 0)])
def test_every_kind_of_file_gives_the_counts_that_the_rows_give(rows: Rows) -> None:
    expected = oracle(rows)
    names = ["id", "score", "label"]
    with TemporaryDirectory() as folder:
        files = [
            write_csv(Path(folder, f"{i}.csv"), names, rows, mark) for i, mark in enumerate(",;\t")
        ]
        types = ["BIGINT", "DOUBLE", "INTEGER"]
        files.append(write_parquet(Path(folder, "x.parquet"), names, types, rows))
        for file in files:
            same(count_scores(open_table(file), "score", "label", "1"), expected, len(rows))


@settings(max_examples=20, deadline=None)
@given(
    rows=ROWS,
    texts=st.lists(st.text(" ,;\t\"'\r\n#\\aé"), min_size=40, max_size=40),
    delimiter=st.sampled_from(",;\t"),
    ending=st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_text_beside_the_scores_changes_nothing(
    rows: Rows, texts: list[str], delimiter: str, ending: str
) -> None:
    expected = oracle(rows)
    beside = [(text, score, label) for text, (_, score, label) in zip(texts, rows, strict=False)]
    with TemporaryDirectory() as folder:
        path, names = Path(folder, "x"), ["text", "score", "label"]
        # Python's own minimal quoting leaves a lone carriage return bare.
        write_csv(path, names, beside, delimiter, ending, csv.QUOTE_NONNUMERIC)
        same(count_scores(open_table(path), "score", "label", "1"), expected, len(rows))


@settings(max_examples=20, deadline=None)
@given(score=NAMES, label=NAMES, mark=st.sampled_from([*",;\t", "parquet"]))
@example(score='x"; DROP TABLE t; --', label='"', mark="parquet")
def test_column_names_are_only_names(score: str, label: str, mark: str) -> None:
    names = ["id", score.strip(), label.strip()]
    assume(len({name.lower() for name in names}) == 3)
    assume(all(names))
    rows: Rows = [(1, 0.5, 1), (2, 0.5, 0), (3, 0.25, 0), (4, None, 1)]
    with TemporaryDirectory() as folder:
        if mark == "parquet":
            types = ["BIGINT", "DOUBLE", "INTEGER"]
            path = write_parquet(Path(folder, "x"), names, types, rows)
        else:
            path = write_csv(Path(folder, "x"), names, rows, mark)
        table = open_table(path)
        assert table.names == tuple(names)
        same(count_scores(table, names[1], names[2], "1"), oracle(rows), len(rows))


@pytest.mark.parametrize("kind", ["FLOAT", "DECIMAL(9,3)", "VARCHAR", "DOUBLE"])
def test_scores_of_other_types_count_alike(tmp_path: Path, kind: str) -> None:
    rows = [(0.5, "yes"), (0.125, "no"), (0.5, "no"), (None, "no")]
    path = write_parquet(tmp_path / "x", ["p", "y"], [kind, "VARCHAR"], rows)
    counted = count_scores(open_table(path), "p", "y", "yes")
    same(counted, Empirical.from_rows([0.5, 0.125, 0.5], [1, 0, 0]), 4)


def test_labels_are_compared_as_they_are_shown(tmp_path: Path) -> None:
    rows = [(0.5, True), (0.125, False)]
    table = open_table(write_parquet(tmp_path / "x", ["p", "y"], ["DOUBLE", "BOOLEAN"], rows))
    for value in table.column("y").values:
        counts = count_scores(table, "p", "y", value).counts
        assert (counts.positives, counts.negatives) == (1, 1)


def test_which_value_is_positive_swaps_the_classes(tmp_path: Path) -> None:
    table = small(tmp_path, "0.5,a\n0.5,b\n0.25,b\n")
    one, other = (count_scores(table, "score", "label", value).counts for value in "ab")
    np.testing.assert_array_equal(one.positives_at, other.negatives_at)
    np.testing.assert_array_equal(one.negatives_at, other.positives_at)


def test_decimal_commas_count_as_points(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x", ["s", "y"], [("0,35", 1), ("1", 0), ("0,5", 0)], ";")
    assert count_scores(open_table(path), "s", "y", "1").counts.thresholds.tolist() == [
        0.35,
        0.5,
        1,
    ]


def test_nan_is_no_score(tmp_path: Path) -> None:
    rows = [(0.5, 1), (float("nan"), 1), (0.25, 0), (0.75, None)]
    csv = write_csv(tmp_path / "x.csv", ["s", "y"], rows)
    parquet = write_parquet(tmp_path / "x.parquet", ["s", "y"], ["DOUBLE", "INTEGER"], rows)
    for path in (csv, parquet):
        counted = count_scores(open_table(path), "s", "y", "1")
        same(counted, Empirical.from_rows([0.5, 0.25], [1, 0]), 4)
        assert counted.notes == ("2 of 4 rows have no score or no label and are left out.",)


def test_notes_say_what_a_reader_must_know(tmp_path: Path) -> None:
    counted = count_scores(small(tmp_path, "5.1,1\n-3.2,0\n,0\n"), "score", "label", "1", "my.csv")
    assert counted.name == "my.csv"
    assert counted.notes == (
        "1 of 3 rows has no score or no label and is left out.",
        "Scores reach from -3.2 to 5.1, outside [0, 1]: "
        "they rank the items but are not probabilities.",
    )
    assert count_scores(small(tmp_path, "1,1\n0,0\n"), "score", "label", "1").notes == ()


# --- refusals ---


def small(folder: Path, lines: str) -> Table:
    path = folder / "small.csv"
    path.write_text("score,label\n" + lines)
    return open_table(path)


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ("0.5,1\n", ["one row", "one positive and one negative"]),
        (",1\n,0\n", ["`score` is empty", "another score column"]),
        ("0.5,\n0.6,\n", ["`label` is empty", "another label column"]),
        ("0.5,\n,1\n0.6,\n,0\n", ["No row has both", "`label`"]),
        ("0.5,1\nhigh,0\nlow,1\n", ["`score` holds `high`", "not a number", "0.35"]),
        ('"0,5",1\n0.6,0\n', ["`score` holds `0,5`", "0.35"]),
        ("true,1\nfalse,0\n", ["`score` holds `true`"]),
        ("0.5,a\n0.6,b\n0.7,c\n", ["`label` has 3 different values (`a`, `b`, `c`);", "two"]),
        (
            "".join(f"0.5,v{i:02}\n" for i in range(20)),
            ["`label` has 20 different values (`v00`, `v01`, `v02`, ...)", "two"],
        ),
        ("0.5,1\n0.6,1\n", ["`label` holds only `1`", "two values"]),
        ("0.5,1\n0.6,1\n,0\n", ["Every row that has a score", "`1`, `0`", "Add"]),
        ("0.5,1\n0.5,0\n", ["Every score is 0.5", "another score column"]),
        ("inf,1\n0.5,0\n-inf,1\n", ["2 scores are infinite", "leave the field empty"]),
        ("1e999,1\n0.5,0\n", ["1 score is infinite"]),
        ("0.5,yes\n0.6,no\n", ["`1` does not occur in `label`", "`no`, `yes`"]),
    ],
)
def test_columns_that_cannot_be_used_are_refused_in_words(
    tmp_path: Path, lines: str, says: list[str]
) -> None:
    with pytest.raises(RowsError) as caught:
        count_scores(small(tmp_path, lines), "score", "label", "1")
    for words in says:
        assert words in str(caught.value)


def test_one_column_cannot_be_both_and_must_exist(tmp_path: Path) -> None:
    table = small(tmp_path, "0.5,1\n0.6,0\n")
    with pytest.raises(RowsError, match="both `score`; choose two different"):
        count_scores(table, "score", "score", "1")
    with pytest.raises(RowsError, match="no column `p`; there are `score`, `label`"):
        count_scores(table, "p", "label", "1")


def test_a_file_that_went_away_is_refused_without_its_path(tmp_path: Path) -> None:
    table = small(tmp_path, "0.5,1\n0.6,0\n")
    table.path.unlink()
    with pytest.raises(RowsError) as caught:
        count_scores(table, "score", "label", "1")
    assert str(tmp_path) not in str(caught.value)


def test_whole_numbers_that_floats_put_together_are_refused(tmp_path: Path) -> None:
    rows = [(2**53, 0), (2**53 + 1, 1), (3, 1)]
    path = write_parquet(tmp_path / "x.parquet", ["score", "label"], ["BIGINT", "INTEGER"], rows)
    with pytest.raises(RowsError, match=r"`score` holds whole numbers .* count as one score"):
        count_scores(open_table(path), "score", "label", "1")
    near = [(2**53 - 1, 0), (2**53 - 2, 1), (3, 1)]
    path = write_parquet(tmp_path / "y.parquet", ["score", "label"], ["BIGINT", "INTEGER"], near)
    assert count_scores(open_table(path), "score", "label", "1").counts.thresholds.size == 3
