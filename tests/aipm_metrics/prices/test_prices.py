"""Frozen prices against the package they were frozen from, and how a later list joins them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import genai_prices
import numpy as np
import pytest

from aipm_metrics.models.pricing import request_cost
from aipm_metrics.prices import HERE, Listed, price_list, read_list, read_lists
from aipm_metrics.prices.freeze import MODELS, frozen
from tests.rooms import ROOT, loaded_by

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(HERE.glob("*.json"))
FIRST = FILES[0]
NEWEST = read_list(FILES[-1])
MIXES = 40


def noon(told: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(f"{told['frozen_on']}T12:00:00").replace(tzinfo=UTC)


def oracle(listed: Listed, fresh: int, read: int, write: int, output: int, at: datetime) -> float:
    """The bill of genai-prices, which counts cached tokens among the input."""
    usage = genai_prices.Usage(
        input_tokens=fresh + read + write, cache_read_tokens=read, cache_write_tokens=write,
        output_tokens=output,
    )  # fmt: skip
    told = genai_prices.calc_price(
        usage, listed.id, provider_id=listed.vendor, genai_request_timestamp=at
    )
    return float(told.total_price)


@pytest.mark.parametrize("listed", NEWEST.values(), ids=NEWEST)
def test_every_frozen_price_is_genai_prices_own(listed: Listed) -> None:
    """genai-prices `calc_price`, on random mixes and on both sides of every threshold."""
    told, rng = json.loads(FILES[-1].read_text()), np.random.default_rng(len(listed.name))
    by_name = told["models"][listed.name]
    write = by_name["cache_write"] is not None
    edges = [int(above) + step for above, _ in listed.prices.tiers for step in (0, 1)]
    for total in [*rng.integers(0, 900_000, MIXES - len(edges)).tolist(), *edges]:
        read = int(rng.integers(0, total + 1)) if by_name["cache_read"] is not None else 0
        written = int(rng.integers(0, total - read + 1)) if write else 0
        fresh, output = total - read - written, int(rng.integers(0, 100_000))
        usd = request_cost(fresh, read, written, output, prices=listed.prices)
        expected = oracle(listed, fresh, read, written, output, noon(told))
        assert usd == pytest.approx(expected, rel=1e-9, abs=1e-15)


def test_the_newest_file_is_what_freezing_gives_again() -> None:
    told = json.loads(FILES[-1].read_text())
    if told["version"] != genai_prices.__version__:
        pytest.skip("another version of genai-prices is installed than prices were frozen from")
    assert frozen(noon(told)) == told
    assert list(told["models"]) == [name for *_, name in MODELS]


def test_a_file_says_what_it_holds_and_of_which_day() -> None:
    for path in FILES:
        told = json.loads(path.read_text())
        assert path.stem == told["frozen_on"]
        assert told["source"] == "genai-prices"
        assert "million" in told["unit"]
        for model in told["models"].values():
            assert set(model) >= {"input", "cache_read", "cache_write", "output", "window"}


def test_the_list_is_long_enough_and_of_several_vendors() -> None:
    listed = price_list().values()
    assert len(listed) >= 12
    assert len({one.vendor for one in listed}) >= 5
    assert sum(bool(one.prices.tiers) for one in listed) >= 3
    assert all(one.window >= 100_000 for one in listed)
    assert all("genai-prices 0.2.3, 2026-11-25" in one.source for one in listed)


def test_a_model_without_cache_prices_pays_for_input() -> None:
    gpt = price_list()["GPT-4o"].prices.base
    assert (gpt.cache_write, gpt.cache_read) == (2.5, 1.25)


def test_a_later_list_adds_names_and_changes_none(tmp_path: Path) -> None:
    """What an old link means must not move when prices do."""
    first = json.loads(FIRST.read_text())
    (tmp_path / FIRST.name).write_text(FIRST.read_text())
    models = {"GPT-5": {**first["models"]["GPT-5"], "output": 1.0},
              "GPT-4o": first["models"]["GPT-4o"],
              "GPT-9": first["models"]["GPT-5"]}  # fmt: skip
    later = {**first, "frozen_on": "2027-02-01", "models": models}
    (tmp_path / "2027-02-01.json").write_text(json.dumps(later))
    old, new = read_lists(HERE), read_lists(tmp_path)
    assert {name: new[name] for name in old} == dict(old)
    assert list(new)[len(old) :] == ["GPT-5 from 2027-02-01", "GPT-9"]
    assert new["GPT-5 from 2027-02-01"].prices.base.output == 1.0
    assert new["GPT-9"].source.endswith("2027-02-01")


def test_nothing_loads_the_package_at_run_time() -> None:
    """Its name is seen by the interpreter only where prices are frozen."""
    naming = {path.name for path in ROOT.glob("aipm_metrics/**/*.py")
              if "import genai_prices" in path.read_text()}  # fmt: skip
    assert naming == {"freeze.py"}
    assert (
        "aipm_metrics.prices"
        in loaded_by(["aipm_metrics.prices.freeze"])["aipm_metrics.prices.freeze"]
    )
