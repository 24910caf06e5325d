"""What a person says about their own rows: a finished profile in, words out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aipm_metrics.sentences.your_data_bounds import at_most, bound_notes, plus_minus
from aipm_metrics.sentences.your_data_groups import area
from aipm_metrics.spoken import count, cut, money, share, undefined, whole

if TYPE_CHECKING:
    from aipm_metrics.estimates import Estimate
    from aipm_metrics.rows.profile_parts import RowsProfile

__all__ = [
    "LINE",
    "QUESTION",
    "Card",
    "against",
    "aloud",
    "amount_lines",
    "calibration_line",
    "cards",
    "described",
    "evidence_lines",
    "notes",
    "summary",
]

QUESTION = "What do your own rows say?"
LINE = (
    "Point at rows with a score and a true label. See what each threshold does to them, what it "
    "costs, for whom it works worst, and how sure that is."
)
SURE, EVEN = 0.95, 0.5
NEARLY = 0.999  # a chance above this is not told to the last digit
CENTS = 0.005  # USD; less is no difference


@dataclass(frozen=True, slots=True)
class Card:
    """One number with what it is, what stands beside it, and how it is found."""

    label: str
    value: str
    change: str
    detail: str


def summary(p: RowsProfile) -> str:
    """Say in one line which rows these are."""
    when = f", {p.span[0]} to {p.span[1]}" if p.span else ""
    return (
        f"{p.rows:,} rows of {p.name}{when}; {p.positives:,} are events ({p.label} is {p.event})."
    )


def cards(p: RowsProfile) -> tuple[Card, ...]:
    """Say five numbers: rows, events, ranking, cost, and how sure the choice is."""
    left_out = f"{p.left_out:,} left out" if p.left_out else "none left out"
    return (
        Card("rows counted", count(p.rows), left_out, "Rows with both a score and a label."),
        Card(
            "are events", share(p.prevalence.value), f"{p.positives:,} rows",
            f"Rows whose {p.label} is {p.event}. 95 % interval: {_ends(p.prevalence)}.",
        ),
        Card(
            "AUC", area(p.auc.value),
            "too few to say" if undefined(p.auc.low)
            else f"{area(p.auc.low)} to {area(p.auc.high)}",
            "Chance that a random event outscores a random other row; DeLong's 95 % interval.",
        ),
        Card(
            "cost at B", money(p.b.cost), _saving(p),
            "Misses and false alarms among the counted rows, at your two prices.",
        ),
        Card("B is cheaper", _chance(p), _labels_short(p),
             "How likely that is, on this evidence, for more rows of this kind."),
    )  # fmt: skip


def against(p: RowsProfile) -> str:
    """Say what the cards speak of."""
    return (
        f"B at {cut(p.b.threshold)} against A at {cut(p.a.threshold)}, on these rows and at the "
        "prices below."
    )


def _ends(e: Estimate) -> str:
    return f"{share(e.low)} to {share(e.high)}"


def _saving(p: RowsProfile) -> str:
    saving, unknown = p.verdict.saving, p.verdict.unknown
    if unknown >= max(abs(saving), CENTS):
        return "too coarse to say"
    if abs(saving) < CENTS:
        return "the same as A"
    said = f"saves {money(saving)}" if saving > 0 else f"costs {money(-saving)} more"
    return plus_minus(said, unknown) if unknown else said


def _chance(p: RowsProfile) -> str:
    if p.verdict.coarse:
        return "too coarse"
    if p.verdict.status == "undefined":
        return "undefined"
    if p.verdict.status == "too few":
        return "too few"
    chance = p.verdict.chance_b
    if chance > NEARLY:
        return f">{share(NEARLY)}"
    return f"<{share(1 - NEARLY)}" if chance < 1 - NEARLY else share(chance)


def _labels_short(p: RowsProfile) -> str:
    v = p.verdict
    if v.coarse:
        return "count exactly"
    if v.status == "undefined":
        return "no row lies between"
    if max(v.chance_b, 1 - v.chance_b) >= SURE:
        return "enough labels"
    return (
        "no number of labels"
        if v.labels_needed > 1e12
        else f"{count(v.labels_needed)} labels needed"
    )


def aloud(p: RowsProfile) -> tuple[str, ...]:
    """Say which threshold, what it does and costs, how sure, and what would change my mind."""
    a, b, v = p.a, p.b, p.verdict
    first = f"On {p.rows:,} rows, flagging from {cut(b.threshold)} up catches {b.tp:,} of "
    first += f"{p.positives:,} events and {b.fp:,} other {_rows(b.fp)} by mistake"
    if v.between == 0 and not v.coarse:
        return (
            f"{first}; it costs {money(b.cost)}. A and B treat every row alike, so there is "
            "nothing to choose between them.",
        )
    return (
        f"{first}; flagging from {cut(a.threshold)} catches {a.tp:,} and {a.fp:,}.",
        _money(p), *evidence_lines(p), *_mind(p),
    )  # fmt: skip


def _rows(n: int) -> str:
    return "row" if n == 1 else "rows"


def _money(p: RowsProfile) -> str:
    v = p.verdict
    if v.coarse:
        return f"B costs {at_most(money(p.b.cost), p.b.unknown)}."
    if abs(v.saving) < CENTS:
        return f"Both cost {money(p.b.cost)}."
    better, other = (p.b, p.a) if v.saving > 0 else (p.a, p.b)
    return (
        f"At {money(p.prices.miss)} a miss and {money(p.prices.false_alarm)} a false alarm, "
        f"{cut(better.threshold)} costs {money(better.cost)} and {cut(other.threshold)} costs "
        f"{money(other.cost)}: {cut(better.threshold)} saves {money(abs(v.saving))}."
    )


def evidence_lines(p: RowsProfile) -> tuple[str, ...]:
    """Say how sure it is which of A and B is cheaper, and how many labels would make it so."""
    v = p.verdict
    if v.coarse:
        return ("Binned scores are too coarse to say which is cheaper: count exactly.",)
    if v.status == "undefined":
        return ("No row lies between A and B, so these rows cannot tell them apart.",)
    named, chance = ("B", v.chance_b) if v.chance_b >= EVEN else ("A", 1 - v.chance_b)
    if v.status == "too few":
        rows = "row lies" if v.between == 1 else "rows lie"
        said = f"Only {v.between:,} {rows} between A and B: too few to say which is cheaper."
    elif chance > NEARLY:
        said = f"On this evidence it is all but certain that {named} is the cheaper one."
    else:
        said = f"On this evidence the chance that {named} is the cheaper one is {share(chance)}."
    if chance >= SURE and v.status == "said":
        return (said,)
    if v.labels_needed > 1e12:
        return (said, "No number of labels would tell them apart: they cost the same.")
    return (
        said,
        f"To be {share(SURE)} sure takes about {count(v.labels_needed)} labelled rows of this "
        f"kind; there are {count(p.rows)}.",
    )


def _mind(p: RowsProfile) -> tuple[str, ...]:
    flip = p.verdict.flip_miss
    if undefined(flip) or abs(p.verdict.saving) < CENTS or p.verdict.coarse:
        return ()
    less = "less" if flip < p.prices.miss else "more"
    return (f"I would change my mind if a miss cost {less} than {money(flip)}.",)


def notes(p: RowsProfile) -> tuple[str, ...]:
    """Say what a reader of the numbers must know."""
    said = list(p.notes)
    if p.left_out:
        have, are = ("has", "is") if p.left_out == 1 else ("have", "are")
        said.append(
            f"{p.left_out:,} of {p.rows + p.left_out:,} rows {have} no score or no label and {are} "
            "left out."
        )
    said.append(calibration_line(p))
    if not p.exact:
        said.extend(bound_notes(p))
    else:
        said.append(f"Counted exactly, at {p.distinct:,} distinct scores.")
    if undefined(p.verdict.held_out):
        said.append(
            "The lowest cost was found on these same rows: expect a little more on new ones."
        )
    else:
        said.append(
            f"B was chosen on these same rows. Chosen on half of them and judged by the other "
            f"half, it {_saves(p.verdict.held_out)}, not {money(p.verdict.saving)}; the chance is "
            "found that way too."
        )
    return tuple(said)


def _saves(usd: float) -> str:
    return f"saves {money(usd)}" if usd >= 0 else f"costs {money(-usd)} more"


def calibration_line(p: RowsProfile) -> str:
    """Say whether the scores add up to what happened."""
    c = p.calibration
    if c is None:
        return "Scores are not within 0 and 1: they rank rows but are no probabilities."
    return f"The scores add up to {whole(c.said)} events; {whole(c.happened)} happened."


def amount_lines(p: RowsProfile) -> tuple[str, ...]:
    """Say what changes where a miss costs the row's own amount."""
    m = p.amounts
    if m is None:
        return ()
    said = [
        f"Events are worth {money(m.of_events)} in all, other rows {money(m.of_others)}. If a miss "
        f"costs the row's amount, B costs {money(m.cost_b)}, and {cut(m.best_threshold)} is the "
        f"cheapest single threshold at {money(m.best_cost)}.",
    ]
    if p.calibration is not None:
        said.append(
            "One threshold for all is not the best there is: if scores are chances, the larger the "
            "amount, the lower the score from which a flag pays."
        )
    if m.without:
        said.append(f"{m.without:,} rows have no amount; missing them costs nothing here.")
    return tuple(said)


