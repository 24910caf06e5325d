"""Places lay a file down as uploads are laid down, and are stopped as connections are."""

from __future__ import annotations

import errno
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.jobs import Watch
from aipm_metrics.rows.places import ConnectedTable, Handed, Looked
from aipm_metrics.rows.profile_counts import Grouped
from tests.aipm_metrics.rows.own_rows import counted

if TYPE_CHECKING:
    import ibis


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EROFS])
def test_a_disk_that_takes_no_more_is_said(code: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_path: Path, _content: bytes) -> int:
        raise OSError(code, "no")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(RowsError, match=r"The server's disk .* cannot be laid down"):
        Handed("x.csv", b"score,label\n0.5,1\n").look(Watch())


def test_a_step_of_a_connection_is_stopped_by_its_own_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, stopped = tmp_path / "own.duckdb", threading.Event()
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE scored AS SELECT 0.5 AS score, 1 AS label")

    def interrupt(backend: ibis.BaseBackend) -> None:
        assert backend.name == "duckdb"
        stopped.set()

    monkeypatch.setattr("aipm_metrics.rows.places.interrupt", interrupt)
    place = ConnectedTable("own", {"backend": "duckdb", "database": str(path)}, "scored")
    watch = Watch()
    with place.lent(Looked(()), (), watch):
        assert not stopped.is_set()
        watch.cancel()
        assert stopped.is_set()


def test_a_group_of_binned_rows_keeps_its_own_bound() -> None:
    whole = counted().grouped["country"]
    assert whole.to_empirical(1).max_error == 0
    single = whole.single.copy()
    single[::2] = False
    binned = Grouped(
        whole.by, whole.names, whole.thresholds, single, whole.positives_at, whole.negatives_at,
        whole.n_rows, whole.left_out,
    )  # fmt: skip
    for g in range(2):
        shares = [at[g][::2].max() / at[g].sum() for at in (whole.positives_at, whole.negatives_at)]
        assert binned.to_empirical(g).max_error == max(shares) > 0
