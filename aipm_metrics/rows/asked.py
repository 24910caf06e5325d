"""What a page of somebody's own rows is asked for, as a link and back.

A link says where rows came from by name only, which columns were read, the fingerprint of their
counts, the prices and the two thresholds. It never says a row, a path, an address of a server or
a credential. Reading raises nothing and opens nothing; what is not taken is told.

Long because every field of a link is read, checked and written here.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, Literal, get_args
from urllib.parse import parse_qsl, urlencode, urlsplit

from pydantic import BaseModel, ConfigDict

from aipm_metrics.errors import Refusal
from aipm_metrics.knobs import knob, knobs_of
from aipm_metrics.link_values import NUMBER, text_of, value_of
from aipm_metrics.rows.sample_payments import PAYMENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "LONGEST_NAME",
    "PAGE",
    "VERSION",
    "Asked",
    "Columns",
    "Kind",
    "Origin",
    "Prices",
    "asked_fields",
    "asked_from_link",
    "asked_to_link",
    "read_asked",
]

PAGE: Final = "your_data"
VERSION: Final = 1
LONGEST_NAME: Final = 200  # characters of a name in a link
LONGEST_LINK: Final = 16_384
MOST_FIELDS: Final = 100
LARGEST: Final = sys.float_info.max

Kind = Literal["sample", "upload", "folder", "connection"]
KINDS: Final = get_args(Kind)
FINGERPRINT = re.compile(r"[0-9a-f]{16}", re.ASCII)
PASSED_OVER = re.compile(r"(present|embed|embed_options|utm_\w+)", re.ASCII)  # no knob, no harm
ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.ASCII | re.IGNORECASE)


class Prices(BaseModel):
    """What the two errors cost, each time."""

    model_config = ConfigDict(frozen=True)

    miss: float = knob(
        100, 0.01, 1e9, "A miss costs", group="Prices", unit="USD", scale="log", in_sight=True,
        help="What one event costs that scores below the threshold.", priced=True,
    )  # fmt: skip
    false_alarm: float = knob(
        5, 0.01, 1e9, "A false alarm costs", group="Prices", unit="USD", scale="log",
        in_sight=True, priced=True,
        help="What it costs to flag one row that is no event.",
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Origin:
    """Where rows come from, by name.

    Attributes
    ----------
    kind
        An upload, a file or files under the configured folder, a table of a configured
        connection, or the sample.
    name : str
        The file's name, the place under the folder, or the table; of samples only the second
        has one.
    connection : str
        The connection's name in the configuration; empty for the other kinds.
    """

    kind: Kind
    name: str
    connection: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which column is what; empty where there is none.

    Attributes
    ----------
    score, label : str
    event : str
        The label's value that is the event the model looks for.
    segment, version, amount, time : str
        What rows are told apart by, the model's version, money per row, and when.
    """

    score: str
    label: str
    event: str
    segment: str = ""
    version: str = ""
    amount: str = ""
    time: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Everything a link to the page says.

    Attributes
    ----------
    origin, columns
        None before anything was counted; a link with an origin and no fingerprint was made
        while the count was under way.
    prices : Prices
    a, b : float or None, in the score's own units
        The two thresholds; None until rows say where they start.
    fingerprint : str
        Of the counts, 16 hexadecimal characters; empty before they are counted.
    """

    origin: Origin | None = None
    columns: Columns | None = None
    prices: Prices = field(default_factory=Prices)
    a: float | None = None
    b: float | None = None
    fingerprint: str = ""

    def standing(self, fingerprint: str, a: float, b: float) -> Asked:
        """Say what the page stands at, nothing left to defaults."""
        return replace(self, fingerprint=fingerprint, a=a, b=b)


COLUMNS: Final = tuple(Columns.__dataclass_fields__)
NEEDED: Final = ("score", "label", "event")
THRESHOLDS: Final = ("a", "b")


def asked_fields(asked: Asked) -> dict[str, str]:
    """Fields of the address that say it, in one order.

    Examples
    --------
    >>> asked_fields(Asked(a=0.5))
    {'v': '1', 'your_data.miss': '100', 'your_data.false_alarm': '5', 'your_data.a': '0.5'}
    """
    said = {"v": str(VERSION)}
    if asked.origin is not None:
        origin = asked.origin
        said |= {"source": origin.kind, "connection": origin.connection, "name": origin.name}
    if asked.columns is not None:
        said |= {name: getattr(asked.columns, name) for name in COLUMNS}
    for name in knobs_of(Prices):
        said[f"{PAGE}.{name}"] = text_of(getattr(asked.prices, name))
    for name in THRESHOLDS:
        value: float | None = getattr(asked, name)
        said[f"{PAGE}.{name}"] = "" if value is None else text_of(value)
    said["rows"] = asked.fingerprint
    return {field: text for field, text in said.items() if text}


def asked_to_link(asked: Asked) -> str:
    """Write the canonical link.

    Examples
    --------
    >>> columns = Columns(score="score", label="is_fraud", event="1")
    >>> asked_to_link(Asked(origin=Origin("upload", "May.csv"), columns=columns))[:66]
    '/your_data?v=1&source=upload&name=May.csv&score=score&label=is_fra'
    """
    return f"/{PAGE}?{urlencode(asked_fields(asked))}"


def asked_from_link(link: str) -> tuple[Asked, tuple[Refusal, ...]]:
    """Read a link, whole or partial, with or without a host; raises nothing.

    Examples
    --------
    >>> asked, refusals = asked_from_link("/your_data?your_data.miss=-3&source=ftp")
    >>> asked == Asked(), [refusal.field for refusal in refusals]
    (True, ['source', 'miss'])
    """
    try:
        if len(link) > LONGEST_LINK:
            raise ValueError
        parts = urlsplit(link)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        why = f"cannot be read: it must be a web address of at most {LONGEST_LINK:,} characters"
        return Asked(), (Refusal.of("link", why, link),)
    page = parts.path.rstrip("/").rpartition("/")[2]
    if page != PAGE:
        return Asked(), (Refusal.of("page", f"must be {PAGE}", page or "nothing"),)
    return read_asked(pairs)


def read_asked(pairs: Iterable[tuple[str, str]]) -> tuple[Asked, tuple[Refusal, ...]]:
    """Read the fields of the page's address; see `asked_from_link`.

    Parameters
    ----------
    pairs
        Field and text as they stand in the address, decoded.

    Returns
    -------
    asked, refusals
        What was refused has its default; rows whose name or columns were refused are not asked
        for at all.
    """
    refusals: list[Refusal] = []
    said: dict[str, str] = {}
    double: set[str] = set()
    for name, text in pairs:
        if PASSED_OVER.fullmatch(name):
            continue
        double |= {name} & said.keys()
        said[name] = text
    for name in sorted(double):
        refusals.append(Refusal.of(name, "is said more than once"))
        del said[name]
    _version(said, refusals)
    origin = _origin(said, refusals)
    columns = _columns(said, refusals) if origin is not None else None
    prices = _prices(said, refusals)
    a, b = (_threshold(name, said, refusals) for name in THRESHOLDS)
    fingerprint = said.get("rows", "")
    if fingerprint and not FINGERPRINT.fullmatch(fingerprint):
        refusals.append(
            Refusal.of("rows", "must be 16 hexadecimal digits, a fingerprint", fingerprint)
        )
        fingerprint = ""
    if columns is None:
        origin, fingerprint = None, ""
    known = {
        *("v", "source", "connection", "name", "rows", *COLUMNS),
        *(f"{PAGE}.{name}" for name in (*knobs_of(Prices), *THRESHOLDS)),
    }
    refusals += [Refusal.of(f"?{f}", "is not a field of this page") for f in said.keys() - known]
    asked = Asked(
        origin=origin, columns=columns, prices=prices, a=a, b=b, fingerprint=fingerprint
    )  # fmt: skip
    return asked, tuple(refusals)


def _version(said: dict[str, str], refusals: list[Refusal]) -> None:
    if said.get("v", str(VERSION)) != str(VERSION):
        refusals.append(Refusal.of("v", f"must be {VERSION}", said["v"]))


def _origin(said: dict[str, str], refusals: list[Refusal]) -> Origin | None:
    kind = said.get("source", "")
    if not kind:
        return None
    known: Kind | None = next((k for k in KINDS if k == kind), None)
    if known is None:
        refusals.append(Refusal.of("source", f"must be {' or '.join(KINDS)}", kind))
        return None
    name = _name("name", said, refusals, needed=known != "sample")
    connection = _name("connection", said, refusals, needed=known == "connection")
    if name is None or connection is None:
        return None
    if known == "sample":
        return Origin("sample", PAYMENTS if name == PAYMENTS else "", "")
    return Origin(known, name, connection if known == "connection" else "")


def _columns(said: dict[str, str], refusals: list[Refusal]) -> Columns | None:
    found = {name: _name(name, said, refusals, needed=name in NEEDED) for name in COLUMNS}
    texts = {name: text for name, text in found.items() if text is not None}
    return Columns(**texts) if len(texts) == len(COLUMNS) else None


def _name(
    what: str, said: dict[str, str], refusals: list[Refusal], *, needed: bool
) -> str | None:  # fmt: skip
    """Read a name: empty where none is needed, None where it was refused."""
    text = said.get(what, "")
    why = ""
    if needed and not text:
        why = "must be said"
    elif len(text) > LONGEST_NAME or not text.isprintable():
        why = f"must be a name of at most {LONGEST_NAME} printable characters"
    elif what in {"name", "connection"} and ADDRESS.match(text):
        why = "must be a name, never an address"
    if not why:
        return text
    refusals.append(Refusal.of(what, why, text))
    return None


def _prices(said: dict[str, str], refusals: list[Refusal]) -> Prices:
    prices = Prices()
    for name, price in knobs_of(Prices).items():
        text = said.get(f"{PAGE}.{name}")
        if text is None:
            continue
        value, why = value_of(price, text, in_rows=False)
        if value is None:
            refusals.append(Refusal.of(name, why, text or "nothing"))
        else:
            prices = prices.model_copy(update={name: float(value)})
    return prices


def _threshold(name: str, said: dict[str, str], refusals: list[Refusal]) -> float | None:
    text = said.get(f"{PAGE}.{name}")
    if text is None:
        return None
    if len(text) <= LONGEST_NAME and NUMBER.fullmatch(text) and abs(float(text)) <= LARGEST:
        return float(text) + 0.0
    refusals.append(Refusal.of(name, "must be a finite number", text or "nothing"))
    return None
