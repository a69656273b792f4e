"""Finds a Chromium to drive, or installs Playwright's own: `python -m tests.browser.chromium`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    """Start a headless browser: an installed one, else Playwright's."""
    arguments = list(QUIET)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append("--no-sandbox")  # Chromium's sandbox refuses to run as root
    return playwright.chromium.launch(executable_path=installed(), args=arguments)


def installed() -> str | None:
    """Path of a browser on this computer; None leaves the choice to Playwright."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def main() -> None:
    """Make sure that there is one."""
    if installed():
        return
    with sync_playwright() as playwright:
        if Path(playwright.chromium.executable_path).exists():
            return
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)
    try:
        with sync_playwright() as playwright:
            launch(playwright).close()
    except Error as error:
        raise SystemExit(
            f"Chromium was installed but does not start: {error}\n"
            "Install the libraries it needs: sudo .venv/bin/playwright install-deps chromium"
        ) from error


if __name__ == "__main__":
    main()
