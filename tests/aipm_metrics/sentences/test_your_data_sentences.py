"""What is said of somebody's own rows: short, whole, and never more than is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from aipm_metrics.estimates import wilson
from aipm_metrics.figures.your_data import elkan_figure
from aipm_metrics.models.cost_intervals import cost_difference, cost_per_row
from aipm_metrics.rows.asked import Prices
from aipm_metrics.rows.profile import profile, starting_thresholds
from aipm_metrics.rows.profile_parts import Rule
from aipm_metrics.rows.ranking import by_cost
from aipm_metrics.sentences import your_data as words
from aipm_metrics.sentences import your_data_amounts as by_amount
from aipm_metrics.sentences import your_data_tables as tables
from aipm_metrics.sentences.your_data_answers import better_version, works_worst
from aipm_metrics.sentences.your_data_groups import differences, estimated
from aipm_metrics.spoken import money, price, share
from aipm_metrics.spoken_exactly import sums
from tests.aipm_metrics.rows.own_rows import counted, rows

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
        *words.aloud(p), *words.notes(p), *by_amount.amount_lines(p), *by_amount.rule_lines(p),
        *differences(p.segments),
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
    for number in (f"{p.b.tp:,}", f"{p.b.fp:,}", f"{p.a.tp:,}", *sums(p.a.cost, p.b.cost)):
        assert number in said
    assert f"saves {sums(p.a.cost, p.b.cost)[2]}" in said
    assert f"less than {money(p.verdict.flip_miss)}" in said


def test_whoever_is_cheaper_saves() -> None:
    turned = profile(counted(), Prices(), 0.2, 0.5)
    said = " ".join(words.aloud(turned))
    one, other, apart = sums(turned.a.cost, turned.b.cost)
    assert f"0.2 costs {one} and 0.5 costs {other}: 0.2 saves {apart}" in said
    assert words.cards(turned)[3].value == other
    assert words.cards(turned)[3].change == f"costs {apart} more"


@pytest.mark.parametrize(
    ("held", "said"),
    [(1.0, "it saves about as much"), (0.99, "about as much"), (0.5, "it saves $"),
     (-0.5, "more and does not save $")],
)  # fmt: skip
def test_what_halves_say_is_never_itself_denied(p: RowsProfile, held: float, said: str) -> None:
    v = replace(p.verdict, held_out=held * p.verdict.saving)
    told = next(n for n in words.notes(replace(p, verdict=v)) if "Chosen on half" in n)
    assert said in told
    if ", not $" in told:
        one, other = told.split("it saves ")[1].split(";")[0].split(", not ")
        assert one != other


def test_every_threshold_said_flags_what_is_said_of_it() -> None:
    r = rows()
    shown = profile(counted(), Prices(), *starting_thresholds(counted(), Prices()))
    for spot, line in zip((shown.a, shown.b, shown.best), tables.spot_rows(shown), strict=True):
        told = dict(zip(tables.SPOT_HEADER, line, strict=True))
        flagged = r.known & (r.score >= float(told["threshold"]))
        assert told["caught"] == f"{(flagged & r.event).sum():,}"
        assert told["false alarms"] == f"{(flagged & ~r.event).sum():,}"
        assert told["threshold"] in " ".join((*words.aloud(shown), words.described(shown, "cost")))
        assert (spot.tp, spot.fp) == ((flagged & r.event).sum(), (flagged & ~r.event).sum())


def test_a_and_b_alike_are_not_compared() -> None:
    same = profile(counted(), Prices(), 0.3, 0.3)
    assert "nothing to choose" in " ".join(words.aloud(same))
    assert words.cards(same)[4].value == "undefined"


@pytest.mark.parametrize(
    ("status", "chance", "labels", "said"),
    [
        ("said", 0.8, 900.0, "More labelled rows would tell"),
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


@pytest.mark.parametrize("status", ["said", "too few"])
@pytest.mark.parametrize("chance", [0.02, 0.4, 0.8, 0.97, 0.9999])
@pytest.mark.parametrize("labels", [40.0, 2941.0, 12_400.0, float("inf")])
def test_the_card_and_the_paragraph_agree_on_enough_labels(
    p: RowsProfile, status: str, chance: float, labels: float
) -> None:
    v = replace(p.verdict, status=status, chance_b=chance, labels_needed=labels)
    shown = replace(p, verdict=v)
    card, told = words.cards(shown)[4], " ".join(words.evidence_lines(shown))
    assert (card.change == "enough labels") == ("label" not in told)
    assert (card.change == "no number of labels") == ("No number of labels" in told)
    assert (card.value == "too few") == ("too few to say" in told)
    if card.change[0].isdigit():
        assert f"takes about {card.change.removesuffix(' labels needed')} labelled rows" in told
        assert labels > p.rows


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


def judged(p: RowsProfile, cost: float, ratio: float) -> RowsProfile:
    """Judge the rule by hand."""
    m, c = p.amounts, p.calibration
    assert m is not None
    assert c is not None
    rule = Rule(tp=10, fp=20, cost=cost, saving=m.best_cost - cost)
    off = replace(c, said=ratio * c.happened)
    return replace(p, amounts=replace(m, rule=rule), calibration=off)


def rule_shown(p: RowsProfile) -> str:
    """Everything the page says of the rule: words, questions, table, alt text, axis."""
    axis = elkan_figure(p, dark=False).layout.yaxis.title.text
    parts = [*by_amount.amount_questions(p).values(), *tables.amount_header(p)]
    return " ".join([*by_amount.rule_lines(p), *parts, words.described(p, "elkan"), axis])


ADVICE = ("not the best there is", "does a flag pay", "flag it from", "which a flag pays")


def test_a_rule_that_nobody_asked_the_rows_about_promises_nothing(p: RowsProfile) -> None:
    said = rule_shown(p)
    assert "have not been asked" in said
    assert not [advice for advice in ADVICE if advice in said]


@pytest.mark.parametrize(
    ("ratio", "word"),
    [(3.5, "overstate"), (0.4, "understate"), (1.01, "right in all"), (0.0, "understate")],
)
def test_a_rule_that_costs_more_is_no_advice(p: RowsProfile, ratio: float, word: str) -> None:
    assert p.amounts is not None
    told = judged(p, 2.5 * p.amounts.best_cost, ratio)
    said = rule_shown(told)
    assert word in said
    rule, one, apart = sums(2.5 * p.amounts.best_cost, p.amounts.best_cost)
    assert f"would cost {rule} on these rows, {apart} more than the {one}" in said
    assert "until the scores are recalibrated" in said
    assert not [advice for advice in ADVICE if advice in said]


def test_a_rule_that_saves_is_said_with_what_it_saves(p: RowsProfile) -> None:
    assert p.amounts is not None
    said = rule_shown(judged(p, 0.5 * p.amounts.best_cost, 1.0))
    rule, one, apart = sums(0.5 * p.amounts.best_cost, p.amounts.best_cost)
    assert f"costs {rule}, {apart} less than the {one}" in said
    assert [advice for advice in ADVICE if advice in said] == list(ADVICE)


def test_card_paragraph_and_table_say_one_cost(p: RowsProfile) -> None:
    place = tables.SPOT_HEADER.index("cost")
    costs = {line[0]: line[place] for line in tables.spot_rows(p)}
    card = next(c for c in words.cards(p) if c.label == "cost at B")
    assert costs["B"] == card.value
    assert all(costs[name] in " ".join(words.aloud(p)) for name in "AB")
