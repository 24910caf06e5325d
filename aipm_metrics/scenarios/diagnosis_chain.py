"""From two readers to people, minutes and money: the chain that Diagnosis follows in any design.

In a share of readings the AI's call is looked at: less of them the longer it takes, more if it is
explained. There the two make a team (`models.reliance`), elsewhere the clinician reads alone, which
comes to following the AI that much more rarely. Looking costs the wait, the explanation, and a
second look where the two differ. Axis letters: `t` thresholds. Nothing here is random.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import expit, logit

from aipm_metrics.models.binormal import Binormal
from aipm_metrics.models.confusion import Confusion, Rates
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.latency_evidence import evidence
from aipm_metrics.models.reliance import Calls, Reliance, calls_of, reliance_of
from aipm_metrics.models.reported_score import ReportedScore
from aipm_metrics.models.team_cost import TeamCost
from aipm_metrics.scenarios.diagnosis_knobs import EXPLAINED, FAST, NO_AI, DiagnosisKnobs

if TYPE_CHECKING:
    from aipm_metrics.models.empirical import Empirical

__all__ = [
    "DAYS", "TABLES", "Month", "axis_of", "calls_at", "fixed_cost", "month", "prevalence_of",
    "team_of", "use_of", "wait_of",
]  # fmt: skip

DAYS = 21  # working days a month
TABLES = {
    "nothing": "none", "search, 2009": "search-2009", "mobile pages, 2017": "bounce-2017",
    "programmers, 1982": "productivity-1982", "a wait read as thought, 2026": "first-token-2026",
}  # fmt: skip
ADDED = {"search-2009"}  # measured as a delay on top of a quicker answer
MOST = 1 - 1e-12  # share of use that log odds can still tell from all


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What happens to whom in a month of one design; arrays (t,) where thresholds are.

    Attributes
    ----------
    threshold
        On the scale shown; ``inf`` flags nothing.
    use : share of readings that look at the AI's call
    alone : Rates
        The AI's own; `rates` are the team's.
    confusion : women in each cell
    reliance : shares of all women, of those readings that look
    minutes : min a woman
    read_a_day : women a day that fit into the reading hours
    hours : hours a day that the women who come take
    cost_by_cause : dict of str to USD
    """

    threshold: Any
    use: Any
    alone: Rates
    rates: Rates
    confusion: Confusion
    reliance: Reliance
    minutes: Any
    read_a_day: Any
    hours: Any
    cost_by_cause: dict[str, Any]

    @property
    def cost(self) -> Any:
        """Money lost, USD."""
        return sum(self.cost_by_cause.values())

    def at(self, rows: Any) -> Month:
        """Pick one threshold by its place (scalars), or several (arrays)."""

        def pick(values: Any) -> Any:
            if isinstance(values, dict):
                return {name: pick(each) for name, each in values.items()}
            if isinstance(values, Rates | Confusion | Reliance):
                return replace(values, **{f.name: pick(getattr(values, f.name))
                                          for f in fields(values)})  # fmt: skip
            picked = np.asarray(values)[rows] if np.ndim(values) else values
            return picked if np.ndim(picked) else float(picked)

        return replace(self, **{f.name: pick(getattr(self, f.name)) for f in fields(self)})


def prevalence_of(s: DiagnosisKnobs, rows: Empirical | None) -> float:
    """Share of women who have cancer: the knob's, or the rows' own where that is wanted."""
    return rows.prevalence if rows is not None and s.row_mix == "the rows' own" else s.prevalence


def axis_of(s: DiagnosisKnobs, rows: Empirical | None) -> ReportedScore | EmpiricalAxis:
    """Score of the AI that is cut: the rows where there are any, else the simulated model."""
    if rows is not None:
        return EmpiricalAxis(rows)
    return ReportedScore(Binormal.from_auc(s.auc), s.believed_prevalence, s.temperature)


def wait_of(s: DiagnosisKnobs, design: str) -> Any:
    """Seconds until the AI's call is there; none without an AI."""
    if design == NO_AI:
        return 0.0
    return s.slow_wait_s * (1 - s.cut) if design == FAST else s.slow_wait_s


