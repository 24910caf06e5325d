"""The sample file: made-up posts, so that nobody needs a file to see what rows do.

``python -m aipm_metrics.rows.sample`` writes ``sample_rows.csv`` again, byte for byte.
"""

import csv
from functools import cache
from pathlib import Path

import numpy as np

from aipm_metrics.models.confusion import Floats
from aipm_metrics.models.empirical import Empirical

__all__ = ["FINGERPRINT", "sample_counts", "sample_path", "sample_text", "write_sample"]

FINGERPRINT = "f5a9a5edcbe8b92c"  # of its counts, by which a link made from it is known
N_POSTS = 5_000
SEED = 20_260
# Log-odds of harm follow a logistic law. The numbers below are ours, chosen so that about
# 3 % of the posts are harmful and the model is good but not perfect.
CENTRE, SPREAD = -5.3, 1.2
OVERCONFIDENCE = 1.2  # the model's log-odds are this many times the true ones
LANGUAGES, SHARES = ("en", "es", "de", "pt"), (0.55, 0.25, 0.12, 0.08)


def sample_path() -> Path:
    """Where the sample file is.

    Examples
    --------
    >>> sample_path().name
    'sample_rows.csv'
    """
    return Path(__file__).with_name("sample_rows.csv")


@cache
def sample_counts() -> Empirical:
    """Count the sample without an engine, for a picture of it.

    Examples
    --------
    >>> sample_counts().fingerprint == FINGERPRINT
    True
    """
    with sample_path().open(encoding="utf-8", newline="") as file:
        rows = [(float(row["score"]), row["label"] == "harmful") for row in csv.DictReader(file)]
    score, label = zip(*rows, strict=True)
    return Empirical.from_rows(score, label)


def sample_text() -> str:
    """Make the sample: 5,000 lines of ``post_id,score,label,language`` below a header.

    About 3 % of the posts are `harmful`, the others `fine`. Scores are probabilities in
    (0, 1), somewhat too extreme (overconfident), rounded to 4 decimals, so many are tied.

    Examples
    --------
    >>> sample_text().splitlines()[0]
    'post_id,score,label,language'
    """
    rng = np.random.default_rng(SEED)
    place, harm, spoken = rng.random((3, N_POSTS))
    log_odds = CENTRE + SPREAD * np.log(place / (1 - place))
    harmful = harm < _probability(log_odds)
    scores = np.clip(_probability(OVERCONFIDENCE * log_odds), 1e-4, 1 - 1e-4)
    languages = np.searchsorted(np.cumsum(SHARES)[:-1], spoken, side="right")
    lines = [
        f"{post},{score:.4f},{'harmful' if harms else 'fine'},{LANGUAGES[language]}\n"
        for post, (score, harms, language) in enumerate(
            zip(scores, harmful, languages, strict=True), 1
        )
    ]
    return "".join(["post_id,score,label,language\n", *lines])


def write_sample(path: Path | None = None) -> Path:
    """Write the sample, by default over the one in the package; return where it is."""
    path = path or sample_path()
    path.write_text(sample_text(), encoding="utf-8", newline="\n")
    return path


def _probability(log_odds: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-log_odds)), np.float64)


if __name__ == "__main__":
    write_sample()
