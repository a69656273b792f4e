"""The Compare page: what it says of runs, what it warns of, and the choice in its address."""

from __future__ import annotations

import json

import pytest

from core.records import EpochRecord, Status
from core.ui import compare_choice, state
from tests.ui.conftest import experiment
from tests.ui.test_owned_runs import HOSTILE
from tests.ui.test_pages import texts

DIVERGED = "The loss is no longer a number in epoch 1: training diverged. Try a tenth of it."


@pytest.fixture
def compare(visit):
    """Opens the page by a link that names runs."""

    def open_page(*runs, **url):
        return visit("compare", runs=",".join(run.id for run in runs), **url)

    return open_page


@pytest.fixture
def lost(store):
    """A run that diverged before its first epoch had ended."""
    run = store.create(experiment(training={"optimizer": "sgd", "learning_rate": 50}))
    store.claim(run.id).settle(Status.FAILED, DIVERGED)
    return store.get(run.id)


def tables(app):
    differences, results = (frame.value for frame in app.main.dataframe)
    return differences, results


def charts(app) -> list[dict[str, object]]:
    parts = (json.loads(found.proto.json) for found in app.get("bidi_component"))
    return [json.loads(part["figure"]) for part in parts if "figure" in part]


def legend(app) -> list[str]:
    return [trace["name"] for trace in charts(app)[0]["data"] if "name" in trace]


def test_differences_have_a_column_for_each_setting_that_differs_and_no_other(compare, add_run):
    runs = [add_run(experiment(model={"kind": "mlp", "dropout": rate})) for rate in (0.2, 0.5)]
    differences, _ = tables(compare(*runs))
    assert list(differences.columns) == ["Run", "Dropout", "Parameters", "Epochs", "Time"]
    assert list(differences["Run"]) == ["dropout 0.2", "dropout 0.5"]
    assert list(differences["Dropout"]) == [0.2, 0.5]
    assert list(differences["Parameters"]) == [9610, 9610]
    assert list(differences["Epochs"]) == ["3 of 10", "3 of 10"]


def test_results_have_the_gap_and_the_best_epoch(compare, add_run):
    app = compare(add_run(), add_run(experiment(seed=1)))
    _, results = tables(app)
    assert results["Training loss"].tolist() == pytest.approx([1 / 3] * 2)
    assert results["Gap"].tolist() == pytest.approx([-0.1 / 3] * 2)
    assert results["Lowest loss"].tolist() == pytest.approx([0.3] * 2)
    assert "Highest loss" not in results.columns
    assert results["In epoch"].tolist() == [3, 3]


def test_gap_of_a_score_is_positive_where_validation_is_worse_too(compare, add_run):
    app = compare(add_run(), add_run(experiment(seed=1)))
    next(box for box in app.main.selectbox if box.label == "Metric").set_value("accuracy").run()
    _, results = tables(app)
    assert results["Gap"].tolist() == pytest.approx([100 * 0.52 * 0.1] * 2)
    assert results["Highest accuracy"].tolist() == pytest.approx([100 * 0.52 * 0.9] * 2)
    assert results["Test accuracy"].tolist() == pytest.approx([90, 90])


def test_epoch_whose_weights_were_kept_is_told(compare, add_run, store):
    stopping = experiment(callbacks={"early_stopping": {"patience": 1}})
    run = store.create(stopping)
    lease = store.claim(run.id)
    for number, loss in enumerate((0.5, 0.4, 0.6)):
        lease.add_epoch(EpochRecord(number, {"loss": 0.1, "val_loss": loss}, 0.1, 0.001))
    lease.settle(Status.FINISHED)
    _, results = tables(compare(run, add_run()))
    assert results["Weights of epoch"].tolist() == [2, 3]


def test_run_that_diverged_is_said_to_have_diverged(compare, add_run, lost):
    app = compare(lost, add_run())
    _, results = tables(app)
    assert list(results["Status"]) == ["Diverged", "Finished"]
    assert "SGD · learning rate 50 (diverged)" in legend(app)
    assert "training diverged" in texts(app)


@pytest.mark.parametrize(
    ("status", "word", "shown"),
    [(Status.STOPPED, "stopped", "Stopped"), (None, "still training", "Training")],
)
def test_run_that_has_not_ended_as_planned_is_said_so(compare, add_run, status, word, shown):
    app = compare(add_run(status=status), add_run(experiment(seed=1)))
    assert f"seed 0 ({word})" in legend(app)
    assert list(tables(app)[1]["Status"]) == [shown, "Finished"]


def test_verdicts_are_whole_and_each_stands_once(compare, add_run):
    app = compare(add_run(), add_run(experiment(seed=1)))
    [said] = [text.value for text in app.main.markdown if text.value.startswith("- **")]
    assert "seed 0; seed 1" in said
    assert said.count("\n") == 0
    assert "Verdict" not in tables(app)[1].columns


def test_runs_on_the_same_data_are_compared_without_a_warning(compare, add_run):
    app = compare(add_run(), add_run(experiment(training={"optimizer": "sgd"})))
    assert not app.warning


