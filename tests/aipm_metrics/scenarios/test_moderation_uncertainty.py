"""How sure the threshold is: exact where nothing is uncertain, else beside a naive double loop."""

from typing import Any

import numpy as np
import pytest

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.moderation_uncertainty import cost_bands, how_sure
from aipm_metrics.scenarios.uncertainty import Uncertainty, uncertain
from tests.aipm_metrics.scenario_draws import draw_rows, draw_runnable


def certain(scenario: ModerationScenario, *, with_rows: bool = False) -> ModerationScenario:
    """The same with every range as narrow as can be."""
    ranges = [
        (name, float(getattr(scenario, name)), float(getattr(scenario, name)))
        for name in scenario.ranges_in_use(with_rows=with_rows)
    ]
    return ModerationScenario.model_validate({**scenario.model_dump(), "ranges": ranges})


def some(many: int, seed: int) -> list[tuple[ModerationScenario, Empirical | None]]:
    return list(draw_runnable(np.random.default_rng(seed), many))


def of(scenario: ModerationScenario, rows: Empirical | None = None) -> Uncertainty:
    return how_sure(moderate(scenario, rows))


def test_ranges_without_width_give_the_point_answer_to_the_digit() -> None:
    for scenario, rows in some(15, seed=1):
        result = moderate(certain(scenario, with_rows=rows is not None), rows)
        found = how_sure(result)
        assert np.isinf(found.best).all() or np.ptp(found.best) == 0
        assert np.ptp(found.cost) == 0
        assert found.cost[0] == pytest.approx(result.cost, rel=1e-12)
        assert found.saving_now == pytest.approx(result.saving, rel=1e-9, abs=1e-9 * result.cost)
        assert found.chance.wins in {0, found.chance.draws}
        assert (found.chance.wins > 0) is (result.saving > 1e-12 * result.cost)
        assert found.regret.mean == pytest.approx(
            result.cost - result.lowest_cost.cost, rel=1e-9, abs=1e-9 * result.cost
        )
        assert all(bar.swing == 0 and not bar.flips for bar in found.tornado)
        assert found.sweep is not None
        bands = found.sweep.bands
        assert (bands.low == bands.high).all()
        for i in range(0, bands.threshold.size, 97):
            there = result.scenario.model_copy(update={"threshold": bands.threshold[i]})
            assert bands.middle[i] == pytest.approx(float(there.costs({}, rows)), rel=1e-9)


def test_a_seed_gives_the_same_answer_again_and_another_seed_another() -> None:
    one, again, other = (of(ModerationScenario(seed=seed)) for seed in (7, 7, 8))
    assert (one.cost == again.cost).all()
    assert (one.best == again.best).all()
    swings = [[bar.swing for bar in found.tornado] for found in (one, again, other)]
    assert swings[0] == swings[1] == swings[2]  # nothing is drawn for it
    assert (one.cost != other.cost).any()


@pytest.mark.parametrize("threshold", [0.03, 0.15])
def test_a_naive_loop_over_whole_answers_agrees(threshold: float) -> None:
    """One scenario per draw, each answered by `moderate`, in double precision throughout."""
    result = moderate(ModerationScenario(threshold=threshold, calibration="as trained", seed=3))
    found = how_sure(result)
    assert found.sweep is not None
    for i in range(0, 1000, 40):
        values = {name: float(draws[i]) for name, draws in found.drawn.items()}
        alone = moderate(result.scenario.model_copy(update=values))
        assert found.cost[i] == pytest.approx(alone.cost, rel=1e-12)
        assert found.rival_cost[i] == pytest.approx(float(alone.compared.cost), rel=1e-12)
        assert found.best_cost[i] == pytest.approx(alone.lowest_cost.cost, rel=1e-11)
        assert found.best[i] == pytest.approx(alone.lowest_cost.threshold, rel=1e-5)
    bands = found.sweep.bands
    for t in range(0, 1001, 50):
        there = result.scenario.model_copy(update={"threshold": bands.threshold[t]})
        slow = np.quantile(there.costs(found.drawn), [0.05, 0.5, 0.95], method="inverted_cdf")
        fast = [bands.low[t], bands.middle[t], bands.high[t]]
        np.testing.assert_allclose(fast, slow, rtol=1e-4)


def test_on_rows_every_score_is_tried_in_every_draw() -> None:
    rng = np.random.default_rng(21)
    rows = draw_rows(rng, probabilities=True)
    scenario = ModerationScenario(
        rows=rows.fingerprint, threshold=float(np.median(rows.thresholds)), prevalence=0.05
    )
    found = of(scenario, rows)
    assert "prevalence" in found.drawn
    assert "auc" not in found.drawn
    for i in range(0, 1000, 25):
        values = {name: float(draws[i]) for name, draws in found.drawn.items()}
        alone = moderate(scenario.model_copy(update=values), rows)
        assert found.best[i] == alone.lowest_cost.threshold
        assert found.best_cost[i] == pytest.approx(alone.lowest_cost.cost, rel=1e-11)


def test_nothing_is_cheaper_than_the_best_of_a_draw() -> None:
    for scenario, rows in some(15, seed=4):
        found = of(scenario, rows)
        slack = 1e-9 * found.best_cost
        assert (found.cost >= found.best_cost - slack).all()
        assert (found.rival_cost >= found.best_cost - slack).all()
        assert 0 <= found.regret.low <= found.regret.high
        assert found.saving.mean == pytest.approx(
            found.rival_regret.mean - found.regret.mean,
            abs=1e-9 * (found.cost.mean() + found.rival_cost.mean()),
        )


