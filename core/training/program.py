"""A model's training and evaluation as TensorFlow functions that run many steps a call.

What Keras does between two steps in Python, and much of what it repeats in each step's graph,
is done once a call here. `README.md` tells what each part of that gave.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import tensorflow as tf

from core.experiment.augmentation import Kind
from core.training.forward import Forward
from core.training.metrics import counts_whole_samples
from core.training.plan import PLAN, Plan
from core.training.updates import build_update
from core.training.varying import vary

Tensor = Any
Step = Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]
_INT = tf.TensorSpec((), tf.int32)
_FLOAT = tf.TensorSpec((), tf.float32)


class Program:
    """The steps of a compiled Sequential model over data in memory.

    The graph is made when a step is first run. Numbers that change from run to run are read
    from variables then: the learning rate, and what share each Dropout layer drops.
    """

    def __init__(
        self,
        model: keras.Sequential,
        metrics: list[keras.metrics.Metric],
        labels: tf.TensorSpec,
        kinds: tuple[Kind, ...] = (),
    ) -> None:
        """`metrics` are those `model` was compiled with; `labels` describes y, (None, …).

        `kinds` says how images are varied while they are trained on.
        """
        self.model = model
        self.metrics = metrics
        self._per_step = [metric for metric in metrics if not counts_whole_samples(metric)]
        self._per_call = [metric for metric in metrics if counts_whole_samples(metric)]
        self._kinds = kinds
        self._loss = keras.losses.get(model.loss)
        self._gradient_scale = float(model.optimizer.scale_loss(1.0))
        self._forward = Forward(model)
        self._update = build_update(model.optimizer, model.trainable_variables)
        samples = (tf.TensorSpec(model.input_shape, model.inputs[0].dtype), labels)
        steps = (_INT, _INT, _INT, _FLOAT)
        self.train = tf.function(self._train, (samples, PLAN, *steps), autograph=False)
        self.test = tf.function(self._test, (samples, *steps), autograph=False)
        self.reset_metrics = tf.function(self._reset_metrics, autograph=False)

    def restart(self, fresh: keras.Sequential) -> None:
        """Take over the weights, optimizer and dropout of a model of the same structure."""
        self._forward.dropouts.set_rates(fresh)
        ours = (*self.model.variables, *self.model.optimizer.variables)
        others = (*fresh.variables, *fresh.optimizer.variables)
        for variable, value in zip(ours, others, strict=True):
            variable.assign(value)

    def _train(
        self,
        samples: tuple[Tensor, Tensor],
        plan: Plan,
        batch_size: Tensor,
        first: Tensor,
        count: Tensor,
        loss_sum: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """Steps `first` to `first + count` of an epoch; the sum of losses and the metrics so far.

        Each step's loss counts as often as it has samples, as in Keras.
        """
        x, y = samples
        model, optimizer = self.model, self.model.optimizer
        begun = tf.convert_to_tensor(optimizer.iterations)
        update = self._update(begun)
        forward = self._forward.begin()

        def step(index: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
            picked, transforms, contrasts = (_slice(values, rows) for values in plan)
            x_batch, y_batch = tf.gather(x, picked), tf.gather(y, picked)
            x_batch = vary(self._kinds, x_batch, transforms, contrasts)
            with tf.GradientTape() as tape:
                predicted = forward(x_batch, index)
                losses, penalty = self._losses(y_batch, predicted)
            size = tf.cast(tf.size(picked), tf.float32)
            scale = tf.constant(self._gradient_scale)
            share = tf.fill(tf.shape(picked), scale / size)  # of each sample in the mean loss
            gradients = tape.gradient(
                [losses, penalty],
                [variable.value for variable in model.trainable_variables],
                [share, scale],
            )
            update(gradients, index)
            self._measure(y_batch, predicted)
            return predicted, tf.reduce_sum(losses) + penalty * size

        outputs, loss_sum = self._loop(step, batch_size, first, count, loss_sum)
        optimizer.iterations.assign(begun + tf.cast(count, begun.dtype))
        self._forward.dropouts.count(count)
        true = tf.gather(y, plan.order[first * batch_size : (first + count) * batch_size])
        return loss_sum, self._results(true, outputs)

    def _test(
        self,
        samples: tuple[Tensor, Tensor],
        batch_size: Tensor,
        first: Tensor,
        count: Tensor,
        loss_sum: Tensor,
    ) -> tuple[Tensor, dict[str, Tensor], Tensor]:
        """As `_train`, in the order of the rows, without learning; the outputs come last."""
        x, y = samples

        def step(index: Tensor, rows: Tensor) -> tuple[Tensor, Tensor]:
            x_batch, y_batch = _slice(x, rows), _slice(y, rows)
            predicted = self.model(x_batch, training=False)
            losses, penalty = self._losses(y_batch, predicted)
            self._measure(y_batch, predicted)
            size = tf.cast(tf.shape(x_batch)[0], tf.float32)
            return predicted, tf.reduce_sum(losses) + penalty * size

        outputs, loss_sum = self._loop(step, batch_size, first, count, loss_sum)
        true = y[first * batch_size : (first + count) * batch_size]
        return loss_sum, self._results(true, outputs), outputs

    def _losses(self, true: Tensor, predicted: Tensor) -> tuple[Tensor, Tensor]:
        """The loss of each sample, (batch,), and the L1 and L2 penalties of the weights."""
        penalties = self.model.losses
        return self._loss(true, predicted), tf.add_n(penalties) if penalties else tf.constant(0.0)

    def _loop(
        self, step: Step, batch_size: Tensor, first: Tensor, count: Tensor, loss_sum: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Run `step(index, rows)` `count` times; all outputs in order, and the losses added up.

        `rows` are the first row of the batch and the row after its last, as `_slice` takes them.
        """
        outputs = tf.TensorArray(
            tf.float32,
            size=count,
            element_shape=(None, *self.model.output_shape[1:]),
            infer_shape=False,
        )
        size = tf.reshape(batch_size, (1,))

        def body(
            index: Tensor, begin: Tensor, outputs: tf.TensorArray, loss_sum: Tensor
        ) -> tuple[Tensor, ...]:
            end = begin + size
            predicted, loss = step(index, (begin, end))
            return index + 1, end, outputs.write(index, predicted), loss_sum + loss

        _, _, outputs, loss_sum = tf.while_loop(
            lambda index, *_: index < count,
            body,
            (tf.constant(0), first * size, outputs, loss_sum),
            parallel_iterations=1,
        )
        return outputs.concat(), loss_sum

    def _measure(self, true: Tensor, predicted: Tensor) -> None:
        for metric in self._per_step:
            metric.update_state(true, predicted)

    def _results(self, true: Tensor, predicted: Tensor) -> dict[str, Tensor]:
        for metric in self._per_call:
            metric.update_state(true, predicted)
        return {metric.name: metric.result() for metric in self.metrics}

    def _reset_metrics(self) -> None:
        for metric in self.metrics:
            metric.reset_state()


def _slice(values: Tensor, rows: tuple[Tensor, Tensor]) -> Tensor:
    """`values[begin:end]` for rows (begin, end) of shape (1,); the last batch may be smaller."""
    begin, end = rows
    return tf.strided_slice(values, begin, end)
