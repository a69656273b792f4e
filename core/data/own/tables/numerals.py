"""Numbers as people write them: with currencies, per cent, separated thousands, decimal commas."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.data.arrays import Array
from core.data.own.tables import cells

# What separates decimals; with "comma and points", every point separates thousands.
Style = Literal["point", "comma", "comma and points"]
STYLES: tuple[Style, ...] = ("point", "comma", "comma and points")

_NUMBER = r"^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d{1,4})?$"
_CURRENCY = r"(?:[€$£¥₩₹₽₺₴₫฿¢]|R\$|kr|zł|Kč|Fr\.|CHF|EUR|USD|GBP|JPY|KRW|CNY|INR|AUD|CAD|元|円|원)"
_BEFORE, _AFTER = rf"^([-+]?)\s?{_CURRENCY}\s?", rf"\s?(?:%|{_CURRENCY})$"
_IN_BRACKETS = r"^\(([^()]+)\)$"  # of accountants: less than zero
_SPACED = r"^[-+]?\d{1,3}([ '’`]\d{3})+([.,]\d*)?$"
_THOUSANDS = r"^[-+]?\d{1,3}(,\d{2,3})*,\d{3}(\.\d*)?$"
# A single point before three digits may be a decimal one, even where there are commas.
_POINTS = r"^[-+]?\d{1,3}((\.\d{3})+,\d+|(\.\d{3}){2,})$"
_ONLY_POINTS = r"^[-+]?\d{1,3}(\.\d{3})+(,\d*)?$"
_DECIMAL_POINT = r"\.(\d{1,2}|\d{4,})([eE][-+]?\d+)?$"


def as_numbers(array: pa.Array, style: Style = "point") -> Array:
    """float64 (n,), NaN where there is no number; `style` says how texts are read."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if not cells.is_text(array.type):
        if not cells.is_number(array.type):
            return np.full(len(array), np.nan)
        return float64(pc.cast(array, pa.float64(), safe=False))
    texts = cells.as_texts(array)
    if style != "comma and points" and (values := plain(texts)) is not None:
        return values
    return written(tidied(texts), style)


def plain(texts: pa.Array) -> Array | None:
    """float64 (n,) of texts that are all plain numbers, else None."""
    try:
        return float64(pc.cast(texts, pa.float64()))
    except pa.ArrowInvalid:
        return None


def tidied(texts: pa.Array) -> pa.Array:
    """Numbers without currency, per cent, brackets, and what only separates thousands."""
    texts = pc.utf8_normalize(texts, form="NFKC")  # no-break and thin spaces, full-width digits
    texts = pc.replace_substring(texts, "−", "-")
    texts = pc.replace_substring_regex(texts, _IN_BRACKETS, r"-\1")
    texts = pc.replace_substring_regex(texts, _BEFORE, r"\1")
    texts = pc.replace_substring_regex(texts, _AFTER, "")
    spaced = pc.match_substring_regex(texts, _SPACED)
    return pc.if_else(spaced, pc.replace_substring_regex(texts, "[ '’`]", ""), texts)


def written(texts: pa.Array, style: Style) -> Array:
    """float64 (n,) of `tidied` texts, NaN where there is no number."""
    if style == "point":
        grouped = pc.match_substring_regex(texts, _THOUSANDS)
        texts = pc.if_else(grouped, pc.replace_substring(texts, ",", ""), texts)
    else:
        groups = _POINTS if style == "comma" else _ONLY_POINTS
        grouped = pc.match_substring_regex(texts, groups)
        texts = pc.if_else(grouped, pc.replace_substring(texts, ".", ""), texts)
        texts = pc.replace_substring(texts, ",", ".")
    matches = pc.match_substring_regex(texts, _NUMBER)
    return float64(pc.cast(pc.if_else(matches, texts, None), pa.float64()))


def has_grouping_points(texts: pa.Array) -> bool:
    """Whether points surely separate thousands in one of the texts."""
    return bool(pc.any(pc.match_substring_regex(texts, _POINTS)).as_py())


def has_decimal_points(texts: pa.Array) -> bool:
    """Whether a point surely separates decimals in one of the texts."""
    return bool(pc.any(pc.match_substring_regex(texts, _DECIMAL_POINT)).as_py())


def float64(array: pa.Array) -> Array:
    """The numbers of an Arrow array, NaN where there is none."""
    values: Array = np.asarray(array.to_numpy(zero_copy_only=False), np.float64)
    return values
