"""Load modules in fresh interpreters and report what each of them loaded.

Run with module names on standard input. The process imports the heavy libraries every room may
use, so that they are paid for once, and then forks one child per module: no child has seen a
module of the project before. A package's own ``__init__`` is left out where asked, because
importing any scenario would otherwise load the list of all of them.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
SHARED = ("numpy", "pydantic", "scipy.optimize", "scipy.special", "scipy.stats")
ONE_QUESTION = ("aipm_metrics.figures", "aipm_metrics.sentences", "aipm_metrics.scenarios")
FAILED = "cannot be imported alone: "
WATCHED = ("aipm_metrics", "pages", "tests", "streamlit", "plotly", "pandas", "duckdb")


def loaded_by(modules: list[str]) -> dict[str, set[str]]:
    """Names of watched modules in `sys.modules` after importing each module alone.

    A module that cannot be imported has one entry, which starts with `FAILED`.
    """
    done = subprocess.run(
        [sys.executable, "-W", "error::SyntaxWarning", str(Path(__file__))],
        input="\n".join(modules), capture_output=True, text=True, check=True, cwd=ROOT,
    )  # fmt: skip
    found = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: set(names) for name, names in found}


def _watched() -> list[str]:
    return [name for name in sys.modules if name.partition(".")[0] in WATCHED]


def _stub_package(name: str) -> None:
    """Let submodules of a package be found without running the package itself."""
    package = ModuleType(name)
    package.__path__ = [str(ROOT.joinpath(*name.split(".")))]
    sys.modules[name] = package


def _report(module: str) -> list[str]:
    package = module.rpartition(".")[0]
    for name in {package, "aipm_metrics.scenarios"} if package in ONE_QUESTION else {package}:
        if name:
            _stub_package(name)
    try:
        importlib.import_module(module)
    except Exception as failed:  # told rather than raised: the other modules are still worth seeing
        return [f"{FAILED}{failed!r}"]
    return _watched()


def main() -> None:
    """Fork once per module and print what the child has loaded, one line of JSON each."""
    sys.path[0] = str(ROOT)
    for name in SHARED:
        importlib.import_module(name)
    if already := _watched():
        raise SystemExit(f"Loaded before any module of the project: {already}")
    for module in sys.stdin.read().split():
        child = os.fork()
        if child == 0:
            line = json.dumps([module, _report(module)])
            sys.stdout.write(line + "\n")
            sys.stdout.flush()
            os._exit(0)
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()
