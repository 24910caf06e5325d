"""Places rows can be opened at: a file handed over, files under a folder, a table, the sample.

A place knows how to look at its columns and how to lend its table for as long as it is counted.
What was handed over lies on disk only that long.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol

from aipm_metrics.rows.asked import Origin
from aipm_metrics.rows.connections import connect, interrupt, open_table_of
from aipm_metrics.rows.engine import opened
from aipm_metrics.rows.failures import spoken
from aipm_metrics.rows.glance import glance
from aipm_metrics.rows.reading import open_table
from aipm_metrics.rows.sample import sample_path
from aipm_metrics.rows.sources import open_folder
from aipm_metrics.rows.uploads import laid_down

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    import ibis

    from aipm_metrics.rows.jobs import Watch
    from aipm_metrics.rows.reading import Column, Table

__all__ = ["ConnectedTable", "Folder", "Handed", "Looked", "Place", "Sample"]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at a place's columns found.

    Attributes
    ----------
    columns : tuple of Column
    n_rows : int or None
        None where counting them would be a scan.
    file : Table or None
        Of a file, what reading it again need not find out.
    """

    columns: tuple[Column, ...]
    n_rows: int | None = None
    file: Table | None = None

    def column(self, name: str) -> Column | None:
        """Look a column up by its exact name."""
        return next((column for column in self.columns if column.name == name), None)


class Place(Protocol):
    """Where rows are; opening may take long, so it is told what to watch."""

    @property
    def origin(self) -> Origin:
        """Its name, as a link says it."""

    def look(self, watch: Watch) -> Looked:
        """Find out what its columns hold."""

    def lent(
        self, looked: Looked, numbers: Collection[str], watch: Watch
    ) -> AbstractContextManager[ibis.Table]:
        """Lend the table for as long as it is counted.

        Parameters
        ----------
        looked
            What `look` found.
        numbers
            Columns that are to be read as numbers, where a file does not say what is one.
        """


@dataclass(frozen=True)
class Handed:
    """A file that was handed over, in memory until it is laid down to be read."""

    name: str
    content: bytes | memoryview
    kind: Literal["upload", "sample"] = "upload"

    @property
    def origin(self) -> Origin:
        """See `Place`."""
        return Origin(self.kind, self.name)

    def look(self, watch: Watch) -> Looked:
        """See `Place`."""
        watch("Reading the file", 0.1)
        with laid_down(self.content) as path:
            watch("Looking at its columns", 0.4)
            table = open_table(path)
        return Looked(table.columns, table.n_rows, table)

    @contextmanager
    def lent(self, looked: Looked, numbers: Collection[str], watch: Watch) -> Iterator[ibis.Table]:
        """See `Place`."""
        assert looked.file is not None  # a file's look says so
        with laid_down(self.content) as path:
            laid = replace(looked.file, path=path)
            with _file(laid, numbers, watch) as t:
                yield t


@dataclass(frozen=True)
class Sample:
    """The sample that ships with the package."""

    @property
    def origin(self) -> Origin:
        """See `Place`."""
        return Origin("sample", "")

    def look(self, watch: Watch) -> Looked:
        """See `Place`."""
        watch("Looking at the columns", 0.4)
        table = open_table(sample_path())
        return Looked(table.columns, table.n_rows, table)

    @contextmanager
    def lent(self, looked: Looked, numbers: Collection[str], watch: Watch) -> Iterator[ibis.Table]:
        """See `Place`."""
        assert looked.file is not None  # a file's look says so
        with _file(looked.file, numbers, watch) as table:
            yield table


@dataclass(frozen=True)
class Folder:
    """Files under the folder that the configuration names."""

    root: Path
    ref: str

    @property
    def origin(self) -> Origin:
        """See `Place`."""
        return Origin("folder", self.ref)

    def look(self, watch: Watch) -> Looked:
        """See `Place`."""
        with self.lent(Looked(()), (), watch) as table:
            return Looked(glance(table, watch))

    @contextmanager
    def lent(self, looked: Looked, numbers: Collection[str], watch: Watch) -> Iterator[ibis.Table]:  # noqa: ARG002
        """See `Place`."""
        watch("Opening the files", 0.0)
        with _engine_of(open_folder(self.root, self.ref), watch) as table:
            yield table


@dataclass(frozen=True)
class ConnectedTable:
    """A table of a connection that the configuration names; its settings go nowhere else."""

    connection: str
    settings: Mapping[str, object]
    table: str

    @property
    def origin(self) -> Origin:
        """See `Place`."""
        return Origin("connection", self.table, self.connection)

    def look(self, watch: Watch) -> Looked:
        """See `Place`."""
        with self.lent(Looked(()), (), watch) as table:
            return Looked(glance(table, watch))

    @contextmanager
    def lent(self, looked: Looked, numbers: Collection[str], watch: Watch) -> Iterator[ibis.Table]:  # noqa: ARG002
        """See `Place`."""
        watch("Connecting", 0.0)
        backend = connect(self.connection, self.settings)
        with _engine_of(open_table_of(backend, self.table), watch) as table:
            yield table


@contextmanager
def _engine_of(table: ibis.Table, watch: Watch) -> Iterator[ibis.Table]:
    """Lend a table; its engine is interrupted when nobody waits any more, and closed after."""
    backend = table.get_backend()
    _stopped_by(watch, backend)
    try:
        with spoken("The table"):
            yield table
    finally:
        backend.disconnect()


def _stopped_by(watch: Watch, backend: ibis.BaseBackend) -> None:
    watch.on_cancel(lambda: interrupt(backend))


@contextmanager
def _file(file: Table, numbers: Collection[str], watch: Watch) -> Iterator[ibis.Table]:
    """Lend a checked file's table; what is no number stays as it was shown to be chosen from."""
    with opened(file.path, file.kind) as backend:
        _stopped_by(watch, backend)
        source = file.source
        rows = source.rows(backend)

        def read(i: int, column: Column) -> Any:
            if column.name in numbers and column.numeric:
                return source.number(rows, i)
            return source.text(rows, i) if file.kind == "csv" else rows[f"c{i}"]

        yield rows.select(**{c.name: read(i, c) for i, c in enumerate(file.columns)})
