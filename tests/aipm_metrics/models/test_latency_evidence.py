"""What waiting does to people, as named tables."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.latency_evidence import EVIDENCE, Evidence, evidence, straight_line

each_table = pytest.mark.parametrize("table", EVIDENCE, ids=[e.key for e in EVIDENCE])
BY_KEY = st.sampled_from(EVIDENCE)


@each_table
def test_every_table_says_what_whose_and_how_far(table: Evidence) -> None:
    assert len(table.waits_s) == len(table.values) >= 2
    assert (np.diff(table.waits_s) > 0).all()
    for words in (table.title, table.wait, table.measure, table.source, table.note):
        assert words
    assert table.trust != "assumption" or "assumption" in table.source
    assert table.trust == "assumption" or any(year in table.source for year in table.key.split("-"))
    assert evidence(table.key) is table


@each_table
def test_measured_points_are_read_as_measured(table: Evidence) -> None:
    reading = table.at(table.waits_s)
    assert reading.value.tolist() == list(table.values)
    assert reading.inside.all()


@given(BY_KEY, st.floats(0, 1e9))
def test_nothing_is_extrapolated_and_outside_is_said(table: Evidence, wait: float) -> None:
    reading = table.at(wait)
    assert min(table.values) <= reading.value <= max(table.values)
    assert bool(reading.inside) == (table.low_s <= wait <= table.high_s)
    if wait > table.high_s:
        assert reading.value == table.values[-1]
    if wait < table.low_s:
        assert reading.value == table.values[0]


def test_an_endless_wait_is_outside_and_an_unknown_one_unknown() -> None:
    table = evidence("bounce-2017")
    assert (table.at(math.inf).value, bool(table.at(math.inf).inside)) == (2.23, False)
    assert np.isnan(table.at(math.nan).value)
    assert not table.at(math.nan).inside
    assert np.isnan(evidence("limits-1993").at(math.nan).value)


@pytest.mark.parametrize(
    ("key", "wait", "value"),
    [
        pytest.param("search-2009", 0.1, 0.998, id="Brutlag (2009) table 1: 100 ms, -0.20 %"),
        pytest.param("search-2009", 0.2, 0.9971, id="Brutlag (2009) table 1: 200 ms, -0.29 %"),
        pytest.param("search-2009", 0.4, 0.9941, id="Brutlag (2009) table 1: 400 ms, -0.59 %"),
        pytest.param("search-2009", 0.05, 1.0, id="Brutlag (2009) table 1: 50 ms, no effect"),
        pytest.param("bounce-2017", 3, 1.32, id="Google/SOASTA (2017): +32 % from 1 to 3 s"),
        pytest.param("bounce-2017", 5, 1.90, id="Google/SOASTA (2017): +90 % to 5 s"),
        pytest.param("bounce-2017", 6, 2.06, id="Google/SOASTA (2017): +106 % to 6 s"),
        pytest.param("bounce-2017", 10, 2.23, id="Google/SOASTA (2017): +123 % to 10 s"),
        pytest.param("limits-1993", 0.1, 0, id="Nielsen (1993): a tenth is instant"),
        pytest.param("limits-1993", 0.5, 1, id="Nielsen (1993): up to a second, thought flows"),
        pytest.param("limits-1993", 9, 2, id="Nielsen (1993): up to ten, attention holds"),
        pytest.param("limits-1993", 11, 3, id="Nielsen (1993): and then it does not"),
        pytest.param("first-token-2026", 2, 0, id="Tan et al. (2026): 2 s rated lower"),
        pytest.param("first-token-2026", 9, 1, id="Tan et al. (2026): than 9 s"),
        pytest.param("first-token-2026", 20, 1, id="Tan et al. (2026): and than 20 s"),
        pytest.param("none", 1e6, 1, id="nothing"),
    ],
)
def test_published_points(key: str, wait: float, value: float) -> None:
    reading = evidence(key).at(wait)
    assert reading.value == pytest.approx(value, rel=1e-12)
    assert reading.inside


def test_slower_can_be_better_and_faster_can_be_better() -> None:
    """The tables disagree on purpose: no one slope fits them."""
    better = {
        table.key: bool((table.at(table.high_s).value > table.at(table.low_s).value)
                        == table.higher_is_better)
        for table in EVIDENCE if table.key != "none"
    }  # fmt: skip
    assert better == {
        "search-2009": False, "bounce-2017": False, "limits-1993": False,
        "productivity-1982": False, "first-token-2026": True,
    }  # fmt: skip


@given(st.floats(0, 2), st.floats(0, 10), st.floats(0.1, 20), st.floats(0, 1))
def test_ones_own_line_is_straight_until_nothing_is_left(
    loss: float, start: float, length: float, part: float
) -> None:
    table = straight_line(loss, start, start + length)
    at = start + part * length
    assert table.at(at).value == pytest.approx(max(0.0, 1 - loss * (at - start)), abs=1e-9)
    assert table.at(start).value == 1
    assert table.trust == "assumption"


def test_refusals_name_the_field() -> None:
    with pytest.raises(MetricsError, match="`evidence` must be one of none, search-2009"):
        evidence("amazon")
    with pytest.raises(MetricsError, match="`wait_s` must be >= 0 s; got -1"):
        evidence("none").at(-1)
    with pytest.raises(MetricsError, match="`to_s` must be above `from_s`, 2 s; got 1 s"):
        straight_line(0.1, 2, 1)
    with pytest.raises(MetricsError, match="`loss_per_s` must be at most 100"):
        straight_line(101, 0, 1)
    with pytest.raises(MetricsError, match="`loss_per_s` must be finite"):
        straight_line(-1, 0, 1)
