"""One control a field: label and help from the experiment, problems and advice underneath."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, get_args

import streamlit as st

from core.errors import Problem
from core.experiment import Experiment
from core.experiment.fields import FieldFacts, field_facts
from core.ui import form
from core.ui.choices import SECTIONS, SWITCHED


class Controls:
    """Draws controls for the fields of a draft, each with what is wrong with it."""

    def __init__(self, draft: form.Draft) -> None:
        self._draft = draft
        self._shown: set[Problem] = set()

    def number(self, path: str, step: float = 1) -> None:
        """A number of any size; bounds are judged by the experiment, which explains them."""
        _number(path, step)
        self.explain(*_where(path))

    def numbers(self, left: str, right: str, step: float = 1, right_step: float = 1) -> None:
        """Two numbers side by side, and below, where there is room, what is wrong with them."""
        columns = st.columns(2, vertical_alignment="bottom")
        with columns[0]:
            _number(left, step)
        with columns[1]:
            _number(right, right_step)
        self.explain(*_where(left))
        self.explain(*_where(right))

    def share(self, path: str, maximum: float = 0.9, step: float = 0.05) -> None:
        """A slider from 0 for a share or a spread."""
        most = max(maximum, form.value(path))
        key = form.control_key(path)
        value = float(st.session_state[key])
        _widget(st.slider, path, key, min_value=0.0, max_value=most, value=value, step=step)
        self.explain(*_where(path))

    def toggle(self, path: str) -> None:
        """On or off."""
        key = form.control_key(path)
        _widget(st.toggle, path, key, value=st.session_state[key])
        self.explain(*_where(path))

    def choice(self, path: str, titles: Mapping[str, str] | None = None) -> None:
        """One of the field's allowed values, under its title where it has one."""
        titles = titles or {name: name for name in _allowed(path)}
        key, options = form.control_key(path), list(titles)
        _widget(
            st.selectbox,
            path,
            key,
            options=options,
            index=place_of(key, options),
            format_func=lambda name: titles.get(name, name),
        )
        self.explain(*_where(path))

    def explain(self, *where: str) -> None:
        """Show problems and advice of the field at `where`, and of whatever lies inside it."""
        for problem in self._draft.problems:
            if problem.where[: len(where)] == where and problem not in self._shown:
                self._shown.add(problem)
                st.error(problem.message, icon=":material/error:")
        for advice in self._draft.advice:
            if advice.where == where:
                st.warning(advice.message, icon=":material/lightbulb:")

    def needs_usual_model(self) -> bool:
        """Whether the chosen model cannot take the chosen data, which the usual one could."""
        about_model = any(_is_about_model(found.where) for found in self._draft.problems)
        return about_model and not form.dataset().is_image

    def rest(self) -> tuple[Problem, ...]:
        """Problems that no control has shown."""
        return tuple(found for found in self._draft.problems if found not in self._shown)


def _is_about_model(where: tuple[str, ...]) -> bool:
    """Whether a problem is one of the model or of a whole layer, not of one of their settings."""
    return where == ("model",) or (where[:2] == ("model", "layers") and len(where) == 3)


def _number(path: str, step: float) -> None:
    style = "%g" if isinstance(step, float) else "%d"
    key = form.control_key(path)
    value = type(step)(st.session_state[key])
    _widget(st.number_input, path, key, value=value, step=step, format=style)


def place_of(key: str, options: Sequence[object]) -> int:
    """Where in the options of a list the value is that it holds; the first, if it is none."""
    value = st.session_state[key]
    return options.index(value) if value in options else 0


def _widget(widget: Callable[..., Any], path: str, key: str, **arguments: Any) -> None:
    """A control that holds what `form` keeps for it, and is told so each time.

    Streamlit tells a browser once what a script has put there. When the next script begins before
    that was sent, the browser takes the control's own value, and sends it back: zero.
    """
    facts = _facts(path)
    widget(facts.label, key=key, help=facts.help, **arguments)


def _facts(path: str) -> FieldFacts:
    section, _, name = path.partition(".")
    return field_facts(SECTIONS[section], name) if name else field_facts(Experiment, section)


def _allowed(path: str) -> tuple[str, ...]:
    section, _, name = path.partition(".")
    return get_args(SECTIONS[section].model_fields[name].annotation)


def _where(path: str) -> tuple[str, ...]:
    """The place of a field in the experiment: all builders live under `model`."""
    section, _, name = path.partition(".")
    if section in SWITCHED:
        return ("callbacks", section, name)
    if section == "augmentation":
        return ("data", section, name)
    return ("model", name) if section in ("mlp", "cnn", "text") else tuple(path.split("."))
