"""The base of every experiment part, and what a form needs to know about one field."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal, NamedTuple, NoReturn, get_args, get_origin

import annotated_types
from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError


class Part(BaseModel):
    """A frozen piece of an experiment that refuses unknown fields, NaN and infinity."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def refuse(where: str, message: str) -> NoReturn:
    """Refuse a combination from inside a validator; `where` is the dotted field to blame."""
    raise PydanticCustomError("refused", "{message}", {"message": message, "where": where})


class FieldFacts(NamedTuple):
    """How a field is shown: label, one-line help, default and inclusive or exclusive bounds."""

    label: str
    help: str | None
    default: Any
    minimum: float | None
    maximum: float | None
    above: float | None
    below: float | None
    choices: tuple[str, ...] = ()
    values: type[bool] | type[int] | type[float] | type[str] = float

    @property
    def allowed(self) -> str:
        """The bounds in words, for example `from 1 to 1,000`; empty when there are none."""
        low = f"above {_number(self.above)}" if self.above is not None else None
        low = f"at least {_number(self.minimum)}" if self.minimum is not None else low
        high = f"below {_number(self.below)}" if self.below is not None else None
        high = f"at most {_number(self.maximum)}" if self.maximum is not None else high
        return " and ".join(part for part in (low, high) if part)


@cache
def field_facts(part: type[BaseModel], name: str) -> FieldFacts:
    """Read the label, help, default and bounds of field `name` of `part`."""
    field = part.model_fields[name]
    bounds: dict[str, float] = {}
    for rule in (*field.metadata, *_inner_rules(field.annotation)):
        for kind, key in (
            (annotated_types.Ge, "ge"),
            (annotated_types.Le, "le"),
            (annotated_types.Gt, "gt"),
            (annotated_types.Lt, "lt"),
        ):
            if isinstance(rule, kind):
                bounds[key] = getattr(rule, key)
    return FieldFacts(
        label=field.title or name.replace("_", " ").capitalize(),
        help=field.description,
        default=None if field.is_required() else field.get_default(call_default_factory=True),
        minimum=bounds.get("ge"),
        maximum=bounds.get("le"),
        above=bounds.get("gt"),
        below=bounds.get("lt"),
        choices=_choices(field.annotation),
        values=_values(field.annotation),
    )


def _choices(annotation: Any) -> tuple[str, ...]:
    """The values of a `Literal`; none of any other annotation."""
    return get_args(annotation) if get_origin(annotation) is Literal else ()


def _values(annotation: Any) -> type[bool] | type[int] | type[float] | type[str]:
    """What a simple field holds, `None` aside; text, of any other."""
    inside = [item for mark in get_args(annotation) for item in (mark, *get_args(mark))]
    found = {annotation, *(item for item in inside if isinstance(item, type))}
    return next((kind for kind in (bool, int, float) if kind in found), str)


def _inner_rules(annotation: Any) -> list[Any]:
    """The rules of the value in an annotation such as `Annotated[int, Field(ge=1)] | None`."""
    marks = (mark for item in get_args(annotation) for mark in getattr(item, "__metadata__", ()))
    return [rule for mark in marks for rule in getattr(mark, "metadata", ())]


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) or abs(value) >= 1 else f"{value:g}"
