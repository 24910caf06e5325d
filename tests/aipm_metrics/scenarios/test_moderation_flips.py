"""What would change a mind: every flip is a true change of sign of the saving."""

import numpy as np
import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import HIGH, LOW, ModerationScenario, moderate
from tests.aipm_metrics.scenarios import brute_force
from tests.aipm_metrics.scenarios.drawn import drawn_knobs, near_defaults

KNOBS = knobs_of(ModerationScenario)
ALIKE, IDLE = "model_price", "views_half_life"  # at every threshold; as long as nobody waits
PRICED = {name for name, told in KNOBS.items() if told.priced} - {ALIKE}


def saving(k: dict[str, object], chosen: float, rival: float) -> tuple[float, float]:
    """USD a month saved at `chosen` against `rival`, by the issue's formulas; and its scale."""
    s = ModerationScenario(**k)
    own = s.model_dump()
    costs = [
        float(brute_force.cost(own, brute_force.cells_at(own, brute_force.cutoff_of(own, t))))
        for t in (chosen, rival)
    ]
    return costs[1] - costs[0], max(costs)


def just_beside(name: str, value: float) -> list[float]:
    """Values a billionth of the range below and above, within the limits."""
    told = KNOBS[name]
    low, high = told.to_axis([told.low, told.high])
    place = told.to_axis(value)
    return [float(told.from_axis(place + step * (high - low))) for step in (-1e-9, 1e-9)]


def test_every_flip_is_a_change_of_sign_of_the_saving_worked_out_again() -> None:
    rng = np.random.default_rng(1973)
    seen = set()
    for knobs in drawn_knobs(rng, 60):
        result = moderate(ModerationScenario(**knobs))
        rival = result.compared.threshold
        for flip in result.flips:
            if np.isnan(flip.at) or not LOW <= rival <= HIGH:
                continue
            name = flip.knob.name
            sides = [
                saving(knobs | {name: v}, knobs["threshold"], rival)
                for v in just_beside(name, flip.at)
            ]
            (below, scale), (above, _) = sides
            assert below * above <= 0 or max(abs(below), abs(above)) < 1e-12 * scale, (name, knobs)
            seen.add(name)
    assert len(seen) >= 8


def test_where_no_flip_is_told_the_saving_keeps_its_sign_over_the_whole_range() -> None:
    rng = np.random.default_rng(1738)
    checked = 0
    for knobs in (near_defaults(rng) for _ in range(12)):
        result = moderate(ModerationScenario(**knobs))
        for flip in result.flips:
            if not np.isnan(flip.at):
                continue
            name, told = flip.knob.name, flip.knob
            found = [
                saving(knobs | {name: v}, knobs["threshold"], knobs["today_threshold"])
                for v in told.spread(501).tolist()
            ]
            clear = [np.sign(usd) for usd, scale in found if abs(usd) > 1e-12 * scale]
            assert len(set(clear)) <= 1, (name, knobs)
            checked += 1
    assert checked >= 60


def test_there_is_one_flip_for_every_price_and_rate_the_nearest_first() -> None:
    flips = moderate(ModerationScenario()).flips
    assert {flip.knob.name for flip in flips} == PRICED - {IDLE}
    late = moderate(ModerationScenario(decision_delay=1)).flips
    assert {flip.knob.name for flip in late} == PRICED
    distances = [flip.distance for flip in flips]
    assert distances == sorted(distances)
    assert all((flip.distance == np.inf) == np.isnan(flip.at) for flip in flips)
    for flip in flips:
        assert flip.today == getattr(ModerationScenario(), flip.knob.name)


def test_the_default_harm_flips_where_the_two_costs_meet_by_hand() -> None:
    """The cost is linear in the harm of a missed post, so the flip is a quotient."""
    result = moderate(ModerationScenario())
    spared = float(result.compared.confusion.fn - result.confusion.fn)
    other = result.saving - spared * 30
    flip = next(f for f in result.flips if f.knob.name == "harm_per_missed")
    assert flip.at == pytest.approx(-other / spared, rel=1e-9)
    assert flip.distance == pytest.approx((30 - flip.at) / 1e6, rel=1e-9)


def test_choosing_the_lowest_cost_never_saves_less_than_nothing_today() -> None:
    """Against any rival the best threshold wins today, so flips lie elsewhere."""
    best = moderate(ModerationScenario()).lowest_cost.threshold
    result = moderate(ModerationScenario(threshold=best))
    assert result.saving > 0
    assert all(flip.distance > 0 for flip in result.flips)


def test_flips_on_counted_rows_change_the_sign_of_the_saving_too() -> None:
    rng = np.random.default_rng(1906)
    seen = 0
    for _ in range(20):
        label = np.append([0, 1], rng.random(300) < 0.2).astype(int)
        rows = Empirical.from_rows(np.round(rng.normal(1.5 * label, 1), 1), label)
        first, second = (float(t) for t in rng.choice(rows.thresholds, 2, replace=False))
        knobs = near_defaults(rng) | {"threshold": first, "today_threshold": second}
        knobs["rows"] = rows.fingerprint
        for flip in moderate(ModerationScenario(**knobs), rows).flips:
            if np.isnan(flip.at):
                continue
            sides = [
                moderate(ModerationScenario(**knobs | {flip.knob.name: v}), rows)
                for v in just_beside(flip.knob.name, flip.at)
            ]
            below, above = (side.saving for side in sides)
            assert below * above <= 0 or abs(below) < 1e-12 * sides[0].cost
            seen += 1
    assert seen >= 20
