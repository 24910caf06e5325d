"""Net benefit, against dcurves' frozen answers, published numbers, and two identities."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from aipm_metrics.errors import OutOfRangeError, RowsError
from aipm_metrics.models.confusion import Confusion, Rates
from aipm_metrics.models.decision_curve import (
    benefit_of_rates,
    interventions_avoided,
    net_benefit,
    net_interventions_avoided,
    threshold_probability,
    treat_all,
    treat_none,
)
from aipm_metrics.models.natural_frequencies import natural_frequencies

ORACLE: dict[str, Any] = json.loads(
    (Path(__file__).parents[2] / "oracles" / "dcurves.json").read_text(encoding="utf-8")
)
CANCER = ORACLE["sets"]["cancer"]


@pytest.mark.parametrize("which", [0, 1], ids=["own prevalence", "5 % prevalence"])
@pytest.mark.parametrize("name", list(ORACLE["sets"]))
def test_dcurves_says_the_same(name: str, which: int) -> None:
    rows = ORACLE["sets"][name]
    told = rows["answers"][which]
    asked = rows["score"], rows["label"], told["threshold"], told["prevalence"]
    assert net_benefit(*asked) == pytest.approx(told["net_benefit"], abs=1e-12)
    avoided = net_interventions_avoided(*asked)
    assert avoided == pytest.approx(told["net_interventions_avoided"], abs=1e-9)
    prevalence = told["prevalence"] or np.mean(rows["label"])
    assert treat_all(told["threshold"], prevalence) == pytest.approx(told["treat_all"], abs=1e-12)


@pytest.mark.parametrize(
    ("threshold", "benefit", "avoided"),
    [
        (0.05, 0.1055438596, 0.205333), (0.10, 0.0874074074, 0.386667),
        (0.15, 0.0792156863, 0.515556), (0.20, 0.0673333333, 0.569333),
    ],
)  # fmt: skip
def test_the_cancer_data_of_dcurves_benchmarks(
    threshold: float, benefit: float, avoided: float
) -> None:
    score, label = CANCER["score"], CANCER["label"]
    assert net_benefit(score, label, threshold) == pytest.approx(benefit, abs=1e-9)
    assert net_interventions_avoided(score, label, threshold) == pytest.approx(avoided, abs=1e-6)


def test_regret_and_net_benefit_are_one_thing_and_average_to_the_brier_score() -> None:
    score, label = np.array(CANCER["score"]), np.array(CANCER["label"])
    t = (np.arange(5_000) + 0.5) / 5_000
    flagged = score[:, None] >= t
    regret = (np.where(label[:, None] == 1, ~flagged * (1 - t), flagged * t)).mean(axis=0)
    benefit = net_benefit(score, label, t)
    assert benefit == pytest.approx(label.mean() - regret / (1 - t), abs=1e-9)
    brier = ((score - label) ** 2).mean()
    assert 2 * regret.mean() == pytest.approx(brier, abs=1e-6)


@given(st.integers(0, 10_000), st.sampled_from([0.05, 0.3, 0.5, 0.9]))
def test_scikit_learn_counts_the_same_cells(seed: int, t: float) -> None:
    rng = np.random.default_rng(seed)
    score, label = rng.random(60).round(1), np.append([0, 1], rng.random(58) < 0.4).astype(int)
    _, fp, _, tp = confusion_matrix(label, score >= t).ravel()
    expected = (tp - fp * t / (1 - t)) / label.size
    assert net_benefit(score, label, t) == pytest.approx(expected, abs=1e-12)


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.001, 0.999), st.floats(0, 1))
def test_the_rivals_bound_and_the_currencies_agree(
    tpr: float, fpr: float, t: float, prevalence: float
) -> None:
    rates = Rates(tpr=tpr, fpr=fpr)
    benefit = benefit_of_rates(rates, t, prevalence)
    assert benefit <= prevalence + 1e-12  # that of a perfect model
    gained = benefit - treat_all(t, prevalence)
    assert interventions_avoided(rates, t, prevalence) * t / (1 - t) == pytest.approx(
        gained, abs=1e-9
    )
    assert treat_none(t) == 0


def test_treating_everybody_is_what_a_threshold_of_nought_does() -> None:
    score, label = CANCER["score"], CANCER["label"]
    assert net_benefit(score, label, 0.0) == pytest.approx(np.mean(label), abs=1e-12)
    assert np.isnan(net_interventions_avoided(score, label, 0.0))
    assert np.isnan(net_benefit(score, label, 1.0))


def test_prostate_model_of_pmc6261531() -> None:
    # A gain of 0.0114 at a threshold of 10 % is one work-up fewer in 10 men, as published.
    t, prevalence, gain = 0.1, 0.3, 0.0114
    spared = gain * (1 - t) / t / (1 - prevalence)
    rates = Rates(tpr=1.0, fpr=1 - spared)
    assert benefit_of_rates(rates, t, prevalence) - treat_all(t, prevalence) == pytest.approx(gain)
    assert round(1 / interventions_avoided(rates, t, prevalence)) == 10
    assert round(1 / gain) == 88  # the published test trade-off


def test_plasma_tau_of_the_e2p_simulators_first_example() -> None:
    cells = Confusion(tp=201, fp=18, fn=54, tn=226)
    found = cells.precision, cells.npv, cells.recall, cells.specificity
    assert found == pytest.approx((0.9178, 0.8071, 0.7882, 0.9262), abs=5e-5)


@pytest.mark.parametrize(
    ("prevalence", "tpr", "fpr", "precision"),
    [
        pytest.param(0.008, 0.9, 0.07, 0.093946, id="Gigerenzer 2002: 7 of 77"),
        pytest.param(0.01, 0.8, 0.096, 0.077640, id="Eddy 1982: 7.8 percent"),
        pytest.param(0.005, 0.95, 0.01, 0.323129, id="about 32 percent"),
    ],
)
def test_natural_frequencies_of_mammography(
    prevalence: float, tpr: float, fpr: float, precision: float
) -> None:
    rates = Rates(tpr=tpr, fpr=fpr)
    assert rates.confusion(prevalence, 1_000).precision == pytest.approx(precision, abs=1e-6)
    people = natural_frequencies(prevalence, rates).people
    counted = people["caught"] / (people["caught"] + people["wronged"])
    assert counted == pytest.approx(precision, abs=0.01)


@pytest.mark.parametrize(("worth", "chance"), [(0, 1.0), (9, 0.1), (99, 0.01), (np.inf, 0.0)])
def test_a_miss_in_work_ups_is_a_threshold(worth: float, chance: float) -> None:
    assert threshold_probability(worth) == pytest.approx(chance, abs=1e-15)


@pytest.mark.parametrize(
    ("score", "threshold", "field"), [([0.1, 1.2], 0.5, "score"), ([0.1, 0.9], 1.5, "threshold")]
)
def test_what_is_no_probability_is_refused(
    score: list[float], threshold: float, field: str
) -> None:
    with pytest.raises(OutOfRangeError, match=rf"`{field}` must lie in \[0, 1\]"):
        net_benefit(score, [0, 1], threshold)


def test_one_class_alone_is_refused() -> None:
    with pytest.raises(RowsError, match="only one of the two label values"):
        net_benefit([0.1, 0.9], [1, 1], 0.5)
