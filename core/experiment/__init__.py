"""What to train: the `Experiment` and its parts, presets, and the checks that guard it."""

from core.experiment.advice import advise
from core.experiment.augmentation import Augmentation
from core.experiment.card import DatasetCard
from core.experiment.data import SCALING_TITLES, TARGET_SCALING_TITLES, Data
from core.experiment.datasets import DATASETS, DEFAULT_DATASET
from core.experiment.experiment import MAX_PARAMETERS, Experiment
from core.experiment.models import CNN, MLP, Custom, TextNetwork
from core.experiment.own import OwnData, clean_title
from core.experiment.reading import read
from core.experiment.training import Training

__all__ = [
    "CNN",
    "DATASETS",
    "DEFAULT_DATASET",
    "MAX_PARAMETERS",
    "MLP",
    "SCALING_TITLES",
    "TARGET_SCALING_TITLES",
    "Augmentation",
    "Custom",
    "Data",
    "DatasetCard",
    "Experiment",
    "OwnData",
    "TextNetwork",
    "Training",
    "advise",
    "clean_title",
    "read",
]
