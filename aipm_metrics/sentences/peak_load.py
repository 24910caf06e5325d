"""What a person says about a day's peak: a finished result in, plain sentences out.

Those about one number of servers are in `peak_load_spots`. Over 250 lines, for each table has
its header and its row side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from aipm_metrics.phrases import Phrase, column, either
from aipm_metrics.sentences import flip_words
from aipm_metrics.sentences.peak_load_spots import (
    CENTS,
    HALF,
    NOUNS,
    Spots,
    aloud_at,
    chosen_spot,
    every_spot,
    per_thousand,
)
from aipm_metrics.spoken import count, money, share, undefined, whole, with_unit
from aipm_metrics.spoken_columns import decimals, shares

if TYPE_CHECKING:
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.scenarios.contract import Assumption, Outcome
    from aipm_metrics.scenarios.peak_load import PeakLoadPoint, PeakLoadResult
    from aipm_metrics.scenarios.peak_load_evidence import EvidenceRow
    from aipm_metrics.scenarios.peak_load_moves import Move
    from aipm_metrics.scenarios.peak_load_paths import Simulated

__all__ = [
    "ASSUMPTION_HEADER",
    "CELLS",
    "EVIDENCE_HEADER",
    "FLIP_HEADER",
    "MOVE_HEADER",
    "OUTCOME_HEADER",
    "PERCENTILE_HEADER",
    "POINTS",
    "POINT_HEADER",
    "QUALITY_HEADER",
    "SPOT_HEADER",
    "TOKEN_HEADER",
    "CardAt",
    "aloud",
    "assumption_row",
    "cards",
    "cards_at",
    "comparison_at",
    "described",
    "dial_marks",
    "evidence_line",
    "evidence_row",
    "flip_row",
    "limits_line",
    "move_row",
    "not_simulated",
    "of_people",
    "outcome_row",
    "people_at",
    "percentile_rows",
    "point_notes",
    "point_row",
    "quality_rows",
    "ratios_at",
    "rival",
    "simulated_lines",
    "spot_rows",
    "steps",
    "story",
    "token_rows",
    "worst_assumption",
]

POINTS = {
    "lowest_cost": "lowest cost",
    "keeps_promise": "fewest that keep the promise",
    "cheapest_good": "cheapest good outcome",
    "sized_for_mean": "sized for the average",
}
CELLS = {
    "good": "in time and right",
    "wrong": "in time but wrong",
    "late": "too late",
    "unanswered": "no answer",
}
MOVES = {
    "one_more": "one more server",
    "one_fewer": "one fewer",
    "longer_timeout": "twice the timeout",
    "shorter_timeout": "half the timeout",
    "fallback": "a fallback instead of no answer",
    "no_fallback": "no answer instead of the fallback",
    "no_retries": "no retries",
    "drop_abandoned": "dropping abandoned work",
    "autoscaled": "autoscaling up to this many",
    "fixed": "all of them all day",
}
RARE = 1e-6  # a share below this is not worth its digits
NOBODY = 1e-3  # of requests: where no more are turned away, more servers would change little
POINT_HEADER = (
    "point", "servers", "cost a month", "over the lowest", "in time", "1,000 good outcomes",
)  # fmt: skip
MOVE_HEADER = ("instead", "in time", "by the fallback", "no answer", "cost a month",
               "1,000 good outcomes")  # fmt: skip
FLIP_HEADER = flip_words.FLIP_HEADER
ASSUMPTION_HEADER = ("assumption", "value", "source", "moves the saving by")
OUTCOME_HEADER = ("outcome a month", "here", "compared", "formula")
PERCENTILE_HEADER = ("answers come within", "over the day", "if all hours were average", "promised")
SPOT_HEADER = (
    "servers", "in time", "late", "fallback or no answer", "1,000 good outcomes", "cost",
    "known as",
)  # fmt: skip
TOKEN_HEADER = ("mean time", "over the day", "worst quarter of an hour", "promised")
EVIDENCE_HEADER = (
    "study",
    "what it measured",
    "at our mean wait",
    "at our worst",
    "trust",
    "source",
)
QUALITY_HEADER = ("of answers by", "recall", "false positive rate", "precision", "right")


@dataclass(frozen=True, slots=True)
class CardAt:
    """One outcome at every spot: name, label, how much, how it differs."""

    name: str
    label: str
    value: Phrase
    change: Phrase


def story(result: PeakLoadResult) -> str:
    """Say in one line who comes when and what is at stake."""
    s = result.scenario
    peak = share(s.amplitude)
    wave = f", {peak} more of them at {_clock(s.peak_hour)}" if s.amplitude else ""
    burst = (
        f" and {count(s.burst_rate)} more a second for {count(s.burst_minutes)} minutes from "
        f"{_clock(s.burst_hour)}"
        if s.burst_rate
        else ""
    )
    return f"{count(s.mean_rate)} requests a second on average{wave}{burst}. {s.line}"


def _clock(hour: float) -> str:
    """Say a time of day."""
    minutes = round(hour * 60) % 1440
    return f"{minutes // 60}:{minutes % 60:02d}"


def rival(result: PeakLoadResult) -> str:
    """Name the comparison point."""
    return "today" if result.compared_with == "today" else "the lowest cost"


def cards(result: PeakLoadResult) -> tuple[tuple[str, str, str], ...]:
    """Put five outcomes on cards: label, value, change."""
    return tuple((c.label, c.value[0], c.change[0]) for c in cards_at(chosen_spot(result)))


def cards_at(spots: Spots) -> tuple[CardAt, ...]:
    """Put five outcomes of every spot on cards."""
    s = spots.result.scenario
    here, there = spots.read(lambda m: m.in_time), spots.there(lambda m: m.in_time)
    apart = decimals(np.abs(here - there) * 100, 1)
    same = apart == "0.0"
    points = column(apart) + either(here > there, " points more", " points fewer")
    falls_back = s.when_full == "the fallback answers"
    left = (
        CardAt("fallback", "answered by the fallback", spots.value(lambda m: m.fallback),
               spots.changed(lambda m: m.fallback, "no change"))
        if falls_back
        else CardAt("unanswered", "without an answer", spots.value(lambda m: m.unanswered),
                    spots.changed(lambda m: m.unanswered, "no change"))
    )  # fmt: skip
    verb = either(spots.saving > 0, "saves " + spots.saved, "costs " + spots.saved + " more")
    return (
        CardAt("in_time", f"in time ({share(s.sla_share)} promised)", column(shares(here)),
               either(same, "no change", points)),
        CardAt("late", "late answers a month", spots.value(lambda m: m.late),
               spots.changed(lambda m: m.late, "no change")),
        left,
        CardAt("price_per_good", "per 1,000 good outcomes", spots.per_good, _per_good(spots)),
        CardAt("cost", "cost a month", spots.cost,
               either(np.abs(spots.saving) < CENTS, "costs the same", verb)),
    )  # fmt: skip


def _per_good(spots: Spots) -> Phrase:
    """Say how the price of a good outcome differs."""
    here, there = (read(lambda m: m.price_per_good) for read in (spots.read, spots.there))
    apart = here - there
    size = per_thousand(np.where(np.isnan(apart), 0.0, np.abs(apart)))
    moved = size + either(apart > 0, " more", " less")
    same = (np.isnan(here) & np.isnan(there)) | (np.abs(apart) * 1000 < CENTS)
    alone = either(np.isnan(here), "it was defined", "it was undefined")
    return either(same, "no change", either(np.isnan(apart), alone, moved))


def ratios_at(spots: Spots) -> tuple[tuple[str, Phrase], ...]:
    """Model metrics of every spot under its load; undefined where nothing is answered."""
    told = (
        ("recall of what is answered", spots.read(lambda m: m.recall), "nothing is answered"),
        ("precision", spots.read(lambda m: m.precision), "nothing is flagged"),
        ("answers right", spots.read(lambda m: m.right), "nothing is answered"),
        ("given to the fallback", spots.read(lambda m: m.fallback / m.requests), ""),
        ("servers' time used", spots.result.use[spots.rows], ""),
    )
    return tuple(
        (
            name,
            either(
                np.isnan(values), f"undefined: {why}",
                either((values > 0) & (values < RARE), "under 0.0001 %",
                       column(shares(np.nan_to_num(values)))),
            ),
        )
        for name, values, why in told
    )  # fmt: skip


def aloud(result: PeakLoadResult) -> tuple[str, ...]:
    """Sentences to speak: whom it costs what, the average's promise, the money, the flip point."""
    return tuple(said[0] for said in aloud_at(chosen_spot(result)))


