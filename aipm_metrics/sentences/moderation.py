"""What a person says about a removal threshold: a finished result in, plain sentences out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aipm_metrics.spoken import (
    count,
    cut,
    money,
    one_in,
    share,
    threshold,
    undefined,
    whole,
    with_unit,
)

if TYPE_CHECKING:
    from aipm_metrics.estimates import Estimate
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.models.operating_points import OperatingPoint
    from aipm_metrics.scenarios.contract import Assumption, Outcome
    from aipm_metrics.scenarios.moderation import ModerationResult

__all__ = [
    "ASSUMPTION_HEADER",
    "CAUSES",
    "CELLS",
    "FLIP_HEADER",
    "OUTCOME_HEADER",
    "POINTS",
    "POINT_HEADER",
    "VOLUME_LINE",
    "Card",
    "aloud",
    "assumption_row",
    "cards",
    "comparison",
    "described",
    "flip_line",
    "model_line",
    "moves",
    "of_people",
    "outcome_row",
    "people",
    "point_notes",
    "point_row",
    "ratios",
    "story",
    "worst_assumption",
]

ROUNDING = 1e-9  # what a threshold loses on its way through a link
CENTS = 0.005  # USD a month; less is not a difference
COMMON = 0.1  # a share this large is said in percent, not as "1 in ..."

POINTS = {
    "lowest_cost": "lowest cost",
    "within_load": "lowest within desk hours",
    "at_recall_floor": "lowest at the recall floor",
    "highest_f1": "highest F1",
}
CELLS = {
    "caught": "harmful, removed",
    "wronged": "harmless, removed",
    "missed": "harmful, left up",
    "left alone": "harmless, left alone",
}
CAUSES = {
    "harm": "harm of missed posts",
    "viewers": "viewers who leave",
    "authors": "authors who leave",
    "desk": "the desk's time",
}
VOLUME_LINE = (
    "The number of posts is left out: it scales both sides alike, so it never changes which is "
    "cheaper. So are the model's own knobs, which are neither prices nor rates."
)
POINT_HEADER = (
    "point", "threshold", "cost a month", "over the lowest", "desk hours", "recall", "F1",
)  # fmt: skip
FLIP_HEADER = ("if this moved", "from", "to", "how far that is")
ASSUMPTION_HEADER = ("assumption", "value", "source", "moves the saving by")
OUTCOME_HEADER = ("outcome a month", "here", "compared", "formula")
NOUNS = {
    "prevalence": "the harmful share",
    "items_per_author": "the number of posts an author makes",
    "leave_after_wrongful": "the chance that a wrongful removal drives an author away",
    "value_per_author": "the value of an author",
    "views_per_missed": "the views of a missed post",
    "leave_after_harm": "the chance that a view of harm drives a viewer away",
    "value_per_viewer": "the value of a viewer",
    "harm_per_missed": "the harm of a missed post",
    "appeal_share": "the share of wrongful removals appealed",
    "minutes_per_appeal": "the time per appeal",
    "reports_per_missed": "the reports a missed post brings in",
    "minutes_per_report": "the time per report",
    "reviewer_wage": "the reviewer wage",
}


@dataclass(frozen=True, slots=True)
class Card:
    """One outcome as it stands at the top of the page.

    Attributes
    ----------
    label, value, change
        What it is, how much, and how it differs from the comparison point.
    detail
        The exact figure and the formula, for whoever opens it.
    """

    label: str
    value: str
    change: str
    detail: str


def _cut(result: ModerationResult, value: float) -> str:
    return cut(value, flags_all_at=result.curves.flags_all_at)


def story(result: ModerationResult) -> str:
    """Say in one line who is affected and what is at stake."""
    s = result.scenario
    whose = "" if result.rows is None else ", scored by your rows"
    rare = (
        f"{one_in(1 / s.prevalence)} breaks"
        if s.prevalence < COMMON
        else f"{share(s.prevalence)} break"
    )
    return f"{s.items_per_month:,.0f} posts a month{whose}; {rare} the rules. {s.line}"


def model_line(result: ModerationResult) -> str:
    """Describe the score: how far apart the classes are, and whether it is honest."""
    s = result.scenario
    if result.rows is not None:
        rows = result.rows
        mean = result.mean_reported
        honest = (
            "The scores are not probabilities: they only rank posts."
            if undefined(mean)
            else f"Mean score {share(mean)}, harmful share {share(s.prevalence)}."
        )
        return (
            f"{rows.positives + rows.negatives:,} rows, {rows.positives:,} of them harmful "
            f"({share(rows.prevalence)}), {rows.thresholds.size:,} distinct scores, "
            f"AUC {threshold(rows.auc)}. {honest}"
        )
    return (
        f"Separation {result.separation:.2f} sd. Mean predicted {share(result.mean_reported)}, "
        f"harmful share {share(s.prevalence)}."
    )


def rival(result: ModerationResult) -> str:
    """Name the comparison point."""
    return "today" if result.compared_with == "today" else "the lowest cost"


def _difference(chosen: float, compared: float) -> str:
    """Say a change of a count: so many more, so many fewer, or as many."""
    change = chosen - compared
    if count(abs(change)) == "0":
        return "as many"
    return f"{count(abs(change))} {'more' if change > 0 else 'fewer'}"


def _change(chosen: float, compared: float) -> str:
    difference = _difference(chosen, compared)
    return "no change" if difference == "as many" else difference


def _saving(result: ModerationResult, *, against: bool = True) -> str:
    """Say a change of money as a verb."""
    if abs(result.saving) < CENTS:
        return f"costs the same as {rival(result)}" if against else "costs the same"
    if result.saving > 0:
        return f"saves {money(result.saving)}" + (f" against {rival(result)}" if against else "")
    return f"costs {money(-result.saving)} more" + (f" than {rival(result)}" if against else "")


def cards(result: ModerationResult) -> tuple[Card, ...]:
    """Put the five outcomes on cards: viewers, authors, the desk, money."""
    by_name = {outcome.name: outcome for outcome in result.outcomes}

    def card(name: str, label: str) -> Card:
        o = by_name[name]
        return Card(
            label, count(o.value), _change(o.value, o.compared),
            f"{o.value:,.2f} {o.unit} a {o.per} = {o.formula}",
        )  # fmt: skip

    desk, cost = by_name["desk_hours"], by_name["cost"]
    return (
        card("fn", "harmful left up"),
        card("fp", "wrongly removed"),
        card("authors_leaving", "authors leaving"),
        Card(
            f"desk hours of {count(result.scenario.desk_hours)}",
            count(desk.value),
            _change(desk.value, desk.compared),
            f"{desk.value:,.2f} hours a month = {desk.formula}",
        ),
        Card(
            "cost a month",
            money(cost.value),
            _saving(result, against=False),
            f"{cost.value:,.2f} USD a month = {cost.formula}",
        ),
    )


def ratios(result: ModerationResult) -> tuple[tuple[str, str], ...]:
    """Model metrics, beside the outcomes and never in front of them."""
    cells = result.confusion
    named = {
        "precision": (cells.precision, "nothing is flagged"),
        "recall": (cells.recall, "no post is harmful"),
        "F1": (cells.f1, "nothing is harmful or flagged"),
        "MCC": (cells.mcc, "everything or nothing is flagged"),
        "share flagged": (cells.flagged / cells.total, ""),
    }
    told = [
        (name, f"undefined: {why}" if undefined(float(value)) else _ratio(name, float(value)))
        for name, (value, why) in named.items()
    ]
    return (*told, *((f"{name} on the rows", _counted(e)) for name, e in result.counted.items()))


def _counted(estimate: Estimate) -> str:
    """Say a share with its interval, or that there are too few rows to say."""
    if estimate.too_few:
        return f"too few to say: {estimate.trials} rows"
    ends = f"{share(estimate.low)} to {share(estimate.high)}"
    return f"{share(estimate.value)} ({ends} at 95 % confidence, {estimate.trials:,} rows)"


def _ratio(name: str, value: float) -> str:
    return f"{value:.3f}" if name in {"F1", "MCC"} else share(value)


def aloud(result: ModerationResult) -> tuple[str, ...]:
    """Sentences to speak: the choice and whom it costs what, the money, the flip point."""
    return (_choice(result), _money(result), _best(result), _mind(result))


def _choice(result: ModerationResult) -> str:
    here, there = result.chosen, result.compared
    left, removed = here.confusion.fn, here.confusion.fp
    if result.chosen.threshold == result.compared.threshold:
        return (
            f"At a threshold of {_cut(result, here.threshold)} we leave {count(left)} harmful "
            f"posts up and wrongly remove {count(removed)} a month; that is already the "
            "lowest cost."
        )
    at = (
        f"today's {_cut(result, there.threshold)}"
        if result.compared_with == "today"
        else f"the lowest cost's {_cut(result, there.threshold)}"
    )
    return (
        f"At a threshold of {_cut(result, here.threshold)} we leave {count(left)} harmful posts "
        f"up and wrongly remove {count(removed)} a month: "
        f"{_difference(left, there.confusion.fn)} left up and "
        f"{_difference(removed, there.confusion.fp)} wrongly removed, against {at}."
    )


def _money(result: ModerationResult) -> str:
    s = result.scenario
    over = result.desk_hours - s.desk_hours
    if over <= ROUNDING * s.desk_hours:  # a threshold on the very edge of the limit
        over = 0.0
    desk = (
        f"the desk needs {count(result.desk_hours)} of its {count(s.desk_hours)} hours"
        if over <= 0
        else f"the desk would need {count(result.desk_hours)} hours, {count(over)} more than it has"
    )
    saving = _saving(result)
    joined = f" and {saving}" if result.saving > CENTS else f", {saving.removeprefix('costs ')}"
    return f"It costs {money(result.cost)} a month{joined}; {desk}."


def _best(result: ModerationResult) -> str:
    best, desk = result.lowest_cost, result.within_desk
    extra = result.cost - best.cost
    if extra < CENTS:
        return "No threshold is cheaper."
    more = " more" if result.saving > CENTS else ""
    text = (
        f"The cheapest threshold, {_cut(result, best.threshold)}, would save {money(extra)}{more}"
        if best.threshold != float("inf")
        else f"Flagging nothing is cheapest and would save {money(extra)}{more}"
    )
    if not desk.feasible:
        return f"{text}, but no threshold fits the desk's hours."
    if best.load > result.scenario.desk_hours * (1 + ROUNDING):
        text += f", but needs {count(best.load)} desk hours"
        if result.cost - desk.cost > CENTS:
            text += (
                f"; within the desk's hours {_cut(result, desk.threshold)} is cheapest and "
                f"saves {money(result.cost - desk.cost)}"
            )
    return text + "."


def _mind(result: ModerationResult) -> str:
    nearest = result.flips[0]
    if undefined(nearest.at):
        return "No single price or rate, anywhere in its range, would change my mind."
    if result.saving >= 0:
        return f"I would change my mind if {_moved(nearest)}."
    cheaper = rival(result)[0].upper() + rival(result)[1:]
    return f"{cheaper} is cheaper; I would be right only if {_moved(nearest)}."


def _moved(flip: Flip) -> str:
    unit = flip.knob.unit
    verb = "rose above" if flip.at > flip.today else "fell below"
    return (
        f"{NOUNS[flip.knob.name]} {verb} {with_unit(flip.at, unit)} "
        f"(now {with_unit(flip.today, unit)})"
    )


def flip_line(flip: Flip) -> tuple[str, str, str, str]:
    """Say one flip point: what, its value now, the value that changes the answer, how far."""
    unit = flip.knob.unit
    if undefined(flip.at):
        return NOUNS[flip.knob.name], with_unit(flip.today, unit), "not within its range", ""
    far = f"{share(flip.distance)} of its range away"
    return NOUNS[flip.knob.name], with_unit(flip.today, unit), with_unit(flip.at, unit), far


def point_row(result: ModerationResult, point: OperatingPoint) -> tuple[str, ...]:
    """Put one operating point in a row of words."""
    name = POINTS[point.name]
    if not point.feasible:
        return name, "out of reach", "", "", f"at least {count(point.load)}", "", ""
    price = "nothing is cheaper" if point.price < CENTS else f"{money(point.price)} more"
    return (
        name, _cut(result, point.threshold), money(point.cost), price, count(point.load),
        share(point.tpr), f"{point.f1:.3f}",
    )  # fmt: skip


def assumption_row(assumption: Assumption) -> tuple[str, ...]:
    """Put one assumption in a row of words."""
    knob, value = assumption.knob, assumption.value
    said = value if isinstance(value, str) else with_unit(value, knob.unit)
    swing = "" if undefined(assumption.swing) else f"{money(assumption.swing)} a month"
    return knob.label, said, knob.source, swing


def outcome_row(outcome: Outcome) -> tuple[str, ...]:
    """Put one outcome in a row: exact figures and the formula."""
    return (
        outcome.label, f"{outcome.value:,.2f} {outcome.unit}",
        f"{outcome.compared:,.2f} {outcome.unit}", outcome.formula,
    )  # fmt: skip


def of_people(result: ModerationResult) -> str:
    """Head the picture of people."""
    return f"Of {result.people.of:,} posts, who gets what?"


def described(result: ModerationResult, picture: str) -> str:
    """Describe a picture to whoever cannot see it."""
    here = f"threshold {_cut(result, result.chosen.threshold)}"
    best = f"lowest at {_cut(result, result.lowest_cost.threshold)}"
    if picture == "people":
        cells = "; ".join(f"{n} {cell}" for cell, n in people(result))
        return f"Of {result.people.of:,} posts: {cells}."
    return {
        "cost": f"Cost by cause along the threshold: {money(result.cost)} a month at {here}, "
        f"{best}.",
        "scores": f"Scores of harmful and of harmless posts, cut at {here}.",
        "roc": f"ROC curve: recall {share(float(result.chosen.rates.tpr))} and "
        f"{share(float(result.chosen.rates.fpr))} of harmless posts removed at {here}.",
        "precision": f"Precision against recall, at {here}.",
    }[picture]


def moves(result: ModerationResult) -> dict[str, float]:
    """Name the thresholds one can move to: the operating points within the slider's reach."""
    low, high = result.curves.low, result.curves.high
    return {
        f"{POINTS[point.name]} {_cut(result, point.threshold)}": point.threshold
        for point in result.points
        if low <= point.threshold <= high
    }


