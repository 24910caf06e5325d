"""Binned counts: never off by more than they say, at any threshold, whatever the scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aipm_metrics.errors import RowsError
from aipm_metrics.models.empirical import Empirical
from aipm_metrics.rows.binning import Curve
from aipm_metrics.rows.cells import FULL
from aipm_metrics.rows.counts import ScoreCounts, exact_at, score_counts
from aipm_metrics.rows.looking import Look
from tests.aipm_metrics.rows.scored_tables import same_counts, simulated, table_of, within_its_bound

if TYPE_CHECKING:
    from numpy.typing import NDArray

N = 40_000
CELLS_AND_ATOMS = st.one_of(
    st.floats(0, 1),
    st.floats(-1e6, 1e6),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, 1.0, 0.5, -0.0, 5e-324, 1.7976931348623157e308]),
)
KINDS = st.sampled_from([st.floats(0, 1), CELLS_AND_ATOMS, st.floats(1 - 1e-9, 1)])


def binned(score: NDArray[Any], label: NDArray[Any], most: int, **asked: Any) -> ScoreCounts:
    return score_counts(table_of(s=score, y=label), "s", "y", max_distinct=most, **asked)


# --- laws ---


@settings(max_examples=12)
@given(KINDS, st.data())
def test_no_threshold_is_off_by_more_than_the_bound(kind: Any, data: Any) -> None:
    score = data.draw(st.lists(kind, min_size=30, max_size=60))
    label = data.draw(st.lists(st.integers(0, 1), min_size=len(score), max_size=len(score)))
    label[:2] = 0, 1
    found = binned(np.array(score), np.array(label), data.draw(st.sampled_from([2, 8, 16])))
    within_its_bound(found, score, label)
    whole = found.to_empirical()
    assert (whole.positives, whole.negatives) == (sum(label), len(label) - sum(label))
    assert set(whole.thresholds.tolist()) <= set(np.array(score).tolist())


@pytest.mark.parametrize("most", [2, 64, 1000, 20_000])
def test_segments_and_amounts_sum_to_the_whole_in_cells_too(most: int) -> None:
    score, label = simulated(N)
    score[::3] = 0.25  # an atom beside the cells
    group = np.random.default_rng(2).choice(["a", "b", "c"], N, p=[0.9, 0.09, 0.01])
    amount = np.round(score * 100)
    table = table_of(s=score, y=label, g=group, m=amount)
    found = score_counts(table, "s", "y", "g", most, amount="m")
    whole = score_counts(table, "s", "y", None, most, amount="m")
    assert not found.exact
    assert found.thresholds.size <= 2 * most
    same_counts(found.to_empirical(), whole.to_empirical())
    within_its_bound(found, score, label)
    for parts, all_ in (
        (found.amount_positives_at, whole.amount_positives_at),
        (found.amount_negatives_at, whole.amount_negatives_at),
    ):
        assert parts is not None
        assert all_ is not None
        np.testing.assert_allclose(parts.sum(axis=0), all_[0], rtol=1e-12)
    assert whole.amount_positives_at is not None
    assert whole.amount_positives_at.sum() == pytest.approx(amount[label == 1].sum(), rel=1e-12)
    for i, (name,) in enumerate(found.groups):  # each segment's counts keep its own bound
        mine = group == name
        exact, said = Empirical.from_rows(score[mine], label[mine]), found.to_empirical(i)
        off = exact.rates(exact.thresholds), said.rates(exact.thresholds)
        assert np.abs(off[0].tpr - off[1].tpr).max() <= found.bin_error[i, 0] + 1e-12
        assert np.abs(off[0].fpr - off[1].fpr).max() <= found.bin_error[i, 1] + 1e-12
        assert said.max_error == found.bin_error[i].max()


def test_the_order_of_the_rows_does_not_matter_and_twice_is_the_same() -> None:
    score, label = simulated(N)
    order = np.random.default_rng(1).permutation(N)
    found = [binned(score, label, 500), binned(score[order], label[order], 500)]
    found.append(binned(score, label, 500))
    assert len({counts.to_empirical().fingerprint for counts in found}) == 1
    assert not found[0].exact


def test_an_exact_call_takes_the_bound_away() -> None:
    score, label = simulated(N)
    found = binned(score, label, 64).to_empirical()
    between = found.thresholds[10:20] / 2 + found.thresholds[11:21] / 2
    tp, fp = exact_at(table_of(s=score, y=label), "s", "y", between)
    exact = Empirical.from_rows(score, label)
    np.testing.assert_array_equal(tp[0] / exact.positives, exact.rates(between).tpr)
    np.testing.assert_array_equal(fp[0] / exact.negatives, exact.rates(between).fpr)
    assert (found.rates(between).fpr != exact.rates(between).fpr).any()


# --- what the cells resolve: the bound that `benchmarks.rows` asks for at full size ---


def shapes() -> dict[str, tuple[NDArray[Any], NDArray[Any]]]:
    """Scores of many shapes, 40,000 each, and the labels."""
    rng = np.random.default_rng(11)
    label = (rng.random(N) < 0.2).astype(np.int8)
    z = rng.normal(size=N)

    def share(log_odds: NDArray[Any]) -> NDArray[Any]:
        return np.asarray(1 / (1 + np.exp(-log_odds)))

    tens = 10 ** rng.uniform(-300, 300, N)
    return {
        "a rare-harm model": (share(-5 + 1.2 * z + 2.5 * label), label),
        "a very sure model": (share(-20 + 12 * z + 25 * label), label),
        "logits": (-5 + 1.2 * z + 2.5 * label, label),
        "logits far from 0": (1e6 - 5 + 1.2 * z + 2.5 * label, label),
        "logits and one outlier": (np.where(np.arange(N) == 7, 1e300, z + label), label),
        "1e-300 to 1e300": (tens, label),
        "both signs, 1e-300 to 1e300": (tens * rng.choice([-1, 1], N), label),
        "1e-280 to 1": (10 ** rng.uniform(-280, 0, N), label),
        "close to 1": (1 - rng.random(N) * 1e-9, label),
        "up to the largest float": (1.7e308 * (1 - 2 * rng.random(N)), label),
        "heavy tails": (rng.standard_cauchy(N) + label, label),
        "one atom and the rest": (np.where(z > 0.5, 0.0, share(-5 + z)), label),
        "two atoms and the rest": (np.where(abs(z) > 1, np.sign(z), share(z)), label),
    }


@pytest.mark.parametrize("name", list(shapes()))
def test_a_thousand_cells_leave_little_of_a_class_unknown(name: str) -> None:
    """1,024 cells of equal content would each hold 1 of 1,024; these hold less than 20 times it."""
    score, label = shapes()[name]
    found = binned(score, label, 1024)
    assert not found.exact
    assert max(within_its_bound(found, score, label)) > 0
    assert found.max_error < 20 / 1024


@pytest.mark.parametrize(
    ("name", "measured"),
    [("a rare-harm model", False), ("one atom and the rest", False), ("close to 1", False),
     ("a very sure model", True), ("1e-280 to 1", True), ("logits", True)],
)  # fmt: skip
def test_the_spread_is_measured_only_where_class_means_do_not_suffice(
    name: str, *, measured: bool
) -> None:
    told: list[str] = []
    binned(*shapes()[name], 1024, watch=lambda step, _done: told.append(step))
    assert ("Measuring how the scores spread" in told) == measured
    assert len(set(told)) == len(told)


def test_scores_that_the_classes_share_are_not_taken_for_twice_as_many() -> None:
    told: list[str] = []
    score, label = np.tile(np.arange(60) / 60, 2), np.repeat([0, 1], 60)
    binned(score, label, 100, watch=lambda step, _done: told.append(step))
    assert told[1:] == ["Estimating how many scores there are", "Counting every score"]


@pytest.mark.parametrize("atoms", [[0.3], [0.1, 0.9], [-5.0, 0.0, 1e300]])
def test_few_scores_are_counted_one_by_one(atoms: list[float]) -> None:
    rng = np.random.default_rng(4)
    score, label = rng.choice(atoms, 3000), rng.integers(0, 2, 3000)
    found = binned(score, label, 16)
    assert found.exact
    same_counts(found.to_empirical(), Empirical.from_rows(score, label))


def test_an_atom_is_exact_among_cells_that_are_not() -> None:
    score, label = simulated(N)
    score[: N // 2] = np.where(label[: N // 2], 0.5, 0.02)
    found = binned(score, label, 2048)
    assert not found.exact
    assert found.max_error < 100 * FULL
    for atom in (0.5, 0.02):
        (at,) = np.flatnonzero(found.thresholds == atom)
        assert found.single[at]
        assert found.positives_at[0, at] == (label[score == atom] == 1).sum()


def test_many_segments_get_fewer_cells_so_that_they_fit_into_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("aipm_metrics.rows.counts.MAX_NUMBERS", 4096)
    score, label = simulated(N)
    table = table_of(s=score, y=label, g=np.arange(N) % 16)
    found = score_counts(table, "s", "y", "g", 4096)
    assert found.positives_at.size <= 2 * 4096
    within_its_bound(found, score, label)


# --- the curve ---

CURVES = [
    Curve(by_odds=True, scale=2.0**-6),
    Curve(by_odds=True, scale=8.0, roots=2),
    Curve(by_odds=True, scale=2.0**-960, roots=6),
    Curve(by_odds=True, scale=2.0**53),
    Curve(by_odds=False, scale=1.0, centre=-5.0625),
    Curve(by_odds=False, scale=16.0, centre=3e8, roots=1),
    Curve(by_odds=False, scale=2.0**1023),
    Curve(by_odds=False, scale=2.0, roots=10),
]


def by_numpy(curve: Curve, x: NDArray[np.float64], n: int) -> NDArray[np.int64]:
    """The cell by the module's own words: odds or distance, rooted, floored."""
    with np.errstate(under="ignore"):
        if curve.by_odds:
            kept = np.maximum(x, 2.0**-960)
            q = (1 - kept) / kept * curve.scale
        else:
            away = np.where(abs(x) < curve.scale * 2.0**-1020, 0, x) / curve.scale - curve.centre
            q = abs(away)
        for _ in range(curve.roots):
            q = np.sqrt(q)
        share = 1 / (1 + q)
        if not curve.by_odds:
            share = np.where(away < 0, share / 2, 1 - share / 2)
    return np.minimum(np.floor(share * n), n - 1).astype(np.int64)


