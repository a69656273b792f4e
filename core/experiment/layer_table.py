"""A list of layers as the rows of an editable table, and back."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from core.experiment.fields import Part
from core.experiment.layers import LAYER_TYPES, Regularizer

KIND = "Layer"
COLUMNS: dict[str, str] = {
    "output_dim": "Embedding size",
    "units": "Units",
    "filters": "Filters",
    "kernel_size": "Kernel size",
    "pool_size": "Pool size",
    "strides": "Strides",
    "padding": "Padding",
    "return_sequences": "Return sequences",
    "activation": "Activation",
    "rate": "Rate",
    "kernel_regularizer.l1": "Kernel L1",
    "kernel_regularizer.l2": "Kernel L2",
    "bias_regularizer.l1": "Bias L1",
    "bias_regularizer.l2": "Bias L2",
    "momentum": "Momentum",
    "epsilon": "Epsilon",
}


def to_rows(layers: Iterable[Part]) -> list[dict[str, Any]]:
    """One row a layer, column title to value; None where a layer has no such argument."""
    rows = []
    for layer in layers:
        values = _flat(layer)
        cells = {title: values.get(name) for name, title in COLUMNS.items()}
        rows.append({KIND: type(layer).__name__, **cells})
    return rows


def from_rows(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Layer settings for `Experiment.model_validate`, which judges them.

    Cells of arguments a layer does not have are passed over, as are rows left wholly empty; a
    row with values but no layer becomes a layer of kind "" so that it is not lost silently.
    """
    filled = ({name: cell for name, cell in row.items() if not _empty(cell)} for row in rows)
    return [_settings(row) for row in filled if row]


def rows_of(settings: Iterable[object]) -> list[dict[str, Any]]:
    """The rows that `from_rows` makes these settings of, whether or not they can be used."""
    return [_row(one) for one in settings if isinstance(one, Mapping)]


def _row(settings: Mapping[Any, Any]) -> dict[str, Any]:
    cells: dict[str, Any] = {KIND: _cell(settings.get("kind"))}
    for name, title in COLUMNS.items():
        field, _, part = name.partition(".")
        value = settings.get(field)
        if part:
            value = value.get(part) if isinstance(value, Mapping) else None
        cells[title] = _cell(value)
    return cells


def _cell(value: object) -> object:
    return value if isinstance(value, bool | int | float | str) else None


def _settings(row: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(row.get(KIND, ""))
    known = LAYER_TYPES[kind].model_fields if kind in LAYER_TYPES else {}
    settings: dict[str, Any] = {"kind": kind}
    for name, title in COLUMNS.items():
        field, _, part = name.partition(".")
        if title not in row or field not in known:
            continue
        if part:
            settings.setdefault(field, {})[part] = row[title]
        else:
            settings[field] = row[title]
    return settings


def _flat(layer: Part) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in layer:
        if isinstance(value, Regularizer):
            values |= {f"{name}.l1": value.l1 or None, f"{name}.l2": value.l2 or None}
        elif name != "kind":
            values[name] = value
    return values


def _empty(cell: object) -> bool:
    return cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))
