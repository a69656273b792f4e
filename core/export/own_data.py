"""The lines of a script that open somebody's own data, as the Data page gives them to download."""

from __future__ import annotations

from core.experiment import Experiment, OwnData

_SCALERS = {"standard": "StandardScaler", "minmax": "MinMaxScaler", "robust": "RobustScaler"}


def import_lines(experiment: Experiment) -> list[str]:
    """What these lines need beside Keras."""
    scaler = _SCALERS.get(experiment.data.scaler)
    more = [f"from sklearn.preprocessing import {scaler}"] if scaler else []
    return ["import numpy as np", *more]


def loading_lines(experiment: Experiment, own: OwnData) -> list[str]:
    """Open the file and bring its arrays into the form the network is trained with."""
    parts = ("train", "val") if experiment.data.validation_split else ("train",)
    lines = [
        f"# {own.file_name}: on the Data page, beside the title of this dataset, press Download.",
        "# It holds the samples as they are divided for these settings, before they are scaled.",
        f'with np.load("{own.file_name}", allow_pickle=False) as arrays:',
        *(f'    x_{part}, y_{part} = arrays["x_{part}"], arrays["y_{part}"]' for part in parts),
    ]
    names = [f"x_{part}" for part in parts]
    if experiment.data.card.is_image:
        return [*lines, *(f'{name} = {name}.astype("float32") / 255' for name in names)]
    scaler = _SCALERS.get(experiment.data.scaler)
    if scaler is None:
        return lines
    scaled = (f'{name} = scaler.transform({name}).astype("float32")' for name in names)
    return [*lines, f"scaler = {scaler}().fit(x_train)", *scaled]
