"""What every question has in common: a frozen Scenario in, a frozen Result out.

Links, comparison, reports and practice speak to these names and know no question by its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from aipm_metrics.errors import MetricsError, RowsError, within
from aipm_metrics.knobs import knobs_of
from aipm_metrics.ranges import Range, canonical, default_range, is_uncertain

if TYPE_CHECKING:
    from aipm_metrics.knobs import Knob
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.empirical import Empirical

__all__ = ["Assumption", "Counted", "Outcome", "Point", "Result", "Scenario"]


MOST_SEEDS = 999_999


class Counted(Protocol):
    """A person's own rows, whatever was counted of them."""

    @property
    def fingerprint(self) -> str:
        """Sixteen hexadecimal digits by which a link knows them."""


class Scenario(BaseModel):
    """One question with a value for every knob; immutable, hashable, safe to put in a link.

    `rows` is the fingerprint of the counted rows the scenario speaks of, or empty for the
    simulated model. With rows, a threshold is in the score's own units and may be any number.
    `ranges` holds the low and high of the assumptions whose range is not the default one (see
    `ranges.default_range`), sorted; `seed` is that of the draws within them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    page: ClassVar[str]  # its name in code, in links and as a file
    version: ClassVar[int]  # raised whenever a knob or a default changes; see `links`
    title: ClassVar[str]
    question: ClassVar[str]
    line: ClassVar[str]  # one sentence: who is affected
    groups: ClassVar[tuple[str, ...]]  # headings the knobs stand under, in order
    presets: ClassVar[
        Mapping[str, Mapping[str, float | str]]
    ] = {}  # what differs from the defaults
    pairs: ClassVar[
        Mapping[str, tuple[Mapping[str, float | str], Mapping[str, float | str]]]
    ] = {}  # two settings worth laying side by side, told as presets are

    rows: str = Field("", pattern="^([0-9a-f]{16})?$")
    seed: int = Field(1, ge=0, le=MOST_SEEDS)
    ranges: tuple[Range, ...] = ()

    @model_validator(mode="after")
    def _numbers_make_sense(self) -> Self:
        for name, told in knobs_of(type(self)).items():
            if told.in_score_units and not self.rows:
                within(name, getattr(self, name), told.low, told.high)
            if told.whole and not float(getattr(self, name)).is_integer():
                raise MetricsError(f"`{name}` must be a whole number; got {getattr(self, name):g}")
        return self

    @model_validator(mode="after")
    def _ranges_are_canonical(self) -> Self:
        if self.ranges:  # written past the freeze, while the model is still being made
            self.__dict__["ranges"] = canonical(knobs_of(type(self)), self.__dict__, self.ranges)
        return self

    def ranges_in_use(self, *, with_rows: bool) -> dict[str, tuple[float, float]]:
        """Low and high of every uncertain knob that plays a part, in order of declaration.

        Parameters
        ----------
        with_rows
            Whether counted rows take the simulated model's place.
        """
        own = {name: (low, high) for name, low, high in self.ranges}
        idle = self.idle(self.__dict__, with_rows=with_rows)
        return {
            name: own.get(name) or default_range(knob, float(getattr(self, name)))
            for name, knob in knobs_of(type(self)).items()
            if is_uncertain(knob) and name not in idle
        }

    @classmethod
    def idle(cls, values: Mapping[str, Any], *, with_rows: bool) -> frozenset[str]:
        """Name the knobs that play no part, given the others; none unless a question says so.

        Parameters
        ----------
        values
            Value of every knob, by name.
        with_rows
            Whether counted rows take the simulated model's place.
        """
        del values, with_rows
        return frozenset()

    def check_rows(self, rows: Counted | None) -> None:
        """Refuse other rows than the ones this scenario speaks of.

        Raises
        ------
        RowsError
            When the scenario names rows and these are missing or are others.
        """
        if not self.rows:
            return
        if rows is None:
            raise RowsError(
                f"This scenario speaks of scored rows (fingerprint {self.rows}) that are not "
                "here. Attach the file they came from."
            )
        if rows.fingerprint != self.rows:
            raise RowsError(
                f"This scenario speaks of other rows: fingerprint {self.rows}, and these have "
                f"{rows.fingerprint}. Attach the file it was made from."
            )

    def costs(self, varied: Mapping[str, Floats], rows: Empirical | None = None) -> Floats:
        """Cost as some knobs take many values, everything else as it stands.

        Parameters
        ----------
        varied
            Values by knob, arrays that broadcast against each other. They need not lie within
            the knobs' limits, and are not checked.
        rows
            Counted rows the scenario speaks of, if any.

        Returns
        -------
        Floats, of the shape the arrays broadcast to
            In the unit of `Result.cost`.
        """
        raise NotImplementedError  # every question answers for itself

    def run(self, rows: Empirical | None = None) -> Result:
        """Answer the question, on the simulated model or on counted rows."""
        raise NotImplementedError  # every question answers for itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One thing that happens to somebody.

    Attributes
    ----------
    name, label
        As in code and CSV; as said to people.
    value, compared : float, in `unit`
        At the chosen setting and at the one it is compared with.
    unit, per
        What is counted, and per what: "posts", "month".
    better
        Whether lower or higher is better, or neither.
    formula
        How it is worked out, in the knobs' own names.
    said
        What a choice does, with ``{}`` where the number goes: "lets {} posts through". Empty
        for outcomes that no sentence needs.
    """

    name: str
    label: str
    value: float
    compared: float
    unit: str
    per: str
    better: Literal["lower", "higher", "neither"]
    formula: str
    said: str = ""


@dataclass(frozen=True, slots=True)
class Assumption:
    """One input and how much the answer leans on it.

    Attributes
    ----------
    knob
        What is assumed, with its source.
    value
        The value in use.
    swing : float, USD a month
        How far the saving against the comparison moves as the value goes from half to one and
        a half times itself, within its limits, or from `low` to `high` where these are told;
        ``nan`` for inputs that have no range: choices, decisions, limits, what was counted.
    low, high : floats, in the knob's unit
        Its range; ``nan`` where it has none, or where it is half to one and a half times.
    """

    knob: Knob
    value: float | str
    swing: float
    low: float = float("nan")
    high: float = float("nan")


class Point(Protocol):
    """A setting somebody would defend; whatever else it says is its question's own."""

    @property
    def name(self) -> str:
        """In code and CSV: ``lowest_cost``."""

    @property
    def cost(self) -> float:
        """In the unit of `Result.cost`; ``nan`` when not feasible."""

    @property
    def price(self) -> float:
        """How much more it costs than the lowest cost; ``nan`` when not feasible."""

    @property
    def feasible(self) -> bool:
        """Whether any setting satisfies its constraint."""


class Result(Protocol):
    """What a question answers, whatever else it carries for its own pictures and words."""

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """What happens to whom."""

    @property
    def cost(self) -> float:
        """Money lost; lower is better."""

    @property
    def points(self) -> tuple[Point, ...]:
        """The operating points with their price."""

    @property
    def assumptions(self) -> tuple[Assumption, ...]:
        """Every knob that plays a part, with the value in use."""
