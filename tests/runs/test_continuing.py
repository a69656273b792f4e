"""A run that goes on where another ended."""

from __future__ import annotations

import pytest

from core.errors import RunNotFound
from core.experiment import Experiment
from core.records import Status
from tests.runs.making import claimed, epoch, running

SHORT = Experiment.model_validate({"training": {"epochs": 2}})
LONG = Experiment.model_validate({"training": {"epochs": 5}})


@pytest.fixture
def parent(store):
    """A finished run of two epochs."""
    run = store.create(SHORT)
    lease = claimed(store, run.id)
    for number in range(2):
        lease.add_epoch(epoch(number))
    lease.settle(Status.FINISHED, evaluation={"loss": 0.25})
    return store.get(run.id)


def test_continued_run_has_a_copy_of_its_parents_epochs(store, parent):
    child = store.continue_from(parent.id, LONG)
    assert store.epochs(child.id) == store.epochs(parent.id) == (epoch(0), epoch(1))
    assert child.epochs_done == 2


def test_continued_run_knows_its_parent(store, parent):
    child = store.continue_from(parent.id, LONG)
    assert child.parent_id == parent.id != child.id
    assert store.get(child.id) == child


def test_continued_run_is_a_new_one_that_waits_its_turn(store, parent):
    child = store.continue_from(parent.id, LONG)
    assert child.status is Status.QUEUED
    assert child.experiment == LONG
    assert (child.evaluation, child.reason, child.finished_at) == ({}, "", None)
    assert store.claim(child.id)


def test_continuing_leaves_the_parent_as_it_was(store, parent):
    child = store.continue_from(parent.id, LONG)
    claimed(store, child.id).add_epoch(epoch(2))
    assert store.get(parent.id) == parent
    assert len(store.epochs(parent.id)) == 2
    assert store.get(child.id).epochs_done == 3


def test_run_that_is_still_trained_is_continued_from_the_epochs_it_has(store, monkeypatch):
    lease = running(store)
    lease.add_epoch(epoch(0))
    get = store.get

    def get_before_another_epoch(run_id):
        found = get(run_id)
        lease.add_epoch(epoch(1))
        return found

    monkeypatch.setattr(store, "get", get_before_another_epoch)
    child = store.continue_from(lease.run_id, LONG)
    assert child.epochs_done == len(store.epochs(child.id)) == 2


def test_run_can_be_continued_twice_and_its_child_too(store, parent):
    child, twin = (store.continue_from(parent.id, LONG) for _ in range(2))
    grandchild = store.continue_from(child.id, LONG)
    assert len({parent.id, child.id, twin.id, grandchild.id}) == 4
    assert grandchild.parent_id == child.id
    assert store.epochs(grandchild.id) == store.epochs(parent.id)


def test_run_without_epochs_is_continued_from_its_beginning(store):
    child = store.continue_from(store.create(SHORT).id, LONG)
    assert child.epochs_done == 0
    assert store.epochs(child.id) == ()


@pytest.mark.parametrize("run_id", ["unknown", "", "../x", "x" * 100])
def test_unknown_run_cannot_be_continued(store, run_id):
    with pytest.raises(RunNotFound):
        store.continue_from(run_id, LONG)
    assert store.recent() == ()


def test_run_from_the_beginning_has_no_parent(store):
    assert store.create(SHORT).parent_id is None
