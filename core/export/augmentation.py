"""An experiment's augmentation as Keras layers."""

from __future__ import annotations

from collections.abc import Iterator

from core.experiment.augmentation import FILL_MODE, Augmentation

# What `Dataset.map` is given, after the lines of `augment_lines`; for one batch after the other, so
# that the same seed draws the same.
AUGMENT = "lambda x, y: (augment(x, training=True), y)"


def augment_lines(augmentation: Augmentation) -> list[str]:
    """`augment`, a model of Keras's layers for images from 0 to 1; nothing when all is off.

    They draw other numbers than Epochscope does, from the same ranges, and resample an image once a
    layer.
    """
    calls = [f"        keras.layers.{call}," for call in _calls(augmentation)]
    return ["augment = keras.Sequential(", "    [", *calls, "    ]", ")"] if calls else []


def _calls(augmentation: Augmentation) -> Iterator[str]:
    fill = f'fill_mode="{FILL_MODE}"'
    for mode in ("horizontal", "vertical"):
        # Two layers, for a single one draws one number for both ways.
        if augmentation.flip in (mode, "both"):
            yield f'RandomFlip("{mode}")'
    if share := augmentation.rotation:
        yield f"RandomRotation({share!r}, {fill})"
    if share := augmentation.translation:
        yield f"RandomTranslation({share!r}, {share!r}, {fill})"
    if share := augmentation.zoom:
        yield f"RandomZoom({share!r}, {fill})"
    if share := augmentation.contrast:
        # As one number, Keras would never draw less contrast.
        yield f"RandomContrast(({share!r}, {share!r}), value_range=(0, 1))"
