"""Who may spend the error budget? One promise, six ways to break it, four owners.

An SLO allows a share of answers to be bad. A tight one costs what it takes to keep to it, a loose
one what bad answers cost, so one of them costs least. `error_budget_chain` has the chain,
`error_budget_parts` who spends what, `error_budget_flips` what would turn the choice; `budget`
the answer. Over 400 lines because the knobs alone take half. Axis letters: `t` SLOs, `m` modes.
Nothing is random.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from scipy.special import expit, logit

from aipm_metrics.knobs import choice, knob
from aipm_metrics.models.empirical import Empirical  # noqa: TC001 - pydantic reads it
from aipm_metrics.models.error_budget import AlertPolicy, alert_policy
from aipm_metrics.models.whole_parts import whole_parts
from aipm_metrics.scenarios.contract import Assumption, Outcome, Scenario
from aipm_metrics.scenarios.error_budget_chain import (
    DAYS,
    MODES,
    Month,
    ceiling_of,
    cost_of,
    month,
    observed_parts,
    page_shares,
)
from aipm_metrics.scenarios.error_budget_flips import (
    NearestFlips,
    assumptions_of,
    flips_of,
    nearest_flips_of,
)
from aipm_metrics.scenarios.error_budget_parts import (
    AlertHere,
    Incident,
    OwnerShare,
    Sli,
    Split,
    Traffic,
    alerts_here,
    incident_of,
    owner_shares,
    slis_of,
    splits_of,
    traffic_of,
)

if TYPE_CHECKING:
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.flip_points import Flip

__all__ = ["HIGH", "LOW", "ErrorBudgetResult", "ErrorBudgetScenario", "SloPoint", "budget"]

PROMISE, TRAFFIC, WRONG = "The promise", "Traffic", "What goes wrong"
WHO, INCIDENT, HARM = "Who may spend", "The incident", "What a bad answer costs"
KEEP, NEEDS, ALERTS = "What keeping to it costs", "What it depends on", "Alerts"
LOW, HIGH = 0.8, 0.99999  # SLOs the dial reaches
POINTS = 1_001
CROWDS = (1_000, 10_000)  # answers drawn as icons: fewer where enough of them fail
ENOUGH = 50  # of a crowd that fail, for it to be looked at

QUIET: Mapping[str, float] = {  # failures of a service that keeps three nines
    "observed_down": 0.0001, "observed_slow": 0.0001, "observed_wrong": 0.0003,
    "observed_unsafe": 0.00001, "observed_capped": 0.0001, "observed_degraded": 0.0001,
    "provider": 0.9999,
}  # fmt: skip

Owner = Literal["platform", "model team", "policy and safety", "finance"]
Rule = Literal["equal", "proportional", "square root", "by harm", "platform first"]


def _slo(default: float, label: str, help: str, **more: Any) -> Any:
    return knob(default, LOW, HIGH, label, group=PROMISE, unit="share of answers",
                scale="log-odds", help=help, **more)  # fmt: skip


def _observed(default: float, label: str, help: str) -> Any:
    return knob(default, 0, 0.5, label, group=WRONG, unit="share of answers", in_sight=True,
                measured=True, source="illustration", help=help)  # fmt: skip


def _harm(default: float, label: str, help: str) -> Any:
    return knob(default, 0.001, 1e5, label, group=HARM, unit="USD", scale="log", priced=True,
                help=help)  # fmt: skip


def _keep(default: float, label: str) -> Any:
    return knob(
        default, 1, 1e8, label, group=KEEP, unit="USD a month", scale="log", priced=True,
        help="What it takes to keep these to 1 in 1,000 answers; to half as many, twice that.",
    )  # fmt: skip


def _owner(default: str, label: str) -> Any:
    return choice(default, ("platform", "model team", "policy and safety", "finance"), label,
                  group=WHO, help="Who answers for these, and whose part they are taken from.",
                  source="your organisation (assumption)")  # fmt: skip


def _share(default: float, label: str, help: str) -> Any:
    return knob(default, 0.001, 1, label, group=ALERTS, unit="share of the budget",
                constraint=True, help=help, source="SRE Workbook (2018), Table 5-8")  # fmt: skip


class ErrorBudgetScenario(Scenario):
    """An SLO for an assistant's answers, what goes wrong, who owns it, and what it costs.

    Examples
    --------
    >>> ErrorBudgetScenario(slo=0.999).today_slo
    0.999
    """

    page: ClassVar[str] = "error_budget"
    version: ClassVar[int] = 1
    title: ClassVar[str] = "Error budget"
    question: ClassVar[str] = "Who may spend the error budget?"
    line: ClassVar[str] = (
        "Promise too much and nobody may ship; too little and people get bad answers."
    )

    slo: float = _slo(
        0.99, "SLO", "Share of answers that are promised to be good.", decision=True,
        in_sight=True, source="your decision",
    )  # fmt: skip
    window: Literal["7 days", "28 days", "30 days", "30.4375 days", "90 days"] = choice(
        "30 days", tuple(DAYS), "Window", group=PROMISE, in_sight=True,
        help="How long the promise is counted over, rolling. 30.4375 days is 365.25 / 12.",
        source="SRE Workbook (2018), ch. 5: 30 days",
    )  # fmt: skip
    today_slo: float = _slo(
        0.999, "Today's SLO", "The promise in force, which the choice is compared with.",
        constraint=True, in_sight=True, source="assumption: copied from the web tier",
    )  # fmt: skip
    promised: float = _slo(
        0.98, "Promised to users", "What a contract promises; breaking it has its own price.",
        constraint=True, source="your contract (assumption)",
    )  # fmt: skip
    requests_per_month: float = knob(
        2e6, 10, 1e10, "Answers", group=TRAFFIC, unit="answers a month", scale="log",
        in_sight=True, priced=True, help="Requests that want an answer in 365.25 / 12 days.",
    )  # fmt: skip

    observed_down: float = _observed(0.0008, "Down", "No answer at all: errors and timeouts.")
    observed_slow: float = _observed(0.0018, "Too slow", "An answer later than promised.")
    observed_wrong: float = _observed(0.0045, "Wrong", "An answer that is not true or no use.")
    observed_unsafe: float = _observed(0.00012, "Unsafe", "An answer that breaks the policy.")
    observed_capped: float = _observed(0.0004, "Capped", "Turned away at a spend or rate limit.")
    observed_degraded: float = _observed(0.0011, "Degraded", "An answer from the fallback.")

    rule: Rule = choice(
        "by harm", ("equal", "proportional", "square root", "by harm", "platform first"),
        "Split of the budget", group=WHO, in_sight=True, source="your policy",
        help="Equal parts; by what keeping costs, or by its square root; by the square root of "
        "that over the harm; or down first, at least what its dependencies need and more where "
        "that is cheaper, and the rest by harm.",
    )  # fmt: skip
    owner_down: Owner = _owner("platform", "Owner of down")
    owner_slow: Owner = _owner("platform", "Owner of too slow")
    owner_wrong: Owner = _owner("model team", "Owner of wrong")
    owner_unsafe: Owner = _owner("policy and safety", "Owner of unsafe")
    owner_capped: Owner = _owner("finance", "Owner of capped")
    owner_degraded: Owner = _owner("platform", "Owner of degraded")

    incident_rate: float = knob(
        0.5, 0, 1, "Answers that fail in it", group=INCIDENT, unit="share", in_sight=True,
        measured=True, source="illustration",
        help="Share of answers that are bad while it lasts.",
    )  # fmt: skip
    incident_minutes: float = knob(
        30, 1, 1_440, "It lasts", group=INCIDENT, unit="min", in_sight=True, measured=True,
        whole=True, scale="log", source="illustration",
        help="From the first bad answer to the last.",
    )  # fmt: skip

    harm_down: float = _harm(0.2, "Harm when down", "What one unanswered request costs.")
    harm_slow: float = _harm(0.05, "Harm when too slow", "What one late answer costs.")
    harm_wrong: float = _harm(1.0, "Harm of wrong", "What one wrong answer costs you and them.")
    harm_unsafe: float = _harm(40, "Harm of unsafe", "What one unsafe answer costs you and them.")
    harm_capped: float = _harm(0.15, "Harm when capped", "What one request turned away costs.")
    harm_degraded: float = _harm(0.04, "Harm of degraded", "What one fallback answer costs.")

    keep_down: float = _keep(600, "Keeping down rare")
    keep_slow: float = _keep(400, "Keeping too slow rare")
    keep_wrong: float = _keep(25_000, "Keeping wrong rare")
    keep_unsafe: float = _keep(2_500, "Keeping unsafe rare")
    keep_capped: float = _keep(200, "Keeping capped rare")
    keep_degraded: float = _keep(150, "Keeping degraded rare")

    provider: float = knob(
        0.9995, 0.9, 0.999999, "Provider's own SLO", group=NEEDS, unit="share of calls",
        scale="log-odds", constraint=True, source="your provider's terms (assumption)",
        help="Share of calls to the model's provider that are promised to succeed.",
    )  # fmt: skip
    calls_per_answer: float = knob(
        4, 1, 100, "Calls an answer makes", group=NEEDS, unit="calls", scale="log", whole=True,
        measured=True, help="All must succeed: retrieval, tools, the model, a judge.",
    )  # fmt: skip
    fallback: Literal["none", "a second provider"] = choice(
        "none", ("none", "a second provider"), "Fallback", group=NEEDS,
        help="Whether a call that fails goes to another provider, as good and independent.",
    )  # fmt: skip

    fast_share: float = _share(0.02, "Page within 1 hour at", "Spent when the fast page fires.")
    slow_share: float = _share(0.05, "Page within 6 hours at", "Spent when the slow page fires.")
    ticket_share: float = _share(0.1, "Ticket at", "Spent when a ticket is filed: 1 and 3 days.")

    groups: ClassVar[tuple[str, ...]] = (
        PROMISE, TRAFFIC, WRONG, WHO, INCIDENT, HARM, KEEP, NEEDS, ALERTS,
    )  # fmt: skip
    presets: ClassVar[Mapping[str, Mapping[str, float | str]]] = {
        "nine good answers in ten": {
            "slo": 0.9, "promised": 0.85, "observed_wrong": 0.06, "observed_degraded": 0.02,
            "keep_wrong": 2e6, "keep_unsafe": 60_000, "harm_wrong": 0.4, "incident_rate": 1.0,
            "incident_minutes": 60,
        },
        "the bad deploy": {  # SRE Workbook (2018), ch. 5: 15 % of requests for 10 minutes
            "slo": 0.999, "today_slo": 0.99, "incident_rate": 0.15, "incident_minutes": 10,
            **QUIET,
        },
        "low traffic": {  # SRE Workbook (2018), ch. 5: 10 requests an hour
            "slo": 0.999, "today_slo": 0.99, "requests_per_month": 7_305, "incident_rate": 1.0,
            "incident_minutes": 10, "keep_down": 6, "keep_slow": 4, "keep_wrong": 250,
            "keep_unsafe": 25, "keep_capped": 2, "keep_degraded": 2, **QUIET,
        },
        "a dependency eats the budget": {
            "slo": 0.993, "today_slo": 0.98, "provider": 0.999, "calls_per_answer": 6,
            "rule": "platform first", "observed_down": 0.0055,
        },
    }  # fmt: skip
    pairs: ClassVar[Mapping[str, tuple[Mapping[str, float | str], Mapping[str, float | str]]]] = {
        "three nines against two": ({"slo": 0.999}, {"slo": 0.99}),
        "equal parts against by harm": ({"rule": "equal"}, {}),
        "one provider against two": (
            {"rule": "platform first", "calls_per_answer": 12},
            {"rule": "platform first", "calls_per_answer": 12, "fallback": "a second provider"},
        ),
    }

    def costs(self, varied: Mapping[str, Floats], rows: Empirical | None = None) -> Floats:
        """Cost a month in USD as some knobs take many values; see `Scenario.costs`.

        Examples
        --------
        Twice the answers, twice the harm, and the same cost of keeping to it:

        >>> usd = ErrorBudgetScenario().costs({"requests_per_month": np.array([1e6, 2e6, 3e6])})
        >>> round(float(usd[2] - usd[1]), 6) == round(float(usd[1] - usd[0]), 6)
        True
        """
        self.check_rows(rows)
        s = self.model_copy(update=dict(varied))
        usd = np.asarray(cost_of(s)(1 - np.asarray(s.slo, float)), float)
        shape = np.broadcast_shapes(usd.shape, *(np.shape(values) for values in varied.values()))
        return np.broadcast_to(usd, shape)

    def run(self, rows: Empirical | None = None) -> ErrorBudgetResult:
        """See `budget`."""
        self.check_rows(rows)
        return budget(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class SloPoint:
    """An SLO somebody would defend, and the price of choosing it.

    Attributes
    ----------
    name
        ``lowest_cost``, ``promised``, ``dependencies_allow`` or ``kept_now``.
    slo : share of answers
        Where it lies, on the dial or off it.
    cost, price : USD a month
        What it costs, and how much more than the lowest cost; ``nan`` when not feasible.
    spent : budgets
        Spent in a window at the observed failures; ``nan`` when not feasible.
    outage_minutes : minutes in a window
        ``nan`` when not feasible.
    feasible
        Whether the dial reaches it.
    """

    name: str
    slo: float
    cost: float
    price: float
    spent: float
    outage_minutes: float
    feasible: bool


@dataclass(frozen=True, kw_only=True)
class ErrorBudgetResult:
    """Everything the page, the pictures and the words need.

    Attributes
    ----------
    scenario
    points
        Lowest cost; promised to users; as strict as dependencies allow; what is kept now.
    slos : (t,) floats, ascending
        Every SLO a hand can choose: 1,001 evenly spread, and every one worth a mark.
    sweep : Month, (t,)
        What each means.
    row : int
        Which of them is the scenario's own.
    today, cheapest : Month
        At today's SLO and at the lowest cost: what choices are compared with.
    observed : (m,) shares of answers
        What fails in each mode first, in the order of `MODES`; `union` is their sum.
    sum_of_modes : share of answers
        The modes' own shares added up: answers that fail twice counted twice.
    ceiling : share of answers
        No SLO above it can be kept, given what an answer depends on.
    crowd : int
        A round number of answers: 1,000 where 50 of them fail or are cheapest let fail, else
        10,000.
    people : (t, m) integers
        Bad answers by mode out of so many, as the budget allows them.
    """

    scenario: ErrorBudgetScenario
    points: tuple[SloPoint, SloPoint, SloPoint, SloPoint]
    slos: Floats
    sweep: Month
    row: int
    today: Month
    cheapest: Month
    observed: Floats
    sum_of_modes: float
    ceiling: float
    crowd: int
    people: Any

    @property
    def rows(self) -> None:
        """Counted rows: this question has none."""
        return

    @cached_property
    def chosen(self) -> Month:
        """What the scenario's SLO means."""
        return self.sweep.at(self.row)

    @property
    def compared_with(self) -> Literal["today", "lowest cost"]:
        """What the choice is compared with: today, unless it is today's own SLO."""
        same = self.scenario.slo == self.scenario.today_slo
        return "lowest cost" if same else "today"

    @property
    def compared(self) -> Month:
        """The month at the comparison point."""
        return self.today if self.compared_with == "today" else self.cheapest

    @property
    def union(self) -> float:
        """Share of answers that fail at all."""
        return float(self.observed.sum())

    @property
    def window_days(self) -> float:
        """Days the promise is counted over."""
        return DAYS[self.scenario.window]

    @cached_property
    def policy(self) -> AlertPolicy:
        """Alerts at the chosen SLO, and the ones proposed in their place."""
        s = self.scenario
        return alert_policy(s.slo, self.window_days, page_shares(s))

    @property
    def alerts(self) -> tuple[AlertHere, ...]:
        """Alerts as set, in the incident and at what fails now."""
        return alerts_here(self.scenario, self.policy.alerts)

    @property
    def proposed_alerts(self) -> tuple[AlertHere, ...]:
        """Alerts that can fire, where some as set cannot; none else."""
        proposed = self.policy.proposed if self.policy.never_fire else ()
        return alerts_here(self.scenario, proposed)

    @cached_property
    def incident(self) -> Incident:
        """The incident minute by minute."""
        return incident_of(self.scenario, self.policy)

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """Every rule to split the budget by."""
        return splits_of(self.scenario, LOW, HIGH)

    @cached_property
    def owners(self) -> tuple[OwnerShare, ...]:
        """Every owner's part, the worst overspender first."""
        return owner_shares(self.scenario)

    @cached_property
    def slis(self) -> tuple[Sli, ...]:
        """Every mode's indicator with its intervals, and that of all together."""
        return slis_of(self.scenario)

    @cached_property
    def traffic(self) -> Traffic:
        """Whether there are enough answers for the alerts to mean anything."""
        return traffic_of(self.scenario, self.policy)

    @property
    def over(self) -> Floats:
        """Answers a month by which each mode overspends its part, (m,); negative within it."""
        spent_over = self.observed - np.asarray(self.chosen.allowed)
        return np.asarray(spent_over * self.scenario.requests_per_month, float)

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """One flip point per price or rate, the nearest first."""
        return flips_of(self.scenario, float(self.compared.slo))

    @cached_property
    def nearest_flips(self) -> NearestFlips:
        """Nearest flip point of every SLO of the sweep against what it is compared with."""
        s = self.scenario
        rivals = np.where(self.slos == s.today_slo, float(self.cheapest.slo), s.today_slo)
        return nearest_flips_of(s, self.slos, rivals)

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every knob; the one that moves the saving most comes first."""
        return assumptions_of(self.scenario, float(self.compared.slo))

    @property
    def lowest_cost(self) -> SloPoint:
        """Lowest cost of all SLOs."""
        return self.points[0]

    @property
    def cost(self) -> float:
        """Money lost a month at the SLO, USD."""
        return float(self.chosen.cost)

    @property
    def saving(self) -> float:
        """USD a month saved against the comparison point; negative when it costs more."""
        return float(self.compared.cost - self.chosen.cost)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What happens to whom, each with its formula."""
        s = self.scenario
        return tuple(
            Outcome(
                name=name, label=label, value=float(read(self.chosen, s)),
                compared=float(read(self.compared, s)), unit=unit, per=per, better=better,
                formula=formula, said=SAID.get(name, ""),
            )
            for name, label, unit, per, better, formula, read in OUTCOMES
        )  # fmt: skip


