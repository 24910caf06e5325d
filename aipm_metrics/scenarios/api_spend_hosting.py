"""API or own GPUs? The tokens of a month from servers of one's own, beside the API's bill.

The same answers are assumed of the own model. Tokens read from a cache are no work to either
side, so both prices are told per million tokens that must be worked through. Axis letter: `g`
volumes. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.models.pricing import MILLION
from aipm_metrics.models.self_hosting import (
    HOURS_A_MONTH,
    always_cheaper_from,
    break_even_utilisation,
    servers_needed,
    usd_per_million,
)

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.api_spend import ApiSpendScenario
    from aipm_metrics.scenarios.api_spend_chain import Month

__all__ = ["Hosting", "Volumes", "hosting_of", "volumes_of"]

SECONDS_A_MONTH = HOURS_A_MONTH * 3600
POINTS, REACH = 241, 100.0  # volumes drawn; how many times fewer and more than there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting:
    """A month's tokens bought, and made on own servers.

    Attributes
    ----------
    million_tokens : float
        A month, those read from a cache aside.
    api_price : float, USD per million of them
        ``nan`` without tokens.
    own_price, without_peak : float, USD per million
        Of servers that are as busy as the peak lets them be, upkeep aside; and if every hour
        were like the peak. Their ratio is the peak tax.
    servers : float
        Whole servers for the peak.
    busy, needed : float, share of their time
        How busy these are on average, and how busy they must be to cost what the API does,
        upkeep included; the latter may be more than the peak lets them be, and is ``inf`` where
        the API is free.
    most : float, share of their time
        How busy the peak lets them be on average.
    api_bill, own_bill : float, USD a month
        Upkeep included.
    break_even : float, million tokens a month
        Above which own servers always cost less, though they come whole; ``inf`` where none.
    break_even_tasks : float, tasks a month
        The same in tasks, were none of them kept out by cap or rate limit.
    kept_out : bool
        Whether cap or rate limit keep tasks out of this month's bills.
    """

    million_tokens: float
    api_price: float
    own_price: float
    without_peak: float
    servers: float
    busy: float
    needed: float
    most: float
    api_bill: float
    own_bill: float
    break_even: float
    break_even_tasks: float
    kept_out: bool

    @property
    def saving(self) -> float:
        """USD a month that own servers would save; negative when they cost more."""
        return self.api_bill - self.own_bill


@dataclass(frozen=True, slots=True)
class Volumes:
    """Both bills from few tasks a month to many.

    Attributes
    ----------
    tasks : (g,) floats, ascending
    api, own : (g,) floats, USD a month
        Own servers come whole, so theirs is a staircase.
    """

    tasks: Floats
    api: Floats
    own: Floats


def hosting_of(s: ApiSpendScenario, here: Month) -> Hosting:
    """Lay own servers beside the API, for the tokens of one month."""
    million, usd = float(here.worked) / MILLION, float(here.spend)
    api_price = usd / million if million else np.nan
    servers, bill = _own(s, here.worked)
    free = usd_per_million(s.gpu_price, s.gpu_tokens_per_s, s.target_utilisation)
    own = float(free) * s.peak_to_mean
    room = s.gpu_tokens_per_s * s.target_utilisation / s.peak_to_mean * SECONDS_A_MONTH / MILLION
    volume = always_cheaper_from(s.gpu_price * HOURS_A_MONTH, room, s.upkeep, api_price)
    served = float(here.served)
    per_task = million / (s.tasks_per_month * served) if served else 0.0
    per_hour = float(bill) / float(servers) / HOURS_A_MONTH if servers else np.nan
    with np.errstate(divide="ignore"):
        needed = break_even_utilisation(per_hour, s.gpu_tokens_per_s, api_price)
    capacity = float(servers) * s.gpu_tokens_per_s * SECONDS_A_MONTH
    return Hosting(
        million_tokens=million, api_price=api_price, own_price=own, without_peak=float(free),
        servers=float(servers), busy=float(here.worked) / capacity if capacity else np.nan,
        needed=float(needed), most=s.target_utilisation / s.peak_to_mean,
        api_bill=usd, own_bill=float(bill), break_even=float(volume),
        break_even_tasks=float(volume) / per_task if per_task else np.inf,
        kept_out=served < 1,
    )  # fmt: skip


def volumes_of(s: ApiSpendScenario, here: Month) -> Volumes:
    """Follow both bills from a hundredth of the tasks to a hundred times as many.

    No cap or rate limit keeps any of them out.
    """
    times = np.unique(np.append(np.geomspace(1 / REACH, REACH, POINTS), 1.0))
    served = float(here.served) or 1.0
    _, bills = _own(s, np.asarray(here.worked) / served * times)
    return Volumes(s.tasks_per_month * times, float(here.wanted) * times, np.asarray(bills))


def _own(s: ApiSpendScenario, worked: Any) -> tuple[Any, Any]:
    """Whole servers for so many tokens a month, and their bill."""
    servers = servers_needed(
        np.divide(worked, SECONDS_A_MONTH), s.peak_to_mean, s.gpu_tokens_per_s,
        s.target_utilisation,
    )  # fmt: skip
    return servers, servers * s.gpu_price * HOURS_A_MONTH + s.upkeep
