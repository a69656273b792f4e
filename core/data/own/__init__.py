"""Visitors' own files: looked at and converted into arrays by a confined process."""

from core.data.own.facts import (
    ArraysChoices,
    ArraysLook,
    Choices,
    Column,
    Converted,
    ImageChoices,
    ImagesLook,
    ImagesPreview,
    ImagesReading,
    Kind,
    Look,
    OwnFacts,
    TableChoices,
    TableLook,
)
from core.data.own.kinds import ENDINGS, kind_of
from core.data.own.limits import ReadLimits
from core.data.own.parts import ARRAYS, content_key
from core.data.own.process import Conversion, look, start

__all__ = [
    "ARRAYS",
    "ENDINGS",
    "ArraysChoices",
    "ArraysLook",
    "Choices",
    "Column",
    "Conversion",
    "Converted",
    "ImageChoices",
    "ImagesLook",
    "ImagesPreview",
    "ImagesReading",
    "Kind",
    "Look",
    "OwnFacts",
    "ReadLimits",
    "TableChoices",
    "TableLook",
    "content_key",
    "kind_of",
    "look",
    "start",
]
