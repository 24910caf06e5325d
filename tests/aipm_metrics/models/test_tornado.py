"""One assumption at a time: widths, order, and which flips the decision first."""

from collections.abc import Mapping

import numpy as np
import pytest

from aipm_metrics.knobs import knobs_of
from aipm_metrics.models.confusion import Floats
from aipm_metrics.models.tornado import first_to_flip, tornado
from aipm_metrics.scenarios.moderation import ModerationScenario

KNOBS = knobs_of(ModerationScenario)
VALUES = {"reviewer_wage": 20.0, "harm_per_missed": 30.0, "items_per_month": 1e4}
RANGES = {
    "reviewer_wage": (10.0, 40.0), "harm_per_missed": (20.0, 50.0), "items_per_month": (1e3, 1e5),
}  # fmt: skip


def saving(v: Mapping[str, Floats]) -> Floats:
    """Above 0 as it stands; a dear wage or cheap harm turns it, and 20 posts would too."""
    return (v["harm_per_missed"] - 0.5 * v["reviewer_wage"] - 12) * (v["items_per_month"] / 1e4)


def test_each_bar_is_the_saving_at_its_ends_with_the_others_as_they_stand() -> None:
    for bar in tornado(KNOBS, VALUES, RANGES, saving):
        for end, at in ((bar.low, bar.at_low), (bar.high, bar.at_high)):
            alone = {**VALUES, bar.knob.name: end}
            assert at == pytest.approx(float(saving({n: np.array(v) for n, v in alone.items()})))
        assert bar.swing == abs(bar.at_high - bar.at_low)
        assert np.isnan(bar.best_at_low)


def test_the_widest_comes_first() -> None:
    bars = tornado(KNOBS, VALUES, RANGES, saving)
    assert [bar.knob.name for bar in bars] == [
        "items_per_month",
        "harm_per_missed",
        "reviewer_wage",
    ]
    assert [bar.swing for bar in bars] == sorted((bar.swing for bar in bars), reverse=True)


def test_flips_are_where_the_sign_changes_and_the_first_is_nearest_on_its_way() -> None:
    bars = {bar.knob.name: bar for bar in tornado(KNOBS, VALUES, RANGES, saving)}
    assert bars["harm_per_missed"].flips_at == pytest.approx(22)
    assert bars["harm_per_missed"].reach == pytest.approx(0.8)  # 8 of the 10 down to its low
    assert bars["reviewer_wage"].flips_at == pytest.approx(36)
    assert bars["reviewer_wage"].reach == pytest.approx(0.8)
    assert not bars["items_per_month"].flips  # scales both alike
    nearer = {**RANGES, "reviewer_wage": (10.0, 90.0)}
    first = first_to_flip(tornado(KNOBS, VALUES, nearer, saving))
    assert first is not None
    assert first.knob.name == "reviewer_wage"
    assert first.reach == pytest.approx(16 / 70)


def test_a_flip_inside_is_seen_though_both_ends_agree() -> None:
    def dip(v: Mapping[str, Floats]) -> Floats:
        return (v["reviewer_wage"] - 25) * (v["reviewer_wage"] - 35)

    bar = tornado(KNOBS, {"reviewer_wage": 20.0}, {"reviewer_wage": (10.0, 40.0)}, dip)[0]
    assert bar.at_low > 0
    assert bar.at_high > 0
    assert bar.flips_at == pytest.approx(25)


def test_a_range_without_width_moves_nothing() -> None:
    bar = tornado(KNOBS, VALUES, {"reviewer_wage": (20.0, 20.0)}, lambda v: v["reviewer_wage"])[0]
    assert bar.swing == 0
    assert not bar.flips
    assert first_to_flip((bar,)) is None


def test_a_value_outside_its_own_range_flips_on_the_way_there() -> None:
    bar = tornado(KNOBS, {"reviewer_wage": 5.0}, {"reviewer_wage": (10.0, 40.0)},
                  lambda v: 8 - v["reviewer_wage"])[0]  # fmt: skip
    assert bar.flips_at == pytest.approx(8)


def test_no_assumption_no_bar() -> None:
    assert tornado(KNOBS, {}, {}, lambda _: np.zeros(0)) == ()


def test_the_best_choice_is_asked_for_at_every_end() -> None:
    bars = tornado(KNOBS, VALUES, RANGES, saving, best=lambda v: v["reviewer_wage"] * 2)
    found = {bar.knob.name: (bar.best_at_low, bar.best_at_high) for bar in bars}
    assert found["reviewer_wage"] == (20.0, 80.0)
    assert found["harm_per_missed"] == (40.0, 40.0)
