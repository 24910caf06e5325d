"""Which column is what: guessed, shown, and to be chosen otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from aipm_metrics.rows.asked import PAGE, Columns
from aipm_metrics.rows.choosing import guess_columns, guess_more, guess_positive
from pages._shared.your_data.counting import begin_count

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
    guesses = _guesses(looked, asked)
    origin = chosen.place.origin
    suffix = f"~{origin.kind}~{origin.connection}~{origin.name}~{chosen.identity}"

    def ask(role: str, label: str, names: Sequence[str], help: str) -> str:
        guess = guesses.get(role, NONE)
        options = list(names) if guess in names or not guess else [*names, guess]
        return str(
            st.selectbox(
                label, options, options.index(guess) if guess in options else 0,
                key=f"{PAGE}~{role}{suffix}", format_func=_short, help=help,
            )
        )  # fmt: skip

    with st.grid(3, min_column_width=200):
        numbers = [c.name for c in looked.columns if c.numeric]
        score = ask("score", "Score", numbers or _names(looked.columns),
                    "The model's output: the higher, the likelier the event.")  # fmt: skip
        labels = [c.name for c in looked.columns if len(c.values) > 1 or not c.numeric]
        label = ask("label", "True label", labels or _names(looked.columns), "What happened.")
        event = _event(looked.column(label), guesses, f"{PAGE}~event~{label}{suffix}")
        more = {
            role: ask(role, name, [NONE, *_names(looked.columns)], about)
            for role, (name, about) in OPTIONAL.items()
        }
    if event:
        columns = Columns(score=score, label=label, event=event, **more)
        st.button(
            "Count these rows", key=f"{PAGE}~count", type="primary", on_click=begin_count,
            args=(chosen.place, chosen.identity, looked, columns),
        )  # fmt: skip


def _guesses(looked: Looked, asked: Asked) -> dict[str, str]:
    """Take what the address says, where there are such columns; else what names suggest."""
    names = _names(looked.columns)
    told = guess_columns(looked)
    guesses = dict(zip(("score", "label"), told, strict=True)) if told else {}
    guesses |= {r: n for r, n in guess_more(looked.columns).items() if n not in guesses.values()}
    if asked.columns is not None and {asked.columns.score, asked.columns.label} <= set(names):
        known = {role: getattr(asked.columns, role) for role in ("score", "label", *OPTIONAL)}
        guesses = {role: name for role, name in known.items() if name in names}
        guesses["event"] = asked.columns.event
    return guesses


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
