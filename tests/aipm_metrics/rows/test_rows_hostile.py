"""Files made to break the reader: refused in a sentence, or read as the plain text they hold."""

from __future__ import annotations

import csv
import io
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from aipm_metrics.errors import RowsError
from aipm_metrics.rows import engine, parquet_limits
from aipm_metrics.rows.counting import count_scores
from aipm_metrics.rows.reading import open_table
from aipm_metrics.rows.uploads import laid_down, sweep
from aipm_metrics.rows.wording import inert
from tests.aipm_metrics.rows.written import write_csv, write_parquet


def refused(path: Path) -> str:
    with pytest.raises(RowsError) as caught:
        open_table(path)
    said = str(caught.value)
    assert str(path.parent) not in said
    assert "\n" not in said
    assert len(said) < 400
    assert said.endswith(".")
    return said


@pytest.mark.parametrize("letters", [1, 40])
def test_ten_thousand_columns_are_refused(tmp_path: Path, letters: int) -> None:
    """Also where their names alone are longer than what is looked at for the header."""
    names = ["x" * letters + str(i) for i in range(10_000)]
    said = refused(write_csv(tmp_path / "wide.csv", names, [range(10_000)] * 2))
    assert "columns; at most 500 can be read" in said
    table = pa.table([pa.array([0.5])] * 10_000, names=names)
    parquet.write_table(table, tmp_path / "wide.parquet")
    assert "10,000 columns; at most 500" in refused(tmp_path / "wide.parquet")


def test_real_archives_are_named_for_what_they_are(tmp_path: Path) -> None:
    path = tmp_path / "scores.csv"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("scores.csv", b"0" * 50_000_000)  # a bomb, a thousand times its size
    assert path.stat().st_size < 100_000
    assert "a zip archive" in refused(path)
    with zipfile.ZipFile(path, "w"):
        pass
    assert "an empty zip archive" in refused(path)
    path.write_bytes(b"SQLite format 3\0" + b"\0" * 99)
    assert "a SQLite database" in refused(path)
    sink = pa.OSFile(str(path), "wb")
    with sink, pa.ipc.new_file(sink, pa.schema([("a", pa.int8())])):
        pass
    assert "an Arrow file" in refused(path)


def test_parquet_that_promises_billions_of_rows_is_refused_by_its_footer(tmp_path: Path) -> None:
    path = tmp_path / "bomb.parquet"
    parquet.write_table(pa.table({"score": [0.5] * 70, "label": [1] * 70}), path)
    whole = path.read_bytes()
    # Thrift's compact form of 70 as a zigzag varint is 8C 01; of 2**31 it is five bytes long.
    footer = int.from_bytes(whole[-8:-4], "little")
    tail = whole[-8 - footer : -8].replace(b"\x8c\x01", b"\x80\x80\x80\x80\x10")
    path.write_bytes(whole[: -8 - footer] + tail + len(tail).to_bytes(4, "little") + b"PAR1")
    assert "2,147,483,648 rows; at most 10,000,000" in refused(path)


def bomb(path: Path, letters: int, n_rows: int, *, once: bool = True) -> Path:
    """Write many rows of one text, which is kept once or, packed, in every row."""
    indices = pa.array([0] * n_rows, pa.int32())
    texts = pa.DictionaryArray.from_arrays(indices, pa.array(["x" * letters]))
    parquet.write_table(
        pa.table({"score": indices, "text": texts}), path, compression="zstd",
        store_schema=False, use_dictionary=once, dictionary_pagesize_limit=2**30,
    )  # fmt: skip
    assert path.stat().st_size < letters * n_rows / 1_000
    return path


def test_pages_that_swell_are_refused_by_the_footer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = bomb(tmp_path / "bomb.parquet", 1_000_000, 100, once=False)
    assert open_table(path).n_rows == 100
    monkeypatch.setattr(parquet_limits, "MAX_UNPACKED", 64 * 2**20)
    assert re.search(r"unpacks to 95\.\d MB; at most 64 MB", refused(path))


