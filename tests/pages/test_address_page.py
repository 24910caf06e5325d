"""The address beside knobs that come and go: a preset's story is told there whole."""

from __future__ import annotations

from aipm_metrics.links import from_link, to_link
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.pages.opening import link_of, page

NIGHT = ModerationScenario.model_validate(ModerationScenario.presets["election night"])


def told(fields: dict[str, str]) -> dict[str, str]:
    """Open an address, choose a preset that brings a knob into view, and read the address."""
    app = page(fields)
    for name, value in ModerationScenario.presets["election night"].items():
        app.session_state[f"moderation.{name}"] = value
    app.run()
    scenario, refusals = from_link(link_of(app))
    assert not refusals
    assert scenario.run().cost == NIGHT.run().cost
    address: dict[str, str] = {field: app.query_params[field] for field in app.query_params}
    assert address["v"] == "1"
    return address


def test_a_knob_that_a_preset_brings_into_view_stands_in_the_address() -> None:
    assert told({"v": "1"})["moderation.trained_prevalence"] == "0.01"


def test_a_link_that_says_everything_does_not_overrule_a_preset() -> None:
    full = ModerationScenario(trained_prevalence=0.05)
    pairs = [pair.split("=") for pair in to_link(full).partition("?")[2].split("&")]
    fields = {name: text for name, text in pairs if "%" not in text}
    assert told(fields)["moderation.trained_prevalence"] == "0.01"
