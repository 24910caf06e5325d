"""For whom it works worst, and which version is better: answers, or that it is too early to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.sentences.your_data_groups import group_name, status
from aipm_metrics.spoken import count, price, share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.estimates import Estimate
    from aipm_metrics.models.cost_intervals import RowCost
    from aipm_metrics.rows.profile_parts import Group
    from aipm_metrics.rows.ranking import Ranked

__all__ = ["better_version", "works_worst"]

MOST_NAMED = 5  # groups named in one sentence
PERCENT = "\N{NO-BREAK SPACE}%"


def works_worst(groups: Sequence[Group], ranked: Ranked, by: str) -> tuple[str, ...]:
    """Say which group costs most per row at B, and of which the fewest events are caught.

    Only groups with enough errors or events are ranked. Two of them differ where the 95 %
    interval of the difference leaves out 0, or where their intervals do not touch.
    """
    return (*_dearest(ranked, by), *_least_caught(groups, by), *_not_ranked(ranked, by))


def _dearest(ranked: Ranked, by: str) -> tuple[str, ...]:
    if ranked.ends is None:
        return (f"Too few errors to say for which {by} B costs most.",)
    if ranked.ends.low <= 0:
        return ("By cost per row, no two of them differ at B by more than chance could.",)
    first, last = ranked.order[-1], ranked.order[0]
    return (
        f"By cost, worst for {_named(first, by)}: {_cost(first.cost)} per row at B, against "
        f"{_cost(last.cost)} for {_named(last, by)}.",
    )


def _least_caught(groups: Sequence[Group], by: str) -> tuple[str, ...]:
    told = sorted((g for g in groups if status(g.recall) == "said"), key=lambda g: g.recall.value)
    if len(told) < 2:
        return (f"Too few events to say for which {by} the fewest are caught.",)
    low, high = told[0], told[-1]
    if low.recall.high >= high.recall.low:
        return ("By events caught, no two of them differ by more than chance could.",)
    return (
        f"By events caught, worst for {_named(low, by)}: {_share(low.recall)}, against "
        f"{_share(high.recall)} for {_named(high, by)}.",
    )


def _not_ranked(ranked: Ranked, by: str) -> tuple[str, ...]:
    few = [g for g in ranked.few if status(g.recall) != "said"]
    if not few:
        return ()
    return (f"Not ranked, with too few errors and events: {_listed(few, by)}.",)


def better_version(ranked: Ranked, by: str) -> tuple[str, ...]:
    """Say which version costs less per row at B, with its interval, or that it is too early."""
    said = [_cheaper(ranked, by)]
    if ranked.few:
        said.append(f"With too few errors to be compared: {_listed(ranked.few, by)}.")
    return tuple(said)


def _cheaper(ranked: Ranked, by: str) -> str:
    apart = ranked.next_
    if apart is None:
        return "Too few errors to say which version is cheaper."
    best, next_ = ranked.order[:2]
    one, other = _named(best, by), _named(next_, by)
    costs = f"{_cost(best.cost)} per row at B, against {_cost(next_.cost)} for {other}"
    if apart.low <= 0:
        return (
            f"Too few rows to say which is cheaper: {one} costs {costs}, and the difference may "
            "be chance."
        )
    return (
        f"{one} is the cheaper one: {costs}. It saves {price(apart.low)} to {price(apart.high)} "
        "per row (95 % interval), if both met the same kind of rows."
    )


def _listed(groups: Sequence[Group], by: str) -> str:
    names = ", ".join(f"{_named(g, by)} ({count(g.rows)} rows)" for g in groups[:MOST_NAMED])
    more = f" and {len(groups) - MOST_NAMED} more" if len(groups) > MOST_NAMED else ""
    return names + more


def _named(g: Group, by: str) -> str:
    return group_name(g.name, by)


def _cost(cost: RowCost) -> str:
    return f"{price(cost.value)} ({price(cost.low)} to {price(cost.high)})"


def _share(e: Estimate) -> str:
    return f"{share(e.value)} ({share(e.low).removesuffix(PERCENT)} to {share(e.high)})"
