"""Ask dcurves for net benefits and write its answers down, as `dcurves.json` beside this file.

Run it by hand in an environment of its own, for dcurves drags lifelines and statsmodels along:
``python -m venv /somewhere && /somewhere/bin/pip install dcurves && /somewhere/bin/python
tests/oracles/freeze_dcurves.py``. Tests read the answers and never dcurves itself.
"""

import json
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dcurves  # type: ignore[import-not-found]
import numpy as np
import pandas as pd

HERE = Path(__file__).parent
KEPT = {"net_benefit": "net_benefit", "net_intervention_avoided": "net_interventions_avoided"}


def answers(
    data: pd.DataFrame, outcome: str, score: str, prevalence: float | None
) -> dict[str, Any]:
    """Net benefit and interventions avoided of one score, at a few thresholds."""
    thresholds = [0.01, 0.05, 0.1, 0.15, 0.2, 0.35, 0.5, 0.8]
    found = dcurves.dca(data=data, outcome=outcome, modelnames=[score], thresholds=thresholds,
                        prevalence=prevalence)  # fmt: skip
    told: dict[str, Any] = {"threshold": thresholds, "prevalence": prevalence}
    for name, ours in KEPT.items():
        of_score = found[found["model"] == score].sort_values("threshold")
        told[ours] = of_score[name].tolist()
    of_all = found[found["model"] == "all"].sort_values("threshold")
    return {**told, "treat_all": of_all["net_benefit"].tolist()}


def main() -> None:
    """Freeze dcurves' own cancer data and a made up set with ties."""
    cancer = pd.read_csv(Path(dcurves.data) / "df_binary.csv")
    rng = np.random.default_rng(12)
    label = (rng.random(400) < 0.3).astype(int)
    score = np.round(1 / (1 + np.exp(-rng.normal(1.5 * label - 1.2, 1.0))), 2)
    sets = {
        "cancer": (cancer, "cancer", "cancerpredmarker"),
        "tied": (pd.DataFrame({"label": label, "score": score}), "label", "score"),
    }
    told = {
        "made_by": f"dcurves {version('dcurves')} for Python (MIT), MSKCC-Epi-Bio/dcurves",
        "sets": {
            name: {
                "score": data[column].astype(float).tolist(),
                "label": data[outcome].astype(int).tolist(),
                "answers": [answers(data, outcome, column, pi) for pi in (None, 0.05)],
            }
            for name, (data, outcome, column) in sets.items()
        },
    }
    (HERE / "dcurves.json").write_text(json.dumps(told) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
