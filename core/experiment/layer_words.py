"""Layers made by hand in words: their fields as settings, and a whole layer in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from core.experiment.fields import Part
from core.experiment.listing import Setting, field_setting

# The field that says most of a layer.
_SIZES = ("units", "filters", "rate", "output_dim", "pool_size", "activation")


def layer_settings(place: int, layer: Part) -> Mapping[str, Setting]:
    """The fields of the layer at `place` (from 0), as settings by dotted name."""
    kind = type(layer).__name__
    return {
        name: Setting(
            f"Layer {place + 1} ({kind}): {found.label[0].lower()}{found.label[1:]}",
            found.value,
            f"layer {place + 1}: {kind} {found.words}",
            found.number,
            found.usual,
        )
        for name, found in _fields(layer)
    }


def brief(layer: Part) -> str:
    """A layer's kind and size, for example `Dense 64`."""
    size = next((str(getattr(layer, name)) for name in _SIZES if hasattr(layer, name)), "")
    return f"{type(layer).__name__} {size}".rstrip()


def whole(layer: Part) -> str:
    """A layer's kind and size, and all else that is not as usual: `Dense 64 (activation relu)`."""
    size = next((name for name in _SIZES if hasattr(layer, name)), "")
    rest = [found.words for name, found in _fields(layer) if name != size and not found.usual]
    return f"{brief(layer)} ({', '.join(rest)})" if rest else brief(layer)


def _fields(layer: Part) -> Iterator[tuple[str, Setting]]:
    for name in type(layer).model_fields:
        value = getattr(layer, name)
        if isinstance(value, Part):
            group = name.replace("_", " ").capitalize()
            for inner in type(value).model_fields:
                key = f"layer.{name}.{inner}"
                yield key, field_setting(key, value, inner, group)
        elif name != "kind":
            yield name, field_setting(f"layer.{name}", layer, name)
