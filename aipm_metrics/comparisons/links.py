"""A comparison as a link, and back: `/compare?a=<link>&b=<link>`, and `chosen` once it is.

Each side is a canonical link of its own, whole, so that it means for ever what it meant.
Reading raises nothing and imports nothing; what is not taken is told, side by side.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from aipm_metrics.comparisons.presets import beside, starter
from aipm_metrics.errors import Refusal
from aipm_metrics.links import LONGEST_LINK, PASSED_OVER, from_link, to_link

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_metrics.scenarios.contract import Scenario

__all__ = [
    "PAGE",
    "Linked",
    "LinkedSide",
    "compare_from_link",
    "compare_to_link",
    "complete_compare_query",
    "read_compare_fields",
    "read_side",
]

PAGE: Final = "compare"
SIDES: Final = ("a", "b")
LONGEST: Final = 8 * LONGEST_LINK  # two links, each character of which may be written as three
MOST_FIELDS: Final = 100
Chosen = Literal["a", "b", ""]


@dataclass(frozen=True, slots=True)
class LinkedSide:
    """One side as a link tells it.

    Attributes
    ----------
    scenario
        None when the link is no question's at all: there is nothing to fall back on.
    refusals
        What was not taken; a knob that was refused has its default.
    """

    scenario: Scenario | None
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True, slots=True)
class Linked:
    """A comparison as a link tells it.

    Attributes
    ----------
    a, b
        The two sides.
    chosen
        The side that was chosen, or nothing.
    refusals
        What was not taken besides the two sides.
    """

    a: LinkedSide
    b: LinkedSide
    chosen: Chosen
    refusals: tuple[Refusal, ...]


def compare_to_link(a: Scenario, b: Scenario, chosen: Chosen = "") -> str:
    """Write the canonical link of a comparison.

    Examples
    --------
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> link = compare_to_link(ModerationScenario(auc=0.9), ModerationScenario(), "b")
    >>> link[:36], link[-9:]
    ('/compare?a=%2Fmoderation%3Fv%3D2%26m', '&chosen=b')
    """
    pairs = [("a", to_link(a)), ("b", to_link(b)), *([("chosen", chosen)] if chosen else [])]
    return f"/{PAGE}?{urlencode(pairs)}"


def compare_from_link(link: str) -> Linked:
    """Read a comparison's link, whole or partial, with or without a host; raises nothing.

    Examples
    --------
    >>> told = compare_from_link("/compare?a=/moderation?moderation.auc=7&b=/nowhere")
    >>> told.a.scenario.auc, told.a.refusals[0].sentence
    (0.96, '`auc` must lie in [0.5, 0.9999]; the link says 7.')
    >>> told.b.scenario is None, told.b.refusals[0].sentence.partition("; ")[2]
    (True, 'the link says nowhere.')
    """
    try:
        if len(link) > LONGEST:
            raise ValueError
        parts = urlsplit(link)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        why = f"cannot be read: it must be a web address of at most {LONGEST:,} characters"
        return _nothing(Refusal.of("link", why, link))
    page = parts.path.rstrip("/").rpartition("/")[2]
    if page != PAGE:
        return _nothing(Refusal.of("page", f"must be {PAGE}", page or "nothing"))
    return read_compare_fields(pairs)


def _nothing(refusal: Refusal) -> Linked:
    return Linked(LinkedSide(None, ()), LinkedSide(None, ()), "", (refusal,))


def read_compare_fields(pairs: Iterable[tuple[str, str]]) -> Linked:
    """Read the fields of the comparison's address; see `compare_from_link`.

    Parameters
    ----------
    pairs
        Field and text as they stand in the address, decoded.
    """
    said: dict[str, list[str]] = {}
    for field, text in pairs:
        if not PASSED_OVER.fullmatch(field) and (field, text) != ("v", "1"):
            said.setdefault(field, []).append(text)
    refusals = [
        Refusal.of(f"?{field}", "is not a field of this page")
        for field in said
        if field not in {*SIDES, "chosen"}
    ]
    a, b = (_side(side, said.get(side, [])) for side in SIDES)
    chosen = said.get("chosen", [""])
    if chosen not in (["a"], ["b"], [""]):
        refusals.append(Refusal.of("chosen", "must be a or b", ", ".join(chosen)))
    picked: Chosen = "a" if chosen == ["a"] else "b" if chosen == ["b"] else ""
    return Linked(a, b, picked, tuple(refusals))


def _side(side: str, texts: list[str]) -> LinkedSide:
    if len(texts) == 1:
        return read_side(texts[0])
    why = "is said more than once" if texts else "must be a link to a scenario; there is none"
    return LinkedSide(None, (Refusal.of(side, why),))


def read_side(link: str) -> LinkedSide:
    """Read one side's link; unlike `from_link`, one to nowhere gives no scenario."""
    scenario, refusals = from_link(link)
    nowhere = any(refusal.field in {"link", "page"} for refusal in refusals)
    return LinkedSide(None if nowhere else scenario, refusals)


def complete_compare_query(query: str) -> str | None:
    """Complete an address that does not name both sides; what it says is kept as it stands.

    Returns
    -------
    str or None
        The completed query string; None when both sides are named, or nothing can be read.
    """
    try:
        if len(query) > LONGEST:
            return None
        pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return None
    said = dict(pairs)
    missing = [side for side in SIDES if side not in said]
    if not missing:
        return None
    both = dict(zip(SIDES, starter(), strict=True))
    if len(missing) == 1:
        other = read_side(said["a" if missing == ["b"] else "b"]).scenario
        both[missing[0]] = both[missing[0]] if other is None else beside(other)
    return urlencode([*pairs, *((side, to_link(both[side])) for side in missing)], errors="replace")
