"""DuckDB, Spark and PostgreSQL count the same rows alike, to the last row and the last bit."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.connections import connect, interrupt, open_table_of
from aipm_metrics.rows.counts import ScoreCounts, exact_at, score_counts
from aipm_metrics.rows.failures import spoken
from aipm_metrics.rows.own_thresholds import rule_counts
from aipm_metrics.rows.sources import open_rows

if TYPE_CHECKING:
    import ibis
    import pyarrow as pa

# Spark's client still speaks to pandas as it was, and leaves sockets to the collector.
pytestmark = pytest.mark.filterwarnings("ignore")

ASKED: dict[str, dict[str, Any]] = {
    "exact": {"label": "label", "positive": "harmful"},
    "number": {"label": "number", "positive": 1},
    "bool": {"label": "flag", "positive": True},
    "float32": {"score": "score32", "label": "label", "positive": "harmful"},
    "segments": {"label": "label", "positive": "harmful", "by": "segment", "amount": "amount"},
    "segments and versions": {"label": "number", "by": ("segment", "version")},
    "binned": {"label": "label", "positive": "harmful", "max_distinct": 50},
    "binned segments": {"label": "label", "positive": "harmful", "by": "segment",
                        "amount": "amount", "max_distinct": 50},
    "binned float32": {"score": "score32", "label": "number", "max_distinct": 50},
}  # fmt: skip


def same(found: ScoreCounts, expected: ScoreCounts) -> None:
    assert found.groups == expected.groups
    assert found.exact == expected.exact
    for field in ("thresholds", "positives_at", "negatives_at", "n_rows", "left_out", "single",
                  "bin_error"):  # fmt: skip
        np.testing.assert_array_equal(getattr(found, field), getattr(expected, field), field)
    for field in ("amount_positives_at", "amount_negatives_at", "without_amount"):
        mine, theirs = getattr(found, field), getattr(expected, field)
        assert (mine is None) == (theirs is None)
        if mine is not None:
            np.testing.assert_array_equal(mine, theirs, field)


@pytest.mark.parametrize("asked", ASKED.values(), ids=ASKED)
@pytest.mark.parametrize(
    "engine", ["spark", pytest.param("postgres", marks=pytest.mark.engines)]
)  # fmt: skip
def test_engines_count_alike(
    engine: str, asked: dict[str, Any], duck: ibis.Table, request: pytest.FixtureRequest
) -> None:
    asked = {"score": "score", **asked}
    other: ibis.Table = request.getfixturevalue(engine)
    found, expected = score_counts(other, **asked), score_counts(duck, **asked)
    assert int(expected.n_rows.sum()) == 6_000
    assert (expected.max_error > 0) == ("max_distinct" in asked)
    same(found, expected)
    if not expected.by:
        assert found.to_empirical().fingerprint == expected.to_empirical().fingerprint


@pytest.mark.parametrize(
    "engine", ["duck", "spark", pytest.param("postgres", marks=pytest.mark.engines)]
)  # fmt: skip
@pytest.mark.parametrize("most", [1_000_000, 50])
def test_engines_leave_out_nan_where_nothing_is_null(
    engine: str, most: int, whole: pa.Table, duck_whole: ibis.Table, request: pytest.FixtureRequest
) -> None:
    asked: dict[str, Any] = {"score": "score", "label": "number", "amount": "amount",
                             "max_distinct": most}  # fmt: skip
    other: ibis.Table = request.getfixturevalue(f"{engine}_whole")
    n = int(np.isnan(whole["score"].to_numpy()).sum())
    assert n > 5
    found = score_counts(other, **asked)
    assert found.left_out.tolist() == [n]
    same(found, score_counts(duck_whole, **asked))
    tp, fp = exact_at(other, "score", "number", [-np.inf])
    assert int(tp.sum() + fp.sum()) == whole.num_rows - n


@pytest.mark.parametrize(
    "engine", ["spark", pytest.param("postgres", marks=pytest.mark.engines)]
)  # fmt: skip
def test_engines_count_exactly_at_thresholds_alike(
    engine: str, duck: ibis.Table, request: pytest.FixtureRequest
) -> None:
    other: ibis.Table = request.getfixturevalue(engine)
    at = [0.0, 0.1, 0.3, 0.30000000000000004, 0.5, 2.0]
    for by in (None, "segment"):
        found = exact_at(other, "score", "label", at, positive="harmful", by=by)
        expected = exact_at(duck, "score", "label", at, positive="harmful", by=by)
        for mine, theirs in zip(found, expected, strict=True):
            np.testing.assert_array_equal(mine, theirs)


@pytest.mark.parametrize(
    "engine", ["spark", pytest.param("postgres", marks=pytest.mark.engines)]
)  # fmt: skip
def test_engines_judge_a_threshold_per_row_alike(
    engine: str, duck: ibis.Table, request: pytest.FixtureRequest
) -> None:
    other: ibis.Table = request.getfixturevalue(engine)
    for price in (0.01, 5.0, 250.0):
        asked = ("score", "label", "amount", price)
        expected = rule_counts(duck, *asked, positive="harmful")
        assert rule_counts(other, *asked, positive="harmful") == expected
        assert expected.tp
        assert expected.missed


@pytest.mark.engines
def test_a_script_opens_a_table_by_its_address(postgres_server: dict[str, str]) -> None:
    user, place = postgres_server["user"], postgres_server["host"]
    for named in ("scored", "public/scored"):
        table = open_rows(f"postgres://{user}@/postgres/{named}?host={place}")
        assert table.count().to_pyarrow().as_py() == 6_000
        table.get_backend().disconnect()
    with pytest.raises(RowsError, match="no table `hidden`"):
        open_rows(f"postgres://{user}@/postgres/hidden?host={place}")
    with pytest.raises(RowsError, match="does not answer") as caught:
        open_rows(f"postgres://{user}@/nowhere/scored?host={place}")
    assert place not in str(caught.value)


@pytest.mark.engines
@pytest.mark.parametrize(
    "name", ["other.hidden", "hidden", "pg_shadow", "pg_catalog.pg_shadow", "SCORED",
             "scored; DROP TABLE scored", "(SELECT 1)", "pg_read_file('/etc/passwd')"],
)  # fmt: skip
def test_what_is_no_listed_table_is_refused(postgres: ibis.Table, name: str) -> None:
    with pytest.raises(RowsError, match="The connection has no table"):
        open_table_of(postgres.get_backend(), name)


@pytest.mark.engines
def test_postgres_is_opened_for_reading_only(postgres: ibis.Table) -> None:
    backend = postgres.get_backend()
    for statement in ("DELETE FROM scored", "CREATE TABLE more (a integer)"):
        with pytest.raises(RowsError, match="could not do"), spoken("The connection"):
            backend.con.execute(statement)
    assert postgres.count().to_pyarrow().as_py() == 6_000


@pytest.mark.engines
def test_a_step_of_postgres_can_be_stopped_from_outside(postgres_server: dict[str, str]) -> None:
    backend = connect("warehouse", {"backend": "postgres", **postgres_server})
    timer = threading.Timer(0.5, interrupt, [backend])
    timer.start()
    with pytest.raises(RowsError, match="was stopped"), spoken("The count"):
        backend.con.execute("SELECT pg_sleep(60)")
    timer.join()
    backend.disconnect()
