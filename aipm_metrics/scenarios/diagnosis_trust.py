"""What Diagnosis must admit: honesty of the AI's chances, break-even of explaining, studies.

Miscalibration is priced as regret: what a clinic loses that cuts the AI where its own chances
say, against one that knows what these chances are worth (Elkan 2001, "The foundations of
cost-sensitive learning", IJCAI, for the threshold). Over 250 lines because each
of four admissions says what its fields are. Axis letter: `t` thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, logit

from aipm_metrics.models.confusion import Rates
from aipm_metrics.models.decision_curve import (
    benefit_of_rates,
    interventions_avoided,
    threshold_probability,
    treat_all,
)
from aipm_metrics.models.latency_evidence import EVIDENCE, Evidence
from aipm_metrics.models.rate_cost import RateCost
from aipm_metrics.models.reported_score import ReportedScore
from aipm_metrics.scenarios.diagnosis_chain import (
    ADDED,
    DAYS,
    TABLES,
    axis_of,
    fixed_cost,
    team_of,
    use_of,
    wait_of,
)
from aipm_metrics.scenarios.diagnosis_knobs import EXPLAINED, FAST, NO_AI, DiagnosisKnobs

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical

__all__ = [
    "BreakEven", "Calibration", "DecisionCurve", "UseCurve", "WaitRow", "break_even_of",
    "calibration_of", "decision_curve_of", "probability_of", "use_curve_of", "wait_rows",
    "worth_of",
]  # fmt: skip

POINTS = 201
SHORTEST = 0.95  # of the wait cut off at most
WIDEST = 0.5  # chances of disease beyond this are not drawn


@dataclass(frozen=True, slots=True)
class BreakEven:
    """How much explaining must do to be worth the wait.

    Attributes
    ----------
    wait_worth : float, log odds of use
        What the shorter wait is worth; explaining must do more to be used more.
    fast_use, explained_use : shares of readings
    pays_at : float, log odds of use
        Effect of explaining at which both designs cost the same; ``nan`` if at none.
    pays_above : bool
        Whether explaining pays at larger effects; at smaller ones if not.
    always : bool
        Whether it costs less at any effect; only where `pays_at` is ``nan``.
    """

    wait_worth: float
    fast_use: float
    explained_use: float
    pays_at: float
    pays_above: bool
    always: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """What the AI's chances are worth, and what believing them costs.

    Attributes
    ----------
    mean_reported, prevalence : shares
        What the AI says on average, and what is; the former ``nan`` for scores that are no
        chances.
    said_at : chance
        What the AI says where the chance is the threshold probability; ``nan`` on rows.
    alone, team : USD a month
        Lost by cutting an AI that reads alone at the threshold probability, and the team's AI at
        the threshold that is best if it is honest; ``nan`` where that cannot be told.
    """

    mean_reported: float
    prevalence: float
    said_at: float
    alone: float
    team: float


@dataclass(frozen=True, slots=True)
class DecisionCurve:
    """Net benefit per woman along the chance from which somebody would act, (t,) each.

    Attributes
    ----------
    threshold
    ai
        Of the AI alone, cut there; ``nan`` for scores that are no chances.
    everybody, clinician
        Of a work-up for all, and of the clinician alone.
    teams
        Of both designs, by name, with the AI cut at the chosen threshold.
    at_probability
        Net benefit, and work-ups spared against one for everybody, per woman, of each at the
        threshold probability: "ai", "clinician", "everybody", "nobody", and both designs.
    """

    threshold: Floats
    ai: Floats
    everybody: Floats
    clinician: Floats
    teams: dict[str, Floats]
    at_probability: dict[str, tuple[float, float]]


@dataclass(frozen=True, slots=True)
class UseCurve:
    """Share of readings that look at the AI along its wait, (t,) each.

    Attributes
    ----------
    wait_s : ascending, up to the slow one's
    opaque, explained : shares
    fast, slow : (wait, share)
        Where the two designs are.
    """

    wait_s: Floats
    opaque: Floats
    explained: Floats
    fast: tuple[float, float]
    slow: tuple[float, float]


@dataclass(frozen=True, slots=True)
class WaitRow:
    """What one study of waiting says of both waits.

    Attributes
    ----------
    table
    slow_s, fast_s : s
        Where it is read: the waits, or the delay of the slow one.
    slow, fast : floats, in the table's measure
    inside
        Whether both waits were measured.
    in_use
        Whether the answer goes by it.
    """

    table: Evidence
    slow_s: float
    fast_s: float
    slow: float
    fast: float
    inside: bool
    in_use: bool


def worth_of(s: DiagnosisKnobs) -> Any:
    """How many needless work-ups one missed cancer is worth."""
    return s.harm_per_miss / s.cost_workup


def probability_of(s: DiagnosisKnobs) -> float:
    """Chance of cancer from which a work-up pays."""
    return float(threshold_probability(worth_of(s)))


def break_even_of(s: DiagnosisKnobs, rates: Rates) -> BreakEven:
    """Find how much explaining must do, the AI cut where it has these rates.

    The cost is linear in use, and use in the log odds of explaining is not: so the use that
    breaks even is solved for, and its log odds taken.
    """

    def cost(design: str, effect: float) -> float:
        at = s.model_copy(update={"explanation_effect": effect})
        return float(team_of(at, design)(rates) + fixed_cost(at, design))

    never, always, fast = cost(EXPLAINED, -np.inf), cost(EXPLAINED, np.inf), cost(FAST, 0.0)
    use = (fast - never) / (always - never) if always != never else np.nan
    pays_at = float(logit(use) - logit(s.use_opaque)) if 0 < use < 1 else np.nan
    fast_use = float(use_of(s, FAST))
    return BreakEven(
        wait_worth=float(logit(fast_use) - logit(s.use_opaque)), fast_use=fast_use,
        explained_use=float(use_of(s, EXPLAINED)), pays_at=pays_at, pays_above=always < never,
        always=max(never, always) < fast,
    )  # fmt: skip


def calibration_of(
    s: DiagnosisKnobs, rows: Empirical | None, best: float, lowest: float
) -> Calibration:
    """Price the AI's honesty.

    Parameters
    ----------
    best : float, sd
        Latent cutoff at which the chosen design costs least; ``nan`` on rows.
    lowest : float, USD a month
        What it costs there.
    """
    axis, wanted = axis_of(s, rows), probability_of(s)
    ill = s.patients_per_day * DAYS * s.prevalence
    well = s.patients_per_day * DAYS - ill
    money = RateCost(per_miss=ill * s.harm_per_miss, per_false=well * s.cost_workup)
    cheapest = axis.cheapest(money)
    mean, said_at, team = axis.mean(s.prevalence), np.nan, np.nan
    alone = float(money(axis.rates(wanted)) - money(cheapest.rates)) if cheapest else np.nan
    if isinstance(axis, ReportedScore):
        said_at = float(axis.threshold_at(axis.model.cutoff_at(wanted, s.prevalence)))
        if s.design != NO_AI:
            honest = ReportedScore(axis.model, s.prevalence).threshold_at(best)
            believed = team_of(s, s.design)(axis.rates(honest)) + fixed_cost(s, s.design)
            team = float(believed - lowest)
    return Calibration(
        mean_reported=float(mean), prevalence=float(s.prevalence), said_at=said_at,
        alone=np.nan if np.isnan(mean) else max(alone, 0.0), team=max(team, 0.0),
    )  # fmt: skip


def decision_curve_of(
    s: DiagnosisKnobs, rows: Empirical | None, teams: dict[str, Rates]
) -> DecisionCurve:
    """Net benefit of everybody who could decide, along the threshold probability."""
    wanted = probability_of(s)
    low = min(wanted, s.prevalence) / 10
    thresholds = np.geomspace(max(low, 1e-6), max(WIDEST, min(2 * wanted, 0.99)), POINTS)
    thresholds = np.unique(np.append(thresholds, wanted))
    axis, pi = axis_of(s, rows), s.prevalence
    alone = axis.rates(thresholds)
    ai = benefit_of_rates(alone, thresholds, pi)
    known = not np.isnan(axis.mean(pi))
    here = {
        **teams, "clinician": Rates(s.human_tpr, s.human_fpr),
        **({"ai": axis.rates(wanted)} if known else {}),
        "everybody": Rates(1.0, 1.0), "nobody": Rates(0.0, 0.0),
    }  # fmt: skip
    return DecisionCurve(
        threshold=thresholds,
        ai=ai if known else np.full(thresholds.size, np.nan),
        everybody=treat_all(thresholds, pi),
        clinician=benefit_of_rates(here["clinician"], thresholds, pi),
        teams={name: benefit_of_rates(rates, thresholds, pi) for name, rates in teams.items()},
        at_probability={
            name: (
                float(benefit_of_rates(rates, wanted, pi)),
                float(interventions_avoided(rates, wanted, pi)),
            )
            for name, rates in here.items()
        },
    )


def use_curve_of(s: DiagnosisKnobs) -> UseCurve:
    """How use falls, or rises, with the wait; explaining is taken to do as much at every wait."""
    cuts = np.linspace(SHORTEST, 0, POINTS)
    along = s.model_copy(update={"cut": cuts})
    opaque = np.broadcast_to(use_of(along, FAST), cuts.shape)
    return UseCurve(
        wait_s=np.asarray(wait_of(along, FAST)), opaque=opaque,
        explained=expit(logit(opaque) + s.explanation_effect),
        fast=(float(wait_of(s, FAST)), float(use_of(s, FAST))),
        slow=(float(wait_of(s, EXPLAINED)), float(use_of(s, EXPLAINED))),
    )  # fmt: skip


def wait_rows(s: DiagnosisKnobs) -> tuple[WaitRow, ...]:
    """Read every study of waiting at both waits."""
    return tuple(_wait_row(s, table) for table in EVIDENCE if table.key != "none")


def _wait_row(s: DiagnosisKnobs, table: Evidence) -> WaitRow:
    slow, fast = float(wait_of(s, EXPLAINED)), float(wait_of(s, FAST))
    if table.key in ADDED:
        slow, fast = slow - fast, 0.0
    there, here = table.at(slow), table.at(fast)
    return WaitRow(
        table, slow, fast, float(there.value), float(here.value),
        bool(there.inside and here.inside), TABLES.get(s.evidence) == table.key,
    )  # fmt: skip
