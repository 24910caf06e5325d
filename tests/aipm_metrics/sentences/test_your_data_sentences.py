"""What is said of somebody's own rows: short, whole, and never more than is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.estimates import wilson
from aipm_metrics.rows.asked import Prices
from aipm_metrics.rows.profile import profile
from aipm_metrics.sentences import your_data as words
from aipm_metrics.sentences import your_data_tables as tables
from aipm_metrics.sentences.your_data_groups import differences, estimated
from aipm_metrics.spoken import money, share
from tests.aipm_metrics.rows.own_rows import counted

if TYPE_CHECKING:
    from aipm_metrics.rows.profile_parts import RowsProfile


@pytest.fixture(scope="module")
def p() -> RowsProfile:
    return profile(counted(), Prices(), 0.5, 0.2)


def everything(p: RowsProfile) -> list[str]:
    cells = [
        cell for _, header, lines in tables.all_tables(p) for line in (header, *lines)
        for cell in line
    ]  # fmt: skip
    cards = [part for c in words.cards(p) for part in (c.label, c.value, c.change, c.detail)]
    pictures = ["cost", "scores", "calibration", "roc", "pr", "months", "mix", "amounts", "elkan"]
    return [
        *words.aloud(p), *words.notes(p), *words.amount_lines(p), *differences(p.segments),
        *differences(p.versions), words.summary(p), words.against(p), *cards, *cells,
        *(words.described(p, name) for name in pictures),
    ]  # fmt: skip


@pytest.mark.parametrize("thresholds", [(0.5, 0.2), (0.2, 0.5), (0.3, 0.3), (2.0, 0.2), (-1, 2)])
@pytest.mark.parametrize("prices", [Prices(), Prices(miss=0.01, false_alarm=1e9)])
def test_nothing_undefined_reaches_the_screen(
    thresholds: tuple[float, float], prices: Prices
) -> None:
    for said in everything(profile(counted(), prices, *thresholds)):
        assert said
        assert not {"nan", "inf", "None"} & set(said.replace("$", " ").split()), said
        assert "nan" not in said.split()


def test_the_choice_is_said_with_its_numbers(p: RowsProfile) -> None:
    said = " ".join(words.aloud(p))
    for number in (f"{p.b.tp:,}", f"{p.b.fp:,}", f"{p.a.tp:,}", money(p.b.cost), money(p.a.cost)):
        assert number in said
    assert f"saves {money(p.verdict.saving)}" in said
    assert f"less than {money(p.verdict.flip_miss)}" in said


def test_whoever_is_cheaper_saves() -> None:
    turned = profile(counted(), Prices(), 0.2, 0.5)
    said = " ".join(words.aloud(turned))
    assert f"0.2 saves {money(-turned.verdict.saving)}" in said
    assert words.cards(turned)[3].change == f"costs {money(-turned.verdict.saving)} more"


def test_a_and_b_alike_are_not_compared() -> None:
    same = profile(counted(), Prices(), 0.3, 0.3)
    assert "nothing to choose" in " ".join(words.aloud(same))
    assert words.cards(same)[4].value == "undefined"


@pytest.mark.parametrize(
    ("status", "chance", "labels", "said"),
    [
        ("said", 0.97, 900.0, "chance that B is the cheaper one is 97"),
        ("said", 0.99999, 900.0, "all but certain that B"),
        ("said", 0.8, 12_400.0, "takes about 12,400 labelled rows"),
        ("said", 0.2, 12_400.0, "that A is the cheaper one is 80"),
        ("too few", 0.6, float("inf"), "too few to say which is cheaper"),
        ("undefined", float("nan"), float("nan"), "cannot tell them apart"),
    ],
)
def test_how_sure_it_is(
    p: RowsProfile, status: str, chance: float, labels: float, said: str
) -> None:
    v = replace(p.verdict, status=status, chance_b=chance, labels_needed=labels)
    told = " ".join(words.evidence_lines(replace(p, verdict=v)))
    assert said in told.replace("\xa0", " ")


def test_few_rows_have_an_interval_and_no_share() -> None:
    assert estimated(wilson(2, 5)).startswith("too few to say (")
    assert estimated(wilson(0, 0)) == "undefined"
    assert estimated(wilson(450, 1000)).startswith(share(0.45))


def test_a_bound_is_said_and_an_exact_count_too(p: RowsProfile) -> None:
    exact = " ".join(words.notes(p))
    assert f"{p.distinct:,} distinct scores" in exact
    bound = " ".join(words.notes(replace(p, exact=False, max_error=0.0002)))
    assert "off by more than 0.02" in bound
    assert "Counted exactly" not in bound


def test_groups_differ_only_where_intervals_do_not_touch(p: RowsProfile) -> None:
    assert "Scores rank worst in be" in " ".join(differences(p.segments))
    alike = [replace(p.segments[0], name=name) for name in "xy"]
    assert "No two of them" in differences(alike)[0]
