"""Random scored rows with ties: of many sizes, types, balances and numbers of distinct scores."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = tuple[NDArray[Any], NDArray[Any]]
SCORE_TYPES = (np.float64, np.float32, np.float16, np.int64, np.int8)
LABEL_TYPES = (np.int64, np.bool_, np.float64, np.uint8)


def row_sets(n: int, seed: int) -> list[Rows]:
    rng = np.random.default_rng(seed)
    found = []
    for i in range(n):
        size = int(np.exp(rng.uniform(np.log(2), np.log(501))))
        label = rng.random(size) < rng.choice([0.02, 0.2, 0.5, 0.97])
        label[rng.permutation(size)[:2]] = False, True
        spread = float(rng.choice([0.5, 3.0, 1000.0]))  # few levels are heavy ties
        score = np.round((rng.normal(size=size) + label) * spread)
        kind = SCORE_TYPES[i % len(SCORE_TYPES)]
        if np.issubdtype(kind, np.integer):
            score = np.clip(score, -100, 100)
        elif i % 3 == 0:
            score /= 7
        found.append((score.astype(kind), label.astype(LABEL_TYPES[i % len(LABEL_TYPES)])))
    return found
