"""Month by month, what each way of doing it finds, misses and costs.

Before a model is launched things go on as today; what is done today costs nothing to build.
Nothing is discounted. Axis letters: `g` settings or draws, `m` months of the plan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.confusion import Rates
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs, Option

__all__ = ["CAUSES", "Way", "cutoff_of", "model_rates", "ways_of"]

CAUSES = ("misses", "false alarms", "running", "building")
MOST_MONTHS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of doing it, as a mean over the plan up to each month; (..., m) floats each.

    Attributes
    ----------
    tpr, fpr
        Shares of positives and negatives flagged.
    usd : dict of str to (..., m) floats
        USD a month by cause.
    """

    tpr: Floats
    fpr: Floats
    usd: dict[str, Floats]

    @property
    def cost(self) -> Floats:
        """USD a month."""
        return np.asarray(sum(self.usd.values()))

    @property
    def rates(self) -> Rates:
        """Shares flagged, as rates."""
        return Rates(self.tpr, self.fpr)


@dataclass(frozen=True, slots=True)
class _Month:
    """Rates and running costs of single months, (..., m) each; what was paid for once."""

    tpr: Any
    fpr: Any
    running: Any
    building: Any


def ways_of(s: BuildOrNotKnobs, months: int = MOST_MONTHS) -> dict[Option, Way]:
    """Work out all four ways over plans of 1 up to so many months.

    Parameters
    ----------
    s
        The knobs; numbers may be (g,) arrays.
    months

    Examples
    --------
    Nothing is done and nothing found: every positive is missed.

    >>> from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs
    >>> s = BuildOrNotKnobs(items_per_month=1000, prevalence=0.01, cost_fn=20)
    >>> ways_of(s)["nothing"].cost[:3].tolist()
    [200.0, 200.0, 200.0]
    """
    single = _singles(s, np.arange(1.0, months + 1))
    return {option: _mean(s, single[option], months) for option in OPTIONS}


def _mean(s: BuildOrNotKnobs, each: _Month, months: int) -> Way:
    """Average single months over plans of 1 up to so many."""
    so_far = np.arange(1.0, months + 1)
    shape = np.broadcast_shapes(*(np.shape(a) for a in (each.tpr, each.fpr, each.running)))

    def mean(values: Any) -> Floats:
        return np.asarray(np.cumsum(np.broadcast_to(values, shape), axis=-1) / so_far)

    tpr, fpr = mean(each.tpr), mean(each.fpr)
    items, positives = _monthly(s.items_per_month), _monthly(s.prevalence)
    usd = (
        items * positives * (1 - tpr) * _monthly(s.cost_fn),
        items * (1 - positives) * fpr * _monthly(s.cost_fp),
        mean(each.running),
        each.building / so_far,
    )
    return Way(tpr=tpr, fpr=fpr, usd=dict(zip(CAUSES, usd, strict=True)))


def _singles(s: BuildOrNotKnobs, month: Floats) -> dict[str, _Month]:
    """Every way in single months, counted from 1."""
    nothing = np.zeros_like(month)
    fresh = {
        "nothing": _Month(nothing, nothing, nothing, 0.0),
        "rules": _rules(s, month),
        "people": _people(s, month),
    }
    model = _model(s, month)
    if s.today == "a model":
        return {**fresh, "a model": model}
    launched = np.clip(month - _monthly(s.launch_months), 0.0, 1.0)
    before = fresh[s.today]

    def mixed(after: Any, until: Any) -> Any:
        return launched * after + (1 - launched) * until

    return {
        **fresh,
        "a model": _Month(
            mixed(model.tpr, before.tpr), mixed(model.fpr, before.fpr),
            mixed(model.running, before.running), _monthly(s.model_build),
        ),
    }  # fmt: skip


def _rules(s: BuildOrNotKnobs, month: Floats) -> _Month:
    kept = (1 - _monthly(s.rules_decay)) ** (month - 0.5)
    building = 0.0 if s.today == "rules" else _monthly(s.rules_build)
    flat = np.ones_like(month)
    return _Month(
        _monthly(s.rules_tpr) * kept, _monthly(s.rules_fpr) * flat, _monthly(s.rules_run) * flat,
        building,
    )  # fmt: skip


def _people(s: BuildOrNotKnobs, month: Floats) -> _Month:
    needed = _monthly(s.items_per_month) * _monthly(s.minutes_per_item) / 60
    seen = np.minimum(1.0, _monthly(s.people_hours) / needed) * np.ones_like(month)
    return _Month(
        _monthly(s.people_tpr) * seen, _monthly(s.people_fpr) * seen,
        seen * needed * _monthly(s.wage), 0.0,
    )  # fmt: skip


def _model(s: BuildOrNotKnobs, month: Floats) -> _Month:
    """Follow a model from its launch on: trained anew, it is as good as at first."""
    launch = 0.0 if s.today == "a model" else _monthly(s.launch_months)
    every = _monthly(s.retrain_months)
    age = np.mod(np.maximum(month - 0.5 - launch, 0.0), every)
    rates = model_rates(s, age)
    running = (
        _monthly(s.model_run) + _monthly(s.items_per_month) / 1000 * _monthly(s.price_per_thousand)
        + _monthly(s.retrain_cost) / every
    )  # fmt: skip
    return _Month(rates.tpr, rates.fpr, running * np.ones_like(month), 0.0)


def cutoff_of(s: BuildOrNotKnobs, separation: Any) -> Any:
    """Cutoff of lowest expected cost for a fresh model, sd; see Pepe (2003), sec. 4.4.

    ``separation / 2 + log(odds of a negative * cost_fp / cost_fn) / separation``; without
    separation, everything is flagged or nothing is, whichever costs less.
    """
    p = _monthly(s.prevalence)
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.log((1 - p) * _monthly(s.cost_fp)) - np.log(p * _monthly(s.cost_fn))
        price = np.where(np.isnan(price), 0.0, price)  # when neither mistake costs anything
        return np.where(
            separation > 0, separation / 2 + price / separation, np.sign(price) * np.inf
        )


def model_rates(s: BuildOrNotKnobs, age: Any) -> Rates:
    """Rates of a model trained so many months ago, cut where it was cheapest when it was new."""
    fresh = np.asarray(Binormal.from_auc(s.auc).separation, float)[..., None]
    cutoff = cutoff_of(s, fresh)
    now = fresh * (1 - _monthly(s.decay)) ** age
    return Rates(ndtr(now - cutoff), ndtr(-cutoff) * np.ones_like(now))


def _monthly(values: Any) -> Any:
    """Give a knob an axis of months."""
    return np.asarray(values, float)[..., None]
