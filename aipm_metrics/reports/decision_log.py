"""An entry for a decision log: what was decided, on which numbers, and what would reverse it.

Written from a finished comparison, the choice, and somebody's reason. As Markdown it is read;
as JSON, whose schema is `Entry.model_json_schema()`, it holds every knob of both options and
gives back the same two scenarios. No clock is read: the date is told.
"""

from __future__ import annotations

import datetime
import math
import re
from typing import TYPE_CHECKING, Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from aipm_metrics.comparisons.links import compare_from_link, compare_to_link
from aipm_metrics.errors import MetricsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import to_link
from aipm_metrics.sentences import comparison as words
from aipm_metrics.sentences import comparison_tables as tables
from aipm_metrics.sentences.comparison_money import who_pays

if TYPE_CHECKING:
    from aipm_metrics.comparisons.compared import Compared, OutcomeDifference, Turning
    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["Entry", "Number", "Option", "Reversal", "entry_of"]

LONGEST_WHY = 4_000
HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?", re.ASCII)


def _told_or_null(value: float | None) -> float | None:
    """JSON has no nan and no infinity: what is undefined is null."""
    return None if value is None or not math.isfinite(value) else value


Told = Annotated[float | None, AfterValidator(_told_or_null)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Option(_Frozen):
    """One of the two options, with everything needed to run it again."""

    name: str = Field(description="What people call it.")
    link: str = Field(description="Canonical link, without a host.")
    page: str = Field(description="The question's name in links.")
    version: int = Field(description="Version of the question's knobs and defaults.")
    rows: str = Field(description="Fingerprint of the scored rows it speaks of, or empty.")
    knobs: dict[str, float | str] = Field(description="Every knob, in its own unit.")


class Number(_Frozen):
    """One outcome under both options; null where it is undefined."""

    name: str = Field(description="As in code and CSV.")
    label: str = Field(description="As said to people.")
    unit: str = Field(description="What is counted.")
    per: str = Field(description="Per what: month.")
    a: Told = Field(description="Under A.")
    b: Told = Field(description="Under B.")
    difference: Told = Field(description="B less A.")
    better: str = Field(description="Who does better: a, b, same, neither or undefined.")


class Reversal(_Frozen):
    """A value of one assumption at which the options change places."""

    knob: str = Field(description="The assumption.")
    moved: Literal["both", "a", "b"] = Field(description="In both options, or in one alone.")
    now: Told = Field(description="Its value in use, in its own unit.")
    at: Told = Field(description="The value at which both cost the same.")
    below: Literal["a", "b"] | None = Field(None, description="Cheaper just below it.")
    above: Literal["a", "b"] | None = Field(None, description="Cheaper just above it.")
    said: str = Field(description="The same in words.")


class Entry(_Frozen):
    """One entry of a decision log."""

    # The alias, because pydantic has a method of the field's name.
    schema_name: Literal["aipm-metrics/decision/1"] = Field(
        "aipm-metrics/decision/1", alias="schema", description="Name and version of this schema."
    )
    date: datetime.date = Field(description="Day of the decision, ISO 8601.")
    question: str = Field(description="The question both options answer.")
    context: str = Field(description="Who is affected, in one line.")
    a: Option = Field(description="Option A.")
    b: Option = Field(description="Option B.")
    differs: tuple[tuple[str, str, str], ...] = Field(
        description="What differs: label, value in A, value in B, in words."
    )
    numbers: tuple[Number, ...] = Field(description="Every outcome under both options.")
    said: str = Field(description="The comparison in words.")
    chosen: Literal["a", "b"] = Field(description="The option that was chosen.")
    rejected: Literal["a", "b"] = Field(description="The other one.")
    cheaper: Literal["a", "b", "same", "undefined"] = Field(
        description='What costs less; "same" where no cent is between them.'
    )
    rejected_because: str = Field(description="What the numbers say about the rejected option.")
    why: str = Field(max_length=LONGEST_WHY, description="The reason, in somebody's own words.")
    reverses: tuple[Reversal, ...] = Field(description="What would reverse it, nearest first.")
    link: str = Field(description="Link to the comparison; absolute where the host is known.")

    def to_json(self) -> str:
        """Write the entry as JSON, two spaces deep."""
        return self.model_dump_json(indent=2, by_alias=True)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read an entry back.

        Raises
        ------
        pydantic.ValidationError
            Which is a ValueError; names every field that does not fit.
        """
        return cls.model_validate_json(text)

    def scenarios(self) -> tuple[Scenario, Scenario]:
        """Give back both scenarios, whatever the versions of today.

        Raises
        ------
        MetricsError
            When the entry's link says something else than its options, or cannot be read.
        """
        told = compare_from_link(self.link)
        a, b = told.a.scenario, told.b.scenario
        if a is None or b is None or (to_link(a), to_link(b)) != (self.a.link, self.b.link):
            raise MetricsError("`link` must be the comparison of both options; it is another.")
        return a, b


def entry_of(
    compared: Compared,
    *,
    chosen: Literal["a", "b"],
    why: str,
    on: datetime.date,
    names: tuple[str, str] = ("A", "B"),
    host: str = "",
) -> Entry:
    """Write down a decision between two answers.

    Parameters
    ----------
    compared
        The two answers side by side.
    chosen
        The side that was chosen.
    why
        The reason in somebody's own words; at most 4,000 characters are kept.
    on
        Day of the decision.
    names
        What people call A and B.
    host
        Where the dashboard is, "https://metrics.example", to make the link absolute; left
        out when it is not a plain web address.
    """
    a, b = compared.comparison.a, compared.comparison.b
    rejected: Literal["a", "b"] = "b" if chosen == "a" else "a"
    return Entry(
        date=on, question=a.question, context=a.line,
        a=_option(a, names[0]), b=_option(b, names[1]),
        differs=tables.knob_rows(compared),
        numbers=tuple(_number(o) for o in compared.outcomes),
        said=" ".join((*words.aloud(compared), *who_pays(compared))),
        chosen=chosen, rejected=rejected, cheaper=_cheaper(compared),
        rejected_because=words.against(compared, rejected),
        why=why[:LONGEST_WHY],
        reverses=tuple(_reversal(*told) for told in words.reversals(compared)),
        link=_origin(host) + compare_to_link(a, b, chosen),
    )  # fmt: skip


def _option(scenario: Scenario, name: str) -> Option:
    return Option(
        name=name,
        link=to_link(scenario),
        page=scenario.page,
        version=scenario.version,
        rows=scenario.rows,
        knobs={knob: getattr(scenario, knob) for knob in knobs_of(type(scenario))},
    )


def _number(o: OutcomeDifference) -> Number:
    return Number(
        name=o.outcome.name, label=o.outcome.label, unit=o.outcome.unit, per=o.outcome.per,
        a=o.a, b=o.b, difference=o.difference, better=o.verdict,
    )  # fmt: skip


def _cheaper(compared: Compared) -> Literal["a", "b", "same", "undefined"]:
    """Name what costs less, as the sentences of the entry do: less than a cent is nothing."""
    tie = compared.cheaper in {"a", "b"} and not words.winner_of(compared)
    return "same" if tie else compared.cheaper


def _reversal(turning: Turning, said: str) -> Reversal:
    flip = turning.flip
    return Reversal(knob=flip.knob.name, moved=turning.moved, now=flip.today, at=flip.at,
                    below=turning.below, above=turning.above, said=said)  # fmt: skip


def _origin(host: str) -> str:
    """Keep scheme and host of a web address; nothing of what is none."""
    try:
        parts = urlsplit(host)
    except ValueError:
        return ""
    plain = parts.scheme in {"http", "https"} and HOST.fullmatch(parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if plain else ""
