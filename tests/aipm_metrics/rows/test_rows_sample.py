import numpy as np

from aipm_metrics.rows.choosing import guess_columns, guess_positive
from aipm_metrics.rows.counting import count_scores
from aipm_metrics.rows.reading import open_table
from aipm_metrics.rows.sample import FINGERPRINT, sample_path, sample_text


def test_the_committed_file_is_what_the_script_writes() -> None:
    assert sample_path().read_bytes() == sample_text().encode()


def test_the_sample_is_as_described() -> None:
    table = open_table(sample_path())
    assert (table.n_rows, table.names) == (5_000, ("post_id", "score", "label", "language"))
    assert guess_columns(table) == ("score", "label")
    assert guess_positive(table.column("label")) == "harmful"
    rows = count_scores(table, "score", "label", "harmful")
    assert (rows.name, rows.left_out, rows.notes) == ("sample_rows.csv", 0, ())
    assert rows.counts.fingerprint == FINGERPRINT
    assert 0.025 < rows.counts.prevalence < 0.035
    assert 0.8 < rows.counts.auc < 0.99
    assert rows.counts.thresholds.size < 2_500  # many ties
    assert rows.counts.thresholds[0] > 0
    assert rows.counts.thresholds[-1] < 1


def test_the_sample_is_overconfident() -> None:
    """High scores promise more harm, and low scores less, than there is."""
    counts = count_scores(open_table(sample_path()), "score", "label", "harmful").counts
    both = counts.positives_at + counts.negatives_at
    high = counts.thresholds >= 0.5
    for part, sign in ((high, 1), (~high, -1)):
        promised = np.average(counts.thresholds[part], weights=both[part])
        happened = counts.positives_at[part].sum() / both[part].sum()
        assert sign * (promised - happened) > 0
