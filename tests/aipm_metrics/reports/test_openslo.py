"""OpenSLO: what is written reads back as YAML, in the specification's own words, and adds up."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
import yaml

from aipm_metrics.reports.openslo import MODES, openslo
from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario, budget
from aipm_metrics.scenarios.error_budget_chain import DAYS
from aipm_metrics.scenarios.error_budget_chain import MODES as ALL
from tests.aipm_metrics.scenarios.error_budget_draws import draw_budget

NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")  # RFC 1123, as the specification asks
SHORTHAND = re.compile(r"[1-9]\d*[mhdwMQY]")
MINUTES = {"m": 1, "h": 60, "d": 1_440}
# Fields of OpenSLO v1, by kind: https://github.com/OpenSLO/OpenSLO, README
SPECS = {
    "Service": {"description"},
    "SLO": {"description", "service", "indicator", "timeWindow", "budgetingMethod", "objectives",
            "alertPolicies"},
    "AlertPolicy": {"description", "alertWhenBreaching", "alertWhenResolved", "alertWhenNoData",
                    "conditions", "notificationTargets"},
    "AlertNotificationTarget": {"description", "target"},
}  # fmt: skip


def read(s: ErrorBudgetScenario) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(openslo(budget(s))))


def of_kind(told: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one for one in told if one["kind"] == kind]


@pytest.mark.parametrize("seed", range(8))
def test_every_document_is_in_the_words_of_openslo(seed: int) -> None:
    for one in read(draw_budget(np.random.default_rng(seed))):
        assert set(one) == {"apiVersion", "kind", "metadata", "spec"}
        assert one["apiVersion"] == "openslo/v1"
        assert NAME.fullmatch(one["metadata"]["name"])
        assert set(one["spec"]) <= SPECS[one["kind"]]
        assert len(one["spec"]["description"]) <= 1_050


def test_the_targets_are_the_slo_and_its_parts() -> None:
    s = ErrorBudgetScenario(slo=0.995)
    r, told = budget(s), of_kind(read(s), "SLO")
    targets = {one["metadata"]["name"]: one["spec"]["objectives"][0]["target"] for one in told}
    assert targets.pop("good-answers") == 0.995
    assert set(targets) == {f"not-{mode}" for mode in MODES}
    allowed = [1 - targets[f"not-{mode}"] for mode in ALL]
    assert allowed == pytest.approx(np.asarray(r.chosen.allowed), rel=1e-6)
    assert sum(allowed) == pytest.approx(0.005, rel=1e-6)
    owners = {one["metadata"]["name"]: one["metadata"].get("labels") for one in told}
    assert owners["not-unsafe"] == {"owner": "policy and safety"}
    for one in told:
        assert one["spec"]["budgetingMethod"] == "Occurrences"
        assert one["spec"]["service"] == "assistant"
        assert set(one["spec"]["indicator"]["spec"]["ratioMetric"]) == {"counter", "good", "total"}


def test_every_alert_written_can_fire_and_is_referred_to() -> None:
    s = ErrorBudgetScenario.model_validate(ErrorBudgetScenario.presets["nine good answers in ten"])
    r, told = budget(s), read(s)
    policies = of_kind(told, "AlertPolicy")
    (slo,) = [o for o in of_kind(told, "SLO") if o["metadata"]["name"] == "good-answers"]
    named = [one["metadata"]["name"] for one in policies]
    assert [ref["alertPolicyRef"] for ref in slo["spec"]["alertPolicies"]] == named
    for one, alert in zip(policies, r.policy.proposed, strict=True):
        (inline,) = one["spec"]["conditions"]
        assert set(inline) == {"kind", "metadata", "spec"}
        condition = inline["spec"]["condition"]
        assert set(condition) == {"kind", "threshold", "lookbackWindow", "alertAfter"}
        assert condition["kind"] == "burnrate"
        assert condition["threshold"] * (1 - 0.9) <= 1
        assert condition["threshold"] == pytest.approx(alert.factor)
        back = condition["lookbackWindow"]
        assert int(back[:-1]) * MINUTES[back[-1]] == alert.long_min
        assert inline["spec"]["severity"] == alert.severity
        targets = {o["metadata"]["name"] for o in of_kind(told, "AlertNotificationTarget")}
        assert {t["targetRef"] for t in one["spec"]["notificationTargets"]} <= targets


@pytest.mark.parametrize("window", DAYS)
def test_the_window_is_as_long_as_it_says(window: str) -> None:
    (slo, *_) = of_kind(read(ErrorBudgetScenario.model_validate({"window": window})), "SLO")
    (told,) = slo["spec"]["timeWindow"]
    assert told["isRolling"] is True
    assert SHORTHAND.fullmatch(told["duration"])
    minutes = int(told["duration"][:-1]) * MINUTES[told["duration"][-1]]
    assert minutes == pytest.approx(DAYS[window] * 1_440, rel=1e-12)


def test_one_answer_has_one_text() -> None:
    assert openslo(budget(ErrorBudgetScenario())) == openslo(budget(ErrorBudgetScenario()))
