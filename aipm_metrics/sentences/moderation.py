"""What a person says about a removal threshold: a finished result in, plain sentences out.

Long because it holds all of one question's words; those of one threshold are in
`moderation_spots`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from aipm_metrics.phrases import Phrase, column, either
from aipm_metrics.ranges import without_range
from aipm_metrics.sentences.flip_words import FLIP_HEADER, flip_row
from aipm_metrics.sentences.moderation_spots import (
    CENTS,
    NOUNS,
    Spots,
    aloud_at,
    chosen_spot,
    every_spot,
    said_at,
)
from aipm_metrics.spoken import (
    count,
    cut,
    money,
    one_in,
    share,
    span,
    threshold,
    undefined,
    whole,
    with_unit,
)
from aipm_metrics.spoken_columns import decimals, ones_in, shares

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.estimates import Estimate
    from aipm_metrics.models.flip_points import Flip
    from aipm_metrics.models.operating_points import OperatingPoint
    from aipm_metrics.scenarios.contract import Assumption, Outcome
    from aipm_metrics.scenarios.moderation import ModerationResult
    from aipm_metrics.spoken_columns import Words

__all__ = [
    "ASSUMPTION_HEADER",
    "CAUSES",
    "CELLS",
    "FLIP_HEADER",
    "OUTCOME_HEADER",
    "POINTS",
    "POINT_HEADER",
    "RATIO_HEADER",
    "SPOT_HEADER",
    "TERMS",
    "TERMS_LINE",
    "VOLUME_LINE",
    "Card",
    "CardAt",
    "aloud",
    "assumption_row",
    "cards",
    "cards_at",
    "comparison",
    "comparison_at",
    "described",
    "dial_marks",
    "flip_line",
    "model_line",
    "of_people",
    "outcome_row",
    "people",
    "people_at",
    "point_notes",
    "point_row",
    "ratio_rows",
    "ratios",
    "ratios_at",
    "rival",
    "spot_rows",
    "steps",
    "story",
    "worst_assumption",
]

LEAST_RARE = 1e307  # one in more than this is nobody
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
    "late": "harm before removal",
    "viewers": "viewers who leave",
    "authors": "authors who leave",
    "desk": "the desk's time",
    "model": "the model",
}
VOLUME_LINE = (
    "Left out is what never changes which threshold is cheaper: the number of posts, which scales "
    "both sides alike, and the price of the model, which both sides pay; also AUC, temperature "
    "and calibration, which are neither prices nor rates."
)
POINT_HEADER = (
    "point", "threshold", "cost a month", "over the lowest", "desk hours", "recall", "F1",
)  # fmt: skip
RATIO_HEADER = ("metric", "value", "what it is")
TERMS = {
    "precision": "the share of removals that are right",
    "recall": "the share of harmful posts removed",
    "F1": "the balance of the two, their harmonic mean",
    "MCC": "how removed and harmful correlate (Matthews): 1 is perfect, 0 is a coin",
    "share flagged": "the share of all posts removed",
}
TERMS_LINE = " ".join(f"{term[0].upper()}{term[1:]} is {clause}." for term, clause in TERMS.items())
SPOT_HEADER = (
    "threshold", "harmful left up", "wrongly removed", "authors leaving", "desk hours", "cost",
    "known as",
)  # fmt: skip
SOME = 8  # thresholds between the named ones
ASSUMPTION_HEADER = ("assumption", "value", "range", "source", "moves the saving by")
OUTCOME_HEADER = ("outcome a month", "here", "compared", "formula")


@dataclass(frozen=True, slots=True)
class CardAt:
    """One outcome at every spot.

    Attributes
    ----------
    name, label
        The outcome's, and what it is called on the card.
    value, change : Phrase
        How much, and how it differs from the comparison point.
    """

    name: str
    label: str
    value: Phrase
    change: Phrase


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
    """Describe the model: how far apart the classes score, whether honestly, its bill, its pace."""
    return " ".join(said for said in (_score_line(result), _bill_line(result)) if said)


def _bill_line(result: ModerationResult) -> str:
    """Say what scoring costs, and how much has been seen by the time it decides."""
    s, said = result.scenario, []
    if s.model_price:
        said.append(f"Scoring costs {money(result.cost_by_cause['model'])} a month.")
    if s.decision_delay:
        said.append(
            f"By the time the model decides, {with_unit(s.decision_delay, 'min')} after posting, "
            f"a post has had {share(result.seen_before_decision)} of its views."
        )
    return " ".join(said)


def _score_line(result: ModerationResult) -> str:
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
        f"Harmful posts score {result.separation:.2f} standard deviations above harmless ones, as "
        f"the AUC has it. Mean score {share(result.mean_reported)}, "
        f"harmful share {share(s.prevalence)}."
    )


def rival(result: ModerationResult) -> str:
    """Name the comparison point."""
    return "today" if result.compared_with == "today" else "the lowest cost"


def cards(result: ModerationResult) -> tuple[Card, ...]:
    """Put the five outcomes on cards: viewers, authors, the desk, money."""
    by_name = {outcome.name: outcome for outcome in result.outcomes}
    return tuple(
        Card(card.label, card.value[0], card.change[0], _detail(by_name[card.name]))
        for card in cards_at(chosen_spot(result))
    )


def _detail(outcome: Outcome) -> str:
    return f"{outcome.value:,.2f} {outcome.unit} a {outcome.per} = {outcome.formula}"


def cards_at(spots: Spots) -> tuple[CardAt, ...]:
    """Put the five outcomes of every spot on cards."""
    limit = count(spots.result.scenario.desk_hours)
    people = (
        ("fn", "harmful left up", spots.left_up),
        ("fp", "wrongly removed", spots.removed),
        ("authors_leaving", "authors leaving", spots.authors_leaving),
        ("desk_hours", f"desk hours of {limit}", spots.desk_hours),
    )
    verb = either(spots.saving > 0, "saves " + spots.saved, "costs " + spots.saved + " more")
    same = np.abs(spots.saving) < CENTS
    return (
        *(
            CardAt(name, label, said.value, said.changed(none="no change"))
            for name, label, said in people
        ),
        CardAt("cost", "cost a month", spots.cost, either(same, "costs the same", verb)),
    )


def ratios(result: ModerationResult) -> tuple[tuple[str, str], ...]:
    """Model metrics, beside the outcomes and never in front of them."""
    told = [(name, said[0]) for name, said in ratios_at(chosen_spot(result))]
    return (*told, *((f"{name} on the rows", _counted(e)) for name, e in result.counted.items()))


def ratio_rows(result: ModerationResult) -> tuple[tuple[str, str, str], ...]:
    """Put model metrics in rows of words: what each is called, its value, what it is."""
    counted = "as counted, with its interval"
    return tuple((name, said, TERMS.get(name, counted)) for name, said in ratios(result))


def ratios_at(spots: Spots) -> tuple[tuple[str, Phrase], ...]:
    """Model metrics of every spot; a ratio without a denominator is said to be undefined."""
    cells = spots.here.confusion

    def told(say: Callable[[Any], Words], values: Any, why: str) -> Phrase:
        return either(np.isnan(values), f"undefined: {why}", column(say(values)))

    return (
        ("precision", told(shares, cells.precision, "nothing is flagged")),
        ("recall", told(shares, cells.recall, "no post is harmful")),
        ("F1", told(three_decimals, cells.f1, "nothing is harmful or flagged")),
        ("MCC", told(three_decimals, cells.mcc, "everything or nothing is flagged")),
        ("share flagged", column(shares(cells.flagged / cells.total))),
    )


def three_decimals(values: Any) -> Words:
    """Write numbers with three decimals."""
    return decimals(values, 3)


def _counted(estimate: Estimate) -> str:
    """Say a share with its interval, or that there are too few rows to say."""
    if estimate.too_few:
        return f"too few to say: {estimate.trials} rows"
    ends = f"{share(estimate.low)} to {share(estimate.high)}"
    return f"{share(estimate.value)} ({ends} at 95 % confidence, {estimate.trials:,} rows)"


def aloud(result: ModerationResult) -> tuple[str, ...]:
    """Sentences to speak: the choice and whom it costs what, the money, the flip point."""
    return tuple(said[0] for said in aloud_at(chosen_spot(result)))


def flip_line(flip: Flip) -> tuple[str, str, str, str]:
    """Say one flip point: what, its value now, the value that changes the answer, how far."""
    return flip_row(flip, NOUNS[flip.knob.name])


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
    if undefined(assumption.swing):
        why = without_range(knob) or "it is counted, not assumed"
        return knob.label, said, "none", knob.source, f"undefined: {why}"
    return knob.label, said, _range(assumption), knob.source, f"{money(assumption.swing)} a month"


def _range(assumption: Assumption) -> str:
    return span(assumption.low, assumption.high, assumption.knob.unit)


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
    """Describe a picture to whoever cannot see it; true wherever the threshold stands."""
    return {
        "people": f"{result.people.of:,} posts as icons: harmful ones and harmless ones, removed "
        "or not.",
        "cost": "Cost by cause along the threshold, lowest at "
        f"{_cut(result, result.lowest_cost.threshold)}; a line marks the chosen threshold.",
        "scores": "Scores of harmful and of harmless posts, cut by the chosen threshold.",
        "roc": "ROC curve: recall against the share of harmless posts removed; a dot marks the "
        "chosen threshold.",
        "precision": "Precision against recall; a dot marks the chosen threshold.",
    }[picture]


def dial_marks(result: ModerationResult) -> tuple[tuple[int, str, str], ...]:
    """Name the positions of the dial worth a mark: row, words, and "best", "point" or "today"."""
    curves = result.curves
    worth = [
        (p.threshold, POINTS[p.name], "best" if p.name == "lowest_cost" else "point")
        for p in result.points
    ]
    found: dict[int, tuple[list[str], str]] = {}
    for at, name, kind in [*worth, (result.scenario.today_threshold, "today", "today")]:
        if curves.low <= at <= curves.high:
            row = int(np.searchsorted(curves.threshold, at))
            names, first = found.get(row, ([], kind))
            found[row] = [*names, name], first
    return tuple((row, " and ".join(names), kind) for row, (names, kind) in sorted(found.items()))


def spot_rows(result: ModerationResult) -> list[tuple[str, ...]]:
    """Put a dozen thresholds in rows of words: the chosen one, the named ones, some between."""
    spots = every_spot(result)
    t = result.curves.threshold.size
    named = [row for row, _, _ in dial_marks(result)]
    rows = sorted({*np.linspace(0, t - 1, SOME).round().astype(int).tolist(), *named, result.row})
    told = cards_at(spots)
    return [
        (spots.cut[row], *(card.value[row] for card in told),
         "chosen" if row == result.row else "")
        for row in rows
    ]  # fmt: skip


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
    return comparison_at(chosen_spot(result))[0]


def comparison_at(spots: Spots) -> Phrase:
    """Say what the changes of every spot are changes against."""
    today, cheapest = (float(m.threshold) for m in (spots.result.today, spots.result.cheapest))
    at = said_at(spots, cheapest, "at {}", "{}")
    return either(
        spots.is_today,
        f"This is today's own setting, so it is compared with the lowest cost instead, {at}.",
        f"Compared with today's setting, {said_at(spots, today, '{}', '{}')}.",
    )


def people(result: ModerationResult) -> tuple[tuple[str, str], ...]:
    """Say the four cells out of a round number of posts."""
    said = people_at(chosen_spot(result))
    return tuple((label, said[cell][0]) for cell, label in CELLS.items())


def people_at(spots: Spots) -> dict[str, Phrase]:
    """Say the four cells of every spot; one that shows nobody is "1 in so many"."""
    found, said = spots.result.people, {}
    for cell in CELLS:
        n = found.people[cell][spots.rows]
        words, nobody = decimals(n, 0), np.flatnonzero(n == 0)
        many = found.one_in[cell][spots.rows][nobody]
        words[nobody] = np.where(many > LEAST_RARE, "0", ones_in(many))
        said[cell] = column(words)
    return said


def steps(
    result: ModerationResult,
) -> tuple[tuple[str, str, tuple[str | int, ...], tuple[str | int, ...], tuple[str, ...]], ...]:
    """Tell the tradeoff one idea at a time.

    Returns
    -------
    tuple of (name, title, text, note, panels)
        The text is shown, the note is the speaker's; in both a number stands for that sentence
        of the paragraph to say aloud. Panels by name.
    """
    best = result.lowest_cost
    lowest = f"The lowest cost is {money(best.cost)} a month, at {_cut(result, best.threshold)}."
    return (
        ("story", result.scenario.question, (story(result),),
         ("Say who is hurt on each side before you say a number.", model_line(result)), ()),
        ("people", of_people(result), (),
         ("Count aloud, the harmful ones first; then move the threshold and count again.",),
         ("dial", "people")),
        ("picture", "What does each threshold cost, and why?", (),
         (lowest, *point_notes(result)), ("dial", "cost")),
        ("tradeoff", "What do we choose, and whom does it cost what?", (0, 1), (2,),
         ("dial", "cards")),
        ("mind", "What would change my mind?", (3,),
         ("Say it as a promise: what you will measure, and by when.",), ()),
    )  # fmt: skip


def worst_assumption(result: ModerationResult) -> str:
    """Name the assumption that moves the answer most."""
    first = result.assumptions[0]
    if undefined(first.swing) or first.swing < CENTS:
        return "No assumption moves the answer."
    return (
        f"What moves the answer most is {NOUNS[first.knob.name]}: from {_range(first)} the saving "
        f"against {rival(result)} moves by {money(first.swing)} a month."
    )
