"""Fast or explained: laws, limits, the article's case, and what would turn it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from pydantic import ValidationError
from scipy.special import expit, logit

from aipm_metrics.errors import RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.models.reliance import team_rates
from aipm_metrics.models.reported_score import ReportedScore
from aipm_metrics.scenarios.diagnosis import DiagnosisResult, DiagnosisScenario, diagnose
from aipm_metrics.scenarios.diagnosis_chain import axis_of, fixed_cost, team_of, use_of, wait_of
from aipm_metrics.scenarios.diagnosis_uncertainty import cheapest_thresholds, how_sure

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Rates

NO_AI, FAST, EXPLAINED = DESIGNS = ("no AI", "fast and opaque", "slow and explained")
PRESETS = [{}, *DiagnosisScenario.presets.values()]
NAMES = ["default", *DiagnosisScenario.presets]


def scored(n: int = 3_000, *, chances: bool = True) -> Empirical:
    rng = np.random.default_rng(11)
    label = (rng.random(n) < 0.08).astype(int)
    latent = rng.normal(2.0 * label, 1.0)
    odds = logit(0.08) + 2.0 * latent - 2.0
    return Empirical.from_rows(expit(odds) if chances else latent, label)


ROWS = scored()


def on_rows(**changes: Any) -> DiagnosisResult:
    told = {"threshold": 0.05, "today_threshold": 0.05, **changes}
    return diagnose(DiagnosisScenario(rows=ROWS.fingerprint, **told), ROWS)


@pytest.fixture(scope="module", params=PRESETS, ids=NAMES)
def answered(request: pytest.FixtureRequest) -> DiagnosisResult:
    return diagnose(DiagnosisScenario.model_validate(request.param))


def test_the_chain_is_the_team_by_hand() -> None:
    s = DiagnosisScenario()
    told = diagnose(s).chosen
    ai = axis_of(s, None).rates(s.threshold)
    use = expit(logit(0.6) + 0.7)
    tpr, fpr = team_rates(s.human_tpr, s.human_fpr, ai.tpr, ai.fpr, use * 0.7, use * 0.3, 0.3)
    ill, well = 190 * 21 * 0.0059, 190 * 21 * (1 - 0.0059)
    assert told.confusion.fn == pytest.approx(ill * (1 - tpr), abs=1e-9)
    assert told.confusion.fp == pytest.approx(well * fpr, abs=1e-9)
    differ = told.reliance.disagree
    minutes = 4 + use * (42 / 60 + 2 * differ)
    assert told.minutes == pytest.approx(minutes, abs=1e-12)
    assert told.read_a_day == pytest.approx(16 * 60 / minutes, abs=1e-9)
    usd = ill * (1 - tpr) * 60_000 + well * fpr * 600 + 190 * 21 * (minutes / 60 * 220 + 1.5)
    assert told.cost == pytest.approx(usd, abs=1e-6)


def test_costs_outcomes_and_every_design_agree(answered: DiagnosisResult) -> None:
    s = answered.scenario
    for design in DESIGNS:
        one = s.model_copy(update={"design": design})
        assert float(one.costs({})) == pytest.approx(answered.designs[design].cost, rel=1e-12)
    by_name = {outcome.name: outcome.value for outcome in answered.outcomes}
    parts = [by_name[f"cost_{cause}"] for cause in ("missed", "workups", "time", "ai")]
    assert sum(parts) == pytest.approx(answered.cost, rel=1e-12)
    assert answered.cost == pytest.approx(by_name["cost"], rel=1e-12)
    women = sum(by_name[cell] for cell in ("tp", "fp", "fn", "tn"))
    assert women == pytest.approx(s.patients_per_day * 21, rel=1e-12)
    people = answered.people.people
    assert (sum(people.values()) == answered.people.of).all()


def test_no_threshold_that_can_be_chosen_is_cheaper_than_the_point(
    answered: DiagnosisResult,
) -> None:
    for point in answered.points[:3]:
        sweep = answered.sweeps[point.design]
        assert point.cost <= np.min(sweep.cost) + 1e-6
        assert point.price >= 0
    assert min(point.price for point in answered.points) == 0


@pytest.mark.parametrize("design", [FAST, EXPLAINED])
def test_an_ai_nobody_looks_at_changes_no_call(design: str) -> None:
    s = DiagnosisScenario(design=design, use_opaque=0.01, waiting_effect=0, explanation_effect=-3)
    follows = [name for name in knobs_of(DiagnosisScenario) if name.startswith("follow_")]
    never = s.model_copy(update=dict.fromkeys(follows, 0.0))
    told = diagnose(never).chosen
    assert (told.rates.tpr, told.rates.fpr) == pytest.approx((s.human_tpr, s.human_fpr))


def test_the_articles_cut_loses_and_the_same_speed_would_win() -> None:
    cut = DiagnosisScenario.model_validate(DiagnosisScenario.presets["the 40 % cut that lost"])
    assert wait_of(cut, FAST) == pytest.approx(0.6 * wait_of(cut, EXPLAINED))
    lost = diagnose(cut)
    assert lost.saving < 0
    assert lost.lowest_cost.design == EXPLAINED
    also_trusted = cut.model_copy(
        update={"follow_right_opaque": 0.7, "follow_wrong_opaque": 0.3, "explanation_effect": 0}
    )
    assert diagnose(also_trusted).saving > 0


@pytest.mark.parametrize("slope", [0.0, 0.3, 0.8, 2.0])
def test_explained_is_used_more_where_it_is_worth_more_than_the_wait(slope: float) -> None:
    worth = np.log(1 / 0.6) * slope  # 0.511 times the slope, for a cut of 40 %
    for effect in (worth - 0.01, worth + 0.01):
        s = DiagnosisScenario(waiting_effect=slope, explanation_effect=effect)
        found = diagnose(s).break_even
        assert found.wait_worth == pytest.approx(worth, abs=1e-12)
        assert (found.explained_use > found.fast_use) == (effect > worth)


def test_the_break_even_of_explaining_breaks_even(answered: DiagnosisResult) -> None:
    s, found = answered.scenario, answered.break_even
    if np.isnan(found.pays_at):
        ends = [s.model_copy(update={"explanation_effect": e}) for e in (-40.0, 40.0)]
        gaps = [_gap(end, answered.chosen.alone) for end in ends]
        assert (min(gaps) > 0) == found.always
        assert gaps[0] * gaps[1] > 0
        return
    there = s.model_copy(update={"explanation_effect": found.pays_at})
    assert abs(_gap(there, answered.chosen.alone)) < 1e-6
    above = s.model_copy(update={"explanation_effect": found.pays_at + 0.01})
    assert (_gap(above, answered.chosen.alone) > 0) == found.pays_above


def _gap(s: DiagnosisScenario, rates: Rates) -> float:
    """USD a month that explaining saves against the fast one."""
    fast, slow = (team_of(s, d)(rates) + fixed_cost(s, d) for d in (FAST, EXPLAINED))
    return float(fast - slow)


@pytest.mark.parametrize(
    ("evidence", "slow_s", "cut", "faster_is_used_more"),
    [
        ("nothing", 30, 0.4, None), ("search, 2009", 0.4, 0.9, True),
        ("mobile pages, 2017", 6, 0.8, True), ("programmers, 1982", 3, 0.5, True),
        ("a wait read as thought, 2026", 9, 0.75, False),
    ],
)  # fmt: skip
def test_studies_of_waiting_move_use_their_own_way(
    evidence: Any, slow_s: float, cut: float, faster_is_used_more: bool | None
) -> None:
    s = DiagnosisScenario(evidence=evidence, slow_wait_s=slow_s, cut=cut)
    fast = float(use_of(s, FAST))
    if faster_is_used_more is None:
        assert fast == pytest.approx(s.use_opaque)
    else:
        assert (fast > s.use_opaque) == faster_is_used_more
        assert [row.in_use for row in diagnose(s).waits].count(True) == 1
    assert 0 <= fast < 1


def test_an_honest_ai_costs_no_regret_and_a_boastful_one_does() -> None:
    honest = diagnose(DiagnosisScenario()).calibration
    assert honest.alone == pytest.approx(0, abs=1e-6)
    assert honest.team == pytest.approx(0, abs=1e-6)
    assert honest.mean_reported == pytest.approx(honest.prevalence, abs=1e-9)
    for changes in ({"temperature": 0.6}, {"believed_prevalence": 0.05}, {"temperature": 1.7}):
        found = diagnose(DiagnosisScenario.model_validate(changes)).calibration
        assert found.alone > 1
        assert found.team > 1


def test_the_regret_of_believing_is_the_difference_of_two_months() -> None:
    s = DiagnosisScenario(temperature=0.6, correlation=0.0, dispute_min=0,
                          follow_right_explained=1, follow_wrong_explained=1)  # fmt: skip
    told = diagnose(s)
    axis, wanted = axis_of(s, None), told.probability
    assert isinstance(axis, ReportedScore)
    at_honest = axis.model.cutoff_at(wanted, s.prevalence)
    ill = 190 * 21 * s.prevalence
    well = 190 * 21 - ill

    def alone(rates: Rates) -> float:
        return float(ill * rates.fnr * s.harm_per_miss + well * rates.fpr * s.cost_workup)

    expected = alone(axis.rates(wanted)) - alone(axis.model.rates(at_honest))
    assert told.calibration.alone == pytest.approx(expected, rel=1e-9)
    assert told.calibration.said_at == pytest.approx(float(axis.threshold_at(at_honest)), rel=1e-12)


def test_a_missed_cancer_in_work_ups() -> None:
    told = diagnose(DiagnosisScenario(harm_per_miss=9_000, cost_workup=1_000))
    assert told.worth == pytest.approx(9)
    assert told.probability == pytest.approx(0.1)
    here = told.decision_curve.at_probability
    benefit, spared = here["nobody"]
    assert benefit == 0
    assert spared == pytest.approx(-9 * here["everybody"][0], abs=1e-9)
    # Per woman, a design's net benefit at that rate of exchange is its saving in cancers.
    m = told.designs[EXPLAINED]
    women = 190 * 21
    by_hand = (m.confusion.tp - m.confusion.fp / 9) / women
    assert here[EXPLAINED][0] == pytest.approx(by_hand, abs=1e-12)


def test_every_flip_turns_the_choice(answered: DiagnosisResult) -> None:
    s, rival = answered.scenario, answered.rival
    found = [flip for flip in answered.flips if not np.isnan(flip.at)]
    assert found
    for flip in found:
        knob = flip.knob
        low, high = knob.to_axis([knob.low, knob.high])
        step = 1e-6 * (high - low)
        beside = knob.from_axis(knob.to_axis(flip.at) + np.array([-step, step]))
        saved = rival.costs({knob.name: beside}) - s.costs({knob.name: beside})
        assert saved[0] * saved[1] < 0, knob.name


def test_the_nearest_flip_of_every_threshold_is_that_of_the_table(
    answered: DiagnosisResult,
) -> None:
    nearest, row, first = answered.nearest_flips, answered.row, answered.flips[0]
    assert nearest.which.size == answered.curves.threshold.size
    assert nearest.knobs[nearest.which[row]].name == first.knob.name
    assert nearest.at[row] == pytest.approx(first.at, rel=1e-9)


@pytest.mark.parametrize("name", sorted(set(knobs_of(DiagnosisScenario)) - {"row_mix"}))
def test_every_knob_changes_something(name: str) -> None:
    knob = knobs_of(DiagnosisScenario)[name]
    s = DiagnosisScenario()
    if knob.choices:
        moved: Any = next(choice for choice in knob.choices if choice != getattr(s, name))
    else:
        moved = float(knob.from_axis(knob.to_axis(getattr(s, name)) + 0.01 * np.ptp(
            knob.to_axis([knob.low, knob.high]))))  # fmt: skip
    here, there = diagnose(s), diagnose(s.model_copy(update={name: moved}))
    told, changed = (
        [(o.value, o.compared) for o in r.outcomes] + [r.designs[FAST].cost] for r in (here, there)
    )
    assert told != changed


def test_rows_take_the_models_place() -> None:
    told = on_rows()
    assert told.scenario.prevalence == ROWS.prevalence
    assert told.chosen.alone.tpr == ROWS.rates(0.05).tpr
    best = told.points[0]
    brute = [
        team_of(told.scenario, EXPLAINED)(ROWS.rates(t)) + fixed_cost(told.scenario, EXPLAINED)
        for t in (*ROWS.thresholds, np.inf)
    ]
    assert best.cost == pytest.approx(min(brute), rel=1e-12)
    assert float(told.scenario.costs({}, ROWS)) == pytest.approx(told.cost, rel=1e-12)
    assert np.isfinite(told.decision_curve.ai).all()
    assert np.isnan(told.calibration.team)
    assert told.calibration.alone >= 0


def test_scores_that_are_no_chances_have_no_decision_curve() -> None:
    rows = scored(chances=False)
    told = diagnose(DiagnosisScenario(rows=rows.fingerprint, threshold=1.0, today_threshold=1.0),
                    rows)  # fmt: skip
    assert np.isnan(told.decision_curve.ai).all()
    assert "ai" not in told.decision_curve.at_probability
    assert np.isnan(told.calibration.alone)
    assert np.isfinite(told.cost)


def test_other_rows_are_refused() -> None:
    with pytest.raises(RowsError, match="Attach the file"):
        diagnose(DiagnosisScenario(rows="0" * 16), ROWS)


@pytest.mark.parametrize(
    ("name", "value", "limits"),
    [("correlation", 1.2, "less than or equal to 0.99"), ("threshold", 0.95, r"\[0.0001, 0.9\]"),
     ("cut", 1.0, "less than or equal to 0.95"), ("design", "both", "no AI")],
)  # fmt: skip
def test_a_knob_out_of_its_limits_is_refused(name: str, value: Any, limits: str) -> None:
    with pytest.raises(ValidationError, match=limits) as refused:
        DiagnosisScenario.model_validate({name: value})
    assert name in str(refused.value)


@pytest.fixture(scope="module")
def sure() -> Any:
    return how_sure(diagnose(DiagnosisScenario()))


def test_the_best_of_every_draw_is_no_dearer_than_the_choice(sure: Any) -> None:
    assert (sure.best_cost <= sure.cost + 1e-6).all()
    assert (sure.best_cost <= sure.rival_cost + 1e-6).all()
    assert sure.saving_now == pytest.approx(diagnose(DiagnosisScenario()).saving, rel=1e-12)
    bands = sure.sweep.bands
    assert (bands.low <= bands.middle).all()
    assert (bands.middle <= bands.high).all()


def test_certain_assumptions_leave_no_doubt() -> None:
    s = DiagnosisScenario()
    sure_of = tuple((name, float(getattr(s, name)), float(getattr(s, name)))
                    for name in s.ranges_in_use(with_rows=False))  # fmt: skip
    told = diagnose(DiagnosisScenario(ranges=sure_of))
    found = how_sure(told)
    assert found.chance.wins == found.chance.draws
    assert found.best_cost == pytest.approx(np.full(1_000, told.points[0].cost), rel=1e-12)


def test_on_rows_the_best_is_chosen_among_those_drawn() -> None:
    told = on_rows()
    found = how_sure(told)
    assert (found.best_cost <= found.cost + 1e-6).all()
    among = told.curves.threshold[::50]
    at, usd = cheapest_thresholds(told.scenario, {"cost_workup": np.array([1.0, 1e6])}, ROWS, among)
    assert set(at.tolist()) <= set(among.tolist())
    assert at[0] < at[1]
    assert usd[0] < usd[1]


def test_without_an_ai_the_threshold_is_no_decision() -> None:
    told = diagnose(DiagnosisScenario(design=NO_AI, today_design=NO_AI))
    assert told.compared_with == "lowest cost"
    assert np.ptp(told.sweep.cost) == 0
    assert how_sure(told).sweep is None
