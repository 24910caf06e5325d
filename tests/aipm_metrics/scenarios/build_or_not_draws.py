"""Settings of Build or not, and what a plan comes to the long way: an oracle without its code."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.integrate import quad
from scipy.optimize import brentq
from scipy.stats import norm

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.build_or_not import BuildOrNotScenario
from tests.aipm_metrics.scenario_draws import draw_knob

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["anywhere", "draw_build", "long_way", "near", "plain_cutoff"]

KNOBS = knobs_of(BuildOrNotScenario)


def anywhere(rng: np.random.Generator) -> BuildOrNotScenario:
    """Every knob anywhere in its range."""
    values = {name: draw_knob(knob, rng) for name, knob in KNOBS.items()}
    return BuildOrNotScenario.model_validate(values | {"months": int(rng.integers(1, 61))})


def near(rng: np.random.Generator) -> BuildOrNotScenario:
    """Every price and rate within a factor of a few of its default."""
    values: dict[str, Any] = {}
    for name, knob in KNOBS.items():
        if knob.scale == "choice":
            values[name] = str(rng.choice(knob.choices))
        else:
            many = np.exp(rng.uniform(-1.6, 1.6))
            values[name] = float(np.clip(knob.default * many, knob.low, knob.high))
    values["items_per_month"] *= np.exp(rng.uniform(0, 4))
    return BuildOrNotScenario.model_validate(
        values | {"months": int(rng.integers(1, 61)), "auc": float(rng.uniform(0.7, 0.999))}
    )


def draw_build(seed: int) -> BuildOrNotScenario:
    """Draw one setting of either kind; the same for the same seed."""
    rng = np.random.default_rng(20261125 + seed)
    return anywhere(rng) if seed % 3 == 2 else near(rng)


def plain_cutoff(s: BuildOrNotScenario) -> float:
    """Where a case is as likely as a mistake of one kind is dearer than the other."""
    apart = np.sqrt(2) * norm.ppf(s.auc)
    missing, bothering = s.prevalence * s.cost_fn, (1 - s.prevalence) * s.cost_fp
    if missing == bothering == 0:
        return float(apart / 2 if apart else np.inf)
    if apart == 0 or missing == 0 or bothering == 0:
        return -np.inf if bothering < missing else np.inf
    price = np.log(bothering / missing)
    return float(brentq(lambda c: norm.logpdf(c, apart) - norm.logpdf(c) - price, -1e9, 1e9))


def long_way(s: BuildOrNotScenario, option: str, months: float) -> dict[str, float]:
    """Cost a month by cause, and the shares flagged: stretch by stretch, one scalar at a time."""
    stretches = [(option, months)]
    if option == "a model" and s.today != "a model":
        before = min(s.launch_months, months)
        stretches = [(s.today, before), (option, months - before)]
    found = flagged = running = 0.0
    for way, long in stretches:
        for part in _parts(s, way, long):
            tpr, fpr, usd = WAYS[way](s)
            found += quad(tpr, 0, part, epsabs=1e-11, epsrel=1e-11, limit=200)[0]
            flagged += fpr * part
            running += usd * part
    built = {"a model": s.model_build, "rules": s.rules_build}.get(option, 0.0)
    tpr_, fpr_ = found / months, flagged / months
    return {
        "tpr": tpr_, "fpr": fpr_,
        "misses": s.items_per_month * s.prevalence * (1 - tpr_) * s.cost_fn,
        "false alarms": s.items_per_month * (1 - s.prevalence) * fpr_ * s.cost_fp,
        "running": running / months,
        "building": 0.0 if option == s.today else built / months,
    }  # fmt: skip


def _parts(s: BuildOrNotScenario, way: str, long: float) -> list[float]:
    """Cut a stretch where a model is trained anew."""
    parts = []
    while way == "a model" and long > s.retrain_months:
        parts.append(s.retrain_months)
        long -= s.retrain_months
    return [*parts, long]


def _nothing(s: BuildOrNotScenario) -> tuple[Callable[[float], float], float, float]:
    del s
    return lambda _: 0.0, 0.0, 0.0


def _rules(s: BuildOrNotScenario) -> tuple[Callable[[float], float], float, float]:
    return lambda age: s.rules_tpr * (1 - s.rules_decay) ** age, s.rules_fpr, s.rules_run


def _people(s: BuildOrNotScenario) -> tuple[Callable[[float], float], float, float]:
    able = s.people_hours * 60 / s.minutes_per_item
    looked = min(able, s.items_per_month)
    part = looked / s.items_per_month
    hours = looked * s.minutes_per_item / 60
    return lambda _: s.people_tpr * part, s.people_fpr * part, hours * s.wage


def _model(s: BuildOrNotScenario) -> tuple[Callable[[float], float], float, float]:
    apart, cutoff = float(np.sqrt(2) * norm.ppf(s.auc)), plain_cutoff(s)
    return (
        lambda age: float(norm.sf(cutoff, apart * (1 - s.decay) ** age)),
        float(norm.sf(cutoff)),
        s.model_run + s.items_per_month * s.price_per_thousand / 1000
        + s.retrain_cost / s.retrain_months,
    )  # fmt: skip


WAYS = {"nothing": _nothing, "rules": _rules, "people": _people, "a model": _model}
