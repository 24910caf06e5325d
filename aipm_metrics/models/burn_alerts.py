"""Alerts on the burn rate: when each fires, when it clears, and whether it ever can.

An alert compares the burn rate in a long and in a short window with one factor, and is on while
both reach it. The factor is chosen so that a given share of the budget is gone when it fires:
``share x window / long``. So it scales with the SLO's window; and since no burn rate can exceed
``1 / (1 - slo)``, which is everything failing, an alert whose factor lies above that never fires.
Axis letters: `a` alerts, `g` settings. Nothing here is random.

Beyer, Murphy, Rensin, Kawahara & Thorne (2018), "The Site Reliability Workbook", ch. 5: Table 5-8
for shares and windows, with the ticket over one day from the rules below it; "Extreme
availability goals" for the alert that a 90 % SLO cannot trigger.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_metrics.errors import MetricsError, within
from aipm_metrics.models.burn_rates import MINUTES_A_DAY, bad_share

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import ArrayLike

    from aipm_metrics.models.confusion import Floats

__all__ = [
    "SHARES",
    "WINDOWS",
    "Alert",
    "AlertPolicy",
    "alert_factors",
    "alert_policy",
    "can_fire",
    "fire_minutes",
    "proposed_factors",
    "reset_minutes",
]

Severity = Literal["page", "ticket"]

# Severity, long and short window in minutes: SRE Workbook (2018), Table 5-8 and the rules below it.
WINDOWS: tuple[tuple[Severity, float, float], ...] = (
    ("page", 60.0, 5.0), ("page", 360.0, 30.0), ("ticket", 1_440.0, 120.0),
    ("ticket", 4_320.0, 360.0),
)  # fmt: skip
SHARES = (0.02, 0.05, 0.10, 0.10)  # of the budget; SRE Workbook (2018), Table 5-8
HALF = 0.5  # of all requests: what must fail before the fastest proposed alert fires
HAIR = 1e-9  # of a threshold: what is lost when 1 - slo is taken of a float near 1


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert on two windows.

    Attributes
    ----------
    severity
        Whether somebody is woken.
    share : float
        Of the budget, spent when it fires on an even stream.
    long_min, short_min : floats, minutes
        Both windows must reach the factor; the short one makes it clear soon.
    factor : float
        Burn rate at which it fires.
    threshold : float
        The same as a share of bad requests, ``factor x (1 - slo)``.
    """

    severity: Severity
    share: float
    long_min: float
    short_min: float
    factor: float
    threshold: float

    @property
    def can_fire(self) -> bool:
        """Whether any share of bad requests, all of them included, sets it off."""
        return self.threshold <= 1 + HAIR

    @property
    def inside_budget(self) -> bool:
        """Whether it fires at a burn rate that would not even spend the budget."""
        return self.factor < 1 - HAIR


@dataclass(frozen=True, slots=True)
class AlertPolicy:
    """Alerts for one SLO, the fastest first.

    Attributes
    ----------
    slo, window_days
        What they are for.
    alerts
        As asked for.
    proposed
        The same where all of them can fire; else ones that can.
    """

    slo: float
    window_days: float
    alerts: tuple[Alert, ...]
    proposed: tuple[Alert, ...]

    @property
    def never_fire(self) -> tuple[Alert, ...]:
        """Alerts that nothing can set off at this SLO."""
        return tuple(alert for alert in self.alerts if not alert.can_fire)

    def __iter__(self) -> Iterator[Alert]:
        return iter(self.alerts)

    def __len__(self) -> int:
        return len(self.alerts)


def alert_factors(shares: ArrayLike, window_days: ArrayLike) -> Floats:
    """Burn rate at which each standard alert fires, ``share x window / long window``.

    Parameters
    ----------
    shares : (..., a) floats in (0, 1]
        Of the budget, in the order of `WINDOWS`.
    window_days : float, days
        Of the SLO.

    Examples
    --------
    >>> alert_factors(SHARES, 30).round(9).tolist()
    [14.4, 6.0, 3.0, 1.0]
    """
    part = np.asarray(within("shares", shares, 0, 1), float)
    long_min = np.array([minutes for _, minutes, _ in WINDOWS])
    return np.asarray(part * np.asarray(window_days, float) * MINUTES_A_DAY / long_min, float)


def can_fire(factors: ArrayLike, slo: ArrayLike) -> Any:
    """Whether an alert can fire at all, ``factor (1 - slo) <= 1``.

    Examples
    --------
    >>> can_fire(14.4, [0.999, 0.93, 0.90]).tolist()
    [True, False, False]
    """
    return np.asarray(factors, float) * bad_share(slo) <= 1 + HAIR


