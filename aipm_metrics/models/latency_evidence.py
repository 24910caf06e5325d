"""What waiting does to people, as named evidence instead of one slope for everything.

Published effects of 100 ms differ by a factor of fifty, and one experiment finds that a slower
answer is thought better. So each table says what was measured, on what kind of wait, by whom, how
far to trust it, and between which two waits. Inside them it is read by straight lines between
measured points, or by steps; outside, the nearest measured value is given and said to be outside.

Trust: "high", a controlled experiment; "medium", a model, an observation or a rule of thumb with
long use; "assumption", nobody's but the user's.

Longer than most modules: the tables are in it, each with what must be said beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from aipm_metrics.errors import MetricsError
from aipm_metrics.models.queue_inputs import at_least_zero

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

__all__ = ["EVIDENCE", "Evidence", "Reading", "Trust", "evidence", "straight_line"]

Trust = Literal["high", "medium", "low", "assumption"]


@dataclass(frozen=True, slots=True)
class Reading:
    """What a table says about a wait.

    Attributes
    ----------
    value : float or array
        In the table's own measure; outside the measured waits, that of the nearest.
    inside : bool or array
        Whether the wait lies between measured ones.
    """

    value: Any
    inside: Any


@dataclass(frozen=True, slots=True)
class Evidence:
    """One table: waits, what they did, and how far to trust that.

    Attributes
    ----------
    key
        Short name for links and code.
    title
        As people call it.
    wait
        Which wait was measured; an added delay is not a whole response time.
    measure
        What `values` are.
    higher_is_better
        Whether people are better off with a higher value; None where it says neither.
    waits_s : tuple of floats, s, ascending
    values : tuple of floats
        One per wait; for steps, the value up to and including that wait.
    steps
        Whether the value jumps rather than moves in straight lines.
    source, trust, note
        Who found it, how far to trust it, and what must be said beside it.
    """

    key: str
    title: str
    wait: str
    measure: str
    higher_is_better: bool | None
    waits_s: tuple[float, ...]
    values: tuple[float, ...]
    source: str
    trust: Trust
    note: str
    steps: bool = False

    @property
    def low_s(self) -> float:
        """Shortest wait measured, s."""
        return self.waits_s[0]

    @property
    def high_s(self) -> float:
        """Longest wait measured, s; infinite for a step that has no end."""
        return self.waits_s[-1]

    def at(self, wait_s: ArrayLike) -> Reading:
        """Read the table at a wait.

        Parameters
        ----------
        wait_s : float or array, s
            Of the kind `wait` says, at least 0; may be infinite.

        Returns
        -------
        Reading
            nan, and outside, where the wait is nan.

        Raises
        ------
        MetricsError
            For a negative wait.

        Examples
        --------
        Half-way between two measured delays; and one that nobody measured:

        >>> table = evidence("search-2009")
        >>> round(float(table.at(0.3).value), 4), bool(table.at(0.3).inside)
        (0.9956, True)
        >>> float(table.at(5).value), bool(table.at(5).inside)
        (0.9941, False)
        """
        wait = np.asarray(wait_s, float)
        if (wait < 0).any():
            raise MetricsError(f"`wait_s` must be >= 0 s; got {wait[wait < 0].flat[0]:g}")
        inside = (wait >= self.low_s) & (wait <= self.high_s)
        if self.steps:
            place = np.minimum(np.searchsorted(self.waits_s, wait), len(self.values) - 1)
            value = np.where(np.isnan(wait), np.nan, np.asarray(self.values)[place])
        else:
            value = np.interp(wait, self.waits_s, self.values)
        return Reading(value[()], inside[()])


EVIDENCE: tuple[Evidence, ...] = (
    Evidence(
        key="none",
        title="Waiting changes nothing",
        wait="any",
        measure="what people do, relative to no wait",
        higher_is_better=True,
        waits_s=(0.0, float("inf")),
        values=(1.0, 1.0),
        source="assumption: for seeing what the queue alone does",
        trust="assumption",
        note="Nobody leaves, nobody uses it less. Choose a table to see what a wait costs.",
        steps=True,
    ),
    Evidence(
        key="search-2009",
        title="Google search, 2009",
        wait="delay added to a search on the server",
        measure="searches per user and day, relative to no added delay",
        higher_is_better=True,
        waits_s=(0.0, 0.05, 0.1, 0.2, 0.4),
        values=(1.0, 1.0, 0.9980, 0.9971, 0.9941),  # Brutlag (2009), table 1
        source="Brutlag (2009), Speed Matters for Google Web Search, table 1",
        trust="high",
        note=(
            "Randomised, four to six weeks. An added delay, not the whole wait. The points are "
            "delays at different moments of the page: 50 ms showed no effect, and 200 ms after the "
            "advertisements cost 0.30 %. Part of the loss stayed after the delay had gone."
        ),
    ),
    Evidence(
        key="bounce-2017",
        title="Mobile pages, 2017",
        wait="time until a mobile page has loaded",
        measure="chance to leave after one page, relative to a page that takes a second",
        higher_is_better=False,
        waits_s=(1.0, 3.0, 5.0, 6.0, 10.0),
        values=(1.0, 1.32, 1.90, 2.06, 2.23),  # Google/SOASTA Research (2017)
        source="Google/SOASTA Research (2017), mobile page load time and bounce",
        trust="medium",
        note=(
            "The output of a neural network trained on visits, not an experiment: slow pages "
            "differ from fast ones in more than speed. A ratio of chances, not a chance."
        ),
    ),
    Evidence(
        key="limits-1993",
        title="Nielsen's three limits, 1993",
        wait="time until the system responds",
        measure="limits passed: 0 instant, 1 noticed, 2 flow of thought lost, 3 attention lost",
        higher_is_better=False,
        waits_s=(0.1, 1.0, 10.0, float("inf")),
        values=(0.0, 1.0, 2.0, 3.0),
        source="Nielsen (1993), Usability Engineering, ch. 5, after Miller (1968)",
        trust="medium",
        note=(
            "A rule of thumb about perception with decades of use: it says what people notice, "
            "not how many leave. Miller's own figures came from experience, not from experiments."
        ),
        steps=True,
    ),
    Evidence(
        key="productivity-1982",
        title="IBM programmers, 1982",
        wait="time until the system responds",
        measure="transactions per person and hour, relative to a response in 3 s",
        higher_is_better=True,
        waits_s=(0.3, 3.0),
        values=(2.0, 1.0),  # Doherty & Thadani (1982): "more than doubled"; 2 is the least of it
        source="Doherty & Thadani (1982), The Economic Value of Rapid Response Time, IBM",
        trust="medium",
        note=(
            "Two points read from a vendor's report, the line between them is ours. Martin & Corl "
            "(1986) found far smaller effects, on data entry only. The 400 ms that carry their "
            "name are a slogan made from it."
        ),
    ),
    Evidence(
        key="first-token-2026",
        title="First token of a language model, 2026",
        wait="time to the first token",
        measure="order of how thoughtful and useful the answer was rated: 0 lower, 1 higher",
        higher_is_better=True,
        waits_s=(2.0, 9.0, 20.0),
        values=(0.0, 1.0, 1.0),  # Tan et al. (2026), abstract: 2 s below 9 s and 20 s
        source="Tan et al. (2026), arXiv:2604.06183, CHI 2026",
        trust="high",
        note=(
            "A controlled experiment in which faster was rated worse: people took the wait for "
            "thought. An order of three waits, not a size; the line between them is ours. What "
            "people did was the same, and some long waits were taken for a fault."
        ),
    ),
)


def evidence(key: str) -> Evidence:
    """Return the table with that key.

    Raises
    ------
    MetricsError
        For an unknown key, naming the known ones.

    Examples
    --------
    >>> evidence("bounce-2017").trust
    'medium'
    """
    for table in EVIDENCE:
        if table.key == key:
            return table
    known = ", ".join(table.key for table in EVIDENCE)
    raise MetricsError(f"`evidence` must be one of {known}; got {key}")


def straight_line(loss_per_s: float, from_s: float, to_s: float) -> Evidence:
    """Return a table of the user's own: a share lost for every second of waiting.

    Parameters
    ----------
    loss_per_s : float, 0 to 100
        Share lost per second, of what there is without a wait.
    from_s, to_s : float, s
        Waits between which the user stands by it, the second above the first.

    Raises
    ------
    MetricsError
        For an input outside these limits.

    Examples
    --------
    >>> table = straight_line(0.1, 1, 6)
    >>> float(table.at(3).value), float(table.at(6).value), bool(table.at(7).inside)
    (0.8, 0.5, False)
    """
    loss, start, end = (
        float(at_least_zero(name, value))
        for name, value in (("loss_per_s", loss_per_s), ("from_s", from_s), ("to_s", to_s))
    )
    if loss > 100:
        raise MetricsError(f"`loss_per_s` must be at most 100; got {loss:g}")
    if end <= start:
        raise MetricsError(f"`to_s` must be above `from_s`, {start:g} s; got {end:g} s")
    gone = start + 1 / loss if loss > 0 else np.inf  # nothing is left to lose from here on
    waits = (start, gone, end) if gone < end else (start, end)
    return Evidence(
        key="own",
        title="Your own straight line",
        wait="the wait it is read at",
        measure="what is left, relative to the shortest wait",
        higher_is_better=True,
        waits_s=waits,
        values=tuple(max(0.0, 1 - loss * (wait - start)) for wait in waits),
        source="assumption: your own",
        trust="assumption",
        note="Nobody's evidence but yours; say where it comes from before you rely on it.",
    )
