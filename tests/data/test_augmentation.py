"""What is drawn for each image, and what it makes of it, by properties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from core.data import draw_variations, varied
from core.experiment import Augmentation

SHAPE = (21, 31, 1)
MANY = 4_000


def drawn(count: int = MANY, seed: int = 0, **settings: Any):
    augmentation = Augmentation.model_validate(settings)
    return draw_variations(augmentation, SHAPE, count, np.random.default_rng(seed))


def dot(x: int, y: int, count: int) -> np.ndarray:
    """A soft dot, so that its middle can be found between pixels."""
    rows, columns = np.indices(SHAPE[:2])
    spot = np.exp(-((columns - x) ** 2 + (rows - y) ** 2) / 8)
    return np.repeat(spot[None, ..., None], count, axis=0).astype(np.float32)


def middle(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean place (x, y) of each image's light."""
    rows, columns = np.indices(SHAPE[:2])
    light = images[..., 0] / images[..., 0].sum(axis=(1, 2), keepdims=True)
    return (light * columns).sum(axis=(1, 2)), (light * rows).sum(axis=(1, 2))


def test_nothing_on_leaves_images_as_they_are_to_the_bit():
    x = np.random.default_rng(3).random((5, *SHAPE), dtype=np.float32)
    found = drawn(5)
    np.testing.assert_array_equal(found.contrasts, 1)
    np.testing.assert_array_equal(found.transforms, [[1, 0, 0, 0, 1, 0, 0, 0]] * 5)
    np.testing.assert_allclose(varied(x, found), x, atol=1e-7)


def test_translation_moves_light_by_its_share_of_width_and_height_at_most():
    found = drawn(300, translation=0.2)
    x, y = middle(varied(dot(15, 10, 300), found))
    assert np.abs(x - 15).max() == pytest.approx(0.2 * 31, rel=0.05)
    assert np.abs(y - 10).max() == pytest.approx(0.2 * 21, rel=0.05)
    np.testing.assert_allclose(x - 15, -found.transforms[:, 2], atol=0.15)


def test_positive_angle_turns_counter_clockwise_and_up_to_the_share():
    found = drawn(300, rotation=0.25)
    x, y = middle(varied(dot(22, 10, 300), found))
    angles = np.degrees(np.arctan2(10 - y, x - 15))  # y counts downwards
    drawn_angles = np.degrees(np.arctan2(found.transforms[:, 3], found.transforms[:, 0]))
    np.testing.assert_allclose(angles, drawn_angles, atol=3)
    assert 85 < np.abs(angles).max() <= 92


def test_zoom_above_one_makes_smaller():
    found = drawn(300, zoom=0.4)
    x, _ = middle(varied(dot(20, 10, 300), found))
    np.testing.assert_allclose((x - 15) * found.transforms[:, 0], 5, atol=0.15)
    assert found.transforms[:, 0].min() == pytest.approx(0.6, abs=0.01)
    assert found.transforms[:, 0].max() == pytest.approx(1.4, abs=0.01)


@pytest.mark.parametrize(
    ("flip", "shares"), [("horizontal", (0.5, 0)), ("vertical", (0, 0.5)), ("both", (0.5, 0.5))]
)
def test_half_of_the_images_are_mirrored(flip, shares):
    transforms = drawn(flip=flip).transforms
    found = (transforms[:, [0, 4]] < 0).mean(axis=0)
    np.testing.assert_allclose(found, shares, atol=0.03)


def test_both_mirrorings_are_drawn_apart():
    mirrored = drawn(flip="both").transforms[:, [0, 4]] < 0
    assert (mirrored[:, 0] & mirrored[:, 1]).mean() == pytest.approx(0.25, abs=0.03)


def test_contrast_keeps_the_mean_and_the_range():
    x = (0.4 + 0.2 * np.random.default_rng(3).random((50, *SHAPE))).astype(np.float32)
    made = varied(x, drawn(50, contrast=0.5))
    np.testing.assert_allclose(made.mean(axis=(1, 2)), x.mean(axis=(1, 2)), atol=1e-5)
    assert made.std() != pytest.approx(x.std(), rel=1e-3)
    strong = varied(np.round(x), drawn(50, contrast=1))
    assert strong.min() >= 0
    assert strong.max() <= 1


def test_outside_of_an_image_is_its_nearest_pixel():
    x = np.full((20, *SHAPE), 0.7, np.float32)
    settings = {"rotation": 0.5, "translation": 0.5, "zoom": 0.5}
    np.testing.assert_allclose(varied(x, drawn(20, **settings)), 0.7, atol=1e-6)


@pytest.mark.parametrize("other", [{"contrast": 0.5}, {"flip": "both"}, {"rotation": 0.1}])
def test_turning_another_kind_on_does_not_change_what_one_draws(other):
    zoomed, both = drawn(20, zoom=0.3), drawn(20, zoom=0.3, **other)
    sizes = [np.linalg.norm(one.transforms[:, [0, 1]], axis=1) for one in (zoomed, both)]
    np.testing.assert_allclose(*sizes, rtol=1e-6)


def test_the_first_of_many_are_those_of_few():
    np.testing.assert_array_equal(
        drawn(100, rotation=0.1).transforms[:10], drawn(10, rotation=0.1).transforms
    )
