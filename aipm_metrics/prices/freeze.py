"""Freeze today's prices of some well-known models: ``python -m aipm_metrics.prices.freeze``.

Reads the price data inside the installed package genai-prices, without a network, and writes
them beside this file under today's date. Needed at build time only, like the package itself.
Left out are models whose price depends on the hour of the day, and everything that is not
text: one price list holds for every call.
"""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

__all__ = ["MODELS", "frozen", "main"]

HERE = Path(__file__).parent
SOURCE = "genai-prices"
# Provider and model there, and the name here; in the order they are offered.
MODELS: tuple[tuple[str, str, str], ...] = (
    ("anthropic", "claude-fable-5-2", "Claude Fable 5.2"),
    ("anthropic", "claude-opus-5-5", "Claude Opus 5.5"),
    ("anthropic", "claude-sonnet-5-5", "Claude Sonnet 5.5"),
    ("anthropic", "claude-haiku-5-5", "Claude Haiku 5.5"),
    ("anthropic", "claude-sonnet-4-5", "Claude Sonnet 4.5"),
    ("google", "gemini-3.5-flash", "Gemini 3.5 Flash"),
    ("google", "gemini-3.5-flash-lite", "Gemini 3.5 Flash Lite"),
    ("google", "gemini-3.1-flash-lite", "Gemini 3.1 Flash Lite"),
    ("meta", "muse-spark-1.3", "Muse Spark 1.3"),
    ("mistral", "mistral-medium-3-5", "Mistral Medium 3.5"),
    ("mistral", "mistral-small-2603", "Mistral Small 4"),
    ("moonshotai", "kimi-k3", "Kimi K3"),
    ("openai", "gpt-6-astra", "GPT-6 Astra"),
    ("openai", "gpt-6.1-sol", "GPT-6.1 Sol"),
    ("openai", "gpt-6.1-terra", "GPT-6.1 Terra"),
    ("openai", "gpt-6-luna", "GPT-6 Luna"),
    ("openai", "gpt-5", "GPT-5"),
    ("openai", "gpt-4o", "GPT-4o"),
    ("x-ai", "grok-4.7", "Grok 4.7"),
    ("zai", "GLM-5.3", "GLM 5.3"),
)
FIELDS = {
    "input": "input_mtok", "cache_read": "cache_read_mtok", "cache_write": "cache_write_mtok",
    "output": "output_mtok",
}  # fmt: skip


def frozen(at: datetime) -> dict[str, Any]:
    """Read the list as it stands at one moment, ready to be written.

    Parameters
    ----------
    at
        With its time zone: prices change from one day to the next.

    Raises
    ------
    ModuleNotFoundError
        Without the package genai-prices.
    ValueError
        When a model's prices cannot be told in these terms; says which.
    """
    import genai_prices
    from genai_prices.data_snapshot import get_snapshot

    snapshot, models = get_snapshot(), {}
    for provider, id_, name in MODELS:
        _, model = snapshot.find_provider_model(id_, None, provider, None)
        if model.context_window is None:
            raise ValueError(f"{name} must have a context window; the data have none")
        models[name] = {
            "vendor": provider, "id": id_, "window": model.context_window,
            **_told(name, model.get_prices(at)),
        }  # fmt: skip
    return {
        "source": SOURCE, "version": genai_prices.__version__, "frozen_on": f"{at:%Y-%m-%d}",
        "unit": "USD per million tokens; above a tier's tokens of input it holds for all tokens",
        "models": models,
    }  # fmt: skip


def _told(name: str, prices: Any) -> dict[str, Any]:
    """Turn one model's prices into plain numbers: the base rates, and those of every tier."""
    values = {kind: getattr(prices, field) for kind, field in FIELDS.items()}
    starts = {kind: [t.start for t in value.tiers] for kind, value in values.items()
              if hasattr(value, "tiers")}  # fmt: skip
    above = next(iter(starts.values()), [])
    if any(other != above for other in starts.values()):
        raise ValueError(f"{name} must have tiers that begin together; got {starts}")

    def rates(tier: int | None) -> dict[str, float | None]:
        found = {}
        for kind, value in values.items():
            base = getattr(value, "base", value)
            here = value.tiers[tier].price if tier is not None and kind in starts else base
            found[kind] = None if here is None else float(here)
        return found

    return {
        **rates(None),
        "tiers": [{"above": start, **rates(i)} for i, start in enumerate(above)],
    }


def main() -> None:
    """Write today's list beside this file, and say where."""
    now = datetime.now(UTC)
    path = HERE / f"{now:%Y-%m-%d}.json"
    path.write_text(json.dumps(frozen(now), indent=1) + "\n", encoding="utf-8")
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main()