def test_different_data_are_warned_of(compare, add_run):
    app = compare(add_run(), add_run(experiment(data={"dataset": "wine"})))
    assert "Different data: Handwritten digits" in app.warning[0].value


def test_more_than_six_runs_are_drawn_by_their_validation_curves(compare, add_run):
    runs = [add_run(experiment(seed=seed), epochs=1) for seed in range(8)]
    app = compare(*runs)
    assert not app.exception
    assert legend(app) == ["Validation", *(f"seed {seed}" for seed in range(8))]


def test_choice_stands_in_the_address(visit, add_run):
    first, second = add_run(), add_run()
    app = visit("compare")
    app.multiselect[0].set_value([first.id, second.id]).run()
    assert app.query_params["runs"] == f"{first.id},{second.id}"
    app.multiselect[0].set_value([]).run()
    assert "runs" not in app.query_params


def test_address_restores_the_choice_in_its_order(compare, add_run):
    first, second = add_run(), add_run()
    assert compare(second, first).multiselect[0].value == [second.id, first.id]


@pytest.mark.parametrize("text", ["<b>x</b>", "../../etc", "x" * 50_000, ",,,", "a,b," * 9_000])
def test_address_of_anything_else_is_explained_and_not_repeated(visit, add_run, text):
    run = add_run()
    app = visit("compare", runs=f"{run.id},{text}")
    assert not app.exception
    assert app.multiselect[0].value == [run.id]
    assert bool(app.warning) == bool(text.strip(","))
    assert "etc" not in texts(app) and "<b>" not in texts(app)


def test_private_runs_of_others_are_not_told_from_missing_ones(compare, add_run):
    hidden, other = add_run(owner="somebody", private=True), add_run()
    app = compare(hidden, other)
    assert app.multiselect[0].value == [other.id]
    assert "1 run of this comparison cannot be shown" in app.warning[0].value
    assert app.query_params["runs"] == other.id


def test_older_run_than_those_offered_is_compared_by_its_address(compare, add_run, monkeypatch):
    monkeypatch.setattr(compare_choice, "OFFERED", 1)
    old, new = add_run(), add_run()
    assert compare(old, new).multiselect[0].value == [old.id, new.id]


def test_choice_is_there_again_when_the_visitor_comes_back(compare, add_run):
    first, second = add_run(), add_run()
    app = compare(first, second)
    app.switch_page("pages/data.py").run()
    app.switch_page("pages/compare.py").run()
    assert app.multiselect[0].value == [first.id, second.id]
    assert app.query_params["runs"] == f"{first.id},{second.id}"


def test_run_keeps_its_colour_while_others_come_and_go(monkeypatch):
    monkeypatch.setattr(compare_choice.st, "session_state", {})
    assert compare_choice.places(("a", "b", "c")) == {"a": 0, "b": 1, "c": 2}
    assert compare_choice.places(("b", "c")) == {"b": 1, "c": 2}
    assert compare_choice.places(("d", "b", "c", "e")) == {"b": 1, "c": 2, "d": 0, "e": 3}


def test_no_more_runs_are_compared_than_there_may_be(monkeypatch):
    monkeypatch.setattr(state.st, "session_state", {})
    state.compare(str(number) for number in range(state.MOST_COMPARED + 5))
    assert len(state.compared()) == state.MOST_COMPARED


def test_hostile_names_mean_nothing_on_the_page(compare, add_run, store):
    first, second = add_run(), add_run(experiment(data={"dataset": "wine"}))
    store.label(first.id, HOSTILE, False)
    store.label(second.id, "=1+1", False)
    app = compare(first, second)
    said = texts(app)
    assert said.count("<img") == said.count("\\<img")
    assert list(tables(app)[0]["Run"])[1] == "'=1+1"
    assert "<img" not in str(charts(app))


def box(app, label: str):
    return next(found for found in app.main.selectbox if found.label == label)


def test_highlighted_run_that_is_no_longer_compared_is_forgotten(compare, add_run):
    runs = [add_run(experiment(seed=seed)) for seed in range(3)]
    app = compare(*runs)
    box(app, "Highlight").set_value(runs[0].id).run()
    assert any(trace.get("opacity", 1) < 1 for trace in charts(app)[0]["data"])
    app.multiselect[0].set_value([run.id for run in runs[1:]]).run()
    assert not app.exception
    assert box(app, "Highlight").value is None
    assert all(trace.get("opacity", 1) == 1 for trace in charts(app)[0]["data"])


def test_metric_that_the_runs_now_chosen_lack_is_replaced(compare, add_run):
    classes = [add_run(experiment(seed=seed)) for seed in range(2)]
    app = compare(*classes)
    box(app, "Metric").set_value("accuracy").run()
    other = [add_run(experiment(data={"dataset": "wine"}), epochs=0, status=None)]
    app.multiselect[0].set_value([other[0].id]).run()
    app.multiselect[0].set_value([other[0].id, classes[0].id]).run()
    assert not app.exception
    assert box(app, "Metric").value in ("accuracy", "loss")
