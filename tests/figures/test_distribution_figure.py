"""Histograms of input values."""

from __future__ import annotations

import numpy as np
import pytest

from core.figures import distribution_figure, distribution_info
from core.figures.distribution import DistributionInfo, Feature

PIXELS = {"Pixels": (np.array([0.0, 128.0, 256.0]), np.array([3, 1]))}
FEATURES = {"x": ([0.0, 1.0], [4]), "y": ([-2.0, 0.0, 2.0], [1, 1])}


def test_info_holds_the_share_of_values_in_each_bin() -> None:
    assert distribution_info(PIXELS) == DistributionInfo(
        "Pixel value", (Feature("Pixels", (0.0, 128.0, 256.0), (0.75, 0.25)),)
    )


def test_each_feature_keeps_its_own_bins() -> None:
    features = distribution_info(FEATURES, "Value").features
    assert [feature.edges for feature in features] == [(0.0, 1.0), (-2.0, 0.0, 2.0)]


def test_no_values_have_no_shares() -> None:
    assert distribution_info({"x": ([0.0, 1.0], [0])}).features[0].shares == (0.0,)


def test_bars_fill_their_bins() -> None:
    bars = distribution_figure(distribution_info(PIXELS)).data[0]
    assert (bars.x, bars.width) == ((64.0, 192.0), (128.0, 128.0))


@pytest.mark.parametrize(("histograms", "shown"), [(PIXELS, False), (FEATURES, True)])
def test_legend_is_shown_for_several_features(histograms: dict, shown: bool) -> None:
    assert distribution_figure(distribution_info(histograms)).layout.showlegend is shown
