"""Any shares as whole people out of a round number; see `natural_frequencies` for the four cells.

Gigerenzer & Hoffrage (1995), Psychological Review 102, 684-704: natural frequencies.
Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["WholePeople", "whole_people"]

NOBODY = 1e-307  # a share too small to be one in any number
MOST = 10_000  # more icons than this cannot be told apart on a screen


@dataclass(frozen=True, slots=True)
class WholePeople:
    """Whole people per share.

    Attributes
    ----------
    of : int
        How many people in all: a power of ten from 10 to 10,000.
    people : dict of str to int
        People per share; they add up to `of`.
    one_in : dict of str to float
        Shares too rare to show even one person: "1 in so many".
    """

    of: int
    people: dict[str, int]
    one_in: dict[str, float]


def whole_people(shares: dict[str, float], *, at_least: int = 10) -> WholePeople:
    """Turn shares that add up to 1 into people.

    The smallest power of ten that shows at least one person in every non-empty cell, at most
    10,000; whole numbers by largest remainder (Hamilton's method), so that they add up.

    Parameters
    ----------
    shares
        Share of each cell.
    at_least : int, a power of ten from 10 to 10,000
        How many people to show even where fewer would do, so that two pictures compare.

    Examples
    --------
    >>> whole_people({"ill": 0.01, "well": 0.99})
    WholePeople(of=100, people={'ill': 1, 'well': 99}, one_in={})
    >>> whole_people({"ill": 1e-7, "well": 1 - 1e-7}).one_in
    {'ill': 10000000.0}
    """
    shares = {name: share if share > NOBODY else 0.0 for name, share in shares.items()}
    smallest = min(share for share in shares.values() if share > 0)
    # 1e-9 forgives 0.01 stored as a hair less than a hundredth.
    of = min(max(10 ** max(1, int(np.ceil(-np.log10(smallest) - 1e-9))), at_least), MOST)
    exact = np.array(list(shares.values())) * of
    whole = np.floor(exact + 1e-9).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: of - int(whole.sum())]] += 1
    one_in = {name: 1 / share for name, share in shares.items() if 0 < share * of < 1 - 1e-9}
    people = {name: int(n) for name, n in zip(shares, whole, strict=True)}
    # A cell told in words is not drawn as well; the largest takes the person it gave up.
    largest = max(people, key=lambda name: people[name])
    for name in one_in:
        people[largest] += people[name]
        people[name] = 0
    return WholePeople(of, people, one_in)
