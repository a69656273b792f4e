"""Metric names and axes as people read them."""

from __future__ import annotations

import pytest

from core.figures import metric_title
from core.figures.metrics import epoch_axis, metric_axis, written


@pytest.mark.parametrize(
    ("metric", "title"),
    [
        ("loss", "Loss"),
        ("val_loss", "Loss"),
        ("macro_f1", "F1 (macro)"),
        ("val_mae", "Mean absolute error"),
        ("top_k", "Top k"),
    ],
)
def test_metric_is_titled_in_plain_words(metric: str, title: str) -> None:
    assert metric_title(metric) == title


@pytest.mark.parametrize(
    ("metric", "value", "text"), [("accuracy", 0.8754, "87.5 %"), ("loss", 0.31234, "0.312")]
)
def test_scores_are_written_in_percent_and_errors_as_they_are(
    metric: str, value: float, text: str
) -> None:
    assert written(metric, value) == text


@pytest.mark.parametrize(
    ("last", "step"), [(0, 1), (1, 1), (12, 1), (13, 2), (60, 5), (300, 50), (1000, 100)]
)
def test_epochs_are_marked_at_whole_steps(last: int, step: int) -> None:
    assert epoch_axis(last)["dtick"] == step


@pytest.mark.parametrize("last", [1, 20, 1000])
def test_epoch_axis_holds_every_epoch_but_not_zero(last: int) -> None:
    start, end = epoch_axis(last)["range"]
    assert 0 < start < 1 <= last < end


def test_logarithmic_axis_is_asked_for_by_name() -> None:
    assert metric_axis("loss", log=True)["type"] == "log"
