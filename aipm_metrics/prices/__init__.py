"""What well-known models cost, frozen by date; see `freeze` for where it comes from.

A file is never changed once it has been released: links name models, and what a link means
must not move. A later file adds models; one whose prices differ from those known so far comes
under a name of its own that says from when, and the old name keeps the old prices.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from aipm_metrics.models.pricing import Prices, Rates

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Listed", "price_list", "read_list", "read_lists"]

HERE = Path(__file__).parent
KINDS = ("input", "cache_read", "cache_write", "output")


@dataclass(frozen=True, slots=True)
class Listed:
    """One model's prices.

    Attributes
    ----------
    name
        For people; unlike any other model's.
    vendor, id
        Whose it is, and what its interface calls it.
    prices : USD per million tokens
        Where the vendor names no price for reading from a cache or writing to it, that of
        input.
    window : float
        Tokens that input and output of one call may have together.
    source
        Where the prices are from, and of which day.
    """

    name: str
    vendor: str
    id: str
    prices: Prices
    window: float
    source: str


@cache
def price_list() -> Mapping[str, Listed]:
    """Every model whose prices are known, by name.

    Examples
    --------
    >>> price_list()["Claude Sonnet 4.5"].prices.base.output
    15.0
    """
    return read_lists(HERE)


def read_lists(folder: Path) -> Mapping[str, Listed]:
    """Read every dated list of a folder, the oldest first; see the module.

    Parameters
    ----------
    folder
        Holds files such as ``2026-11-25.json``.
    """
    found: dict[str, Listed] = {}
    latest: dict[str, Listed] = {}  # by the name without a date
    for path in sorted(folder.glob("*.json")):
        for name, listed in read_list(path).items():
            if name not in latest:
                latest[name] = found[name] = listed
            elif not _same(latest[name], listed):
                dated = replace(listed, name=f"{name} from {path.stem}")
                latest[name] = found[dated.name] = dated
    return MappingProxyType(found)


def read_list(path: Path) -> dict[str, Listed]:
    """Read one dated list, by name."""
    told = json.loads(path.read_text(encoding="utf-8"))
    source = f"{told['source']} {told['version']}, {told['frozen_on']}"
    return {name: _listed(name, model, source) for name, model in told["models"].items()}


def _listed(name: str, told: Mapping[str, Any], source: str) -> Listed:
    tiers = tuple((float(tier["above"]), _rates(tier)) for tier in told["tiers"])
    return Listed(
        name, told["vendor"], told["id"], Prices(_rates(told), tiers), float(told["window"]), source
    )


def _rates(told: Mapping[str, Any]) -> Rates:
    return Rates(
        **{kind: float(told["input"] if told[kind] is None else told[kind]) for kind in KINDS}
    )


def _same(one: Listed, other: Listed) -> bool:
    return (one.prices, one.window) == (other.prices, other.window)
