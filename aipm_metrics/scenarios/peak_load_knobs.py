"""What Peak load asks for: the day, the service, what happens when it is full, and the prices.

All knobs, presets and pairs; `peak_load` has the answer. Over 250 lines, for a knob is six.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

import numpy as np

from aipm_metrics.knobs import choice, knob
from aipm_metrics.scenarios.contract import Scenario

__all__ = ["PeakLoadKnobs"]

SERVERS, DAY, SERVICE, FULL = "Servers", "The day", "The service", "When it is full"
PROMISE, MODELS, SCALING, PRICES = "The promise", "The two models", "Autoscaling", "Prices"
LLM = "vllm-sr-sim fleet simulator (arXiv:2603.16054), its A100 profile"
BATCH = {"prompt_tokens", "output_tokens", "base_ms", "per_active_ms", "prefill_ms", "batch_cap"}
FALLBACK = {"fallback_auc", "fallback_threshold", "fallback_s", "fallback_price"}
Presets = Mapping[str, Mapping[str, float | str]]


class PeakLoadKnobs(Scenario):
    """A day of requests, the servers that answer them, and what each kind of answer costs."""

    page: ClassVar[str] = "peak_load"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Peak load"
    question: ClassVar[str] = "What happens at nine o'clock?"
    line: ClassVar[str] = (
        "An average hides the hour when everybody comes, and somebody waits in it."
    )

    servers: float = knob(
        10, 1, 200, "Servers", group=SERVERS, unit="servers", scale="log", in_sight=True,
        source="your decision", decision=True, whole=True,
        help="How many work at once; with autoscaling, the most there may be.",
    )  # fmt: skip
    today_servers: float = knob(
        8, 1, 200, "Servers today", group=SERVERS, unit="servers", scale="log", whole=True,
        constraint=True, help="What the choice is compared with.",
    )  # fmt: skip
    mean_rate: float = knob(
        3, 0.001, 1000, "Requests", group=DAY, unit="requests a second", scale="log",
        in_sight=True, help="Mean over the day, bursts aside.",
    )  # fmt: skip
    amplitude: float = knob(
        0.6, 0, 1, "Swing of the day", group=DAY, unit="share", in_sight=True,
        help="How far the peak is above the mean, as a share of it; the trough is as far below.",
    )  # fmt: skip
    peak_hour: float = knob(
        9, 0, 24, "Peak hour", group=DAY, unit="o'clock", constraint=True,
        help="When most requests come.",
    )  # fmt: skip
    burst_rate: float = knob(
        0, 0, 1000, "Burst", group=DAY, unit="requests a second",
        help="Requests on top of the day's wave, for a while: a campaign, a match, an outage.",
    )  # fmt: skip
    burst_hour: float = knob(
        12, 0, 24, "Burst begins", group=DAY, unit="o'clock", constraint=True,
        help="When the burst begins.",
    )  # fmt: skip
    burst_minutes: float = knob(
        15, 1, 1440, "Burst lasts", group=DAY, unit="min", help="How long the burst lasts.",
    )  # fmt: skip
    engine: Literal["one at a time", "a batching LLM"] = choice(
        "one at a time", ("one at a time", "a batching LLM"), "A server answers", group=SERVICE,
        in_sight=True, help="One request after the other, or many at once, each a little slower.",
    )  # fmt: skip
    service_s: float = knob(
        2, 0.001, 600, "Time per request", group=SERVICE, unit="s", scale="log", in_sight=True,
        help="Mean time a server works on one request, waiting aside.",
    )  # fmt: skip
    prompt_tokens: float = knob(
        1000, 1, 200_000, "Prompt", group=SERVICE, unit="tokens", scale="log", in_sight=True,
        help="Mean length of what the model reads.",
    )  # fmt: skip
    output_tokens: float = knob(
        300, 2, 20_000, "Answer", group=SERVICE, unit="tokens", scale="log", in_sight=True,
        help="Mean length of what the model writes.",
    )  # fmt: skip
    base_ms: float = knob(
        8, 0.1, 1000, "Step of an empty batch", group=SERVICE, unit="ms", scale="log",
        source=LLM, help="Time of one decoding step, whoever shares it.",
    )  # fmt: skip
    per_active_ms: float = knob(
        0.65, 0.001, 100, "Step, per request in it", group=SERVICE, unit="ms", scale="log",
        source=LLM, help="What each request in the batch adds to every step.",
    )  # fmt: skip
    prefill_ms: float = knob(
        0.05, 0.0001, 10, "Reading a token", group=SERVICE, unit="ms", scale="log",
        help="Time to read one token of the prompt, before the first of the answer.",
    )  # fmt: skip
    batch_cap: float = knob(
        32, 1, 512, "Batch cap", group=SERVICE, unit="requests", scale="log", whole=True,
        constraint=True, help="Requests one replica works on at once; more wait their turn.",
    )  # fmt: skip
    family: Literal["lognormal", "gamma"] = choice(
        "lognormal", ("lognormal", "gamma"), "Times are", group=SERVICE,
        help="Shape of the time per request; lognormal has the longer tail.",
    )  # fmt: skip
    service_cv: float = knob(
        1, 0.05, 4, "Spread of the time", group=SERVICE, scale="log",
        help="Standard deviation of the time per request over its mean.",
    )  # fmt: skip
    timeout_s: float = knob(
        10, 0.05, 600, "Timeout", group=FULL, unit="s", scale="log", in_sight=True,
        constraint=True, help="How long a request may wait for a server.",
    )  # fmt: skip
    when_full: Literal["no answer", "the fallback answers"] = choice(
        "the fallback answers", ("no answer", "the fallback answers"), "Then", group=FULL,
        in_sight=True, help="After the timeout: an error, or a faster, cheaper, weaker model.",
    )  # fmt: skip
    retries: float = knob(
        2, 0, 5, "Retries", group=FULL, unit="times", whole=True, constraint=True,
        help="How often a request that timed out comes back.",
    )  # fmt: skip
    abandoned: Literal["is dropped", "is still done"] = choice(
        "is dropped", ("is dropped", "is still done"), "Abandoned work", group=FULL,
        help="Whether a server still works on a request whose sender has given up.",
    )  # fmt: skip
    sla_s: float = knob(
        8, 0.05, 600, "In time means", group=PROMISE, unit="s", scale="log", in_sight=True,
        constraint=True, help="An answer within this, waiting included, is in time.",
    )  # fmt: skip
    sla_share: float = knob(
        0.95, 0.5, 0.9999, "Promised in time", group=PROMISE, unit="share of requests",
        scale="log-odds", constraint=True, help="Share of the day's requests to answer in time.",
    )  # fmt: skip
    first_token_s: float = knob(
        2, 0.05, 600, "First token within", group=PROMISE, unit="s", scale="log",
        constraint=True, help="Promised time to the first token.",
    )  # fmt: skip
    per_token_ms: float = knob(
        30, 1, 1000, "Each token within", group=PROMISE, unit="ms", scale="log",
        constraint=True, help="Promised time from one token to the next.",
    )  # fmt: skip
    evidence: Literal[
        "own price", "search, 2009", "mobile pages, 2017", "programmers, 1982"
    ] = choice(
        "own price", ("own price", "search, 2009", "mobile pages, 2017", "programmers, 1982"),
        "What waiting costs", group=PROMISE,
        help="Your own price of a late answer, or what a study found that waiting does to use.",
    )  # fmt: skip
    leave_at_once: float = knob(
        0.1, 0, 0.4, "Leave after a second", group=PROMISE, unit="chance",
        help="Chance that somebody leaves when an answer takes one second; the study multiplies "
        "it.",
    )  # fmt: skip
    prevalence: float = knob(
        0.1, 1e-4, 0.9, "Positives", group=MODELS, unit="share of requests", scale="log-odds",
        help="Share of requests in which there is something to find.",
    )  # fmt: skip
    auc: float = knob(
        0.96, 0.5, 0.9999, "AUC of the model", group=MODELS, perfect=1.0, in_sight=True,
        help="Chance that a random positive outscores a random negative; 0.5 is a coin.",
    )  # fmt: skip
    threshold: float = knob(
        0.3, 1e-4, 0.9999, "Threshold of the model", group=MODELS, unit="probability",
        scale="log-odds", constraint=True, help="Requests scoring at or above this are flagged.",
    )  # fmt: skip
    fallback_auc: float = knob(
        0.85, 0.5, 0.9999, "AUC of the fallback", group=MODELS, perfect=1.0, in_sight=True,
        help="The same chance for the model that answers when the first is full.",
    )  # fmt: skip
    fallback_threshold: float = knob(
        0.3, 1e-4, 0.9999, "Threshold of the fallback", group=MODELS, unit="probability",
        scale="log-odds", constraint=True, help="The fallback's own threshold.",
    )  # fmt: skip
    fallback_s: float = knob(
        0.3, 0.001, 60, "Time of the fallback", group=MODELS, unit="s", scale="log",
        help="How long the fallback takes; it has no line.",
    )  # fmt: skip
    scaling: Literal["fixed", "autoscaled"] = choice(
        "fixed", ("fixed", "autoscaled"), "Servers are", group=SCALING, in_sight=True,
        help="All of them all day, or as many as the load asks for, up to the number chosen.",
    )  # fmt: skip
    target: float = knob(
        0.7, 0.1, 1, "Target use", group=SCALING, unit="share", constraint=True,
        help="Share of time a server should be busy; more makes it call for another.",
    )  # fmt: skip
    cold_start_s: float = knob(
        120, 0, 1800, "Cold start", group=SCALING, unit="s",
        help="Time from calling for a server until it answers; it is paid for meanwhile.",
    )  # fmt: skip
    least_servers: float = knob(
        1, 1, 200, "Never fewer than", group=SCALING, unit="servers", scale="log", whole=True,
        constraint=True, help="Servers that stay on at night.",
    )  # fmt: skip
    server_price: float = knob(
        2.5, 0, 1000, "Price of a server", group=PRICES, unit="USD an hour", priced=True,
        in_sight=True, help="For every hour it is on, busy or not.",
    )  # fmt: skip
    call_price: float = knob(
        0.5, 0, 1e4, "Price of an answer", group=PRICES, unit="USD per thousand", priced=True,
        help="What each answer of the model costs on top of the server.",
    )  # fmt: skip
    fallback_price: float = knob(
        0.1, 0, 1e4, "Price of a fallback answer", group=PRICES, unit="USD per thousand",
        priced=True, help="What each answer of the fallback costs.",
    )  # fmt: skip
    cost_late: float = knob(
        0.02, 0, 1e4, "Cost of a late answer", group=PRICES, unit="USD", priced=True,
        in_sight=True, help="What is lost when an answer comes too late.",
    )  # fmt: skip
    value_per_request: float = knob(
        0.05, 0, 1e4, "Worth of a request", group=PRICES, unit="USD", priced=True,
        help="What is lost when waiting keeps somebody from using the product once.",
    )  # fmt: skip
    cost_unanswered: float = knob(
        0.05, 0, 1e4, "Cost of no answer", group=PRICES, unit="USD", priced=True, in_sight=True,
        help="What is lost when a request is never answered.",
    )  # fmt: skip
    cost_fp: float = knob(
        0.02, 0, 1e4, "Cost of a false alarm", group=PRICES, unit="USD", priced=True,
        help="What is lost when an answer flags where there is nothing.",
    )  # fmt: skip
    cost_fn: float = knob(
        0.2, 0, 1e4, "Cost of a miss", group=PRICES, unit="USD", priced=True,
        help="What is lost when an answer passes over what there was to find.",
    )  # fmt: skip

    groups: ClassVar[tuple[str, ...]] = (
        SERVERS, DAY, SERVICE, FULL, PROMISE, MODELS, SCALING, PRICES,
    )  # fmt: skip
    presets: ClassVar[Presets] = {
        "the campaign": {"burst_rate": 6, "burst_hour": 12, "burst_minutes": 45, "servers": 14},
        "the retry storm": {
            "when_full": "no answer", "retries": 3, "abandoned": "is still done",
            "timeout_s": 2, "sla_s": 6, "servers": 11,
        },
        "autoscaled, slow to start": {
            "scaling": "autoscaled", "servers": 24, "burst_rate": 6, "cold_start_s": 300,
        },
        "a chat LLM": {
            "engine": "a batching LLM", "mean_rate": 6, "servers": 4, "today_servers": 3,
            "timeout_s": 20, "sla_s": 15,
        },
        "fast and weak beats late": {"timeout_s": 1, "sla_s": 3, "fallback_auc": 0.9},
    }  # fmt: skip
    pairs: ClassVar[Mapping[str, tuple[Mapping[str, float | str], Mapping[str, float | str]]]] = {
        "sized for the average against sized for the peak": ({"servers": 8}, {"servers": 13}),
        "no answer against a fallback": (
            {"when_full": "no answer", "servers": 9}, {"servers": 9},
        ),
        "always on against autoscaled": (
            {"servers": 14}, {"servers": 14, "scaling": "autoscaled"},
        ),
    }  # fmt: skip

    @classmethod
    def idle(cls, values: Mapping[str, Any], *, with_rows: bool) -> frozenset[str]:
        """Name the knobs that play no part; see `Scenario.idle`."""
        del with_rows
        idle: set[str] = set()
        if values["engine"] == "one at a time":
            idle |= BATCH | {"first_token_s", "per_token_ms"}
        else:
            idle |= {"service_s"}
        if values["when_full"] == "no answer":
            idle |= FALLBACK
        else:
            idle |= {"retries", "abandoned", "cost_unanswered"}
        if not np.any(values["amplitude"]):
            idle |= {"peak_hour"}
        if values["scaling"] == "fixed":
            idle |= {"target", "cold_start_s", "least_servers"}
        if not np.any(values["burst_rate"]):
            idle |= {"burst_hour", "burst_minutes"}
        idle |= {"value_per_request"} if values["evidence"] == "own price" else {"cost_late"}
        if values["evidence"] != "mobile pages, 2017":
            idle |= {"leave_at_once"}
        return frozenset(idle)
