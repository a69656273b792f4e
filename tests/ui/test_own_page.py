"""Own data on the pages: added, chosen, trained on, removed; and never anybody else's."""

from __future__ import annotations

import io

import numpy as np
import pandas as pd
import pytest

from core.runs import RunStore
from core.ui import adding, data_tabs, own_sets, visitors
from tests.ui.test_address import address

RANDOM = np.random.default_rng(8)
ROWS = 120


def table(**columns: object) -> bytes:
    """A CSV of two features and a class, whose names try to be more than names."""
    kinds = np.where(np.arange(ROWS) % 2, "**yes** <b>", "=1+1")
    frame = {"height": RANDOM.random(ROWS), ":red[width]": RANDOM.random(ROWS), "kind": kinds}
    return pd.DataFrame({**frame, **columns}).to_csv(index=False).encode()


def archive(rows: int = ROWS, features: int = 4) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, x=RANDOM.random((rows, features)), y=np.arange(rows) % 3)
    return buffer.getvalue()


@pytest.fixture(autouse=True)
def visitor(monkeypatch):
    """One visitor, whatever session; a test may make them another one."""
    name = ["anna"]
    monkeypatch.setattr(visitors, "visitor", lambda: name[0])
    return name


@pytest.fixture
def data_page(visit):
    return lambda: visit("data")


def upload(app, content: bytes, name: str):
    return app.file_uploader[0].set_value((name, content, "")).run()


def button(app, label: str):
    return next(one for one in app.button if one.label == label)


def add(app, content: bytes, name: str = "flowers.csv"):
    """Upload, press Add, and let the page follow the conversion to its end."""
    app = upload(app, content, name)
    button(app, "Add this dataset").click().run()
    for _ in range(200):
        if "epochscope.conversion" not in app.session_state:
            return app.run()
        app.session_state["epochscope.conversion"].conversion._reading._process.wait(30)
        app.run()
    raise AssertionError("the conversion did not end")


def dataset(app):
    return next(one for one in app.sidebar.selectbox if one.label == "Dataset")


def said(app) -> str:
    kinds = (app.error, app.warning, app.success, app.info, app.caption, app.markdown)
    return "\n".join(one.value for kind in kinds for one in kind)


def test_nothing_is_added_before_there_is_a_file(data_page):
    app = data_page()
    assert [one.label for one in app.button if one.label.startswith("Add")] == []
    assert not app.exception


def test_table_is_added_and_chosen(data_page):
    app = add(data_page(), table())
    assert not app.exception
    assert dataset(app).options[-1] == "flowers"
    assert own_sets_of(app) == ["flowers"]
    assert dataset(app).value.startswith("own-")
    assert "96 samples to train on, 24 to test" in said(app)


def own_sets_of(app) -> list[str]:
    return [own.title for own in app.session_state[own_sets._THEIRS].values()]


def test_arrays_are_added_and_chosen(data_page):
    app = add(data_page(), archive(), "blobs.npz")
    assert own_sets_of(app) == ["blobs"]
    assert not app.exception


def test_images_with_a_number_to_predict_are_shown(data_page):
    buffer = io.BytesIO()
    pixels = RANDOM.integers(0, 256, (ROWS, 8, 8, 3), np.uint8)
    np.savez(buffer, x=pixels, y=RANDOM.random(ROWS) + np.arange(ROWS))
    app = add(data_page(), buffer.getvalue(), "ages.npz")
    assert next(iter(app.session_state[own_sets._THEIRS].values())).task == "regression"
    for tab in data_tabs.TABS:
        app.session_state[data_tabs.TABS_KEY] = tab
        app.run()
        assert not app.exception
        assert not app.error


def test_no_more_files_are_read_at_once_than_there_is_memory_for(data_page, monkeypatch):
    monkeypatch.setattr(adding, "_AT_ONCE", 0)
    app = upload(data_page(), table(), "x.csv")
    button(app, "Add this dataset").click().run()
    assert "files of others are being read" in said(app).replace("\\", "")
    assert not app.exception


def test_title_can_be_chosen(data_page):
    app = upload(data_page(), table(), "x.csv")
    next(one for one in app.text_input if one.label == "Title").set_value("<i>Trees</i>").run()
    button(app, "Add this dataset").click().run()
    assert app.session_state["epochscope.conversion"].title == "i Trees i"
    app.session_state["epochscope.conversion"].conversion.cancel()


def test_target_and_what_is_left_out_can_be_chosen(data_page):
    app = upload(data_page(), table(), "x.csv")
    choose = {one.label: one for one in app.selectbox}["What to predict"]
    choose.set_value("height").run()
    left_out = {one.label: one for one in app.multiselect}["Columns to leave out"]
    assert left_out.options == [":red[width]", "kind"]
    left_out.set_value(["kind"]).run()
    assert "Learns from 1 column." in said(app)


