"""Leave with something: a link that restores exactly this, tables as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import streamlit as st

from aipm_metrics.figures.style import palette
from aipm_metrics.rows.wording import inert

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import plotly.graph_objects as go

    from aipm_metrics.figures.style import Palette
    from aipm_metrics.models.curves import Curves
    from aipm_metrics.scenarios.api_spend_chain import Month as SpendMonth
    from aipm_metrics.scenarios.contract import Result
    from aipm_metrics.scenarios.error_budget import ErrorBudgetResult
    from aipm_metrics.scenarios.moderation_chain import Month
    from aipm_metrics.scenarios.translate import TranslateResult

__all__ = [
    "budget_curve",
    "copy_link",
    "curve",
    "download_columns",
    "download_page",
    "download_pictures",
    "download_table",
    "download_text",
    "download_words",
    "every_limit",
    "metrics",
    "numbers",
]

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


def every_limit(sweep: SpendMonth) -> pd.DataFrame:
    """Tabulate every step limit: tasks, calls, cost by cause."""
    return pd.DataFrame(
        {
            "step_limit": sweep.limit, "finished": sweep.finished, "good": sweep.good,
            "cut_off": sweep.cut_off, "stopped": sweep.stopped, "broken": sweep.broken,
            "blocked": sweep.blocked, "calls": sweep.calls, "tokens": sweep.tokens,
            **{f"cost_{cause}": usd for cause, usd in sweep.cost_by_cause.items()},
            "cost": sweep.cost, "overshoot": sweep.overshoot,
        }
    )  # fmt: skip


def budget_curve(result: ErrorBudgetResult) -> pd.DataFrame:
    """Tabulate every SLO of an error budget: what it allows, when somebody is woken, its cost."""
    sweep = result.sweep
    return pd.DataFrame(
        {
            "slo": result.slos, "bad_answers": sweep.bad_answers,
            "outage_minutes": sweep.outage_minutes, "budgets_spent": sweep.spent,
            "paged_after_minutes": sweep.paged,
            **{f"cost_{cause}": usd for cause, usd in sweep.cost_by_cause.items()},
            "cost": sweep.cost,
        }
    )  # fmt: skip


def metrics(result: TranslateResult) -> pd.DataFrame:
    """Tabulate every metric: as said, as it follows, what rounding allows, after the change."""
    reading = result.reading
    said = {name: value for name, value, _ in reading.said}
    return pd.DataFrame(
        {
            "name": list(reading.spans),
            "said": [said.get(name) for name in reading.spans],
            "value": [reading.follows[name] for name in reading.spans],
            "low": [span.low for span in reading.spans.values()],
            "high": [span.high for span in reading.spans.values()],
            "after": [result.after_values[name] for name in reading.spans],
        }
    )


def download_table(label: str, made: Callable[[], pd.DataFrame], file_name: str) -> None:
    """Offer a table as CSV, made when it is asked for."""
    st.download_button(label, lambda: csv_of(made()), file_name, "text/csv", on_click="ignore")


def csv_of(table: pd.DataFrame) -> str:
    """Write a table as CSV; no name or text in it can start a formula in a spreadsheet."""
    plain_table = table.map(lambda cell: inert(cell) if isinstance(cell, str) else cell)
    return str(plain_table.rename(columns=lambda name: inert(str(name))).to_csv(index=False))


def download_columns(label: str, made: Callable[[], Mapping[str, object]], file_name: str) -> None:
    """Offer columns of numbers as CSV, made when they are asked for."""
    download_table(label, lambda: pd.DataFrame(dict(made())), file_name)


def download_page(label: str, made: Callable[[], str], file_name: str) -> None:
    """Offer one page that needs no network, made when it is asked for."""
    st.download_button(label, made, file_name, "text/html", on_click="ignore")


def download_text(label: str, made: Callable[[], str], file_name: str) -> None:
    """Offer a file of plain text, made when it is asked for."""
    st.download_button(label, made, file_name, "application/yaml", on_click="ignore")


def download_words(
    name: str, header: Sequence[str], told: Callable[[], Sequence[Sequence[str]]], file_name: str
) -> None:
    """Offer a table of words as CSV, as it stands on the screen."""
    label = name.replace("-", " ").capitalize()
    download_table(label, lambda: pd.DataFrame(list(told()), columns=list(header)), file_name)


def download_pictures(figures: dict[str, go.Figure], file_name: str, *, dark: bool) -> None:
    """Offer the pictures as one page that works offline; each saves itself as SVG from there."""
    colours = palette(dark=dark)
    st.download_button(
        "Pictures (HTML)",
        lambda: _page(figures, colours),
        file_name,
        "text/html",
        on_click="ignore",
    )


def _page(figures: dict[str, go.Figure], colours: Palette) -> str:
    parts = [
        f"<h2>{question}</h2>"
        + fig.to_html(
            full_html=False,
            include_plotlyjs=first,
            config={"displaylogo": False, "toImageButtonOptions": {"format": "svg"}},
        )
        for first, (question, fig) in zip(
            [True] + [False] * (len(figures) - 1), figures.items(), strict=True
        )
    ]
    style = (
        "body{font-family:sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;"
        f"color:{colours.ink};background:{colours.paper}}}"
    )
    body = "".join(parts)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title>'
        f"<style>{style}</style><body>{body}</body></html>"
    )
