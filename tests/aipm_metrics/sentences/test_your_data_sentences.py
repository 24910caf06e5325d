"""What is said of somebody's own rows: short, whole, and never more than is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.estimates import wilson
from aipm_metrics.models.cost_intervals import cost_difference, cost_per_row
from aipm_metrics.rows.asked import Prices
from aipm_metrics.rows.profile import profile
from aipm_metrics.rows.ranking import by_cost
from aipm_metrics.sentences import your_data as words
from aipm_metrics.sentences import your_data_tables as tables
from aipm_metrics.sentences.your_data_answers import better_version, works_worst
from aipm_metrics.sentences.your_data_groups import differences, estimated
from aipm_metrics.spoken import money, price, share
from tests.aipm_metrics.rows.own_rows import counted

if TYPE_CHECKING:
    from aipm_metrics.rows.profile_parts import Group, RowsProfile


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
        *differences(p.versions), *works_worst(p.segments, by_cost(p.segments), "country"),
        *better_version(by_cost(p.versions), "model"), words.summary(p), words.against(p),
        *cards, *cells,
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


def group(like: RowsProfile, name: str | None, fn: int, fp: int, rows: int) -> Group:
    """A group of half events, with so many errors at $100 and $5."""
    return replace(
        like.segments[0], name=name, rows=rows, positives=rows // 2,
        recall=wilson(rows // 2 - fn, rows // 2),
        cost=cost_per_row(fn, fp, rows, cost_fn=100, cost_fp=5),
    )  # fmt: skip


def test_worst_is_said_by_cost_and_by_what_is_caught(p: RowsProfile) -> None:
    groups = [
        group(p, "at", 100, 90, 2000),
        group(p, None, 4, 2, 21),
        group(p, "be", 400, 90, 2000),
    ]
    said = works_worst(groups, by_cost(groups), "country")
    assert said[0].startswith(f"By cost, worst for be: {price(20.225)} (")
    assert f"{price(5.225)} (" in said[0]
    assert said[1].replace("\xa0", " ").startswith("By events caught, worst for be: 60 % (57 to")
    assert said[2] == "Not ranked, with too few errors and events: no country (21 rows)."
    same = [group(p, name, 100, 90, 2000) for name in "xy"]
    alike = works_worst(same, by_cost(same), "country")
    assert all("no two of them differ" in each for each in alike)
    assert "Too few" in works_worst(groups[:2], by_cost(groups[:2]), "country")[0]


def test_the_better_version_is_said_with_its_interval(p: RowsProfile) -> None:
    one, other = group(p, "v1", 400, 90, 2000), group(p, "v2", 100, 90, 2000)
    (said,) = better_version(by_cost([one, other]), "model")
    assert said.startswith(f"v2 is the cheaper one: {price(5.225)} (")
    apart = cost_difference(one.cost, other.cost)
    assert f"saves {price(apart.low)} to {price(apart.high)} per row" in said
    assert better_version(by_cost([other, one]), "model") == (said,)


def test_versions_too_alike_or_too_small_have_no_winner(p: RowsProfile) -> None:
    close = [group(p, "v1", 100, 90, 2000), group(p, "v2", 104, 90, 2000)]
    near = better_version(by_cost(close), "model")
    assert near[0].startswith("Too few rows to say which is cheaper: v1 costs")
    one_of_two = [group(p, "v1", 100, 90, 2000), group(p, None, 3, 2, 40)]
    few = better_version(by_cost(one_of_two), "model")
    assert few == (
        "Too few errors to say which version is cheaper.",
        "With too few errors to be compared: no model (40 rows).",
    )
