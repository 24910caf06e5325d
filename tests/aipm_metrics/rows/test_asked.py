"""Links to somebody's own rows: there and back, and what a hostile one can do."""

from __future__ import annotations

import string
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipm_metrics.rows.asked import (
    LONGEST_NAME,
    Asked,
    Columns,
    Origin,
    Prices,
    asked_from_link,
    asked_to_link,
    read_asked,
)

names = st.text(string.printable[:95] + "äßλ你", min_size=1, max_size=LONGEST_NAME).filter(
    lambda text: "://" not in text
)
numbers = st.floats(allow_nan=False, allow_infinity=False).map(lambda x: x + 0.0)
prices = st.floats(0.01, 1e9)
optional = st.one_of(st.just(""), names)
origins = st.one_of(
    st.just(Origin("sample", "")),
    st.builds(Origin, st.sampled_from(["upload", "folder"]), names),
    st.builds(Origin, st.just("connection"), names, names),
)
columns = st.builds(
    Columns, score=names, label=names, event=names, segment=optional, version=optional,
    amount=optional, time=optional,
)  # fmt: skip


@given(
    origins, columns, prices, prices, st.none() | numbers, st.none() | numbers,
    st.sampled_from(["", "0123456789abcdef"]),
)  # fmt: skip
def test_there_and_back(
    origin: Origin, of: Columns, miss: float, false: float, a: float | None, b: float | None,
    fingerprint: str,
) -> None:  # fmt: skip
    asked = Asked(
        origin=origin, columns=of, prices=Prices(miss=miss, false_alarm=false), a=a, b=b,
        fingerprint=fingerprint,
    )  # fmt: skip
    assert asked_from_link(asked_to_link(asked)) == (asked, ())


@given(st.text(), st.dictionaries(st.text(max_size=20), st.text(max_size=300), max_size=8))
def test_any_link_is_read_and_its_canonical_form_is_whole(
    text: str, fields: dict[str, str]
) -> None:
    asked_from_link(text)
    asked, _ = read_asked(fields.items())
    assert asked_from_link(asked_to_link(asked)) == (asked, ())


GOOD = {
    "v": "1", "source": "folder", "name": "2026/may.parquet", "score": "s", "label": "y",
    "event": "1", "rows": "0123456789abcdef", "your_data.miss": "30", "your_data.b": "0.25",
}  # fmt: skip


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("source", "ftp", "`source` must be sample or upload or folder or connection"),
        ("name", "", "`name` must be said"),
        ("name", "x" * 201, "at most 200 printable"),
        ("name", "may\x00.parquet", "printable"),
        ("name", "postgres://me:secret@db/rows", "never an address"),
        ("score", "", "`score` must be said"),
        ("rows", "not-hex", "a fingerprint"),
        ("your_data.miss", "-1", "must lie in [0.01, 1e+09]"),
        ("your_data.miss", "1e999", "must lie in"),
        ("your_data.b", "nan", "must be a finite number"),
        ("your_data.b", "1e999", "must be a finite number"),
        ("your_data.b", "٣", "must be a finite number"),
        ("v", "7", "`v` must be 1"),
        ("sql", "drop table", "is not a field of this page"),
    ],
)
def test_what_is_refused_is_named_and_the_rest_stands(field: str, text: str, said: str) -> None:
    asked, refusals = read_asked({**GOOD, field: text}.items())
    assert len(refusals) == 1
    assert said in refusals[0].sentence
    assert len(refusals[0].sentence) < 200
    if not field.startswith("your_data"):
        assert (asked.prices.miss, asked.b) == (30, 0.25)
    if field in {"source", "name", "score"}:
        assert (asked.origin, asked.columns, asked.fingerprint) == (None, None, "")


def test_a_field_said_twice_is_refused() -> None:
    asked, refusals = read_asked([*GOOD.items(), ("score", "other")])
    assert any(
        refusal.sentence.startswith("`score` is said more than once") for refusal in refusals
    )
    assert asked.origin is None


def test_a_link_elsewhere_is_refused() -> None:
    assert asked_from_link("/moderation?v=1")[1][0].field == "page"
    assert asked_from_link("/your_data?" + "x" * 20_000)[1][0].field == "link"


def test_fields_that_every_page_passes_over() -> None:
    assert read_asked([("utm_source", "mail"), ("embed", "true")]) == (Asked(), ())


def test_a_link_carries_names_and_knobs_only() -> None:
    asked, _ = read_asked(GOOD.items())
    fields = dict(parse_qsl(urlsplit(asked_to_link(asked)).query))
    assert set(fields) == {
        *GOOD, "your_data.false_alarm",
    }  # fmt: skip
    assert urlencode(fields).count("%3A%2F%2F") == 0
