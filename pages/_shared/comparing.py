"""What the comparison page is made of: a picker per side, refusals in one sentence, the log."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import streamlit as st

from aipm_metrics.comparisons.links import compare_to_link
from aipm_metrics.comparisons.presets import departures, pairs, preset_of, presets
from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import to_link
from aipm_metrics.reports.decision_log import LONGEST_WHY, entry_of
from aipm_metrics.reports.decision_markdown import to_markdown
from aipm_metrics.sentences.comparison import side_name, turning_name
from aipm_metrics.spoken import undefined
from pages._shared.address import AT_ITS_WORD, read_again
from pages._shared.controls import key_of
from pages._shared.frame import plain, unfolding
from pages._shared.sides import now, put, put_both, put_chosen, read_pasted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.comparisons.compared import Compared, Turning
    from aipm_metrics.comparisons.links import Chosen, Linked, LinkedSide
    from aipm_metrics.errors import Refusal
    from aipm_metrics.models.draws import Chance
    from aipm_metrics.scenarios.contract import Scenario
    from pages._shared.sides import Side

__all__ = ["change_cards", "decision", "pairs_and_swap", "refused", "side_picker"]

MOST_SAID = 6  # refusals in one sentence


def pairs_and_swap(told: Linked) -> None:
    """Draw the pairs worth comparing, one tap each, and the way to turn A and B round."""
    known, key = pairs(), "compare~pair"

    def lay() -> None:
        if name := st.session_state[key]:
            put_both(*known[name])
            st.session_state[key] = None

    a, b = told.a.scenario, told.b.scenario
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.pills("Worth comparing", list(known), key=key, on_change=lay, format_func=plain)
        if a is not None and b is not None:
            other: dict[Chosen, Chosen] = {"a": "b", "b": "a", "": ""}
            st.button("Swap A and B", key="compare~swap", on_click=put_both,
                      args=(b, a, other[told.chosen]))  # fmt: skip


def side_picker(side: Side, told: LinkedSide) -> str:
    """Draw one side: what it is, what else it could be, a place to paste a link; return its name.

    The list shows what the address says; picking from it writes the address.
    """
    choices = {**now(), **presets()}
    name = named(told.scenario) if told.scenario is not None else "not a scenario"
    same = (known for known, other in choices.items() if other == told.scenario)
    shown = name if name in choices else next(same, name)
    key, pasted = f"compare~{side}", f"compare~{side}~link"
    # Seeded before it is drawn: the address may have changed behind it (Back, swap, a paste).
    st.session_state[key] = shown

    def pick() -> None:
        if (picked := st.session_state[key]) in choices:
            put(side, choices[picked])

    def paste() -> None:
        _take(side, st.session_state[pasted])

    with st.container(border=True):
        options = list(choices) if shown in choices else [shown, *choices]
        st.selectbox(side.upper(), options, key=key, on_change=pick)
        st.text_input(
            f"Link for {side.upper()}", key=pasted, on_change=paste,
            placeholder="or paste a link", label_visibility="collapsed",
        )  # fmt: skip
        _refused_paste(side, told.scenario)
        if told.scenario is not None:
            _open(told.scenario)
    return name


def named(scenario: Scenario) -> str:
    """Name a side for people, and for the log."""
    return side_name(scenario.title, preset_of(scenario), departures(scenario), scenario.rows)


def _take(side: Side, link: str) -> None:
    """Take a pasted link into the address; keep what was refused, to be named below it."""
    if not link.strip():
        return
    told = read_pasted(link, side)
    if told.scenario is not None:
        put(side, told.scenario)
        st.session_state[f"compare~{side}~link"] = ""
    about = to_link(told.scenario) if told.scenario is not None else ""
    st.session_state[f"compare:{side}-refused"] = (about, told.refusals)


def _refused_paste(side: Side, scenario: Scenario | None) -> None:
    """Name what was refused of the link pasted last, for as long as it is about what is shown."""
    about, refusals = st.session_state.get(f"compare:{side}-refused", ("", ()))
    if not refusals:
        return
    if not about and st.session_state[f"compare~{side}~link"]:
        st.markdown(plain(f"That link was not taken. {_said(refusals)}"))
    elif scenario is not None and about == to_link(scenario):
        st.markdown(
            plain("Part of that link was not taken; its default stands instead. " + _said(refusals))
        )


def _said(refusals: Sequence[Refusal]) -> str:
    more = f" And {len(refusals) - MOST_SAID} more." if len(refusals) > MOST_SAID else ""
    return " ".join(refusal.sentence for refusal in refusals[:MOST_SAID]) + more


def _open(scenario: Scenario) -> None:
    """Link to a side's own page. Defaults are left out: each would be a step for Back to undo."""
    fields = dict(parse_qsl(urlsplit(to_link(scenario)).query))
    for name, knob in knobs_of(type(scenario)).items():
        if getattr(scenario, name) == knob.default:
            del fields[key_of(type(scenario), name)]
    read_again(type(scenario))
    st.page_link(
        f"pages/{scenario.page}.py",
        label=f"Open in {scenario.title}",
        query_params={**fields, **AT_ITS_WORD},
    )


