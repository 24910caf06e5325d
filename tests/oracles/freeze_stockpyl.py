"""Ask stockpyl for newsvendor stocks and costs and write them down, as `stockpyl.json` here.

Run it by hand in an environment of its own, for stockpyl drags matplotlib, networkx and more
along: ``python -m venv /somewhere && /somewhere/bin/pip install stockpyl && /somewhere/bin/python
tests/oracles/freeze_stockpyl.py``. Tests read the answers and never stockpyl itself.
"""

import json
import math
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scipy.stats import lognorm, nbinom
from stockpyl.newsvendor import (  # type: ignore[import-not-found]
    newsvendor_continuous,
    newsvendor_discrete,
    newsvendor_normal,
    newsvendor_normal_cost,
    newsvendor_poisson,
    newsvendor_poisson_cost,
)

HERE = Path(__file__).parent
PRICES = ((0.18, 0.70), (1.0, 4.0), (3.5, 10.0), (5.0, 0.1), (8.0, 3.4))


def normal(mean: float, sd: float) -> list[dict[str, Any]]:
    """Stocks and costs of a normal law, at the best and at two other stocks."""
    told = []
    for over, under in PRICES:
        stock, cost = newsvendor_normal(over, under, mean, sd)
        at = [mean - 1.5 * sd, mean + 2 * sd]
        told.append({
            "law": "normal", "mean": mean, "sd": sd, "cost_over": over, "cost_under": under,
            "stock": stock, "cost": cost, "at": at,
            "cost_at": [newsvendor_normal_cost(s, over, under, mean, sd) for s in at],
        })  # fmt: skip
    return told


def poisson(mean: float) -> list[dict[str, Any]]:
    """Stocks and costs of a Poisson law."""
    told = []
    for over, under in PRICES:
        stock, cost = newsvendor_poisson(over, under, mean)
        at = [max(int(mean) - 2, 0), int(mean) + 3]
        told.append({
            "law": "poisson", "mean": mean, "sd": None, "cost_over": over, "cost_under": under,
            "stock": stock, "cost": cost, "at": at,
            "cost_at": [newsvendor_poisson_cost(s, over, under, mean) for s in at],
        })  # fmt: skip
    return told


def lognormal(mean: float, sd: float) -> list[dict[str, Any]]:
    """Stocks and costs of a lognormal law, told by its own mean and standard deviation."""
    log_sd = math.sqrt(math.log1p((sd / mean) ** 2))
    law, told = lognorm(log_sd, 0, mean * math.exp(-(log_sd**2) / 2)), []
    for over, under in PRICES:
        stock, cost = newsvendor_continuous(over, under, law)
        at = [mean / 2, mean * 2]
        told.append({
            "law": "lognormal", "mean": mean, "sd": sd, "cost_over": over, "cost_under": under,
            "stock": float(stock), "cost": float(cost), "at": at,
            "cost_at": [float(newsvendor_continuous(over, under, law, base_stock_level=s)[1])
                        for s in at],
        })  # fmt: skip
    return told


def negative_binomial(mean: float, sd: float) -> list[dict[str, Any]]:
    """Stocks and costs of a negative binomial law."""
    law, told = nbinom(mean**2 / (sd**2 - mean), mean / sd**2), []
    for over, under in PRICES:
        stock, cost = newsvendor_discrete(over, under, law)
        at = [int(mean / 2), int(mean * 2)]
        told.append({
            "law": "negative binomial", "mean": mean, "sd": sd, "cost_over": over,
            "cost_under": under, "stock": float(stock), "cost": float(cost), "at": at,
            "cost_at": [float(newsvendor_discrete(over, under, law, base_stock_level=s)[1])
                        for s in at],
        })  # fmt: skip
    return told


def main() -> None:
    """Freeze a few laws at a few prices."""
    cases = [
        *normal(50, 8), *normal(1000, 200), *poisson(50), *poisson(4.7), *lognormal(120, 80),
        *negative_binomial(40, 13), *negative_binomial(6, 4),
    ]  # fmt: skip
    told = {"made_by": f"stockpyl {version('stockpyl')} (MIT), LarrySnyder/stockpyl"}
    text = json.dumps({**told, "cases": cases}, indent=1)
    (HERE / "stockpyl.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
