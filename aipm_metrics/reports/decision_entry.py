"""An entry for a decision log as it is kept: what each field holds, and the way back.

As JSON, whose schema is `Entry.model_json_schema()`, it holds every knob of both options and
gives back the same two scenarios.
"""

from __future__ import annotations

import datetime
import math
from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from aipm_metrics.comparisons.links import compare_from_link
from aipm_metrics.errors import MetricsError
from aipm_metrics.links import from_link

if TYPE_CHECKING:
    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["LONGEST_WHY", "Belief", "Entry", "Number", "Odds", "Option", "Reversal"]

LONGEST_WHY = 4_000


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


class Belief(_Frozen):
    """How far off one assumption may be, under each option; null where it plays no part."""

    knob: str = Field(description="The assumption.")
    label: str = Field(description="As said to people.")
    unit: str = Field(description="Its unit.")
    a: tuple[float, float] | None = Field(description="Low and high under A.")
    b: tuple[float, float] | None = Field(description="Low and high under B.")


class Odds(_Frozen):
    """How often B is the cheaper one when every assumption may be off."""

    b_cheaper: int = Field(description="Draws in which B costs less.")
    same: int = Field(description="Draws in which both cost the same.")
    a_cheaper: int = Field(description="Draws in which A costs less.")
    draws: int = Field(description="All draws.")
    seed: int = Field(description="Seed of the draws.")
    ranges: tuple[Belief, ...] = Field(description="Every assumption that is drawn.")
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
    chance: Odds | None = Field(
        None, description="How sure that is; null in an entry that does not say."
    )
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
        meant = tuple(from_link(option.link)[0] for option in (self.a, self.b))
        if a is None or b is None or (a, b) != meant:
            raise MetricsError("`link` must be the comparison of both options; it is another.")
        return a, b
