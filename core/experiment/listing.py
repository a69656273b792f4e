"""Every setting of an experiment that has an effect, with its label and its value in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from core.experiment.augmentation import FLIP_TITLES
from core.experiment.callbacks import SCHEDULE_TITLES, Schedule
from core.experiment.data import SCALING_TITLES, TARGET_SCALING_TITLES, Data, usual_scaling
from core.experiment.experiment import Experiment
from core.experiment.fields import Part, field_facts
from core.experiment.models import READER_TITLES, Custom
from core.experiment.presets import PRESETS
from core.experiment.training import (
    LOOP_TITLES,
    LOSS_TITLES,
    OPTIMIZER_TITLES,
    USUAL_LOSS,
    USUAL_METRICS,
    USUAL_RATE,
    Training,
)

MODEL_TITLES = {"mlp": "MLP", "cnn": "CNN", "text": "Text network", "custom": "Custom layers"}
_TITLES: Mapping[str, Mapping[str, str]] = {
    "data.scaling": SCALING_TITLES,
    "data.target_scaling": TARGET_SCALING_TITLES,
    "data.augmentation.flip": FLIP_TITLES,
    "model.reader": READER_TITLES,
    "training.optimizer": OPTIMIZER_TITLES,
    "training.loss": LOSS_TITLES,
    "training.loop": LOOP_TITLES,
}
# How a value reads in a run's name where its label before the value would not read well.
_WORDS = {
    "data.training_samples": "{} samples",
    "data.scaling": "{} scaling",
    "data.vocabulary_size": "vocabulary {}",
    "model.hidden_layers": "{} hidden layers",
    "model.units": "{} units",
    "model.dense_units": "{} dense units",
    "model.reader_units": "{} reading units",
    "model.reader": "{}",
    "layer.units": "{} units",
    "layer.filters": "{} filters",
    "model.blocks": "{} blocks",
    "model.convolutions": "{} convolutions per block",
    "model.filters": "{} filters",
    "training.optimizer": "{}",
    "training.loss": "{}",
    "training.loop": "{}",
    "training.epochs": "{} epochs",
    "training.batch_size": "batch {}",
}
_WITH_MOMENTUM = ("sgd", "rmsprop")
_DROPPING = ("step", "exponential")


@dataclass(frozen=True)
class Setting:
    """One setting: its label, its value as text, and the words that stand for it in a name.

    `number` is the value if it is a number. `usual` tells that nobody chose it: it is the default,
    or follows from the data.
    """

    label: str
    value: str
    words: str
    number: float | None = None
    usual: bool = False


@lru_cache(maxsize=512)
def settings_of(experiment: Experiment) -> Mapping[str, Setting]:
    """The settings by dotted name, in the order of the sidebar; those without effect left out.

    Layers made by hand are not among them: see `layers_of`.
    """
    return dict(_listed(experiment))


def layers_of(experiment: Experiment) -> tuple[Part, ...]:
    """The layers made by hand, in order; none where a builder or a preset makes them."""
    model = experiment.model
    return model.layers if isinstance(model, Custom) and not preset_of(experiment) else ()


def preset_of(experiment: Experiment) -> str:
    """The preset whose layers the model has; empty if it has none."""
    model = experiment.model
    name = model.preset if isinstance(model, Custom) else None
    same = name in PRESETS and PRESETS[name].model.hidden() == model.hidden()
    return name if name and same else ""


def field_setting(key: str, part: Part, name: str, group: str = "") -> Setting:
    """The setting a field of `part` is, under the dotted name `key`; `group` is what it is of."""
    facts, given = field_facts(type(part), name), getattr(part, name)
    text = _text(key, given)
    label = f"{group}: {_lower(facts.label)}" if group else facts.label
    named = _lower(facts.label)
    if group:
        named = f"{_lower(group)} {named}"
    number = None if isinstance(given, bool | str) else given
    usual = given == facts.default
    return Setting(label, text, _words(key, named, given, text), number, usual)


def _listed(experiment: Experiment) -> Iterator[tuple[str, Setting]]:
    yield from _data(experiment.data)
    yield from _model(experiment)
    yield from _training(experiment)
    yield from _callbacks(experiment)
    yield "seed", field_setting("seed", experiment, "seed")


def _data(data: Data) -> Iterator[tuple[str, Setting]]:
    card = data.card
    yield "data.dataset", Setting("Dataset", card.title, card.title)
    followed = {
        "training_samples": (data.pool_count, card.default_samples or card.train_size),
        "scaling": (data.scaler, usual_scaling(card)),
        "vocabulary_size": (data.vocabulary, data.model_copy(update=_UNSET).vocabulary),
        "sequence_length": (data.sample_shape[0], data.model_copy(update=_UNSET).sample_shape[0]),
    }
    is_class, table = card.task == "classification", not (card.is_image or card.is_text)
    shown = {
        "scaling": table,
        "target_scaling": not is_class,
        "label_noise": is_class,
        "vocabulary_size": card.is_text,
        "sequence_length": card.is_text,
        "noise": card.generated,
    }
    without = {"dataset", "own", "augmentation"}
    for name in Data.model_fields:
        if name in without or not shown.get(name, True):
            continue
        if name in followed:
            yield f"data.{name}", _followed(f"data.{name}", data, name, *followed[name])
        else:
            yield f"data.{name}", field_setting(f"data.{name}", data, name)
    if card.is_image:
        for name in type(data.augmentation).model_fields:
            key = f"data.augmentation.{name}"
            yield key, field_setting(key, data.augmentation, name)


_UNSET = {"vocabulary_size": None, "sequence_length": None}


def _model(experiment: Experiment) -> Iterator[tuple[str, Setting]]:
    model = experiment.model
    title = preset_of(experiment) or MODEL_TITLES[model.kind]
    yield "model", Setting("Model", title, title)
    if isinstance(model, Custom):
        return
    without = {"kind", *_without_effect(model)}
    for name in type(model).model_fields:
        if name not in without:
            key, found = f"model.{name}", field_setting(f"model.{name}", model, name)
            # Two builders call their dense layers' units the same, an MLP those of all layers.
            yield key, replace(found, label="Dense units") if name == "dense_units" else found


def _without_effect(model: Part) -> set[str]:
    """The fields of a builder that change nothing beside its others."""
    found: set[str] = set()
    if getattr(model, "hidden_layers", 1) == 0:
        found |= {"units", "activation", "dropout", "batch_normalization", "l1", "l2"}
    if getattr(model, "dense_units", 1) == 0:
        found.add("dense_dropout")
    reader = getattr(model, "reader", None)
    if reader == "average":
        found.add("reader_units")
    if reader not in (None, "convolution"):
        found.add("kernel_size")
    return found


def _training(experiment: Experiment) -> Iterator[tuple[str, Setting]]:
    training, task = experiment.training, experiment.data.card.task
    with_momentum = training.optimizer in _WITH_MOMENTUM
    shown = {
        "momentum": with_momentum,
        "nesterov": training.optimizer == "sgd" and training.momentum > 0,
        "weight_decay": training.optimizer == "adamw",
    }
    for name in Training.model_fields:
        key = f"training.{name}"
        if not shown.get(name, True):
            continue
        if name == "loss":
            yield key, _followed(key, training, name, experiment.loss, USUAL_LOSS[task])
        elif name == "metrics":
            text = ", ".join(name.replace("_", " ") for name in experiment.metrics) or "none"
            usual = set(experiment.metrics) == set(USUAL_METRICS[task])
            yield key, Setting("Metrics", text, f"metrics {text}", usual=usual)
        else:
            found = field_setting(key, training, name)
            if name == "optimizer":  # what one looks for first: none goes without saying
                found = replace(found, usual=False)
            elif name == "learning_rate":
                usual = training.learning_rate == USUAL_RATE[training.optimizer]
                found = replace(found, usual=usual)
            yield key, found


def _callbacks(experiment: Experiment) -> Iterator[tuple[str, Setting]]:
    callbacks = experiment.callbacks
    for name in type(callbacks).model_fields:
        key, part = f"callbacks.{name}", getattr(callbacks, name)
        if isinstance(part, bool):
            yield key, field_setting(key, callbacks, name)
            continue
        label = field_facts(type(callbacks), name).label
        value, words = _switch(part, _lower(label))
        yield key, Setting(label, value, words, usual=part is None)
        if part is None:
            continue
        without = _unused(part) if isinstance(part, Schedule) else set()
        for inner in type(part).model_fields:
            if inner not in without:
                yield f"{key}.{inner}", field_setting(f"{key}.{inner}", part, inner, label)


def _switch(part: Part | None, name: str) -> tuple[str, str]:
    """Whether a callback is there, as a value and in words; a schedule is called by its shape."""
    if part is None:
        return "off", f"no {name}"
    if isinstance(part, Schedule):
        shape = SCHEDULE_TITLES[part.kind].partition(":")[0]
        return shape, f"{shape.lower()} schedule"
    return "on", name


def _unused(schedule: Schedule) -> set[str]:
    uses = {"factor": _DROPPING, "every": ("step",), "final_share": ("cosine",)}
    return {"kind", *(name for name, kinds in uses.items() if schedule.kind not in kinds)}


def _followed(key: str, part: Part, name: str, value: Any, usual: Any) -> Setting:
    """A setting that follows from the data unless it is chosen."""
    found = field_setting(key, part.model_copy(update={name: value}), name)
    return replace(found, usual=value == usual)


def _text(key: str, value: Any) -> str:
    """A value as people write it; of a title only what stands before its explanation."""
    if key in _TITLES:
        return _TITLES[key].get(value, str(value)).partition(": ")[0].partition(" (")[0]
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _words(key: str, named: str, value: Any, text: str) -> str:
    if isinstance(value, bool):
        return named if value else f"no {named}"
    if key in _WORDS:
        shown = text if key.startswith("training.") or key == "model.reader" else _lower(text)
        words = _WORDS[key].format(shown)
        words = words.replace("None ", "no ").replace("none ", "no ")
        return words.removesuffix("s") if words == "1 hidden layers" else words
    if value in (0, "none") and not key.endswith(("seed", "patience", "epochs")):
        return f"no {named}"
    return f"{named} {_lower(text) if key in _TITLES else text}"


def _lower(label: str) -> str:
    """A label inside a sentence; `L2`, `CSV log` and `TensorBoard` stay as they are."""
    is_name = not label[1:2].islower() or label == "TensorBoard"
    return label if is_name else label[0].lower() + label[1:]
