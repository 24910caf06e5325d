"""Leave with something: a link that restores exactly this, tables as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aipm_metrics.models.curves import Curves
    from aipm_metrics.scenarios.contract import Result
    from aipm_metrics.scenarios.moderation_chain import Month

__all__ = ["copy_link", "curve", "download_page", "download_table", "download_words", "numbers"]

HERE = Path(__file__).parent
HTML = """
<div class="copy-link">
  <button type="button">Copy link</button>
  <input type="text" readonly aria-label="Link to exactly this" />
</div>
"""


@st.cache_resource
def _component() -> Callable[..., object]:
    return st.components.v2.component(
        "aipm_copy_link",
        html=HTML,
        css=(HERE / "copy_link.css").read_text(),
        js=(HERE / "copy_link.js").read_text(),
    )


def copy_link(link: str, key: str, *, with_text: bool = True) -> None:
    """Draw a button that copies the canonical link, and the link itself unless told not to."""
    _component()(data={"link": link, "withText": with_text}, key=key)


def numbers(result: Result) -> pd.DataFrame:
    """Outcomes as a table: name, value, comparison, unit, formula."""
    return pd.DataFrame(
        {
            "outcome": [o.label for o in result.outcomes],
            "name": [o.name for o in result.outcomes],
            "value": [o.value for o in result.outcomes],
            "compared": [o.compared for o in result.outcomes],
            "unit": [f"{o.unit} a {o.per}" for o in result.outcomes],
            "formula": [o.formula for o in result.outcomes],
        }
    )


def curve(curves: Curves, sweep: Month) -> pd.DataFrame:
    """Tabulate every drawn threshold: rates, cells, cost by cause."""
    cells = sweep.confusion
    return pd.DataFrame(
        {
            "threshold": curves.threshold, "tpr": curves.rates.tpr, "fpr": curves.rates.fpr,
            "tp": cells.tp, "fp": cells.fp, "fn": cells.fn, "tn": cells.tn,
            **{f"cost_{cause}": usd for cause, usd in sweep.cost_by_cause.items()},
            "cost": sweep.cost,
        }
    )  # fmt: skip


def download_table(label: str, made: Callable[[], pd.DataFrame], file_name: str) -> None:
    """Offer a table as CSV, made when it is asked for."""
    st.download_button(
        label, lambda: made().to_csv(index=False), file_name, "text/csv", on_click="ignore"
    )


def download_page(label: str, made: Callable[[], str], file_name: str) -> None:
    """Offer one page that needs no network, made when it is asked for."""
    st.download_button(label, made, file_name, "text/html", on_click="ignore")


def download_words(
    name: str, header: Sequence[str], told: Callable[[], Sequence[Sequence[str]]], file_name: str
) -> None:
    """Offer a table of words as CSV, as it stands on the screen."""
    label = name.replace("-", " ").capitalize()
    download_table(label, lambda: pd.DataFrame(list(told()), columns=list(header)), file_name)
