"""The script of an experiment on own data runs by itself, beside the file it names."""

from __future__ import annotations

import numpy as np
import pytest

from core.experiment import Experiment
from core.export import keras_script

TABLE = {
    "key": "0a" * 32,
    "title": "Flowers",
    "kind": "table",
    "task": "classification",
    "shape": (3,),
    "classes": ("no", "yes"),
    "features": ("a", "b", "c"),
    "train_size": 80,
    "test_size": 20,
}
IMAGES = {**TABLE, "kind": "images", "shape": (8, 8, 3), "features": (), "value_range": (0, 255)}
RANDOM = np.random.default_rng(3)


def run(facts, tmp_path, monkeypatch, **data):
    """The names the script leaves, run where its file lies."""
    settings = {"dataset": "own", "own": facts, **data}
    experiment = Experiment.model_validate(
        {"data": settings, "training": {"epochs": 1, "batch_size": 16}}
    )
    arrays = {}
    for part, count in (("train", 64), ("val", 16), ("test", 20)):
        x = RANDOM.integers(0, 256, (count, *facts["shape"]))
        arrays[f"x_{part}"] = x.astype(np.uint8 if "value_range" in facts else np.float32)
        arrays[f"y_{part}"] = np.arange(count) % 2
    np.savez(tmp_path / "own-0a0a0a0a.npz", **arrays)
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(compile(keras_script(experiment), "script.py", "exec"), names)
    return names, arrays


@pytest.mark.parametrize("validation_split", [0.0, 0.2])
def test_script_of_a_table_trains_on_scaled_features(tmp_path, monkeypatch, validation_split):
    names, _ = run(TABLE, tmp_path, monkeypatch, validation_split=validation_split)
    assert len(names["history"].history["loss"]) == 1
    np.testing.assert_allclose(names["x_train"].mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(names["x_train"].std(axis=0), 1, atol=1e-5)


def test_script_of_images_trains_on_numbers_from_0_to_1(tmp_path, monkeypatch):
    names, arrays = run(IMAGES, tmp_path, monkeypatch)
    np.testing.assert_allclose(names["x_val"], arrays["x_val"] / 255, rtol=1e-6)
    assert names["x_val"].dtype == np.float32


def test_script_without_scaling_leaves_features_as_they_are(tmp_path, monkeypatch):
    names, arrays = run(TABLE, tmp_path, monkeypatch, scaling="none")
    np.testing.assert_array_equal(names["x_train"], arrays["x_train"])


def test_script_says_where_to_get_its_file():
    own = {"data": {"dataset": "own", "own": TABLE}}
    script = keras_script(Experiment.model_validate(own))
    assert "# own-0a0a0a0a.npz: press Download data beside this code, or on the Data page" in script


def test_script_of_another_dataset_loads_no_file():
    digits = Experiment.model_validate({"data": {"dataset": "digits"}})
    assert "np.load" not in keras_script(digits)


def test_script_without_its_file_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    script = keras_script(Experiment.model_validate({"data": {"dataset": "own", "own": TABLE}}))
    with pytest.raises(SystemExit, match=r"Put own-0a0a0a0a\.npz into"):
        exec(compile(script, "script.py", "exec"), {})