def described(p: RowsProfile, picture: str) -> str:
    """Say what a picture shows, for whoever cannot see it."""
    a, b, best = p.a, p.b, p.best
    told = {
        "cost": (
            f"Cost along the threshold. A at {cut(a.threshold)} costs {money(a.cost)}, B at "
            f"{cut(b.threshold)} {money(b.cost)}; the lowest is {money(best.cost)} at "
            f"{cut(best.threshold)}."
        ),
        "scores": (
            f"Two outlines: where {p.positives:,} events score and where {p.negatives:,} other "
            f"rows do, with A at {cut(a.threshold)} and B at {cut(b.threshold)}."
        ),
        "calibration": f"Share of events by score, beside what the score says. "
        f"{calibration_line(p)}",
        "roc": (
            f"ROC curve, AUC {area(p.auc.value)}: at A {share(a.recall.value)} of events for "
            f"{share(a.fpr.value)} of the others, at B {share(b.recall.value)} for "
            f"{share(b.fpr.value)}."
        ),
        "pr": (
            f"Precision along recall: at A {share(a.precision.value)} of flags are right, at B "
            f"{share(b.precision.value)}."
        ),
        "months": f"Recall at B in each of {len(p.months)} months, with intervals.",
        "mix": f"Share of events in each of {len(p.months)} months, with intervals.",
    }
    if p.amounts is not None:
        m = p.amounts
        told["amounts"] = (
            f"Cost along the threshold where a miss costs the row's amount; the lowest is "
            f"{money(m.best_cost)} at {cut(m.best_threshold)}."
        )
        told["elkan"] = "The score from which a flag pays falls as the row's amount grows."
    return told[picture]
