"""A decision log entry: every knob, the same scenarios back, and text that stays text."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pydantic import ValidationError

from aipm_metrics.comparisons.compare import compare
from aipm_metrics.comparisons.links import compare_from_link
from aipm_metrics.comparisons.presets import starter
from aipm_metrics.errors import MetricsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import from_link
from aipm_metrics.reports.decision_log import LONGEST_WHY, Entry, entry_of
from aipm_metrics.reports.decision_markdown import to_markdown
from aipm_metrics.reports.markdown import escaped, quoted
from aipm_metrics.scenarios.moderation import ModerationScenario
from aipm_metrics.scenarios.uncertainty import chance_cheaper, drawn
from tests.aipm_metrics.comparisons.toys import ToyScenario, draw_pair, tied

if TYPE_CHECKING:
    from markdown_it.token import Token

    from aipm_metrics.comparisons.compared import Compared

DAY = datetime.date(2026, 3, 9)
STARTED = compare(*starter())
CHANCE = chance_cheaper(*starter()[::-1])
READER = MarkdownIt("commonmark", {"html": True}).enable("table")


def written(
    why: str = "It is cheaper.",
    *,
    compared: Compared = STARTED,
    chosen: Literal["a", "b"] = "b",
    names: tuple[str, str] = ("the usual 0.5", "0.15"),
    host: str = "https://metrics.example:8501/compare?a=1",
) -> Entry:
    chance = CHANCE if compared is STARTED else None
    return entry_of(compared, chosen=chosen, why=why, on=DAY, names=names, host=host, chance=chance)


# JSON -------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from(["a", "b"]), st.text())
def test_json_gives_the_same_entry_and_the_same_scenarios_back(
    seed: int, chosen: Literal["a", "b"], why: str
) -> None:
    a, b, rows = draw_pair(seed)
    why = why.encode("utf-8", "replace").decode()  # JSON is UTF-8; so is what a browser sends
    entry = written(why, compared=compare(a, b, rows, rows), chosen=chosen)
    again = Entry.from_json(entry.to_json())
    assert again == entry
    assert again.scenarios() == (a, b)
    told = json.loads(entry.to_json())
    for side, scenario in (("a", a), ("b", b)):
        knobs = told[side]["knobs"]
        assert knobs == {name: getattr(scenario, name) for name in knobs_of(type(scenario))}
        option = told[side]
        assert ModerationScenario.model_validate({**knobs, "rows": option["rows"]}) == scenario
    assert told["date"] == "2026-03-09"
    assert told["schema"] == "aipm-metrics/decision/1"


def test_every_field_of_the_schema_is_described() -> None:
    schema = Entry.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        for name, field in part["properties"].items():
            assert field.get("description"), name
    assert set(json.loads(written().to_json())) == set(schema["properties"])


def test_json_has_no_nan() -> None:
    entry = written(compared=compare(ToyScenario(), ToyScenario(buns=15)))
    told = json.loads(entry.to_json(), parse_constant=pytest.fail)
    ovens = next(number for number in told["numbers"] if number["name"] == "ovens")
    assert (ovens["a"], ovens["difference"], ovens["better"]) == (None, None, "undefined")
    assert "| ovens | undefined | undefined | undefined |" in to_markdown(entry)


def test_the_choice_and_what_speaks_against_the_other_are_told() -> None:
    entry = written()
    assert (entry.chosen, entry.rejected, entry.cheaper) == ("b", "a", "b")
    assert "$130k more" in entry.rejected_because
    assert entry.reverses[0].knob == "harm_per_missed"
    assert entry.reverses[0].at == pytest.approx(5.4254, abs=1e-4)
    read = compare_from_link(entry.link)
    assert (read.a.scenario, read.b.scenario, read.chosen) == (*starter(), "b")
    assert entry.link.startswith("https://metrics.example:8501/compare?a=")


@pytest.mark.parametrize(
    "host", ["", "javascript:alert(1)", "http://[", "ftp://x", "https://a b", "https://u@h", "x>y"]
)
def test_a_host_that_is_none_is_left_out(host: str) -> None:
    assert written(host=host).link.startswith("/compare?a=")


def test_what_does_not_fit_is_refused() -> None:
    told = json.loads(written().to_json())
    for field, value in (("chosen", "c"), ("date", "yesterday"), ("schema", "x"), ("more", 1)):
        with pytest.raises(ValidationError):
            Entry.from_json(json.dumps({**told, field: value}))
    other = {**told, "link": "/compare?a=/moderation&b=/moderation"}
    with pytest.raises(MetricsError, match="link"):
        Entry.from_json(json.dumps(other)).scenarios()


def test_a_long_reason_is_kept_to_its_limit() -> None:
    assert len(written("x" * 10_000).why) == LONGEST_WHY


def test_the_chance_its_ranges_and_its_seed_are_told() -> None:
    a, b = ModerationScenario(auc=0.95, seed=9), ModerationScenario(
        auc=0.97, model_price=2, seed=7, ranges=(("harm_per_missed", 1.0, 90.0),)
    )  # fmt: skip
    chance = chance_cheaper(b, a)
    entry = entry_of(compare(a, b), chosen="b", why="", on=DAY, chance=chance)
    odds = entry.chance
    assert odds is not None
    assert (odds.b_cheaper, odds.same, odds.a_cheaper) == (chance.wins, chance.ties, chance.losses)
    assert odds.b_cheaper + odds.same + odds.a_cheaper == odds.draws == 1000
    assert odds.seed == 7
    told = {one.knob: [list(ends or ()) for ends in (one.a, one.b)] for one in odds.ranges}
    own = told["model_price"]
    assert [*own[0], *own[1]] == pytest.approx([0.025, 0.075, 1, 3])
    assert told["harm_per_missed"] == [[1, 90], [1, 90]]  # one assumption, the wider range
    assert set(told) == set(a.ranges_in_use(with_rows=False))
    # What is written down is enough to draw again.
    once_more = [
        s.costs(drawn(s, {k: (r[i][0], r[i][1]) for k, r in told.items() if r[i]}, odds.seed))
        for i, s in enumerate((a, b))
    ]
    assert int((once_more[1] < once_more[0]).sum()) == odds.b_cheaper
    text = to_markdown(entry)
    assert odds.said in text.replace("\\", "")
    assert "Seed 7" in text
    assert "| Price of the model | $0.025 to $0.075 per thousand posts | $1 to $3" in text
    assert Entry.from_json(entry.to_json()) == entry


def test_an_assumption_that_plays_no_part_on_one_side_is_said_to() -> None:
    a, b = ModerationScenario(), ModerationScenario(decision_delay=10)
    entry = entry_of(compare(a, b), chosen="a", why="", on=DAY, chance=chance_cheaper(b, a))
    assert "| Half-life of a post | plays no part | 40 to 120 min |" in to_markdown(entry)


def test_an_entry_of_an_older_version_gives_its_scenarios_back() -> None:
    told = json.loads(written().to_json())
    old = ["/moderation?v=1&moderation.auc=0.9", "/moderation?v=1"]
    told["a"]["link"], told["b"]["link"] = old
    told["link"] = "/compare?" + urlencode({"a": old[0], "b": old[1], "chosen": "b"})
    del told["chance"]  # not asked for then
    entry = Entry.from_json(json.dumps(told))
    assert entry.scenarios() == tuple(from_link(link)[0] for link in old)
    assert "How sure" not in to_markdown(entry)


# Markdown ---------------------------------------------------------------------------------------

HEADINGS = ["Context", "Options", "Numbers", "How sure", "Why", "What would reverse it", "Link"]


def inline(tokens: list[Token]) -> list[Token]:
    return [child for token in tokens for child in token.children or ()]


def test_the_entry_has_its_parts_in_order() -> None:
    tokens = READER.parse(to_markdown(written()))
    heads = [tokens[i + 1].content for i, t in enumerate(tokens) if t.type == "heading_open"]
    assert heads == [f"2026-03-09: {ModerationScenario.question}", *HEADINGS]
    assert sum(t.type == "table_open" for t in tokens) == 3
    (link,) = [t for t in inline(tokens) if t.type == "link_open"]
    assert link.attrs["href"] == written().link
    assert "rejected option is the cheaper one" in to_markdown(written())
    assert "not the cheaper one" in to_markdown(written(chosen="a"))


@pytest.mark.parametrize("chosen", ["a", "b"])
def test_on_a_tie_the_entry_says_who_wins_where_whichever_was_chosen(
    chosen: Literal["a", "b"],
) -> None:
    entry = written(compared=compare(*tied()), chosen=chosen)
    assert entry.cheaper == "same"
    assert {(r.knob, r.moved): (r.below, r.above) for r in entry.reverses} == {
        ("views_per_missed", "both"): ("a", "b"), ("leave_after_harm", "both"): ("a", "b"),
        ("value_per_viewer", "a"): ("a", "b"), ("harm_per_missed", "a"): ("a", "b"),
        ("harm_per_missed", "b"): ("b", "a"),
    }  # fmt: skip
    text = to_markdown(entry).split("## What would reverse it")[1]
    assert text.startswith(
        "\n\nBoth cost the same today; one of them wins on either side of any one of these:\n\n- B"
    )
    assert "cheaper" not in text
    assert "Past" not in text
    assert Entry.from_json(entry.to_json()) == entry


def test_less_than_a_cent_is_a_tie_in_every_part_of_an_entry() -> None:
    a = ToyScenario()
    entry = written(compared=compare(a, a.model_copy(update={"price": 2.0004})), chosen="b")
    assert entry.numbers[-1].difference == pytest.approx(0.004)
    assert entry.cheaper == "same"
    assert "costs the same" in entry.said
    assert "Both cost the same today" in to_markdown(entry)


def test_where_nothing_turns_a_tie_it_says_so_and_so_does_an_entry_of_before() -> None:
    compared = compare(ModerationScenario(), ModerationScenario(desk_hours=5))
    none = "Both cost the same today, and no single price or rate"
    assert none in to_markdown(written(compared=compared))
    told = json.loads(written(compared=compare(*tied())).to_json())
    for one in told["reverses"]:
        del one["above"], one["below"]
    assert none in to_markdown(Entry.from_json(json.dumps(told)))


MARKUP = st.text(alphabet="#*_`[]()<>!|~&;:/.\\-+=1 \n\tab@w$")


@settings(max_examples=100, deadline=None)
@given(st.one_of(MARKUP, st.text()), MARKUP)
@example("# h\n\n## h2\n===\n---\n- x\n1. y\n    code\n```\nx", "[x](http://e)")
@example("<script>alert(1)</script> <https://evil.example> &lt; &#35;", "**x** | y")
@example("[a]: http://evil.example\n\n[a] ![i](http://e/x.png)", "`x`")
@example("a\\\nb  \nc\r\nd\u2028# e\x0c# f", "\n# x")
def test_what_somebody_typed_stays_text(why: str, name: str) -> None:
    plain = READER.parse(to_markdown(written("")))
    tokens = READER.parse(to_markdown(written(why, names=(name, "B"))))
    shape = [
        t.type for t in tokens if t.type not in {"inline", "paragraph_open", "paragraph_close"}
    ]
    assert shape == [
        t.type for t in plain if t.type not in {"inline", "paragraph_open", "paragraph_close"}
    ]
    kinds = {t.type for t in inline(tokens)}
    assert kinds <= {"text", "text_special", "softbreak", "strong_open", "strong_close",
                     "link_open", "link_close"}  # fmt: skip
    assert sum(t.type == "link_open" for t in inline(tokens)) == 1  # ours
    assert sum(t.type == "strong_open" for t in inline(tokens)) == 1  # ours


@settings(max_examples=80, deadline=None)
@given(MARKUP)
def test_escaped_text_reads_back_as_it_was(text: str) -> None:
    shown = "".join(t.content for t in inline(READER.parse(f"x {escaped(text)}")))
    assert shown.removeprefix("x").strip() == " ".join(text.split())


@pytest.mark.parametrize(
    "address", ["https://evil.example", "http://e", "www.evil.example", "WWW.e.x"]
)
def test_bare_addresses_are_broken_for_readers_that_link_them(address: str) -> None:
    assert address not in escaped(f"see {address}")


def test_a_quotation_is_marked_line_by_line() -> None:
    assert quoted("one\n\ntwo") == "> one\n>\n> two"
    assert "> No reason was given." in to_markdown(written("  \n "))


def test_without_a_host_the_link_is_no_link() -> None:
    text = to_markdown(written(host=""))
    assert not [t for t in inline(READER.parse(text)) if t.type == "link_open"]
    assert "`/compare?a=" in text