def use_of(s: DiagnosisKnobs, design: str) -> Any:
    """Share of readings that look at the AI's call.

    ``logit use = logit use_opaque + explanation_effect`` if explained, and for the fast one
    ``- waiting_effect ln(1 - cut)``, or what a study says of the shorter wait: a table of use
    multiplies it, one of leaving multiplies what does not use it, an order of waits adds
    `waiting_effect` where the shorter one ranks higher and takes it away where it ranks lower.
    """
    if design == NO_AI:
        return 0.0
    if design == EXPLAINED:
        return expit(logit(s.use_opaque) + s.explanation_effect)
    if s.evidence == "my own slope":
        return expit(logit(s.use_opaque) - s.waiting_effect * np.log1p(-np.asarray(s.cut)))
    table = evidence(TABLES[s.evidence])
    slow, fast = wait_of(s, EXPLAINED), wait_of(s, FAST)
    if table.key in ADDED:
        slow, fast = slow - fast, np.zeros(np.shape(fast))
    there, here = table.at(slow).value, table.at(fast).value
    if table.key == "first-token-2026":
        return expit(logit(s.use_opaque) + s.waiting_effect * (here - there))
    if table.higher_is_better:
        return np.minimum(s.use_opaque * here / there, MOST)
    return np.maximum(1 - (1 - s.use_opaque) * here / there, 0.0)


def _follows(s: DiagnosisKnobs, design: str) -> tuple[Any, Any]:
    """Chance to follow over all readings, looked at or not, when the AI is right and wrong."""
    use = use_of(s, design)
    if design == FAST:
        return use * s.follow_right_opaque, use * s.follow_wrong_opaque
    return use * s.follow_right_explained, use * s.follow_wrong_explained


def calls_at(s: DiagnosisKnobs, rates: Rates) -> tuple[Calls, Calls]:
    """How clinician and AI call the ill and the healthy."""
    return (
        calls_of(s.human_tpr, rates.tpr, s.correlation),
        calls_of(s.human_fpr, rates.fpr, s.correlation),
    )


def _women(s: DiagnosisKnobs) -> Any:
    return s.patients_per_day * DAYS


def team_of(s: DiagnosisKnobs, design: str) -> TeamCost:
    """Money a month as a function of the AI's rates, all but `fixed_cost`."""
    right, wrong = _follows(s, design)
    ill = _women(s) * s.prevalence
    well = _women(s) - ill
    dispute = use_of(s, design) * s.dispute_min / 60 * s.clinician_wage
    return TeamCost(
        human_tpr=s.human_tpr, human_fpr=s.human_fpr, follow_right=right, follow_wrong=wrong,
        correlation=s.correlation, per_miss=ill * s.harm_per_miss,
        per_false=well * s.cost_workup, per_dispute_ill=ill * dispute,
        per_dispute_well=well * dispute,
    )  # fmt: skip


def _fixed_minutes(s: DiagnosisKnobs, design: str) -> Any:
    """Minutes a woman, second looks aside."""
    explained = s.explain_s if design == EXPLAINED else 0.0
    return s.reading_min + use_of(s, design) * (wait_of(s, design) + explained) / 60


def _ai_price(s: DiagnosisKnobs, design: str) -> Any:
    return 0.0 if design == NO_AI else s.ai_price


def fixed_cost(s: DiagnosisKnobs, design: str) -> Any:
    """Money a month that no threshold moves, USD."""
    per_woman = _fixed_minutes(s, design) / 60 * s.clinician_wage + _ai_price(s, design)
    return _women(s) * per_woman


def month(
    s: DiagnosisKnobs,
    design: str,
    threshold: Any,
    rates: Rates,
    calls: tuple[Calls, Calls] | None = None,
) -> Month:
    """Follow the chain from the AI's rates, or from `calls_at` them; numbers may be arrays."""
    ill, well = calls or calls_at(s, rates)
    use, (right, wrong) = use_of(s, design), _follows(s, design)
    team = Rates(ill.together(right, wrong), well.together(wrong, right))
    cells = team.confusion(s.prevalence, _women(s))
    differ = s.prevalence * ill.differ + (1 - s.prevalence) * well.differ
    minutes = _fixed_minutes(s, design) + use * s.dispute_min * differ
    opaque = design == FAST
    return Month(
        threshold=threshold, use=use, alone=rates, rates=team, confusion=cells,
        reliance=reliance_of(
            ill, well, s.prevalence,
            s.follow_right_opaque if opaque else s.follow_right_explained,
            s.follow_wrong_opaque if opaque else s.follow_wrong_explained,
        ),
        minutes=minutes, read_a_day=s.reading_hours * 60 / minutes,
        hours=s.patients_per_day * minutes / 60,
        cost_by_cause={
            "missed": cells.fn * s.harm_per_miss,
            "workups": cells.fp * s.cost_workup,
            "time": _women(s) * minutes / 60 * s.clinician_wage,
            "ai": _women(s) * _ai_price(s, design) + 0.0 * minutes,
        },
    )  # fmt: skip
