"""Datasets by name: arrays with shapes and classes, their split, preparation and overview."""

from core.data.arrays import Dataset, RawData, Split
from core.data.attainable import best_possible
from core.data.augmentation import Variations, draw_variations, varied
from core.data.download import DownloadProgress, OnDownload
from core.data.likeness import ClassMeans, Neighbours, choosable, class_means, neighbours
from core.data.overview import (
    ClassCounts,
    Histogram,
    class_counts,
    correlation,
    examples,
    value_histogram,
)
from core.data.preparation import load, one_hot, preparing, rescale
from core.data.reach import out_of_reach, reachable
from core.data.registry import (
    download_bytes,
    fetch,
    instead_of,
    is_local,
    raw_data,
    texts,
)
from core.data.repeats import Duplicates, duplicates
from core.data.scaling import warm as warm_scaling
from core.data.splits import split
from core.data.target_scaling import ConstantLosses, TargetScale, constant_losses, target_scale
from core.data.text import lengths as token_counts
from core.data.walkthrough import ArrayFacts, Step, steps

__all__ = [
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
]
