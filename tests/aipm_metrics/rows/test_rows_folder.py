"""A page may name files below one folder, whatever it writes."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import RowsError
from aipm_metrics.rows import folder
from aipm_metrics.rows.folder import files, inside
from tests.aipm_metrics.rows.written import write_parquet

SECRET = "the-owner's-place"


def parquet(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content())
    return path


@cache
def content() -> bytes:
    with TemporaryDirectory() as place:
        rows = [(0.5, 1), (0.25, 0)]
        return write_parquet(
            Path(place, "x"), ["score", "label"], ["DOUBLE", "INTEGER"], rows
        ).read_bytes()


@pytest.fixture(name="root")
def _root(tmp_path: Path) -> Path:
    """Three Parquet files and a text; beside the folder, a Parquet file nobody may read."""
    root = tmp_path / SECRET / "rows"
    for name in ("may.parquet", "2026/june.parquet", "2026/july.parquet"):
        parquet(root / name)
    (root / "notes.txt").write_text("score,label\n0.5,1\n")
    parquet(tmp_path / SECRET / "secret.parquet")
    return root


def refused(root: Path, ref: str) -> str:
    with pytest.raises(RowsError) as caught:
        inside(root, ref)
    said = str(caught.value)
    assert SECRET not in said
    assert said.endswith(".")
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return said


@pytest.mark.parametrize(
    ("ref", "found"),
    [
        ("may.parquet", ["may.parquet"]),
        ("./2026/./june.parquet", ["2026/june.parquet"]),
        ("2026/*.parquet", ["2026/july.parquet", "2026/june.parquet"]),
        ("2026/ju[ln]?.parquet", ["2026/july.parquet", "2026/june.parquet"]),
        ("**/*.parquet", ["2026/july.parquet", "2026/june.parquet", "may.parquet"]),
        ("2026/*", ["2026/july.parquet", "2026/june.parquet"]),
    ],
)
def test_paths_and_patterns_below_the_folder_are_found(
    root: Path, ref: str, found: list[str]
) -> None:
    assert inside(root, ref) == tuple(root / name for name in found)


def test_the_listing_names_what_can_be_opened(root: Path) -> None:
    listed = files(root)
    assert [f.ref for f in listed] == ["2026/july.parquet", "2026/june.parquet", "may.parquet"]
    for file in listed:
        (path,) = inside(root, file.ref)
        assert path.stat().st_size == file.n_bytes


@pytest.mark.parametrize(
    ("ref", "says"),
    [
        ("../secret.parquet", "leads out of the folder"),
        ("2026/../../secret.parquet", "leads out of the folder"),
        ("..\\secret.parquet", "leads out of the folder"),
        ("*/../../*.parquet", "leads out of the folder"),
        ("..", "leads out of the folder"),
        ("~/secret.parquet", "leads out of the folder"),
        ("2026/~root/x.parquet", "leads out of the folder"),
        ("/etc/passwd", "not a path below the folder"),
        ("//host/share/x.parquet", "not a path below the folder"),
        ("C:\\rows\\x.parquet", "not a path below the folder"),
        ("c:x.parquet", "not a path below the folder"),
        ("\\\\host\\share\\x.parquet", "not a path below the folder"),
        ("https://host/x.parquet", "not a path below the folder"),
        ("s3://bucket/*.parquet", "not a path below the folder"),
        ("2026\\june.parquet", "backslash"),
        ("", "1 to 1,000 printable characters"),
        ("   ", "1 to 1,000 printable characters"),
        ("may.parquet\0.txt", "1 to 1,000 printable characters"),
        ("a\nb", "1 to 1,000 printable characters"),
        ("x" * 1_001, "1 to 1,000 printable characters"),
        ("**/**/*.parquet", "once is enough"),
        ("**.parquet/**", "once is enough"),
        ("a**", "path or pattern"),
        ("june.parquet", "Nothing in the folder matches `june.parquet`"),
        ("2025/*.parquet", "Nothing in the folder matches"),
        ("read_csv('/etc/passwd')", "Nothing in the folder matches"),
        ("notes.txt", "`notes.txt` is not a whole Parquet file"),
        ("*", "`notes.txt` is not a whole Parquet file"),
        ("2026", "`2026` is a folder. Write /*.parquet behind it"),
        (".", "is a folder"),
        ("may.parquet/x", "Nothing in the folder matches"),
    ],
)
def test_what_leads_elsewhere_or_nowhere_is_refused(root: Path, ref: str, says: str) -> None:
    assert says in refused(root, ref)


def test_an_absolute_path_into_the_folder_itself_is_refused(root: Path) -> None:
    with pytest.raises(RowsError, match="not a path below the folder"):
        inside(root, str(root / "may.parquet"))


@pytest.mark.parametrize(
    "ref",
    ["out.parquet", "away/secret.parquet", "away/none.parquet", "away/*", "away/s*", "away/zzz*",
     "away/rows/may.parquet"],
)  # fmt: skip
def test_links_that_lead_out_are_refused_whatever_is_behind(root: Path, ref: str) -> None:
    (root / "out.parquet").symlink_to(root.parent / "secret.parquet")
    (root / "away").symlink_to(root.parent)
    said = refused(root, ref)
    assert "meets a link that leads out" in said
    assert "secret" not in said.replace(ref, "")  # no name from outside
    assert "out.parquet" not in [file.ref for file in files(root)]


def test_a_pattern_passes_over_links_that_lead_out(root: Path) -> None:
    (root / "out.parquet").symlink_to(root.parent / "secret.parquet")
    (root / "gone.parquet").symlink_to(root.parent / "nothing")
    (root / "away").symlink_to(root.parent)
    assert inside(root, "*.parquet") == (root / "may.parquet",)
    assert len(inside(root, "**/*.parquet")) == 3
    assert refused(root, "a*/s*").replace("s*", "zzz*") == refused(root, "a*/zzz*")


def test_a_folder_beside_it_whose_name_begins_alike_is_outside(root: Path) -> None:
    parquet(root.parent / "rows-of-others" / "x.parquet")
    (root / "x.parquet").symlink_to(root.parent / "rows-of-others" / "x.parquet")
    assert "link that leads out" in refused(root, "x.parquet")


def test_links_within_the_folder_and_to_the_folder_are_followed(root: Path, tmp_path: Path) -> None:
    (root / "latest.parquet").symlink_to("2026/july.parquet")
    (tmp_path / "alias").symlink_to(root)
    assert inside(tmp_path / "alias", "latest.parquet") == (root / "2026" / "july.parquet",)
    # Two names of one file are one file: its rows are not counted twice.
    assert inside(root, "**/*.parquet") == inside(root, "**/[jm]*.parquet")


def test_circles_pipes_and_broken_links_are_refused(root: Path) -> None:
    (root / "circle.parquet").symlink_to("circle.parquet")
    (root / "broken.parquet").symlink_to("nothing.parquet")
    os.mkfifo(root / "pipe.parquet")  # opening it would wait for ever
    for name in ("circle.parquet", "broken.parquet", "pipe.parquet"):
        refused(root, name)
    assert len(files(root)) == 3


def test_a_truncated_file_and_a_name_that_lies_are_refused(root: Path) -> None:
    whole = (root / "may.parquet").read_bytes()
    (root / "cut.parquet").write_bytes(whole[:-1])
    (root / "lies.parquet").write_text("score,label\n")
    (root / "small.parquet").write_bytes(b"PAR1PAR1")
    for name in ("cut", "lies", "small"):
        assert "not a whole Parquet file" in refused(root, f"{name}.parquet")
    (root / "honest.bin").write_bytes(whole)
    assert inside(root, "honest.bin") == (root / "honest.bin",)


def test_names_that_are_patterns_are_listed_as_what_opens_them(root: Path) -> None:
    parquet(root / "odd" / "a[1]*?.parquet")
    (odd,) = (file for file in files(root) if file.ref.startswith("odd"))
    assert inside(root, odd.ref) == (root / "odd" / "a[1]*?.parquet",)


def test_a_folder_that_is_not_there_is_refused_without_its_path(root: Path) -> None:
    for ask in (files, lambda missing: inside(missing, "x.parquet")):
        with pytest.raises(RowsError, match="named in the configuration is not there") as caught:
            ask(root / "missing")
        assert SECRET not in str(caught.value)


def test_too_many_matches_are_refused(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "MAX_FILES", 2)
    assert "matches more than 2 files" in refused(root, "**/*.parquet")
    assert len(inside(root, "2026/*.parquet")) == 2


@given(ref=st.lists(st.sampled_from(["..", ".", "/", "\\", "~", "*", "**", "rows", "secret",
                                     ".parquet", "may", "[", "]", "?", "C:", "\0", "a"]),
                    max_size=9).map("".join))  # fmt: skip
def test_nothing_that_is_written_reaches_a_file_outside(
    ref: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    place = tmp_path_factory.getbasetemp() / "written"
    root = place / "rows"
    if not root.exists():
        parquet(root / "may.parquet")
        parquet(place / "secret.parquet")
        (root / "a").symlink_to(place)
    try:
        found = inside(root, ref)
    except RowsError:
        return
    assert all(path.is_relative_to(root) for path in found)
    assert found