def comparison_at(spots: Spots) -> Phrase:
    """Say what the changes of every spot are changes against."""
    today, best = spots.result.scenario.today_servers, count(spots.result.points[0].servers)
    return either(
        spots.is_today,
        f"This is today's own number, so it is compared with the lowest cost instead, {best}.",
        f"Compared with today's {_servers(today)}.",
    )


def of_people(result: PeakLoadResult) -> str:
    """Head the picture of people."""
    del result
    return "Of 1,000 requests, what becomes of each?"


def people_at(spots: Spots) -> dict[str, Phrase]:
    """Say the cells of every spot; one that shows nobody though it is not empty says so."""
    found, here = spots.result.people, spots.here
    amounts = {
        "good": here.in_time_right, "wrong": here.in_time_wrong, "late": here.late,
        "unanswered": here.unanswered,
    }  # fmt: skip
    said = {}
    for cell in CELLS:
        n = found[cell][spots.rows]
        some = np.broadcast_to(np.asarray(amounts[cell]) > 0.5, n.shape)
        said[cell] = either((n == 0) & some, "under 1", column(decimals(n, 0)))
    return said


def dial_marks(result: PeakLoadResult) -> tuple[tuple[int, str, str], ...]:
    """Name the positions of the dial worth a mark: row, words, and what kind it is."""
    found: dict[int, tuple[list[str], str]] = {}
    worth = [
        (p.servers, POINTS[p.name], "best" if p.name == "lowest_cost" else "point")
        for p in result.points
        if p.feasible
    ]
    for at, name, kind in [*worth, (result.scenario.today_servers, "today", "today")]:
        row = result.row_of(at)
        names, first = found.get(row, ([], kind))
        found[row] = [*names, name], first
    return tuple((row, " and ".join(names), kind) for row, (names, kind) in sorted(found.items()))


