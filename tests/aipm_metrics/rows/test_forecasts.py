"""Hours out of a file: columns guessed, rows left out counted, refusals in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.forecasts import guess_forecasts, read_hours
from aipm_metrics.rows.reading import open_table
from aipm_metrics.scenarios.forecasting import ForecastingScenario, forecast_outcomes

if TYPE_CHECKING:
    from pathlib import Path

DUEL = "zone,hour,new,actual,old\n" + "".join(
    f"z{i % 2},{i},{b},{y},{a}\n"
    for i, (y, a, b) in enumerate(
        zip([20, 40, 100, 120, 30, 90], [30, 50, 110, 130, 38, 100], [18, 36, 92, 110, 27, 82],
            strict=True)
    )
)  # fmt: skip


def file_of(folder: Path, text: str) -> Path:
    path = folder / "hours.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_answers_as_the_numbers_in_it_do(tmp_path: Path) -> None:
    """Six hours in which every measure improves and the cost rises by 72 %, from 203 to 350."""
    table = open_table(file_of(tmp_path, DUEL))
    assert guess_forecasts(table) == ("actual", "old", "new")
    own = read_hours(table, "actual", "old", "new")
    assert (own.name, own.n_rows, own.left_out, own.hours.n_hours) == ("hours.csv", 6, 0, 6)
    s = ForecastingScenario(
        rows=own.hours.fingerprint, zone_hours=6, guarantee=3.5, quit_cost=0, rides_per_hour=1,
        surge_share=0, margin=10, churn=0,
    )  # fmt: skip
    result = forecast_outcomes(s, own.hours)
    assert float(result.today.cost) == pytest.approx(203)
    assert result.cost == pytest.approx(350)
    assert s.costs({}, own.hours) == pytest.approx(350)
    assert result.duel.in_conflict == ("mae", "rmse", "wape", "mape", "smape")
    old, new = result.duel.plainly
    assert float(old.served) == pytest.approx(1.0)
    assert float(old.use) == pytest.approx(0.87336, abs=5e-6)
    assert float(new.served) == pytest.approx(0.9125)
    assert float(new.use) == pytest.approx(1.0)
    with pytest.raises(RowsError, match="not here"):
        forecast_outcomes(s)


def test_hours_in_another_order_are_the_same_hours(tmp_path: Path) -> None:
    head, *lines = DUEL.splitlines()
    one = read_hours(open_table(file_of(tmp_path, DUEL)), "actual", "old", "new")
    turned = "\n".join([head, *lines[::-1]]) + "\n"
    other = read_hours(open_table(file_of(tmp_path, turned)), "actual", "old", "new")
    assert one.hours.fingerprint == other.hours.fingerprint


def test_rows_without_a_number_are_left_out_and_counted(tmp_path: Path) -> None:
    text = "actual,forecast\n1,2\n,3\n4,\n5,6\n"
    table = open_table(file_of(tmp_path, text))
    assert guess_forecasts(table) == ("actual", "forecast", "forecast")
    own = read_hours(table, "actual", "forecast", "forecast")
    assert (own.n_rows, own.left_out) == (4, 2)
    assert own.hours.old.actual.tolist() == [1, 5]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (("a", "a", "b"), "Actual and forecast are both"),
        (("a", "b", "zone"), "is not a column of numbers"),
        (("a", "b", "c"), "There is no column"),
        (("a", "low", "b"), "The old forecast must be at least 0"),
    ],
)
def test_refusals(tmp_path: Path, columns: tuple[str, str, str], said: str) -> None:
    table = open_table(file_of(tmp_path, "zone,a,b,low\nx,1,2,-1\ny,2,3,2\n"))
    with pytest.raises(RowsError, match=said):
        read_hours(table, *columns)


def test_words_alone_cannot_be_forecasts(tmp_path: Path) -> None:
    table = open_table(file_of(tmp_path, "zone,actual\nx,1\ny,2\n"))
    assert guess_forecasts(table) is None
