"""What a visitor set on a page is still set when they come back to it from another."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from core.jobs import BEST_PREDICTIONS, PREDICTIONS, VALIDATION_PREDICTIONS
from core.records import LAST_WEIGHTS
from core.runs import Artifacts
from core.settings import settings
from core.ui import data_tabs, preview
from tests.ui.conftest import ROOT, experiment

PAGES = {
    "train": "history",
    "data": "train",
    "model": "train",
    "history": "train",
    "confusion_matrix": "train",
    "predictions": "train",
    "compare": "train",
    "runs": "train",
}
BY_DATA = ("data", "confusion_matrix", "predictions")  # pages that differ with the data
DATASETS = ("moons", "wine", "plane", "novels")
KINDS = ("selectbox", "number_input", "slider", "toggle", "checkbox", "multiselect", "button_group")
PERSISTENT = {
    *("selectbox", "number_input", "slider", "toggle", "checkbox", "multiselect", "radio"),
    *("segmented_control", "pills", "text_input", "text_area", "select_slider", "pagination"),
    *("date_input", "time_input", "datetime_input", "color_picker", "feedback"),
}
# Where something else than the session holds what is shown.
STORED = {
    "core/ui/run_picker.py": "the run looked at, its name and who sees it",
    **dict.fromkeys(
        (
            f"core/ui/own_{part}.py"
            for part in ("form", "images_form", "arrays_form", "reading", "table", "task")
        ),
        "belongs to the file that is being added",
    ),
    "core/ui/own_view.py": "opens by itself while data are added",
    "core/ui/sidebar.py": "stays in its place on every page",
    "core/ui/layer_editor.py": "the layers in the session",
    "core/ui/kept.py": "keeps tabs and expanders",
}
# Options that go by another name than they read.
OTHERS = {"results.weights": BEST_PREDICTIONS}


def sources() -> Iterator[tuple[str, ast.Module]]:
    for folder in ("core/ui", "pages"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            yield name, ast.parse(path.read_text(encoding="utf-8"))


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def forgetful(tree: ast.Module) -> Iterator[str]:
    for name, call in calls(tree):
        owner = ast.unparse(call.func).rpartition(".")[0]
        if owner == "controls":  # core.ui.controls, whose own calls are looked at
            continue
        if name in PERSISTENT and not any(word.arg == "persist_state" for word in call.keywords):
            yield f'line {call.lineno}: {name} without persist_state="session"'
        if name in ("tabs", "expander") and owner != "kept":
            yield f"line {call.lineno}: {name} of Streamlit, which forgets; use core.ui.kept"


@pytest.mark.parametrize(
    ("path", "tree"),
    [pair for pair in sources() if pair[0] not in STORED],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_no_control_of_a_page_is_drawn_so_that_it_forgets(path, tree):
    found = list(forgetful(tree))
    assert not found, f"{path}: {found}"


@pytest.mark.parametrize(
    "source",
    [
        "st.selectbox('Metric', [])",
        "left.slider('x', 0, 1, key='x')",
        "st.tabs(['a'])",
        "column.expander('a', key='a')",
    ],
)
def test_forgetful_control_is_found(source):
    assert list(forgetful(ast.parse(source)))


def controls(app) -> dict[str, object]:
    """The controls of the page that hold something, by key or label."""
    found = [widget for kind in KINDS for widget in app.main.get(kind)]
    return {
        widget.key or widget.label: widget
        for widget in found
        if widget.label not in ("Run", "Name", "Keep it private")
    }


def change(widget) -> None:
    match widget.type:
        case "selectbox":
            widget.select_index(len(widget.options) - 1)
        case "button_group":
            widget.set_value(OTHERS.get(widget.key, widget.options[-1]))
        case "multiselect":
            widget.set_value([] if widget.value else list(widget.options[:1]))
        case "number_input":
            widget.set_value(widget.value + 1 if widget.value != widget.max else widget.value - 1)
        case "slider":
            widget.set_value(widget.max)
        case _:
            widget.set_value(not widget.value)


def values(app) -> dict[str, object]:
    return {key: widget.value for key, widget in controls(app).items()}


@pytest.fixture
def add_whole_run(add_run, tmp_path):
    """Puts a run in the store that has all a run can have."""

    def add(dataset: str):
        run = add_run(experiment(data={"dataset": dataset}))
        artifacts = Artifacts(settings().artifacts_url)
        found = artifacts.load(run.id, PREDICTIONS)
        for name in (BEST_PREDICTIONS, VALIDATION_PREDICTIONS):
            artifacts.save(run.id, name, dict(found))
        weights = tmp_path / LAST_WEIGHTS
        weights.write_bytes(b"weights")
        artifacts.save_file(run.id, LAST_WEIGHTS, weights)
        return run

    return add


@pytest.mark.parametrize(
    ("page", "dataset"),
    [
        *((page, "digits") for page in PAGES),
        *((page, name) for page in BY_DATA for name in DATASETS),
    ],
)
def test_controls_of_a_page_are_as_they_were_left(visit, add_whole_run, page, dataset):
    app = visit(page, run=add_whole_run(dataset).id)
    untouched = values(app)
    for widget in controls(app).values():
        change(widget)
    left = values(app.run())
    assert not untouched or left != untouched
    app.switch_page(f"pages/{PAGES[page]}.py").run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert values(app) == left


@pytest.mark.parametrize(
    ("page", "key", "wanted"),
    [
        ("train", preview.TABS_KEY, "Keras code"),
        ("data", data_tabs.TABS_KEY, "Values"),
        ("predictions", "predictions.tab", "One sample"),
        ("history", "history.rate", True),
        ("history", "history.files", True),
        ("model", "model.loop", True),
        ("compare", "compare.lesson", False),
        ("runs", "runs.health", True),
    ],
)
def test_tab_or_part_of_a_page_is_as_it_was_left(visit, add_whole_run, page, key, wanted):
    app = visit(page, run=add_whole_run("digits").id)
    assert app.session_state[key] != wanted
    app.session_state[key] = wanted
    app.run()
    app.switch_page(f"pages/{PAGES[page]}.py").run()
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert app.session_state[key] == wanted
