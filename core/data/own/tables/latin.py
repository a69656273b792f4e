"""Which of the encodings for Latin letters a text is in, by the letters that its language has."""

from __future__ import annotations

from itertools import pairwise

# The letters of each language beyond ASCII, by the encoding it is usually saved in on Windows.
_LETTERS = {
    "cp1252": (
        "äöüß",
        "àâæçéèêëîïôœùûüÿ",
        "áéíóúüñ",
        "áâãàçéêíóôõúü",
        "àèéìòù",
        "åäöéü",
        "æøåéöü",
        "ëéïöèüáó",
    ),
    "cp1250": ("ąćęłńóśźż", "áčďéěíňóřšťúůýžľĺŕôä", "áéíóöőúüű", "ăâîşţ", "čćđšž"),
    "cp1254": ("çğıiöşüâ",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äõöüšž"),
}
_SAME_LETTERS = {"iso8859_2": "cp1250", "mac_roman": "cp1252", "cp850": "cp1252"}
NAMES = (*_LETTERS, *_SAME_LETTERS)
# Signs that stand beside letters in any language, and those that also stand between two.
_USUAL, _BETWEEN = set("’‘“”„«»°–—…·²³€"), set("’·–—")
_MICRO = "µ"
# Italian has these at the end of words alone; within one, they are another encoding's letters.
_AT_END = set("ìò")


def ranked(sample: bytes) -> list[tuple[str, int]]:
    """The encodings that `sample` decodes in, the likeliest first, each with its odd signs."""
    found = []
    for name in NAMES:
        try:
            found.append((name, _odd(sample.decode(name), _SAME_LETTERS.get(name, name))))
        except UnicodeDecodeError:
            continue
    return sorted(found, key=lambda one: one[1])  # the order of `NAMES` where there are as many


def _odd(text: str, name: str) -> int:
    """How many signs are not of the language that fits best."""
    text = text.replace(_MICRO, "")
    beyond = [sign for sign in text.lower() if not sign.isascii() and sign.isalpha()]
    letters = min(sum(sign not in language for sign in beyond) for language in _LETTERS[name])
    pairs = list(pairwise(text))
    within = sum(one.islower() and two.isupper() and not two.isascii() for one, two in pairs)
    if name == "cp1252":  # Portuguese has õ before e alone
        within += sum(one in _AT_END and two.isalpha() for one, two in pairs)
        within += sum(one == "õ" and two.isalpha() and two != "e" for one, two in pairs)
    return letters + within + sum(map(_is_odd, text, text[1:], text[2:]))


def _is_odd(before: str, sign: str, after: str) -> bool:
    """Whether a sign stands where none is in words."""
    if sign.isascii() or sign.isalpha() or sign.isspace():
        return False
    if sign in _USUAL:
        return before.isalpha() and after.isalpha() and sign not in _BETWEEN
    return before.isalpha() or after.isalpha()
