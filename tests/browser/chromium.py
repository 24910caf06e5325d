"""Find a Chromium that the browser tests can drive, or install one."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

__all__ = ["find_chromium"]


def find_chromium() -> str | None:
    """Path of a browser: ``CHROMIUM``, the system's, or the one Playwright downloaded."""
    named = os.environ.get("CHROMIUM")
    for name in (named, "chromium", "chromium-browser", "google-chrome"):
        if name and (path := shutil.which(name)):
            return path
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    return own if Path(own).exists() else None


def install_chromium() -> None:
    """Debian's package where apt has one, else Playwright's own build."""
    as_root = [] if os.geteuid() == 0 else ["sudo"]
    if shutil.which("apt-get"):
        subprocess.run([*as_root, "apt-get", "update", "-qq"], check=False)
        got = subprocess.run(
            [*as_root, "apt-get", "install", "-y", "-qq", "chromium"],
            check=False,
            stdout=subprocess.DEVNULL,
        )
        if got.returncode == 0 and find_chromium():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


if __name__ == "__main__" and "--install" in sys.argv and find_chromium() is None:
    install_chromium()
