"""Own runs and those of others on the pages: what is shown, offered and refused."""

from __future__ import annotations

import json
from functools import partial

import pytest

from core.records import LAST_WEIGHTS, Status
from core.runs import Artifacts
from core.settings import settings
from core.ui import actions, model_files, platform, state, visitors
from tests.ui.conftest import ROOT, experiment
from tests.ui.test_pages import PAGES, texts

NAME = "Unheard-of name"
HOSTILE = "<img src=x onerror=alert(1)> **b** :red[r] $x$ [l](javascript:alert(1)) %{x}"


@pytest.fixture
def be(monkeypatch):
    """Whoever the next script runs are for."""

    def become(visitor):
        monkeypatch.setattr(visitors, "visitor", lambda: visitor)

    become("anna")
    return become


@pytest.fixture
def private_run(be, add_run, store):
    """A private run of Anna's, seen by Ben."""
    run = add_run(experiment(training={"epochs": 777}), owner="anna", private=True)
    store.label(run.id, NAME, True)
    be("ben")
    return run


def widget(app, kind, label):
    return next((found for found in app.get(kind) if found.label == label), None)


def everything(app):
    """All that was sent to the browser, as text."""
    return str(app.main) + str(app.sidebar) + texts(app)


@pytest.mark.parametrize("page", PAGES)
def test_nothing_of_a_private_run_is_on_any_page_of_another(visit, private_run, page):
    app = visit(page, run=private_run.id)
    assert not app.exception
    assert NAME not in everything(app)
    assert "777" not in everything(app)
    assert not app.success
    if page not in ("data", "model", "compare", "runs"):
        assert "There is no run" in app.error[0].value
    if page == "compare":
        assert app.multiselect[0].options == []


@pytest.mark.parametrize("page", PAGES)
def test_owner_sees_their_private_run_on_every_page(visit, private_run, be, page):
    be("anna")
    app = visit(page, run=private_run.id)
    assert not app.exception
    assert not app.error


def test_private_run_has_a_lock_and_comes_back_with_the_toggle_on(visit, private_run, be):
    be("anna")
    app = visit("train", run=private_run.id)
    assert widget(app, "selectbox", "Run").options[0].startswith(f"🔒 {NAME} · finished")
    assert widget(app, "toggle", "Private run").value


def test_run_hidden_while_another_looks_at_it_is_gone_at_the_next_redraw(visit, be, add_run, store):
    run = add_run(owner="anna")
    be("ben")
    app = visit("history", run=run.id)
    assert "Metric" in [box.label for box in app.selectbox]
    store.label(run.id, "", True)
    assert "There is no run" in app.run().error[0].value
    assert "Metric" not in [box.label for box in app.selectbox]


def test_file_of_a_run_that_was_hidden_meanwhile_is_not_sent(be, add_run, store, tmp_path):
    run = add_run(owner="anna")
    (tmp_path / LAST_WEIGHTS).write_bytes(b"weights")
    Artifacts(settings().artifacts_url).save_file(run.id, LAST_WEIGHTS, tmp_path / LAST_WEIGHTS)
    be("ben")
    download = partial(model_files._slip, platform.library(), run.id, LAST_WEIGHTS)
    assert run.id.encode() in download()
    store.label(run.id, "", True)
    with pytest.raises(model_files.EpochscopeError, match="There is no run"):
        download()


def test_train_makes_a_run_of_ones_own_private_where_that_is_asked_for(visit, be, store):
    app = visit()
    train = next(button for button in app.sidebar.button if button.label == "Train")
    train.click().run()
    assert (store.recent()[0].owner, store.recent()[0].private) == ("anna", False)
    widget(app, "toggle", "Private run").set_value(True).run()
    widget(app, "number_input", "Epochs").set_value(4).run()
    next(button for button in app.sidebar.button if button.label == "Train").click().run()
    assert [run.private for run in store.recent()].count(True) == 1


