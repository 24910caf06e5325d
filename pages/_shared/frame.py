"""The frame around every page, and the pieces every page is made of."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from aipm_metrics.figures.picture import figure
from pages._shared.share import copy_link
from pages._shared.ways import fields_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from aipm_metrics.figures.picture import Spec
    from aipm_metrics.scenarios.contract import Scenario

__all__ = [
    "heading",
    "is_dark",
    "menu",
    "plain",
    "question_card",
    "table",
    "unfolding",
    "unfolding_menu",
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
    """Draw the list of pages; each link says what its page needs to stay as it was."""
    with st.sidebar:
        st.page_link(home)
        for scenario, page in pages.items():
            st.page_link(page, query_params=fields_to(scenario))


def heading(question: str, story: str, link: str) -> None:
    """Draw the question as the title, the way to send it on, and one line of story."""
    title, send = st.columns([5, 1], vertical_alignment="bottom")
    with title:
        st.title(question, anchor=False)
    with send:
        copy_link(link, "copy-link", with_text=False)
    st.markdown(plain(story))


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
    with menu_:
        yield bool(menu_.open)


def table(header: Sequence[str], lines: Sequence[Sequence[str]], about: str) -> None:
    """Draw a small table of words; it scrolls by itself where the screen is narrow."""
    words = pd.DataFrame([[plain(cell) for cell in line] for line in lines], columns=list(header))
    st.table(words, hide_index=True, border="horizontal", alt=about)


def question_card(scenario: type[Scenario], small: Spec, alt: str) -> None:
    """Draw one question as a card: a small picture, its name, its line."""
    with st.container(border=True):
        st.page_link(
            f"pages/{scenario.page}.py", label=f"**{scenario.title}**: {scenario.question}",
            query_params=fields_to(scenario),
        )  # fmt: skip
        st.plotly_chart(
            figure(small), key=f"home-{scenario.page}", alt=alt, theme=None,
            config={"staticPlot": True},
        )  # fmt: skip
        st.markdown(plain(scenario.line))
