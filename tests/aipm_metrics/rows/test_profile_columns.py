"""A profile's tables as files: raw numbers, an interval's ends in columns of their own."""

from __future__ import annotations

import io
from typing import Any

import pandas as pd
import pytest

from aipm_metrics.rows.asked import Prices
from aipm_metrics.rows.profile import profile
from aipm_metrics.rows.profile_columns import all_columns
from aipm_metrics.sentences.your_data_tables import all_tables
from pages._shared.share import csv_of
from tests.aipm_metrics.rows.own_rows import counted

P = profile(counted(), Prices(), 0.5, 0.2)
TEXTS = {"which", "segment", "version", "month"}


def read(name: str) -> pd.DataFrame:
    """Write a table as the page does, and read it as a spreadsheet would."""
    return pd.read_csv(io.StringIO(csv_of(pd.DataFrame(all_columns(P)[name]))))


def test_every_table_on_the_screen_is_a_file_of_as_many_lines() -> None:
    files = all_columns(P)
    for name, _, lines in all_tables(P):
        assert {len(column) for column in files[name].values()} == {len(lines)}
    assert set(files) == {name for name, _, _ in all_tables(P)}


@pytest.mark.parametrize("name", list(all_columns(P)))
def test_every_cell_but_a_name_is_a_number_and_every_share_has_its_ends(name: str) -> None:
    table = read(name)
    for column in set(table.columns) - TEXTS:
        assert pd.api.types.is_numeric_dtype(table[column]), column
    ends = [c.removesuffix("_low") for c in table.columns if c.endswith("_low")]
    assert ends or name == "amounts"
    for share in ends:
        told = table[table[share].notna()]
        assert (told[f"{share}_low"] <= told[share]).all()
        assert (told[share] <= told[f"{share}_high"]).all()


def test_numbers_are_those_of_the_profile_to_the_last_digit() -> None:
    spots: Any = read("thresholds").set_index("which")
    for spot in (P.a, P.b, P.best):
        line = spots.loc[spot.name]
        assert float(line["threshold"]) == spot.threshold
        assert (line["tp"], line["cost"]) == (spot.tp, spot.cost)
        assert float(line["recall_high"]) == spot.recall.high
    countries = read("segments")
    assert countries["recall"].tolist() == pytest.approx([g.recall.value for g in P.segments])
    assert "'=cy" in set(countries["segment"])  # a name is no formula
