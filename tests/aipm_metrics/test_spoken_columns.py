"""A column of numbers is said word for word as each of its numbers is said alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics import spoken
from aipm_metrics.models.confusion import Floats
from aipm_metrics.spoken_columns import (
    Words,
    counts,
    cuts,
    decimals,
    each,
    moneys,
    ones_in,
    shares,
    with_units,
)

MANY = 40_000
Pair = tuple[Callable[[Any], Words], Callable[[float], str]]


def cut_at(lowest: float) -> Pair:
    return lambda x: cuts(x, lowest), lambda v: spoken.cut(v, flags_all_at=lowest)


def in_unit(unit: str) -> Pair:
    return lambda x: with_units(x, unit), lambda v: spoken.with_unit(v, unit)


# What says a column, what says one number, and whether numbers beyond 0 to 1 can be said.
SAID: dict[str, tuple[Pair, bool]] = {
    "counts": ((counts, spoken.count), True),
    "moneys": ((moneys, spoken.money), True),
    "shares": ((shares, spoken.share), False),
    "cuts": (cut_at(0.0), False),
    "cuts of rows": (cut_at(-3.5), True),
    "USD an hour": (in_unit("USD an hour"), True),
    "USD": (in_unit("USD"), True),
    "chance": (in_unit("chance"), False),
    "share of posts": (in_unit("share of posts"), False),
    "probability": (in_unit("probability"), False),
    "posts a month": (in_unit("posts a month"), True),
    "no unit": (in_unit(""), False),
}
EVERY = pytest.mark.parametrize("name", SAID)


def neighbours(x: Floats) -> Floats:
    """Each number with the floats right beside it, and those a little farther."""
    beside = [np.nextafter(x, -np.inf), x, np.nextafter(x, np.inf)]
    return np.concatenate([*beside, *(x * (1 + e) for e in (-1e-12, 1e-12, -1e-7, 1e-7))])


def ties() -> Floats:
    """Numbers on the edge between two roundings, at two, three and four digits, in every size."""
    steps = np.array([n + 0.5 for n in (*range(9, 130), *range(985, 1_005), *range(9_940, 9_960))])
    powers = 10.0 ** np.arange(-18, 19)
    return np.asarray(np.outer(steps, powers).ravel() / 100, float)


def edges() -> Floats:
    """Powers of ten, limits the words change at, and the ends of what a float holds."""
    powers = 10.0 ** np.arange(-24.0, 25.0)
    limits = [
        0.0, -0.0, 0.005, 0.01, 1e-6, 1e-15, 10, 95, 99.5, 99.995, 100, 995, 999.5, 1e3, 9_950,
        9_949.999, 1e4, 999_500, 1e6, 999.5e6, 1e9, 1e12, 999.5e12, 1e15, 0.5, 1 - 1e-9, 1 - 1e-15,
        1.0, 5e-324, 2.3e-308,
    ]  # fmt: skip
    return np.concatenate([powers, 1 - 10.0 ** np.arange(-16.0, 0), np.array(limits, float)])


def adversarial() -> Floats:
    found = neighbours(np.concatenate([ties(), edges()]))
    return np.concatenate([found, -found, [np.nan, np.inf, -np.inf]])


def spread(seed: int, n: int) -> Floats:
    """Numbers of every size, of the sizes people meet, and probabilities near both ends."""
    rng = np.random.default_rng(seed)
    near = 1 / (1 + np.exp(-rng.uniform(-40, 40, n)))
    return np.concatenate([
        10.0 ** rng.uniform(-20, 20, n), 10.0 ** rng.uniform(-3, 7, n), rng.uniform(0, 1, n), near,
        rng.normal(0, 100, n), rng.integers(0, 10**6, n).astype(float),
        rng.integers(0, 10**5, n) / 1000,
    ])  # fmt: skip


def sayable(name: str, x: Floats) -> Floats:
    """Numbers the words are for: shares and probabilities lie in 0 to 1, or are missing."""
    if SAID[name][1]:
        return x
    missing = np.isnan(x) & (name not in {"probability", "no unit"})
    return x[((x >= 0) & (x <= 1)) | missing]


def same(name: str, x: Floats) -> None:
    (column, one), _ = SAID[name]
    x = sayable(name, x)
    told = column(x).tolist()
    wrong = [(v, a, one(v)) for v, a in zip(x.tolist(), told, strict=True) if a != one(v)]
    assert not wrong, wrong[:5]


# --- laws ---


@EVERY
def test_numbers_of_every_size_are_said_as_alone(name: str) -> None:
    same(name, spread(1, MANY // 7))


@EVERY
def test_numbers_on_every_edge_are_said_as_alone(name: str) -> None:
    same(name, adversarial())


@EVERY
def test_what_is_remembered_is_never_said_of_another_number(name: str) -> None:
    """Whatever was said first, in whatever order: each number twice, and once beside itself."""
    x = sayable(name, np.random.default_rng(2).permutation(spread(3, 400)))
    (column, _), _ = SAID[name]
    together = column(np.concatenate([x, x[::-1]])).tolist()
    assert together[: x.size] == together[x.size :][::-1]
    assert together[: x.size] == [column(v).tolist()[0] for v in x.tolist()]


@given(st.lists(st.floats(1, 1e300), max_size=30))
def test_rare_shares_are_said_as_alone(many: list[float]) -> None:
    assert ones_in(many).tolist() == [spoken.one_in(m) for m in many]


def test_rare_shares_of_every_size_are_said_as_alone() -> None:
    many = np.concatenate([spread(4, 2_000), adversarial()])
    many = many[(many >= 1) & np.isfinite(many)]
    assert ones_in(many).tolist() == [spoken.one_in(m) for m in many.tolist()]


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=30))
def test_any_floats_at_all_are_said_as_alone(values: list[float]) -> None:
    for name in ("counts", "moneys"):
        same(name, np.array(values, float))


@given(st.lists(st.floats(-1e15, 1e15), max_size=10), st.integers(0, 6))
def test_decimals_are_the_formats_own(values: list[float], places: int) -> None:
    assert decimals(values, places).tolist() == [f"{v:,.{places}f}" for v in values]


# --- shape ---


def test_a_column_has_one_word_per_number_and_none_has_none() -> None:
    for column in (counts, moneys, shares, ones_in):
        assert column([]).tolist() == []
        assert column(0.25).shape == (1,)
        assert column(np.full((2, 3), 0.25)).shape == (6,)
    assert each(spoken.count, [1.0, 2.0]).tolist() == ["1", "2"]
