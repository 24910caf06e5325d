"""The frame around every page, and the pieces every page is made of."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

import pandas as pd
import streamlit as st

from aipm_metrics.figures.picture import figure
from pages._shared.live.still import save_buttons
from pages._shared.share import copy_link
from pages._shared.sides import fields_beside, fields_kept
from pages._shared.ways import fields_to, fields_to_own_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import plotly.graph_objects as go

    from aipm_metrics.figures.picture import Spec
    from aipm_metrics.scenarios.contract import Scenario

    class Card(Protocol):
        """One outcome as a page's words put it."""

        @property
        def label(self) -> str: ...
        @property
        def value(self) -> str: ...
        @property
        def change(self) -> str: ...
        @property
        def detail(self) -> str: ...


__all__ = [
    "card",
    "heading",
    "is_dark",
    "menu",
    "outcome_cards",
    "picture",
    "plain",
    "question_card",
    "sentences",
    "sharing",
    "table",
    "titled",
    "unfolding",
    "unfolding_menu",
]

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~:$<&])")
# Streamlit writes white on the theme's own colour, which in the dark theme is a light blue.
DARK_ON_LIGHT = (
    "<style>[data-testid=stBaseButton-primary], [data-testid=stBaseButton-primary] p "
    "{ color: #0b1220; }</style>"
)
NAMED = re.compile(r"((?<!`)`[^`]+`(?!`))")  # a name in single backticks, which stays one


def plain(text: str) -> str:
    r"""Escape markdown, so that a dollar is a dollar and a link from outside stays text.

    Only a name in single backticks keeps them; nothing inside is markdown then.

    Examples
    --------
    >>> print(plain("`auc` costs $5: [x](y)"))
    `auc` costs \$5\: \[x\]\(y\)
    """
    parts = NAMED.split(text)
    return "".join(part if i % 2 else MARKDOWN.sub(r"\\\1", part) for i, part in enumerate(parts))


def is_dark() -> bool:
    """Whether the viewer sees the dark theme."""
    return bool(st.context.theme.type == "dark")


def menu(
    home: st.Page, pages: dict[type[Scenario], st.Page], compare: st.Page, own: st.Page
) -> None:
    """Draw the list of pages; each link says what its page needs to stay as it was."""
    if is_dark():
        st.html(DARK_ON_LIGHT)
    with st.sidebar:
        st.page_link(home)
        for scenario, page in pages.items():
            st.page_link(page, query_params=fields_to(scenario))
        st.page_link(compare, query_params=fields_kept())
        st.page_link(own, query_params=fields_to_own_rows())


def heading(question: str, story: str, link: str) -> None:
    """Draw the question as the title, ways to compare it and to send it on, one line of story."""
    titled(question, story, link, beside=fields_beside(link))


def titled(question: str, line: str, link: str, *, beside: Mapping[str, str] | None = None) -> None:
    """Draw a title with a line below it; a link to copy and a comparison where there are any."""
    title, send = st.columns([5, 1.3], vertical_alignment="bottom")
    with title:
        st.title(question, anchor=False)
    with (
        send,
        st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"),
    ):
        if beside:
            st.page_link("pages/compare.py", label="Compare", query_params=beside)
        if link:
            copy_link(link, "copy-link", with_text=False)
    st.markdown(plain(line))


@contextmanager
def unfolding(label: str, key: str) -> Iterator[bool]:
    """Draw something to open; give whether it is open, so that what is shut costs nothing."""
    panel = st.expander(label, key=f"follows-{key}", on_change="rerun")
    with panel:
        yield bool(panel.open)


@contextmanager
def unfolding_menu(label: str, key: str) -> Iterator[bool]:
    """Draw a small menu to open; see `unfolding`."""
    menu_ = st.popover(label, key=key, on_change="rerun")
    # Side by side: it is placed while still empty, and a tall one would leave the window.
    with menu_, st.container(horizontal=True):
        yield bool(menu_.open)


@contextmanager
def sharing() -> Iterator[None]:
    """Draw the section of what one leaves with; it is not printed."""
    with st.container(key="share"):
        st.header("Share and download", anchor=False)
        yield


def outcome_cards(cards: Sequence[Card], against: str) -> None:
    """Draw the outcomes side by side, as many as fit; a change is a word, not a colour."""
    with st.grid(5, min_column_width=150):
        for card in cards:
            st.metric(
                plain(card.label), plain(card.value), plain(card.change), border=True,
                delta_color="off", delta_arrow="off", help=plain(card.detail), height="stretch",
            )  # fmt: skip
    st.caption(plain(against))


def picture(question: str, fig: go.Figure, alt: str, key: str, *, asked: bool = False) -> None:
    """Draw a chart that does not follow a hand, below the question it answers; it can be saved.

    Where the page has `asked` the question already, it is not said twice.
    """
    if not asked:
        st.subheader(plain(question), anchor=False)
    st.plotly_chart(
        fig, key=key, alt=alt, theme=None,
        config={"displayModeBar": False},
    )  # fmt: skip
    save_buttons(key, question)


def sentences(said: Sequence[str]) -> None:
    """Draw sentences to speak aloud, one paragraph, set apart."""
    with st.container(border=True):
        st.header("Say it aloud", anchor=False)
        st.markdown(plain(" ".join(said)))


def table(header: Sequence[str], lines: Sequence[Sequence[str]], about: str) -> None:
    """Draw a small table of words; it scrolls by itself where the screen is narrow."""
    words = pd.DataFrame([[plain(cell) for cell in line] for line in lines], columns=list(header))
    st.table(words, hide_index=True, border="horizontal", alt=about)


def question_card(scenario: type[Scenario], small: Spec | go.Figure, alt: str) -> None:
    """Draw one question as a card: a small picture, its name, its line."""
    label = f"**{scenario.title}**: {scenario.question}"
    card(scenario.page, label, fields_to(scenario), figure(small), alt, scenario.line)


def card(
    page: str, label: str, fields: Mapping[str, str], small: go.Figure, alt: str, line: str
) -> None:
    """Draw one page as a card: a link that carries its fields, a small picture, a line."""
    with st.container(border=True):
        st.page_link(f"pages/{page}.py", label=label, query_params=fields)
        st.plotly_chart(small, key=f"home-{page}", alt=alt, theme=None, config={"staticPlot": True})
        st.markdown(plain(line))