def described(result: PeakLoadResult, picture: str) -> str:
    """Describe a picture to whoever cannot see it; true wherever the servers stand."""
    best = count(result.points[0].servers)
    return {
        "people": "1,000 requests as icons: in time and right, in time but wrong, too late, "
        "without an answer.",
        "cost": f"Cost by cause along the number of servers, lowest at {best}; a line marks the "
        "chosen number.",
        "requests": "Share of requests in time, by the fallback, late and without an answer along "
        "the number of servers, with the promise and with what an average day would keep.",
        "hours": "Share of requests not answered in time, by hour of the day and number of "
        "servers: darkest around the peak where servers are few.",
        "tradeoff": "Price of a good outcome against the share of requests in time and right; a "
        "dot marks the chosen number of servers.",
        "simulated": "Share of requests that wait longer than each time, from a simulation with "
        "its error and from the closed form.",
        "day": "Requests a second over the day, with retries, against what the servers can do.",
        "tail": "Share of answers that take longer than each time: over the day, and if every "
        "hour were average.",
    }[picture]


def point_row(point: PeakLoadPoint) -> tuple[str, ...]:
    """Put one operating point in a row of words."""
    name = POINTS[point.name]
    if not point.feasible:
        return name, "out of reach", "", "", f"at most {share(point.in_time)}", ""
    price = "nothing is cheaper" if point.price < CENTS else f"{money(point.price)} more"
    good = "undefined" if undefined(point.price_per_good) else money(point.price_per_good * 1000)
    return name, count(point.servers), money(point.cost), price, share(point.in_time), good


def point_notes(result: PeakLoadResult) -> tuple[str, ...]:
    """Say what the average would have promised, and which points cannot be had."""
    s, mean = result.scenario, result.points[3]
    found = (_out_of_reach(result, point) for point in result.points)
    notes = [note for note in found if note]
    if mean.feasible and mean.in_time < s.sla_share:
        notes.append(
            f"Sized for the average, {_servers(mean.servers)} should keep the promise of "
            f"{share(s.sla_share)}; the real day keeps {share(mean.in_time)}."
        )
    return tuple(notes)


def _out_of_reach(result: PeakLoadResult, point: PeakLoadPoint) -> str:
    """Say why a point cannot be had; nothing where it can."""
    s, turned_away = result.scenario, result.day.over(result.day.given_up)
    if point.feasible:
        return ""
    if point.name == "cheapest_good":
        return "Cheapest good outcome: undefined, for no answer is in time and right."
    said = f"{share(s.sla_share)} within {with_unit(s.sla_s, 's')} is out of reach"
    if point.name == "sized_for_mean":
        said, turned_away = f"Even if every hour were average, {said}", result.mean.unserved
    if turned_away[-1] < NOBODY:
        return f"{said}: the work itself takes too long, and {share(point.in_time)} is the most."
    most = int(result.servers[-1])
    return f"{said} of up to {_servers(most)}: {share(point.in_time)} is the most."


def _servers(n: float) -> str:
    return "1 server" if n == 1 else f"{count(n)} servers"