SAID = {
    "allowed_down": "leaves {} requests unanswered",
    "allowed_wrong": "gives {} wrong answers",
    "allowed_unsafe": "lets {} unsafe answers through",
}
LABELS = {
    "down": "unanswered allowed", "slow": "late allowed", "wrong": "wrong allowed",
    "unsafe": "unsafe allowed", "capped": "turned away allowed", "degraded": "degraded allowed",
}  # fmt: skip

Better = Literal["lower", "higher", "neither"]
OUTCOMES: tuple[tuple[str, str, str, str, Better, str, Any], ...] = (
    ("bad_answers", "bad answers allowed", "answers", "month", "lower",
     "requests_per_month * (1 - slo)", lambda m, _: m.bad_answers),
    *(
        (f"allowed_{mode}", LABELS[mode], "answers", "month", "lower",
         f"requests_per_month * (1 - slo) * part of {mode}, as the rule splits it",
         lambda m, s, i=i: m.allowed[..., i] * s.requests_per_month)
        for i, mode in enumerate(MODES)
    ),
    ("spent", "budgets spent", "budgets", "window", "lower",
     "share of answers that fail / (1 - slo), each counted once", lambda m, _: m.spent),
    ("outage_minutes", "minutes of outage it allows", "min", "window", "neither",
     "(1 - slo) * window", lambda m, _: m.outage_minutes),
    ("incident_spent", "budgets the incident spends", "budgets", "incident", "lower",
     "incident_rate * incident_minutes / ((1 - slo) * window)", lambda m, _: m.incident_spent),
    ("unnoticed", "minutes before somebody is paged", "min", "incident", "lower",
     "long window * factor * (1 - slo) / incident_rate, at most incident_minutes",
     lambda m, s: min(float(m.paged), s.incident_minutes)),
    ("cost_harm", "bad answers", "USD", "month", "lower",
     "sum over modes of allowed answers * harm", lambda m, _: m.cost_by_cause["harm"]),
    ("cost_keeping", "keeping to it", "USD", "month", "lower",
     "sum over modes of keep * 0.001 / allowed share", lambda m, _: m.cost_by_cause["keeping"]),
    ("cost", "cost", "USD", "month", "lower", "cost_harm + cost_keeping", lambda m, _: m.cost),
)  # fmt: skip


