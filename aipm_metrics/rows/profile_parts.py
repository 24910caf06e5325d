"""What a profile of somebody's rows is made of: finished numbers with their intervals.

Axis letters: `t` thresholds that are drawn, `m` amounts.

Long because each part says what it holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aipm_metrics.estimates import Estimate
    from aipm_metrics.models.confusion import Floats
    from aipm_metrics.models.cost_intervals import RowCost
    from aipm_metrics.models.curves import Curves
    from aipm_metrics.rows.asked import Prices
    from aipm_metrics.rows.profile_counts import Calibration

__all__ = ["Amounts", "Bounds", "Group", "RowsProfile", "Rule", "Spot", "Verdict"]

CENT = 0.01  # USD; less is no difference


@dataclass(frozen=True, slots=True)
class Spot:
    """One threshold and what happens to the rows there.

    Attributes
    ----------
    name : str
        "a", "b" or "best".
    threshold : float, in the score's own units
        ``inf`` flags nothing.
    tp, fp, fn, tn : int, rows
    recall, fpr, precision, flagged : Estimate
        With Wilson's intervals; precision is undefined where nothing is flagged.
    cost : float, USD
        Of all counted rows.
    per_row : float, USD a row
    unknown : float, USD
        How far `cost` may be off, at most, where scores were binned; 0 where it is exact.
    counted_at : float, in the score's own units
        The threshold that all this was counted at: the next one above, where this one lies
        inside a bin; ``inf`` where there is none.
    more_tp, more_fp : int, rows
        How many more may be flagged here than there.
    """

    name: str
    threshold: float
    tp: int
    fp: int
    fn: int
    tn: int
    recall: Estimate
    fpr: Estimate
    precision: Estimate
    flagged: Estimate
    cost: float
    per_row: float
    unknown: float
    counted_at: float
    more_tp: int = 0
    more_fp: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether B is cheaper than A, as far as these rows tell.

    Attributes
    ----------
    saving : float, USD
        Cost of A less that of B, on the rows.
    chance_b : float, 0 to 1
        Chance that B is the cheaper one; ``nan`` where no row lies between. Where B is what
        these rows chose, by halves of them that did not choose it.
    held_out : float, USD
        What halves that did not choose B say it saves, on as many rows; ``nan`` where B is not
        what these rows chose.
    labels_needed : float, rows
        Labelled rows, of the same mix, to be 95 % sure; ``inf`` where both cost the same.
    between : int, rows
        Rows that only one of the two flags.
    break_even : float, 0 to 1
        Share of events among those at which both cost the same.
    status : str
        "said", "too few" or "undefined".
    flip_miss : float, USD
        Price of a miss at which both cost the same; ``nan`` where no price does that.
    unknown : float, USD
        How far `saving` may be off, at most, where scores were binned.
    """

    saving: float
    chance_b: float
    held_out: float
    labels_needed: float
    between: int
    break_even: float
    status: str
    flip_miss: float
    unknown: float = 0.0

    @property
    def coarse(self) -> bool:
        """Whether what is unknown is as large as the saving, so that nobody knows its sign."""
        return self.unknown > 0 and self.unknown >= abs(self.saving)


@dataclass(frozen=True, slots=True)
class Group:
    """One segment, version or month at threshold B.

    Attributes
    ----------
    name : str or None
        None where rows have no value.
    rows, left_out, positives : int
        Counted rows, rows left out, events among the counted.
    prevalence, recall, fpr, precision, auc : Estimate
    cost : RowCost
        Cost per row at B, with its interval.
    own_threshold, own_saving : float
        Its own cheapest threshold, and what that saves it, in USD a row; ``nan`` where
        there are too few events or too few other rows to look for one.
    more_tp, more_fp : int, rows
        How many more may be flagged at B than are counted, where scores were binned. The
        intervals of recall, fpr, precision and auc include that.
    unknown, own_unknown : float, USD a row
        How far `per_row` and `own_saving` may be off, at most.
    auc_unknown : float, 0 to 1
    """

    name: str | None
    rows: int
    left_out: int
    positives: int
    prevalence: Estimate
    recall: Estimate
    fpr: Estimate
    precision: Estimate
    auc: Estimate
    cost: RowCost
    own_threshold: float
    own_saving: float
    more_tp: int = 0
    more_fp: int = 0
    unknown: float = 0.0
    own_unknown: float = 0.0
    auc_unknown: float = 0.0

    @property
    def per_row(self) -> float:
        """Cost per row at B, in USD; ``nan`` without rows."""
        return self.cost.value


