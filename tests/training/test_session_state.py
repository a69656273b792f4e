"""The session-state callback fills whatever mapping it is given, each epoch once."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

import pytest

from core.records import STATE_KEY, EpochRecord, push_epoch, pushed_epochs
from core.training import SessionStateCallback, train
from tests.training.small import small


class Attic(MutableMapping):
    """A mapping of someone's own, with only what `MutableMapping` asks for."""

    def __init__(self) -> None:
        self._boxes: list[tuple] = []

    def __getitem__(self, key):
        for name, value in self._boxes:
            if name == key:
                return value
        raise KeyError(key)

    def __setitem__(self, key, value) -> None:
        self._boxes = [(name, old) for name, old in self._boxes if name != key]
        self._boxes.append((key, value))

    def __delitem__(self, key) -> None:
        self._boxes = [(name, value) for name, value in self._boxes if name != key]

    def __iter__(self) -> Iterator:
        return (name for name, _ in self._boxes)

    def __len__(self) -> int:
        return len(self._boxes)


class Bare:
    """Not even a MutableMapping: brackets and `in`, but no `setdefault` and no `get`."""

    def __init__(self) -> None:
        self.held: dict = {}

    def __getitem__(self, key):
        return self.held[key]

    def __setitem__(self, key, value) -> None:
        self.held[key] = value

    def __contains__(self, key) -> bool:
        return key in self.held


def record(epoch: int, loss: float = 1.0) -> EpochRecord:
    return EpochRecord(epoch, {"loss": loss}, 0.1, 0.01)


@pytest.fixture(scope="module")
def filled():
    """A run, and what its callbacks made of three empty mappings."""
    states = {kind: kind() for kind in (dict, Attic, Bare)}
    callbacks = [SessionStateCallback(state, "run-1") for state in states.values()]
    return train(small(epochs=3), callbacks=callbacks), states


@pytest.mark.parametrize("kind", [dict, Attic, Bare])
def test_callback_fills_any_mapping_with_every_epoch_once(filled, kind):
    run, states = filled
    state = states[kind]
    assert list(state[STATE_KEY]) == ["run-1"]
    found = state[STATE_KEY]["run-1"]
    assert list(found) == [0, 1, 2]
    assert {epoch: one.metrics for epoch, one in found.items()} == {
        one.epoch: one.metrics for one in run.records
    }


def test_callback_leaves_what_is_already_there():
    state = {"theme": "dark", STATE_KEY: {"old": {0: record(0)}}}
    train(small(epochs=1), callbacks=[SessionStateCallback(state, "new")])
    assert state["theme"] == "dark"
    assert state[STATE_KEY]["old"] == {0: record(0)}
    assert list(state[STATE_KEY]["new"]) == [0]


def test_callback_fills_the_mapping_while_training_goes_on():
    state: dict = {}
    seen = []
    train(
        small(),
        on_epoch=lambda one: seen.append(len(pushed_epochs(state, "a"))),
        callbacks=[SessionStateCallback(state, "a")],
    )
    # The epoch that ends is pushed after it is recorded, the ones before it are there.
    assert seen == [0, 1]


@pytest.mark.parametrize("kind", [dict, Attic, Bare])
def test_pushing_an_epoch_again_replaces_it(kind):
    state = kind()
    for one in (record(0), record(1), record(0, loss=0.5)):
        push_epoch(state, "a", one)
    assert state[STATE_KEY]["a"] == {0: record(0, loss=0.5), 1: record(1)}


def test_pushed_epochs_come_in_order():
    state: dict = {}
    for epoch in (2, 0, 1):
        push_epoch(state, "a", record(epoch))
    assert pushed_epochs(state, "a") == (record(0), record(1), record(2))


def test_nothing_was_pushed_for_another_run():
    state: dict = {}
    assert pushed_epochs(state, "a") == ()
    push_epoch(state, "a", record(0))
    assert pushed_epochs(state, "b") == ()
