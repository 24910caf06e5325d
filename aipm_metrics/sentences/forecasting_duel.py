"""Two forecasts side by side in words: measures, outcomes, rules, wishes, and who pays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.sentences.forecasting_spots import CENTS, HALF, buffer_words
from aipm_metrics.spoken import count, money, share, undefined, with_unit

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from aipm_metrics.scenarios.forecasting import ForecastingResult
    from aipm_metrics.scenarios.forecasting_month import Month

__all__ = [
    "DUEL_HEADER", "PAYER_HEADER", "RULE_HEADER", "WISH_HEADER", "duel_rows", "flag_line",
    "payer_rows", "rule_rows", "wish_line", "wish_rows", "worth_line", "zero_line",
]  # fmt: skip

MEASURES = {
    "mae": "MAE", "rmse": "RMSE", "wape": "WAPE", "mape": "MAPE", "smape": "sMAPE",
    "pinball": "pinball loss at the money's quantile",
}  # fmt: skip
IN_RIDES = {"mae", "rmse", "pinball"}
DUEL_HEADER = ("the forecasts, under today's rule", "old", "new", "better")
RULE_HEADER = ("cost a month", "old forecast", "new forecast")
WISH_HEADER = ("measure", "drivers enough in", "buffer", "cost a month", "over the lowest")
PAYER_HEADER = ("who pays", "for a ride too few", "for a ride too many", "a month, compared",
                "a month, here")  # fmt: skip
SAME = 1e-9
NOT_HERE = "undefined"

Row = tuple[str, ...]


def duel_rows(result: ForecastingResult) -> list[Row]:
    """Put measures of accuracy first, then what happens, each with the better forecast."""
    duel = result.duel
    rows: list[Row] = []
    for name, label in MEASURES.items():
        old, new = (float(getattr(e, name)) for e in duel.errors)
        said = _rides if name in IN_RIDES else share
        better = NOT_HERE if undefined(old) or undefined(new) else _better(old, new, lower=True)
        rows.append((label, said(old), said(new), better))
    old, new = (e.bias for e in duel.errors)
    rows.append(("bias", _bias(old), _bias(new), _better(abs(old), abs(new), lower=True)))
    for label, read, say, lower in _OUTCOMES:
        old, new = (float(read(m)) for m in duel.plainly)
        rows.append((label, say(old), say(new), _better(old, new, lower=lower)))
    return rows


def _rides(value: float) -> str:
    return NOT_HERE if undefined(value) else f"{count(value)} rides"


def _bias(value: float) -> str:
    if abs(value) < CENTS:
        return "none"
    return f"{count(abs(value))} rides too {'many' if value > 0 else 'few'}"


def _better(old: float, new: float, *, lower: bool) -> str:
    """Name the better forecast."""
    if abs(old - new) <= SAME * max(abs(old), abs(new), SAME):
        return "the same"
    return "new" if (new < old) == lower else "old"


def _hour(usd: float) -> str:
    return "undefined: nobody is sent" if undefined(usd) else money(usd)


def _minutes(value: float) -> str:
    return "undefined: nobody gets a ride" if undefined(value) else with_unit(value, "min")


_OUTCOMES: tuple[tuple[str, Callable[[Month], Any], Callable[[float], str], bool], ...] = (
    ("rides not given", lambda m: m.lost, count, True),
    ("mean wait", lambda m: m.wait, _minutes, True),
    ("idle driver-hours", lambda m: m.idle, count, True),
    ("driver pay an hour", lambda m: m.pay, _hour, False),
    ("top-ups", lambda m: m.top_ups, money, True),
    ("cost", lambda m: m.cost, money, True),
)


def flag_line(result: ForecastingResult) -> str:
    """Say that accuracy and money disagree, where they do; nothing otherwise."""
    duel = result.duel
    if not duel.in_conflict:
        return ""
    names = _listed([MEASURES[m] for m in duel.in_conflict])
    dearer = duel.worth_of_forecast < 0
    return (
        f"Accuracy and outcome disagree: by {names} the new forecast is "
        f"{'better' if dearer else 'worse'}, and under today's rule it "
        f"{'costs' if dearer else 'saves'} {money(abs(duel.worth_of_forecast))} a month"
        f"{' more' if dearer else ''}."
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def zero_line(result: ForecastingResult) -> str:
    """Say how many hours have no demand and what MAPE does with them."""
    s, errors = result.scenario, result.duel.errors
    if s.law == "normal" and not result.rows:
        return (
            "MAPE is undefined here: a normal demand comes as close to 0 as you like, and the "
            "error is divided by it."
        )
    if s.law == "lognormal" and not result.rows:
        return "MAPE divides by demand, and a lognormal demand is never nothing."
    most = max(e.no_demand for e in errors)
    if most * s.zone_hours < HALF:
        return "MAPE divides by demand; hardly any zone-hour is without demand here."
    hours = count(most * s.zone_hours)
    does = (
        "leaves them out, so that sending drivers there is free"
        if s.zero_policy == "leave out"
        else "counts them as one ride"
    )
    return f"MAPE divides by demand; {hours} zone-hours a month have none, and it {does}."


def rule_rows(result: ForecastingResult) -> list[Row]:
    """Price both forecasts under three rules."""
    duel, s = result.duel, result.scenario
    today = buffer_words(s.today_buffer)[0]
    here = buffer_words(s.buffer)[0]
    rows = [(f"today's rule: {today}", *(money(float(m.cost)) for m in duel.plainly))]
    if s.buffer != s.today_buffer:
        rows.append((f"your rule: {here}", *(money(float(m.cost)) for m in duel.chosen)))
    rows.append(
        ("each at its cheapest",
         *(f"{money(float(m.cost))}, {buffer_words(m.buffer)[0]}" for m in duel.best))
    )  # fmt: skip
    return rows


def worth_line(result: ForecastingResult) -> str:
    """Say what a better forecast is worth, what a better rule is, and what both are."""
    duel = result.duel
    return (
        f"Under today's rule the new forecast {_than(duel.worth_of_forecast)}. A better rule on "
        f"the old forecast {_than(duel.worth_of_rule)}. The new forecast under its own best rule "
        f"{_than(duel.worth_of_both)}."
    )


def _than(usd: float) -> str:
    if abs(usd) < CENTS:
        return "costs the same as today"
    return f"saves {money(usd)} a month" if usd > 0 else f"costs {money(-usd)} a month more"


def wish_rows(result: ForecastingResult) -> list[Row]:
    """Say the quantile every measure silently asks for, and what it would cost."""
    lowest = result.points[0].cost
    rows: list[Row] = []
    for wish in result.wishes:
        name = MEASURES[wish.measure] + (", WAPE" if wish.measure == "mae" else "")
        if undefined(wish.quantile):
            rows.append((name, "undefined", "", "", ""))
            continue
        cost = float(wish.month.cost)
        over = "nothing is cheaper" if cost - lowest < CENTS else f"{money(cost - lowest)} more"
        rows.append(
            (name, f"{share(wish.quantile)} of zone-hours", buffer_words(wish.buffer)[0],
             money(cost), over)
        )  # fmt: skip
    return rows


def wish_line(result: ForecastingResult) -> str:
    """Say what money asks for, beside the measures."""
    over, under = result.error_prices
    if undefined(result.quantile):
        return "Errors cost nothing here, so money asks for no quantile."
    return (
        f"Whoever is graded by a measure forecasts the quantile it rewards. Money asks for "
        f"{share(result.quantile)}: a ride too few costs {money(under)}, one too many "
        f"{money(over)}, and {money(under)} of {money(under + over)} is that share."
    )


def payer_rows(result: ForecastingResult) -> list[Row]:
    """Say who pays for which error."""
    riders, drivers, company = result.payers
    s = result.scenario
    return [
        ("riders",
         f"{share(riders.short)} go without, {share(s.surge_share)} wait "
         f"{with_unit(s.surge_wait, 'min')}", "nothing",
         f"{count(riders.today)} rides not given", f"{count(riders.here)} rides not given"),
        ("drivers", "nothing", _earn(drivers.idle), _earned(drivers.today),
         _earned(drivers.here)),
        ("the company", money(company.short), money(company.idle), money(company.today),
         money(company.here)),
    ]  # fmt: skip


def _earn(usd: float) -> str:
    return f"earn {money(abs(usd))} {'less' if usd >= 0 else 'more'} than on a ride"


def _earned(usd: float) -> str:
    return f"{money(abs(usd))} {'less' if usd >= 0 else 'more'} than never idle"
