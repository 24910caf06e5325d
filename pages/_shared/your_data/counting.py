"""The work beside the page: begun, watched, stopped, and what came of it kept in the session.

A thread counts and never speaks to Streamlit; the page looks at its job twice a second, and only
while there is one. A server that was started again has forgotten its sessions: an address that
names rows without a fingerprint then says that their count was under way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import streamlit as st

from aipm_metrics.rows.asked import PAGE, Asked, Columns, Origin
from aipm_metrics.rows.jobs import Job
from aipm_metrics.rows.places import Handed, Looked, Sample
from aipm_metrics.rows.profile import starting_thresholds
from aipm_metrics.rows.profile_counts import Counted, count_all, count_rule
from aipm_metrics.rows.profile_exactly import Exactly, count_exactly
from aipm_metrics.rows.sample_payments import PAYMENTS, payments_text
from pages._shared.frame import plain
from pages._shared.your_data.address import asked_now, change, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from aipm_metrics.rows.jobs import Watch
    from aipm_metrics.rows.own_thresholds import RuleCounts
    from aipm_metrics.rows.places import Place

__all__ = [
    "begin_count",
    "begin_exact",
    "begin_rule",
    "counted_now",
    "exactly_now",
    "forget_linked",
    "identity_of",
    "look_again",
    "looked_at",
    "others_than_linked",
    "rule_now",
    "rule_under_way",
    "sample_asked",
    "sample_place",
    "settle",
    "was_stopped",
    "watching",
]

JOB, LOOKED, COUNTED, EXACT = (f"{PAGE}:{what}" for what in ("job", "looked", "counted", "exact"))
RULES = f"{PAGE}:rules"
SAID, IDENTITIES, LINKED = (f"{PAGE}:{what}" for what in ("said", "identities", "linked"))
NOT_SEEN = f"{LOOKED}~refused"
DRAWN = f"{JOB}~drawn"  # what `watching` has drawn already in this run of the page
MOST_KEPT = 4  # profiles a session keeps
AT_ONCE = 0.4  # s a page waits for what is soon done, before it shows that it is being done
LOOK_AGAIN = 0.5  # s
PAID = Columns(
    score="score", label="is_fraud", event="1", segment="country", version="version",
    amount="amount", time="date",
)  # fmt: skip
SAMPLE = Columns(score="score", label="label", event="harmful", segment="language")

Purpose = Literal["look", "count", "exact", "rule"]


@dataclass(frozen=True)
class Pending:
    """A job under way, and what its result is to be kept as."""

    purpose: Purpose
    key: tuple[Any, ...]
    about: str
    job: Job[Any]
    before: Asked | None = None  # what stood there, with counts, while another count began
    identity: str = ""  # of the rows that stood there


def looked_at(place: Place, identity: str) -> Looked | None:
    """Return what a look at a place's columns found; begin to look where nobody has.

    A count goes first: whoever asked for it did not ask for the columns.
    """
    key = (place.origin, identity)
    known: dict[Any, Looked] = st.session_state.setdefault(LOOKED, {})
    pending: Pending | None = st.session_state.get(JOB)
    counting = pending is not None and pending.purpose != "look"
    if key not in known and st.session_state.get(NOT_SEEN) != key and not counting:
        _begin("look", key, place.look)
        _settle()
    return known.get(key)


def look_again() -> None:
    """Forget that a look was refused."""
    st.session_state.pop(NOT_SEEN, None)


def begin_count(place: Place, identity: str, looked: Looked | None, columns: Columns) -> None:
    """Count in the background; the address names what is counted from now on."""
    asked, _ = asked_now()
    if asked.fingerprint and counted_now(asked) is None:
        st.session_state[LINKED] = asked.fingerprint  # whether these are the link's is to be told
    known = asked.origin == place.origin and identity_of(place.origin) == identity
    same_rows = known or bool(st.session_state.get(LINKED))
    a, b = (asked.a, asked.b) if same_rows else (None, None)
    before = asked if counted_now(asked) is not None else None
    stood = identity_of(asked.origin) if asked.origin is not None else ""
    st.session_state.setdefault(IDENTITIES, {})[place.origin] = identity
    put(Asked(origin=place.origin, columns=columns, prices=asked.prices, a=a, b=b))

    def work(watch: Watch) -> Counted:
        seen = looked or _seen(place, watch)
        return count_all(place, seen, columns, watch, asked.prices.false_alarm)

    _begin("count", (place.origin, identity, columns), work, before, stood)


def begin_exact(place: Place, identity: str, thresholds: tuple[float, ...]) -> None:
    """Count at the thresholds shown, in the background."""
    asked, _ = asked_now()
    counted = counted_now(asked)
    if counted is None:
        return
    looked: Looked | None = st.session_state.get(LOOKED, {}).get((place.origin, identity))

    def work(watch: Watch) -> Exactly:
        seen = looked or _seen(place, watch)
        return count_exactly(place, seen, counted, thresholds, watch)

    _begin("exact", (place.origin, identity, counted.columns), work)


def begin_rule(place: Place, identity: str) -> None:
    """Judge a threshold per row at the price that stands, in the background."""
    asked, _ = asked_now()
    columns, price = asked.columns, asked.prices.false_alarm
    if columns is None:
        return
    looked: Looked | None = st.session_state.get(LOOKED, {}).get((place.origin, identity))

    def work(watch: Watch) -> RuleCounts:
        return count_rule(place, looked or _seen(place, watch), columns, price, watch)

    _begin("rule", (place.origin, identity, columns, price), work)


def _seen(place: Place, watch: Watch) -> Looked:
    """Look at a file, which is checked and read by what is found; a table knows its own columns."""
    return place.look(watch) if place.origin.kind in {"upload", "sample"} else Looked(())


def sample_asked(name: str = "") -> None:
    """Count the sample, or the second one by its name."""
    begin_count(sample_place(name), "", None, PAID if name == PAYMENTS else SAMPLE)


def sample_place(name: str) -> Place:
    """Find a sample by its name; the second one is made, not kept."""
    return Handed(name, payments_text().encode(), "sample") if name == PAYMENTS else Sample()


def _begin(
    purpose: Purpose,
    key: tuple[Any, ...],
    work: Callable[[Watch], Any],
    before: Asked | None = None,
    stood: str = "",
) -> None:
    pending: Pending | None = st.session_state.get(JOB)
    if pending is not None:
        if (pending.purpose, pending.key) == (purpose, key):
            return
        pending.job.cancel()
        if pending.purpose == "look":
            st.session_state[NOT_SEEN] = pending.key  # it does not begin by itself once more
    st.session_state.pop(SAID, None)
    origin: Origin = key[0]
    job = Job(work)
    st.session_state[JOB] = Pending(purpose, key, origin.name or "the sample", job, before, stood)
    job.wait(AT_ONCE)


def settle() -> None:
    """Begin a run of the page: keep what came of a job that has ended, or say why nothing did."""
    st.session_state[DRAWN] = ""
    _settle()


def _settle() -> None:
    pending: Pending | None = st.session_state.get(JOB)
    if pending is None or pending.job.state in {"waiting", "running"}:
        return
    del st.session_state[JOB]
    state = pending.job.state
    if state == "cancelled":
        what = "look at" if pending.purpose == "look" else "count of"
        back = " The earlier count is still shown." if _back_to(pending) else ""
        st.session_state[SAID] = (
            f"You stopped the {what} {pending.about}; nothing of it is kept.{back}"
        )
    elif state == "refused":
        st.session_state[SAID] = pending.job.refusal
    if state == "done":
        kept = {"look": LOOKED, "count": COUNTED, "exact": EXACT, "rule": RULES}[pending.purpose]
        known: dict[Any, Any] = st.session_state.setdefault(kept, {})
        known[pending.key] = pending.job.result
        while len(known) > MOST_KEPT:
            del known[next(iter(known))]
        if pending.purpose == "count":
            _name(pending.job.result)
    elif pending.purpose == "look":
        st.session_state[NOT_SEEN] = pending.key


def _back_to(pending: Pending) -> bool:
    """Name again what was counted before a count that was stopped; whether there was such."""
    before, asked = pending.before, asked_now()[0]
    still = (asked.origin, asked.columns) == (pending.key[0], pending.key[-1])
    if before is None or before.origin is None or not still:
        return False
    st.session_state.setdefault(IDENTITIES, {})[before.origin] = pending.identity
    if counted_now(before) is None:
        return False
    put(before)
    return True


def _name(counted: Counted) -> None:
    """Name the rows in the address, with the thresholds that stand there or that they start at."""
    asked, _ = asked_now()
    if (asked.origin, asked.columns) != (counted.origin, counted.columns):
        return  # somebody went back meanwhile, or on to other rows
    a, b = starting_thresholds(counted, asked.prices)
    change(
        a=a if asked.a is None else asked.a, b=b if asked.b is None else asked.b,
        fingerprint=counted.rows.fingerprint,
    )  # fmt: skip


def counted_now(asked: Asked) -> Counted | None:
    """Return the counts that the address speaks of, if this session has them."""
    if asked.origin is None or asked.columns is None:
        return None
    known: dict[Any, Counted] = st.session_state.get(COUNTED, {})
    counted = known.get(_key(asked))
    if counted is not None and asked.fingerprint not in {"", counted.rows.fingerprint}:
        return None  # a link to other rows of the same name
    return counted


def exactly_now(asked: Asked) -> Exactly | None:
    """Return the counts at single thresholds that belong to what the address speaks of."""
    known: dict[Any, Exactly] = st.session_state.get(EXACT, {})
    return known.get(_key(asked))


def rule_now(asked: Asked) -> RuleCounts | None:
    """Return what a threshold per row does at the price in the address, if the rows were asked."""
    known: dict[Any, RuleCounts] = st.session_state.get(RULES, {})
    return known.get((*_key(asked), asked.prices.false_alarm))


def rule_under_way() -> bool:
    """Whether the rows are being asked about a threshold per row."""
    pending: Pending | None = st.session_state.get(JOB)
    return pending is not None and pending.purpose == "rule"


def identity_of(origin: Origin) -> str:
    """Return what tells the file that was counted from another of the same name."""
    identities: dict[Origin, str] = st.session_state.get(IDENTITIES, {})
    return identities.get(origin, "")


def was_stopped() -> bool:
    """Whether the last job came to nothing, and that is said."""
    return SAID in st.session_state


def _key(asked: Asked) -> tuple[Any, ...]:
    identity = identity_of(asked.origin) if asked.origin is not None else ""
    return asked.origin, identity, asked.columns


def others_than_linked(counted: Counted) -> str:
    """Return the fingerprint that a link spoke of, where other rows were attached to it."""
    wanted: str = st.session_state.get(LINKED, "")
    if wanted == counted.rows.fingerprint:
        st.session_state[LINKED] = wanted = ""
    return wanted


def forget_linked() -> None:
    """Stop saying that these are other rows than the link's."""
    st.session_state[LINKED] = ""


def watching() -> bool:
    """Draw how far the job is, and a button to stop it; say whether there is one.

    Draws also why the last one came to nothing. However often it is called in one run of the
    page, what is said is said once.
    """
    going = st.session_state.get(JOB) is not None
    said = JOB if going else st.session_state.get(SAID, "")
    if said != st.session_state.get(DRAWN, ""):
        if going:
            _progress()
        else:
            st.warning(plain(said))
        st.session_state[DRAWN] = said
    return going


@st.fragment(run_every=LOOK_AGAIN)
def _progress() -> None:
    pending: Pending | None = st.session_state.get(JOB)
    if pending is None or pending.job.state not in {"waiting", "running"}:
        st.rerun()
    job = pending.job
    if job.state == "waiting":
        before = "one other is" if job.ahead <= 1 else f"{job.ahead} others are"
        said = f"Waiting for its turn: {before} before it."
    else:
        said = job.step or "Beginning"
    with st.container(border=True, key=f"{PAGE}-progress"):
        st.markdown(plain(f"{pending.about}: {said}"))
        st.progress(min(max(job.done, 0.02), 1.0))
        st.button("Cancel", key=f"{PAGE}~cancel", on_click=job.cancel)
