"""What reported metrics say together: settled, open or impossible."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.models.metric_algebra import CELLS, METRICS
from aipm_metrics.models.metric_reading import GIVEN, read_metrics
from tests.aipm_metrics.models.matrices import full, share

Cells = tuple[int, int, int, int]
LAST = "to the last one"


def said(cells: Cells, names: list[str], rounding: str) -> tuple[tuple[str, float, str], ...]:
    found = []
    for name in names:
        value = share(name, cells)
        assert value is not None
        found.append((name, float(value), rounding if METRICS[name].is_ratio else LAST))
    return tuple(found)


@given(full, st.lists(st.sampled_from(GIVEN), max_size=7, unique=True))
def test_true_numbers_are_settled_or_open_and_hold_the_truth(
    cells: Cells, names: list[str]
) -> None:
    reading = read_metrics(said(cells, names, "exact"))
    assert reading.status in {"settled", "open"}
    assert (reading.cells is not None) is (reading.status == "settled")
    for name, span in reading.spans.items():
        value = share(name, cells)
        assert value is not None
        assert span.low <= float(value) * (1 + 1e-6) + 1e-6
        assert span.high >= float(value) * (1 - 1e-6) - 1e-6
        if not math.isnan(reading.follows[name]) and reading.status == "settled":
            assert reading.follows[name] == pytest.approx(float(value), rel=1e-4, abs=1e-4)


@given(full)
def test_one_more_of_the_numbers_named_settles_it(cells: Cells) -> None:
    known = said(cells, ["volume", "precision"], "exact")
    assert read_metrics(known).status == "open"
    known = said(cells, ["volume", "precision", "prevalence"], "exact")
    reading = read_metrics(known)
    assert reading.status == "open"
    assert {"recall", "flagged", "fpr"} <= set(reading.would_settle)
    for name in reading.would_settle:
        assert read_metrics((*known, *said(cells, [name], "exact"))).status == "settled"


def test_precision_and_recall_alone_settle_f1_and_no_count() -> None:
    reading = read_metrics((("precision", 0.91, "to 1 %"), ("recall", 0.54, "to 1 %")))
    assert reading.status == "open"
    assert reading.follows["f1"] == pytest.approx(2 * 0.91 * 0.54 / 1.45)
    assert reading.spans["f1"].low == pytest.approx(2 * 0.905 * 0.535 / 1.44)
    assert reading.spans["fp"].high == math.inf
    assert {"positives", "flagged"} <= set(reading.would_settle)


def test_without_a_volume_only_the_cases_left_alone_are_open() -> None:
    reading = read_metrics(
        (("positives", 4000, LAST), ("flagged", 4800, LAST), ("recall", 0.54, "to 1 %"))
    )
    assert reading.status == "settled"
    assert reading.cells is not None
    assert [getattr(reading.cells, cell) for cell in CELLS[:3]] == pytest.approx([2160, 2640, 1840])
    assert math.isnan(reading.cells.tn)
    assert math.isnan(reading.follows["fpr"])


def test_rounded_numbers_that_agree_only_within_rounding_are_met_in_the_middle() -> None:
    reading = read_metrics(
        (
            ("volume", 1000, LAST), ("positives", 100, LAST), ("precision", 0.67, "to 1 %"),
            ("recall", 0.33, "to 1 %"), ("f1", 0.44, "to 1 %"),
        )
    )  # fmt: skip
    assert reading.status == "settled"
    assert reading.cells is not None
    assert reading.spans["tp"].low <= reading.cells.tp <= reading.spans["tp"].high
    assert 32.5 <= reading.cells.tp <= 33.5


def test_impossible_numbers_settle_nothing_and_say_what_the_others_leave() -> None:
    reading = read_metrics(
        (
            ("positives", 4000, LAST), ("flagged", 4800, LAST), ("recall", 0.54, "to 1 %"),
            ("precision", 0.91, "to 1 %"),
        )
    )  # fmt: skip
    assert reading.status == "impossible"
    assert not reading.fractions
    assert [one.metrics for one in reading.suspects] == [
        ("positives",),
        ("flagged",),
        ("precision",),
    ]
    assert math.isnan(reading.left_by_others["recall"].low)
    assert reading.left_by_others["precision"].high == pytest.approx(0.4542, abs=1e-4)
    assert all(math.isnan(value) for value in reading.follows.values())


def test_whole_cases_alone_can_refute() -> None:
    reading = read_metrics((("flagged", 7, LAST), ("precision", 0.91, "to 1 %")))
    assert reading.status == "impossible"
    assert reading.fractions
