"""What is installed is pinned by hash, and under licences that were looked at."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCKS = (ROOT / "requirements.txt", ROOT / "tests" / "requirements.txt")
PINNED = re.compile(r"^([\w.-]+)(?:\[[\w,]+\])?==(\S+)((?: ;[^\\]+)?) \\$", re.MULTILINE)
LISTED = re.compile(r"^\| ([\w.-]+) \| (.+) \|$", re.MULTILINE)
ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "LGPL-3.0-only"),
    *("MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Zlib"),
}
# What packages say that do not use the field's names, as beginnings of their words.
SAID = {
    "apache": "Apache-2.0",
    "bsd": "BSD",
    "3-clause bsd": "BSD",
    "mit": "MIT",
    "mozilla": "MPL-2.0",
    "mpl": "MPL-2.0",
    "psf": "PSF-2.0",
    "python software": "PSF-2.0",
}


def pinned(lock: Path) -> dict[str, str]:
    return {name: version for name, version, _ in PINNED.findall(lock.read_text("utf-8"))}


def listed() -> dict[str, str]:
    found = dict(LISTED.findall((ROOT / "docs" / "licences.md").read_text("utf-8")))
    del found["Package"], found["---"]
    return found


def said(package: str) -> str | None:
    """The licence that an installed package names; None if it names none, or several."""
    about = metadata.metadata(package)
    if expression := about.get("License-Expression"):
        return expression
    kinds = [one for one in about.get_all("Classifier") or [] if one.startswith("License ::")]
    texts = [kind.rpartition(":: ")[2] for kind in kinds] or [about.get("License") or ""]
    found = {SAID[word] for text in texts for word in SAID if text.lower().startswith(word)}
    return found.pop() if len(found) == 1 else None


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.parent.name)
def test_every_package_is_pinned_by_version_and_hash(lock):
    text = lock.read_text("utf-8")
    entries = re.split(r"\n(?=[\w.-]+(?:\[|==))", text.partition("\n")[2])
    assert len(entries) == len(pinned(lock)) > 100
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.parent.name)
def test_lock_names_no_address(lock):
    text = lock.read_text("utf-8")
    for word in ("http:", "https:", "file:", "--index-url", "--find-links", " @ "):
        assert word not in text


def test_lock_holds_what_is_asked_for():
    for kind in (ROOT, ROOT / "tests"):
        asked = (kind / "requirements.in").read_text("utf-8")
        wanted = dict(re.findall(r"^([\w.-]+)(?:\[\w+\])?==(\S+)$", asked, re.MULTILINE))
        assert wanted
        assert wanted.items() <= pinned(kind / "requirements.txt").items()


def test_tests_run_with_what_people_install():
    people, tests = (pinned(lock) for lock in LOCKS)
    assert people.items() <= tests.items()


def test_every_package_has_its_licence_listed():
    assert sorted(listed()) == sorted(pinned(LOCKS[0]))


def test_every_licence_is_an_allowed_one():
    for package, licence in listed().items():
        names = re.split(r" AND | OR ", licence.partition(" (")[0])
        assert set(names) <= ALLOWED, package


def test_list_says_what_the_packages_say():
    for package, licence in listed().items():
        try:
            found = said(package)
        except metadata.PackageNotFoundError:  # it is for another system
            continue
        if found is not None:
            assert licence.startswith(found) or licence in found, package
