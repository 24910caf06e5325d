"""Verdicts beside mlscorecheck's, where both can express the case; and beside every matrix.

`benchmarks/consistency.py` runs ten times as many.
"""

from __future__ import annotations

from itertools import islice

import numpy as np

from tests.aipm_metrics.models.reports import Report, ours, reports, theirs, why_they_differ

MANY = 700


def test_true_reports_pass_both() -> None:
    drawn = list(islice(reports(np.random.default_rng(31), possible=True), MANY))
    assert [report for report in drawn if not ours(report)] == []
    assert [report for report in drawn if not theirs(report)] == []


def test_impossible_reports_fail_ours_and_where_the_other_passes_them_it_is_shown_why() -> None:
    drawn = list(islice(reports(np.random.default_rng(31), possible=False), MANY))
    assert [report for report in drawn if ours(report)] == []
    passed = [report for report in drawn if theirs(report)]
    assert len(passed) < MANY / 20
    assert [report for report in passed if not why_they_differ(report)] == []


def test_the_published_report_passes_where_the_flagged_count_cannot_be_said() -> None:
    """Precision 0.91, recall 0.54, F1 0.68 agree; 4,800 flagged, said as fpr, do not.

    https://dataford.io/questions/evaluate-safety-review-precision-recall-tradeoff
    """
    ratios = {"recall": 54, "precision": 91, "f1": 68}
    told = Report(400, 9_600, 2, ratios)
    assert ours(told)
    assert theirs(told)
    flagged = Report(400, 9_600, 2, {**ratios, "fpr": 3})  # 480 - 216 of 9,600
    assert not ours(flagged)
    assert not theirs(flagged)
