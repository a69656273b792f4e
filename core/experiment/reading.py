"""The way in for settings nobody vouches for: an experiment, or its problems in plain words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from core.errors import InvalidExperiment, Problem
from core.experiment.experiment import Experiment
from core.experiment.fields import FieldFacts, field_facts
from core.experiment.layers import LAYER_TYPES
from core.experiment.models import CNN, MLP, Custom

_TAGS: dict[str, type[BaseModel]] = {"mlp": MLP, "cnn": CNN, "custom": Custom, **LAYER_TYPES}
_UNKNOWN = ("extra_forbidden", "invalid_key")
_NO_SUCH = "there is no such setting. Remove it."
_WANTED = {
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "string": "text",
    "tuple": "a list",
    "model": "a group of settings",
    "dict": "a group of settings",
}


def read(settings: Mapping[str, Any] | str | bytes) -> Experiment:
    """Check a mapping or a JSON text and return the experiment it describes.

    Raises:
        InvalidExperiment: with one `Problem` for everything that is wrong.
    """
    try:
        if isinstance(settings, str | bytes):
            return Experiment.model_validate_json(settings)
        return Experiment.model_validate(settings)
    except ValidationError as error:
        raise InvalidExperiment(explain(error)) from None


def explain(error: ValidationError) -> tuple[Problem, ...]:
    """Every finding of pydantic as a problem: what was given, what is allowed, what to do."""
    return tuple(_problem(detail) for detail in error.errors(include_url=False))


def _problem(detail: ErrorDetails) -> Problem:
    context = detail.get("ctx", {})
    if detail["type"] == "refused":
        return Problem(tuple(context["where"].split(".")), context["message"])
    location = detail["loc"]
    where = tuple(str(step) for step in location if str(step) not in _TAGS)
    if detail["type"] in _UNKNOWN:
        name = location[-1]
        where = (*where, str(name)) if name in _TAGS else where
        return Problem(where, f"{_label(location, _shown(name))}: {_NO_SUCH}")
    facts = _facts(location)
    label = _label(location, facts.label if facts else "Settings")
    return Problem(where, f"{label}: {_finding(detail, facts)}")


def _label(location: tuple[int | str, ...], name: str) -> str:
    """What a finding is about, for example `Units of layer 2`."""
    number = next((step + 1 for step in location if isinstance(step, int)), None)
    if number is None or "layers" not in location:
        return name
    return f"Layer {number}" if isinstance(location[-1], int) else f"{name} of layer {number}"


def _finding(detail: ErrorDetails, facts: FieldFacts | None) -> str:
    """The sentence after the label."""
    kind, given = detail["type"], _shown(detail["input"])
    context = detail.get("ctx", {})
    if kind == "finite_number":
        return f"{given} is not a number one can train with. {_advice(facts)}"
    if kind == "literal_error":
        return f"{given} was given; choose one of {context['expected']}."
    if kind == "union_tag_invalid":
        return f"{_shown(context['tag'])} was given; choose one of {context['expected_tags']}."
    if kind == "union_tag_not_found":
        return f"{given} was given, but it does not say its `kind`. Add one."
    if kind.endswith("too_long"):
        return f"{given} was given, but its length must be at most {context['max_length']}."
    if kind.startswith(("greater_than", "less_than")) and facts:
        return f"{given} was given, but it must be {facts.allowed}. {_advice(facts)}"
    if kind == "json_invalid":
        return "this is not JSON. Paste the whole text of an exported experiment."
    wanted = next((words for start, words in _WANTED.items() if kind.startswith(start)), None)
    expected = f"it must be {wanted}" if wanted else "it cannot be used"
    return f"{given} was given, but {expected}. {_advice(facts)}"


def _advice(facts: FieldFacts | None) -> str:
    if facts is None or facts.default in (None, ()) or isinstance(facts.default, BaseModel):
        return "Correct it, then try again."
    return f"Try {facts.default}."


def _shown(value: object) -> str:
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits; lists without end
        return "Something too long to show"
    return text if len(text) <= 60 else text[:57] + "..."


def _facts(location: tuple[int | str, ...]) -> FieldFacts | None:
    """Walk a pydantic error location down to the field it names."""
    part: type[BaseModel] = Experiment
    facts = None
    for step in map(str, location):
        if step in _TAGS:
            part = _TAGS[step]
        elif step in part.model_fields:
            facts = field_facts(part, step)
            part = _part_of(part.model_fields[step].annotation) or part
    return facts


def _part_of(annotation: Any) -> type[BaseModel] | None:
    """The pydantic class a field holds, if it holds just one."""
    found = [
        item
        for item in (annotation, *get_args(annotation))
        if isinstance(item, type) and issubclass(item, BaseModel)
    ]
    return found[0] if len(found) == 1 else None
