"""Three channels, a hundred classes: the script of a run on CIFAR-100 gives its history."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from core import data
from core.data import cifar, registry
from core.experiment import DATASETS, Experiment
from core.export import network_script
from core.training import train
from tests.data.conftest import cifar_files, packed

NAME = "cifar100_fine"


@pytest.fixture
def small_set(tmp_path, monkeypatch):
    """An archive of the true format, with 500 and 100 images, in Keras's cache."""
    monkeypatch.setenv("EPOCHSCOPE_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("KERAS_HOME", str(tmp_path / "keras"))
    monkeypatch.setitem(DATASETS, NAME, replace(DATASETS[NAME], train_size=500, test_size=100))
    published = cifar.PUBLISHED[NAME]
    published.cache.mkdir(parents=True)
    [file] = published.sizes
    (published.cache / file).write_bytes(packed(cifar_files("cifar100")))
    registry.forget()
    yield
    registry.forget()


@pytest.mark.usefixtures("small_set")
def test_script_gives_the_history_of_a_run():
    one = Experiment.model_validate(
        {
            "data": {"dataset": NAME},
            "model": {"kind": "cnn", "filters": 2, "blocks": 1, "dense_dropout": 0, "dropout": 0},
            "training": {"epochs": 2, "shuffle": False},
        }
    )
    samples = data.load(one.data, one.seed)
    names: dict[str, Any] = {
        "keras": keras,
        "x_train": samples.x_train,
        "y_train": samples.y_train,
        "x_val": samples.x_validation,
        "y_val": samples.y_validation,
    }
    exec(network_script(one), names)
    expected = train(one)
    assert expected.model.output_shape == (None, 100)
    for metric, values in names["history"].history.items():
        np.testing.assert_allclose(values, expected.history[metric], rtol=1e-4, err_msg=metric)
