"""Which of the encodings for Chinese, Japanese and Korean a text is in, by its everyday signs."""

from __future__ import annotations

# For each encoding, one that orders its signs by how common they are, and the first bytes there
# of kana, of Hangul, and of the ideographs of the first level, those in everyday use.
_EVERYDAY = {
    "cp949": ("euc_kr", (0xB0, 0xC8)),
    "gb18030": ("gb2312", (0xB0, 0xD7)),
    "cp932": ("euc_jp", (0xB0, 0xCF)),
    "euc_jp": ("euc_jp", (0xB0, 0xCF)),
    "big5hkscs": ("big5", (0xA4, 0xC6)),
}
_KANA = (0xA4, 0xA5)  # in euc_jp
NAMES = tuple(_EVERYDAY)


def rare(sample: bytes, name: str) -> float:
    """Of the signs beyond ASCII in a text, the share that is not in everyday use."""
    ordered, (low, high) = _EVERYDAY[name]
    signs = [sign for sign in sample.decode(name, "replace") if not sign.isascii()]
    letters = [sign for sign in signs if sign.isalpha() or sign == "\ufffd"]
    found = 0
    for sign in letters:
        first = (sign.encode(ordered, "ignore") or b"\0")[0]
        everyday = low <= first <= high or (ordered == "euc_jp" and first in _KANA)
        found += not everyday
    return found / len(letters) if letters else 1.0
