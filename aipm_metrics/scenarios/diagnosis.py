"""Would you rather be fast or explained? A clinic, an AI, and three ways to put them together.

A clinician reads alone, or beside an AI that calls quickly and says no more, or beside one that
takes longer and explains its confidence. `diagnosis_knobs` has the knobs, `diagnosis_chain` the
chain, `diagnosis_trust` what must be admitted, `diagnosis_flips` what would turn the choice;
`diagnose` the answer. Over 350 lines because what pictures and words read of a result stands in
one place. Axis letter: `t` thresholds of the AI. Nothing is random.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_metrics.models.curves import Curves, curves_of_rows, curves_of_score
from aipm_metrics.models.empirical import Empirical  # noqa: TC001 - pydantic reads it
from aipm_metrics.models.empirical_search import EmpiricalAxis
from aipm_metrics.models.natural_frequencies import Frequencies, natural_frequencies
from aipm_metrics.models.operating_points import TIE
from aipm_metrics.models.team_cost import cheapest_cutoff
from aipm_metrics.scenarios.contract import Assumption, Outcome
from aipm_metrics.scenarios.diagnosis_chain import (
    Month,
    axis_of,
    calls_at,
    fixed_cost,
    month,
    prevalence_of,
    team_of,
)
from aipm_metrics.scenarios.diagnosis_flips import (
    NearestFlips,
    Rivals,
    assumptions_of,
    flips_of,
    nearest_flips_of,
)
from aipm_metrics.scenarios.diagnosis_knobs import (
    DESIGNS,
    EXPLAINED,
    FAST,
    HIGH,
    LOW,
    NO_AI,
    DiagnosisKnobs,
)
from aipm_metrics.scenarios.diagnosis_outcomes import OUTCOMES, SAID
from aipm_metrics.scenarios.diagnosis_trust import (
    BreakEven,
    Calibration,
    DecisionCurve,
    UseCurve,
    WaitRow,
    break_even_of,
    calibration_of,
    decision_curve_of,
    probability_of,
    use_curve_of,
    wait_rows,
    worth_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.flip_points import Flip

__all__ = ["DesignPoint", "DiagnosisResult", "DiagnosisScenario", "diagnose"]

POINTS = {"explained": EXPLAINED, "fast": FAST, "no_ai": NO_AI}


class DiagnosisScenario(DiagnosisKnobs):
    """A clinic, an AI, a design that joins them, and what each kind of mistake costs.

    Examples
    --------
    >>> DiagnosisScenario(prevalence=0.01).row_mix
    'as set'
    """

    def costs(self, varied: Mapping[str, Floats], rows: Empirical | None = None) -> Floats:
        """Cost a month in USD as some knobs take many values; see `Scenario.costs`.

        Examples
        --------
        Twice the harm, twice that part of the cost, and no more:

        >>> usd = DiagnosisScenario().costs({"harm_per_miss": np.array([1e4, 2e4, 3e4])})
        >>> round(float(usd[2] - usd[1]), 6) == round(float(usd[1] - usd[0]), 6)
        True
        """
        known = {} if rows is None else {"prevalence": prevalence_of(self, rows)}
        s = self.model_copy(update={**known, **varied})
        rates = axis_of(s, rows).rates(s.threshold)
        usd = np.asarray(team_of(s, s.design)(rates) + fixed_cost(s, s.design), float)
        shape = np.broadcast_shapes(usd.shape, *(np.shape(values) for values in varied.values()))
        return np.broadcast_to(usd, shape)

    def run(self, rows: Empirical | None = None) -> DiagnosisResult:
        """See `diagnose`."""
        return diagnose(self, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignPoint:
    """A design and a threshold somebody would defend, and the price of choosing it.

    Attributes
    ----------
    name
        ``explained``, ``fast``, ``no_ai`` (each where it costs least) or ``by_probability``.
    design
    threshold : float
        ``inf`` flags nothing; ``nan`` without an AI.
    cutoff : float, sd
        Of the simulated score; ``nan`` on rows and without an AI.
    there : Month, scalars
    price : float, USD a month
        How much more it costs than the cheapest of all.
    feasible
        Always.
    """

    name: str
    design: str
    threshold: float
    cutoff: float
    there: Month
    price: float
    feasible: bool = True

    @property
    def cost(self) -> float:
        """USD a month."""
        return float(self.there.cost)


@dataclass(frozen=True, kw_only=True)
class DiagnosisResult:
    """Everything the page, the pictures and the words need.

    Attributes
    ----------
    scenario
        With the prevalence in use: the rows' own where `row_mix` says so.
    rows
        The counted rows, or None for the simulated model.
    points
        Each design where it costs least; the chosen one at the threshold probability.
    curves : Curves, (t,)
        Every threshold a hand can choose, and the AI's own rates there.
    sweeps : dict of str to Month, (t,)
        Each design at every threshold.
    row : int
        Which threshold is the scenario's own.
    today : Month
        The design and threshold the choice is compared with.
    people : Frequencies, (t,) each
        The four cells of the chosen design out of a round number.
    """

    scenario: DiagnosisScenario
    rows: Empirical | None
    points: tuple[DesignPoint, DesignPoint, DesignPoint, DesignPoint]
    curves: Curves
    sweeps: dict[str, Month]
    row: int
    today: Month
    people: Frequencies

    @property
    def sweep(self) -> Month:
        """The chosen design at every threshold."""
        return self.sweeps[self.scenario.design]

    @cached_property
    def chosen(self) -> Month:
        """The chosen design at the scenario's threshold."""
        return self.sweep.at(self.row)

    @cached_property
    def designs(self) -> dict[str, Month]:
        """Every design at the scenario's threshold."""
        return {design: sweep.at(self.row) for design, sweep in self.sweeps.items()}

    @property
    def lowest_cost(self) -> DesignPoint:
        """The cheapest design, where it costs least; of equal ones the one that does least."""
        return min(self.points[2::-1], key=lambda point: point.cost)

    @cached_property
    def is_today(self) -> Any:
        """Whether each threshold of the chosen design is what choices are compared with, (t,)."""
        s, thresholds = self.scenario, self.curves.threshold
        if s.design != s.today_design:
            return np.zeros(thresholds.size, bool)
        return (thresholds == s.today_threshold) | (s.design == NO_AI)

    @property
    def compared_with(self) -> Literal["today", "lowest cost"]:
        """What the choice is compared with: today's, unless it is that itself."""
        return "lowest cost" if self.is_today[self.row] else "today"

    @property
    def compared(self) -> Month:
        """The month at the comparison point."""
        return self.today if self.compared_with == "today" else self.lowest_cost.there

    @property
    def compared_design(self) -> str:
        """The design of the comparison point."""
        today = self.compared_with == "today"
        return self.scenario.today_design if today else self.lowest_cost.design

    @property
    def rival(self) -> DiagnosisScenario:
        """The comparison point as a scenario."""
        cut = float(self.compared.threshold)
        told = {"design": self.compared_design, "threshold": cut}
        if self.compared_design == NO_AI:  # whatever its threshold, nothing is cut there
            told["threshold"] = self.scenario.threshold
        return self.scenario.model_copy(update=told)

    @property
    def relied_on(self) -> str:
        """The design whose disagreements are shown: the chosen one, or without an AI the last."""
        return EXPLAINED if self.scenario.design == NO_AI else self.scenario.design

    @property
    def worth(self) -> float:
        """How many needless work-ups one missed cancer is worth."""
        return float(worth_of(self.scenario))

    @property
    def probability(self) -> float:
        """Chance of cancer from which a work-up pays."""
        return probability_of(self.scenario)

    @cached_property
    def break_even(self) -> BreakEven:
        """How much explaining must do to be worth the wait, at the scenario's threshold."""
        return break_even_of(self.scenario, self.chosen.alone)

    @cached_property
    def calibration(self) -> Calibration:
        """What the AI's chances are worth, and what believing them costs."""
        at = {NO_AI: self.points[2], FAST: self.points[1], EXPLAINED: self.points[0]}
        best = at[self.scenario.design]
        return calibration_of(self.scenario, self.rows, best.cutoff, best.cost)

    @cached_property
    def decision_curve(self) -> DecisionCurve:
        """Net benefit along the threshold probability."""
        teams = {design: self.designs[design].rates for design in (FAST, EXPLAINED)}
        return decision_curve_of(self.scenario, self.rows, teams)

    @property
    def use_curve(self) -> UseCurve:
        """How use depends on the wait."""
        return use_curve_of(self.scenario)

    @property
    def waits(self) -> tuple[WaitRow, ...]:
        """Every study of waiting at both waits."""
        return wait_rows(self.scenario)

    def _rivals(self, is_today: Any) -> Rivals:
        s, best = self.scenario, self.lowest_cost
        cut = best.threshold if best.design != NO_AI else s.threshold
        return Rivals((s.today_design, s.today_threshold), (best.design, cut), is_today)

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """One flip point per price, rate or wait, the nearest first."""
        one = np.array([self.scenario.threshold])
        rivals = self._rivals(self.is_today[[self.row]])
        return flips_of(self.scenario, self.rows, one, rivals)

    @cached_property
    def nearest_flips(self) -> NearestFlips:
        """Nearest flip point of every threshold against what it is compared with."""
        thresholds, rivals = self.curves.threshold, self._rivals(self.is_today)
        return nearest_flips_of(self.scenario, self.rows, thresholds, rivals)

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every knob; the one that moves the saving most comes first."""
        return assumptions_of(self.scenario, self.rows, self.rival)

    @property
    def cost(self) -> float:
        """Money lost a month, USD."""
        return float(self.chosen.cost)

    @property
    def saving(self) -> float:
        """USD a month saved against the comparison point; negative when it costs more."""
        return float(self.compared.cost - self.chosen.cost)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What happens to whom, each with its formula."""
        return tuple(
            Outcome(
                name=name, label=label, value=float(read(self.chosen)),
                compared=float(read(self.compared)), unit=unit, per=per, better=better,
                formula=formula, said=SAID.get(name, ""),
            )
            for name, label, unit, per, better, formula, read in OUTCOMES
        )  # fmt: skip

    @property
    def columns(self) -> dict[str, Floats]:
        """Every threshold as columns, for a table: rates, women, minutes, cost of each design."""
        told = {"threshold": self.curves.threshold, "ai_tpr": self.curves.rates.tpr,
                "ai_fpr": self.curves.rates.fpr}  # fmt: skip
        for design, m in self.sweeps.items():
            name = design.replace(" ", "_")
            told |= {
                f"{name}_tpr": m.rates.tpr, f"{name}_fpr": m.rates.fpr,
                f"{name}_missed": m.confusion.fn, f"{name}_workups": m.confusion.fp,
                f"{name}_minutes": m.minutes, f"{name}_cost": m.cost,
            }  # fmt: skip
        return told


