"""A seeded source of things that are not links, or not honest ones."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

import numpy as np

from aipm_metrics.knobs import knobs_of
from aipm_metrics.links import to_link
from aipm_metrics.scenarios.moderation import ModerationScenario

if TYPE_CHECKING:
    from collections.abc import Iterator

KNOBS = [f"moderation.{name}" for name in knobs_of(ModerationScenario)]
ENDS = [f"{knob}.{end}" for knob in KNOBS[::3] for end in ("low", "high")]
NOT_NUMBERS = [
    *("nan", "-nan", "inf", "-inf", "Infinity", "1e309", "-1e309", "1e99999", "0x1", "0b1"),
    *(
        "1_000",
        "1,000",
        "\u0660\u066b\u0665",
        "\u0663",
        "\uff11",
        "\uff10.\uff15",
        "\u00bd",
        "\u00b2",
        "1e",
        "e1",
        ".",
        "-",
        "",
        " ",
        "--1",
    ),
    *("None", "true", "[]", "{}", "1 2", "0.1\n", "\t0.1", "0.1\x00", "1j", "$5", "5%", "1;2"),
    *(
        "9" * 401,
        "0." + "3" * 9000,
        "1" * 10_000,
        "x" * 10_000,
        "0" * 5000 + "1",
        "\U0001d7d9",
        "\u2167",
    ),
    *("<script>alert(1)</script>", "' OR 1=1 --", "${7*7}", "{{7*7}}", "=cmd()", "\u202e5.0"),
    *("\ud800", "\udfff0.5", "__import__('os')", "cos\nsystem\n(S'id'\ntR.", "gASVAAAA"),
]
NUMBERS = ["0", "1", "0.5", "-1", "7", "1e-5", "1E3", "+3", ".5", "5.", "1e308", "-0", "00.50"]
PLACES = [
    *("", "/", "//", "?", "#", "http://[", "http://[::1", "https://", "javascript:alert(1)"),
    *("data:text/html,<b>", "http://évil.example/moderation", "/home", "/Moderation", "/fraud"),
    *("../../etc/passwd", "/..%2f..%2fetc/passwd", "/os", "/os.path", "/antigravity", "/this"),
    *("/aipm_metrics.scenarios.moderation", "/pages.moderation", "/subprocess", "/pickle"),
    *("/xml.etree.ElementTree", "moderation\x00", "/moderation%00", "/moderation/..", "/__init__"),
    *(
        "http://user:pass@host:99999/moderation",
        "http://h:x/moderation",
        "\x00",
        "\r\n",
        "file:///",
    ),
    *(
        "http://\u2100.example/moderation",
        "/moderation",
        "/moderation",
        "/moderation/",
        "moderation",
    ),
    *("/moderation", "https://metrics.example/moderation", "//evil.example/moderation"),
]
FIELDS = [
    *KNOBS, *KNOBS, *ENDS, "moderation.seed", "seed", "moderation.auc.low.low",
    "v", "rows", "moderation", "moderation.", ".auc", "auc", "", "moderation.rows",
    "moderation.run", "moderation.__class__", "moderation.model_config", "fraud.auc", "__proto__",
    "moderation.auc.auc", "MODERATION.AUC", "embed", "utm_source", "<b>", "a\x00b", "x" * 10_000,
]  # fmt: skip
VERSIONS = ["1", "0", "2", "-1", "1.0", "\u0661", "", "9" * 5000, "1e0", "nan"]
ROWS = [
    "0123456789abcdef",
    "0123456789ABCDEF",
    "0" * 15,
    "0" * 17,
    "../x",
    "\u0660" * 16,
    "\x00",
    "",
]


def hostile(many: int, seed: int) -> Iterator[str]:
    """Draw `many` strings somebody might paste, or push at the server, as a link."""
    rng = np.random.default_rng(seed)
    kinds = [_noise, _percent, _fields, _fields, _fields, _spoiled, _many_fields, _huge]
    shares = [0.15, 0.1, 0.2, 0.15, 0.15, 0.22, 0.02, 0.01]
    for kind in rng.choice(len(kinds), many, p=shares):
        yield kinds[kind](rng)


def _pick(rng: np.random.Generator, among: list[str]) -> str:
    return among[int(rng.integers(len(among)))]


def _noise(rng: np.random.Generator) -> str:
    """Any characters at all, unpaired surrogates and separators among them."""
    points = rng.integers(0, int(rng.choice([0x80, 0x3000, 0x110000])), int(rng.integers(0, 200)))
    return _pick(rng, PLACES) + _pick(rng, ["", "?", "&"]) + "".join(map(chr, points))


def _percent(rng: np.random.Generator) -> str:
    """Percent signs in front of what is no pair of hexadecimal digits, or no UTF-8."""
    parts = ["%", "%%", "%zz", "%f", "%ff", "%c0%af", "%ed%a0%80", "%00", "%u0041", "=", "&", "+"]
    text = "".join(_pick(rng, [*parts, *KNOBS]) for _ in range(int(rng.integers(1, 60))))
    return f"{_pick(rng, PLACES)}?{text}"


def _fields(rng: np.random.Generator) -> str:
    """Fields and values that mostly do not belong together, some said twice."""
    pairs = []
    for _ in range(int(rng.integers(1, 12))):
        field = _pick(rng, FIELDS)
        values = VERSIONS if field == "v" else ROWS if field == "rows" else [*NOT_NUMBERS, *NUMBERS]
        pairs.append((field, _pick(rng, values)))
    if rng.random() < 0.2:
        pairs.append(pairs[0])
    write = _quoted if rng.random() < 2 / 3 else str
    query = _pick(rng, ["&", "&", "&&", ";"]).join(f"{write(f)}={write(v)}" for f, v in pairs)
    return f"{_pick(rng, PLACES[-8:] if rng.random() < 0.8 else PLACES)}?{query}"


def _quoted(text: str) -> str:
    return quote_plus(text, errors="replace")


def _spoiled(rng: np.random.Generator) -> str:
    """An honest link with a few characters changed, dropped or doubled."""
    text = list(to_link(ModerationScenario(auc=float(rng.uniform(0.5, 0.99)))))
    for _ in range(int(rng.integers(1, 30))):
        i = int(rng.integers(len(text)))
        text[i] = _pick(rng, ["", text[i] * 2, chr(int(rng.integers(1, 0x3000))), "&", "=", "%"])
    return "".join(text)


def _many_fields(rng: np.random.Generator) -> str:
    many = int(rng.integers(1000, 6000))
    return "/moderation?" + "&".join(f"f{i}={i}" for i in range(many))[:65_000]


def _huge(rng: np.random.Generator) -> str:
    text = _pick(rng, ["a", "%", "&", "=", "/", "\u00e9", "moderation.auc=1&"])
    return "/moderation?" + text * (1_000_000 // len(text)) + quote(_pick(rng, NUMBERS))
