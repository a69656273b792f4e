"""The lines of a script that bring loaded samples into the form the network is trained with."""

from __future__ import annotations

from core.experiment import Experiment
from core.export import loading

_SCALERS = {"standard": "StandardScaler", "minmax": "MinMaxScaler", "robust": "RobustScaler"}
_UNKNOWN = 2  # the token of rare words, as in Keras's sets of texts


def scaler(experiment: Experiment) -> str | None:
    """The scaler's name in scikit-learn, if features are scaled."""
    return _SCALERS.get(experiment.data.scaler)


def import_lines(experiment: Experiment) -> list[str]:
    """What the lines need beside Keras."""
    if experiment.data.card.is_text:
        return ["import numpy as np"]
    kind = scaler(experiment)
    return [f"from sklearn.preprocessing import {kind}"] if kind else []


def lines(experiment: Experiment) -> list[str]:
    """Scale the samples of every part, or cut texts to their last tokens."""
    card, kind = experiment.data.card, scaler(experiment)
    names = [f"x_{part}" for part in loading.parts(experiment)]
    if card.is_text:
        length, known = experiment.input_shape[0], experiment.data.vocabulary
        cut = [f"{name} = {name}[:, -{length}:]" for name in names]
        return [
            *cut,
            *(f"{name} = np.where({name} < {known}, {name}, {_UNKNOWN})" for name in names),
        ]
    if card.value_range:
        low, high = card.value_range
        shifted = '({name}.astype("float32") - {low:g})' if low else '{name}.astype("float32")'
        return [f"{name} = {shifted.format(name=name, low=low)} / {high - low:g}" for name in names]
    if kind is None:
        return [f'{name} = {name}.astype("float32")' for name in names]
    scaled = (f'{name} = scaler.transform({name}).astype("float32")' for name in names)
    return [f"scaler = {kind}().fit(x_train)", *scaled]
