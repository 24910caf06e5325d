"""A person's own scored rows in the session: attached from a file, named in the address.

The file lives on disk only while it is being read. What stays in the session is counts per
distinct score. A link that speaks of rows which are not here shows that sentence and the
upload box, never simulated numbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from aipm_metrics.errors import RowsError
from aipm_metrics.knobs import knobs_of
from aipm_metrics.rows.choosing import guess_positive, guess_roles
from aipm_metrics.rows.counting import ScoredRows, count_scores
from aipm_metrics.rows.reading import MAX_BYTES, Table, open_table
from aipm_metrics.rows.sample import FINGERPRINT, sample_path
from aipm_metrics.rows.unusable import why_no_score
from aipm_metrics.rows.uploads import laid_down
from pages._shared.address import rows_in_address, set_rows_in_address
from pages._shared.controls import key_of
from pages._shared.frame import plain
from pages._shared.ways import remember_rows

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["offer_rows", "offer_sample", "rows_box", "rows_in_use"]

ATTACHED, REFUSED, UPLOADS = "rows", "rows~refused", "rows~uploads"
OFFERED, MOST_OFFERED = "rows~offered", 4


def rows_in_use(scenario: type[Scenario]) -> ScoredRows | None:
    """Return the rows the page speaks of, or None for the model. Draws nothing.

    Stops the page when its link speaks of rows that are not attached.
    """
    rows: ScoredRows | None = st.session_state.get(ATTACHED)
    wanted = rows_in_address()
    remember_rows(scenario, wanted)
    if wanted in (offered := st.session_state.get(OFFERED, {})):
        rows = st.session_state[ATTACHED] = offered[wanted]
    if rows is not None and wanted == rows.counts.fingerprint:
        return rows
    if wanted:
        _missing(scenario, wanted, rows)
        st.stop()
    return None


def offer_rows(rows: ScoredRows) -> None:
    """Let links from another page name these rows: the page they lead to attaches them."""
    offered: dict[str, ScoredRows] = st.session_state.setdefault(OFFERED, {})
    offered.pop(rows.counts.fingerprint, None)
    offered[rows.counts.fingerprint] = rows
    while len(offered) > MOST_OFFERED:
        del offered[next(iter(offered))]


def rows_box(scenario: type[Scenario], own: ScoredRows | None) -> None:
    """Say which rows the page speaks of, or offer the upload box."""
    if own is not None:
        with st.expander("Your own scored rows", expanded=True):
            _in_use(scenario, own)
        return
    rows: ScoredRows | None = st.session_state.get(ATTACHED)
    with st.expander("Your own scored rows"):
        if rows is not None:
            st.markdown(f"The rows of {plain(rows.name)} are still attached.")
            st.button("Use them again", key="rows~again", on_click=_adopt, args=(scenario,))
        _upload(scenario)


def _in_use(scenario: type[Scenario], rows: ScoredRows) -> None:
    st.markdown(f"The page speaks of {rows.n_rows:,} rows of {plain(rows.name)}.")
    for note in rows.notes:
        st.caption(plain(note))
    st.button("Back to the simulated model", key="rows~detach", on_click=_detach, args=(scenario,))


def _missing(scenario: type[Scenario], wanted: str, others: ScoredRows | None) -> None:
    st.title(scenario.question, anchor=False)
    if wanted == FINGERPRINT:
        offer_sample("This link was made from the sample rows, and rows never travel in a link.")
    else:
        st.markdown(
            f"This link speaks of somebody's scored rows (fingerprint {wanted}), and rows never "
            "travel in a link. Attach the file it was made from to see the same numbers."
        )
    if others is not None:
        st.warning(
            f"The rows of {plain(others.name)} are others: their fingerprint is "
            f"{others.counts.fingerprint}."
        )
        st.button("Use them all the same", key="rows~adopt", on_click=_adopt, args=(scenario,))
    if wanted != FINGERPRINT:
        _upload(scenario)
    st.button("Show the simulated model instead", key="rows~instead", on_click=_detach,
              args=(scenario,))  # fmt: skip


def offer_sample(why: str) -> None:
    """Say that the sample rows are what is wanted, and attach them with one click."""
    st.markdown(f"{why} They ship with this page: attach them to see the same numbers.")
    st.button("Attach the sample rows", key="rows~sample", type="primary", on_click=_keep_sample)


def _keep_sample() -> None:
    """Keep the sample's counts; an address that names them says already that it wants them."""
    st.session_state[ATTACHED] = _sample()