def point_notes(result: ModerationResult) -> tuple[str, ...]:
    """Say which operating points cannot be had, and by how much; and which lie off the slider."""
    s, low, high = result.scenario, result.curves.low, result.curves.high
    notes = []
    for point in result.points:
        name = POINTS[point.name][0].upper() + POINTS[point.name][1:]
        if not point.feasible:
            notes.append(
                f"{name}: out of reach. Every threshold needs at least {whole(point.load)} desk "
                f"hours, {whole(point.load - s.desk_hours)} more than the "
                f"{whole(s.desk_hours)} there are."
            )
        elif not low <= point.threshold <= high:
            notes.append(
                f"{name}: {_cut(result, point.threshold)}. It lies beyond the slider and is drawn "
                "at its edge."
            )
    pride = result.highest_f1.price
    if pride >= CENTS:
        notes.append(f"Choosing by F1 costs {money(pride)} a month more than it must.")
    return tuple(notes)


def comparison(result: ModerationResult) -> str:
    """Say what the changes are changes against."""
    there = _cut(result, result.compared.threshold)
    if result.compared_with == "today":
        return f"Compared with today's setting, {there}."
    return (
        "The choice is today's own setting, so it is compared with the lowest cost instead, "
        f"at {there}."
    )


def people(result: ModerationResult) -> tuple[tuple[str, str], ...]:
    """Say the four cells out of a round number of posts."""
    found = result.people
    return tuple(
        (CELLS[cell], one_in(found.one_in[cell]) if cell in found.one_in else f"{n:,}")
        for cell, n in found.people.items()
    )


def worst_assumption(result: ModerationResult) -> str:
    """Name the assumption that moves the answer most."""
    first = result.assumptions[0]
    if undefined(first.swing) or first.swing < CENTS:
        return "No assumption moves the answer."
    return (
        f"What moves the answer most is {NOUNS[first.knob.name]}: from half to one and a half "
        f"times its value, the saving against {rival(result)} moves by {money(first.swing)} a "
        "month."
    )
