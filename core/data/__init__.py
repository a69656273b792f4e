"""Datasets by name: arrays with shapes and classes, their split, preparation and overview."""

from core.data.arrays import Dataset, RawData, Split
from core.data.augmentation import Variations, draw_variations, varied
from core.data.download import DownloadProgress, OnDownload
from core.data.overview import (
    ClassCounts,
    Histogram,
    class_counts,
    correlation,
    examples,
    value_histogram,
)
from core.data.preparation import load, one_hot, preparing, rescale
from core.data.registry import download_bytes, fetch, is_local, raw_data
from core.data.repeats import Duplicates, duplicates
from core.data.splits import split
from core.data.walkthrough import ArrayFacts, Step, steps

__all__ = [
    "ArrayFacts",
    "ClassCounts",
    "Dataset",
    "DownloadProgress",
    "Duplicates",
    "Histogram",
    "OnDownload",
    "RawData",
    "Split",
    "Step",
    "Variations",
    "class_counts",
    "correlation",
    "download_bytes",
    "draw_variations",
    "duplicates",
    "examples",
    "fetch",
    "is_local",
    "load",
    "one_hot",
    "preparing",
    "raw_data",
    "rescale",
    "split",
    "steps",
    "value_histogram",
    "varied",
]
