"""The metrics of an experiment; macro precision, recall and F1 equal scikit-learn's.

Keras's own `Precision` and `Recall` pool the classes after a threshold, which is not what the
names mean to most people; these count a confusion matrix and average over the classes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
from keras import ops

from core.experiment import Experiment

Tensor = Any  # a backend tensor, or a symbolic one while Keras traces


class _Macro(keras.metrics.Metric):  # type: ignore[misc]
    """Sums a confusion matrix over the batches; `_score` turns its margins into class scores.

    A class that is neither in the labels nor predicted does not count in the mean, and a
    division by zero gives 0, as in `sklearn.metrics` with `zero_division=0`.

    Given another metric as `counted_by`, it reads that one's matrix and counts nothing itself:
    the three metrics of a model then cost one.
    """

    def __init__(self, class_count: int, name: str, counted_by: _Macro | None = None) -> None:
        super().__init__(name=name)
        self.class_count = class_count
        self.counts = counted_by is None
        self.matrix: keras.Variable = (
            counted_by.matrix
            if counted_by is not None
            else self.add_weight(
                shape=(class_count, class_count), initializer="zeros", name="matrix"
            )
        )

    def update_state(
        self, y_true: Tensor, y_pred: Tensor, sample_weight: Tensor | None = None
    ) -> None:
        """Add a batch. Labels are integers (n,) or (n, 1), or one-hot (n, classes)."""
        if not self.counts:
            return
        true = ops.one_hot(_labels(y_true), self.class_count)
        predicted = ops.one_hot(_labels(y_pred), self.class_count)
        self.matrix.assign_add(ops.matmul(ops.transpose(true), predicted))

    def result(self) -> Tensor:
        """The mean of the class scores, a scalar."""
        hits = ops.diagonal(self.matrix)
        support, predicted = ops.sum(self.matrix, axis=1), ops.sum(self.matrix, axis=0)
        scores = self._score(hits, support, predicted)
        seen = ops.cast(support + predicted > 0, scores.dtype)
        return ops.sum(scores * seen) / ops.maximum(ops.sum(seen), 1)

    def _score(self, hits: Tensor, support: Tensor, predicted: Tensor) -> Tensor:
        raise NotImplementedError


class MacroPrecision(_Macro):
    """Mean over classes of: right among those predicted as the class."""

    def _score(self, hits: Tensor, support: Tensor, predicted: Tensor) -> Tensor:
        return hits / ops.maximum(predicted, 1)


class MacroRecall(_Macro):
    """Mean over classes of: right among those of the class."""

    def _score(self, hits: Tensor, support: Tensor, predicted: Tensor) -> Tensor:
        return hits / ops.maximum(support, 1)


class MacroF1(_Macro):
    """Mean over classes of the harmonic mean of precision and recall."""

    def _score(self, hits: Tensor, support: Tensor, predicted: Tensor) -> Tensor:
        return 2 * hits / ops.maximum(support + predicted, 1)


_MACRO = {"macro_precision": MacroPrecision, "macro_recall": MacroRecall, "macro_f1": MacroF1}
# Objects, not names: Keras makes those of names in the first training step, which it then has
# to trace twice.
_PLAIN: dict[str, Callable[[str], keras.metrics.Metric]] = {
    "mae": keras.metrics.MeanAbsoluteError,
    "mse": keras.metrics.MeanSquaredError,
}


_ACCURACIES = (
    keras.metrics.BinaryAccuracy,
    keras.metrics.CategoricalAccuracy,
    keras.metrics.SparseCategoricalAccuracy,
)


def build_metrics(experiment: Experiment) -> list[keras.metrics.Metric]:
    """The experiment's metrics as Keras objects, in its order and under its names."""
    built: list[keras.metrics.Metric] = []
    counting: _Macro | None = None
    for name in experiment.metrics:
        if name in _MACRO:
            macro = _MACRO[name](experiment.data.card.class_count, name, counting)
            counting = counting or macro
            built.append(macro)
        else:
            built.append(_PLAIN.get(name, _accuracy(experiment))(name))
    return built


def counts_whole_samples(metric: keras.metrics.Metric) -> bool:
    """Whether it only counts, so that its value does not depend on how samples are grouped.

    Sums of other numbers are rounded, in another way in another grouping.
    """
    return isinstance(metric, (_Macro, *_ACCURACIES))


def _accuracy(experiment: Experiment) -> Callable[[str], keras.metrics.Metric]:
    """Share of right samples, for the form the labels have."""
    if experiment.outputs == 1:
        kind = keras.metrics.BinaryAccuracy
    elif experiment.one_hot:
        kind = keras.metrics.CategoricalAccuracy
    else:
        kind = keras.metrics.SparseCategoricalAccuracy
    found: Callable[[str], keras.metrics.Metric] = kind
    return found


def _labels(values: Tensor) -> Tensor:
    """Class numbers (n,) from labels, one-hot rows, softmax rows or one sigmoid column."""
    if len(values.shape) == 1:
        return ops.cast(values, "int32")
    if values.shape[-1] == 1:
        return ops.cast(ops.squeeze(values, -1) > 0.5, "int32")
    return ops.argmax(values, axis=-1)
