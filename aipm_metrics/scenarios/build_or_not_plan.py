"""What each way of doing it finds, misses and costs, as a mean over a plan.

Time runs on from 0, so that a model that is launched or trained anew in the middle of a month is
no trouble. Before a model is launched things go on as today; what is done today costs nothing to
build. Nothing is discounted. Axis letters: `g` settings or draws, `m` lengths of the plan,
`q` places at which an age is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr, roots_legendre

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.confusion import Rates
from aipm_metrics.scenarios.build_or_not_knobs import OPTIONS

if TYPE_CHECKING:
    from collections.abc import Collection

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs, Option

__all__ = ["CAUSES", "LENGTHS", "Way", "cutoff_of", "model_rates", "ways_of"]

CAUSES = ("misses", "false alarms", "running", "building")
LENGTHS = np.arange(1.0, 61)  # of a plan, months
# What a model finds falls fastest when it is new, so that places crowd there: x = y**2.
_Y, _W = roots_legendre(24)
PLACES, WEIGHTS = ((_Y + 1) / 2) ** 2, _W * (_Y + 1) / 2  # between trainings, from 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way of doing it, as a mean over plans of every length; (..., m) floats each.

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
class _Sum:
    """What some months add up to, (..., m) each: shares flagged, and USD of running it."""

    tpr: Any
    fpr: Any
    running: Any

    def __add__(self, other: _Sum) -> _Sum:
        return _Sum(self.tpr + other.tpr, self.fpr + other.fpr, self.running + other.running)


def ways_of(
    s: BuildOrNotKnobs, lengths: Any = LENGTHS, options: Collection[Option] = OPTIONS
) -> dict[Option, Way]:
    """Work out all four ways, or some of them, over plans of some lengths.

    Parameters
    ----------
    s
        The knobs; numbers may be (g,) arrays.
    lengths : (m,) or (..., m) floats, above 0
        Months.
    options
        Which ways.

    Examples
    --------
    Nothing is done and nothing found: every positive is missed.

    >>> from aipm_metrics.scenarios.build_or_not_knobs import BuildOrNotKnobs
    >>> s = BuildOrNotKnobs(items_per_month=1000, prevalence=0.01, cost_fn=20)
    >>> ways_of(s)["nothing"].cost[:3].tolist()
    [200.0, 200.0, 200.0]
    """
    lengths = np.asarray(lengths, float)
    done: dict[Option, Any] = {"nothing": _nothing, "rules": _rules, "people": _people}
    rules_build = 0.0 if s.today == "rules" else _monthly(s.rules_build)
    built: dict[Option, Any] = {"nothing": 0.0, "rules": rules_build, "people": 0.0}
    found = {o: _mean(s, done[o](s, lengths), built[o], lengths) for o in done if o in options}
    if "a model" not in options:
        return found
    if s.today == "a model":
        return {**found, "a model": _mean(s, _model(s, lengths), 0.0, lengths)}
    until = np.minimum(lengths, _monthly(s.launch_months))
    both = done[s.today](s, until) + _model(s, lengths - until)
    return {**found, "a model": _mean(s, both, _monthly(s.model_build), lengths)}


def _mean(s: BuildOrNotKnobs, total: _Sum, built: Any, lengths: Floats) -> Way:
    """Spread what a plan adds up to over its months."""
    tpr, fpr = total.tpr / lengths, total.fpr / lengths
    items, positives = _monthly(s.items_per_month), _monthly(s.prevalence)
    usd = (
        items * positives * (1 - tpr) * _monthly(s.cost_fn),
        items * (1 - positives) * fpr * _monthly(s.cost_fp),
        total.running / lengths,
        built / lengths,
    )
    shape = np.broadcast_shapes(*(np.shape(values) for values in usd))
    each = (np.broadcast_to(values, shape) for values in usd)
    return Way(tpr=tpr, fpr=fpr, usd=dict(zip(CAUSES, each, strict=True)))


def _nothing(s: BuildOrNotKnobs, months: Floats) -> _Sum:
    del s
    none = np.zeros_like(months)
    return _Sum(none, none, none)


def _rules(s: BuildOrNotKnobs, months: Floats) -> _Sum:
    """Add up ``rules_tpr * (1 - rules_decay)**age`` from new on."""
    rate = np.log1p(-_monthly(s.rules_decay))
    kept = np.where(rate < 0, np.expm1(rate * months) / np.where(rate < 0, rate, 1.0), months)
    return _Sum(
        _monthly(s.rules_tpr) * kept, _monthly(s.rules_fpr) * months,
        _monthly(s.rules_run) * months,
    )  # fmt: skip


def _people(s: BuildOrNotKnobs, months: Floats) -> _Sum:
    needed = _monthly(s.items_per_month) * _monthly(s.minutes_per_item) / 60
    hours = np.minimum(needed, _monthly(s.people_hours))
    seen = hours / needed * months
    return _Sum(
        _monthly(s.people_tpr) * seen, _monthly(s.people_fpr) * seen,
        hours * _monthly(s.wage) * months,
    )  # fmt: skip


def _model(s: BuildOrNotKnobs, months: Floats) -> _Sum:
    """Add up so many months from the launch on: whole stretches between trainings, and a rest."""
    every = _monthly(s.retrain_months)
    whole = np.floor(months / every)
    fresh, cutoff = _fresh(s)
    rest = np.maximum(months - whole * every, 0.0)
    found = whole * _found(s, every, fresh, cutoff) + _found(s, rest, fresh, cutoff)
    running = (
        _monthly(s.model_run) + _monthly(s.items_per_month) / 1000 * _monthly(s.price_per_thousand)
        + _monthly(s.retrain_cost) / every
    )  # fmt: skip
    return _Sum(found, ndtr(-cutoff) * months, running * months)


def _found(s: BuildOrNotKnobs, months: Floats, fresh: Floats, cutoff: Floats) -> Floats:
    """Add up the share a model finds from new to some months old, by Gauss-Legendre."""
    ages = np.asarray(months)[..., None] * PLACES
    kept = (1 - _monthly(_monthly(s.decay))) ** ages
    return np.asarray(months * (ndtr(fresh[..., None] * kept - cutoff[..., None]) @ WEIGHTS))


def cutoff_of(s: BuildOrNotKnobs, separation: Any) -> Any:
    """Cutoff of lowest expected cost for a fresh model, sd; see Pepe (2003), sec. 4.4.

    ``separation / 2 + log(odds of a negative * cost_fp / cost_fn) / separation``; without
    separation, everything is flagged or nothing is, whichever costs less; nothing if neither.
    """
    p = _monthly(s.prevalence)
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.log((1 - p) * _monthly(s.cost_fp)) - np.log(p * _monthly(s.cost_fn))
        price = np.where(np.isnan(price), 0.0, price)  # when neither mistake costs anything
        return np.where(
            separation > 0,
            separation / 2 + price / separation,
            np.where(price < 0, -np.inf, np.inf),
        )


def model_rates(s: BuildOrNotKnobs, age: Any) -> Rates:
    """Rates of a model trained so many months ago, cut where it was cheapest when it was new."""
    fresh, cutoff = _fresh(s)
    now = fresh * (1 - _monthly(s.decay)) ** age
    return Rates(ndtr(now - cutoff), ndtr(-cutoff) * np.ones_like(now))


def _fresh(s: BuildOrNotKnobs) -> tuple[Floats, Floats]:
    """Separation of a new model and the cutoff it keeps, sd, (..., 1) each."""
    fresh = _monthly(Binormal.from_auc(s.auc).separation)
    return fresh, cutoff_of(s, fresh)


def _monthly(values: Any) -> Any:
    """Give a knob an axis of lengths."""
    return np.asarray(values, float)[..., None]
