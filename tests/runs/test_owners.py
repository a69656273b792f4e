"""Who may see a run, who may change it, and what it may be called."""

from __future__ import annotations

import pytest

from core.errors import NotYours, RunNotFound
from core.experiment import Experiment
from core.records import EpochRecord, clean_name
from core.runs import Library, RunStore

EXPERIMENT = Experiment.model_validate({"data": {"dataset": "digits"}})


@pytest.fixture
def store(tmp_path):
    opened = RunStore(f"sqlite:///{tmp_path / 'runs.sqlite3'}")
    yield opened
    opened.close()


@pytest.fixture
def anna(store):
    return Library(store, "anna")


@pytest.fixture
def ben(store):
    return Library(store, "ben")


READS = {
    "get": lambda library, run_id: library.get(run_id),
    "epochs": lambda library, run_id: library.epochs(run_id),
    "continue": lambda library, run_id: library.continue_from(run_id, EXPERIMENT),
}
CHANGES = {
    "stop, pause, resume or step": lambda library, run_id: library.to_change(run_id),
    "rename": lambda library, run_id: library.rename(run_id, "Mine now"),
    "hide": lambda library, run_id: library.set_private(run_id, True),
    "show": lambda library, run_id: library.set_private(run_id, False),
}


@pytest.mark.parametrize("act", [*READS.values(), *CHANGES.values()], ids=[*READS, *CHANGES])
def test_private_run_of_another_is_like_one_that_does_not_exist(store, anna, ben, act):
    run = anna.create(EXPERIMENT, private=True)
    with pytest.raises(RunNotFound) as hidden:
        act(ben, run.id)
    absent = "x" * len(run.id)
    with pytest.raises(RunNotFound) as unknown:
        act(ben, absent)
    assert str(hidden.value).replace(run.id, absent) == str(unknown.value)
    assert store.get(run.id) == run
    assert len(store.recent()) == 1


@pytest.mark.parametrize("act", CHANGES.values(), ids=CHANGES)
def test_visible_run_of_another_is_not_changed(store, anna, ben, act):
    run = anna.create(EXPERIMENT)
    with pytest.raises(NotYours, match="Only whoever started a run"):
        act(ben, run.id)
    assert store.get(run.id) == run


@pytest.mark.parametrize("act", [*READS.values(), *CHANGES.values()], ids=[*READS, *CHANGES])
@pytest.mark.parametrize("private", [False, True])
def test_owner_may_do_everything(anna, act, private):
    act(anna, anna.create(EXPERIMENT, private=private).id)


def test_private_runs_of_others_are_in_no_list_and_take_no_place_in_it(anna, ben):
    shown = anna.create(EXPERIMENT)
    for _ in range(3):
        anna.create(EXPERIMENT, private=True)
    assert ben.recent(limit=2) == (shown,)
    assert len(anna.recent()) == 4


def test_own_runs_come_before_those_of_others(anna, ben):
    mine = anna.create(EXPERIMENT)
    theirs = ben.create(EXPERIMENT)
    assert anna.recent() == (mine, theirs)
    assert ben.recent() == (theirs, mine)


def test_many_runs_of_others_do_not_crowd_out_ones_own(anna, ben):
    mine = anna.create(EXPERIMENT)
    theirs = [ben.create(EXPERIMENT) for _ in range(4)]
    assert anna.recent(limit=3) == (mine, theirs[3], theirs[2])


def test_workers_see_every_run(store, anna):
    run = anna.create(EXPERIMENT, private=True)
    assert store.get(run.id) == run
    assert store.recent() == (run,)


def test_run_hidden_and_shown_again(anna, ben):
    run = anna.create(EXPERIMENT)
    anna.set_private(run.id, True)
    with pytest.raises(RunNotFound):
        ben.get(run.id)
    anna.set_private(run.id, False)
    assert ben.get(run.id) == run


def test_run_without_an_owner_is_everybodys_but_cannot_be_hidden(store, anna, ben):
    run = store.create(EXPERIMENT)
    anna.rename(run.id, "From before")
    assert ben.to_change(run.id).name == "From before"
    with pytest.raises(NotYours):
        ben.set_private(run.id, True)


def test_going_on_from_anothers_run_gives_one_of_ones_own(store, anna, ben):
    run = anna.create(EXPERIMENT)
    store.claim(run.id).add_epoch(EpochRecord(0, {"loss": 1.0}, 0.1, 0.001))
    child = ben.continue_from(run.id, EXPERIMENT)
    assert (child.owner, child.parent_id) == ("ben", run.id)
    assert ben.epochs(child.id) == anna.epochs(run.id)
    ben.rename(child.id, "Mine")
    assert anna.get(run.id).name == ""


def test_what_goes_on_from_a_private_run_is_private(anna, ben):
    child = anna.continue_from(anna.create(EXPERIMENT, private=True).id, EXPERIMENT)
    with pytest.raises(RunNotFound):
        ben.get(child.id)


def test_nobody_is_without_an_id(store):
    with pytest.raises(ValueError, match="needs an id"):
        Library(store, "")


def test_renaming_keeps_a_run_private_and_hiding_keeps_its_name(anna):
    run = anna.create(EXPERIMENT, private=True)
    anna.rename(run.id, "Secret")
    assert (anna.get(run.id).name, anna.get(run.id).private) == ("Secret", True)
    anna.set_private(run.id, False)
    assert anna.get(run.id).name == "Secret"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Two\n\tlines \r\n", "Two lines"),
        ("nul\x00 bell\x07 escape\x1b[31m", "nul bell escape[31m"),
        ("right\u202eot tfel\u200b\ufeff", "rightot tfel"),
        ("half \ud800 a pair", "half  a pair"),
        ("e\u0301", "é"),
        ("x" * 500, "x" * 80),
        (" " * 70 + "y" * 20, "y" * 20),
        ("\x00\u200b\n", ""),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE runs; --", "'; DROP TABLE runs; --"),
    ],
)
def test_name_is_one_line_without_what_cannot_be_seen(anna, typed, kept):
    run = anna.create(EXPERIMENT)
    anna.rename(run.id, typed)
    assert anna.get(run.id).name == kept == clean_name(typed)


def test_enormous_name_is_cut_before_it_is_looked_at():
    assert clean_name("e\u0301" * 10**6) == "é" * 80


def test_some_runs_come_in_the_order_asked_for_without_those_one_may_not_see(store):
    first, second = store.create(EXPERIMENT), store.create(EXPERIMENT)
    hidden = store.create(EXPERIMENT, owner="anna", private=True)
    wanted = (second.id, "no-such", hidden.id, "<b>", first.id)
    found = Library(store, "ben").some(wanted)
    assert [run.id for run in found] == [second.id, first.id]
    assert [run.id for run in Library(store, "anna").some(wanted)][1] == hidden.id