@pytest.mark.parametrize("name", ["a.csv", "a.npz", "a.zip", "a.parquet"])
def test_file_that_is_no_such_thing_is_refused_in_words(data_page, name):
    app = upload(data_page(), b"\x00\x01\x02 nothing", name)
    assert not app.exception
    assert app.error
    assert [one.label for one in app.button if one.label.startswith("Add")] == []


def test_name_of_a_refused_file_means_nothing_to_markdown(data_page):
    app = upload(data_page(), b"nothing", "**x** <b>y</b> [z](http://w.v).npz")
    shown = app.error[0].value
    assert "**" not in shown
    assert "<b>" not in shown.replace("\\<b\\>", "")
    assert "http://" not in shown


def test_run_on_own_data_is_private_and_the_sidebar_says_so(data_page, home):
    app = add(data_page(), table())
    assert "A run on your own data is private" in said(app.sidebar)
    button(app.sidebar, "Train").click().run()
    (run,) = RunStore(f"sqlite:///{home / 'runs.sqlite3'}").recent()
    assert run.private
    assert run.experiment.data.own.classes == ("**yes** <b>", "=1+1")


def test_nobody_else_sees_the_set(data_page, visitor):
    add(data_page(), table())
    visitor[0] = "ben"
    app = data_page()
    assert "flowers" not in dataset(app).options
    assert "Your datasets" not in said(app)


def test_owner_sees_it_in_another_session(data_page):
    add(data_page(), table())
    assert "flowers" in dataset(data_page()).options


def test_two_sets_of_one_title_are_told_apart(data_page):
    add(data_page(), table(), "iris.csv")
    app = add(data_page(), archive(), "iris.npz")
    assert dataset(app).options[-2:] == ["iris", "iris (2)"]


def test_removed_set_is_gone_with_its_arrays(data_page, home):
    app = add(data_page(), table())
    button(app, "Remove for good").click().run()
    assert not app.exception
    assert "flowers" not in dataset(app).options
    assert list((home / "artifacts" / "own").glob("*/*")) == []
    assert list((home / "datasets").glob("own-*")) == []


def test_nothing_of_an_upload_is_left_behind(data_page, home):
    add(data_page(), table())
    assert list((home / "uploads").glob("*")) == []


def test_set_beyond_the_quota_is_refused(data_page, monkeypatch):
    monkeypatch.setenv("EPOCHSCOPE_OWN_QUOTA_MB", "1")
    app = add(data_page(), archive(rows=1_500, features=100), "first.npz")
    app = add(app, archive(rows=1_500, features=100), "second.npz")
    assert own_sets_of(app) == ["first"]
    assert "together they may take 1 MB" in app.error[0].value.replace("\\", "")


def test_conversion_can_be_cancelled(data_page, home):
    app = upload(data_page(), table(), "x.csv")
    button(app, "Add this dataset").click().run()
    if "epochscope.conversion" in app.session_state:
        button(app, "Cancel").click().run()
        assert own_sets_of(app) == []
        assert not list((home / "uploads").glob("made-*"))
    assert not app.exception


@pytest.mark.parametrize("page", ["train", "history", "confusion_matrix", "predictions", "runs"])
def test_every_page_shows_a_run_on_own_data(data_page, visit, add_run, page):
    app = add(data_page(), table())
    own = next(iter(app.session_state[own_sets._THEIRS].values()))
    run = add_run(_experiment(own), owner="anna", private=True)
    shown = visit(page, run=run.id)
    assert not shown.exception
    assert not shown.error


def test_run_whose_data_were_removed_says_so(data_page, visit, add_run):
    app = add(data_page(), table())
    own = next(iter(app.session_state[own_sets._THEIRS].values()))
    run = add_run(_experiment(own), owner="anna", private=True)
    button(app, "Remove for good").click().run()
    shown = visit("predictions", run=run.id)
    assert "were removed" in said(shown)
    assert "flowers was removed" in said(shown.sidebar)
    assert not shown.exception


def _experiment(own):
    from core.experiment import Experiment

    settings = {"dataset": "own", "own": own, "validation_split": 0.2}
    return Experiment.model_validate({"data": settings, "training": {"batch_size": 16}})


def test_refresh_keeps_ones_own_data_chosen_and_nobody_elses(visit, data_page, visitor):
    app = add(data_page(), table())
    url = address(app)
    assert dataset(visit("data", **url)).value == dataset(app).value
    visitor[0] = "ben"
    other = visit("train", **url)
    assert "cannot be used: Dataset" in said(other)
    assert dataset(other).value == "fashion_mnist_10k"
