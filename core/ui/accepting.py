"""Whether a value that comes with an address may stand in the sidebar: anybody can write one.

A value a visitor could type is accepted though nothing can be trained with it: the sidebar says so.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from core.experiment import DATASETS, Experiment
from core.experiment.fields import FieldFacts, field_facts
from core.experiment.training import USUAL_METRICS
from core.ui import model_choices
from core.ui.choices import SECTIONS, SWITCHED, Choices

_MOST_INTEGER = 2**53 - 1  # a browser's numbers are exact up to here
_MOST_FLOAT = 1e300
_SLIDES = 2  # fields with an upper bound up to here are drawn as sliders, which have ends


def accepted(choices: Choices, path: str, value: object) -> Any:
    """`value` as the field's control takes it.

    Raises:
        ValueError: a control cannot show it, or the visitor has no such data.
    """
    section, _, name = path.partition(".")
    if path == "data.dataset":
        return _one_of(value, isinstance(value, str) and (value in DATASETS or choices.has(value)))
    if path == "model":
        return _one_of(value, value in model_choices.offered(choices.card))
    if name == "monitor":
        names = ("loss", *USUAL_METRICS[choices.card.task])
        return _one_of(value, value in (*names, *(f"val_{one}" for one in names)))
    if section == "callbacks" and name in SWITCHED:
        return _one_of(value, isinstance(value, bool))
    return _typed(path, value)


def facts_of(path: str) -> FieldFacts:
    """Label, help and bounds of a field of the sidebar."""
    section, _, name = path.partition(".")
    return field_facts(SECTIONS[section], name) if name else field_facts(Experiment, section)


def _one_of(value: object, is_one: bool) -> object:
    if not is_one:
        raise ValueError
    return value


def _typed(path: str, value: object) -> Any:
    try:
        given = tuple(value) if isinstance(value, list) else value
        found = _adapter(path).validate_python(given, strict=True)
    except ValidationError as error:
        raise ValueError from error
    most = _MOST_FLOAT if isinstance(found, float) else _MOST_INTEGER
    if isinstance(found, int | float) and abs(found) > most:
        raise ValueError
    if isinstance(found, float) and not _on_slider(facts_of(path), found):
        raise ValueError
    return found


def _on_slider(facts: FieldFacts, value: float) -> bool:
    top = facts.maximum if facts.maximum is not None else facts.below
    if top is None or top > _SLIDES:
        return True
    return (facts.minimum or 0) <= value <= top and value != facts.below


@cache
def _adapter(path: str) -> TypeAdapter[Any]:
    """The type of a field without its bounds, which the experiment judges."""
    section, _, name = path.partition(".")
    part, name = (SECTIONS[section], name) if name else (Experiment, section)
    annotation: Any = part.model_fields[name].annotation
    return TypeAdapter(annotation)
