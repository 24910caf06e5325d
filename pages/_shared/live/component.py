"""Mount the live part of a page; hear what the hand has chosen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import streamlit as st

from pages._shared.controls import set_before_drawing
from pages._shared.live.assets import VERSION
from pages._shared.live.view import framed, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aipm_metrics.models.confusion import Floats
    from pages._shared.live.view import Packed, View

__all__ = ["live", "packed_once", "packed_with"]

HERE = Path(__file__).parent
SENT = "live:sent"  # what the session was sent last: its settings, its positions, its view
KEPT = 64  # packed views, of about 100 kB each
HTML = '<div class="aipm-live"></div>\n'
# Inline scripts are sent with every message, so this one only fetches the real one.
LOADER = f"""
const base = window.location.pathname.replace(/\\/[^/]*$/, "");
const loaded = import(`${{window.location.origin}}${{base}}/live/{VERSION}/live.js`);
export default function (component) {{
  const {{ parentElement }} = component;
  let stop = () => {{}};
  loaded.then(({{ update }}) => {{ stop = update(component); }}, () => {{
    parentElement.querySelector(".aipm-live").textContent =
      "The live picture could not be loaded. Reload the page.";
  }});
  return () => stop();
}}
"""


@st.cache_resource
def _component() -> Callable[..., object]:
    css = (HERE / "live.css").read_text(encoding="utf-8")
    return st.components.v2.component(
        "aipm_live", html=HTML, css=css, js=LOADER, isolate_styles=False
    )


@st.cache_resource(max_entries=KEPT, show_spinner=False)
def _packed(settings: str, _made: Callable[[], View]) -> Packed:
    del settings  # it is what the cache goes by
    return pack(_made())


def packed_once(settings: Iterable[Any], made: Callable[[], View]) -> Packed:
    """Pack a view, or find it packed.

    Parameters
    ----------
    settings
        Everything the view depends on: frozen models, arrays, plain values.
    made
        Makes the view; not called when one with the same settings is kept.
    """
    return _packed(_digest(settings), made)


def packed_with(
    settings: Iterable[Any], positions: Floats, row: int, made: Callable[[], View]
) -> tuple[Packed, int]:
    """Pack a view, or take the one this session was sent last if its dial can stand there too.

    A position off the dial's own, as a link may have, is one row more. It stays when the hand
    has moved on from it, lest a whole table be sent for one row less.

    Parameters
    ----------
    settings
        Everything the view depends on besides its positions.
    positions : (t,) floats, ascending
        Of the dial.
    row
        Where it stands.
    made
        Makes the view.

    Returns
    -------
    tuple of (Packed, int)
        The view, and the row of it where the dial stands.
    """
    digest, chosen = _digest(settings), positions[row]
    last = st.session_state.get(SENT)
    if last is not None and last[0] == digest:
        _, known, packed = last
        at = int(np.searchsorted(known, chosen))
        if at < known.size and known[at] == chosen:
            return packed, at
    packed = _packed(_digest([digest, positions]), made)
    st.session_state[SENT] = digest, positions, packed
    return packed, row


def _digest(settings: Iterable[Any]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for setting in settings:
        bytes_ = setting.tobytes() if isinstance(setting, np.ndarray) else repr(setting).encode()
        digest.update(bytes_)
    return digest.hexdigest()


def live(packed: Packed, row: int, key: str, field: str) -> None:
    """Draw a packed view, its dial at a row; write what the hand chooses into a field.

    Parameters
    ----------
    packed
        The same as long as no other knob moves; a browser that has it does not read it again.
    row
        Where the dial stands.
    key
        Of the component.
    field
        Key of the main knob's own widget.
    """
    heard = f"{key}~heard"

    def commit() -> None:
        value, turn = _choice(st.session_state[key].commit)
        if value is not None:
            st.session_state[field] = value
            st.session_state[heard] = turn

    # The theme is asked for by running the page again, which is all there is to do.
    told: Any = _component()(
        data=framed(packed, row, st.session_state.get(heard)), key=key,
        on_commit_change=commit, on_theme_change=lambda: None,
    )  # fmt: skip
    value, _ = _choice(told.commit)
    if value is not None and st.session_state.get(field) != value:
        # The server is another than the one that drew the page: whom to call with a choice it
        # has learnt only now.
        set_before_drawing(field, value)
        st.rerun()


def _choice(sent: object) -> tuple[float | None, int | None]:
    """Read what a browser says was chosen, and on which turn; anything else is nothing."""
    if not isinstance(sent, Mapping):
        return None, None
    value, turn = sent.get("value"), sent.get("turn")
    chosen = None
    if isinstance(value, int | float) and not isinstance(value, bool):
        chosen = float(value)
    return chosen, turn if isinstance(turn, int) else None