def test_single_precision_bands_stay_within_a_ten_thousandth_over_the_knobs_full_range() -> None:
    for scenario, rows in some(25, seed=5):
        found = of(scenario, rows)
        assert found.sweep is not None
        fast = found.sweep.bands
        slow = cost_bands(moderate(scenario, rows).scenario, found.drawn, fast.threshold, rows,
                          double=True)  # fmt: skip
        for name in ("low", "middle", "high"):
            np.testing.assert_allclose(getattr(fast, name), getattr(slow, name), rtol=1e-4)


def test_text_and_picture_agree_to_the_last_digit_at_both_choices() -> None:
    """One definition of 90 %, one precision: what is said at a threshold is what is drawn."""
    seen = 0
    for scenario, rows in some(25, seed=8):
        found = of(scenario, rows)
        assert found.sweep is not None
        bands = found.sweep.bands
        for threshold, told in (
            (found.scenario.threshold, found.cost_spread),  # type: ignore[attr-defined]
            (found.rival.threshold, found.rival_cost_spread),  # type: ignore[attr-defined]
        ):
            (at,) = np.nonzero(bands.threshold == threshold)
            if at.size == 0:  # off the picture, where it is drawn at the edge
                assert not bands.threshold[0] <= threshold <= bands.threshold[-1]
                continue
            (t,) = at
            seen += 1
            assert (bands.low[t], bands.middle[t], bands.high[t]) == (
                told.low, told.middle, told.high,
            )  # fmt: skip
            exact = cost_bands(
                moderate(scenario, rows).scenario, found.drawn, np.array([threshold]), rows,
                double=True,
            )  # fmt: skip
            assert exact.low[0] == pytest.approx(told.low, rel=1e-9)
            assert exact.high[0] == pytest.approx(told.high, rel=1e-9)
    assert seen > 25


def test_the_tally_of_best_thresholds_has_every_draw_once() -> None:
    for scenario, rows in some(15, seed=6):
        sweep = of(scenario, rows).sweep
        assert sweep is not None
        assert sweep.best.draws.sum() + sweep.best.below + sweep.best.above == 1000


@pytest.mark.parametrize("name", ["harm_per_missed", "reviewer_wage", "value_per_author"])
def test_a_wider_range_of_a_price_never_narrows_what_the_choice_costs(name: str) -> None:
    start = certain(ModerationScenario())
    last = -1.0
    for width in (0.0, 0.1, 0.5, 0.9):
        value = float(getattr(start, name))
        others = tuple(r for r in start.ranges if r[0] != name)
        ranges = (*others, (name, value * (1 - width), value * (1 + width)))
        found = of(ModerationScenario.model_validate({**start.model_dump(), "ranges": ranges}))
        low, high = np.quantile(found.cost, [0.05, 0.95])
        assert high - low >= last
        last = high - low
    assert last > 0


def test_a_model_calibrated_to_todays_mix_follows_the_share_that_is_drawn() -> None:
    """Trained elsewhere it does not: its cutoff stays, so only volumes of each kind move."""
    ranges = (("prevalence", 0.001, 0.1),)
    both: list[np.ndarray[Any, Any]] = []
    for calibration in ("today's mix", "as trained"):
        s = certain(ModerationScenario.model_validate(
            {"calibration": calibration, "trained_prevalence": 0.01}))  # fmt: skip
        others = tuple(r for r in s.ranges if r[0] != "prevalence")
        found = of(ModerationScenario.model_validate(
            {**s.model_dump(), "ranges": (*others, *ranges)}))  # fmt: skip
        both.append(np.log(found.best))
    assert np.ptp(both[0]) < 0.02 * np.ptp(both[1])  # a calibrated threshold hardly moves


def test_a_cents_difference_in_the_flip_is_the_flip_of_the_page() -> None:
    result = moderate(ModerationScenario(ranges=(("harm_per_missed", 1.0, 60.0),)))
    first = how_sure(result).first_to_flip
    on_page = {flip.knob.name: flip.at for flip in result.flips}
    assert first is not None
    assert first.knob.name == "harm_per_missed"
    assert first.flips_at == pytest.approx(on_page["harm_per_missed"], rel=1e-9)


@pytest.mark.parametrize("calibration", ["today's mix", "as trained"])
def test_every_range_in_use_changes_the_answer(calibration: str) -> None:
    """A range that changed nothing would be a control that does nothing."""
    start = ModerationScenario.model_validate({"calibration": calibration, "decision_delay": 20})
    before = of(start)
    for name, (low, high) in start.ranges_in_use(with_rows=False).items():
        narrow = (name, low, low + 0.3 * (high - low))
        after = of(ModerationScenario.model_validate({**start.model_dump(), "ranges": [narrow]}))
        assert (after.cost != before.cost).any(), name
        # An honest or timid score moves the best threshold and not what it costs.
        best = (after.best != before.best) | (after.best_cost != before.best_cost)
        assert best.any(), name
        moved = {n for n in before.drawn if (before.drawn[n] != after.drawn[n]).any()}
        assert moved == {name}


def test_two_worlds_are_not_two_choices() -> None:
    with pytest.raises(MetricsError, match=r"`auc` must be the same in both; got 0.96 and 0.9"):
        uncertain(ModerationScenario(), ModerationScenario(auc=0.9))


def test_without_a_search_the_cheaper_of_the_two_is_the_best() -> None:
    found = uncertain(ModerationScenario(threshold=0.06), ModerationScenario(threshold=0.2))
    assert (found.best_cost == np.minimum(found.cost, found.rival_cost)).all()
    assert np.isnan(found.best).all()
    assert found.sweep is None