def diagnose(scenario: DiagnosisScenario, rows: Empirical | None = None) -> DiagnosisResult:
    """Answer the question for the scenario's design and threshold, beside the other designs.

    Parameters
    ----------
    scenario
        The knobs.
    rows
        Counted rows of the AI's scores to use in place of the simulated one: their rates by
        class, at the prevalence the scenario says.

    Returns
    -------
    DiagnosisResult
        Women and money a month, minutes a woman; money in USD.

    Raises
    ------
    RowsError
        When the scenario speaks of rows and these are missing or are others.

    Examples
    --------
    Without an AI the clinician's own mistakes are left: 190 women on 21 days, 0.59 % of them ill,
    13.1 % of those missed.

    >>> told = diagnose(DiagnosisScenario(design="no AI"))
    >>> round(told.chosen.confusion.fn, 6)
    3.083871
    """
    scenario.check_rows(rows)
    s = scenario.model_copy(update={"prevalence": prevalence_of(scenario, rows)})
    axis = axis_of(s, rows)
    points = _points(s, axis)
    marked = [s.today_threshold, *(p.threshold for p in points)]
    marked = [cut for cut in marked if np.isfinite(cut)]
    if isinstance(axis, EmpiricalAxis):
        curves = curves_of_rows(axis.rows, s.threshold, marked)
    else:
        curves = curves_of_score(axis, LOW, HIGH, s.threshold, marked)
    calls = calls_at(s, curves.rates)
    sweeps = {design: month(s, design, curves.threshold, curves.rates, calls) for design in DESIGNS}
    return DiagnosisResult(
        scenario=s, rows=rows, points=points, curves=curves, sweeps=sweeps,
        row=int(np.searchsorted(curves.threshold, s.threshold)),
        today=_at(s, axis, s.today_design, s.today_threshold),
        people=natural_frequencies(s.prevalence, sweeps[s.design].rates),
    )  # fmt: skip


def _at(s: DiagnosisScenario, axis: Any, design: str, threshold: float) -> Month:
    return month(s, design, threshold, axis.rates(threshold))


def _points(
    s: DiagnosisScenario, axis: Any
) -> tuple[DesignPoint, DesignPoint, DesignPoint, DesignPoint]:
    """Each design where it costs least, and the chosen one at the threshold probability."""
    best, wanted = _cheapest(s, axis), probability_of(s)
    asked = {name: (design, *best[design]) for name, design in POINTS.items()}
    asked["by_probability"] = (s.design, np.nan if s.design == NO_AI else wanted, np.nan)
    there = {  # without an AI nothing is cut, so any threshold will do
        name: _at(s, axis, design, s.threshold if design == NO_AI else cut)
        for name, (design, cut, _) in asked.items()
    }
    lowest = min(float(there[name].cost) for name in POINTS)
    one, two, three, four = (
        DesignPoint(
            name=name, design=design, threshold=cut, cutoff=cutoff, there=there[name],
            price=float(there[name].cost) - lowest,
        )
        for name, (design, cut, cutoff) in asked.items()
    )  # fmt: skip
    return one, two, three, four


def _cheapest(s: DiagnosisScenario, axis: Any) -> dict[str, tuple[float, float]]:
    """Threshold at which each design costs least, and its latent cutoff; exact in both worlds."""
    found = {NO_AI: (np.nan, np.nan)}
    if isinstance(axis, EmpiricalAxis):
        thresholds, rates = axis.every
        calls = calls_at(s, rates)
        for design in (FAST, EXPLAINED):
            usd = team_of(s, design).of_calls(*calls)
            best = np.flatnonzero(usd <= usd.min() + TIE * abs(usd.min()))[-1]
            found[design] = float(thresholds[best]), np.nan
        return found
    for design in (FAST, EXPLAINED):
        cutoff, _ = cheapest_cutoff(axis.model.separation, team_of(s, design))
        found[design] = float(axis.threshold_at(cutoff[0])), float(cutoff[0])
    return found
