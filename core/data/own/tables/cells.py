"""The cells of a column as texts, and the words that stand in them where there is no value."""

from __future__ import annotations

from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

_LONGEST = 200
# Where there is no value in any column.
MISSING = frozenset(
    [
        *("", "NA", "N/A", "n/a", "na", "NaN", "nan", "NAN", "null", "NULL", "Null", "None"),
        *("<NA>", "N.A.", "N.A", "n.a.", "n.a", "#N/A", "#NA", "#DIV/0!", "#VALUE!", "#REF!"),
        *("#NUM!", "#NAME?", "#NULL!", "#N/A N/A", "#ERROR!", "-nan", "-NaN", "1.#QNAN"),
        *("-1.#IND", "\\N", "(null)", "?", "??", "-", "--", "---", "–", "—", ".", "..", "..."),
        *("NaT", "(blank)"),
        *(sign + word for sign in ("", "+", "-") for word in ("inf", "Inf", "INF", "Infinity")),
    ]
)
# Where there is no value in a column of numbers; elsewhere they may be one of several kinds.
NO_NUMBERS = frozenset(
    [
        *("unknown", "unk", "missing", "none", "nil", "not available", "not applicable", "error"),
        *("undefined", "not recorded", "no data", "nodata", "n/d", "nd", "n.d.", "nr", "tbd"),
        *("tba", "invalid", "empty", "blank", "x", "*", "**", "/", "inconnu", "unbekannt"),
        *("fehlt", "desconocido", "없음", "결측", "未知", "缺失", "不明", "нет данных"),
    ]
)


def as_texts(array: pa.Array, kept: frozenset[str] = frozenset()) -> pa.Array:
    """The values as trimmed texts, null where there is none; long ones are cut.

    Words of `MISSING` count as none, unless they are `kept`.
    """
    texts = as_written(array)
    missing = pc.is_in(texts, _missing_but(kept))
    return pc.if_else(missing, pa.scalar(None, pa.string()), texts)


@lru_cache(maxsize=16)
def _missing_but(kept: frozenset[str]) -> pa.Array:
    """Made when first needed: pyarrow imports pandas for it, which serving pages does not need."""
    return pa.array(sorted(MISSING - kept), pa.string())


def as_written(array: pa.Array) -> pa.Array:
    """The values as trimmed texts with whatever stands in them; long ones are cut."""
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if not (is_text(kind) or is_number(kind) or pa.types.is_date(kind) or pa.types.is_time(kind)):
        if not pa.types.is_timestamp(kind):
            return pa.nulls(len(array), pa.string())
        array = pc.cast(array, pa.timestamp("s"), safe=False)
    if pa.types.is_decimal(kind):
        array = pc.cast(array, pa.float64(), safe=False)
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_finite(array), array, pa.scalar(None, array.type))
    texts = pc.utf8_trim_whitespace(pc.cast(array, pa.string()))
    return pc.utf8_slice_codeunits(texts, 0, _LONGEST)


def is_number(kind: pa.DataType) -> bool:
    """Whether values of this type are numbers."""
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_boolean(kind)
    )


def is_text(kind: pa.DataType) -> bool:
    """Whether values of this type are texts."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )
