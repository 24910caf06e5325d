import codecs
import os
from pathlib import Path

import duckdb
import pytest

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.choosing import (
    Guess,
    guess_columns,
    guess_positive,
    guess_roles,
)
from aipm_metrics.rows.engine import opened
from aipm_metrics.rows.reading import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Column, Table, open_table
from aipm_metrics.rows.unusable import why_no_label, why_no_score
from tests.aipm_metrics.rows.written import write_csv, write_parquet


def opened_text(folder: Path, content: str | bytes) -> Table:
    path = folder / "scores.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return open_table(path)


def refused(path: Path, **limits: int) -> str:
    with pytest.raises(RowsError) as caught:
        open_table(path, **limits)
    said = str(caught.value)
    assert str(path.parent) not in said
    assert "Possible fixes" not in said
    assert "\n" not in said
    assert said.endswith((".", ".)"))
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None or caught.value.__suppress_context__
    return said


# --- what is read ---


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_delimiters_line_endings_and_a_byte_order_mark(
    tmp_path: Path, delimiter: str, ending: str, mark: bytes
) -> None:
    lines = ["score|label", "0.25|yes", "0.75|no", "1|no", ""]
    text = ending.join(lines).replace("|", delimiter)
    table = opened_text(tmp_path, mark + text.encode())
    assert (table.kind, table.delimiter, table.n_rows) == ("csv", delimiter, 3)
    assert table.columns == (
        Column("score", "DOUBLE", True, ("0.25", "0.75", "1"), 0),
        Column("label", "VARCHAR", False, ("no", "yes"), 0),
    )


def test_parquet_is_known_by_content_and_keeps_its_types(tmp_path: Path) -> None:
    rows = [(0.5, True, 7, "a", None), (float("nan"), False, 7, "1", None), (0.5, True, 8, "", 1)]
    types = ("DOUBLE", "BOOLEAN", "DECIMAL(9,2)", "VARCHAR", "INTEGER")
    path = write_parquet(tmp_path / "really.csv", list("abcde"), types, rows)
    table = open_table(path)
    assert (table.kind, table.delimiter, table.n_rows) == ("parquet", "", 3)
    assert table.columns == (
        Column("a", "DOUBLE", True, ("0.5",), 1),
        Column("b", "BOOLEAN", False, ("true", "false"), 0),
        Column("c", "DECIMAL(9,2)", True, ("7.00", "8.00"), 0),
        Column("d", "VARCHAR", False, ("", "1", "a"), 0),
        Column("e", "INTEGER", True, ("1",), 2),
    )


def test_nested_parquet_columns_are_not_mistaken_for_columns(tmp_path: Path) -> None:
    types = ("STRUCT(a DOUBLE, b DOUBLE)", "DOUBLE[]", "DOUBLE")
    row = ({"a": 1.0, "b": 2.0}, [1.0], 0.5)
    table = open_table(write_parquet(tmp_path / "x", ["s", "a", "b"], types, [row, row]))
    assert table.names == ("s", "a", "b")
    assert [column.numeric for column in table.columns] == [False, False, True]


def test_missing_fields_whole_numbers_and_text(tmp_path: Path) -> None:
    table = opened_text(tmp_path, "a,b,c,d\n1,0.5,x,\nNA,NaN,n/a,\n, ,null,\n 3 ,-1e3,1.0 or so,\n")
    assert [column.type for column in table.columns] == ["BIGINT", "DOUBLE", "VARCHAR", "VARCHAR"]
    assert [column.missing for column in table.columns] == [2, 2, 2, 4]
    assert [column.numeric for column in table.columns] == [True, True, False, False]
    assert table.column("a").values == ("1", "3")


def test_twelve_values_are_listed_by_frequency_and_thirteen_are_not(tmp_path: Path) -> None:
    rows = [(f"{i % 12:02}", f"{i % 13:02}") for i in range(13 * 12)] + [("11", "00")]
    table = open_table(write_csv(tmp_path / "x", ["twelve", "thirteen"], rows))
    assert table.column("twelve").values == ("11", *(f"{i:02}" for i in range(11)))
    assert table.column("thirteen").values == ()


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_decimal_commas_where_the_comma_is_not_the_delimiter(
    tmp_path: Path, delimiter: str
) -> None:
    text = "score|label\n0,35|1\n1,5|0\n2|0\n".replace("|", delimiter)
    assert opened_text(tmp_path, text).column("score").numeric


def test_names_are_kept_and_unnamed_columns_are_called_by_place(tmp_path: Path) -> None:
    table = opened_text(tmp_path, ',"the, score", label ,"a ""b""; c"\n0,0.5,1,x\n1,0.6,0,y\n')
    assert table.names == ("column 1", "the, score", "label", 'a "b"; c')


@pytest.mark.parametrize("name", ["a'b.csv", "scores[1].csv", "every*.csv", "why?.csv", "ß.CSV.gz"])
def test_file_and_folder_names_are_only_names(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "month=1"  # looks like a partition, adds no column
    folder.mkdir()
    for other in ("every1.csv", "scores1.csv", "whyn.csv"):
        (folder / other).write_text("other,file\n1,2\n")
    path = write_csv(folder / name, ["score", "label"], [(0.5, 1), (0.25, 0)])
    table = open_table(str(path))
    assert table.names == ("score", "label")
    assert table.n_rows == 2


def test_blank_lines_and_quoted_line_breaks_are_not_rows(tmp_path: Path) -> None:
    table = opened_text(tmp_path, 'score,text\n\n0.5,"two\nlines"\n\n0.25,one\n\n\n')
    assert table.n_rows == 2


def test_a_lone_quote_inside_a_field_is_text(tmp_path: Path) -> None:
    table = opened_text(tmp_path, 'score,size\n0.5,5" disc\n0.25,none\n')
    assert table.column("size").values == ('5" disc', "none")


def test_long_texts_that_look_like_rows_are_one_field(tmp_path: Path) -> None:
    """Line breaks inside quotes, over more bytes than one reader takes at a time."""
    text = '"",""\n0.5,1,fake\n' * 1_000
    lines = (f'0.{i},{i % 2},"{text}"\n' for i in range(1, 1_500))
    table = opened_text(tmp_path, "score,label,text\n" + "".join(lines))
    assert table.path.stat().st_size > 2**24
    assert table.n_rows == 1_499
    assert table.column("label").values == ("1", "0")
    assert table.column("text").missing == 0


def test_an_unknown_column_is_refused_with_the_names_there_are(tmp_path: Path) -> None:
    table = opened_text(tmp_path, "score,label\n1,2\n")
    with pytest.raises(RowsError, match="no column `Score`; there are `score`, `label`"):
        table.column("Score")


# --- what is refused ---


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", ["empty", "header and rows"]),
        (b"\n \n\n", ["blank lines"]),
        (b"\nscore,label\n1,2\n", ["first line is blank", "Remove"]),
        (b"score,label\n", ["no rows"]),
        (b"score,label", ["no rows"]),
        (b"score\n0.5\n0.6\n", ["one column, `score`", "label"]),
        (b"0.5,1\n0.6,0\n", ["column names", "`0.5`", "`score,label`"]),
        (b'"two\nlines",score\r\n1,2\r\n', ["`two lines`", "first line"]),
        (b'score,"label\n0.5,1\n0.6,0\n', ["`label 0.5,1 0.6,0`", "unclosed", "first line"]),
        (b"score,Score,label\n1,2,3\n", ["`score`, `Score`", "Rename"]),
        (b"a;b;a;b;c\n1;2;3;4;5\n", ["`a`, `b`, `a`, `b`", "Rename"]),
        (b"score,label\n0.5,1\n0.5,1,7\n", ["Line 3 has 3 fields", "header has 2"]),
        (b"score,label\n0.5,1\n\n0.5\n", ["Line 4 has 1 field", "header has 2"]),
        (b'score,label\n0.5,1\n0.5,"1\n0.7,0\n', ["Line 3", "double quote", "Close"]),
        (b'score,label\n0.5,1\n0.5,"1', ["Line 3", "double quote", "Close"]),
        (b"score,label\n0.5,1\n0.5,1\n0.7", ["Line 4 has 1 field", "header has 2"]),
        (b"score,label\r\n0.5,1\r\n0.6,0\n0.6,0\n", ["line ending", "save it again"]),
        (b"score,label\n0.5," + b"x" * 3_000_000 + b"\n", ["Line 2 cannot be read", "remove"]),
        (b'"' + b"x" * 200_000, ["one column"]),
        (b"score,label\n0.5,\xe9t\xe9\n", ["Line 2 is not UTF-8", "CSV UTF-8"]),
        (b"score,label\n" + b"0.5,a\n" * 300_000 + b"1,\xff\n", ["Line 300,002 is not UTF-8"]),
        (b"score,label\n0.5,\xc3", ["Line 2 is not UTF-8"]),
        ("score,label\n0.5,1\n".encode("utf-16"), ["UTF-16", "CSV UTF-8"]),
        ("score,label\n0.5,1\n".encode("utf-16-le"), ["zero bytes", "CSV UTF-8"]),
        (b"PK\x03\x04rest", ["Excel workbook or a zip", "CSV"]),
        (b"\x89PNG\r\n\x1a\n", ["picture", "CSV"]),
        (b"\x1f\x8b\x08rest", ["gzip"]),
        (b'{"score": 0.5, "label": 1}', ["JSON", "Export"]),
        (b"<!DOCTYPE html><p>a, b</p>", ["web page", "Export"]),
        (b"PAR1 and then nothing", ["end is missing", "again"]),
        (b"PAR1PAR1", ["end is missing", "again"]),
        (b"PAR1" + b"x" * 40 + b"PAR1", ["damaged", "again"]),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_words(
    tmp_path: Path, content: bytes, says: list[str]
) -> None:
    path = tmp_path / "scores.csv"
    path.write_bytes(content)
    said = refused(path)
    for words in says:
        assert words in said


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    path.touch()
    os.truncate(path, 2 * MAX_BYTES)
    assert refused(path).startswith("The file is 200 MB; at most 100 MB can be read. Keep only")


def test_the_limit_itself_is_allowed(tmp_path: Path) -> None:
    path = write_csv(tmp_path / "x.csv", ["score", "label"], [(0.5, 1)])
    size = path.stat().st_size
    assert open_table(path, max_bytes=size).n_rows == 1
    assert "can be read" in refused(path, max_bytes=size - 1)


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    assert "`none.csv`" in refused(tmp_path / "none.csv")
    (tmp_path / "folder").mkdir()
    assert "`folder`" in refused(tmp_path / "folder")


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_too_many_columns_are_refused_and_the_most_allowed_are_read(
    tmp_path: Path, kind: str
) -> None:
    def write(n: int) -> Path:
        names = [f"c{i}" for i in range(n)]
        if kind == "csv":
            return write_csv(tmp_path / "wide", names, [[i % 3 for i in range(n)]] * 2)
        return write_parquet(tmp_path / "wide", names, ["TINYINT"] * n, [[1] * n])

    assert len(open_table(write(MAX_COLUMNS)).columns) == MAX_COLUMNS
    assert "501 columns; at most 500" in refused(write(MAX_COLUMNS + 1))


def test_too_many_rows_in_a_small_parquet_file_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT 1 AS a, 2 AS b FROM range({MAX_ROWS + 1})) TO '{path}' (FORMAT parquet)"
        )
    assert path.stat().st_size < MAX_BYTES / 100
    assert "10,000,001 rows; at most 10,000,000" in refused(path)


def test_parquet_without_rows_with_one_column_or_cut_in_the_middle(tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    assert "no rows" in refused(write_parquet(path, ["a", "b"], ["DOUBLE"] * 2, []))
    assert "one column, `a`" in refused(write_parquet(path, ["a"], ["DOUBLE"], [(1.0,)]))
    write_parquet(path, ["a", "b"], ["VARCHAR"] * 2, [(f"{i:099}", "b") for i in range(99)])
    whole = path.read_bytes()
    path.write_bytes(whole[:60] + whole[-600:])
    assert "damaged" in refused(path)
    path.write_bytes(whole[:-1])
    assert "end is missing" in refused(path)


def test_equal_names_in_parquet_are_refused(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    inner = arrow.array([{"a": 1, "b": 2}])
    values = [inner, arrow.array([1]), arrow.array([2])]
    path = tmp_path / "double.parquet"
    parquet.write_table(arrow.Table.from_arrays(values, names=["s", "b", "B"]), path)
    assert "`b`, `B`" in refused(path)
    parquet.write_table(arrow.Table.from_arrays(values, names=["s", "a", "b"]), path)
    assert open_table(path).names == ("s", "a", "b")


def test_text_from_the_file_is_cut_and_inert_in_a_refusal(tmp_path: Path) -> None:
    name = "`![x](http://a)`\n" + "y" * 99
    said = refused(write_csv(tmp_path / "x", [name, name], [(1, 2)]))
    assert "`'![x](http://a)' yyy" in said
    assert "…`" in said


# --- the engine is shut in ---


@pytest.mark.parametrize(
    "statement",
    [
        "FROM read_text('{other}')",
        "FROM read_csv('{other}')",
        "FROM sniff_csv('{other}')",
        "FROM glob('{folder}/*')",
        "COPY (SELECT 1) TO '{folder}/written.csv'",
        "ATTACH '{folder}/new.db'",
        "INSTALL httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '9GB'",
    ],
)
def test_the_engine_reads_one_file_and_nothing_else(tmp_path: Path, statement: str) -> None:
    path = write_csv(tmp_path / "x.csv", ["a", "b"], [(1, 2)])
    other = write_csv(tmp_path / "other.csv", ["a", "b"], [(1, 2)])
    before = sorted(tmp_path.iterdir())
    with pytest.raises(RowsError), opened(path, "csv") as backend:
        backend.con.execute(statement.format(other=other, folder=tmp_path)).fetchall()
    assert sorted(tmp_path.iterdir()) == before


# --- guesses ---


def table_of(*columns: Column) -> Table:
    return Table(Path("x.csv"), "csv", ",", columns, 100)


def column(name: str, *values: str, kind: str = "DOUBLE") -> Column:
    return Column(name, kind, kind != "VARCHAR", values, 0)


@pytest.mark.parametrize(
    ("columns", "guess"),
    [
        (
            [column("id", kind="BIGINT"), column("score"), column("label", "0", "1")],
            ("score", "label"),
        ),
        (
            [column("amount"), column("isFraud", "0", "1"), column("fraud_prob")],
            ("fraud_prob", "isFraud"),
        ),
        (
            [column("sex", "m", "f", kind="VARCHAR"), column("y_true", "0", "1"), column("p")],
            ("p", "y_true"),
        ),
        (
            [column("prediction", "0", "1"), column("y", "0", "1"), column("y_score")],
            ("y_score", "y"),
        ),
        (
            [column("key", kind="BIGINT"), column("zeta"), column("spam", "n", "y")],
            ("zeta", "spam"),
        ),
    ],
)
def test_columns_are_guessed_by_name_and_then_by_content(
    columns: list[Column], guess: tuple[str, str]
) -> None:
    assert guess_columns(table_of(*columns)) == guess


def test_a_two_valued_prediction_is_the_score_if_nothing_else_is() -> None:
    both = column("prediction", "0", "1"), column("label", "0", "1")
    assert guess_columns(table_of(*both)) == ("prediction", "label")


def text(name: str, *values: str) -> Column:
    return column(name, *values, kind="VARCHAR")


@pytest.mark.parametrize(
    ("columns", "guess"),
    [  # a name goes before content, whatever the column holds
        ([text("score"), column("amount"), column("label", "0", "1")], ("score", "label")),
        ([text("score"), column("risk_level"), column("label", "0", "1")], ("score", "label")),
        ([text("score"), column("probability"), column("y", "0", "1")], ("probability", "y")),
        (
            [column("score"), column("label", "0"), text("model_version", "v1", "v2")],
            ("score", "label"),
        ),
        ([column("score"), column("label", "a", "b", "c"), text("sex", "m", "f")],
         ("score", "label")),
        ([column("score"), column("is_fraud", "0"), text("sex", "m", "f")], ("score", "is_fraud")),
        ([column("score"), text("fraud", "no", "yes"), text("sex", "m", "f")], ("score", "fraud")),
        ([column("score"), column("response"), column("is_won", "0", "1")], ("score", "is_won")),
    ],
)  # fmt: skip
def test_a_name_is_never_overruled_by_content(
    columns: list[Column], guess: tuple[str, str]
) -> None:
    assert guess_columns(table_of(*columns)) == guess
    score, label = guess_roles(columns)
    assert score is not None
    assert label is not None
    assert score.by_name
    assert label.by_name


@pytest.mark.parametrize("name", ["version", "model_version", "country", "segment", "row_id",
                                  "amount", "order_value", "event_time"])  # fmt: skip
def test_a_column_named_for_something_else_is_neither_score_nor_label(name: str) -> None:
    assert guess_roles([column(name)]) == (None, None)
    assert guess_roles([column(name, "1", "2", kind="BIGINT")]) == (None, None)


def test_a_guess_by_content_says_so() -> None:
    score, label = guess_roles([column("zeta"), column("sex", "m", "f")])
    assert (score, label) == (Guess("zeta", by_name=False), Guess("sex", by_name=False))


def test_what_cannot_be_score_or_label_is_told_why() -> None:
    assert "`score` is text (`high`, `low`)" in why_no_score(text("score", "high", "low"))
    assert why_no_score(column("score")) == ""
    assert "one value only, `0`" in why_no_label(column("label", "0"))
    assert "3 different values" in why_no_label(column("label", "a", "b", "c"))
    assert "more than twelve" in why_no_label(column("label"))
    assert why_no_label(column("label", "0", "1")) == ""


def test_no_guess_without_a_two_valued_or_a_numeric_column() -> None:
    assert guess_columns(table_of(column("score"), column("group", "a", "b", "c"))) is None
    assert guess_columns(table_of(text("text"), text("label", "a", "b"))) is None


@pytest.mark.parametrize(
    ("values", "positive"),
    [
        (("0", "1"), "1"),
        (("1.0", "0.0"), "1.0"),
        (("TRUE", "FALSE"), "TRUE"),
        (("harmful", "fine"), "harmful"),
        (("not harmful", "harmful"), "harmful"),
        (("dubious", "legit"), "dubious"),
        (("left", "right"), "right"),
        (("no", "0"), "0"),
    ],
)
def test_the_positive_is_guessed_by_word_and_then_by_rarity(
    values: tuple[str, ...], positive: str
) -> None:
    assert guess_positive(column("label", *values)) == positive


def test_no_positive_without_a_short_list_of_values() -> None:
    with pytest.raises(RowsError, match="`label` has no short list of values"):
        guess_positive(column("label"))