def proposed_factors(factors: ArrayLike, slo: ArrayLike) -> Floats:
    """Factors that can fire where those given cannot; the same where they can.

    All are drawn together on a log scale towards 1, so that their order stays and one that fires
    at a burn rate of 1 still does, until the fastest fires when half of all requests fail.

    Parameters
    ----------
    factors : (a,) floats
    slo : (...,) floats in [0, 1)

    Returns
    -------
    (..., a) floats

    Examples
    --------
    At 90 % no burn rate exceeds 10; half of all requests failing is 5:

    >>> proposed_factors([14.4, 6, 3, 1], 0.9).round(2).tolist()
    [5.0, 2.95, 1.94, 1.0]
    """
    given, budget = np.asarray(factors, float), np.asarray(bad_share(slo), float)[..., None]
    fastest = float(given.max())
    if fastest <= 1:  # no burn rate above 1 is asked for, and 1 can always be reached
        return np.broadcast_to(given, np.broadcast_shapes(given.shape, budget.shape))
    with np.errstate(divide="ignore"):
        most = np.maximum(HALF / budget, 1.0)
        drawn = np.where(given > 1, given ** (np.log(most) / math.log(fastest)), given)
    return np.asarray(np.where(can_fire(fastest, slo)[..., None], given, drawn), float)


def alert_policy(slo: float, window_days: float, shares: Sequence[float] = SHARES) -> AlertPolicy:
    """Set the standard multi-window alerts, and ones that can fire where these cannot.

    Parameters
    ----------
    slo : float in [0, 1)
    window_days : float, days
        At least the longest window of an alert, 3 days.
    shares : four floats in (0, 1]
        Of the budget spent when each fires: 1 hour, 6 hours, 1 day, 3 days.

    Raises
    ------
    OutOfRangeError
        When a number lies outside its limits.
    MetricsError
        When there are not as many shares as alerts.

    Examples
    --------
    >>> [round(alert.factor, 9) for alert in alert_policy(0.999, 28)]
    [13.44, 5.6, 2.8, 0.933333333]

    At 90 % the first asks for 144 % of requests to fail:

    >>> policy = alert_policy(0.9, 30)
    >>> [round(alert.factor, 9) for alert in policy.never_fire], len(policy.proposed)
    ([14.4], 4)
    """
    within("slo", slo, 0, np.nextafter(1, 0))
    within("window_days", window_days, WINDOWS[-1][1] / MINUTES_A_DAY, np.inf)
    if len(shares) != len(WINDOWS):
        raise MetricsError(f"`shares` must be {len(WINDOWS)} numbers; got {len(shares)}")
    factors = alert_factors(shares, window_days)
    better = proposed_factors(factors, slo)
    asked, proposed = (_alerts(slo, window_days, made) for made in (factors, better))
    return AlertPolicy(slo, window_days, asked, proposed)


def _alerts(slo: float, window_days: float, factors: Floats) -> tuple[Alert, ...]:
    minutes = window_days * MINUTES_A_DAY
    return tuple(
        Alert(severity, factor * long_min / minutes, long_min, short_min, factor,
              factor * float(bad_share(slo)))
        for (severity, long_min, short_min), factor in zip(WINDOWS, factors.tolist(), strict=True)
    )  # fmt: skip


def fire_minutes(error_rate: ArrayLike, threshold: ArrayLike, long_min: ArrayLike) -> Any:
    """Minutes after which a steady error rate, begun out of nothing, sets an alert off.

    ``long window x threshold / error rate``: when the long window has filled far enough; the
    short one has by then.

    Parameters
    ----------
    error_rate : (g,) floats in [0, 1]
    threshold : (g,) floats
        Share of bad requests at which the alert fires; see `Alert.threshold`.
    long_min : (g,) floats, minutes

    Returns
    -------
    (g,) floats, minutes
        ``inf`` for never: the error rate lies below the threshold.

    Examples
    --------
    >>> round(float(fire_minutes(1, 14.4 * 0.001, 60)), 9)  # all fail
    0.864
    >>> float(fire_minutes(0.01, 14.4 * 0.001, 60))
    inf
    """
    rate, least = np.asarray(within("error_rate", error_rate, 0, 1)), np.asarray(threshold, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        after = np.asarray(long_min, float) * np.minimum(least / rate, 1.0)
    reached = (rate > 0) & (rate >= least * (1 - HAIR))
    return np.where(reached, after, np.inf)[()]


def reset_minutes(error_rate: ArrayLike, threshold: ArrayLike, window_min: ArrayLike) -> Any:
    """Minutes after an incident until a window that was on clears, ``w (1 - threshold / rate)``.

    An alert clears with its short window, which is the first to.

    Parameters
    ----------
    error_rate : (g,) floats in [0, 1]
        While it lasted, and long enough for the window to be on at its end.
    threshold, window_min
        As in `fire_minutes`, of either window.

    Returns
    -------
    (g,) floats, minutes
        ``nan`` where the error rate never set it off.

    Examples
    --------
    An hour's window at a burn rate of 36 of 99.9 %, after an outage: about 58 minutes.

    >>> round(float(reset_minutes(1, 36 * 0.001, 60)), 9)
    57.84
    """
    rate, least = np.asarray(within("error_rate", error_rate, 0, 1)), np.asarray(threshold, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        after = np.asarray(window_min, float) * (1 - np.minimum(least / rate, 1.0))
    return np.where((rate > 0) & (rate >= least * (1 - HAIR)), after, np.nan)[()]