@pytest.mark.parametrize("curve", CURVES, ids=str)
def test_cells_rise_with_the_score_even_between_neighbouring_floats(curve: Curve) -> None:
    """Neighbours on both sides of every edge that is met; the engine computes as IEEE 754 does."""
    rng = np.random.default_rng(8)
    x = np.concatenate([rng.random(2000), 10 ** rng.uniform(-308, 0, 2000), [0.0, 1.0, 5e-324]])
    if not curve.by_odds:
        x = np.concatenate([-x, x, x * 1e4 - 5e3, 1e308 * (x - 0.5)])
    for _ in range(40):  # walk towards the edges: halve the gap between two cells
        x = np.sort(x)
        c = by_numpy(curve, x, 64)
        edge = np.flatnonzero(np.diff(c))
        x = np.concatenate([x, x[edge] / 2 + x[edge + 1] / 2])
    x = np.unique(
        np.concatenate([np.nextafter(x, 0), x, np.nextafter(x, np.inf if not curve.by_odds else 1)])
    )
    table = table_of(x=x)
    found = table.mutate(c=curve.cell(table.x, 64)).to_pyarrow()["c"].to_numpy()
    assert (np.diff(found) >= 0).all()
    assert found.min() >= 0
    assert found.max() <= 63
    np.testing.assert_array_equal(found, by_numpy(curve, x, 64))


# --- a table that changes between two questions ---


def test_rows_added_while_counting_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    score, label = simulated(200)
    p = int(label.sum())
    short = Look(199, 199, p, distinct=(199 - p, p), low=0, high=1, means=(0.1, 0.5))
    monkeypatch.setattr("aipm_metrics.rows.counts.first_look", lambda _rows: short)
    with pytest.raises(RowsError, match="changed while it was counted"):
        binned(score, label, 1000)