def _sample() -> ScoredRows:
    return count_scores(open_table(sample_path()), "score", "label", "harmful", "the sample")


def _upload(scenario: type[Scenario]) -> None:
    st.markdown(
        f"CSV or Parquet, one row per item, a score and a true label; at most "
        f"{MAX_BYTES // 2**20} MB. The file is counted here and then deleted."
    )
    upload = st.file_uploader(
        "File of scored rows", ["csv", "tsv", "txt", "parquet"],
        key=f"{UPLOADS}{st.session_state.get(UPLOADS, 0)}", label_visibility="collapsed",
    )  # fmt: skip
    if refused := st.session_state.pop(REFUSED, None):
        st.warning(plain(refused))
    if upload is None:
        st.button("Try the sample", key="rows~sample", on_click=_attach_sample, args=(scenario,))
        st.download_button(
            "Download the sample", lambda: sample_path().read_bytes(), "sample_rows.csv",
            "text/csv", on_click="ignore",
        )  # fmt: skip
        return
    try:
        with on_disk(upload) as path:
            table = open_table(path)
    except RowsError as refusal:
        st.warning(plain(str(refusal)))
        return
    _choose(scenario, upload, table)


def _choose(scenario: type[Scenario], upload: UploadedFile, table: Table) -> None:
    """Ask which column is what, with a guess already made."""
    names = [column.name for column in table.columns]
    guessed = [None if role is None else names.index(role.name)
               for role in guess_roles(table.columns)]  # fmt: skip
    score, label = (
        st.selectbox(what, names, at, format_func=_short, placeholder="Choose a column")
        for what, at in zip(("Score column", "Label column"), guessed, strict=True)
    )
    if score is None or label is None:
        return
    if why := why_no_score(table.column(score)):
        st.warning(plain(why))
        return
    values = table.column(label).values
    if not values:
        st.warning(
            f"Column {plain(_short(label))} has no value, or more than twelve different ones: "
            "a label has two."
        )
        return
    likely = guess_positive(table.column(label))
    positive = st.selectbox(
        "Which value means harmful", values, values.index(likely), format_func=_short
    )
    st.button(
        "Use these rows", key="rows~use", type="primary", on_click=_attach_upload,
        args=(scenario, upload, score, label, positive),
    )  # fmt: skip


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"


def _attach_upload(
    scenario: type[Scenario], upload: UploadedFile, score: str, label: str, positive: str
) -> None:
    try:
        with on_disk(upload) as path:
            rows = count_scores(open_table(path), score, label, positive, upload.name)
    except RowsError as refusal:
        st.session_state[REFUSED] = str(refusal)
        return
    _attach(scenario, rows)


def _attach_sample(scenario: type[Scenario]) -> None:
    _attach(scenario, _sample())


def _attach(scenario: type[Scenario], rows: ScoredRows) -> None:
    """Keep the counts. A link's own thresholds stand; so does its wish for other rows."""
    st.session_state[ATTACHED] = rows
    if not rows_in_address():
        _adopt(scenario)


def _adopt(scenario: type[Scenario]) -> None:
    """Speak of the attached rows; move thresholds that mean nothing on their scores."""
    rows: ScoredRows = st.session_state[ATTACHED]
    set_rows_in_address(rows.counts.fingerprint)
    remember_rows(scenario, rows.counts.fingerprint)
    scores = rows.counts.thresholds
    low, high = float(scores[0]), float(scores[-1])
    probabilities = low >= 0 and high <= 1
    flagged = rows.counts.tp + rows.counts.fp
    as_many_as_positive = float(scores[(flagged >= rows.counts.positives).nonzero()[0][-1]])
    for name, knob in knobs_of(scenario).items():
        if knob.in_score_units:
            now = float(st.session_state.get(key_of(scenario, name), knob.default))
            st.session_state[key_of(scenario, name)] = (
                min(max(now, low), high) if probabilities else as_many_as_positive
            )


def _detach(scenario: type[Scenario]) -> None:
    """Speak of the simulated model. The counts stay, so that Back finds the rows again."""
    remember_rows(scenario, "")
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1  # an empty upload box
    set_rows_in_address("")
    for name, knob in knobs_of(scenario).items():
        if knob.in_score_units:
            st.session_state[key_of(scenario, name)] = knob.default


def on_disk(upload: UploadedFile) -> AbstractContextManager[Path]:
    """Lay an upload on disk for as long as it is read."""
    return laid_down(upload.getbuffer())