@dataclass(frozen=True, slots=True)
class Rule:
    """A threshold per row, by its amount, judged on the rows themselves.

    Attributes
    ----------
    tp, fp : int, rows
        Events and other rows that it flags.
    cost : float, USD
        On all rows.
    saving : float, USD
        What the cheapest single threshold costs more; negative where the rule costs more.
    """

    tp: int
    fp: int
    cost: float
    saving: float

    @property
    def pays(self) -> bool:
        """Whether it saves a cent or more on these rows."""
        return self.saving >= CENT


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """Cost where a miss costs the row's own amount, a false alarm its price.

    Attributes
    ----------
    threshold, cost : (t,) floats
        As drawn; USD on all rows.
    best_threshold, best_cost : float
    cost_b : float, USD
        At threshold B.
    of_events, of_others : float, USD
        The amounts of all events, and of all other rows.
    without : int
        Counted rows without an amount; their miss costs nothing here.
    row_amounts, row_thresholds : (m,) floats
        For rows of these amounts, the threshold that is right for each, if scores are chances
        (Elkan 2001).
    rule : Rule or None
        What thresholds per row do to the rows; None where these were not asked at this price.
    """

    threshold: Floats
    cost: Floats
    best_threshold: float
    best_cost: float
    cost_b: float
    of_events: float
    of_others: float
    without: int
    row_amounts: Floats
    row_thresholds: Floats
    rule: Rule | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far numbers may be off where scores were binned, at most; 0 where they were not.

    Attributes
    ----------
    auc : float, 0 to 1
        Included in the interval of the AUC.
    cheaper : float, USD
        How much less than the lowest cost a threshold inside a bin could cost.
    amount_b, amount_cheaper : float, USD
        The same of costs by amount: of B's, and of the lowest.
    """

    auc: float = 0.0
    cheaper: float = 0.0
    amount_b: float = 0.0
    amount_cheaper: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class RowsProfile:
    """All that is shown.

    Attributes
    ----------
    name, label, event : str
        Of the rows, of the column with their label, and its value that is the event.
    rows, left_out, positives, negatives, distinct : int
        Counted rows, rows without score or label, events, others, thresholds counted at.
    exact : bool
        Whether every distinct score was counted.
    max_error : float, 0 to 1
        Largest share of a class whose side of a threshold can be unknown.
    prevalence, auc : Estimate
    a, b, best : Spot
    verdict : Verdict
    curves : Curves
    cost, precision : (t,) floats
        Along the curves' thresholds.
    calibration : Calibration or None
        None where scores are no probabilities.
    segments, versions, months : tuples of Group
    amounts : Amounts or None
    bounds : Bounds
        How far what is not said to be off elsewhere may be.
    """

    name: str
    label: str
    event: str
    rows: int
    left_out: int
    positives: int
    negatives: int
    distinct: int
    exact: bool
    max_error: float
    span: tuple[str, str] | None
    prevalence: Estimate
    auc: Estimate
    prices: Prices
    a: Spot
    b: Spot
    best: Spot
    verdict: Verdict
    curves: Curves
    cost: Floats
    precision: Floats
    calibration: Calibration | None
    segment_column: str
    version_column: str
    segments: tuple[Group, ...]
    versions: tuple[Group, ...]
    months: tuple[Group, ...]
    amounts: Amounts | None
    notes: tuple[str, ...]
    bounds: Bounds
