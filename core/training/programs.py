"""Programs kept from run to run, so that the same structure is not traced again."""

from __future__ import annotations

from collections import OrderedDict

import tensorflow as tf

from core.experiment import Experiment
from core.experiment.layers import Dropout
from core.training.building import build_model, layers_of
from core.training.metrics import build_metrics
from core.training.program import Program


class Programs:
    """The last `keep` programs that were given back, by the structure they are for.

    A program has one model, so it is taken by one run at a time; what a run keeps of its model
    it must copy before it gives the program back.
    """

    def __init__(self, keep: int) -> None:
        self._keep = keep
        self._kept: OrderedDict[str, Program] = OrderedDict()

    def take(self, experiment: Experiment) -> Program:
        """A program at the experiment's first weights: a kept one, if its structure is there."""
        metrics = build_metrics(experiment)
        model = build_model(experiment, metrics)
        kept = self._kept.pop(structure(experiment), None)
        if kept is None:
            kinds = experiment.data.augmentation.kinds
            return Program(model, metrics, labels_spec(experiment), kinds)
        kept.restart(model)
        return kept

    def give_back(self, experiment: Experiment, program: Program) -> None:
        """Keep a program for another run; the one unused for longest is dropped."""
        self._kept[structure(experiment)] = program
        while len(self._kept) > self._keep:
            self._kept.popitem(last=False)


def structure(experiment: Experiment) -> str:
    """What decides the graph of an experiment: equal for two that can share a program.

    Keras's own loop, and the one by hand, have the dropout rate in the graph; all have the mean
    and deviation of scaled targets there.
    """
    training = experiment.training
    layers = [
        "Dropout"
        if isinstance(layer, Dropout) and layer.rate and training.loop == "compiled"
        else layer.model_dump_json()
        for layer in layers_of(experiment)
    ]
    return repr(
        (
            experiment.input_shape,
            layers,
            experiment.loss,
            experiment.metrics,
            experiment.data.card.class_count,
            experiment.data.augmentation.kinds,
            training.loop,
            training.optimizer,
            training.momentum,
            training.nesterov,
            training.weight_decay,
        )
    )


def labels_spec(experiment: Experiment) -> tf.TensorSpec:
    """Shape and type of labels in the form the loss takes (see `labels_for`)."""
    if experiment.one_hot:
        return tf.TensorSpec((None, experiment.data.card.class_count), tf.float32)
    if experiment.outputs == 1:
        return tf.TensorSpec((None, 1), tf.float32)
    return tf.TensorSpec((None,), tf.int64)
