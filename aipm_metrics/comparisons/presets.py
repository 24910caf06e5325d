"""Named scenarios of any question, as its page would tell them, and pairs worth comparing."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from aipm_metrics.knobs import knobs_of
from aipm_metrics.scenarios import SCENARIOS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aipm_metrics.knobs import Knob
    from aipm_metrics.scenarios.contract import Scenario

__all__ = ["DEFAULTS", "beside", "departures", "pairs", "preset_of", "presets", "starter", "told"]

DEFAULTS: Final = "defaults"  # the preset that changes nothing


def told(scenario: type[Scenario], changes: Mapping[str, float | str]) -> Scenario:
    """Build a preset: the defaults with some changes, exactly as the question's page would."""
    defaults = {name: knob.default for name, knob in knobs_of(scenario).items()}
    return scenario.model_validate({**defaults, **changes})


def starter() -> tuple[Scenario, Scenario]:
    """Two scenarios worth comparing, for an address that names none."""
    return next(iter(pairs().values()))


def beside(scenario: Scenario) -> Scenario:
    """Find something to compare a scenario with: its defaults, or else its first preset."""
    plain = told(type(scenario), {})
    if scenario != plain:
        return plain
    return told(type(scenario), next(iter(type(scenario).presets.values()), {}))


@cache
def presets() -> Mapping[str, Scenario]:
    """Every preset of every question, by "<title>: <preset>".

    Examples
    --------
    >>> presets()["Moderation: election night"].views_per_missed
    900.0
    """
    return MappingProxyType(
        {
            f"{scenario.title}: {name}": told(scenario, changes)
            for scenario in SCENARIOS
            for name, changes in {DEFAULTS: {}, **scenario.presets}.items()
        }
    )


@cache
def pairs() -> Mapping[str, tuple[Scenario, Scenario]]:
    """Every pair of every question, by "<title>: <pair>".

    Examples
    --------
    >>> one, other = pairs()["Moderation: old model against new"]
    >>> one.auc, other.auc, other.model_price, other.decision_delay
    (0.95, 0.97, 1.0, 5.0)
    """
    return MappingProxyType(
        {
            f"{scenario.title}: {name}": (told(scenario, one), told(scenario, other))
            for scenario in SCENARIOS
            for name, (one, other) in scenario.pairs.items()
        }
    )


def preset_of(scenario: Scenario) -> str:
    """Name the preset a scenario is, knobs that play no part aside; nothing when it is none.

    Examples
    --------
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> (
    ...     preset_of(ModerationScenario(trained_prevalence=0.3)),
    ...     preset_of(ModerationScenario(auc=0.9)),
    ... )
    ('Moderation: defaults', '')
    """
    if scenario.rows:
        return ""
    mine = _playing(scenario)
    for name, preset in presets().items():
        if type(preset) is type(scenario) and _playing(preset) == mine:
            return name
    return ""


def departures(scenario: Scenario) -> dict[Knob, float | str]:
    """Knobs that play a part and are not at their default, with their value.

    Examples
    --------
    >>> from aipm_metrics.scenarios.moderation import ModerationScenario
    >>> [(knob.name, value) for knob, value in departures(ModerationScenario(auc=0.9)).items()]
    [('auc', 0.9)]
    """
    knobs = knobs_of(type(scenario))
    return {
        knobs[name]: value
        for name, value in _playing(scenario).items()
        if value != knobs[name].default
    }


def _playing(scenario: Scenario) -> dict[str, float | str]:
    """Values of the knobs that play a part."""
    values = {name: getattr(scenario, name) for name in knobs_of(type(scenario))}
    idle = scenario.idle(values, with_rows=bool(scenario.rows))
    return {name: value for name, value in values.items() if name not in idle}
