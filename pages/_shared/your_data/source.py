"""Where rows are to come from: an upload, or what the configuration names."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import streamlit as st

from aipm_metrics.errors import RowsError
from aipm_metrics.rows.asked import PAGE, Origin
from aipm_metrics.rows.connections import connect, tables
from aipm_metrics.rows.folder import files
from aipm_metrics.rows.places import ConnectedTable, Folder, Handed
from aipm_metrics.rows.reading import MAX_BYTES, MAX_COLUMNS, MAX_ROWS
from aipm_metrics.rows.sample import sample_path
from aipm_metrics.rows.sample_payments import PAYMENTS
from aipm_metrics.rows.wording import megabytes
from aipm_metrics.spoken import count
from pages._shared.frame import plain
from pages._shared.your_data.counting import identity_of, sample_asked, sample_place

if TYPE_CHECKING:
    from aipm_metrics.rows.asked import Asked
    from aipm_metrics.rows.places import Place

__all__ = ["Chosen", "choose_place", "held_place", "place_of"]

UPLOAD, FOLDER, CONNECTION = "Upload", "Folder", "Connection"
KINDS = {"upload": UPLOAD, "sample": UPLOAD, "folder": FOLDER, "connection": CONNECTION}
LISTED, UPLOADED = f"{PAGE}:tables", f"{PAGE}~upload"


class Chosen(NamedTuple):
    """A place, and what tells this file from another of the same name."""

    place: Place
    identity: str


def choose_place(asked: Asked) -> Chosen | None:
    """Ask where the rows are; None while there is nothing to open."""
    kinds = [UPLOAD, *([FOLDER] if _folder() else []), *([CONNECTION] if _connections() else [])]
    kind = UPLOAD
    if len(kinds) > 1:
        at = KINDS[asked.origin.kind] if asked.origin is not None else UPLOAD
        picked = st.segmented_control(
            "Where the rows are", kinds, default=at if at in kinds else UPLOAD,
            key=f"{PAGE}~kind", required=True,
        )  # fmt: skip
        kind = picked or UPLOAD
    if kind == FOLDER:
        return _from_folder(asked.origin)
    return _from_connection(asked.origin) if kind == CONNECTION else _from_upload()


def place_of(origin: Origin) -> Chosen | None:
    """Find the place that an origin names, if it can be opened without anything handed over."""
    if origin.kind == "sample":
        return Chosen(sample_place(origin.name), "")
    root, known = _folder(), _connections()
    if origin.kind == "folder" and root is not None:
        return Chosen(Folder(root, origin.name), "")
    if origin.kind == "connection" and origin.connection in known:
        settings = known[origin.connection]
        return Chosen(ConnectedTable(origin.connection, settings, origin.name), "")
    return None


def held_place(origin: Origin) -> Place | None:
    """Find the place that was counted, if it can be opened again as it was."""
    if origin.kind != "upload":
        chosen = place_of(origin)
        return chosen.place if chosen is not None else None
    upload = st.session_state.get(UPLOADED)
    if upload is None or str(upload.file_id) != identity_of(origin):
        return None
    return Handed(upload.name, upload.getvalue())


def _from_upload() -> Chosen | None:
    st.markdown(
        plain(
            f"CSV or Parquet, one row per item: a score and a true label. At most "
            f"{megabytes(MAX_BYTES)}, {count(MAX_ROWS)} rows and {MAX_COLUMNS} columns; CSV in "
            "UTF-8 with a header. The file is counted here and then deleted: only counts are kept, "
            "and only for you."
        )
    )
    upload = st.file_uploader(
        "File of scored rows", ["csv", "tsv", "txt", "parquet"], key=UPLOADED,
        label_visibility="collapsed",
    )  # fmt: skip
    if upload is None:
        with st.container(horizontal=True):
            st.button("Try the sample", key=f"{PAGE}~sample", type="primary", on_click=sample_asked)
            st.button("Try a sample with amounts and versions", key=f"{PAGE}~payments",
                      on_click=sample_asked, args=(PAYMENTS,))  # fmt: skip
            st.download_button(
                "Download the sample", lambda: sample_path().read_bytes(), "sample_rows.csv",
                "text/csv", on_click="ignore",
            )  # fmt: skip
        return None
    return Chosen(Handed(upload.name, upload.getvalue()), str(upload.file_id))


def _from_folder(origin: Origin | None) -> Chosen | None:
    root = _folder()
    if root is None:
        return None
    st.markdown("Parquet files that whoever keeps this dashboard has laid ready; nothing is moved.")
    try:
        known = [file.ref for file in files(root)]
    except RowsError as refusal:
        st.warning(plain(str(refusal)))
        return None
    named = origin.name if origin is not None and origin.kind == "folder" else None
    options = [*known, *([named] if named and named not in known else [])]
    ref = st.selectbox(
        "File, or a pattern such as 2026/*.parquet", options, key=f"{PAGE}~ref",
        index=options.index(named) if named else None, accept_new_options=True,
        placeholder="Choose a file or write a pattern",
    )  # fmt: skip
    return Chosen(Folder(root, ref), "") if ref else None


def _from_connection(origin: Origin | None) -> Chosen | None:
    known = _connections()
    names = list(known)
    asked = origin if origin is not None and origin.kind == "connection" else None
    at = names.index(asked.connection) if asked is not None and asked.connection in names else 0
    name = st.selectbox("Connection", names, at, key=f"{PAGE}~connection")
    listed: dict[str, tuple[str, ...]] = st.session_state.setdefault(LISTED, {})
    if name not in listed:
        if asked is not None and name == asked.connection and not _meant(asked):
            return None
        try:
            with st.spinner("Asking the connection for its tables"):
                listed[name] = _tables_of(name, known[name])
        except RowsError as refusal:
            st.warning(plain(str(refusal)))
            st.button("Ask again", key=f"{PAGE}~ask")
            return None
    options = list(listed[name])
    if not options:
        st.warning("This connection has no tables.")
        return None
    index = options.index(asked.name) if asked is not None and asked.name in options else None
    table = st.selectbox("Table", options, index, key=f"{PAGE}~table", placeholder="Choose a table")
    return Chosen(ConnectedTable(name, known[name], table), "") if table else None


def _meant(asked: Origin) -> bool:
    """Ask before a connection is opened only because a link names it."""
    st.markdown(
        plain(
            f"To choose other columns, {asked.connection} is asked for its tables and for the "
            f"first rows of {asked.name}, for which it may charge."
        )
    )
    return st.button("Open the connection", key=f"{PAGE}~open")


def _tables_of(name: str, settings: Mapping[str, object]) -> tuple[str, ...]:
    backend = connect(name, settings)
    try:
        return tables(backend)
    finally:
        backend.disconnect()


def _configured(name: str) -> Mapping[str, object]:
    """Read one section of the configuration; empty where there is none."""
    st.secrets.load_if_toml_exists()
    try:
        section = st.secrets.get(name, {})
    except FileNotFoundError:
        return {}
    return section if isinstance(section, Mapping) else {}


def _folder() -> Path | None:
    named = _configured("rows").get("folder")
    return Path(named) if isinstance(named, str) and named else None


def _connections() -> dict[str, Mapping[str, object]]:
    known = _configured("connections")
    return {name: told for name, told in known.items() if isinstance(told, Mapping)}