def budget(scenario: ErrorBudgetScenario) -> ErrorBudgetResult:
    """Answer the question at the scenario's SLO, and find the SLOs worth knowing.

    Parameters
    ----------
    scenario
        The knobs.

    Returns
    -------
    ErrorBudgetResult
        Answers and money per month, budgets per window; money in USD.

    Examples
    --------
    Two nines of 2 million answers allow 20,000 bad ones; in 30 days, 7.2 hours of outage:

    >>> told = budget(ErrorBudgetScenario(slo=0.99))
    >>> round(told.chosen.bad_answers, 6), round(told.chosen.outage_minutes / 60, 6)
    (20000.0, 7.2)
    """
    s, observed = scenario, observed_parts(scenario)
    cost, ceiling = cost_of(s), ceiling_of(s)
    best = 1 - float(cost.cheapest(1 - HIGH, 1 - LOW))
    lowest = float(cost(1 - best))
    marked = {
        "lowest_cost": min(max(best, LOW), HIGH), "promised": s.promised,
        "dependencies_allow": ceiling, "kept_now": 1 - float(observed.sum()),
    }  # fmt: skip
    slos = _positions([s.slo, s.today_slo, *marked.values()])
    sweep = month(s, slos)
    fail = max(float(observed.sum()), 1 - marked["lowest_cost"])
    crowd = CROWDS[0] if fail * CROWDS[0] >= ENOUGH else CROWDS[1]
    one, two, three, four = (_point(s, name, slo, lowest) for name, slo in marked.items())
    return ErrorBudgetResult(
        scenario=s, points=(one, two, three, four), slos=slos, sweep=sweep,
        row=int(np.searchsorted(slos, s.slo)), today=month(s, s.today_slo),
        cheapest=month(s, one.slo), observed=observed,
        sum_of_modes=float(sum(getattr(s, f"observed_{mode}") for mode in MODES)),
        ceiling=ceiling, crowd=crowd, people=whole_parts(np.asarray(sweep.allowed), crowd),
    )  # fmt: skip


def _positions(marked: list[float]) -> Floats:
    """SLOs evenly spread by log odds between the dial's ends, and those marked within them."""
    even = expit(np.linspace(logit(LOW), logit(HIGH), POINTS))
    even[[0, -1]] = LOW, HIGH  # log odds and back lose a digit
    return np.unique(np.append(even, [slo for slo in marked if LOW <= slo <= HIGH]))


def _point(s: ErrorBudgetScenario, name: str, slo: float, lowest: float) -> SloPoint:
    if not LOW <= slo <= HIGH:
        nan = float("nan")
        return SloPoint(name=name, slo=slo, cost=nan, price=nan, spent=nan, outage_minutes=nan,
                        feasible=False)  # fmt: skip
    there = month(s, slo)
    return SloPoint(
        name=name, slo=slo, cost=float(there.cost), price=float(there.cost) - lowest,
        spent=float(there.spent), outage_minutes=float(there.outage_minutes), feasible=True,
    )  # fmt: skip
