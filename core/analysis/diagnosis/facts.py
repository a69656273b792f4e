"""What is known of a run beside its curves: its settings, its samples and its test."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from core.analysis.intervals import Score
from core.experiment import Experiment
from core.experiment import layers as kinds
from core.experiment.training import USUAL_RATE

Counts = tuple[int, ...]

# Fewer samples of a class may be missed by chance.
FEW_SAMPLES = 5
# A layer of fewer units may be what keeps a network from learning more.
NARROW = 32


@dataclass(frozen=True)
class Facts:
    """One run's settings, and what was found of its samples; what is not known is left out.

    Of numbers to predict, `baseline_loss` is the loss of always answering the mean, `zero_loss`
    that of always answering 0, both on the validation samples, and `test_baseline_loss` the former
    on the test samples. `best_possible` is the accuracy, or the loss, that no network beats but by
    chance, where the data's noise is known. The tuples count samples by class: those there are,
    and those predicted of the validation samples, or else of the test samples. `kept` is the
    position of the epoch whose weights were kept, None for the last. `larger` names a larger
    network that did no better on the same data. `class_names` are those to write, in place of the
    data's own.
    """

    experiment: Experiment
    baseline_loss: float | None = None
    zero_loss: float | None = None
    test_baseline_loss: float | None = None
    best_possible: float | None = None
    train_classes: Counts = ()
    validation_classes: Counts = ()
    test_classes: Counts = ()
    predicted_classes: Counts = ()
    evaluation: Mapping[str, float] = field(default_factory=dict)
    kept: int | None = None
    larger: str = ""
    class_names: tuple[str, ...] = ()

    @property
    def class_count(self) -> int:
        """Number of classes; 0 for regression."""
        return self.experiment.data.card.class_count

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the classes, by label."""
        return self.class_names or self.experiment.data.card.classes

    @property
    def test(self) -> Score | None:
        """How many test samples are right; None without a test, and for numbers."""
        if not self.class_count or "accuracy" not in self.evaluation:
            return None
        count = sum(self.test_classes) or self.experiment.data.card.test_size
        return Score.of(self.evaluation["accuracy"], count)

    @property
    def test_is_useless(self) -> bool:
        """Whether one answer for all does as well on the test samples, within chance."""
        if self.test:
            return self.test.interval.low <= self.constant_test
        found = self.evaluation.get("loss")
        if self.class_count or found is None or not self.test_baseline_loss:
            return False
        return found >= self.test_baseline_loss

    @property
    def held_back(self) -> int:
        """Samples that the run is judged by."""
        tested = self.experiment.data.card.test_size if self.evaluation else 0
        return self.experiment.data.validation_count + tested

    @property
    def chance(self) -> float:
        """Accuracy of guessing among the classes."""
        return 1 / max(1, self.class_count)

    @property
    def constant(self) -> float:
        """Accuracy on the validation samples of always answering their most frequent class."""
        return max(share(self.validation_classes), self.chance)

    @property
    def constant_test(self) -> float:
        """The same on the test samples."""
        return max(share(self.test_classes), self.chance)

    @property
    def is_imbalanced(self) -> bool:
        """Whether always answering one class is far better than guessing."""
        return self.constant > 1.2 * self.chance

    @property
    def unseen(self) -> Counts:
        """Classes that no training sample shows, but some validation or test sample does."""
        held = zip(self.train_classes, self.test_classes, strict=False)
        validation = self.validation_classes or (0,) * len(self.train_classes)
        pairs = zip(held, validation, strict=False)
        return tuple(
            label
            for label, ((trained, tested), held) in enumerate(pairs)
            if not trained and tested + held
        )

    @property
    def never_predicted(self) -> Counts:
        """Classes with several samples of which the network never answers one."""
        there = self.validation_classes or self.test_classes
        pairs = zip(there, self.predicted_classes, strict=False)
        return tuple(
            label
            for label, (count, found) in enumerate(pairs)
            if count >= FEW_SAMPLES and not found
        )

    @property
    def always(self) -> int | None:
        """The class that the network answers for every sample; None if it answers several."""
        found = [label for label, count in enumerate(self.predicted_classes) if count]
        return found[0] if len(found) == 1 else None

    @property
    def untrained_loss(self) -> float | None:
        """The loss of a network that knows nothing; None where weights are penalized too.

        Of even probabilities for k classes: ln k, or for one-hot targets (k - 1) / k² squared and
        2 (k - 1) / k² absolute. Of numbers: always the mean, or 0 where targets are not scaled.
        """
        if self.penalized:
            return None
        if not self.class_count:
            scaled = self.experiment.data.target_scaling != "none"
            return self.baseline_loss if scaled else self.zero_loss
        k = self.class_count
        square = (k - 1) / k**2
        return {"mse": square, "mae": 2 * square}.get(self.experiment.loss, math.log(max(2, k)))

    @property
    def label_noise(self) -> float:
        """Share of the training samples whose label is wrong on purpose."""
        return self.experiment.data.label_noise

    @property
    def labels_are_random(self) -> bool:
        """Whether so many labels are wrong that the right one is no more frequent than others."""
        return bool(self.class_count) and self.label_noise >= 1 - self.chance - 0.005

    @cached_property
    def dropout(self) -> float:
        """The highest rate of a Dropout layer; 0 without any."""
        rates = [layer.rate for layer in self.experiment.layers if isinstance(layer, kinds.Dropout)]
        return max(rates, default=0.0)

    @cached_property
    def penalized(self) -> bool:
        """Whether L1 or L2 weigh on some layer."""
        parts = [value for layer in self.experiment.layers for _, value in layer]
        return any(isinstance(part, kinds.Regularizer) and part.active for part in parts)

    @property
    def augmented(self) -> bool:
        """Whether images are varied while they are trained on."""
        return bool(self.experiment.data.augmentation.kinds)

    @cached_property
    def batch_momentum(self) -> float | None:
        """The highest momentum of a batch normalization; None without any."""
        layers = self.experiment.layers
        found = [one.momentum for one in layers if isinstance(one, kinds.BatchNormalization)]
        return max(found, default=None)

    def initial_share(self, epochs: int) -> float:
        """The share that batch normalization's moving statistics keep of their first values."""
        updates = epochs * self.experiment.batches_per_epoch
        return 0.0 if self.batch_momentum is None else float(self.batch_momentum**updates)

    @cached_property
    def narrowest(self) -> int:
        """Units or filters of the narrowest layer before the output layer; 0 without any."""
        names = ("units", "filters", "output_dim")
        widths = [getattr(one, name, 0) for one in self.experiment.layers for name in names]
        return min([width for width in widths if width][:-1], default=0)

    @property
    def roomy(self) -> bool:
        """Whether no layer is narrow."""
        return self.narrowest >= NARROW

    @property
    def usual_rate(self) -> float:
        """The usual learning rate of the optimizer."""
        return USUAL_RATE[self.experiment.training.optimizer]

    @property
    def momentum(self) -> float:
        """The optimizer's momentum; 0 where it takes none."""
        training = self.experiment.training
        return training.momentum if training.optimizer in ("sgd", "rmsprop") else 0.0

    def rate_ratio(self, rate: float) -> float:
        """How many times the usual rate it is, with what momentum adds to each step."""
        return rate / (1 - self.momentum) / self.usual_rate


def share(counts: Counts) -> float:
    """The share of the most frequent class; 0 without samples."""
    return max(counts) / sum(counts) if sum(counts) else 0.0
