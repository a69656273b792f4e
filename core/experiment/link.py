"""Settings as a short text for an address: `1~training.epochs-20~data.dataset-moons`, and back.

A version, then a name and a value for each setting. Only letters, digits and `-_.~` occur, which
no address has to escape. Numbers, true, false, null and plain words stand as they are; what is more
than that is JSON, compressed, in base64, after `z.`.
"""

from __future__ import annotations

import binascii
import json
import math
import re
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from typing import Any

from core.errors import InvalidExperiment, Problem
from core.experiment.experiment import Experiment
from core.experiment.fields import Part
from core.experiment.own import OWN, OwnData
from core.experiment.reading import read
from core.experiment.training import USUAL_RATE

VERSION = "1"
MOST = 4_000  # characters
_MOST_BYTES = 200_000  # of what a packed value unpacks to
_NAME = re.compile(r"[a-z][a-z0-9_]*(\.[a-z0-9_]+)*")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_CONSTANTS = {"true": True, "false": False, "null": None}
_PACKED = "z."
Settings = Mapping[str, Any]


def write(settings: Settings) -> str:
    """The text of settings by dotted name; values are what JSON can hold."""
    return "~".join([VERSION, *(f"{name}-{_written(value)}" for name, value in settings.items())])


def parse(text: str) -> tuple[dict[str, Any], int]:
    """The settings a text holds, and how many others in it cannot be read.

    Nothing is known here of what a setting may be: names and values are to be checked.

    Raises:
        InvalidExperiment: the text is too long, or of another version.
    """
    version, *items = text.split("~") if len(text) <= MOST else [""]
    if version != VERSION:
        raise InvalidExperiment((_unreadable(text),))
    found: dict[str, Any] = {}
    lost = 0
    for item in filter(None, items):
        name, _, written = item.partition("-")
        try:
            if not _NAME.fullmatch(name):
                raise ValueError
            found[name] = _value(written)
        except ValueError:
            lost += 1
    return found, lost


def of_experiment(experiment: Experiment) -> str:
    """An experiment as a text, without what is as it is where nothing is said.

    Own data are named by their key alone: who reads it must have them.
    """
    settings = dict(_differing(experiment, ""))
    if experiment.data.own:
        settings = {n: v for n, v in settings.items() if not n.startswith("data.own")}
        settings["data.dataset"] = experiment.data.own.name
    training = experiment.training
    settings.pop("training.learning_rate", None)
    if training.learning_rate != USUAL_RATE[training.optimizer]:
        settings["training.learning_rate"] = training.learning_rate
    return write(settings)


def to_experiment(text: str, own: Mapping[str, OwnData] | None = None) -> Experiment:
    """The experiment a text of `of_experiment` describes; `own` are own data by name.

    Raises:
        InvalidExperiment: with one `Problem` for everything that is wrong.
    """
    settings, lost = parse(text)
    if lost:
        raise InvalidExperiment((_unreadable(text),))
    nested: dict[str, Any] = {}
    for name, value in settings.items():
        *path, last = name.split(".")
        place = nested
        for step in path:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise InvalidExperiment((_unreadable(text),))
        place[last] = value
    data = nested.get("data")
    if isinstance(data, dict) and isinstance(data.get("dataset"), str):
        facts = (own or {}).get(data["dataset"])
        if facts:
            data |= {"dataset": OWN, "own": facts}
    return read(nested)


def _differing(part: Part, before: str) -> Iterator[tuple[str, Any]]:
    """Name and value of every field that is not at its default, and the kind of a model."""
    for name, field in type(part).model_fields.items():
        value, default = getattr(part, name), field.get_default(call_default_factory=True)
        if name == "kind" or value != default:
            yield from _inside(f"{before}{name}", value, default)


def _inside(name: str, value: Any, default: Any) -> Iterator[tuple[str, Any]]:
    if not isinstance(value, Part):
        parts = isinstance(value, tuple)
        yield name, [_plain(one) for one in value] if parts else value
        return
    inside = list(_differing(value, f"{name}."))
    if not inside and not isinstance(default, type(value)):
        yield name, {}  # there, with all of its defaults
    yield from inside


def _plain(value: Any) -> Any:
    return value.model_dump(mode="json") if isinstance(value, Part) else value


def _written(value: Any) -> str:
    if value is None or isinstance(value, bool | int | float):
        return json.dumps(value).replace("+", "")
    if isinstance(value, str) and _WORD.fullmatch(value) and _is_itself(value):
        return value
    packed = zlib.compress(json.dumps(value, separators=(",", ":")).encode(), 9)
    return _PACKED + urlsafe_b64encode(packed).decode().rstrip("=")


def _is_itself(word: str) -> bool:
    return word not in _CONSTANTS and not word.startswith(_PACKED)


def _value(written: str) -> Any:
    """The value a text stands for. Raises ValueError where it stands for none."""
    if written in _CONSTANTS:
        return _CONSTANTS[written]
    if written.startswith(_PACKED):
        return _unpacked(written.removeprefix(_PACKED))
    if _WORD.fullmatch(written):
        return written
    return _json(written)


def _unpacked(written: str) -> Any:
    try:
        packed = urlsafe_b64decode(written + "=" * (-len(written) % 4))
        unpacking = zlib.decompressobj()
        text = unpacking.decompress(packed, _MOST_BYTES)
        if not unpacking.eof:
            raise ValueError
        return _json(text.decode())
    except (binascii.Error, zlib.error, UnicodeDecodeError) as error:
        raise ValueError from error


def _json(text: str) -> Any:
    try:
        value = json.loads(text, parse_constant=_refuse)
    except RecursionError as error:
        raise ValueError from error
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError
    return value


def _refuse(_: str) -> None:
    raise ValueError


def _unreadable(text: str) -> Problem:
    if len(text) > MOST:
        told = f"it has {len(text):,} characters, and at most {MOST:,} are read"
    else:
        told = "it is not from this version of Epochscope, or was cut"
    return Problem((), f"Settings in the address: {told}. Set them in the sidebar.")
