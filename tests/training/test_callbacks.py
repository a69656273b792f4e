"""Callbacks: a user's own gets every hook, progress is told no oftener than an eye can use."""

from __future__ import annotations

import keras
import pytest

from core.records import Progress
from core.training import ProgressReporter, train
from core.training.callbacks import progress as progress_module
from tests.training.small import small

HOOKS = (
    *("on_train_begin", "on_epoch_begin", "on_train_batch_end"),
    *("on_epoch_end", "on_train_end", "on_predict_end"),
)


class Clock:
    """A clock that goes on by `step_s` every time it is read."""

    def __init__(self, step_s: float) -> None:
        self.now, self.step_s = 100.0, step_s

    def monotonic(self) -> float:
        self.now += self.step_s
        return self.now


class Diary(keras.callbacks.Callback):
    """Someone's own callback that writes down its hooks."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[str] = []
        self.logs: list[dict] = []

    def on_epoch_end(self, epoch, logs=None):
        self.entries.append("on_epoch_end")
        self.logs.append(dict(logs))


for hook in set(HOOKS) - {"on_epoch_end"}:

    def note(self, *_args, _hook=hook, **_kwargs):
        self.entries.append(_hook)

    setattr(Diary, hook, note)


@pytest.fixture(scope="module")
def diary_of_a_run():
    diary = Diary()
    return diary, train(small(), callbacks=iter([diary]))


def test_own_callback_gets_its_hooks_in_order(diary_of_a_run):
    diary, _ = diary_of_a_run
    epoch = ["on_epoch_begin", *["on_train_batch_end"] * 5, "on_epoch_end"]
    assert diary.entries == ["on_train_begin", *epoch, *epoch, "on_train_end", "on_predict_end"]


def test_own_callback_sees_the_metrics_that_are_recorded(diary_of_a_run):
    diary, run = diary_of_a_run
    assert diary.logs == [dict(record.metrics) for record in run.records]


def test_own_callback_may_stop_training_as_kerass_do():
    class Enough(keras.callbacks.Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    run = train(small(epochs=5), callbacks=[Enough()])
    assert len(run.records) == 2
    assert run.outcome == "finished"


def test_callbacks_run_in_their_order():
    order = []

    def named(name):
        return keras.callbacks.LambdaCallback(on_train_begin=lambda logs: order.append(name))

    train(small(epochs=1), callbacks=[named("a"), named("b")])
    assert order == ["a", "b"]


@pytest.fixture(scope="module")
def told():
    """Everything a run has to tell: its clock goes on ten seconds whenever it is read."""
    seen: list[Progress] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(progress_module, "time", Clock(10.0))
        train(small(loop="fit"), callbacks=[ProgressReporter(seen.append)])
    return seen


def test_every_batch_is_told_when_there_is_time(told):
    training = [report for report in told if report.phase == "Training"]
    assert [(report.epoch, report.batch) for report in training] == [
        (epoch, batch) for epoch in (0, 1) for batch in range(6)
    ]
    assert {report.batches for report in training} == {5}


@pytest.mark.parametrize("loop", ["compiled", "fit", "tape"])
def test_means_told_after_the_last_batch_are_those_of_the_epoch(monkeypatch, loop):
    monkeypatch.setattr(progress_module, "time", Clock(10.0))
    seen: list[Progress] = []
    run = train(small(loop=loop), callbacks=[ProgressReporter(seen.append)])
    ends = [one for one in seen if one.phase == "Training" and one.batch == one.batches]
    assert len(ends) == len(run.records)
    for told, record in zip(ends, run.records, strict=True):
        assert "loss" in told.means
        for name in told.means:
            assert told.means[name] == pytest.approx(record.metrics[name], rel=1e-6)


def test_reporting_means_changes_no_bit_of_training(monkeypatch):
    monkeypatch.setattr(progress_module, "time", Clock(10.0))
    watched = train(small(), callbacks=[ProgressReporter(lambda progress: None)])
    assert watched.history == train(small()).history


def test_validation_and_test_are_told_as_phases(told):
    phases = list(dict.fromkeys(report.phase for report in told))
    assert phases == ["Training", "Validating", "Testing"]


@pytest.mark.parametrize(("step_s", "batches"), [(10.0, range(20)), (0.0625, range(0, 20, 4))])
def test_reports_are_a_quarter_of_a_second_apart(monkeypatch, step_s, batches):
    assert progress_module.INTERVAL_S == 0.25
    monkeypatch.setattr(progress_module, "time", Clock(step_s))
    seen: list[Progress] = []
    reporter = ProgressReporter(seen.append)
    reporter.set_params({"steps": 20})
    for batch in range(20):
        reporter.on_train_batch_end(batch)
    assert seen == [Progress("Training", 0, batch + 1, 20) for batch in batches]


def test_no_time_passed_means_one_report(monkeypatch):
    monkeypatch.setattr(progress_module, "time", Clock(0.0))
    seen: list[Progress] = []
    reporter = ProgressReporter(seen.append)
    reporter.on_epoch_begin(3)
    for batch in range(100):
        reporter.on_train_batch_end(batch)
        reporter.on_test_batch_end(batch)
    assert seen == [Progress("Training", epoch=3)]
