"""Samples on the plane."""

from __future__ import annotations

import numpy as np

from core.figures import points_figure, points_info
from core.figures.points import MOST_DOTS, Dots, PointsInfo
from core.figures.theme import color, symbol

POINTS = np.array([[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]])
CLASSES = ("Inner", "Outer")


def test_info_groups_points_by_split_and_class() -> None:
    samples = {"validation": (POINTS[:1], [1]), "train": (POINTS, [0, 1, 0])}
    assert points_info(samples, CLASSES) == PointsInfo(
        groups=(
            Dots("train", 0, (0.0, 4.0), (1.0, 5.0)),
            Dots("train", 1, (2.0,), (3.0,)),
            Dots("validation", 1, (0.0,), (1.0,)),
        ),
        class_names=CLASSES,
        axis_names=("x", "y"),
    )


def test_numbers_are_kept_with_their_points() -> None:
    info = points_info({"train": (POINTS, [[1.0], [2.0], [3.0]])}, ())
    assert info.groups == (Dots("train", None, (0.0, 2.0, 4.0), (1.0, 3.0, 5.0), (1.0, 2.0, 3.0)),)


def test_many_points_are_thinned_to_what_can_be_seen() -> None:
    points = np.zeros((20_000, 2))
    info = points_info({"train": (points, np.zeros(20_000))}, ("Only",))
    assert len(info.groups[0].x) == MOST_DOTS


def test_classes_differ_in_colour_and_symbol() -> None:
    figure = points_figure(points_info({"train": (POINTS, [0, 1, 0])}, CLASSES))
    looks = [(trace.marker.color, trace.marker.symbol) for trace in figure.data[:2]]
    assert looks == [(color(0), symbol(0)), (color(1), symbol(1))]


def test_held_back_samples_are_hollow() -> None:
    samples = {split: (POINTS, [0, 0, 0]) for split in ("train", "validation", "test")}
    figure = points_figure(points_info(samples, ("Only",)))
    symbols = [trace.marker.symbol for trace in figure.data[:3]]
    assert symbols == ["circle", "circle-open", "circle-open-dot"]


def test_samples_of_the_only_split_are_filled() -> None:
    figure = points_figure(points_info({"test": (POINTS, [0, 0, 0])}, ("Only",)))
    assert figure.data[0].marker.symbol == "circle"


def test_legend_explains_classes_and_splits_once() -> None:
    samples = {split: (POINTS, [0, 1, 0]) for split in ("train", "validation")}
    figure = points_figure(points_info(samples, CLASSES))
    named = [trace.name for trace in figure.data if trace.showlegend is None]
    assert named == ["Inner", "Outer", "Train", "Validation"]


def test_plane_is_not_stretched() -> None:
    assert points_figure(points_info({}, CLASSES)).layout.yaxis.scaleanchor == "x"
