"""The page of somebody's own rows through the app: from nothing to an answer; its refusals."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from aipm_metrics.links import from_link
from aipm_metrics.rows.asked import Asked, Columns, Origin, Prices, asked_fields, asked_from_link
from aipm_metrics.rows.profile import profile
from aipm_metrics.rows.reading import MAX_BYTES, MAX_COLUMNS
from aipm_metrics.rows.sample import FINGERPRINT
from aipm_metrics.sentences import your_data as words
from pages._shared.frame import plain
from tests.aipm_metrics.rows.own_rows import COLUMNS, counted, csv_of, rows
from tests.pages.opening import link_of, page

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from streamlit.testing.v1 import AppTest

PATIENCE = 60  # s
SAMPLE = Columns(score="score", label="label", event="harmful", segment="language")


def opened(fields: Mapping[str, str] | None = None) -> AppTest:
    return page(fields, name="your_data")


def waited(app: AppTest) -> AppTest:
    """Run again, as the browser would, until no count is under way."""
    until = time.monotonic() + PATIENCE
    while "your_data:job" in app.session_state:
        assert time.monotonic() < until
        time.sleep(0.05)
        app.run()
    assert not app.exception, app.exception
    return app


def click(app: AppTest, key: str) -> AppTest:
    app.button(key=f"your_data~{key}").click().run()
    return waited(app)


def upload(app: AppTest, content: bytes, name: str = "mine.csv") -> AppTest:
    app.file_uploader[0].upload(name, content).run()
    return waited(app)


def choose(app: AppTest, kind: str) -> None:
    kinds: Any = app.get("button_group")[0]
    kinds.set_value(kind).run()
    assert not app.exception, app.exception


def said(app: AppTest) -> str:
    told = [*app.title, *app.markdown, *app.warning, *app.caption]
    return "\n".join(re.sub(r"\\(.)", r"\1", part.value) for part in told)


def cards(app: AppTest) -> list[tuple[str, str]]:
    return [(m.value, m.delta) for m in app.metric]


def shown_for(asked: Asked) -> list[tuple[str, str]]:
    assert asked.a is not None
    assert asked.b is not None
    p = profile(counted(), asked.prices, asked.a, asked.b)
    return [(plain(card.value), plain(card.change)) for card in words.cards(p)]


def keys(app: AppTest) -> set[str]:
    return {button.key.removeprefix("your_data~") for button in app.button if button.key}


def test_opens_with_its_limits_told_and_nothing_but_an_upload() -> None:
    app = opened()
    assert app.title[0].value == words.QUESTION
    told = said(app)
    for limit in (f"{MAX_BYTES // 2**20} MB", f"{MAX_COLUMNS} columns", "10 million rows"):
        assert limit in told.replace("\xa0", " ")
    assert "deleted" in told
    assert not app.get("button_group")  # no folder, no connection: there is no choice
    assert not app.metric


def test_the_sample_is_one_click_away_and_in_the_address() -> None:
    app = click(opened(), "sample")
    assert cards(app)[0][0] == "5,000"
    assert app.query_params["rows"] == FINGERPRINT
    asked, refusals = asked_from_link(link_of(app))
    assert not refusals
    assert (asked.origin, asked.columns) == (Origin("sample", ""), SAMPLE)
    assert asked_fields(asked).items() <= {k: str(v) for k, v in app.query_params.items()}.items()
    header = next(t.value for t in app.table if "language" in t.value.columns)
    assert any("too few to say" in cell for cell in header["recall at B"])
    assert "0 %" not in set(header["recall at B"])


@pytest.fixture(scope="module")
def attached() -> AppTest:
    """A file of every kind of column, attached, guessed and counted; tests only read it."""
    app = upload(opened(), csv_of(rows()))
    app.selectbox(key=next(k for k in _selects(app) if "~segment~" in k)).set_value("country").run()
    return click(app, "count")


def _selects(app: AppTest) -> list[str]:
    return [select.key for select in app.selectbox if select.key]


def test_columns_are_guessed(attached: AppTest) -> None:
    asked, _ = asked_from_link(link_of(attached))
    assert asked.columns == COLUMNS
    assert asked.origin == Origin("upload", "mine.csv")


def test_every_panel_speaks_of_these_rows(attached: AppTest) -> None:
    asked, _ = asked_from_link(link_of(attached))
    assert cards(attached) == shown_for(asked)
    assert asked.fingerprint == counted().rows.fingerprint
    told = said(attached)
    assert words.aloud(profile(counted(), asked.prices, asked.a or 0, asked.b or 0))[0] in told
    assert "2026-01-10 to" in told
    columns = [set(t.value.columns) for t in attached.table]
    for by in ("country", "model", "month", "a row of"):
        assert any(by in names for names in columns), by
    charts = attached.get("plotly_chart")
    assert len(charts) == 9


def test_a_price_changes_the_cost_and_asks_no_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    app = click(upload(opened(), csv_of(rows())), "count")
    before = cards(app)

    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("an engine was asked")

    monkeypatch.setattr(duckdb, "connect", never)
    app.number_input(key="your_data~miss").set_value(4000.0).run()
    assert not app.exception
    asked, _ = asked_from_link(link_of(app))
    assert asked.prices == Prices(miss=4000, false_alarm=5)
    assert cards(app) == shown_for(asked) != before
    assert "your_data~best" in {b.key for b in app.button}  # the old B is no longer the cheapest
    app.button(key="your_data~best").click().run()
    asked, _ = asked_from_link(link_of(app))
    told = profile(counted(), asked.prices, asked.a or 0, asked.b or 0)
    assert told.b.cost == told.best.cost
    assert app.query_params["your_data.b"] == repr(asked.b)


def test_a_threshold_per_row_is_judged_again_at_another_price() -> None:
    app = click(upload(opened(), csv_of(rows())), "count")
    assert "a threshold per row, by its amount" in said(app).lower() or "own score" in said(app)
    assert "have not been asked" not in said(app)
    app.number_input(key="your_data~false_alarm").set_value(9.0).run()
    assert "have not been asked" in said(app)
    click(app, "rule")
    assert "have not been asked" not in said(app)
    assert "rule" not in keys(app)
    app.number_input(key="your_data~false_alarm").set_value(5.0).run()
    assert "have not been asked" not in said(app)  # as it was counted
    app.number_input(key="your_data~false_alarm").set_value(9.0).run()
    assert "have not been asked" not in said(app)  # kept by its price


def test_the_link_restores_it_and_opens_only_with_the_rows() -> None:
    app = click(upload(opened(), csv_of(rows())), "count")
    app.number_input(key="your_data~a").set_value(0.31).run()
    fields = {k: str(v) for k, v in app.query_params.items()}
    elsewhere = opened(fields)
    assert not elsewhere.metric
    assert fields["rows"] in said(elsewhere)
    assert "mine.csv" in said(elsewhere)
    click(upload(elsewhere, csv_of(rows()), "renamed.csv"), "count")
    assert cards(elsewhere) == cards(app)
    assert elsewhere.query_params["your_data.a"] == "0.31"
    assert "other rows than the link's" not in said(elsewhere)


def test_other_rows_than_the_links_are_told_apart() -> None:
    app = opened(asked_fields(Asked(origin=Origin("upload", "x.csv"), columns=COLUMNS, a=0.3, b=0.1,
                                    fingerprint="0123456789abcdef")))  # fmt: skip
    click(upload(app, csv_of(rows())), "count")
    assert "other rows than the link's" in said(app)
    click(app, "others")
    assert "other rows than the link's" not in said(app)


def test_a_count_that_the_server_forgot_is_said_to_be_so() -> None:
    asked = Asked(origin=Origin("sample", ""), columns=SAMPLE)
    app = opened(asked_fields(asked))
    assert "was not finished" in said(app)
    assert not app.metric
    click(app, "again")
    assert cards(app)[0][0] == "5,000"
    gone = opened(asked_fields(Asked(origin=Origin("upload", "mine.csv"), columns=COLUMNS)))
    assert "was not finished" in said(gone)
    assert "Attach the file" in said(gone)


NONSENSE = [
    {"source": "ftp", "name": "x"},
    {"source": "connection", "connection": "prod", "name": "postgres://me:pw@db/x", "score": "s"},
    {"your_data.miss": "-1", "your_data.b": "nan", "rows": "<script>"},
    {"source": "upload", "name": "x\u202e", "score": "a" * 500, "label": "b", "event": "c"},
    {"select": "1", "v": "99"},
]


@pytest.mark.parametrize("fields", NONSENSE)
def test_a_hostile_link_meets_a_sentence(fields: dict[str, str]) -> None:
    app = opened(fields)
    assert "Part of this link was not taken." in said(app)
    assert not app.metric
    app.button(key="your_data~understood").click().run()
    assert "not taken" not in said(app)
    assert "sample" in keys(app)


@pytest.mark.parametrize("kind", ["folder", "connection"])
def test_a_link_cannot_open_what_the_configuration_does_not_name(kind: str) -> None:
    app = opened({"source": kind, "connection": "x", "name": "/etc/passwd", "score": "s",
                  "label": "y", "event": "1"})  # fmt: skip
    assert f"no such {kind}" in said(app)
    assert "again" not in keys(app)


def in_folder(root: Path) -> Path:
    """Lay the rows down as Parquet where the configuration may point."""
    (root / "in").mkdir()
    (root / "mine.csv").write_bytes(csv_of(rows()))
    duckdb.read_csv(f"{root}/mine.csv").write_parquet(f"{root}/in/may.parquet")
    (root / "in" / "link.parquet").symlink_to(root / "mine.csv")
    return root / "in"


def test_rows_in_the_configured_folder(tmp_path: Path) -> None:
    root = in_folder(tmp_path)
    app = opened()
    app.secrets["rows"] = {"folder": str(root)}
    app.run()
    choose(app, "Folder")
    assert not app.exception
    app.selectbox(key="your_data~ref").set_value("may.parquet").run()
    waited(app)
    click(app, "count")
    asked, _ = asked_from_link(link_of(app))
    assert asked.origin == Origin("folder", "may.parquet")
    assert str(tmp_path) not in link_of(app)
    assert cards(app)[:4] == shown_for(asked)[:4]


@pytest.mark.parametrize("ref", ["../mine.csv", "/etc/passwd", "nothing.parquet", "link.parquet"])
def test_what_lies_outside_the_folder_is_refused(tmp_path: Path, ref: str) -> None:
    root = in_folder(tmp_path)
    app = opened()
    app.secrets["rows"] = {"folder": str(root)}
    for field, text in asked_fields(Asked(origin=Origin("folder", ref), columns=COLUMNS)).items():
        app.query_params[field] = text
    waited(app.run())
    assert app.warning
    click(app, "again")
    assert app.warning
    assert not app.metric
    assert str(tmp_path) not in said(app)
    assert "count" not in keys(app)


def test_a_table_of_a_configured_connection(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(csv_of(rows()))
    with duckdb.connect(tmp_path / "w.duckdb") as made:
        made.execute(f"CREATE TABLE scores AS SELECT * FROM '{tmp_path}/mine.csv'")
    app = opened()
    app.secrets["connections"] = {
        "warehouse": {"backend": "duckdb", "database": str(tmp_path / "w.duckdb")}
    }
    app.run()
    choose(app, "Connection")
    assert not app.exception
    app.selectbox(key="your_data~table").set_value("scores").run()
    click(waited(app), "count")
    asked, _ = asked_from_link(link_of(app))
    assert asked.origin == Origin("connection", "scores", "warehouse")
    assert str(tmp_path) not in link_of(app)
    assert cards(app)[:4] == shown_for(asked)[:4]


# Even its first rows take for ever: they are the first of all in another order.
SLOW = """CREATE VIEW slow AS SELECT (hash(i) % 1000) / 1000.0 AS score, i % 20 = 0 AS label
FROM range(20000000000) AS t(i) ORDER BY hash(i)"""


@pytest.fixture
def linked(tmp_path: Path) -> AppTest:
    """The page at a link to a slow table of a connection."""
    with duckdb.connect(tmp_path / "w.duckdb") as made:
        made.execute(SLOW)
    app = opened()
    app.secrets["connections"] = {
        "warehouse": {"backend": "duckdb", "database": str(tmp_path / "w.duckdb")}
    }
    columns = Columns(score="score", label="label", event="true")
    asked = Asked(origin=Origin("connection", "slow", "warehouse"), columns=columns)
    for field, text in asked_fields(asked).items():
        app.query_params[field] = text
    return app


def test_a_link_asks_a_connection_nothing(linked: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: Any, **__: Any) -> None:
        raise AssertionError("the connection was asked")

    monkeypatch.setattr(duckdb, "connect", never)
    linked.run()
    assert not linked.exception
    assert "may charge" in said(linked)
    assert {"again", "open"} <= keys(linked)
    assert "your_data:job" not in linked.session_state


def test_a_look_can_go_on_while_the_page_runs_again(linked: AppTest) -> None:
    linked.run()
    linked.button(key="your_data~open").click().run()
    linked.run()
    assert not linked.exception, linked.exception
    looking = linked.session_state["your_data:job"]
    assert looking.purpose == "look"
    looking.job.cancel()
    waited(linked.run())
    assert said(linked).count("You stopped the look at slow") == 1


def test_a_count_goes_before_a_look(linked: AppTest) -> None:
    linked.run()
    linked.button(key="your_data~open").click().run()
    assert linked.session_state["your_data:job"].purpose == "look"
    linked.button(key="your_data~again").click().run()  # drawn before the look began
    linked.run()
    assert not linked.exception, linked.exception
    counting = linked.session_state["your_data:job"]
    assert counting.purpose == "count"
    assert counting.job.state in {"waiting", "running"}
    counting.job.cancel()
    waited(linked.run())
    assert said(linked).count("You stopped the count of slow") == 1


def test_the_event_says_what_the_label_must_hold() -> None:
    app = upload(opened(), csv_of(rows()))
    help_ = next(s.help for s in app.selectbox if s.label == "Value that is the event")
    assert "two values" in help_
    assert "Every other value" not in help_


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"score,label\n", "no rows"),
        (b"\x89PNG\r\n\x1a\n0000", "CSV"),
        (b"PK\x03\x04" + bytes(60), "zip"),
        (b"score,label\n0.5,\xff\n", "UTF-8"),
        (",".join(f"c{i}" for i in range(10_000)).encode() + b"\n1\n", "10,000 columns"),
    ],
)
def test_files_that_cannot_be_read_meet_a_sentence(content: bytes, word: str) -> None:
    app = upload(opened(), content)
    assert word in said(app)
    assert "count" not in keys(app)


def test_an_event_that_never_happens_is_refused_and_the_page_goes_on() -> None:
    asked = Asked(
        origin=Origin("upload", "x.csv"), columns=Columns(score="score", label="label", event="7")
    )
    app = upload(opened(asked_fields(asked)), b"score,label\n0.5,1\n0.4,1\n0.3,0\n")
    click(app, "count")
    assert "does not occur" in said(app)
    assert "count" in keys(app)


@pytest.mark.parametrize(("target", "name"), [("moderation", "All rows"), ("diagnosis", "be")])
def test_the_same_rows_open_in_another_page(attached: AppTest, target: str, name: str) -> None:
    app = attached
    parts = app.selectbox(key="your_data~part")
    parts.select_index(next(i for i, o in enumerate(parts.options) if o.endswith(name))).run()
    links = [link.proto for link in app.get("page_link")]
    link = next(p for p in links if p.label == f"Open in {target.capitalize()}")
    query = str(link.query_string)
    scenario, refusals = from_link(f"/{target}?{query}")
    assert not refusals
    asked, _ = asked_from_link(link_of(app))
    assert scenario.rows in app.session_state["rows~offered"]
    assert scenario.threshold == pytest.approx(asked.b)  # type: ignore[attr-defined]
    assert "utm_source" not in query
    carried = {"moderation": {"harm_per_missed": 100}, "diagnosis": {"harm_per_miss": 100,
               "cost_workup": 5}}[target]  # fmt: skip
    assert {knob: getattr(scenario, knob) for knob in carried} == carried
    about = {"moderation": "posts", "diagnosis": "women"}[target]
    assert any(about in c.value and "Goes along" in c.value for c in app.caption)
    if name == "All rows":
        assert scenario.rows == asked.fingerprint == counted().rows.fingerprint


def test_rows_without_a_value_and_rows_with_its_words_can_both_be_opened() -> None:
    lines = ["score,label,segment"]
    lines += [f"{i / 100},{i % 2},{'(no value)' if i % 3 else ''}" for i in range(24)]
    app = upload(opened(), "\n".join(lines).encode())
    app.selectbox(key=next(k for k in _selects(app) if "~segment~" in k)).set_value("segment").run()
    click(app, "count")
    parts = app.selectbox(key="your_data~part")
    assert len(set(parts.options)) == len(parts.options) == 3
    parts.select_index(2).run()
    assert not app.exception
    assert 8 in {rows.n_rows for rows in app.session_state["rows~offered"].values()}


def test_another_page_takes_the_rows_that_were_offered(attached: AppTest) -> None:
    offered = dict(attached.session_state["rows~offered"])
    app = page(name="moderation")
    app.session_state["rows~offered"] = offered
    fingerprint, mine = next(iter(offered.items()))
    app.query_params["rows"] = fingerprint
    app.run()
    assert not app.exception
    assert f"{mine.n_rows:,} rows" in said(app)


def test_home_leads_here() -> None:
    app = page(name="home")
    links = [link.proto for link in app.get("page_link")]
    assert any("your own rows" in link.label for link in links)


def _picked(app: AppTest, role: str) -> Any:
    return next(s.value for s in app.selectbox if s.key and f"~{role}~upload" in s.key)


def test_a_column_called_score_is_offered_though_it_is_text() -> None:
    app = upload(opened(), b"score,amount,label\nhigh,3.5,1\nlow,2.5,0\nlow,1.5,0\n")
    assert (_picked(app, "score"), _picked(app, "label")) == ("score", "label")
    assert "score is text (low, high)" in said(app).replace("`", "")
    assert "count" not in keys(app)


def test_a_label_of_one_value_is_offered_and_refused() -> None:
    app = upload(opened(), b"score,label,model_version\n0.5,0,v1\n0.4,0,v2\n0.3,0,v2\n")
    assert _picked(app, "label") == "label"
    assert "has one value only" in said(app)
    assert "count" not in keys(app)


def test_a_guess_by_content_asks_to_be_checked() -> None:
    app = upload(opened(), b"zeta,sort\n0.5,x\n0.4,y\n0.3,y\n0.2,y\n")
    assert (_picked(app, "score"), _picked(app, "label")) == ("zeta", "sort")
    assert said(app).count("Guessed from what it holds; check.") == 2
    none = upload(opened(), b"amount,country\n5,x\n4,y\n")
    assert _picked(none, "score") is None
    assert _picked(none, "label") is None
    assert "count" not in keys(none)


def test_every_new_file_is_guessed_anew() -> None:
    app = upload(click(opened(), "sample"), csv_of(rows()))
    assert {role: _picked(app, role) for role in ("score", "label", "segment", "version")} == {
        "score": "score", "label": "fraud", "segment": "country", "version": "model",
    }  # fmt: skip
    same_names = b"score,label,language,amount\n0.5,yes,en,3\n0.4,no,de,5\n0.3,no,de,6\n"
    other = upload(click(opened(), "sample"), same_names)
    assert next(s.value for s in other.selectbox if s.key and "~event~" in s.key) == "yes"
    assert _picked(other, "amount") == "amount"


def test_what_was_chosen_for_a_file_is_kept_for_it() -> None:
    app = upload(opened(), csv_of(rows()))
    app.selectbox(key=next(k for k in _selects(app) if "~version~" in k)).set_value("").run()
    click(app, "count")
    asked, _ = asked_from_link(link_of(app))
    assert asked.columns is not None
    assert asked.columns.version == ""
    app.session_state["follows-your_data-rows"] = True
    app.run()
    assert _picked(app, "version") == ""


def test_a_threshold_beyond_chances_is_clipped_in_a_sentence() -> None:
    app = click(opened(), "sample")
    app.number_input(key="your_data~b").set_value(1.5).run()
    assert "Threshold B must lie in [0, 1]" in said(app)
    assert app.number_input(key="your_data~b").value == 1
    assert "B at 1 against" in said(app)
    app.number_input(key="your_data~b").set_value(0.5).run()
    assert "must lie in [0, 1]" not in said(app)


def test_a_recount_that_is_stopped_leaves_the_earlier_count(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = click(upload(opened(), csv_of(rows())), "count")
    before, link = cards(app), link_of(app)

    def for_ever(_place: Any, _looked: Any, _columns: Any, watch: Any, *_: Any) -> None:
        while True:
            watch("Counting", 0.5)
            time.sleep(0.01)

    monkeypatch.setattr("pages._shared.your_data.counting.count_all", for_ever)
    app.session_state["follows-your_data-rows"] = True
    app.run()
    app.selectbox(key=next(k for k in _selects(app) if "~version~" in k)).set_value("").run()
    app.button(key="your_data~count").click().run()
    assert "rows" not in app.query_params
    click(app, "cancel")
    assert "The earlier count is still shown." in said(app)
    assert (cards(app), link_of(app)) == (before, link)


def test_the_second_sample_shows_what_the_first_has_no_columns_for() -> None:
    app = click(opened(), "payments")
    assert cards(app)[0][0] == "12,000"
    told = said(app)
    assert "v2 is the cheaper one" in told
    assert "worst for BR" in told
    assert "no country" in told
    columns = [set(t.value.columns) for t in app.table]
    assert all(any(by in names for names in columns) for by in ("country", "version"))
    assert len(app.get("plotly_chart")) == 9
    fields = {k: str(v) for k, v in app.query_params.items()}
    other = click(opened(fields), "again")
    assert cards(other) == cards(app)
