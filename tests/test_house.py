"""The house's rules, read from the source: who imports whom, who owns what, and how large.

app.py → pages → core.ui → core.{jobs, figures, analysis, export} → core.runs → core.records
       → core.experiment → core.errors
worker:           core.jobs → core.training → core.data → core.experiment
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "app.py", *ROOT.glob("pages/**/*.py"), *ROOT.glob("core/**/*.py"))
)

_FACTS = {"records", "experiment", "errors", "formats"}
_VIEWS = {"jobs", "figures", "analysis", "export", "runs", *_FACTS}
# Each room, and the rooms it may import. A new room starts here.
MAY_IMPORT: dict[str, set[str]] = {
    "app": {"ui"},
    "pages": {"ui", *_VIEWS},
    "ui": {*_VIEWS, "data", "logs", "settings"},
    "jobs": {"training", "data", "runs", "limits", "logs", "settings", *_FACTS},
    "figures": {"analysis", "formats", "records", "experiment"},
    "analysis": {"formats", "records", "experiment"},
    "export": {"runs", *_FACTS},
    "training": {"data", *_FACTS},
    "runs": {"limits", *_FACTS},
    "data": {"experiment", "errors", "formats", "settings"},
    "records": {"experiment"},
    "experiment": {"errors"},
    "settings": {"limits", "errors"},
    "limits": {"errors"},
    "errors": set(),
    "formats": set(),
    "logs": set(),
    "core": set(),
}
# Each package that only some rooms may import.
OWNERS: dict[str, set[str]] = {
    "streamlit": {"app", "pages", "ui"},
    "plotly": {"figures"},
    "sqlalchemy": {"runs"},
    "alembic": {"runs"},
    "fsspec": {"runs"},
    "tensorflow": {"training", "data"},
    "keras": {"training", "data"},
}
# Imports that must wait until a function is called: the web process imports these rooms too.
ONLY_INSIDE = {("jobs", "training"), ("data", "keras"), ("data", "tensorflow")}

BANNED_WORDS = {"util", "utils", "helper", "helpers", "manager", "managers"}
LINES = {"app": 60, "pages": 80}
MODULE_LINES = 300
FUNCTION_LINES = 60
ARGUMENTS = 6


class Import(NamedTuple):
    """One imported name: its room in this house, or its package; and whether it waits."""

    name: str
    is_room: bool
    inside: bool
    line: int


def violations(path: str, source: str) -> list[str]:
    """Every rule that a file at `path` breaks, in words."""
    tree = ast.parse(source)
    room = room_of(path)
    found = [*_names(path), *_sizes(room, source), *_functions(tree)]
    if room not in MAY_IMPORT:
        return [*found, f"{room} is a room nobody knows: say in MAY_IMPORT what it may import"]
    for one in imports(tree):
        found += [f"line {one.line}: {text}" for text in _import(room, one)]
    return found


def room_of(path: str) -> str:
    """`app`, `pages`, or the part of core that a file belongs to."""
    first, *rest = PurePosixPath(path).with_suffix("").parts
    if first == "core":
        return "core" if rest == ["__init__"] else rest[0]
    return first


def imports(tree: ast.Module) -> Iterator[Import]:
    """All imports of a module; those that only a type checker sees count as waiting."""
    for node, inside in _walk(tree, inside=False):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            # `from core import data` means the room; from deeper, the module itself says it.
            module = "." * node.level + (node.module or "")
            names = [f"core.{a.name}" for a in node.names] if module == "core" else [module]
        else:
            continue
        for name in names:
            first, *rest = name.split(".")
            if first == "core" and rest:
                yield Import(rest[0], True, inside, node.lineno)
            else:
                yield Import(first, first in ("core", "pages", "app", ""), inside, node.lineno)


def _walk(node: ast.AST, inside: bool) -> Iterator[tuple[ast.AST, bool]]:
    for child in ast.iter_child_nodes(node):
        for_types = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test)
        in_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
        within = inside or in_function or for_types
        yield child, within
        yield from _walk(child, within)


def _import(room: str, one: Import) -> Iterator[str]:
    if one.is_room and one.name == "":
        yield "imports by a relative path; name the room"
    elif one.is_room and one.name not in MAY_IMPORT[room] | _itself(room):
        yield f"{room} must not import {one.name}"
    if one.name in OWNERS and room not in OWNERS[one.name]:
        yield f"{room} must not import {one.name}, which is for {' and '.join(OWNERS[one.name])}"
    if (room, one.name) in ONLY_INSIDE and not one.inside:
        yield f"{room} must import {one.name} inside the function that needs it"


def _itself(room: str) -> set[str]:
    """A room may import its own modules, but no page another page."""
    return set() if room in ("app", "pages") else {room}


def _names(path: str) -> Iterator[str]:
    for part in PurePosixPath(path).with_suffix("").parts:
        for word in BANNED_WORDS.intersection(part.lower().split("_")):
            yield f"{part} is named {word}: name it for what it holds"


def _sizes(room: str, source: str) -> Iterator[str]:
    count, most = len(source.splitlines()), LINES.get(room, MODULE_LINES)
    if count > most:
        yield f"{count} lines, at most {most}"


def _functions(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if lines > FUNCTION_LINES:
            yield f"{node.name} has {lines} lines, at most {FUNCTION_LINES}"
        spread = (node.args.vararg, node.args.kwarg)
        named = [
            *node.args.posonlyargs,
            *node.args.args,
            *node.args.kwonlyargs,
            *filter(None, spread),
        ]
        count = sum(argument.arg not in ("self", "cls") for argument in named)
        if count > ARGUMENTS:
            yield f"{node.name} has {count} arguments, at most {ARGUMENTS}"


@pytest.mark.parametrize("path", FILES)
def test_file_keeps_the_rules(path):
    assert violations(path, (ROOT / path).read_text(encoding="utf-8")) == []


def test_files_of_every_room_are_looked_at():
    assert {room_of(path) for path in FILES} == set(MAY_IMPORT)


def test_arrows_go_one_way():
    # Raises CycleError where two rooms lead to each other.
    order = list(TopologicalSorter(MAY_IMPORT).static_order())
    assert order.index("experiment") < order.index("runs") < order.index("jobs") < order.index("ui")


LONG = "def f():\n" + "    pass\n" * 60


@pytest.mark.parametrize(
    ("path", "source", "told"),
    [
        ("core/runs/x.py", "import streamlit as st", "runs must not import streamlit"),
        (
            "core/jobs/x.py",
            "from streamlit.runtime import get_instance",
            "must not import streamlit",
        ),
        ("core/ui/x.py", "import plotly.graph_objects as go", "ui must not import plotly"),
        ("pages/x.py", "def f():\n    from sqlalchemy import select", "must not import sqlalchemy"),
        ("core/export/x.py", "import fsspec", "export must not import fsspec"),
        ("core/jobs/x.py", "import keras", "jobs must not import keras"),
        ("core/analysis/x.py", "def f():\n    import tensorflow", "must not import tensorflow"),
        ("core/data/x.py", "import keras", "data must import keras inside the function"),
        ("core/jobs/x.py", "from core.training import train", "must import training inside"),
        ("core/ui/x.py", "from core.training import train", "ui must not import training"),
        ("core/ui/x.py", "if TYPE_CHECKING:\n    import core.training", "must not import training"),
        ("core/ui/x.py", "def f():\n    from core import training", "ui must not import training"),
        ("core/experiment/x.py", "import core.data", "experiment must not import data"),
        ("core/experiment/x.py", "from core import records", "must not import records"),
        (
            "core/figures/x.py",
            "from core.runs.store import RunStore",
            "figures must not import runs",
        ),
        ("core/errors.py", "from core.experiment import Part", "errors must not import experiment"),
        ("core/analysis/x.py", "from core.figures import theme", "must not import figures"),
        ("pages/train.py", "from pages import compare", "pages must not import pages"),
        ("pages/train.py", "import pages.compare", "pages must not import pages"),
        ("core/ui/x.py", "import app", "ui must not import app"),
        ("core/ui/x.py", "from . import form", "imports by a relative path"),
        ("app.py", "from core.jobs import Jobs", "app must not import jobs"),
        ("core/utils.py", "", "utils is named utils"),
        ("core/data/plot_helpers.py", "", "plot_helpers is named helpers"),
        ("core/run_manager/x.py", "", "run_manager is named manager"),
        ("core/cellar/x.py", "", "cellar is a room nobody knows"),
        ("app.py", "\n" * 61, "61 lines, at most 60"),
        ("pages/x.py", "\n" * 81, "81 lines, at most 80"),
        ("core/ui/x.py", "\n" * 301, "301 lines, at most 300"),
        ("core/ui/x.py", LONG, "f has 61 lines, at most 60"),
        ("core/ui/x.py", "def f(a, b, /, c, d, *e, f, **g): pass", "f has 7 arguments, at most 6"),
        ("core/ui/x.py", "class A:\n    def f(self, a, b, c, d, e, f, g): pass", "7 arguments"),
    ],
)
def test_broken_rule_is_caught(path, source, told):
    assert any(told in found for found in violations(path, source))


@pytest.mark.parametrize(
    ("path", "source"),
    [
        ("app.py", "import streamlit as st\nfrom core.ui import frame"),
        ("pages/x.py", "from core.export import keras_script\nfrom core.ui import frame"),
        ("core/ui/x.py", "from core import data, figures\nfrom core.ui import form"),
        ("core/figures/x.py", "import plotly.graph_objects as go\nfrom core.analysis import gap"),
        ("core/data/x.py", "def f():\n    import keras"),
        ("core/jobs/x.py", "def f():\n    from core.training import train"),
        (
            "core/jobs/x.py",
            "import typing\nif typing.TYPE_CHECKING:\n    from core.training import train",
        ),
        ("core/ui/x.py", "\n" * 300),
        ("core/ui/x.py", "class A:\n    def f(self, a, b, c, d, e, f): pass"),
        (
            "core/runs/migrations/env.py",
            "from alembic import context\nfrom core.runs import schema",
        ),
    ],
)
def test_what_is_allowed_is_not_complained_about(path, source):
    assert violations(path, source) == []
