"""The room stays light, since the process that serves pages imports it too."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import core.data

ROOT = Path(core.data.__file__).parents[2]
HEAVY = ("tensorflow", "keras", "sklearn", "scipy", "pandas")
LOOKING_AT_DATA = f"""
import sys
from core.data import class_counts, is_local, raw_data, steps, value_histogram
from core.experiment import Data
data = Data(dataset="digits")
is_local("fashion_mnist"), raw_data(data, 0), steps(data, 0, True), class_counts(data, 0)
value_histogram(data, 0)
print([name for name in {HEAVY} if name in sys.modules])
"""


def test_looking_at_data_imports_nothing_heavy():
    done = subprocess.run(
        [sys.executable, "-c", LOOKING_AT_DATA], cwd=ROOT, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == "[]"


def test_public_names_are_those_written_down():
    assert core.data.__all__ == sorted(core.data.__all__)
    assert set(core.data.__all__) == {
        "ArrayFacts",
        "ClassCounts",
        "ClassMeans",
        "ConstantLosses",
        "Dataset",
        "DownloadProgress",
        "Duplicates",
        "Histogram",
        "Neighbours",
        "OnDownload",
        "RawData",
        "Split",
        "Step",
        "TargetScale",
        "Variations",
        "best_possible",
        "choosable",
        "class_counts",
        "class_means",
        "constant_losses",
        "correlation",
        "download_bytes",
        "draw_variations",
        "duplicates",
        "examples",
        "fetch",
        "instead_of",
        "is_local",
        "load",
        "neighbours",
        "one_hot",
        "out_of_reach",
        "preparing",
        "raw_data",
        "reachable",
        "rescale",
        "split",
        "steps",
        "target_scale",
        "texts",
        "token_counts",
        "value_histogram",
        "varied",
        "warm_scaling",
    }


def test_every_public_name_exists():
    assert all(hasattr(core.data, name) for name in core.data.__all__)
