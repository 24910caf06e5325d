"""What happens to whom at Diagnosis, each with its formula in the knobs' own names."""

from __future__ import annotations

from typing import Any, Literal

__all__ = ["OUTCOMES", "SAID"]

Better = Literal["lower", "higher", "neither"]
OUTCOMES: tuple[tuple[str, str, str, str, Better, str, Any], ...] = (
    ("fn", "cancers missed", "women", "month", "lower",
     "women * prevalence * (1 - tpr), women = 21 * patients_per_day", lambda m: m.confusion.fn),
    ("fp", "needless work-ups", "women", "month", "lower", "women * (1 - prevalence) * fpr",
     lambda m: m.confusion.fp),
    ("tp", "cancers found", "women", "month", "higher", "women * prevalence * tpr",
     lambda m: m.confusion.tp),
    ("tn", "women rightly sent home", "women", "month", "higher",
     "women * (1 - prevalence) * (1 - fpr)", lambda m: m.confusion.tn),
    ("tpr", "sensitivity", "share", "cancer", "higher",
     "human_tpr + use * (follow_right * P(only AI) - follow_wrong * P(only clinician))",
     lambda m: m.rates.tpr),
    ("fpr", "false alarms", "share", "healthy woman", "lower",
     "human_fpr + use * (follow_wrong * P(only AI) - follow_right * P(only clinician))",
     lambda m: m.rates.fpr),
    ("use", "readings that use the AI", "share", "reading", "neither",
     "expit(logit(use_opaque) + explanation_effect, or - waiting_effect * ln(1 - cut))",
     lambda m: m.use),
    ("appropriate", "disagreements resolved rightly", "share", "reading used", "higher",
     "AI right * follow_right + AI wrong * (1 - follow_wrong)", lambda m: m.reliance.appropriate),
    ("over", "over-reliance", "share", "reading used", "lower", "AI wrong * follow_wrong",
     lambda m: m.reliance.over),
    ("under", "under-reliance", "share", "reading used", "lower", "AI right * (1 - follow_right)",
     lambda m: m.reliance.under),
    ("minutes", "minutes a woman", "min", "woman", "lower",
     "reading_min + use * ((wait + explain_s) / 60 + dispute_min * P(they differ))",
     lambda m: m.minutes),
    ("read_a_day", "women read a day", "women", "day", "higher",
     "reading_hours * 60 / minutes", lambda m: m.read_a_day),
    ("cost_missed", "missed cancers", "USD", "month", "lower", "fn * harm_per_miss",
     lambda m: m.cost_by_cause["missed"]),
    ("cost_workups", "needless work-ups", "USD", "month", "lower", "fp * cost_workup",
     lambda m: m.cost_by_cause["workups"]),
    ("cost_time", "clinicians' time", "USD", "month", "lower",
     "women * minutes / 60 * clinician_wage", lambda m: m.cost_by_cause["time"]),
    ("cost_ai", "the AI", "USD", "month", "lower", "women * ai_price",
     lambda m: m.cost_by_cause["ai"]),
    ("cost", "cost", "USD", "month", "lower",
     "cost_missed + cost_workups + cost_time + cost_ai", lambda m: m.cost),
)  # fmt: skip

# What a choice does to people, for whoever lays two choices side by side.
SAID = {"fn": "misses {} cancers", "fp": "sends {} healthy women to a work-up"}
