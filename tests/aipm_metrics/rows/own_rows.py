"""A small file of somebody's rows, with every kind of column, and what it holds as arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.rows.asked import Columns
from aipm_metrics.rows.jobs import Watch
from aipm_metrics.rows.places import Handed
from aipm_metrics.rows.profile_counts import count_all

if TYPE_CHECKING:
    from aipm_metrics.rows.profile_counts import Counted

__all__ = ["COLUMNS", "EVENT", "Rows", "counted", "csv_of", "rows"]

EVENT = "yes"
COLUMNS = Columns(
    score="score", label="fraud", event=EVENT, segment="country", version="model",
    amount="amount", time="day",
)  # fmt: skip


@dataclass(frozen=True)
class Rows:
    """Columns as arrays; nan and empty texts are missing."""

    score: Any
    fraud: Any
    country: Any
    model: Any
    amount: Any
    day: Any

    @property
    def known(self) -> Any:
        """Rows with both a score and a label."""
        return ~np.isnan(self.score) & (self.fraud != "")

    @property
    def event(self) -> Any:
        """Rows that are events."""
        return self.fraud == EVENT


@cache
def rows(n: int = 3000) -> Rows:
    """Make them up: scores are chances, honest but for a country where they are noise."""
    rng = np.random.default_rng(11)
    hidden = rng.normal(size=n) * 1.5 - 2
    country = rng.choice(["at", "be", "=cy"], n, p=[0.6, 0.38, 0.02])
    noise = np.where(country == "be", 1.5, 0.2) * rng.normal(size=n)
    score = np.round(1 / (1 + np.exp(-(hidden + noise))), 3)
    fraud = np.where(rng.random(n) < 1 / (1 + np.exp(-hidden)), EVENT, "no")
    score[::97], fraud[::89] = np.nan, ""
    amount = np.round(rng.lognormal(3, 1, n), 2)
    amount[::50] = np.nan
    day = np.datetime64("2026-01-10") + rng.integers(0, 70, n).astype("timedelta64[D]")
    return Rows(score, fraud, country, rng.choice(["v1", "v2"], n), amount, day)


def csv_of(r: Rows) -> bytes:
    """Write them as a file."""
    lines = ["score,fraud,country,model,amount,day"]
    for score, fraud, country, model, amount, day in zip(
        r.score, r.fraud, r.country, r.model, r.amount, r.day, strict=True
    ):
        money = "" if np.isnan(amount) else f"{amount:.2f}"
        lines.append(f"{'' if np.isnan(score) else score},{fraud},{country},{model},{money},{day}")
    return "\n".join(lines).encode()


@cache
def counted() -> Counted:
    """Count the file as the page does."""
    place, watch = Handed("mine.csv", csv_of(rows())), Watch()
    return count_all(place, place.look(watch), COLUMNS, watch)
