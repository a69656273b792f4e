"""The table of runs: its columns, and the runs that are ticked."""

from __future__ import annotations

import pytest

from core.records import Status
from core.ui import runs_table
from tests.ui.conftest import experiment


def table(app):
    return app.main.dataframe[0].value


def test_scores_are_numbers_that_sort_as_such(visit, add_run):
    add_run()
    add_run(status=Status.STOPPED)
    accuracy = table(visit("runs"))["Test accuracy"]
    assert accuracy.dtype == float
    assert accuracy.dropna().tolist() == pytest.approx([90.0])


def test_accuracies_and_errors_have_columns_of_their_own(visit, add_run):
    add_run()
    assert "Test MAE" not in table(visit("runs")).columns
    add_run(experiment(data={"dataset": "diabetes"}))
    found = table(visit("runs"))
    assert found["Test MAE"].tolist()[0] == pytest.approx(0.1)
    assert found["Test MAE"].isna().tolist() == [False, True]
    assert found["Test accuracy"].isna().tolist() == [True, False]


def test_settings_have_columns_and_numbers_are_numbers(visit, add_run):
    add_run(experiment(training={"optimizer": "sgd", "batch_size": 64, "epochs": 5}))
    row = table(visit("runs")).iloc[0]
    assert row["Dataset"] == "Handwritten digits"
    assert row["Model"] == "MLP 128"
    assert row["Optimizer"] == "SGD"
    assert row["Learning rate"] == 0.01
    assert row["Batch size"] == 64
    assert (row["Epochs"], row["Planned"]) == (3, 5)
    assert row["Loss"] == "Sparse categorical cross-entropy"


def test_title_says_first_what_differs(visit, add_run):
    for optimizer in ("adam", "sgd"):
        add_run(experiment(training={"optimizer": optimizer}))
    assert list(table(visit("runs"))["Run"]) == ["SGD", "Adam"]


def test_status_says_what_became_of_every_run(visit, add_run, store):
    add_run(status=None)
    run = store.create(experiment())
    store.claim(run.id).settle(Status.FAILED, "In epoch 1: training diverged.")
    assert list(table(visit("runs"))["Status"]) == ["Diverged", "Training"]


def test_name_that_is_a_formula_is_a_text_in_the_saved_table(visit, add_run, store):
    store.label(add_run().id, "=HYPERLINK(1)", False)
    assert table(visit("runs"))["Run"][0] == "'=HYPERLINK(1)"


def button(app, start: str):
    return next(found for found in app.main.button if found.label.startswith(start))


def test_fewer_than_two_ticked_runs_cannot_be_compared(visit, add_run):
    run = add_run()
    app = visit("runs")
    app.session_state[runs_table._TICKED] = [run.id]
    assert button(app.run(), "Compare").disabled


def test_ticked_runs_are_compared(visit, add_run):
    runs = [add_run(experiment(seed=seed)) for seed in range(3)]
    ids = [run.id for run in runs]
    app = visit("runs")
    app.session_state[runs_table._TICKED] = ids
    app.run()
    button(app, "Compare 3 runs").click().run()
    assert [found.value for found in app.title] == ["Compare"]
    assert app.multiselect[0].value == ids


def test_ticked_rows_are_known_by_their_runs(monkeypatch):
    session = {"table": {"selection": {"rows": [2, 0, 9]}}}
    monkeypatch.setattr(runs_table.st, "session_state", session)
    runs_table._remember("table", ("a", "b", "c"))
    assert session[runs_table._TICKED] == ["a", "c"]


def test_row_opens_its_run(monkeypatch, visit, add_run):
    first, second = add_run(), add_run()
    app = visit("runs")
    app.session_state[runs_table._CLICK] = {"row": 1}
    opened = []
    monkeypatch.setattr(runs_table, "open_run", opened.append)
    monkeypatch.setattr(runs_table.st, "session_state", {runs_table._CLICK: {"row": 1}})
    runs_table._open_row((second.id, first.id))
    assert opened == [first.id]


def test_runs_of_the_same_settings_are_told_apart_in_the_table(visit, add_run):
    add_run()
    add_run()
    first, second = table(visit("runs"))["Run"]
    assert first != second
    assert first.startswith("MLP 128")


def test_long_title_begins_with_what_stands_in_no_other_column(visit, add_run):
    add_run()
    many = {"kind": "mlp", "units": 32, "dropout": 0.3}
    add_run(experiment(model=many, training={"optimizer": "sgd", "epochs": 25}, seed=2), epochs=1)
    title = table(visit("runs"))["Run"][0]
    assert title == "dropout 0.3 · 32 units · seed 2 · SGD · 25 epochs"
