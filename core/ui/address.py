"""The sidebar in the address of a page: who refreshes the page, or is sent the address, has it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

import streamlit as st

from core.errors import EpochscopeError, InvalidExperiment
from core.experiment import Custom, Experiment, layer_table, link
from core.experiment.models import MOST_LAYERS
from core.records import RunRecord
from core.ui import form, layer_rows, model_choices, platform, state
from core.ui.accepting import accepted, facts_of
from core.ui.choices import ALL, Choices, home

URL_SETTINGS = "set"
_LAYERS, _PRIVATE = "layers", "private"
_RESTORED = "epochscope.restored"
_OF_RUN = "epochscope.settings_of_run"
_log = logging.getLogger(__name__)


def restore() -> None:
    """In a new session, begin with the settings of the address, or else of its run."""
    if st.session_state.get(_RESTORED):
        return
    st.session_state[_RESTORED] = True
    text, run = st.query_params.get(URL_SETTINGS), _run()
    if text is not None:
        _take(text)
    elif run is not None:
        form.fill(run.experiment)
        state.keep_private(run.private)


def follow() -> None:
    """Have the address say which run is looked at, and what the sidebar would not say without."""
    run_id = state.selected_run()
    text, said_all = _text(_now())
    wanted = {state.URL_RUN: run_id, URL_SETTINGS: None if text == _without(run_id) else text}
    if not said_all:
        with st.sidebar:
            st.caption("The layers are too many for the address: a refresh would lose them.")
    now = st.query_params
    if all(
        now.get(name) == value for name, value in wanted.items() if name != state.URL_RUN or value
    ):
        return
    others = {name: now.get_all(name) for name in now if name not in wanted}
    now.from_dict({**others, **{name: value for name, value in wanted.items() if value}})


def differs(run: RunRecord) -> bool:
    """Whether the sidebar says anything else than a run was trained with."""
    now = {name: value for name, value in _now().items() if name != _PRIVATE}
    return _text(now)[0] != _remembered(run)


def _text(settings: dict[str, Any]) -> tuple[str, bool]:
    """The settings as a text, and whether there was room for all."""
    text = link.write(settings)
    if len(text) <= link.MOST:
        return text, True
    return link.write({name: one for name, one in settings.items() if name != _LAYERS}), False


def _now() -> dict[str, Any]:
    choices, layers = form.choices(), None
    if choices.value("model") == model_choices.CUSTOM:
        layers = layer_table.from_rows(layer_rows.held(choices.card))
    private = {_PRIVATE: True} if state.wants_private() else {}
    return _set(choices, layers) | private


def _set(choices: Choices, layers: list[dict[str, Any]] | None) -> dict[str, Any]:
    """What is not as usual, by the names it has in an address."""
    slots = {path: choices.slot(path) for path in ALL} if choices.held else {}
    found = {path: choices.held[slot] for path, slot in slots.items() if slot in choices.held}
    return found if layers is None else found | {_LAYERS: layers}


def _without(run_id: str | None) -> str:
    """What a new session would begin with if the address said nothing of settings."""
    known = _known(run_id)
    if known is None:
        run = _run()
        return _remembered(run) if run is not None else link.write({})
    return known


def _known(run_id: str | None) -> str | None:
    held: tuple[str, str] | None = st.session_state.get(_OF_RUN)
    return held[1] if held is not None and held[0] == run_id else None


def _remembered(run: RunRecord) -> str:
    """The settings a run was trained with, as `follow` would write them."""
    found = _known(run.id)
    if found is None:
        found = _of_experiment(run.experiment)
        st.session_state[_OF_RUN] = (run.id, found)
    return found


def _of_experiment(experiment: Experiment) -> str:
    own, layers = experiment.data.own, None
    choices = Choices(lambda name: own if own is not None and own.name == name else None)
    choices.fill(experiment)
    if isinstance(experiment.model, Custom) and choices.value("model") == model_choices.CUSTOM:
        layers = layer_table.from_rows(layer_table.to_rows(experiment.model.layers))
    return _text(_set(choices, layers))[0]


def _run() -> RunRecord | None:
    run_id = state.selected_run()
    if run_id is None:
        return None
    try:
        return platform.library().get(run_id)
    except EpochscopeError as error:
        _log.info("no settings of a run: %s", error, extra={"run": run_id[:40]})
        return None


def _take(text: str) -> None:
    """Set what an address says, and say what of it could not be set."""
    try:
        settings, lost = link.parse(text)
    except InvalidExperiment as error:
        state.leave_message(str(error))
        return
    state.keep_private(settings.pop(_PRIVATE, False) is True)
    layers = settings.pop(_LAYERS, None)
    refused = _put(settings)
    lost += len(set(settings) - set(ALL))
    if isinstance(layers, list):
        layer_rows.replace(form.dataset(), layer_table.rows_of(layers[:MOST_LAYERS]))
    if refused or lost:
        state.leave_message(_told(refused, lost))


def _put(settings: Mapping[str, Any]) -> list[str]:
    """Set the fields named; the labels of those that cannot be."""
    choices, refused = form.choices(), []
    for path in ALL:
        if path not in settings or home(path) != path:
            continue
        try:
            choices.put(path, accepted(choices, path, settings[path]))
        except ValueError:
            refused.append("Model" if path == "model" else facts_of(path).label)
    return refused


def _told(refused: list[str], lost: int) -> str:
    names = [*refused, *([f"{lost} that this version does not know"] if lost else [])]
    return (
        f"Settings in the address that cannot be used: {' and '.join(names)}. They are as usual "
        "now; the others are as the address says."
    )
