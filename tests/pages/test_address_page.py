"""The address beside knobs that come and go: a preset's story is told there whole."""

from __future__ import annotations

from aipm_metrics.links import from_link, to_link
from aipm_metrics.scenarios.moderation import ModerationScenario
from tests.pages.opening import link_of, page

NIGHT = ModerationScenario.model_validate(ModerationScenario.presets["election night"])


def test_a_link_that_says_everything_does_not_overrule_a_preset() -> None:
    full = ModerationScenario(trained_prevalence=0.05)  # plays no part until the preset's story
    pairs = [pair.split("=") for pair in to_link(full).partition("?")[2].split("&")]
    app = page({name: text for name, text in pairs if "%" not in text})
    for name, value in ModerationScenario.presets["election night"].items():
        app.session_state[f"moderation.{name}"] = value
    app.run()
    scenario, refusals = from_link(link_of(app))
    assert not refusals
    assert scenario.run().cost == NIGHT.run().cost
    assert app.query_params["moderation.trained_prevalence"] == "0.01"
    assert app.query_params["v"] == str(ModerationScenario.version)
