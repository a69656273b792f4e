"""A user's own callback gets every hook Keras documents, in every loop as from `model.fit`."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest

from core.training import train
from core.training.train import TrainedRun
from tests.training.calling import LOOPS
from tests.training.small import arrays, small

RELATIVE = 1e-5
EPOCHS, STEPS, VALIDATION_STEPS = 2, 5, 2
TEST_STEPS = 20  # 360 samples by 18
PHASES = ("train", "test", "predict")
HOOKS = (
    *("on_epoch_begin", "on_epoch_end"),
    *(f"on_{phase}_{when}" for phase in PHASES for when in ("begin", "end")),
    *(f"on_{phase}_batch_{when}" for phase in PHASES for when in ("begin", "end")),
)


class Diary(keras.callbacks.Callback):
    """Writes down every hook, with its epoch or batch if it has one, and its logs."""

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[tuple[str, int | None]] = []
        self.logs: list[dict[str, Any]] = []
        self.seen: list[tuple[Any, Any]] = []

    def write(self, hook: str, number: int | None, logs: dict[str, Any] | None) -> None:
        self.entries.append((hook, number))
        self.logs.append(dict(logs or {}))
        self.seen.append((self.model, (self.params or {}).get("steps")))


def _hook(name: str):
    if "epoch" in name or "batch" in name:
        return lambda self, number, logs=None: self.write(name, number, logs)
    return lambda self, logs=None: self.write(name, None, logs)


for hook in HOOKS:
    setattr(Diary, hook, _hook(hook))


@pytest.fixture(scope="module")
def written() -> dict[str, tuple[Diary, TrainedRun]]:
    """What a run in each loop has told, and what came of it."""
    found = {}
    for loop in LOOPS:
        diary = Diary()
        found[loop] = diary, train(small(loop=loop, metrics=["accuracy"]), callbacks=[diary])
    return found


def batches(phase: str, count: int) -> list[tuple[str, int]]:
    whens = ("begin", "end")
    return [(f"on_{phase}_batch_{when}", batch) for batch in range(count) for when in whens]


def training_part(diary: Diary) -> slice:
    return slice(0, diary.entries.index(("on_train_end", None)) + 1)


def test_own_callback_hears_every_hook_of_training_in_order(written):
    expected: list[tuple[str, int | None]] = [("on_train_begin", None)]
    for epoch in range(EPOCHS):
        validation = batches("test", VALIDATION_STEPS)
        expected += [
            ("on_epoch_begin", epoch),
            *batches("train", STEPS),
            *[("on_test_begin", None), *validation, ("on_test_end", None)],
            ("on_epoch_end", epoch),
        ]
    expected.append(("on_train_end", None))
    for loop in LOOPS:
        diary, _ = written[loop]
        assert diary.entries[training_part(diary)] == expected, loop


@pytest.mark.parametrize("loop", LOOPS)
def test_own_callback_hears_every_hook_of_the_test_in_order(written, loop):
    diary, _ = written[loop]
    expected = [
        ("on_predict_begin", None),
        *batches("predict", TEST_STEPS),
        ("on_predict_end", None),
    ]
    assert diary.entries[training_part(diary).stop :] == expected


@pytest.mark.parametrize("loop", ["compiled", "tape"])
def test_logs_of_every_hook_of_training_are_those_of_fit(written, loop):
    diary, by_fit = written[loop][0], written["fit"][0]
    entries = diary.entries[training_part(diary)]
    pairs = zip(diary.logs, by_fit.logs, strict=True)
    for entry, (found, expected) in zip(entries, pairs, strict=False):
        assert found.keys() == expected.keys(), entry
        for name, value in expected.items():
            assert found[name] == pytest.approx(value, rel=RELATIVE), (entry, name)


@pytest.mark.parametrize("loop", LOOPS)
def test_logs_are_numbers_that_python_knows(written, loop):
    diary, _ = written[loop]
    told = [value for logs in diary.logs[training_part(diary)] for value in logs.values()]
    assert told
    assert {type(value) for value in told} == {float}


@pytest.mark.parametrize("loop", LOOPS)
def test_logs_of_the_last_batch_are_those_of_the_epoch(written, loop):
    diary, run = written[loop]
    found = dict(zip(diary.entries, diary.logs, strict=True))  # the last of each
    for name in ("loss", "accuracy"):
        assert found["on_train_batch_end", STEPS - 1][name] == run.history[name][-1]
        assert found["on_test_end", None][name] == run.history[f"val_{name}"][-1]
        assert found["on_train_end", None][name] == run.history[name][-1]


@pytest.mark.parametrize("loop", LOOPS)
def test_outputs_told_at_the_test_batches_are_those_of_the_test(written, loop):
    diary, run = written[loop]
    told = [logs["outputs"] for logs in diary.logs if "outputs" in logs]
    np.testing.assert_array_equal(np.concatenate(told), run.test_outputs)


@pytest.mark.parametrize("loop", LOOPS)
def test_own_callback_knows_the_model_and_the_steps_at_every_hook(written, loop):
    diary, run = written[loop]
    training = training_part(diary)
    assert set(diary.seen[training]) == {(run.model, STEPS)}
    assert set(diary.seen[training.stop :]) == {(run.model, TEST_STEPS)}


@pytest.mark.parametrize("loop", LOOPS)
def test_own_callback_may_change_the_learning_rate_at_a_batch(loop):
    class Freeze(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if batch == STEPS - 1:
                self.model.optimizer.learning_rate = 0.0

    one = small(loop=loop, optimizer="sgd", learning_rate=0.1)
    run = train(one, callbacks=[Freeze()])
    assert [record.learning_rate for record in run.records] == [pytest.approx(0.1), 0.0]
    assert run.history["val_loss"][0] == pytest.approx(run.history["val_loss"][1], rel=RELATIVE)


@pytest.mark.parametrize("loop", LOOPS)
def test_own_callback_may_stop_training_at_a_batch(loop):
    class Enough(keras.callbacks.Callback):
        batches = 0

        def on_train_batch_end(self, batch, logs=None):
            self.batches += 1
            self.model.stop_training = batch == 2

    enough = Enough()
    run = train(small(loop=loop), callbacks=[enough])
    assert enough.batches == 3
    assert [record.epoch for record in run.records] == [0]


@pytest.mark.parametrize("loop", LOOPS)
def test_hooks_without_validation_tell_of_none(loop):
    diary = Diary()
    run = train(small(loop=loop, epochs=1, validation_split=0), callbacks=[diary])
    told = [hook for hook, _ in diary.entries]
    assert not any(hook.startswith("on_test") for hook in told)
    assert told.count("on_train_batch_end") == -(
        -len(arrays(small(validation_split=0)).x_train) // 18
    )
    assert set(run.history) == {"loss"}
