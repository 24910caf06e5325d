"""Counted rows in the place of the simulated model: whose they are, and whose mix counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from aipm_metrics.errors import RowsError
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.scenarios.moderation import ModerationScenario, moderate

ROWS = Empirical.from_rows([0.1, 0.4, 0.35, 0.8, 0.2], [0, 0, 1, 1, 0])


def with_rows(**knobs: object) -> ModerationScenario:
    return ModerationScenario(**{"rows": ROWS.fingerprint, **knobs})


# --- laws ---


@given(st.floats(0.05, 0.9), st.floats(1e-4, 0.5))
def test_the_rows_own_mix_or_the_one_set(threshold: float, share: float) -> None:
    own = moderate(with_rows(threshold=threshold), ROWS)
    assert own.scenario.prevalence == 0.4
    assert own.confusion.tp + own.confusion.fn == pytest.approx(0.4 * 2e6, rel=1e-12)
    chosen = moderate(with_rows(threshold=threshold, prevalence=share), ROWS)
    assert chosen.scenario.row_mix == "as set"
    assert chosen.confusion.tp + chosen.confusion.fn == pytest.approx(share * 2e6, rel=1e-12)
    assert (own.chosen.rates.tpr, own.chosen.rates.fpr) == (
        chosen.chosen.rates.tpr, chosen.chosen.rates.fpr,
    )  # fmt: skip


def test_naming_the_rows_own_mix_beside_a_prevalence_keeps_the_rows_own() -> None:
    s = with_rows(prevalence=0.01, row_mix="the rows' own")
    assert moderate(s, ROWS).scenario.prevalence == 0.4


def test_a_prevalence_beyond_the_knobs_limit_is_the_rows_own_right() -> None:
    mostly = Empirical.from_rows([0.1, 0.2, 0.3, 0.4], [0, 1, 1, 1])
    result = moderate(ModerationScenario(rows=mostly.fingerprint), mostly)
    assert result.scenario.prevalence == 0.75


@pytest.mark.parametrize("name", ["auc", "calibration", "temperature", "trained_prevalence"])
def test_knobs_of_the_simulated_model_play_no_part_with_rows(name: str) -> None:
    values = {"auc": 0.6, "calibration": "as trained", "temperature": 2, "trained_prevalence": 0.1}
    one, other = moderate(with_rows(), ROWS), moderate(with_rows(**{name: values[name]}), ROWS)
    assert one.outcomes == other.outcomes
    assert repr(one.points) == repr(other.points)  # where nan is nan
    assert name in ModerationScenario.idle(with_rows().model_dump(), with_rows=True)
    assert name not in {a.knob.name for a in one.assumptions}


def test_prevalence_is_idle_only_while_the_rows_own_mix_counts() -> None:
    own, as_set = with_rows().model_dump(), with_rows(prevalence=0.01).model_dump()
    assert "prevalence" in ModerationScenario.idle(own, with_rows=True)
    assert "prevalence" not in ModerationScenario.idle(as_set, with_rows=True)


# --- limits ---


@pytest.mark.parametrize("score", [0.0, 0.5, 1.0, -3.0, 100.0])
def test_rows_with_one_distinct_score_are_flagged_all_or_none(score: float) -> None:
    rows = Empirical.from_rows([score] * 4, [0, 0, 0, 1])
    for threshold, flagged in ((score, 1.0), (score + 0.25, 0.0)):
        result = moderate(ModerationScenario(rows=rows.fingerprint, threshold=threshold), rows)
        assert float(result.chosen.rates.tpr) == float(result.chosen.rates.fpr) == flagged
        assert result.highest_f1.threshold == score
        assert result.highest_f1.f1 == pytest.approx(0.4)
        assert result.lowest_cost.threshold in (score, np.inf)


def test_two_rows_told_apart_are_told_apart_for_free() -> None:
    rows = Empirical.from_rows([-1.0, 7.0], [0, 1])
    free = ModerationScenario(rows=rows.fingerprint, threshold=7, model_price=0)
    point = moderate(free, rows).lowest_cost
    assert (point.threshold, point.cost, point.tpr, point.fpr) == (7.0, 0.0, 1.0, 0.0)


def test_the_mean_of_rows_that_are_no_probabilities_is_undefined() -> None:
    rows = Empirical.from_rows([-1.0, 7.0], [0, 1])
    assert np.isnan(moderate(ModerationScenario(rows=rows.fingerprint), rows).mean_reported)
    assert moderate(with_rows(), ROWS).mean_reported == pytest.approx(1.85 / 5, rel=1e-12)
    assert np.isnan(moderate(with_rows(), ROWS).separation)


# --- refusals ---


def test_rows_that_are_missing_are_asked_for_by_their_fingerprint() -> None:
    with pytest.raises(RowsError, match=f"fingerprint {ROWS.fingerprint}.*not here.*Attach"):
        moderate(with_rows())
    with pytest.raises(RowsError, match=ROWS.fingerprint):
        with_rows().run()


def test_other_rows_are_refused_with_both_fingerprints() -> None:
    others = Empirical.from_rows([0.1, 0.9], [0, 1])
    with pytest.raises(RowsError, match=f"{ROWS.fingerprint}.*{others.fingerprint}"):
        moderate(with_rows(), others)


def test_a_threshold_off_the_probability_scale_needs_rows() -> None:
    assert with_rows(threshold=-12.5).threshold == -12.5
    for name in ("threshold", "today_threshold"):
        with pytest.raises(ValidationError, match=rf"`{name}` must lie in \[1e-06, 0.999999\]"):
            ModerationScenario(**{name: -12.5})


@pytest.mark.parametrize("name", ["0123", "g" * 16, "0123456789ABCDEF", "../../etc/passwd"])
def test_a_name_that_is_no_fingerprint_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="rows"):
        ModerationScenario(rows=name)
