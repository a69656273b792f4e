"""Stopping ends training inside an epoch, keeps the whole ones, and still tests the model."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from core.training import Commit, StopOnRequest, train
from core.training.callbacks import stopping
from tests.training.small import AtBatch, arrays, small

BATCHES = 5  # an epoch


@pytest.fixture(autouse=True)
def checked_at_every_batch(monkeypatch):
    monkeypatch.setattr(stopping, "INTERVAL_S", 0.0)


class Request:
    """A visitor's wish to stop, made during training."""

    def __init__(self) -> None:
        self.made = False

    def make(self, *_args, **_kwargs) -> None:
        self.made = True

    def callback(self) -> StopOnRequest:
        return StopOnRequest(lambda: self.made)


@pytest.fixture(scope="module")
def whole():
    """A run nobody stops."""
    return train(small(), callbacks=[StopOnRequest(lambda: False)])


def stopped_after(batches: int):
    """A run asked to stop once so many batches are trained, and the batches that were."""
    request, trained = Request(), []
    count = keras.callbacks.LambdaCallback(on_train_batch_end=lambda b, logs: trained.append(b))
    hooks = [count, AtBatch(batches - 1, request.make), request.callback()]
    return train(small(epochs=4), callbacks=hooks), trained


@pytest.mark.parametrize(
    ("batches", "kept"), [(BATCHES + 1, 1), (2 * BATCHES, 1), (2 * BATCHES + 1, 2)]
)
def test_stop_within_an_epoch_keeps_the_whole_ones(batches, kept):
    run, trained = stopped_after(batches)
    assert run.outcome == "stopped"
    assert len(trained) == batches
    assert [record.epoch for record in run.records] == list(range(kept))


@pytest.fixture(scope="module")
def stopped():
    """A run stopped in the third epoch."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stopping, "INTERVAL_S", 0.0)
        return stopped_after(2 * BATCHES + 2)[0]


def test_epochs_before_the_stop_are_those_of_a_run_that_was_not_stopped(stopped, whole):
    assert stopped.history == whole.history


def test_stopped_run_is_tested_with_what_it_has_learned(stopped):
    samples = arrays(small())
    expected = stopped.model.evaluate(samples.x_test, samples.y_test, verbose=0)
    assert stopped.evaluation == {"loss": pytest.approx(expected, rel=1e-5)}
    assert stopped.test_outputs.shape == (360, 10)


@pytest.mark.parametrize("loop", ["compiled", "fit", "tape"])
def test_stopped_run_ends_with_what_its_last_whole_epoch_had_learned(loop):
    request, wanted = Request(), small(loop=loop, optimizer="adam", epochs=3)
    hooks = [AtBatch(2 * BATCHES + 2, request.make), request.callback()]
    stopped, expected = train(wanted, callbacks=hooks), train(small(loop=loop, optimizer="adam"))
    assert len(stopped.records) == 2
    assert stopped.evaluation == expected.evaluation
    mine, other = (
        [*run.model.variables, *run.model.optimizer.variables] for run in (stopped, expected)
    )
    for variable, same in zip(mine, other, strict=True):
        np.testing.assert_array_equal(variable, same)


def test_run_that_goes_on_and_is_stopped_at_once_ends_as_it_began():
    snapshots, request = [], Request()
    first = train(small(), callbacks=[Commit(lambda _, take: snapshots.append(take()))])
    request.make()
    again = train(small(epochs=4), callbacks=[request.callback()], start=snapshots[-1])
    assert again.records == ()
    assert again.evaluation == first.evaluation


def test_run_stopped_while_its_best_epoch_is_tested_ends_with_its_last():
    request = Request()
    tested, passes = keras.callbacks.LambdaCallback(), []
    tested.on_predict_begin = lambda logs=None: passes.append(1)
    tested.on_predict_batch_end = lambda batch, logs=None: len(passes) == 2 and request.make()
    wanted = small(epochs=6, optimizer="sgd", learning_rate=0.5)  # the fourth is the best
    run = train(wanted, callbacks=[tested, request.callback()])
    assert (run.outcome, len(passes)) == ("stopped", 2)
    for mine, other in zip(run.model.get_weights(), train(wanted).model.get_weights(), strict=True):
        np.testing.assert_array_equal(mine, other)


def test_stop_in_the_first_epoch_leaves_nothing_to_test():
    run, trained = stopped_after(2)
    assert len(trained) == 2
    assert (run.outcome, run.records, run.evaluation) == ("stopped", (), {})
    assert run.test_outputs is None


def test_stop_during_validation_does_not_keep_the_epoch():
    request = Request()
    validated = keras.callbacks.LambdaCallback()
    validated.on_test_batch_end = request.make
    run = train(small(), callbacks=[validated, request.callback()])
    assert (run.outcome, run.records) == ("stopped", ())


def test_stop_during_the_test_keeps_the_epochs():
    request = Request()
    tested = keras.callbacks.LambdaCallback()
    tested.on_predict_batch_end = request.make
    run = train(small(), callbacks=[tested, request.callback()])
    assert run.outcome == "stopped"
    assert len(run.records) == 2
    assert (run.evaluation, run.test_outputs) == ({}, None)


def test_nobody_asking_changes_nothing(whole):
    assert whole.outcome == "finished"
    assert whole.history == train(small()).history


def test_wish_is_looked_up_no_oftener_than_the_interval(monkeypatch):
    monkeypatch.setattr(stopping, "INTERVAL_S", 1.0)
    now = [50.0]
    monkeypatch.setattr(stopping.time, "monotonic", lambda: now[0])
    looked = []
    callback = StopOnRequest(lambda: bool(looked.append(now[0])))
    for _ in range(30):
        callback.on_train_batch_end(0)
        now[0] += 0.25
    assert looked == [50.0 + second for second in range(8)]


def test_stop_is_raised_only_once_so_that_the_test_can_run():
    callback = StopOnRequest(lambda: True)
    with pytest.raises(stopping.StopRequestedError):
        callback.on_train_batch_end(0)
    assert callback.on_predict_batch_end(0) is None
