"""Images varied with TensorFlow are those Keras's layers make of the same draws."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from core.data import Variations, draw_variations, varied
from core.experiment import Augmentation
from core.training import varying
from core.training.varying import vary

# Pixels from 0 to 1. Places are added up in another order: a few millionths of a pixel's width.
TOLERANCE = 2e-5
SHAPES = ((8, 8, 1), (28, 28, 1), (9, 14, 3))
SETTINGS: dict[str, dict[str, Any]] = {
    "flip": {"flip": "both"},
    "rotation": {"rotation": 0.5},
    "translation": {"translation": 0.4},
    "zoom": {"zoom": 0.5},
    "contrast": {"contrast": 1},
    "all": {"flip": "both", "rotation": 0.2, "translation": 0.2, "zoom": 0.3, "contrast": 0.5},
}
COUNT = 16


def images(shape: tuple[int, ...], count: int = COUNT) -> np.ndarray:
    return np.random.default_rng(0).random((count, *shape), dtype=np.float32)


def drawn(shape: tuple[int, ...], count: int = COUNT, **settings: Any) -> Variations:
    return draw_variations(
        Augmentation.model_validate(settings), shape, count, np.random.default_rng(1)
    )


def by_tensorflow(x: np.ndarray, found: Variations, **settings: Any) -> np.ndarray:
    kinds = Augmentation.model_validate(settings).kinds
    return vary(kinds, tf.constant(x), found.transforms, found.contrasts).numpy()


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", SETTINGS)
def test_tensorflow_and_numpy_make_the_same_images(name, shape):
    x, found = images(shape), drawn(shape, **SETTINGS[name])
    made = by_tensorflow(x, found, **SETTINGS[name])
    np.testing.assert_allclose(made, varied(x, found), atol=TOLERANCE)


@pytest.mark.parametrize("name", SETTINGS)
def test_without_a_compiler_the_images_are_the_same(name, monkeypatch):
    x, found = images((28, 28, 1)), drawn((28, 28, 1), **SETTINGS[name])
    compiled = by_tensorflow(x, found, **SETTINGS[name])
    monkeypatch.setattr(varying, "can_compile", lambda: False)
    np.testing.assert_allclose(by_tensorflow(x, found, **SETTINGS[name]), compiled, atol=TOLERANCE)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", SETTINGS)
def test_transforms_are_what_tensorflows_own_resampling_takes(name, shape):
    settings = {**SETTINGS[name], "contrast": 0}
    x, found = images(shape), drawn(shape, **settings)
    expected = tf.raw_ops.ImageProjectiveTransformV3(
        images=x,
        transforms=found.transforms,
        output_shape=shape[:2],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )
    np.testing.assert_allclose(by_tensorflow(x, found, **settings), expected, atol=TOLERANCE)


class _Draws:
    """What `draw_variations` draws, one column a setting, from 0 to 1."""

    def __init__(self, count: int = COUNT) -> None:
        columns = np.random.default_rng(1).random((count, 7)).astype(np.float32).T
        self.mirror_x, self.mirror_y, self.turn, self.down, self.right = columns[:5]
        self.size, self.contrast = columns[5:]


def keras_transformations(height: int, width: int, settings: dict[str, Any]) -> list[tuple]:
    """Keras's layers in order, each with the draws it is to use."""
    draws, layers = _Draws(), keras.layers

    def around(share: float, column: np.ndarray) -> np.ndarray:
        return share * (2 * column - 1)

    found: list[tuple] = []
    for mode, column in (("horizontal", draws.mirror_x), ("vertical", draws.mirror_y)):
        if settings.get("flip") in (mode, "both"):
            flips = column[:, None, None, None] <= 0.5
            found.append((layers.RandomFlip(mode), {"flips": flips}))
    if share := settings.get("rotation"):
        layer = layers.RandomRotation(share, fill_mode="nearest")
        zeros, ones = np.zeros(COUNT, np.float32), np.ones(COUNT, np.float32)
        matrix = layer._compute_affine_matrix(
            *(0.5, 0.5, 360 * around(share, draws.turn)),
            *(zeros, zeros, ones, zeros, zeros),
            *(height, width),
        )
        found.append((layer, {"rotation_matrix": matrix}))
    if share := settings.get("translation"):
        moved = [width * around(share, draws.right), height * around(share, draws.down)]
        layer = layers.RandomTranslation(share, share, fill_mode="nearest")
        found.append((layer, {"translations": np.stack(moved, axis=1)}))
    if share := settings.get("zoom"):
        zoom = 1 + around(share, draws.size)[:, None]
        layer = layers.RandomZoom(share, fill_mode="nearest")
        found.append((layer, {"height_zoom": zoom, "width_zoom": zoom}))
    if share := settings.get("contrast"):
        factor = 1 + around(share, draws.contrast)[:, None, None, None]
        layer = layers.RandomContrast((share, share), value_range=(0, 1))
        found.append((layer, {"contrast_factor": factor}))
    return found


def by_keras(x: np.ndarray, settings: dict[str, Any]) -> np.ndarray:
    made = tf.constant(x)
    for layer, transformation in keras_transformations(*x.shape[1:3], settings):
        made = layer.transform_images(made, transformation, training=True)
    return np.asarray(made)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("name", [name for name in SETTINGS if name != "all"])
def test_each_kind_is_that_of_the_keras_layer(name, shape):
    x, settings = images(shape), SETTINGS[name]
    made = by_tensorflow(x, drawn(shape, **settings), **settings)
    np.testing.assert_allclose(made, by_keras(x, settings), atol=TOLERANCE)


def test_all_kinds_come_in_the_order_of_the_keras_layers():
    # Keras resamples three times, which blurs and cuts off at the border: on a smooth image, far
    # from the border, that makes little. Another order would be off by 0.3.
    side = 64
    y, x = np.indices((side, side)) / side
    smooth = (np.sin(5 * x) * np.cos(4 * y) + 1) / 2
    batch = np.repeat(smooth[None, ..., None], COUNT, axis=0).astype(np.float32)
    settings = {"flip": "both", "rotation": 0.1, "translation": 0.1, "zoom": 0.2}
    made = by_tensorflow(batch, drawn(batch.shape[1:], **settings), **settings)
    inner = np.s_[:, 24:40, 24:40]
    np.testing.assert_allclose(made[inner], by_keras(batch, settings)[inner], atol=0.01)


def test_flip_twice_gives_the_image_back_to_the_bit():
    settings = {"flip": "both"}
    x, found = images((9, 14, 3)), drawn((9, 14, 3), **settings)
    once = by_tensorflow(x, found, **settings)
    assert not np.array_equal(once, x)
    np.testing.assert_array_equal(by_tensorflow(once, found, **settings), x)


def test_batch_without_variations_is_left_alone():
    x = tf.constant(images((8, 8, 1)))
    assert vary((), x, None, None) is x