def move_row(move: Move) -> tuple[str, ...]:
    """Put one thing to do instead in a row of words."""
    here = move.month
    good = float(here.price_per_good)
    return (
        MOVES[move.name], share(float(here.in_time)), _requests(float(here.fallback)),
        _requests(float(here.unanswered)), _than(move.saving),
        "undefined" if undefined(good) else money(good * 1000),
    )  # fmt: skip


def _requests(n: float) -> str:
    """Say how many requests; less than half of one is none to speak of."""
    return "under 1" if 0 < n < HALF else count(n)


def _than(saving: float) -> str:
    if abs(saving) < CENTS:
        return "the same"
    return f"saves {money(saving)}" if saving > 0 else f"costs {money(-saving)} more"


def flip_row(flip: Flip) -> tuple[str, str, str, str]:
    """Say one flip point: what, its value now, the value that changes the answer, how far."""
    return flip_words.flip_row(flip, NOUNS[flip.knob.name])


def assumption_row(assumption: Assumption) -> tuple[str, ...]:
    """Put one assumption in a row of words."""
    knob, value = assumption.knob, assumption.value
    said = value if isinstance(value, str) else with_unit(value, knob.unit)
    swing = "" if undefined(assumption.swing) else f"{money(assumption.swing)} a month"
    return knob.label, said, knob.source, swing


def outcome_row(outcome: Outcome) -> tuple[str, ...]:
    """Put one outcome in a row: exact figures and the formula."""
    digits = 6 if outcome.name == "price_per_good" else 2
    return (
        outcome.label, f"{outcome.value:,.{digits}f} {outcome.unit}",
        f"{outcome.compared:,.{digits}f} {outcome.unit}", outcome.formula,
    )  # fmt: skip


def percentile_rows(result: PeakLoadResult) -> list[tuple[str, ...]]:
    """Say within what time 50, 95 and 99 % of answers come, and what was promised."""
    s, (day, mean) = result.scenario, result.response
    promise = f"{share(s.sla_share)} within {with_unit(s.sla_s, 's')}"
    return [
        (share(part), _seconds(day[part]), _seconds(mean[part]), promise if i == 1 else "")
        for i, part in enumerate(day)
    ]


def _seconds(value: float) -> str:
    return "undefined: nothing is answered" if undefined(value) else with_unit(value, "s")


def simulated_lines(found: Simulated) -> tuple[str, ...]:
    """Say what a simulation of the busiest stretch finds beside the closed form."""
    start, end = (_clock(at / 3600 % 24) for at in (found.start_s, found.end_s))
    apart = abs(found.mean_wait - found.mean_wait_closed)
    close = apart <= 3 * found.mean_wait_error
    return (
        f"From {start} to {end}, followed request by request {found.runs} times: "
        f"{share(found.timed_out)} wait in vain, give or take {share(2 * found.timed_out_error)}; "
        f"the closed form says {share(found.timed_out_closed)}. The mean wait is "
        f"{with_unit(found.mean_wait, 's')}, give or take "
        f"{with_unit(2 * found.mean_wait_error, 's')}; the closed form says "
        f"{with_unit(found.mean_wait_closed, 's')}.",
        "The two agree within the simulation's own error."
        if close
        else "Where they part, believe the simulation: the closed form takes every quarter of an "
        "hour to be in a steady state of its own, and stretches waits where the time per request "
        "is not exponential.",
    )


def not_simulated(why: str) -> str:
    """Say why there is no simulation."""
    return {
        "batching": "A batch whose speed depends on how many share it is worked out in closed "
        "form only; nothing is simulated here.",
        "retries": "Requests that come back are worked out in closed form only; set retries to 0 "
        "or let the fallback answer to simulate.",
    }[why]


def token_rows(result: PeakLoadResult) -> list[tuple[str, ...]]:
    """Say how long tokens take, and what was promised; nothing without tokens."""
    s, t = result.scenario, result.tokens
    if t is None:
        return []
    return [
        ("first token", with_unit(t.first, "s"), with_unit(t.first_worst, "s"),
         with_unit(s.first_token_s, "s")),
        ("each token after it", with_unit(t.each * 1000, "ms"),
         with_unit(t.each_worst * 1000, "ms"), with_unit(s.per_token_ms, "ms")),
    ]  # fmt: skip


