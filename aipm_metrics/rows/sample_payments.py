"""A second sample, made when it is asked for: payments with an amount, a version and a day.

It shows what the first has no columns for: costs by amount, two versions, months. Everything in
it is made up, and the numbers below are ours (assumption).
"""

from __future__ import annotations

from functools import cache

import numpy as np

__all__ = ["PAYMENTS", "payments_text"]

PAYMENTS = "sample payments"  # its name in a link
N_PAYMENTS, SEED = 12_000, 7_311
COUNTRIES, SHARES = ("US", "DE", "BR", ""), (0.5, 0.28, 0.217, 0.003)
CENTRE, SPREAD = -4.1, 1.7  # of the true log-odds, normal
NOISE = {"v1": 1.6, "v2": 0.5}  # of each version's own log-odds around the true ones
UNSEEN = 1.5  # log-odds by which fraud in Brazil, and all else there, is scored too low
FIRST_DAY, DAYS = "2026-01-05", 120


@cache
def payments_text() -> str:
    """Make it: 12,000 lines below a header, about 5 % of them fraud.

    Examples
    --------
    >>> payments_text().splitlines()[0]
    'score,is_fraud,country,version,amount,date'
    """
    rng = np.random.default_rng(SEED)
    true = CENTRE + SPREAD * rng.normal(size=N_PAYMENTS)
    fraud = rng.random(N_PAYMENTS) < 1 / (1 + np.exp(-true))
    country = rng.choice(COUNTRIES, N_PAYMENTS, p=SHARES)
    version = rng.choice(list(NOISE), N_PAYMENTS)
    noise = np.where(version == "v1", NOISE["v1"], NOISE["v2"])
    told = true + noise * rng.normal(size=N_PAYMENTS) - UNSEEN * (country == "BR")
    score = 1 / (1 + np.exp(-told))
    amount = rng.lognormal(4, 1, N_PAYMENTS)
    day = np.datetime64(FIRST_DAY) + rng.integers(0, DAYS, N_PAYMENTS).astype("timedelta64[D]")
    columns = zip(score, fraud, country, version, amount, np.sort(day), strict=True)
    lines = [
        f"{min(max(s, 1e-4), 1 - 1e-4):.4f},{int(y)},{c},{v},{usd:.2f},{d}\n"
        for s, y, c, v, usd, d in columns
    ]
    return "".join(["score,is_fraud,country,version,amount,date\n", *lines])
