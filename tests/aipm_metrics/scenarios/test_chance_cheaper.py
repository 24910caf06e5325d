"""The chance that one scenario costs less than another: laws, a closed form, a slow oracle."""

import math
from typing import Any

import numpy as np
import pytest

from aipm_metrics.errors import MetricsError, RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.draws import DRAWS, Chance, uniforms
from aipm_metrics.scenarios.contract import Scenario
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate
from aipm_metrics.scenarios.uncertainty import chance_cheaper, drawn
from tests.aipm_metrics.scenario_draws import draw_rows, draw_runnable

FIXED = {"calibration": "as trained", "row_mix": "as set"}


def certain(scenario: ModerationScenario, *but: tuple[str, float, float]) -> ModerationScenario:
    """The scenario with no range wider than its value, but for those given."""
    named = {name for name, _, _ in but}
    points = tuple(
        (name, float(getattr(scenario, name)), float(getattr(scenario, name)))
        for name in scenario.ranges_in_use(with_rows=False)
        if name not in named
    )
    return ModerationScenario.model_validate({**scenario.model_dump(), "ranges": (*points, *but)})


def pairs(many: int, seed: int) -> list[tuple[Any, Any]]:
    rng = np.random.default_rng(seed)
    found = list(draw_runnable(rng, 2 * many))
    return list(zip(found[::2], found[1::2], strict=True))


def test_the_chances_of_both_and_of_a_tie_add_up_to_one() -> None:
    for (a, rows_a), (b, rows_b) in pairs(30, seed=3):
        there = chance_cheaper(a, b, rows_a, rows_b)
        back = chance_cheaper(b, a, rows_b, rows_a)
        assert (there.wins, there.ties, there.losses) == (back.losses, back.ties, back.wins)
        assert there.wins + there.ties + there.losses == there.draws == DRAWS
        assert there.value + there.ties / DRAWS + back.value == pytest.approx(1)


def test_without_any_width_the_cheaper_one_always_wins() -> None:
    a, b = ModerationScenario(threshold=0.08), ModerationScenario(threshold=0.4)
    cheap, dear = sorted((a, b), key=lambda s: moderate(s).cost)
    found = chance_cheaper(certain(cheap), certain(dear))
    assert (found.wins, found.error) == (DRAWS, 0)
    assert chance_cheaper(certain(dear), certain(cheap)).wins == 0


@pytest.mark.parametrize("seed", range(1, 9))
def test_one_uncertain_price_gives_the_share_of_its_range_beyond_the_flip_point(seed: int) -> None:
    """Both costs are straight lines in the price, so the chance is a ratio of two lengths."""
    a = ModerationScenario(threshold=0.05, seed=seed)
    b = ModerationScenario(threshold=0.3, seed=seed)
    lines = [s.costs({"harm_per_missed": np.array([0.0, 1.0])}) for s in (a, b)]
    flip = float((lines[0] - lines[1])[0] / (np.diff(lines[1]) - np.diff(lines[0]))[0])
    low, high = flip * 0.6, flip * 2
    exact = (high - flip) / (high - low)  # fewer are missed at 0.05: it wins above the flip
    believed = ("harm_per_missed", low, high)
    found = chance_cheaper(certain(a, believed), certain(b, believed))
    assert abs(found.value - exact) < 4 * math.sqrt(exact * (1 - exact) / DRAWS)
    assert 0 < found.wins < DRAWS


def test_a_slow_loop_over_whole_answers_counts_the_same() -> None:
    """One scenario per draw, answered by `moderate`: nothing vectorised, nothing shared."""
    a = ModerationScenario.model_validate({"threshold": 0.06, "seed": 5})
    b = a.model_copy(update={"threshold": 0.2, "auc": 0.965})
    many, wins = 60, 0
    found = chance_cheaper(a, b, draws=many)
    for i in range(many):
        costs = []
        for s in (a, b):
            values = {}
            for name, (low, high) in s.ranges_in_use(with_rows=False).items():
                knob, u = knobs_of(type(s))[name], uniforms(5, name, many)[i]
                start, end = knob.to_axis(low), knob.to_axis(high)
                values[name] = float(knob.from_axis(start + u * (end - start)))
            costs.append(moderate(s.model_copy(update=values)).cost)
        wins += costs[0] < costs[1]
    assert found.wins == wins
    assert 0 < wins < many


def test_a_shared_assumption_is_one_number_in_one_world() -> None:
    """However differently it is believed in: the two would differ by their ranges alone."""
    a = ModerationScenario(ranges=(("harm_per_missed", 1.0, 200.0),))
    b = ModerationScenario(ranges=(("harm_per_missed", 30.0, 31.0),))
    assert chance_cheaper(a, b).ties == DRAWS


def test_one_that_differs_moves_each_within_its_own_range() -> None:
    a, b = ModerationScenario(value_per_author=50), ModerationScenario(value_per_author=60)
    assert chance_cheaper(a, b).wins == DRAWS  # by the same share of a lower range: always less


def test_a_range_moves_only_its_own_draws() -> None:
    plain = ModerationScenario()
    moved = ModerationScenario(ranges=(("reviewer_wage", 1.0, 90.0),))
    before, after = (drawn(s, s.ranges_in_use(with_rows=False), s.seed) for s in (plain, moved))
    assert {n for n in before if (before[n] != after[n]).any()} == {"reviewer_wage"}
    low, high = before["prevalence"].min(), before["prevalence"].max()
    assert 0.005 <= low < 0.0051 < 0.0149 < high <= 0.015


def test_another_seed_is_another_set_of_draws_of_the_same_chance() -> None:
    a = ModerationScenario(threshold=0.03)
    b = ModerationScenario(threshold=0.2)

    def seeded(seed: int) -> Chance:
        return chance_cheaper(
            a.model_copy(update={"seed": seed}), b.model_copy(update={"seed": seed})
        )

    found = [seeded(seed) for seed in range(40)]
    assert found[0] == seeded(0)
    values = np.array([chance.value for chance in found])
    assert len(set(values)) > 5
    assert 0.5 < values.std(ddof=1) / found[0].error < 2


def test_rows_take_part_and_others_are_refused() -> None:
    rng = np.random.default_rng(6)
    rows, others = (draw_rows(rng, probabilities=True) for _ in range(2))
    a, b = (
        ModerationScenario(rows=rows.fingerprint, threshold=float(t))
        for t in np.quantile(rows.thresholds, [0.2, 0.8])
    )
    found = chance_cheaper(a, b, rows, rows)
    assert "prevalence" not in a.ranges_in_use(with_rows=True)
    assert found.draws == DRAWS
    with pytest.raises(RowsError, match=rows.fingerprint):
        chance_cheaper(a, b, rows, others)


def test_two_questions_cannot_be_compared() -> None:
    class Another(Scenario):
        page = "another"
        version = 1

    with pytest.raises(MetricsError, match=r"`b` must be of the question `moderation`.*`another`"):
        chance_cheaper(ModerationScenario(), Another())
