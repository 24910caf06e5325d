"""What a person says about their own rows: a finished profile in, words out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aipm_metrics.sentences.your_data_bounds import at_most, bound_notes, plus_minus
from aipm_metrics.sentences.your_data_groups import area, estimated, marked
from aipm_metrics.spoken import count, money, share, undefined, whole
from aipm_metrics.spoken_exactly import cut_exactly, sums

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.estimates import Estimate
    from aipm_metrics.rows.profile_parts import RowsProfile

__all__ = [
    "LINE",
    "QUESTION",
    "Card",
    "against",
    "aloud",
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
CLOSE = 0.02  # two savings that differ by less are about the same
MOST_LABELS = 1e12  # more than this is no number of labels


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
            "AUC", area(p.auc.value) if p.auc.status == "said" else p.auc.status,
            "too few to say" if undefined(p.auc.low)
            else f"{area(p.auc.low)} to {area(p.auc.high)}",
            "Chance that a random event outscores a random other row; DeLong's 95 % interval.",
        ),
        Card(
            "cost at B", sums(p.a.cost, p.b.cost)[1], _saving(p),
            "Misses and false alarms among the counted rows, at your two prices.",
        ),
        Card("B is cheaper", _chance(p), _labels_short(p),
             "How likely that is, on this evidence, for more rows of this kind."),
    )  # fmt: skip


def against(p: RowsProfile) -> str:
    """Say what the cards speak of."""
    return (
        f"B at {cut_exactly(p.b.threshold)} against A at {cut_exactly(p.a.threshold)}, on these "
        "rows and at the prices below."
    )


def _ends(e: Estimate) -> str:
    return f"{share(e.low)} to {share(e.high)}"


def _saving(p: RowsProfile) -> str:
    saving, unknown = p.verdict.saving, p.verdict.unknown
    if unknown >= max(abs(saving), CENTS):
        return "too coarse to say"
    if abs(saving) < CENTS:
        return "the same as A"
    apart = sums(p.a.cost, p.b.cost)[2]
    said = f"saves {apart}" if saving > 0 else f"costs {apart} more"
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
    if _enough(p):
        return "enough labels"
    if v.labels_needed > MOST_LABELS:
        return "no number of labels"
    return f"{_labels(p)} labels needed" if v.labels_needed > p.rows else "more labels needed"


def _enough(p: RowsProfile) -> bool:
    """Whether these rows settle which is cheaper; the card and the paragraph both ask here."""
    v = p.verdict
    return v.status == "said" and max(v.chance_b, 1 - v.chance_b) >= SURE


def _labels(p: RowsProfile) -> str:
    """Say how many labels it takes, in as many digits as tell them from those there are."""
    needed = p.verdict.labels_needed
    return count(needed) if count(needed) != count(p.rows) else whole(needed)


def aloud(p: RowsProfile) -> tuple[str, ...]:
    """Say which threshold, what it does and costs, how sure, and what would change my mind."""
    a, b, v = p.a, p.b, p.verdict
    first = f"On {p.rows:,} rows, flagging from {cut_exactly(b.threshold)} up catches {b.tp:,} of "
    first += f"{p.positives:,} events and {b.fp:,} other {_rows(b.fp)} by mistake"
    if v.between == 0 and not v.coarse:
        return (
            f"{first}; it costs {money(b.cost)}. A and B treat every row alike, so there is "
            "nothing to choose between them.",
        )
    return (
        f"{first}; flagging from {cut_exactly(a.threshold)} catches {a.tp:,} and {a.fp:,}.",
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
    less, more, apart = sums(better.cost, other.cost)
    at = cut_exactly(better.threshold)
    return (
        f"At {money(p.prices.miss)} a miss and {money(p.prices.false_alarm)} a false alarm, {at} "
        f"costs {less} and {cut_exactly(other.threshold)} costs {more}: {at} saves {apart}."
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
    if _enough(p):
        return (said,)
    if v.labels_needed > MOST_LABELS:
        return (said, "No number of labels would tell them apart: they cost the same.")
    if v.labels_needed <= p.rows:  # enough for thresholds named beforehand; B was picked here
        return (said, "More labelled rows would tell; how many, these cannot say.")
    there = whole(p.rows) if count(v.labels_needed) == count(p.rows) else count(p.rows)
    return (
        said,
        f"To be {share(SURE)} sure takes about {_labels(p)} labelled rows of this kind; there are "
        f"{there}.",
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
            "B was chosen on these same rows. Chosen on half of them and judged by the other half, "
            f"{_held_out(p)}; the chance is found that way too."
        )
    return tuple(said)


def _held_out(p: RowsProfile) -> str:
    """Say what B saves on rows that did not choose it, beside what it saves on those that did."""
    v, here = p.verdict, sums(p.a.cost, p.b.cost)[2]
    held = money(abs(v.held_out))
    if v.held_out < 0:
        return f"it costs {held} more and does not save {here}"
    if held == here or abs(v.held_out - v.saving) < CLOSE * abs(v.saving):
        return "it saves about as much"
    return f"it saves {held}, not {here}"


def calibration_line(p: RowsProfile) -> str:
    """Say whether the scores add up to what happened."""
    c = p.calibration
    if c is None:
        return "Scores are not within 0 and 1: they rank rows but are no probabilities."
    return f"The scores add up to {whole(c.said)} events; {whole(c.happened)} happened."


def described(p: RowsProfile, picture: str) -> str:
    """Say what a picture shows, for whoever cannot see it."""
    a, b, best = p.a, p.b, p.best
    told = {
        "cost": (
            f"Cost along the threshold. A at {cut_exactly(a.threshold)} costs {money(a.cost)}, B "
            f"at {cut_exactly(b.threshold)} {money(b.cost)}; the lowest is {money(best.cost)} at "
            f"{cut_exactly(best.threshold)}."
        ),
        "scores": (
            f"Two outlines: where {p.positives:,} events score and where {p.negatives:,} other "
            f"rows do, with A at {cut_exactly(a.threshold)} and B at {cut_exactly(b.threshold)}."
        ),
        "calibration": f"Share of events by score, beside what the score says. "
        f"{calibration_line(p)}{_tenths_hollow(p)}",
        "roc": (
            f"ROC curve, AUC {estimated(p.auc, of_auc=True)}: at A {marked(a.recall)} of events "
            f"for {marked(a.fpr)} of other rows, at B {marked(b.recall)} for {marked(b.fpr)}."
            f"{_hollow(a.recall, a.fpr, b.recall, b.fpr)}"
        ),
        "pr": (
            f"Precision along recall: at A {marked(a.precision)} of flags are right, at B "
            f"{marked(b.precision)}.{_hollow(a.recall, a.precision, b.recall, b.precision)}"
        ),
        "months": f"Recall at B in each of {len(p.months)} months, with intervals."
        f"{_months_hollow([g.recall for g in p.months])}",
        "mix": f"Share of events in each of {len(p.months)} months, with intervals."
        f"{_months_hollow([g.prevalence for g in p.months])}",
    }
    if p.amounts is not None:
        m = p.amounts
        told["amounts"] = (
            f"Cost along the threshold where a miss costs the row's amount; the lowest is "
            f"{money(m.best_cost)} at {cut_exactly(m.best_threshold)}."
        )
        told["elkan"] = (
            "The score from which a flag pays falls as the row's amount grows."
            if m.rule is not None and m.rule.pays
            else "The score from which a flag would pay, if scores were chances, falls as the "
            "row's amount grows."
        )
    return told[picture]


def _hollow(*shown: Estimate) -> str:
    few = any(e.status == "too few" for e in shown)
    return " A hollow mark has too few rows to say." if few else ""


def _months_hollow(shown: Sequence[Estimate]) -> str:
    few = sum(e.status == "too few" for e in shown)
    none = sum(e.status == "undefined" for e in shown)
    said = f" Hollow, with too few rows to say: {few}." if few else ""
    return said + (f" Left out, without any: {none}." if none else "")


def _tenths_hollow(p: RowsProfile) -> str:
    if p.calibration is None:
        return ""
    few = int((p.calibration.observed.status != "said").sum())
    return f" Hollow, with too few rows to say: {few} of {len(p.calibration.score)}." if few else ""
