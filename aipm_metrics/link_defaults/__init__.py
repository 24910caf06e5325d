"""What a link that leaves a knob out means by it, by page and version; one page per file.

A table never changes once it has been released: a changed default or knob raises the
scenario's version and adds a table.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from aipm_metrics.link_defaults import (
    api_spend,
    build_or_not,
    diagnosis,
    error_budget,
    forecasting,
    moderation,
    peak_load,
    translate,
)
from aipm_metrics.link_values import Value

__all__ = ["DEFAULTS"]

DEFAULTS: Final[Mapping[str, Mapping[int, Mapping[str, Value]]]] = MappingProxyType(
    {
        "moderation": moderation.VERSIONS,
        "translate": translate.VERSIONS,
        "peak_load": peak_load.VERSIONS,
        "api_spend": api_spend.VERSIONS,
        "error_budget": error_budget.VERSIONS,
        "build_or_not": build_or_not.VERSIONS,
        "forecasting": forecasting.VERSIONS,
        "diagnosis": diagnosis.VERSIONS,
    }
)