SWELLING = """
import re, sys
from pathlib import Path
from aipm_metrics.errors import RowsError
from aipm_metrics.rows.reading import open_table
try:
    print(open_table(sys.argv[1]).column("text").values, end="|")
except RowsError as refusal:
    print(refusal, end="|")
# Unlike ru_maxrss, this peak is not inherited from whoever started the process.
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="Linux tells a process's peak")
@pytest.mark.parametrize(
    ("letters", "says"),
    [
        (400_000, "()"),
        (1_500_000, "`text` holds a text of 1,500,000 bytes; at most 1,000,000 can be "
                     "read. Leave that column out."),
    ],
)  # fmt: skip
def test_one_long_text_in_every_row_is_not_laid_down_in_every_row(
    tmp_path: Path, letters: int, says: str
) -> None:
    """A few kilobytes, or gigabytes. The peak is of a process of its own."""
    path = bomb(tmp_path / "bomb.parquet", letters, 20_000)
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", SWELLING, path],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    said, megabytes = done.stdout.split("|")
    assert said == says
    assert int(megabytes) < 1_024


def test_reading_ends_after_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = bomb(tmp_path / "bomb.parquet", 1_000, 500_000)
    assert open_table(path).column("text").values == ("x" * 1_000,)
    monkeypatch.setattr(engine, "MAX_SECONDS", 0.0)
    assert "Reading was stopped; it may take 0 seconds" in refused(path)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_truncated_parquet_file_is_refused(tmp_path: Path, share: float) -> None:
    path = write_parquet(
        tmp_path / "x", ["s", "y"], ["DOUBLE", "INTEGER"], [(i, 1) for i in range(99)]
    )
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "cut off on the way" in refused(path)


@settings(max_examples=40, deadline=None)
@given(
    flips=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(1, 255)), min_size=1, max_size=6
    )
)
def test_a_damaged_parquet_file_is_read_or_refused_in_a_sentence(
    flips: list[tuple[float, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.getbasetemp() / "damaged.parquet"
    if not place.exists():
        rows = [(i / 7, i % 2, f"text {i % 5}") for i in range(60)]
        write_parquet(place, ["score", "label", "text"], ["DOUBLE", "INTEGER", "VARCHAR"], rows)
    whole = bytearray(place.read_bytes())
    for where, by in flips:
        whole[int(where * len(whole))] ^= by
    with laid_down(bytes(whole)) as path:
        said = ""
        try:
            table = open_table(path)
            count_scores(table, table.names[0], table.names[1], "1")
        except RowsError as refusal:
            said = str(refusal)
        assert str(path.parent) not in said


def test_formulas_are_read_as_text_and_written_as_text(tmp_path: Path) -> None:
    names = ["=1+1", "@SUM(A1:A9)", "+label"]
    rows = [(0.5, "=cmd|' /C calc'!A0", 1), (0.25, "-2+3", 0), (0.75, "\tx", 1)]
    table = open_table(write_csv(tmp_path / "x.csv", names, rows))
    assert table.names == tuple(names)
    assert "=cmd|' /C calc'!A0" in table.column("@SUM(A1:A9)").values
    assert count_scores(table, "=1+1", "+label", "1").counts.positives == 2


@given(st.text() | st.text("=+-@\t\r\n 019.eE", min_size=1))
def test_no_cell_that_is_written_can_start_a_formula(text: str) -> None:
    written = inert(text)
    assert written in {text, f"'{text}"}
    if written[:1] in {"=", "@", "\t", "\r", "\n"}:
        pytest.fail(f"{written!r} could be a formula")
    if written[:1] in {"+", "-"}:
        float(written)


@pytest.mark.parametrize(
    "text", ["\uff1d1+1", " =1", "\u22121+1", "+1+1", "--1", "=", "@x", "-", "+A1"]
)
def test_formulas_in_disguise_are_made_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "en", "-0.5", "+1e-3", "0", "a=b", "1-2", "'=1", "ü"])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert inert(text) == text


def test_a_download_holds_no_formula() -> None:
    import pandas as pd

    from pages._shared.share import csv_of

    table = pd.DataFrame({"=cmd": ["@SUM(1)", "en", None], "rate": [-0.5, 1.0, float("nan")]})
    lines = list(csv.reader(io.StringIO(csv_of(table))))
    assert lines == [["'=cmd", "rate"], ["'@SUM(1)", "-0.5"], ["en", "1.0"], ["", ""]]


# --- what lies on disk, and for how long ---


def test_nothing_is_left_when_reading_fails(tmp_path: Path) -> None:
    for content in (b"score,label\n0.5,1\n", b"PK\x03\x04", b"score,label\n0.5,1,2\n"):
        try:
            with laid_down(content, tmp_path) as path:
                assert path.read_bytes() == content
                assert [p.name for p in path.parent.iterdir()] == ["upload"]
                open_table(path)
        except RowsError:
            pass
        assert not list(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt), laid_down(b"x", tmp_path):
        raise KeyboardInterrupt
    assert not list(tmp_path.iterdir())


def test_what_a_killed_process_left_is_swept_after_a_day(tmp_path: Path) -> None:
    names = ("aipm-rows-old", "aipm-rows-new", "others-old", "aipm-rows-link")
    for name in names[:3]:
        (tmp_path / name).mkdir()
        (tmp_path / name / "upload").write_bytes(b"x")
    (tmp_path / names[3]).symlink_to(tmp_path / "others-old")
    for name in ("aipm-rows-old", "others-old"):
        os.utime(tmp_path / name, (0, 0))
    os.utime(tmp_path / names[3], (0, 0), follow_symlinks=False)
    sweep(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(names[1:])
    assert (tmp_path / "others-old" / "upload").exists()


def test_only_its_owner_can_read_what_lies_on_disk(tmp_path: Path) -> None:
    with laid_down(b"x", tmp_path) as path:
        assert path.parent.stat().st_mode & 0o077 == 0


def test_a_disk_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    lent = laid_down(b"x", tmp_path / "missing")
    with pytest.raises(RowsError, match=r"cannot be written to.*Nothing of it was kept"), lent:
        pytest.fail("it was laid down")


FULL = """
import pathlib, resource, signal, sys
from aipm_metrics.errors import RowsError
from aipm_metrics.rows.uploads import laid_down
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # the disk is full after 1,000 bytes
place = pathlib.Path(sys.argv[1])
try:
    with laid_down(b"x" * 100_000, place):
        print("laid down")
except RowsError as refusal:
    print(refusal, len(list(place.iterdir())))
"""


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    """In a process of its own, which the system really lets write no further."""
    done = subprocess.run(
        [sys.executable, "-c", FULL, tmp_path], check=True, capture_output=True, text=True
    )
    assert done.stdout == (
        "The server's disk is full, so the file cannot be laid down to be read. Nothing of it was "
        "kept. Try a smaller file, or later. 0\n"
    )
