"""The sidebar's settings as session state: defaults, filling in, and reading out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from core.errors import InvalidExperiment, Problem
from core.experiment import (
    CNN,
    DATASETS,
    DEFAULT_DATASET,
    MLP,
    Custom,
    Data,
    DatasetCard,
    Experiment,
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
from core.ui import budget, own_sets

MLP_CHOICE, CNN_CHOICE, CUSTOM_CHOICE = "mlp", "cnn", "custom"
_ROWS = "epochscope.layer_rows"
_VERSION = "epochscope.layer_rows_version"
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
    "training": Training,
    "mlp": MLP,
    "cnn": CNN,
    "callbacks": Callbacks,
    **SWITCHED,
}
# One control serves both builders where they share a knob.
_SHARED = ("activation", "dropout", "batch_normalization", "l1", "l2")
_FIRST_VISIT: dict[str, Any] = {"mlp.dropout": 0.2}


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
    if section == "cnn" and name in _SHARED:
        path = f"mlp.{name}"
    if path == "data.training_samples":
        path = f"{path}.{dataset().name}"
    if path == "data.scaling":
        path = f"{path}.{'table' if dataset().is_table else 'other'}"
    if name == "monitor":
        path = f"{path}.{dataset().task}"
    if path == "training.loss":
        path = f"{path}.{dataset().task}.{min(dataset().class_count, 3)}"
    return f"{_PREFIX}.{path}"


def dataset() -> DatasetCard:
    """The dataset chosen."""
    name = st.session_state.setdefault(f"{_PREFIX}.data.dataset", DEFAULT_DATASET)
    own = own_sets.facts(name)
    return own.card if own else DATASETS[name]


def value(path: str) -> Any:
    """What the sidebar holds for a field."""
    return st.session_state.get(key(path))


def prepare() -> None:
    """Give every field its default, unless the session has a value already."""
    _choose_dataset()
    for section, part in SECTIONS.items():
        for name in part.model_fields:
            path = f"{section}.{name}"
            default = False if name in SWITCHED else field_facts(part, name).default
            st.session_state.setdefault(key(path), _FIRST_VISIT.get(path, default))
    st.session_state.setdefault(key("model"), MLP_CHOICE)
    st.session_state.setdefault(key("seed"), 0)
    if value("data.training_samples") is None:
        st.session_state[key("data.training_samples")] = _all_samples(dataset())
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
    _put("training", experiment.training)
    st.session_state[key("seed")] = experiment.seed
    st.session_state[key("data.training_samples")] = experiment.data.pool_count
    st.session_state[key("data.scaling")] = experiment.data.scaler
    st.session_state[key("training.loss")] = experiment.loss
    model = experiment.model
    if isinstance(model, Custom):
        is_preset = model.preset in PRESETS and PRESETS[model.preset].model == model
        st.session_state[key("model")] = model.preset if is_preset else CUSTOM_CHOICE
        set_rows(layer_table.to_rows(model.layers))
    else:
        st.session_state[key("model")] = model.kind
        _put(model.kind, model)


def set_rows(rows: list[dict[str, Any]]) -> None:
    """Replace the custom model's layer table from outside the table's editor."""
    st.session_state[_ROWS] = rows
    st.session_state[_VERSION] = rows_version() + 1


def edit_rows(rows: list[dict[str, Any]]) -> None:
    """Take over what the table's editor holds."""
    st.session_state[_ROWS] = rows


def rows() -> list[dict[str, Any]]:
    """The custom model's layer table; at first that of a small dense network."""
    first = layer_table.to_rows(PRESETS["mlp-basic"].model.hidden())
    found: list[dict[str, Any]] = st.session_state.setdefault(_ROWS, first)
    return found


def rows_version() -> int:
    """Grows whenever the table is replaced from outside its editor."""
    return int(st.session_state.get(_VERSION, 0))


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
    _fill(preset)
    st.session_state[key("data.dataset")] = chosen
    st.session_state[key("training.loop")] = loop


def _settings() -> dict[str, Any]:
    data = _get("data")
    if own := own_sets.facts(data["dataset"]):
        data |= {"dataset": OWN, "own": own}
    if not dataset().generated:
        data.pop("noise")
    if dataset().is_image:
        data.pop("scaling")
    if not dataset().classes:
        data.pop("label_noise")
    return {
        "data": data,
        "model": _model(),
        "training": _get("training"),
        "callbacks": _callbacks(),
        "seed": value("seed"),
    }


def _model() -> dict[str, Any]:
    choice = value("model")
    if choice in (MLP_CHOICE, CNN_CHOICE):
        return {**_get(choice), "kind": choice}
    if choice in PRESETS:
        return PRESETS[choice].model.model_dump()
    return {"kind": CUSTOM_CHOICE, "layers": layer_table.from_rows(rows())}


def _callbacks() -> dict[str, Any]:
    chosen = _get("callbacks")
    return chosen | {name: _get(name) if chosen[name] else None for name in SWITCHED}


def _get(section: str) -> dict[str, Any]:
    names = SECTIONS[section].model_fields
    return {name: value(f"{section}.{name}") for name in names if name != "kind"}


def _put(section: str, part: Part) -> None:
    held: Mapping[str, Any] = dict(part)
    for name, content in held.items():
        if (section, name) in (("data", "dataset"), ("data", "own")):  # together, one choice
            continue
        st.session_state[key(f"{section}.{name}")] = content


def _all_samples(card: DatasetCard) -> int:
    return card.default_samples or card.train_size
