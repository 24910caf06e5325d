"""Parquet files under one folder, which the configuration names.

A page or a link names files by a path relative to that folder, patterns allowed. What it names is
resolved, links and all, and must still lie inside; an engine is then told of these files only.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.file_kind import is_parquet
from aipm_metrics.rows.wording import shown

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["MAX_FILES", "MAX_LISTED", "FolderFile", "files", "inside"]

MAX_FILES = 10_000  # that one pattern may match
MAX_LISTED = 500
_LONGEST = 1_000  # characters of a path
_MAX_VISITED = 20_000  # files looked at for the listing


@dataclass(frozen=True, slots=True)
class FolderFile:
    """One line of the listing.

    Attributes
    ----------
    ref : str
        Path below the folder, as `inside` takes it.
    n_bytes : int
    """

    ref: str
    n_bytes: int


def files(root: Path) -> tuple[FolderFile, ...]:
    """List the Parquet files of the folder, by name.

    Returns
    -------
    tuple of FolderFile
        At most 500. Links that lead out of the folder, folders that are links, hidden files and
        names that no one could type are left out.

    Raises
    ------
    RowsError
        When the folder is not there.
    """
    home, found = _home(root), []
    for path in islice(_walk(home), _MAX_VISITED):
        ref = path.relative_to(home).as_posix()
        try:
            (known,) = inside(root, ref)
            found.append(FolderFile(ref, known.stat().st_size))
        except (RowsError, OSError):
            continue
        if len(found) == MAX_LISTED:
            break
    return tuple(sorted(found, key=lambda file: file.ref))


def inside(root: Path, ref: str) -> tuple[Path, ...]:
    """Find the Parquet files that a relative path or pattern names.

    Parameters
    ----------
    root
        The folder from the configuration.
    ref
        Such as ``scores.parquet``, ``2026/*.parquet`` or ``**/*.parquet`` (one ``**`` at most).

    Returns
    -------
    tuple of Path
        Resolved, sorted, each a Parquet file by its content and inside `root`.

    Raises
    ------
    RowsError
        A sentence that says why, and never where the folder is. A pattern passes over links
        that lead out of the folder; who names one is told so, whatever is or is not behind it.

    Examples
    --------
    >>> inside(Path("."), "../secret.parquet")
    Traceback (most recent call last):
    aipm_metrics.errors.RowsError: `../secret.parquet` leads out of the folder. Name a file ...
    """
    _check_words(ref)
    home = _home(root)
    exact = home / ref
    _check_way(home, ref)
    try:
        itself = exact.exists() or exact.is_symlink()  # also where its name looks like a pattern
        found = [exact] if itself else sorted(islice(home.glob(ref), MAX_FILES + 1))
    except (OSError, ValueError, RuntimeError, NotImplementedError):  # what pathlib cannot read
        raise RowsError(f"{shown(ref)} is not a path or pattern that can be read.") from None
    if len(found) > MAX_FILES:
        raise RowsError(f"{shown(ref)} matches more than {MAX_FILES:,} files; name fewer.")
    if not itself:
        found = [path for path in found if _stays(home, path) and not path.is_dir()]
    paths = {_known(home, path, ref) for path in found}
    if not paths:
        raise RowsError(f"Nothing in the folder matches {shown(ref)}. Choose one of its files.")
    return tuple(sorted(paths))


def _home(root: Path) -> Path:
    try:
        return root.resolve(strict=True)
    except (OSError, RuntimeError):
        raise RowsError(
            "The folder named in the configuration is not there. Ask whoever keeps this dashboard."
        ) from None


def _check_words(ref: str) -> None:
    """Refuse what is not a plain relative path, whatever system would read it."""
    if not ref.strip() or len(ref) > _LONGEST or not ref.isprintable():
        raise RowsError(
            f"A path has 1 to {_LONGEST:,} printable characters. Name a file below the folder."
        )
    parts = ref.replace("\\", "/").split("/")
    absolute = PurePosixPath(ref).is_absolute() or PureWindowsPath(ref).anchor
    if absolute or PureWindowsPath(ref).drive or "://" in ref:
        raise RowsError(
            f"{shown(ref)} is not a path below the folder. Name a file in it, such as "
            "`scores.parquet`."
        )
    if ".." in parts or any(part.startswith("~") for part in parts):
        raise RowsError(
            f"{shown(ref)} leads out of the folder. Name a file in it, such as `scores.parquet`."
        )
    if "\\" in ref:
        raise RowsError(f"{shown(ref)} holds a backslash; write / between folder and file.")
    if ref.count("**") > 1:  # each one more multiplies the folders that are visited
        raise RowsError(f"{shown(ref)} holds ** more than once; once is enough.")


def _check_way(home: Path, ref: str) -> None:
    """Refuse what is named by way of a link that leads out, before looking at what is there."""
    way = home
    for part in PurePosixPath(ref).parts:
        way /= part
        if not _stays(home, way):
            raise RowsError(f"{shown(ref)} meets a link that leads out of the folder.")


def _stays(home: Path, path: Path) -> bool:
    """Whether a path lies in the folder once links are followed as far as they go."""
    try:
        return path.resolve().is_relative_to(home)
    except (OSError, RuntimeError, ValueError):  # a circle of links: said where it is opened
        return True


def _known(home: Path, path: Path, ref: str) -> Path:
    """Resolve one match; refuse what lies outside, without its name, or is not Parquet."""
    named = shown(path.relative_to(home).as_posix())
    try:
        resolved = path.resolve(strict=True)
        if not resolved.is_relative_to(home):
            raise RowsError(f"{shown(ref)} meets a link that leads out of the folder.")
        if resolved.is_dir():
            raise RowsError(f"{named} is a folder. Write /*.parquet behind it for what is in it.")
        if not resolved.is_file() or not is_parquet(resolved):
            raise RowsError(f"{named} is not a whole Parquet file; only Parquet is read there.")
    except (OSError, RuntimeError):  # a circle of links, no permission, gone since
        raise RowsError(f"{named} cannot be read. Choose another file.") from None
    return resolved


def _walk(home: Path) -> Iterator[Path]:
    """Go through files by name, folder by folder, following no folder that is a link."""
    for folder, below, names in os.walk(home):
        below[:] = sorted(name for name in below if not name.startswith("."))
        yield from (Path(folder, name) for name in sorted(names) if not name.startswith("."))
