"""The learning rate by epoch."""

from __future__ import annotations

import pytest

from core.figures import learning_rate_figure, learning_rate_info
from core.figures.learning_rate import LearningRateInfo
from core.records import EpochRecord
from tests.figures.runs import run


def test_info_holds_the_rate_of_each_epoch() -> None:
    info = learning_rate_info(run(loss=[1.0, 1.0]))
    assert info == LearningRateInfo(epochs=(1, 2), rates=(1.0, 0.5), log=False)


@pytest.mark.parametrize(("last", "log"), [(0.2, False), (0.1, True), (0.0, False)])
def test_scale_is_logarithmic_over_a_power_of_ten(last: float, log: bool) -> None:
    records = [EpochRecord(0, {}, 1.0, 1.0), EpochRecord(1, {}, 1.0, last)]
    assert learning_rate_info(records).log == log


def test_empty_figure_says_why() -> None:
    figure = learning_rate_figure(learning_rate_info(()))
    assert figure.layout.annotations[0].text == "No epoch has ended yet"
