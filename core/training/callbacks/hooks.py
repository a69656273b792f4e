"""Which callbacks want to be called at every batch, so that the loop must stop there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import keras

Phase = Literal["train", "test", "predict"]
_NAMES: dict[Phase, tuple[str, ...]] = {
    "train": ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end"),
    "test": ("on_test_batch_begin", "on_test_batch_end"),
    "predict": ("on_predict_batch_begin", "on_predict_batch_end"),
}


class BetweenCalls(keras.callbacks.Callback):  # type: ignore[misc]
    """A callback whose batch hooks need not be called at every batch, only now and then."""


def wants_every(phase: Phase, callbacks: Iterable[keras.callbacks.Callback]) -> bool:
    """Whether some callback has something to do at every batch of the phase."""
    return any(_overrides(phase, callback) for callback in callbacks)


def _overrides(phase: Phase, callback: keras.callbacks.Callback) -> bool:
    if isinstance(callback, BetweenCalls) or _is_content(callback):
        return False
    hooks = (getattr(callback, name) for name in _NAMES[phase])
    return not all(getattr(hook, "_is_default", False) for hook in hooks)


def _is_content(callback: keras.callbacks.Callback) -> bool:
    """Whether it is one of Keras's own that has batch hooks, but set up so as not to need them."""
    match type(callback):
        case keras.callbacks.TerminateOnNaN:  # reads the mean loss so far: NaN once, NaN ever
            return True
        case keras.callbacks.ModelCheckpoint:
            return bool(callback.save_freq == "epoch")
        case keras.callbacks.TensorBoard:
            per_step = callback.write_steps_per_second or callback._should_trace
            return callback.update_freq == "epoch" and not per_step
        case _:
            return False
