"""What happens at nine o'clock? Servers, a day that peaks, and who waits in it.

`peak_load_knobs` has what is asked for, `peak_load_day` a day of waiting lines, `peak_load_month`
what it adds up to, `peak_load_flips` what would turn the choice; `run_day` is the answer. Axis
letters: `t` positions of the hand (numbers of servers), `d` bins of the day. Nothing is random.
Over 250 lines, for the result says in one place what it answers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_metrics.models.autoscaling import HAIR
from aipm_metrics.models.sla import LimitCheck, check_limits
from aipm_metrics.models.whole_crowds import whole_crowds
from aipm_metrics.scenarios.contract import Assumption, Outcome
from aipm_metrics.scenarios.peak_load_day import Day, day_of
from aipm_metrics.scenarios.peak_load_evidence import EvidenceRow, evidence_rows
from aipm_metrics.scenarios.peak_load_flips import assumptions_of, flips_of, nearest_flips_of
from aipm_metrics.scenarios.peak_load_flow import load_of
from aipm_metrics.scenarios.peak_load_knobs import PeakLoadKnobs
from aipm_metrics.scenarios.peak_load_month import Month, costs_with, month_of, quality_of
from aipm_metrics.scenarios.peak_load_moves import Move, moves_of
from aipm_metrics.scenarios.peak_load_paths import Simulated, simulate_peak
from aipm_metrics.scenarios.peak_load_tokens import Tokens, tokens_of
from aipm_metrics.scenarios.uncertainty import uncertain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aipm_metrics.models.confusion import Confusion, Floats
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.peak_load_flips import NearestFlips
    from aipm_metrics.scenarios.uncertainty import Uncertainty

__all__ = ["PeakLoadPoint", "PeakLoadResult", "PeakLoadScenario", "how_sure", "run_day"]

MOST_SERVERS = 200
CROWD = 1_000
PERCENTILES = (0.5, 0.95, 0.99)
POINTS = 81  # of a curve of times


class PeakLoadScenario(PeakLoadKnobs):
    """A day of requests, servers, and what each kind of answer costs; see `PeakLoadKnobs`.

    Examples
    --------
    >>> PeakLoadScenario(servers=12).servers
    12.0
    """

    def costs(self, varied: Mapping[str, Floats], rows: Empirical | None = None) -> Floats:
        """Cost a month in USD as some knobs take many values; see `Scenario.costs`.

        Examples
        --------
        Servers are paid by the hour: 1 USD more for each of ten, 730.5 hours a month.

        >>> usd = PeakLoadScenario(servers=10).costs({"server_price": np.array([2.0, 3.0])})
        >>> round(float(usd[1] - usd[0]), 6)
        7305.0
        """
        del rows
        return costs_with(self, varied)

    def run(self, rows: Empirical | None = None) -> PeakLoadResult:
        """See `run_day`."""
        self.check_rows(rows)
        return run_day(self)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakLoadPoint:
    """A number of servers somebody would defend, and its price.

    Attributes
    ----------
    name
        ``lowest_cost``, ``keeps_promise``, ``cheapest_good`` or ``sized_for_mean``.
    servers : float
        ``nan`` when not feasible.
    cost, price : float, USD a month
        What it costs, and how much more than the lowest cost; ``nan`` when not feasible.
    in_time : float
        Share of requests answered in time; when not feasible, the most any number reaches.
    price_per_good : float, USD
    feasible
        Whether any number of servers satisfies the constraint.
    """

    name: str
    servers: float
    cost: float
    price: float
    in_time: float
    price_per_good: float
    feasible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """What a day without a peak would promise, at every number of servers.

    Attributes
    ----------
    in_time, unserved : (t,) floats
        Shares of requests: answered in time; given to the fallback, or to nobody.
    """

    in_time: Floats
    unserved: Floats


@dataclass(frozen=True, slots=True)
class Tails:
    """Share of answers that take longer than each time; (x,) floats each, times in s."""

    time: Floats
    day: Floats
    mean: Floats


@dataclass(frozen=True, kw_only=True)
class PeakLoadResult:
    """Everything the page, the pictures and the words need.

    Attributes
    ----------
    scenario
    servers : (t,) floats
        1, 2, 3 ... as many as a hand can reach.
    sweep : Month, (t,) each
    row : int
        Which of them is the scenario's own.
    day : Day, (t, d)
    mean : Mean
    points
        Lowest cost; fewest that keep the promise; lowest price per good outcome; fewest that
        would keep it if all hours were alike.
    today, cheapest : Month
        At today's servers and at the lowest cost: what choices are compared with.
    """

    scenario: PeakLoadScenario
    servers: Floats
    sweep: Month
    row: int
    day: Day
    mean: Mean
    points: tuple[PeakLoadPoint, PeakLoadPoint, PeakLoadPoint, PeakLoadPoint]

    @cached_property
    def chosen(self) -> Month:
        """The month at the scenario's servers."""
        return self.sweep.at(self.row)

    @cached_property
    def today(self) -> Month:
        """The month at today's servers."""
        return self.sweep.at(self.row_of(self.scenario.today_servers))

    @cached_property
    def cheapest(self) -> Month:
        """The month at the lowest cost."""
        return self.sweep.at(self.row_of(self.points[0].servers))

    def row_of(self, servers: float) -> int:
        """Position of a number of servers."""
        return int(servers) - 1

    @property
    def compared_with(self) -> Literal["today", "lowest cost"]:
        """What the choice is compared with: today, unless it is today's own number."""
        same = self.scenario.servers == self.scenario.today_servers
        return "lowest cost" if same else "today"

    @property
    def rival_servers(self) -> float:
        """Servers of the comparison point."""
        today = self.compared_with == "today"
        return float(self.scenario.today_servers if today else self.points[0].servers)

    @property
    def compared(self) -> Month:
        """The month at the comparison point."""
        return self.today if self.compared_with == "today" else self.cheapest

    @property
    def cost(self) -> float:
        """Money lost a month, USD."""
        return float(self.chosen.cost)

    @property
    def saving(self) -> float:
        """USD a month saved against the comparison point; negative when it costs more."""
        return float(self.compared.cost - self.chosen.cost)

    @cached_property
    def people(self) -> dict[str, Any]:
        """What becomes of 1,000 requests, at every number of servers: (t,) ints by cell."""
        m = self.sweep
        cells = {
            "good": m.in_time_right, "wrong": m.in_time_wrong, "late": m.late,
            "unanswered": m.unanswered,
        }  # fmt: skip
        return dict(whole_crowds({name: n / m.requests for name, n in cells.items()}, CROWD))

    @cached_property
    def in_time_by_hour(self) -> Floats:
        """Share answered in time in every quarter of an hour, (t, 96)."""
        return self.day.by_quarter(self.day.soon)

    @cached_property
    def use(self) -> Floats:
        """Share of the servers' time that is used, (t,)."""
        return np.asarray(self.day.use)

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        """What something else would buy, with all other knobs as they are."""
        return moves_of(self.scenario, self.chosen)

    @cached_property
    def worst_in_time(self) -> Floats:
        """Share answered in time in the worst quarter of an hour, (t,)."""
        return np.asarray(self.in_time_by_hour.min(axis=-1))

    @cached_property
    def collapsed_hours(self) -> Floats:
        """Hours of the day in which retries keep the servers too busy, (t,)."""
        return np.asarray(np.asarray(self.day.collapsed) @ self.day.flow.hours * 24)

    @cached_property
    def unsafe_hours(self) -> Floats:
        """Hours that go well and that a rush could turn into a collapse that stays, (t,)."""
        day = self.day
        return np.asarray((day.can_collapse & ~np.asarray(day.collapsed)) @ day.flow.hours * 24)

    @cached_property
    def quality(self) -> tuple[Confusion, Confusion]:
        """Cells per request that the model answers, and per one that the fallback does."""
        return quality_of(self.scenario)

    @cached_property
    def response(self) -> tuple[dict[float, float], dict[float, float]]:
        """Times within which 50, 95 and 99 % of answers come: of the day, and of its mean, s."""
        return tuple(
            dict(zip(PERCENTILES, day.response_quantiles(PERCENTILES), strict=True))
            for day in (self.day.row(self.row), _mean_day(self.scenario))
        )  # type: ignore[return-value] # two of them

    @cached_property
    def tails(self) -> Tails:
        """How many answers take how long, at the chosen servers."""
        days = self.day.row(self.row), _mean_day(self.scenario)
        slow = self.response[0][PERCENTILES[-1]]  # undefined where nothing is answered
        time = np.linspace(0, 1.3 * np.fmax(slow, self.scenario.sla_s), POINTS)
        return Tails(time, *(day.response_over(time) for day in days))

    @cached_property
    def evidence(self) -> tuple[EvidenceRow, ...]:
        """What every study of waiting says of the chosen day."""
        return evidence_rows(self.scenario, self.day.row(self.row))

    @cached_property
    def limits(self) -> LimitCheck | None:
        """Whether the promised limits per token fit one another; None without tokens."""
        s = self.scenario
        if s.engine == "one at a time":
            return None
        return check_limits(s.first_token_s, s.per_token_ms / 1000, s.sla_s, s.output_tokens)

    @cached_property
    def tokens(self) -> Tokens | None:
        """How long tokens take, over the day and in its worst bin; None without tokens."""
        s = self.scenario
        return None if s.engine == "one at a time" else tokens_of(self.day.row(self.row))

    def simulated(self) -> Simulated:
        """Follow every request of the busiest stretch; see `simulate_peak`."""
        return simulate_peak(self.scenario, self.scenario.seed)

    @property
    def full_rate(self) -> Floats:
        """Requests a second that the chosen servers can answer, (1, d)."""
        return self.day.row(self.row).full_rate

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """One flip point per price, the nearest first."""
        return flips_of(self.scenario, self.chosen, self.compared)

    @cached_property
    def nearest_flips(self) -> NearestFlips:
        """Nearest flip point of every number of servers against what it is compared with."""
        today, best = (
            self.row_of(n) for n in (self.scenario.today_servers, self.points[0].servers)
        )
        rivals = np.where(self.servers == self.scenario.today_servers, best, today)
        return nearest_flips_of(self.scenario, self.sweep, rivals)

    @cached_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every knob in use; the one that moves the saving most comes first."""
        return assumptions_of(self.scenario, self.rival_servers)

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
    ("good", "answers in time and right", "requests", "higher",
     "requests * sum(in_time * accuracy)", lambda m: m.in_time_right),
    ("wrong_in_time", "answers in time but wrong", "requests", "lower",
     "requests * sum(in_time * (1 - accuracy))", lambda m: m.in_time_wrong),
    ("late", "late answers", "requests", "lower", "requests * P(wait + work > sla_s)",
     lambda m: m.late),
    ("unanswered", "requests without an answer", "requests", "lower",
     "requests * timed_out ** (retries + 1)", lambda m: m.unanswered),
    ("fallback", "answers by the fallback", "requests", "neither", "requests * timed_out",
     lambda m: m.fallback),
    ("fp", "false alarms", "requests", "lower", "sum(answered * (1 - prevalence) * fpr)",
     lambda m: m.fp),
    ("fn", "misses", "requests", "lower", "sum(answered * prevalence * fnr)", lambda m: m.fn),
    ("server_hours", "server hours", "hours", "lower", "servers paid for * 730.5",
     lambda m: m.server_hours),
    ("price_per_good", "price per good outcome", "USD per good outcome", "lower",
     "(cost_servers + cost_answers) / good", lambda m: m.price_per_good),
    ("cost_servers", "servers", "USD", "lower", "server_hours * server_price",
     lambda m: m.cost_by_cause["servers"]),
    ("cost_answers", "answers paid for", "USD", "lower",
     "(worked * call_price + fallback * fallback_price) / 1000",
     lambda m: m.cost_by_cause["answers"]),
    ("cost_waiting", "waiting", "USD", "lower",
     "late * cost_late, or use lost * value_per_request", lambda m: m.cost_by_cause["waiting"]),
    ("cost_no_answer", "no answer", "USD", "lower", "unanswered * cost_unanswered",
     lambda m: m.cost_by_cause["no answer"]),
    ("cost_wrong", "wrong answers", "USD", "lower", "fp * cost_fp + fn * cost_fn",
     lambda m: m.cost_by_cause["wrong answers"]),
    ("cost", "cost", "USD", "lower",
     "cost_servers + cost_answers + cost_waiting + cost_no_answer + cost_wrong", lambda m: m.cost),
)  # fmt: skip


# What a choice does to people, for whoever lays two choices side by side.
SAID = {
    "late": "answers {} late",
    "unanswered": "leaves {} without an answer",
    "fallback": "hands {} to the fallback",
}


def run_day(scenario: PeakLoadScenario) -> PeakLoadResult:
    """Answer the question at the scenario's servers, and find the numbers worth knowing.

    Parameters
    ----------
    scenario
        The knobs.

    Returns
    -------
    PeakLoadResult
        Everything per month; money in USD.

    Examples
    --------
    One request a minute, answered in a second by a server that nobody has to wait for:

    >>> quiet = PeakLoadScenario(mean_rate=1 / 60, service_s=1, servers=5, sla_s=600)
    >>> round(run_day(quiet).chosen.late, 6), round(run_day(quiet).chosen.requests)
    (0.0, 43830)
    """
    s = scenario
    servers = np.arange(1.0, _reach(s) + 1)
    many = s.model_copy(update={"servers": servers})
    day = day_of(many)
    sweep = month_of(many, day)
    level = day_of(level_of(many))
    mean = Mean(
        in_time=level.over(level.soon),
        unserved=level.over(level.given_up),
    )
    return PeakLoadResult(
        scenario=s, servers=servers, sweep=sweep, row=int(s.servers) - 1, day=day, mean=mean,
        points=_points(s, servers, sweep, mean),
    )  # fmt: skip


def how_sure(result: PeakLoadResult) -> Uncertainty:
    """Put the answer of `run_day` to the test of its own assumptions.

    The best number of servers of every draw is not searched: where the choice or its rival is
    the cheaper one, it stands for the best.
    """
    rival = result.scenario.model_copy(update={"servers": result.rival_servers})
    return uncertain(result.scenario, rival)


def level_of(s: PeakLoadScenario) -> PeakLoadScenario:
    """Give the same requests a day without a peak or a burst."""
    extra = np.asarray(s.burst_rate) * np.minimum(s.burst_minutes, 1440) / 1440
    level = s.model_copy(
        update={"mean_rate": s.mean_rate + extra, "amplitude": 0.0, "burst_rate": 0.0}
    )
    if s.scaling == "fixed":
        return level
    # A load that never changes has as many as it calls for, all of them ready.
    wanted = np.maximum(np.ceil(load_of(level) / s.target - HAIR), s.least_servers)
    return level.model_copy(update={"servers": np.minimum(wanted, s.servers), "scaling": "fixed"})


def _mean_day(s: PeakLoadScenario) -> Day:
    return day_of(level_of(s))


def _reach(s: PeakLoadScenario) -> int:
    """As many servers as a hand can reach: enough that at the peak hardly anybody waits."""
    load = float(load_of(s))
    # Five times the root of the load on top of it leaves fewer than one in 10,000 waiting.
    enough = load + 5 * np.sqrt(load) + 6
    return int(min(MOST_SERVERS, max(enough, s.servers, s.today_servers, 12)))


def _points(
    s: PeakLoadScenario, servers: Floats, sweep: Month, mean: Mean
) -> tuple[PeakLoadPoint, PeakLoadPoint, PeakLoadPoint, PeakLoadPoint]:
    """Find the four numbers of servers worth a name; of equals the fewest servers."""
    cost = np.broadcast_to(sweep.cost, servers.shape)
    good = np.where(np.isnan(sweep.price_per_good), np.inf, sweep.price_per_good)
    lowest = float(cost.min())

    def point(name: str, row: int, *, feasible: bool = True) -> PeakLoadPoint:
        nan = float("nan")
        if not feasible:
            return PeakLoadPoint(
                name=name, servers=nan, cost=nan, price=nan, price_per_good=nan, feasible=False,
                in_time=float(np.max(mean.in_time if "mean" in name else sweep.in_time)),
            )  # fmt: skip
        return PeakLoadPoint(
            name=name, servers=float(servers[row]), cost=float(cost[row]), feasible=True,
            price=float(cost[row]) - lowest, in_time=float(sweep.in_time[row]),
            price_per_good=float(np.broadcast_to(sweep.price_per_good, servers.shape)[row]),
        )  # fmt: skip

    keeps, would = sweep.in_time >= s.sla_share, mean.in_time >= s.sla_share
    return (
        point("lowest_cost", int(cost.argmin())),
        point("keeps_promise", int(keeps.argmax()), feasible=bool(keeps.any())),
        point("cheapest_good", int(good.argmin()), feasible=bool(np.isfinite(good).any())),
        point("sized_for_mean", int(would.argmax()), feasible=bool(would.any())),
    )
