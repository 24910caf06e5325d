"""The middleware: an address without today's version is sent on to one that says everything."""

from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest

from aipm_metrics.links import from_link
from aipm_metrics.scenarios import SCENARIOS
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.asgi_calls import call

ASKED = "/moderation?moderation.auc=0.9"


def test_an_address_without_a_version_is_redirected_once() -> None:
    first = call(ASKED)
    assert (first.status, first.passed) == (307, [])
    landed = urljoin("http://here.example" + ASKED, first.location)
    assert urlsplit(landed).path == "/moderation"
    said = dict(parse_qsl(urlsplit(landed).query))
    assert (said["moderation.auc"], said["v"]) == ("0.9", str(ModerationScenario.version))
    assert said["moderation.model_price"] == "0.0"  # what version 1 meant
    assert from_link(landed) == from_link(ASKED)
    again = call(f"/moderation?{urlsplit(landed).query}")
    assert (again.status, len(again.passed)) == (0, 1)


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.page)
def test_every_question_has_its_bare_address_completed(scenario: type[ModerationScenario]) -> None:
    answer = call(f"/{scenario.page}")
    assert answer.location == f"{scenario.page}?v={scenario.version}"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/moderation",
        "///evil.example/moderation",
        "/\\evil.example/moderation",
        "/http://evil.example/moderation",
        "//evil.example//moderation",
        "/@evil.example/moderation",
        "/%0d%0aSet-Cookie:x/moderation",
    ],
)
@pytest.mark.parametrize("query", ["", "x=//evil.example/", "moderation.auc=0.9"])
def test_no_path_leads_to_another_host(path: str, query: str) -> None:
    answer = call(f"{path}?{query}")
    parts = urlsplit(answer.location)
    assert (parts.scheme, parts.netloc, parts.path) == ("", "", "moderation")
    landed = urlsplit(urljoin(f"http://here.example{path}?{query}", answer.location))
    assert landed.netloc == "here.example"
    assert set(answer.headers) <= {"location", "content-length"}


def test_a_line_break_in_a_field_cannot_start_a_header() -> None:
    answer = call("/moderation?x=%0d%0aSet-Cookie:%20a=b&moderation.auc=0.9")
    assert set(answer.headers) == {"location", "content-length"}
    assert answer.location.isprintable()


@pytest.mark.parametrize(
    "target",
    [
        *("/", "", "/home", "/?v=2", "/moderations", "/moderation/x", "/Moderation", "/_stcore/x"),
        *("/static/moderation.js", "/moderation.html", "/moderation?v=2", "/moderation?v=99"),
        *("/moderation?v=x&moderation.auc=0.9", "/moderation?v=1&v=1", "/moderation?v=2&nonsense"),
    ],
)
def test_everything_else_passes(target: str) -> None:
    answer = call(target)
    assert (answer.status, len(answer.passed)) == (0, 1)
    assert answer.passed[0]["path"] == target.partition("?")[0]
    assert answer.passed[0]["query_string"] == target.partition("?")[2].encode()


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "OPTIONS", "DELETE"])
def test_only_reading_is_redirected(method: str) -> None:
    assert len(call(ASKED, method=method).passed) == 1


@pytest.mark.parametrize("kind", ["websocket", "lifespan"])
def test_other_kinds_of_scope_pass(kind: str) -> None:
    assert len(call(ASKED, kind=kind).passed) == 1


def test_bad_fields_survive_the_redirect_for_the_page_to_refuse() -> None:
    asked = "/moderation?moderation.auc=seven&moderation.threshold=%D9%A3&y=%00"
    answer = call(asked)
    assert from_link(f"/{answer.location}") == from_link(asked)
    assert len(from_link(asked)[1]) == 3
