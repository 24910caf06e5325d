"""Addresses at the edges: endless digits, surrogates, slashes, fields of elsewhere."""

from urllib.parse import urljoin

import pytest

from aipm_metrics.links import complete_query, from_link
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.aipm_metrics.hostile_links import hostile
from tests.asgi_calls import call


def test_a_version_of_thousands_of_digits_is_left_for_the_page() -> None:
    """`int` refuses more than 4,300 digits with a ValueError: the server answers 500."""
    assert complete_query(ModerationScenario, "v=" + "1" * 5000) is None


def test_unpaired_surrogates_do_not_break_completing() -> None:
    """`urlencode` raises UnicodeEncodeError; a server never sends these, a script may."""
    complete_query(ModerationScenario, "moderation.auc=\ud800")


def test_the_redirect_of_a_path_with_a_slash_at_its_end_stays_on_the_page() -> None:
    """`moderation?...` seen from /moderation/ is /moderation/moderation?...: no such page.

    Streamlit itself sends /moderation/ on to /moderation, so passing it on would do.
    """
    for asked in ("http://here.example/moderation/", "http://here.example/team/moderation//"):
        answer = call(asked.removeprefix("http://here.example"))
        if not answer.passed:
            landed = urljoin(asked, answer.location).partition("?")[0]
            assert landed.rstrip("/") == asked.rstrip("/")


def test_a_twice_said_field_of_elsewhere_is_not_named_as_a_knob() -> None:
    """Said of `auc`, though `moderation.auc` was said once and taken: name the whole field."""
    scenario, refusals = from_link("/moderation?v=1&moderation.auc=0.7&auc=1&auc=2")
    assert scenario == from_link("/moderation?v=1&moderation.auc=0.7")[0]
    assert "auc" not in {refusal.field for refusal in refusals}


@pytest.mark.parametrize("field", ["embed_options", "utm_source"])
def test_a_field_passed_over_may_be_said_twice(field: str) -> None:
    """Streamlit's own embed_options is meant to be repeated."""
    assert from_link(f"/moderation?v=1&{field}=show_toolbar&{field}=light_theme")[1] == ()


def test_a_field_without_a_name_is_refused_by_some_name() -> None:
    """It says "`` is not a knob of this page."."""
    assert "``" not in from_link("/moderation?v=1&=7")[1][0].sentence


def test_hostile_addresses_are_answered_or_passed_on_and_never_redirected_twice() -> None:
    """Fails by the version of thousands of digits alone; belongs in test_canonical_links.py."""
    redirected = 0
    for link in hostile(600, seed=2):
        query = link.partition("?")[2].encode("utf-8", "replace").decode()
        if len(query) > 70_000:
            continue  # no server takes so long a line; `from_link` is tried with them
        answer = call(f"/moderation?{query}")
        if answer.status:
            redirected += 1
            landed = answer.location.partition("?")[2]
            assert complete_query(ModerationScenario, landed) is None
    assert redirected > 200
