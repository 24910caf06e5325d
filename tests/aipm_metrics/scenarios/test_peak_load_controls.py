"""Which controls Peak load has, which of them count, and what it refuses."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios.peak_load import PeakLoadResult, PeakLoadScenario, run_day

KNOBS = knobs_of(PeakLoadScenario)
BUSY = {"servers": 8, "today_servers": 9, "burst_rate": 2}
QUIET = {**BUSY, "when_full": "no answer", "retries": 1}
LLM = {"engine": "a batching LLM", "mean_rate": 9, "servers": 2, "today_servers": 3}
# Where a knob plays a part, when it does not by default.
WHERE: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("retries", "abandoned", "cost_unanswered"), QUIET),
    **dict.fromkeys(
        ("prompt_tokens", "output_tokens", "base_ms", "per_active_ms", "prefill_ms", "batch_cap",
         "first_token_s", "per_token_ms"), LLM,
    ),
    **{name: {**BUSY, "scaling": "autoscaled"}
       for name in ("target", "cold_start_s", "least_servers")},
    "value_per_request": {**BUSY, "evidence": "search, 2009"},
    "leave_at_once": {**BUSY, "evidence": "mobile pages, 2017"},
}  # fmt: skip
VALUES: dict[str, float] = {"least_servers": 5.0, "sla_share": 0.7, "cold_start_s": 900.0}


def told(r: PeakLoadResult) -> tuple[str, bytes, bytes]:
    """Everything shown that does not repeat a knob's own value."""
    said = repr([r.outcomes, r.points, r.response, r.tokens, r.limits, r.compared_with])
    return said, r.mean.in_time.tobytes(), r.in_time_by_hour.tobytes()


@pytest.mark.parametrize("name", KNOBS)
def test_every_control_in_use_changes_something_shown(name: str) -> None:
    base = PeakLoadScenario.model_validate(WHERE.get(name, BUSY))
    assert name not in base.idle(base.__dict__, with_rows=False)
    knob = KNOBS[name]
    here = getattr(base, name)
    values: list[Any] = [c for c in knob.choices if c != here]
    if not values:
        spread = knob.spread(10)[[3, 5]].tolist()
        values = [VALUES.get(name) or float(np.round(v) if knob.whole else v) for v in spread]
    before, others = told(run_day(base)), [v for v in values if v != here]
    assert others
    for value in others:
        assert told(run_day(base.model_copy(update={name: value}))) != before, value


CASES: dict[str, dict[str, Any]] = {
    "defaults": {}, "busy": BUSY, "no answer": QUIET, "LLM": LLM,
    "flat": {"amplitude": 0}, "autoscaled": {"scaling": "autoscaled"},
    "study": {"evidence": "search, 2009"}, "bounce": {"evidence": "mobile pages, 2017"},
    "LLM, no answer": {**LLM, "when_full": "no answer"},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_idle_controls_change_nothing(case: str) -> None:
    base = PeakLoadScenario.model_validate(CASES[case])
    idle = base.idle(base.__dict__, with_rows=False)
    assert idle
    other = {}
    for name in idle:
        knob = KNOBS[name]
        free = [c for c in knob.choices if c != getattr(base, name)]
        value = float(knob.spread(9)[5])
        other[name] = free[0] if free else float(round(value)) if knob.whole else value
    r, changed = run_day(base), run_day(base.model_copy(update=other))
    assert told(changed) == told(r)
    assert {a.knob.name for a in r.assumptions}.isdisjoint(idle)


def test_what_is_idle_by_default() -> None:
    s = PeakLoadScenario()
    assert s.idle(s.__dict__, with_rows=False) == {
        "prompt_tokens", "output_tokens", "base_ms", "per_active_ms", "prefill_ms", "batch_cap",
        "first_token_s", "per_token_ms", "retries", "abandoned", "cost_unanswered", "target",
        "cold_start_s", "least_servers", "burst_hour", "burst_minutes", "value_per_request",
        "leave_at_once",
    }  # fmt: skip


@pytest.mark.parametrize("preset", PeakLoadScenario.presets)
def test_every_preset_answers_otherwise_than_the_defaults(preset: str) -> None:
    s = PeakLoadScenario.model_validate(PeakLoadScenario.presets[preset])
    r = run_day(s)
    assert r.cost != run_day(PeakLoadScenario()).cost
    idle = s.idle(s.__dict__, with_rows=False)
    assert not set(PeakLoadScenario.presets[preset]) & idle  # says nothing that plays no part


@pytest.mark.parametrize("pair", PeakLoadScenario.pairs)
def test_every_pair_is_two_answers(pair: str) -> None:
    a, b = (PeakLoadScenario.model_validate(side) for side in PeakLoadScenario.pairs[pair])
    assert a.run().cost != b.run().cost


@pytest.mark.parametrize("name", [n for n, k in KNOBS.items() if k.scale != "choice"])
def test_a_value_outside_the_limits_is_refused_by_name(name: str) -> None:
    knob = KNOBS[name]
    for value in (knob.low - 1, knob.high * 1.01 + 1, np.nan, np.inf):
        with pytest.raises(ValidationError, match=name):
            PeakLoadScenario.model_validate({name: value})
    if knob.whole:
        with pytest.raises(ValidationError, match=f"`{name}` must be a whole number"):
            PeakLoadScenario.model_validate({name: knob.low + 0.5})


def test_a_scenario_cannot_be_edited() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        PeakLoadScenario().servers = 7  # type: ignore[misc]
