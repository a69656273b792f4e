"""What the pages show as code runs when pasted: alone, in a new process, in an empty folder."""

from __future__ import annotations

import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from core.data.packing import pack
from core.experiment import DATASETS, Experiment
from core.experiment.presets import PRESETS
from core.export import file_name, keras_script, loop_script, tf_data_script
from core.training import train
from tests.experiment.random_experiments import random_experiments

# Those a script has without a network: of scikit-learn, drawn, or in a file beside it.
HERE = {
    "fashion_mnist_10k": {"validation_split": 0.1, "label_noise": 0.3},
    "digits": {"label_noise": 0.5},
    "iris": {"scaling": "none"},
    "wine": {"scaling": "robust", "validation_split": 0},
    "breast_cancer": {"scaling": "minmax", "training_samples": 200},
    "diabetes": {"target_scaling": "standard"},
    "novels": {"vocabulary_size": 300, "sequence_length": 20},
    "moons": {"label_noise": 0.1},
    "circles": {"noise": 0},
    "spirals": {"training_samples": 100, "scaling": "standard"},
    "xor": {},
    "gaussians": {},
    "plane": {"validation_split": 0},
}
# Runs one script after the other, each with names of its own.
RUNNER = """
import sys
from pathlib import Path
for path in sorted(Path.cwd().glob("*.py")):
    names = {"__name__": "__main__"}
    exec(compile(path.read_text(), path.name, "exec"), names)
    if "history" in names:
        loss = names["history"].history["loss"]
        assert len(loss) == 1 and loss[0] == loss[0], path.name
        print(path.name, len(names["x_train"]), len(names["x_test"]), *names["x_train"].shape[1:])
    elif "losses" in names:
        assert len(names["losses"]) == 1 and names["losses"][0] == names["losses"][0], path.name
        print(path.name)
    else:
        for part in ("train", "validation", "test"):
            for _ in names.get(part, ()):
                pass
        print(path.name)
"""


def experiment(name: str, **settings: Any) -> Experiment:
    kind = "text" if DATASETS[name].is_text else "mlp"
    return Experiment.model_validate(
        {
            "data": {"dataset": name, **settings},
            "model": {"kind": kind},
            "training": {"epochs": 1, "batch_size": 64},
        }
    )


def put_file(one: Experiment, folder: Path) -> None:
    """The file the page offers beside the code, if it offers one."""
    if name := file_name(one):
        buffer = BytesIO()
        pack(one.data, one.seed, buffer)
        (folder / name).write_bytes(buffer.getvalue())


@pytest.fixture(scope="module")
def said(tmp_path_factory) -> dict[str, list[str]]:
    """What a new Python says of each script: its name, counts of samples, shape of one."""
    folder = tmp_path_factory.mktemp("pasted")
    for name, settings in HERE.items():
        one = experiment(name, **settings)
        put_file(one, folder)
        (folder / f"{name}.py").write_text(keras_script(one), "utf-8")
        (folder / f"{name}-batches.py").write_text(tf_data_script(one), "utf-8")
        if program := loop_script(one):
            (folder / f"{name}-loop.py").write_text(program, "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        cwd=folder,
        env={"PATH": "", "HOME": str(folder), "KERAS_BACKEND": "tensorflow"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [line.split() for line in done.stdout.splitlines() if ".py" in line.split(" ")[0]]
    return {line[0].removesuffix(".py"): line[1:] for line in lines}


@pytest.mark.parametrize("name", HERE)
def test_keras_code_trains_on_as_many_samples_as_the_run(said, name):
    one = experiment(name, **HERE[name])
    counts = [one.data.train_count, one.data.card.test_size, *one.input_shape]
    assert [int(word) for word in said[name]] == counts


@pytest.mark.parametrize("name", HERE)
def test_tf_data_code_makes_its_batches(said, name):
    assert said[f"{name}-batches"] == []


@pytest.mark.parametrize("name", [name for name in HERE if name != "diabetes"])
def test_loop_by_hand_trains(said, name):
    assert said[f"{name}-loop"] == []


def test_loop_by_hand_gives_the_losses_of_a_run(tmp_path, monkeypatch, capsys):
    settings = {"kind": "mlp", "units": 8, "dropout": 0, "l2": 0.01}
    training = {"epochs": 2, "batch_size": 64, "shuffle": False, "loop": "tape"}
    one = Experiment.model_validate(
        {"data": {"dataset": "fashion_mnist_10k"}, "model": settings, "training": training}
    )
    put_file(one, tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(loop_script(one), "loop.py", "exec"), names)
    expected = train(one).history
    assert names["losses"] == pytest.approx(expected["loss"], rel=1e-5)
    assert f"validation loss {expected['val_loss'][-1]:.4f}" in capsys.readouterr().out


def undefined(script: str, tmp_path: Path) -> str:
    """What Pyflakes' rules say of a script, as ruff has them: undefined and unused names."""
    file = tmp_path / "script.py"
    file.write_text(script, "utf-8")
    ruff = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "F", "--quiet"]
    return subprocess.run([*ruff, str(file)], capture_output=True, text=True, check=False).stdout


def test_no_script_of_a_dataset_uses_a_name_it_has_not_defined(tmp_path):
    for name in DATASETS:
        one = experiment(name)
        for script in (keras_script(one), tf_data_script(one)):
            assert undefined(script, tmp_path) == ""


def test_no_script_of_a_preset_uses_a_name_it_has_not_defined(tmp_path):
    for one in PRESETS.values():
        assert undefined(keras_script(one), tmp_path) == ""


def test_no_script_of_a_random_experiment_uses_a_name_it_has_not_defined(tmp_path):
    for one in random_experiments(15, seed=600):
        assert undefined(keras_script(one), tmp_path) == ""
        assert undefined(tf_data_script(one), tmp_path) == ""
        assert undefined(loop_script(one) or "", tmp_path) == ""


def test_file_beside_the_code_holds_the_samples_of_the_run(tmp_path):
    one = experiment("fashion_mnist_10k")
    put_file(one, tmp_path)
    with np.load(tmp_path / "fashion_mnist_10k.npz", allow_pickle=False) as arrays:
        assert arrays["x_train"].shape == (one.data.train_count, 28, 28, 1)
        assert arrays["x_val"].shape == (one.data.validation_count, 28, 28, 1)
