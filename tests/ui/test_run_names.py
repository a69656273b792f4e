"""What runs are called where they are chosen: by what differs among them."""

from __future__ import annotations

import pytest

from core.ui import run_names
from tests.ui.conftest import experiment

OPTIMIZERS = {
    "adam": "Adam",
    "sgd": "SGD",
    "rmsprop": "RMSprop",
    "adamw": "AdamW",
    "nadam": "Nadam",
    "adagrad": "Adagrad",
}


@pytest.fixture
def six(add_run):
    """A run of each optimizer, which otherwise are the same."""
    return [add_run(experiment(training={"optimizer": name})) for name in OPTIMIZERS]


def options(app, label: str) -> list[str]:
    boxes = [*app.main.selectbox, *app.main.multiselect]
    return next(box for box in boxes if box.label == label).options


@pytest.mark.parametrize(
    ("page", "label"), [("history", "Run"), ("predictions", "Run"), ("compare", "Runs")]
)
def test_six_optimizers_are_told_apart_where_runs_are_chosen(visit, six, page, label):
    found = options(visit(page, run=six[0].id), label)
    assert sorted(title.partition(" · ")[0] for title in found) == sorted(OPTIMIZERS.values())
    assert not any("MLP" in title or "Handwritten digits" in title for title in found)


def test_name_somebody_gave_is_kept(six, store):
    store.label(six[1].id, "My baseline", False)
    found = run_names.names([store.get(run.id) for run in six])
    assert list(found.values()) == ["Adam", "My baseline", "RMSprop", "AdamW", "Nadam", "Adagrad"]


def test_same_settings_are_told_apart_by_the_time_of_day(add_run, monkeypatch):
    first, second, other = add_run(), add_run(), add_run(experiment(seed=1))
    times = {first.created_at: "12:01:02", second.created_at: "12:03:04"}
    monkeypatch.setattr(run_names.clocks, "time_of", lambda moment: times.get(moment, "never"))
    found = run_names.names([first, second, other])
    assert list(found.values()) == ["seed 0 · 12:01:02", "seed 0 · 12:03:04", "seed 1"]


def test_same_settings_in_the_same_second_have_numbers(add_run, monkeypatch):
    runs = [add_run(), add_run()]
    monkeypatch.setattr(run_names.clocks, "time_of", lambda _: "12:01:02")
    title = f"{runs[0].experiment.title} · 12:01:02"
    assert list(run_names.names(runs).values()) == [title, f"{title} (2)"]


def test_one_run_alone_has_its_whole_title(visit, add_run):
    run = add_run()
    assert options(visit("history", run=run.id), "Run")[0].startswith(run.experiment.title)
