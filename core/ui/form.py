"""The sidebar's settings in the session: kept, filled in, and read out as an experiment."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from core.errors import InvalidExperiment, Problem
from core.experiment import (
    DATASETS,
    DEFAULT_DATASET,
    Custom,
    DatasetCard,
    Experiment,
    advise,
    layer_table,
    read,
)
from core.experiment.own import OWN
from core.experiment.presets import PRESETS
from core.experiment.training import USUAL_METRICS
from core.jobs import Estimate
from core.ui import budget, layer_rows, model_choices, own_sets
from core.ui.choices import SECTIONS, SWITCHED, VARYING, Choices, fields

_PREFIX = "form"
_SHEET = "epochscope.sheet"
_UNSET = object()


@dataclass(frozen=True)
class Draft:
    """What the sidebar says now: an experiment, or the problems that keep it from being one."""

    experiment: Experiment | None
    problems: tuple[Problem, ...] = ()
    advice: tuple[Problem, ...] = ()
    estimate: Estimate | None = None


@dataclass(frozen=True)
class _Drawn:
    """A control as it was drawn last."""

    slot: str
    usual: Any
    shown: Any


@dataclass
class _Sheet:
    """All of the session that is the sidebar's; one entry, since each look at it takes a while.

    `drawn` are the controls by their keys, which have changed `generation` times.
    """

    choices: Choices = field(default_factory=lambda: Choices(own_sets.facts))
    drawn: dict[str, _Drawn] = field(default_factory=dict)
    generation: int = 0


def choices() -> Choices:
    """What the visitor has set so far."""
    return _sheet().choices


def key(path: str) -> str:
    """The session-state key of a field's control, for example of `seed`.

    A control is another one wherever something else is usual, and after settings were filled in:
    a browser that still holds the last dataset's number can then not send it as this one's.
    """
    sheet = _sheet()
    return _key(sheet, path, sheet.choices.slot(path), sheet.choices.usual(path))


def control_key(path: str) -> str:
    """The key for a field's control that is about to be drawn, which shows the field's value."""
    sheet = _sheet()
    slot, usual = sheet.choices.slot(path), sheet.choices.usual(path)
    name, shown = _key(sheet, path, slot, usual), sheet.choices.held.get(slot, usual)
    if st.session_state.get(name, _UNSET) != shown:
        st.session_state[name] = shown
    sheet.drawn[name] = _Drawn(slot, usual, shown)
    return name


def collect() -> None:
    """Take over what the visitor has changed since the controls were drawn.

    A number may arrive together with the click on a button, before its control is drawn again.
    """
    sheet = _sheet()
    for name, control in list(sheet.drawn.items()):
        value = st.session_state.get(name, _UNSET)
        if value is _UNSET:
            del sheet.drawn[name]
        elif value != control.shown:
            sheet.choices.put_slot(control.slot, control.usual, value)
            sheet.drawn[name] = _Drawn(control.slot, control.usual, value)


def dataset() -> DatasetCard:
    """The dataset chosen."""
    return choices().card


def choose_dataset() -> None:
    """Choose the data that were just added; the default in place of data that were removed.

    Call it before anything of the sidebar is read.
    """
    collect()
    chosen, name = own_sets.to_choose(), choices().value("data.dataset")
    if chosen:
        put("data.dataset", chosen)
    elif name not in DATASETS and not own_sets.facts(str(name)):
        put("data.dataset", DEFAULT_DATASET)


def value(path: str) -> Any:
    """What the sidebar holds for a field: until somebody sets it, what is usual for the data."""
    return choices().value(path)


def put(path: str, value: Any) -> None:
    """Set a field as the visitor would. Call it before its control is drawn."""
    collect()
    choices().put(path, value)
    _forget_drawn()


def fill(experiment: Experiment) -> None:
    """Set every control to what `experiment` says. Call it before the controls are drawn."""
    if experiment.data.own:
        own_sets.remember(experiment.data.own)
    choices().fill(experiment)
    if isinstance(experiment.model, Custom):
        layer_rows.replace(dataset(), layer_table.to_rows(experiment.model.layers))
    _forget_drawn()


def draft() -> Draft:
    """Read all controls and check them together."""
    collect()
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
    collect()
    if value("model") in PRESETS:
        choices().take_preset()
        _forget_drawn()


def edit_preset(name: str) -> None:
    """Turn a preset into custom layers that train as the preset does."""
    collect()
    layer_rows.replace(dataset(), layer_table.to_rows(PRESETS[name].model.hidden()))
    choices().put("model", model_choices.CUSTOM)
    choices().keep_brought(name)
    _forget_drawn()


def _sheet() -> _Sheet:
    found: _Sheet | None = st.session_state.get(_SHEET)
    if found is None:
        st.session_state[_SHEET] = found = _Sheet()
    return found


def _key(sheet: _Sheet, path: str, slot: str, usual: Any) -> str:
    name = f"{_PREFIX}.{slot}.{usual}" if path in VARYING else f"{_PREFIX}.{slot}"
    return f"{name}.{sheet.generation}" if sheet.generation else name


def _forget_drawn() -> None:
    """What controls hold is older than what was set: draw others in their place."""
    sheet = _sheet()
    if sheet.drawn:
        sheet.drawn.clear()
        sheet.generation += 1


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
    found = choices()
    return {name: found.value(f"{section}.{name}") for name in fields(SECTIONS[section])}
