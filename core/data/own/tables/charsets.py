"""The character encoding of a text file: found by what its bytes can mean, told, and decoded."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from core.data.own.names import counted
from core.data.own.tables import asian, latin

UTF_8 = "utf-8"
# Those that people meet, by Python's names. The first of two that fit equally well is taken.
TITLES = {
    UTF_8: "UTF-8",
    "cp1252": "Western European (Windows-1252)",
    "cp949": "Korean (CP949, EUC-KR)",
    "gb18030": "Simplified Chinese (GBK, GB18030)",
    "cp932": "Japanese (Shift-JIS)",
    "euc_jp": "Japanese (EUC-JP)",
    "big5hkscs": "Traditional Chinese (Big5)",
    "cp1250": "Central European (Windows-1250)",
    "iso8859_2": "Central European (ISO 8859-2)",
    "cp1251": "Cyrillic (Windows-1251)",
    "koi8_r": "Cyrillic (KOI8-R)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "cp1255": "Hebrew (Windows-1255)",
    "cp1256": "Arabic (Windows-1256)",
    "cp1257": "Baltic (Windows-1257)",
    "cp1258": "Vietnamese (Windows-1258)",
    "cp874": "Thai (Windows-874)",
    "mac_roman": "Western European (Mac Roman)",
    "cp850": "Western European (DOS, CP850)",
    "iso2022_jp": "Japanese (ISO-2022-JP)",
    "utf-16-le": "UTF-16, little-endian",
    "utf-16-be": "UTF-16, big-endian",
    "utf-32": "UTF-32",
}
# By byte order marks, the longest first.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, UTF_8),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_PIECE_BYTES = 2**20
_SAMPLE_BYTES = 32 * 2**10
_LIKE = 0.03  # chaos of charset-normalizer that differs by less says nothing


@dataclass(frozen=True)
class Charset:
    """An encoding by Python's name, and those that might be meant as well."""

    name: str
    rivals: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Its name for people."""
        return TITLES[self.name]


def found(path: Path) -> Charset | None:
    """The encoding of the file at `path`; None if it holds what is no text."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    for mark, name in _MARKS:
        if start.startswith(mark):
            return Charset(name) if _broken(path, name) is not None else None
    if b"\0" in start:
        wide = without_mark(start)
        return Charset(wide) if wide and _broken(path, wide) == 0 else None
    if start.isascii() and (b"\x1b$B" in start or b"\x1b$@" in start):
        return Charset("iso2022_jp")
    broken = _broken(path, UTF_8)
    if broken is None:
        return None
    sample = _unusual_lines(path)
    whole = sample.decode(errors="ignore")
    if broken == 0 or broken * 10 < sum(not sign.isascii() for sign in whole):
        return Charset(UTF_8)
    return _guessed(path, sample)


def may_be_wide(start: bytes) -> bool:
    """Whether these first bytes of a file, in which there are zeros, may be UTF-16 or UTF-32."""
    marked = any(start.startswith(mark) for mark, name in _MARKS if name != UTF_8)
    return marked or without_mark(start) is not None


def without_mark(start: bytes) -> str | None:
    """UTF-16 of one byte order or the other, by every other byte's being zero in many places."""
    pairs = len(start) // 2
    low, high = start[0 : 2 * pairs : 2].count(0), start[1 : 2 * pairs : 2].count(0)
    if high * 20 >= pairs and low * 4 < high:
        return "utf-16-le"
    return "utf-16-be" if low * 20 >= pairs and high * 4 < low else None


def decoded(path: Path, name: str, target: Path) -> str:
    """Write the file at `path` to `target` in UTF-8; what there is to tell of it, or nothing."""
    lost = 0
    with target.open("w", encoding="utf-8", newline="") as file:
        for index, text in enumerate(_texts(path, name)):
            lost += text.count("\ufffd")
            file.write(text.removeprefix("\ufeff") if not index else text)
    if not lost:
        return ""
    return f"{counted(lost, 'sign')} could not be read in {TITLES[name]}, and stand as “\ufffd”."


def is_plain(path: Path, name: str) -> bool:
    """Whether the file can be read as it is: UTF-8 without anything broken."""
    return name == UTF_8 and _broken(path, UTF_8) == 0


def _guessed(path: Path, sample: bytes) -> Charset | None:
    singles = [name for name in TITLES if not name.startswith(("utf", "iso2022"))]
    near = _near(path, sample, singles)
    odd = dict(latin.ranked(sample))
    if _alone(sample) > 0.7 or (near and near[0] in odd and not set(near).difference(odd)):
        fewest = min(odd.values(), default=0)
        near = [*(name for name in odd if odd[name] <= fewest), *near]
    elif set(near).difference(odd):  # words of Latin letters have few of theirs in a row
        near = [name for name in near if name not in odd]
    if near and near[0] in asian.NAMES:
        near.sort(key=lambda name: asian.rare(sample, name) if name in asian.NAMES else 1.0)
    fitting = [name for name in dict.fromkeys([*near, *singles]) if _broken(path, name) == 0]
    if not fitting:
        return None
    chosen = fitting[0]
    text = sample.decode(chosen)
    rivals = [
        name for name in fitting[1:] if name in near and sample.decode(name, "replace") != text
    ]
    return Charset(chosen, tuple(rivals))


def _near(path: Path, sample: bytes, names: list[str]) -> list[str]:
    """The encodings that charset-normalizer finds as likely as the likeliest."""
    from charset_normalizer import from_bytes  # noqa: PLC0415  # slow, and most are UTF-8

    matches = list(from_bytes(sample, cp_isolation=names, enable_fallback=False))
    return [
        one.encoding
        for one in matches
        if one.encoding in names and one.chaos <= matches[0].chaos + _LIKE
    ]


def _alone(sample: bytes) -> float:
    """Of the bytes beyond ASCII, the share that stand alone between others."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", sample)]
    return runs.count(1) / sum(runs)


def _broken(path: Path, name: str) -> int | None:
    """How many places cannot be decoded; None if it holds zeros, so that it is no text."""
    broken = 0
    for text in _texts(path, name):
        if "\0" in text:
            return None
        broken += text.count("\ufffd")
    return broken


def _texts(path: Path, name: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(name)("replace")
    with path.open("rb") as file:
        while piece := file.read(_PIECE_BYTES):
            yield decoder.decode(piece)
    yield decoder.decode(b"", final=True)


def _unusual_lines(path: Path) -> bytes:
    """The first lines with bytes beyond ASCII, from anywhere in the file."""
    lines, size = [], 0
    with path.open("rb") as file:
        while size < _SAMPLE_BYTES and (line := file.readline(_SAMPLE_BYTES)):
            if not line.isascii():
                lines.append(line)
                size += len(line)
    return b"".join(lines)