def test_anothers_run_may_be_looked_at_but_not_touched(visit, be, add_run):
    run = add_run(status=None, owner="anna")
    be("ben")
    app = visit("train", run=run.id)
    assert not app.exception
    assert "Stop" not in [button.label for button in app.sidebar.button]
    assert widget(app, "text_input", "Name") is None
    assert widget(app, "toggle", "Keep it private") is None
    assert widget(app, "selectbox", "Run").options[0].endswith(" · by someone else")
    assert "By someone else" in texts(app)


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize(
    "act",
    [
        actions.stop,
        partial(actions.rename, "Taken"),
        partial(actions.set_private, True),
        partial(actions.set_private, False),
    ],
)
def test_action_on_anothers_run_is_refused_whatever_was_drawn(
    be, add_run, store, monkeypatch, act, private
):
    run = add_run(status=None, owner="anna", private=private)
    be("ben")
    said = []
    monkeypatch.setattr(state, "selected_run", lambda: run.id)
    monkeypatch.setattr(state, "leave_message", lambda text, _run_id: said.append(text))
    act()
    assert store.get(run.id) == run
    assert ("There is no run" if private else "is not yours") in said[0]


def test_continuing_anothers_private_run_is_refused(be, add_run, store, monkeypatch):
    run = add_run(owner="anna", private=True)
    be("ben")
    said = []
    monkeypatch.setattr(state, "leave_message", said.append)
    actions.continue_training(run, 3)
    assert "There is no run" in said[0]
    assert len(store.recent()) == 1


def test_owner_stops_renames_and_hides_their_run(visit, be, add_run, store):
    run = add_run(status=None, owner="anna")
    app = visit("train", run=run.id)
    widget(app, "text_input", "Name").set_value(" My\nrun\x00 ").run()
    widget(app, "toggle", "Keep it private").set_value(True).run()
    assert (store.get(run.id).name, store.get(run.id).private) == ("My run", True)
    assert widget(app, "selectbox", "Run").options[0].startswith("🔒 My run · ")
    next(button for button in app.sidebar.button if button.label == "Stop").click().run()
    assert store.get(run.id).control == "stop"


def test_run_without_an_owner_may_be_stopped_and_renamed_but_not_hidden(visit, be, add_run, store):
    run = add_run(status=None)
    app = visit("train", run=run.id)
    widget(app, "text_input", "Name").set_value("Ours").run()
    assert store.get(run.id).name == "Ours"
    assert widget(app, "toggle", "Keep it private") is None
    assert "Stop" in [button.label for button in app.sidebar.button]
    assert "someone else" not in widget(app, "selectbox", "Run").options[0]


@pytest.mark.parametrize("page", PAGES)
def test_hostile_name_is_never_in_markdown_or_html(visit, be, add_run, store, page):
    first = add_run(owner="anna", status=Status.FINISHED)
    store.label(first.id, HOSTILE, False)
    app = visit(page, run=first.id)
    assert not app.exception
    assert "onerror" not in texts(app)
    assert not any("onerror" in str(found.proto) for found in app.get("html"))


def test_hostile_name_is_spelled_out_in_charts(visit, be, add_run, store):
    first, second = add_run(owner="anna"), add_run(owner="anna")
    store.label(first.id, HOSTILE, False)
    app = visit("compare")
    app.multiselect[0].set_value([first.id, second.id]).run()
    assert not app.exception
    parts = (json.loads(found.proto.json) for found in app.get("bidi_component"))
    charts = str([part["figure"] for part in parts if "figure" in part])
    assert "&#60;img src=x" in charts
    assert "<img" not in charts


def test_pages_reach_runs_through_the_visitors_library_alone():
    files = [*ROOT.glob("pages/*.py"), *ROOT.glob("core/ui/*.py")]
    sources = {file.name: file.read_text(encoding="utf-8") for file in files}
    assert [name for name, text in sources.items() if "platform.store(" in text] == []
    assert [name for name, text in sources.items() if "RunStore(" in text] == ["platform.py"]
