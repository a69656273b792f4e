"""How far features go together."""

from __future__ import annotations

from core.figures import correlation_figure, correlation_info
from core.figures.correlation import CorrelationInfo

INFO = correlation_info(("a", "b"), [[1, -0.5], [-0.5, 1]])


def test_info_holds_names_and_rows() -> None:
    assert CorrelationInfo(("a", "b"), ((1.0, -0.5), (-0.5, 1.0))) == INFO


def test_colors_mean_the_same_in_every_figure() -> None:
    heatmap = correlation_figure(INFO).data[0]
    assert (heatmap.zmin, heatmap.zmax) == (-1, 1)


def test_first_feature_stands_at_the_top() -> None:
    assert correlation_figure(INFO).layout.yaxis.autorange == "reversed"


def test_numbers_stand_only_in_cells_they_fit_into() -> None:
    names = [f"feature {number}" for number in range(30)]
    many = correlation_info(names, [[0.5] * 30] * 30)
    assert correlation_figure(INFO).data[0].texttemplate
    assert not correlation_figure(many).data[0].texttemplate