def limits_line(result: PeakLoadResult) -> str:
    """Refuse promises that contradict one another, and say what would give; nothing otherwise."""
    s, found = result.scenario, result.limits
    if found is None or found.consistent:
        return ""
    gives = [f"{with_unit(float(found.end_to_end_s), 's')} for the whole answer"]
    if not undefined(float(found.per_token_s)):
        gives.append(f"{with_unit(float(found.per_token_s) * 1000, 'ms')} a token")
    if not undefined(float(found.first_token_s)):
        gives.append(f"{with_unit(float(found.first_token_s), 's')} to the first token")
    if found.output_tokens >= 1:
        gives.append(f"answers of {count(float(found.output_tokens))} tokens")
    return (
        f"These promises contradict one another: {with_unit(s.first_token_s, 's')} to the first "
        f"token and {whole(s.output_tokens - 1)} more at {with_unit(s.per_token_ms, 'ms')} are "
        f"{with_unit(float(found.needed_s), 's')}, and {with_unit(s.sla_s, 's')} are promised "
        f"for the whole answer. One must give: {', or '.join(gives)}."
    )


def evidence_row(row: EvidenceRow) -> tuple[str, ...]:
    """Say what one study makes of the day's waits, and whether such waits were measured."""
    table = row.table
    reach = "" if np.isinf(table.high_s) else f" to {with_unit(table.high_s, 's')}"
    measured = f"from {with_unit(table.low_s, 's')}{reach}"

    def said(wait: float, value: float, *, inside: bool) -> str:
        outside = "" if inside else f", outside what was measured ({measured})"
        return f"{value:.3g} at {with_unit(wait, 's')}{outside}"

    return (
        table.title + (" (in use)" if row.in_use else ""), table.measure,
        said(row.wait_s, row.value, inside=row.inside),
        said(row.worst_s, row.worst, inside=row.worst_inside),
        f"{table.trust}: {table.note}", table.source,
    )  # fmt: skip


def evidence_line(result: PeakLoadResult) -> str:
    """Say which evidence the cost goes by, and whether it reaches as far as these waits."""
    for row in result.evidence:
        if row.in_use and not (row.inside and row.worst_inside):
            return (
                f"The cost of waiting goes by {row.table.title}, read at "
                f"{with_unit(row.wait_s, 's')} on average and {with_unit(row.worst_s, 's')} at "
                f"worst: outside what was measured, so the nearest measured value stands for it."
            )
        if row.in_use:
            return f"The cost of waiting goes by {row.table.title}, inside what was measured."
    return "The cost of waiting is your own price of a late answer, not a study's."


def quality_rows(result: PeakLoadResult) -> list[tuple[str, ...]]:
    """Say how good each model's answers are, and the mixture people get."""
    names = ("the model", "the fallback")
    falls_back = result.scenario.when_full == "the fallback answers"
    return [
        (
            name,
            *(
                "undefined" if undefined(float(v)) else share(float(v))
                for v in (cells.recall, 1 - cells.specificity, cells.precision, cells.accuracy)
            ),
        )
        for name, cells in zip(names, result.quality, strict=True)
        if falls_back or name == "the model"
    ]


def steps(
    result: PeakLoadResult,
) -> tuple[tuple[str, str, tuple[str | int, ...], tuple[str | int, ...], tuple[str, ...]], ...]:
    """Tell the tradeoff one idea at a time; see `moderation.steps` for the shape."""
    return (
        ("story", result.scenario.question, (story(result),),
         ("Ask when they last looked at an average. Then show the hour.",), ()),
        ("people", of_people(result), (), ("Count the late ones aloud; then move the dial.",),
         ("dial", "people")),
        ("picture", "When does it hurt?", (1,), point_notes(result), ("dial", "hours")),
        ("tradeoff", "What do we choose, and whom does it cost what?", (0, 2), (),
         ("dial", "cards")),
        ("mind", "What would change my mind?", (3,),
         ("Say it as a promise: what you will measure, and by when.",), ()),
    )  # fmt: skip


def worst_assumption(result: PeakLoadResult) -> str:
    """Name the assumption that moves the answer most."""
    first = result.assumptions[0]
    if undefined(first.swing) or first.swing < CENTS:
        return "No assumption moves the answer."
    return (
        f'What moves the answer most is "{first.knob.label}": from half to one and a half times '
        f"its value, the saving against {rival(result)} moves by {money(first.swing)} a month."
    )


def spot_rows(result: PeakLoadResult) -> list[tuple[str, ...]]:
    """Put every number of servers in a row of words."""
    spots = every_spot(result)
    told = cards_at(spots)
    return [
        (count(n), *(card.value[row] for card in told), "chosen" if row == result.row else "")
        for row, n in enumerate(result.servers)
    ]
