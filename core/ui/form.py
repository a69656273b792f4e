"""The sidebar's settings as session state: defaults, filling in, and reading out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import InvalidExperiment, Problem
from core.experiment import (
    CNN,
    DATASETS,
    DEFAULT_DATASET,
    MLP,
    Augmentation,
    Custom,
    Data,
    DatasetCard,
    Experiment,
    TextNetwork,
    Training,
    advise,
    layer_table,
    read,
)
from core.experiment.callbacks import Callbacks, Checkpoint, EarlyStopping, Plateau, Schedule
from core.experiment.data import usual_scaling
from core.experiment.fields import Part, field_facts
from core.experiment.own import OWN
from core.experiment.presets import PRESETS
from core.experiment.training import CLASSIFICATION_METRICS, REGRESSION_METRICS
from core.jobs import Estimate
from core.ui import budget, layer_rows, model_choices, own_sets

_PREFIX = "form"
# Callbacks with settings of their own, each with a switch among those of `callbacks`.
SWITCHED: dict[str, type[Part]] = {
    "early_stopping": EarlyStopping,
    "checkpoint": Checkpoint,
    "schedule": Schedule,
    "plateau": Plateau,
}
SECTIONS: dict[str, type[Part]] = {
    "data": Data,
    "augmentation": Augmentation,
    "training": Training,
    "mlp": MLP,
    "cnn": CNN,
    "text": TextNetwork,
    "callbacks": Callbacks,
    **SWITCHED,
}
# One control serves all builders where they share a knob.
_SHARED = ("activation", "dropout", "batch_normalization", "l1", "l2")
_FIRST_VISIT: dict[str, Any] = {"mlp.dropout": 0.2, "data.target_scaling": "standard"}


@dataclass(frozen=True)
class Draft:
    """What the sidebar says now: an experiment, or the problems that keep it from being one."""

    experiment: Experiment | None
    problems: tuple[Problem, ...] = ()
    advice: tuple[Problem, ...] = ()
    estimate: Estimate | None = None


def key(path: str) -> str:
    """The session-state key of a field, for example of `training.epochs`.

    What means something else for other data has a key for each: a browser that still holds the
    last dataset's number can then not send it as this one's.
    """
    section, _, name = path.partition(".")
    if section in ("cnn", "text") and name in _SHARED:
        path = f"mlp.{name}"
    if path == "model":
        path = f"{path}.{model_choices.kind(dataset())}"
    if path in ("data.training_samples", "data.vocabulary_size", "data.sequence_length"):
        path = f"{path}.{dataset().name}"
    if path == "data.scaling":
        path = f"{path}.{'table' if dataset().is_table else 'other'}"
    if name in ("monitor", "target_scaling"):
        path = f"{path}.{dataset().task}"
    if path == "training.loss":
        path = f"{path}.{dataset().task}.{min(dataset().class_count, 3)}"
    return f"{_PREFIX}.{path}"


def dataset() -> DatasetCard:
    """The dataset chosen."""
    name = st.session_state.setdefault(f"{_PREFIX}.data.dataset", DEFAULT_DATASET)
    own = own_sets.facts(name)
    # A browser may send a title with its arrow when the download has just ended.
    return own.card if own else DATASETS.get(name, DATASETS[DEFAULT_DATASET])


def value(path: str) -> Any:
    """What the sidebar holds for a field."""
    return st.session_state.get(key(path))


def prepare() -> None:
    """Give every field its default, unless the session has a value already."""
    _choose_dataset()
    for section, part in SECTIONS.items():
        for name in _fields(part):
            path = f"{section}.{name}"
            default = False if name in SWITCHED else field_facts(part, name).default
            st.session_state.setdefault(key(path), _FIRST_VISIT.get(path, default))
    st.session_state.setdefault(key("model"), model_choices.usual(dataset()))
    st.session_state.setdefault(key("seed"), 0)
    if value("data.training_samples") is None:
        st.session_state[key("data.training_samples")] = _all_samples(dataset())
    if dataset().is_text:
        for name, usual in _reading(Data(dataset=dataset().name)).items():
            if value(name) is None:
                st.session_state[key(name)] = usual
    if value("data.scaling") is None:
        st.session_state[key("data.scaling")] = usual_scaling(dataset())
    if value("training.loss") is None:
        st.session_state[key("training.loss")] = usual_loss(dataset())


def fill(experiment: Experiment) -> None:
    """Set every control to what `experiment` says. Call it before the controls are drawn."""
    _fill(experiment)
    callbacks = experiment.callbacks
    _put("callbacks", callbacks)
    for section in SWITCHED:
        part = getattr(callbacks, section)
        st.session_state[key(f"callbacks.{section}")] = part is not None
        if part is not None:
            _put(section, part)


def _choose_dataset() -> None:
    """Choose the data that were just added; the default in place of data that were removed."""
    own_sets.refresh()
    chosen, name = own_sets.to_choose(), st.session_state.get(key("data.dataset"))
    if chosen:
        st.session_state[key("data.dataset")] = chosen
    elif name not in DATASETS and not own_sets.facts(str(name)):
        st.session_state[key("data.dataset")] = DEFAULT_DATASET


def _fill(experiment: Experiment) -> None:
    """Set every control but those of the callbacks."""
    if experiment.data.own:
        own_sets.remember(experiment.data.own)
    st.session_state[key("data.dataset")] = experiment.data.card.name  # other keys depend on it
    _put("data", experiment.data)
    _put("augmentation", experiment.data.augmentation)
    _put("training", experiment.training)
    st.session_state[key("seed")] = experiment.seed
    st.session_state[key("data.training_samples")] = experiment.data.pool_count
    st.session_state[key("data.scaling")] = experiment.data.scaler
    for name, used in _reading(experiment.data).items():
        st.session_state[key(name)] = used
    st.session_state[key("training.loss")] = experiment.loss
    model = experiment.model
    if isinstance(model, Custom):
        is_preset = model.preset in PRESETS and PRESETS[model.preset].model == model
        st.session_state[key("model")] = model.preset if is_preset else model_choices.CUSTOM
        layer_rows.replace(dataset(), layer_table.to_rows(model.layers))
    else:
        st.session_state[key("model")] = model.kind
        _put(model.kind, model)


def _reading(data: Data) -> dict[str, int]:
    """What is used of texts, by field."""
    if not data.card.is_text:
        return {}
    return {
        "data.vocabulary_size": data.vocabulary,
        "data.sequence_length": data.sample_shape[0],
    }


def draft() -> Draft:
    """Read all controls and check them together."""
    try:
        experiment = read(_settings())
    except InvalidExperiment as error:
        return Draft(None, error.problems)
    estimate = budget.estimate(experiment)
    refused = own_sets.problems(experiment) + budget.problems(experiment, estimate)
    if refused:
        return Draft(None, refused, estimate=estimate)
    return Draft(experiment, (), advise(experiment), estimate)


def monitors() -> tuple[str, ...]:
    """What callbacks may watch, given the data: which of it is measured, the experiment says."""
    measured = REGRESSION_METRICS if dataset().task == "regression" else CLASSIFICATION_METRICS
    names = ("loss", *measured)
    return (*(f"val_{name}" for name in names), *names)


def usual_loss(card: DatasetCard) -> str:
    """The loss one would choose for a dataset."""
    return "mse" if card.task == "regression" else "sparse_categorical_crossentropy"


def model_changed() -> None:
    """Callback of the Model control: a preset brings its own data size and training settings."""
    preset = PRESETS.get(value("model"))
    if preset is None:
        return
    chosen, loop = dataset().name, value("training.loop")
    before = {name: st.session_state.get(name) for name in (f"{_PREFIX}.model.image",)}
    _fill(preset)
    st.session_state.update({name: held for name, held in before.items() if held is not None})
    st.session_state[key("data.dataset")] = chosen
    st.session_state[key("training.loop")] = loop


def _settings() -> dict[str, Any]:
    data = _get("data")
    if own := own_sets.facts(data["dataset"]):
        data |= {"dataset": OWN, "own": own}
    if not dataset().generated:
        data.pop("noise")
    if dataset().is_image or dataset().is_text:
        data.pop("scaling")
    if not dataset().is_text:
        del data["vocabulary_size"], data["sequence_length"]
    if dataset().is_image:
        data["augmentation"] = _get("augmentation")
    if not dataset().classes:
        data.pop("label_noise")
    else:
        data.pop("target_scaling")
    return {
        "data": data,
        "model": _model(),
        "training": _get("training"),
        "callbacks": _callbacks(),
        "seed": value("seed"),
    }


def _model() -> dict[str, Any]:
    choice = value("model")
    if choice in (model_choices.MLP, model_choices.CNN, model_choices.TEXT):
        return {**_get(choice), "kind": choice}
    if choice in PRESETS:
        return PRESETS[choice].model.model_dump()
    return {
        "kind": model_choices.CUSTOM,
        "layers": layer_table.from_rows(layer_rows.held(dataset())),
    }


def _callbacks() -> dict[str, Any]:
    chosen = _get("callbacks")
    return chosen | {name: _get(name) if chosen[name] else None for name in SWITCHED}


def _get(section: str) -> dict[str, Any]:
    names = _fields(SECTIONS[section])
    return {name: value(f"{section}.{name}") for name in names if name != "kind"}


def _put(section: str, part: Part) -> None:
    for name in _fields(type(part)):
        if (section, name) not in (("data", "dataset"), ("data", "own")):  # together, one choice
            st.session_state[key(f"{section}.{name}")] = getattr(part, name)


def _fields(part: type[Part]) -> tuple[str, ...]:
    """The fields a section holds; a part of `Data` is a section of its own."""
    return tuple(name for name in part.model_fields if name != "augmentation")


def _all_samples(card: DatasetCard) -> int:
    return card.default_samples or card.train_size