def refused(told: Linked) -> None:
    """Say in one calm sentence what the address holds that was not taken."""
    sides: tuple[tuple[str, LinkedSide], ...] = (("A", told.a), ("B", told.b))
    said = [
        f"{name} cannot be shown. {_said(side.refusals)}"
        if side.scenario is None
        else f"Part of {name}'s link was not taken; its default stands instead. "
        f"{_said(side.refusals)}"
        for name, side in sides
        if side.refusals
    ]
    if told.refusals:
        said.append(f"Part of this link was not taken. {_said(told.refusals)}")
    if not said:
        return
    with st.container(border=True, key="compare-refused"):
        st.markdown(plain(" ".join(said)))
        if told.a.scenario is not None and told.b.scenario is not None:
            st.button("Understood", key="compare~understood", on_click=put_both,
                      args=(told.a.scenario, told.b.scenario, told.chosen))  # fmt: skip


def change_cards(cards: Sequence[tuple[str, str, str]]) -> None:
    """Draw what happens to people and money under B; a change is a word, not a colour."""
    with st.grid(max(len(cards), 4), min_column_width=180):
        for label, value, change in cards:
            st.metric(plain(label), plain(value), plain(change), border=True,
                      delta_color="off", delta_arrow="off", height="stretch")  # fmt: skip


def turning_picker(compared: Compared) -> Turning | None:
    """Ask which assumption is to move; None where none turns the answer."""
    # The nearest first, which is the one that the sentence says first.
    found = {turning_name(t): t for t in compared.turnings if not undefined(t.flip.at)}
    if not found:
        st.caption("No single price or rate, anywhere in its range, changes which side is cheaper.")
        return None
    # Another pair has another assumption that matters most, and starts with it.
    key = f"compare~turning-{compare_to_link(compared.comparison.a, compared.comparison.b)}"
    return found[st.selectbox("Move", list(found), key=key)]  # no markdown there: nothing to escape


def decision(compared: Compared, names: tuple[str, str], chosen: Chosen, chance: Chance) -> None:
    """Ask which side was chosen and why, and hand out the entry for the decision log."""
    key = "compare~chosen"
    st.session_state[key] = chosen or None

    def choose() -> None:
        put_chosen(st.session_state[key] or "")

    st.segmented_control(
        "Chosen", ["a", "b"], key=key, on_change=choose,
        format_func=lambda side: plain(f"{side.upper()}: {names[side == 'b']}"),
    )  # fmt: skip
    # In a form: a download pressed straight after typing would else miss what was typed.
    with st.form("compare~log", border=False, enter_to_submit=False):
        why = st.text_area(
            "Why", key="compare~why", max_chars=LONGEST_WHY, persist_state="session",
            placeholder="In your own words: what weighed most, and who agreed.",
        )  # fmt: skip
        st.form_submit_button("Write the entry")
    if not chosen:
        st.caption("Choose A or B to get the entry.")
        return
    entry = entry_of(
        compared, chosen=chosen, why=why, on=_today(), names=names, chance=chance,
        host=st.context.url or "",
    )  # fmt: skip
    text = to_markdown(entry)
    file_name = f"decision-{entry.date.isoformat()}"
    with st.container(horizontal=True):
        st.download_button("Entry (Markdown)", text, f"{file_name}.md", "text/markdown",
                           on_click="ignore")  # fmt: skip
        st.download_button("Entry (JSON)", entry.to_json(), f"{file_name}.json",
                           "application/json", on_click="ignore")  # fmt: skip
    with unfolding("Read the entry", "compare-entry") as shown:
        if shown:
            st.code(text, language="markdown", wrap_lines=True)


def _today() -> datetime.date:
    """Today where the reader is, as far as the browser tells."""
    zone = st.context.timezone
    return datetime.datetime.now(ZoneInfo(zone) if zone else None).date()
