"""What did the loop cost? An agent that calls a model until it is done, or until it is stopped.

A low step limit cuts tasks off that would have finished; a high one lets runaways spend.
`api_spend_chain` has the chain, `api_spend_flips` what would turn the choice,
`api_spend_hosting` servers of one's own beside the API, `spend` the answer. The knobs alone take
half of this file. Axis letter: `t` limits. Nothing is random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from pydantic import field_validator

from aipm_metrics.errors import MetricsError
from aipm_metrics.knobs import choice, knob
from aipm_metrics.models.empirical import Empirical  # noqa: TC001 - pydantic reads it
from aipm_metrics.models.pricing import cache_break_even_uses
from aipm_metrics.models.spend_caps import hourly_bound
from aipm_metrics.prices import price_list
from aipm_metrics.scenarios.api_spend_chain import (
    MOST_STEPS,
    OWN,
    Month,
    cost_at,
    loop_of,
    month,
    prices_of,
    run_costs,
    steps_in_window,
)
from aipm_metrics.scenarios.api_spend_flips import (
    NearestFlips,
    assumptions_of,
    flips_of,
    nearest_flips_of,
)
from aipm_metrics.scenarios.api_spend_hosting import Hosting, Volumes, hosting_of, volumes_of
from aipm_metrics.scenarios.api_spend_limits import Crowd, LimitPoint, crowd_of, points_of
from aipm_metrics.scenarios.contract import Assumption, Outcome, Scenario

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.models.pricing import Prices

__all__ = ["ApiSpendResult", "ApiSpendScenario", "spend"]

LIMIT, TASKS, TOKENS, MODEL = "The limit", "The tasks", "Tokens of a step", "The model"
FAILURES, GUARDS, PRICES, GPUS = "Failures", "Guards", "Worth and wages", "Own GPUs"
MODELS = (*price_list(), OWN)
LISTED = next(iter(price_list().values())).source


class ApiSpendScenario(Scenario):
    """An agent, its tasks, the model it calls, what guards its spending, and what a task is worth.

    Examples
    --------
    >>> ApiSpendScenario(step_limit=40).step_limit
    40.0
    """

    page: ClassVar[str] = "api_spend"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "API spend"
    question: ClassVar[str] = "What did the loop cost?"
    line: ClassVar[str] = (
        "Stop it too early and people finish its tasks; too late and runaways eat the budget."
    )

    step_limit: float = knob(
        20, 1, MOST_STEPS, "Step limit", group=LIMIT, unit="steps", scale="log", in_sight=True,
        source="your decision", decision=True, whole=True,
        help="Calls an agent may make for one task before it is stopped.",
    )  # fmt: skip
    tasks_per_month: float = knob(
        20_000, 1, 1e9, "Tasks", group=TASKS, unit="tasks a month", scale="log", in_sight=True,
        priced=True, help="Tasks the agent is given each month.",
    )  # fmt: skip
    mean_steps: float = knob(
        10, 1, 200, "Steps a task needs", group=TASKS, unit="steps", scale="log", in_sight=True,
        priced=True, help="Calls a task needs on average, if it finishes by itself.",
    )  # fmt: skip
    steps_shape: float = knob(
        2, 0.3, 20, "Likeness of tasks", group=TASKS, scale="log", priced=True,
        help="1 spreads the steps as a coin would; higher makes long tasks rarer.",
    )  # fmt: skip
    runaway_share: float = knob(
        0.03, 0, 0.5, "Runaways", group=TASKS, unit="share", in_sight=True, priced=True,
        help="Share of tasks that never finish by themselves.",
    )  # fmt: skip
    good_share: float = knob(
        0.95, 0, 1, "Share of finished that is right", group=TASKS, unit="share",
        priced=True, help="Share of finished tasks that nobody has to do again.",
    )  # fmt: skip
    prompt_tokens: float = knob(
        12_000, 1, 1e6, "Tokens of the prompt", group=TOKENS, unit="tokens", scale="log",
        priced=True, help="Input of the first step: system prompt, tool descriptions, the task.",
    )  # fmt: skip
    added_tokens: float = knob(
        4_000, 1, 1e6, "Tokens a step adds", group=TOKENS, unit="tokens", scale="log",
        in_sight=True, priced=True, help="What tools bring back; every later step reads it again.",
    )  # fmt: skip
    output_tokens: float = knob(
        800, 1, 1e5, "Tokens a step writes", group=TOKENS, unit="tokens", scale="log",
        priced=True, help="Output of a step, hidden reasoning included; later steps read it too.",
    )  # fmt: skip
    model: str = choice(
        "GPT-6.1 Sol", MODELS, "Model", group=MODEL, in_sight=True, source=LISTED,
        help="Whose token prices and context window apply, or your own.",
    )  # fmt: skip
    own_input: float = knob(
        2, 0.01, 1e3, "Price of input", group=MODEL, unit="USD per million tokens", priced=True,
        scale="log", in_sight=True, help="Price of input from no cache.",
    )  # fmt: skip
    own_cache_read: float = knob(
        0.2, 0.01, 1e3, "Price of a cache read", group=MODEL, unit="USD per million tokens",
        scale="log", in_sight=True, priced=True, help="Price of input read from the cache.",
    )  # fmt: skip
    own_cache_write: float = knob(
        2.5, 0.01, 1e3, "Price of a cache write", group=MODEL, unit="USD per million tokens",
        scale="log", in_sight=True, priced=True,
        help="Price of input that the cache keeps for later.",
    )  # fmt: skip
    own_output: float = knob(
        10, 0.01, 1e3, "Price of output", group=MODEL, unit="USD per million tokens", priced=True,
        scale="log", in_sight=True, help="Price of what the model writes.",
    )  # fmt: skip
    own_window: float = knob(
        200_000, 100, 1e8, "Context window", group=MODEL, unit="tokens", scale="log",
        constraint=True, help="Input and output that one call may have together.",
    )  # fmt: skip
    caching: Literal["on", "off"] = choice(
        "on", ("on", "off"), "Prompt cache", group=MODEL, in_sight=True,
        help="Whether input is kept in the vendor's cache between steps.",
    )  # fmt: skip
    cache_share: float = knob(
        0.8, 0, 1, "Share read from the cache", group=MODEL, unit="share",
        priced=True, help="Of what earlier steps have sent; the rest is written to it again.",
    )  # fmt: skip
    failure_chance: float = knob(
        0.02, 0, 0.9, "Failing attempts", group=FAILURES, unit="chance", priced=True,
        help="Chance that one attempt at a call times out or ends in an error.",
    )  # fmt: skip
    max_retries: float = knob(
        2, 0, 20, "Retries", group=FAILURES, unit="retries", constraint=True, whole=True,
        source="policy (assumption)", help="Attempts after the first before a task is given up.",
    )  # fmt: skip
    billed_share: float = knob(
        0.5, 0, 1, "Billed part of a failure", group=FAILURES, unit="share", priced=True,
        help="Part of a call's price that a failed attempt costs; an abandoned one costs all.",
    )  # fmt: skip
    cap: float = knob(
        30_000, 1, 1e10, "Spend cap", group=GUARDS, unit="USD a month", scale="log",
        in_sight=True, constraint=True, source="policy (assumption)",
        help="Once the reported spend is there, no further task is let in this month.",
    )  # fmt: skip
    alert_share: float = knob(
        0.8, 0, 1, "Soft alert at", group=GUARDS, unit="share", constraint=True,
        source="policy (assumption)", help="Reported spend at which somebody is told.",
    )  # fmt: skip
    lag_minutes: float = knob(
        15, 0, 10_080, "Reporting lag", group=GUARDS, unit="min", priced=True,
        help="From the end of a call until its cost is reported.",
    )  # fmt: skip
    latency_s: float = knob(
        8, 0, 3600, "Length of a call", group=GUARDS, unit="s", priced=True,
        help="From the beginning of a call to its end.",
    )  # fmt: skip
    peak_to_mean: float = knob(
        3, 1, 100, "Peak over mean", group=GUARDS, unit="times", priced=True,
        help="Calls at the busiest time over those on average; own GPUs are bought for it too.",
    )  # fmt: skip
    calls_per_minute: float = knob(
        600, 0.01, 1e8, "Rate limit", group=GUARDS, unit="calls a minute", scale="log",
        constraint=True, source="policy (assumption)", help="Calls let through in a minute.",
    )  # fmt: skip
    cost_per_handed: float = knob(
        4, 0.01, 1e4, "Price of a person's time", group=PRICES, unit="USD", in_sight=True,
        scale="log", priced=True,
        help="Per task: what it costs to have a person do what the agent did not get right.",
    )  # fmt: skip
    value_per_good: float = knob(
        6, 0, 1e5, "Worth of a task done right", group=PRICES, unit="USD",
        help="What it is worth when the agent does it at once; handed over, it comes too late.",
    )  # fmt: skip
    gpu_price: float = knob(
        2.5, 0, 1e4, "Rent of a GPU server", group=GPUS, unit="USD an hour",
        help="Rent of one server that runs a model of your own.",
    )  # fmt: skip
    gpu_tokens_per_s: float = knob(
        2_500, 1, 1e7, "Speed of a server", group=GPUS, unit="tokens a second", scale="log",
        help="Tokens it works through while busy, read and written, those in its cache aside.",
    )  # fmt: skip
    target_utilisation: float = knob(
        0.7, 0.01, 1, "Use of servers at the peak", group=GPUS, unit="share",
        source="policy (assumption)", constraint=True,
        help="How busy servers may be at the peak before another one is added.",
    )  # fmt: skip
    upkeep: float = knob(
        6_000, 0, 1e8, "Upkeep", group=GPUS, unit="USD a month",
        help="People and tools that own servers need, however few they are.",
    )  # fmt: skip
    today_limit: float = knob(
        150, 1, MOST_STEPS, "Today's limit", group=LIMIT, unit="steps", scale="log",
        constraint=True, whole=True, source="assumption: hardly a limit at all",
        help="The setting in force, which the choice is compared with.",
    )  # fmt: skip

    groups: ClassVar[tuple[str, ...]] = (
        LIMIT, TASKS, TOKENS, MODEL, FAILURES, GUARDS, PRICES, GPUS,
    )  # fmt: skip
    presets: ClassVar[Mapping[str, Mapping[str, float | str]]] = {
        "the runaway agent": {
            "step_limit": 100, "today_limit": 500, "runaway_share": 0.06, "caching": "off",
            "lag_minutes": 60, "peak_to_mean": 6,
        },
        "the cache that pays": {
            "step_limit": 60, "prompt_tokens": 40_000, "added_tokens": 2_000, "mean_steps": 14,
            "cache_share": 0.95, "runaway_share": 0.01,
        },
        "API or GPU": {
            "step_limit": 40, "model": OWN, "own_input": 0.6, "own_cache_read": 0.12,
            "own_cache_write": 0.6, "own_output": 2.4, "own_window": 1e6,
            "tasks_per_month": 100_000,
            "peak_to_mean": 2, "calls_per_minute": 6_000, "cap": 60_000, "gpu_tokens_per_s": 4_000,
        },
    }  # fmt: skip
    pairs: ClassVar[Mapping[str, tuple[Mapping[str, float | str], Mapping[str, float | str]]]] = {
        "150 steps against 20": ({"step_limit": 150}, {}),
        "without a cache and with one": (
            {**presets["the cache that pays"], "caching": "off"},
            presets["the cache that pays"],
        ),
        "a large model against a small one": (
            {"model": "GPT-6 Astra", "mean_steps": 6, "good_share": 0.95},
            {"model": "GPT-6 Luna", "mean_steps": 11, "good_share": 0.82},
        ),
    }

    @field_validator("model")
    @classmethod
    def _is_listed(cls, name: str) -> str:
        if name not in MODELS:
            raise MetricsError(f"`model` must be one of {', '.join(MODELS)}; got {name}")
        return name

    @classmethod
    def idle(cls, values: Mapping[str, Any], *, with_rows: bool) -> frozenset[str]:
        """Name the knobs that play no part; see `Scenario.idle`."""
        del with_rows
        idle = set() if values["caching"] == "on" else {"cache_share", "own_cache_read",
                                                        "own_cache_write"}  # fmt: skip
        if values["model"] != OWN:
            idle |= {"own_input", "own_cache_read", "own_cache_write", "own_output", "own_window"}
        return frozenset(idle)

    def costs(self, varied: Mapping[str, Floats], rows: Empirical | None = None) -> Floats:
        """Cost a month in USD as some knobs take many values; see `Scenario.costs`.

        Examples
        --------
        Twice a person's price, twice the people's part of the cost, and no more:

        >>> usd = ApiSpendScenario().costs({"cost_per_handed": np.array([0.0, 6.0, 12.0])})
        >>> round(float(usd[2] - usd[1]), 6) == round(float(usd[1] - usd[0]), 6)
        True
        """
        self.check_rows(rows)
        s = self.model_copy(update=dict(varied))
        usd = cost_at(s, s.step_limit)
        shape = np.broadcast_shapes(usd.shape, *(np.shape(values) for values in varied.values()))
        return np.broadcast_to(usd, shape)

    def run(self, rows: Empirical | None = None) -> ApiSpendResult:
        """See `spend`; counted rows play no part in it."""
        self.check_rows(rows)
        return spend(self)


@dataclass(frozen=True, kw_only=True)
class ApiSpendResult:
    """Everything the page, the pictures and the words need.

    Attributes
    ----------
    scenario
    sweep : Month, (t,)
        The month at every limit that can be set, from 1 up.
    row : int
        Which of them is the scenario's own.
    points
        Lowest cost; cheapest per task done right; highest worth less cost; lowest cost within
        the cap; no limit but the context window's.
    window_steps : int
        Steps until the context window is full, the highest limit at most.
    crowd
        The tasks out of a round number.
    run : (t,) floats, USD
        Cost of one task that runs to each limit.
    """

    scenario: ApiSpendScenario
    sweep: Month
    row: int
    points: tuple[LimitPoint, ...]
    window_steps: int
    crowd: Crowd
    run: Floats

    @cached_property
    def chosen(self) -> Month:
        """The month at the scenario's limit."""
        return self.sweep.at(self.row)

    @cached_property
    def today(self) -> Month:
        """The month at today's limit."""
        return self.sweep.at(int(self.scenario.today_limit) - 1)

    @cached_property
    def cheapest(self) -> Month:
        """The month at the limit of lowest cost."""
        return self.sweep.at(int(self.lowest_cost.limit) - 1)

    @property
    def compared_with(self) -> Literal["today", "lowest cost"]:
        """What the choice is compared with: today, unless it is today's own limit."""
        same = self.scenario.step_limit == self.scenario.today_limit
        return "lowest cost" if same else "today"

    @property
    def compared(self) -> Month:
        """The month at the comparison point."""
        return self.today if self.compared_with == "today" else self.cheapest

    @property
    def lowest_cost(self) -> LimitPoint:
        """Lowest cost of all limits."""
        return self.points[0]

    @property
    def within_cap(self) -> LimitPoint:
        """Lowest cost of the limits whose spend would stay within the cap by itself."""
        return self.points[3]

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """One flip point per price or rate, the nearest first."""
        return flips_of(self.scenario, float(self.compared.limit))

    @cached_property
    def nearest_flips(self) -> NearestFlips:
        """Nearest flip point of every limit against what it is compared with."""
        s, limits = self.scenario, np.asarray(self.sweep.limit)
        rivals = np.where(limits == s.today_limit, self.cheapest.limit, s.today_limit)
        return nearest_flips_of(s, limits, rivals)

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every knob; the one that moves the saving most comes first."""
        return assumptions_of(self.scenario, float(self.compared.limit))

    @cached_property
    def hosting(self) -> Hosting:
        """The same tokens from servers of one's own."""
        return hosting_of(self.scenario, self.chosen)

    @cached_property
    def volumes(self) -> Volumes:
        """API and own servers from few tasks to many."""
        return volumes_of(self.scenario, self.chosen)

    @property
    def cost(self) -> float:
        """Money lost a month at the limit, USD: model and people."""
        return float(self.chosen.cost)

    @property
    def spend(self) -> float:
        """What the model is paid a month, USD."""
        return float(self.chosen.spend)

    @property
    def per_good(self) -> float:
        """What the model is paid per task done right, USD; ``nan`` where none is."""
        return float(self.chosen.per_good)

    @property
    def overshoot(self) -> float:
        """What would be spent beyond the cap, were it reached at the peak, USD."""
        return float(self.chosen.overshoot)

    @property
    def cost_by_cause(self) -> dict[str, float]:
        """Money lost a month by cause, USD; adds up to `cost`."""
        return {cause: float(usd) for cause, usd in self.chosen.cost_by_cause.items()}

    @property
    def window(self) -> float:
        """Tokens that one call may have."""
        return float(prices_of(self.scenario)[1])

    @property
    def prices(self) -> Prices:
        """Token prices in use, USD per million."""
        return prices_of(self.scenario)[0]

    @property
    def price_source(self) -> str:
        """Where the token prices are from; empty for one's own."""
        name = self.scenario.model
        return "" if name == OWN else price_list()[name].source

    @property
    def tier_steps(self) -> tuple[int, ...]:
        """Last step that each price list but the dearest holds for, where a loop gets that far."""
        loop = loop_of(self.scenario)
        lasts = [int(loop.steps_within(above, MOST_STEPS)) for above, _ in self.prices.tiers]
        return tuple(last for last in lasts if 0 < last < self.window_steps)

    @property
    def hourly_bound(self) -> float:
        """Most that the rate limit lets be spent in an hour, USD; ``nan`` without a call."""
        bound = hourly_bound(self.chosen.cost_per_call, self.scenario.calls_per_minute)
        return float(bound)

    @property
    def cache_uses(self) -> float:
        """Uses of one prefix from which caching it pays; ``inf`` where it never does."""
        return float(cache_break_even_uses(self.prices.base))

    @property
    def saving(self) -> float:
        """USD a month saved against the comparison point; negative when it costs more."""
        return float(self.compared.cost - self.chosen.cost)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What happens to whom, each with its formula."""
        return tuple(
            Outcome(
                name=name, label=label, value=float(read(self.chosen)),
                compared=float(read(self.compared)), unit=unit, per="month", better=better,
                formula=formula, said=SAID.get(name, ""),
            )
            for name, label, unit, better, formula, read in OUTCOMES
        )  # fmt: skip


OUTCOMES: tuple[
    tuple[str, str, str, Literal["lower", "higher", "neither"], str, Callable[[Month], Any]], ...
] = (
    ("finished", "tasks finished", "tasks", "higher",
     "served * tasks_per_month * (1 - runaway_share) * sum over steps k up to last of "
     "P(steps = k) * through ** k; through = 1 - failure_chance ** (max_retries + 1), last = "
     "step_limit, or fewer where the context window is full",
     lambda m: m.finished),
    ("good", "tasks done right", "tasks", "higher", "finished * good_share", lambda m: m.good),
    ("cut_off", "tasks cut off too early", "tasks", "lower",
     "served * tasks_per_month * (1 - runaway_share) * P(steps > last) * through ** last",
     lambda m: m.cut_off),
    ("stopped", "runaways stopped", "tasks", "neither",
     "served * tasks_per_month * runaway_share * through ** last", lambda m: m.stopped),
    ("broken", "tasks given up on errors", "tasks", "lower",
     "tasks with a step whose 1 + max_retries attempts all fail", lambda m: m.broken),
    ("blocked", "tasks kept out", "tasks", "lower",
     "tasks_per_month * (1 - served): cap and rate limit", lambda m: m.blocked),
    ("handed", "tasks a person does", "tasks", "lower", "tasks_per_month - good",
     lambda m: m.handed),
    ("calls", "calls", "calls", "neither",
     "steps reached * (1 - failure_chance ** (max_retries + 1)) / (1 - failure_chance)",
     lambda m: m.calls),
    ("cost_prompt", "the prompt, sent again at every step", "USD", "lower",
     "steps gone through, runaways aside, * prompt_tokens * cache_share * price of a cache "
     "read; without a cache * prompt_tokens * price of input",
     lambda m: m.cost_by_cause["prompt"]),
    ("cost_context", "what earlier steps brought in, sent again", "USD", "lower",
     "sum over the same steps of max(step - 2, 0) * (added_tokens + output_tokens) * "
     "cache_share * price of a cache read; without a cache of (step - 1) * (added_tokens + "
     "output_tokens) * price of input",
     lambda m: m.cost_by_cause["context"]),
    ("cost_writes", "input written to the cache", "USD", "lower",
     "input of the same steps not read from the cache, by its price of writing",
     lambda m: m.cost_by_cause["writes"]),
    ("cost_output", "output", "USD", "lower",
     "steps gone through, runaways aside, * output_tokens * price of output",
     lambda m: m.cost_by_cause["output"]),
    ("cost_retries", "failed attempts", "USD", "lower",
     "failed attempts, runaways aside, * billed_share * price of a call",
     lambda m: m.cost_by_cause["retries"]),
    ("cost_runaways", "runaways", "USD", "lower", "all calls of tasks that never finish",
     lambda m: m.cost_by_cause["runaways"]),
    ("cost_people", "people who finish tasks", "USD", "lower", "handed * cost_per_handed",
     lambda m: m.cost_by_cause["people"]),
    ("cost", "cost", "USD", "lower", "the seven parts above, added up", lambda m: m.cost),
    ("spend", "paid to the model", "USD of tokens", "lower", "cost - cost_people",
     lambda m: m.spend),
    ("per_good", "paid per task done right", "USD per task", "lower", "spend / good",
     lambda m: m.per_good),
    ("net_value", "worth less cost", "USD of worth", "higher",
     "good * value_per_good - cost", lambda m: m.net_value),
    ("overshoot", "beyond the cap, if reached at the peak", "USD beyond the cap", "lower",
     "cost per call * calls a second at the peak * (lag + latency)", lambda m: m.overshoot),
)  # fmt: skip


# What a choice does to people, for whoever lays two choices side by side.
SAID = {
    "finished": "finishes {} tasks",
    "cut_off": "cuts {} tasks off",
    "blocked": "keeps {} tasks out",
}


def spend(scenario: ApiSpendScenario) -> ApiSpendResult:
    """Answer the question at the scenario's step limit, and find the limits worth knowing.

    Parameters
    ----------
    scenario
        The knobs.

    Returns
    -------
    ApiSpendResult
        Everything per month of 730 hours; money in USD.

    Examples
    --------
    A thousand tasks of one step each, 1,000 tokens in and 100 out at 3 and 15 per million, all
    of them right: 4.50 USD, and nobody is called.

    >>> plain = ApiSpendScenario(
    ...     tasks_per_month=1000,
    ...     mean_steps=1,
    ...     runaway_share=0,
    ...     good_share=1,
    ...     failure_chance=0,
    ...     prompt_tokens=1000,
    ...     output_tokens=100,
    ...     caching="off",
    ...     model="own prices",
    ...     own_input=3,
    ...     own_output=15,
    ... )
    >>> round(spend(plain).cost, 9), round(spend(plain).per_good, 9)
    (4.5, 0.0045)
    """
    s, limits = scenario, np.arange(1.0, MOST_STEPS + 1)
    sweep = month(s, limits)
    return ApiSpendResult(
        scenario=s, sweep=sweep, row=int(s.step_limit) - 1, points=points_of(s, sweep),
        window_steps=int(steps_in_window(s)), crowd=crowd_of(s, sweep),
        run=run_costs(s),
    )  # fmt: skip
