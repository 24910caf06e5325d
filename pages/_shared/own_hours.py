"""A person's own hours: attach them, choose the columns, see what the page speaks of.

The address holds a fingerprint of the hours, and only while it does the page speaks of them;
the session holds the numbers. Files are read and deleted, never stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.forecasts import MAX_HOURS, OwnHours, guess_forecasts, read_hours
from aipm_metrics.rows.reading import open_table
from pages._shared.address import rows_in_address, set_rows_in_address
from pages._shared.frame import plain
from pages._shared.own_rows import on_disk
from pages._shared.ways import remember_rows

if TYPE_CHECKING:
    from streamlit.runtime.uploaded_file_manager import UploadedFile

    from aipm_metrics.rows.reading import Table
    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["hours_in_use"]

ATTACHED, REFUSED, UPLOADS = "hours", "hours~refused", "hours~uploads"
ONE = "there is one forecast"


def hours_in_use(scenario: type[Scenario]) -> OwnHours | None:
    """Offer the upload box, and return the hours the page speaks of, or None for the model.

    Stops the page when its link speaks of hours that are not attached.
    """
    own: OwnHours | None = st.session_state.get(ATTACHED)
    wanted = rows_in_address()
    remember_rows(scenario, wanted)
    if own is not None and wanted == own.hours.fingerprint:
        with st.sidebar.expander("Your own hours", expanded=True):
            _in_use(scenario, own)
        return own
    if wanted:
        _missing(scenario, wanted, own)
        st.stop()
    with st.sidebar.expander("Your own hours"):
        if own is not None:
            st.markdown(f"The hours of {plain(own.name)} are still attached.")
            st.button("Use them again", key="hours~again", on_click=_adopt, args=(scenario,))
        _upload(scenario)
    return None


def _in_use(scenario: type[Scenario], own: OwnHours) -> None:
    st.markdown(f"The page speaks of {own.hours.n_hours:,} hours of {plain(own.name)}.")
    if own.left_out:
        st.caption(
            f"{own.left_out:,} of {own.n_rows:,} rows have no actual or no forecast and are left "
            "out."
        )
    st.button("Back to the law of demand", key="hours~detach", on_click=_detach, args=(scenario,))


def _missing(scenario: type[Scenario], wanted: str, others: OwnHours | None) -> None:
    st.title(scenario.question, anchor=False)
    st.markdown(
        f"This link speaks of somebody's own hours (fingerprint {plain(wanted)}), and hours never "
        "travel in a link. Attach the file it was made from to see the same numbers."
    )
    if others is not None:
        st.warning(
            f"The hours of {plain(others.name)} are others: their fingerprint is "
            f"{others.hours.fingerprint}."
        )
        st.button("Use them all the same", key="hours~adopt", on_click=_adopt, args=(scenario,))
    _upload(scenario)
    st.button("Show the law of demand instead", key="hours~instead", on_click=_detach,
              args=(scenario,))  # fmt: skip


def _upload(scenario: type[Scenario]) -> None:
    st.markdown(
        "CSV or Parquet, one row per zone and hour: what was asked for, and one or two forecasts "
        f"of it; at most {MAX_HOURS:,} rows. The file is read here and then deleted."
    )
    upload = st.file_uploader(
        "File of hours", ["csv", "tsv", "txt", "parquet"],
        key=f"{UPLOADS}{st.session_state.get(UPLOADS, 0)}", label_visibility="collapsed",
    )  # fmt: skip
    if refused := st.session_state.pop(REFUSED, None):
        st.warning(plain(refused))
    if upload is None:
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
    guessed = guess_forecasts(table)
    if guessed is None:
        st.warning("The file needs two columns of numbers at least: an actual and a forecast.")
        return
    names = [column.name for column in table.columns if column.numeric]
    actual = st.selectbox("Column of what was asked for", names, names.index(guessed[0]))
    old = st.selectbox("Column of the old forecast", names, names.index(guessed[1]))
    choices = [ONE, *names]
    likely = 0 if guessed[2] == guessed[1] else choices.index(guessed[2])
    new = st.selectbox("Column of the new forecast", choices, likely)
    st.button(
        "Use these hours", key="hours~use", type="primary", on_click=_attach,
        args=(scenario, upload, actual, old, old if new == ONE else new),
    )  # fmt: skip


def _attach(
    scenario: type[Scenario], upload: UploadedFile, actual: str, old: str, new: str
) -> None:
    """Keep the hours. A link's own wish for other hours stands."""
    try:
        with on_disk(upload) as path:
            own = read_hours(open_table(path), actual, old, new, upload.name)
    except RowsError as refusal:
        st.session_state[REFUSED] = str(refusal)
        return
    st.session_state[ATTACHED] = own
    if not rows_in_address():
        _adopt(scenario)


def _adopt(scenario: type[Scenario]) -> None:
    """Speak of the attached hours."""
    own: OwnHours = st.session_state[ATTACHED]
    set_rows_in_address(own.hours.fingerprint)
    remember_rows(scenario, own.hours.fingerprint)


def _detach(scenario: type[Scenario]) -> None:
    """Speak of the law of demand. The hours stay, so that Back finds them again."""
    remember_rows(scenario, "")
    st.session_state[UPLOADS] = st.session_state.get(UPLOADS, 0) + 1  # an empty upload box
    set_rows_in_address("")
