"""Which column is what: guessed, shown, and to be chosen otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from aipm_metrics.rows.asked import PAGE, Columns
from aipm_metrics.rows.choosing import guess_more, guess_positive, guess_roles
from aipm_metrics.rows.unusable import why_no_label, why_no_score
from pages._shared.frame import plain
from pages._shared.your_data.counting import begin_count, counted_now, identity_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aipm_metrics.rows.asked import Asked
    from aipm_metrics.rows.places import Looked
    from aipm_metrics.rows.reading import Column
    from pages._shared.your_data.source import Chosen

__all__ = ["choose_columns"]

NONE = ""  # an optional column that there is not
OPTIONAL = {
    "segment": ("Segment", "Rows are told apart by it: for whom does the model work worst?"),
    "version": ("Model version", "Rows are told apart by it: is the new version better?"),
    "amount": ("Amount (USD)", "Money at stake in each row, for costs by amount."),
    "time": ("Time", "For the span of the rows, and month by month."),
}


def choose_columns(chosen: Chosen, looked: Looked, asked: Asked) -> None:
    """Ask which column is what, with a guess already made, and offer to count."""
    guesses, unsure = _guesses(chosen, looked, asked)
    origin = chosen.place.origin
    suffix = f"~{origin.kind}~{origin.connection}~{origin.name}~{chosen.identity}"

    def ask(role: str, label: str, names: Sequence[str], help: str, *, needed: bool = False) -> str:
        guess = guesses.get(role, NONE)
        options = list(names) if guess in names or not guess else [*names, guess]
        first = options.index(guess) if guess in options else None if needed else 0
        picked = st.selectbox(
            label, options, first, key=f"{PAGE}~{role}{suffix}", format_func=_short, help=help,
            placeholder="Choose a column",
        )  # fmt: skip
        if role in unsure and picked == guess:
            st.caption("Guessed from what it holds; check.")
        return str(picked or NONE)

    with st.grid(3, min_column_width=200):
        numbers = [c.name for c in looked.columns if c.numeric]
        with st.container():
            score = ask("score", "Score", numbers or _names(looked.columns),
                        "The model's output: the higher, the likelier the event.",
                        needed=True)  # fmt: skip
        labels = [c.name for c in looked.columns if len(c.values) > 1 or not c.numeric]
        with st.container():
            label = ask("label", "True label", labels or _names(looked.columns), "What happened.",
                        needed=True)  # fmt: skip
        event = _event(looked.column(label), guesses, f"{PAGE}~event~{label}{suffix}")
        more = {
            role: ask(role, name, [NONE, *_names(looked.columns)], about)
            for role, (name, about) in OPTIONAL.items()
        }
    if _refused(looked, score, label):
        return
    if score and label and event:
        columns = Columns(score=score, label=label, event=event, **more)
        st.button(
            "Count these rows", key=f"{PAGE}~count", type="primary", on_click=begin_count,
            args=(chosen.place, chosen.identity, looked, columns),
        )  # fmt: skip


def _refused(looked: Looked, score: str, label: str) -> bool:
    """Say why the chosen columns cannot be score and label; whether there is something to say.

    Of a table only the first rows were looked at, so its label may hold more than was seen.
    """
    column, other = looked.column(score), looked.column(label)
    said = [why_no_score(column)] if column is not None else []
    if other is not None and looked.file is not None:
        said.append(why_no_label(other))
    for why in filter(None, said):
        st.warning(plain(why))
    return any(said)


def _guesses(chosen: Chosen, looked: Looked, asked: Asked) -> tuple[dict[str, str], set[str]]:
    """Take what was chosen for these rows, or what a link says of them; else guess anew.

    Returns the column by role, and the roles that only what a column holds speaks for.
    """
    names = _names(looked.columns)
    told = zip(("score", "label"), guess_roles(looked.columns), strict=True)
    found = {role: guess for role, guess in told if guess is not None}
    guesses = {role: guess.name for role, guess in found.items()}
    guesses |= {r: n for r, n in guess_more(looked.columns).items() if n not in guesses.values()}
    unsure = {role for role, guess in found.items() if not guess.by_name}
    if asked.columns is None or not _about(chosen, asked):
        return guesses, unsure
    if {asked.columns.score, asked.columns.label} <= set(names):
        known = {role: getattr(asked.columns, role) for role in ("score", "label", *OPTIONAL)}
        guesses = {role: name for role, name in known.items() if name in names}
        guesses["event"] = asked.columns.event
        unsure = set()
    return guesses, unsure


def _about(chosen: Chosen, asked: Asked) -> bool:
    """Whether what the address says is about these rows, or about rows that are to be found."""
    origin = chosen.place.origin
    if asked.origin is None:
        return False
    if asked.origin == origin and identity_of(origin) == chosen.identity:
        return True
    waits = not identity_of(asked.origin) and counted_now(asked) is None
    return waits and asked.origin.kind != "sample"


def _event(column: Column | None, guesses: dict[str, str], key: str) -> str | None:
    """Ask for the value that is the event; it can be written where it is too rare to be seen."""
    if column is None:
        return None
    values = list(column.values)
    guess = guesses.get("event", "")
    if guess and guess not in values:
        values.append(guess)  # what a link says may be too rare to be seen
    elif not guess and values:
        guess = guess_positive(column)
    picked = st.selectbox(
        "Value that is the event", values, values.index(guess) if guess in values else None,
        key=key, format_func=_short, accept_new_options=True, placeholder="Choose or write one",
        help="The label must hold two values: this one, and one for no event.",
    )  # fmt: skip
    return str(picked) if picked else None


def _names(columns: Sequence[Column]) -> list[str]:
    return [column.name for column in columns]


def _short(text: str) -> str:
    if text == NONE:
        return "none"
    return text if len(text) <= 60 else f"{text[:59]}…"
