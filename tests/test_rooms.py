"""Who may import whom; new files are covered as soon as they exist.

What a module of the core loads is read from `sys.modules` of a process that has loaded nothing
else of the project (see `rooms`). Pages run as they are imported, so theirs is read from the
source.
"""

import ast
from functools import cache
from pathlib import Path

import pytest

from tests.rooms import FAILED, ROOT, loaded_by

CORE = sorted((ROOT / "aipm_metrics").rglob("*.py"))
PAGES = sorted((ROOT / "pages").rglob("*.py"))
EVERYTHING = [*CORE, *PAGES, ROOT / "app.py"]

OUTER = ("figures", "sentences", "links", "rows", "comparisons", "reports")
GROUND = (
    "knobs", "errors", "phrases", "spoken", "spoken_columns", "spoken_exactly", "estimates",
    "ranges", "link_values", "link_defaults",
)  # fmt: skip
# Rooms that a room may not have loaded, whatever way round.
FORBIDDEN = {
    "models": ("scenarios", "prices", *OUTER),
    "prices": ("scenarios", *OUTER),
    "scenarios": OUTER,
    "figures": ("sentences", "links", "rows", "comparisons", "reports"),
    "sentences": ("figures", "links", "rows", "comparisons", "reports"),
    "links": ("figures", "sentences", "rows", "comparisons", "reports"),
    "rows": ("figures", "sentences", "links", "comparisons", "reports"),
    "comparisons": ("figures", "sentences", "rows", "reports"),
    "reports": ("figures", "rows"),
    **dict.fromkeys(GROUND, ("models", "prices", "scenarios", *OUTER)),
}


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room_of(module: str) -> str:
    """First word below `aipm_metrics`; nothing for the package itself."""
    return module.partition(".")[2].partition(".")[0]


MODULES = [name_of(path) for path in CORE]
# A question is a scenario with a page of the same name; its other files begin with that name.
QUESTIONS = {
    path.stem
    for path in (ROOT / "aipm_metrics" / "scenarios").glob("*.py")
    if (ROOT / "pages" / path.name).exists() and path.stem != "__init__"
}


def question_of(module: str) -> str:
    """Which question a module of numbers, pictures or words belongs to, if any."""
    room, _, name = module.removeprefix("aipm_metrics.").partition(".")
    if room not in {"scenarios", "figures", "sentences"}:
        return ""
    mine = [q for q in QUESTIONS if name == q or name.startswith(f"{q}_")]
    return max(mine, key=len, default="")


@cache
def loaded() -> dict[str, set[str]]:
    return loaded_by(MODULES)


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text())


def imports(path: Path) -> set[str]:
    """Every dotted name an import statement could mean, wherever in the file it stands."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def starts(names: set[str], package: str) -> set[str]:
    return {name for name in names if name == package or name.startswith(f"{package}.")}


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=[name_of(path) for path in paths])


each_module = pytest.mark.parametrize("module", MODULES)


def test_every_room_is_known() -> None:
    """A new room must say here whom it may not load."""
    rooms = {room_of(module) for module in MODULES} - {""}
    assert rooms <= set(FORBIDDEN)


def test_the_fresh_interpreter_sees_what_is_loaded() -> None:
    """The check itself: things that are known to be loaded are found, and no others."""
    seen = loaded()
    assert set(seen) == set(MODULES)
    assert "plotly.graph_objects" in seen["aipm_metrics.figures.style"]
    assert "aipm_metrics.knobs" in seen["aipm_metrics.scenarios.contract"]
    assert "aipm_metrics.scenarios.moderation" in seen["aipm_metrics.links"]
    assert starts(seen["aipm_metrics.spoken"], "aipm_metrics") == {
        "aipm_metrics", "aipm_metrics.spoken",
    }  # fmt: skip
    page = loaded_by(["pages._shared.canonical"])["pages._shared.canonical"]
    assert "aipm_metrics.links" in page


@each_module
def test_every_module_can_be_imported_alone(module: str) -> None:
    assert not [name for name in loaded()[module] if name.startswith(FAILED)]


@each_module
def test_the_core_never_loads_streamlit_or_a_page(module: str) -> None:
    for package in ("streamlit", "pages", "tests"):
        assert not starts(loaded()[module], package)


@each_module
def test_only_figures_load_plotly_and_none_loads_pandas_itself(module: str) -> None:
    if room_of(module) != "figures":
        assert not starts(loaded()[module], "plotly")
        assert not starts(loaded()[module], "pandas")
    if room_of(module) != "rows":
        assert not starts(loaded()[module], "duckdb")


@each_module
def test_arrows_point_one_way(module: str) -> None:
    for room in FORBIDDEN.get(room_of(module), ()):
        assert not starts(loaded()[module], f"aipm_metrics.{room}"), room


@each_module
def test_a_question_loads_no_other_question(module: str) -> None:
    """True of its numbers, its figures and its words; the list of all and links know them all."""
    own = question_of(module)
    others = {name for name in MODULES if question_of(name) not in {"", own}}
    if own:
        assert not loaded()[module] & others


def test_a_question_may_fill_more_files_than_one() -> None:
    assert {"aipm_metrics.scenarios.moderation", "aipm_metrics.scenarios.moderation_flips",
            "aipm_metrics.figures.moderation", "aipm_metrics.sentences.moderation_spots"} <= {
        name for name in MODULES if question_of(name) == "moderation"
    }  # fmt: skip
    for shared in ("scenarios.contract", "figures.style", "figures.picture", "models.curves"):
        assert question_of(f"aipm_metrics.{shared}") == ""


@each(PAGES)
def test_a_page_imports_no_other_page(path: Path) -> None:
    others = starts(imports(path), "pages") - starts(imports(path), "pages._shared")
    assert others <= {"pages"}


@each([p for p in PAGES if "_shared" not in p.parts] + [ROOT / "app.py"])
def test_session_and_address_are_touched_in_shared_only(path: Path) -> None:
    """By attribute, by import, by string: there is no other way to name them."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Attribute):
            assert node.attr not in {"session_state", "query_params"}
        if isinstance(node, ast.alias | ast.Name):
            name = node.name if isinstance(node, ast.alias) else node.id
            assert name.rpartition(".")[2] not in {"session_state", "query_params"}
        if isinstance(node, ast.Constant):
            assert node.value not in {"session_state", "query_params"}


@each(EVERYTHING)
def test_no_import_is_relative_or_hidden(path: Path) -> None:
    """Hidden ones would get past every check of the source above."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
        if isinstance(node, ast.Name):
            assert node.id not in {"__import__", "exec", "eval"}
    assert not starts(imports(path), "importlib")


@each(EVERYTHING)
def test_pandas_streamlit_and_plotly_are_named_where_they_belong(path: Path) -> None:
    """Even for types only: the rooms are what a reader sees at the head of a file."""
    shared, page = "_shared" in path.parts, path in PAGES or path.name == "app.py"
    if not shared:
        assert not starts(imports(path), "pandas")
    if not page:
        assert not starts(imports(path), "streamlit")
    if not shared and room_of(name_of(path)) != "figures":
        assert not starts(imports(path), "plotly")


@each(CORE)
def test_the_core_names_no_page(path: Path) -> None:
    for package in ("pages", "app", "tests", "benchmarks"):
        assert not starts(imports(path), package)
