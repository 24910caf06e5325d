"""Scenario to link and back: versioned, canonical, and safe on whatever is pasted.

A link is ``/<page>?v=<version>&<page>.<knob>=<value>...``. `to_link` writes every knob, so a
link means the same for ever; of the assumptions' ranges (``<page>.<knob>.low`` and ``.high``)
and the seed (``<page>.seed``) it writes what is not as usual. A partial or older link is
completed from the defaults frozen for its own version, never from today's. Reading takes plain
numbers and listed choices only, raises nothing, imports nothing, and says in a `Refusal` what
it did not take.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit

from aipm_metrics.errors import Refusal
from aipm_metrics.knobs import knobs_of
from aipm_metrics.link_defaults import DEFAULTS
from aipm_metrics.link_values import ENDS, doubts, read_ranges, read_seed, text_of, value_of
from aipm_metrics.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["DEFAULTS", "complete_query", "from_link", "read_fields", "to_link"]

Pairs = list[tuple[str, str]]

LONGEST_LINK = 65_536
PASSED_OVER = re.compile(r"(present|embed|embed_options|utm_\w+)", re.ASCII)  # no knob, no harm
VERSION = re.compile(r"\d{1,9}", re.ASCII)
FINGERPRINT = re.compile(r"[0-9a-f]{16}", re.ASCII)


def to_link(scenario: Scenario) -> str:
    """Write the canonical link: page, version and every knob.

    Examples
    --------
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> to_link(ModerationScenario(auc=0.9))[:65]
    '/moderation?v=2&moderation.threshold=0.15&moderation.auc=0.9&mode'
    """
    pairs = [
        ("v", str(scenario.version)),
        *(
            (f"{scenario.page}.{n}", text_of(getattr(scenario, n)))
            for n in knobs_of(type(scenario))
        ),
        *doubts(scenario),
    ]
    if scenario.rows:
        pairs.append(("rows", scenario.rows))
    return f"/{scenario.page}?{urlencode(pairs)}"


def from_link(link: str) -> tuple[Scenario, tuple[Refusal, ...]]:
    """Read a link, whole or partial, with or without a host.

    Returns
    -------
    scenario, refusals
        Each field that is refused has its default; an unreadable link gives the first
        question with its defaults. Nothing is raised.

    Examples
    --------
    >>> scenario, refusals = from_link("/moderation?v=1&moderation.auc=7")
    >>> scenario.auc, refusals[0].sentence
    (0.96, '`auc` must lie in [0.5, 0.9999]; the link says 7.')
    """
    try:
        if len(link) > LONGEST_LINK:
            raise ValueError
        parts = urlsplit(link)
        pairs = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        why = f"cannot be read: it must be a web address of at most {LONGEST_LINK:,} characters"
        return SCENARIOS[0](), (Refusal.of("link", why, link),)
    page = parts.path.rstrip("/").rpartition("/")[2]
    for scenario in SCENARIOS:
        if scenario.page == page:
            return read_fields(scenario, pairs)
    known = ", ".join(s.page for s in SCENARIOS)
    return SCENARIOS[0](), (Refusal.of("page", f"must be one of {known}", page or "nothing"),)


def read_fields(
    scenario: type[Scenario], pairs: Iterable[tuple[str, str]]
) -> tuple[Scenario, tuple[Refusal, ...]]:
    """Read the fields of one page's address; see `from_link`.

    Parameters
    ----------
    scenario
        The question whose page this is.
    pairs
        Field and text as they stand in the address, decoded.
    """
    ours = [(field, text) for field, text in pairs if not PASSED_OVER.fullmatch(field)]
    fields, refusals = _once_each(scenario.page, ours)
    version = _version(scenario, fields.pop("v", None), refusals)
    rows = fields.pop("rows", "")
    if rows and not FINGERPRINT.fullmatch(rows):
        refusals.append(Refusal.of("rows", "must be 16 hexadecimal digits", rows))
        rows = ""
    knobs, values = knobs_of(scenario), dict(DEFAULTS[scenario.page][version])
    seed = fields.pop(f"{scenario.page}.seed", None)
    said: dict[str, dict[str, str]] = {}
    for field, text in fields.items():
        page, _, name = field.partition(".")
        knob, dot, end = name.partition(".")
        if page == scenario.page and knob in knobs and dot + end in ENDS:
            said.setdefault(knob, {})[dot + end] = text
            continue
        if page != scenario.page or name not in knobs:
            refusals.append(Refusal.of(_shown(scenario.page, field), "is not a knob of this page"))
            continue
        value, why = value_of(knobs[name], text, in_rows=bool(rows))
        if value is None:
            refusals.append(Refusal.of(name, why, text or "nothing"))
        else:
            values[name] = value
    believed = {
        "seed": read_seed(seed, refusals),
        "ranges": read_ranges(knobs, values, said, refusals),
    }
    return scenario.model_validate({**values, **believed, "rows": rows}), tuple(refusals)


def complete_query(scenario: type[Scenario], query: str) -> str | None:
    """Complete an address of an older version, or of none, to one of today's.

    What the address says is kept as it stands, good or bad: the page will name what it
    refuses. What it leaves out comes from its own version's defaults. An address without a
    version that says anything is of version 1, so that its meaning never changes.

    Returns
    -------
    str or None
        The completed query string; None when the address is of today's version already, or
        cannot be read at all.
    """
    try:
        pairs = parse_qsl(query, keep_blank_values=True) if len(query) <= LONGEST_LINK else None
    except ValueError:
        pairs = None
    if pairs is None:
        return None
    said = [text for field, text in pairs if field == "v"]
    if said and (len(said) > 1 or not VERSION.fullmatch(said[0])):
        return None
    ours = {field for field, _ in pairs if field.startswith(f"{scenario.page}.")}
    version = int(said[0]) if said else (1 if ours or "rows=" in query else scenario.version)
    tables = DEFAULTS[scenario.page]
    if (said and version == scenario.version) or version not in tables:
        return None
    kept = [(field, text) for field, text in pairs if field != "v"]
    missing: Pairs = []
    if version != scenario.version:
        missing = [
            (f"{scenario.page}.{name}", str(value))
            for name, value in tables[version].items()
            if f"{scenario.page}.{name}" not in ours
        ]
    return urlencode([*kept, *missing, ("v", str(scenario.version))], errors="replace")


def _once_each(page: str, pairs: Iterable[tuple[str, str]]) -> tuple[dict[str, str], list[Refusal]]:
    """Fields that are said once; those said more often are refused."""
    fields: dict[str, str] = {}
    twice: set[str] = set()
    for field, text in pairs:
        if field in fields:
            twice.add(field)
        fields[field] = text
    for field in twice:
        del fields[field]
    return fields, [
        Refusal.of(_shown(page, field).removeprefix(f"{page}."), "is said more than once")
        for field in sorted(twice)
    ]


def _shown(page: str, field: str) -> str:
    """Name a field that is not a knob's: one of other origin as it stands in the address."""
    return field if field.startswith(f"{page}.") or field in {"v", "rows"} else f"?{field}"


def _version(scenario: type[Scenario], text: str | None, refusals: list[Refusal]) -> int:
    if text is None:
        return 1
    tables = DEFAULTS[scenario.page]
    if VERSION.fullmatch(text) and int(text) in tables:
        return int(text)
    refusals.append(Refusal.of("v", _versions(scenario), text))
    return scenario.version


def _versions(scenario: type[Scenario]) -> str:
    newest = scenario.version
    return "must be 1" if newest == 1 else f"must be a version from 1 to {newest}"
