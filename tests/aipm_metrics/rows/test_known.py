"""nan is no value in Parquet files without NULL, whose statistics deny that there is nan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from aipm_metrics.models.empirical import Empirical
from aipm_metrics.rows.counting import count_scores
from aipm_metrics.rows.counts import exact_at, score_counts
from aipm_metrics.rows.forecasts import read_hours
from aipm_metrics.rows.glance import glance
from aipm_metrics.rows.jobs import Watch
from aipm_metrics.rows.places import Handed
from aipm_metrics.rows.reading import open_table
from aipm_metrics.rows.sources import open_folder, open_rows
from tests.aipm_metrics.rows.scored_tables import same_counts, within_its_bound

if TYPE_CHECKING:
    from pathlib import Path

N = 3_000
RNG = np.random.default_rng(23)
FINE = RNG.random(N)
EVENT = RNG.random(N) < FINE


def holed(values: Any, kind: Any = np.float64) -> Any:
    """The values with nan in places, and nowhere NULL."""
    return np.where(np.random.default_rng(5).permutation(N) < 200, np.nan, values).astype(kind)


COLUMNS = {
    "score": holed(FINE), "single": holed(FINE, np.float32), "signed": holed(FINE * 10 - 5),
    "label": EVENT.astype(np.int8), "of_floats": holed(EVENT[::-1])[::-1],
    "group": holed(np.where(FINE > 0.5, 1.5, 2.5)), "amount": holed(np.floor(FINE * 100)),
    "other": FINE,
}  # fmt: skip


@pytest.fixture(scope="module", name="path")
def _path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("nan") / "rows.parquet"
    pq.write_table(pa.table(COLUMNS), path, row_group_size=1_000)
    chunk = pq.ParquetFile(path).metadata.row_group(0).column(0)
    assert chunk.statistics.null_count == 0
    assert chunk.statistics.max < 1  # from which an engine may conclude that there is no nan
    return path


@pytest.mark.parametrize(
    ("score", "label"),
    [("score", "label"), ("single", "label"), ("signed", "label"), ("other", "of_floats")],
)
@pytest.mark.parametrize("most", [1_000_000, 64])
def test_rows_with_nan_are_left_out(path: Path, score: str, label: str, most: int) -> None:
    x, y = COLUMNS[score].astype(np.float64), COLUMNS[label]
    held = ~np.isnan(x) & ~np.isnan(y)
    table = open_folder(path.parent, "*.parquet")
    found = score_counts(table, score, label, max_distinct=most)
    assert found.left_out.sum() == N - held.sum()
    if most < N:
        within_its_bound(found, x[held], y[held])
        return
    same_counts(found.to_empirical(), Empirical.from_rows(x[held], y[held]))
    (tp,), (fp,) = exact_at(table, score, label, [-np.inf, 0.5, 2.0])
    for i, t in enumerate([-np.inf, 0.5, 2.0]):
        assert tp[i] == (held & (x >= t) & (y == 1)).sum()
        assert fp[i] == (held & (x >= t) & (y == 0)).sum()


def test_a_group_or_an_amount_of_nan_is_missing(path: Path) -> None:
    found = score_counts(open_rows(path), "other", "label", "group", amount="amount")
    assert found.groups == (("1.5",), ("2.5",), (None,))
    assert found.n_rows.tolist()[2] == 200
    assert found.without_amount is not None
    assert found.amount_positives_at is not None
    assert found.without_amount.sum() == 200
    assert found.amount_positives_at.sum() == np.nansum(COLUMNS["amount"][EVENT])


def test_an_upload_leaves_them_out_too(path: Path) -> None:
    held = ~np.isnan(COLUMNS["score"])
    expected = Empirical.from_rows(COLUMNS["score"][held], EVENT[held])
    table = open_table(path)
    assert table.column("score").missing == 200
    assert sorted(table.column("of_floats").values) == ["0.0", "1.0"]
    found = count_scores(table, "score", "label", "1")
    assert found.left_out == 200
    same_counts(found.counts, expected)
    handed, watch = Handed("rows.parquet", path.read_bytes()), Watch()
    with handed.lent(handed.look(watch), {"score"}, watch) as lent:
        same_counts(score_counts(lent, "score", "label").to_empirical(), expected)


def test_hours_without_a_number_are_left_out(path: Path) -> None:
    hours = read_hours(open_table(path), "other", "score", "amount")
    assert hours.left_out == 200


def test_a_glance_lists_no_nan_among_the_values(path: Path) -> None:
    (label,) = (c for c in glance(open_rows(path), Watch()) if c.name == "of_floats")
    assert sorted(label.values) == ["0.0", "1.0"]
