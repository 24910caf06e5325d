"""The frame around every page, and the pieces every page is made of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

import pandas as pd
import streamlit as st

from pages._shared.share import copy_link

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

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
    "heading",
    "is_dark",
    "menu",
    "outcome_cards",
    "picture",
    "plain",
    "question_card",
    "sentences",
    "table",
]

MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|>~:$<&])")
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


def menu(home: st.Page, pages: dict[type[Scenario], st.Page]) -> None:
    """Draw the list of pages; each link carries its page's version, so that it stays in view."""
    with st.sidebar:
        st.page_link(home)
        for scenario, page in pages.items():
            st.page_link(page, query_params={"v": str(scenario.version)})


def heading(question: str, story: str, link: str) -> None:
    """Draw the question as the title, the way to send it on, and one line of story."""
    title, send = st.columns([5, 1], vertical_alignment="bottom")
    with title:
        st.title(question, anchor=False)
    with send:
        copy_link(link, "copy-link", with_text=False)
    st.markdown(plain(story))


def outcome_cards(cards: Sequence[Card], against: str) -> None:
    """Draw the outcomes side by side, as many as fit; a change is a word, not a colour."""
    with st.grid(5, min_column_width=150):
        for card in cards:
            st.metric(
                plain(card.label), plain(card.value), plain(card.change), border=True,
                delta_color="off", delta_arrow="off", help=plain(card.detail), height="stretch",
            )  # fmt: skip
    st.caption(plain(against))


def picture(question: str, fig: go.Figure, alt: str, key: str) -> None:
    """Draw a chart below the question it answers."""
    st.subheader(plain(question), anchor=False)
    st.plotly_chart(
        fig, key=key, alt=alt, theme=None,
        config={"displaylogo": False, "modeBarButtons": [["toImage"]]},
    )  # fmt: skip


def table(header: Sequence[str], lines: Sequence[Sequence[str]], about: str) -> None:
    """Draw a small table of words; it scrolls by itself where the screen is narrow."""
    words = pd.DataFrame([[plain(cell) for cell in line] for line in lines], columns=list(header))
    st.table(words, hide_index=True, border="horizontal", alt=about)


def sentences(said: Sequence[str]) -> None:
    """Draw sentences to speak aloud, one paragraph, set apart."""
    with st.container(border=True):
        st.header("Say it aloud", anchor=False)
        st.markdown(plain(" ".join(said)))


def question_card(scenario: type[Scenario], small: go.Figure, alt: str) -> None:
    """Draw one question as a card: a small picture, its name, its line."""
    with st.container(border=True):
        st.page_link(
            f"pages/{scenario.page}.py", label=f"**{scenario.title}**: {scenario.question}",
            query_params={"v": str(scenario.version)},
        )  # fmt: skip
        st.plotly_chart(
            small, key=f"home-{scenario.page}", alt=alt, theme=None, config={"staticPlot": True}
        )
        st.markdown(plain(scenario.line))
