"""An error budget as OpenSLO: the promise, one objective per way to fail, and alerts that can fire.

OpenSLO's specification, `openslo/v1` (https://github.com/OpenSLO/OpenSLO): one document per object.
A policy there has one condition and a condition one window, so each alert is a policy of its own
and its short window, which makes it clear soon, stands in an annotation. Nothing is read from a
clock, so that one answer has one text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from aipm_metrics.spoken import share

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aipm_metrics.models.error_budget import Alert
    from aipm_metrics.scenarios.error_budget import ErrorBudgetResult

__all__ = ["openslo"]

VERSION = "openslo/v1"
SERVICE = "assistant"
TARGET = "on-call"
EXACT = 12  # significant digits of a target: what taking it from 1 leaves of a float
MODES = {
    "down": "No answer at all", "slow": "An answer later than promised",
    "wrong": "An answer that is not true or no use", "unsafe": "An answer that breaks the policy",
    "capped": "Turned away at a spend or rate limit", "degraded": "An answer from the fallback",
}  # fmt: skip
WINDOWS: dict[str, dict[str, Any]] = {
    days: {"duration": days.replace(" days", "d"), "isRolling": True}
    for days in ("7 days", "28 days", "30 days", "90 days")
}
WINDOWS["30.4375 days"] = {"duration": "43830m", "isRolling": True}  # 365.25 / 12 days
SHORT_WINDOW = "aipm-metrics/short-window"


def openslo(result: ErrorBudgetResult) -> str:
    """Write the budget as YAML: a service, an SLO in all and one per way to fail, its alerts.

    Parameters
    ----------
    result
        What the page shows; of alerts the ones that can fire.

    Examples
    --------
    >>> from aipm_metrics.scenarios.error_budget import ErrorBudgetScenario, budget
    >>> text = openslo(budget(ErrorBudgetScenario(slo=0.995)))
    >>> [line.strip() for line in text.splitlines() if "target:" in line][0]
    'target: 0.995'
    """
    return str(
        yaml.safe_dump_all(
            _objects(result), sort_keys=False, allow_unicode=True, explicit_start=True, width=100
        )
    )


def _objects(result: ErrorBudgetResult) -> Iterator[dict[str, Any]]:
    s = result.scenario
    yield _object("Service", SERVICE, {"description": "An assistant's answers."})
    policies = [_policy_name(alert) for alert in result.policy.proposed]
    told = f"{share(s.slo)} of answers are good in {s.window}."
    yield _slo(result, "good-answers", "Good answers", told, s.slo, policies, {})
    for i, (mode, said) in enumerate(MODES.items()):
        part = float(result.chosen.allowed[i])
        owner = str(getattr(s, f"owner_{mode}"))
        told = f"{said}: {share(part)} of answers may be, split {s.rule}."
        yield _slo(result, f"not-{mode}", f"Not {mode}", told, 1 - part, [], {"owner": owner})
    for alert in result.policy.proposed:
        yield _policy(alert)
    yield _object(
        "AlertNotificationTarget", TARGET,
        {"description": "Whoever is on call.", "target": "on-call"},
    )  # fmt: skip


def _object(
    kind: str, name: str, spec: dict[str, Any], display: str = "", labels: Any = None
) -> dict[str, Any]:
    metadata: dict[str, Any] = {"name": name}
    if display:
        metadata["displayName"] = display
    if labels:
        metadata["labels"] = labels
    return {"apiVersion": VERSION, "kind": kind, "metadata": metadata, "spec": spec}


def _slo(
    result: ErrorBudgetResult, name: str, display: str, told: str, target: float,
    policies: list[str], labels: dict[str, str],
) -> dict[str, Any]:  # fmt: skip
    spec: dict[str, Any] = {
        "description": told,
        "service": SERVICE,
        "indicator": {
            "metadata": {"name": f"{name}-share", "displayName": f"Share of {display.lower()}"},
            "spec": {
                "ratioMetric": {
                    "counter": True,
                    "good": _metric(f"answers_{name.replace('-', '_')}_total"),
                    "total": _metric("answers_total"),
                }
            },
        },
        "timeWindow": [dict(WINDOWS[result.scenario.window])],
        "budgetingMethod": "Occurrences",
        "objectives": [{"displayName": display, "target": float(f"{target:.{EXACT}g}")}],
    }
    if policies:
        spec["alertPolicies"] = [{"alertPolicyRef": policy} for policy in policies]
    return _object("SLO", name, spec, display, labels)


def _metric(query: str) -> dict[str, Any]:
    """Name a counter to be wired to one's own metrics."""
    return {"metricSource": {"type": "Prometheus", "spec": {"query": f"sum({query})"}}}


def _policy_name(alert: Alert) -> str:
    return f"{alert.severity}-{_shorthand(alert.long_min)}"


def _policy(alert: Alert) -> dict[str, Any]:
    name, short = _policy_name(alert), _shorthand(alert.short_min)
    condition = _object(
        "AlertCondition", f"{name}-burn",
        {
            "description": f"Burn rate {alert.factor:.3g} over {_shorthand(alert.long_min)} and "
            f"{short}: {share(alert.threshold)} of answers fail.",
            "severity": alert.severity,
            "condition": {
                "kind": "burnrate", "threshold": float(f"{alert.factor:.{EXACT}g}"),
                "lookbackWindow": _shorthand(alert.long_min), "alertAfter": "0m",
            },
        },
    )  # fmt: skip
    del condition["apiVersion"]  # inlined
    condition["metadata"]["annotations"] = {SHORT_WINDOW: short}
    return _object(
        "AlertPolicy", name,
        {
            "description": f"{share(alert.share)} of the budget is gone when it fires.",
            "alertWhenBreaching": True, "alertWhenResolved": False, "alertWhenNoData": False,
            "conditions": [condition], "notificationTargets": [{"targetRef": TARGET}],
        },
    )  # fmt: skip


def _shorthand(minutes: float) -> str:
    """Write a duration as OpenSLO does: a whole number and one letter."""
    for size, letter in ((1_440, "d"), (60, "h"), (1, "m")):
        if minutes % size == 0:
            return f"{minutes / size:.0f}{letter}"
    return f"{minutes:.0f}m"
