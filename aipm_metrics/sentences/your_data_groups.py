"""How shares with intervals are said, and in what groups of rows differ."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aipm_metrics.spoken import share, threshold, undefined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aipm_metrics.estimates import Estimate
    from aipm_metrics.rows.profile_parts import Group

__all__ = ["area", "differences", "estimated", "group_name", "marked", "status"]

PERCENT = "\N{NO-BREAK SPACE}%"
NEARLY = 0.999  # an area above this is told by its distance from 1


def estimated(e: Estimate, *, of_auc: bool = False, coarse: bool = False) -> str:
    r"""Say a share with its interval, or that there is too little to say one.

    Where the interval includes what binning leaves unknown, it is bins that may be too coarse.

    Examples
    --------
    >>> from aipm_metrics.estimates import wilson
    >>> estimated(wilson(450, 1000)), estimated(wilson(0, 0))
    ('45\xa0% (42 to 48\xa0%)', 'undefined')
    >>> estimated(wilson(2, 5))
    'too few to say (12 to 77\xa0%)'
    """
    told = status(e)
    if told == "undefined":
        return "undefined"
    say = area if of_auc else share
    between = f"{say(e.low).removesuffix(PERCENT)} to {say(e.high)}"
    if told == "too few" and coarse and not e.too_few:
        return f"too coarse to say ({between}): count exactly"
    return f"too few to say ({between})" if told == "too few" else f"{say(e.value)} ({between})"


def marked(e: Estimate) -> str:
    r"""Say a share that is a point of a picture, or why the point is hollow or missing.

    Examples
    --------
    >>> from aipm_metrics.estimates import wilson
    >>> [marked(wilson(*of)) for of in ((450, 1000), (2, 5), (0, 0))]
    ['45\xa0%', 'an uncertain share', 'an undefined share']
    """
    told = {"too few": "an uncertain share", "undefined": "an undefined share"}
    return told.get(e.status, share(e.value))


def area(auc: float) -> str:
    """Say an area under the ROC curve, always with three digits.

    Examples
    --------
    >>> area(0.91), area(0.99987), area(float("nan"))
    ('0.910', '0.99987', 'undefined')
    """
    if undefined(auc):
        return "undefined"
    return f"{auc:.3f}" if NEARLY > auc > 1 - NEARLY or auc in {0.0, 1.0} else threshold(auc)


def group_name(name: str | None, by: str = "value") -> str:
    """Name a group of a column; rows without a value are one too.

    Examples
    --------
    >>> group_name("be", "country"), group_name(None, "country")
    ('be', 'no country')
    """
    return f"no {by}" if name is None else name


def differences(groups: Sequence[Group], by: str = "value") -> tuple[str, ...]:
    """Say in what groups differ at B by more than chance could, and how many cannot be told.

    Two of them differ where their 95 % intervals do not touch.
    """
    shares = (("recall", "of events are caught"), ("fpr", "of other rows are flagged"))
    said = [
        f"At B, {share(low.value)} {what} in {group_name(first.name, by)} and "
        f"{share(high.value)} in {group_name(last.name, by)}."
        for field, what in shares
        for first, last, low, high in _apart(groups, field)
    ]
    said += [
        f"Scores rank worst in {group_name(first.name, by)} (AUC {area(low.value)}) and best in "
        f"{group_name(last.name, by)} ({area(high.value)})."
        for first, last, low, high in _apart(groups, "auc")
    ]
    if not said:
        said = ["No two of them differ by more than chance could."]
    unsaid = [g for g in groups if status(g.recall) != "said"]
    coarse = sum(g.more_tp > 0 and not g.recall.too_few for g in unsaid)
    if coarse:
        said.append(
            f"For {coarse} of {len(groups)}, binned scores are too coarse to say what share is "
            "caught: count exactly."
        )
    few = len(unsaid) - coarse
    if few:
        said.append(f"{few} of {len(groups)} have too few events to say what share is caught.")
    return tuple(said)


def status(e: Estimate) -> str:
    """Whether an estimate can be said: "said", "too few" or "undefined"."""
    return e.status


def _apart(
    groups: Sequence[Group], field: str
) -> Iterator[tuple[Group, Group, Estimate, Estimate]]:
    """Yield the lowest and the highest of those that can be told, if they are apart."""
    told = [(g, getattr(g, field)) for g in groups if status(getattr(g, field)) == "said"]
    if len(told) < 2:
        return
    (first, low), (last, high) = (pick(told, key=lambda t: t[1].value) for pick in (min, max))
    if low.high < high.low:
        yield first, last, low, high
