"""Own data whose training part lacks a class: told beside the settings, before training."""

from __future__ import annotations

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from core.experiment import Experiment
from core.ui import platform
from tests.analysis.trained import own

RANDOM = np.random.default_rng(3)


def page(settings: str) -> None:
    from core.experiment import read
    from core.ui import unseen_view

    unseen_view.show(read(settings))


def warnings(monkeypatch, train: list[int], test: list[int]) -> list[str]:
    monkeypatch.setattr(platform, "bring", lambda wanted: None)
    parts = [np.array(train), np.array(test)]
    (x, y), (x_test, y_test) = ((RANDOM.normal(size=(len(part), 2)), part) for part in parts)
    data = own(x, y, x_test, y_test, ("cat", "dog", "*owl*"))
    experiment = Experiment.model_validate({"data": data, "training": {"batch_size": 8}})
    app = AppTest.from_function(page, args=(experiment.model_dump_json(),)).run(timeout=60)
    assert not app.exception
    return [found.value for found in app.warning]


def test_class_that_only_the_test_shows_is_named(monkeypatch):
    [told] = warnings(monkeypatch, [0, 1] * 20, [0, 1, 2, 2])
    assert told.startswith(r"No training sample shows “\*owl\*”, but 2 of 4 test samples do")


@pytest.mark.parametrize("test", [[0, 1, 2], [0, 0, 0]])
def test_classes_that_are_all_trained_on_need_no_word(monkeypatch, test):
    assert warnings(monkeypatch, [0, 1, 2] * 20, test) == []
