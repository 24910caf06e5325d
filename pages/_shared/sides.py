"""The two sides of a comparison: the address holds them, the session what they are made of.

Nothing here is kept twice. The address says which two scenarios are compared and which was
chosen, and is written only when somebody changes that; so Back and forward show what they say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, cast
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st

from aipm_metrics.comparisons.compare import compare_results
from aipm_metrics.comparisons.compared import Compared, Comparison
from aipm_metrics.comparisons.links import (
    PAGE,
    Linked,
    compare_from_link,
    compare_to_link,
    complete_compare_query,
    read_compare_fields,
    read_side,
)
from aipm_metrics.comparisons.presets import beside
from aipm_metrics.errors import RowsError
from aipm_metrics.links import from_link, to_link
from aipm_metrics.rows.sample import FINGERPRINT
from aipm_metrics.scenarios import SCENARIOS

if TYPE_CHECKING:
    from aipm_metrics.comparisons.links import Chosen, LinkedSide
    from aipm_metrics.models.empirical import Empirical
    from aipm_metrics.rows.counting import ScoredRows
    from aipm_metrics.scenarios.contract import Result, Scenario

__all__ = [
    "Side",
    "compared",
    "fields_beside",
    "fields_kept",
    "linked",
    "now",
    "put",
    "put_both",
    "put_chosen",
    "read_pasted",
    "rows_of",
    "wants_sample",
]

Side = Literal["a", "b"]
KEPT, ANSWERS = f"{PAGE}:kept", f"{PAGE}:answers"


def linked() -> Linked:
    """Read the comparison the address holds; one that names no side shows the last one.

    Streamlit leaves such an address behind when a link leads from one page to another, and
    Back returns to it.
    """
    pairs = [(field, text) for field in st.query_params for text in st.query_params.get_all(field)]
    if not {"a", "b"} & {field for field, _ in pairs}:
        pairs = list(fields_kept().items())
    elif completed := complete_compare_query(urlencode(pairs, errors="replace")):
        pairs = parse_qsl(completed, keep_blank_values=True)
    told = read_compare_fields(pairs)
    if told.a.scenario and told.b.scenario:
        st.session_state[KEPT] = _fields(told.a.scenario, told.b.scenario, told.chosen)
    return told


def _fields(a: Scenario, b: Scenario, chosen: Chosen = "") -> dict[str, str]:
    query = urlsplit(compare_to_link(a, b, chosen)).query
    return dict(parse_qsl(query, keep_blank_values=True))


def fields_kept() -> dict[str, str]:
    """Address of the comparison this session was last at, or of the first pair."""
    kept: dict[str, str] | None = st.session_state.get(KEPT)
    return kept or dict(parse_qsl(complete_compare_query("") or ""))


def fields_beside(link: str) -> dict[str, str]:
    """Address that compares a link's scenario with something worth comparing it with."""
    scenario, _ = from_link(link)
    return _fields(scenario, beside(scenario))


def put(side: Side, scenario: Scenario) -> None:
    """Put a scenario on one side; what was chosen before is no longer."""
    told = linked()
    a = scenario if side == "a" else told.a.scenario
    b = scenario if side == "b" else told.b.scenario
    if a is not None and b is not None:
        put_both(a, b)
    else:  # the other side is no scenario's link: it stays as it is, to be named
        st.query_params[side] = to_link(scenario)


def put_both(a: Scenario, b: Scenario, chosen: Chosen = "") -> None:
    """Put both sides in the address, as one step that Back undoes."""
    st.session_state[KEPT] = _fields(a, b, chosen)
    st.query_params.from_dict(st.session_state[KEPT])


def put_chosen(chosen: Chosen) -> None:
    """Say in the address which side was chosen."""
    told = linked()
    if told.a.scenario and told.b.scenario:
        put_both(told.a.scenario, told.b.scenario, chosen)


def read_pasted(link: str, side: Side) -> LinkedSide:
    """Read a pasted link; from a comparison's link the same side is taken."""
    text = link.strip()
    if _page_of(text) == PAGE:
        told = compare_from_link(text)
        return told.a if side == "a" else told.b
    return read_side(text)


def _page_of(link: str) -> str:
    """Name the page a link leads to, or nothing where it cannot be read."""
    try:
        return urlsplit(link).path.rstrip("/").rpartition("/")[2]
    except ValueError:
        return ""


def now() -> dict[str, Scenario]:
    """Scenarios the question's pages stand at in this session, by title."""
    found = {}
    for scenario in SCENARIOS:
        at = st.session_state.get(f"{scenario.page}:now")
        if isinstance(at, scenario):
            found[f"{scenario.title}: what I have now"] = at
    return found


def rows_of(scenario: Scenario) -> Empirical | None:
    """Return the attached rows where a scenario speaks of them.

    Raises
    ------
    RowsError
        When it speaks of rows that are not attached.
    """
    attached: ScoredRows | None = st.session_state.get("rows")
    rows = attached.counts if attached is not None and scenario.rows else None
    scenario.check_rows(rows)
    return rows


def wants_sample(a: Scenario, b: Scenario) -> bool:
    """Whether what is missing is the sample rows, and nothing else."""
    return {side.rows for side in (a, b)} - {""} == {FINGERPRINT}


def compared(a: Scenario, b: Scenario) -> Compared:
    """Lay both sides side by side; an answer already known is not worked out again.

    Raises
    ------
    MetricsError
        When they ask two questions, or speak of rows that are not attached.
    """
    comparison, rows_a, rows_b = Comparison(a, b), _rows_for("A", a), _rows_for("B", b)
    known: dict[Any, Any] = st.session_state.setdefault(ANSWERS, {})
    key = (a, b)
    if key not in known:
        found = compare_results(comparison, _run(a, rows_a), _run(b, rows_b), rows_a, rows_b)
        known.clear()
        known |= {key: found, a: found.result_a, b: found.result_b}
    return cast("Compared", known[key])


def _rows_for(side: str, scenario: Scenario) -> Empirical | None:
    try:
        return rows_of(scenario)
    except RowsError as missing:
        raise RowsError(
            f"{side} cannot be shown. {missing} Open {side} in {scenario.title}: the box to "
            "attach it is there, and then come back."
        ) from missing


def _run(scenario: Scenario, rows: Empirical | None) -> Result:
    known: dict[Any, Any] = st.session_state[ANSWERS]
    return cast("Result", known[scenario]) if scenario in known else scenario.run(rows)
