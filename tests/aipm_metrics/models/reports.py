"""Random reports on a test set, true or impossible, and a peer's verdict on each.

A report here has the number of positives and of negatives, and one to four of the ratios that
mlscorecheck knows as well. What is true is found by trying every matrix, in whole numbers.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np
from mlscorecheck.check.binary import check_1_testset_no_kfold

from aipm_metrics.models.consistency import Given, Region
from aipm_metrics.models.metric_algebra import METRICS
from aipm_metrics.models.suspects import can_be_true
from tests.aipm_metrics.models.matrices import share

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Report", "ours", "reports", "theirs", "truth", "why_they_differ"]

THEIRS = {"accuracy": "acc", "recall": "sens", "precision": "ppv", "f1": "f1", "fpr": "fpr"}
logging.getLogger("mlscorecheck").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class Report:
    """Ratios rounded to so many decimals, in units of the last one: 91 is 0.91."""

    positives: int
    negatives: int
    places: int
    units: dict[str, int]

    @property
    def half(self) -> Fraction:
        """Half a unit in the last decimal."""
        return Fraction(1, 2 * 10**self.places)


def truth(report: Report, *, of_nothing: bool = False) -> bool:
    """Try every matrix: ``2 * 10**k * part`` within `whole` of ``2 * units * whole``, exactly.

    With `of_nothing`, a ratio without a denominator counts as having any value.
    """
    tp = np.arange(report.positives + 1, dtype=np.int64)[:, None]
    fp = np.arange(report.negatives + 1, dtype=np.int64)[None, :]
    fn, tn = report.positives - tp, report.negatives - fp
    good = np.ones(np.broadcast_shapes(tp.shape, fp.shape), dtype=bool)
    for name, units in report.units.items():
        weights = METRICS[name]
        part = sum(w * x for w, x in zip(weights.part, (tp, fp, fn, tn), strict=True))
        whole = sum(w * x for w, x in zip(weights.whole, (tp, fp, fn, tn), strict=True))
        off = np.abs(2 * 10**report.places * part - 2 * units * whole)
        good &= (off <= whole) & ((whole > 0) | of_nothing)
    return bool(good.any())


def ours(report: Report) -> bool:
    """Our verdict."""
    said = [
        Given(name, Fraction(n), Fraction(n), Fraction(n))
        for name, n in (
            ("positives", report.positives), ("volume", report.positives + report.negatives),
        )
    ]  # fmt: skip
    for name, units in report.units.items():
        value = Fraction(units, 10**report.places)
        said.append(Given(name, value, value - report.half, value + report.half))
    return can_be_true(Region(said))


def theirs(report: Report, tolerance: float = 1e-9) -> bool:
    """mlscorecheck's verdict; its intervals are wider by `tolerance` at both ends."""
    return not _asked(report, tolerance)["inconsistency"]


def _asked(report: Report, tolerance: float) -> dict[str, Any]:
    told: dict[str, Any] = check_1_testset_no_kfold(
        testset={"p": report.positives, "n": report.negatives},
        scores={THEIRS[n]: units / 10**report.places for n, units in report.units.items()},
        eps=float(report.half), numerical_tolerance=tolerance,
    )  # fmt: skip
    return told


def why_they_differ(report: Report, tolerance: float = 1e-9) -> str:
    """Say why mlscorecheck takes a report that no matrix has; empty when it cannot be said.

    It names a matrix as its evidence. In whole numbers that matrix is seen not to have the
    report's ratios: one has no denominator there, or is written 0 or 1 and is not.
    """
    named = _asked(report, tolerance)["evidence"]
    tp, tn = int(named["tp"]), int(named["tn"])
    cells = (tp, report.negatives - tn, report.positives - tp, tn)
    values = {name: share(name, cells) for name in report.units}
    wrong = {
        name: value
        for name, value in values.items()
        if value is None
        or abs(value - Fraction(report.units[name], 10**report.places)) > report.half
    }
    if not wrong:
        return ""
    if truth(report, of_nothing=True):
        return "a ratio of nothing is taken for any value"
    for written, units in (("0", 0), ("1", 10**report.places)):
        if all(report.units[name] == units for name in wrong):
            return f"a ratio written {written} is taken for any value"
    return ""


def reports(rng: np.random.Generator, *, possible: bool) -> Iterator[Report]:
    """Draw for ever; an impossible one is a true one with one ratio moved, perhaps by a little."""
    while True:
        positives, negatives = (int(n) for n in rng.integers(1, (60, 240)))
        tp, fp = int(rng.integers(positives + 1)), int(rng.integers(negatives + 1))
        places = int(rng.integers(2, 5))
        units = {}
        for name in rng.permutation(list(THEIRS))[: int(rng.integers(1, 5))]:
            value = share(str(name), (tp, fp, positives - tp, negatives - fp))
            if value is not None:
                units[str(name)] = round(value * 10**places)
        if not units:
            continue
        if not possible:
            moved = str(rng.choice(list(units)))
            step = int(rng.integers(1, 4)) if rng.random() < 0.5 else int(rng.integers(10**places))
            units[moved] = int(np.clip(units[moved] + step * rng.choice([-1, 1]), 0, 10**places))
        report = Report(positives, negatives, places, units)
        if truth(report) is possible:
            yield report
