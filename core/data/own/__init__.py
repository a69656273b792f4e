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
    TableFound,
    TableLook,
    TableReading,
)
from core.data.own.kinds import ENDINGS, kind_of
from core.data.own.limits import ReadLimits
from core.data.own.parts import ARRAYS, content_key
from core.data.own.process import Conversion, look, start
from core.data.own.tables.charsets import TITLES as ENCODINGS

__all__ = [
    "ARRAYS",
    "ENCODINGS",
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
    "TableFound",
    "TableLook",
    "TableReading",
    "content_key",
    "kind_of",
    "look",
    "start",
]
