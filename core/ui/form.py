"""The sidebar's settings as session state: defaults, filling in, and reading out."""

from __future__ import annotations

from collections.abc import Callable
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
from core.experiment.training import USUAL_LOSS, USUAL_METRICS
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
_FIRST_VISIT: dict[str, Any] = {"mlp.dropout": 0.2, "data.target_scaling": "standard", "seed": 0}
_UNSET = object()


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
    path = _home(path)
    name = path.rpartition(".")[2]
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


def control_key(path: str) -> str:
    """The key for a field's control that is about to be drawn, which shows the field's value."""
    name, usual = key(path), value(path)
    held = st.session_state.get(name, _UNSET)
    if held is _UNSET or (held is None and usual is not None):
        st.session_state[name] = usual
    return name


def dataset() -> DatasetCard:
    """The dataset chosen."""
    name = st.session_state.setdefault(f"{_PREFIX}.data.dataset", DEFAULT_DATASET)
    own = own_sets.facts(name)
    # A browser may send a title with its arrow when the download has just ended.
    return own.card if own else DATASETS.get(name, DATASETS[DEFAULT_DATASET])


def choose_dataset() -> None:
    """Choose the data that were just added; the default in place of data that were removed.

    Call it before anything of the sidebar is read.
    """
    own_sets.refresh()
    chosen, name = own_sets.to_choose(), st.session_state.get(key("data.dataset"))
    if chosen:
        st.session_state[key("data.dataset")] = chosen
    elif name not in DATASETS and not own_sets.facts(str(name)):
        st.session_state[key("data.dataset")] = DEFAULT_DATASET


def value(path: str) -> Any:
    """What the sidebar holds for a field: until somebody sets it, what one would begin with.

    Only fields that were set or drawn have a place in the session: Streamlit goes through all of
    it for each control it draws.
    """
    held = st.session_state.get(key(path), _UNSET)
    usual = _USUAL.get(path)
    if usual and (held is _UNSET or held is None):
        return usual(dataset())
    return _default(_home(path)) if held is _UNSET else held


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
    names = ("loss", *USUAL_METRICS[dataset().task])
    return (*(f"val_{name}" for name in names), *names)


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
        path, wanted = f"{section}.{name}", getattr(part, name)
        # Dataset and own data are one choice, which is made elsewhere.
        if path not in ("data.dataset", "data.own") and value(path) != wanted:
            st.session_state[key(path)] = wanted


def _fields(part: type[Part]) -> tuple[str, ...]:
    """The fields a section holds; a part of `Data` is a section of its own."""
    return tuple(name for name in part.model_fields if name != "augmentation")


def _home(path: str) -> str:
    """The field that holds what builders share."""
    section, _, name = path.partition(".")
    return f"mlp.{name}" if section in ("cnn", "text") and name in _SHARED else path


def _default(path: str) -> Any:
    section, _, name = path.partition(".")
    if path in _FIRST_VISIT:
        return _FIRST_VISIT[path]
    return False if name in SWITCHED else field_facts(SECTIONS[section], name).default


def _usual_reading(name: str) -> Callable[[DatasetCard], int | None]:
    return lambda card: _reading(Data(dataset=card.name))[name] if card.is_text else None


# What one would begin with, where that depends on the dataset.
_USUAL: dict[str, Callable[[DatasetCard], Any]] = {
    "model": model_choices.usual,
    "training.loss": lambda card: USUAL_LOSS[card.task],
    "data.training_samples": lambda card: card.default_samples or card.train_size,
    "data.scaling": usual_scaling,
    **{name: _usual_reading(name) for name in ("data.vocabulary_size", "data.sequence_length")},
}
